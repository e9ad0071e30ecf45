"""How SQLite audits rows."""

# ruff: noqa: S608 - every name in these statements comes from our models, none from a person

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sightline.access.triggers import AuditedTable

INSTALLED: Final = (
    "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s ORDER BY name"
)
NOBODY: Final = (
    "Nobody is answerable for this write. Do it as somebody: with acting_as(actor) around it."
)
APPEND_ONLY: Final = "The audit trail only grows: its rows are neither changed nor removed."

# Whoever acts, or a refusal. Written in the trigger, so that it costs one call a row.
ACTOR: Final = f"coalesce(nullif(sightline_actor(), ''), RAISE(ABORT, '{NOBODY}'))"


def preparation(trail: str) -> Iterator[str]:
    """Nothing is needed before the triggers: the connection brings `sightline_actor()`."""
    return iter(())


def drop(name: str, table: str) -> str:
    """The statement that takes a trigger away."""
    return f'DROP TRIGGER IF EXISTS "{name}"'


def append_only(trail: str, prefix: str) -> Iterator[tuple[str, str]]:
    """Triggers that refuse to change or remove a row of the trail."""
    for event in ("UPDATE", "DELETE"):
        name = f"{prefix}_refuse_{event.lower()}"
        yield (
            name,
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{trail}" '
            f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END",
        )


def row_triggers(table: "AuditedTable", trail: str, prefix: str) -> Iterator[tuple[str, str]]:
    """The three triggers of one audited table."""
    whole = ("INSERT", "added", "NEW", "NULL", _whole(table, "NEW"))
    gone = ("DELETE", "removed", "OLD", _whole(table, "OLD"), "NULL")
    part = ("UPDATE", "changed", "NEW", _changed(table, "OLD"), _changed(table, "NEW"))
    for event, deed, row, before, after in (whole, part, gone):
        name = f"{prefix}_{table.name}_{deed}"
        made = f'CREATE TRIGGER "{name}" AFTER {event} ON "{table.name}" BEGIN '
        statement = (
            f'INSERT INTO "{trail}" (at, actor, verb, target, reason, "before", "after") VALUES ('
            "strftime('%Y-%m-%d %H:%M:%f', 'now'), "
            f"{ACTOR}, 'row.{deed}', '{table.name}:' || {_value(row, table.key)}, '', "
            f"{before}, {after}); END"
        )
        yield name, made + statement


def triggers_while_migrating(
    table: "AuditedTable", trail: str, prefix: str
) -> Iterator[tuple[str, str]]:
    """None: a table that a trigger names can be neither altered nor rebuilt."""
    return iter(())


def _value(row: str, column: str) -> str:
    return f'{row}."{column}"'


def _boolean(value: str) -> str:
    return f"CASE {value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END"


# Each kind of column as JSON text. A JSON column is embedded as it is, not as text in quotes.
_AS_JSON: Final[dict[str, Callable[[str], str]]] = {
    "plain": lambda value: f"json_quote({value})",
    "boolean": _boolean,
    "json": lambda value: f"coalesce({value}, 'null')",
    "binary": lambda value: f"json_quote(hex({value}))",
}


_PLAIN: Final[dict[str, Callable[[str], str]]] = {
    "plain": lambda value: value,
    "binary": lambda value: f"hex({value})",
}


def _whole(table: "AuditedTable", row: str) -> str:
    """A row as a JSON object."""
    parts = (
        f"'{column}', json({_AS_JSON[kind](_value(row, column))})"
        if kind in {"boolean", "json"}
        else f"'{column}', {_PLAIN[kind](_value(row, column))}"
        for column, kind in table.columns
    )
    return f"json_object({', '.join(parts)})"


def _changed(table: "AuditedTable", row: str) -> str:
    """The columns that changed, and only those, as JSON: one side of the change."""
    parts = (
        f"CASE WHEN {_value('OLD', column)} IS {_value('NEW', column)} THEN '' "
        f"ELSE ',\"{column}\":' || " + _AS_JSON[kind](_value(row, column)) + " END"
        for column, kind in table.columns
    )
    return "'{' || substr(" + " || ".join(parts) + ", 2) || '}'"
