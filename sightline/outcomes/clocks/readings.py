"""How every case stands: the rules of time applied to rows, in plain Python.

Rows are mappings of plain values: text, `date`, `datetime`, bool for a flag, a list for a set, None
where nothing was filled in. The same readings are written into a build, whichever engine reads it.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from sightline.kernel.clocks import Calendar, Reading, Rule, Rulebook, RuleKind, read, statutory
from sightline.kernel.clocks.limits import Unit
from sightline.outcomes.clocks.cases import Case, Ends, Filter, Stop

Row: TypeAlias = Mapping[str, Any]
Rows: TypeAlias = Mapping[str, Sequence[Row]]
READING_COLUMNS: Final = (
    "rule", "child", "started_on", "due_on", "stopped_on", "counted_on", "status", "days_late",
    "days_left", "level", "reason", "dataset", "row", "placement_type", "out_of_hours",
    "extension_reason",
)  # fmt: skip
"""Of one reading. `counted_on` is the day it counts for: when due, else when stopped or started."""
_FIRST, _LAST = 1980, 2100
_KEPT: Final = 100_000
_HERE: Final = ZoneInfo("Europe/London")


@dataclass
class Working:
    """With what clocks are read.

    Attributes:
        today: the day the question is asked.
        calendar: working days of the area; outside the years it covers, weekdays less the days
            closed by statute.
        taken_up: by guidance, the day this partnership took it up.
    """

    rules: Rulebook
    today: dt.date
    calendar: Calendar | None = None
    taken_up: Mapping[str, dt.date] = field(default_factory=dict)

    @cached_property
    def plain_calendar(self) -> Calendar:
        """Weekdays less the days closed by statute."""
        return statutory(_FIRST, _LAST)

    def calendar_on(self, day: dt.date) -> Calendar:
        """The calendar for a clock of a few weeks that starts on a day."""
        if self.calendar is None:
            return self.plain_calendar
        first, last = self.calendar.covers
        covered = first <= day and day + dt.timedelta(days=120) <= last
        return self.calendar if covered else self.plain_calendar


def _day(moment: Any) -> dt.date | None:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def _placed_in_time(moment: Any) -> Any:
    """A moment as it was written down in Scotland, with its zone, so that hours can be counted."""
    return moment.replace(tzinfo=_HERE) if moment is not None and not moment.tzinfo else moment


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def passes(row: Row, where: Filter) -> bool:
    """Whether a row has one of the values asked for in every column; a set, at least one."""
    for column, wanted in where.items():
        value = row.get(column)
        if isinstance(value, list | tuple):
            if not set(value) & set(wanted):
                return False
        elif _as_text(value) not in wanted:
            return False
    return True


def latest_of(row: Row, columns: str) -> Any:
    """The date in a column; of several, the latest that is filled in."""
    if "|" not in columns:
        return row.get(columns)
    found = [row.get(column) for column in columns.split("|")]
    return max((day for day in found if day is not None), default=None)


@dataclass
class _Dates:
    """Per child, the sorted dates of the rows of a dataset that pass a filter."""

    days: dict[str, list[Any]]

    @classmethod
    def of(cls, rows: Iterable[Row], stop: Stop) -> "_Dates":
        found: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            day = latest_of(row, stop.column)
            if day is not None and row.get("child") and passes(row, stop.where):
                found[row["child"]].append(day)
        for listed in found.values():
            listed.sort()
        return cls(found)

    def first_from(self, child: str, day: dt.date, *, later: bool) -> Any:
        """The first date from a day on, or after it."""
        listed = self.days.get(child, [])
        at = bisect_right(listed, day) if later else bisect_left(listed, day)
        return listed[at] if at < len(listed) else None


@dataclass
class _Spells:
    """Per child, spells of a dataset by their first day."""

    spells: dict[str, list[tuple[dt.date, Any]]]

    @classmethod
    def of(cls, rows: Iterable[Row], ends: Ends) -> "_Spells":
        found: dict[str, list[tuple[dt.date, Any]]] = defaultdict(list)
        for row in rows:
            if row.get("child") and row.get(ends.begun) is not None:
                found[row["child"]].append((row[ends.begun], row.get(ends.until)))
        for listed in found.values():
            listed.sort(key=lambda spell: spell[0])
        return cls(found)

    def end_of(self, child: str, day: dt.date) -> tuple[bool, Any]:
        """Whether a day lies in a spell, both ends included, and the end of the last such one."""
        held = [end for first, end in self.spells.get(child, ()) if first <= day <= (end or day)]
        return bool(held), held[-1] if held else None


class _Placed:
    """Where a child was placed on a day."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._by_child: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row.get("child") and row.get("started_on") is not None:
                self._by_child[row["child"]].append(row)

    def on(self, child: str, day: dt.date) -> str | None:
        """The placement type; of two on the day of a move, the one that began later."""
        held = [
            row
            for row in self._by_child.get(child, ())
            if row["started_on"] <= day and (row.get("ended_on") or day) >= day
        ]
        latest = max(held, key=lambda row: row["started_on"], default=None)
        return latest.get("placement_type") if latest else None


class _Reader:
    """Reads the cases of one set of rows, building each index once."""

    def __init__(self, rows: Rows, working: Working) -> None:
        self._rows, self._working = rows, working
        self._dates: dict[int, _Dates] = {}
        self._spells: dict[int, _Spells] = {}
        self._keyed: dict[tuple[str, str], dict[str, Row]] = {}
        self._placed = _Placed(rows.get("placements", ()))
        self._versions: dict[str, list[tuple[Rule, dt.date, dt.date]]] = {}
        self._answers: dict[tuple[Any, ...], Reading] = {}
        self._events: dict[int, tuple[bool, tuple[str, ...]]] = {}

    def of(self, case: Case) -> Iterator[dict[str, Any]]:
        for plain in self._rows.get(case.dataset, ()):
            row = self._joined(plain, case)
            if passes(row, case.where):
                reading = self._one(row, case)
                if reading is not None:
                    yield reading

    def _joined(self, row: Row, case: Case) -> Row:
        if not case.joined:
            return row
        more = dict(row)
        for dataset, column in case.joined.items():
            key = "child" if dataset == "children" else column
            found = self._by_key(dataset, key).get(row.get(column) or "", {})
            more |= {f"{dataset}.{name}": value for name, value in found.items()}
        return more

    def _by_key(self, dataset: str, column: str) -> dict[str, Row]:
        if (dataset, column) not in self._keyed:
            held = self._rows.get(dataset, ())
            self._keyed[dataset, column] = {row[column]: row for row in held if row.get(column)}
        return self._keyed[dataset, column]

    def _rule(self, code: str, day: dt.date) -> Rule | None:
        if code not in self._versions:
            taken_up = self._working.taken_up
            self._versions[code] = list(self._working.rules.versions(code, taken_up=taken_up))
        for rule, first, last in self._versions[code]:
            if first <= day <= last:
                return rule if rule.kind is RuleKind.LIMIT else None
        return None

    def _one(self, row: Row, case: Case) -> dict[str, Any] | None:
        starts = {event: latest_of(row, column) for event, column in case.starts.items()}
        begun = next(iter(starts.values()))
        started = _day(begun)
        asked = _day(row.get(case.asked_on)) if case.asked_on else None
        if started is None:
            return self._unknown(row, case)
        rule = self._rule(case.rule, started)
        if rule is None:
            return None
        given = self._starts(rule, starts)
        if given is None:
            return None
        ended = self._ended(row, case, started)
        stopped = self._stopped(row, case, given[rule.start], ended)
        today = asked or self._working.today
        answer = self._answer(rule, given, stopped, today, self._excepted(row, case, rule))
        due = _day(answer.due)
        if stopped is None and case.recorded == "yes":
            return self._line(
                row, case, started=started, due_on=due, status="unknown", level=str(answer.level),
                reason="No date is recorded for what stops the clock.",
            )  # fmt: skip
        if stopped is None and ended is not None and due is not None and ended <= due:
            return None  # the duty ended before it was due
        return self._filled(row, case, started, stopped, answer)

    def _answer(
        self, rule: Rule, given: dict[str, Any], stopped: Any, today: dt.date, excepted: str
    ) -> Reading:
        """How a case stands; many have the same days, so answers are kept for the next."""
        key = (id(rule), *given.values(), stopped, today, excepted)
        found = self._answers.get(key)
        if found is None:
            begun = given[rule.start]
            found = read(
                rule,
                starts=given,
                stopped=stopped,
                today=_like(begun, today),
                calendar=self._working.calendar_on(_day(begun) or today),
                excepted=excepted,
            )
            if len(self._answers) >= _KEPT:
                self._answers.clear()
            self._answers[key] = found
        return found

    def _starts(self, rule: Rule, starts: Mapping[str, Any]) -> dict[str, Any] | None:
        """The start events in the kind its limits count in; None for a day where hours count."""
        known = self._events.get(id(rule))
        if known is None:
            hours = any(limb.unit is Unit.HOUR for limb in rule.limits)
            events = {rule.start, *(limb.start for limb in rule.limits if limb.start)}
            known = self._events[id(rule)] = (hours, tuple(events))
        hours, named = known
        given = {event: starts.get(event) for event in named}
        if hours:
            plain = any(v is not None and not isinstance(v, dt.datetime) for v in given.values())
            return None if plain else {event: _placed_in_time(v) for event, v in given.items()}
        return {event: _day(value) for event, value in given.items()}

    def _ended(self, row: Row, case: Case, started: dt.date) -> dt.date | None:
        if case.ends is None:
            return None
        if case.ends.column:
            return _day(row.get(case.ends.column))
        name = id(case.ends)
        if name not in self._spells:
            held = self._rows.get(case.ends.dataset, ())
            self._spells[name] = _Spells.of(held, case.ends)
        inside, end = self._spells[name].end_of(row.get("child") or "", started)
        return _day(end) if inside else None

    def _stopped(self, row: Row, case: Case, begun: Any, ended: dt.date | None) -> Any:
        if case.stop is None:
            return None
        if not case.stop.dataset:
            return _like(begun, latest_of(row, case.stop.column))
        name = id(case.stop)
        if name not in self._dates:
            self._dates[name] = _Dates.of(self._rows.get(case.stop.dataset, ()), case.stop)
        found = self._dates[name].first_from(
            row.get("child") or "", begun, later=case.stop.later == "yes"
        )
        stopped = _day(found)
        after = stopped is not None and ended is not None and stopped > ended
        return None if after else found

    def _excepted(self, row: Row, case: Case, rule: Rule) -> str:
        known = {reason.code for reason in rule.exceptions}
        claimed = (code for code, column in case.excepted.items() if row.get(column) is True)
        return next((code for code in claimed if code in known), "")

    def _unknown(self, row: Row, case: Case) -> dict[str, Any] | None:
        """A case whose start is not recorded, where it has begun at all."""
        own = case.stop.column if case.stop and not case.stop.dataset else ""
        stopped = _day(latest_of(row, own)) if own else None
        if case.begun == "yes" or self._rule(case.rule, stopped or self._working.today) is None:
            return None
        return self._line(
            row, case, started=None, stopped_on=stopped, status="unknown",
            reason="No date is recorded for what starts the clock.",
        )  # fmt: skip

    def _filled(
        self, row: Row, case: Case, started: dt.date, stopped: Any, answer: Reading
    ) -> dict[str, Any]:
        return self._line(
            row, case,
            started=started,
            due_on=_day(answer.due),
            stopped_on=_day(stopped),
            status=str(answer.status),
            days_late=answer.days_late,
            days_left=answer.days_left,
            level=str(answer.level),
            reason=answer.why,
        )  # fmt: skip

    def _line(
        self, row: Row, case: Case, *, started: dt.date | None, **more: Any
    ) -> dict[str, Any]:
        child = row.get("child")
        placed = row.get("placement_type")
        if placed is None and child and started is not None:
            placed = self._placed.on(child, started)
        return {
            "rule": case.name,
            "child": child,
            "started_on": started,
            "due_on": None,
            "stopped_on": None,
            "counted_on": more.get("due_on") or more.get("stopped_on") or started,
            "status": None,
            "days_late": None,
            "days_left": None,
            "level": None,
            "reason": "",
            "dataset": case.dataset,
            "row": row.get("row"),
            "placement_type": placed,
            "out_of_hours": row.get("out_of_hours"),
            "extension_reason": row.get("extension_reason"),
            **more,
        }


def _like(model: Any, value: Any) -> Any:
    """A day as a day and a moment as a moment, as the start of the clock is."""
    if value is None or model is None:
        return value
    if not isinstance(model, dt.datetime):
        return _day(value)
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time(23, 59, 59))
    return _placed_in_time(value)


def read_cases(which: Iterable[Case], rows: Rows, working: Working) -> Iterator[dict[str, Any]]:
    """How every case of these stands, as mappings of `READING_COLUMNS`.

    A duty that ended before it fell due (a placement that ended, a name taken off the register) is
    no case. A row under a version of a rule that gives no number is none either. Where the start is
    not recorded the reading is `unknown`, unless the case says it has not begun.
    """
    reader = _Reader(rows, working)
    for case in which:
        yield from reader.of(case)
