"""A document as a fragment of a page: its headings start at h2, under the page's one h1."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from sightline.design.documents.model import Document
from sightline.design.documents.tree import as_data

_DEEPEST_IN_HTML = 6


def to_html(document: Document) -> SafeString:
    """The document's blocks as semantic HTML, with anchors, contents and scrollable tables.

    The page shows the title itself: it holds the h1.
    """
    data = as_data(document)
    for block in data["blocks"]:
        _for_page(block)
    data["contents"] = _nested(data["contents"])
    rendered = render_to_string("design/documents/document.html", data)
    return mark_safe(rendered)  # noqa: S308 - made by a template, which escapes


def _nested(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The contents with each part's own headings under it."""
    parts: list[dict[str, Any]] = []
    for entry in entries:
        if entry["level"] == 1:
            parts.append({**entry, "under": []})
        else:
            parts[-1]["under"].append(entry)
    return parts


def _for_page(block: dict[str, Any]) -> None:
    """Put in what the template would otherwise have to work out."""
    kind = block["kind"]
    if kind == "heading":
        block["tag"] = f"h{block['level'] + 1}"
    elif kind == "bullets":
        block["tag"] = "ol" if block["ordered"] else "ul"
        block["list"] = block.pop("items")
    elif kind == "figure":
        block["level"] = min(block["under"] + 2, _DEEPEST_IN_HTML)
        block["table"] = "yes" if block["with_table"] else "no"
    elif kind == "table":
        numeric = block["numeric"]
        block["rows"] = [list(zip(row, numeric, strict=True)) for row in block["rows"]]
        block["header"] = list(zip(block["header"], numeric, strict=True))
    elif kind == "box":
        for inner in block["blocks"]:
            _for_page(inner)
