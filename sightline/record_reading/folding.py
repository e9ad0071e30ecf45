"""Groups that are too small to be named are put together before anything is counted by them.

Pure. What is never counted alone cannot be worked out from what is shown. Items that hang on each
other are put together alike: the group of those with a plan is a group of those who were asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sightline.record_reading.counting import NOT_SAID, Way

TOGETHER: Final = "together"
"""The category in which groups that are too small to be named are counted."""


@dataclass(frozen=True)
class Folded:
    """The categories that are counted, each made of one or more of the way's.

    Attributes:
        labels: by the code of each category, what it is called.
        of: by a category of the way, the code it is counted under.
    """

    labels: Mapping[str, str]
    of: Mapping[str, str]

    @property
    def compares(self) -> bool:
        """Whether there are two categories or more to compare."""
        return len(self.labels) > 1


NOTHING: Final = Folded({}, {})


def folded(sizes: Sequence[Mapping[str, int]], way: Way, base: int) -> Folded:
    """Put the smallest categories together until each that is left has `base` records or more.

    Those of whom it is not known are counted with the small ones, which come to `base` without
    them: nobody gets at the size of one by taking away those of whom it is not known.

    Args:
        sizes: records by category, `NOT_SAID` among them, for each of the units that are to be
            put together alike; every category has `base` in all of them.
        way: what the categories are called.
        base: the smallest number of records that is reported on.
    """
    named = [c for c in way.labels if any(one.get(c) for one in sizes)]
    least = {c: min(one.get(c, 0) for one in sizes) for c in (*named, NOT_SAID)}
    alone = sorted((c for c in named if least[c] >= base), key=lambda c: (least[c], c))
    small = [c for c in named if c not in alone]
    loose = any(one.get(NOT_SAID) for one in sizes)
    while alone and not _enough(sizes, small, base, loose=loose):
        small.append(alone.pop(0))
    if not _enough(sizes, small, base, loose=loose):
        return NOTHING
    labels = {code: way.labels[code] for code in named if code in alone}
    of = {code: code for code in alone}
    if small or loose:
        labels[TOGETHER] = _together(small, way, loose=loose)
        of |= dict.fromkeys((*small, NOT_SAID), TOGETHER)
    return Folded(labels, of)


def _enough(
    sizes: Sequence[Mapping[str, int]], small: Sequence[str], base: int, *, loose: bool
) -> bool:
    if not small:
        return not loose or all(one.get(NOT_SAID, 0) >= base for one in sizes)
    return all(sum(one.get(code, 0) for code in small) >= base for one in sizes)


def _together(small: Sequence[str], way: Way, *, loose: bool) -> str:
    named = [label for code, label in way.labels.items() if code in small]
    parts = [*named, *(["not known"] if loose else [])]
    text = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    return text[:1].upper() + text[1:]


def overlaps(first: Sequence[str], second: Sequence[str], base: int) -> bool:
    """Whether a group of one way is, but for fewer than `base`, groups of another.

    The difference of two such groups would tell of the few between them. Two groups that are
    exactly the same count too: what is hidden of the one would be shown of the other.

    Args:
        first: the category of each record under one way.
        second: the same under the other, in the same order.
        base: the smallest number of records that is reported on.
    """
    return _covers(first, second, base) or _covers(second, first, base)


def _covers(whole: Sequence[str], parts: Sequence[str], base: int) -> bool:
    sizes: dict[str, int] = {}
    joint: dict[tuple[str, str], int] = {}
    held: dict[str, int] = {}
    for one, other in zip(whole, parts, strict=True):
        held[one] = held.get(one, 0) + 1
        sizes[other] = sizes.get(other, 0) + 1
        joint[one, other] = joint.get((one, other), 0) + 1
    for category, size in held.items():
        inside = [other for other in sizes if 2 * joint.get((category, other), 0) > sizes[other]]
        within = sum(joint[category, other] for other in inside)
        beyond = sum(sizes[other] for other in inside) - within
        if inside and size - within + beyond < base:
            return True
    return False
