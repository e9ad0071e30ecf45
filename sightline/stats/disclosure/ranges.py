"""What an outsider can work out of the hidden counts of one line, from that line alone."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """Counts side by side, as an outsider has them once some are hidden.

    The outsider knows the total where it is shown, that counts are whole and not below zero, what
    each is out of, and the rules: zeros are shown unless they must be hidden to protect another
    count, and something is hidden only where one of the hidden counts is small.

    Attributes:
        values: the true counts.
        hidden: places of those that are hidden.
        total_shown: whether their sum is known.
        caps: what each is out of where that is known, or None.
        zeros_shown: whether the profile shows true zeros.
        small_group: below this cap every number is hidden, so hiding one tells nothing of it.
    """

    values: tuple[int, ...]
    hidden: frozenset[int]
    total_shown: bool
    caps: tuple[int | None, ...]
    zeros_shown: bool
    small_group: int


def ranges(line: Line) -> dict[int, tuple[int, int | None]]:
    """For each hidden place, the least and the greatest it can be (None: no limit).

    For one sum, and bounds on each of its parts, these are exact.
    """
    ends = {place: _ends(line, place) for place in line.hidden}
    if not line.total_shown:
        return ends
    rest = sum(line.values[place] for place in line.hidden)
    lowest = sum(low for low, _ in ends.values())
    caps = [rest if high is None else high for _, high in ends.values()]
    found: dict[int, tuple[int, int | None]] = {}
    for place, (low, high) in ends.items():
        cap = rest if high is None else high
        least = max(low, rest - (sum(caps) - cap))
        most = min(cap, rest - (lowest - low))
        found[place] = (least, most)
    return found


def _ends(line: Line, place: int) -> tuple[int, int | None]:
    """The least and the greatest one hidden count can be, by the rules and before the sum."""
    cap = line.caps[place]
    if not line.zeros_shown or (cap is not None and cap < line.small_group):
        return 0, cap
    zero = any(line.values[other] == 0 for other in line.hidden)
    full = any(line.values[other] == line.caps[other] for other in line.hidden)
    return (0 if zero else 1), (cap if cap is None or full else cap - 1)


def exposed(line: Line, width: int) -> frozenset[int]:
    """The hidden places known to within less than `width`.

    Where a zero had to be hidden, the rule that one of the hidden counts is small can take one
    value from each end; that much is taken off here.
    """
    margin = 0
    if line.zeros_shown and line.total_shown and any(line.values[p] == 0 for p in line.hidden):
        margin = 2
    return frozenset(
        place
        for place, (least, most) in ranges(line).items()
        if most is not None and most - least - margin < width
    )
