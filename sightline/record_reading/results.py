"""Results as they may be said: shares, intervals, terms of quantity, sentences. Pure.

Everything is worked out from what is shown. The interval allows for how many of the children in
scope had their records read; the weighted share for strata that were drawn at different rates.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sightline.kernel.measures import Measure, State, Unit
from sightline.stats.disclosure import Shown, ShownCell
from sightline.stats.intervals import Interval, difference, proportion
from sightline.stats.phrases import stability, with_complement
from sightline.stats.quantity import Terms, in_words, whole_per_cent
from sightline.stats.strata import Stratum, stratified

COUNTS_UNDER: Final = 20
"""The smallest base of which a per cent is said; under it counts are."""

UNEVEN: Final = 1.1
"""Strata drawn at rates further apart than this are a disproportionate design."""


@dataclass(frozen=True)
class Drawn:
    """One stratum of the sample: children in scope, and records of them that were read."""

    held: int
    read: int


@dataclass(frozen=True)
class Share:
    """How many of how many records, or why that is not said.

    Attributes:
        code, label: the answer, band or group it is of.
        n, base: records; None where `state` says why.
        interval: 95 per cent, as shares from 0 to 1; None without a number.
        weighted: the share with each stratum counted by its children, where strata were drawn at
            different rates and it can be had.
    """

    code: str
    label: str
    n: int | None
    base: int | None
    state: State
    interval: Interval | None = None
    weighted: Interval | None = None

    @property
    def per_cent(self) -> int | None:
        """Rounded half up to a whole number; None without a number, or of a small base."""
        if self.n is None or not self.base or self.base < COUNTS_UNDER:
            return None
        return whole_per_cent(self.n, self.base)

    @property
    def counted(self) -> str:
        """`33 of 40 (83%)`, `7 of 12` under a base of 20, or `[c]`."""
        if self.base == 0:
            return "nobody"
        if self.n is None or not self.base:
            return "[c]"
        plain = f"{self.n:,} of {self.base:,}"
        return plain if self.per_cent is None else f"{plain} ({self.per_cent}%)"

    @property
    def between(self) -> str:
        """The interval in words, or nothing; nothing of a small base."""
        found = self.interval
        if found is None or self.per_cent is None:
            return ""
        low, high = 100 * found.low, 100 * found.high
        return f"{low:.0f}% to {high:.0f}%"

    @property
    def weighted_per_cent(self) -> int | None:
        """The weighted share as a whole per cent, or None."""
        if self.weighted is None or self.per_cent is None:
            return None
        return int(100 * self.weighted.estimate + 0.5)


def held_and_read(strata: Mapping[str, Drawn], only: Collection[str] = ()) -> Drawn:
    """All strata as one, or those named."""
    used = [one for code, one in strata.items() if not only or code in only]
    return Drawn(sum(one.held for one in used), sum(one.read for one in used))


def frame_of(base: int, drawn: Drawn) -> int | None:
    """How many children there are for a base, at the rate at which records were read.

    Of the children with a plan it is known how many were read, and not how many there are; they
    are taken to be as many times more as all children are. None where nobody knows.
    """
    if not drawn.read or not drawn.held:
        return None
    return max(base, (2 * base * drawn.held + drawn.read) // (2 * drawn.read))


def is_uneven(strata: Mapping[str, Drawn], only: Collection[str] = ()) -> bool:
    """Whether strata were drawn at rates so different that a plain share leans to some of them."""
    rates = [
        one.read / one.held
        for code, one in strata.items()
        if (not only or code in only) and one.read and one.held
    ]
    return len(rates) > 1 and max(rates) > UNEVEN * min(rates)


def share(
    code: str, label: str, n: int | None, base: int | None, drawn: Drawn | None = None
) -> Share:
    """One share; `drawn`: what the records of the base were read out of."""
    if base == 0:
        return Share(code, label, None, 0, State.NOT_APPLICABLE)
    if n is None or base is None or n > base:
        return Share(code, label, None, base, State.SUPPRESSED)
    frame = frame_of(base, drawn) if drawn else None
    return Share(code, label, n, base, state_of(n), proportion(n, base, frame=frame))


def state_of(n: float) -> State:
    """Of a number that is known: observed, or a true zero."""
    return State.OBSERVED if n else State.TRUE_ZERO


def total_of(shown: Shown) -> int | None:
    """The base of a table by answer, or None where it is hidden."""
    return shown.total.count.value


Cells = Sequence[tuple[Collection[str], ShownCell]]
"""What is shown of some answers: the answers behind each cell, and the cell."""


def summed(cells: Cells, wanted: Collection[str], base: int | None) -> int | None:
    """The records with one of some answers, from what is shown; None where that cannot be known.

    Where one of them is hidden and none of the others is, it is the rest of the base.
    """
    inside = _sum(cells, set(wanted))
    if inside is not None:
        return inside
    others = {code for behind, _ in cells for code in behind} - set(wanted)
    outside = _sum(cells, others)
    return base - outside if base is not None and outside is not None else None


def _sum(cells: Cells, wanted: set[str]) -> int | None:
    total, found = 0, set[str]()
    for behind, cell in cells:
        if set(behind) <= wanted:
            if cell.value is None:
                return None
            total += cell.value
            found |= set(behind)
    return total if found == wanted else None


def weighted(groups: Mapping[str, tuple[int, int]], strata: Mapping[str, Drawn]) -> Interval | None:
    """The share over strata drawn at different rates; None where it cannot be had.

    Args:
        groups: by stratum, how many of how many records.
        strata: what each was drawn out of.
    """
    used = []
    for code, (n, base) in groups.items():
        if not base:
            continue
        frame = frame_of(base, strata[code]) if code in strata else None
        if frame is None:
            return None
        used.append(Stratum(code, n, base, frame))
    return stratified(used) if len(used) > 1 else None


def also(found: Share, terms: Terms) -> str:
    """What other words the share could have within its interval; nothing of a small base."""
    if found.n is None or not found.base or found.interval is None:
        return ""
    if found.base < terms.smallest_base:
        return ""
    held = stability(found.n, found.base, found.interval, terms)
    return " or ".join(word for word in held.possible if word != held.word)


def sentence(found: Share, base_words: str, terms: Terms) -> str:
    """`Most of the records with a plan: good or better (33 of 40, 83%).`

    Args:
        found: the share.
        base_words: whom the base is made of ("of the records in which this was answered").
        terms: the standard terms of quantity.
    """
    if found.base == 0:
        return f"There is nothing to count: {base_words.removeprefix('of ')}, there are none."
    if found.n is None or not found.base:
        return f"Too few {base_words} for this to be shown."
    words = in_words(found.n, found.base, terms)
    if found.base < terms.smallest_base:
        return f"{words} {base_words.removeprefix('of the ')}: {found.label}."
    counted = found.counted.replace(" (", ", ").rstrip(")")
    return f"{words[:1].upper()}{words[1:]} {base_words}: {found.label} ({counted})."


def rest_of(found: Share, terms: Terms) -> str:
    """The term of those who are not in the share, which never contradicts its own; or nothing."""
    if found.n is None or not found.base or found.base < terms.smallest_base:
        return ""
    return with_complement(found.n, found.base, (), terms).rest


def as_measure(
    found: Share, *, counted: str, base_words: str, definition: str, source: str
) -> Measure:
    """The share as a measure, or with the state that says why there is none.

    In per cent; of a base under `COUNTS_UNDER` as a count, as pages and files give it.
    """
    value: int | None = None
    unit = Unit.PER_CENT
    if found.n is not None and found.base:
        is_small = found.per_cent is None
        value = found.n if is_small else found.per_cent
        unit = Unit.COUNT if is_small else Unit.PER_CENT
    return Measure(
        value=value, unit=unit, counted=counted, definition=definition, source=source,
        state=State.SUPPRESSED if value is None and found.base != 0 else (
            State.NOT_APPLICABLE if value is None else state_of(value)
        ),
        base=found.base if value is not None else None,
        base_words=base_words if value is not None else "",
    )  # fmt: skip


@dataclass(frozen=True)
class Apart:
    """How far one share lies from another, in percentage points, in words that claim no more.

    `sure`: the interval of the difference does not hold zero.
    """

    words: str
    sure: bool


def apart(here: Share, there: Share) -> Apart:
    """How far `here` lies from `there`, with the 95 per cent interval of the difference."""
    if here.n is None or there.n is None or not here.base or not there.base:
        return Apart("Not given: too few to show.", sure=False)
    if min(here.base, there.base) < COUNTS_UNDER:
        return Apart(f"Not given: under {COUNTS_UNDER} records on one side.", sure=False)
    found = difference((there.n, there.base), (here.n, here.base))
    size, low, high = (_points(100 * end) for end in (found.estimate, found.low, found.high))
    sure = not found.includes_zero
    if not size:
        words = "The same"
    else:
        plural = "point" if abs(size) == 1 else "points"
        words = f"{abs(size)} percentage {plural} {'higher' if size > 0 else 'lower'} here"
    said = f"{words} (from {low:+d} to {high:+d})."
    return Apart(said if sure else f"{said} Chance alone could explain it.", sure)


def _points(value: float) -> int:
    """Rounded half away from nought."""
    return int(abs(value) + 0.5) * (1 if value >= 0 else -1)


def pooled(code: str, label: str, several: Sequence[Share]) -> Share:
    """Shares of several rounds or areas as one: n and bases added up.

    Nothing where one of them is hidden: what is missing would be worked out from the sum. No
    interval for finite populations is given over rounds; the plain one is wider.
    """
    if any(one.n is None or one.base is None for one in several):
        return Share(code, label, None, None, State.SUPPRESSED)
    return share(code, label, sum(one.n or 0 for one in several),
                 sum(one.base or 0 for one in several))  # fmt: skip


def drawn_from(data: Mapping[str, Any]) -> dict[str, Drawn]:
    """By stratum, what a round keeps of how it was drawn."""
    return {code: Drawn(int(one["held"]), int(one["read"])) for code, one in data.items()}
