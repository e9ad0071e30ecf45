"""Who holds what, and what they are told when they do not."""

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser

from sightline.access.actors import CommandLine
from sightline.access.models import User
from sightline.access.permissions import (
    EVERYONE,
    NATIONAL,
    Permission,
    Scope,
    holds,
    holds_anywhere,
    require,
    scopes_held,
)
from sightline.kernel.errors import NotFound, NotPermitted
from tests.factories.access import AssignmentFactory, UserFactory, assign

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = Scope("inspection", "fife-2026"), Scope("inspection", "angus-2026")
VIEW, CORRECT = Permission.INSPECTION_VIEW, Permission.INSPECTION_CORRECT


def test_a_role_reaches_its_own_inspection_and_no_other() -> None:
    lead = assign(UserFactory(), "inspection-lead", "inspection", HERE.key)
    assert holds(lead, CORRECT, scope=HERE)
    assert not holds(lead, CORRECT, scope=ELSEWHERE)
    assert not holds(lead, CORRECT)
    assert not holds(lead, CORRECT, scope=Scope("partnership", HERE.key))
    assert holds_anywhere(lead, CORRECT)
    assert scopes_held(lead, CORRECT) == {HERE}


def test_a_national_role_reaches_everything() -> None:
    lead = assign(UserFactory(), "inspection-lead")
    assert holds(lead, CORRECT, scope=HERE)
    assert holds(lead, CORRECT)
    assert scopes_held(lead, CORRECT) == {NATIONAL}


def test_a_wider_scope_counts_when_the_door_names_it() -> None:
    co_ordinator = assign(UserFactory(), "quality-lead", "partnership", "fife")
    export = Permission.INSPECTION_EXPORT
    assert not holds(co_ordinator, export, scope=HERE)
    assert holds(co_ordinator, export, scope=HERE, also=(Scope("partnership", "fife"),))
    assert not holds(co_ordinator, export, scope=HERE, also=(Scope("partnership", "angus"),))


def test_what_is_published_is_the_same_for_all_so_held_anywhere_is_held_everywhere() -> None:
    reader = assign(UserFactory(), "elected-member", "partnership", "fife")
    for permission in (Permission.PUBLISHED_VIEW, Permission.FRAMEWORK_VIEW):
        assert holds(reader, permission)
        assert holds(reader, permission, scope=Scope("partnership", "angus"))
    assert not holds(UserFactory(), Permission.PUBLISHED_VIEW)


@pytest.mark.parametrize(
    ("starts", "ends", "live"),
    [
        (dt.date(2026, 3, 10), None, True),  # begins today
        (dt.date(2026, 3, 11), None, False),  # begins tomorrow
        (dt.date(2026, 1, 1), dt.date(2026, 3, 10), True),  # today is the last day
        (dt.date(2026, 1, 1), dt.date(2026, 3, 9), False),  # ended yesterday
        (dt.date(2026, 3, 10), dt.date(2026, 3, 10), True),  # this one day
    ],
)
@time_machine.travel(dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC))
def test_an_assignment_counts_from_its_first_day_to_its_last(
    starts: dt.date, ends: dt.date | None, live: bool
) -> None:
    item = AssignmentFactory(
        role="inspector", scope_kind="inspection", scope_key=HERE.key, starts=starts, ends=ends
    )
    assert holds(item.person, VIEW, scope=HERE) is live


def test_the_day_is_the_day_in_scotland() -> None:
    item = AssignmentFactory(
        role="inspector",
        scope_kind="inspection",
        scope_key=HERE.key,
        starts=dt.date(2026, 6, 1),
        ends=dt.date(2026, 6, 30),
    )
    half_past_midnight = dt.datetime(2026, 5, 31, 23, 30, tzinfo=dt.UTC)  # 1 June in Scotland
    with time_machine.travel(half_past_midnight):
        assert holds(User.objects.get(pk=item.person_id), VIEW, scope=HERE)
    with time_machine.travel(half_past_midnight + dt.timedelta(days=30)):
        assert not holds(User.objects.get(pk=item.person_id), VIEW, scope=HERE)


def test_one_object_of_a_person_sees_midnight_pass() -> None:
    item = AssignmentFactory(
        role="inspector",
        scope_kind="inspection",
        scope_key=HERE.key,
        ends=dt.date(2026, 3, 10),
    )
    person = item.person
    with time_machine.travel(dt.datetime(2026, 3, 10, 23, tzinfo=dt.UTC)):
        assert holds(person, VIEW, scope=HERE)
    with time_machine.travel(dt.datetime(2026, 3, 11, 1, tzinfo=dt.UTC)):
        assert not holds(person, VIEW, scope=HERE)


def test_one_ended_early_is_over_from_that_day_on() -> None:
    item = AssignmentFactory(
        role="inspector",
        scope_kind="inspection",
        scope_key=HERE.key,
        ended_at=dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC),
        ended_by="person:1",
    )
    for day, live in ((9, True), (10, False), (11, False)):
        with time_machine.travel(dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC)):
            assert holds(User.objects.get(pk=item.person_id), VIEW, scope=HERE) is live


def test_nobody_in_particular_and_those_without_access_hold_nothing() -> None:
    left = assign(UserFactory(is_active=False), "inspection-lead")
    for somebody in (AnonymousUser(), left):
        assert not holds(somebody, Permission.PUBLISHED_VIEW)
        assert not holds(somebody, CORRECT, scope=HERE)
        assert scopes_held(somebody, CORRECT) == frozenset()


def test_the_command_line_holds_everything() -> None:
    shell = CommandLine("root")
    assert all(holds(shell, permission, scope=HERE) for permission in Permission)
    assert scopes_held(shell, VIEW) == {NATIONAL}


def test_a_page_of_rows_asks_the_database_once(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    person = assign(UserFactory(), "inspector", "inspection", HERE.key)
    with django_assert_num_queries(1):
        for number in range(50):
            holds(person, VIEW, scope=Scope("inspection", f"area-{number}"))
            holds(person, Permission.PUBLISHED_VIEW)


class TestRequire:
    def test_lets_the_holder_through(self) -> None:
        person = assign(UserFactory(), "inspector", "inspection", HERE.key)
        require(person, VIEW, scope=HERE)

    def test_tells_a_stranger_nothing(self) -> None:
        for stranger in (
            UserFactory(),
            assign(UserFactory(), "inspection-lead", "inspection", ELSEWHERE.key),
        ):
            with pytest.raises(NotFound, match="is not yours to see"):
                require(stranger, CORRECT, scope=HERE, seen_by=VIEW, thing="this inspection")

    def test_tells_a_colleague_who_can(self) -> None:
        colleague = assign(UserFactory(), "inspector", "inspection", HERE.key)
        with pytest.raises(NotPermitted) as refusal:
            require(colleague, CORRECT, scope=HERE, seen_by=VIEW, thing="this inspection")
        assert refusal.value.permission == CORRECT
        assert "this inspection" in str(refusal.value)
        assert "inspection lead or depute lead" in str(refusal.value)

    def test_a_page_everybody_may_know_of_tells_everybody_signed_in_who_can(self) -> None:
        with pytest.raises(NotPermitted):
            require(UserFactory(), Permission.AUDIT_VIEW, seen_by=EVERYONE)
        with pytest.raises(NotFound):
            require(AnonymousUser(), Permission.AUDIT_VIEW, seen_by=EVERYONE)
