"""What a cell means in a column of records, edge by edge."""

import datetime as dt

import pytest

from sightline.identifiers.numbers import is_chi
from sightline.uploads.cells import DateStyle, Wrong
from sightline.uploads.kinds import Column
from sightline.uploads.readers import reader_of

CHI = next(f"050510{n:04d}" for n in range(10_000) if is_chi(f"050510{n:04d}"))
AT = dt.datetime(2026, 3, 4, 14, 30)
OPTIONS = {"own-home": "Own home", "care": "In care", "other": "Other"}


def read(kind, cell, *, style=(), **more):
    learnt = DateStyle()
    for other in (*style, cell):
        learnt.learn(other)
    if kind in {"code", "set"}:
        spellings = {text: code for code, label in OPTIONS.items() for text in (code, label)}
        more = {"options": OPTIONS, "spellings": {**spellings, "Looked after": "care"}, **more}
    return reader_of(Column("x", "X", kind=kind, **more), learnt)(cell)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("reference", " C-0042 ", "C-0042"),
        ("reference", 42.0, "42"),
        ("reference", "A", "A"),
        ("reference", "abc", "abc"),
        ("time", "2026-03-04 14:30", AT),
        ("time", "2026-03-04T14:30:00", AT),
        ("time", "2026-03-04T14:30Z", AT),
        ("time", "2026-07-04T13:30:00+00:00", dt.datetime(2026, 7, 4, 14, 30)),
        ("time", "2026-07-04 14:30 BST", dt.datetime(2026, 7, 4, 14, 30)),
        ("time", "2026-03-04 09:30-05:00", AT),
        ("time", "4 March 2026 2:30 pm", AT),
        ("time", "4 March 2026 12:05 am", dt.datetime(2026, 3, 4, 0, 5)),
        ("time", "31/03/2026 09.15", dt.datetime(2026, 3, 31, 9, 15)),
        ("time", AT, AT),
        ("time", dt.datetime(2026, 3, 4), dt.datetime(2026, 3, 4)),
        ("flag", "Yes", True),
        ("flag", "n", False),
        ("flag", True, True),
        ("flag", 0.0, False),
        ("flag", "Not known", None),
        ("flag", "", None),
        ("set", "care; Own home", ("own-home", "care")),
        ("set", "Looked after|care", ("care",)),
        ("set", "own home, other", ("own-home", "other")),
        ("set", "None", ()),
        ("set", "", None),
        ("code", "OWN_HOME", "own-home"),
        ("code", "looked  after", "care"),
        ("zone", "s01000001", "S01000001"),
        ("chi", CHI, CHI),
        ("chi", f"{CHI[:6]} {CHI[6:]}", CHI),
        ("chi", int(CHI), CHI),
        ("chi", float(int(CHI)), CHI),
        ("scn", "123456789", "123456789"),
        ("scn", 123456789, "123456789"),
    ],
)
def test_a_cell_has_one_value(kind, cell, value):
    assert read(kind, cell) == value


@pytest.mark.parametrize(
    ("kind", "cell", "words"),
    [
        ("reference", "Zebedee", "reads like a name"),
        ("reference", "anna smith", "reads like a name"),
        ("reference", "a@b.example", "reads like a name"),
        ("reference", "1.23E+11", "was shortened"),
        ("reference", "x" * 61, "is too long"),
        ("reference", dt.date(2026, 1, 1), "is a date"),
        ("time", "2026-03-04", "has no time of day"),
        ("time", dt.date(2026, 3, 4), "has no time of day"),
        ("time", "04/05/2026 10:00", "could be two dates"),
        ("time", "31/02/2026 10:00", "is not a real day and time"),
        ("time", "2026-03-04 25:00", "is not a real day and time"),
        ("time", "2026-03-04 13:00 pm", "is not a real day and time"),
        ("time", "soon", "is not a day and a time"),
        ("time", 45292.5, "keeps for a time"),
        ("time", 7, "is a number"),
        ("time", "04/05/26 10:00", "year of two figures"),
        ("flag", "maybe", "neither yes nor no"),
        ("set", "care; nowhere", "one we do not know"),
        ("set", ";", "one we do not know"),
        ("zone", "S02000001", "not the code of a data zone"),
        ("chi", "12345", "has not ten digits"),
        ("chi", "0505101234"[:9] + ("1" if CHI[-1] != "1" else "2"), "check digit"),
        ("chi", "CHI0505101", "has not ten digits"),
        ("scn", "12345678", "has not nine digits"),
    ],
)
def test_what_it_is_not_is_said(kind, cell, words):
    found = read(kind, cell)
    assert isinstance(found, Wrong)
    assert words in found.what
    assert found.expected


def test_a_moment_outside_what_is_possible():
    found = read("time", "1999-01-01 10:00", least=dt.date(2000, 1, 1))
    assert isinstance(found, Wrong)
    assert "outside" in found.what


def test_days_first_are_learnt_from_times_too():
    assert read("time", "04/05/2026 10:00", style=["31/05/2026 10:00"]) == dt.datetime(
        2026, 5, 4, 10
    )
