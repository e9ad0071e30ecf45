"""The surveys of the demonstration open, once."""

import pytest

from sightline.access.actors import acting_as, command_line
from sightline.surveys import demonstration
from sightline.surveys.models import Survey
from tests.factories.access import UserFactory, assign

pytestmark = pytest.mark.django_db


def test_both_are_open_and_begun_once():
    reader = assign(UserFactory(), "safety-reader", "partnership", "fife")
    with acting_as(command_line()):
        first = demonstration.begin(actor=command_line(), area="fife", reader=reader)
        again = demonstration.begin(actor=command_line(), area="fife", reader=reader)
    assert first == again
    assert [one.state for one in first] == ["open", "open"]
    assert [one.audience for one in first] == ["child", "staff"]
    assert Survey.objects.count() == 2
