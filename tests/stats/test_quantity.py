"""Terms of quantity, against an oracle in exact fractions, and at every edge."""

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from sightline.framework.definitions import library
from sightline.stats.quantity import in_words, term, whole_per_cent

TERMS = library().terms.get("quantity@1")
PAGE = Path(__file__).parents[2] / "docs/methods/M-01-terms-of-quantity.md"


def by_fractions(n: int, base: int) -> str:
    """Decision 16 a second time: exact fractions, no shared arithmetic."""
    share = Fraction(100 * n, base)
    if share == 100:
        return "all"
    if share == 0:
        return "none"
    if share < 50 and share >= Fraction(99, 2):
        return "less than half"
    edges = (
        ("almost all", 90), ("most", 75), ("the majority", 50), ("less than half", 15), ("few", 0),
    )  # fmt: skip
    return next(word for word, starts in edges if share >= Fraction(starts) - Fraction(1, 2))


def test_every_share_of_up_to_200_is_called_what_fractions_call_it():
    compared = 0
    for base in range(1, 201):
        for n in range(base + 1):
            assert term(n, base, TERMS) == by_fractions(n, base), (n, base)
            rounded = Fraction(100 * n, base) + Fraction(1, 2)
            assert whole_per_cent(n, base) == rounded.numerator // rounded.denominator
            compared += 1
    assert compared == 20_300


@pytest.mark.parametrize(
    ("n", "base", "word"),
    [
        (0, 200, "none"), (1, 200, "few"), (28, 200, "few"),
        (29, 200, "less than half"),  # 14.5 rounds up to 15
        (98, 200, "less than half"), (99, 200, "less than half"),  # 49.5: the one exception
        (995, 2000, "less than half"), (999, 2000, "less than half"),
        (100, 200, "the majority"), (148, 200, "the majority"),
        (149, 200, "most"),  # 74.5 rounds up to 75
        (178, 200, "most"), (179, 200, "almost all"), (199, 200, "almost all"), (200, 200, "all"),
        (1, 1_000_000, "few"), (999_999, 1_000_000, "almost all"),
    ],
)  # fmt: skip
def test_edges(n, base, word):
    assert term(n, base, TERMS) == word


@pytest.mark.parametrize(
    ("n", "base", "share"), [(1, 8, 13), (1, 200, 1), (1, 201, 0), (2, 3, 67), (99, 200, 50)]
)
def test_per_cent_are_rounded_half_up(n, base, share):
    assert whole_per_cent(n, base) == share


@pytest.mark.parametrize(
    ("n", "base", "partnerships", "words"),
    [
        (7, 12, False, "7 of 12"), (19, 19, False, "19 of 19"), (0, 19, False, "0 of 19"),
        (10, 20, False, "the majority"), (20, 20, False, "all"),
        (6, 8, True, "most"), (8, 8, True, "all"), (0, 8, True, "none"),
        (1500, 2000, False, "most"),
    ],
)  # fmt: skip
def test_small_bases_are_counted_unless_they_are_partnerships(n, base, partnerships, words):
    assert in_words(n, base, TERMS, partnerships=partnerships) == words


@pytest.mark.parametrize(
    ("n", "base", "message"),
    [
        (0, 0, "the base is 0, so there is no share; say that there was nobody to count."),
        (5, 4, "5 of 4 is more than all of them; check that both count one thing."),
        (-1, 4, "-1 of 4: counts are 0 or more; check which number is wrong."),
        (0, -4, "0 of -4: counts are 0 or more; check which number is wrong."),
        (1.5, 4, "n is 1.5; give a whole number."),
        (1, 4.0, "base is 4.0; give a whole number."),
        (True, 4, "n is True; give a whole number."),
    ],
)
def test_what_is_not_a_share_is_refused_saying_why(n, base, message):
    for call in (
        lambda: whole_per_cent(n, base),
        lambda: term(n, base, TERMS),
        lambda: in_words(n, base, TERMS),
    ):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            call()


@dataclass(frozen=True)
class _Band:
    word: str
    low: int
    high: int


@dataclass(frozen=True)
class _Gapped:
    terms: tuple[_Band, ...] = (_Band("some", 0, 40),)
    smallest_base: int = 0


def test_terms_with_a_gap_are_refused_rather_than_left_without_a_word():
    assert term(1, 4, _Gapped()) == "some"
    with pytest.raises(ValueError, match="no term holds 75%"):
        term(3, 4, _Gapped())


def test_the_worked_example_of_the_method_page_is_what_the_code_answers():
    rows = re.findall(
        r"^\| (\d+) of (\d+) \| ([\d.]+) \| (\d+) \| ([a-z ]+) \|$", PAGE.read_text(), re.MULTILINE
    )
    assert len(rows) >= 8
    for n, base, exact, rounded, word in rows:
        assert Fraction(exact) == round(Fraction(100 * int(n), int(base)), 2)
        assert whole_per_cent(int(n), int(base)) == int(rounded)
        assert term(int(n), int(base), TERMS) == word
    counted = re.search(r"`(\d+ of \d+)` is printed as it stands", PAGE.read_text())
    assert counted is not None
    n, base = map(int, counted[1].split(" of "))
    assert in_words(n, base, TERMS) == counted[1]
    assert in_words(n, base, TERMS, partnerships=True) == "the majority"
