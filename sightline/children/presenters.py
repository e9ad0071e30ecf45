"""What is held of an area's data as pages and commands show it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sightline.children.definitions import CODED, DatasetDefinition, code_list, datasets
from sightline.children.models import Build, BuildTable, Extract, Waiver
from sightline.uploads.wording import expected_of

AGENCIES: Final = {
    "council": "Council", "health-board": "Health board", "police": "Police Scotland",
    "reporter": "Children’s Reporter", "statistics": "Published statistics",
    "third-sector": "Third sector",
}  # fmt: skip
TAGS: Final = {"staged": "neutral", "checked": "neutral", "published": "good", "withdrawn": "quiet"}
SEVERITIES: Final = {"E": "Row held back", "W": "Look again", "Q": "Quality"}
BY: Final = {
    "number": "by the council’s number", "chi": "by health number", "scn": "by candidate number",
}  # fmt: skip


def said_day(day: dt.date) -> str:
    """A day in words."""
    return f"{day.day} {day:%B %Y}"


def said_days(first: dt.date | None, last: dt.date | None) -> str:
    """The days something answers for, in words."""
    if first is None or last is None:
        return "Not said"
    return f"{said_day(first)} to {said_day(last)}"


@dataclass(frozen=True)
class SuppliedRow:
    """A dataset, and what is held of it."""

    code: str
    title: str
    agency: str
    extract: Extract | None
    days: str
    who: str


def supplied(
    extracts: Mapping[str, Extract], names: Mapping[str, str]
) -> tuple[list[SuppliedRow], list[SuppliedRow]]:
    """Datasets that were supplied, and those that were not."""
    rows = [
        SuppliedRow(
            known.code,
            known.title,
            AGENCIES[known.agency],
            extract := extracts.get(known.code),
            said_days(extract.covers_from, extract.covers_until) if extract else "",
            names.get(extract.loaded_by, extract.loaded_by) if extract else "",
        )
        for known in datasets()
    ]
    return [row for row in rows if row.extract], [row for row in rows if not row.extract]


@dataclass(frozen=True)
class ColumnRow:
    """A column of a dataset, in words."""

    name: str
    title: str
    takes: str
    required: bool
    hint: str
    kept: str


_KEPT: Final = {
    "identifier": "As a keyed hash alone", "personal": "Shown on no page",
    "sensitive": "Shown on no page", "reference": "As sent", "plain": "As sent",
}  # fmt: skip


def columns(known: DatasetDefinition) -> list[ColumnRow]:
    """The columns of a dataset."""
    from sightline.children.uploaded import column_of

    return [
        ColumnRow(
            column.name,
            column.title,
            expected_of(column_of(column)),
            column.required,
            column.hint,
            _KEPT[column.privacy],
        )
        for column in known.columns
    ]


_FRICTIONLESS: Final = {
    "whole": ("integer", "default"), "number": ("number", "default"), "date": ("date", "%Y-%m-%d"),
    "time": ("datetime", "%Y-%m-%d %H:%M"), "flag": ("boolean", "default"),
}  # fmt: skip


def table_schema(known: DatasetDefinition) -> dict[str, Any]:
    """The Frictionless Table Schema of a dataset."""
    fields = []
    for column in known.columns:
        kind, form = _FRICTIONLESS.get(column.kind, ("string", "default"))
        field: dict[str, Any] = {
            "name": column.name, "title": column.title, "type": kind, "format": form,
        }  # fmt: skip
        if column.hint:
            field["description"] = column.hint
        if kind == "boolean":
            field |= {"trueValues": ["yes"], "falseValues": ["no"]}
        constraints: dict[str, Any] = {"required": True} if column.required else {}
        if column.kind == "code":
            constraints["enum"] = [entry.code for entry in code_list(column.codes).codes]
        if column.kind in CODED:
            field["sightline:codes"] = column.codes
        constraints |= _PATTERNS.get(column.kind, {})
        if constraints:
            field["constraints"] = constraints
        fields.append(field)
    return {
        "$schema": "https://specs.frictionlessdata.io/schemas/table-schema.json",
        "name": known.code,
        "title": known.title,
        "description": known.what,
        "version": str(known.version),
        "fields": fields,
        "primaryKey": list(known.key_columns),
        "missingValues": [""],
    }


_PATTERNS: Final[Mapping[str, Mapping[str, str]]] = {
    "zone": {"pattern": "S01[0-9]{6}"},
    "chi": {"pattern": "[0-9]{10}"},
    "scn": {"pattern": "[0-9]{9}"},
}


@dataclass(frozen=True)
class BuildRow:
    """A build in a list."""

    build: Build
    tag: str
    state: str
    rows: int
    published: int
    faulted: int
    is_current: bool
    failed: bool


def builds(
    found: Iterable[Build], *, current: Build | None, failed: Iterable[Build]
) -> list[BuildRow]:
    """Builds for a list; their tables have been fetched with them."""
    broken = {build.pk for build in failed}
    return [
        BuildRow(
            build,
            "alarm" if build.pk in broken else TAGS[build.state],
            _state(build, current=current, failed=build.pk in broken),
            *sums(build.tables.all()),
            is_current=current is not None and current.pk == build.pk,
            failed=build.pk in broken,
        )
        for build in found
    ]


def _state(build: Build, *, current: Build | None, failed: bool) -> str:
    if failed:
        return "Could not be made"
    if current is not None and current.pk == build.pk:
        return "Published, and shown now"
    return Build.State(build.state).label


def sums(tables: Iterable[BuildTable]) -> tuple[int, int, int]:
    """Rows in, rows published, rows faulted."""
    found = list(tables)
    return (
        sum(table.rows for table in found),
        sum(table.published for table in found),
        sum(table.faulted for table in found),
    )


@dataclass(frozen=True)
class TableRow:
    """A dataset of a build."""

    title: str
    code: str
    table: BuildTable
    days: str
    change: str
    joined: str


def tables(
    found: Mapping[str, BuildTable], before: Mapping[str, BuildTable], summary: Mapping[str, Any]
) -> list[TableRow]:
    """What a build was made of, with the difference from the one before."""
    by = summary.get("joined", {})
    return [
        TableRow(
            known.title,
            known.code,
            table,
            said_days(table.covers_from, table.covers_until),
            _change(table, before.get(known.code)),
            _joined(table, by.get(known.code, {}).get("by", {})),
        )
        for known in datasets()
        if (table := found.get(known.code)) is not None and table.extract_id is not None
    ]


def _change(table: BuildTable, before: BuildTable | None) -> str:
    if before is None or before.extract_id is None:
        return "New"
    if before.extract_id == table.extract_id and before.published == table.published:
        return "The same"
    more = table.published - before.published
    return (
        f"{abs(more):,} {'more' if more > 0 else 'fewer'}" if more else "As many rows, a new file"
    )


def _joined(table: BuildTable, by: Mapping[str, int]) -> str:
    if not by or not table.published:
        return ""
    parts = ", ".join(f"{count:,} {BY.get(how, how)}" for how, count in sorted(by.items()))
    return f"{100 * table.joined / table.published:.1f}% ({parts})"


@dataclass(frozen=True)
class AgencyRow:
    """How many rows of an agency belong to a child."""

    agency: str
    rows: int
    joined: int
    share: str


def agencies(found: Mapping[str, BuildTable], summary: Mapping[str, Any]) -> list[AgencyRow]:
    """The share joined, by agency."""
    sums: dict[str, list[int]] = {}
    for code in summary.get("joined", {}):
        agency = str(summary["joined"][code].get("agency", ""))
        table = found.get(code)
        if table is not None:
            counted = sums.setdefault(agency, [0, 0])
            counted[0] += table.published
            counted[1] += table.joined
    return [
        AgencyRow(AGENCIES.get(agency, agency), rows, joined, f"{100 * joined / rows:.1f}%")
        for agency, (rows, joined) in sorted(sums.items())
        if rows
    ]


def titles() -> dict[str, str]:
    """Titles of datasets, by code."""
    return {known.code: known.title for known in datasets()}


@dataclass(frozen=True)
class GroupRow:
    """Faults of one rule in one dataset."""

    rule: str
    dataset: str
    dataset_code: str
    what: str
    column: str
    count: int
    first: int | None
    follows: str
    waived: bool


def groups(summary: Mapping[str, Any]) -> list[GroupRow]:
    """Faults by rule, those that hold rows back first."""
    named = titles()
    return [
        GroupRow(
            one["rule"],
            named.get(one["dataset"], one["dataset"]),
            one["dataset"],
            one["what"],
            column_title(one["dataset"], one["column"]),
            one["count"],
            one["first"],
            "Waived" if one["waived"] else SEVERITIES.get(one["severity"], one["severity"]),
            one["waived"],
        )
        for one in summary.get("groups", ())
    ]


def column_title(dataset: str, name: str) -> str:
    """What people call a column; its name where there is none such."""
    for known in datasets():
        if known.code == dataset:
            for column in known.columns:
                if column.name == name:
                    return column.title
    return name


@dataclass(frozen=True)
class FaultRow:
    """One fault: where, and which rule. No value of the row."""

    dataset: str
    row: int | None
    column: str
    rule: str
    what: str
    follows: str


def faults(found: Sequence[Mapping[str, Any]]) -> list[FaultRow]:
    """Faults for a list."""
    named = titles()
    return [
        FaultRow(
            named.get(one["dataset"], one["dataset"]),
            one["row"],
            column_title(one["dataset"], one["column"] or ""),
            one["rule"],
            one["what"],
            "Waived" if one["waiver"] else SEVERITIES.get(one["severity"], one["severity"]),
        )
        for one in found
    ]


@dataclass(frozen=True)
class WaiverRow:
    """A waiver in a list."""

    waiver: Waiver
    dataset: str
    rows: str
    state: str
    tag: str


def waiver(held: Waiver, today: dt.date) -> WaiverRow:
    """A waiver as a page shows it."""
    if held.withdrawn_at is not None:
        state, tag = "Withdrawn", "quiet"
    elif held.approved_at is None:
        state, tag = "Waits for approval", "attention"
    elif not held.valid_from <= today <= held.valid_until:
        state, tag = "Approved, not in force today", "quiet"
    else:
        state, tag = "In force", "good"
    count = len(held.keys)
    rows = "Every row" if not count else f"{count} row{'' if count == 1 else 's'}"
    return WaiverRow(held, titles().get(held.dataset, held.dataset), rows, state, tag)


def waivers(found: Iterable[Waiver], today: dt.date) -> list[WaiverRow]:
    """Waivers for a list."""
    return [waiver(held, today) for held in found]
