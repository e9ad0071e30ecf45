"""Loading reference data: whole or not at all, once, replaced only with a reason."""

import json

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from sightline.access.actors import command_line
from sightline.access.models import AuditEvent
from sightline.kernel.errors import BadInput, Faults, NotAllowed, NotFound, NotPermitted
from sightline.partnerships import places, services
from sightline.partnerships.models import (
    DataZone,
    DeprivationRank,
    LocalityZone,
    Population,
    ReferenceLoad,
)
from tests.factories.access import UserFactory, assign
from tests.factories.partnerships import (
    DataZoneFactory,
    DeprivationRankFactory,
    LocalityFactory,
    PopulationFactory,
    ReferenceLoadFactory,
    ReplacedRowFactory,
)
from tests.partnerships.places_made import PEOPLE, RANKS, load_invented, rows_of, written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _demonstration(settings):
    settings.SIGHTLINE_DEMONSTRATION = True


def load(path, **more):
    return services.load_reference(actor=command_line(), file=path, **more)


def counted():
    models = (ReferenceLoad, DataZone, DeprivationRank, Population)
    return [model._default_manager.count() for model in models]


def test_a_file_is_loaded_once_and_the_load_is_the_record(tmp_path):
    done = load(written(tmp_path, RANKS))
    assert (done.dataset, done.rows, done.changed, done.replaced) == (
        "invented-deprivation", 12, True, "",
    )  # fmt: skip
    load(written(tmp_path, PEOPLE))
    assert counted() == [2, 12, 12, 24]
    line = AuditEvent.objects.filter(verb="reference.loaded").first()
    assert line.target == "reference:invented-deprivation"
    assert line.after["rows"] == 12
    assert not AuditEvent.objects.filter(verb="row.added", target__contains="datazone").exists()

    again = load(written(tmp_path, RANKS))

    assert not again.changed
    assert counted() == [2, 12, 12, 24]


def test_only_those_who_may_load_for_everybody_load(tmp_path):
    path = written(tmp_path, RANKS)
    stranger = UserFactory()
    member = assign(UserFactory(), "elected-member", "partnership", "fife")
    here = assign(UserFactory(), "inspection-analyst", "inspection", "fife-2026")
    with pytest.raises(NotFound):
        services.load_reference(actor=stranger, file=path)
    for colleague in (member, here):
        with pytest.raises(NotPermitted):
            services.load_reference(actor=colleague, file=path)
    assert counted() == [0, 0, 0, 0]
    analyst = assign(UserFactory(), "inspection-analyst", "national", "scotland")
    services.load_reference(actor=analyst, file=path)
    assert ReferenceLoad.objects.get().loaded_by == analyst.audit_name


def test_another_file_of_the_same_vintage_needs_a_reason_and_the_old_is_kept(tmp_path):
    load(written(tmp_path, RANKS))

    def swap(rows):
        rows[1][5], rows[2][5] = rows[2][5], rows[1][5]

    other = written(tmp_path, RANKS, swap)
    with pytest.raises(NotAllowed, match=r"is loaded from another file: strathgarry.*--replace"):
        load(other)
    before = places.ranks("strathgarry", "invented-deprivation").by_zone

    done = load(other, replace_because=" Revised in May ")

    assert done.replaced == RANKS
    assert counted() == [2, 24, 24, 0]
    old = ReferenceLoad.objects.exclude(replaced_at=None).get()
    assert (old.replaced_reason, old.replaced_by) == ("Revised in May", command_line().audit_name)
    after = places.ranks("strathgarry", "invented-deprivation").by_zone
    assert after["S01999001"] == before["S01999002"]
    assert places.zone("S01999001").partnership == "strathgarry"


def test_a_file_that_names_the_zones_may_say_anew_where_one_lies(tmp_path):
    load(written(tmp_path, RANKS))
    moved = written(tmp_path, RANKS, lambda rows: rows[1].__setitem__(2, "Fife"))
    load(moved, replace_because="The border was moved")
    assert places.zone("S01999001").partnership == "fife"
    other = written(tmp_path, RANKS, lambda rows: rows[1].__setitem__(0, "S01999099"))
    with pytest.raises(Faults, match="there is no data zone S01999099"):
        load(other, replace_because="Other zones")


def test_people_are_placed_in_zones_that_are_there(tmp_path):
    with pytest.raises(Faults, match="the invented geography are not loaded yet"):
        load(written(tmp_path, PEOPLE))
    load(written(tmp_path, RANKS))

    def one_elsewhere(rows):
        for row in rows[4:7]:
            row[0] = "S01999099"

    with pytest.raises(Faults) as refusal:
        load(written(tmp_path, PEOPLE, one_elsewhere))
    assert (
        "line 6: there is no data zone S01999099 in the invented geography. Check the code."
        in str(refusal.value)
    )
    assert counted() == [1, 12, 12, 0]


def test_zones_missing_from_a_file_are_named(tmp_path):
    load(written(tmp_path, RANKS))
    extra = ReferenceLoad.objects.get()
    DataZoneFactory.create_batch(40, load=extra, geography="invented", partnership="strathgarry")
    with pytest.raises(Faults, match="40 data zones have no row: S01"):
        load(written(tmp_path, PEOPLE))


def test_a_second_index_must_agree_where_zones_lie(tmp_path):
    other = ReferenceLoadFactory(dataset="simd-2016", geography="invented")
    for row in rows_of(RANKS)[1:]:
        DataZoneFactory(load=other, code=row[0], geography="invented", partnership="fife")
    with pytest.raises(Faults, match="S01999001 lies in fife here, and in strathgarry there"):
        load(written(tmp_path, RANKS))
    DataZone.objects.update(partnership="strathgarry")
    load(written(tmp_path, RANKS))
    assert DataZone.objects.count() == 12
    assert DeprivationRank.objects.count() == 12


def test_many_zones_that_are_not_there_are_counted(tmp_path):
    load(written(tmp_path, RANKS))
    held = {f"S01{n:06d}": "fife" for n in range(3)}
    from sightline.partnerships import files, loading
    from sightline.partnerships.datasets import dataset

    table = files.read(written(tmp_path, PEOPLE), dataset("invented-population"), find_council=str)
    table.people = [
        files.PeopleRow(n, f"S01{n + 100:06d}", "", "female", 1, None) for n in range(40)
    ]
    with pytest.raises(Faults, match="and 10 more"):
        loading.check_places(table, held)


def test_the_demonstration_places_its_zones_in_its_localities(settings):
    LocalityFactory(partnership="strathgarry", name="The Isles")
    load_invented()
    assert LocalityZone.objects.filter(locality__name="The Isles").count() == 3
    assert services.load_invented_places(actor=command_line()) == 0
    assert LocalityZone.objects.count() == 3
    settings.SIGHTLINE_DEMONSTRATION = False
    with pytest.raises(NotAllowed, match="not a demonstration"):
        services.load_invented_places(actor=command_line())


# -- commands


def printed(capsys, *arguments):
    call_command(*arguments)
    return capsys.readouterr().out


def refused(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        call_command(*arguments)
    return left.value.code, capsys.readouterr().err


def test_a_folder_is_loaded_ranks_first_and_what_is_no_dataset_is_named(tmp_path, capsys):
    written(tmp_path, PEOPLE).rename(tmp_path / "a-first-by-name.csv")
    written(tmp_path, RANKS)
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    text = printed(capsys, "reference_load", str(tmp_path))
    assert text.index("invented-deprivation") < text.index("invented-population")
    assert "Left alone, no dataset known here: " in text
    assert counted() == [2, 12, 12, 24]
    again = printed(capsys, "reference_load", str(tmp_path))
    assert again.count("was there already") == 2
    facts = json.loads(printed(capsys, "reference_zone", "s01999001", "--format", "json"))
    assert facts["zone"]["partnership"] == "strathgarry"
    text = printed(capsys, "reference_zone", "S01999001")
    assert "Lies in Strathgarry, invented geography, intermediate zone Upper Garry" in text
    assert "mid-2025, invented" in text


def test_one_fault_in_a_folder_keeps_the_whole_of_it_out(tmp_path, capsys):
    written(tmp_path, RANKS)
    written(tmp_path, PEOPLE, lambda rows: rows.pop())
    status, message = refused(capsys, "reference_load", str(tmp_path))
    assert status == BadInput.status
    assert "it has 35 rows, and invented-population has 36" in message
    assert counted() == [0, 0, 0, 0]


def test_a_file_is_replaced_on_the_command_line_with_a_reason(tmp_path, capsys):
    printed(capsys, "reference_load", str(written(tmp_path, RANKS)))
    other = str(written(tmp_path, RANKS, lambda rows: rows[1].__setitem__(3, "800")))
    status, message = refused(capsys, "reference_load", other)
    assert status == NotAllowed.status
    assert "--replace" in message
    text = printed(capsys, "reference_load", other, "--replace", "Revised")
    assert f"loaded in place of {RANKS}" in text


def test_paths_that_lead_nowhere_are_refused(tmp_path, capsys):
    status, message = refused(capsys, "reference_load", str(tmp_path))
    assert (status, "There is no CSV file in" in message) == (BadInput.status, True)
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert "None of the 1 CSV files" in refused(capsys, "reference_load", str(tmp_path))[1]
    path = str(written(tmp_path, RANKS))
    two = refused(capsys, "reference_load", path, path, "--dataset", "invented-deprivation")
    assert "says what one file is" in two[1]
    unknown = refused(capsys, "reference_load", path, "--dataset", "simd-1066")
    assert "There is no dataset 'simd-1066'" in unknown[1]
    assert (
        "is no dataset known here"
        in refused(capsys, "reference_load", str(tmp_path / "notes.csv"))[1]
    )


def test_status_says_what_is_missing_and_where_to_get_it(tmp_path, capsys):
    printed(capsys, "reference_load", str(written(tmp_path, RANKS)))
    text = printed(capsys, "reference_status")
    assert "Missing: Scottish Index of Multiple Deprivation 2020, second version, ranks." in text
    data = json.loads(printed(capsys, "reference_status", "--format", "json"))
    held = {one["dataset"]: one["rows"] for one in data if one["loaded"]}
    assert held == {"invented-deprivation": 12}


def test_a_zone_that_is_not_there_is_said_so(capsys):
    assert "No data zones are loaded yet" in refused(capsys, "reference_zone", "S01099999")[1]
    zone = DataZoneFactory()
    status, message = refused(capsys, "reference_zone", "S01099999")
    assert status == NotFound.status
    assert "There is no data zone S01099999 in the 2011 geography, which has 1." in message
    assert str(zone) == zone.code


# -- constraints


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"loaded_by": ""}, "reference_loaded_at_and_by_together"),
        ({"replaced_by": "somebody"}, "reference_replaced_at_and_by_together"),
    ],
)
def test_the_database_keeps_moments_and_people_together(change, constraint):
    found = ReferenceLoadFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ReferenceLoad.objects.filter(pk=found.pk).update(**change)


def test_the_database_keeps_one_current_load_of_a_dataset():
    ReferenceLoadFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferenceLoadFactory()


def test_the_database_keeps_ranks_and_sexes():
    rank = DeprivationRankFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        DeprivationRank.objects.filter(pk=rank.pk).update(overall=0)
    people = PopulationFactory(load=rank.load)
    with pytest.raises(IntegrityError, match="population_sex_is_known"), transaction.atomic():
        Population.objects.filter(pk=people.pk).update(sex="unborn")
    row = ReplacedRowFactory()
    with pytest.raises(IntegrityError, match="replaced_row_kind_is_known"), transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(kind="plans")
    said = (str(rank), str(people), str(row), str(rank.load))
    assert said == (
        f"{rank.zone}: {rank.overall}",
        "fife persons: 910",
        "holidays of fife before an-upload",
        "simd-2020v2 from ranks.csv",
    )
