"""Agreement in a round: words, figures, drift, who is out of step; and nothing of half a pair."""

import datetime as dt
from typing import Any

import pytest

from sightline.record_reading import agreement as agreements
from sightline.record_reading import agreement_presenters as presenters
from sightline.record_reading.agreement import Agreement, Leaning, agreement, readers_in, report
from sightline.record_reading.definitions import Item
from sightline.record_reading.models import Round
from sightline.stats.agreement import Scale, Statistic, gwet, per_cent
from sightline.stats.agreement_report import Drift, Together
from sightline.stats.intervals import Interval, Missing
from tests.factories import record_reading as make
from tests.factories.access import UserFactory
from tests.record_reading.moderated import NOW, a_round, read_twice

pytestmark = pytest.mark.django_db

CODES = "123456"


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    agreements._KEPT.clear()


def pair_of(round: Round) -> tuple[Any, Any]:
    """Two readers of a round, A. and B."""
    return tuple(
        make.ReaderFactory(round=round, person=UserFactory(name=name))
        for name in ("A. One", "B. Two")
    )  # type: ignore[return-value]


def plans(round: Round, pairs: list[tuple[str, str]], readers: Any = None, first: int = 1) -> Any:
    """Records whose plan two readers called these."""
    readers = readers or pair_of(round)
    for number, (one, other) in enumerate(pairs, first):
        read_twice(
            round, number, {"plan-present": "yes", "plan-quality": one},
            {"plan-present": "yes", "plan-quality": other}, readers,
        )  # fmt: skip
    return readers


def row(found: Agreement, item: str = "plan-quality") -> agreements.ItemSteps:
    """One item of an agreement."""
    return next(one for one in found.items if one.item.code == item)


PAIRS = [("4", "4")] * 6 + [("4", "3"), ("5", "4"), ("2", "4"), ("6", "3")]


def test_answers_alike_one_step_and_more_are_counted() -> None:
    round = a_round()
    plans(round, PAIRS)
    found = agreement(round)
    quality = row(found)
    assert (found.records, found.answers) == (10, 20)
    assert (quality.same, quality.one, quality.more, quality.pairs) == (6, 2, 2, 10)
    assert quality.apart == (7, 8, 9, 10)
    assert [one.item.code for one in found.items] == ["plan-present", "plan-quality"]


def test_statistics_are_those_of_the_answers() -> None:
    round = a_round()
    plans(round, PAIRS)
    found = row(agreement(round)).found
    assert found is not None
    assert found.scale is Scale.ORDINAL
    units = [tuple(map(int, pair)) for pair in PAIRS]
    plain = gwet(units, weighted=True, values=range(1, 7), scale=Scale.ORDINAL)
    headline = found.headline
    assert isinstance(headline, Interval)
    assert headline.estimate == pytest.approx(plain.estimate)
    share = found.statistics[Statistic.PER_CENT]
    assert isinstance(share, Interval)
    assert share.estimate == pytest.approx(per_cent(units).estimate) == 0.6


def test_items_under_the_threshold_are_suggested_once_there_are_ten_pairs() -> None:
    round = a_round(threshold="0.95")
    readers = plans(round, PAIRS[1:])
    found = agreement(round)
    assert not row(found).enough
    assert not row(found).suggested
    assert presenters.item_words(row(found), 0.95) == (presenters.TOO_FEW, "")
    assert presenters.overall_words(found) != ""  # all answers together are more than ten
    plans(round, [("1", "6")], readers, first=20)
    found = agreement(round)
    assert row(found).suggested
    words, kind = presenters.item_words(row(found), 0.95)
    assert ("talk it through" in words, kind) == (True, "attention")


def test_nothing_of_half_a_pair_is_in_it() -> None:
    round = a_round()
    readers = pair_of(round)
    read_twice(round, 1, {"plan-present": "yes", "plan-quality": "4"}, None, readers)
    found = agreement(round)
    assert found == Agreement(0, 0, (), None, (), (), (), None, (), 0.6)
    assert report(round) is None
    assert presenters.overall_words(found) == ""


def test_two_readings_without_an_answer_in_common_agree_about_nothing() -> None:
    round = a_round()
    read_twice(round, 1, {}, {}, pair_of(round))
    found = agreement(round)
    assert (found.records, found.answers, found.overall) == (1, 0, None)


def test_what_was_worked_out_is_kept_until_something_is_handed_in() -> None:
    round = a_round()
    readers = plans(round, PAIRS)
    first = report(round)
    assert report(round) is first
    reading = round.readings.order_by("record__number", "part").last()
    reading.answers = {"values": {"plan-present": "no"}, "whys": {}, "flags": {}}
    reading.submitted_at = NOW + dt.timedelta(hours=3)
    reading.save()
    again = report(round)
    assert again is not None
    assert again != first
    plans(round, [("4", "4")], readers, first=30)
    third = report(round)
    assert third is not None
    assert third.items[1].records == 10
    round.threshold = 0.3
    assert report(round) is not third


def test_only_a_few_are_kept() -> None:
    round = a_round()
    plans(round, PAIRS[:2])
    for at in range(agreements._MOST_KEPT + 3):
        round.threshold = at / 100
        report(round)
    assert len(agreements._KEPT) == agreements._MOST_KEPT


def test_a_pair_read_on_the_day_on_which_the_later_handed_in() -> None:
    round = a_round()
    readers = plans(round, PAIRS)
    for number, reading in enumerate(round.readings.filter(part=2).order_by("record__number")):
        later = NOW + dt.timedelta(days=number % 2)
        round.readings.filter(pk=reading.pk).update(submitted_at=later)
    found = agreement(round)
    assert [one.name for one in found.days] == ["2026-03-02", "2026-03-03"]
    assert [one.answers for one in found.days] == [10, 10]
    assert found.drift is not None
    (pair,) = found.pairs
    assert set(readers_in(pair)) == {str(one.pk) for one in readers}


def test_agencies_are_told_apart() -> None:
    round = a_round()
    values = {"meeting-held": "yes", "meeting-attendance": {"police": "yes", "health": "no"}}
    other = {"meeting-held": "yes", "meeting-attendance": {"police": "yes", "health": "yes"}}
    readers = pair_of(round)
    for number in (1, 2):
        read_twice(round, number, values, other, readers)
    found = agreement(round)
    assert [one.name for one in found.agencies] == ["health", "police"]
    attended = row(found, "meeting-attendance")
    assert (attended.same, attended.one) == (2, 2)
    assert presenters.agency_labels(found.agencies) == {"health": "Health", "police": "Police"}


def test_a_reader_who_answers_higher_is_seen() -> None:
    round = a_round()
    one, two = plans(round, [("5", "4"), ("4", "3"), ("4", "4"), ("5", "3")])
    found = {leaning.reader: leaning for leaning in agreement(round).leanings}
    assert found[str(one.pk)].mean == 1
    assert found[str(two.pk)].mean == -1
    assert found[str(one.pk)].pairs == 4
    names = {str(one.pk): "A. One", str(two.pk): "B. Two"}
    assert sorted(presenters.leanings(agreement(round), names)) == [
        "A. One is about a step higher than those who read the same records (only 4 pairs of "
        "answers, so read with care).",
        "B. Two is about a step lower than those who read the same records (only 4 pairs of "
        "answers, so read with care).",
    ]


@pytest.mark.parametrize(
    ("mean", "words"),
    [
        (0.24, "in step"), (-0.24, "in step"), (0.25, "about half a step higher"),
        (-0.74, "about half a step lower"), (1.24, "about a step higher"),
        (-1.6, "about 1.6 steps lower"),
    ],
)  # fmt: skip
def test_steps_in_words(mean: float, words: str) -> None:
    said = presenters.leaning_words(Leaning("x", 12, mean))
    assert said.startswith(words)
    assert said.endswith("(12 pairs of answers)")


# Words, without a database.


def interval(estimate: float, low: float, high: float) -> Interval:
    """A figure with its interval."""
    return Interval(estimate, low, high, 0.95, "made up")


def steps_of(headline: Interval | Missing) -> agreements.ItemSteps:
    """An item with enough answers and this figure."""
    item = Item(code="a", text="A", short="A", list="yes-no")
    found = agreements.ItemAgreement("a", Scale.NOMINAL, 12, {}, headline)
    return agreements.ItemSteps(item, 12, 0, 0, (), found, suggested=False)


@pytest.mark.parametrize(
    ("headline", "words"),
    [
        (interval(0.3, 0.1, 0.5), "Low: talk it through"),
        (interval(0.5, 0.1, 0.7), "May be low: talk it through"),
        (interval(0.6, 0.4, 0.7), "Fair"), (interval(0.8, 0.7, 0.9), "Close"),
        (Missing("one record was read twice"), "Cannot be worked out: one record was read twice"),
    ],
)  # fmt: skip
def test_an_item_in_words(headline: Interval | Missing, words: str) -> None:
    assert presenters.item_words(steps_of(headline), 0.6)[0] == words


def test_an_item_without_statistics_says_so() -> None:
    one = agreements.ItemSteps(
        steps_of(interval(1, 1, 1)).item, 12, 0, 0, (), None, suggested=False
    )
    assert presenters.item_words(one, 0.6)[0].startswith("Cannot be worked out")


def together(
    answers: int, beyond: Interval | Missing, name: str = "day", records: int = 10
) -> Together:
    """All items of a group."""
    return Together(name, records, answers, interval(0.8, 0.7, 0.9), beyond)


@pytest.mark.parametrize(
    ("group", "words"),
    [
        (together(9, interval(0.9, 0.8, 1)), presenters.TOO_FEW),
        (together(10, interval(0.9, 0.8, 1)), "Close"),
        (together(10, interval(0.7, 0.6, 0.8)), "Fair"),
        (together(10, interval(-0.1, -0.2, 0)), "Low"),
        (together(10, interval(0.9, 0.8, 1), records=9), presenters.TOO_FEW_RECORDS),
        (together(10, Missing("because")), "Cannot be worked out: because"),
    ],
)  # fmt: skip
def test_a_group_in_words(group: Together, words: str) -> None:
    (found,) = presenters.group_rows([group], {"day": "Monday"}, 0.6)
    assert (found.label, found.words) == ("Monday", words)
    if group.answers < 10 or isinstance(group.beyond_chance, Missing):
        assert (found.alike, found.beyond) == ("", "")
    elif group.records < 10:
        assert (found.alike, found.beyond) == ("80%", "")
    else:
        assert found.alike == "80% (70% to 90%)"


def test_a_group_without_answers_is_left_out() -> None:
    assert presenters.group_rows([together(0, Missing(""))], {"day": "Monday"}, 0.6) == ()


def test_figures_are_written_with_their_intervals() -> None:
    assert presenters.figure(interval(-0.123, -0.3, 0.25)) == "−0.12 (−0.30 to 0.25)"
    assert presenters.per_cent(interval(0.666, 0.5, 0.8)) == "67% (50% to 80%)"


def test_drift_in_words() -> None:
    days = [together(12, interval(0.8, 0.7, 0.9), name) for name in ("2026-03-02", "2026-03-04")]
    few = [together(3, interval(0.8, 0.7, 0.9), name) for name in ("2026-03-02", "2026-03-04")]
    same = Drift("2026-03-02", "2026-03-04", interval(0.01, -0.1, 0.1), differs=False)
    fell = Drift("2026-03-02", "2026-03-04", interval(-0.3, -0.4, -0.2), differs=True)
    rose = Drift("2026-03-02", "2026-03-04", interval(0.3, 0.2, 0.4), differs=True)
    assert presenters.drift_words(None, days).startswith("Too little")
    assert presenters.drift_words(fell, few).startswith("Too little")
    assert presenters.drift_words(same, days).startswith("No sign that agreement changed")
    assert "fell between 2 March 2026 and 4 March 2026" in presenters.drift_words(fell, days)
    assert "rose between" in presenters.drift_words(rose, days)


def test_days_and_pairs_have_names() -> None:
    days = [together(12, interval(0.8, 0.7, 0.9), "2026-03-02")]
    assert presenters.day_labels(days) == {"2026-03-02": "2 March 2026"}
    pairs = [together(12, interval(0.8, 0.7, 0.9), "k1 and k2")]
    names = {"k1": "B. Two", "k2": "A. One"}
    assert presenters.pair_labels(pairs, names) == {"k1 and k2": "A. One and B. Two"}
