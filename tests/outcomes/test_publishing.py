"""From a build's results to declared series: names of lines, links, states, both grids."""

import datetime as dt

import pytest

from sightline.access.actors import command_line
from sightline.kernel.measures import State
from sightline.outcomes import publishing
from sightline.outcomes.definitions import indicator, indicators
from sightline.outcomes.measures.publishing import lines_of, links, published
from sightline.outcomes.measures.publishing_journeys import journeys
from sightline.releases import queries as releases
from sightline.releases.models import LedgerEntry, ProtectedTable
from sightline.stats.disclosure import Inside, Parts, Slice
from tests.factories.outcomes import (
    Child,
    analyst,
    indicator_rows,
    published_build,
    reviewed,
    row_of,
    rows_of,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _state(settings, tmp_path):
    settings.SIGHTLINE_STATE = tmp_path / "state"


def of(code, rows):
    one = indicator(code)
    return published(rows, {one.key: one}, area="fife", vintage="build 1")


def shown(rows, code="la10", profile="operational"):
    """The series of an indicator after its rows were published."""
    build = published_build(rows)
    found = releases.latest(publishing.source_of("fife", "year"), f"build {build.number}")
    return {one.code: one for one in releases.series_of(found, profile)}


# What lines have to do with each other


def test_indicators_of_one_base_share_its_name_and_parts_of_it_are_linked():
    first, second = (lines_of(indicator(code)) for code in ("la05", "la07"))
    assert first[1] == second[1]
    assert first[0] != second[0]
    found = list(links(indicators()))
    assert Inside(lines_of(indicator("la06"))[0], lines_of(indicator("la05"))[0]) in found
    parts = [link for link in found if isinstance(link, Parts) and link.whole == first[1]]
    assert any({first[0], second[0]} <= set(link.parts) for link in parts)
    assert any(isinstance(link, Slice) and link.line == second[0] for link in found)


def test_what_reads_no_view_has_lines_of_its_own():
    names = {lines_of(one) for one in indicators() if not one.view}
    assert len(names) == sum(not one.view for one in indicators())


# From results to series


def test_a_series_holds_each_period_with_people_base_and_families():
    results, _ = indicator_rows(["la10"], years=(2022, 2023), size=60)
    found = of("la10", results)
    head, by = found.series
    assert (head.code, by.code) == ("la10", "la10.placement")
    assert head.periods == ("2022-23", "2023-24")
    assert (head.line, head.base) == (by.line, by.base) == lines_of(indicator("la10"))
    assert head.tables[0].measure
    assert head.whole
    assert by.whole
    assert [code for code, _ in by.tables[0].categories] == [
        "home", "kinship", "foster", "other-community", "residential",
    ]  # fmt: skip
    assert by.tables[0].title == "In the same place for two years, by care setting"


@pytest.mark.django_db
def test_what_was_not_submitted_is_said_and_is_no_zero():
    one = indicator("la10")
    children = [Child(f"C{n}", {"placement": "foster"}, n % 2 == 0) for n in range(40)]
    series = shown(list(rows_of(one, {"2022-23": None, "2023-24": children})))
    gap, held = series["la10"].periods
    assert gap.shown.total.count.value == 0 or gap.shown.rows[0].count.state is State.NOT_SUBMITTED
    assert gap.shown.rows[0].count.text == "[x]"
    assert held.shown.rows[0].count.value == 20


@pytest.mark.django_db
def test_those_in_no_category_are_added_as_not_known():
    one = indicator("la10")
    children = [
        Child(f"C{n}", {"placement": "foster" if n < 30 else "none"}, True) for n in range(40)
    ]
    series = shown(list(rows_of(one, {"2023-24": children})))
    rows = {row.code: row for row in series["la10.placement"].periods[0].shown.rows}
    assert rows["not-known"].count.value == rows["not-known"].of.value == 10
    assert rows["foster"].count.value == 30


def test_categories_that_overlap_are_not_taken_for_parts_of_everybody():
    one = indicator("la10")
    children = [Child(f"C{n}", {"placement": "foster"}, True) for n in range(40)]
    rows = list(rows_of(one, {"2023-24": children}))
    rows.append({**rows[-1], "category": "kinship", "counted": 9, "of": 9, "people": 9})
    (by,) = (s for s in of("la10", rows).series if s.code == "la10.placement")
    assert not by.whole


@pytest.mark.django_db
def test_a_median_is_kept_beside_and_shown_only_of_enough_people():
    one = next(i for i in indicators() if i.shape == "median")
    few = [Child(f"C{n}", {}, True) for n in range(6)]
    many = [Child(f"C{n}", {}, True) for n in range(30)]
    rows = [row_of(one, key, "", "", held) for key, held in (("2022-23", few), ("2023-24", many))]
    build = reviewed(published_build(rows, actor=analyst()))
    found = releases.latest(publishing.source_of("fife", "year"), f"build {build.number}")
    for profile, first in (("operational", {"": 12.0, "all": 12.0}), ("public", {})):
        (series,) = releases.series_of(found, profile)
        assert dict(series.periods[0].values) == first
        assert series.periods[1].values[""] == 12.0


def test_a_gap_is_not_declared_and_figures_of_nobody_are_given_as_they_are():
    gap = next(i for i in indicators() if i.shape == "gap")
    balance = next(i for i in indicators() if i.shape == "balance")
    rows = [row_of(one, "2023-24", "", "", []) for one in (gap, balance)]
    rows[1] |= {"counted": 3, "of": 9, "value": 33.0, "people": None}
    (only,) = published(rows, {gap.key: gap, balance.key: balance}, area="fife", vintage="1").series
    assert only.code == balance.code
    assert only.beside[0].published
    assert only.beside[0].values[""] == 33.0


def test_of_an_indicator_nobody_defines_nothing_is_declared():
    results, _ = indicator_rows(["la10"], years=(2023,), size=20)
    assert published(results, {}, area="fife", vintage="1").series == ()


# Both grids, and undoing


@pytest.mark.django_db
def test_years_are_declared_for_all_readers_and_quarters_for_those_who_see_everything():
    results, members = indicator_rows(["la10", "cp18"], years=(2023,), size=80)
    one = indicator("cp18")
    children = [Child(f"C{n}", {}, n < 9) for n in range(20)]
    build = published_build(results, members, quarters=list(rows_of(one, {"2023-24 Q1": children})))
    profiles = {
        grid: set(
            ProtectedTable.objects.filter(
                table_set__source=publishing.source_of("fife", grid)
            ).values_list("profile", flat=True)
        )
        for grid in ("year", "quarter")
    }
    assert profiles["year"] == {"operational", "committee-private", "public", "research"}
    assert profiles["quarter"] == {"operational", "committee-private"}
    rows = ProtectedTable.objects.filter(profile="public")
    lines = LedgerEntry.objects.filter(sdc_profile="public", kind="released")
    assert rows.count() == lines.count() > 5
    publishing.take_back(command_line(), build)
    for grid in ("year", "quarter"):
        assert releases.latest(publishing.source_of("fife", grid)) is None
    publishing.take_back(command_line(), build)


@pytest.mark.django_db
def test_a_build_without_figures_declares_nothing():
    build = published_build([])
    assert releases.latest(publishing.source_of("fife", "year"), f"build {build.number}") is None


@pytest.mark.django_db
def test_a_build_is_protected_ahead_of_its_publication_and_then_forgotten():
    results, _ = indicator_rows(["la10"], years=(2023,), size=60)
    build, actor = published_build(results, declare=False), analyst()
    publishing.prepare(actor, build)
    assert build.pk in publishing._prepared
    publishing.publish(actor, build)
    assert build.pk not in publishing._prepared
    found = releases.latest(publishing.source_of("fife", "year"), f"build {build.number}")
    assert found.title == f"Outcomes by year, Fife, build {build.number}"
    publishing.prepare(actor, build)
    publishing.forget(build)
    assert build.pk not in publishing._prepared


@pytest.mark.django_db
def test_a_build_of_gaps_alone_declares_nothing():
    gap = next(i for i in indicators() if i.shape == "gap")
    build = published_build([row_of(gap, "2023-24", "", "", [])])
    assert releases.latest(publishing.source_of("fife", "year"), f"build {build.number}") is None


def steps_of(*rows):
    """Rows of a build: cohort, age, step, setting, how many of how many."""
    names = ("cohort", "age", "step", "by_placement", "people", "of")
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_ways_through_care_are_series_of_steps_with_cohorts_as_periods():
    rows = steps_of(
        *(
            (cohort, age, step, by, 8, 12)
            for cohort in ("2018-19", "2019-20")
            for age in (15, 19)
            for step in ("in-touch", "home", "odd")
            for by in ("", "foster")
        )
    )
    series, _ = journeys(rows, area="fife", vintage="build 1")
    assert [one.code for one in series] == [
        "journey.in-touch", "journey.in-touch.15", "journey.in-touch.19",
        "journey.home", "journey.home.15", "journey.home.19",
    ]  # fmt: skip
    first = series[0]
    assert first.periods == ("2018-19", "2019-20")
    assert not first.whole
    assert first.tables[0].population.first == dt.date(2018, 8, 1)
    assert [label for _, label in first.tables[0].categories] == ["At 15", "At 19"]


def test_a_step_at_an_age_by_care_setting_is_a_slice_of_the_step_by_age():
    rows = steps_of(
        ("2018-19", 19, "home", "", 11, 15),
        ("2018-19", 19, "home", "residential", 3, 5),
        ("2018-19", 19, "home", "foster", 8, 10),
        ("2019-20", 19, "home", "", 4, 9),
        ("2019-20", 19, "home", "foster", 4, 9),
    )
    (head, by), found = journeys(rows, area="fife", vintage="build 1")
    assert by.title == "In a settled home at 19, by care setting"
    assert by.whole
    assert [code for code, _ in by.tables[1].categories] == ["foster", "residential"]
    assert found == (
        Slice(by.line, head.line, "Age", ("19",)), Slice(by.base, head.base, "Age", ("19",)),
    )  # fmt: skip
    assert len({head.line, head.base, by.line, by.base}) == 4
