"""Who holds a permission over something: the people a matter is brought to."""

import datetime as dt

import pytest
from django.utils import timezone

from sightline.access.enums import Permission
from sightline.access.queries import people_holding
from sightline.access.scopes import NATIONAL, Scope
from tests.factories.access import AssignmentFactory, UserFactory, assign

pytestmark = pytest.mark.django_db
FIFE = Scope("partnership", "fife")


def names(permission: Permission, scope: Scope) -> list[str]:
    return [person.name for person in people_holding(permission, scope)]


def test_those_here_and_for_all_of_scotland_each_once_and_by_name() -> None:
    here = assign(UserFactory(name="B. Here"), "partnership-co-ordinator", "partnership", "fife")
    assign(here, "partnership-co-ordinator", "partnership", "fife-again")
    assign(UserFactory(name="A. National"), "strategic-support-officer")
    assign(UserFactory(name="C. Elsewhere"), "partnership-co-ordinator", "partnership", "angus")
    assign(UserFactory(name="D. Other role"), "chief-officer", "partnership", "fife")
    assert names(Permission.PARTNERSHIP_EDIT, FIFE) == ["A. National", "B. Here"]
    assert names(Permission.PARTNERSHIP_EDIT, NATIONAL) == ["A. National"]
    assert names(Permission.AUDIT_VIEW, FIFE) == []


def test_neither_those_whose_day_is_past_or_to_come_nor_those_without_access() -> None:
    today = timezone.localdate()
    day = dt.timedelta(days=1)
    role = "partnership-co-ordinator"
    AssignmentFactory(role=role, starts=today - day, ends=today - day)
    AssignmentFactory(role=role, starts=today + day)
    AssignmentFactory(role=role, ended_at=timezone.now(), ended_by="test")
    AssignmentFactory(role=role, person__is_active=False)
    last = AssignmentFactory(role=role, starts=today, ends=today)
    assert list(people_holding(Permission.PARTNERSHIP_EDIT, FIFE)) == [last.person]
    tomorrow = people_holding(Permission.PARTNERSHIP_EDIT, FIFE, on=today + day)
    assert last.person not in tomorrow
    assert tomorrow.count() == 1
