"""How PostgreSQL audits rows."""

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sightline.access.triggers import AuditedTable

INSTALLED: Final = (
    "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema() "
    "WHERE NOT t.tgisinternal AND t.tgname LIKE %s ORDER BY t.tgname"
)
NOBODY: Final = (
    "Nobody is answerable for this write. Do it as somebody: with acting_as(actor) around it."
)
APPEND_ONLY: Final = "The audit trail only grows: its rows are neither changed nor removed."

_NOBODY_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION sightline_audit_nobody() RETURNS text LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION '{nobody}' USING ERRCODE = 'integrity_constraint_violation';
END $body$
"""

# Whoever acts, or a refusal.
ACTOR: Final = (
    "coalesce(nullif(current_setting('sightline.actor', true), ''), sightline_audit_nobody())"
)

# One statement a row, with the columns written out and a function for each event: every further
# expression, and asking a row what columns it has, costs a single-row write more than the bar
# allows (benchmarks/audit.py).
_ROW_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION "{function}"() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    INSERT INTO "{trail}" (at, actor, verb, target, reason, before, after)
    VALUES (clock_timestamp(), {actor}, 'row.{deed}', '{table}:' || {row}."{key}", '',
            {before}, {after});
    RETURN NULL;
END $body$;
"""

# The same for any table, slower: it asks the row what columns it has, so it goes on working while
# a migration adds and removes them. Its arguments are the key column, then the secret columns.
_PATIENT_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION sightline_audit_any() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - TG_ARGV[1:] END;
    new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - TG_ARGV[1:] END;
    row_key text := coalesce(new_row, old_row) ->> TG_ARGV[0];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT coalesce(jsonb_object_agg(o.key, o.value), '{{}}'),
               coalesce(jsonb_object_agg(o.key, new_row -> o.key), '{{}}')
          INTO old_row, new_row
          FROM jsonb_each(old_row) o
         WHERE new_row -> o.key IS DISTINCT FROM o.value;
    END IF;
    INSERT INTO "{trail}" (at, actor, verb, target, reason, before, after)
    VALUES (clock_timestamp(), {actor},
            CASE TG_OP WHEN 'INSERT' THEN 'row.added' WHEN 'UPDATE' THEN 'row.changed'
                       ELSE 'row.removed' END,
            TG_TABLE_NAME || ':' || row_key, '', old_row, new_row);
    RETURN NULL;
END $body$
"""
_REFUSE_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION sightline_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';
END $body$
"""


EVENTS: Final = (("INSERT", "added"), ("UPDATE", "changed"), ("DELETE", "removed"))
LONGEST_NAME: Final = 63


def preparation(trail: str) -> Iterator[str]:
    """The functions that are the same for every table."""
    yield _NOBODY_FUNCTION.format(nobody=NOBODY)
    yield _PATIENT_FUNCTION.format(trail=trail, actor=ACTOR)
    yield _REFUSE_FUNCTION.format(message=APPEND_ONLY)


def drop(name: str, table: str) -> str:
    """The statement that takes a trigger away."""
    return f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'


def append_only(trail: str, prefix: str) -> Iterator[tuple[str, str]]:
    """Triggers that refuse to change, remove or empty the trail."""
    for event in ("UPDATE", "DELETE", "TRUNCATE"):
        name = f"{prefix}_refuse_{event.lower()}"
        yield (
            name,
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{trail}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION sightline_audit_refuse()",
        )


def row_triggers(table: "AuditedTable", trail: str, prefix: str) -> Iterator[tuple[str, str]]:
    """The three triggers of one audited table, each with its function."""
    secret = [f"'{column}'" for column in table.secret]
    hidden = f" - ARRAY[{', '.join(secret)}]::text[]" if secret else ""
    sides = {
        "added": ("NEW", "NULL", f"to_jsonb(NEW){hidden}"),
        "changed": ("NEW", _changed(table, "OLD"), _changed(table, "NEW")),
        "removed": ("OLD", f"to_jsonb(OLD){hidden}", "NULL"),
    }
    for event, deed in EVENTS:
        row, before, after = sides[deed]
        function = _function_name(table, deed)
        made = _ROW_FUNCTION.format(
            function=function, trail=trail, actor=ACTOR, deed=deed, table=table.name,
            row=row, key=table.key, before=before, after=after,
        )  # fmt: skip
        yield _trigger(prefix, deed, event, table.name, f'"{function}"()', made)


def _changed(table: "AuditedTable", row: str) -> str:
    """The columns that changed, and only those: one side of the change."""
    return " || ".join(
        f'CASE WHEN OLD."{column}" IS DISTINCT FROM NEW."{column}" '
        f"THEN jsonb_build_object('{column}', {row}.\"{column}\") ELSE '{{}}' END"
        for column, _ in table.columns
    )


def triggers_while_migrating(
    table: "AuditedTable", trail: str, prefix: str
) -> Iterator[tuple[str, str]]:
    """The same three, indifferent to which columns the table has."""
    arguments = ", ".join(f"'{column}'" for column in (table.key, *table.secret))
    for event, deed in EVENTS:
        yield _trigger(prefix, deed, event, table.name, f"sightline_audit_any({arguments})", "")


def _trigger(
    prefix: str, deed: str, event: str, table: str, function: str, before: str
) -> tuple[str, str]:
    name = f"{prefix}_{deed}"  # unique on its table
    return (
        name,
        f'{before}CREATE TRIGGER "{name}" AFTER {event} ON "{table}" '
        f"FOR EACH ROW EXECUTE FUNCTION {function}",
    )


def _function_name(table: "AuditedTable", deed: str) -> str:
    name = f"sightline_audit_{deed}_{table.name}"
    if len(name) <= LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: LONGEST_NAME - 9]}_{digest}"
