"""Finding in tables: headers, values, whole columns, what is allowed, and how long it takes."""

import datetime as dt
import random

import pytest

from sightline.identifiers import Kind, look_at_columns
from tests.identifiers import made

TODAY = dt.date(2025, 6, 1)


def column(header, values, **options):
    found = look_at_columns([header], ([value] for value in values), today=TODAY, **options)
    return [(one.row, one.kind) for one in found]


@pytest.mark.parametrize(
    ("header", "value", "kind"),
    [
        ("DOB", dt.date(2012, 3, 4), Kind.DATE_OF_BIRTH),
        ("Date of birth", dt.datetime(2012, 3, 4), Kind.DATE_OF_BIRTH),
        ("dateOfBirth", "2012-03-04", Kind.DATE_OF_BIRTH),
        ("Born", "4 March 2012", Kind.DATE_OF_BIRTH),
        ("D.O.B.", 41000, Kind.DATE_OF_BIRTH),
        ("CHI", 101010000, Kind.CHI),
        ("CHI no", "010101 0001", Kind.CHI),
        ("NHS number", 4_000_000_000, Kind.NHS),
        ("Telephone", 7700900123.0, Kind.PHONE),
        ("SCN", "123456789", Kind.CANDIDATE),
        ("Patient ID", "M4412", Kind.NUMBER),
        ("Forename", "Xanthe", Kind.NAME),
        ("Child’s name", "Quist, Xanthe", Kind.NAME),
        ("social_worker_name", "Xanthe Quist", Kind.NAME),
        ("Home address", "The Bothy 3, by Loch", Kind.ADDRESS),
        ("Notes", "seen with Mrs Quist", Kind.NAME),
        ("Contact", "ring 07700 900123", Kind.PHONE),
    ],
)
def test_header_and_value_are_read_together(header, value, kind):
    assert column(header, [value]) == [(1, kind)]


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Forename", "Not known"),
        ("Forename", "-"),
        ("Forename", "C-0012"),
        ("Surname", "A"),
        ("Area name", "South Lanarkshire"),
        ("Year of birth", "2012"),
        ("DOB", "unknown"),
        ("DOB", 12),
        ("DOB", "31/02/2012"),
        ("CHI", "yes"),
        ("CHI supplied", True),
        ("Telephone", "0800 1111"),
        ("Number of phone calls", 1234567890),
        ("Home address", "Hamilton"),
        ("Age", 9),
        ("Rate", 0.25),
        ("Rate", float("nan")),
        ("Rate", float("inf")),
        ("Data zone", "S01012345"),
        ("Reference", "SL-2024-00417"),
        ("Date of referral", dt.date(2019, 3, 4)),
        ("When", "04/03/2019"),
        ("Cost", "£1,250"),
        ("Empty", ""),
        ("Empty", None),
        ("Object", object),
    ],
)
def test_what_is_left_alone(header, value):
    assert column(header, [value]) == []


def test_numbers_that_lost_their_nought_are_known_by_their_column():
    rng = random.Random(3)  # noqa: S311 (not a secret)
    chis = [int(made.chi(rng)) for _ in range(20)]
    assert column("ref", [*chis, 12]) == [(row, Kind.CHI) for row in range(1, 21)]
    phones = [7700900000 + n for n in range(20)]
    assert {kind for _, kind in column("ref", phones)} == {Kind.PHONE}
    # Made by no rule, some pass a check by chance; the column as a whole does not.
    assert column("ref", [rng.randrange(10**9, 10**10) for _ in range(400)]) == []
    assert column("ref", [str(rng.randrange(4 * 10**9, 7 * 10**9)) for _ in range(400)]) == []


def test_nhs_numbers_are_known_by_their_column():
    rng = random.Random(4)  # noqa: S311 (not a secret)
    assert {kind for _, kind in column("x", [made.nhs(rng) for _ in range(30)])} == {Kind.NHS}


def test_a_column_of_dates_over_many_years_is_of_births_unless_its_header_says_otherwise():
    births = [dt.date(2005 + n % 15, 1 + n % 12, 1 + n % 28) for n in range(40)]
    assert len(column("Child", births)) == 40
    assert column("Child", [str(day) for day in births]) != []
    assert column("Review date", births) == []
    assert column("Child", births[:2]) == []
    assert column("Child", [dt.date(2024, 1, 1 + n % 28) for n in range(40)]) == []
    assert column("Child", [dt.date(1950, 1, 1 + n % 28) for n in range(40)]) == []


def test_a_column_of_surnames_is_known_as_a_whole_and_one_of_places_is_not():
    surnames = ["Quigley", "Traynor", "Hope", "Grace", "Young", "Black"]
    assert len(column("x", surnames)) == 6
    assert column("x", ["Douglas", "Hamilton", "Keith", "Lewis", "Stirling", "Gordon"]) == []
    assert column("x", ["Young", "Black"] * 5) == []
    assert column("x", [*surnames, *("kinship", "foster", "residential") * 5]) == []


def test_what_is_allowed_is_not_found_and_the_rest_is():
    rows = [("Mrs Quist", "07700 900123")]
    header = ["Chair", "Chair"]
    everything = look_at_columns(header, rows)
    assert [(one.column, one.kind) for one in everything] == [(0, Kind.NAME), (1, Kind.PHONE)]
    rest = look_at_columns(header, rows, allowed={"chair": {Kind.NAME}})
    assert [one.kind for one in rest] == [Kind.PHONE]
    assert column("ref", [7700900000 + n for n in range(9)], allowed={"ref": {Kind.PHONE}}) == []


def test_a_cell_may_hold_several_kinds_and_a_row_more_cells_than_the_header():
    found = look_at_columns(["A"], [("Mrs Quist, 07700 900123", "x@example.org")])
    assert [(one.column, one.kind) for one in found] == [
        (0, Kind.NAME),
        (0, Kind.PHONE),
        (1, Kind.EMAIL),
    ]


def test_rows_are_counted_from_one_and_read_once():
    rows = iter([("plain",), (), ("Mrs Quist",), ("Mrs Quist",)])
    assert [one.row for one in look_at_columns(["A"], rows)] == [3, 4]


def test_long_texts_and_many_different_ones_are_not_all_remembered(monkeypatch):
    monkeypatch.setattr("sightline.identifiers.columns.REMEMBERED", 2)
    values = ["Mrs Quist", "Mrs Smith", "Mrs Boyd", "plain", "a plain cell", "another", "x" * 80]
    assert [row for row, _ in column("x", values * 2)] == [1, 2, 3, 8, 9, 10]
    assert column("ref", [7700900000 + n for n in range(9)]) != []


TEAMS = (
    "Garry East team", "garry east team", "Garry team", "Kirkton team", "Practice team north",
    "Upper Garry hub", "Isla Bay service", "Garry family support team", "Mòrag team",
    "Garry East team; Isla North team",
)  # fmt: skip
PEOPLE_AMONG_TEAMS = (
    "Kayleigh Munro", "kayleigh munro", "Kayleigh Munro team", "Torquhil Campbell team",
    "Kayleigh Bhogal team", "J. Munro team", "Mrs Oyelaran team", "Kayleigh's team",
    "Kayleigh Munro's team", "Kayleigh", "Team Kayleigh", "team of Kayleigh Munro",
    "Kayleigh, East team", "Kayleigh (East team)", "Kayleigh - East team", "Kayleigh/East team",
    "Kayleigh\nEast team", "Kayleigh known to East team", "Garry East team; Kayleigh Munro",
)  # fmt: skip


@pytest.mark.parametrize("value", TEAMS)
def test_a_team_called_after_a_place_is_nobody(value):
    assert column("Teams", [value], teams=["teams "]) == []


@pytest.mark.parametrize("value", PEOPLE_AMONG_TEAMS)
def test_people_in_a_column_of_teams_are_found(value):
    assert column("Teams", [value], teams=["Teams"]) == [(1, Kind.NAME)]


def test_only_names_are_passed_over_and_only_where_the_column_is_one_of_teams():
    assert column("Teams", ["Garry East team 07700 900123"], teams=["Teams"]) == [(1, Kind.PHONE)]
    assert column("Seen by", ["Garry East team"], teams=["Teams"]) == [(1, Kind.NAME)]


def test_words_of_own_places_are_nobody_and_names_with_other_words_are():
    own = {"Locality": ["Upper Garry", "Mòrag’s Bay"]}
    for value in ("Lower Garry", "Practice team Garry", "garry", "Garry East", "Morag Bay"):
        assert column("Locality", [value], places=own) == [], value
    for value in ("Garry Munro", "Garry's house", "Mr Garry", "Kayleigh Munro"):
        assert column("Locality", [value], places=own) == [(1, Kind.NAME)], value
    assert column("Other", ["Lower Garry"], places=own) == [(1, Kind.NAME)]
