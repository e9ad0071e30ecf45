"""What a chart allows one to say: five fixed sentences, and nothing outside them.

The sentences and the rules that lead to each are in `docs/methods/M-08-run-charts.md`. A verdict says
what the latest signal shows. It never says why, and it says nothing where a value was hidden, a
break lies between, or there are too few points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from sightline.stats.trends import USEFUL, ControlChart, Rule, RunChart, Signal

Better = Literal["higher", "lower", "neither"]


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
    chart: RunChart | ControlChart,
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
        breaks: points (from 0) at which figures stop being comparable with those before. Only what
            lies after the last of them is judged.

    Returns:
        "Too few points" with fewer than ten useful ones (known, and for a run chart off its centre
        line) since the last break or since the last point that is hidden; otherwise the sentence of
        the latest signal that touches the latest phase; otherwise "no real change".

    Raises:
        ValueError: labels and values differ in number.
    """
    if len(labels) != len(chart.values):
        raise ValueError(f"{len(labels)} labels for {len(chart.values)} points; give each its own.")
    first = max([0, *(b for b in breaks if 0 <= b < len(labels))])
    useful = _useful(chart, first)
    if useful < USEFUL:
        return Verdict(
            Kind.TOO_FEW,
            f"Too few points to tell. We have {useful}; we need at least {USEFUL}.",
        )
    lasting = [s for s in chart.signals if s.points[0] >= first]
    if not lasting:
        return Verdict(
            Kind.NO_CHANGE, "No real change. The ups and downs are what we would expect."
        )
    latest = max(lasting, key=lambda s: (s.points[-1], len(s.points)))
    return _of_signal(latest, labels, better, unit)


def _useful(chart: RunChart | ControlChart, first: int) -> int:
    if isinstance(chart, RunChart):
        centres = {i: phase.centre for phase in chart.phases for i in range(phase.start, phase.end)}
        return sum(
            value is not None and value != centres[i]
            for i, value in enumerate(chart.values)
            if i >= first
        )
    return sum(value is not None for value in chart.values[first:])


def _of_signal(signal: Signal, labels: Sequence[str], better: Better, unit: str) -> Verdict:
    since, count = labels[signal.points[0]], len(signal.points)
    if better == "neither" or signal.side == 0:
        why = (
            " Ask why."
            if signal.side == 0
            else ", and higher is neither better nor worse. Ask why."
        )
        what = f"Something changed in {since}" + (f" ({signal.rule})." if signal.side == 0 else "")
        return Verdict(Kind.CHANGED, what + why, signal)
    good = (signal.side > 0) == (better == "higher")
    kind = Kind.IMPROVEMENT if good else Kind.WORSENING
    side = "better" if good else "worse"
    return Verdict(kind, f"{kind.capitalize()}. {_what(signal, count, side, unit, since)}", signal)


_NUMBERS = ("", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def _what(signal: Signal, count: int, side: str, unit: str, since: str) -> str:
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    if signal.rule is Rule.SHIFT:
        return f"{number} {unit} in a row on the {side} side of the average, since {since}."
    if signal.rule is Rule.TREND:
        return f"{number} {unit} in a row each {side} than the one before, since {since}."
    if signal.rule is Rule.TWO_OF_THREE:
        return f"Two of three {unit} far on the {side} side of the average, since {since}."
    return f"{since} lies far on the {side} side of the average."
