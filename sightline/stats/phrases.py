"""Fractions in words, what a phrase claims, and whether a word would survive the error of a sample.

The ranges are whole per cent and come from a definition, as those of the terms do: see
`docs/methods/M-01-terms-of-quantity.md`. A phrase lies inside the band of a term and is used where
more precision helps; it never says more than the share allows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sightline.stats.checking import part_of
from sightline.stats.intervals import Interval
from sightline.stats.quantity import ALL, NONE, Terms, in_words, term, whole_per_cent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

FRACTION_TOLERANCE = 2
"""Whole per cent by which a written fraction may miss its range before it is called wrong."""

_HALF = 50
_NO_BAND = -2
_OUT_OF_TEN = re.compile(r"(\w+) (?:out of|in) (?:every )?ten")
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Phrase(Protocol):
    """A fraction in words for the shares from `low` to `high` whole per cent, both included."""

    @property
    def words(self) -> str: ...
    @property
    def low(self) -> int: ...
    @property
    def high(self) -> int: ...
    @property
    def also(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Claim:
    """What a word or phrase says of a share: from `low` to `high` whole per cent, both included.

    `exact` where it says it of exactly that share and no rounded one: "all", "none", "half".
    `fraction` where it is a phrase, which may miss by a little.
    """

    low: int
    high: int
    exact: bool = False
    fraction: bool = False


def fraction(n: int, base: int, phrases: Sequence[Phrase], terms: Terms) -> str | None:
    """The phrase for `n` out of `base`, the first whose range holds it; None where none does.

    "Half" is said of exactly half alone: any other share that rounds to 50 is looked up as 49 or
    51, on whichever side of half it lies.

    Raises:
        ValueError: as `whole_per_cent`.
    """
    n, base = part_of(n, base)
    if base < terms.smallest_base or n in (0, base):
        return None
    return _phrase(_off_half(whole_per_cent(n, base), n, base), phrases)


def _off_half(share: int, n: int, base: int) -> int:
    """A whole per cent, moved off 50 where the share is not exactly a half."""
    if share == _HALF and 2 * n != base:
        return _HALF - 1 if 2 * n < base else _HALF + 1
    return share


def _phrase(share: int, phrases: Sequence[Phrase]) -> str | None:
    return next((item.words for item in phrases if item.low <= share <= item.high), None)


def _plain(words: str) -> str:
    """As phrases are compared: hyphens, capitals and spaces do not matter."""
    return " ".join(words.casefold().replace("-", " ").split())


def claim(words: str, phrases: Sequence[Phrase], terms: Terms) -> Claim:
    """The range that a term or phrase claims.

    Takes the terms, "all", "none", the phrases with their other spellings, and "seven out of ten"
    (the nearest tenth). Case and spaces do not matter.

    Raises:
        ValueError: it is none of them, such as "some" or "many", which measure nothing.
    """
    plain = _plain(words)
    if plain in {ALL, NONE}:
        share = 100 if plain == ALL else 0
        return Claim(share, share, exact=True)
    for band in terms.terms:
        if plain == _plain(band.word):
            return Claim(band.low, band.high)
    for item in phrases:
        if plain in {_plain(spelt) for spelt in (item.words, *item.also)}:
            exact = item.low == item.high == _HALF
            return Claim(item.low, item.high, exact=exact, fraction=True)
    out_of_ten = _OUT_OF_TEN.fullmatch(plain)
    if out_of_ten:
        number = _tenth(out_of_ten.group(1))
        return Claim(max(0, 10 * number - 5), min(100, 10 * number + 4), fraction=True)
    raise ValueError(
        f"{words!r} measures nothing; use a term, a fraction, or give the numbers instead."
    )


def _tenth(word: str) -> int:
    number = int(word) if word.isdecimal() else _NUMBERS.index(word) if word in _NUMBERS else -1
    if not 0 < number < 10:  # noqa: PLR2004 - out of ten
        raise ValueError(f"{word} out of ten is no share; write one to nine out of ten.")
    return number


def holds(words: str, n: int, base: int, phrases: Sequence[Phrase], terms: Terms) -> bool:
    """Whether what a text calls `n` of `base` is so.

    A term must be the very one; a fraction may miss its range by two per cent, but never lies on
    the wrong side of a half; "all", "none" and "half" must be exactly so.

    Raises:
        ValueError: as `claim` and `whole_per_cent`.
    """
    said = claim(words, phrases, terms)
    n, base = part_of(n, base)
    if said.exact:
        return 100 * n == said.low * base
    if said.fraction:
        if (said.low > _HALF and 2 * n <= base) or (said.high < _HALF and 2 * n >= base):
            return False
        share = whole_per_cent(n, base)
        return said.low - FRACTION_TOLERANCE <= share <= said.high + FRACTION_TOLERANCE
    return _plain(term(n, base, terms)) == _plain(words)


@dataclass(frozen=True)
class Halves:
    """A share and the rest, in words that cannot contradict each other."""

    share: str
    rest: str
    per_cent: int
    rest_per_cent: int


def with_complement(n: int, base: int, phrases: Sequence[Phrase], terms: Terms) -> Halves:
    """`n` of `base` and the rest of them, in terms or, where both have one, in fractions.

    The two per cents always add up to 100. Where both end on a half, one is rounded up and the
    other down, so that each still lies within its word. Fractions are used for both or for neither,
    so that "two thirds" never stands beside "few", and both are those of the two per cents.

    Raises:
        ValueError: as `whole_per_cent`.
    """
    n, base = part_of(n, base)
    words = in_words(n, base, terms), in_words(base - n, base, terms)
    share = whole_per_cent(n, base)
    if (200 * n + base) % (2 * base) == 0 and not _agree(n, base, share, terms):
        share -= 1
    if base >= terms.smallest_base and 0 < n < base:
        looked = _off_half(share, n, base)
        said, rest = _phrase(looked, phrases), _phrase(100 - looked, phrases)
        if said and rest:
            words = said, rest
    return Halves(*words, share, 100 - share)


def _agree(n: int, base: int, share: int, terms: Terms) -> bool:
    """Whether a whole per cent and what it leaves lie in the bands of the two words."""
    both = ((n, share), (base - n, 100 - share))
    return all(
        band.low <= printed <= band.high
        for part, printed in both
        for band in terms.terms
        if band.word == term(part, base, terms)
    )


def consistent(share: str, rest: str, phrases: Sequence[Phrase], terms: Terms) -> bool:
    """Whether two phrases can be a share and the rest of one base; what a linter asks.

    They can if some share within the one leaves a rest within the other, rounding allowed for.
    "All" leaves "none" and nothing else; "half" leaves a half, which is also "the majority".

    Raises:
        ValueError: as `claim`.
    """
    one, other = claim(share, phrases, terms), claim(rest, phrases, terms)
    if any(said.exact and said.low in {0, 100} for said in (one, other)):
        return one.exact and other.exact and one.low == 100 - other.low
    slack = 0 if one.exact or other.exact else 1
    return one.low - slack <= 100 - other.low and 100 - other.high <= one.high + slack


@dataclass(frozen=True)
class Stability:
    """Whether the word for a share could change within the error of its sample.

    Attributes:
        word: the word for the share itself.
        possible: every word within the interval, from the lowest share to the highest.
        stable: whether `word` is the only one.
        text: "most", or "the majority, possibly most", or "the majority, possibly less than half or
            most".
    """

    word: str
    possible: tuple[str, ...]
    stable: bool
    text: str


def stability(n: int, base: int, interval: Interval, terms: Terms) -> Stability:
    """Whether the term for `n` of `base` is stable within `interval`, given as shares 0 to 1.

    "All" and "none" are said of what was counted. Unless the interval is a point, those not counted
    may differ, so beside them stands the word for nearly so: "all, possibly almost all".

    Raises:
        ValueError: as `term`; an interval that does not hold the share.
    """
    n, base = part_of(n, base)
    if not interval.low - 1e-9 <= n / base <= interval.high + 1e-9:
        raise ValueError(
            f"{n} of {base} lies outside {interval.low:.3f} to {interval.high:.3f}; "
            "give the interval of this share, as shares from 0 to 1."
        )
    word = term(n, base, terms)
    low, high = _band(interval.low, terms), _band(interval.high, terms)
    possible = [band.word for band in terms.terms][low : high + 1]
    if word in {ALL, NONE}:
        possible = [] if interval.low == interval.high else possible
        possible = [*possible, ALL] if word == ALL else [NONE, *possible]
    others = [found for found in possible if found != word]
    text = f"{word}, possibly {' or '.join(others)}" if others else word
    return Stability(word, tuple(possible), not others, text)


def _band(share: float, terms: Terms) -> int:
    """The place of the band of a share, rounded as terms are."""
    per_cent = int(100 * share + 0.5 + 1e-9)
    if per_cent == _HALF and share < 0.5 - 1e-12:
        per_cent = _HALF - 1
    for place, band in enumerate(terms.terms):
        if band.low <= per_cent <= band.high:
            return place
    raise ValueError(f"no term holds {per_cent}%; the terms must cover 0 to 100.")


def words_of_many(
    n: NDArray[np.int64], base: NDArray[np.int64], terms: Terms
) -> tuple[NDArray[np.int8], Mapping[int, str]]:
    """Terms for many shares at once, as codes and what each code means.

    Args:
        n: whole numbers, one dimension.
        base: as long as `n`, each above 0 and not under its `n`.
        terms: the bands.

    Returns:
        A code for each, and the word of each code: the place of the band from 0, −1 for "none",
        and the number of bands for "all".

    Raises:
        ValueError: lengths differ, not whole numbers, or a base that is 0 or under its n: the
            message gives the first place, from 0.
    """
    import numpy as np

    part, whole_of = np.asarray(n), np.asarray(base)
    if part.shape != whole_of.shape or part.ndim != 1:
        raise ValueError(f"n has {part.shape} and base {whole_of.shape}; give two equal lists.")
    if not (np.issubdtype(part.dtype, np.integer) and np.issubdtype(whole_of.dtype, np.integer)):
        raise ValueError("n and base must be whole numbers; round nothing before this.")
    wrong = (whole_of <= 0) | (part < 0) | (part > whole_of)
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(f"{part[place]} of {whole_of[place]}, at {place}, is no share.")
    part, whole_of = part.astype(np.int64), whole_of.astype(np.int64)
    share = (200 * part + whole_of) // (2 * whole_of)
    share[(share == _HALF) & (2 * part < whole_of)] = _HALF - 1
    table = np.full(101, _NO_BAND, dtype=np.int8)
    for place, band in enumerate(terms.terms):
        table[band.low : band.high + 1] = place
    codes = table[share]
    if (codes == _NO_BAND).any():
        uncovered = int(share[np.argmax(codes == _NO_BAND)])
        raise ValueError(f"no term holds {uncovered}%; the terms must cover 0 to 100.")
    codes[part == 0] = -1
    codes[part == whole_of] = len(terms.terms)
    meaning = {place: band.word for place, band in enumerate(terms.terms)}
    return codes, meaning | {-1: NONE, len(terms.terms): ALL}
