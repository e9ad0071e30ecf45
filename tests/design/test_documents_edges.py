"""Documents at their edges: no headings, a figure with the least words, faults of a template."""

import io
from dataclasses import replace
from typing import Any

import pytest

from sightline.design.charts import Point, bars
from sightline.design.documents import (
    Box,
    Bullets,
    Contents,
    Document,
    Facts,
    Figure,
    Heading,
    Note,
    Paragraph,
    pdf,
    to_docx,
)

typst = pytest.importorskip("typst", reason="the reports requirements are not installed")
docx = pytest.importorskip("docx", reason="the reports requirements are not installed")

BARE = bars(headline="North has more", subtitle="", points=[Point("North", 3)], measure="Records")
UNDRAWN = 'the text `"x"` could not be displayed'


def styled(*blocks: Any) -> list[tuple[str, str]]:
    """Style and text of each paragraph of the Word file, its title left out."""
    word = docx.Document(io.BytesIO(to_docx(Document(title="T", blocks=blocks))))
    return [(each.style.name, each.text) for each in word.paragraphs[1:]]


def test_a_document_without_headings_has_a_list_of_contents_without_lines():
    assert styled(Contents("What is here"), Paragraph("Text.")) == [
        ("Contents Title", "What is here"),
        ("Body Text", "Text."),
    ]


def test_headings_below_the_second_level_are_not_in_the_contents():
    found = styled(Contents(), Heading(1, "One"), Heading(2, "Two"), Heading(3, "Three"))
    assert [text for style, text in found if style.lower().startswith("toc")] == ["One", "Two"]


def test_a_figure_has_under_it_only_what_it_has_words_for():
    assert [style for style, _ in styled(Figure(BARE))] == ["Caption", "Picture"]
    full = replace(BARE, subtitle="Of the area", notes=("A note.",), source="The register")
    assert [text for style, text in styled(Figure(full)) if style != "Picture"] == [
        "Figure 1. North has more",
        "Of the area",
        "A note.",
        "Source: The register",
    ]


def test_a_figure_may_leave_its_table_to_another_place():
    def tables(figure: Figure) -> int:
        made = to_docx(Document(title="T", blocks=(figure,)))
        return len(docx.Document(io.BytesIO(made)).tables)

    assert tables(Figure(BARE)) == 1
    assert tables(Figure(BARE, with_table=False)) == 0


def test_every_kind_of_words_keeps_its_kind_in_a_box_and_out_of_it():
    words = (
        Paragraph("Text."),
        Note("Small."),
        Facts((("Area", "Fife"),)),
        Bullets(("First",), ordered=True),
        Bullets(("Any",)),
    )
    assert [style for style, _ in styled(*words)] == [
        "Body Text", "Note", "Fact", "List Number", "List Bullet",
    ]  # fmt: skip
    assert [style for style, _ in styled(Box("Set apart", words))] == [
        "Box Title", "Box Text", "Box Text", "Box Text", "Box List Number", "Box List Bullet",
    ]  # fmt: skip


def test_a_fault_of_the_data_is_not_taken_for_a_character():
    with pytest.raises(typst.TypstError, match="does not contain key"):
        pdf.compiled("report.typ", {}, format="pdf")


def test_a_fault_that_comes_with_the_machine_s_fonts_is_shown_as_it_is(monkeypatch):
    tried = []

    def compiled(path: str, *, ignore_system_fonts: bool, **options: Any) -> bytes:
        tried.append(ignore_system_fonts)
        raise typst.TypstError(UNDRAWN if ignore_system_fonts else "out of memory")

    monkeypatch.setattr(typst, "compile", compiled)
    with pytest.raises(typst.TypstError, match="out of memory"):
        pdf.compiled("report.typ", {}, format="pdf")
    assert tried == [True, False]
