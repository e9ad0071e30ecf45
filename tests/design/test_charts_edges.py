"""Charts at their edges: nothing known, no base, a figure to compare with, and what is refused."""

import re
from dataclasses import replace
from typing import Any

import pytest

from sightline.design.charts import (
    Chart,
    Comparator,
    Pair,
    Point,
    Series,
    StackedRow,
    bars,
    dots,
    dots_on_scale,
    dumbbell,
    line,
    stacked_scale,
    strip,
)
from sightline.design.charts.model import WIDE, figure, said
from sightline.design.charts.palette import COMPARATOR, FOUR_STEPS
from sightline.kernel.measures import State
from tests.design.test_charts import PHONE, SIX, SVG, WORDS, drawn, texts

SCOTLAND = Comparator("Scotland", 50)
HIDDEN = State.SUPPRESSED
COMPARING = [
    pytest.param(bars, 480.0, id="bars in a page"),
    pytest.param(bars, float(WIDE), id="bars on paper"),
    pytest.param(dots, 480.0, id="dots"),
]


def rules(chart: Chart, colour: str, width: float = 480.0) -> list[Any]:
    """The straight lines of a colour."""
    return [mark for mark in drawn(chart, width).iter() if mark.get("stroke") == colour]


@pytest.mark.parametrize(("build", "width"), COMPARING)
def test_a_figure_to_compare_with_is_named_drawn_and_a_row_of_the_table(build, width):
    points = [Point("North", 40), Point("South", 80)]
    given = {**WORDS, "points": points, "measure": "Share", "unit": "%"}
    without, chart = build(**given), build(**given, comparator=SCOTLAND)
    assert len(rules(chart, COMPARATOR, width)) == len(rules(without, COMPARATOR, width)) + 1
    named = [each.text for each in drawn(chart, width).iter(f"{SVG}text")]
    assert "Scotland 50%" in named
    assert chart.rows[-1] == ("Scotland", "50%")


def test_the_axis_of_dots_reaches_the_figure_to_compare_with():
    points = [Point("North", 4), Point("South", 8)]
    given = {**WORDS, "points": points, "measure": "Rate"}
    assert "50" in texts(dots(**given, comparator=SCOTLAND))
    assert "50" not in texts(dots(**given))


@pytest.mark.parametrize(
    ("unit", "label"), [("", "14 of 17"), ("%", "14% (of 17)"), (" days", "14 days (of 17)")]
)
def test_a_base_without_a_count_is_said(unit, label):
    chart = bars(**WORDS, points=[Point("North", 14, base=17)], measure="Met", unit=unit)
    assert label in texts(chart)


def test_where_no_row_can_be_shown_the_alternative_text_says_so():
    points = [Point("North", HIDDEN), Point("South", None)]
    chart = bars(**WORDS, points=points, measure="records")
    assert chart.alt == "Bar chart of records. No row can be shown."
    assert [row[1] for row in chart.rows] == ["[c]", "[x]"]


def test_one_row_is_not_both_the_highest_and_the_lowest():
    chart = bars(**WORDS, points=[Point("North", 3), Point("South", HIDDEN)], measure="records")
    assert chart.alt == "Bar chart of records. Highest North 3; 1 not shown."


@pytest.mark.parametrize(
    ("unit", "ticks", "end"),
    [("%", {"0%", "100%"}, "40% to 80%"), ("", {"0"}, "40 to 80")],
)
def test_a_dumbbell_of_figures_says_both_on_an_axis_from_zero(unit, ticks, end):
    pairs = [Pair("North", 40, 80), Pair("South", None, HIDDEN)]
    chart = dumbbell(**WORDS, pairs=pairs, names=("2019", "2021"), unit=unit)
    assert ticks | {end, "[x] to [c]"} <= set(texts(chart))


def test_a_dumbbell_of_nothing_known_still_has_an_axis():
    chart = dumbbell(**WORDS, pairs=[Pair("North", None, HIDDEN)], names=("2019", "2021"))
    assert {"0.0", "[x] to [c]"} <= set(texts(chart))


def test_a_line_with_no_value_is_said_to_have_none():
    series = [Series("North", (1, 2)), Series("South", (None, HIDDEN))]
    chart = line(**WORDS, periods=["2019", "2020"], series=series)
    assert "Latest: North 2 in 2020; South not available." in chart.alt
    assert not [text for text in texts(chart) if text.startswith("South")]


def test_a_comparator_alone_has_its_name_at_its_end():
    scotland = Series("Scotland", (5, 7))
    chart = line(**WORDS, periods=["2019", "2020"], series=[], comparator=scotland)
    assert "Scotland 7" in texts(chart)


def test_a_median_is_named_at_its_height():
    chart = line(
        **WORDS, periods=["2019", "2020"], series=[Series("North", (4, 8))], median=5.5
    )  # fmt: skip
    assert "Median 5.5" in texts(chart)


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_words_too_long_for_a_scale_s_axis_stand_at_its_ends(width):
    long = tuple(f"{word} beyond all expectation here" for word in SIX)
    chart = dots_on_scale(
        **WORDS, points=[Point("North", 4)], measure="Evaluation", steps=long
    )  # fmt: skip
    found = [each.text for each in drawn(chart, width).iter(f"{SVG}text")]
    assert {"1", "2", "3", "4", "5", "6"} <= set(found)
    assert f"1 {long[-1]}" in found
    assert f"6 {long[0]}" in found


def test_words_that_fit_stand_under_their_step():
    steps = ("High", "Low")
    points = [Point("North", 2), Point("South", HIDDEN)]
    chart = dots_on_scale(**WORDS, points=points, measure="Level", steps=steps)
    found = texts(chart)
    assert {"High", "Low", "[c]"} <= set(found)
    assert "1 Low" not in found


@pytest.mark.parametrize(("value", "symbol"), [(HIDDEN, "[c]"), (None, "[x]"), (0, "0")])
def test_a_stacked_row_without_blocks_shows_why(value, symbol):
    rows = [StackedRow("North", (value, 0)), StackedRow("South", (1, 1))]
    chart = stacked_scale(**WORDS, steps=("Yes", "No"), rows=rows, counted="areas")
    full = stacked_scale(**WORDS, steps=("Yes", "No"), rows=rows[1:], counted="areas")
    assert symbol in texts(chart)
    assert symbol not in texts(full)
    assert chart.rows[0][1] == symbol
    hatched = len(list(drawn(chart).iter(f"{SVG}line"))) > len(list(drawn(full).iter(f"{SVG}line")))
    assert hatched == (value is HIDDEN)


def test_four_steps_have_fills_of_their_own():
    rows = [StackedRow("North", (1, 1, 1, 1))]
    chart = stacked_scale(**WORDS, steps=("A", "B", "C", "D"), rows=rows, counted="areas")
    fills = [mark.get("fill") for mark in drawn(chart).iter(f"{SVG}rect")]
    assert fills == [fill.colour for fill in FOUR_STEPS]


def test_views_that_are_hidden_or_not_held_show_their_symbol_in_their_place():
    groups = [Series("Staff", (HIDDEN, 2)), Series("Parents", (None, 1))]
    chart = strip(**WORDS, steps=("Good", "Weak"), groups=groups)
    shown = texts(chart)
    assert "[c]" in shown
    assert "[x]" in shown
    assert chart.rows == (("Good", "[c]", "[x]"), ("Weak", "2", "1"))


def _strip(**changes: Any) -> Chart:
    given = {"steps": ("Good", "Weak"), "groups": [Series("Staff", (1, 2))], **changes}
    return strip(**WORDS, **given)


def _bars(point: Point, **changes: Any) -> Chart:
    return bars(**WORDS, points=[point], measure="records", **changes)


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (lambda: _bars(Point("North", 140), unit="%"), "North: 140% is more than all of them."),
        (lambda: _bars(Point("North", 1, count=-1)), "North: the count is below zero"),
        (lambda: _bars(Point("North", 1, base=-1)), "North: the base is below zero"),
        (lambda: _bars(Point("North", 1, count=3, base=2)), "3 of 2 is more than all of them"),
        (lambda: _bars(Point("North", True)), "North: True is not a number."),
        (lambda: _bars(Point("North", float("inf"))), "North: inf cannot be drawn"),
        (lambda: _bars(Point(" ", 1)), "a row has no label"),
        (lambda: _strip(agreed=3), "the agreed step 3 is not 1 to 2"),
        (
            lambda: _strip(groups=[Series(name, (1, 2)) for name in "abcde"]),
            "has 5 groups; 4 is the most",
        ),
        (lambda: _strip(groups=[Series("Staff", (1,))]), "Staff: 1 counts for 2 words"),
        (lambda: _strip(groups=[Series("Staff", (1, 0.5))]), "0.5 is not a whole number of views"),
        (
            lambda: stacked_scale(
                **WORDS, steps=("Only",), rows=[StackedRow("North", (1,))], counted="areas"
            ),
            "A scale has 1 steps; a stacked bar shows two to six.",
        ),
    ],
)
def test_what_no_chart_can_say_is_refused_with_its_place(build, why):
    with pytest.raises(ValueError, match=re.escape(why)):
        build()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"headline": " "}, "needs its headline"),
        ({"alt": ""}, "needs its alt"),
        ({"alt": "x" * 151}, "has 151 characters"),
        ({"rows": ()}, "has nothing to draw"),
        ({"header": ("Row", " ")}, "a heading of the table is empty"),
        ({"rows": (("North", "1", "2"),)}, "'North' has 3 cells under 2 headings"),
    ],
)
def test_a_chart_that_would_leave_something_unsaid_is_refused(changes, why):
    with pytest.raises(ValueError, match=re.escape(why)):
        replace(_bars(Point("North", 1)), **changes)


def test_a_chart_keeps_the_anchor_it_is_given():
    assert replace(_bars(Point("North", 1)), id="mine").id == "mine"
    assert _bars(Point("North", 1)).id == _bars(Point("North", 1)).id != _bars(Point("N", 1)).id


def test_there_is_no_number_in_what_is_not_known():
    for value in (None, HIDDEN):
        with pytest.raises(ValueError, match="There is no number in"):
            figure(value)
    assert (said(1204), said(3.5, "%"), said(HIDDEN)) == ("1,204", "3.5%", "[c]")
