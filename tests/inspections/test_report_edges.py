"""Reports with nothing to add, with everything known, and with two sources for one evaluation."""

from typing import Any

import pytest

from sightline.design.documents import Bullets, Document, Note, Paragraph, Table
from sightline.framework.definitions import Framework, Library, TitleStatus, library
from sightline.inspections import report_shown
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.report import build_partial_report
from sightline.inspections.report_shown import shown_report
from sightline.kernel.definitions import plus
from tests.factories.inspections import draft, imported
from tests.inspections.made_up import counted, document, one, sources, stated
from tests.inspections.test_report import NORTH, SOUTH, headings, report_of, under, words

BACKED = {"sources": ["a"], "confidence": "high"}


def changed(found: InspectionDocument, **changes: Any) -> InspectionDocument:
    """The inspection with some fields given anew, read as a document again."""
    data = found.model_dump(mode="json", by_alias=True, exclude_none=True)
    return InspectionDocument.model_validate({**data, **changes})


def part(found: InspectionDocument, of: Library | None = None) -> Document:
    """What there is of a report."""
    return build_partial_report(found, of or library(), area="Fife", sources=sources())


def everything_known() -> InspectionDocument:
    """South Lanarkshire with a count for every channel of its programme."""
    found = one(SOUTH)
    held = {count.channel for count in found.evidence}
    programme = library().programmes.get(found.programme)
    missing = [counted(c.code, 7) for c in programme.channels if c.code not in held]
    data = found.model_dump(mode="json", by_alias=True, exclude_none=True)
    return changed(found, evidence=[*data["evidence"], *missing])


def test_where_everything_is_known_the_report_says_so():
    (said,) = under(report_of(everything_known()), "What is not known")
    assert said == Paragraph("Everything that reports of this programme usually give is known.")


def test_where_only_an_evaluation_is_not_known_no_count_is_named():
    found = everything_known()
    first, *others = found.model_dump(mode="json", by_alias=True, exclude_none=True)["evaluations"]
    bare = changed(found, evaluations=[{"judgement": first["judgement"]}, *others])
    items, note = under(part(bare), "What is not known")
    assert isinstance(items, Bullets)
    assert items.items == ("The evaluation of 9, Leadership and direction (P1)",)
    assert isinstance(note, Note)


def test_an_edition_whose_titles_are_all_confirmed_has_no_note_about_them():
    held = library()
    edition = held.frameworks.get(held.programmes.get(one(SOUTH).programme).framework)
    data = edition.model_dump(mode="json")
    for indicator in (i for d in data["domains"] for a in d["areas"] for i in a["indicators"]):
        indicator |= {"title_status": TitleStatus.VERIFIED.value, "source": data["source"]}
    seen = Framework.model_validate(data)
    confirmed = Library(
        frameworks=plus(held.frameworks, [seen]),
        crosswalks=held.crosswalks, scales=held.scales, terms=held.terms,
        programmes=held.programmes,
    )  # fmt: skip

    def table(of: Library) -> Table:
        found = under(report_of(one(SOUTH), of=of), "Quality indicators")
        return next(block for block in found if isinstance(block, Table))

    assert table(confirmed).notes == ()
    assert len(table(held).notes) == 1
    assert "not confirmed" not in str(table(confirmed).rows)


def test_a_programme_without_a_glossary_has_no_heading_for_one():
    held = library()
    programme = held.programmes.get(one(SOUTH).programme)
    without = held.with_programmes([programme.model_copy(update={"glossary": ()})])
    assert "Glossary" in headings(report_of(one(SOUTH)), 2)
    assert "Glossary" not in headings(report_of(one(SOUTH), of=without), 2)


def test_key_messages_are_left_out_where_there_are_none():
    found = changed(one(NORTH), key_messages=[])
    assert "Key messages" in headings(report_of(one(NORTH)))
    assert "Key messages" not in headings(part(found))


def test_good_practice_that_belongs_to_no_question_names_none():
    examples = [
        {"title": "One", "text": "It helped.", "frame_item": "q2", **BACKED},
        {"title": "Two", "text": "It helped too.", **BACKED},
    ]
    boxes = {
        box.title: box.blocks[1].text
        for box in part(document(good_practice=examples)).blocks
        if getattr(box, "title", "").startswith("Example of good practice")
    }
    assert boxes["Example of good practice: One"].startswith("Under question 2, ")
    assert boxes["Example of good practice: Two"].startswith("Source: ")


@pytest.mark.parametrize(("also", "said"), [(5, True), (4, False)])
def test_another_source_is_named_where_it_gives_another_evaluation(also, said):
    evaluation = {
        "judgement": "2.1",
        "stated": stated(4),
        "also": [stated(also, source="the-press", confidence="low")],
    }
    text = words(part(document(evaluations=[evaluation])))
    sentence = "Another source gives Very Good: the-press (low confidence)."
    assert (sentence in text) == said
    assert ("Another source gives" in text) == said


@pytest.mark.django_db
def test_reports_are_kept_up_to_a_number_the_latest_asked_for_first(monkeypatch):
    monkeypatch.setattr(report_shown, "MOST_KEPT", 2)
    monkeypatch.setattr(report_shown, "_kept", type(report_shown._kept)())
    first, second = imported(), draft()
    third = draft(reference="falkirk-2027")
    one_report, two_report = shown_report(first), shown_report(second)
    assert shown_report(first) is one_report
    shown_report(third)
    assert shown_report(first) is one_report
    again = shown_report(second)
    assert again is not two_report
    assert again.document == two_report.document
