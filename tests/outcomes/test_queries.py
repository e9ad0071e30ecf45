"""Figures as measures, notes and clocks of a build; readings in every unit."""

import datetime as dt

import pytest

from sightline.kernel.errors import NotFound, NotPermitted
from sightline.kernel.measures import State, Unit
from sightline.outcomes import queries
from sightline.outcomes.definitions import indicator, indicators
from sightline.outcomes.permissions import get_measure_for
from sightline.outcomes.presenters_gap import points_of_gap
from sightline.outcomes.reading import Reading, interval_of, latest, reading
from sightline.outcomes.wording import number, sentence, short_value, value_words
from sightline.partnerships.queries import find
from sightline.releases import queries as releases
from sightline.releases.queries import open_series
from tests.factories.access import UserFactory, assign
from tests.factories.outcomes import (
    Child,
    analyst,
    folder_of,
    indicator_rows,
    published_build,
    reviewed,
    row_of,
    rows_of,
)  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _state(settings, tmp_path):
    settings.SIGHTLINE_STATE = tmp_path / "state"


def member(key="fife"):
    return assign(UserFactory(), "elected-member", "partnership", key)


def of_children(code, size, counted, **parts):
    one = indicator(code)
    held = [Child(f"C{n}", parts, n < counted) for n in range(size)]
    return one, list(rows_of(one, {"2023-24": held}))


def test_a_measure_is_what_somebody_may_be_shown_of_a_figure():
    results, members = indicator_rows(["la10"], years=(2023,), size=200)
    made = reviewed(published_build(results, members, actor=analyst()))
    found = get_measure_for(member(), "fife/la10@2023-24")
    assert (found.unit, found.base, found.state) == (Unit.PER_CENT, 200, State.OBSERVED)
    assert found.definition == "la10@1"
    assert found.source == f"fife, build {made.number}"
    assert found.as_of == dt.date(2024, 7, 31)
    part = get_measure_for(member(), "fife/la10.placement=foster@2023-24")
    assert part.base < 200
    for reference in ("fife/la10@1999-00", "fife/la05@2023-24"):
        with pytest.raises(NotFound):
            get_measure_for(member(), reference)
    with pytest.raises(NotFound):
        get_measure_for(member("angus"), "fife/la10@2023-24")
    with pytest.raises(NotPermitted):
        get_measure_for(member(), "fife/la10@2023-24", profile="operational")


def test_a_small_count_is_hidden_from_the_public_and_flagged_to_a_committee():
    _, rows = of_children("la10", 60, 3, placement="foster")
    reviewed(published_build(rows, actor=analyst()))
    assert get_measure_for(member(), "fife/la10@2023-24").state is State.SUPPRESSED
    chief = assign(UserFactory(), "chief-officer", "partnership", "fife")
    series = queries.figures(chief, find("fife"), ["la10"]).series["la10"]
    held = reading(indicator("la10"), series.periods[0])
    assert (held.count, held.small) == (3, True)
    assert get_measure_for(chief, "fife/la10@2023-24").value == 5.0


def test_a_zero_is_a_zero_and_what_was_not_submitted_is_none():
    one, rows = of_children("la10", 60, 0, placement="foster")
    rows += list(rows_of(one, {"2022-23": None}))
    published_build(rows)
    officer = analyst()
    assert get_measure_for(officer, "fife/la10@2023-24").state is State.TRUE_ZERO
    series = queries.figures(officer, find("fife"), ["la10"]).series["la10"]
    assert reading(one, series.periods[0]).value is State.NOT_SUBMITTED
    assert latest(one, series)[0].key == "2023-24"
    assert reading(one, series.periods[0], "odd").value is State.NOT_AVAILABLE


def test_a_rate_is_of_the_population_and_hidden_where_its_count_is():
    one = next(i for i in indicators() if i.out_of == "population")
    for code, counted, state in ((one.code, 30, State.OBSERVED), (one.code, 3, State.SUPPRESSED)):
        held = [Child(f"C{n}", {}, True) for n in range(counted)]
        reviewed(published_build([row_of(one, "2023-24", "", "", held)], actor=analyst()))
        found = get_measure_for(member(), f"fife/{code}@2023-24")
        assert found.state is state
    series = queries.figures(analyst(), find("fife"), [one.code]).series[one.code]
    got = reading(one, series.periods[0])
    assert got.number == pytest.approx(3 * one.multiplier / 20_000)
    assert interval_of(one, got).low < got.number < interval_of(one, got).high
    assert "people)" in sentence(one, series.periods[0], got, "Fife")


def test_a_gap_is_worked_out_from_what_is_shown_of_the_shares():
    gap = next(i for i in indicators() if i.shape == "gap")
    share = indicator(gap.of_indicator)
    ends = [
        row_of(share, "2023-24", gap.breakdown, category, held)
        for category, held in (
            (gap.first, [Child(f"A{n}", {gap.breakdown: gap.first}, n < 30) for n in range(60)]),
            (gap.second, [Child(f"B{n}", {gap.breakdown: gap.second}, n < 12) for n in range(60)]),
        )
    ]
    everybody = [Child(f"X{n}", {}, n < 42) for n in range(120)]
    rows = [row_of(share, "2023-24", "", "", everybody), *ends]
    published_build(rows)
    opened = queries.figures(analyst(), find("fife"), [f"{share.code}.{gap.breakdown}"])
    (series,) = opened.series.values()
    ((_, found),) = points_of_gap(gap, share, series)
    assert found.number == pytest.approx(30.0)


@pytest.mark.parametrize(
    ("unit", "value", "written"),
    [
        ("per_cent", 49.5, "50%"),
        ("per_1000", 1.44, "1.4 per 1,000"),
        ("per_10000", 144.4, "144 per 10,000"),
        ("days", 12.0, "12 days"),
        ("days", 12.5, "12.5 days"),
        ("count", 1204.0, "1,204"),
    ],
)
def test_values_are_written_with_their_unit(unit, value, written):
    one = indicator("la10").model_copy(update={"unit": unit})
    assert number(one, value) == written
    assert short_value(one, Reading(value)) == written


@pytest.mark.parametrize(
    ("state", "short", "words"),
    [
        (State.SUPPRESSED, "[c]", "too few to show"),
        (State.NOT_SUBMITTED, "[x]", "not submitted"),
        (State.NOT_APPLICABLE, "[z]", "does not apply, for there was nobody to count among"),
    ],
)
def test_what_has_no_value_says_why(state, short, words):
    one = indicator("la10")
    assert short_value(one, Reading(state)) == short
    assert value_words(one, Reading(state)) == words
    assert interval_of(one, Reading(state)) is None


def test_a_share_in_a_sentence_has_its_word_only_of_enough_people():
    _, rows = of_children("la10", 60, 45, placement="foster")
    _, few = of_children("la10", 12, 9, placement="foster")
    few = [{**row, "period": "2022-23"} for row in few]
    published_build(few + rows)
    series = queries.figures(analyst(), find("fife"), ["la10"]).series["la10"]
    one = indicator("la10")
    said = [sentence(one, p, reading(one, p), "Fife") for p in series.periods]
    assert said[0].endswith("9 of 12 children who have been looked after for 30 months on the "
                            "last day (75%).")  # fmt: skip
    assert said[1].endswith("(75%), the majority of them.") or "of them." in said[1]
    assert value_words(one, reading(one, series.periods[1])) == "45 of 60 (75%)"


def test_figures_are_those_of_the_current_build_and_opening_exact_ones_is_recorded():
    from sightline.access.models import AuditEvent

    results, _ = indicator_rows(["la10"], years=(2023,), size=60)
    published_build(results)
    officer = analyst()
    found = queries.figures(officer, find("fife"), ["la10", "la99"])
    assert list(found.series) == ["la10"]
    assert AuditEvent.objects.filter(actor=officer.audit_name, verb="figures.read").count() == 1
    with pytest.raises(NotFound):
        releases.shown_series(officer, "outcomes:fife-year", "la99")
    source = "outcomes:fife-year"
    assert releases.shown_series(officer, source, "la10").categories == (("all", "All"),)
    assert open_series(officer, source, ["la10"]).profile.code == "operational"


def test_what_a_build_s_folder_lacks_is_not_there_and_breaks_nothing():
    build = published_build([])
    assert queries.clocks(build) == ()
    assert queries.published_figures(build, ["la10"]) == []
    for path in folder_of(build).iterdir():
        path.rmdir()
    folder_of(build).rmdir()
    assert queries.clocks(build) == ()
    assert queries.published_figures(build, ["la10"]) == []
