"""Writes of the reference data about places."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.kernel.errors import NotAllowed
from sightline.partnerships import files, loading
from sightline.partnerships.datasets import DatasetKind, dataset, datasets
from sightline.partnerships.models import DataZone, Locality, ReferenceLoad
from sightline.partnerships.permissions import require_reference_data
from sightline.partnerships.queries import find
from sightline.partnerships.services.rows import Placing, put_zones

INVENTED_FROM: Final = dt.date(2020, 1, 1)


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
        NotAllowed: another file of this dataset is loaded and no reason is given to replace it.
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
    gives_zones = _settle_zones(table, held)
    if held is not None:
        ReferenceLoad.objects.filter(pk=held.pk, replaced_at=None).update(
            replaced_at=timezone.now(),
            replaced_by=actor.audit_name,
            replaced_reason=replace_because.strip(),
        )
    load = _line(actor, table)
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


def _settle_zones(table: files.Table, held: ReferenceLoad | None) -> bool:
    """Refuse a file that disagrees with the zones held; whether it is to give the list of them."""
    zones = loading.zones_held(table.dataset.geography)
    gave_zones = held is not None and DataZone.objects.filter(load=held).exists()
    if gave_zones:  # it may say anew where a zone lies, and must name the same zones
        zones |= {zone.code: zone.partnership for zone in table.zones if zone.code in zones}
    loading.check_places(table, zones)
    return table.dataset.kind is DatasetKind.DEPRIVATION and (gave_zones or not zones)


def _line(actor: Actor, table: files.Table) -> ReferenceLoad:
    dataset = table.dataset
    return ReferenceLoad.objects.create(
        dataset=dataset.code,
        definition=dataset.key,
        vintage=dataset.vintage,
        geography=dataset.geography,
        file_name=table.file_name[:200],
        sha256=table.sha256,
        rows=table.rows,
        source=dataset.source,
        licence=dataset.licence,
        loaded_at=timezone.now(),
        loaded_by=actor.audit_name,
    )


@transaction.atomic
def load_invented_places(*, actor: Actor) -> int:
    """Load data zones, ranks and population of the invented area, and place its data zones.

    Its intermediate zones bear the names of its localities; each data zone is placed in the one of
    that name, if it is held. A second call changes nothing. Returns how many files were loaded.

    Raises:
        NotAllowed: this installation is not a demonstration.
    """
    require_reference_data(actor)
    if not settings.SIGHTLINE_DEMONSTRATION:
        raise NotAllowed("This installation is not a demonstration, so it has no invented places.")
    folder = settings.SIGHTLINE_DEFINITIONS / "demonstration" / "reference"
    loaded = [
        load_reference(actor=actor, file=folder / name, code=code, replace_because="Invented anew.")
        for code, name in (
            ("invented-deprivation", "strathgarry-deprivation.csv"),
            ("invented-population", "strathgarry-population.csv"),
        )
    ]
    placings: dict[str, list[Placing]] = {}
    zones = DataZone.objects.filter(load__dataset="invented-deprivation", load__replaced_at=None)
    held = set(Locality.objects.values_list("partnership", "name"))
    for zone in zones.order_by("code"):
        if (zone.partnership, zone.intermediate_zone) in held:
            placing = Placing(zone.code, zone.intermediate_zone, INVENTED_FROM)
            placings.setdefault(zone.partnership, []).append(placing)
    for partnership, rows in placings.items():
        put_zones(actor=actor, partnership=partnership, rows=rows)
    return sum(one.changed for one in loaded)
