"""`sightline stats suppress`: a table in long form, its margins and hierarchies, and its faults."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

S2 = """area,care,count
North,Kin,14
North,Foster,9
North,Resid,3
South,Kin,11
South,Foster,8
South,Resid,6
East,Kin,10
East,Foster,12
East,Resid,7
"""


@pytest.fixture
def file(tmp_path):
    def write(text, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def suppress(*arguments):
    out = StringIO()
    call_command("stats_suppress", *arguments, stdout=out)
    return out.getvalue()


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        suppress(*arguments)
    assert left.value.code == 3
    return capsys.readouterr().err


def cells(*arguments):
    rows = json.loads(suppress(*arguments, "--format", "json"))["rows"]
    return {tuple(row[:-1]): row[-1] for row in rows}


def test_s2_from_a_file(file):
    path = file(S2 + ",,80\n\n")
    found = cells(path)
    assert {key for key, text in found.items() if text == "[c]"} == {
        ("North", "Foster"), ("North", "Resid"), ("South", "Foster"), ("South", "Resid")
    }  # fmt: skip
    said = suppress(path)
    assert "North  Resid   [c]" in said
    assert "all    all     80" in said
    assert "4 hidden, as few as possible" in said
    record = json.loads(suppress(path, "--format", "json"))["record"]
    assert (record["method"], record["secondary_n"]) == ("optimal", 3)


def test_profile_margins_and_the_stricter_threshold(file):
    path = file(S2)
    assert "3" in cells(path, "--profile", "operational").values()
    inner = cells(path, "--margins", "area+care")
    assert [text for text in inner.values() if text == "[c]"] == ["[c]"]
    assert ("", "") in cells(path, "--margins", "area", "--margins", "total")
    assert list(cells(path, "--sensitive").values()).count("[c]") > 4
    assert "fallback" in suppress(path, "--seconds", "0")
    alone = file("care,count\nKin,0\nFoster,4\n")
    assert "Too few people to show by category." in suppress(alone)


def test_a_hierarchy_and_families(file):
    areas = file("category,inside\nleven,fife\ncupar,fife\n\n", "areas.csv")
    path = file("area,count,families\nleven,3,2\ncupar,20,\nmoray,30,12\nfife,23,\n")
    found = cells(path, "--hierarchy", f"area={areas}")
    assert found == {
        ("",): "53", ("cupar",): "[c]", ("fife",): "23", ("leven",): "[c]", ("moray",): "30"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: the header is missing"),
        ("area,care\n", "one named count"),
        ("count\n3\n", "one column for each dimension"),
        ("a,a,count\n", "with a name of its own"),
        ("a,count\n", "there is no row. Give one for each cell"),
        ("a,count\nx,3\nx,4\n", "line 3: x stands in line 2 already. Add their counts up"),
        ("a,count\nx\n", "line 2: 1 cells under 2 columns"),
        ("a,count\nx,-3\n", "line 2, column count: '-3' is no whole number of 0 or more"),
        ("a,count\nx,2.5\n", "'2.5' is no whole number"),
        ("a,count,families\nx,3,b\n", "column families: 'b' is no whole number"),
        ("a,count\nx,3\ny,4\n,8\n", "line 4, column count: table: the total of all is given as 8 "
         "but its parts add up to 7, 1 less"),
        ("a,b,count\nx,u,3\ny,v,4\n", "the count of x, v is missing"),
        ("a,count,families\nx,3,4\n", "line 2, column count: table: x has 3 people and 4 families"),
        (b"a,count\n\xff,3\n", "no CSV file in UTF-8"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(file, capsys, text, said):
    assert said in refused(capsys, file(text))


def test_other_things_that_are_wrong(file, capsys):
    path = file(S2)
    assert "cannot be read" in refused(capsys, "nowhere.csv")
    with pytest.raises(SystemExit) as left:
        suppress(path, "--profile", "no-such")
    assert left.value.code == 7
    assert "no-such" in capsys.readouterr().err
    assert "sex is no dimension" in refused(capsys, path, "--margins", "sex")
    assert "give it as DIMENSION=FILE" in refused(capsys, path, "--hierarchy", "areas.csv")
    good = file("category,inside\nNorth,Here\n", "areas.csv")
    assert "has no column of that name" in refused(capsys, path, "--hierarchy", f"sex={good}")
    for text, said in (
        ("a,b\n", "the two columns category and inside"),
        ("category,inside\nNorth\n", "line 2: give a category"),
        ("category,inside\nNorth,Here\nNorth,There\n", "line 3, column category: North"),
        ("category,inside\nNorth,Here\nHere,North\n", "is inside itself"),
    ):
        bad = file(text, "areas.csv")
        assert said in refused(capsys, path, "--hierarchy", f"area={bad}")


@pytest.mark.parametrize("seconds", ["nan", "-1"])
def test_a_time_that_is_none_is_refused(file, capsys, seconds):
    said = refused(capsys, file(S2), f"--seconds={seconds}")
    assert "--seconds is" in said
