"""Agreement: published examples, scikit-learn, plain loops, and the whole report."""

import math
import random
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from sightline.stats.agreement import (
    Scale,
    Statistic,
    cohen,
    gwet,
    krippendorff,
    measure,
    measures,
    per_cent,
    tally,
)
from sightline.stats.agreement_report import Answer, ItemScale, agreement_report
from sightline.stats.intervals import Interval, Missing, proportion

N = None
# Krippendorff 2011, four observers and twelve units.
FOUR = list(zip(
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
    strict=True,
))  # fmt: skip


@pytest.mark.parametrize(
    ("scale", "alpha"), [(Scale.NOMINAL, 0.743), (Scale.ORDINAL, 0.815), (Scale.INTERVAL, 0.849)]
)
def test_krippendorff_2011(scale, alpha):
    assert krippendorff(FOUR, scale).estimate == pytest.approx(alpha, abs=6e-4)


def test_gwets_paradox_high_agreement_and_a_kappa_below_0():
    units = [(1, 1)] * 118 + [(1, 2)] * 5 + [(2, 1)] * 2
    assert per_cent(units).estimate == pytest.approx(118 / 125)
    assert cohen(units).estimate == pytest.approx(-0.0234, abs=6e-5)
    assert gwet(units).estimate == pytest.approx(0.9408, abs=6e-5)


def drawn(seed, size, readers=2, values=4, missing=0.0, alike=0.7):
    chance = random.Random(seed)  # noqa: S311 - repeatable
    rows = []
    for _ in range(size):
        first = chance.randrange(1, values + 1)
        row = [first if chance.random() < alike else chance.randrange(1, values + 1)
               for _ in range(readers)]  # fmt: skip
        rows.append([None if chance.random() < missing else value for value in row])
    return rows


@pytest.mark.parametrize("seed", range(6))
def test_kappas_agree_with_scikit_learn(seed):
    units = drawn(seed, 60)
    one, two = zip(*units, strict=True)
    assert cohen(units).estimate == pytest.approx(cohen_kappa_score(one, two))
    theirs = cohen_kappa_score(one, two, weights="quadratic")
    assert cohen(units, weighted=True).estimate == pytest.approx(theirs)


def alpha_by_loops(units, far):
    """Krippendorff's alpha from pairs of answers, in exact fractions."""
    rows = [[v for v in row if v is not None] for row in units]
    rows = [row for row in rows if len(row) > 1]
    answers = [v for row in rows for v in row]
    n = len(answers)
    seen = sum(
        Fraction(far(a, b, answers), len(row) - 1) for row in rows for a, b in permutations(row, 2)
    )
    chance = sum(Fraction(far(a, b, answers)) for a, b in permutations(answers, 2))
    return 1 - (n - 1) * seen / chance


def nominal(a, b, answers):
    return int(a != b)


def interval(a, b, answers):
    return (a - b) ** 2


def ordinal(a, b, answers):
    low, high = min(a, b), max(a, b)
    between = sum(low <= v <= high for v in answers)
    return (between - Fraction(answers.count(a) + answers.count(b), 2)) ** 2


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("scale", "far"),
    [(Scale.NOMINAL, nominal), (Scale.ORDINAL, ordinal), (Scale.INTERVAL, interval)],
)
def test_alpha_agrees_with_exact_loops(seed, scale, far):
    for units in (drawn(seed, 14, readers=3, missing=0.3), drawn(seed, 14)):
        expected = float(alpha_by_loops(units, far))
        assert krippendorff(units, scale).estimate == pytest.approx(expected)


def ac_by_loops(units, weight, values):
    """Gwet's AC from its definition: mean over units read twice, chance from all answers."""
    rows = [[v for v in row if v is not None] for row in units]
    twice = [row for row in rows if len(row) > 1]
    agreed = sum(
        Fraction(sum(weight(a, b) for a, b in permutations(row, 2)), len(row) * (len(row) - 1))
        for row in twice
    ) / len(twice)
    rows = [row for row in rows if row]
    share = {k: sum(Fraction(row.count(k), len(row)) for row in rows) / len(rows) for k in values}
    q = len(values)
    total = sum(weight(a, b) for a in values for b in values)
    chance = Fraction(total) / (q * (q - 1)) * sum(p * (1 - p) for p in share.values())
    return (agreed - chance) / (1 - chance)


@pytest.mark.parametrize("seed", range(4))
def test_gwet_agrees_with_exact_loops(seed):
    for units in (drawn(seed, 25, readers=3, missing=0.3), drawn(seed, 25)):
        values = sorted({v for row in units for v in row if v is not None})
        width = (values[-1] - values[0]) ** 2
        plain = ac_by_loops(units, lambda a, b: int(a == b), values)
        steps = ac_by_loops(units, lambda a, b, w=width: 1 - Fraction((a - b) ** 2, w), values)
        assert gwet(units).estimate == pytest.approx(float(plain))
        assert gwet(units, weighted=True).estimate == pytest.approx(float(steps))


def test_per_cent_of_three_readers_is_what_fleiss_observes():
    units = drawn(1, 40, readers=3)
    table, _ = aggregate_raters(np.array(units))
    observed = ((table * (table - 1)).sum(axis=1) / 6).mean()
    assert per_cent(units).estimate == pytest.approx(observed)
    assert -1 < fleiss_kappa(table) < per_cent(units).estimate


def test_per_cent_of_two_readers_has_wilsons_interval():
    found = per_cent(drawn(2, 50))
    same = proportion(round(found.estimate * 50), 50)
    assert (found.low, found.high) == pytest.approx((same.low, same.high))


def test_all_answers_alike():
    units = [(1, 1)] * 30
    assert per_cent(units).low == pytest.approx(proportion(30, 30).low)
    ac1 = gwet(units, values=(1, 2))
    assert (ac1.estimate, ac1.high) == (1, 1)
    assert ac1.low == pytest.approx(proportion(30, 30).low)
    assert gwet(units).estimate == 1
    for call, why in (
        (cohen, "Cohen’s kappa has no value: both readers gave one and the same value"),
        (krippendorff, "Krippendorff’s alpha has no value: every answer is the same value"),
    ):
        with pytest.raises(ValueError, match=f"{why}.*Give per cent agreement"):
            call(units)
    found = measures(tally(units))
    assert isinstance(found[Statistic.KAPPA], Missing)
    assert isinstance(found[Statistic.AC1], Interval)


def test_perfect_agreement_is_not_certainty():
    units = [(1, 1), (2, 2)] * 15
    for found in (cohen(units), krippendorff(units), gwet(units), cohen(units, weighted=True)):
        assert found.estimate == 1
        assert 0.5 < found.low < 0.9


def test_intervals_repeat_hold_their_estimate_and_cover():
    units = drawn(3, 60)
    assert cohen(units) == cohen(units)
    assert cohen(units, seed=2) != cohen(units)
    for found in measures(tally(units), scale=Scale.ORDINAL).values():
        assert -1 <= found.low <= found.estimate <= found.high <= 1
    truth = 0.49 + 0.51 / 4
    hits = sum(
        (i := measure(tally(drawn(100 + s, 80)), Statistic.KAPPA, times=200)).low
        <= (truth - 0.25) / 0.75 <= i.high
        for s in range(150)
    )  # fmt: skip
    assert hits / 150 >= 0.9


def test_a_record_with_several_units_is_drawn_whole():
    units = drawn(4, 60)
    apart, whole = tally(units), tally(units, records=[i // 6 for i in range(60)])
    for statistic in (Statistic.KAPPA, Statistic.PER_CENT):
        one, other = measure(apart, statistic), measure(whole, statistic)
        assert one.estimate == other.estimate
        assert one.method != other.method or (one.low, one.high) != (other.low, other.high)


NAN = float("nan")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tally([]), "agreement needs two readers"),
        (lambda: tally([(1,), (2,)]), "with one there is nobody to agree with"),
        (lambda: tally([(1, 2), (1,)]), "every record needs 2 cells"),
        (lambda: tally([(1, N), (N, 2)]), "no record was read by two readers"),
        (lambda: tally([(1, NAN)]), "a value is NaN or infinite; give None"),
        (lambda: tally([(1, 7)], values=(1, 2)), "7 is not among the values of the item"),
        (lambda: tally([(1, 1)], values=(1, 1)), "a value of the item is given twice"),
        (lambda: tally([(1, 1)], records=["a", "b"]), "2 records for 1 units"),
        (lambda: cohen([(1, 2, 3)] * 3), "kappa is of two readers; take each pair in turn"),
        (lambda: cohen([(1, 2)]), "one record was read twice; an interval needs two"),
        (lambda: cohen(drawn(1, 9), times=5), "times is 5; it must be 100"),
        (lambda: cohen(drawn(1, 9), level=95), "write 0.95"),
        (
            lambda: krippendorff([("fully", "partly"), ("not", "not")], Scale.ORDINAL),
            "needs the order of the values, and words have none of their own",
        ),
        (lambda: cohen([("a", "b"), ("a", "a")], weighted=True), "needs the order of the values"),
    ],
)
def test_what_has_no_agreement_is_refused_saying_what_and_how(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_words_in_order_are_taken_by_their_place():
    words = ("not at all", "partly", "fully")
    units = [("fully", "partly"), ("fully", "fully"), ("not at all", "fully"), ("partly", "partly")]
    numbers = [tuple(words.index(v) for v in row) for row in units]
    for scale in (Scale.ORDINAL, Scale.INTERVAL):
        assert krippendorff(units, scale, values=words).estimate == pytest.approx(
            krippendorff(numbers, scale, values=(0, 1, 2)).estimate
        )


# --- the whole report ---


def answers(periods=("2026-01", "2026-02"), worse=0.0):
    chance = random.Random(6)  # noqa: S311 - repeatable
    found = []
    for i in range(60):
        late = i >= 30
        for item in ("quality", "present"):
            value = chance.randrange(1, 7) if item == "quality" else chance.choice(["yes", "no"])
            other = value
            if late and chance.random() < worse:
                other = (value % 6 + 1) if item == "quality" else {"yes": "no", "no": "yes"}[value]
            second = "B" if i % 2 else "C"
            for reader, said in (("A", value), (second, other)):
                found.append(Answer(f"r{i:02}", reader, item, said, period=periods[late]))
    return found


SCALES = {"quality": ItemScale(Scale.INTERVAL, tuple(range(1, 7)))}


def test_a_report_by_item_pair_and_period():
    found = agreement_report(answers(worse=0.8), SCALES, threshold=0.7, times=300)
    assert [i.item for i in found.items] == ["present", "quality"]
    assert [p.name for p in found.pairs] == ["A and B", "A and C"]
    assert [p.records for p in found.pairs] == [30, 30]
    assert (found.overall.records, found.overall.answers) == (60, 120)
    first, last = found.periods
    assert (first.name, first.per_cent.estimate) == ("2026-01", 1)
    assert first.per_cent.low < 0.95
    assert last.per_cent.estimate < 0.4
    assert found.drift.differs
    assert found.drift.difference.high < 0
    assert (found.drift.first, found.drift.last) == ("2026-01", "2026-02")
    assert "present" in found.under
    present = found.items[0]
    assert isinstance(present.statistics[Statistic.AC2], Missing)
    assert "more than" in str(present.statistics) or "kappa is of two readers" in str(
        present.statistics[Statistic.KAPPA]
    )
    assert present.headline == present.statistics[Statistic.AC1]
    assert found.items[1].headline == found.items[1].statistics[Statistic.AC2]


def test_the_pooled_figure_of_one_item_is_that_of_the_item():
    only = [r for r in answers(worse=0.5) if r.item == "quality" and r.reader in "AB"]
    found = agreement_report(only, SCALES, times=300)
    (pair,) = found.pairs
    assert pair.beyond_chance.estimate == pytest.approx(found.items[0].headline.estimate)
    assert pair.per_cent.estimate == pytest.approx(
        found.items[0].statistics[Statistic.PER_CENT].estimate
    )


def test_no_drift_where_nothing_changed_and_none_without_periods():
    steady = agreement_report(answers(), SCALES, times=200)
    assert not steady.drift.differs
    plain = [Answer(r.record, r.reader, r.item, r.value) for r in answers()]
    assert agreement_report(plain, SCALES, times=200).drift is None
    assert agreement_report(plain, SCALES, times=200).periods == ()


def test_answers_about_two_agencies_are_never_compared():
    given = [
        Answer(f"r{i}", reader, "attended", value, agency)
        for i in range(8)
        for agency, one, two in (("health", "yes", "yes"), ("police", "no", ("no", "yes")[i % 2]))
        for reader, value in (("A", one), ("B", two))
    ]
    found = agreement_report(given, times=200)
    assert [(g.name, g.answers) for g in found.agencies] == [("health", 8), ("police", 8)]
    assert found.agencies[0].per_cent.estimate == 1
    assert found.agencies[1].per_cent.estimate == 0.5
    assert found.items[0].records == 8
    assert found.overall.per_cent.estimate == 0.75


def test_an_item_that_one_reader_alone_answered_is_listed_as_unknown():
    given = [*answers(), *(Answer(f"r{i:02}", "A", "extra", "x", "lone") for i in range(5))]
    found = agreement_report(given, SCALES, times=200)
    assert found.unknown == ("extra",)
    assert found.agencies[0].per_cent == Missing("nothing was read by two readers")
    assert not math.isnan(found.overall.per_cent.estimate)


def test_one_record_read_twice_has_no_interval_in_a_group():
    given = [*answers(), *(Answer("z", r, "present", "yes", "solo") for r in "AB")]
    (solo,) = agreement_report(given, SCALES, times=200).agencies
    assert solo.per_cent == Missing("one record was read twice; an interval needs two or more")


def test_items_whose_answers_are_all_alike():
    given = [Answer(f"r{i}", reader, "held", "yes") for i in range(9) for reader in "AB"]
    found = agreement_report(given, times=200)
    assert found.overall.beyond_chance.estimate == 1
    assert found.under == ()


@pytest.mark.parametrize(
    ("given", "more", "message"),
    [
        ([], {}, "there are no answers"),
        ([Answer("r", "A", "i", None)], {}, "there are no answers"),
        ([Answer("r", "A", "i", 1)], {}, "A is the only reader; agreement needs two"),
        (
            [Answer("r", "A", "i", 1), *[Answer("r", "B", "i", 1)] * 2],
            {},
            "B answered i of r twice",
        ),
        (answers(), {"scales": {"x": ItemScale()}}, "x has a scale and no answers"),
        (answers(), {"scales": {"quality": ItemScale(values=(1, 2))}}, "not among the values of q"),
        (answers(), {"threshold": 60}, "threshold is 60; give a share such as 0.6"),
        (answers(), {"times": 3}, "times is 3; it must be 100"),
    ],
)
def test_ratings_that_cannot_be_compared_are_refused(given, more, message):
    with pytest.raises(ValueError, match=message):
        agreement_report(given, **more)


def test_per_cent_agreement_is_never_below_nothing():
    three = [("yes", "yes"), ("no", "yes"), ("no", "no")]
    answers = [
        Answer(str(record), reader, "q", value)
        for record, pair in enumerate(three)
        for reader, value in zip("AB", pair, strict=True)
    ]
    assert agreement_report(answers).overall.per_cent.low == 0
    assert per_cent([("a", "b", "a"), ("b", "a", "a"), ("a", "a", "a")]).low >= 0


def test_numbers_of_numpy_are_numbers():
    steps = [(np.int64(a), np.int64(b)) for a, b in ((1, 2), (3, 3), (5, 4), (6, 6))]
    plain = [(int(a), int(b)) for a, b in steps]
    assert cohen(steps, weighted=True) == cohen(plain, weighted=True)
    with pytest.raises(ValueError, match="NaN"):
        cohen([(np.float32("nan"), np.float32(1))] * 3)


def test_a_seed_below_zero_is_refused_by_name():
    with pytest.raises(ValueError, match="seed is -1"):
        cohen([("a", "b"), ("b", "b"), ("a", "a")], seed=-1)
