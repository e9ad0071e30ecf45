"""Files a partnership sends: holidays, and data zones of localities. In, again, and out."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from sightline.access.actors import command_line
from sightline.access.models import AuditEvent
from sightline.access.scopes import Scope
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from sightline.partnerships import services, uploaded
from sightline.partnerships.models import Holiday, LocalityZone, ReplacedRow
from sightline.partnerships.services import HolidayRow, Placing
from sightline.uploads.kinds import Outcome, Row, kind_named
from tests.factories.access import UserFactory, assign
from tests.factories.partnerships import (
    HolidayFactory,
    LocalityFactory,
    LocalityZoneFactory,
)
from tests.partnerships.places_made import ZONES, load_invented

pytestmark = pytest.mark.django_db
FIFE, AREA = Scope("partnership", "fife"), Scope("partnership", "strathgarry")
DAY = dt.date(2026, 4, 3)


def rows(*values):
    return [Row(n, value, {}) for n, value in enumerate(values, 2)]


def holiday(name="Good Friday", kind="public", first=DAY, last=None):
    return {"name": name, "kind": kind, "first": first, "last": last}


def placing(zone=ZONES[0], locality="The Isles", first=DAY, last=None):
    return {"zone": zone, "locality": locality, "first": first, "last": last}


def commit(kind, scope, *values, upload="one"):
    return kind_named(kind).commit(
        actor=command_line(), scope=scope, rows=rows(*values), upload=upload
    )


def undo(kind, scope, upload="one"):
    return kind_named(kind).undo(actor=command_line(), scope=scope, upload=upload)


def faults(kind, scope, *values):
    found = kind_named(kind).check(rows(*values), scope)
    return [(fault.row, fault.column, fault.what) for fault in found]


# -- holidays


def test_holidays_go_in_again_without_effect_and_out():
    HolidayFactory(name="Held", first=DAY, last=DAY)
    values = (holiday(), holiday("Easter", "school", DAY, dt.date(2026, 4, 17)))
    assert faults("holidays", FIFE, *values) == []
    assert commit("holidays", FIFE, *values) == Outcome(added=2)
    assert commit("holidays", FIFE, *values, upload="two") == Outcome(unchanged=2)
    line = AuditEvent.objects.get(verb="partnership.rows-uploaded")
    assert line.reason == "holidays: 2 added, 0 changed"
    good_friday = Holiday.objects.get(name="Good Friday")
    assert (good_friday.first, good_friday.last, good_friday.upload) == (DAY, DAY, "one")

    assert undo("holidays", FIFE) == Outcome(removed=2)

    assert [held.name for held in Holiday.objects.all()] == ["Held"]
    assert AuditEvent.objects.filter(verb="partnership.upload-undone").exists()


def test_a_holiday_that_was_changed_is_put_back_as_it_was():
    held = HolidayFactory(name="Easter", first=DAY, last=DAY)
    longer = holiday("Easter", last=dt.date(2026, 4, 6))
    assert commit("holidays", FIFE, longer) == Outcome(replaced=1)
    held.refresh_from_db()
    assert (held.last, held.upload) == (dt.date(2026, 4, 6), "one")
    assert ReplacedRow.objects.get().row["last"] == "2026-04-03"

    assert undo("holidays", FIFE) == Outcome(replaced=1)

    held.refresh_from_db()
    assert (held.last, held.upload) == (DAY, "")
    assert not ReplacedRow.objects.exists()


def test_what_a_later_file_changed_is_not_undone_behind_its_back():
    HolidayFactory(name="Easter", first=DAY, last=DAY)
    for day, upload in ((6, "one"), (7, "two")):
        commit("holidays", FIFE, holiday("Easter", last=dt.date(2026, 4, day)), upload=upload)
    with pytest.raises(NotAllowed, match="1 of the rows this file changed"):
        undo("holidays", FIFE)
    undo("holidays", FIFE, upload="two")
    undo("holidays", FIFE)
    assert Holiday.objects.get().last == DAY


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (holiday(last=dt.date(2026, 4, 2)), (2, "last", "The last day is before the first")),
        (holiday(last=dt.date(2027, 6, 1)), (2, "last", "It would last more than a year")),
    ],
)
def test_dates_out_of_order_are_faults_of_their_row(value, fault):
    assert faults("holidays", FIFE, value) == [fault]


def test_a_holiday_twice_and_a_year_without_work_are_faults():
    assert faults("holidays", FIFE, holiday(), holiday()) == [
        (3, "", "This holiday is in the file twice")
    ]
    HolidayFactory(first=dt.date(2026, 7, 1), last=dt.date(2026, 12, 31))
    rest = holiday(first=dt.date(2026, 1, 1), last=dt.date(2026, 6, 30))
    (fault,) = faults("holidays", FIFE, rest)
    assert fault[:2] == (None, "last")
    assert "no working day in 2026, so nothing could ever be due" in fault[2]
    with pytest.raises(BadInput, match="no working day in 2026"):
        commit("holidays", FIFE, rest)


def test_only_the_area_s_own_people_put_rows_in():
    row = [HolidayRow("Good Friday", "public", DAY, DAY)]
    elsewhere = assign(UserFactory(), "partnership-co-ordinator", "partnership", "angus")
    with pytest.raises(NotFound):
        services.put_holidays(actor=UserFactory(), partnership="fife", rows=row)
    with pytest.raises(NotPermitted):
        services.put_holidays(actor=elsewhere, partnership="fife", rows=row)
    with pytest.raises(NotPermitted):
        services.put_zones(actor=elsewhere, partnership="fife", rows=[])
    with pytest.raises(NotPermitted):
        services.undo_rows(actor=elsewhere, partnership="fife", kind="holidays", upload="one")
    here = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    done = services.put_holidays(actor=here, partnership="fife", rows=row)
    assert done.added == 1


# -- data zones of localities


@pytest.fixture
def _places(settings):
    settings.SIGHTLINE_DEMONSTRATION = True
    load_invented()
    for name in ("The Isles", "Upper Garry"):
        LocalityFactory(partnership="strathgarry", name=name)


@pytest.mark.usefixtures("_places")
def test_zones_go_in_again_without_effect_and_out():
    values = (placing(), placing(f" {ZONES[1].lower()} ", last=dt.date(2026, 12, 31)))
    assert faults("locality-zones", AREA, *values) == []
    assert commit("locality-zones", AREA, *values) == Outcome(added=2)
    assert commit("locality-zones", AREA, *values, upload="two") == Outcome(unchanged=2)
    moved = placing(locality="Upper Garry")
    assert commit("locality-zones", AREA, moved, upload="three") == Outcome(replaced=1)
    assert LocalityZone.objects.get(zone=ZONES[0]).locality.name == "Upper Garry"
    undo("locality-zones", AREA, upload="three")
    assert LocalityZone.objects.get(zone=ZONES[0]).locality.name == "The Isles"
    assert undo("locality-zones", AREA) == Outcome(removed=2)
    assert not LocalityZone.objects.exists()


@pytest.mark.usefixtures("_places")
@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (placing("S01000001"), (2, "zone", "There is no such data zone")),
        (placing(locality="Atlantis"), (2, "locality", "There is no such locality here")),
        (placing(last=dt.date(2026, 1, 1)), (2, "last", "The last day is before the first")),
    ],
)
def test_what_is_not_there_is_a_fault_of_its_row(value, fault):
    assert faults("locality-zones", AREA, value) == [fault]


@pytest.mark.usefixtures("_places")
def test_a_zone_of_another_area_and_a_zone_twice_are_faults():
    assert faults("locality-zones", FIFE, placing()) == [
        (2, "zone", "This data zone lies in another area")
    ]
    assert faults("locality-zones", AREA, placing(), placing()) == [
        (3, "zone", "This data zone is in the file twice from one day")
    ]


@pytest.mark.usefixtures("_places")
def test_a_zone_lies_in_one_locality_at_a_time():
    LocalityZoneFactory(
        partnership="strathgarry", zone=ZONES[0], locality__partnership="strathgarry"
    )
    (fault,) = faults("locality-zones", AREA, placing())
    assert fault[:2] == (None, "last")
    assert fault[2].startswith(f"{ZONES[0]} lies in a locality from 2020-01-01 with no end, and in")
    with pytest.raises(BadInput, match="end the first before"):
        commit("locality-zones", AREA, placing())
    LocalityZone.objects.update(last=DAY)
    with pytest.raises(BadInput, match=f"until {DAY}"):
        commit("locality-zones", AREA, placing())
    LocalityZone.objects.update(last=DAY - dt.timedelta(days=1))
    assert commit("locality-zones", AREA, placing()) == Outcome(added=1)


def test_zones_cannot_be_placed_before_they_are_loaded():
    assert faults("locality-zones", FIFE, placing()) == [
        (2, "zone", "No data zones are loaded here yet")
    ]
    with pytest.raises(BadInput, match="There is no locality 'The Isles' here"):
        services.put_zones(
            actor=command_line(), partnership="fife", rows=[Placing("S01000001", "The Isles", DAY)]
        )


def test_the_kinds_are_known_to_uploads():
    for kind in uploaded.KINDS:
        assert kind_named(kind.code).scope_kind == "partnership"


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"last": dt.date(2019, 12, 31)}, "locality_zone_ends_after_it_starts"),
        ({"added_by": ""}, "locality_zone_added_at_and_by_together"),
    ],
)
def test_the_database_refuses_what_no_file_could_bring(change, constraint):
    row = LocalityZoneFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        LocalityZone.objects.filter(pk=row.pk).update(**change)
