"""The audit trail that the databases write themselves."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from sightline.access import triggers
from sightline.access.actors import acting_as
from sightline.access.models import Assignment, AuditEvent, Organisation, User
from tests.factories.access import AssignmentFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


def rows(verb: str, table: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(verb=verb, target__startswith=f"{table}:").order_by("pk"))


def test_a_row_added_changed_and_removed_leaves_three_lines_naming_who() -> None:
    with acting_as("person:7"):
        row = OrganisationFactory(code="one", name="First")
    with acting_as("person:8"):
        row.name = "Second"
        row.save()
    with acting_as("person:9"):
        key = row.pk
        row.delete()

    lines = list(AuditEvent.objects.order_by("pk"))
    assert [(line.actor, line.verb) for line in lines] == [
        ("person:7", "row.added"), ("person:8", "row.changed"), ("person:9", "row.removed"),
    ]  # fmt: skip
    assert {line.target for line in lines} == {f"access_organisation:{key}"}
    added, changed, removed = lines
    assert (added.before, added.after) == (None, {"id": key, "code": "one", "name": "First"})
    assert (changed.before, changed.after) == ({"name": "First"}, {"name": "Second"})
    assert (removed.before, removed.after) == ({"id": key, "code": "one", "name": "Second"}, None)


def test_the_time_of_a_line_is_now() -> None:
    before = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=1)
    OrganisationFactory()
    assert before < AuditEvent.objects.get().at < dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)


def test_secret_fields_are_left_out_even_when_they_alone_change() -> None:
    person = UserFactory(password="secret-one")
    User.objects.filter(pk=person.pk).update(password="secret-two")
    person.delete()

    lines = list(AuditEvent.objects.order_by("pk"))
    assert [line.verb for line in lines] == ["row.added", "row.changed", "row.removed"]
    assert (lines[1].before, lines[1].after) == ({}, {})
    assert all(
        "password" not in (side or {}) for line in lines for side in (line.before, line.after)
    )
    assert "secret" not in str([(line.before, line.after) for line in lines])


def test_each_kind_of_value_is_kept_as_what_it_is() -> None:
    person = UserFactory(name='Ò "quoted" \\ and\nlines')
    assignment = AssignmentFactory(person=person, ends=None)
    User.objects.filter(pk=person.pk).update(is_active=False)
    Assignment.objects.filter(pk=assignment.pk).update(ends=dt.date(2026, 5, 31))

    assert rows("row.added", "access_user")[0].after["name"] == person.name
    assert rows("row.added", "access_user")[0].after["is_active"] is True
    change = rows("row.changed", "access_user")[0]
    assert (change.before, change.after) == ({"is_active": True}, {"is_active": False})
    change = rows("row.changed", "access_assignment")[0]
    assert (change.before, change.after) == ({"ends": None}, {"ends": "2026-05-31"})


def test_ten_thousand_rows_updated_at_once_leave_ten_thousand_lines() -> None:
    Organisation.objects.bulk_create(
        [Organisation(code=f"o{n}", name="before") for n in range(10_000)], batch_size=1000
    )
    assert len(rows("row.added", "access_organisation")) == 10_000

    with acting_as("person:42"):
        Organisation.objects.update(name="after")

    changed = rows("row.changed", "access_organisation")
    assert len(changed) == len({line.target for line in changed}) == 10_000
    assert {line.actor for line in changed} == {"person:42"}
    assert all(line.after == {"name": "after"} for line in changed)

    Organisation.objects.all().delete()
    assert len(rows("row.removed", "access_organisation")) == 10_000


def test_raw_sql_is_audited_too() -> None:
    row = OrganisationFactory(name="before")
    with acting_as("person:5"), connection.cursor() as cursor:
        cursor.execute("UPDATE access_organisation SET name = %s", ["after"])
    (line,) = rows("row.changed", "access_organisation")
    assert (line.actor, line.target) == ("person:5", f"access_organisation:{row.pk}")


def test_a_write_nobody_is_answerable_for_is_refused_in_words() -> None:
    row = OrganisationFactory()
    writes = (
        lambda: Organisation.objects.create(code="x", name="X"),
        lambda: Organisation.objects.filter(pk=row.pk).update(name="X"),
        lambda: Organisation.objects.filter(pk=row.pk).delete(),
        lambda: Organisation.objects.bulk_create([Organisation(code="y", name="Y")]),
    )
    for write in writes:
        with acting_as(""), transaction.atomic():
            with pytest.raises(IntegrityError, match="Nobody is answerable for this write"):
                write()
            transaction.set_rollback(True)
    assert list(Organisation.objects.values_list("pk", flat=True)) == [row.pk]


WAYS_TO_TAMPER = {
    "update": "UPDATE access_auditevent SET actor = 'somebody else'",
    "delete": "DELETE FROM access_auditevent",
}
if connection.vendor == "postgresql":  # SQLite has no TRUNCATE
    WAYS_TO_TAMPER["truncate"] = "TRUNCATE access_auditevent"


@pytest.mark.parametrize("way", WAYS_TO_TAMPER)
def test_the_trail_only_grows(way: str) -> None:
    OrganisationFactory()
    with (
        pytest.raises(IntegrityError, match="audit trail only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(WAYS_TO_TAMPER[way])
    assert AuditEvent.objects.get().actor == "test"


def test_a_line_without_an_actor_is_refused_by_name() -> None:
    with (
        pytest.raises(IntegrityError, match="audit_event_has_an_actor"),
        transaction.atomic(),
    ):
        AuditEvent.objects.create(at=dt.datetime.now(dt.UTC), actor="", verb="a.b", target="c:1")


class TestWhoActs:
    """The name reaches the triggers however transactions end."""

    def written_by(self, actor: str) -> str:
        with acting_as(actor):
            OrganisationFactory()
        line = AuditEvent.objects.order_by("-pk").first()
        assert line is not None
        return line.actor

    def test_changing_within_one_transaction(self) -> None:
        assert [self.written_by(name) for name in ("a", "b", "a")] == ["a", "b", "a"]

    def test_after_a_savepoint_in_which_it_changed_is_rolled_back(self) -> None:
        assert self.written_by("a") == "a"
        with transaction.atomic():
            assert self.written_by("b") == "b"
            transaction.set_rollback(True)
        assert self.written_by("b") == "b"
        assert self.written_by("a") == "a"

    def test_after_an_error_of_the_database(self) -> None:
        OrganisationFactory(code="taken")
        with pytest.raises(IntegrityError), acting_as("b"), transaction.atomic():
            OrganisationFactory(code="taken")
        assert self.written_by("b") == "b"

    def test_after_going_back_to_a_savepoint_of_somebody_else(self) -> None:
        assert self.written_by("a") == "a"
        point = transaction.savepoint()
        with acting_as("b"):
            OrganisationFactory()
            transaction.savepoint_rollback(point)  # which takes the name back as well
            OrganisationFactory()
        assert AuditEvent.objects.latest("pk").actor == "b"

    def test_it_is_no_query_of_ours(self, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
        with django_assert_num_queries(1), acting_as("somebody-new"):
            Organisation.objects.bulk_create([Organisation(code="x", name="X")])


def test_every_table_of_ours_has_its_triggers_and_no_other() -> None:
    assert triggers.missing_triggers() == []
    audited = {model._meta.db_table for model in triggers.audited_models()}
    assert {"access_user", "access_organisation", "access_assignment"} <= audited
    assert "access_auditevent" not in audited
    assert not any(table.startswith(("django_", "account_", "auth_")) for table in audited)


def test_a_dropped_trigger_is_missed_and_migrate_puts_it_back() -> None:
    name, table = triggers._installed()[0]
    with connection.cursor() as cursor:
        cursor.execute(triggers._engine().drop(name, table))
    assert triggers.missing_triggers() == [f"{name} on {table}"]
    triggers.install_triggers()
    assert triggers.missing_triggers() == []


def test_a_model_may_say_why_it_is_not_audited() -> None:
    class Exempt:
        class Audit:
            exempt = "an audit row would link an answer to a moment"

    assert triggers.exempt_reason(Exempt) == "an audit row would link an answer to a moment"  # type: ignore[arg-type]
    assert triggers.exempt_reason(Organisation) == ""


def test_looking_at_what_migrate_would_do_leaves_the_triggers_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse() -> None:
        raise AssertionError("the triggers were touched")

    monkeypatch.setattr("sightline.access.management.commands.migrate.loosen_triggers", refuse)
    monkeypatch.setattr("sightline.access.management.commands.migrate.install_triggers", refuse)
    call_command("migrate", "--plan", verbosity=0, skip_checks=True)
    call_command("migrate", "--check", verbosity=0, skip_checks=True)


def test_every_audited_model_has_one_key_column() -> None:
    for model in triggers.audited_models():
        assert triggers.described(model).key
    assert issubclass(User, models.Model)
