"""What a chart allows one to say: five fixed sentences, and nothing outside them.

The sentences, and the rules that lead to each, are in `docs/methods/M-08-run-charts.md`. A verdict
says what the latest signal shows. It never says why, and it says nothing where a value was hidden,
a break lies between, or there are too few points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final, Literal

from sightline.stats import control, trends, xmr
from sightline.stats.intervals import Interval
from sightline.stats.series import ENOUGH_FOR_LIMITS, ControlChart, Rule, Series, Signal, points_of
from sightline.stats.trends import USEFUL, RunChart

Better = Literal["higher", "lower", "neither"]
Chart = RunChart | ControlChart


class Kind(StrEnum):
    """Which of the five sentences."""

    NO_CHANGE = "no real change"
    IMPROVEMENT = "real improvement"
    WORSENING = "real worsening"
    CHANGED = "something changed"
    TOO_FEW = "too few points"


@dataclass(frozen=True)
class Verdict:
    """One sentence, which it is, and the signal it rests on (None where there is none)."""

    kind: Kind
    text: str
    signal: Signal | None = None


def verdict(
    chart: Chart,
    labels: Sequence[str],
    *,
    better: Better,
    unit: str = "points",
    breaks: Sequence[int] = (),
) -> Verdict:
    """The sentence for a chart.

    Args:
        chart: a run chart or a control chart.
        labels: a label for each point, as it reads after "since": "November 2025".
        better: whether higher is better, lower is, or neither.
        unit: what points are, in the plural: "months", "quarters", "years".
        breaks: points (from 0) at which figures stop being comparable with those before.

    Returns:
        What is judged starts at the latest phase of the chart, the latest break, or after the
        latest point that is hidden or was not supplied, whichever is last. "Too few points" with
        fewer than ten useful ones there (known, and for a run chart off its centre line).
        Otherwise the sentence of the latest signal that has a point among the most recent (as many
        as make a shift): what a process did before and then stopped doing is not said of it now.
        Otherwise "no real change".

    Raises:
        ValueError: labels and values differ in number; `better` is none of the three; a break
            outside the series; the chart's centre line rests on points before a break.
    """
    if better not in {"higher", "lower", "neither"}:
        raise ValueError(f"better is {better!r}; write higher, lower or neither.")
    if len(labels) != len(chart.values):
        raise ValueError(f"{len(labels)} labels for {len(chart.values)} points; give each its own.")
    first = _first(chart, breaks)
    useful = _useful(chart, first)
    if len(useful) < USEFUL:
        return _too_few(len(useful))
    _check_centre(chart, labels, breaks)
    recent = useful[-_least(chart, Rule.SHIFT) :][0]
    lasting = [s for s in (_from(first, s, chart) for s in chart.signals) if s]
    lasting = [signal for signal in lasting if signal.points[-1] >= recent]
    if not lasting:
        return Verdict(
            Kind.NO_CHANGE, "No real change. The ups and downs are what we would expect."
        )
    latest = max(lasting, key=lambda s: (s.points[-1], s.side != 0, len(s.points)))
    return _of_signal(latest, labels, better, unit, useful[-1])


def judge(
    values: Series,
    labels: Sequence[str],
    *,
    better: Better,
    unit: str = "points",
    breaks: Sequence[int] = (),
    floor: float | None = None,
    ceiling: float | None = None,
) -> tuple[Chart | None, Verdict]:
    """Choose the chart for a series, and judge by it.

    Yearly series and those of fewer than twelve known values get a run chart; monthly and quarterly
    ones of twelve or more get XmR. Each break starts a phase of its own. Where a phase is too short
    for that, only what lies after the last break is charted.

    Args:
        values: the series; None is hidden or not supplied.
        labels: as `verdict`.
        better: as `verdict`.
        unit: as `verdict`; only "months" and "quarters" may get XmR.
        breaks: as `verdict`.
        floor: as `xmr.xmr`.
        ceiling: as `xmr.xmr`.

    Returns:
        The chart and its verdict; no chart where there is too little to draw one, and then the
        verdict says so. After a break that leaves a phase too short, the chart is of the rest.

    Raises:
        ValueError: as `verdict`; a value that is NaN or no number.
    """
    if len(labels) != len(values):
        raise ValueError(f"{len(labels)} labels for {len(values)} points; give each its own.")
    if any(value is not None for value in values):
        xmr.check_bounds(points_of(values), floor, ceiling)
    starts = sorted({at for at in _checked_breaks(breaks, len(values)) if at})
    known = sum(value is not None for value in values[starts[-1] if starts else 0 :])
    if known < USEFUL:
        points_of([*values, 0.0])
        return None, _too_few(known)
    phases = list(zip([0, *starts], [*starts, len(values)], strict=True))
    long_enough = all(_can_be_phase(values[a:b]) for a, b in phases)
    if not long_enough:
        values, labels, starts = values[starts[-1] :], labels[starts[-1] :], []
    rebases = [(at, "a break: figures before it are not comparable") for at in starts]
    chart: Chart
    if unit in {"months", "quarters"} and known >= ENOUGH_FOR_LIMITS:
        chart = xmr.xmr(values, floor=floor, ceiling=ceiling, rebases=rebases)
    else:
        chart = trends.run_chart(values, rebases=rebases)
    return chart, verdict(chart, labels, better=better, unit=unit, breaks=starts)


def compare(
    before: Interval,
    after: Interval,
    *,
    better: Better,
    broken: bool = False,
    hidden: bool = False,
) -> str:
    """What two points alone allow one to say: by whether their intervals overlap.

    Args:
        before: the earlier, with its interval.
        after: the later, in the same unit and at the same level.
        better: whether higher is better, lower is, or neither.
        broken: a break in comparability lies between them.
        hidden: a value between them is hidden.

    Returns:
        "improved", "worsened", "changed" (where neither is better), "no clear change" or "cannot
        say".

    Raises:
        ValueError: the two are at different levels.
    """
    if before.level != after.level:
        raise ValueError(f"levels are {before.level} and {after.level}; compare like with like.")
    if broken or hidden:
        return "cannot say"
    if before.overlaps(after):
        return "no clear change"
    if better == "neither":
        return "changed"
    return "improved" if (after.low > before.high) == (better == "higher") else "worsened"


_LEAST: Final = {
    "run": {Rule.SHIFT: trends.SHIFT, Rule.TREND: trends.TREND},
    "XmR": {Rule.SHIFT: xmr.SHIFT, Rule.TREND: xmr.TREND},
    "p": {Rule.SHIFT: control.SHIFT, Rule.TREND: control.TREND},
    "u": {Rule.SHIFT: control.SHIFT, Rule.TREND: control.TREND},
}
_WHOLE_PHASE: Final = frozenset({Rule.FEW_RUNS, Rule.MANY_RUNS})


def _least(chart: Chart, rule: Rule) -> int:
    """Points that a signal of this rule must have."""
    kind = "run" if isinstance(chart, RunChart) else chart.kind
    return _LEAST[kind].get(rule, 0)


def _checked_breaks(breaks: Sequence[int], size: int) -> Sequence[int]:
    strange = [at for at in breaks if not 0 <= at < size]
    if strange:
        raise ValueError(f"breaks are at {strange}; points run from 0 to {size - 1}.")
    return breaks


def _first(chart: Chart, breaks: Sequence[int]) -> int:
    """The first point that may be judged."""
    hidden = [i + 1 for i, value in enumerate(chart.values) if value is None]
    return max(0, _latest_phase(chart), *_checked_breaks(breaks, len(chart.values)), *hidden)


def _latest_phase(chart: Chart) -> int:
    if isinstance(chart, RunChart):
        return chart.phases[-1].start
    return chart.limits[-1].start if chart.kind == "XmR" else 0


def _check_centre(chart: Chart, labels: Sequence[str], breaks: Sequence[int]) -> None:
    last = max(breaks, default=0)
    if _latest_phase(chart) < last:
        raise ValueError(
            f"the centre line rests on points before the break at {labels[last]}; start a phase "
            "there, or chart only what comes after it."
        )


def _useful(chart: Chart, first: int) -> list[int]:
    known = [(i, v) for i, v in enumerate(chart.values) if i >= first and v is not None]
    if isinstance(chart, RunChart):
        return [i for i, value in known if value != chart.phases[-1].centre]
    return [i for i, _ in known]


def _from(first: int, signal: Signal, chart: Chart) -> Signal | None:
    """What is left of a signal from `first` on; None where that is no signal of its own."""
    kept = tuple(i for i in signal.points if i >= first)
    if len(kept) == len(signal.points):
        return signal
    if signal.rule not in {Rule.SHIFT, Rule.TREND} or len(kept) < _least(chart, signal.rule):
        return None
    return Signal(signal.rule, kept, signal.side)


def _too_few(useful: int) -> Verdict:
    text = f"Too few points to tell. We have {useful}; we need at least {USEFUL}."
    return Verdict(Kind.TOO_FEW, text)


def _can_be_phase(values: Series) -> bool:
    """Whether a phase has the values a rebase needs, and two neighbours for a moving range."""
    neighbours = any(a is not None and b is not None for a, b in pairwise(values))
    return neighbours and sum(value is not None for value in values) >= trends.SHIFT


def _of_signal(
    signal: Signal, labels: Sequence[str], better: Better, unit: str, newest: int
) -> Verdict:
    since = labels[signal.points[0]]
    if signal.rule in _WHOLE_PHASE:
        text = f"Something changed between {since} and {labels[signal.points[-1]]}"
        return Verdict(Kind.CHANGED, f"{text} ({signal.rule}). Ask why.", signal)
    if signal.side == 0:
        return Verdict(
            Kind.CHANGED, f"Something changed in {since} ({signal.rule}). Ask why.", signal
        )
    if better == "neither":
        text = f"Something changed in {since}, and higher is neither better nor worse. Ask why."
        return Verdict(Kind.CHANGED, text, signal)
    good = (signal.side > 0) == (better == "higher")
    kind = Kind.IMPROVEMENT if good else Kind.WORSENING
    side = "better" if good else "worse"
    when = f"since {since}"
    if signal.points[-1] != newest:
        when = f"from {since} to {labels[signal.points[-1]]}"
    return Verdict(kind, f"{kind.capitalize()}. {_what(signal, side, unit, since, when)}", signal)


_NUMBERS = ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def _what(signal: Signal, side: str, unit: str, since: str, when: str) -> str:
    count = len(signal.points)
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    if signal.rule in {Rule.SHIFT, Rule.LONG_RUN}:
        return f"{number} {unit} in a row on the {side} side of the average, {when}."
    if signal.rule is Rule.TREND:
        return f"{number} {unit} in a row each {side} than the one before, {when}."
    if signal.rule is Rule.TWO_OF_THREE:
        return f"Two of three {unit} far on the {side} side of the average, {when}."
    return f"{since} lies far on the {side} side of the average."
