"""Counting records: bases, bands, groups; and small groups put together before that."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.record_reading import asking, counting, folding
from sightline.record_reading.counting import (
    BANDS,
    EACH,
    FIRST,
    NOT_SAID,
    TWO_VIEWS,
    Case,
    Unit,
    Way,
    answers_behind,
    base_words,
    cases,
    categories,
    category_label,
    count,
    measures_of,
    periods,
    units,
    ways,
)
from sightline.record_reading.cutting import Cut, UnitCut, protected
from sightline.record_reading.definitions import NOT_EXPECTED
from sightline.record_reading.measures import About
from sightline.record_reading.returning import LABELS
from sightline.releases.definitions import profile
from tests.factories.record_reading import NOW
from tests.record_reading.results_made import Record, records

P1 = asking.template("care-and-protection@1")
LOCAL = asking.template("local-audit@1")


def unit(code: str, agency: str = "") -> Unit:
    """A unit of the long template."""
    return Unit(P1.item(code), agency)


@pytest.mark.parametrize("seed", range(3))
def test_every_base_and_count_is_that_of_a_plain_recount(seed: int) -> None:
    """Of 150 made-up records, by every way there is; code of another kind counts again."""
    made = records(150, seed)
    found = cases(P1, made, ["2026-03-02", "2026-03-03"] * 75)
    split = ways(P1, found, LABELS)
    assert {way.code for way in split} >= {"stratum", "care_type", "age_band", "day", "population"}
    for whole, by in counting.everything(P1, found, split):
        code, agency = whole.unit.item.code, whole.unit.agency
        said = [one.answers["values"].get(code) for one in made]
        if agency:
            said = [one.get(agency) if isinstance(one, dict) else None for one in said]
        counted = [one for one in said if one not in (None, NOT_EXPECTED)]
        assert whole.base == len(counted), code
        assert whole.n == {one: counted.count(one) for one, _ in whole.unit.answers}
        assert whole.not_expected == said.count(NOT_EXPECTED)
        for band, answers in whole.unit.bands.items():
            assert whole.band(band) == sum(one in answers for one in counted)
        for way, groups in by.items():
            assert sum(one.base for one in groups.groups.values()) == whole.base
            if way == "day":
                continue
            for category, group in groups.groups.items():
                inside = [
                    one for record, one in zip(made, said, strict=True)
                    if record.facts[way] == category and one not in (None, NOT_EXPECTED)
                ]  # fmt: skip
                if category != NOT_SAID:
                    assert group.base == len(inside), (code, way, category)
                    assert Counter(inside) == Counter({c: n for c, n in group.n.items() if n})


def test_two_views_are_in_no_count() -> None:
    """They are counted apart, and in no base."""
    (record,) = records(1, 1)
    seen = Record(record.facts, record.template, record.answers, frozenset({("plan-present", "")}))
    (case,) = cases(P1, [seen])
    found = count(unit("plan-present"), counting.given(unit("plan-present"), [case]))
    assert (found.base, found.two_views, found.not_expected) == (0, 1, 0)
    assert counting.given(unit("plan-present"), [case]) == [TWO_VIEWS]


def test_records_read_with_another_template_count_where_the_wording_is_the_same() -> None:
    """An item that the other template does not share is not taken over."""
    made = records(40, 2, "local-audit@1")
    found = cases(P1, made)
    shared = {
        item.code for item in P1.items()
        if asking.comparable(P1.key, item.code, LOCAL.key) == "same"
    }  # fmt: skip
    assert shared
    assert {key[0] for case in found for key in case.given} <= shared
    own = {key[0] for case in cases(LOCAL, made) for key in case.given}
    assert own - shared, "the short template asks something of its own"


def test_units_are_items_and_agencies_of_items() -> None:
    """One for each agency; words and many of a list are not counted."""
    found = {one.code for one in units(P1)}
    assert "plan-quality" in found
    assert {code for code in found if code.startswith("review-partners.")}
    assert not found & {"strengths", "records-seen"}
    police = next(one for one in units(P1) if one.code == "review-partners.police")
    assert police.title.endswith(": Police")
    assert police.short.endswith(": Police")


def test_a_base_is_said_with_its_filter() -> None:
    """What it hangs on, where it is expected, and of which strata."""
    assert base_words(P1, unit("plan-quality")) == "of the records with a plan"
    assert base_words(P1, unit("plan-present")) == "of the records where this was expected"
    strata = next(one for one in units(P1) if one.item.strata)
    assert " in " in base_words(P1, strata)
    bare = next(
        one for one in units(P1)
        if not one.item.strata and not one.item.only_if
        and all(option.code != NOT_EXPECTED for option in asking.options(one.item))
    )  # fmt: skip
    assert base_words(P1, bare) == "of the records in which this was answered"


def test_days_become_months_where_there_are_many() -> None:
    """Up to ten days are named, more are counted by month."""
    assert periods(["2026-03-02", "", "2026-03-01"]) == {
        "2026-03-01": "1 March 2026", "2026-03-02": "2 March 2026",
    }  # fmt: skip
    many = [f"2026-{month:02d}-{day:02d}" for month in (3, 4) for day in range(1, 9)]
    assert periods(many) == {"2026-03": "March 2026", "2026-04": "April 2026"}
    way = Way("day", "Day read", periods(many))
    assert way.of(counting.Case({"day": "2026-04-03"}, {})) == "2026-04"
    assert way.of(counting.Case({"day": ""}, {})) == NOT_SAID


def test_bands_that_overlap_are_not_measures_and_details_cover_every_answer() -> None:
    """Each way of showing a unit puts every answer into exactly one category."""
    assert list(measures_of(unit("plan-quality"))) == [
        "good-or-better", "adequate", "weak-or-unsatisfactory",
    ]  # fmt: skip
    assert list(measures_of(unit("plan-present"))) == ["yes"]
    for one in units(P1):
        for detail in (EACH, BANDS, FIRST):
            behind = [code for held in categories(one, detail).values() for code in held]
            assert sorted(behind) == sorted(code for code, _ in one.answers), one.code
            for code, held in categories(one, detail).items():
                assert answers_behind(one, code) == held
                assert category_label(one, code)
    assert list(categories(unit("plan-quality"), FIRST)) == ["good-or-better", "rest"]
    assert category_label(unit("plan-quality"), "rest") == "Anything else"
    assert answers_behind(unit("plan-quality"), "nothing") == ()


WAY = Way("way", "Way", {code: code.upper() for code in "abcdef"})
SIZES = st.dictionaries(st.sampled_from([*"abcdef", NOT_SAID]), st.integers(0, 30))


@settings(max_examples=200, deadline=None)
@given(st.lists(SIZES, min_size=1, max_size=3), st.integers(2, 12))
def test_whatever_is_put_together_has_the_base_in_every_unit(sizes, base) -> None:
    """And nobody of whom it is not known is a category by themselves, unless they are enough."""
    fold = folding.folded(sizes, WAY, base)
    for one in sizes:
        there: Counter[str] = Counter()
        for code, n in one.items():
            if n and fold.labels:
                there[fold.of[code]] += n
        for category in fold.labels:
            assert there[category] >= base
            named = sum(n for c, n in one.items() if c != NOT_SAID and fold.of.get(c) == category)
            known = [c for c in WAY.labels if any(s.get(c) for s in sizes)]
            if any(fold.of.get(c) == category for c in known):
                assert named >= base
    assert fold.compares == (len(fold.labels) > 1)


def test_groups_of_one_way_that_are_nearly_those_of_another_are_found() -> None:
    """Identical, differing by a few, or several that make one up; not where they cross."""
    one = ["a"] * 20 + ["b"] * 20
    assert folding.overlaps(one, one, 5)
    assert folding.overlaps(one, ["x"] * 22 + ["y"] * 18, 5)
    assert folding.overlaps(one, ["x"] * 10 + ["y"] * 10 + ["z"] * 20, 5)
    assert folding.overlaps(["x"] * 10 + ["y"] * 10 + ["z"] * 20, one, 5)
    assert not folding.overlaps(one, ["x", "y"] * 20, 5)


def test_folding_is_the_same_for_any_order_of_records() -> None:
    """Counts do not depend on the order in which records were read."""
    made = records(80, 4)
    turned = random.Random(1).sample(made, len(made))  # noqa: S311 - test data
    first = [whole.n for whole, _ in counting.everything(P1, cases(P1, made), [])]
    assert first == [whole.n for whole, _ in counting.everything(P1, cases(P1, turned), [])]


# Cutting a round up


def about(base: int = 5) -> About:
    """What some tables say of themselves."""
    return About(
        key="records:x", area="fife", first=NOW.date(), last=NOW.date(), vintage="1", base=base,
        rules=profile("records").profile(),
    )  # fmt: skip


def case(care: str, **answers: str) -> Case:
    """A record of a child in some care, with answers of the long template."""
    given = {(code.replace("_", "-"), ""): said for code, said in answers.items()}
    return Case({"care_type": care, "day": ""}, given)


CARE = Way("care_type", "Care type", LABELS["care_type"])


def cut(found: list[Case], before: dict[str, UnitCut] | None = None) -> dict[str, UnitCut]:
    """How some records are cut up by care type."""
    return dict(protected(P1, found, [CARE], about(), before).cut)


def test_units_that_cannot_be_put_together_alike_leave_the_first_alone() -> None:
    """Two children of an item asked of different groups: the item is split, they are not."""
    homes = ("at-home", "kinship", "foster", "residential")
    said = {"plan_present": "yes"}
    found = [
        case(home, **said, **({"plan_risk": "yes"} if home in homes[:2] else {"plan_need": "yes"}))
        for home in homes
        for _ in range(12)
    ]
    found += [case(home, plan_present="no") for home in homes for _ in range(12)]
    made = cut(found)
    assert set(made) == {"plan-present", "plan-risk", "plan-need"}
    assert set(made["plan-present"].by) == {"care_type"}
    assert made["plan-risk"].by == made["plan-need"].by == {}


def test_a_round_is_cut_up_as_it_was_and_never_finer() -> None:
    """A way that is gone, a group that became too small, a unit that was not shown."""

    def some(sizes: dict[str, int]) -> list[Case]:
        return [
            case(home, records_enough="fully" if at % 2 else "partly", supervision="yes")
            for home, n in sizes.items()
            for at in range(n)
        ]  # fmt: skip

    first = cut(some({"foster": 20, "kinship": 20, "secure": 6}))
    fold = first["records-enough"].by["care_type"].fold
    assert set(fold.labels) == {"foster", "kinship", "secure"}
    again = cut(some({"foster": 26, "kinship": 26, "secure": 6}), first)
    assert again["records-enough"] == first["records-enough"]
    small = cut(some({"foster": 26, "kinship": 26, "secure": 3}), first)
    assert small["records-enough"].by == {}
    other = cut(some({"foster": 26, "kinship": 26, "secure": 6, "other": 9}), first)
    assert other["records-enough"].by == {}
    gone = {"records-enough": UnitCut(EACH, {"disability": Cut(fold, ("fully",))})}
    assert set(cut(some({"foster": 26, "kinship": 26}), gone)) >= {"records-enough"}
    assert cut(some({"foster": 26, "kinship": 26}), gone)["records-enough"].by == {}


def test_a_parent_whose_answers_are_hidden_is_left_out_and_its_child_is_not() -> None:
    """Three children without a plan: their number is not said, nor worked out from the quality."""
    found = [case("foster", plan_present="yes", plan_quality="4") for _ in range(30)]
    found += [case("foster", plan_present="yes", plan_quality="2") for _ in range(12)]
    found += [case("foster", plan_present="no") for _ in range(3)]
    made = cut(found)
    assert "plan-quality" in made
    assert "plan-present" not in made


def test_a_child_is_left_out_where_everybody_was_asked_its_parent() -> None:
    """Nobody could answer "not expected", so the number read tells who answered otherwise."""
    asked = next(
        item for item in P1.items() if item.only_if
        and NOT_EXPECTED not in {o.code for o in asking.options(P1.item(item.only_if.item))}
    )  # fmt: skip
    on = asked.only_if
    assert on is not None
    parent = P1.item(on.item)
    other = next(o.code for o in asking.options(parent) if o.code not in on.answers)
    code = asking.options(asked)[0].code
    yes = Case({}, {(parent.code, ""): on.answers[0], (asked.code, ""): code})
    made = cut([yes] * 40 + [Case({}, {(parent.code, ""): other})] * 3)
    assert parent.code in made
    assert asked.code not in made
