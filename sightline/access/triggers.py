"""Database triggers that audit every row written, on SQLite and PostgreSQL.

Each model of Sightline has three triggers (added, changed, removed) unless it says why not in an
inner `class Audit: exempt = "reason"`. They see bulk writes, raw SQL and the console alike, and
refuse a write nobody is answerable for. The trail itself is append-only by triggers of its own.

`row.added` carries the row after, `row.removed` the row before, and `row.changed` both sides of the
columns that changed and no others. Fields a model lists as `Sensitivity.secret` are left out.

Triggers are put back after every `migrate`, because SQLite drops them without a word whenever it
rebuilds a table; `missing_triggers` says what is not as it should be.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import connection, models, transaction

from sightline.access import triggers_postgresql, triggers_sqlite
from sightline.access.models import AuditEvent

PREFIX: Final = "sightline_audit"


@dataclass(frozen=True)
class AuditedTable:
    """What a trigger needs to know of a table: name, key column, columns with their kind."""

    name: str
    key: str
    columns: tuple[tuple[str, str], ...]  # (column, kind: plain, boolean, json or binary)
    secret: tuple[str, ...]


@dataclass(frozen=True)
class Trigger:
    """One trigger: its name, its table, and the statement that makes it."""

    name: str
    table: str
    sql: str


def _is_ours(model: type[models.Model]) -> bool:
    options = model._meta
    return options.app_config.name.startswith("sightline.") and options.managed


def exempt_reason(model: type[models.Model]) -> str:
    """Why rows of this model are not audited, or the empty text when they are."""
    return str(getattr(getattr(model, "Audit", None), "exempt", ""))


def audited_models() -> list[type[models.Model]]:
    """Every model whose rows are audited: all of ours, many-to-many tables included."""
    found = [m for m in apps.get_models(include_auto_created=True) if _is_ours(m)]
    return [m for m in found if m is not AuditEvent and not exempt_reason(m)]


def _kind(field: "models.Field[Any, Any]") -> str:
    if isinstance(field, models.BooleanField):
        return "boolean"
    if isinstance(field, models.JSONField):
        return "json"
    return "binary" if isinstance(field, models.BinaryField) else "plain"


def described(model: type[models.Model]) -> AuditedTable:
    """The table of a model, as its triggers see it."""
    secret: set[str] = getattr(getattr(model, "Sensitivity", None), "secret", set())
    fields = model._meta.concrete_fields
    key = model._meta.pk
    if key is None or key.column is None:
        raise ValueError(f"{model.__name__} has no single key column; the audit trail needs one.")
    return AuditedTable(
        name=model._meta.db_table,
        key=key.column,
        columns=tuple((str(f.column), _kind(f)) for f in fields if f.name not in secret),
        secret=tuple(str(f.column) for f in fields if f.name in secret),
    )


def wanted_triggers(*, while_migrating: bool = False) -> Iterator[Trigger]:
    """The triggers there should be, for those of our tables that exist."""
    engine = _engine()
    present = set(_tables())
    trail = AuditEvent._meta.db_table
    if trail not in present:
        return
    of_rows = engine.triggers_while_migrating if while_migrating else engine.row_triggers
    for name, sql in engine.append_only(trail, PREFIX):
        yield Trigger(name, trail, sql)
    for table in map(described, audited_models()):
        if table.name in present:
            for name, sql in of_rows(table, trail, PREFIX):
                yield Trigger(name, table.name, sql)


def install_triggers() -> None:
    """Put every trigger in place, and take away those of tables no longer audited."""
    _replace(list(wanted_triggers()))


def loosen_triggers() -> None:
    """Exchange the triggers for those that stand a migration: see `migrate`."""
    _replace(list(wanted_triggers(while_migrating=True)))


def drop_triggers() -> None:
    """Take every audit trigger away: to empty a test database, and to measure what they cost."""
    _replace([])


def _replace(wanted: list[Trigger]) -> None:
    """Take all triggers away and put these in place, both or neither."""
    engine = _engine()
    with transaction.atomic(), connection.cursor() as cursor:
        for name, table in _installed():
            cursor.execute(engine.drop(name, table))
        if wanted:
            for statement in engine.preparation(AuditEvent._meta.db_table):
                cursor.execute(statement)
        for trigger in wanted:
            cursor.execute(trigger.sql)


def missing_triggers() -> list[str]:
    """Triggers that should be in the database and are not, and any that should not be."""
    installed = set(_installed())
    wanted = {(trigger.name, trigger.table) for trigger in wanted_triggers()}
    return sorted(f"{name} on {table}" for name, table in wanted ^ installed)


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


def _installed() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_engine().INSTALLED, [PREFIX + "%"])
        return [(str(name), str(table)) for name, table in cursor.fetchall()]


def _engine() -> Any:
    return triggers_sqlite if connection.vendor == "sqlite" else triggers_postgresql
