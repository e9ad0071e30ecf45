"""Reports with nothing to add, with everything known, and with two sources for one evaluation."""

import datetime as dt
from typing import Any

import pytest

from sightline.design.documents import Bullets, Document, Note, Paragraph, Table, to_html
from sightline.framework.definitions import Framework, Library, TitleStatus, library
from sightline.inspections import history, models, queries, report_shown
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.report import build_partial_report
from sightline.inspections.report_shown import file_of, shown_report
from sightline.inspections.services import Basis, correct_evaluation
from sightline.kernel.definitions import plus
from tests.factories.inspections import ACTOR, draft, imported
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


@pytest.mark.django_db
def test_a_report_tells_what_was_replaced_and_dates_itself_by_the_record():
    imported()
    before = shown_report(queries.document("falkirk-2021")).document
    assert "Values that were replaced" not in str(to_html(before))
    correct_evaluation(
        actor=ACTOR, reference="falkirk-2021", judgement="2.1", value=4,
        basis=Basis(sources=("paper-b",), confidence="medium"), reason="A better source",
        as_shown=history.key_in_use("falkirk-2021", "evaluation", "2.1"),
    )  # fmt: skip
    at = dt.datetime(2026, 5, 1, 23, 30, tzinfo=dt.UTC)  # the next day in Scotland
    models.Inspection.objects.update(changed_at=at)
    made = shown_report(queries.document("falkirk-2021")).document
    table = next(b for b in made.blocks if isinstance(b, Table) and "replaced" in b.caption)
    ((what, was, now, _, why),) = table.rows
    assert (what, was, now, why) == (
        "Evaluation of 2.1",
        "Adequate (Report A; Appendix 1)",
        "Good",
        "A better source",
    )
    text = str(to_html(made))
    assert made.date == "2 May 2026"
    assert "This record last changed" in text
    assert "16 March 2021" in text
    differ = next(
        b
        for b in made.blocks
        if isinstance(b, Table) and b.caption == "Values whose sources differ"
    )
    assert any("2.1" in row[0] and "Adequate" in row[2] for row in differ.rows)
    for kind in ("pdf", "docx"):
        assert file_of(made, kind)


@pytest.mark.parametrize("day", [None, dt.date(2019, 1, 1)])
def test_a_record_not_changed_since_publication_has_the_date_of_publication(day):
    found = one("south-lanarkshire-2020")
    made = build_partial_report(found, library(), area="A", sources=sources(), changed=day)
    assert made.date == "16 June 2020"
    assert "This record last changed" not in str(to_html(made))
