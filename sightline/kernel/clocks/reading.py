"""How one case stands against one rule: in time, late, still open, not yet due, or unknown."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sightline.kernel.clocks.calendars import Calendar
from sightline.kernel.clocks.limits import Pause, Unit, due
from sightline.kernel.clocks.rules import Level, Rule, RuleKind
from sightline.kernel.errors import BadInput


class Status(StrEnum):
    """Where a case stands. `UNKNOWN` is shown beside a percentage, never left out in silence."""

    MET = "met"
    MET_LATE = "met_late"
    BREACHED_OPEN = "breached_open"
    NOT_DUE = "not_due"
    EXCEPTED = "excepted"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reading:
    """How one case stands against one rule.

    Attributes:
        rule: key of the rule version that was applied, such as `T-04 child-protection@1`.
        level: how binding it is: a breach of a regulation is not a breach of guidance.
        status: the answer.
        due: the last day in time (a moment for limits in hours); null when it cannot be known.
        limbs: the last day by each limit of the rule that has its start, in the rule's order.
        days_left: calendar days from today to the due day, negative once it has passed; null
            unless the case is open and the due day is known.
        days_late: calendar days between the due day and the day it was done, 0 when late by hours
            within a day; null unless late.
        calendar: the working calendar used, or empty.
        why: a sentence where the status needs one.
    """

    rule: str
    level: Level
    status: Status
    due: dt.date | None = None
    limbs: tuple[dt.date | None, ...] = ()
    days_left: int | None = None
    days_late: int | None = None
    calendar: str = ""
    why: str = ""


def _day(moment: dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def _comparable(*moments: dt.date | None) -> None:
    kinds = {isinstance(moment, dt.datetime) for moment in moments if moment is not None}
    if len(kinds) > 1:
        raise BadInput(
            "A due moment is compared with moments and a due day with days; give `stopped` and "
            "`today` in the kind of the limit."
        )


def status(*, due: dt.date | None, stopped: dt.date | None, today: dt.date) -> Status:
    """Where a case stands, given the last day in time.

    Args:
        due: the last day in time; null when the date that starts the clock is missing.
        stopped: the day it was done; null while it is not. A day after `today` is a plan and does
            not stop the clock.
        today: the day the question is asked.

    Returns:
        `MET` on or before the due day, `MET_LATE` after it, `BREACHED_OPEN` when it is not done and
        `today` is later, `NOT_DUE` when it is not done yet and may still be in time, `UNKNOWN`
        without a due day.

    Raises:
        BadInput: moments are mixed with days.
    """
    if due is None:
        return Status.UNKNOWN
    _comparable(due, stopped, today)
    if stopped is not None and stopped <= today:
        return Status.MET if stopped <= due else Status.MET_LATE
    return Status.BREACHED_OPEN if today > due else Status.NOT_DUE


def _limbs(
    rule: Rule,
    starts: Mapping[str, dt.date | None],
    calendar: Calendar | None,
    pauses: tuple[Pause, ...],
) -> tuple[tuple[dt.date | None, ...], list[str]]:
    """The due day of each limit whose start is known, and the starts that are missing."""
    found, missing = [], []
    for limb in rule.limits:
        event = limb.start or rule.start
        start = starts.get(event)
        if start is None:
            missing.append(event)
            continue
        stops = () if limb.limit.unit is Unit.GESTATION_WEEK else pauses
        found.append(due(limb.limit, start, calendar=calendar, pauses=stops))
    return tuple(found), missing


def _last_day(rule: Rule, limbs: tuple[dt.date | None, ...]) -> dt.date | None:
    """The day that decides among the limbs; a limb that stands still has no day yet.

    The latest of several cannot be told before all of them can.
    """
    known = [day for day in limbs if day is not None]
    if rule.combine == "latest":
        return max(known) if len(known) == len(rule.limits) else None
    return min(known, default=None)


def read(
    rule: Rule,
    *,
    starts: Mapping[str, dt.date | None],
    stopped: dt.date | None,
    today: dt.date,
    calendar: Calendar | None = None,
    pauses: Iterable[Pause] = (),
    excepted: str = "",
) -> Reading:
    """How one case stands against a rule with limits.

    A limit whose start is not recorded makes the answer `UNKNOWN`, unless the others already show
    that it is late.

    Args:
        rule: the version in force when the clock started: `Rulebook.rule(…, on=start)`.
        starts: the day of each start event the rule names; null or left out where not known.
        stopped: the day it was done, null while it is not.
        today: the day the question is asked.
        calendar: needed where a limit is in working days.
        pauses: stretches on which the clock stood still, each for a reason the rule allows.
        excepted: code of the authorised reason for which the rule does not bind this case, empty
            when it does. What was done in time all the same is met.

    Raises:
        BadInput: the rule has no limit; a reason is none the rule allows; or as `limits.due`.

    Source:
        the status values of M-05.
    """
    stops = tuple(pauses)
    exception = _check_reasons(rule, stops, excepted)
    limbs, missing = _limbs(rule, starts, calendar, stops)
    last = _last_day(rule, limbs)
    case = _Case(rule, limbs, last, calendar, today)
    begun = starts.get(rule.start)
    if (
        stopped is not None
        and begun is not None
        and _is_before(stopped, begun)
        and not any(limb.limit.backwards for limb in rule.limits)
    ):
        return case.answer(
            Status.UNKNOWN, "It is dated before the event that starts the clock; check the dates."
        )
    if last is None and not missing:
        state, why = Status.NOT_DUE, "The clock stands still; it is due once the pause has ended."
    else:
        state, why = status(due=last, stopped=stopped, today=today), ""
    if missing and state not in {Status.MET_LATE, Status.BREACHED_OPEN}:
        state, why = Status.UNKNOWN, f"No date is recorded for: {', '.join(missing)}."
    if exception and state is not Status.MET:
        return case.answer(Status.EXCEPTED, exception)
    return case.answer(state, why, stopped)


def _is_before(stopped: dt.date, begun: dt.date) -> bool:
    _comparable(begun, stopped)
    return stopped < begun


def _check_reasons(rule: Rule, pauses: tuple[Pause, ...], excepted: str) -> str:
    """The words of the authorised reason, empty without one; refuses reasons the rule has not."""
    if rule.kind is not RuleKind.LIMIT:
        raise BadInput(f"{rule.key} has no limit of time, so no case can be late by it.")
    for pause in pauses:
        if pause.reason not in rule.pause_reasons:
            known = ", ".join(rule.pause_reasons) or "none"
            raise BadInput(
                f"{rule.key} is not paused for {pause.reason!r}. Reasons it knows: {known}."
            )
    if not excepted:
        return ""
    words = {exception.code: exception.words for exception in rule.exceptions}
    if excepted not in words:
        known = ", ".join(words) or "none"
        raise BadInput(f"{rule.key} has no exception {excepted!r}. It has: {known}.")
    return words[excepted]


@dataclass(frozen=True)
class _Case:
    """What every answer about one case holds."""

    rule: Rule
    limbs: tuple[dt.date | None, ...]
    last: dt.date | None
    calendar: Calendar | None
    today: dt.date

    def answer(self, state: Status, why: str = "", stopped: dt.date | None = None) -> Reading:
        left = late = None
        if self.last is not None and state in {Status.NOT_DUE, Status.BREACHED_OPEN}:
            left = (_day(self.last) - _day(self.today)).days
        if self.last is not None and state is Status.MET_LATE and stopped is not None:
            late = (_day(stopped) - _day(self.last)).days
        counts = any(limb.limit.unit is Unit.WORKING_DAY for limb in self.rule.limits)
        return Reading(
            rule=self.rule.key,
            level=self.rule.level,
            status=state,
            due=self.last,
            limbs=self.limbs,
            days_left=left,
            days_late=late,
            calendar=str(self.calendar) if counts else "",
            why=why,
        )
