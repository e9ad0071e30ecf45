"""How PostgreSQL audits rows."""

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

# Arguments of the row function: the key column, then the secret columns. It asks the row what
# columns it has, so it goes on working while a migration adds and removes them.
_ROW_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION sightline_audit_row() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    who text := current_setting('sightline.actor', true);
    old_row jsonb;
    new_row jsonb;
    row_key text;
BEGIN
    IF coalesce(who, '') = '' THEN
        RAISE EXCEPTION '{nobody}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        new_row := to_jsonb(NEW) - TG_ARGV[1:];
        row_key := new_row ->> TG_ARGV[0];
    ELSIF TG_OP = 'DELETE' THEN
        old_row := to_jsonb(OLD) - TG_ARGV[1:];
        row_key := old_row ->> TG_ARGV[0];
    ELSE
        old_row := to_jsonb(OLD) - TG_ARGV[1:];
        new_row := to_jsonb(NEW) - TG_ARGV[1:];
        row_key := new_row ->> TG_ARGV[0];
        SELECT coalesce(jsonb_object_agg(o.key, o.value), '{{}}'),
               coalesce(jsonb_object_agg(o.key, new_row -> o.key), '{{}}')
          INTO old_row, new_row
          FROM jsonb_each(old_row) o
         WHERE new_row -> o.key IS DISTINCT FROM o.value;
    END IF;
    INSERT INTO "{trail}" (at, actor, verb, target, reason, before, after)
    VALUES (clock_timestamp(), who,
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


def preparation(trail: str) -> Iterator[str]:
    """The functions the triggers run."""
    yield _ROW_FUNCTION.format(trail=trail, nobody=NOBODY)
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
    """The three triggers of one audited table."""
    arguments = ", ".join(f"'{column}'" for column in (table.key, *table.secret))
    for event, deed in (("INSERT", "added"), ("UPDATE", "changed"), ("DELETE", "removed")):
        name = f"{prefix}_{deed}"  # unique on its table; a longer one could be cut to 63 bytes
        yield (
            name,
            f'CREATE TRIGGER "{name}" AFTER {event} ON "{table.name}" '
            f"FOR EACH ROW EXECUTE FUNCTION sightline_audit_row({arguments})",
        )
