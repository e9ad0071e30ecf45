"""A question's results as they may be said: shares, intervals, terms of quantity, sentences.

Everything is worked out from what is shown. Pure functions; no page and no database.
"""

from dataclasses import dataclass
from typing import Final

from sightline.kernel.measures import Measure, State, Unit
from sightline.stats.disclosure import Shown, ShownCell, ShownRow
from sightline.stats.intervals import Interval, proportion
from sightline.stats.phrases import stability
from sightline.stats.quantity import Terms, in_words, whole_per_cent
from sightline.surveys.counting import DONT_KNOW_CODE
from sightline.surveys.definitions import Item


@dataclass(frozen=True)
class Share:
    """How many of how many, or why that is not said.

    Attributes:
        code, label: the answer, measure or group it is of.
        n, base: people; None where `state` says why.
        interval: 95 per cent, as shares from 0 to 1; None without a number.
    """

    code: str
    label: str
    n: int | None
    base: int | None
    state: State
    interval: Interval | None = None

    @property
    def per_cent(self) -> int | None:
        """Rounded half up to a whole number; None without a number or a base."""
        return whole_per_cent(self.n, self.base) if self.n is not None and self.base else None

    @property
    def counted(self) -> str:
        """`33 of 40 (83%)`, `33 of 40` under a base of 20, or `[c]`."""
        if self.n is None or not self.base:
            return "[c]"
        plain = f"{self.n:,} of {self.base:,}"
        return plain if self.base < _COUNTS_UNDER else f"{plain} ({self.per_cent}%)"

    @property
    def between(self) -> str:
        """The interval in words, or nothing."""
        found = self.interval
        return f"{100 * found.low:.0f}% to {100 * found.high:.0f}%" if found else ""


_COUNTS_UNDER: Final = 20


def share(code: str, label: str, count: ShownCell, base: int | None) -> Share:
    """One share, from a cell as it is shown."""
    n = count.value
    if n is None or not base or n > base:
        state = count.state if n is None else State.SUPPRESSED
        return Share(code, label, None, base, state)
    return Share(code, label, n, base, count.state, proportion(n, base))


def _row(row: ShownRow, total: int | None) -> Share:
    base = row.of.value if row.of is not None else total
    return share(row.code, row.label, row.count, base)


def shares(shown: Shown) -> tuple[Share, ...]:
    """Every row of a table as a share: of its own base, or of all in the table."""
    return tuple(_row(row, shown.total.count.value) for row in shown.rows)


def measured(item: Item, name: str, everybody: Shown) -> Share:
    """A named measure of everybody: the sum of its answers, where none of them is hidden."""
    label = name.replace("-", " ")
    wanted = (DONT_KNOW_CODE,) if name == DONT_KNOW_CODE else item.measures[name]
    rows = [row for row in everybody.rows if row.code in wanted]
    counts = [row.count.value for row in rows]
    base = everybody.total.count.value
    if all(n is not None for n in counts) and base:
        n = sum(n for n in counts if n is not None)
        return Share(name, label, n, base, _state(n), proportion(n, base))
    return Share(name, label, None, base, State.SUPPRESSED)


def _state(n: int) -> State:
    return State.OBSERVED if n else State.TRUE_ZERO


def also(found: Share, terms: Terms) -> str:
    """What other words the share could have within its interval: "the majority"; mostly nothing.

    Under the smallest base of the terms counts are given and no word.
    """
    if found.n is None or not found.base or found.interval is None:
        return ""
    if found.base < terms.smallest_base:
        return ""
    held = stability(found.n, found.base, found.interval, terms)
    return " or ".join(word for word in held.possible if word != held.word)


_OF: Final = frozenset({"less than half", "half", "the majority", "none"})
"""Words that want an "of" before the people."""


def sentence(found: Share, who: str, did: str, terms: Terms) -> str:
    """`Most children said “often” (33 of 40, 83%).`, by the words of the share and the base.

    Args:
        found: the share.
        who: who was asked ("children").
        did: what they said or did ("said “often”").
        terms: the standard terms of quantity.
    """
    if found.n is None or not found.base:
        return f"Too few {who} answered, or gave one answer, for this to be shown."
    if found.base < terms.smallest_base:
        return f"{found.n} of {found.base} {who} {did}."
    words = in_words(found.n, found.base, terms)
    those = f"{words} of {who}" if words in _OF else f"{words} {who}"
    return (
        f"{those[:1].upper()}{those[1:]} {did} ({found.n:,} of {found.base:,}, {found.per_cent}%)."
    )


def as_measure(
    found: Share, *, counted: str, base_words: str, definition: str, source: str
) -> Measure:
    """The share as a measure in per cent, or with the state that says why there is none."""
    value = found.per_cent
    base = found.base if value is not None else None
    state = _state(value) if value is not None else State.SUPPRESSED
    return Measure(
        value=value, unit=Unit.PER_CENT, counted=counted, definition=definition, source=source,
        state=state, base=base, base_words=base_words if base is not None else "",
    )  # fmt: skip
