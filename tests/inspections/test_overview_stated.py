"""What overview reports state: beside their own inspections only, and where they differ."""

import json

import pytest
from django.core.management import call_command

from sightline.access.actors import command_line
from sightline.inspections import overview_tables as tables
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.overview_document import judgement_in_words
from sightline.inspections.overview_facts import for_programmes, overview_facts
from sightline.inspections.overview_shapes import Overview, Stated, StatedShare
from sightline.inspections.overview_words import bases_in_words, sum_in_words
from sightline.inspections.published import load_published
from tests.factories.access import UserFactory, assign
from tests.inspections.made_up import counted, document, evaluated, published, published_on
from tests.inspections.test_overview import judgement, overview_of
from tests.inspections.test_overview_edges import facts

P1, P2 = "care-and-protection@1", "risk-of-harm@1"
BACKED = {"sources": ["a"], "confidence": "high"}
OLD = document(
    "fife-2010",
    dates=published_on("2010-05"),
    evaluations=evaluated(i2_1=2, i2_2=2),
    evidence=[counted("records-read", 500)],
)


def beside(*documents: InspectionDocument) -> Overview:
    """These inspections beside what the overview report of the first programme states."""
    return overview_of(*documents, facts=for_programmes(overview_facts(), [P1]))


def impact(overview: Overview) -> StatedShare:
    """The share the report states over both judgements of impact."""
    return next(s for s in overview.reports[0].shares if s.judgements == ("2.1", "2.2"))


def records(overview: Overview) -> Stated:
    """The records the report states were read."""
    return next(s for s in overview.reports[0].stated if s.pooled == "records-read")


def test_an_inspection_outside_the_set_does_not_change_what_stands_beside_the_report():
    overview = beside(*published(P1), OLD)
    assert (impact(overview).words, impact(overview).known_here) == ("13 of 16", "13 of 16 known")
    assert records(overview).saying.value == 754
    assert records(overview).known_here == "109, for 1 of 8 (South Lanarkshire)"
    pooled = next(kind for kind in overview.evidence if kind.channel == "records-read")
    assert pooled.total.value == 609
    row = next(row for row in tables.pooled([pooled]).rows)
    assert "known here of its inspections: 109, for 1 of 8 (South Lanarkshire)" in row[-1]
    alone = next(k for k in beside(*published(P1)).evidence if k.channel == "records-read")
    assert "known here of its inspections" not in tables.pooled([alone]).rows[0][-1]


def test_part_of_the_set_is_said_to_be_part():
    some = [d for d in published(P1) if d.reference in {"fife-2019", "south-lanarkshire-2020"}]
    overview = beside(*some)
    shown = "; for 2 of 8 of its inspections shown"
    assert impact(overview).known_here == f"3 of 4 known{shown}"
    assert records(overview).known_here == f"109, for 1 of 2 (South Lanarkshire){shown}"


def test_none_of_the_set_is_not_counted():
    overview = beside(OLD)
    assert impact(overview).known_here == records(overview).known_here == "not counted here"


def test_a_report_that_lists_no_inspections_is_compared_with_none():
    share = {"judgements": ["2.1"], "n": 1, "base": 1, "lowest": 1, "highest": 6, "text": "One."}
    number = {"label": "Records", "count": 754, "pooled": "records-read"}
    given = facts(stated_evaluations=[share | BACKED], facts=[number | BACKED])
    (report,) = overview_of(OLD, facts=[given]).reports
    assert report.shares[0].known_here == report.stated[0].known_here == "not counted here"


def test_a_fact_two_sources_state_differently_is_a_conflict_with_the_title_of_its_report():
    of_p2 = for_programmes(overview_facts(), [P2])
    without, overview = overview_of(*published(P2)), overview_of(*published(P2), facts=of_p2)
    (found,) = [c for c in overview.conflicts if c.named.reference == of_p2[0].key]
    assert (found.named.label, found.what) == (of_p2[0].title, "Inspections")
    assert (found.in_use.words, [other.words for other in found.others]) == ("14", ["15"])
    assert found.in_use.sources != found.others[0].sources
    assert len(overview.conflicts) == len(without.conflicts) + 1
    sentence = next(s for s in overview.summary if "sources that differ" in s)
    assert sentence.startswith(f"{len(overview.conflicts)} value")


def test_a_fact_on_which_sources_agree_is_no_conflict():
    agreed = {"label": "Inspections", "count": 8, "also": [{"count": 8, **BACKED}], **BACKED}
    assert overview_of(OLD, facts=[facts(facts=[agreed])]).conflicts == ()


def test_two_inspections_of_one_partnership_are_not_two_partnerships():
    """Counts are given; of two partnerships there is a term."""
    again = document("fife-2016", dates=published_on("2016"), evaluations=evaluated(i2_1=5))
    other = document("moray-2016", partnership="moray", evaluations=evaluated(i2_1=5))
    twice = judgement(overview_of(OLD, again), "2.1")
    assert twice.quantity == "1 of 2"
    assert "1 of 2 known are good or better; highest" in judgement_in_words(twice)
    apart = judgement(overview_of(OLD, other), "2.1")
    assert apart.quantity == "the majority"
    assert "(the majority)" in judgement_in_words(apart)


def test_a_per_cent_is_said_not_to_be_added_up():
    made = [
        document(f"fife-201{at}", evidence=[counted("staff-survey-rate", rate)])
        for at, rate in enumerate((89, 40))
    ]
    rate = next(k for k in overview_of(*made).evidence if k.channel == "staff-survey-rate")
    assert sum_in_words(rate) == "40% to 89%, not added up"
    for part in (tables.pooled([rate]), tables.evidence_in_short([rate])):
        assert part.rows[0][1] == "40% to 89%, not added up"
        assert "per cents are not" in part.notes[0]
        assert not any("added up" in name for name in part.header)


def test_why_evaluations_and_evidence_are_out_of_different_numbers():
    """An interim report is among the evaluations of P2 and not among its evidence."""
    overview = overview_of(*published(P2))
    assert judgement(overview, "2.1").expected == 12
    (sentence,) = bases_in_words(overview.groups)
    assert "interim reports are counted" in sentence
    assert sentence in tables.evidence_in_short(overview.evidence, overview.groups).notes
    assert bases_in_words(overview_of(OLD).groups) == ()


@pytest.mark.django_db
def test_the_command_and_the_page_name_the_report_of_each_row(capsys, client_for):
    load_published(command_line())
    call_command("overview")
    text = capsys.readouterr().out
    said = text[text.index("\nWhat overview reports state\n") :]
    titles = [report.title for report in overview_facts()]
    assert all(title[:60] in said for title in titles)
    differ = text[text.index("\nWhere sources differ\n") : text.index("\nWhat is not known\n")]
    assert "Sources" in differ
    assert titles[-1][:60] in differ
    call_command("overview", "P1")
    alone = capsys.readouterr().out
    assert "Overview report  " not in alone[alone.index("\nWhat overview reports state\n") :]
    call_command("overview", "--format", "json")
    conflicts = json.loads(capsys.readouterr().out)["overview"]["conflicts"]
    assert titles[-1] in [c["named"]["label"] for c in conflicts]
    analyst = client_for(assign(UserFactory(), "partnership-analyst", "partnership", "fife"))
    page = analyst.get("/national/findings/").content.decode()
    assert page.count(f"<tr><td>{titles[-1]}</td>") == 1
    assert f"{titles[-1]}: Inspections</th>" in page
    assert "<tr><td>" not in analyst.get("/national/findings/?programme=P1").content.decode()
