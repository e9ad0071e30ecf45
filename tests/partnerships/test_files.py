"""Files of reference data: recognised, read, and refused with the line."""

import pytest

from sightline.kernel.errors import BadInput, Faults
from sightline.partnerships import files
from sightline.partnerships.datasets import dataset, datasets
from sightline.partnerships.queries import find
from tests.partnerships.places_made import PEOPLE, RANKS, written

KINDS = {RANKS: "invented-deprivation", PEOPLE: "invented-population"}


@pytest.fixture(autouse=True)
def _demonstration(settings):
    settings.SIGHTLINE_DEMONSTRATION = True


def read(path, name):
    return files.read(path, dataset(KINDS[name]), find_council=lambda text: find(text).code)


def put(row, column, text):
    return lambda rows: rows[row].__setitem__(column, text)


def each(*changes):
    return lambda rows: [change(rows) for change in changes]


def test_a_file_in_order_is_read_whole(tmp_path):
    ranks = read(written(tmp_path, RANKS), RANKS)
    assert (ranks.rows, len(ranks.zones), len(ranks.ranks)) == (12, 12, 12)
    assert ranks.zones[0].partnership == "strathgarry"
    assert (ranks.zones[0].line, ranks.zones[0].code) == (2, "S01999001")
    people = read(written(tmp_path, PEOPLE), PEOPLE)
    assert (people.rows, len(people.people)) == (36, 24)
    assert {row.sex for row in people.people} == {"female", "male"}
    assert len(people.sha256) == 64


def test_a_byte_order_mark_floats_commas_and_blank_lines_do_no_harm(tmp_path):
    path = written(tmp_path, RANKS, each(put(1, 3, "1000.0"), put(2, 3, '"1,234"')))
    text = path.read_text(encoding="utf-8")
    path.write_text(
        "\ufeff" + text.replace("\n", "\r\n") + "\r\n\r\n", encoding="utf-8", newline=""
    )
    table = read(path, RANKS)
    assert [row.people for row in table.ranks[:2]] == [1000, 1234]
    assert files.recognise(path, datasets()).code == "invented-deprivation"


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        (RANKS, lambda rows: rows.pop(), "it has 11 rows, and invented-deprivation has 12"),
        (RANKS, put(2, 0, "S01999001"), "line 3: S01999001 is on line 2 too. Keep one."),
        (RANKS, put(2, 0, "S0199900"), "line 3: 'S0199900' is no code of a data zone"),
        (RANKS, put(2, 0, "S02999001"), "line 3: 'S02999001' is no code of a data zone"),
        (RANKS, put(2, 2, "Atlantis"), "line 3: No partnership is called 'Atlantis'"),
        (RANKS, put(2, 5, "13"), "line 3: rank 13 is outside 1 to 12"),
        (RANKS, put(2, 5, "0"), "rank 0 is outside 1 to 12"),
        (RANKS, put(2, 5, "x"), "line 3: 'x' is not a number that can stand here"),
        (RANKS, put(2, 3, "12.5"), "line 3: '12.5' is not a number"),
        (RANKS, put(2, 3, "-4"), "line 3: '-4' is not a number"),
        (RANKS, put(2, 3, "inf"), "is not a number that can stand here"),
        (RANKS, lambda rows: rows[2].append("x"), "line 3: 7 cells under 6 headings"),
        (
            RANKS,
            lambda rows: rows[2].__setitem__(5, rows[1][5]),
            "belongs to S01999001 already. Each zone has a rank of its own.",
        ),
        (PEOPLE, put(1, 2, "Everyone"), "line 2: the sex 'Everyone' is not one of All, Female"),
        (PEOPLE, put(1, 1, "1"), "line 2: the ages come to"),
        (PEOPLE, lambda rows: rows[3].__setitem__(2, "Female"), "for female is on line 3"),
        (
            PEOPLE,
            each(lambda r: r[1].__setitem__(3, str(int(r[1][3]) + 1)),
                 lambda r: r[1].__setitem__(4, str(int(r[1][4]) - 1))),
            "S01999001: females and males do not add up to everybody",
        ),
        (
            PEOPLE,
            each(lambda r: r[1].__setitem__(3, str(int(r[1][3]) + 1)),
                 lambda r: r[1].__setitem__(1, str(int(r[1][1]) + 1))),
            "S01999001: females and males do not add up to everybody",
        ),
        (PEOPLE, lambda rows: rows.pop(), "S01999012 has no row for male"),
        (
            PEOPLE,
            lambda rows: [row.__setitem__(0, "S01999001") for row in rows[4:7]],
            "is on line 2 too",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_line(tmp_path, name, change, message):
    path = written(tmp_path, name, change)
    with pytest.raises(Faults) as refusal:
        read(path, name)
    assert message in str(refusal.value)


def test_one_zone_more_and_one_less_is_refused(tmp_path):
    def thirteen_rows_of_eleven_zones(rows):
        for row in rows[34:37]:
            row[0] = "S01999099"

    table = read(written(tmp_path, PEOPLE, thirteen_rows_of_eleven_zones), PEOPLE)
    assert "S01999099" in table.places  # whether there is such a zone is for the load to say


def test_a_file_of_another_size_of_people_is_of_another_vintage(tmp_path):
    def doubled(rows):
        for row in rows[1:]:
            row[1], row[3:] = str(2 * int(row[1])), [str(2 * int(n)) for n in row[3:]]

    with pytest.raises(Faults, match="Check that it is this vintage"):
        read(written(tmp_path, PEOPLE, doubled), PEOPLE)


def test_many_faults_are_counted_after_the_first(tmp_path):
    def none_is_a_zone(rows):
        for row in rows[1:]:
            row[0] = "zone"

    with pytest.raises(Faults) as refusal:
        read(written(tmp_path, PEOPLE, none_is_a_zone), PEOPLE)
    assert len(refusal.value.faults) == files.MOST_FAULTS + 1
    assert "and 6 more. Mend these first." in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no dataset known here: its columns begin nothing"),
        (b"a,b,c\n1,2,3\n", "its columns begin a, b, c. Known are: "),
        (b"PK\x03\x04rest", "is a workbook; save its sheet of data as CSV"),
        (b"\xd0\xcf\x11\xe0rest", "is a workbook"),
        (b"zone,\xff\n", "byte 5 is not UTF-8"),
        (b'zone,"open\n', "it is not CSV"),
    ],
)
def test_what_is_no_such_file_is_refused(tmp_path, content, message):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput) as refusal:
        files.recognise(path, datasets())
    assert message in str(refusal.value)


def test_a_path_without_a_file_and_a_file_too_large_are_refused(tmp_path, monkeypatch):
    with pytest.raises(BadInput, match="is not a file; give the path"):
        files.header_of(tmp_path / "none.csv")
    monkeypatch.setattr(files, "LARGEST", 10)
    with pytest.raises(BadInput, match="larger than"):
        files.header_of(written(tmp_path, RANKS))


def test_a_file_that_fits_several_is_told_apart_by_its_name_or_asked_about(tmp_path):
    one = dataset("invented-population")
    other = one.model_copy(update={"code": "invented-later", "file_names": ("mid2026",)})
    path = written(tmp_path, PEOPLE)
    with pytest.raises(BadInput, match=r"could be any of: invented-population, invented-later\."):
        files.recognise(path, [one, other])
    assert files.recognise(path, [one, other], "invented-later") is other
    named = path.rename(tmp_path / "MID2026.csv")
    assert files.recognise(named, [one, other]) is other


def test_a_file_said_to_be_what_it_is_not_is_refused(tmp_path):
    with pytest.raises(BadInput, match="is not invented-population: its columns begin Data_Zone"):
        files.recognise(written(tmp_path, RANKS), datasets(), "invented-population")
    with pytest.raises(BadInput, match="and no columns of ages"):
        read(written(tmp_path, PEOPLE).rename(tmp_path / RANKS), RANKS)


def test_councils_are_known_by_code_and_name_together(tmp_path):
    councils = dataset("population-councils-2022")
    ages = [str(n) for n in range(90)] + ["90 and over"]
    header = ["ltla19_name", "ltla19_code", "sex", "all_ages", *ages]
    row = ["Na h-Eileanan an Iar", "S12000013", "Persons", "91", *(["1"] * 91)]
    wrong = ["Fife", "S12000013", "Persons", "91", *(["1"] * 91)]
    path = tmp_path / "councils.csv"
    path.write_text("\n".join(",".join(r) for r in (header, row, wrong)), encoding="utf-8")
    with pytest.raises(Faults) as refusal:
        files.read(path, councils, find_council=lambda text: find(text).code)
    assert "line 3: S12000013 is not the code of Fife." in str(refusal.value)
    assert "it has 2 rows, and population-councils-2022 has 32" in str(refusal.value)
    assert "line 2" not in str(refusal.value)
