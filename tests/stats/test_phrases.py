"""Fractions in words, claims, complements and stability: every share against exact fractions."""

import re
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest

from sightline.framework.definitions import library
from sightline.stats import phrases
from sightline.stats.intervals import Interval, proportion
from sightline.stats.quantity import term, whole_per_cent
from tests.stats.test_quantity import TERMS, _Gapped, by_fractions

FRACTIONS = library().fractions.get("fractions@1").phrases
# The ranges of the method a second time, as pairs.
RANGES = {
    (50, 50): "half", (45, 49): "just under half", (51, 55): "just over half",
    (61, 65): "just under two thirds", (66, 67): "two thirds", (68, 70): "just over two thirds",
    (71, 74): "almost three quarters", (75, 75): "three quarters", (76, 79): "over three quarters",
    (33, 34): "a third", (35, 39): "just over a third", (25, 25): "a quarter",
    (21, 24): "just under a quarter", (26, 29): "just over a quarter", (20, 20): "one fifth",
    (16, 19): "just under one fifth",
}  # fmt: skip


def phrase_by_fractions(n, base):
    share = Fraction(100 * n, base)
    if base < 20 or n in (0, base):
        return None
    rounded = int(share + Fraction(1, 2))
    if rounded == 50 and share != 50:
        rounded = 49 if share < 50 else 51
    return next((words for (low, high), words in RANGES.items() if low <= rounded <= high), None)


@pytest.mark.no_cover
def test_term_and_phrase_agree_with_the_exact_fraction_for_every_n_of_up_to_400():
    """80,600 shares: the words one at a time, and the terms all at once."""
    parts, bases = [], []
    for base in range(1, 401):
        parts += range(base + 1)
        bases += [base] * (base + 1)
    codes, meaning = phrases.words_of_many(np.array(parts), np.array(bases), TERMS)
    edges = {Fraction(n, base): by_fractions(n, base) for n, base in zip(parts, bases, strict=True)}
    for n, base, code in zip(parts, bases, codes.tolist(), strict=True):
        assert meaning[code] == edges[Fraction(n, base)], (n, base)
        assert phrases.fraction(n, base, FRACTIONS, TERMS) == phrase_by_fractions(n, base)
    assert len(parts) == 80_600


@pytest.mark.no_cover
def test_what_is_produced_is_always_held_to_be_so_and_pairs_never_contradict():
    for base in range(1, 130):
        for n in range(base + 1):
            words = term(n, base, TERMS)
            assert phrases.holds(words, n, base, FRACTIONS, TERMS)
            fraction = phrases.fraction(n, base, FRACTIONS, TERMS)
            assert fraction is None or phrases.holds(fraction, n, base, FRACTIONS, TERMS)
            both = phrases.with_complement(n, base, FRACTIONS, TERMS)
            assert both.per_cent + both.rest_per_cent == 100
            if base >= 20:
                assert phrases.consistent(both.share, both.rest, FRACTIONS, TERMS), both


@pytest.mark.parametrize(
    ("n", "base", "share", "rest", "per_cent"),
    [
        (73, 100, "almost three quarters", "just over a quarter", (73, 27)),
        (149, 200, "three quarters", "a quarter", (75, 25)),  # 74.5 and 25.5
        (99, 200, "just under half", "just over half", (49, 51)),  # 49.5 and 50.5
        (21, 200, "few", "almost all", (10, 90)),  # 10.5 and 89.5: each within its word
        (29, 200, "less than half", "most", (15, 85)),
        (5, 12, "5 of 12", "7 of 12", (42, 58)),
        (40, 40, "all", "none", (100, 0)),
        (88, 100, "most", "few", (88, 12)),
    ],
)
def test_a_share_and_the_rest(n, base, share, rest, per_cent):
    found = phrases.with_complement(n, base, FRACTIONS, TERMS)
    assert (found.share, found.rest, (found.per_cent, found.rest_per_cent)) == (
        share, rest, per_cent,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "n", "base", "so"),
    [
        ("almost three-quarters", 73, 100, True), ("three quarters", 74, 100, True),
        ("three quarters", 78, 100, False), ("Two  Thirds", 64, 100, True),
        ("just over half", 49, 100, False),  # two per cent off, but on the wrong side
        ("just over half", 50, 100, False), ("just under half", 51, 100, False),
        ("just under half", 43, 100, True), ("half", 50, 100, True), ("a half", 51, 100, False),
        ("all", 100, 100, True), ("all", 999, 1000, False), ("none", 0, 9, True),
        ("none", 1, 900, False), ("almost all", 88, 100, False), ("Almost-all", 95, 100, True),
        ("almost all", 100, 100, False), ("seven out of ten", 71, 100, True),
        ("7 in ten", 78, 100, False), ("nine out of every ten", 92, 100, True),
    ],
)  # fmt: skip
def test_whether_a_text_may_say_so(words, n, base, so):
    assert phrases.holds(words, n, base, FRACTIONS, TERMS) is so


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("some", "'some' measures nothing; use a term"),
        ("many", "measures nothing"),
        ("ten out of ten", "ten out of ten is no share; write one to nine out of ten."),
        ("lots out of ten", "lots out of ten is no share"),
    ],
)
def test_words_that_measure_nothing_are_refused(words, message):
    with pytest.raises(ValueError, match=message):
        phrases.claim(words, FRACTIONS, TERMS)


def test_claims():
    assert phrases.claim("most", FRACTIONS, TERMS) == phrases.Claim(75, 89)
    assert phrases.claim("exactly half", FRACTIONS, TERMS) == phrases.Claim(50, 50, True, True)
    assert phrases.claim("eight out of ten", FRACTIONS, TERMS) == phrases.Claim(
        75, 84, fraction=True
    )


@pytest.mark.parametrize(
    ("share", "rest", "so"),
    [
        ("almost three quarters", "over a quarter", True), ("most", "few", True),
        ("most", "the majority", False), ("all", "none", True), ("all", "few", False),
        ("almost all", "none", False), ("half", "half", True), ("half", "the majority", True),
        ("half", "just over half", False), ("two thirds", "a third", True),
        ("two thirds", "a quarter", False), ("none", "all", True),
    ],
)  # fmt: skip
def test_whether_two_phrases_can_be_of_one_base(share, rest, so):
    assert phrases.consistent(share, rest, FRACTIONS, TERMS) is so
    assert phrases.consistent(rest, share, FRACTIONS, TERMS) is so


@pytest.mark.parametrize(
    ("n", "base", "frame", "text"),
    [
        (82, 109, None, "most, possibly the majority"),
        (54, 109, None, "less than half, possibly the majority"),
        (700, 1000, None, "the majority"),
        (20, 20, None, "all, possibly most or almost all"),
        (20, 20, 20, "all"),
        (300, 300, 3000, "all, possibly almost all"),
        (0, 40, None, "none, possibly few"),
        (0, 40, 40, "none"),
        (5, 10, None, "the majority, possibly less than half or most"),
    ],
)
def test_whether_the_word_survives_the_error_of_the_sample(n, base, frame, text):
    found = phrases.stability(n, base, proportion(n, base, frame=frame), TERMS)
    assert found.text == text
    assert found.stable is ("possibly" not in text)
    assert found.word in found.possible or not found.possible


def test_the_edge_at_a_half_is_that_of_the_terms():
    found = phrases.stability(51, 100, Interval(0.51, 0.497, 0.53, 0.95, ""), TERMS)
    assert found.possible == ("less than half", "the majority")


def test_an_interval_of_another_share_is_refused():
    with pytest.raises(ValueError, match=r"5 of 10 lies outside 0\.700 to 0\.800"):
        phrases.stability(5, 10, Interval(0.75, 0.7, 0.8, 0.95, ""), TERMS)
    with pytest.raises(ValueError, match=r"no term holds 75%"):
        phrases.stability(3, 10, Interval(0.3, 0.2, 0.75, 0.95, ""), _Gapped())


@dataclass(frozen=True)
class _Row:
    n: object
    base: object
    message: str


@pytest.mark.parametrize(
    "row",
    [
        _Row([1, 2], [3], r"n has \(2,\) and base \(1,\)"),
        _Row([[1]], [[2]], r"give two equal lists"),
        _Row([1.0], [2.0], "whole numbers; round nothing"),
        _Row([1, 3], [2, 2], "3 of 2, at 1, is no share"),
        _Row([0], [0], "0 of 0, at 0, is no share"),
        _Row([-1], [4], "-1 of 4, at 0"),
        _Row([float("nan")], [4.0], "whole numbers"),
    ],
    ids=lambda row: row.message,
)
def test_many_shares_that_are_none_are_refused_with_their_place(row):
    with pytest.raises(ValueError, match=row.message):
        phrases.words_of_many(np.array(row.n), np.array(row.base), TERMS)


def test_many_shares_under_terms_with_a_gap_are_refused():
    with pytest.raises(ValueError, match="no term holds 75%"):
        phrases.words_of_many(np.array([1, 3]), np.array([4, 4]), _Gapped())


def test_numbers_of_numpy_are_taken_and_do_not_overflow():
    big = np.int64(9_000_000_000_000_000_000)
    assert term(big, big, TERMS) == "all"
    assert whole_per_cent(np.int8(100), np.int8(120)) == 83


@pytest.mark.parametrize("ask", [phrases.fraction, phrases.with_complement])
@pytest.mark.parametrize(("n", "base"), [(0, 0), (2, 1), (-1, 3), (0.5, 3), (True, 3)])
def test_what_is_no_share_has_no_phrase(ask, n, base):
    with pytest.raises(
        ValueError, match=re.compile("base is 0|more than all|must be|give a whole")
    ):
        ask(n, base, FRACTIONS, TERMS)
