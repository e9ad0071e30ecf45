"""Deprivation, locality and population around the children of an area, kept in its build."""

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.outcomes import surroundings as around
from tests.partnerships.places_made import ZONES, load_invented

TODAY = dt.date(2026, 11, 20)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2040, 1, 1))


def pieces(spans: list[around.Span]) -> None:
    """They follow each other without a gap, from the first day there is to the last."""
    assert spans[0][0] == around.LONG_AGO
    assert spans[-1][1] == around.FAR_OFF
    for (_, last), (first, _) in pairwise(spans):
        assert first == last + dt.timedelta(days=1)


@given(st.lists(st.tuples(DAYS, DAYS).map(sorted).map(tuple), max_size=4, unique=True))
def test_spans_are_made_whole(drawn: list[around.Span]) -> None:
    apart: list[tuple[str, around.Span]] = []
    for number, span in enumerate(sorted(drawn)):
        if not apart or span[0] > apart[-1][1][1]:
            apart.append((f"{number}", span))
    made = around.whole(apart)
    pieces([span for _, span in made])
    assert [one for one in made if one[0]] == apart


def test_a_division_laid_over_another_keeps_every_day_once() -> None:
    day = dt.date(2016, 4, 1)
    one = around.whole([("a", (dt.date(2015, 1, 1), day))])
    other = around.whole([("x", (day, dt.date(2020, 1, 1)))])
    made = list(around.cut(one, other))
    pieces([span for *_, span in made])
    assert ("a", "x", (day, day)) in made


def test_versions_of_the_index_follow_each_other() -> None:
    spans = around.version_spans(TODAY, geography="2011")
    pieces([span for _, span in spans])
    codes = dict(spans)
    assert codes["simd-2016"][1] < codes["simd-2020v2"][0]
    assert len(codes) == len(spans)
    assert around.version_spans(dt.date(2001, 1, 1), geography="2011")[-1][1][1] == around.FAR_OFF


@pytest.mark.django_db
def test_zones_have_their_fifth_and_locality_on_every_day(settings: Any) -> None:
    settings.SIGHTLINE_DEMONSTRATION = True
    load_invented()
    table = around.places_table([*ZONES, "S01000001"], today=TODAY).to_pylist()
    by_zone = {zone: [row for row in table if row["zone"] == zone] for zone in ZONES}
    for rows in by_zone.values():
        pieces([(row["first"], row["last"]) for row in rows])
    now = {
        zone: next(row for row in rows if row["first"] <= TODAY <= row["last"])
        for zone, rows in by_zone.items()
    }
    assert {row["simd"] for row in now.values()} == {"1", "2", "3", "4", "5"}
    unknown = [row for row in table if row["zone"] == "S01000001"]
    assert [(row["simd"], row["locality"]) for row in unknown] == [(None, None)]


@pytest.mark.django_db
def test_population_is_given_by_single_year_of_age_where_it_is_held(settings: Any) -> None:
    settings.SIGHTLINE_DEMONSTRATION = True
    load_invented()
    rows = list(around.population_rows("strathgarry", range(2018, 2027)))
    years = {year for year, *_ in rows}
    assert years
    assert years < set(range(2018, 2027))
    held = {(year, sex, age, fifth): people for year, sex, age, to, people, fifth in rows}
    assert all(age == to for _, _, age, to, _, _ in rows)
    for year in years:
        for age in range(around.OLDEST + 1):
            whole = held[year, "persons", age, ""]
            assert held[year, "female", age, ""] + held[year, "male", age, ""] == whole
            assert sum(held[year, "persons", age, fifth] for fifth in "12345") == whole


def test_spans_that_reach_from_the_first_day_to_the_last_leave_nothing_out() -> None:
    always = (around.LONG_AGO, around.FAR_OFF)
    assert around.whole([("a", always)]) == [("a", always)]
    assert around.whole([]) == [(None, always)]


def test_an_index_that_is_not_defined_or_not_loaded_gives_no_fifth() -> None:
    assert around._fifths("1871", TODAY) == []
    assert around._quintiles("simd-1871") == {}


@pytest.mark.django_db
def test_a_zone_whose_index_is_not_loaded_has_its_locality_and_no_fifth(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SIGHTLINE_DEMONSTRATION = True
    load_invented()
    monkeypatch.setattr(around, "_quintiles", lambda _: {})
    named = {zone: [("North", (around.LONG_AGO, around.FAR_OFF))] for zone in ZONES}
    monkeypatch.setattr(around, "_localities", lambda _: named)
    rows = around.places_table(ZONES, today=TODAY).to_pylist()
    assert {row["simd"] for row in rows} == {None}
    assert {row["locality"] for row in rows} == {"North"}


@pytest.mark.django_db
def test_localities_of_a_zone_are_told_with_their_days() -> None:
    from tests.factories.partnerships import LocalityZoneFactory

    held = LocalityZoneFactory(zone="S01000001", last=None)
    found = around._localities(["S01000001"])
    assert found == {"S01000001": [(held.locality.name, (held.first, around.FAR_OFF))]}
