"""The first half of a build: rules, clean tables, and which child each row belongs to.

Imports Ibis, so it is imported by the job that makes a build. Rows that break a rule go into
`faults.parquet` and no further; every other row into its clean table, with the child it belongs to.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from sightline.children import tables as typed
from sightline.children.building import (
    ERROR,
    FAULTS,
    FIRST_PLACES,
    JOINED,
    LINKS,
    Counted,
    Given,
    Made,
    Progress,
    Supplied,
    table_path,
    write_empty,
)  # fmt: skip
from sightline.children.definitions import DatasetDefinition
from sightline.warehouse import parquet
from sightline.warehouse.engines import Engine

CHILDREN, CHILD = "children", "child"
BY_NUMBER = "number"
"""Joined by the council's own number; else by the kind of the column."""
_FAULT_COLUMNS = ("dataset", "extract", "row", "column", "rule", "severity", "what", "waiver")
FAULT_SCHEMA = pa.schema(
    [pa.field(name, pa.int64() if name == typed.ROW else pa.string()) for name in _FAULT_COLUMNS]
)
_LINKS = pa.schema(
    [("dataset", pa.string()), ("row", pa.int64()), ("child", pa.string()), ("by", pa.string())]
)
_JOINED = pa.schema(
    [
        ("dataset", pa.string()), ("agency", pa.string()), ("area", pa.string()),
        ("rows", pa.int64()), ("joined", pa.int64()), ("share", pa.float64()),
    ]
)  # fmt: skip


def clean(
    engine: Engine,
    known: Sequence[DatasetDefinition],
    given: Mapping[str, Given],
    *,
    area: str,
    folder: Path,
    supplied: Mapping[str, Supplied],
    today: dt.date,
    progress: Progress,
) -> Made:
    """Hold extracts against the rules and write what is clean."""
    tables = {dataset.code: _read(engine, dataset, given.get(dataset.code)) for dataset in known}
    progress.at(0, "checking rules")
    found = checked(engine, tables, area=area, supplied=supplied, today=today)
    faults = engine.keep(found.table, "faults_found")
    engine.write(faults, folder / FAULTS)
    progress.at(1, "rules checked")
    cleaning = _Cleaning(engine, folder, faults, tables)
    counted: dict[str, Counted] = {}
    order = sorted(known, key=lambda dataset: dataset.code != CHILDREN)
    for dataset in order:
        if dataset.code in given:
            progress.at(1 + len(counted), f"writing {dataset.title.lower()}")
            counted[dataset.code] = cleaning.write(dataset)
        else:
            write_empty(folder, dataset)
    parquet.write_table(cleaning.links(), folder / LINKS)
    agencies = {dataset.code: dataset.agency for dataset in known}
    parquet.write_table(_joined(counted, agencies, area), folder / JOINED)
    return Made(counted, _summary(engine, faults, found, counted, agencies), found.ruleset)


def _read(engine: Engine, dataset: DatasetDefinition, given: Given | None) -> ir.Table:
    """The rows of an extract under the dataset's columns as they are now, or none."""
    schema = typed.arrow_schema(dataset)
    if given is None:
        return engine.put(schema.empty_table(), f"none_{dataset.code.replace('-', '_')}")
    table = engine.read(given.path)
    types = ibis.Schema.from_pyarrow(schema)
    columns: dict[str, Any] = {}
    for name, kind in types.items():
        if name == typed.EXTRACT:
            columns[name] = ibis.literal(given.key)
        elif name in table.columns:
            columns[name] = table[name]
        else:
            columns[name] = ibis.null(kind)
    return table.select(**columns)


class Found:
    """What the rules said, in one form."""

    def __init__(self, table: ir.Table, skipped: Any, quality: Any, ruleset: str) -> None:
        self.table, self.skipped, self.quality, self.ruleset = table, skipped, quality, ruleset


def checked(
    engine: Engine,
    tables: Mapping[str, ir.Table],
    *,
    area: str,
    supplied: Mapping[str, Supplied],
    today: dt.date,
) -> Found:
    from sightline.children.rules.checking import check
    from sightline.children.rules.definitions import current_ruleset
    from sightline.children.rules.waivers import waived_on

    rules = current_ruleset(today)
    found = check(
        tables, rules, supplied=supplied, engine=engine, today=today, waived=waived_on(area, today)
    )
    table = found.faults
    columns = {
        name: table[name] if name in table.columns else ibis.literal("") for name in _FAULT_COLUMNS
    }
    return Found(
        table.select(**columns),
        {str(rule): str(why) for rule, why in dict(found.skipped).items()},
        {
            str(rule): [figure.value, str(figure.words), bool(figure.outside)]
            for rule, figure in dict(found.quality).items()
        },
        str(getattr(rules, "key", rules)),
    )


class _Cleaning:
    """Writes clean tables, the children first, since the others are joined to them."""

    def __init__(
        self, engine: Engine, folder: Path, faults: ir.Table, tables: Mapping[str, ir.Table]
    ) -> None:
        self.engine, self.folder, self.tables = engine, folder, tables
        held = faults.filter(faults.severity == ERROR, faults.waiver == "")
        self.held = engine.keep(held.select("dataset", "row").distinct(), "faulted_rows")
        self._links: list[pa.Table] = []
        self._people: ir.Table | None = None

    def write(self, dataset: DatasetDefinition) -> Counted:
        """Write the clean table of a dataset; rows in are rows published and rows faulted."""
        table = self.tables[dataset.code]
        bad = self.held.filter(self.held.dataset == dataset.code).select("row")
        good = table.anti_join(bad, "row")
        done = Counted()
        if dataset.code == CHILDREN:
            good = self.engine.keep(good, "people")
            self._people = good
        elif self._people is not None and CHILD in dataset.names:
            good = self._with_child(dataset, good, self._people, done)
        published = self.engine.write(good, table_path(self.folder, dataset.code))
        done.rows = int(self.engine.fetch(table.aggregate(n=table.count())).column("n")[0].as_py())
        in_file = table.semi_join(bad, "row")
        faulted = self.engine.fetch(in_file.aggregate(n=in_file.count())).column("n")[0].as_py()
        done.faulted = int(faulted)
        if done.rows != published + done.faulted:
            raise RuntimeError(
                f"{dataset.code}: {done.rows} rows in, {published} published, {faulted} faulted."
            )
        return done

    def _with_child(
        self, dataset: DatasetDefinition, good: ir.Table, people: ir.Table, done: Counted
    ) -> ir.Table:
        """The table with the child each row belongs to, and the links kept."""
        links = self.engine.keep(
            _linked(dataset, good, people), f"links_{dataset.code.replace('-', '_')}"
        )
        found = self.engine.fetch(
            links.select(
                dataset=ibis.literal(dataset.code), row=links.row, child=links.child, by=links.by
            )
        ).cast(_LINKS)
        self._links.append(found)
        done.by = dict(Counter(found.column("by").to_pylist()))
        done.joined = found.num_rows
        if set(done.by) <= {BY_NUMBER}:
            return good
        named = links.select(link_row=links.row, link_child=links.child)
        both = good.left_join(named, good.row == named.link_row)
        return both.mutate(child=both.link_child.coalesce(both.child)).select(*good.columns)

    def links(self) -> pa.Table:
        """Every link: dataset, row, child, and by what."""
        return pa.concat_tables(self._links) if self._links else _LINKS.empty_table()


def _linked(dataset: DatasetDefinition, good: ir.Table, people: ir.Table) -> ir.Table:
    """Row and child: by the council's number first, then by hashed numbers they share."""
    numbers = people.select(CHILD).distinct()
    linked = good.semi_join(numbers, CHILD).select("row", "child", by=ibis.literal(BY_NUMBER))
    left = good.anti_join(numbers, CHILD)
    for name in ("chi", "scn"):
        if name not in dataset.names:
            continue
        known = people.filter(people[name].notnull())
        one = known.group_by(name).aggregate(person=known[CHILD].min(), n=known[CHILD].nunique())
        one = one.filter(one.n == 1).select(shared=one[name], person=one.person)
        here = left.filter(left[name].notnull()).select("row", mine=left[name])
        found = here.join(one, here.mine == one.shared)
        taken = linked.select("row")
        fresh = found.select(row=found.row, child=found.person, by=ibis.literal(name))
        linked = linked.union(fresh.anti_join(taken, "row"))
    return linked


def _joined(counted: Mapping[str, Counted], agencies: Mapping[str, str], area: str) -> pa.Table:
    rows = [
        {
            "dataset": code, "agency": agencies[code], "area": area, "rows": one.published,
            "joined": one.joined, "share": one.joined / one.published if one.published else None,
        }
        for code, one in sorted(counted.items())
        if one.by or one.joined
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=_JOINED)


def _summary(
    engine: Engine,
    faults: ir.Table,
    found: Found,
    counted: Mapping[str, Counted],
    agencies: Mapping[str, str],
) -> dict[str, Any]:
    """Counts for pages, so that they need not open the files."""
    named = ["dataset", "rule", "severity", "what", "column"]
    waived = faults.waiver != ""
    grouped = faults.group_by(*named, waived=waived).aggregate(
        count=faults.count(), first=faults.row.min()
    )
    groups = sorted(
        engine.fetch(grouped).to_pylist(),
        key=lambda one: (one["severity"] != ERROR, -one["count"], one["rule"], one["dataset"]),
    )
    return {
        "groups": groups,
        "skipped": found.skipped,
        "quality": found.quality,
        "joined": {
            code: {"agency": agencies[code], "by": one.by}
            for code, one in counted.items()
            if one.by
        },
        "first_places": FIRST_PLACES,
    }
