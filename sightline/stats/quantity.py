"""Terms of quantity: how a share is put into one of the standard words of inspection reports.

The rule, which `docs/methods/M-01-terms-of-quantity.md` works through by hand:

1. The share is rounded half up to a whole per cent, and the word is that of the band it falls in.
2. Less than half is never called the majority: 49.5 up to 50 per cent is "less than half".
3. "All" and "none" are said of exactly 100 and exactly 0 per cent, and then always.
4. Of a small base a word says too much, so counts are given ("7 of 12"), unless the base is
   partnerships, of which there are only ever a few.

Everything is whole-number arithmetic: no share is ever held as a float.
"""

from collections.abc import Sequence
from operator import index
from typing import Protocol, SupportsIndex

ALL = "all"
NONE = "none"
_HALF = 50


class Band(Protocol):
    """A word for the shares from `low` to `high` whole per cent, both included."""

    @property
    def word(self) -> str: ...
    @property
    def low(self) -> int: ...
    @property
    def high(self) -> int: ...


class Terms(Protocol):
    """The bands in use, and the base under which counts are given instead of a word."""

    @property
    def terms(self) -> Sequence[Band]: ...
    @property
    def smallest_base(self) -> int: ...


def whole_per_cent(n: int, base: int) -> int:
    """`n` out of `base` as a whole per cent, rounded half up (12.5 becomes 13).

    Raises:
        ValueError: the base is 0, a number is below zero, or `n` is more than the base.
    """
    n, base = _checked(n, base)
    return (200 * n + base) // (2 * base)


def term(n: int, base: int, terms: Terms) -> str:
    """The word for `n` out of `base`, whatever the size of the base; see `in_words` for that.

    Raises:
        ValueError: as `whole_per_cent`; or no band holds the share.
    """
    share = whole_per_cent(n, base)
    if n == base:
        return ALL
    if n == 0:
        return NONE
    if share == _HALF and 2 * n < base:
        share = _HALF - 1
    for band in terms.terms:
        if band.low <= share <= band.high:
            return band.word
    raise ValueError(f"no term holds {share}%; the terms must cover 0 to 100.")


def in_words(n: int, base: int, terms: Terms, *, partnerships: bool = False) -> str:
    """The word for `n` out of `base`, or "7 of 12" where the base is too small for a word.

    Args:
        n: how many.
        base: out of how many.
        terms: the bands, and the smallest base that may have a word.
        partnerships: the base is partnerships, which may have a word at any size.

    Raises:
        ValueError: as `term`.
    """
    word = term(n, base, terms)
    if base < terms.smallest_base and not partnerships:
        return f"{n:,} of {base:,}"
    return word


def _checked(n: int, base: int) -> tuple[int, int]:
    for name, number in (("n", n), ("base", base)):
        if type(number) is int:
            continue  # nearly every one; asking for the protocol takes a hundred times as long
        if isinstance(number, bool) or not isinstance(number, SupportsIndex):
            raise ValueError(f"{name} is {number!r}; give a whole number.")
    # Whole numbers of other libraries overflow; Python's do not.
    n, base = index(n), index(base)
    if base == 0:
        raise ValueError("the base is 0, so there is no share; say that there was nobody to count.")
    if base < 0 or n < 0:
        raise ValueError(f"{n} of {base}: counts are 0 or more; check which number is wrong.")
    if n > base:
        raise ValueError(
            f"{n} of {base} is more than all of them; check that both count one thing."
        )
    return n, base
