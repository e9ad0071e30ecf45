"""What the monitor may show of how a round goes: figures in steps, with small groups hidden.

Pure. Exact counts go in, with what was shown before; a `Step` comes out, which is all that pages,
files and the trail ever get. Figures move at most once a day and never by fewer answers than the
survey's base, so that nobody who looks again and again sees one person answer. Groups under the
base are `[c]`; while the survey takes answers, and wherever one is hidden, the others are rounded
to the nearest five. Before a step is shown, everything that all steps together tell is worked out
as an outsider would (`told`); where a hidden figure had fewer than five values left, no group is
shown that day. Method and limits: `docs/methods/M-22-response-rates.md`.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

NEAREST: Final = 5
VALUES_LEFT: Final = 5
"""How many values a hidden figure keeps at least, as far as anybody can tell."""
NEARLY_ALL: Final = 3
"""With fewer than so many who have not answered, it would be known of each who has."""
_ROUNDS: Final = 200


@dataclass(frozen=True, repr=False)
class Counted:
    """One group as it was counted, on its way into a step. Not printed."""

    label: str
    invited: int | None
    complete: int


@dataclass(frozen=True, repr=False)
class Totals:
    """A survey as it was counted: `invited` None where nobody has said. Not printed."""

    invited: int | None
    complete: int
    part: int
    by_page: Mapping[int, int]
    groups: Sequence[Counted]


@dataclass(frozen=True)
class GroupShown:
    """One group as it is shown: `complete` None is `[c]`; `invited` as it was taken then."""

    label: str
    complete: int | None
    invited: int | None = None


@dataclass(frozen=True)
class Step:
    """The figures of a day.

    Attributes:
        on: the day, included.
        final: the survey has closed.
        complete: how many have sent.
        nearly: nearly everybody has, and `complete` is rounded down to five.
        part: how many have begun and not sent; None under the base.
        stop: the page where most of those stand, and how many, rounded; None under the base.
        rounded: groups are rounded to the nearest five.
        more: all groups are hidden, small or not, because one could be told from the others.
    """

    on: dt.date
    final: bool
    complete: int
    nearly: bool
    part: int | None
    stop: tuple[int, int] | None
    rounded: bool
    more: bool
    groups: tuple[GroupShown, ...]

    @property
    def hidden(self) -> bool:
        """Whether any group is."""
        return any(one.complete is None for one in self.groups)


def is_due(
    steps: Sequence[Step], *, today: dt.date, complete: int, base: int, closed: bool
) -> bool:
    """Whether a new step may be taken: a day later, with a base of new answers, or the last one."""
    if not steps:
        return complete >= base
    last = steps[-1]
    if last.final:
        return False
    shown = last.complete + (NEAREST - 1 if last.nearly else 0)
    return closed or (last.on < today and complete - shown >= base)


def next_step(
    steps: Sequence[Step], counted: Totals, *, today: dt.date, base: int, closed: bool
) -> Step:
    """The figures of today: as much as can be shown with no small group given away.

    Args:
        steps: all that were shown before, the first first.
        counted: the exact counts.
        today: the day that the step is of.
        base: of the survey.
        closed: no more answers come.
    """
    nearly = not closed and _nearly_all(counted.invited, counted.complete)
    bare = Step(
        on=today,
        final=closed,
        complete=_down(counted.complete) if nearly else counted.complete,
        nearly=nearly,
        part=counted.part if counted.part >= base else None,
        stop=_stop(counted, base),
        rounded=True,
        more=False,
        groups=(),
    )
    *ways, last = _ways(bare, counted, base)
    return next((step for step in ways if is_safe([*steps, step], base=base)), last)


def _ways(bare: Step, counted: Totals, base: int) -> Iterator[Step]:
    """From what shows most to what shows no group at all."""
    small = {one.label for one in counted.groups if one.complete < base}
    nearly = any(_nearly_all(one.invited, one.complete) for one in counted.groups)
    if bare.final and not small and not nearly:
        yield replace(bare, rounded=False, groups=_shown(counted, small, rounded=False))
    yield replace(bare, groups=_shown(counted, small, rounded=True))
    # Never some of the others: which they are would tell why, and so what is behind them.
    every = {one.label for one in counted.groups}
    yield replace(bare, more=True, groups=_shown(counted, every, rounded=True))


def _shown(counted: Totals, hidden: set[str], *, rounded: bool) -> tuple[GroupShown, ...]:
    def figure(one: Counted) -> int | None:
        if one.label in hidden:
            return None
        return in_fives(one.complete, one.invited) if rounded else one.complete

    return tuple(GroupShown(one.label, figure(one), one.invited) for one in counted.groups)


def _stop(counted: Totals, base: int) -> tuple[int, int] | None:
    if counted.part < base or not counted.by_page:
        return None
    page, most = max(counted.by_page.items(), key=lambda found: (found[1], -found[0]))
    return (page, in_fives(most, None)) if most >= base else None


def _nearly_all(invited: int | None, complete: int) -> bool:
    return invited is not None and 0 <= invited - complete < NEARLY_ALL


def _down(number: int) -> int:
    return number - number % NEAREST


def in_fives(number: int, invited: int | None) -> int:
    """Rounded to the nearest five; downwards where that would pass those who were invited."""
    nearest = _down(number + NEAREST // 2)
    return _down(number) if invited is not None and number <= invited < nearest else nearest


# What an outsider can work out.


Told = dict[tuple[int, str], list[int]]


def told(steps: Sequence[Step], *, base: int) -> Told:
    """The least and the most that each group can have had at each step, by everything shown.

    Knows what was rounded, that groups add up to the total, that a figure never falls, and that
    what is hidden is under the base where nothing else was hidden.
    """
    ranges: Told = {}
    for number, step in enumerate(steps):
        most = _most_in_all(step)
        for one in step.groups:
            ranges[number, one.label] = _alone(one, step, base, most)
    for _ in range(_ROUNDS):
        before = [tuple(found) for found in ranges.values()]
        _never_falls(ranges)
        for number, step in enumerate(steps):
            _adds_up(ranges, number, step)
        if before == [tuple(found) for found in ranges.values()]:
            break
    return ranges


def _most_in_all(step: Step) -> int:
    return step.complete + (NEAREST - 1 if step.nearly else 0)


def _alone(one: GroupShown, step: Step, base: int, most: int) -> list[int]:
    """What the figure of one group tells by itself."""
    if one.complete is None:
        return [0, most if step.more else base - 1]
    if not step.rounded:
        return [one.complete, one.complete]
    near = range(one.complete - NEAREST // 2, one.complete + NEAREST)
    fits = [n for n in near if n >= base and in_fives(n, one.invited) == one.complete]
    return [min(fits), max(fits)]


def _never_falls(ranges: Told) -> None:
    last: dict[str, list[int]] = {}
    for (_, label), found in sorted(ranges.items(), key=lambda item: item[0][0]):
        if label in last:
            found[0] = max(found[0], last[label][0])
        last[label] = found
    after: dict[str, list[int]] = {}
    for (_, label), found in sorted(ranges.items(), key=lambda item: -item[0][0]):
        if label in after:
            found[1] = min(found[1], after[label][1])
        after[label] = found


def _adds_up(ranges: Told, number: int, step: Step) -> None:
    here = [ranges[number, one.label] for one in step.groups]
    least, most = sum(low for low, _ in here), sum(high for _, high in here)
    for found in here:
        low, high = found
        found[0] = max(low, step.complete - (most - high))
        found[1] = min(high, _most_in_all(step) - (least - low))
        least, most = least + found[0] - low, most + found[1] - high


def is_safe(steps: Sequence[Step], *, base: int) -> bool:
    """Whether every hidden figure of every step keeps enough values."""
    ranges = told(steps, base=base)
    for number, step in enumerate(steps):
        if not any(one.complete is not None for one in step.groups):
            continue  # no group at all is shown, so none can be told from the others
        for one in step.groups:
            if one.complete is None:
                low, high = ranges[number, one.label]
                alone = base if one.invited is None else min(base, one.invited + 1)
                if high - low + 1 < min(VALUES_LEFT, alone):
                    return False
    return True


# Rates.


@dataclass(frozen=True)
class Rate:
    """A printed rate with the words of its formula; `per_cent` None where it cannot be printed."""

    name: str
    formula: str
    per_cent: int | None
    of: int | None
    n: int | None
    why: str = ""


def per_cent(n: int | None, of: int | None) -> int | None:
    """Whole per cent, halves upwards; None without a base, without a count, or above a hundred."""
    if n is None or not of or n > of:
        return None
    return (200 * n + of) // (2 * of)


def rates(*, invited: int | None, started: int | None, complete: int | None) -> tuple[Rate, ...]:
    """Every reading of "the response rate", each with its formula.

    Nothing is divided by a count that nobody supplied: such a rate has no number and says why.
    """
    return (
        _rate("Responded, of those invited", "began or sent ÷ invited", started, invited),
        _rate("Completed, of those invited", "sent ÷ invited", complete, invited),
        _rate("Completed, of those who responded", "sent ÷ began or sent", complete, started),
    )


def _rate(name: str, formula: str, n: int | None, of: int | None) -> Rate:
    why = ""
    if n is None or (of is None and "÷ began" in formula):
        why = "Too few people are part of the way to show this."
    elif not of:
        why = "Nobody has said how many were invited."
    elif n > of:
        why = "More people answered than were said to be invited. Look at that number."
    return Rate(name, formula, None if why else per_cent(n, of), of, n, why)


# As a survey keeps it.


def as_data(step: Step) -> dict[str, Any]:
    """A step as plain data."""
    return {
        "on": step.on.isoformat(), "final": step.final, "complete": step.complete,
        "nearly": step.nearly, "part": step.part, "stop": list(step.stop) if step.stop else None,
        "rounded": step.rounded, "more": step.more,
        "groups": [[one.label, one.complete, one.invited] for one in step.groups],
    }  # fmt: skip


def from_data(data: Mapping[str, Any]) -> Step:
    """A step again."""
    return Step(
        on=dt.date.fromisoformat(data["on"]), final=data["final"], complete=data["complete"],
        nearly=data["nearly"], part=data["part"],
        stop=(data["stop"][0], data["stop"][1]) if data["stop"] else None,
        rounded=data["rounded"], more=data["more"],
        groups=tuple(GroupShown(*one) for one in data["groups"]),
    )  # fmt: skip
