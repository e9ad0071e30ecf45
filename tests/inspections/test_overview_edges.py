"""The overview where it is seldom: several counts in one, renamed judgements, no evaluation."""

from typing import Any

import pytest

from sightline.framework.definitions import Library, library
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.overview_changes import came_before
from sightline.inspections.overview_facts import OverviewFacts, ShareFact
from sightline.inspections.overview_shapes import Overview
from sightline.inspections.overview_words import coverage
from sightline.kernel.definitions import plus
from tests.inspections.made_up import counted, document, evaluated, published_on
from tests.inspections.test_overview import overview_of, twice, with_crosswalk
from tests.inspections.test_overview_document import made_of

BACKED = {"sources": ["a"], "confidence": "high"}
P1, P2 = "care-and-protection@1", "risk-of-harm@1"


def library_with(key: str, **changes: Any) -> Library:
    """The definitions with one programme changed."""
    return library().with_programmes([library().programmes.get(key).model_copy(update=changes)])


def renamed(held: Library) -> Library:
    """The second programme gives the judgement of 2.1 a number of its own."""
    programme = held.programmes.get(P2)
    graded = tuple(
        j.model_copy(update={"code": "2.7"}) if j.code == "2.1" else j for j in programme.graded
    )
    changed = programme.model_copy(update={"graded": graded})
    return Library(
        frameworks=held.frameworks, crosswalks=held.crosswalks, scales=held.scales,
        terms=held.terms, programmes=plus(held.programmes, [changed]),
    )  # fmt: skip


def facts(**changes: Any) -> OverviewFacts:
    """An overview report of the first programme that states nothing but for `changes`."""
    data = {"code": "some-report", "version": 1, "title": "Some report", "period": "2019"}
    return OverviewFacts.model_validate({**data, "programme": P1, **changes})


def test_a_judgement_that_goes_by_another_number_says_what_it_became():
    held = renamed(with_crosswalk(comparable=True))
    made = [
        document("fife-2018", dates=published_on("2018-05"), evaluations=evaluated(i2_1=3)),
        document(
            "fife-2022", programme=P2, dates=published_on("2022-05"), evaluations=evaluated(i2_7=5)
        ),
    ]
    (change,) = overview_of(*made, of=held).changes
    assert (change.difference, change.judgement) == (2, "2.7")
    assert "2.1 became 2.7." in change.note
    assert "became" not in twice(3, 5).changes[0].note


def test_evaluations_on_two_scales_are_not_compared():
    held = library()
    other = held.scales.get("six-point@1").model_copy(update={"code": "another"})
    programme = held.programmes.get(P2).model_copy(update={"scale": "another@1"})
    apart = Library(
        frameworks=held.frameworks, crosswalks=held.crosswalks, scales=plus(held.scales, [other]),
        terms=held.terms, programmes=plus(held.programmes, [programme]),
    )  # fmt: skip
    assert len(twice(3, 5).changes) == 1
    assert twice(3, 5, of=apart).changes == ()


def test_without_a_date_it_is_not_known_which_came_first():
    dated, undated = document(dates=published_on("2018")), document("fife-2022")
    assert not came_before(dated, undated)
    assert not came_before(undated, dated)
    assert came_before(dated, document(dates=published_on("2019")))


def two_in_one() -> Library:
    """The first programme counts children it met and children it surveyed as children heard."""
    first, second, *others = library().programmes.get(P1).channels
    together = [
        channel.model_copy(update={"pooled": first.pooled, "per_cent": False})
        for channel in (first, second)
    ]
    return library_with(P1, channels=(*together, *others))


def pooled_of(*counts: dict[str, Any], **changes: Any) -> Any:
    """The sum of the first channel of the first programme."""
    found = overview_of(document(evidence=counts, **changes), of=two_in_one())
    return found.evidence[0]


def test_several_counts_of_one_inspection_are_added_and_claim_what_the_weakest_does():
    first, second = (channel.code for channel in two_in_one().programmes.get(P1).channels[:2])
    kind = pooled_of(
        counted(first, 111, note="Met."),
        counted(second, 60, qualifier="over", confidence="low", sources=["b"]),
    )
    (item,) = kind.known
    assert (item.saying.words, item.saying.value) == ("over 171", 171)
    assert (item.saying.confidence, item.saying.sources) == ("low", ("a", "b"))
    assert (item.saying.note, item.partial) == ("Met.", "")


def test_one_of_several_counts_alone_says_what_it_is_without():
    first, second, *_ = two_in_one().programmes.get(P1).channels
    kind = pooled_of(counted(first.code, 111))
    assert kind.known[0].partial == f"without {second.label}"
    assert kind.known[0].saying.words == "111"


def test_a_count_no_full_inspection_is_shown_for_is_expected_of_nobody():
    states = {"label": "Records", "count": 754, "pooled": "records-read", **BACKED}
    kinds = overview_of(document(kind="interim"), facts=[facts(facts=[states])]).evidence
    (kind,) = (kind for kind in kinds if kind.channel == "records-read")
    assert (kind.expected, kind.known) == (0, ())
    assert coverage(kind) == "not counted in full inspections shown"
    assert kind.stated[0].saying.words == "754"


def test_a_range_that_runs_backwards_is_refused():
    data = {"judgements": ["2.1"], "n": 1, "base": 2, "lowest": 5, "highest": 4, "text": "One.",
            "sources": ["a"], "confidence": "high"}  # fmt: skip
    with pytest.raises(ValueError, match="the range runs from 5 down to 4; turn it"):
        ShareFact.model_validate(data)
    assert ShareFact.model_validate({**data, "lowest": 4, "highest": 5}).highest == 5


def stated(*given: OverviewFacts) -> tuple[Overview, Any]:
    """The overview and its document beside what overview reports state."""
    made: list[InspectionDocument] = [document(evaluations=evaluated(i2_1=4))]
    return made_of(made, facts=given)


def titles(made: Any) -> list[str]:
    """Captions of the document's tables and texts of its headings."""
    return [getattr(block, "caption", getattr(block, "text", "")) for block in made.blocks]


def test_areas_of_which_only_counts_of_words_are_known_have_a_table():
    spread = [
        {"partnership": "fife", "published": "2016", "indicators": 9, "confidence": "high",
         "counts": {"Good": 5, "Weak": 4}},
        {"partnership": "moray", "published": "2017-03", "indicators": 8, "confidence": "medium",
         "counts": {"Very good": 8}, "note": "From the press."},
    ]  # fmt: skip
    overview, made = stated(facts(distributions=spread))
    report = overview.reports[0]
    assert (report.stated, report.shares, report.messages) == ((), (), ())
    caption = "How many indicators were evaluated with each word, 2019"
    table = next(b for b in made.blocks if getattr(b, "caption", "") == caption)
    assert table.header == (
        "Area", "Published", "Good", "Weak", "Very good", "Indicators", "Note",
    )  # fmt: skip
    assert table.rows[0][:6] == ("Fife", "2016", "5", "4", "0", "9")
    assert table.rows[1] == ("Moray", "March 2017", "0", "0", "8", "8", "From the press.")
    assert "What it found, in our words" not in titles(made)


def test_an_overview_report_shows_only_the_parts_it_has():
    _, counts = stated(facts(facts=[{"label": "Inspections", "count": 8, **BACKED}]))
    _, messages = stated(facts(messages=[{"text": "Leaders worked together.", **BACKED}]))
    assert "Numbers stated, 2019" in titles(counts)
    assert "Evaluations stated, 2019" not in titles(counts)
    assert "What it found, in our words" in titles(messages)
    assert "Numbers stated, 2019" not in titles(messages)


def test_a_programme_of_which_only_reviews_are_shown_has_no_table_of_evaluations():
    overview, made = made_of([document("fife-2021-review", kind="progress-review")])
    assert overview.groups[0].rows == ()
    assert not [title for title in titles(made) if str(title).startswith("Evaluations by")]
    assert "No report shown of P1 gives an evaluation." in overview.summary
