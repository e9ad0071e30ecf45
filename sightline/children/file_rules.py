"""What is looked at in a file before it becomes an extract: rules across its rows, and its past.

Rules about several datasets, and those of the work itself, are held when a build is made
(`children.rules`). These are about the file: keys twice, days that cannot be, months that are
missing, fewer rows than before, an older file again.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from django.utils import timezone

from sightline.access.scopes import Scope
from sightline.children import hashing, queries
from sightline.children.definitions import DatasetDefinition, dataset
from sightline.children.models import Extract
from sightline.uploads import queries as uploads
from sightline.uploads.kinds import Facts, Row, RowFault

OLDEST_BIRTH: Final = dt.date(1950, 1, 1)
USUAL_BIRTH: Final = dt.date(1990, 1, 1)
EARLIEST: Final = dt.date(1980, 1, 1)
LONGEST_WAIT: Final = 300
"""Days until a birth that is expected."""
FEWER: Final = 0.6
FEW: Final = 20
OLDER_BY: Final = 45
USUAL_MONTH: Final = 8.0
"""Days with rows that months without any would have, from which on that is odd. Days, because
brothers and sisters, and the several concerns of one registration, come together: they are one
event, and chance leaves months without events out."""
LEAST_MONTH: Final = 3.0
"""Days with rows a month, below which a file has too few for any gap to tell."""
AS_MANY: Final = 3
"""Months with rows around a gap, for each month of it."""
BESIDE: Final = 12
MOST: Final = 0.75
"""Of the months beside one without rows, the share with some that makes it odd: a file of yearly
counts has none for eleven months of twelve."""
MONTHS: Final = 12
BIRTH, EXPECTED = "date_of_birth", "expected_birth_date"


def event_columns(known: DatasetDefinition) -> list[str]:
    """Columns of days on which something happened, births left out, the main one first."""
    dated = [
        column for column in known.columns
        if column.kind in {"date", "time"} and column.name not in {BIRTH, EXPECTED}
    ]  # fmt: skip
    return [column.name for column in sorted(dated, key=lambda column: not column.required)]


def main_column(known: DatasetDefinition) -> str | None:
    """The column of the day a row belongs to: the first that every row has."""
    return next((name for name in event_columns(known) if known.column(name).required), None)


def day_of(value: object) -> dt.date | None:
    """The day of a date or a moment."""
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else None


@dataclass
class _Seen:
    """What has gone by. `days`: by month, a bit for each day of it that has a row."""

    from_keys: Any
    days: dict[int, int] = field(default_factory=dict)
    newest: dt.date | None = None
    rows: int = 0


def check_rows(code: str, rows: Iterable[Row], scope: Scope) -> Iterator[RowFault]:
    """Hold the rows of a file against what is known of them and of the files before."""
    from sightline.children.keys_seen import KeysSeen

    known, today = dataset(code), timezone.localdate()
    seen = _Seen(KeysSeen())
    erased = {erasure.child for erasure in queries.erasures_of(scope.key)}
    events, main = event_columns(known), main_column(known)
    shared = [name for name in ("child", "chi", "scn") if name in known.names]
    shared = shared if len(shared) > 1 and not known.column("child").required else []
    said = " nor ".join(f"“{known.column(name).title}”" for name in shared)
    for row in rows:
        values = row.values
        seen.rows += 1
        key = tuple(values[name] for name in known.key_columns)
        seen.from_keys.add(row.number, key, tuple(values.values()))
        for name in events:
            day = day_of(values[name])
            if day is not None:
                yield from _future(row.number, known, name, day, today)
                if day <= today and (seen.newest is None or day > seen.newest):
                    seen.newest = day
        day = day_of(values[main]) if main else None
        if day is not None and EARLIEST <= day <= today:
            month = day.year * MONTHS + day.month - 1
            seen.days[month] = seen.days.get(month, 0) | 1 << day.day
        yield from _births(row, known, today)
        if shared and all(row.values[name] is None for name in shared):
            yield RowFault(
                row.number, shared[0], f"Neither {said} says whose row it is", "one of them"
            )
        if erased:
            yield from _erased(row, scope.key, erased)
    yield from _twice(known, seen)
    yield from _missing_months(known, main, seen, today)
    before = queries.latest_extract(scope.key, code)
    if before is not None:
        yield from _beside_the_last(seen, before)


def _future(
    row: int, known: DatasetDefinition, name: str, day: dt.date, today: dt.date
) -> Iterator[RowFault]:
    title = known.column(name).title
    if day > today:
        yield RowFault(row, name, f"“{title}” is in the future", "today or earlier")
    elif day < EARLIEST:
        yield RowFault(row, name, f"“{title}” is before 1980", "the day it happened")


def _births(row: Row, known: DatasetDefinition, today: dt.date) -> Iterator[RowFault]:
    if BIRTH in known.names:
        born: Any = row.values[BIRTH]
        if born is not None and born > today:
            yield RowFault(
                row.number, BIRTH, "The date of birth is in the future",
                "today or earlier; of a child not yet born the expected date, in its own column",
            )  # fmt: skip
        elif born is not None and born < OLDEST_BIRTH:
            yield RowFault(
                row.number, BIRTH, "Born before 1950: nobody this old is in these records",
                "the date of birth; 1900 is often what a spreadsheet makes of an empty cell",
            )  # fmt: skip
        elif born is not None and born < USUAL_BIRTH:
            yield RowFault(
                row.number, BIRTH, "Born before 1990: older than these records usually go",
                "nothing, if it is so", stops=False,
            )  # fmt: skip
        yield from _health_number(row, born)
    if EXPECTED in known.names:
        due: Any = row.values[EXPECTED]
        if due is not None and due > today + dt.timedelta(days=LONGEST_WAIT):
            yield RowFault(
                row.number, EXPECTED, "The birth is expected more than 300 days from now",
                "the day the birth is expected",
            )  # fmt: skip


def _health_number(row: Row, born: dt.date | None) -> Iterator[RowFault]:
    """Its first six digits are the date of birth; asked before it is hashed."""
    chi = row.values.get("chi")
    if isinstance(chi, str) and born is not None and chi[:6] != f"{born:%d%m%y}":
        yield RowFault(
            row.number, "chi", "The health number begins with another date of birth",
            "the number and the date of birth of one child", stops=False,
        )  # fmt: skip


def _erased(row: Row, area: str, erased: set[str]) -> Iterator[RowFault]:
    if hashing.is_among(erased, area, row.values.get("child")):
        yield RowFault(
            row.number, "child", "The rows of this child were erased here",
            "no row of this child; ask whoever looks after information governance",
        )  # fmt: skip


def _twice(known: DatasetDefinition, seen: _Seen) -> Iterator[RowFault]:
    titles = " and ".join(f"“{known.column(name).title}”" for name in known.key_columns)
    for found in seen.from_keys.twice():
        if found.same:
            for row in found.others:
                yield RowFault(
                    row, "", "The row is in the file twice, the same throughout", "one of them"
                )
        else:
            for row in (found.first, *found.others):
                yield RowFault(
                    row, known.key_columns[0],
                    f"Two rows have the same {titles} and say different things",
                    "one row; nobody but you knows which is right",
                )  # fmt: skip


def _month(number: int) -> str:
    return f"{dt.date(number // MONTHS, number % MONTHS + 1, 1):%B %Y}"


def _runs_without(months: Mapping[int, int]) -> Iterator[range]:
    """Months one after another that are not there, between those that are."""
    there = sorted(months)
    for before, after in pairwise(there):
        if after > before + 1:
            yield range(before + 1, after)


def _is_odd(run: range, months: Mapping[int, int]) -> bool:
    """Whether the months around have rows on so many days that none at all is hardly chance."""
    around = range(max(run.start - BESIDE, min(months)), min(run.stop + BESIDE, max(months) + 1))
    beside = [months.get(month, 0) for month in around if month not in run]
    full = [count for count in beside if count]
    usual = sum(full) / len(full)
    dense = len(full) >= max(len(beside) * MOST, len(run) * AS_MANY) and usual >= LEAST_MONTH
    return dense and usual * len(run) >= USUAL_MONTH


def _missing_months(
    known: DatasetDefinition, main: str | None, seen: _Seen, today: dt.date
) -> Iterator[RowFault]:
    """Months without a row between others that have rows on many days."""
    months = {month: days.bit_count() for month, days in seen.days.items()}
    if main is None or not months:
        return
    missing = [month for run in _runs_without(months) if _is_odd(run, months) for month in run]
    if missing:
        said = ", ".join(_month(month) for month in missing[:6])
        more = f" and {len(missing) - 6} more" if len(missing) > 6 else ""  # noqa: PLR2004
        yield RowFault(
            None, main,
            f"No row at all has “{known.column(main).title}” in {said}{more}",
            "rows of every month; nothing, if there really were none", stops=False,
        )  # fmt: skip


def _beside_the_last(seen: _Seen, before: Extract) -> Iterator[RowFault]:
    """Fewer rows than the version before, or older ones."""
    if before.good >= FEW and seen.rows < before.good * FEWER:
        yield RowFault(
            None, "",
            f"There are far fewer rows than in version {before.vintage}, which had "
            f"{before.good:,}",
            "the whole file; a part of it would take the place of the whole", stops=False,
        )  # fmt: skip
    until = before.covers_until
    if until is not None and seen.newest and seen.newest < until - dt.timedelta(days=OLDER_BY):
        yield RowFault(
            None, "",
            f"Its newest day is {seen.newest.day} {seen.newest:%B %Y}, and version "
            f"{before.vintage} goes up to {until.day} {until:%B %Y}",
            "a newer file; this may be an earlier one again", stops=False,
        )  # fmt: skip


def look_at_file(code: str, facts: Facts) -> Iterator[RowFault]:
    """Whether this very file was imported before, and others have come since."""
    before = uploads.earlier_imports(kind=code, scope=facts.scope, sha256=facts.sha256).first()
    if before is not None and before.committed_at is not None:
        when = timezone.localtime(before.committed_at)
        yield RowFault(
            None, "",
            f"This very file was imported on {when.day} {when:%B %Y}, and another has come since",
            "a newer file; importing this one puts the old rows back", stops=False,
        )  # fmt: skip
