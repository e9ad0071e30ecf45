"""The surveys of the demonstration: children answer, staff have answered, once."""

import pytest

from sightline.access.actors import acting_as, command_line
from sightline.access.models import AuditEvent
from sightline.surveys import comments, demonstration, results_queries, tallies
from sightline.surveys.models import SentAnswer, Survey
from tests.factories.access import UserFactory, assign

pytestmark = pytest.mark.django_db
NUMBERS = (14, 60)


@pytest.fixture
def begun() -> tuple[Survey, Survey]:
    reader = assign(UserFactory(), "safety-reader", "partnership", "fife")
    with acting_as(command_line()):
        first = demonstration.begin(actor=command_line(), area="fife", reader=reader)
        again = demonstration.begin(actor=command_line(), area="fife", reader=reader)
    assert first == again
    return first


def test_both_are_open_and_begun_once(begun):
    assert [one.state for one in begun] == ["open", "open"]
    assert [one.audience for one in begun] == ["child", "staff"]
    assert Survey.objects.count() == 2


def test_children_answer_still_and_staff_have_results_once(begun):
    children, staff = begun
    with acting_as(command_line()):
        for _ in range(2):
            demonstration.answered(
                actor=command_line(), children=children, staff=staff, numbers=NUMBERS
            )
            written = AuditEvent.objects.count()
            children.refresh_from_db()
            staff.refresh_from_db()
        demonstration.answered(actor=command_line(), children=children, staff=staff)
    assert AuditEvent.objects.count() == written
    assert (children.state, staff.state) == ("open", "closed")
    assert tallies.counts(children).complete == NUMBERS[0]
    assert len(children.results["monitor"]) == 1
    assert not SentAnswer.objects.filter(survey=staff).exists()
    assert results_queries.results(command_line(), staff).answered == NUMBERS[1]
    assert comments.waiting_count(staff) > 0
