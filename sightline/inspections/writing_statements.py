"""Writes statements: supersedes those that no longer hold and adds those that are new."""

import datetime as dt
from typing import Any

from sightline.inspections.models import Statement

Row = dict[str, Any]


class StatementWriter:
    """Statements of one import. New rows wait for `flush`, after the old ones have made way."""

    def __init__(self, by: str, at: dt.datetime, reason: str) -> None:
        self.by, self.at, self.reason = by, at, reason
        self.writes = 0
        self.kept: list[str] = []
        self._new: dict[type[Statement], list[Statement]] = {}

    @staticmethod
    def held(kind: type[Statement], subject: str, **owner: Any) -> dict[Any, list[Statement]]:
        """Every statement there is, history included, by what it is about."""
        found: dict[Any, list[Statement]] = {}
        for row in kind._default_manager.filter(**owner).order_by("position", "pk"):
            found.setdefault(getattr(row, subject), []).append(row)
        return found

    def replace(
        self,
        template: Statement,
        held: list[Statement],
        wanted: list[Row],
        *,
        thing: str,
        has_value: bool = True,
    ) -> None:
        """Make the live statements about one thing say what is wanted.

        Args:
            template: an unsaved row that says what it is about, and the place of the one in use.
            held: every row about it, history included.
            wanted: the columns of the one in use and then of what others say.
            thing: what it is about, in words.
            has_value: whether the first of `wanted` is in use; if not, all are what others say.
        """
        value = wanted[0] if wanted and has_value else None
        others = wanted[1:] if value is not None else wanted
        live = [row for row in held if row.superseded_at is None]
        is_kept = self._replace_value(template, held, value, thing)
        spare = [row for row in live if not row.in_use]
        for at, columns in enumerate(others):
            same = next((row for row in spare if _says(row, columns)), None)
            if same is not None:
                spare.remove(same)
                self._place(same, at)
            elif not (is_kept and _gave_way(held, columns)):
                self._add(template, columns, in_use=False, position=at)
        for row in spare:
            # Where a correction is kept, so is what it left standing beside it.
            if not (is_kept and row.origin == Statement.CORRECTION):
                self._supersede(row)

    def _replace_value(
        self, template: Statement, held: list[Statement], value: Row | None, thing: str
    ) -> bool:
        """Whether a correction was kept in place of the value."""
        current = next((row for row in held if row.in_use), None)
        if current is not None and value is not None and _says(current, value):
            self._place(current, template.position)
        elif current is not None and _was_corrected(current, held, value):
            self.kept.append(thing)
            return True
        else:
            if current is not None:
                self._supersede(current)
            if value is not None:
                self._add(template, value, in_use=True, position=template.position)
        return False

    def flush(self) -> None:
        """Add the new rows, a table at a time."""
        for kind, rows in self._new.items():
            kind._default_manager.bulk_create(rows)
        self._new = {}

    def _add(self, template: Statement, columns: Row, *, in_use: bool, position: int) -> None:
        kind = type(template)
        about = {
            field.attname: getattr(template, field.attname)
            for field in kind._meta.concrete_fields
            if field.attname not in {"id", "position", *columns}
        }
        about |= {"in_use": in_use, "stated_at": self.at, "stated_by": self.by}
        self._new.setdefault(kind, []).append(kind(**about, **columns, position=position))
        self.writes += 1

    def _place(self, row: Statement, position: int) -> None:
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
            self.writes += 1

    def _supersede(self, row: Statement) -> None:
        row.in_use = False
        row.superseded_at, row.superseded_by = self.at, self.by
        row.superseded_reason = self.reason
        row.save(update_fields=["in_use", "superseded_at", "superseded_by", "superseded_reason"])
        self.writes += 1


def _says(row: Statement, columns: Row) -> bool:
    return all(getattr(row, name) == value for name, value in columns.items())


def _gave_way(held: list[Statement], columns: Row) -> bool:
    """True when a correction has superseded a statement that says this."""
    corrected = {row.stated_at for row in held if row.origin == Statement.CORRECTION}
    return any(row.superseded_at in corrected and _says(row, columns) for row in held)


def _was_corrected(current: Statement, held: list[Statement], value: Row | None) -> bool:
    """True when `value` is what a person has since corrected to the one in use.

    They may have corrected it more than once, and the first time there may have been no value.
    """
    by_key = {row.pk: row for row in held}
    row: Statement | None = current
    while row is not None and row.origin == Statement.CORRECTION:
        replaced: int | None = row.corrects_id  # type: ignore[attr-defined]
        row = by_key.get(replaced) if replaced else None
        if value is None and row is None:
            return True
        if value is not None and row is not None and _says(row, value):
            return True
    return False
