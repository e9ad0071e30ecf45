"""What a cell means in a column, edge by edge."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.uploads import cells, records
from sightline.uploads.cells import DateStyle, Wrong, bare, shown
from sightline.uploads.kinds import Column
from sightline.uploads.readers import reader_of
from sightline.warehouse.reading import Broken

DAY = dt.date(2026, 3, 4)


def read(kind, cell, *, style=(), **more):
    learnt = DateStyle()
    for other in (*style, cell):
        learnt.learn(other)
    options = {"options": {"lo": "Low", "hi": "High"}} if kind == "code" else {}
    return reader_of(Column("x", "X", kind=kind, **options, **more), learnt)(cell)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("text", " Leven\xa0", "Leven"),
        ("text", "007", "007"),
        ("text", 42, "42"),
        ("text", 42.0, "42"),
        ("text", 42.5, "42.5"),
        ("text", Decimal("1.50"), "1.5"),
        ("text", True, "TRUE"),
        ("text", DAY, "2026-03-04"),
        ("text", dt.datetime(2026, 3, 4), "2026-03-04"),
        ("text", dt.datetime(2026, 3, 4, 9, 30), "2026-03-04 09:30:00"),
        ("text", dt.time(9, 30), "09:30:00"),
        ("text", "'=1+1", "=1+1"),
        ("text", "'tis", "'tis"),
        ("text", "", None),
        ("text", "\xa0 \u200b", None),
        ("text", None, None),
        ("whole", "341,400", 341400),
        ("whole", "341400.0", 341400),
        ("whole", 341400.0, 341400),
        ("whole", Decimal("3"), 3),
        ("whole", "−3", -3),
        ("whole", "+7", 7),
        ("whole", "1\xa0234", 1234),
        ("number", "12.50", Decimal("12.5")),
        ("number", 0.1, Decimal("0.1")),
        ("number", "1,234.5", Decimal("1234.5")),
        ("number", ".5", Decimal("0.5")),
        ("code", "low", "lo"),
        ("code", " HI ", "hi"),
        ("date", DAY, DAY),
        ("date", dt.datetime(2026, 3, 4), DAY),
        ("date", "2026-03-04", DAY),
        ("date", "2026-03-04T00:00:00", DAY),
        ("date", "4 March 2026", DAY),
        ("date", "4th Mar 2026", DAY),
        ("date", "14-Sept-2026", dt.date(2026, 9, 14)),
        ("date", "31/03/2026", dt.date(2026, 3, 31)),
        ("date", "03/03/2026", dt.date(2026, 3, 3)),
    ],
)
def test_a_cell_has_one_value(kind, cell, value):
    found = read(kind, cell)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "cell", "words"),
    [
        ("whole", "12.5", "is not a whole number"),
        ("whole", 12.5, "is not a whole number"),
        ("whole", "1e5", "is not a number"),
        ("whole", "12,34", "is not a number"),
        ("whole", "£3", "is not a number"),
        ("whole", "٣", "is not a number"),
        ("whole", True, "is not a number"),
        ("whole", float("nan"), "is not a number"),
        ("whole", DAY, "is a date, not a number"),
        ("whole", 10**19, "is outside what is possible"),
        ("number", "n/a", "has a mark where a number stands"),
        ("number", "1" * 29, "is outside what is possible"),
        ("number", DAY, "is a date, not a number"),
        ("number", dt.time(1), "is not a number"),
        ("code", "middling", "is not one we know"),
        ("code", 3, "is not one we know"),
        ("date", 46085, "keeps for a date"),
        ("date", 46085.0, "keeps for a date"),
        ("date", "46085", "keeps for a date"),
        ("date", "soon", "is not a date"),
        ("date", "4 M 2026", "is not a date"),
        ("date", "31/02/2026", "is not a real date"),
        ("date", "2026-13-01", "is not a real date"),
        ("date", "04/03/26", "has a year of two figures"),
        ("date", "4 March 26", "has a year of two figures"),
        ("date", "03/31/2026", "has the month before the day"),
        ("date", "04/03/2026", "could be two dates"),
        ("date", dt.datetime(2026, 3, 4, 9), "has a time of day"),
        ("text", Broken("#REF!", "Mend it"), "The formula has an error in “X”"),
        ("date", Broken("a formula", "Open it"), "No saved result in “X”"),
        ("text", "x" * 1_001, "is too long"),
    ],
)
def test_a_cell_that_could_be_anything_is_a_fault(kind, cell, words):
    found = read(kind, cell)
    assert isinstance(found, Wrong)
    assert words in found.what
    assert found.expected


@pytest.mark.parametrize(
    ("others", "cell", "what"),
    [
        (("31/03/2026",), "04/03/2026", None),
        (("31/03/2026", "03/31/2026"), "04/03/2026", "could be two dates"),
        ((dt.date(2026, 3, 31),), "31/03/2026", "typed as text beside real dates"),
        ((dt.date(2026, 3, 31),), "2026-03-04", None),
        (("31/03/2026",), dt.date(2026, 3, 4), "day and month changed round"),
        (("31/03/2026",), dt.date(2026, 3, 14), None),
        (("2026-03-31",), "04/03/2026", "could be two dates"),
    ],
)
def test_a_date_is_read_by_what_the_rest_of_its_column_shows(others, cell, what):
    found = read("date", cell, style=others)
    if what is None:
        assert found in {DAY, dt.date(2026, 3, 14)}
    else:
        assert what in found.what


def test_a_value_must_be_there_and_within_its_limits():
    assert "is empty" in read("whole", "", required=True).what
    assert "“X” is empty" in read("text", None, required=True, hint="say what").what
    for kind, cell in (("whole", "7"), ("number", "7"), ("whole", 7.0)):
        assert read(kind, cell, least=7, most=7) == 7
        assert "outside" in read(kind, cell, least=8).what
        assert "outside" in read(kind, cell, most=6).what
    assert read("whole", "5", least=1, most=3).expected == "a whole number, 1 to 3"
    assert read("whole", "5", most=3).expected == "a whole number, 3 or less"
    assert read("whole", "0", least=1).expected == "a whole number, 1 or more"
    assert "outside" in read("date", DAY, least=dt.date(2026, 3, 5)).what
    late = read("date", DAY, most=dt.date(2026, 3, 3))
    assert "3 March 2026 or less" in late.expected
    assert read("date", DAY, least=DAY, most=DAY) == DAY


def test_a_code_may_be_one_of_many():
    column = Column("x", "X", kind="code", options=tuple(f"c{n}" for n in range(9)))
    read_code = reader_of(column, DateStyle())
    assert read_code("C3") == "c3"
    assert read_code("z").expected == "one of 9 codes, such as c0, c1, c2, c3, c4, c5"
    with pytest.raises(ValueError, match="no options"):
        Column("x", "X", kind="code")


def test_what_was_sent_is_shown_in_a_line():
    assert shown("x" * 200) == "x" * 79 + "…"
    assert bare(Broken("#REF!", "")) == "#REF!"


@given(st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)))
def test_every_day_reads_back_from_each_way_that_says_it_outright(day):
    for said in (day, day.isoformat(), f"{day.day} {day:%B %Y}", f"{day.day}-{day:%b}-{day.year}"):
        assert read("date", said) == day


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
    )
)
def test_a_number_is_the_same_from_text_float_and_decimal(number):
    expected = Decimal(repr(float(number)))
    assert read("number", float(number)) == expected
    assert read("number", format(number, "f")) == number
    assert read("number", number) == number


@pytest.mark.parametrize(
    ("cell", "words"),
    [("#REF!", "error"), ("#div/0!", "error"), ("a formula without its result", "No saved result")],
)
def test_what_our_copy_or_a_csv_writes_for_a_broken_formula_is_still_a_fault(cell, words):
    found = read("text", cell)
    assert isinstance(found, Wrong)
    assert words in found.what


def test_what_a_code_stands_for_is_the_same_however_often_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Texts are remembered up to a limit; beyond it each is worked out anew."""
    monkeypatch.setattr(cells, "MOST_SEEN", 1)
    monkeypatch.setattr(records, "MOST_SEEN", 1)
    options = {"lo": "Low", "hi": "High"}
    one = cells.read_code(Column("level", "Level", kind="code", options=options), DateStyle())
    several = records.read_set(Column("levels", "Levels", kind="set", options=options), DateStyle())
    for _ in range(2):
        assert [one(text) for text in ("Low", "HIGH", "lo")] == ["lo", "hi", "lo"]
        assert isinstance(one("middle"), Wrong)
        assert several("high; low") == ("lo", "hi")
        assert isinstance(several("high; middle"), Wrong)
