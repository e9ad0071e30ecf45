"""The Word file: real styles and headings, language, repeating header rows, alternative text."""

import io
import zipfile
from typing import Any

import pytest

from sightline.design.charts import examples as charts
from sightline.design.documents import (
    Box,
    Bullets,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Run,
    example,
    to_docx,
)

docx = pytest.importorskip("docx", reason="the reports requirements are not installed")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def made() -> bytes:
    return to_docx(example())


@pytest.fixture(scope="module")
def word(made) -> Any:
    return docx.Document(io.BytesIO(made))


def opened(*blocks: Any) -> Any:
    return docx.Document(io.BytesIO(to_docx(Document(title="T", blocks=blocks))))


def test_it_carries_title_language_author_and_status(word):
    properties = word.core_properties
    assert properties.title == example().title
    assert properties.language == "en-GB"
    assert properties.author == "The joint team"
    assert properties.content_status == "Draft"
    assert properties.keywords == "example, Strathgarry"
    languages = {each.get(f"{W}val") for each in word.styles.element.iter(f"{W}lang")}
    assert languages == {"en-GB"}


def test_headings_are_heading_styles_in_order(word):
    levels = [
        int(each.style.name[-1]) for each in word.paragraphs if each.style.name[:7] == "Heading"
    ]
    wanted = [each.level for each in example().blocks if isinstance(each, Heading)]
    assert levels == wanted
    assert word.paragraphs[0].style.name == "Title"


def test_no_paragraph_is_empty_and_there_are_no_text_boxes(word, made):
    for paragraph in word.paragraphs:
        assert paragraph.text.strip() or paragraph._p.xpath(".//w:drawing"), paragraph.style.name
    body = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()
    assert "txbx" not in body
    assert "w:pict" not in body


def test_every_picture_has_its_alternative_text(word):
    described = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert described == [chart.alt for _, chart in charts()]
    numbers = [shape._inline.docPr.get("id") for shape in word.inline_shapes]
    assert len(set(numbers)) == len(numbers)


def test_the_first_row_of_every_table_repeats_and_is_marked_as_headings(word):
    assert len(word.tables) == 1 + len(charts())
    for table in word.tables:
        first, *others = table.rows
        assert first._tr.xpath("./w:trPr/w:tblHeader")
        assert not any(row._tr.xpath("./w:trPr/w:tblHeader") for row in others)
        look = table._tbl.tblPr.find(f"{W}tblLook")
        assert (look.get(f"{W}firstRow"), look.get(f"{W}firstColumn")) == ("1", "1")
        assert table._tbl.tblPr.find(f"{W}tblCaption").get(f"{W}val")
        assert all(cell.text.strip() for row in table.rows for cell in row.cells)


ORDER = {
    "tblPr": (
        "tblStyle tblStyleRowBandSize tblStyleColBandSize tblW jc tblInd tblBorders shd tblLayout "
        "tblCellMar tblLook tblCaption"
    ),
    "trPr": "cantSplit tblHeader",
    "tcPr": "tcW gridSpan tcBorders shd vAlign",
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs spacing ind "
        "contextualSpacing jc outlineLvl rPr"
    ),
    "rPr": ("rStyle rFonts b bCs i iCs caps smallCaps color spacing kern sz szCs u vertAlign lang"),
}
"""Pieces in the order the format demands; Word calls a file damaged that has them otherwise."""


@pytest.mark.parametrize("piece", ORDER)
def test_the_pieces_of_a_property_stand_in_the_order_word_demands(word, piece):
    order = [f"{W}{tag}" for tag in ORDER[piece].split()]
    seen = 0
    for part in (word.element, word.styles.element, word.sections[0].footer._element):
        for properties in part.iter(f"{W}{piece}"):
            places = [order.index(each.tag) for each in properties]
            assert places == sorted(places), [each.tag.removeprefix(W) for each in properties]
            seen += 1
    assert seen


def test_lists_are_lists_and_each_numbered_list_starts_at_one():
    word = opened(
        Bullets(("a", "b"), ordered=True), Paragraph("Between"), Bullets(("c",), ordered=True),
        Bullets(("d",)),
    )  # fmt: skip
    styles = {each.text: each.style.name for each in word.paragraphs}
    assert styles["a"] == styles["c"] == "List Number"
    assert styles["d"] == "List Bullet"
    numbers = {
        each.text: each._p.xpath("./w:pPr/w:numPr/w:numId/@w:val") for each in word.paragraphs
    }
    assert numbers["a"] == numbers["b"] != numbers["c"]


def test_contents_are_a_field_already_filled_with_links_that_lead_somewhere(word, made):
    body = zipfile.ZipFile(io.BytesIO(made)).read("word/document.xml").decode()
    assert "TOC \\o" in body
    entries = [each.text for each in word.paragraphs if each.style.name.startswith("TOC")]
    assert entries == [
        each.text for each in example().blocks if isinstance(each, Heading) and each.level <= 2
    ]
    names = set(word.element.body.xpath(".//w:bookmarkStart/@w:name"))
    assert set(word.element.body.xpath(".//w:hyperlink/@w:anchor")) <= names
    ids = word.element.body.xpath(".//w:bookmarkStart/@w:id")
    assert len(ids) == len(set(ids))


def test_fields_are_opened_and_closed(made):
    for part in ("word/document.xml", "word/footer1.xml"):
        body = zipfile.ZipFile(io.BytesIO(made)).read(part).decode()
        kinds = [body.count(f'fldCharType="{kind}"') for kind in ("begin", "separate", "end")]
        assert kinds[0] == kinds[1] == kinds[2] > 0


def test_header_and_footer_carry_title_status_and_page_numbers(word):
    section = word.sections[0]
    assert section.header.paragraphs[0].text == f"{example().title}\tDraft"
    footer = section.footer.paragraphs[0].text
    assert footer.startswith("Not to be published · 3 June 2024\tPage ")


def test_a_long_title_and_its_status_stand_on_lines_of_their_own_in_the_header():
    made = to_docx(Document(title="A long title " * 8, status="Draft", blocks=(Paragraph("x"),)))
    lines = docx.Document(io.BytesIO(made)).sections[0].header.paragraphs
    assert [each.text for each in lines] == ["A long title " * 8, "Draft"]


def test_links_have_words_and_go_where_they_say(word):
    targets = {
        related.target_ref for related in word.part.rels.values() if "hyperlink" in related.reltype
    }
    assert targets == {"https://example.org/programme"}
    for link in word.element.body.iter(f"{W}hyperlink"):
        assert "".join(each.text or "" for each in link.iter(f"{W}t")).strip()


def test_a_page_break_adds_no_paragraph():
    word = opened(Paragraph("One"), PageBreak(), Paragraph("Two"))
    assert [each.text for each in word.paragraphs] == ["T", "One", "Two"]
    assert word.paragraphs[2].paragraph_format.page_break_before


def test_runs_keep_weight_slope_and_language():
    word = opened(Paragraph((Run("a", bold=True), Run("b", italic=True), Run("c", lang="gd"))))
    bold, slanted, gaelic = word.paragraphs[1].runs
    assert bold.bold
    assert slanted.italic
    assert gaelic._r.xpath("./w:rPr/w:lang/@w:val") == ["gd"]


def test_a_box_is_paragraphs_in_reading_order():
    word = opened(Box("Aside", (Paragraph("Words"), Bullets(("item",)))), Paragraph("After"))
    assert [(each.text, each.style.name) for each in word.paragraphs[1:]] == [
        ("Aside", "Box Title"), ("Words", "Box Text"), ("item", "Box List Bullet"),
        ("After", "Body Text"),
    ]  # fmt: skip
