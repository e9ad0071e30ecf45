"""A document as Word: real styles, header rows that repeat, alternative text on every picture."""

import io
from collections.abc import Iterator
from typing import Any

from sightline.design.charts.model import WIDE, Chart, numeric_columns
from sightline.design.documents import word_marks as marks
from sightline.design.documents.model import (
    Box,
    Contents,
    Document,
    Facts,
    Figure,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Placed,
    Table,
    Text,
    placed,
    runs,
)
from sightline.design.documents.pdf import pictures
from sightline.design.documents.tree import IN_CONTENTS
from sightline.design.documents.widths import shares
from sightline.design.documents.word_styles import new_document

_COLUMN_MM = 166


def to_docx(document: Document) -> bytes:
    """The document as a Word file.

    Raises:
        NotAvailable: the reports requirements are not installed.
        BadInput: a chart holds a character that no font here can show.
    """
    return _Writer(document).written()


class _Writer:
    """Writes one document, block by block."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.every = placed(document)
        self.word = new_document(document)
        self.breaking = False
        figures = [each.block for each in self.every if isinstance(each.block, Figure)]
        drawn = pictures([str(figure.chart.svg(width=WIDE)) for figure in figures])
        self.pictures: Iterator[bytes] = iter(drawn)

    def written(self) -> bytes:
        """The file's bytes."""
        self._front()
        for each in self.every:
            self._block(each)
        made = io.BytesIO()
        self.word.save(made)
        return made.getvalue()

    def _front(self) -> None:
        self._plain(self.document.title, "Title")
        if self.document.subtitle:
            self._plain(self.document.subtitle, "Subtitle")
        for name, value in self.document.front:
            self._fact(name, value)

    def _block(self, each: Placed) -> None:
        block = each.block
        if isinstance(block, PageBreak):
            self.breaking = True
        elif isinstance(block, Heading):
            paragraph = self._plain(block.text, f"Heading {block.level}")
            marks.bookmark(paragraph, each.anchor)
        elif isinstance(block, Contents):
            self._contents(block)
        elif isinstance(block, Table):
            self._table(each, block)
        elif isinstance(block, Figure):
            self._figure(each, block)
        elif isinstance(block, Box):
            self._plain(block.title, "Box Title")
            for inner in block.blocks:
                self._words(inner, "Box ")
        else:
            self._words(block, "")

    def _words(self, block: Any, where: str) -> None:
        if isinstance(block, Paragraph):
            self._runs(block.text, "Box Text" if where else "Body Text")
        elif isinstance(block, Note):
            self._runs(block.text, "Box Text" if where else "Note")
        elif isinstance(block, Facts):
            for name, value in block.pairs:
                self._fact(name, value, style="Box Text" if where else "Fact")
        else:
            style = "List Number" if block.ordered else "List Bullet"
            start = None
            for item in block.items:
                paragraph = self._runs(item, f"Box {style}" if where else style)
                if block.ordered:
                    start = marks.numbered(self.word, paragraph, start)

    def _paragraph(self, style: str) -> Any:
        paragraph = self.word.add_paragraph(style=style)
        if self.breaking:
            paragraph.paragraph_format.page_break_before = True
            self.breaking = False
        return paragraph

    def _plain(self, text: str, style: str) -> Any:
        paragraph = self._paragraph(style)
        paragraph.add_run(text)
        return paragraph

    def _runs(self, text: Text, style: str) -> Any:
        paragraph = self._paragraph(style)
        marks.add_runs(paragraph, runs(text))
        return paragraph

    def _fact(self, name: str, value: Text, *, style: str = "Fact") -> None:
        paragraph = self._paragraph(style)
        paragraph.add_run(f"{name}:").bold = True
        paragraph.add_run(" " if style != "Fact" else "\t")
        marks.add_runs(paragraph, runs(value))

    def _contents(self, block: Contents) -> None:
        self._plain(block.title, "Contents Title")
        entries = [
            (each.block.text, each.block.level, each.anchor)
            for each in self.every
            if isinstance(each.block, Heading) and each.block.level <= IN_CONTENTS
        ]
        paragraphs = [self._paragraph(f"TOC {level}") for _, level, _ in entries]
        marks.contents(paragraphs, entries)

    def _table(self, each: Placed, block: Table) -> None:
        caption = self._plain(f"Table {each.number}. {block.caption}", "Caption")
        marks.bookmark(caption, each.anchor)
        self._grid(block.header, block.rows, block.caption, row_header=block.row_header)
        for note in block.notes:
            self._plain(note, "Note")

    def _figure(self, each: Placed, block: Figure) -> None:
        chart = block.chart
        caption = self._plain(f"Figure {each.number}. {chart.headline}", "Caption")
        marks.bookmark(caption, each.anchor)
        if chart.subtitle:
            self._plain(chart.subtitle, "Figure Subtitle")
        paragraph = self._paragraph("Picture")
        marks.picture(paragraph, next(self.pictures), chart, width_mm=_COLUMN_MM)
        if block.with_table:
            said = f"The figures of figure {each.number}: {chart.headline}"
            self._grid(chart.header, chart.rows, said, row_header=True)
        for note in _under(chart, with_key=block.with_table):
            self._plain(note, "Note")

    def _grid(
        self,
        header: tuple[str, ...],
        rows: tuple[tuple[str, ...], ...],
        said: str,
        *,
        row_header: bool,
    ) -> None:
        numeric = numeric_columns(rows)
        widths = [share * _COLUMN_MM for share in shares(header, rows, numeric)]
        marks.table(
            self.word, header, rows, said=said, numeric=numeric, widths_mm=widths,
            row_header=row_header,
        )  # fmt: skip


def _under(chart: Chart, *, with_key: bool) -> list[str]:
    lines = list(chart.notes)
    if with_key and chart.key:
        lines.append("; ".join(f"{sign} means {said}" for sign, said in chart.key) + ".")
    if chart.source:
        lines.append(f"Source: {chart.source}")
    return lines
