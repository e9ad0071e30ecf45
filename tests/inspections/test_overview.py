"""The overview worked by hand: the eight inspections of 2018 to 2020, then edges one by one."""

from typing import Any

import pytest

from sightline.framework.definitions import Library, library
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.overview import build_overview
from sightline.inspections.overview_facts import for_programmes, overview_facts
from sightline.inspections.overview_shapes import Group, JudgementView, Overview
from sightline.kernel.definitions import plus
from sightline.kernel.measures import State
from tests.inspections.made_up import (
    counted,
    document,
    evaluated,
    names,
    published,
    published_on,
    sources,
    stated,
)

EIGHT = {
    "Argyll And Bute", "Fife", "City Of Edinburgh", "Aberdeen City", "Stirling",
    "Orkney Islands 2020", "South Lanarkshire", "Midlothian",
}  # fmt: skip


def overview_of(*documents: InspectionDocument, of: Library | None = None, **more: Any) -> Overview:
    """The overview of some inspections."""
    return build_overview(documents, of or library(), names=names(), sources=sources(), **more)


def first(**changes: Any) -> Group:
    """The one group of an overview of one made-up inspection."""
    return overview_of(document(**changes)).groups[0]


@pytest.fixture(scope="module")
def eight() -> Overview:
    """The programme of 2018 to 2020 with what its overview report states."""
    facts = for_programmes(overview_facts(), ["care-and-protection@1"])
    return overview_of(*published("care-and-protection@1"), facts=facts)


def judgement(overview: Overview, code: str) -> JudgementView:
    """One judgement of the only programme shown."""
    return next(view for view in overview.groups[0].judgements if view.code == code)


def words(overview: Overview, code: str) -> dict[str, int]:
    """How many inspections have each word, where any has."""
    return {c.word: c.count for c in judgement(overview, code).counts if c.count}


def test_thirteen_of_the_sixteen_evaluations_of_impact_are_good_or_better(eight):
    """The figure of the overview report, out of the evaluations that are known."""
    together = eight.groups[0].together
    assert together.judgements == ("2.1", "2.2")
    measure = together.good_or_better
    assert (measure.value, measure.base, together.expected) == (13, 16, 16)
    assert "of the 16 evaluations of 2.1 and 2.2 that are known" in measure.base_words
    assert eight.summary[0].startswith("13 of 16 evaluations of impact on children")


def test_the_words_of_each_judgement(eight):
    """As the overview report tables them, and for 9 and 1.1 the three that are known."""
    assert words(eight, "2.1") == {"Very Good": 1, "Good": 5, "Adequate": 1, "Weak": 1}
    assert words(eight, "2.2") == {"Very Good": 1, "Good": 6, "Adequate": 1}
    assert words(eight, "1.1") == {"Good": 1, "Adequate": 1, "Weak": 1}
    assert words(eight, "9") == {"Good": 2, "Unsatisfactory": 1}
    assert [c.word for c in judgement(eight, "2.1").counts] == [
        "Excellent", "Very Good", "Good", "Adequate", "Weak", "Unsatisfactory",
    ]  # fmt: skip


def test_what_is_not_known_is_named_and_left_out_of_the_base(eight):
    """Five of eight for 1.1 and for leadership; none for the two judgements of impact."""
    unknown = EIGHT - {"Fife", "Orkney Islands 2020", "South Lanarkshire"}
    for code in ("1.1", "9"):
        view = judgement(eight, code)
        assert {named.label for named in view.unknown} == unknown
        assert (view.known, view.expected, view.good_or_better.base) == (3, 8, 3)
    assert judgement(eight, "2.1").unknown == judgement(eight, "2.2").unknown == ()
    listed = {item.judgement: len(item.inspections) for item in eight.unknown if item.judgement}
    assert listed == {"9": 5, "1.1": 5}


def test_highest_lowest_and_the_term_of_quantity(eight):
    """Partnerships may have a term whatever their number."""
    view = judgement(eight, "2.1")
    assert (view.highest.word, view.highest.inspections[0].name) == (
        "Very Good",
        "City Of Edinburgh",
    )
    assert (view.lowest.word, view.lowest.inspections[0].name) == ("Weak", "Orkney Islands")
    assert (view.quantity, judgement(eight, "2.2").quantity) == ("most", "most")  # 75%, 88%
    assert judgement(eight, "9").quantity == "the majority"  # 2 of 3, 67%


def test_progress_reviews_give_no_evaluation_and_count_in_no_base(eight):
    """Orkney was inspected once and reviewed twice."""
    group = eight.groups[0]
    assert {row.named.label for row in group.rows} == EIGHT
    assert [row.named.reference for row in group.without] == [
        "orkney-islands-2021-review",
        "orkney-islands-2022-review-2",
    ]
    assert eight.changes == ()
    assert [(n.name, n.why) for n in eight.not_compared] == [
        ("Orkney Islands", "Evaluations are known for only one of them.")
    ]


def test_records_read_stand_beside_what_the_overview_report_states(eight):
    """754 stated; 109 known, for South Lanarkshire alone; never added together."""
    records = next(kind for kind in eight.evidence if kind.channel == "records-read")
    assert (records.total.value, records.total_words, records.expected) == (109, "109", 8)
    assert [c.named.label for c in records.known] == ["South Lanarkshire"]
    assert {named.label for named in records.missing} == EIGHT - {"South Lanarkshire"}
    assert [fact.saying.value for fact in records.stated] == [754]
    assert records.stated[0].known_here == "109, for 1 of 8 (South Lanarkshire)"


def test_shares_an_overview_report_states_stand_beside_the_same_shares_here(eight):
    """For leadership six of eight are stated Good, and three are known here."""
    shares = {share.text: share for share in eight.reports[0].shares}
    assert shares["For leadership, six areas were good."].words == "6 of 8"
    assert shares["For leadership, six areas were good."].known_here == "2 of 3 known; 5 not known"
    both = next(s for s in eight.reports[0].shares if s.judgements == ("2.1", "2.2"))
    assert (both.words, both.known_here) == ("13 of 16", "13 of 16 known")


def test_the_two_response_rates_of_south_lanarkshire_stand_side_by_side(eight):
    """89% in use, 91% also said, each with its source and confidence; neither is dropped."""
    rate = next(c for c in eight.conflicts if c.what == "Staff survey response rate")
    assert rate.named.name == "South Lanarkshire"
    assert (rate.in_use.words, rate.in_use.confidence) == ("89%", "high")
    assert [(other.words, other.confidence) for other in rate.others] == [("91%", "high")]
    assert "Executive Committee" in rate.others[0].sources[0]
    assert (
        "Joint inspection" in rate.in_use.sources[0] or "joint inspection" in rate.in_use.sources[0]
    )


def test_south_lanarkshire_has_its_four_evaluations(eight):
    """1.1 Adequate, 2.1 Adequate, 2.2 Good, leadership as one Good."""
    row = next(r for r in eight.groups[0].rows if r.named.name == "South Lanarkshire")
    assert {cell.judgement: cell.word for cell in row.cells} == {
        "9": "Good", "2.1": "Adequate", "2.2": "Good", "1.1": "Adequate",
    }  # fmt: skip


def test_programmes_are_never_added_together():
    """2.1 is judged by all three, for other children each time."""
    overview = overview_of(*published(), facts=overview_facts())
    assert [group.short for group in overview.groups] == ["P1", "P2", "P3"]
    known = [next(v for v in g.judgements if v.code == "2.1").known for g in overview.groups]
    assert known == [8, 5, 0]
    records = next(kind for kind in overview.evidence if kind.channel == "records-read")
    assert records.total.value == 169
    assert records.stated[0].known_here.startswith("109, for 1 of 8")


def test_a_value_listed_as_not_known_is_not_a_zero():
    """Nothing known: no measure, no term, no highest, no chosen set."""
    group = first(evaluations=evaluated(i2_1=None))
    view = next(v for v in group.judgements if v.code == "2.1")
    assert (view.known, view.expected) == (0, 1)
    assert view.good_or_better.state is State.NOT_AVAILABLE
    assert view.good_or_better.value is None
    assert (view.quantity, view.highest, view.lowest, group.together) == ("", None, None, None)


def test_none_good_or_better_is_a_true_zero():
    """Zero of what is known, said as such."""
    view = first(evaluations=evaluated(i2_1=3)).judgements[1]
    assert (view.good_or_better.value, view.good_or_better.state) == (0, State.TRUE_ZERO)
    assert view.quantity == "none"


@pytest.mark.parametrize(("value", "good"), [(4, 1), (3, 0), (6, 1), (1, 0)])
def test_good_is_the_lowest_that_is_good_or_better(value, good):
    """The band is 4 to 6, both included."""
    assert first(evaluations=evaluated(i2_2=value)).judgements[2].good_or_better.value == good


def test_chosen_judgements_are_the_only_ones_shown_and_counted_together():
    """A choice wins over the default set."""
    overview = overview_of(*published("care-and-protection@1"), judgements=["9", "2.1"])
    group = overview.groups[0]
    assert [view.code for view in group.judgements] == ["9", "2.1"]
    assert group.together.good_or_better.value == 8  # 2 of 3 and 6 of 8
    assert (group.together.good_or_better.base, group.together.expected) == (11, 16)
    assert all(len(row.cells) == 2 for row in group.rows)


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        (["exactly", "exactly"], "160"),
        (["exactly", "over"], "over 160"),
        (["exactly", "at least"], "at least 160"),
        (["over", "at least"], "at least 160"),
        (["almost", "exactly"], "almost 160"),
        (["almost", "over"], "about 160"),
        (["about", "over"], "about 160"),
    ],
)
def test_a_sum_claims_no_more_than_its_parts(marks, said):
    """Qualifiers are carried into the sum."""
    made = [
        document(f"fife-201{at}", evidence=[counted("records-read", count, qualifier=mark)])
        for at, (count, mark) in enumerate(zip((60, 100), marks, strict=True))
    ]
    records = next(k for k in overview_of(*made).evidence if k.channel == "records-read")
    assert (records.total.value, records.total_words) == (160, said)


def test_one_count_alone_is_shown_as_it_was_printed():
    """Not "at least 350" for a source that says "over 350"."""
    evidence = [counted("staff-met", 350, qualifier="over", printed="over 350 staff")]
    staff = next(
        k for k in overview_of(document(evidence=evidence)).evidence if k.channel == "staff-met"
    )
    assert staff.total_words == "over 350 staff"


def test_rates_are_not_added_up():
    """Two response rates give a range, and no sum."""
    made = [
        document(f"fife-201{at}", evidence=[counted("staff-survey-rate", rate)])
        for at, rate in enumerate((89, 40))
    ]
    rate = next(k for k in overview_of(*made).evidence if k.channel == "staff-survey-rate")
    assert (rate.total.value, rate.total.state) == (None, State.NOT_APPLICABLE)
    assert rate.total_words == "40% to 89%"


def test_a_count_of_zero_is_known_and_a_missing_one_is_not():
    """Two inspections, one with no elected members met and one that does not say."""
    zero = document("fife-2018", evidence=[counted("elected-members-met", 0)])
    overview = overview_of(zero, document("fife-2019"))
    met = next(k for k in overview.evidence if k.channel == "elected-members-met")
    assert (met.total.value, met.total.state) == (0, State.TRUE_ZERO)
    assert [named.reference for named in met.missing] == ["fife-2019"]


def test_counts_of_low_confidence_are_in_the_sum_and_said_to_be():
    """East Ayrshire's 3,631 members of staff look like a misprint, and stay as printed."""
    overview = overview_of(*published("risk-of-harm@1"))
    staff = next(k for k in overview.evidence if k.channel == "staff-met")
    assert staff.total.value == 3631 + 217
    assert [c.named.name for c in staff.doubtful] == ["East Ayrshire"]


def test_an_evaluation_two_sources_differ_about_is_shown_with_both():
    """And one on which they agree is not a conflict."""
    differ = evaluated(i2_1=4, i2_2=4)
    differ[0]["also"] = [stated(5, source="b", confidence="low"), stated(4, source="c")]
    differ[1]["also"] = [stated(4, source="b")]
    overview = overview_of(document(evaluations=differ))
    (found,) = overview.conflicts
    assert found.what == "Evaluation of 2.1, Impact on children and young people"
    assert (found.in_use.words, [o.words for o in found.others]) == ("Good", ["Very Good"])
    assert overview.groups[0].rows[0].cells[1].disputed
    assert not overview.groups[0].rows[0].cells[2].disputed
    assert overview.summary[-1].startswith("1 value has sources that differ")


def test_a_date_two_sources_differ_about_is_a_conflict():
    """Dates differ when they are written differently: a month is not a day in it."""
    dates = published_on("2019-06")
    dates["published"]["also"] = [{"value": "2019-06-25", "sources": ["b"], "confidence": "low"}]
    (found,) = overview_of(document(dates=dates)).conflicts
    assert (found.what, found.in_use.words) == ("Date of publication", "June 2019")
    assert found.others[0].words == "25 June 2019"


def twice(earlier: int | None, later: int | None, **changes: Any) -> Overview:
    """Fife, inspected by P1 in 2018 and by P2 in 2022."""
    made = [
        document("fife-2018", dates=published_on("2018-05"), evaluations=evaluated(i2_1=earlier)),
        document(
            "fife-2022",
            programme="risk-of-harm@1",
            dates=published_on("2022-05"),
            evaluations=evaluated(i2_1=later),
        ),
    ]
    return overview_of(*made, **changes)


def test_change_between_programmes_of_one_edition_says_they_look_at_other_children():
    """2.1 rose from Adequate to Very Good; both programmes and their children are named."""
    overview = twice(3, 5)
    (change,) = overview.changes
    assert (change.difference, change.earlier_word, change.later_word) == (
        2,
        "Adequate",
        "Very Good",
    )
    assert (change.earlier.label, change.later.label) == ("Fife 2018", "Fife 2022")
    assert "P1 looked at" in change.note
    assert "P2 at" in change.note
    assert "1 rose, 0 fell and 0 stayed" in overview.summary[-1]


def test_no_change_without_two_known_evaluations():
    """The reason is given instead."""
    assert twice(3, None).changes == ()
    assert twice(3, None).not_compared[0].why == "Evaluations are known for only one of them."
    assert twice(None, None).not_compared[0].why == "No evaluation of any of them is known."


def with_crosswalk(*, comparable: bool) -> Library:
    """P2 moved to the edition of 2022, with a crosswalk that says whether 2.1 is the same thing."""
    held = library()
    moved = held.programmes.get("risk-of-harm@1").model_copy(update={"framework": "children@3"})
    crosswalk = held.crosswalks.get("children-2-to-3@1")
    rows = tuple(
        row.model_copy(update={"comparable": comparable}) if row.old == "2.1" else row
        for row in crosswalk.rows
    )
    changed = crosswalk.model_copy(update={"rows": rows})
    return Library(
        frameworks=held.frameworks,
        crosswalks=plus(held.crosswalks, [changed]),
        scales=held.scales,
        terms=held.terms,
        programmes=plus(held.programmes, [moved]),
    )


def test_across_editions_the_crosswalk_decides():
    """Comparable: a change. Not comparable: none, and the reason."""
    (change,) = twice(3, 5, of=with_crosswalk(comparable=True)).changes
    assert "our reading, not confirmed" in change.note
    assert "not confirmed" not in twice(3, 5).changes[0].note
    apart = twice(3, 5, of=with_crosswalk(comparable=False))
    assert apart.changes == ()
    assert apart.not_compared[0].why == "What was evaluated is not comparable: P1 2.1 and P2 2.1."


def test_a_crosswalk_is_not_followed_backwards():
    """An evaluation by the newer edition is not carried to the older one."""
    made = [
        document("fife-2018", programme="risk-of-harm@1", dates=published_on("2018"),
                 evaluations=evaluated(i2_1=4)),
        document("fife-2022", dates=published_on("2022"), evaluations=evaluated(i2_1=4)),
    ]  # fmt: skip
    assert overview_of(*made, of=with_crosswalk(comparable=True)).changes == ()


def test_a_suite_is_not_compared_with_one_of_its_indicators():
    """9 (9.1 to 9.4 as one) against 9.2 alone."""
    made = [
        document("fife-2018", dates=published_on("2018"), evaluations=evaluated(i9=4)),
        document("fife-2025", programme="supervision-at-home@1", dates=published_on("2025"),
                 evaluations=evaluated(i9_2=5)),
    ]  # fmt: skip
    assert overview_of(*made).changes == ()


def test_each_evaluation_is_set_against_the_latest_earlier_one():
    """Three inspections give two changes, not three."""
    made = [
        document(f"fife-{year}", dates=published_on(str(year)), evaluations=evaluated(i2_1=value))
        for year, value in ((2020, 4), (2016, 2), (2018, 5))
    ]
    changes = overview_of(*made).changes
    assert [(c.earlier_value, c.later_value) for c in changes] == [(2, 5), (5, 4)]


def test_inspections_whose_dates_overlap_are_not_put_in_an_order():
    """It is not known which came first, and that is said."""
    made = [
        document("fife-3ab", dates=published_on("2018"), evaluations=evaluated(i2_1=3)),
        document("fife-4ab", dates=published_on("2018-06"), evaluations=evaluated(i2_1=4)),
    ]
    overview = overview_of(*made)
    assert overview.changes == ()
    assert overview.not_compared[0].why == "It is not known which came first."


def test_no_inspections_at_all():
    """An empty choice says so and shows nothing else."""
    overview = overview_of()
    assert overview.summary == ("No inspection matches what was chosen.",)
    assert (overview.groups, overview.evidence, overview.unknown) == ((), (), ())


def test_no_two_inspections_read_alike():
    """Twice in one year and of one kind, the reference tells them apart."""
    made = [document(f"fife-2019-{letter}", dates=published_on("2019")) for letter in "ab"]
    labels = [named.label for named in overview_of(*made).inspections]
    assert labels == ["Fife 2019, fife-2019-a", "Fife 2019, fife-2019-b"]
