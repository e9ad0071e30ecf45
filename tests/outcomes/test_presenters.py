"""What readers are told: gaps by care setting, versions, provisional figures, each state."""

import datetime as dt
from dataclasses import dataclass, replace
from uuid import uuid4

import pytest

from sightline.design.charts import Chart
from sightline.kernel.measures import State
from sightline.outcomes import presenters, presenters_journeys
from sightline.outcomes.definitions import indicator, indicators
from sightline.outcomes.examples import example_of
from sightline.outcomes.explorer import TAB_MAKERS, Explored, told_of_versions
from sightline.outcomes.labels import in_order
from sightline.outcomes.presenters_charts import (
    balance,
    by_category,
    fifths,
    gap_by_year,
    over_time,
    way,
    way_by_setting,
)
from sightline.outcomes.presenters_gap import by_deprivation, by_setting, changed, furthest
from sightline.outcomes.queries import Figures, PublishedFigure
from sightline.outcomes.reading import Reading, interval_of, latest, reading
from sightline.outcomes.wording import sentence, short_value, state_words
from sightline.partnerships.queries import all_partnerships
from sightline.stats.disclosure.shown import MAKER, cell
from tests.outcomes.seen import seen

YEARS = [f"{year}-{(year + 1) % 100:02d}" for year in range(2012, 2024)]
SETTINGS = {"foster": (30, 40), "residential": (10, 40)}


def both(counts):
    """Everybody, and each setting."""
    told = [one for one in counts.values() if not isinstance(one, str)]
    return {"": tuple(map(sum, zip(*told, strict=True))), **counts} if told else {"": "x"}


def by_placement(code, years, **more):
    return seen(code, {key: both(held) for key, held in years.items()}, by="placement", **more)


# Leaving care, by care setting


def standing(series, title):
    lines = presenters_journeys.standings("fife", series)
    return next(line for line in lines if line.title == title)


def test_an_outcome_stands_by_its_widest_settings_with_gap_and_trend():
    series = by_placement("cl09", {"2022-23": {"foster": (20, 40), "residential": (18, 40)},
                                   "2023-24": SETTINGS})  # fmt: skip
    line = standing(series, "In education, training or employment")
    assert line.overall == "50% in 2023/24. Too few years to judge."
    assert line.ends == "Highest: Foster care 75%. Lowest: Residential care 25%."
    assert line.gap.startswith("The gap is 50.0 percentage points in 2023/24, 5.0 in 2022/23: ")
    assert line.address == "/p/fife/outcomes/cl09/?tab=gap"
    lines = presenters_journeys.standings("fife", series)
    assert lines[0] == line  # outcomes first, the widest gap first
    assert presenters_journeys.lead(lines) == (
        "The widest gap in an outcome is in “In education, training or employment”: Foster care "
        "75%, Residential care 25%, 50.0 percentage points apart in 2023/24."
    )


def test_one_year_tells_how_far_apart_and_not_which_way():
    line = standing(by_placement("cl09", {"2023-24": SETTINGS}), "In education, training or "
                    "employment")  # fmt: skip
    assert line.gap == "They are 50.0 percentage points apart in 2023/24."


def test_what_cannot_be_told_by_care_setting_says_why():
    title = "In education, training or employment"
    alike = by_placement("cl09", {"2023-24": {"foster": (20, 40), "residential": (20, 40)}})
    assert standing(alike, title).ends == "50% in every setting that can be shown."
    few = by_placement("cl09", {"2023-24": {"foster": (20, 40), "not-known": (5, 40)}})
    assert standing(few, title).ends == "Too few to show by care setting."
    nobody = by_placement("cl09", {"2023-24": {"foster": (0, 0), "residential": (0, 0)}})
    assert standing(nobody, title).overall == (
        "Does not apply, for there was nobody to count among in 2023/24. Too few years to judge."
    )
    assert standing({}, title).overall == "Not submitted. That is no zero."
    lines = presenters_journeys.standings("fife", {})
    assert presenters_journeys.lead(lines).startswith("Too few young people can be shown")


def test_ten_years_are_judged():
    years = {
        key: {"foster": (20 + place % 2 * 9, 40), "residential": (10, 40)}
        for place, key in enumerate(YEARS)
    }
    line = standing(by_placement("cl09", years), "In education, training or employment")
    assert line.overall.endswith(" over the years.")


def test_the_public_is_told_no_gap_that_rests_on_a_few():
    title = "In education, training or employment"
    held = {"2023-24": {"foster": (3, 4), "residential": (2, 4)}}
    assert "Highest" in standing(by_placement("cl09", held), title).ends
    public = by_placement("cl09", held, reader="public")
    assert standing(public, title).ends == "Too few to show by care setting."


# Gaps


def test_a_gap_between_settings_has_its_way_over_the_years():
    one = indicator("cl09")
    series = by_placement("cl09", {"2022-23": SETTINGS, "2023-24": SETTINGS})["cl09.placement"]
    found = by_setting(one, series, area="Fife")
    assert "setting with the highest figure (foster care)" in found.sentences[0]
    assert found.sentences[1].endswith("no clear change.")
    assert len(found.charts) == 1
    none = by_placement("cl09", {"2023-24": {"foster": (20, 40)}})["cl09.placement"]
    assert by_setting(one, none, area="Fife").nothing == "Too few settings can be shown."
    missing = seen("cl09", {"2023-24": {"": "not submitted", "foster": "not submitted"}},
                   by="placement")["cl09.placement"]  # fmt: skip
    assert by_setting(one, missing, area="Fife") is None
    assert furthest(one, missing, missing.periods[0]) is None


def simd(code, counts, **more):
    years = {key: {"": (sum(n for n, _ in held), sum(of for _, of in held)),
                   **{str(rank): pair for rank, pair in enumerate(held, start=1)}}
             for key, held in counts.items()}  # fmt: skip
    return seen(code, years, by="simd", **more)[f"{code}.simd"]


def test_alike_is_said_and_what_is_hidden_is_not():
    one = indicator("cl09")
    alike = by_deprivation(one, simd("cl09", {"2023-24": [(20, 40)] * 5}), area="Fife")
    assert "were alike" in alike.sentences[0]
    missing = seen("cl09", {"2023-24": {"": "not submitted", "1": "not submitted"}}, by="simd")
    found = by_deprivation(one, missing["cl09.simd"], area="Fife")
    assert found.nothing == "Not submitted, so no gap can be shown."
    hidden = by_deprivation(
        one, simd("cl09", {"2023-24": [(2, 4)] * 5}, reader="public"), area="Fife"
    )
    assert hidden.sentences == ()
    assert hidden.charts == ()
    assert hidden.nothing == "Too few people in each fifth to show. Nothing is wrong."
    assert any("Not known" in value for _, value, _ in hidden.rows)


def test_a_rate_has_a_gap_in_its_own_unit_and_no_percentage_points():
    one = indicator("cp13")
    series = simd("cp13", {"2023-24": [(60, 4000), (40, 4000), (30, 4000), (20, 4000), (8, 4000)]})
    found = by_deprivation(one, series, area="Fife")
    assert "13.0 per 1,000 higher" in found.sentences[0]
    assert changed(one, series) == ""
    assert len(found.sentences) == 1  # neither way is better, so nothing is said of the slope


def test_a_gap_of_one_year_is_of_no_way():
    one = indicator("cl09")
    assert changed(one, simd("cl09", {"2023-24": [(20, 40)] * 5})) == ""


def test_no_chart_is_made_of_nothing():
    one = indicator("cl09")
    hidden = simd("cl09", {"2023-24": [(2, 4)] * 5}, reader="public")
    period = hidden.periods[0]
    assert fifths(one, hidden, period, area="Fife") is None
    assert by_category(one, hidden, period, breakdown="simd", area="Fife", overall=None) is None
    ends = {"ends": ("5", "1"), "breakdown": "simd", "area": "Fife", "headline": "The gap"}
    assert gap_by_year(one, hidden, **ends) is None
    assert balance([], None) is None


# Over time


def drawn(code, years, **more):
    one = indicator(code)
    series = seen(code, {key: {"": told} for key, told in years.items()})[code]
    return over_time(one, series, grid="year", area="Fife", **more)


def test_a_provisional_figure_is_marked_in_the_picture_the_table_and_the_key():
    found = drawn("cp13", {"2022-23": (20, 9000), "2023-24": (22, 9000)}, provisional={"2023-24"})
    assert [row[1] for row in found.chart.rows] == ["2.2", "2.4 [p]"]
    assert ("[p]", "provisional") in found.chart.key
    assert "[p]" in found.chart.svg()
    assert any(note.startswith("Provisional: out of the people") for note in found.chart.notes)
    before = drawn("cp13", {"2022-23": (20, 9000), "2023-24": (22, 9000)})
    assert "[p]" not in before.chart.svg()


def scotland(**by_period):
    return [
        PublishedFigure("Scotland", key.strip("_").replace("_", "-"), value, None, "Statistics")
        for key, value in by_period.items()
    ]


def test_where_a_definition_changed_the_chart_breaks_and_earlier_figures_are_not_joined():
    years = {key: (20, 9000) for key in ("2021-22", "2022-23", "2023-24", "2024-25")}
    figures = scotland(_2021_22=2.0, _2022_23=2.1, _2023_24=1.9, _2024_25=1.8)
    chart = drawn("cp13", years, published=figures).chart
    (note,) = (note for note in chart.notes if "definition changed" in note)
    assert note.startswith("Figures before and from 2023/24 differ: the definition changed.")
    assert "aged under 18" in note
    assert "counted by version 2" in note
    assert "Scotland’s figures before it are left out" in note
    assert "[b]" in chart.svg()
    assert [row[2] for row in chart.rows] == ["[x]", "[x]", "1.9", "1.8"]
    alone = drawn("cp13", years).chart
    assert any("national figures changed here" in note for note in alone.notes)
    for other in ({"2023-24": (20, 9000)}, {"2021-22": (20, 9000)}):
        assert not any("definition changed" in note for note in drawn("cp13", other).chart.notes)
    assert not any("definition changed" in n for n in drawn("cl09", {"2020-21": (20, 40)}).chart
                   .notes)  # fmt: skip


def test_each_version_of_a_definition_is_told():
    said = told_of_versions(indicator("cp13"))
    assert said[0] == "Every figure here is counted by version 2, whatever its period."
    assert said[1].startswith("Version 2 holds from 2023/24. It is out of people aged under 18;")
    assert told_of_versions(indicator("cl09")) == ()


def test_the_picture_is_told_with_its_title_where_there_is_room():
    assert drawn("cl13", {"2023-24": (20, 40)}).chart.alt.startswith(
        "Line chart of in touch in Fife"
    )
    assert drawn("cl10", {"2023-24": (20, 40)}).chart.alt.startswith("Line chart, 2023/24 to ")


def test_a_series_in_which_everything_is_hidden_has_no_chart():
    one = indicator("cl09")
    series = seen("cl09", {"2023-24": {"": (2, 9)}}, reader="public")["cl09"]
    found = over_time(one, series, grid="year", area="Fife")
    assert found.chart is None
    assert "Too few points to tell" in found.verdict.text


@pytest.mark.parametrize(
    ("code", "sign"), [("cl09", "better"), ("cl11", "worse"), ("cp13", "changed")]
)
def test_points_are_signalled_by_which_way_is_better(code, sign):
    size = 9000 if code == "cp13" else 100
    years = {key: (10 if place < 6 else 60, size) for place, key in enumerate(YEARS)}
    chart = drawn(code, years).chart
    words = {"better": "real improvement", "worse": "real worsening", "changed": "something"}
    assert any(words[sign] in row[-1] for row in chart.rows)
    assert len(chart.alt) <= 150


# Sentences and cells, state by state


def test_each_state_is_said_in_words_and_by_its_symbol():
    for state, words, symbol in (
        (State.SUPPRESSED, "Too few to show", "[c]"),
        (State.NOT_AVAILABLE, "Not available", "[x]"),
        (State.NOT_SUBMITTED, "Not submitted", "[x]"),
        (State.NOT_APPLICABLE, "Does not apply, for there was nobody to count among", "[z]"),
        (State.NOT_ASKED, "Not asked", "[x]"),
    ):
        assert state_words(state) == words
        one = indicator("cl09")
        found = replace(reading(one, seen("cl09", {"2023-24": {"": (1, 2)}})["cl09"].periods[0]),
                        value=state)  # fmt: skip
        assert (
            short_value(one, found, provisional=True) == symbol
        )  # no mark after what is no figure


def said(code, told, **more):
    one = indicator(code)
    period, found = latest(one, seen(code, {"2023-24": {"": told}})[code])
    return sentence(one, period, found, "Fife", **more)


def test_none_is_said_as_none_and_a_provisional_rate_as_provisional():
    assert said("cl09", (0, 40)).endswith("(0%), none of them.")
    assert said("cp13", (0, 9000)).endswith("0.0 per 1,000 (none of 9,000 people).")
    count = next(one for one in indicators() if one.unit == "count" and one.view)
    assert said(count.code, (0, 0)).endswith("2023/24: none.")
    assert said("cp13", (20, 9000), provisional=True).endswith(
        "The figure is provisional: out of the people who lived here in an earlier year."
    )


def test_a_median_is_said_by_its_title():
    one = next(one for one in indicators() if one.shape == "median" and one.unit == "days")
    found = seen(one.code, {"2023-24": {"": (30, 30)}}, value=12.0)[one.code]
    period, got = latest(one, found)
    assert sentence(one, period, got, "Fife") == f"{one.title} in Fife, 2023/24: 12 days."


# The file


def lines_of(code, series, **more):
    found = presenters.csv_of(indicator(code), list(series.values()), **more)
    return [line.split(",") for line in found.decode("utf-8-sig").splitlines()]


def test_the_file_says_of_each_figure_what_it_is():
    years = {"2021-22": {"": (0, 9000)}, "2022-23": {"": (3, 9000)}, "2023-24": {"": (20, 9000)},
             "2024-25": {"": "not submitted"}}  # fmt: skip
    public = lines_of("cp13", seen("cp13", years, reader="public"), provisional={"2023-24"})
    by_period = {line[0]: line for line in public if line[2] == "All"}
    assert by_period["2021/22"][-1] == "none"
    assert by_period["2022/23"][-1] == "too few to show"
    assert by_period["2023/24"][-1].startswith("observed; provisional: out of the people")
    assert by_period["2024/25"][-1] == "not submitted"
    assert by_period["2024/25"][3] == "[x]"


def test_the_file_says_what_stands_as_released_before():
    held = seen("cl09", {"2023-24": {"": (20, 40)}})["cl09"]
    stands = replace(held, periods=(replace(held.periods[0], stands=True),))
    assert lines_of("cl09", {"": stands})[1][-1] == "observed; as released before"


# Home


@dataclass
class Table:
    covers_from: dt.date | None
    covers_until: dt.date | None
    extract_id: object = None
    published: int = 0
    joined: int = 0


def test_home_says_when_data_ends_and_for_which_days_each_was_supplied():
    day = dt.date(2024, 7, 31)
    held = Table(dt.date(2014, 8, 1), day, uuid4(), 10, 9)
    tables = {"register-entries": held}
    assert presenters.data_ends(tables, dt.date(2024, 9, 1)) == "31 July 2024"
    assert presenters.data_ends(tables, day) == ""
    assert presenters.data_ends({}, day) == ""
    found = {one.title: one for one in presenters.supplies(tables)}
    entries = found["Entries on the child protection register"]
    assert (entries.supplied, entries.days) == (True, "1 August 2014 to 31 July 2024")
    assert sum(one.supplied for one in found.values()) == 1


def line_of(code, series, provisional=()):
    found = Figures(None, series=series)
    themes = presenters.themes("fife", found, {code: provisional})
    return next(one for theme in themes for one in theme.lines if f"/{code}/" in one.address)


def test_a_gap_and_a_provisional_rate_stand_on_the_home_page():
    gap = indicator("cl17")
    series = seen(
        gap.of_indicator,
        {"2023-24": {"": (30, 80), gap.first: (10, 40), gap.second: (20, 40)}},
        by=gap.breakdown,
    )  # fmt: skip
    assert line_of("cl17", series).value == "-25.0 points"
    ends = {"": "not submitted", gap.first: "not submitted", gap.second: "not submitted"}
    missing = seen(gap.of_indicator, {"2023-24": ends}, by=gap.breakdown)
    assert line_of("cl17", missing).value == presenters.NOTHING
    rate = seen("cp13", {"2023-24": {"": (20, 9000)}})
    assert line_of("cp13", rate, {"2023-24"}).value == "2.2 per 1,000 [p]"
    assert line_of("cp13", rate).value == "2.2 per 1,000"


def test_rows_of_a_period_that_is_not_there_are_none():
    series = seen("cl09", {"2023-24": {"": (20, 40)}})["cl09"]
    assert presenters.category_rows(indicator("cl09"), series, "1999-00", breakdown="") == ()


def test_the_unborn_come_first_and_the_unknown_last():
    assert in_order("age", ["0-4", "not-known", "unborn"]) == ["unborn", "0-4", "not-known"]


# Ways


def test_a_way_by_setting_is_in_counts_and_leaves_out_settings_nobody_is_in():
    series = by_placement("cl09", {"2023-24": {"foster": (3, 4), "kinship": (0, 0)}})
    chart = way_by_setting(series["cl09.placement"].periods[0], title="In touch", area="Fife")
    assert isinstance(chart, Chart)
    assert [row[:3] for row in chart.rows] == [("Foster care", "3", "4")]
    hidden = by_placement("cl09", {"2023-24": {"foster": (3, 4)}}, reader="public")
    period = hidden["cl09.placement"].periods[0]
    assert way_by_setting(period, title="In touch", area="Fife") is None
    assert way(hidden["cl09.placement"], period, area="Fife") is None


# Readings at their edges


def test_a_reading_without_a_share_has_no_range_and_a_part_over_its_whole_no_value():
    count = next(one for one in indicators() if one.unit == "count" and one.view)
    assert interval_of(count, Reading(5.0, 5, 10)) is None
    one = indicator("cl09")
    period = seen("cl09", {"2023-24": {"": (20, 40)}})["cl09"].periods[0]
    bare = replace(period.shown.rows[0], of=None)
    total = replace(period.shown.total, count=cell(10))
    odd = replace(period.shown, rows=(bare,), total=total, maker=MAKER)
    assert reading(one, replace(period, shown=odd), "all").value is State.NOT_AVAILABLE


def test_a_median_of_too_few_is_hidden_from_the_public_and_none_was_submitted_is_none():
    one = next(one for one in indicators() if one.shape == "median")
    held = seen(one.code, {"2023-24": {"": (6, 6)}}, reader="public", value=12.0)[one.code]
    assert reading(one, held.periods[0]).value is State.SUPPRESSED
    missing = seen("cl09", {"2023-24": {"": "not submitted"}})["cl09"]
    assert latest(indicator("cl09"), missing) is None


def test_an_indicator_without_an_example_has_none():
    assert example_of("zz9@1") is None


def test_a_gap_of_which_an_end_is_hidden_is_too_few_to_show():
    gap = indicator("cl17")
    counts = {"": (15, 44), gap.first: (2, 4), gap.second: (13, 40)}
    series = seen(gap.of_indicator, {"2023-24": counts}, by=gap.breakdown, reader="public")
    assert line_of("cl17", series).value == "[c]"
    area = next(one for one in all_partnerships() if one.code == "fife")
    found = Explored(
        area=area, one=gap, by="", grid="year", figures=Figures(None, series=series),
        quarters=None, notes=(), published=(), key="", sees_children=False, may_annotate=False,
    )  # fmt: skip
    assert TAB_MAKERS["now"](found)["sentence"].endswith("2023/24: too few to show.")
