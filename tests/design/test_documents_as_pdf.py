"""The PDF: tagged, titled, in a language, with alternative text, in reading order."""

import io
import threading
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from sightline.design.charts import examples as charts
from sightline.design.documents import (
    Document,
    Figure,
    Heading,
    Paragraph,
    Run,
    Table,
    example,
    pdf,
    to_docx,
    to_pdf,
)
from sightline.kernel.errors import BadInput, NotAvailable

pytest.importorskip("typst", reason="the reports requirements are not installed")


@pytest.fixture(scope="module")
def made() -> bytes:
    return to_pdf(example())


@pytest.fixture(scope="module")
def reader(made) -> PdfReader:
    return PdfReader(io.BytesIO(made))


def _elements(node: Any) -> Iterator[DictionaryObject]:
    """Every element of the structure tree, in reading order."""
    node = node.get_object() if isinstance(node, IndirectObject) else node
    if isinstance(node, ArrayObject):
        for each in node:
            yield from _elements(each)
    elif isinstance(node, DictionaryObject):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from _elements(node["/K"])


@pytest.fixture(scope="module")
def elements(reader) -> list[DictionaryObject]:
    return list(_elements(reader.trailer["/Root"]["/StructTreeRoot"]))


def kinds(elements: list[DictionaryObject]) -> list[str]:
    return [str(each["/S"]) for each in elements]


def pages_of(made: bytes) -> list[str]:
    """The text of each page."""
    found = []
    with closing(pypdfium2.PdfDocument(made)) as opened:
        for number in range(len(opened)):
            with closing(opened[number]) as page, closing(page.get_textpage()) as text:
                found.append(text.get_text_range())
    return found


def words_of(made: bytes) -> str:
    return "\n".join(pages_of(made))


def test_the_file_says_that_it_is_tagged_accessible_and_what_it_is_called(reader, made):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == example().title
    assert reader.metadata.author == "The joint team"
    assert reader.metadata["/Keywords"] == "example, Strathgarry"
    assert reader.metadata.creation_date is not None
    assert (reader.metadata.creation_date.year, reader.metadata.creation_date.month) == (2024, 6)
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert made.startswith(b"%PDF-1.")


def test_bookmarks_lead_to_the_headings(reader):
    titles = [each.title for each in reader.outline if not isinstance(each, list)]
    assert titles == ["What this report is about", "What we found", "What happens next"]


def test_every_figure_has_the_charts_own_alternative_text(elements):
    figures = [each for each in elements if each["/S"] == "/Figure"]
    assert [str(each["/Alt"]) for each in figures] == [chart.alt for _, chart in charts()]


def test_headings_keep_their_levels_and_none_is_skipped(elements):
    levels = [int(kind[2:]) for kind in kinds(elements) if kind[:2] == "/H" and kind[2:].isdigit()]
    assert levels[0] == 1
    assert set(levels) == {1, 2, 3, 4}
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert "/Title" in kinds(elements)


def test_tables_have_header_cells_for_their_columns(elements):
    tables = [each for each in elements if each["/S"] == "/Table"]
    assert len(tables) == 1 + len(charts())
    for table in tables:
        inside = list(_elements(table["/K"]))
        heads = [each for each in inside if each["/S"] == "/TH"]
        rows = [each for each in inside if each["/S"] == "/TR"]
        cells = [each for each in inside if each["/S"] == "/TD"]
        assert heads
        assert len(cells) == len(heads) * (len(rows) - 1)
        attributes = [
            each["/A"][0] if isinstance(each["/A"], list) else each["/A"] for each in heads
        ]
        assert {str(each["/Scope"]) for each in attributes} == {"/Column"}


def test_every_word_of_the_document_is_printed_in_reading_order(made):
    said = " ".join(words_of(made).split())
    places = [
        said.index(words)
        for words in (
            "How well services work together", "Not to be published", "Contents",
            "This report looks at how services", "At a glance", "Figure 1.", "Table 1.",
            "The partnership prepares a plan", "they are not estimates",
        )
    ]  # fmt: skip
    assert places == sorted(places)


def test_text_inside_the_pictures_is_drawn_with_a_font_we_carry(reader):
    fonts = {
        str(font.get_object()["/BaseFont"]).split("+")[-1]
        for page in reader.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert fonts
    assert all(name.startswith(("Roboto", "Libertinus")) for name in fonts)


def test_text_in_a_picture_is_there_even_without_our_fonts(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "_FONTS", tmp_path / "none")
    name, chart = charts()[1]
    made = to_pdf(Document(title="T", blocks=(Heading(1, name), Figure(chart, with_table=False))))
    assert "Glen Orrin" in words_of(made)


def test_pages_are_numbered_and_carry_title_and_status(made, reader):
    pages = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Not to be published" in page
    for page in pages[1:]:
        assert page.startswith("How well services work together in Strathgarry Draft")


def test_headings_of_a_long_table_stand_on_every_page_it_runs_over():
    rows = tuple((f"Area {number}", str(number)) for number in range(120))
    made = to_pdf(Document(title="T", blocks=(Table("Long", ("Area", "Records read"), rows),)))
    pages = pages_of(made)
    assert len(pages) > 2
    assert all("Records read" in page for page in pages)


@pytest.mark.parametrize(
    "words",
    [
        "#import \"x\"", "*not bold* _nor slanted_", "$ x^2 $", "@label <label>", "= Not a heading",
        "\\ #{sys.inputs}", "`raw`", "// not a comment", "<b>&amp;</b>", "“Ròs” ≥ 5 → 6 ✓ ☐",
    ],
)  # fmt: skip
def test_nothing_a_person_types_is_read_as_markup(words):
    made = to_pdf(
        Document(
            title=words, subtitle=words, status=words, author=words, keywords=(words,),
            blocks=(
                Heading(1, words), Paragraph((Run(words, bold=True), Run(words, lang="gd"))),
                Table(words, (words,), ((words,),)),
            ),
        )
    )  # fmt: skip
    said = "".join(words_of(made).split())
    assert said.count("".join(words.split())) >= 6
    assert PdfReader(io.BytesIO(made)).metadata.title == words


def test_a_character_no_font_has_is_refused_by_name():
    with pytest.raises(BadInput, match="cannot show “\U0010fffd”: no font here has it"):
        to_pdf(Document(title="T", blocks=(Paragraph("See \U0010fffd here"),)))


def test_many_at_once_come_out_whole_and_alike():
    documents = [
        Document(
            title=f"Report {number}", blocks=(Paragraph(f"Number {number}."),), date="1 May 2024"
        )
        for number in range(6)
    ]
    found: dict[int, bytes] = {}

    def make(number: int) -> None:
        found[number] = to_pdf(documents[number])

    threads = [threading.Thread(target=make, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(6):
        assert f"Number {number}." in words_of(found[number])


def test_without_the_reports_requirements_it_says_how_to_get_them(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    with pytest.raises(NotAvailable, match=r"Install the reports requirements \(pip install"):
        to_pdf(example())
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    with pytest.raises(NotAvailable, match="Install the reports requirements"):
        to_docx(example())
