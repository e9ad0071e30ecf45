"""Columns of a printed table: wide enough for their words, never past the page."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.design.charts.model import numeric_columns
from sightline.design.documents.widths import shares

word = st.text("abcdefghijklmno 0123456789", min_size=1, max_size=60).filter(str.strip)


@settings(deadline=None)
@given(
    table=st.integers(1, 9).flatmap(
        lambda columns: st.lists(
            st.lists(word, min_size=columns, max_size=columns), min_size=2, max_size=6
        )
    )
)
def test_columns_never_run_past_the_page_and_none_vanishes(table):
    header, *rows = table
    found = shares(header, rows, numeric_columns(rows))
    assert len(found) == len(header)
    assert sum(found) <= 1 + 1e-9
    assert min(found) > 0.02


def test_a_table_of_short_cells_stays_narrow_so_that_numbers_stand_by_their_labels():
    rows = [("Fife", "12"), ("Angus", "9")]
    assert sum(shares(("Area", "Read"), rows, numeric_columns(rows))) < 0.5


def test_long_text_gets_the_room_and_numbers_only_what_they_need():
    rows = [("Fife", "12", "A long sentence about what was found and why it matters here " * 2)]
    area, read, text = shares(("Area", "Read", "What was found"), rows, numeric_columns(rows))
    assert text > 3 * area
    assert read < 0.2


@pytest.mark.parametrize(
    ("cells", "numeric"),
    [
        (("12", "1,204", "[x]"), True),
        (("82%", "−5", "3.5"), True),
        (("12", "n/a"), False),
        (("1.2.3", "4"), False),
        (("", "4"), False),
    ],
)
def test_a_column_is_of_numbers_when_every_cell_is_one(cells, numeric):
    assert numeric_columns([("Name", cell) for cell in cells]) == [False, numeric]
