"""Reads about places: each figure with its vintage, none mixed, and the shared published files."""

import datetime as dt
import os
from pathlib import Path

import pytest

from sightline.access.actors import command_line
from sightline.kernel.errors import BadInput, NotFound
from sightline.partnerships import people, places, services
from sightline.partnerships.bands import Ranked, bands
from sightline.partnerships.datasets import registry
from sightline.partnerships.models import ReferenceLoad
from sightline.partnerships.queries import all_partnerships
from tests.factories.partnerships import (
    LocalityFactory,
    LocalityZoneFactory,
    PopulationFactory,
    ReferenceLoadFactory,
)
from tests.partnerships.places_made import PEOPLE, RANKS, ZONES, load_invented, rows_of

pytestmark = pytest.mark.django_db
INDEX, AREA = "invented-deprivation", "strathgarry"


@pytest.fixture(autouse=True)
def _invented(settings):
    settings.SIGHTLINE_DEMONSTRATION = True
    load_invented()


def summed(sex, first, last, zones=ZONES):
    """People straight from the file, by plain loops."""
    return sum(
        int(count)
        for row in rows_of(PEOPLE)[1:]
        if row[0] in zones and row[2] == sex
        for count in row[3 + first : 3 + last + 1]
    )


# -- zones and bands


def test_a_zone_is_found_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        found = places.zone("S01999001")
    assert found == places.Zone("S01999001", "invented", AREA, "Upper Garry")
    with pytest.raises(NotFound, match="no data zone S01099999 in the invented geography, which"):
        places.zone("S01099999")


def test_what_is_known_of_a_zone_is_told_with_its_vintage():
    facts = places.zone_facts("S01999002")
    (rank,) = facts.ranks
    (count,) = facts.people
    assert (facts.area, rank.vintage, rank.of) == ("Strathgarry", "invented", 12)
    assert count.people == summed("All", 0, 90, ["S01999002"])


def test_facts_of_a_zone_leave_out_other_geographies():
    ReferenceLoadFactory()
    ReferenceLoadFactory(dataset="population-zones-2020", vintage="mid-2020")
    facts = places.zone_facts("S01999002")
    assert (len(facts.ranks), len(facts.people)) == (1, 1)


def test_bands_by_zones_by_people_of_the_index_and_by_people_of_a_year():
    rows = [(row[0], int(row[5]), int(row[3])) for row in rows_of(RANKS)[1:]]
    by_zones = places.bands(INDEX, number=4)
    assert dict(by_zones.of) == {zone: -(-rank * 4 // 12) for zone, rank, _ in rows}
    assert by_zones.weighting == "equal shares of data zones"
    by_index = places.bands(INDEX, number=4, weighting=places.Weighting("index"))
    weighed = bands([Ranked(zone, rank, weight) for zone, rank, weight in rows], 4)
    assert dict(by_index.of) == weighed
    assert by_index.weighting == "equal shares of people, as the index counted them (made up)"
    by_year = places.bands(INDEX, number=4, weighting=places.Weighting("year", 2025))
    counts = {zone: summed("All", 0, 90, [zone]) for zone in ZONES}
    assert dict(by_year.of) == bands([Ranked(z, r, counts[z]) for z, r, _ in rows], 4)
    assert by_year.weighting == "equal shares of people, mid-2025, invented"
    for scope in ("council", "health-board"):
        assert dict(places.bands(INDEX, number=4, scope=scope).of) == dict(by_zones.of)


def test_bands_that_cannot_be_made_say_why():
    with pytest.raises(NotFound, match="No population of data zones of mid-2024 is loaded"):
        places.bands(INDEX, weighting=places.Weighting("year", 2024))
    with pytest.raises(NotFound, match=r"Scottish Index .* is not loaded here. Get it from"):
        places.bands("simd-2020v2")
    with pytest.raises(BadInput, match="'parish' is no scope"):
        places.bands(INDEX, scope="parish")
    with pytest.raises(NotFound, match="no data zone S01000000 in this index"):
        _ = places.bands(INDEX)["S01000000"]
    for by, year in (("year", 0), ("zones", 2020)):
        with pytest.raises(BadInput, match="need the year, and no others do"):
            places.Weighting(by, year)
    with pytest.raises(NotFound, match="ranks no data zone of fife"):
        places.ranks("fife", INDEX)


def test_bands_by_people_need_a_count_of_every_zone():
    load = ReferenceLoad.objects.get(dataset="invented-population")
    load.populations.filter(place="S01999001").delete()
    ReferenceLoad.objects.filter(pk=load.pk).update(sha256="0" * 64)
    with pytest.raises(BadInput, match="1 data zones have no count of people"):
        places.bands(INDEX, weighting=places.Weighting("year", 2025))


def test_an_index_without_its_zones_is_refused():
    ReferenceLoadFactory()
    with pytest.raises(NotFound, match="The data zones of the 2011 geography are not loaded"):
        places.bands("simd-2020v2")


@pytest.mark.parametrize(
    ("day", "version", "note"),
    [
        ("2016-08-01", "simd-2016", ""),
        ("2019-07-31", "simd-2016", ""),
        ("2019-08-01", "simd-2020v2", "No version is meant for 2019/20; the nearest is 2020v2"),
        ("2020-08-01", "simd-2020v2", ""),
        ("2031-01-01", "simd-2020v2", ""),
        ("2014-12-31", "simd-2016", "the nearest is 2016, meant for 2016/17 to 2018/19"),
    ],
)
def test_the_version_is_that_of_the_school_year_of_the_event(day, version, note):
    found = places.version_for(dt.date.fromisoformat(day))
    assert found.dataset == version
    assert note in found.note
    assert bool(found.note) == bool(note)


def test_a_geography_without_an_index_says_so():
    with pytest.raises(NotFound, match="No index of deprivation is defined for the 2022 geography"):
        places.version_for(dt.date(2024, 1, 1), geography="2022")


# -- population


def test_population_is_counted_by_age_and_sex_from_the_rows():
    found = people.population(AREA, year=2025, ages=(0, 17))
    assert found.people == summed("All", 0, 17)
    assert (found.year, found.vintage, found.note) == (2025, "mid-2025, invented", "")
    assert found.made_from == "12 data zones added up"
    girls = people.population(AREA, year=2025, sex="female", ages=(5, 90))
    assert girls.people == summed("Female", 5, 90)
    assert people.population(AREA, year=2025).people == summed("All", 0, 90)


def test_a_year_that_is_not_held_is_an_error_and_the_nearest_says_so():
    with pytest.raises(NotFound, match=r"No population of mid-2024 is loaded\. Loaded are: 2025\."):
        people.population(AREA, year=2024)
    near = people.nearest_population(AREA, year=2024, ages=(0, 15))
    assert (near.year, near.note) == (2025, "Of mid-2025, the nearest year held to 2024.")
    assert people.nearest_population(AREA, year=2025).note == ""
    with pytest.raises(NotFound, match="None is loaded yet"):
        people.nearest_population("fife", year=2024)


def test_invented_people_are_never_counted_among_real_ones():
    with pytest.raises(NotFound, match="No population of mid-2025 is loaded"):
        people.population("fife", year=2025)


@pytest.mark.parametrize("ages", [(5, 4), (-1, 4), (0, 91)])
def test_ages_that_cannot_be_counted_are_refused(ages):
    with pytest.raises(BadInput, match="of which 90 is 90 and over"):
        people.population(AREA, year=2025, ages=ages)


def test_council_figures_come_first_and_say_what_they_cannot_tell():
    PopulationFactory()
    found = people.population("fife", year=2022, ages=(0, 9))
    assert (found.people, found.made_from) == (100, "figures for the council area")
    with pytest.raises(NotFound, match="it does not tell the sexes apart"):
        people.population("fife", year=2022, sex="male")
    with pytest.raises(NotFound, match="it has no row for it"):
        people.population("angus", year=2022)
    with pytest.raises(NotFound, match="does not tell the sexes"):
        people.nearest_population("fife", year=2022, sex="male")


def test_totals_alone_tell_no_ages():
    load = ReferenceLoadFactory(dataset="population-councils-2022", vintage="mid-2022")
    PopulationFactory(load=load, ages=None)
    assert people.population("fife", year=2022).people == 910
    with pytest.raises(NotFound, match="it gives totals alone, and no ages"):
        people.population("fife", year=2022, ages=(0, 17))
    with pytest.raises(NotFound, match="No population of Fife by age is loaded"):
        people.latest_population_by_age("fife")


def test_broad_ages_come_to_everybody():
    total, by_age = people.latest_population_by_age(AREA)
    assert total.people == sum(number for _, number in by_age) == summed("All", 0, 90)
    edges = [age for ages, _ in by_age for age in range(ages[0], ages[1] + 1)]
    assert edges == list(range(91))


def test_a_locality_is_counted_as_it_was_drawn_on_a_day():
    isles = LocalityFactory(partnership=AREA, name="The Isles")
    day = dt.date(2026, 1, 1)
    with pytest.raises(NotFound, match="No data zone lies in The Isles on 2026-01-01"):
        people.population_of_locality(isles, on=day, year=2025)
    for code, last in ((ZONES[9], None), (ZONES[10], day), (ZONES[11], dt.date(2025, 12, 31))):
        LocalityZoneFactory(locality=isles, partnership=AREA, zone=code, last=last)
    found = people.population_of_locality(isles, on=day, year=2025, ages=(0, 17))
    assert found.people == summed("All", 0, 17, ZONES[9:11])
    assert found.made_from == "2 data zones added up, as the locality was on 2026-01-01"
    with pytest.raises(NotFound, match="No population of data zones of mid-2020 is loaded"):
        people.population_of_locality(isles, on=day, year=2020)


def test_a_locality_of_zones_without_people_says_so():
    fife = LocalityFactory()
    LocalityZoneFactory(locality=fife)
    PopulationFactory()
    with pytest.raises(NotFound, match="No population of data zones of mid-2022 is loaded"):
        people.population_of_locality(fife, on=dt.date(2026, 1, 1), year=2022)
    ReferenceLoadFactory(dataset="population-zones-2020", vintage="mid-2020")
    with pytest.raises(NotFound, match="That cannot be told of Locality"):
        people.population_of_locality(fife, on=dt.date(2026, 1, 1), year=2020)


# -- the published files


@pytest.fixture
def _published():
    shared = os.environ.get("SIGHTLINE_SHARED")
    if not shared:
        pytest.skip("SIGHTLINE_SHARED is not set, so the published files are not at hand")
    folder = Path(shared) / "data"
    for name in (
        "simd/SIMD_2020v2_ranks.csv",
        "population/mid2020_datazone_single_year_age_sex.csv",
        "population/mid2021_datazone_total.csv",
        "population/mid2022_council_area_single_year_age_persons.csv",
    ):
        services.load_reference(actor=command_line(), file=folder / name)


@pytest.mark.usefixtures("_published")
def test_the_published_files_come_to_what_is_published():
    south = places.ranks("south-lanarkshire", "simd-2020v2")
    assert (len(south.by_zone), south.of) == (431, 6976)
    assert south.in_most_deprived(20) == 88
    # 62 and 19, printed in a report of 2020, are not of this version: see M-03.
    assert (south.in_most_deprived(15), south.in_most_deprived(5)) == (60, 20)
    fifths = places.bands("simd-2020v2")
    assert sum(fifths[zone] == 1 for zone in south.by_zone) == 88
    assert sorted(fifths.of.values()).count(1) == 1395
    assert places.zone("S01013390").partnership == "west-lothian"
    isles = places.ranks("na-h-eileanan-siar", "simd-2020v2")
    assert len(isles.by_zone) == 36

    north = people.population("north-lanarkshire", year=2021)
    assert (north.people, north.made_from) == (341_400, "447 data zones added up")
    assert people.population("north-lanarkshire", year=2022).people == 340_930
    with pytest.raises(NotFound, match="it gives totals alone"):
        people.population("north-lanarkshire", year=2021, ages=(0, 17))
    boards = places.bands("simd-2020v2", scope="health-board", weighting=places.Weighting("index"))
    assert set(boards.of.values()) == {1, 2, 3, 4, 5}
    whole = sum(
        people.population(one.code, year=2020).people
        for one in all_partnerships()
        if not one.invented
    )
    assert whole == 5_466_000


def test_every_definition_is_of_a_kind_that_can_be_loaded():
    assert {one.kind.value for one in registry()} == {
        "deprivation", "zone-population", "council-population"
    }  # fmt: skip
