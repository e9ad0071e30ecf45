"""What a return may not hold: bad input of every kind that is known, and what tells of a child."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from sightline.access.models import AuditEvent, User
from sightline.identifiers import Kind as Identifier
from sightline.record_reading import return_checks, return_uploads, returning
from sightline.record_reading.models import Round, Snapshot
from sightline.uploads import files
from sightline.uploads.blank import blank_workbook
from sightline.uploads.models import Upload, UploadFault
from tests.factories.partnerships import LocalityFactory
from tests.factories.record_reading import RoundFactory
from tests.record_reading import returns

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def lead(db: None, settings: Any, tmp_path: Path) -> User:
    """Who sends; files of a test are its own."""
    settings.SIGHTLINE_STATE = tmp_path / "state"
    return returns.runner()


@pytest.fixture
def round(lead: User) -> Round:
    """A round of the area's own with totals of three children."""
    return returns.total(lead, RoundFactory(area=returns.AREA), 3)


def changed(number: int, **over: Any) -> list[list[Any]]:
    """Three good rows, of which one is changed."""
    return [returns.row(n, **(over if n == number else {})) for n in (1, 2, 3)]


# What tells of a child.

PLANTED = {
    "a name as a reference": {"reference": "Isla Macdonald"},
    "a surname as a reference": {"reference": "Macdonald"},
    "a CHI number as a reference": {"reference": "0101101234"},
    "a CHI number in groups": {"reference": "010110 1234"},
    "a date of birth as a reference": {"reference": "12/03/2014"},
    "a date of birth as an age band": {"age_band": "12/03/2014"},
    "a date of birth as a locality": {"locality": "2014-03-12"},
    "a date of birth in words": {"care_type": "12 March 2014"},
    "a date of birth as a date of the concern": {"concern_on": "2014-03-12"},
    "a date of birth, two figures of the year": {"family": "12/03/14"},
    "a postcode as a locality": {"locality": "KY1 2AB"},
    "an address as a locality": {"locality": "12 Mill Street"},
    "a name of a worker": {"teams": "Mrs Oyelaran"},
    "a surname as a sibling group": {"family": "Macdonald family"},
    "an e-mail address": {"teams": "isla.macdonald@example.org"},
    "a phone number": {"locality": "07700 900123"},
}


def _chi() -> str:
    """A number that passes as a CHI number."""
    from sightline.identifiers.numbers import is_chi

    return next(f"120314{tail:04d}" for tail in range(10_000) if is_chi(f"120314{tail:04d}"))


@pytest.mark.parametrize("what", PLANTED)
def test_what_tells_of_a_child_is_caught_and_nothing_is_kept(
    what: str, lead: User, round: Round
) -> None:
    over = dict(PLANTED[what])
    if "CHI" in what:
        chi = _chi()
        over["reference"] = f"{chi[:6]} {chi[6:]}" if "groups" in what else chi
    (planted,) = over.values()
    upload = returns.send(lead, round, returns.as_csv(changed(2, **over)))
    assert upload.state == "quarantined"
    (name,) = over
    letter = "ABCDEFGHIJKLM"[list(returns.FACTS).index(name)]
    assert f"{letter}3" in [place for place, _ in upload.result["places"]]
    assert upload.file_name == "(name not kept)"
    assert upload.sha256 == ""
    assert not files.path_of(upload.pk).exists()
    assert not UploadFault.objects.filter(upload=upload).exists()
    assert planted not in str(upload.result)
    assert not Snapshot.objects.filter(round=round).exists()
    trail = " ".join(f"{one.reason} {one.before} {one.after}" for one in AuditEvent.objects.all())
    assert planted not in trail


def test_a_number_kept_as_a_number_is_caught_too(lead: User, round: Round) -> None:
    chi = _chi()
    book = returns.as_xlsx(changed(2, reference=int(chi)))
    upload = returns.send(lead, round, returns.saved(book), "return.xlsx")
    assert [place for place, _ in upload.result["places"]] == ["A3"]


def test_a_column_that_is_not_asked_for_is_searched(lead: User, round: Round) -> None:
    lines = [[*line, "Isla"] for line in returns.rows(3)]
    upload = returns.send(lead, round, returns.as_csv(lines, (*returns.TITLES, "Forename")))
    assert upload.state == "quarantined"


def test_notes_and_other_sheets_are_searched(lead: User, round: Round) -> None:
    book = returns.as_xlsx(returns.rows(3))
    book.create_sheet("Working").append(["Mother", "Mrs Isla Macdonald"])
    upload = returns.send(lead, round, returns.saved(book), "return.xlsx")
    assert upload.state == "quarantined"
    book = returns.as_xlsx(returns.rows(3))
    book.worksheets[0]["A2"].comment = Comment("This is Isla Macdonald", "somebody")
    upload = returns.send(lead, round, returns.saved(book), "return.xlsx")
    assert upload.state == "quarantined"


def test_a_good_return_is_not_taken_for_one_that_tells(lead: User, round: Round) -> None:
    good = [
        returns.row(1, locality="Kirkcaldy", family="F1", concern_on="2026-05-04"),
        returns.row(2, locality="Kirkcaldy", family="F1", care_type="Foster care", age_band="<1"),
        returns.row(3, locality="Levenmouth", teams="Children and Families Team East; Hospital "
                    "team", agencies="Police; Education; Social work; Health"),
    ]  # fmt: skip
    upload = returns.send(lead, round, returns.as_csv(good))
    assert (upload.state, upload.good) == ("checked", 3), upload.result


@pytest.mark.parametrize(
    ("name", "cell", "kind"),
    [
        ("concern_on", dt.date(2026, 5, 4), None),
        ("concern_on", dt.date(2018, 5, 4), Identifier.DATE_OF_BIRTH),
        ("concern_on", dt.date(1990, 5, 4), None),  # outside what is possible; held back
        ("concern_on", dt.datetime(2014, 5, 4), Identifier.DATE_OF_BIRTH),
        ("reference", dt.date(2014, 5, 4), Identifier.DATE_OF_BIRTH),
        ("reference", dt.date(2030, 5, 4), None),
        ("teams", "05/25/2014", Identifier.DATE_OF_BIRTH),  # the month first
        ("reference", "99/99/2014", None),
        ("", "4 May 2014", Identifier.DATE_OF_BIRTH),
        ("age_band", dt.date(2026, 10, 5), None),  # a spreadsheet program made it of 5-10
        ("age_band", dt.date(2015, 11, 1), None),  # and this of 11-15
        ("age_band", dt.date(2014, 10, 5), Identifier.DATE_OF_BIRTH),
        ("reference", "SG-0001", None),
        ("reference", 17, None),
        ("reference", "1234567890", None),
        ("family", "F12", None),
        ("family", "Family B", None),
        ("reference", "Total", None),
        ("reference", "Morag", Identifier.NAME),
        ("teams", "East team", None),
    ],
)
def test_cells_that_tell(name: str, cell: object, kind: Identifier | None) -> None:
    assert return_checks.tells(name, cell, today=TODAY) is kind


# Bad input.

WRONG = {
    "one reference twice": ({"reference": "sg-0001"}, "This reference is in the file twice"),
    "no reference": ({"reference": ""}, "“Reference” is empty"),
    "an unknown stratum": ({"stratum": "attic"}, "“Stratum” is not one we know"),
    "an unknown agency": (
        {"agencies": "social-work; bakery"}, "“Agencies that hold records” has one we do not know",
    ),
    "an age band that became a date": ({"age_band": "05-Oct"}, "“Age band” is not one we know"),
    "a date that could be two": (
        {"concern_on": "04/03/2026"}, "“Date of the concern” could be two dates",
    ),
    "a date with the year in two figures": (
        {"concern_on": "21/04/26"}, "“Date of the concern” has a year of two figures",
    ),
    "a date that is none": ({"concern_on": "soon"}, "“Date of the concern” is not a date"),
    "a day that is not": (
        {"concern_on": "2026-02-30"}, "“Date of the concern” is not a real date",
    ),
    "a day to come": (
        {"concern_on": "2095-01-01"}, "“Date of the concern” is outside what is possible",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_row_that_cannot_be_used_holds_the_whole_file_back(
    what: str, lead: User, round: Round
) -> None:
    over, words = WRONG[what]
    upload = returns.send(lead, round, returns.as_csv(changed(2, **over)))
    assert returns.said(upload) == [words]
    assert (upload.state, upload.held_back, upload.added) == ("checked", 1, 0)
    # What stood there is not repeated.
    assert {group["sent"] for group in upload.result["groups"]} <= {"", "(not shown)"}
    assert upload.result["unknown"] == {}


def test_five_styles_of_date_are_read_or_named(lead: User, round: Round) -> None:
    lines = [
        returns.row(n, concern_on=written)
        for n, written in enumerate(
            ("2026-03-31", "31/03/2026", "31 March 2026", "31st Mar 2026", "31.03.2026"), 1
        )
    ]
    returns.total(lead, round, 5)
    returns.taken(lead, round, returns.as_csv(lines))
    snapshot = returning.latest(round)
    assert snapshot is not None
    assert {row["concern_on"] for row in snapshot.rows} == {"2026-03-31"}


def test_merged_cells(lead: User, round: Round) -> None:
    book = returns.as_xlsx(returns.rows(3))
    book.worksheets[0].merge_cells("B2:B4")
    upload = returns.send(lead, round, returns.saved(book), "return.xlsx")
    assert "Cells are merged, so nobody can tell which row the value is of" in returns.said(upload)
    assert (upload.good, upload.added) == (0, 0)


def test_the_wrong_sheet(lead: User, round: Round) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Notes about the return"])
    upload = returns.send(lead, round, returns.saved(book), "return.xlsx")
    assert (upload.state, returns.said(upload)) == (
        "refused", ["No row has the names of the columns"],
    )  # fmt: skip
    assert "“Reference”" in upload.result["groups"][0]["expected"]


def template_of(round: Round) -> Workbook:
    """The empty workbook of a round, as somebody downloads it."""
    kind = return_uploads.KIND.sent_by(return_uploads.scope_of(round))
    return load_workbook(io.BytesIO(blank_workbook(kind)))


PLACES = ("Lower Garry and the Coast", "The Isles", "Upper Garry")


@pytest.fixture
def localities(lead: User) -> None:
    """Localities of the area, one called after a river that is a first name too."""
    for name in PLACES:
        LocalityFactory(partnership=returns.AREA, name=name)


@pytest.mark.usefixtures("localities")
def test_the_template_filled_in_is_a_good_return(lead: User, round: Round) -> None:
    book = template_of(round)
    assert "Garry" in str(book["What each column takes"]["B9"].value)
    teams = ("Garry East team", "Kirkton team; Upper Garry", "Practice team north")
    for number, (place, team) in enumerate(zip(PLACES, teams, strict=True), start=1):
        book.worksheets[0].append(returns.row(number, locality=place, teams=team))
    upload = returns.send(lead, round, returns.saved(book), "return.xlsx")
    assert (upload.state, upload.good) == ("checked", 3), upload.result


@pytest.mark.usefixtures("localities")
@pytest.mark.parametrize("cell", ["B9", "D9", "F2", "A20"])
def test_a_name_on_a_sheet_of_the_template_is_found(lead: User, round: Round, cell: str) -> None:
    book = template_of(round)
    for line in returns.rows(3, locality=PLACES[0]):
        book.worksheets[0].append(line)
    book["What each column takes"][cell] = "as Kayleigh Munro told us"
    upload = returns.send(lead, round, returns.saved(book), "return.xlsx")
    assert upload.result["places"] == [[f"{cell} of sheet 2", "a name"]]


@pytest.mark.usefixtures("localities")
def test_names_of_people_among_teams_and_localities_are_found(lead: User, round: Round) -> None:
    lines = [
        returns.row(1, locality=PLACES[0], teams="Kayleigh Munro"),
        returns.row(2, locality=PLACES[0], teams="Garry East team; Kayleigh Munro"),
        returns.row(3, locality="Kayleigh Munro"),
        returns.row(4, locality="Lower Garry"),  # no locality of the area, and nobody's name
    ]
    upload = returns.send(lead, round, returns.as_csv(lines))
    assert [place for place, _ in upload.result["places"]] == ["M2", "M3", "H4"]
    upload = returns.send(lead, round, returns.as_csv(lines[3:]))
    assert (upload.state, returns.said(upload)) == ("checked", ["“Locality” is not one we know"])


def test_look_again(lead: User, round: Round) -> None:
    lines = [
        returns.row(1, lead_agency="police"),
        returns.row(2, family="F1"),
        returns.row(3, care_type="aftercare"),
    ]
    upload = returns.send(lead, round, returns.as_csv(lines))
    assert sorted(returns.said(upload)) == [
        "A sibling group of one child",
        "Aftercare for somebody under 16",
        "The lead agency is not among those that hold records",
    ]
    assert (upload.state, upload.good, upload.look_again) == ("checked", 3, 3)


def test_a_family_larger_than_any(lead: User, round: Round) -> None:
    returns.total(lead, round, 14)
    upload = returns.send(lead, round, returns.as_csv(returns.rows(14, family="yes")))
    assert returns.said(upload) == ["A sibling group of more than 12 children"]
    none = returns.send(lead, round, returns.as_csv(returns.rows(14, family="n/a")))
    assert returns.said(none) == []


def test_more_rows_than_any_area_has(
    lead: User, round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(return_checks, "MOST_ROWS", 2)
    upload = returns.send(lead, round, returns.as_csv(returns.rows(3)))
    assert upload.state == "refused"
    assert "The return has more than 2 rows" in returns.said(upload)


def test_an_upload_that_is_the_same_gives_no_second_version(lead: User, round: Round) -> None:
    returns.taken(lead, round, returns.as_csv(returns.rows(3)))
    assert Upload.objects.count() == 1
    again = returns.send(lead, round, returns.as_csv(returns.rows(3)))
    assert Upload.objects.count() == 1
    assert again.state == "committed"
