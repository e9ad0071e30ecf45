"""Writing a checked file of reference data into the tables, in batches. Services alone call it."""

from typing import Any

from django.db import models

from sightline.kernel.errors import Fault, Faults
from sightline.partnerships.datasets import Dataset, DatasetKind
from sightline.partnerships.files import Table, ZoneRow
from sightline.partnerships.models import DataZone, DeprivationRank, Population, ReferenceLoad

BATCH = 2000
MOST_FAULTS = 30


def zones_held(geography: str) -> dict[str, str]:
    """Every current data zone of a geography with its partnership."""
    rows = DataZone.objects.filter(geography=geography, load__replaced_at=None)
    return dict(rows.values_list("code", "partnership"))


def check_places(table: Table, held: dict[str, str]) -> None:
    """Raise `Faults` unless the file agrees with the data zones that are held.

    Args:
        table: the file, in order by itself.
        held: the data zones of its geography, with the partnership of each; empty when none.
    """
    dataset = table.dataset
    if dataset.kind is DatasetKind.COUNCIL_POPULATION:
        return
    if not held:
        if dataset.kind is DatasetKind.ZONE_POPULATION:
            raise Faults(table.file_name, [_load_zones_first(dataset)])
        return
    faults = list(_disagreements(table, held))
    missing = sorted(set(held) - table.places)
    if missing and not faults:
        some = ", ".join(missing[:5])
        faults.append(Fault("", f"{len(missing):,} data zones have no row: {some}."))
    if len(faults) > MOST_FAULTS:
        more = len(faults) - MOST_FAULTS
        faults = [*faults[:MOST_FAULTS], Fault("", f"and {more:,} more.", "Mend these first.")]
    if faults:
        raise Faults(table.file_name, faults)


def _load_zones_first(dataset: Dataset) -> Fault:
    return Fault(
        "",
        f"the data zones of the {dataset.geography} geography are not loaded yet, so its rows "
        "cannot be placed.",
        "Load an index of deprivation first: it names the data zones and their councils.",
    )


def _disagreements(table: Table, held: dict[str, str]) -> list[Fault]:
    geography = table.dataset.geography
    found: list[Fault] = []
    for zone in table.zones:
        if zone.code in held and held[zone.code] != zone.partnership:
            what = f"{zone.code} lies in {held[zone.code]} here, and in {zone.partnership} there."
            found.append(Fault(f"line {zone.line}", what, "One geography has one answer."))
    lines: dict[str, int] = {zone.code: zone.line for zone in table.zones}
    lines |= {row.place: row.line for row in reversed(table.people)}
    for code in sorted(table.places - set(held)):
        what = f"there is no data zone {code} in the {geography} geography."
        found.append(Fault(f"line {lines[code]}", what, "Check the code."))
    return found


def write(table: Table, load: ReferenceLoad, *, zones_too: bool) -> None:
    """Write every row of a checked file under its load.

    Args:
        table: the file.
        load: the line that names it, saved.
        zones_too: whether this file gives the list of data zones (no other load does yet).
    """
    if zones_too:
        _bulk(DataZone, (_zone(zone, load) for zone in table.zones))
    _bulk(
        DeprivationRank,
        (
            DeprivationRank(
                load=load,
                zone=row.zone,
                overall=row.overall,
                domains=row.domains,
                people=row.people,
                working_age=row.working_age,
            )
            for row in table.ranks
        ),
    )
    _bulk(
        Population,
        (
            Population(
                load=load,
                place=row.place,
                name=row.name,
                sex=row.sex,
                people=row.people,
                ages=row.ages,
            )
            for row in table.people
        ),
    )


def _zone(zone: ZoneRow, load: ReferenceLoad) -> DataZone:
    return DataZone(
        load=load,
        code=zone.code,
        geography=load.geography,
        partnership=zone.partnership,
        intermediate_zone=zone.intermediate_zone,
    )


def _bulk(model: type[models.Model], rows: Any) -> None:
    model._default_manager.bulk_create(rows, batch_size=BATCH)
