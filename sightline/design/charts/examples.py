"""One example of every chart, with every state a figure can be in. All figures are invented."""

from sightline.design.charts.bars import bars
from sightline.design.charts.change import Happened, Stretch, change
from sightline.design.charts.dots import dots, dots_on_scale
from sightline.design.charts.dumbbell import dumbbell
from sightline.design.charts.lines import Break, line, run_median
from sightline.design.charts.model import Chart, Comparator, Pair, Point, Series, StackedRow
from sightline.design.charts.stacked import stacked_scale
from sightline.design.charts.steps import Step, step_table
from sightline.design.charts.strips import strip
from sightline.kernel.measures import State

SIX = ("Excellent", "Very Good", "Good", "Adequate", "Weak", "Unsatisfactory")
_SOURCE = "Invented figures, for this gallery only."


def examples() -> tuple[tuple[str, Chart], ...]:
    """Name and chart, one or more of each kind, for the gallery and the tests."""
    return (
        ("Stacked bar on six words", _stacked()),
        ("Bars", _bars()),
        ("Dot plot", _dots()),
        ("Dots on a scale", _on_scale()),
        ("Dumbbell on six words", _dumbbell()),
        ("Dumbbell of a gap", _gap()),
        ("Run chart", _run()),
        ("Lines", _lines()),
        ("Run chart with a signal", _change()),
        ("Control chart", _control()),
        ("Step table", _steps()),
        ("Strip of views", _strip()),
    )


def _stacked() -> Chart:
    return stacked_scale(
        headline="Seven of eight areas were good or better at reducing risk",
        subtitle="Areas by step of the scale, three topics, invented areas, 2024",
        steps=SIX,
        rows=(
            StackedRow("Reducing risk of harm", (0, 1, 6, 1, 0, 0)),
            StackedRow("Listening to people who use services", (1, 2, 2, 1, 1, 1)),
            StackedRow("Leading people and partnerships together", (0, 0, 3, 2, 0, 0), not_known=3),
            StackedRow("Planning for the small islands", (State.SUPPRESSED,) * 6),
        ),
        counted="areas",
        source=_SOURCE,
    )


def _bars() -> Chart:
    return bars(
        headline="Most records were read in the two largest areas",
        subtitle="Records read by area, number, invented areas, 2024",
        points=(
            Point("Strathgarry", 128),
            Point("Glen Orrin and the Braes", 96),
            Point("Inverlair", 60),
            Point("Ardvane", 0),
            Point("Small Isles", State.SUPPRESSED),
            Point("Kilbrae", State.NOT_AVAILABLE),
        ),
        measure="Records read",
        row_name="Area",
        source=_SOURCE,
        notes=("Kilbrae’s report gives no number.",),
    )


def _dots() -> Chart:
    return dots(
        headline="Assessments were timely for most groups",
        subtitle="Assessments on time, % of records read, Strathgarry, 2024",
        points=(
            Point("Looked after at home", 82, 14, 17),
            Point("Foster care", 91, 20, 22),
            Point("Kinship care", 75, 12, 16, own=True),
            Point("Residential care", State.SUPPRESSED),
            Point("Aftercare", 64, 9, 14),
        ),
        measure="Assessments on time",
        unit="%",
        row_name="Group",
        comparator=Comparator("All records", 79),
        source=_SOURCE,
    )


def _on_scale() -> Chart:
    return dots_on_scale(
        headline="Three of four topics were evaluated as good",
        subtitle="Evaluation by topic, Strathgarry, 2024",
        steps=SIX,
        points=(
            Point("Outcomes for people", 3),
            Point("Impact on families", 4),
            Point("Leadership", 4),
            Point("Planning", State.NOT_AVAILABLE),
            Point("Staff", 4),
        ),
        measure="Evaluation",
        row_name="Topic",
        source=_SOURCE,
    )


def _dumbbell() -> Chart:
    return dumbbell(
        headline="Leadership rose by two steps between the two inspections",
        subtitle="Evaluation by topic, Strathgarry, 2021 and 2024",
        pairs=(
            Pair("Leadership", 2, 4),
            Pair("Outcomes for people", 3, 3),
            Pair("Impact on families", 5, 4),
            Pair("Planning", State.NOT_AVAILABLE, 3),
        ),
        names=("2021", "2024"),
        steps=SIX,
        row_name="Topic",
        source=_SOURCE,
    )


def _gap() -> Chart:
    return dumbbell(
        headline="The gap narrowed to 21 percentage points",
        subtitle="Children read to daily, %, least and most deprived fifths, Strathgarry",
        pairs=(Pair("2019", 78, 48), Pair("2021", 79, 52), Pair("2023", 81, 60)),
        names=("Least deprived", "Most deprived"),
        unit="%",
        difference="gap",
        row_name="Year",
        source=_SOURCE,
    )


def _run() -> Chart:
    values = (18.0, 16.5, 17.2, State.NOT_AVAILABLE, 15.1, 14.8, 15.6, 14.2, State.SUPPRESSED, 13.9)
    return line(
        headline="No real change: the ups and downs are what we would expect",
        subtitle="Rate per 1,000 people aged 0 to 17, Strathgarry, 2015 to 2024",
        periods=tuple(str(year) for year in range(2015, 2025)),
        series=(Series("Strathgarry", values),),
        comparator=Series("Scotland", (15.0, 14.9, 14.8, 14.6, 14.5, 14.3, 14.1, 13.8, 13.4, 13.0)),
        median=run_median(values),
        breaks=(Break("2019", "the form that is counted changed"),),
        source=_SOURCE,
    )


def _lines() -> Chart:
    return line(
        headline="Foster care is the most used of the four",
        subtitle="People in each kind of care, number, Strathgarry, 2020 to 2024",
        periods=("2020", "2021", "2022", "2023", "2024"),
        series=(
            Series("Foster", (42, 40, 44, 43, 45)),
            Series("Kinship", (30, 33, 34, 36, 38)),
            Series("At home", (28, 27, 24, 22, 37)),
            Series("Residential", (9, 9, 8, 8, 7)),
        ),
        source=_SOURCE,
    )


def _strip() -> Chart:
    return strip(
        headline="Views of the team lie between Adequate and Very Good",
        subtitle="One mark for each person’s view of one topic, invented inspection",
        steps=SIX,
        groups=(
            Series("Inspectors", (0, 2, 5, 1, 0, 0)),
            Series("Associates", (0, 1, 2, 2, 0, 0)),
        ),
        agreed=4,
        source=_SOURCE,
    )


def _change() -> Chart:
    return change(
        headline="Real improvement. Six years in a row on the better side of the average",
        subtitle="Children registered again within 24 months, per cent, invented area",
        periods=tuple(f"{year}/{year % 100 + 1:02d}" for year in range(2012, 2024)),
        name="Strathgarry",
        values=(18, 17, 19, 16, 18, State.SUPPRESSED, 13, 12, 11, 12, 10, 11),
        unit="%",
        stretches=(Stretch(0, 12, 13),),
        signs={place: "better" for place in range(6, 12)},
        comparator=Series("Scotland", (17, 17, 16, 17, 16, 16, 17, 16, 16, 15, 16, 16)),
        breaks=(Break("2014/15", "temporary entries are left out from then on."),),
        happened=(Happened("2018/19", "A team for families after registration began."),),
        source=_SOURCE,
    )


def _control() -> Chart:
    return change(
        headline="No real change. The ups and downs are what we would expect",
        subtitle="Planning meetings held in time, per cent, invented area, by quarter",
        periods=tuple(
            f"{year} Q{quarter}" for year in (2022, 2023, 2024) for quarter in range(1, 5)
        ),
        name="In time",
        values=(71, 68, 74, 77, 70, 72, State.NOT_SUBMITTED, 79, 74, 71, 69, 41),
        unit="%",
        stretches=(Stretch(0, 12, 69.6, 42.1, 97.2),),
        centre_name="Average",
        signs={11: "worse"},
        source=_SOURCE,
    )


def _steps() -> Chart:
    return step_table(
        headline="Nine of 24 young people were in touch, at home and in work or learning at 21",
        subtitle="Care leavers who were 15 in 2017/18, invented area",
        steps=(
            Step("In care on their 16th birthday", 24, 24),
            Step("In touch at 19", 18, 24),
            Step("In settled housing at 19", State.SUPPRESSED, 24),
            Step("In work or learning at 21", 9, 22),
        ),
        counted="Young people",
        source=_SOURCE,
    )
