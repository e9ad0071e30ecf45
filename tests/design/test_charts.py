"""Charts: what is drawn, what is said, what is refused."""

import re
import time
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.design.charts import (
    Break,
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
    examples,
    line,
    run_median,
    stacked_scale,
    strip,
)
from sightline.design.charts.model import LONGEST_ALT, NARROW, WIDE
from sightline.design.charts.palette import FOUR_STEPS, HATCH, QUIET_INK, SIX_STEPS, WHITE, contrast
from sightline.design.charts.svg import TEXT, width_of, wrapped
from sightline.kernel.measures import State

SVG = "{http://www.w3.org/2000/svg}"
SIX = ("Excellent", "Very Good", "Good", "Adequate", "Weak", "Unsatisfactory")
EVERY = [pytest.param(chart, id=name) for name, chart in examples()]
PHONE = 330
WORDS = {"headline": "What it shows", "subtitle": "Of what, where and when"}

text = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
    min_size=1, max_size=30,
).filter(lambda words: words.strip())  # fmt: skip
value = st.one_of(
    st.integers(0, 100),
    st.floats(0, 100).map(lambda number: round(number, 2)),
    st.sampled_from([State.SUPPRESSED, State.NOT_AVAILABLE, None]),
)


def drawn(chart: Chart, width: float = NARROW) -> ET.Element:
    """The picture as XML: parsing it is half the test."""
    return ET.fromstring(str(chart.svg(width=width)))  # noqa: S314 - our own text


def texts(chart: Chart) -> list[str]:
    return [each.text or "" for each in drawn(chart).iter(f"{SVG}text")]


@pytest.mark.parametrize("chart", EVERY)
@pytest.mark.parametrize("width", [PHONE, NARROW, WIDE])
def test_a_picture_says_what_it_is_once_and_hides_its_marks(chart, width):
    root = drawn(chart, width)
    assert root.get("role") == "img"
    assert 0 < len(root.get("aria-label", "")) <= LONGEST_ALT
    assert root.findtext(f"{SVG}title") == chart.headline
    assert root.findtext(f"{SVG}desc") == chart.alt
    groups = [child for child in root if child.tag not in {f"{SVG}title", f"{SVG}desc"}]
    assert [group.get("aria-hidden") for group in groups] == ["true"]


@pytest.mark.parametrize("chart", EVERY)
def test_a_picture_holds_nothing_the_security_policy_refuses_and_no_id(chart):
    written = str(chart.svg())
    for refused in ("style=", "class=", "id=", "<style", "<script", "href", "url("):
        assert refused not in written


@pytest.mark.parametrize("chart", EVERY)
@pytest.mark.parametrize("width", [PHONE, NARROW, WIDE])
def test_text_stays_inside_the_picture_and_is_never_small(chart, width):
    root = drawn(chart, width)
    _, _, right, bottom = (float(number) for number in root.get("viewBox", "").split())
    assert right == width
    for each in root.iter(f"{SVG}text"):
        wide, x = width_of(each.text or ""), float(each.get("x", ""))
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[each.get("text-anchor", "")]
        assert left >= -1, each.text
        assert left + wide <= right + 2, each.text
        assert 0 < float(each.get("y", "")) <= bottom, each.text
        assert each.get("font-size") is None
    group = root.find(f"{SVG}g")
    assert group is not None
    assert group.get("font-size") == str(TEXT)


def test_text_is_at_least_nine_pixels_at_320_and_fourteen_at_full_width():
    assert TEXT * 288 / PHONE >= 13.5
    assert TEXT * 288 / NARROW >= 9
    assert TEXT * 470 / WIDE >= 9  # points, in the column of an A4 page


@pytest.mark.parametrize("chart", EVERY)
def test_the_table_has_a_row_for_everything_drawn_and_no_blank(chart):
    drawing = chart.drawing
    rows = next(
        getattr(drawing, name)
        for name in ("rows", "points", "pairs", "periods", "steps")
        if getattr(drawing, name, None)
    )
    extra = 1 if getattr(drawing, "comparator", None) and hasattr(drawing, "points") else 0
    assert len(chart.rows) == len(rows) + extra
    assert all(cell.strip() for row in (chart.header, *chart.rows) for cell in row)


@pytest.mark.parametrize("fill", [*SIX_STEPS, *FOUR_STEPS])
def test_text_on_a_block_reads_at_four_and_a_half_to_one(fill):
    assert contrast(fill.colour, fill.text) >= 4.5


def test_quiet_words_and_hatching_read_on_white():
    assert contrast(QUIET_INK, WHITE) >= 4.5
    assert contrast(HATCH, WHITE) >= 4.5
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("chart", EVERY)
def test_a_chart_is_drawn_in_under_five_milliseconds_and_the_same_each_time(chart):
    first = chart.svg()
    quickest = min(_seconds(chart) for _ in range(5))
    assert chart.svg() == first
    assert quickest < 0.005


def _seconds(chart: Chart) -> float:
    started = time.process_time()
    chart.svg()
    return time.process_time() - started


@settings(deadline=None)
@given(label=text, value=value, headline=text)
def test_whatever_people_type_stays_text(label, value, headline):
    chart = bars(
        headline=headline, subtitle=label, measure=label, unit="%", points=[Point(label, value)],
        alt=headline,
    )  # fmt: skip
    for width in (PHONE, WIDE):
        root = drawn(chart, width)
        assert root.get("aria-label") == re.sub(r"[\t\n\r]", " ", headline)
        said = " ".join(each.text or "" for each in root.iter(f"{SVG}text"))
        assert re.sub(r"\s", "", label) in re.sub(r"\s", "", said)


@settings(deadline=None)
@given(values=st.lists(value, min_size=2, max_size=30))
def test_lines_join_only_neighbours_that_are_both_known(values):
    if all(each is None or isinstance(each, State) for each in values):
        return
    chart = line(
        **WORDS, periods=[str(year) for year in range(1990, 1990 + len(values))],
        series=[Series("Here", tuple(values))],
    )  # fmt: skip
    known = [isinstance(each, int | float) and not isinstance(each, State) for each in values]
    joins = sum(1 for one, other in pairwise(known) if one and other)
    joined = sum(
        len(each.get("points", "").split()) - 1 for each in drawn(chart).iter(f"{SVG}polyline")
    )
    assert joined == joins
    assert len(list(drawn(chart).iter(f"{SVG}circle"))) == sum(known)


def test_bars_start_at_zero_and_are_as_long_as_their_values():
    chart = bars(
        **WORDS, measure="Records", points=[Point("A", 50), Point("B", 100), Point("C", 0)]
    )
    lengths = [float(each.get("width", "")) for each in drawn(chart).iter(f"{SVG}rect")]
    assert lengths[0] * 2 == pytest.approx(lengths[1], abs=0.2)
    assert lengths[2] == 0
    starts = {each.get("x") for each in drawn(chart).iter(f"{SVG}rect")}
    assert len(starts) == 1
    assert {"50", "100", "0"} <= set(texts(chart))


def test_hidden_missing_and_none_are_drawn_differently():
    def one(value: State | int) -> tuple[list[str], int, int]:
        chart = bars(**WORDS, measure="Records", points=[Point("A", value), Point("B", 9)])
        root = drawn(chart)
        hatching = len(list(root.iter(f"{SVG}line"))) - 1
        return texts(chart), len(list(root.iter(f"{SVG}rect"))), hatching

    hidden, missing, none = one(State.SUPPRESSED), one(State.NOT_AVAILABLE), one(0)
    assert "[c]" in hidden[0]
    assert hidden[2] > 3
    assert "[x]" in missing[0]
    assert missing[1:] == (1, 0)
    assert "0" in none[0]
    assert none[2] == 0


def test_a_hidden_row_is_hatched_and_its_symbol_explained():
    chart = stacked_scale(
        **WORDS, steps=SIX, counted="people",
        rows=[
            StackedRow("Shown", (0, 3, 4, 0, 0, 0)),
            StackedRow("Hidden", (State.SUPPRESSED,) * 6),
        ],
    )  # fmt: skip
    assert chart.rows[1] == ("Hidden", *["[c]"] * 6, "[c]")
    assert chart.key == (("[c]", "too few to show"),)
    assert "[c]" in texts(chart)
    assert len(list(drawn(chart).iter(f"{SVG}line"))) > 5


def test_blocks_share_the_bar_by_their_counts_with_a_gap_between():
    chart = stacked_scale(
        **WORDS, steps=SIX, counted="areas", rows=[StackedRow("One", (0, 1, 6, 1, 0, 0))]
    )
    blocks = [each for each in drawn(chart).iter(f"{SVG}rect") if each.get("height") == "34"]
    widths = [float(each.get("width", "")) for each in blocks]
    assert widths[1] == pytest.approx(widths[0] * 6, abs=0.5)
    assert sum(widths) + 2 * 2 == pytest.approx(NARROW, abs=0.5)
    assert float(blocks[1].get("x", "")) - widths[0] == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize("width", [PHONE, NARROW, WIDE])
def test_every_block_is_named_inside_or_under_its_bar(width):
    chart = stacked_scale(
        **WORDS, steps=SIX, counted="areas",
        rows=[StackedRow("One", (1, 1, 20, 1, 1, 1), not_known=2)],
    )  # fmt: skip
    said = {each.text for each in drawn(chart, width).iter(f"{SVG}text")}
    named = {f"{word} {count}" for word, count in zip(SIX, (1, 1, 20, 1, 1, 1), strict=True)}
    assert named | {"Not known 2"} <= said


def test_unknown_is_counted_in_the_base_and_shown_apart():
    chart = stacked_scale(
        **WORDS, steps=SIX, counted="areas", row_name="Indicator",
        rows=[StackedRow("One", (0, 0, 3, 2, 0, 0), not_known=3)],
    )  # fmt: skip
    assert chart.header == ("Indicator", *SIX, "Not known", "All areas")
    assert chart.rows == (("One", "0", "0", "3", "2", "0", "0", "3", "8"),)


def test_a_dot_is_labelled_with_its_share_and_its_base():
    chart = dots(
        **WORDS, measure="On time", unit="%", comparator=Comparator("All", 80),
        points=[Point("Theirs", 82, 14, 17), Point("Ours", 75, 12, 16, own=True)],
    )  # fmt: skip
    assert {"82% (14 of 17)", "75% (12 of 16)", "All 80%"} <= set(texts(chart))
    circles = list(drawn(chart).iter(f"{SVG}circle"))
    squares = list(drawn(chart).iter(f"{SVG}polygon"))
    assert [each.get("fill") for each in circles] == ["#ffffff"]
    assert [each.get("fill") for each in squares] == ["#002d54"]
    assert chart.rows[-1] == ("All", "80%", "[z]", "[z]")


def test_change_between_two_inspections_is_said_in_words():
    chart = dumbbell(
        **WORDS, steps=SIX, names=("2021", "2024"),
        pairs=[Pair("A", 2, 4), Pair("B", 3, 3), Pair("C", 5, 4), Pair("D", None, 4)],
    )  # fmt: skip
    assert chart.rows == (
        ("A", "Weak", "Good", "up 2"),
        ("B", "Adequate", "Adequate", "same"),
        ("C", "Very Good", "Good", "down 1"),
        ("D", "[x]", "Good", "[x]"),
    )


def test_a_break_is_drawn_and_said():
    chart = line(
        **WORDS, periods=("2019", "2020", "2021"), series=[Series("Here", (1, 2, 3))],
        breaks=[Break("2020", "the form changed")],
    )  # fmt: skip
    assert "[b]" in texts(chart)
    assert chart.notes == ("Figures before and from 2020 differ: the form changed",)


def test_a_median_needs_five_known_values():
    assert run_median((1, 2, State.NOT_AVAILABLE, 3, 4)) is None
    assert run_median((1, 2, None, 3, 4, 50)) == 3


def test_views_stand_on_their_word_and_the_agreed_word_is_said():
    chart = strip(**WORDS, steps=SIX, groups=[Series("Team", (0, 2, 5, 1, 0, 0))], agreed=4)
    assert len(list(drawn(chart).iter(f"{SVG}circle"))) == 8
    assert "agreed" in texts(chart)
    assert chart.rows[2] == ("Good", "5")


def _many(number: int) -> list[Series]:
    return [Series(f"Line {place}", (1, 2)) for place in range(number)]


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: bars(**WORDS, measure="M", points=[]), "nothing to draw"),
        (lambda: bars(**WORDS, measure="M", points=[Point("A", -1)]), "A: -1 is below zero"),
        (lambda: bars(**WORDS, measure="M", points=[Point("A", float("nan"))]), "cannot be drawn"),
        (lambda: bars(**WORDS, measure="M", unit="%", points=[Point("A", 101)]), "more than all"),
        (lambda: bars(**WORDS, measure="M", points=[Point("A", 1, 5, 4)]), "5 of 4 is more than"),
        (lambda: bars(**WORDS, measure="M", points=[Point("A", 1), Point("A", 2)]), "stands twice"),
        (lambda: bars(**WORDS, measure="M", points=[Point(" ", 1)]), "has no label"),
        (lambda: bars(headline=" ", subtitle="", measure="M", points=[Point("A", 1)]), "headline"),
        (
            lambda: bars(**WORDS, alt="x" * 151, measure="M", points=[Point("A", 1)]),
            "keep it to 150",
        ),
        (lambda: stacked_scale(**WORDS, steps=SIX, counted="x", rows=[]), "nothing to draw"),
        (
            lambda: stacked_scale(**WORDS, steps=SIX, counted="x", rows=[StackedRow("A", (1, 2))]),
            "A: 2 counts for 6 steps",
        ),
        (
            lambda: stacked_scale(
                **WORDS, steps=SIX, counted="x", rows=[StackedRow("A", (0, 0.5, 0, 0, 0, 0))]
            ),
            "not a whole number",
        ),
        (
            lambda: stacked_scale(
                **WORDS, steps=("Only",), counted="x", rows=[StackedRow("A", (1,))]
            ),
            "two to six",
        ),
        (
            lambda: dots_on_scale(**WORDS, steps=SIX, measure="M", points=[Point("A", 7)]),
            "A: 7 is not on the scale; its steps are 1 to 6",
        ),
        (
            lambda: dots_on_scale(**WORDS, steps=SIX, measure="M", points=[Point("A", 3.5)]),
            "not on the scale",
        ),
        (
            lambda: dumbbell(**WORDS, steps=SIX, names=("a", "b"), pairs=[Pair("A", 0, 2)]),
            "not on the scale",
        ),
        (lambda: line(**WORDS, periods=("1", "2"), series=_many(5)), "several small charts"),
        (lambda: line(**WORDS, periods=("1", "2", "3"), series=_many(1)), "2 values for 3 periods"),
        (lambda: line(**WORDS, periods=("1", "2"), series=[]), "nothing to draw"),
        (
            lambda: line(
                **WORDS, periods=("1", "2"), series=_many(1), breaks=[Break("9", "why")]
            ),
            "not on the axis",
        ),
        (lambda: strip(**WORDS, steps=SIX, groups=_many(5)), "several small charts"),
        (
            lambda: strip(**WORDS, steps=SIX, groups=[Series("A", (1,) * 6)], agreed=9),
            "agreed step 9",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused_in_words(build, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        build()


@settings(deadline=None)
@given(words=st.text(st.characters(categories=("L", "N", "Zs")), min_size=1, max_size=80))
def test_wrapping_loses_no_word(words):
    lines = wrapped(words, 120)
    assert " ".join(lines).split() == words.split()
    assert all(width_of(each) <= 120 or " " not in each for each in lines)


def test_many_rows_do_not_slow_a_chart_beyond_reason():
    chart = dots(
        **WORDS, measure="Share", unit="%",
        points=[Point(f"Area number {place}", place * 3, place, 32) for place in range(32)],
    )  # fmt: skip
    assert min(_seconds(chart) for _ in range(3)) < 0.02
