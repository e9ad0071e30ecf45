"""Doors nobody else may see, definitions as a server loads them, tables that are not there yet."""

from types import SimpleNamespace

import pytest

from sightline.access import checks, triggers
from sightline.access.actors import CommandLine
from sightline.access.models import AuditEvent
from sightline.access.permissions import (
    EVERYONE,
    NATIONAL,
    Permission,
    require,
    scopes_held,
)
from sightline.kernel.errors import NotFound, NotPermitted
from tests.factories.access import UserFactory, assign

pytestmark = pytest.mark.django_db


def test_the_command_line_reaches_everything_and_somebody_without_access_nothing() -> None:
    gone = assign(UserFactory(is_active=False), "chief-officer", "partnership", "fife")
    assert scopes_held(CommandLine("root"), Permission.PUBLISHED_VIEW) == {NATIONAL}
    assert scopes_held(gone, Permission.PUBLISHED_VIEW) == frozenset()


def test_a_door_that_nobody_else_may_see_is_not_there_for_a_colleague() -> None:
    colleague = assign(UserFactory(), "chief-officer", "partnership", "fife")
    with pytest.raises(NotFound):
        require(colleague, Permission.PEOPLE_MANAGE)
    with pytest.raises(NotPermitted):
        require(colleague, Permission.PEOPLE_MANAGE, seen_by=EVERYONE)


def test_the_definitions_that_are_here_can_be_used() -> None:
    checks.load_definitions()
    assert checks.roles_can_be_used(None) == []


def test_only_tables_that_exist_get_triggers(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the middle of the first `migrate`, which makes the tables one after another."""
    there = triggers._tables()
    every = {trigger.table for trigger in triggers.wanted_triggers()}
    late = "access_organisation"
    monkeypatch.setattr(triggers, "_tables", lambda: [table for table in there if table != late])
    assert {trigger.table for trigger in triggers.wanted_triggers()} == every - {late}
    assert AuditEvent._meta.db_table in every


def test_a_table_without_one_key_column_cannot_be_audited() -> None:
    class Keyless:
        _meta = SimpleNamespace(pk=None, concrete_fields=(), db_table="keyless")

    with pytest.raises(ValueError, match="Keyless has no single key column"):
        triggers.described(Keyless)  # type: ignore[arg-type]
