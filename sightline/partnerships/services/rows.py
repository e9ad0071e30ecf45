"""Writes of many rows at once, by an upload: holidays, and the data zones of localities.

What an upload changes it can undo: rows it added carry its key, and rows it changed are kept as
they were in `ReplacedRow`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import Permission
from sightline.kernel.errors import BadInput, NotAllowed
from sightline.partnerships.models import (
    Holiday,
    Locality,
    LocalityZone,
    ReplacedRow,
    UploadedDetail,
)
from sightline.partnerships.permissions import get_partnership_for
from sightline.partnerships.services.details import check_working_days

EDIT = Permission.PARTNERSHIP_EDIT


@dataclass(frozen=True)
class Changed:
    """How many rows a call added, changed, removed, and found as they should be."""

    added: int = 0
    replaced: int = 0
    removed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class HolidayRow:
    """A holiday to be held, from `first` to `last`, both included. `kind` is public or school."""

    name: str
    kind: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Placing:
    """A data zone that lies in a locality, from `first` until `last` (null: still), included."""

    zone: str
    locality: str
    first: dt.date
    last: dt.date | None = None


@transaction.atomic
def put_holidays(
    *, actor: Actor, partnership: str, rows: Iterable[HolidayRow], upload: str = ""
) -> Changed:
    """Hold these holidays; one of the same kind, name and first day is changed, others stay.

    Doing it again changes nothing.

    Raises:
        NotFound, NotPermitted: as `get_partnership_for`.
        BadInput: the holidays then held leave a year without a working day.
    """
    get_partnership_for(actor, partnership, EDIT)
    held = {
        (row.kind, row.first, row.name): row
        for row in Holiday.objects.filter(partnership=partnership)
    }
    counts = _Writer(actor, partnership, "holidays", upload)
    for row in rows:
        found = held.get((row.kind, row.first, row.name))
        fields = {"name": row.name, "kind": row.kind, "first": row.first, "last": row.last}
        held[row.kind, row.first, row.name] = counts.put(Holiday, found, fields)
    check_working_days(partnership)
    return counts.finish()


@transaction.atomic
def put_zones(
    *, actor: Actor, partnership: str, rows: Iterable[Placing], upload: str = ""
) -> Changed:
    """Place data zones in localities; a row of the same zone and first day is changed.

    Doing it again changes nothing.

    Raises:
        NotFound, NotPermitted: as `get_partnership_for`.
        BadInput: there is no such locality, or a zone would lie in two at a time.
    """
    get_partnership_for(actor, partnership, EDIT)
    localities = {row.name: row for row in Locality.objects.filter(partnership=partnership)}
    held = {
        (row.zone, row.first): row for row in LocalityZone.objects.filter(partnership=partnership)
    }
    counts = _Writer(actor, partnership, "locality-zones", upload)
    for row in rows:
        if row.locality not in localities:
            raise BadInput(f"There is no locality {row.locality!r} here; add it first.")
        fields = {
            "locality": localities[row.locality],
            "zone": row.zone,
            "first": row.first,
            "last": row.last,
        }
        found = held.get((row.zone, row.first))
        held[row.zone, row.first] = counts.put(LocalityZone, found, fields)
    clash = first_clash(held.values())
    if clash:
        raise BadInput(clash)
    return counts.finish()


def first_clash(rows: Iterable[Any]) -> str:
    """What is wrong with the first zone that lies in two localities at a time, or empty."""
    ordered = sorted(rows, key=lambda row: (row.zone, row.first))
    for one, following in pairwise(ordered):
        if one.zone == following.zone and (one.last is None or one.last >= following.first):
            until = f"until {one.last}" if one.last else "with no end"
            return (
                f"{one.zone} lies in a locality from {one.first} {until}, and in one from "
                f"{following.first}; end the first before."
            )
    return ""


class _Writer:
    """Adds and changes rows for one call, keeping what was changed."""

    def __init__(self, actor: Actor, partnership: str, kind: str, upload: str) -> None:
        self.actor, self.partnership, self.kind, self.upload = actor, partnership, kind, upload
        self.added = self.replaced = self.unchanged = 0

    def put(self, model: type[UploadedDetail], found: Any, fields: Mapping[str, Any]) -> Any:
        """The row as it should be, written where it is not yet."""
        if found is None:
            self.added += 1
            return model._default_manager.create(
                partnership=self.partnership,
                added_at=timezone.now(),
                added_by=self.actor.audit_name,
                source="Uploaded",
                upload=self.upload,
                **fields,
            )
        if all(getattr(found, name) == value for name, value in fields.items()):
            self.unchanged += 1
            return found
        self.replaced += 1
        ReplacedRow.objects.create(
            partnership=self.partnership, upload=self.upload, kind=self.kind, row=_as_json(found)
        )
        for name, value in {**fields, "upload": self.upload}.items():
            setattr(found, name, value)
        found.save()
        return found

    def finish(self) -> Changed:
        """Record the deed, unless nothing changed, and say what was done."""
        if self.added or self.replaced:
            audit.record(
                self.actor,
                "partnership.rows-uploaded",
                f"partnership:{self.partnership}",
                reason=f"{self.kind}: {self.added} added, {self.replaced} changed",
            )
        return Changed(self.added, self.replaced, 0, self.unchanged)


def _as_json(row: Any) -> dict[str, Any]:
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    kept = ("id", "name", "kind", "zone", "locality_id", "first", "last", "upload")
    return {
        name: str(value) if isinstance(value, dt.date) else value
        for name, value in fields.items()
        if name in kept
    }


MODELS: dict[str, type[UploadedDetail]] = {"holidays": Holiday, "locality-zones": LocalityZone}


@transaction.atomic
def undo_rows(*, actor: Actor, partnership: str, kind: str, upload: str) -> Changed:
    """Take out what one upload put in, and put back what it changed.

    Raises:
        NotFound, NotPermitted: as `get_partnership_for`.
        NotAllowed: something has changed one of its rows since.
    """
    get_partnership_for(actor, partnership, EDIT)
    model = MODELS[kind]
    before = ReplacedRow.objects.filter(partnership=partnership, upload=upload, kind=kind)
    rows = model._default_manager.filter(partnership=partnership, upload=upload)
    written = {row.pk: row for row in rows}
    changed = [kept.row for kept in before]
    gone = [row for row in changed if row["id"] not in written]
    if gone:
        raise NotAllowed(
            f"{len(gone)} of the rows this file changed have been changed or removed since, so it "
            "can not be undone. Undo the later file first, or change the rows on the page."
        )
    for row in changed:
        found = written.pop(row["id"])
        for name, value in row.items():
            is_day = name in {"first", "last"} and value is not None
            setattr(found, name, dt.date.fromisoformat(value) if is_day else value)
        found.save()
    removed = len(written)
    model._default_manager.filter(pk__in=list(written)).delete()
    before.delete()
    if kind == "holidays":
        check_working_days(partnership)
    audit.record(
        actor,
        "partnership.upload-undone",
        f"partnership:{partnership}",
        reason=f"{kind}: {removed} removed, {len(changed)} as before",
    )
    return Changed(0, len(changed), removed, 0)
