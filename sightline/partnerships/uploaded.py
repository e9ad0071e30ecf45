"""The kinds of file a partnership sends: its holidays, and the data zones of its localities."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from sightline.access.actors import Actor
from sightline.access.enums import Permission
from sightline.access.scopes import Scope
from sightline.identifiers import Kind as Identifier
from sightline.kernel.errors import BadInput
from sightline.partnerships import loading, queries, services
from sightline.partnerships.datasets import DatasetKind, datasets
from sightline.partnerships.localities import LONGEST_HOLIDAY, check_days_off
from sightline.partnerships.models import Holiday, Locality, LocalityZone
from sightline.partnerships.services.rows import HolidayRow, Placing, first_clash
from sightline.uploads.kinds import Column, Kind, Outcome, Row, RowFault

HOLIDAYS, ZONES = "holidays", "locality-zones"
NAMES = frozenset({Identifier.NAME})
"""St Andrew's Day and Upper Garry read like people's names; they are days and places."""
EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2100, 12, 31)


def _holiday(row: Row) -> HolidayRow:
    values: Any = row.values
    return HolidayRow(
        name=values["name"],
        kind=values["kind"],
        first=values["first"],
        last=values["last"] or values["first"],
    )


def _placing(row: Row) -> Placing:
    values: Any = row.values
    return Placing(
        zone=values["zone"].strip().upper(),
        locality=values["locality"].strip(),
        first=values["first"],
        last=values["last"],
    )


def check_holidays(rows: Iterable[Row], scope: Scope) -> Iterator[RowFault]:
    """Dates in order, no holiday twice, and a working day left in every year."""
    area = queries.partnership(scope.key)
    seen: dict[tuple[str, dt.date, str], HolidayRow] = {}
    for row in rows:
        holiday = _holiday(row)
        identity = (holiday.kind, holiday.first, holiday.name)
        length = (holiday.last - holiday.first).days
        if length < 0:
            yield RowFault(
                row.number, "last", "The last day is before the first", "The first day or later"
            )
        elif length >= LONGEST_HOLIDAY:
            yield RowFault(row.number, "last", "It would last more than a year", "Check both days")
        elif identity in seen:
            yield RowFault(row.number, "", "This holiday is in the file twice", "One row for each")
        else:
            seen[identity] = holiday
    held = {
        (row.kind, row.first, row.name): HolidayRow(row.name, row.kind, row.first, row.last)
        for row in Holiday.objects.filter(partnership=scope.key)
    }
    try:
        check_days_off(area, (held | seen).values())
    except BadInput as fault:
        yield RowFault(None, "last", str(fault), "Days that are worked in every year")


def commit_holidays(*, actor: Actor, scope: Scope, rows: Iterable[Row], upload: str) -> Outcome:
    """Hold the holidays of a file."""
    done = services.put_holidays(
        actor=actor, partnership=scope.key, rows=map(_holiday, rows), upload=upload
    )
    return Outcome(done.added, done.replaced, done.removed, done.unchanged)


def undo_holidays(*, actor: Actor, scope: Scope, upload: str) -> Outcome:
    """Take a file's holidays out again."""
    done = services.undo_rows(actor=actor, partnership=scope.key, kind=HOLIDAYS, upload=upload)
    return Outcome(done.added, done.replaced, done.removed, done.unchanged)


def check_zones(rows: Iterable[Row], scope: Scope) -> Iterator[RowFault]:
    """Data zones of this area, localities that are held, one at a time."""
    area = queries.partnership(scope.key)
    known = {
        code: place
        for geography in {
            one.geography for one in datasets() if one.kind is DatasetKind.DEPRIVATION
        }
        for code, place in loading.zones_held(geography).items()
    }
    names = set(Locality.objects.filter(partnership=area.code).values_list("name", flat=True))
    placings: dict[tuple[str, dt.date], Any] = {
        (row.zone, row.first): row for row in LocalityZone.objects.filter(partnership=area.code)
    }
    in_file: set[tuple[str, dt.date]] = set()
    for row in rows:
        placing = _placing(row)
        fault = _fault(row, placing, area.code, known, names)
        if fault is None and (placing.zone, placing.first) in in_file:
            fault = RowFault(
                row.number, "zone", "This data zone is in the file twice from one day", "One row"
            )
        if fault is not None:
            yield fault
            continue
        in_file.add((placing.zone, placing.first))
        placings[placing.zone, placing.first] = placing
    clash = first_clash(placings.values())
    if clash:
        yield RowFault(None, "last", clash, "One locality at a time")


def _fault(
    row: Row, placing: Placing, area: str, known: dict[str, str], names: set[str]
) -> RowFault | None:
    if not known:
        return RowFault(
            row.number, "zone", "No data zones are loaded here yet", "Ask for reference data"
        )
    if placing.zone not in known:
        return RowFault(row.number, "zone", "There is no such data zone", "S01 and six digits")
    if known[placing.zone] != area:
        return RowFault(
            row.number, "zone", "This data zone lies in another area", "Data zones of this area"
        )
    if placing.locality not in names:
        held = ", ".join(sorted(names)) or "none yet; add them on the page of the area"
        return RowFault(row.number, "locality", "There is no such locality here", f"One of: {held}")
    if placing.last is not None and placing.last < placing.first:
        return RowFault(
            row.number, "last", "The last day is before the first", "The first day or later"
        )
    return None


def commit_zones(*, actor: Actor, scope: Scope, rows: Iterable[Row], upload: str) -> Outcome:
    """Place the data zones of a file."""
    done = services.put_zones(
        actor=actor, partnership=scope.key, rows=map(_placing, rows), upload=upload
    )
    return Outcome(done.added, done.replaced, done.removed, done.unchanged)


def undo_zones(*, actor: Actor, scope: Scope, upload: str) -> Outcome:
    """Take a file's placings out again."""
    done = services.undo_rows(actor=actor, partnership=scope.key, kind=ZONES, upload=upload)
    return Outcome(done.added, done.replaced, done.removed, done.unchanged)


KINDS = (
    Kind(
        code=HOLIDAYS,
        title="Holidays of an area",
        what="One row a holiday, public or school.",
        columns=(
            Column(
                "name", "Name", required=True, longest=200, synonyms=("Holiday",), holds=NAMES
            ),
            Column(
                "kind",
                "Kind",
                kind="code",
                required=True,
                options={"public": "Public holiday", "school": "School holiday"},
                hint="public or school",
            ),
            Column(
                "first", "First day", kind="date", required=True,
                synonyms=("Date", "From", "Start"), least=EARLIEST, most=LATEST,
            ),
            Column(
                "last", "Last day", kind="date", synonyms=("To", "Until", "End"),
                least=EARLIEST, most=LATEST, hint="Left empty for a single day",
            ),
        ),
        needs=Permission.PARTNERSHIP_EDIT,
        scope_kind="partnership",
        check=check_holidays,
        commit=commit_holidays,
        undo=undo_holidays,
    ),
    Kind(
        code=ZONES,
        title="Data zones of localities",
        what="One row for each data zone and the locality it lies in.",
        columns=(
            Column(
                "zone", "Data zone", required=True, longest=9,
                synonyms=("DataZone", "Data zone code"), hint="S01 and six digits",
            ),
            Column("locality", "Locality", required=True, longest=200, holds=NAMES),
            Column(
                "first", "From", kind="date", required=True, synonyms=("First day", "Start"),
                least=EARLIEST, most=LATEST,
            ),
            Column(
                "last", "Until", kind="date", synonyms=("Last day", "To", "End"),
                least=EARLIEST, most=LATEST, hint="Left empty while it still lies there",
            ),
        ),
        needs=Permission.PARTNERSHIP_EDIT,
        scope_kind="partnership",
        check=check_zones,
        commit=commit_zones,
        undo=undo_zones,
    ),
)  # fmt: skip
