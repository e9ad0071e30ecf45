"""What the demonstration shows of record reading."""

import pytest

from sightline.access.actors import CommandLine
from sightline.access.models import User
from sightline.record_reading import demonstration
from sightline.record_reading.differences import differences
from sightline.record_reading.models import Reading, RollingAudit, Round
from sightline.record_reading.permissions import readings_of
from tests.factories.access import UserFactory

pytestmark = pytest.mark.django_db
ACTOR, AREA = CommandLine("test"), "fife"


def begun() -> list[User]:
    """Everything of the demonstration, in Fife; its people."""
    people = [UserFactory() for _ in range(4)]
    demonstration.begin(
        lead=ACTOR, auditor=ACTOR, area=AREA, inspection="fife-2026", inspectors=people[:2],
        local=people[2:3], own=people[2:],
    )  # fmt: skip
    return people


def test_an_inspection_and_an_audit_are_half_read_with_differences_to_settle() -> None:
    people = begun()
    for slug in (demonstration.INSPECTED, demonstration.OWN):
        round = Round.objects.get(area=AREA, slug=slug)
        states = set(Reading.objects.filter(round=round).values_list("state", flat=True))
        assert states == {"assigned", "in-progress", "complete"}
        assert any(one.settlement is None for one in differences(round))
    read = Reading.objects.filter(round__slug=demonstration.INSPECTED, reader__person__in=people)
    assert {one.reader.person for one in read.select_related("reader__person")} == set(people[:3])


def test_a_rolling_audit_has_turns_with_results_an_action_and_one_to_prepare() -> None:
    begun()
    audit = RollingAudit.objects.get(area=AREA)
    turns = list(audit.rounds.order_by("turn"))
    assert [round.state for round in turns] == ["locked", "locked", "preparing"]
    assert all(round.results["counted"] for round in turns[:2])
    assert turns[1].actions.count() == 1


def test_a_second_time_changes_nothing() -> None:
    begun()
    before = Round.objects.count(), Reading.objects.count(), User.objects.count()
    people = list(User.objects.order_by("pk")[:4])
    demonstration.begin(
        lead=ACTOR, auditor=ACTOR, area=AREA, inspection="fife-2026", inspectors=people[:2],
        local=people[2:3], own=people[2:],
    )  # fmt: skip
    assert (Round.objects.count(), Reading.objects.count(), User.objects.count()) == before


def test_the_people_of_the_demonstration_find_readings_of_theirs() -> None:
    people = begun()
    for person in people[:3]:
        assert readings_of(person).filter(state="assigned").exists()
