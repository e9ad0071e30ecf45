"""Run charts, control charts and verdicts: vectors R1 to R4, X1 and X2, and what may be said."""

import math
import random
from itertools import groupby, pairwise

import pytest

from sightline.stats import control, trends, verdict, xmr
from sightline.stats.intervals import Interval
from sightline.stats.series import Convention, Rule, Signal, climbs
from sightline.stats.verdict import Kind, compare, judge

NAN = float("nan")
R1 = [10, 12, 9, 11, 10, 13, 14, 12, 10, 15, 13, 12]
R2 = [5, 7, 6, 8, 9, 9, 10, 11, 12, 7]
R3 = [5, 6, 7, 8, 9, 8, 9]
R4 = [20, 22, 21, 19, 23, 20, 18, 17, 16, 15, 14, 13]
X1 = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
X2 = [116, 121, 118, 125, 130, 128, 122, 119, 124, 127, 131, 126]


def signals(chart, rule):
    return [(s.points, s.side) for s in chart.signals if s.rule is rule]


def test_r1_points_on_the_median_are_skipped_or_end_the_run():
    wording = trends.run_chart(R1, centre=10)
    assert signals(wording, Rule.SHIFT) == [((3, 5, 6, 7, 9, 10, 11), 1)]
    assert signals(trends.run_chart(R1, centre=10, convention=Convention.CODE), Rule.SHIFT) == []


def test_r2_a_value_repeated_is_skipped_or_ends_the_trend():
    wording = trends.run_chart(R2, trend_rule=True)
    ((points, side),) = signals(wording, Rule.TREND)
    assert ([R2[i] for i in points], side) == ([6, 8, 9, 10, 11, 12], 1)
    code = trends.run_chart(R2, trend_rule=True, convention=Convention.CODE)
    assert signals(code, Rule.TREND) == []
    assert signals(trends.run_chart(R2), Rule.TREND) == []  # off unless asked for


def test_r3_a_trend_of_five():
    assert signals(trends.run_chart(R3, trend_rule=True), Rule.TREND) == [((0, 1, 2, 3, 4), 1)]


def test_r4_a_baseline_of_six():
    chart = trends.run_chart(R4, baseline=6, trend_rule=True)
    assert chart.phases[0].centre == 20.5
    assert signals(chart, Rule.SHIFT) == [((5, 6, 7, 8, 9, 10, 11), -1)]
    assert signals(chart, Rule.TREND) == [((4, 5, 6, 7, 8, 9, 10, 11), -1)]


def test_x1_moving_ranges_screened_or_not():
    plain, screened = xmr.xmr(X1).limits[0], xmr.xmr(X1, screened=True).limits[0]
    assert plain.centre == pytest.approx(1.944, abs=5e-4)
    assert plain.moving_range == pytest.approx(1.882, abs=5e-4)
    assert (plain.low, plain.high) == pytest.approx((-3.063, 6.952), abs=6e-4)
    assert screened.moving_range == pytest.approx(1.0)
    assert (screened.low, screened.high) == pytest.approx((-0.716, 4.604), abs=6e-4)
    for chart in (xmr.xmr(X1), xmr.xmr(X1, screened=True)):
        assert ((4,), 1) in signals(chart, Rule.LIMIT)
    drawn = xmr.xmr(X1, floor=0, ceiling=10).limits[0]
    assert (drawn.low, drawn.high) == (0, plain.high)
    drawn = xmr.xmr(X2, floor=116, ceiling=131).limits[0]
    assert (drawn.low, drawn.high, drawn.near_high) == (116, 131, 131)


def test_x2_near_a_limit_is_not_beyond_it():
    chart = xmr.xmr(X2)
    span = chart.limits[0]
    assert span.centre == pytest.approx(123.917, abs=5e-4)
    assert span.moving_range == pytest.approx(4.364, abs=5e-4)
    assert (span.low, span.high) == pytest.approx((112.309, 135.524), abs=6e-4)
    assert (span.near_low, span.near_high) == pytest.approx((116.178, 131.655), abs=6e-4)
    assert [v for v in X2 if not span.near_low <= v <= span.near_high] == [116]
    assert signals(chart, Rule.LIMIT) == []
    assert chart.enough


def shifts_by_loops(values, centre, least):
    """The wording a second time: leave out points on the median, then group by side."""
    off = [(i, v > centre) for i, v in enumerate(values) if v is not None and v != centre]
    runs = [[i for i, _ in run] for _, run in groupby(off, key=lambda pair: pair[1])]
    return [tuple(run) for run in runs if len(run) >= least]


def test_shifts_and_runs_agree_with_plain_loops():
    chance = random.Random(4)  # noqa: S311 - repeatable
    for _ in range(400):
        values = [chance.choice([None, *range(8)]) for _ in range(chance.randrange(4, 40))]
        if not any(v is not None for v in values):
            continue
        chart = trends.run_chart(values)
        centre = chart.phases[0].centre
        assert [s.points for s in chart.signals if s.rule is Rule.SHIFT] == shifts_by_loops(
            values, centre, 6
        )
        sides = [v > centre for v in values if v is not None and v != centre]
        assert (chart.useful, chart.runs) == (len(sides), len(list(groupby(sides))))


def test_climbs_agree_with_looking_at_every_stretch():
    chance = random.Random(5)  # noqa: S311 - repeatable
    for _ in range(200):
        values = [chance.randrange(6) for _ in range(20)]
        found = {points for points, _ in climbs(list(enumerate(values)), 4)}
        longest = set()
        for a in range(20):
            for b in range(a + 4, 21):
                part = values[a:b]
                for up in (part, part[::-1]):
                    if all(x < y for x, y in pairwise(up)):
                        longest.add(tuple(range(a, b)))
        assert found == {s for s in longest if not any(set(s) < set(o) for o in longest)}


def runs_by_listing(size):
    """Chances of each number of runs, every order of half above and half below listed."""
    counts = {}
    for bits in range(2**size):
        if bits.bit_count() == size // 2:
            sides = [bits >> i & 1 for i in range(size)]
            runs = len(list(groupby(sides)))
            counts[runs] = counts.get(runs, 0) + 1
    return counts


@pytest.mark.parametrize("size", [10, 11, 12])
def test_chances_of_runs_are_those_of_listing_every_order(size):
    counts = runs_by_listing(size)
    above, below = size // 2, size - size // 2
    assert {runs: trends._chance(runs, above, below) for runs in counts} == counts


def test_expected_runs():
    assert trends.expected_runs(10) == (3, 9)
    assert trends.expected_runs(20) == (6, 16)
    for useful in range(21, 40):  # what is computed continues what is printed
        low, high = trends.expected_runs(useful)
        assert trends.expected_runs(useful - 1)[0] <= low < useful / 2 < high <= useful
    with pytest.raises(ValueError, match="9 useful points are too few"):
        trends.expected_runs(9)


def test_anhoj():
    assert [trends.longest_run_allowed(n) for n in (10, 12, 20, 24)] == [6, 7, 7, 8]
    assert [trends.fewest_crossings(n) for n in (10, 12, 20, 24)] == [2, 3, 6, 8]
    assert trends.fewest_crossings(1) == 0
    slow = [1] * 8 + [9] * 8
    chart = trends.run_chart(slow, runs_rule="anhoj")
    assert signals(chart, Rule.FEW_RUNS)
    assert [p for p, _ in signals(chart, Rule.LONG_RUN)] == [tuple(range(8)), tuple(range(8, 16))]
    calm = trends.run_chart([1, 9] * 8, runs_rule="anhoj")
    assert calm.signals == ()
    assert signals(trends.run_chart([1, 9] * 8), Rule.MANY_RUNS)
    assert signals(trends.run_chart(slow), Rule.FEW_RUNS)


def test_a_rebase_starts_a_phase_with_its_own_centre():
    values = [1, 2, 3, 2, 1, 2, 11, 12, 13, 12, 11, 12]
    chart = trends.run_chart(values, rebases=[(6, "a new form from July")])
    assert [phase.centre for phase in chart.phases] == [2, 12]
    assert chart.phases[1].reason == "a new form from July"
    assert chart.signals == ()
    limits = xmr.xmr(values, rebases=[(6, "a new form from July")]).limits
    assert [span.centre for span in limits] == pytest.approx([11 / 6, 71 / 6])
    assert limits[1].trial


def test_points_somebody_judged_to_be_outliers():
    assert trends.astronomical([1, 2, 90, None], [2]) == (Signal(Rule.ASTRONOMICAL, (2,), 1),)
    with pytest.raises(ValueError, match="point 3 has no value; points run from 0 to 3"):
        trends.astronomical([1, 2, 90, None], [3])


def test_equal_values_signal_nothing_whatever_dividing_leaves():
    assert xmr.xmr([0.1] * 13).signals == ()
    assert control.p_chart([(1, 3), (2, 6), (3, 9)] * 6).signals[1:] == ()
    rates = control.u_chart([(n, 700.0 * n) for n in range(1, 15)])
    assert not [s for s in rates.signals if s.rule in {Rule.SHIFT, Rule.LIMIT}]


def test_two_of_three_need_all_three_on_one_side():
    calm = [50, 52] * 15
    assert signals(xmr.xmr([*calm, 56, 52, 56]), Rule.TWO_OF_THREE) == [((30, 32), 1)]
    assert not signals(xmr.xmr([*calm, 56, 50, 56]), Rule.TWO_OF_THREE)


def test_p_chart_by_hand():
    points = [(20, 100)] * 14 + [(45, 100)]
    chart = control.p_chart(points)
    centre = 325 / 1500
    spread = math.sqrt(centre * (1 - centre) / 100)
    assert chart.limits[0].centre == pytest.approx(centre)
    assert (chart.limits[0].low, chart.limits[0].high) == pytest.approx(
        (centre - 3 * spread, centre + 3 * spread)
    )
    assert signals(chart, Rule.LIMIT) == [((14,), 1)]
    assert signals(chart, Rule.SHIFT) == [(tuple(range(14)), -1)]
    assert control.p_chart([(0, 4), None, (4, 4)]).limits[1].low == pytest.approx(0.5)


def test_p_and_u_charts_find_trend_two_of_three_and_inner_third():
    rising = control.p_chart([(n, 1000) for n in (480, 490, 500, 510, 520, 530)])
    assert signals(rising, Rule.TREND) == [((0, 1, 2, 3, 4, 5), 1)]
    falling = control.p_chart([(n, 1000) for n in (530, 520, 510, 500, 490, 480)])
    assert signals(falling, Rule.TREND) == [((0, 1, 2, 3, 4, 5), -1)]
    two = control.p_chart([(50, 100)] * 20 + [(61, 100), (50, 100), (61, 100)])
    assert signals(two, Rule.TWO_OF_THREE) == [((20, 22), 1)]
    close = control.u_chart([(100 + (-1) ** i, 1000) for i in range(15)])
    assert signals(close, Rule.INNER_THIRD) == [(tuple(range(15)), 0)]


def labels(values):
    return [f"month {i + 1}" for i in range(len(values))]


def said(values, better="higher", chart=None, **more):
    chart = chart or xmr.xmr(values)
    return verdict.verdict(chart, labels(values), better=better, unit="months", **more)


def test_the_five_sentences():
    calm = [50, 52, 49, 51] * 4
    assert said(calm).text == "No real change. The ups and downs are what we would expect."
    up = [50, 52, 49, 51] * 4 + [54, 55, 53, 54, 55, 53, 54]
    found = said(up)
    assert found.kind is Kind.IMPROVEMENT
    assert found.text.startswith("Real improvement. ")
    assert "better side of the average" in found.text
    assert said(up, better="lower").kind is Kind.WORSENING
    neither = said(up, better="neither")
    assert neither.text.endswith("and higher is neither better nor worse. Ask why.")
    short = said([50, 52, 49, 51])
    assert short.text == "Too few points to tell. We have 4; we need at least 10."


def test_a_shift_is_said_in_words_with_its_unit():
    values = [10, 12, 11, 13, 12, 10, 20, 21, 22, 20, 21, 22, 23]
    chart = trends.run_chart(values, baseline=6)
    found = verdict.verdict(chart, labels(values), better="higher", unit="months")
    assert found.text == (
        "Real improvement. Seven months in a row on the better side of the average, since month 7."
    )
    ended = [*values, 9.5]
    chart = trends.run_chart(ended, baseline=6)
    text = verdict.verdict(chart, labels(ended), better="lower", unit="months").text
    assert text.endswith("on the worse side of the average, from month 7 to month 13.")


def test_trend_two_of_three_and_runs_have_their_sentences():
    chart = trends.run_chart([1, 2] * 8, trend_rule=True)
    rising = tuple(range(11, 16))
    for rule, words in (
        (Rule.TREND, "Five months in a row each better than the one before, since month 12."),
        (Rule.TWO_OF_THREE, "Two of three months far on the better side"),
        (Rule.ASTRONOMICAL, "month 12 lies far on the better side of the average."),
    ):
        given = verdict._of_signal(
            Signal(rule, rising, 1), labels(range(16)), "higher", "months", 15
        )
        assert words in given.text
    runs = verdict.verdict(chart, labels(range(16)), better="higher", unit="months")
    assert runs.text == ("Something changed between month 1 and month 16 (too many runs). Ask why.")
    close = control.u_chart([(100 + (-1) ** i, 1000) for i in range(15)])
    inner = verdict.verdict(close, labels(range(15)), better="higher")
    assert inner.text == "Something changed in month 1 (fifteen close to the centre). Ask why."


def test_nothing_is_concluded_across_a_hidden_value_or_a_break():
    up = [10, 12, 11, 13, 12, 10, 11, 12, 20, 21, 22, 20, 21, 22, 23]
    hidden = [*up[:10], None, *up[11:]]
    assert said(hidden).text == "Too few points to tell. We have 4; we need at least 10."
    early = [None, *up]
    assert said(early).kind is not Kind.TOO_FEW
    assert said(up, breaks=[8]).kind is Kind.TOO_FEW
    long = [10, 12, 11, 13, 12, 10, 11, 20, 21, 22, 20, 21, 22, 23, 21, 20, 21]
    with pytest.raises(ValueError, match="rests on points before the break at month 8"):
        said(long, breaks=[7])
    rebased = xmr.xmr(long, rebases=[(7, "counted anew")])
    assert said(long, chart=rebased, breaks=[7]).kind is Kind.NO_CHANGE


def test_a_signal_that_reaches_across_a_hidden_value_counts_only_for_what_follows():
    values = [1, 2, 1, 2, 1, 2, 9, 9, None, *[9, 8] * 5]
    chart = trends.run_chart(values, centre=5)
    assert signals(chart, Rule.SHIFT)[-1][0][0] == 6
    found = verdict.verdict(chart, labels(values), better="higher")
    assert found.signal.points[0] == 9
    few = [1, 9] * 3 + [9, 9, None, 8, 8, 8, 1, 8, 1, 8, 1, 1, 8]
    chart = trends.run_chart(few, centre=5)
    assert signals(chart, Rule.SHIFT)
    assert verdict.verdict(chart, labels(few), better="higher").kind is Kind.NO_CHANGE


def test_what_a_process_stopped_doing_long_ago_is_not_said_of_it_now():
    values = [9, 9, 9, 9, 9, 9, 4, 6, 4, 6, 6, 4, 4, 6, 4, 6]
    chart = trends.run_chart(values, centre=5)
    assert signals(chart, Rule.SHIFT)
    assert verdict.verdict(chart, labels(values), better="higher").kind is Kind.NO_CHANGE


def test_judging_chooses_the_chart():
    monthly, yearly = [10, 12, 11, 13] * 4, [10, 12, 11, 13] * 3
    chart, _ = judge(monthly, labels(monthly), better="higher", unit="months")
    assert chart.kind == "XmR"
    chart, found = judge(yearly, labels(yearly), better="higher", unit="years")
    assert isinstance(chart, trends.RunChart)
    assert found.kind is Kind.CHANGED  # it alternates: too many runs
    for values in ([], [None, None], [4.0], [5, 6, 7, 8]):
        chart, found = judge(values, labels(values), better="lower", unit="years")
        known = sum(v is not None for v in values)
        assert chart is None
        assert found.text == f"Too few points to tell. We have {known}; we need at least 10."


def test_judging_gives_each_break_a_phase_or_leaves_out_what_is_before():
    values = [1, 2, 3, 2, 1, 2] + [11, 12, 13, 12] * 3
    chart, found = judge(values, labels(values), better="higher", unit="months", breaks=[6])
    assert [span.start for span in chart.limits] == [0, 6]
    assert found.kind is Kind.NO_CHANGE
    chart, found = judge(values[3:], labels(values[3:]), better="higher", unit="months", breaks=[3])
    assert len(chart.values) == 12
    assert judge(values[:9], labels(values[:9]), better="higher", breaks=[6])[0] is None


@pytest.mark.parametrize(
    ("before", "after", "better", "more", "words"),
    [
        ((40, 50), (55, 60), "higher", {}, "improved"),
        ((40, 50), (55, 60), "lower", {}, "worsened"),
        ((55, 60), (40, 50), "lower", {}, "improved"),
        ((40, 50), (49, 60), "higher", {}, "no clear change"),
        ((40, 50), (55, 60), "neither", {}, "changed"),
        ((40, 50), (55, 60), "higher", {"broken": True}, "cannot say"),
        ((40, 50), (55, 60), "higher", {"hidden": True}, "cannot say"),
    ],
)
def test_what_two_points_allow_one_to_say(before, after, better, more, words):
    one, two = (Interval(sum(e) / 2, *e, 0.95, "") for e in (before, after))
    assert compare(one, two, better=better, **more) == words


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: trends.run_chart([1, NAN]), "point 1 is nan; leave out what is not known"),
        (lambda: trends.run_chart([]), "there are no values in the series"),
        (lambda: trends.run_chart([None]), "there are no values"),
        (lambda: trends.run_chart([1, "a"]), "point 1 is 'a'; give a number"),
        (lambda: trends.run_chart([None, 1], baseline=1), "the baseline holds no value"),
        (lambda: trends.run_chart([1] * 9, baseline=0), "baseline is 0"),
        (lambda: trends.run_chart([1] * 9, rebases=[(4, "why")]), "has 5 values; a rebase needs 6"),
        (lambda: trends.run_chart([1] * 9, rebases=[(3, " ")]), "needs a named reason"),
        (lambda: trends.run_chart([1] * 9, rebases=[(9, "w")]), r"rebases are at \[9\]"),
        (lambda: xmr.xmr([1, None, 2]), "no two neighbours with values"),
        (lambda: xmr.xmr([1, 2, 3], rebases=[(2, "w"), (1, "v")]), r"give them in order"),
        (lambda: control.p_chart([None]), "there are no values"),
        (lambda: control.p_chart([(5, 4)]), "5 of 4 is more than all"),
        (lambda: control.p_chart([(0, 0)]), "the base is 0"),
        (lambda: control.u_chart([(1, 0)]), "a population is 0; it must be above 0"),
        (lambda: control.u_chart([None]), "there are no values"),
        (lambda: control.u_chart([(NAN, 4)]), "events is nan"),
        (lambda: said([1, 2] * 9, better="up"), "better is 'up'; write higher"),
        (lambda: said([1, 2] * 9, breaks=[40]), r"breaks are at \[40\]; points run from 0 to 17"),
        (lambda: verdict.verdict(xmr.xmr([1, 2]), ["a"], better="higher"), "1 labels for 2 points"),
        (lambda: judge([1, 2], ["a"], better="higher"), "1 labels for 2 points"),
        (lambda: judge([1, NAN], ["a", "b"], better="higher"), "point 1 is nan"),
        (
            lambda: compare(
                Interval(1, 0, 2, 0.95, ""), Interval(1, 0, 2, 0.9, ""), better="higher"
            ),
            r"levels are 0\.95 and 0\.9",
        ),
    ],
)
def test_what_cannot_be_charted_is_refused_saying_what_and_how(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("chart", [
    lambda **bounds: xmr.xmr(X2, **bounds),
    lambda **bounds: judge(X2, list(map(str, X2)), better="neither", **bounds),
])  # fmt: skip
def test_a_floor_or_ceiling_that_cannot_be_is_refused(chart):
    for bounds, said in (
        ({"floor": NAN}, "floor is nan"), ({"ceiling": NAN}, "ceiling is nan"),
        ({"floor": 117}, "116 is below the floor"), ({"ceiling": 130}, "131 is above the ceiling"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=said):
            chart(**bounds)
    chart(floor=116, ceiling=131)


def test_a_baseline_longer_than_the_series_is_refused():
    with pytest.raises(ValueError, match="the baseline is 99 points and there are 12"):
        trends.run_chart(R1, baseline=99)
