"""Every write of what a partnership tells about itself, and of the reference data about places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import Permission
from sightline.kernel.definitions import Closed
from sightline.kernel.errors import NotAllowed, NotFound
from sightline.partnerships import files, loading
from sightline.partnerships.datasets import DatasetKind, dataset, datasets
from sightline.partnerships.definitions import LocalDetails
from sightline.partnerships.localities import check_days_off
from sightline.partnerships.models import DataZone, Holiday, LocalDetail, ReferenceLoad
from sightline.partnerships.permissions import get_partnership_for, require_reference_data
from sightline.partnerships.queries import KINDS, find
from sightline.partnerships.queries import partnership as partnership_of


@transaction.atomic
def add_detail(
    *, actor: Actor, partnership: str, kind: str, fields: Mapping[str, Any], source: str = ""
) -> LocalDetail:
    """Add one locality, group, plan, post or holiday.

    Args:
        actor: who adds it.
        partnership: code of the area.
        kind: one of `queries.KINDS`.
        fields: the model's own fields, already checked by a form or a definition.
        source: where it was read, in words.

    Raises:
        NotFound, NotPermitted: as `get_partnership_for`.
        NotAllowed: it is there already.
        BadInput: a holiday that would leave a year without a working day.
    """
    get_partnership_for(actor, partnership, Permission.PARTNERSHIP_EDIT)
    row = KINDS[kind](
        partnership=partnership,
        source=source,
        added_at=timezone.now(),
        added_by=actor.audit_name,
        **fields,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise NotAllowed(f"{row.label} is there already; change the name or leave it.") from None
    if kind == "holidays":
        _check_days_off(partnership)
    audit.record(actor, "partnership.detail-added", f"partnership:{partnership}", reason=row.label)
    return row


@transaction.atomic
def remove_detail(*, actor: Actor, partnership: str, kind: str, key: int) -> str:
    """Remove one detail; the audit trail keeps what it was. Returns its label.

    Raises:
        NotFound, NotPermitted: as `get_partnership_for`, or there is no such detail here.
    """
    get_partnership_for(actor, partnership, Permission.PARTNERSHIP_EDIT)
    row = KINDS[kind]._default_manager.filter(partnership=partnership, pk=key).first()
    if row is None:
        raise NotFound("That is no longer there; somebody may have removed it.")
    label = row.label
    row.delete()
    audit.record(actor, "partnership.detail-removed", f"partnership:{partnership}", reason=label)
    return label


@transaction.atomic
def load_details(*, actor: Actor, definitions: Iterable[LocalDetails]) -> int:
    """Add what is missing of the given definitions; returns how many rows were added.

    What a partnership has changed itself is left alone, and a second run adds nothing.
    """
    added = 0
    for definition in definitions:
        get_partnership_for(actor, definition.code, Permission.PARTNERSHIP_EDIT)
        place = f", {definition.source.place}" if definition.source.place else ""
        before = added
        for kind in KINDS:
            added += _add_missing(
                actor, definition.code, kind, getattr(definition, kind),
                source=f"{definition.source.title}{place}",
            )  # fmt: skip
        if added > before:
            _check_days_off(definition.code)
            audit.record(
                actor,
                "partnership.details-loaded",
                f"partnership:{definition.code}",
                reason=f"{added - before} from {definition.key}",
            )
    return added


def _add_missing(
    actor: Actor, partnership: str, kind: str, entries: Iterable[Closed], *, source: str
) -> int:
    model = KINDS[kind]
    rows = [
        model(
            partnership=partnership,
            source=source,
            added_at=timezone.now(),
            added_by=actor.audit_name,
            **entry.model_dump(),
        )
        for entry in entries
    ]
    before = model._default_manager.filter(partnership=partnership).count()
    model._default_manager.bulk_create(rows, ignore_conflicts=True)
    return model._default_manager.filter(partnership=partnership).count() - before


def _check_days_off(partnership: str) -> None:
    """Raise `BadInput` if the holidays now held leave a year without a working day."""
    held = Holiday.objects.filter(partnership=partnership, kind=Holiday.Kind.PUBLIC)
    check_days_off(partnership_of(partnership), held)


@dataclass(frozen=True)
class Loaded:
    """What loading one file came to. `changed` is false when just this file was there already."""

    dataset: str
    vintage: str
    file: str
    rows: int
    changed: bool
    replaced: str = ""


@transaction.atomic
def load_reference(
    *, actor: Actor, file: Path, code: str = "", replace_because: str = ""
) -> Loaded:
    """Load one file of reference data, whole or not at all.

    Args:
        actor: who loads it.
        file: a CSV file.
        code: of the dataset it is; empty to find out by its columns.
        replace_because: why another file of the same dataset gives way to this one. The rows of
            that one are kept, and used no more.

    Raises:
        NotFound, NotPermitted: as `require_reference_data`; there is no dataset of that code.
        BadInput: it is no file known here, or could be several.
        Faults: every fault of the file, with its line.
        NotAllowed: another file of this dataset is loaded and no reason is given to replace it; or
            others rest on the data zones that one named, and this one does not name them all.
    """
    require_reference_data(actor)
    if code:
        dataset(code)
    wanted = files.recognise(file, datasets(), code)
    held = ReferenceLoad.objects.filter(dataset=wanted.code, replaced_at=None).first()
    digest = files.sha256_of(file)
    if held is not None and held.sha256 == digest:
        return Loaded(wanted.code, held.vintage, file.name, held.rows, changed=False)
    if held is not None and not replace_because.strip():
        raise NotAllowed(
            f"{wanted.title} is loaded from another file: {held.file_name}, {held.rows:,} rows, on "
            f"{held.loaded_at:%d %B %Y}. To use {file.name} in its place, say why with --replace."
        )
    table = files.read(file, wanted, find_council=lambda name: find(name).code)
    gave_zones = held is not None and DataZone.objects.filter(load=held).exists()
    zones = loading.zones_held(wanted.geography)
    loading.check_places(table, zones)
    if held is not None:
        ReferenceLoad.objects.filter(pk=held.pk, replaced_at=None).update(
            replaced_at=timezone.now(),
            replaced_by=actor.audit_name,
            replaced_reason=replace_because.strip(),
        )
    load = ReferenceLoad.objects.create(
        dataset=wanted.code,
        definition=wanted.key,
        vintage=wanted.vintage,
        geography=wanted.geography,
        file_name=file.name[:200],
        sha256=table.sha256,
        rows=table.rows,
        source=wanted.source,
        licence=wanted.licence,
        loaded_at=timezone.now(),
        loaded_by=actor.audit_name,
    )
    gives_zones = wanted.kind is DatasetKind.DEPRIVATION and (gave_zones or not zones)
    loading.write(table, load, zones_too=gives_zones)
    audit.record(
        actor,
        "reference.loaded",
        f"reference:{wanted.code}",
        reason=replace_because.strip(),
        after={"file": file.name, "sha256": table.sha256, "rows": table.rows},
    )
    replaced = held.file_name if held else ""
    return Loaded(wanted.code, wanted.vintage, file.name, table.rows, True, replaced)
