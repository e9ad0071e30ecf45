"""The published inspections as definition files: whole, in our words, and true to the facts."""

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pydantic import BaseModel

from sightline.framework.definitions import library
from sightline.inspections.definitions import (
    DateValue,
    EvidenceCount,
    InspectionDocument,
    Source,
    Sourced,
)
from sightline.inspections.overview_facts import OverviewFacts, load
from sightline.kernel import plain_yaml
from sightline.partnerships import queries

FULLY_HELD = ("south-lanarkshire-2020", "north-lanarkshire-2023")
COPIED_WORDS = 8

# What the collected facts call a source, a programme and a channel, and what the files call it.
SOURCE_KEYS = {
    "seed000": "south-lanarkshire-report-2020",
    "seed001": "north-lanarkshire-report-2023",
    "seed002": "overview-2018-2020",
    "seed004": "south-lanarkshire-committee-2020",
}
PROGRAMMES = {
    "ncp": "care-and-protection@1",
    "arh": "risk-of-harm@1",
    "cso": "supervision-at-home@1",
}
CHANNELS = {
    "children_survey_responses": "children-surveyed",
    "parent_survey_responses": "parents-surveyed",
    "staff_survey_responses": "staff-surveyed",
    "staff_survey_response_rate_pct": "staff-survey-rate",
    "sessions_week_two": "staff-sessions",
    "staff_met_minimum": "staff-met",
}
DATES_IN_WORDS = {
    '2018 (partners asked for scrutiny "last year")': "2018",
    "five weeks early 2019": "2019-01~2019-03",
    "2022 (July or August)": "2022-07~2022-08",
    "2025 or 2026": "2025~2026",
    "2022 (after 13 Apr 2022)": "2022",
}
# Facts read in the reports themselves, which the collected facts leave out.
READ_IN_THE_REPORT = {"south-lanarkshire-2020": {"associate-assessors"}}


@cache
def documents() -> dict[str, InspectionDocument]:
    """Every published inspection, by the name of its file."""
    folder = settings.SIGHTLINE_DEFINITIONS / "inspections"
    return {
        path.stem: InspectionDocument.model_validate(plain_yaml.read(path))
        for path in sorted(folder.glob("*.yaml"))
    }


@cache
def sources() -> dict[str, Source]:
    """The sources of the published inspections, by key."""
    read = plain_yaml.read(settings.SIGHTLINE_DEFINITIONS / "sources" / "published@1.yaml")
    found = [Source.model_validate(source) for source in read["sources"]]
    assert len({source.key for source in found}) == len(found)
    return {source.key: source for source in found}


@cache
def overviews() -> dict[str, OverviewFacts]:
    """What overview reports state, by code."""
    found = load(settings.SIGHTLINE_DEFINITIONS / "overviews")
    return {overview.code: overview for overview in found}


def _collected() -> Path:
    folder = os.environ.get("SIGHTLINE_SHARED")
    if not folder:
        pytest.skip("SIGHTLINE_SHARED is not set, so the collected facts are not at hand")
    return Path(folder)


@pytest.fixture
def facts() -> dict[str, Any]:
    """The facts as they were collected, which the files were typed from."""
    path = _collected() / "data/inspections/published_inspections.json"
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def reports() -> str:
    """The words of the published reports, one after another."""
    paths = sorted((_collected() / "source-reports").glob("*.txt"))
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def _within(value: Any) -> Iterator[BaseModel]:
    """A model and every model inside it."""
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from _within(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _within(item)


def _of_programme(key: str) -> list[InspectionDocument]:
    return [d for d in documents().values() if d.programme == key and d.kind != "progress-review"]


def _evaluations(judgement: str) -> Counter[int]:
    return Counter(
        evaluation.stated.value
        for document in _of_programme("care-and-protection@1")
        for evaluation in document.evaluations
        if evaluation.judgement == judgement and evaluation.stated
    )


# The files by themselves


def test_each_file_is_named_for_its_inspection_and_there_are_24():
    kinds = Counter(document.kind for document in documents().values())
    assert kinds == {"full": 21, "interim": 1, "progress-review": 2}
    assert [len(_of_programme(key)) for key in PROGRAMMES.values()] == [8, 12, 2]
    for name, document in documents().items():
        assert document.reference == name
        assert document.status == "published"
        assert document.partnership in queries.names()
        assert name.startswith(f"{document.partnership}-20")
        assert not document.sources, f"{name}: sources belong in definitions/sources"


def test_every_source_named_is_known_and_no_address_is_a_path():
    for name, whole in {**documents(), **overviews()}.items():
        for part in _within(whole):
            if isinstance(part, Sourced):
                assert set(part.sources) <= set(sources()), f"{name}: {part}"
                assert len(set(part.sources)) == len(part.sources), f"{name}: {part}"
    assert all(re.match(r"https?://|$", source.address) for source in sources().values())


def test_a_place_names_where_each_of_several_sources_says_it():
    """One place for several sources would be false for all but the first of them."""
    for name, whole in {**documents(), **overviews()}.items():
        for part in _within(whole):
            if isinstance(part, Sourced) and part.place and len(part.sources) > 1:
                named = [place for place in part.place.split(";") if place.strip()]
                assert len(named) >= len(part.sources), f"{name}: {part}"


def test_judgements_frame_items_and_channels_are_those_of_the_programme():
    for name, document in documents().items():
        programme = library().programmes.get(document.programme)
        if document.kind == "progress-review":
            assert not document.evaluations
            assert document.follows in documents()
        else:
            graded = [judgement.code for judgement in programme.graded]
            assert [e.judgement for e in document.evaluations] == graded, name
        channels = [count.channel for count in document.evidence]
        assert set(channels) <= {channel.code for channel in programme.channels}, name
        assert len(set(channels)) == len(channels), name
        items = {item.code for item in programme.frame.items}
        used = {m.frame_item for m in (*document.key_messages, *document.good_practice)}
        assert used <= items | {""}, name


def test_what_is_not_known_says_so_and_never_carries_a_rationale():
    for name, document in documents().items():
        for evaluation in document.evaluations:
            if evaluation.stated is None:
                assert evaluation.note, f"{name} {evaluation.judgement}"
                assert not evaluation.also, f"{name} {evaluation.judgement}"
                assert not evaluation.rationale, f"{name} {evaluation.judgement}"


@pytest.mark.parametrize("reference", FULLY_HELD)
def test_the_two_whole_inspections_have_no_empty_section(reference: str):
    document = documents()[reference]
    assert document.title
    assert all((document.strengths, document.areas_for_improvement))
    assert document.conclusion
    assert len(document.conclusion.basis) > 1
    for evaluation in document.evaluations:
        assert evaluation.stated, evaluation.judgement
        assert evaluation.rationale, evaluation.judgement
    for item in library().programmes.get(document.programme).frame.items:
        assert any(m.frame_item == item.code for m in document.key_messages), item.code
    for part in _within(document):
        if isinstance(part, Sourced):
            assert part.place, f"no place in the source: {part}"


def test_the_two_whole_inspections_hold_as_much_as_their_reports():
    south, north = (documents()[reference] for reference in FULLY_HELD)
    messages = Counter(m.frame_item for m in south.key_messages)
    assert messages == {"q1": 4, "q2": 4, "q3": 5, "q4": 4, "q5": 4}
    rationales = {e.judgement: len(e.rationale) for e in south.evaluations}
    assert rationales == {"9": 8, "2.1": 8, "2.2": 6, "1.1": 9}
    assert (len(south.strengths), len(south.areas_for_improvement)) == (4, 4)
    assert [g.title.split()[-1] for g in south.good_practice] == ["(FAIAR)", "sentencing", "ASPIRE"]

    messages = Counter(m.frame_item for m in north.key_messages)
    assert messages == {"": 8, "s1": 3, "s2": 4, "s3": 4, "s4": 4}
    assert north.evaluations[0].scope
    assert len(north.evaluations[0].rationale) == 1 + 6
    assert [g.frame_item for g in north.good_practice] == ["s1", "s2", "s3", "s4"]


def test_evaluations_of_the_eight_areas_come_to_what_the_overview_states():
    assert _evaluations("2.2") == {4: 6, 5: 1, 3: 1}
    assert _evaluations("2.1") == {4: 5, 5: 1, 3: 1, 2: 1}
    both = _evaluations("2.1") + _evaluations("2.2")
    assert both.total() == 16
    assert sum(n for value, n in both.items() if value >= 4) == 13

    overview = overviews()["care-and-protection-2018-2020"]
    for stated in overview.stated_evaluations:
        known: Counter[int] = Counter()
        for judgement in stated.judgements:
            known += _evaluations(judgement)
        if known.total() == stated.base:
            counted = sum(n for v, n in known.items() if stated.lowest <= v <= stated.highest)
            assert counted == stated.n, stated.text
        else:
            assert set(stated.judgements) <= {"1.1", "9"}


def test_south_lanarkshire_shows_its_evaluations_and_its_conflicts():
    document = documents()["south-lanarkshire-2020"]
    values = {e.judgement: e.stated.value for e in document.evaluations if e.stated}
    assert values == {"1.1": 3, "2.1": 3, "2.2": 4, "9": 4}
    rate = next(c for c in document.evidence if c.channel == "staff-survey-rate")
    assert (rate.count, [other.count for other in rate.also]) == (89, [91])
    assert all((rate.note, rate.also[0].note))
    assert document.dates.inspected
    assert len(document.dates.inspected.also) == 2
    assert [(p.starts, p.ends) for p in document.pauses] == [("2020-03-23", "2020-06-16")]


# The files beside the facts they were typed from


def _keys(provenance: dict[str, Any]) -> set[str]:
    named = provenance["source"]
    keys = [named] if isinstance(named, str) else named or []
    return {SOURCE_KEYS.get(key, key) for key in keys}


def _agrees(said: Sourced, fact: dict[str, Any], where: str) -> None:
    """The sources collected are among those named, and the confidence is the same."""
    assert _keys(fact["provenance"]) <= set(said.sources), where
    assert said.confidence == fact["provenance"]["confidence"], where


def _document_of(fact: dict[str, Any]) -> InspectionDocument:
    programme = PROGRAMMES[fact["id"].split("-")[0]]
    area = queries.find(fact["la_code"])
    found = [d for d in _of_programme(programme) if d.partnership == area.code]
    assert len(found) == 1, fact["id"]
    return found[0]


def _check_date(said: DateValue | None, fact: dict[str, Any], where: str) -> None:
    if fact["value"] is None:
        assert said is None, where
        return
    assert said, where
    written = DATES_IN_WORDS.get(fact["value"], fact["value"].replace(" to ", "/"))
    assert said.value == written, where
    _agrees(said, fact, where)


def _check_count(said: EvidenceCount, fact: dict[str, Any], where: str) -> None:
    assert fact["value"] in (said.count, said.printed), where
    if said.printed:
        assert str(said.count) in said.printed, where
        assert said.printed.startswith(said.qualifier), where
    _agrees(said, fact, where)


def test_each_inspection_agrees_with_the_collected_facts_value_by_value(facts: dict[str, Any]):
    assert len(facts["inspections"]) == 22
    for fact in facts["inspections"]:
        document = _document_of(fact)
        where = document.reference
        assert document.kind == fact.get("report_kind", {"value": "full"})["value"], where
        for name in ("published", "inspected"):
            _check_date(getattr(document.dates, name), fact[name], f"{where} {name}")

        said = {evaluation.judgement: evaluation for evaluation in document.evaluations}
        assert set(said) == set(fact["evaluations"]), where
        for code, evaluated in fact["evaluations"].items():
            stated = said[code].stated
            assert (stated.value if stated else None) == evaluated["score"], f"{where} {code}"
            if stated:
                _agrees(stated, evaluated, f"{where} {code}")

        counts = {CHANNELS.get(k, k.replace("_", "-")): v for k, v in fact["evidence"].items()}
        held = {count.channel: count for count in document.evidence}
        assert set(held) - READ_IN_THE_REPORT.get(where, set()) == set(counts), where
        for channel, count in counts.items():
            _check_count(held[channel], count, f"{where} {channel}")

        for name in ("strengths", "areas_for_improvement"):
            points = getattr(document, name)
            assert len(points) == len(fact[name]["value"]), f"{where} {name}"
            for point in points:
                _agrees(point, fact[name], f"{where} {name}")


def test_progress_reviews_agree_with_the_collected_facts(facts: dict[str, Any]):
    orkney = next(fact for fact in facts["inspections"] if "follow_up" in fact)
    reviews = [d for d in documents().values() if d.kind == "progress-review"]
    assert len(reviews) == len(orkney["follow_up"])
    for review, fact in zip(reviews, orkney["follow_up"], strict=True):
        date = {"value": fact["value"]["date"], "provenance": fact["provenance"]}
        _check_date(review.dates.published, date, review.reference)
        assert review.follows == _document_of(orkney).reference
        assert len(review.key_messages) == 1
        _agrees(review.key_messages[0], fact, review.reference)


def test_sources_and_overviews_agree_with_the_collected_facts(facts: dict[str, Any]):
    for key, source in facts["sources"].items():
        held = sources()[SOURCE_KEYS.get(key, key)]
        if key not in SOURCE_KEYS:
            kind = source["kind"].replace("_", " ")
            expected = (kind, " ".join(source["title"].split()), source["address"])
            assert (held.kind, held.title, held.address) == expected

    stated = {
        overview.code[-9:]: {
            fact.pooled or fact.label.lower(): fact.printed or fact.count for fact in overview.facts
        }
        for overview in overviews().values()
    }
    for overview in facts["overviews"]:
        held_facts = stated[overview["id"].removeprefix("overview-")]
        for name, value in overview.items():
            if isinstance(value, dict) and isinstance(value["value"], int | str):
                channel = CHANNELS.get(name, name.replace("_", "-"))
                assert held_facts[channel] == value["value"], (overview["id"], name)
    disputed = next(f for f in overviews()["risk-of-harm-2021-2025"].facts if f.also)
    assert (disputed.count, [other.count for other in disputed.also]) == (14, [15])


def test_spreads_of_the_first_programme_agree_with_the_collected_facts(facts: dict[str, Any]):
    held = overviews()["all-childrens-services-2012-2017"].distributions
    collected = facts["legacy_2012_2017_distributions"]
    assert len(held) == len(collected) == 14
    for spread, fact in zip(held, collected, strict=True):
        assert queries.partnership(spread.partnership).name == fact["partnership"]
        assert spread.published == str(fact["year_published"])
        assert spread.indicators == fact["quality_indicators"]
        assert spread.counts == fact["counts"]
        assert spread.address == fact["provenance"]["url"]


# The files beside the words of the reports


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", re.sub("['\N{RIGHT SINGLE QUOTATION MARK}]", "", text.lower()))


def _runs(text: str) -> Iterator[str]:
    """Every run of eight words after one another."""
    words = _words(text)
    for start in range(len(words) - COPIED_WORDS + 1):
        yield " ".join(words[start : start + COPIED_WORDS])


def _texts(whole: BaseModel) -> Iterator[str]:
    """Everything written in our own words; titles and places are the publishers'."""
    for part in _within(whole):
        for name in ("text", "note", "scope", "reason", "improvement_note"):
            if isinstance(text := getattr(part, name, ""), str):
                yield text
        yield from getattr(part, "basis", ())


def test_no_sentence_is_copied_from_a_report(reports: str):
    printed = set(_runs(reports))
    assert len(printed) > 10_000
    texts = [
        (name, text)
        for name, whole in {**documents(), **overviews()}.items()
        for text in _texts(whole)
    ]
    assert len([text for _, text in texts if text]) > 300
    copied = [f"{name}: {run}" for name, text in texts for run in _runs(text) if run in printed]
    assert not copied, "\n".join(copied)
