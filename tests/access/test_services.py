"""Adding people, giving and ending roles: each person refused for the right reason."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from sightline.access import services
from sightline.access.actors import CommandLine
from sightline.access.models import Assignment, AuditEvent, IsDeed, User
from sightline.access.permissions import NATIONAL, Permission, Scope, holds
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from tests.factories.access import AssignmentFactory, UserFactory, assign

pytestmark = pytest.mark.django_db
FIFE = Scope("partnership", "fife")


def administrator() -> User:
    return assign(UserFactory(), "system-administrator")


def deeds() -> list[tuple[str, str, str]]:
    found = AuditEvent.objects.filter(IsDeed("verb")).order_by("pk")
    return [(event.actor, event.verb, event.target) for event in found]


def not_for_them() -> list[tuple[User, type[Exception]]]:
    """A stranger, somebody with the wrong role, and one who may look and not do."""
    return [
        (UserFactory(), NotFound),
        (assign(UserFactory(), "inspection-lead"), NotFound),
        (assign(UserFactory(), "information-governance-officer"), NotPermitted),
    ]


def test_grant_is_for_those_who_manage_people() -> None:
    person = UserFactory()
    for outsider, refusal in not_for_them():
        with pytest.raises(refusal):
            services.grant(actor=outsider, person=person, role="chief-officer", scope=FIFE)
    assert not deeds()
    assert not person.assignments.exists()

    admin = administrator()
    made = services.grant(actor=admin, person=person, role="chief-officer", scope=FIFE)

    assert (made.granted_by, made.starts) == (admin.audit_name, timezone.localdate())
    assert holds(person, Permission.PUBLISHED_VIEW)
    assert deeds() == [(admin.audit_name, "role.given", f"person:{person.pk}")]


def test_grant_is_refused_with_the_reason() -> None:
    admin, person = administrator(), UserFactory()
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    services.grant(actor=admin, person=person, role="chief-officer", scope=FIFE)
    cases = (
        ({"role": "chief-officer", "scope": FIFE}, "holds this role there already"),
        ({"role": "chief-officer", "scope": NATIONAL}, "is given for one partnership"),
        ({"role": "inspector", "scope": FIFE}, "is given for one inspection"),
        ({"role": "chief-officer", "scope": Scope("partnership", "atlantis")}, "no partnership"),
        ({"role": "action-owner", "scope": FIFE, "ends": yesterday}, "before the first"),
        (
            {
                "role": "action-owner",
                "scope": FIFE,
                "starts": yesterday - dt.timedelta(days=9),
                "ends": yesterday,
            },
            "is past",
        ),
    )
    for asked, reason in cases:
        with pytest.raises(NotAllowed, match=reason):
            services.grant(actor=admin, person=person, **asked)
    with pytest.raises(NotFound, match="There is no role boss"):
        services.grant(actor=admin, person=person, role="boss", scope=FIFE)
    with pytest.raises(NotAllowed, match="no longer has access"):
        services.grant(
            actor=admin, person=UserFactory(is_active=False), role="action-owner", scope=FIFE
        )
    with pytest.raises(NotAllowed, match="cannot give a role to yourself"):
        services.grant(actor=admin, person=admin, role="action-owner", scope=FIFE)
    assert person.assignments.count() == 1


def test_grant_again_after_the_end_on_the_same_day_or_before_a_later_one() -> None:
    admin, person = administrator(), UserFactory()
    today = timezone.localdate()
    first = services.grant(actor=admin, person=person, role="chief-officer", scope=FIFE)
    services.end_assignment(actor=admin, assignment_id=first.pk)
    services.grant(actor=admin, person=person, role="chief-officer", scope=FIFE, ends=today)
    services.grant(
        actor=admin,
        person=person,
        role="chief-officer",
        scope=FIFE,
        starts=today + dt.timedelta(days=1),
    )
    with pytest.raises(NotAllowed, match="already"):
        services.grant(actor=admin, person=person, role="chief-officer", scope=FIFE, ends=today)
    assert person.assignments.count() == 3


def test_end_closes_at_once_what_the_role_opened() -> None:
    admin = administrator()
    person = assign(UserFactory(), "chief-officer", "partnership", "fife")
    held = person.assignments.get()
    for outsider, refusal in not_for_them():
        with pytest.raises(refusal):
            services.end_assignment(actor=outsider, assignment_id=held.pk)
    assert not deeds()

    ended = services.end_assignment(actor=admin, assignment_id=held.pk)

    assert ended.ended_by == admin.audit_name
    assert not holds(User.objects.get(pk=person.pk), Permission.PUBLISHED_VIEW)
    assert deeds() == [(admin.audit_name, "role.ended", f"person:{person.pk}")]
    with pytest.raises(NotAllowed, match="was ended on"):
        services.end_assignment(actor=admin, assignment_id=held.pk)
    with pytest.raises(NotFound, match="no such assignment"):
        services.end_assignment(actor=admin, assignment_id=held.pk + 999)


def test_end_of_one_that_ran_out_is_refused() -> None:
    over = AssignmentFactory(starts=dt.date(2020, 1, 1), ends=dt.date(2020, 12, 31))
    with pytest.raises(NotAllowed, match="ended by itself on 31 December 2020"):
        services.end_assignment(actor=administrator(), assignment_id=over.pk)


def test_somebody_always_remains_who_gives_roles() -> None:
    admin = administrator()
    own = admin.assignments.get()
    assign(UserFactory(is_active=False), "system-administrator")
    with pytest.raises(NotAllowed, match="Nobody else can give and end roles"):
        services.end_assignment(actor=admin, assignment_id=own.pk)

    second = administrator()
    services.end_assignment(actor=admin, assignment_id=own.pk)

    with pytest.raises(NotFound):  # the right is gone with the role, in this very request
        services.end_assignment(actor=admin, assignment_id=second.assignments.get().pk)
    services.end_assignment(actor=CommandLine("root"), assignment_id=second.assignments.get().pk)


def test_add_person() -> None:
    for outsider, refusal in not_for_them():
        with pytest.raises(refusal):
            services.add_person(actor=outsider, email="a@example.org", name="A.")
    admin = administrator()

    added = services.add_person(
        actor=admin, email=" A.Person@Example.org ", name="A. Person", designation="Head"
    )

    assert (added.email, added.has_usable_password()) == ("a.person@example.org", False)
    assert deeds() == [(admin.audit_name, "person.added", f"person:{added.pk}")]
    with pytest.raises(NotAllowed, match=r"has the address a\.person@example\.org already"):
        services.add_person(actor=admin, email="A.PERSON@example.org", name="Another")
    with pytest.raises(BadInput, match=r"should be like name@example\.org"):
        services.add_person(actor=admin, email="nobody", name="Another")


def test_deactivate() -> None:
    person, admin = assign(UserFactory(), "chief-officer", "partnership", "fife"), administrator()
    for outsider, refusal in not_for_them():
        with pytest.raises(refusal):
            services.deactivate(actor=outsider, person=person)

    services.deactivate(actor=admin, person=person)

    assert not User.objects.get(pk=person.pk).is_active
    assert deeds() == [(admin.audit_name, "person.deactivated", f"person:{person.pk}")]
    with pytest.raises(NotAllowed, match="has no access already"):
        services.deactivate(actor=admin, person=person)
    with pytest.raises(NotAllowed, match="cannot take away your own access"):
        services.deactivate(actor=admin, person=admin)


@time_machine.travel(dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC))
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"ends": dt.date(2019, 12, 31)}, "assignment_ends_after_it_starts"),
        ({"ended_by": "person:1"}, "assignment_ended_at_and_by_together"),
        (
            {"ended_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
            "assignment_ended_at_and_by_together",
        ),
        ({"scope_kind": "planet"}, "assignment_scope_kind_is_known"),
        ({"scope_kind": "national"}, "assignment_national_means_scotland"),
    ],
)
def test_the_database_refuses_what_cannot_be(changes: dict[str, object], constraint: str) -> None:
    item = AssignmentFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Assignment.objects.filter(pk=item.pk).update(**changes)


def test_the_database_refuses_the_same_assignment_twice_and_a_person_without_address() -> None:
    item = AssignmentFactory()
    other = AssignmentFactory(person=item.person, scope_key="angus")
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=other.pk).update(scope_key="fife")
    with (
        pytest.raises(IntegrityError, match="person_has_an_email_address"),
        transaction.atomic(),
    ):
        User.objects.filter(pk=item.person_id).update(email="")
