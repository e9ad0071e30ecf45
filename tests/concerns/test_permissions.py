"""Who may open a concern: the door and the list agree, and no command reaches the words."""

import ast
import itertools
from pathlib import Path
from typing import Any

import pytest

from sightline import concerns
from sightline.access.actors import command_line
from sightline.access.models import AuditEvent
from sightline.concerns import queries
from sightline.concerns.models import Concern, State
from sightline.concerns.permissions import Part, get_concern_for, open_concern_for, parts_of
from sightline.kernel.errors import NotFound
from tests.concerns.conftest import People
from tests.factories.access import UserFactory, assign
from tests.factories.concerns import ConcernFactory

pytestmark = pytest.mark.django_db
KINDS = list(itertools.product(("", "fife-2026"), (False, True), (False, True), (False, True)))


def every_kind(people: People) -> list[Concern]:
    """One concern of each route there can be, and one of another area."""
    made = []
    for inspection, past_lead, past_local_lead, passed in KINDS:
        if not passed and (not inspection or past_lead):
            continue
        state = State.PASSED if passed else State.DECIDING
        made.append(
            ConcernFactory(
                inspection=inspection, past_lead=past_lead, past_local_lead=past_local_lead,
                passed_on=passed, state=state, raised_by=people.raiser,
            )
        )  # fmt: skip
    made.append(ConcernFactory(partnership="angus", inspection="angus-2026", passed=True))
    made.append(ConcernFactory(stand_in=people.depute))
    return made


def test_the_list_shows_just_what_the_door_lets_through(people: People) -> None:
    made = every_kind(people)
    national = assign(UserFactory(), "inspection-lead")
    everybody = (
        people.raiser, people.lead, people.local_lead, people.manager, people.depute, national,
        *people.elsewhere, *people.outsiders,
    )  # fmt: skip
    seen = 0
    for person in everybody:
        listed = set(queries.in_hand_of(person)) if person.is_active else set()
        opened = {one for one in made if parts_of(person, one) - {Part.RAISER}}
        assert listed == opened, person.name
        seen += len(opened)
        assert set(queries.raised_by(person)) == {
            one for one in made if one.raised_by_id == person.pk
        }
    assert seen > 20


def test_what_waits_for_somebody_is_always_theirs_to_open(people: People) -> None:
    made = every_kind(people)
    Concern.objects.update(question_waits=True)
    everybody = (people.raiser, people.lead, people.local_lead, people.manager, people.depute)
    for person in (*everybody, *people.elsewhere, *people.outsiders[:-1]):
        for one in queries.waiting_for(person):
            assert parts_of(person, one)
    assert {queries.waiting(person).count for person in everybody} != {0}
    for outsider in people.outsiders[:-1]:
        assert queries.waiting(outsider).count == 0
    assert len(made) > 8


def test_each_opening_is_recorded_by_label_alone(people: People) -> None:
    concern = ConcernFactory(passed=True)
    for person in (people.lead, people.lead, people.local_lead):
        open_concern_for(person, concern.pk)
    with pytest.raises(NotFound):
        open_concern_for(people.outsiders[0], concern.pk)
    read = AuditEvent.objects.filter(verb="concern.read")
    assert {line.target for line in read} == {f"concern:{concern.label}"}
    shown = queries.openings(concern)
    assert [(one.who, one.times) for one in shown] == [("L. Lead", 2), ("O. Local", 1)]


def test_a_stranger_learns_no_more_of_a_concern_than_of_none(people: People) -> None:
    concern = ConcernFactory()
    missing = ConcernFactory.build().pk
    said = []
    for key in (concern.pk, missing):
        with pytest.raises(NotFound) as refusal:
            get_concern_for(people.outsiders[0], key)
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_a_raiser_whose_access_was_taken_away_opens_their_own_no_more(people: People) -> None:
    concern = ConcernFactory(raised_by=people.raiser)
    assert parts_of(people.raiser, concern) == {Part.RAISER}
    people.raiser.is_active = False
    assert parts_of(people.raiser, concern) == frozenset()


def test_the_command_line_has_no_part_in_any(people: People) -> None:
    for one in every_kind(people):
        assert parts_of(command_line(), one) == frozenset()


def test_no_command_of_the_service_reads_a_concern() -> None:
    """No command lives in the vault, and none elsewhere imports it."""
    package = Path(concerns.__file__).parent
    assert not list(package.rglob("management"))
    reaching = []
    for path in package.parent.rglob("management/commands/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: Any = []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{item.name}" for item in node.names)]
            elif isinstance(node, ast.Import):
                names = [item.name for item in node.names]
            reaching += [path.name for name in names if name.startswith("sightline.concerns")]
    assert reaching == []


def test_nothing_outside_points_at_a_concern() -> None:
    """No key of another context leads to the vault."""
    pointing = {
        relation.related_model._meta.app_label
        for relation in Concern._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete
    }
    assert pointing == {"concerns"}
