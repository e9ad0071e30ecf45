"""One inspection as a report: its programme's order and words, whole or not at all."""

import io
from typing import Any

import pypdf
import pytest

from sightline.access.actors import command_line
from sightline.design.documents import (
    Box,
    Bullets,
    Document,
    Heading,
    Note,
    Paragraph,
    Table,
    to_docx,
    to_html,
    to_pdf,
)
from sightline.framework.definitions import library
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.published import load_published
from sightline.inspections.report import (
    build_partial_report,
    build_report,
    fingerprint,
    missing_sections,
)
from sightline.kernel.errors import Faults
from tests.factories.access import UserFactory, assign
from tests.inspections.made_up import counted, document, fourth_library, one, sources, stated

SOUTH, NORTH = "south-lanarkshire-2020", "north-lanarkshire-2023"


def report_of(found: InspectionDocument, area: str = "Area", **more: Any) -> Document:
    """The report of an inspection of "Area"."""
    return build_report(found, more.get("of") or library(), area=area, sources=sources())


@pytest.fixture(scope="module")
def south() -> Document:
    """South Lanarkshire 2020, the first programme."""
    return report_of(one(SOUTH), "South Lanarkshire")


@pytest.fixture(scope="module")
def north() -> Document:
    """North Lanarkshire 2023, the second."""
    return report_of(one(NORTH), "North Lanarkshire")


def headings(report: Document, level: int = 1) -> list[str]:
    """The headings of a level, in order."""
    return [b.text for b in report.blocks if isinstance(b, Heading) and b.level == level]


def under(report: Document, heading: str) -> list[Any]:
    """The blocks from a heading to the next."""
    blocks = list(report.blocks)
    start = next(i for i, b in enumerate(blocks) if isinstance(b, Heading) and b.text == heading)
    end = next(
        (i for i, b in enumerate(blocks) if i > start and isinstance(b, Heading)), len(blocks)
    )
    return blocks[start + 1 : end]


def words(report: Document) -> str:
    """Everything a reader meets, as one text."""
    return str(to_html(report))


def test_each_programme_has_its_own_order(south, north):
    """P1 puts evaluations in an appendix; P2 before its conclusion, and leads with messages."""
    assert headings(south) == [
        "How we conducted this inspection",
        "Summary – strengths and priority areas for improvement",
        "The five inspection questions",
        "Examples of good practice",
        "Conclusion",
        "What happens next?",
        "Appendix 1: Summary of evaluations",
        "Appendix 2: The quality indicator framework and the six-point evaluation scale",
        "Appendix 3: The terms we use in this report",
        "About this record",
    ]
    assert headings(north) == [
        "How we conducted this inspection",
        "Key messages",
        "Strengths",
        "Areas for improvement",
        "The four statements",
        "Practice examples",
        "Evaluation of the impact on children and young people",
        "Conclusion",
        "What happens next?",
        "Appendix 1: The quality indicator framework and the six-point evaluation scale",
        "Appendix 2: Key terms",
        "About this record",
    ]
    assert headings(south, 2)[:2] == ["Strengths", "Priority areas for improvement"]


def test_frame_items_stand_in_full_with_their_key_messages(south, north):
    """Five questions and four statements, in the official wording."""
    questions = [h for h in headings(south, 2) if h.startswith("Question ")]
    assert len(questions) == 5
    assert questions[4] == "Question 5: How good is collaborative leadership?"
    assert len([h for h in headings(north, 2) if h.startswith("Statement ")]) == 4
    messages = under(south, questions[4])[1]
    assert isinstance(messages, Bullets)
    assert messages.ordered
    assert len(messages.items) == 4


def test_evidence_is_said_in_the_programmes_sentences(south, north):
    """Counts as they were given, a rate as a per cent, and the caveat with the area's name."""
    said = under(south, "How we conducted this inspection")
    counts = next(b for b in said if isinstance(b, Bullets)).items
    assert "111 children and young people met us to tell us about the services they use." in counts
    assert "The response rate of the staff survey was 89%." in counts
    assert "Over 350 members of staff talked with us in groups." in counts
    text = " ".join(
        b.text for b in said if isinstance(b, Paragraph | Note) and isinstance(b.text, str)
    )
    assert "from August to December 2019" in text
    assert "each single child in need of care and protection in South Lanarkshire receives" in text
    assert "1 to 4 and 6: (a), How we conducted this inspection; 5: (a) and (b)" in text
    assert "5: The later children's services plan gives the same number." in text
    assert "Also said: 91% (South Lanarkshire Council Executive Committee" in text
    assert "17 April to 13 September 2023" in words(north)
    assert "North Lanarkshire" in under(north, "How we conducted this inspection")[-1].text


def test_evaluations_have_a_rationale_with_the_place_of_each_paragraph(south, north):
    """Four for South Lanarkshire in printed order, one for North Lanarkshire."""
    assert headings(south, 3) == [
        "9 Leadership and direction: Good",
        "2.1 Impact on children and young people: Adequate",
        "2.2 Impact on families: Good",
        "1.1 Improvements in the safety, wellbeing and life chances of vulnerable children and "
        "young people: Adequate",
    ]
    rationale = under(south, "2.1 Impact on children and young people: Adequate")
    assert Note("Appendix 1, 2.1, paragraph 1") in rationale
    assert len([b for b in rationale if isinstance(b, Note) and "2.1, paragraph" in b.text]) == 8
    suite = under(south, "9 Leadership and direction: Good")
    assert any(isinstance(b, Bullets) and len(b.items) == 4 for b in suite)
    heading = "2.1 Impact on children and young people: Very Good"
    scope = [b.text for b in under(north, heading) if isinstance(b, Paragraph)]
    assert any(isinstance(text, str) and "children at risk of harm only" in text for text in scope)


def test_good_practice_goes_by_the_programmes_word(south, north):
    """Three examples of good practice; four practice examples."""
    boxes = [b.title for b in south.blocks if isinstance(b, Box)]
    assert len([t for t in boxes if t.startswith("Example of good practice: ")]) == 3
    boxes = [b.title for b in north.blocks if isinstance(b, Box)]
    assert len([t for t in boxes if t.startswith("Practice example: ")]) == 4


def test_it_says_that_it_is_not_the_published_report(south):
    """On the front, with a way to the source."""
    assert "not the published report itself" in south.status
    box = south.blocks[0]
    assert isinstance(box, Box)
    source = box.blocks[1].text
    assert "Joint inspection" in source[1].text or "joint inspection" in source[1].text
    assert source[1].href.startswith("https://www.careinspectorate.com/")
    assert south.version == f"Record {fingerprint(one(SOUTH))}"
    assert south.date == "16 June 2020"


def test_conflicts_and_what_is_not_known_have_their_place(south, north):
    """Both response rates; the counts that no source gives."""
    table = next(b for b in under(south, "Where sources differ") if isinstance(b, Table))
    rate = next(row for row in table.rows if row[0] == "Staff survey response rate")
    assert rate[1].startswith("89%. ")
    assert rate[2].startswith("91%. ")
    unknown = under(south, "What is not known")[0].items[0]
    assert "elected members met" in unknown
    assert "records" not in unknown
    (agreed,) = under(north, "Where sources differ")
    assert agreed.text.startswith("No two sources differ")


def test_titles_that_are_not_confirmed_are_marked(south):
    """In the appendix, with how many there are."""
    table = next(b for b in under(south, "Quality indicators") if isinstance(b, Table))
    assert len(table.rows) == 22
    marked = sum("(title not confirmed)" in row[1] for row in table.rows)
    unverified = sum(
        i.title_status == "unverified" for i in library().frameworks.get("children@2").indicators
    )
    assert marked == unverified > 0
    assert table.notes[0].startswith(f"{marked} of 22 titles")
    by_code = {row[0]: row[3] for row in table.rows}
    assert (by_code["2.1"], by_code["9.3"], by_code["5.1"]) == ("yes", "yes, as part of 9", "no")


def test_an_empty_section_fails_and_every_one_is_named():
    """Nothing is written; the faults are the headings of the programme."""
    with pytest.raises(Faults) as raised:
        report_of(document())
    places = [fault.where for fault in raised.value.faults]
    assert places == [
        "How we conducted this inspection",
        "Summary – strengths and priority areas for improvement",
        "Strengths",
        "Priority areas for improvement",
        *["The five inspection questions"] * 5,
        "Examples of good practice",
        "Conclusion",
        *["Appendix 1: Summary of evaluations"] * 4,
    ]
    assert "question 3 has no key message" in str(raised.value)
    assert "the evaluation of 2.2 Impact on families is not known" in str(raised.value)


@pytest.mark.parametrize(
    ("without", "fault"),
    [
        ({"evidence": ()}, "How we conducted this inspection"),
        ({"strengths": ()}, "Strengths"),
        ({"areas_for_improvement": ()}, "Priority areas for improvement"),
        ({"good_practice": ()}, "Examples of good practice"),
        ({"conclusion": None}, "Conclusion"),
        ({"key_messages": ()}, "The five inspection questions"),
        ({"evaluations": ()}, "Appendix 1: Summary of evaluations"),
    ],
)
def test_each_part_that_is_taken_away_is_missed(without, fault):
    """South Lanarkshire is whole; without any one part it is not."""
    assert missing_sections(one(SOUTH), library()) == ()
    missing = missing_sections(one(SOUTH).model_copy(update=without), library())
    assert {found.where for found in missing} == {fault}


def test_an_evaluation_without_its_rationale_is_missed():
    """The word alone is not a report of it."""
    first, *others = one(SOUTH).evaluations
    bare = one(SOUTH).model_copy(
        update={"evaluations": (first.model_copy(update={"rationale": ()}), *others)}
    )
    (fault,) = missing_sections(bare, library())
    assert fault.what == "the evaluation of 9 Leadership and direction has no rationale."


def test_no_areas_for_improvement_need_a_reason():
    """With the reason a source gives, the section is not empty, and the reason is printed."""
    bare = one(SOUTH).model_copy(update={"areas_for_improvement": ()})
    reasoned = bare.model_copy(update={"improvement_note": "The source names none."})
    assert missing_sections(reasoned, library()) == ()
    assert under(report_of(reasoned), "Priority areas for improvement") == [
        Paragraph("The source names none.")
    ]


def test_what_there_is_can_be_had_with_the_rest_named():
    """An inspection known from the press alone."""
    partial = build_partial_report(one("fife-2019"), library(), area="Fife", sources=sources())
    assert partial.status.endswith("; incomplete")
    missing = next(b for b in partial.blocks if isinstance(b, Box) and b.title == "What is missing")
    assert any("Conclusion: nothing is recorded" in str(item) for item in missing.blocks[1].items)
    assert "Conclusion" not in headings(partial)
    assert "Strengths" in headings(partial, 2)
    assert "9 Leadership and direction: Good" in headings(partial, 3)


def test_nothing_at_all_is_still_a_document():
    """Of an inspection of which nothing is known: framework, scale, terms, what is missing."""
    partial = build_partial_report(document(), library(), area="Fife", sources={})
    assert headings(partial)[-1] == "About this record"
    assert "The evaluation of 2.1, Impact on children and young people" in words(partial)


def test_a_changed_record_has_another_version():
    """The version is of the content."""
    changed = one(SOUTH).model_copy(update={"title": "Another title"})
    assert fingerprint(changed) != fingerprint(one(SOUTH))
    assert fingerprint(one(SOUTH)) == fingerprint(InspectionDocument.model_validate(
        one(SOUTH).model_dump(by_alias=True)
    ))  # fmt: skip


def fourth_document() -> InspectionDocument:
    """A whole inspection by the programme that no code knows of."""
    backed = {"sources": ["a"], "confidence": "high"}
    return document(
        "angus-2028",
        programme="fourth-programme@1",
        partnership="angus",
        sources=[{"key": "a", "kind": "report", "title": "A report"}],
        evidence=[counted("journeys-followed", 12, qualifier="about")],
        evaluations=[
            {
                "judgement": code,
                "stated": stated(value),
                "rationale": [{"text": f"Why {code}.", "place": "Page 3"}],
            }
            for code, value in (("6", 5), ("5.1", 2))
        ],
        strengths=[{"text": "Moves are planned.", **backed}],
        areas_for_improvement=[{"text": "Records follow late.", **backed}],
        key_messages=[
            {"text": f"Message {item}.", "frame_item": item, **backed}
            for item in ("", "t1", "t2", "t3", "t4", "t5", "t6")
        ],
        good_practice=[{"title": "A box", "text": "Goes along.", "frame_item": "t3", **backed}],
        conclusion={"statement": "not-yet-confident", "text": "Too early.", **backed},
    )


def test_a_fourth_programme_is_a_file():
    """Six themes, another graded suite, another word for good practice, another order: no code."""
    report = report_of(fourth_document(), "Angus", of=fourth_library())
    assert headings(report)[:4] == [
        "What we want you to know", "Our evaluations", "The six themes", "What works",
    ]  # fmt: skip
    assert len([h for h in headings(report, 2) if h.startswith("Theme ")]) == 6
    assert "6 Policy, service development and planning: Very Good" in headings(report, 3)
    assert "About 12 journeys were followed from one area to the next." in words(report)
    assert any(isinstance(b, Box) and b.title == "Idea to borrow: A box" for b in report.blocks)
    assert Note("The wording of this theme is paraphrased.") in report.blocks
    assert to_pdf(report).startswith(b"%PDF")


@pytest.mark.parametrize("reference", [SOUTH, NORTH])
def test_the_pdf_is_tagged_and_says_who_it_is(reference):
    """PDF/UA-1: marked, titled, in English, with bookmarks."""
    report = report_of(one(reference), "The area")
    pdf = pypdf.PdfReader(io.BytesIO(to_pdf(report)))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("en")
    assert pdf.metadata.title.startswith("Report of a joint inspection")
    assert "pdfuaid" in pdf.xmp_metadata.stream.get_data().decode()
    marks = [item.title for item in pdf.outline if not isinstance(item, list)]
    assert marks[-1] == "About this record"
    assert to_docx(report).startswith(b"PK")


@pytest.fixture
def officer(client_for, db):
    """A chief officer, with the published inspections held."""
    load_published(command_line())
    return client_for(assign(UserFactory(), "chief-officer", "partnership", "fife"))


def address(reference: str, partnership: str, rest: str = "") -> str:
    """The address of a report."""
    return f"/p/{partnership}/exercises/{reference}/report/{rest}"


def test_the_page_and_the_files(officer):
    """Whole: the report and two files. Not whole: what is missing, and what there is."""
    page = officer.get(address(SOUTH, "south-lanarkshire")).content.decode()
    assert page.count("<h1") == 1
    assert "This report is incomplete" not in page
    assert page.index("The five inspection questions") < page.index("Appendix 1: Summary")
    for kind, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        response = officer.get(address(SOUTH, "south-lanarkshire", f"download/{kind}/"))
        assert response.content.startswith(begins)
        assert response["Content-Disposition"].endswith(f'.{kind}"')
    part = officer.get(address("fife-2019", "fife")).content.decode()
    assert "This report is incomplete. 12 parts of it are missing" in part
    assert "Conclusion: nothing is recorded for this section." in part


def test_wrong_addresses_give_nothing(officer, client_for):
    """Another partnership's address, another format, a person with no role."""
    assert officer.get(address(SOUTH, "fife")).status_code == 404
    assert officer.get(address("fife-1066", "fife")).status_code == 404
    assert officer.get(address(SOUTH, "south-lanarkshire", "download/odt/")).status_code == 404
    assert client_for(UserFactory()).get(address(SOUTH, "south-lanarkshire")).status_code == 404
