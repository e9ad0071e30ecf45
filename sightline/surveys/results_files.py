"""Results as files: one row an answer and group. They hold what pages show and nothing more."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
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
from sightline.stats.disclosure import ShownSeries
from sightline.stats.quantity import Terms
from sightline.surveys import results_presenters as presenters
from sightline.surveys.definitions import Item, said
from sightline.surveys.results import Share, measured, shares
from sightline.surveys.results_queries import Results, counted_items

FORMATS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "pdf": "application/pdf",
    "json": "application/json",
}
HEADER: Final = (
    "Question", "Code", "Wording", "Answer", "Grouping", "Group", "People", "Out of", "Per cent",
    "At least", "At most",
)  # fmt: skip
_NAMES: Final = (
    "question", "code", "wording", "answer", "grouping", "group", "people", "out_of", "per_cent",
    "at_least", "at_most", "state",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One figure: of everybody, or of one group.

    Attributes:
        wording: the version of the question's words; figures of another do not compare.
        reference: how `permissions.get_measure_for` is asked for it.
    """

    item: Item
    text: str
    answer: str
    grouping: str
    share: Share
    reference: str

    def cells(self) -> tuple[Cell, ...]:
        """As a row of a spreadsheet."""
        one = self.share
        interval = one.interval
        low = round(100 * interval.low, 1) if interval else State.SUPPRESSED
        high = round(100 * interval.high, 1) if interval else State.SUPPRESSED
        people: Cell = one.n if one.n is not None else State.SUPPRESSED
        per_cent: Cell = one.per_cent if one.per_cent is not None else State.SUPPRESSED
        base: Cell = one.base if one.base is not None else State.SUPPRESSED
        group = one.label if self.grouping else "Everybody"
        return (
            self.text, self.item.code, self.item.wording, self.answer,
            self.grouping or "Everybody", group, people, base, per_cent, low, high,
        )  # fmt: skip


def rows(found: Results, shown: Mapping[str, ShownSeries]) -> Iterator[Row]:
    """Every figure of these series, question by question: answers, measures, then groups."""
    language = found.asked.languages[0]
    titles = {item.code: said(item.text, language) for item in found.asked.items()}
    where = f"{found.survey.area}/{found.survey.slug}"
    for item in counted_items(found.asked):
        series = shown.get(found.code(item))
        if series is None:
            continue
        text = titles[item.code]
        for one in shares(series.shown):
            yield Row(item, text, one.label, "", one, f"{where}/{item.code}={one.code}")
        for name in item.measures:
            whole = measured(item, name, series.shown)
            yield Row(item, text, _words(name), "", whole, f"{where}/{item.code}:{name}")
        for name, grouping in found.splits(item):
            split = shown.get(found.code(item, name, grouping))
            for one in shares(split.shown) if split else ():
                asked = f"{where}/{item.code}:{name}?{grouping}={one.code}"
                yield Row(item, text, _words(name), titles.get(grouping, grouping), one, asked)


def _words(name: str) -> str:
    return name.replace("-", " ").capitalize()


def figures(found: Results) -> list[dict[str, Any]]:
    """Every figure that was opened as plain data, by the titles of `HEADER`."""
    every = rows(found, found.series)
    return [dict(zip(HEADER, row.cells(), strict=True)) for row in every]


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
    every = list(rows(found, found.series))
    return _parquet(every) if kind == "parquet" else _measures(found, every)


def _csv(found: Results, shown: Mapping[str, ShownSeries]) -> bytes:
    return to_csv(HEADER, [row.cells() for row in rows(found, shown)])


def _about(found: Results) -> tuple[str, ...]:
    survey = found.survey
    return (
        f"{survey.title}. Questionnaire {survey.questionnaire}.",
        f"{found.answered or '[c]'} {found.who} answered. Groups of fewer than {survey.base} are "
        "counted together with others.",
        "At least and at most: the 95 per cent Wilson interval, in per cent.",
        "Out of: those who answered the question; “I don't know” is an answer, “I don't want to "
        "say” and a skipped question are not.",
    )


def _workbook(found: Results, shown: Mapping[str, ShownSeries]) -> bytes:
    every = list(rows(found, shown))
    everybody = tuple(row.cells() for row in every if not row.grouping)
    grouped = tuple(row.cells() for row in every if row.grouping)
    sheets = [
        Sheet("Everybody", f"{found.survey.title}: everybody", HEADER, everybody),
        *(
            [Sheet("By group", f"{found.survey.title}: by group", HEADER, grouped)]
            if grouped
            else []
        ),
    ]
    return to_xlsx(sheets, title=found.survey.title, notes=_about(found))


def _plain(row: Row) -> dict[str, Any]:
    cells = [None if isinstance(cell, State) else cell for cell in row.cells()]
    return dict(zip(_NAMES, [*cells, row.share.state.value], strict=True))


def _parquet(every: Sequence[Row]) -> bytes:
    import pyarrow as pa

    from sightline.warehouse import parquet

    kinds = {"wording": pa.int64(), "people": pa.int64(), "out_of": pa.int64(),
             "per_cent": pa.int64(), "at_least": pa.float64(), "at_most": pa.float64()}  # fmt: skip
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in _NAMES])
    table = pa.Table.from_pylist([_plain(row) for row in every], schema=schema)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.parquet"
        parquet.write_table(table, path)
        return path.read_bytes()


def _measures(found: Results, every: Sequence[Row]) -> bytes:
    data = {
        "survey": f"{found.survey.area}/{found.survey.slug}",
        "title": found.survey.title,
        "questionnaire": found.survey.questionnaire,
        "answered": found.answered,
        "base_for_reporting": found.survey.base,
        "measures": [{"reference": row.reference, **_plain(row)} for row in every],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def document(found: Results, terms: Terms) -> Document:
    """The results as a document: a sentence, a chart and a table for each question."""
    closed = found.survey.closed_at
    blocks: list[Any] = [Contents(), *(Paragraph(text) for text in _about(found))]
    for item in counted_items(found.asked):
        one = presenters.question(found, item, terms)
        blocks += [Heading(1, one.text), Paragraph(one.said)]
        if one.chart is not None:
            blocks.append(Figure(one.chart))
        blocks += [_by_group(found, item, group) for group in presenters.groups(found, item)]
        if one.hidden:
            blocks.append(Note("[c]: too few to show, or hidden to protect a small number."))
    return Document(
        title=found.survey.title, subtitle="Results",
        date=f"{closed.day} {closed:%B %Y}" if closed else "", blocks=tuple(blocks),
    )  # fmt: skip


def _by_group(found: Results, item: Item, group: presenters.Group) -> Table:
    return Table(
        caption=f"{said(item.text, found.asked.languages[0])}: {group.measure}, by {group.title}",
        header=("Group", "How many", "Could be"),
        rows=tuple((one.label, one.counted, one.between or "[c]") for one in group.shares),
    )
