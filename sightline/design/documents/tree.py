"""The document as plain data: what the page's template and the PDF's template are both given."""

from typing import Any

from sightline.design.charts import Chart
from sightline.design.charts.model import numeric_columns
from sightline.design.documents.model import (
    Box,
    Bullets,
    Contents,
    Document,
    Facts,
    Figure,
    Heading,
    Note,
    Paragraph,
    Placed,
    Table,
    Text,
    placed,
    runs,
)

IN_CONTENTS = 2
"""The deepest level of heading that the contents list."""


def as_data(document: Document) -> dict[str, Any]:
    """The whole document as strings, numbers, lists and mappings (the chart objects apart)."""
    every = placed(document)
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "status": document.status,
        "language": document.language,
        "date": document.date,
        "author": document.author,
        "keywords": list(document.keywords),
        "front": [list(pair) for pair in document.front],
        "contents": [
            {"text": each.block.text, "level": each.block.level, "anchor": each.anchor}
            for each in every
            if isinstance(each.block, Heading) and each.block.level <= IN_CONTENTS
        ],
        "blocks": _blocks(every),
    }


def _blocks(every: tuple[Placed, ...]) -> list[dict[str, Any]]:
    made = []
    level = 0
    for each in every:
        data = _block(each)
        if isinstance(each.block, Heading):
            level = each.block.level
        data["under"] = level
        made.append(data)
    return made


def _block(each: Placed) -> dict[str, Any]:
    block = each.block
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text, "anchor": each.anchor}
    if isinstance(block, Table):
        return {
            "kind": "table",
            "caption": block.caption,
            "header": list(block.header),
            "rows": [list(row) for row in block.rows],
            "notes": list(block.notes),
            "row_header": block.row_header,
            "numeric": numeric_columns(block.rows),
            "anchor": each.anchor,
            "number": each.number,
        }
    if isinstance(block, Figure):
        return {
            "kind": "figure",
            **_chart(block.chart),
            "with_table": block.with_table,
            "anchor": each.anchor,
            "number": each.number,
        }
    if isinstance(block, Box):
        inner = [_block(Placed(inside)) for inside in block.blocks]
        return {"kind": "box", "title": block.title, "blocks": inner}
    return _words(block)


def _words(block: Any) -> dict[str, Any]:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "runs": _runs(block.text)}
    if isinstance(block, Note):
        return {"kind": "note", "runs": _runs(block.text)}
    if isinstance(block, Bullets):
        items = [_runs(item) for item in block.items]
        return {"kind": "bullets", "ordered": block.ordered, "items": items}
    if isinstance(block, Facts):
        return {"kind": "facts", "pairs": [[name, _runs(value)] for name, value in block.pairs]}
    if isinstance(block, Contents):
        return {"kind": "contents", "title": block.title}
    return {"kind": "break"}


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "headline": chart.headline,
        "subtitle": chart.subtitle,
        "alt": chart.alt,
        "header": list(chart.header),
        "rows": [list(row) for row in chart.rows],
        "numeric": numeric_columns(chart.rows),
        "notes": list(chart.notes),
        "key": [list(pair) for pair in chart.key],
        "source": chart.source,
        "chart": chart,
    }


def _runs(text: Text) -> list[dict[str, Any]]:
    return [
        {
            "text": run.text,
            "bold": run.bold,
            "italic": run.italic,
            "href": run.href,
            "lang": run.lang,
        }
        for run in runs(text)
    ]
