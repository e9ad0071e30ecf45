"""Writes of local details: who may, what is refused, what is recorded."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from sightline.access.actors import command_line
from sightline.access.models import AuditEvent
from sightline.kernel.errors import NotAllowed, NotFound, NotPermitted
from sightline.partnerships import queries, services
from sightline.partnerships.definitions import local_details
from sightline.partnerships.models import Holiday, Locality
from tests.factories.access import UserFactory, assign
from tests.factories.partnerships import HolidayFactory, LocalityFactory, PostFactory

pytestmark = pytest.mark.django_db


def add(actor, name="Levenmouth", partnership="fife"):
    return services.add_detail(
        actor=actor, partnership=partnership, kind="localities", fields={"name": name}
    )


def test_a_detail_is_added_by_the_area_s_co_ordinator_and_nobody_else():
    nobody = UserFactory()
    elsewhere = assign(UserFactory(), "partnership-co-ordinator", "partnership", "angus")
    member = assign(UserFactory(), "elected-member", "partnership", "fife")
    here = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    with pytest.raises(NotFound):
        add(nobody)
    for colleague in (elsewhere, member):
        with pytest.raises(NotPermitted):
            add(colleague)
    assert not Locality.objects.exists()

    row = add(here)

    assert (row.name, row.added_by) == ("Levenmouth", here.audit_name)
    event = AuditEvent.objects.get(verb="partnership.detail-added")
    assert (event.actor, event.target, event.reason) == (
        here.audit_name,
        "partnership:fife",
        "Levenmouth",
    )
    with pytest.raises(NotAllowed, match="Levenmouth is there already"):
        add(here)
    with pytest.raises(NotFound):
        add(here, partnership="atlantis")


def test_a_detail_is_removed_only_from_its_own_area_and_the_trail_keeps_it():
    here = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    mine, theirs = LocalityFactory(), LocalityFactory(partnership="angus")
    with pytest.raises(NotFound, match="no longer there"):
        services.remove_detail(actor=here, partnership="fife", kind="localities", key=theirs.pk)

    label = services.remove_detail(actor=here, partnership="fife", kind="localities", key=mine.pk)

    assert label == mine.name
    assert list(Locality.objects.all()) == [theirs]
    removed = AuditEvent.objects.get(verb="row.removed")
    assert removed.before["name"] == mine.name


def test_loading_adds_what_is_missing_once_and_leaves_changes_alone(settings):
    settings.SIGHTLINE_DEMONSTRATION = True
    actor = command_line()
    definitions = list(local_details())
    added = services.load_details(actor=actor, definitions=definitions)
    expected = sum(
        len(getattr(definition, kind)) for definition in definitions for kind in queries.KINDS
    )
    assert added == expected
    mine = Locality.objects.get(partnership="south-lanarkshire", name="Clydesdale")
    Locality.objects.filter(pk=mine.pk).update(source="Changed here")

    assert services.load_details(actor=actor, definitions=definitions) == 0

    mine.refresh_from_db()
    assert mine.source == "Changed here"
    loads = AuditEvent.objects.filter(verb="partnership.details-loaded")
    assert loads.count() == len(definitions)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"last": dt.date(2026, 12, 24)}, "holiday_ends_after_it_starts"),
        ({"kind": "bank"}, "holiday_kind_is_known"),
        ({"added_by": ""}, "holiday_added_at_and_by_together"),
    ],
)
def test_the_database_refuses_what_no_form_could_send(change, constraint):
    holiday = HolidayFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Holiday.objects.filter(pk=holiday.pk).update(**change)


def test_holidays_that_touch_a_stretch_include_both_its_ends():
    HolidayFactory(first=dt.date(2026, 12, 21), last=dt.date(2027, 1, 5), name="Winter")
    HolidayFactory(partnership="angus")

    def touching(first, last):
        found = queries.holidays("fife", first=first, last=last)
        return [holiday.name for holiday in found]

    day = dt.timedelta(days=1)
    assert touching(dt.date(2027, 1, 5), dt.date(2027, 2, 1)) == ["Winter"]
    assert touching(dt.date(2027, 1, 5) + day, dt.date(2027, 2, 1)) == []
    assert touching(dt.date(2026, 12, 1), dt.date(2026, 12, 21)) == ["Winter"]
    assert touching(dt.date(2026, 12, 1), dt.date(2026, 12, 21) - day) == []


def test_a_detail_reads_as_its_label_and_whose_it_is():
    assert str(LocalityFactory(name="Levenmouth")) == "Levenmouth (fife)"
    post = PostFactory(designation="Chief social work officer", partnership="angus")
    assert str(post) == "Chief social work officer (angus)"
