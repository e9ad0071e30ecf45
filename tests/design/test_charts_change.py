"""Charts of change and step tables: marks by signal, gaps, breaks, notes, and their tables."""

import pytest

from sightline.design.charts import (
    Break,
    Happened,
    Series,
    Step,
    Stretch,
    change,
    step_table,
)
from sightline.kernel.measures import State

YEARS = ("2019/20", "2020/21", "2021/22", "2022/23")


def made(**more):
    given = {
        "headline": "Something changed",
        "subtitle": "Children, per cent, Fife",
        "periods": YEARS,
        "name": "Fife",
        "values": (20, State.SUPPRESSED, State.NOT_SUBMITTED, 40.5),
        "unit": "%",
        **more,
    }
    return change(**given)


def test_points_are_shaped_by_what_is_signalled_and_gaps_stay_open():
    chart = made(
        values=(20, 30, State.SUPPRESSED, 40), signs={0: "better", 1: "worse", 3: "changed"}
    )
    drawn = chart.svg()
    assert drawn.count("polyline") == 1  # the last point stands alone behind the gap
    assert "[c]" in drawn
    assert chart.header == ("Period", "Fife", "Signal")
    assert [row[-1] for row in chart.rows] == [
        "real improvement (square)", "real worsening (diamond)", "none",
        "something changed (triangle)",
    ]  # fmt: skip


def test_a_control_chart_has_its_limits_in_the_picture_and_in_the_table():
    chart = made(
        values=(20, 30, 25, 40),
        stretches=(Stretch(0, 2, 25, 5, 45), Stretch(2, 4, 32, 10, 60)),
        centre_name="Average",
    )
    assert chart.header == ("Period", "Fife", "Average", "Lower limit", "Upper limit")
    assert chart.rows[3] == ("2022/23", "40%", "32.0%", "10.0%", "60.0%")
    assert chart.svg().count("<rect") >= 2
    assert chart.alt.startswith("Control chart of Children, per cent, Fife. Latest 40% in 2022/23")


def test_a_point_outside_every_stretch_has_no_centre():
    chart = made(stretches=(Stretch(2, 4, 30.0),))
    assert [row[2] for row in chart.rows] == ["[x]", "[x]", "30.0%", "30.0%"]
    control = made(stretches=(Stretch(2, 4, 30.0, 10.0, 50.0),))
    assert control.rows[0][3:] == ("[x]", "[x]")


def test_breaks_and_what_happened_are_marked_and_written_out():
    chart = made(
        breaks=(Break("2021/22", "counted anew."),),
        happened=tuple(Happened("2020/21", f"Event {n}.") for n in range(27)),
        comparator=Series("Scotland", (21, 22, None, 24)),
    )
    assert chart.notes[0] == "Figures before and from 2021/22 differ: counted anew."
    assert chart.notes[1] == "A: 2020/21. Event 0."
    assert chart.notes[27] == "AA: 2020/21. Event 26."
    assert "[b]" in chart.svg(width=780)
    assert chart.header == ("Period", "Fife", "Scotland")
    assert chart.alt.startswith("Run chart")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"values": (None,) * 4}, "nothing to draw"),
        ({"values": (1, 2)}, "2 values for 4 periods"),
        ({"values": (1, 2, 3, -4)}, "below zero"),
        ({"comparator": Series("Scotland", (1,))}, "1 values for 4 periods"),
        ({"periods": ("a", "a", "b", "c")}, "twice"),
    ],
)
def test_what_cannot_be_drawn_is_refused(more, words):
    with pytest.raises(ValueError, match=words):
        made(**more)


def test_one_period_alone_is_drawn():
    assert "Fife 20%" in made(periods=("2019/20",), values=(20,)).svg()


def test_a_step_table_says_how_many_of_how_many():
    chart = step_table(
        headline="Nine of 22 were at work",
        subtitle="Young people, Fife",
        steps=(
            Step("In care at 16", 24, 24),
            Step("In touch", State.SUPPRESSED, 24),
            Step("At home", 9, State.SUPPRESSED),
            Step("Seen", 9),
            Step("Nobody", 0, 0),
        ),
        counted="Young people",
    )
    assert [row[1:] for row in chart.rows] == [
        ("24", "24", "100%"), ("[c]", "24", "[c]"), ("9", "[c]", "[c]"), ("9", "[x]", "[x]"),
        ("0", "0", "[x]"),
    ]  # fmt: skip
    assert "24 of 24" in chart.svg()
    assert chart.alt == "Step table. In care at 16 24; Nobody 0."
    narrow = step_table(
        headline="Hidden", subtitle="", counted="Young people",
        steps=[Step("A way that is named at very great length indeed, and more", State.SUPPRESSED)],
    )  # fmt: skip
    assert narrow.alt == "Step table of 1 steps. Hidden"
    assert "[c]" in narrow.svg(width=320)
    gone = step_table(headline="X", subtitle="", counted="Y", steps=[Step("A", None)])
    assert gone.rows == (("A", "[x]", "[x]", "[x]"),)
    assert gone.svg()


def test_a_mark_stands_after_its_figure_in_the_picture_the_table_and_the_key():
    chart = made(marks={0: "[p]", 1: "[p]"})  # the second point is hidden: there is no figure
    assert [row[1] for row in chart.rows] == ["20.0% [p]", "[c]", "[x]", "40.5%"]
    assert dict(chart.key)["[p]"] == "provisional"
    assert chart.svg().count("[p]") == 1
    assert chart.columns[1] == ("Fife", True)
    assert "[p]" not in dict(made().key)
