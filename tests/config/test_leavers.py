"""The clock closes people who have left."""

import datetime as dt

import pytest

from sightline.access.models import AuditEvent, User
from sightline.jobs.actors import Clock
from sightline.jobs.services import start
from tests.factories.access import UserFactory

pytestmark = pytest.mark.django_db


def test_the_daily_job_closes_those_whose_last_day_is_past(
    django_capture_on_commit_callbacks,
) -> None:  # type: ignore[no-untyped-def]
    gone, stays = UserFactory(leaves_on=dt.date(2021, 1, 1)), UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        start(actor=Clock("access.leavers"), code="access.leavers")
    assert not User.objects.get(pk=gone.pk).is_active
    assert User.objects.get(pk=stays.pk).is_active
    line = AuditEvent.objects.get(verb="person.deactivated")
    assert line.actor == "schedule:access.leavers"
