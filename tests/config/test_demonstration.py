"""The demonstration: somebody in every role, and nothing twice."""

import json

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from sightline.access.actors import command_line
from sightline.access.demonstration import DOMAIN
from sightline.access.models import Assignment, AuditEvent, User
from sightline.access.roles import roles
from sightline.config.demonstration import PARTNERSHIP, load_demonstration
from sightline.inspections.models import Inspection
from sightline.kernel.errors import NotAllowed
from sightline.record_reading.models import Round
from sightline.record_reading.permissions import readings_of
from sightline.record_reading.reading_doors import own_readings

pytestmark = pytest.mark.django_db


def test_an_installation_that_is_no_demonstration_takes_no_invented_people(settings):
    settings.SIGHTLINE_DEMONSTRATION = False
    with pytest.raises(NotAllowed, match="is not a demonstration"):
        load_demonstration(command_line())
    assert not User.objects.exists()


def test_everybody_can_sign_in_and_a_second_run_changes_nothing(settings, capsys, rf):
    settings.SIGHTLINE_DEMONSTRATION = True
    call_command("demo", output_format="json")
    sign_ins = json.loads(capsys.readouterr().out)
    held = [role.title for role in roles()]
    assert [one["role"] for one in sign_ins] == [*held, "Inspection lead", "Service manager"]
    assert sign_ins[-1]["where"] == "all of Scotland"
    assert Assignment.objects.count() == len(sign_ins)
    assert Inspection.objects.filter(partnership=PARTNERSHIP, status="draft").count() == 1
    assert Inspection.objects.filter(status="published").count() >= 22
    reader = User.objects.get(email=f"local-record-reader@{DOMAIN}")
    opened = {one.round.slug for one in own_readings(reader)}
    assert len(opened) == 4
    assert len(own_readings(reader)) == readings_of(reader).count()
    assert not Round.objects.exclude(made_by__startswith="person:").exists()
    lead = sign_ins[0]
    person = authenticate(rf.post("/"), email=lead["email"], password=lead["password"])
    assert person == User.objects.get(email=lead["email"])

    before = AuditEvent.objects.count()
    call_command("demo")
    assert AuditEvent.objects.count() == before
    assert lead["password"] in capsys.readouterr().out
