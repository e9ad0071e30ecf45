"""What happens rarely: two people at once, things that are no more, Django's own permissions."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, models
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from sightline.access import services, trail, triggers, triggers_postgresql
from sightline.access.adapters import InvitedOnly
from sightline.access.forms import PersonForm, _choices
from sightline.access.models import Assignment, AuditEvent, User
from sightline.access.permissions import Permission, holds_anywhere, who_can
from sightline.access.services import assignments
from sightline.kernel.errors import NotAllowed
from tests.factories.access import (
    AssignmentFactory,
    AuditEventFactory,
    OrganisationFactory,
    UserFactory,
    assign,
)

pytestmark = pytest.mark.django_db


def test_a_role_ended_between_looking_and_ending_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin, held = assign(UserFactory(), "system-administrator"), AssignmentFactory()
    stale = Assignment.objects.get(pk=held.pk)
    services.end_assignment(actor=admin, assignment_id=held.pk)
    monkeypatch.setattr(assignments, "get_assignment_for", lambda *asked: stale)
    with pytest.raises(NotAllowed, match="ended this a moment ago"):
        services.end_assignment(actor=admin, assignment_id=held.pk)


def test_access_taken_away_between_looking_and_taking_is_refused() -> None:
    admin, person = assign(UserFactory(), "system-administrator"), UserFactory()
    stale = User.objects.get(pk=person.pk)
    services.deactivate(actor=admin, person=person)
    with pytest.raises(NotAllowed, match="has no access already"):
        services.deactivate(actor=admin, person=stale)


def test_a_person_who_never_had_a_password_is_sent_to_set_one_by_email(client: Client) -> None:
    client.force_login(User.objects.create_user("a@example.org", "A."))
    assert client.get(reverse("account_change_password")).url == reverse("account_reset_password")


def test_rows_of_a_table_that_is_no_more_still_read() -> None:
    AuditEventFactory(verb="row.removed", target="old_table:7", before=["odd"])
    AuditEventFactory(verb="role.given", target="person:999", before={"role": "inspector"})
    lines = trail.in_words(trail.events(trail.Search(rows=True)))
    assert [line.did for line in lines] == [
        "gave person 999 the role inspector (…)",
        "removed old_table 7",
    ]


def test_each_kind_of_column_has_its_own_writing() -> None:
    kinds = (
        (models.BooleanField(), "boolean"),
        (models.JSONField(), "json"),
        (models.BinaryField(), "binary"),
        (models.CharField(), "plain"),
    )
    assert [triggers._kind(field) for field, _ in kinds] == [kind for _, kind in kinds]


def test_without_the_trail_there_is_nothing_to_audit_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(triggers, "_tables", lambda: ["access_user"])
    assert list(triggers.wanted_triggers()) == []


def test_a_function_with_a_long_name_is_cut_to_one_of_its_own() -> None:
    def named(table: str) -> str:
        described = triggers.AuditedTable(table, "id", (("id", "plain"),), ())
        return triggers_postgresql._function_name(described, "changed")

    long = "t" * 60
    assert named("short") == "sightline_audit_changed_short"
    assert len(named(long)) == 63
    assert named(long + "a") != named(long + "b")


def test_statements_for_postgresql_name_every_column_but_the_secret_ones() -> None:
    table = triggers.described(User)
    made = [sql for _, sql in triggers_postgresql.row_triggers(table, "trail", "x")]
    assert [f"AFTER {event}" in sql for sql, event in zip(made, ("INSERT", "UPDATE", "DELETE"),
                                                         strict=True)] == [True] * 3  # fmt: skip
    assert all("password" not in sql.replace("ARRAY['password']", "") for sql in made)
    assert "jsonb_build_object('email', OLD.\"email\")" in made[1]
    patient = list(triggers_postgresql.triggers_while_migrating(table, "trail", "x"))
    assert "sightline_audit_any('id', 'password')" in patient[0][1]


def test_rows_are_audited_while_postgresql_migrates_and_the_trail_only_grows_on_both() -> None:
    triggers.loosen_triggers()
    row = OrganisationFactory(name="before")
    row.name = "after"
    row.save()
    row.delete()
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    audited = ["row.added", "row.changed", "row.removed"]
    assert verbs == (audited if connection.vendor == "postgresql" else [])
    names = {name for name, _ in triggers._installed()}
    assert {"sightline_audit_refuse_update", "sightline_audit_refuse_delete"} <= names
    triggers.install_triggers()
    assert triggers.missing_triggers() == []


def test_people_and_things_are_named_in_a_word_or_two(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    held = AssignmentFactory(
        person=UserFactory(name="A. Person", organisation=OrganisationFactory(name="A Council"))
    )
    assert str(held) == "A. Person as chief-officer of partnership fife"
    assert str(held.person.organisation) == "A Council"
    assert str(AuditEventFactory()) == "test person.added person:1"
    assert User.objects.get_by_natural_key(held.person.email.upper()) == held.person
    with django_assert_num_queries(0):
        assert who_can(Permission.AUDIT_VIEW) == ["Information governance officer"]


def test_permissions_of_django_and_signing_up_are_not_used(rf: object) -> None:
    person = UserFactory()
    assert not person.has_perm("access.anything")
    assert not person.has_perms(["access.anything"])
    assert not person.has_module_perms("access")
    assert not holds_anywhere(AnonymousUser(), Permission.PUBLISHED_VIEW)
    assert not InvitedOnly().is_open_for_signup(rf)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="email is not a field with choices"):
        _choices(PersonForm(), "email", [])
