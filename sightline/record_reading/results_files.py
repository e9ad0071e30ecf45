"""Results as files: one row a figure. They hold what may leave the team that read, and no more."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sightline.design.documents import (
    Contents,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Table,
    to_pdf,
)
from sightline.design.spreadsheets import Cell, Sheet, to_csv, to_xlsx
from sightline.kernel.errors import NotFound
from sightline.kernel.measures import State
from sightline.record_reading import asking
from sightline.record_reading import results_presenters as presenters
from sightline.record_reading.counting import WAYS, Unit, base_words
from sightline.record_reading.results import Share
from sightline.record_reading.results_names import reference_to
from sightline.record_reading.results_queries import Results
from sightline.stats.disclosure import ShownSeries
from sightline.stats.quantity import Terms

FORMATS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "json": "application/json",
}
HEADER: Final = (
    "Section", "Question", "Code", "Wording", "Agency", "Answer", "Split by", "Group", "Records",
    "Out of", "Of which records", "Per cent", "At least", "At most",
)  # fmt: skip
_NAMES: Final = (
    "section", "question", "code", "wording", "agency", "answer", "split_by", "group", "records",
    "out_of", "of_which_records", "per_cent", "at_least", "at_most",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One figure: of all records, or of one group.

    Attributes:
        wording: the version of the question's words; figures of another do not compare.
        way: the code of the way it is split by, or nothing.
        reference: how `permissions.get_measure_for` is asked for it.
    """

    section: str
    unit: Unit
    answer: str
    way: str
    share: Share
    base_words: str
    reference: str

    def cells(self) -> tuple[Cell, ...]:
        """As a row of a spreadsheet."""
        one, item = self.share, self.unit.item
        gap = one.state if one.n is None else State.SUPPRESSED
        interval = one.interval if one.per_cent is not None else None
        return (
            self.section, item.text, item.code, item.wording,
            asking.agency_label(self.unit.agency) if self.unit.agency else "", self.answer,
            WAYS[self.way] if self.way else "All records",
            one.label if self.way else "All records",
            gap if one.n is None else one.n, State.SUPPRESSED if one.base is None else one.base,
            self.base_words, gap if one.per_cent is None else one.per_cent,
            round(100 * interval.low, 1) if interval else gap,
            round(100 * interval.high, 1) if interval else gap,
        )  # fmt: skip

    def plain(self) -> dict[str, Any]:
        """As data: what is not shown is null, and `state` says why."""
        cells = [None if isinstance(cell, State) else cell for cell in self.cells()]
        named = dict(zip(_NAMES, cells, strict=True))
        return {"reference": self.reference, **named, "state": self.share.state.value}


def rows(found: Results) -> Iterator[Row]:
    """Every figure that was opened, question by question: answers, bands, then groups."""
    for section in found.template.sections:
        for unit in (one for one in found.units if one.item in section.items):
            if found.everybody(unit) is not None:
                yield from _of_unit(found, section.title, unit)


def _of_unit(found: Results, section: str, unit: Unit) -> Iterator[Row]:
    words = base_words(found.template, unit).removeprefix("of the ")
    for one in found.answers(unit):
        if one.code in dict(unit.answers):
            asked = reference_to(found.round, unit.code, one.code, answer=True)
            yield Row(section, unit, one.label, "", one, words, asked)
    for name in unit.wide_bands:
        band = asking.band_label(name).capitalize()
        whole = found.band(unit, name)
        if whole is not None:
            asked = reference_to(found.round, unit.code, name)
            yield Row(section, unit, band, "", whole, words, asked)
    for way, _ in found.split_by(unit):
        for name in found.shown_by(unit, way):
            band = asking.band_label(name).capitalize()
            for one in found.by(unit, way, name):
                asked = reference_to(found.round, unit.code, name, group=(way, one.code))
                yield Row(section, unit, band, way, one, words, asked)


def figures(found: Results) -> list[dict[str, Any]]:
    """Every figure that was opened as plain data, by the titles of `HEADER`."""
    return [dict(zip(HEADER, row.cells(), strict=True)) for row in rows(found)]


def file_of(found: Results, kind: str, terms: Terms) -> bytes:
    """The results as a file of one of `FORMATS`.

    Raises:
        NotFound: there is no such kind.
    """
    if kind not in FORMATS:
        raise NotFound(f"There is no {kind} of results. There are: {', '.join(FORMATS)}.")
    if kind == "pdf":
        return to_pdf(document(found, terms))
    if kind == "csv":
        return _csv(found, found.series)
    if kind == "xlsx":
        return _workbook(found, found.series)
    return _measures(found)


def _csv(found: Results, shown: Mapping[str, ShownSeries]) -> bytes:
    return to_csv(HEADER, [row.cells() for row in rows(found)] if shown else [])


def about(found: Results) -> tuple[str, ...]:
    """What every file says of itself."""
    round, read = found.round, found.read
    held = sum(one.held for one in found.strata.values())
    return (
        f"{round.title}. Template {round.template}.",
        f"{'[c]' if read is None else read} records were read, of {held} children in scope. Groups "
        f"of fewer than {round.base} are counted together with others.",
        "Out of: records that were asked the question and answered it. “Not expected for this "
        "child” is in no base, and neither is what two readers left as two views.",
        "At least and at most: the 95 per cent Wilson interval in per cent, corrected for how many "
        "of the children in scope had their records read. Under 20 records counts are given alone.",
        "These are the figures that may leave the team that read. [c]: too few to show, or hidden "
        "so that a small number cannot be worked out.",
    )


def _workbook(found: Results, shown: Mapping[str, ShownSeries]) -> bytes:
    every = list(rows(found)) if shown else []
    whole = tuple(row.cells() for row in every if not row.way)
    split = tuple(row.cells() for row in every if row.way)
    sheets = [Sheet("All records", f"{found.round.title}: all records", HEADER, whole)]
    if split:
        sheets.append(Sheet("By group", f"{found.round.title}: by group", HEADER, split))
    return to_xlsx(sheets, title=found.round.title, notes=about(found))


def _measures(found: Results) -> bytes:
    round = found.round
    data = {
        "round": f"{round.area}/{round.slug}",
        "title": round.title,
        "template": round.template,
        "inspection": round.inspection,
        "read": found.read,
        "base_for_reporting": round.base,
        "measures": [row.plain() for row in rows(found)],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def document(found: Results, terms: Terms) -> Document:
    """The results as a document: section by section a table and charts, then groups."""
    locked = found.round.locked_at
    blocks: list[Any] = [Contents(), *(Paragraph(text) for text in about(found))]
    for part in presenters.parts(found, terms):
        blocks += [Heading(1, part.title), _all_of(part), *(Figure(one) for one in part.charts)]
        for unit in found.units:
            if unit.code in {line.code for line in part.lines}:
                blocks += _groups(found, unit)
    blocks.append(Note("[c]: too few to show, or hidden to protect a small number."))
    return Document(
        title=found.round.title, subtitle="Results of record reading",
        date=f"{locked.day} {locked:%B %Y}" if locked else "", blocks=tuple(blocks),
    )  # fmt: skip


def _all_of(part: presenters.Part) -> Table:
    return Table(
        caption=f"{part.title}: all records",
        header=("Question", "Band", "How many", "Could be", "Of which records"),
        rows=tuple(
            (one.text, one.band, one.share.counted if one.share else "[c]",
             (one.share.between if one.share else "") or "[z]", one.out_of)
            for one in part.lines
        ),
    )  # fmt: skip


def _groups(found: Results, unit: Unit) -> Iterator[Table]:
    for way, title in found.split_by(unit):
        table = presenters.by_way(found, unit, way)
        if table is not None:
            yield Table(
                caption=f"{unit.short}, by {title.lower()}",
                header=(title, *(name.capitalize() for name in table.bands)),
                rows=tuple((label, *(s.counted for s in shares)) for label, shares in table.rows),
            )
