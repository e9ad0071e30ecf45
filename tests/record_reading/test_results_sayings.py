"""What is said of a share: its term, interval, weighted share, sentence, and how far two differ."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.framework.queries import quantity_terms
from sightline.kernel.measures import State, Unit
from sightline.record_reading.results import (
    Drawn,
    Share,
    also,
    apart,
    as_measure,
    drawn_from,
    frame_of,
    held_and_read,
    is_uneven,
    pooled,
    rest_of,
    sentence,
    share,
    summed,
    weighted,
)
from sightline.stats.disclosure import ShownCell

WORDS = "of the records with a plan"


def cell(value: int | None) -> ShownCell:
    """A cell with a number, or a hidden one."""
    if value is None:
        return ShownCell(None, State.SUPPRESSED)
    return ShownCell(value, State.OBSERVED if value else State.TRUE_ZERO)


def plain_term(n: int, base: int) -> str:
    """The standard terms, written down again."""
    if n in (0, base):
        return "none" if n == 0 else "all"
    whole = math.floor(100 * n / base + 0.5)
    if whole == 50 and 2 * n < base:
        whole = 49
    for word, most in (("few", 14), ("less than half", 49), ("the majority", 74), ("most", 89)):
        if whole <= most:
            return word
    return "almost all"


def plain_interval(n: int, base: int, frame: int) -> tuple[float, float]:
    """Wilson's, on the base that counts where part of a known frame was read."""
    if frame == base:
        return n / base, n / base
    z, p = 1.959963984540054, n / base
    m = base * (frame - 1) / (frame - base)
    half = z * math.sqrt(p * (1 - p) / m + z * z / (4 * m * m))
    low = (p + z * z / (2 * m) - half) / (1 + z * z / m)
    high = (p + z * z / (2 * m) + half) / (1 + z * z / m)
    return max(low, n / frame), min(high, (n + frame - base) / frame)


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 120), st.integers(0, 120), st.integers(1, 120), st.integers(0, 300))
def test_shares_have_the_term_and_interval_of_a_plain_calculation(base, n, read, more) -> None:
    """And what is said of those who are not in it never contradicts what is said of it."""
    n = min(n, base)
    drawn = Drawn(read + more, read)
    found = share("x", "good or better", n, base, drawn)
    frame = max(base, math.floor(base * drawn.held / drawn.read + 0.5))
    assert frame_of(base, drawn) == frame
    assert found.interval is not None
    low, high = plain_interval(n, base, frame)
    assert found.interval.low == pytest.approx(low, abs=1e-9)
    assert found.interval.high == pytest.approx(high, abs=1e-9)
    said = sentence(found, WORDS, quantity_terms())
    if base < 20:
        assert said == f"{n} of {base} {WORDS.removeprefix('of the ')}: good or better."
        assert found.per_cent is None
        assert found.between == ""
        assert also(found, quantity_terms()) == ""
        assert rest_of(found, quantity_terms()) == ""
    else:
        word = plain_term(n, base)
        assert said.startswith(f"{word[:1].upper()}{word[1:]} of the records")
        assert f"({n} of {base}, {found.per_cent}%)" in said
        assert word not in also(found, quantity_terms()).split(" or ")
        assert rest_of(found, quantity_terms()) == plain_term(base - n, base)


def test_what_is_hidden_or_nobody_is_said_so() -> None:
    """Hidden, empty and too many are no shares."""
    hidden = share("x", "good", None, 40)
    assert (hidden.counted, hidden.between, hidden.per_cent) == ("[c]", "", None)
    assert sentence(hidden, WORDS, quantity_terms()).startswith(
        "Too few of the records with a plan"
    )
    nobody = share("x", "good", 0, 0)
    assert (nobody.counted, nobody.state) == ("nobody", State.NOT_APPLICABLE)
    assert sentence(nobody, WORDS, quantity_terms()).startswith("There is nothing to count")
    assert share("x", "good", 5, 4).n is None
    assert also(hidden, quantity_terms()) == rest_of(hidden, quantity_terms()) == ""
    assert hidden.weighted_per_cent is None


def test_a_measure_says_its_state() -> None:
    """A number, a true zero, a hidden one, and nobody to count."""

    def state(n: int | None, base: int | None) -> State:
        found = share("x", "x", n, base)
        return as_measure(found, counted="c", base_words=WORDS, definition="d@1", source="s").state

    assert state(4, 8) is State.OBSERVED
    assert state(0, 8) is State.TRUE_ZERO
    assert state(None, 8) is State.SUPPRESSED
    assert state(0, 0) is State.NOT_APPLICABLE


def test_a_measure_has_no_per_cent_under_the_smallest_base() -> None:
    """It is a count of its base there, as on pages and in files."""

    def measure(n: int, base: int) -> tuple[object, Unit, int | None]:
        found = as_measure(
            share("x", "x", n, base), counted="c", base_words=WORDS, definition="d@1", source="s"
        )
        return found.value, found.unit, found.base

    assert measure(3, 10) == (3, Unit.COUNT, 10)
    assert measure(0, 19) == (0, Unit.COUNT, 19)
    assert measure(6, 20) == (30, Unit.PER_CENT, 20)


def test_strata_drawn_at_different_rates_are_weighted_by_their_children() -> None:
    """A plain sum of shares by children gives the same estimate; even designs are not weighted."""
    strata = {"a": Drawn(40, 20), "b": Drawn(400, 20), "c": Drawn(10, 0)}
    assert is_uneven(strata)
    assert not is_uneven(strata, ["a"])
    assert not is_uneven({"a": Drawn(100, 20), "b": Drawn(104, 20)})
    found = weighted({"a": (20, 20), "b": (10, 20), "c": (0, 0)}, strata)
    assert found is not None
    assert found.estimate == pytest.approx((40 * 1.0 + 400 * 0.5) / 440)
    assert found.low < found.estimate < found.high
    assert weighted({"a": (1, 2), "other": (1, 2)}, strata) is None
    assert weighted({"a": (1, 2)}, strata) is None
    held = Share("x", "x", 30, 40, State.OBSERVED, weighted=found)
    assert held.weighted_per_cent == 55
    assert held_and_read(strata) == Drawn(450, 40)
    assert held_and_read(strata, ["b"]) == Drawn(400, 20)
    assert frame_of(5, Drawn(0, 0)) is None
    assert drawn_from({"a": {"held": 4, "read": 2}}) == {"a": Drawn(4, 2)}


def test_a_difference_claims_no_more_than_its_interval() -> None:
    """Chance, sureness, sameness, small bases and hidden figures each have their words."""

    def said(one: tuple[int | None, int], other: tuple[int | None, int]) -> str:
        found = apart(share("x", "x", *one), share("x", "x", *other))
        assert found.sure == ("percentage" in found.words and "Chance" not in found.words)
        return found.words

    assert said((90, 100), (40, 100)).startswith("50 percentage points higher here (from +")
    assert said((40, 100), (90, 100)).startswith("50 percentage points lower here (from -")
    assert said((52, 100), (50, 100)).endswith("Chance alone could explain it.")
    assert said((51, 100), (50, 100)).startswith("1 percentage point higher here")
    assert said((50, 100), (50, 100)).startswith("The same (from -")
    assert said((5, 10), (50, 100)) == "Not given: under 20 records on one side."
    assert said((None, 100), (50, 100)) == "Not given: too few to show."


def test_rounds_are_added_up_only_where_nothing_is_hidden() -> None:
    """What is hidden in one could be taken away from the sum."""
    one, other = share("x", "x", 10, 40), share("x", "x", 30, 60)
    found = pooled("x", "all", [one, other])
    assert (found.n, found.base, found.counted) == (40, 100, "40 of 100 (40%)")
    assert pooled("x", "all", [one, share("x", "x", None, 60)]).n is None


def test_a_band_is_known_from_its_answers_or_from_all_others() -> None:
    """And from nothing less: a category that lies across it tells nothing."""
    cells = [({"4", "5", "6"}, cell(30)), ({"3"}, cell(None)), ({"1", "2"}, cell(5))]
    assert summed(cells, ["4", "5", "6"], 40) == 30
    assert summed(cells, ["3"], 40) == 5
    assert summed(cells, ["3"], None) is None
    assert summed(cells, ["4", "5"], 40) is None
    assert summed(cells, ["3", "4", "5", "6"], 40) == 35
