"""A document as tagged PDF (PDF/UA-1), set by Typst from a fixed template.

The content travels as JSON: nothing a person typed is ever read as Typst markup.
"""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

from sightline.design.charts.model import WIDE
from sightline.design.documents.model import Document
from sightline.design.documents.tree import as_data
from sightline.design.documents.widths import shares
from sightline.kernel.errors import BadInput, NotAvailable

_TEMPLATES = Path(__file__).resolve().parents[1] / "typst"
_FONTS = Path(__file__).resolve().parents[1] / "static" / "vendor" / "fonts"
_UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_MISSING = (
    "{what} cannot be made here: the package {package} is not installed. "
    "Install the reports requirements (pip install --require-hashes -r requirements/reports.txt)."
)


def to_pdf(document: Document) -> bytes:
    """The document as a tagged, accessible PDF.

    Raises:
        NotAvailable: the reports requirements are not installed.
        BadInput: a character that no font here can show.
    """
    data = as_data(document)
    for block in data["blocks"]:
        if block["kind"] in {"figure", "table"}:
            block["shares"] = shares(block["header"], block["rows"], block["numeric"])
        if block["kind"] == "figure":
            block["svg"] = str(block.pop("chart").svg(width=WIDE))
    data["footer"] = " · ".join(part for part in (document.classification, document.date) if part)
    data["day"] = _day(document.date)
    made: bytes = compiled("report.typ", data, format="pdf", pdf_standards=["ua-1"])
    return made


def pictures(svgs: list[str]) -> list[bytes]:
    """Each SVG as a PNG, 200 points to the inch, for formats that cannot hold SVG."""
    if not svgs:
        return []
    pages = compiled("pictures.typ", {"svgs": svgs}, format="png", ppi=200)
    return pages if isinstance(pages, list) else [pages]


def compiled(template: str, data: dict[str, Any], **options: Any) -> Any:
    """What Typst makes of a template and its data. Nothing is shared between calls.

    Our own fonts come first, so that a report looks the same wherever it is made. Only a character
    that none of them has sends us to the machine's fonts: an accessible PDF may not leave it out.
    """
    try:
        import typst
    except ImportError as missing:
        raise NotAvailable(_MISSING.format(what="A PDF", package="typst")) from missing
    given = {
        "root": str(_TEMPLATES),
        "font_paths": [str(_FONTS)] if _FONTS.is_dir() else [],
        "sys_inputs": {"data": json.dumps(data, ensure_ascii=False)},
        **options,
    }
    path = str(_TEMPLATES / template)
    try:
        return typst.compile(path, ignore_system_fonts=True, **given)
    except typst.TypstError as refusal:
        if not _UNDRAWN.search(str(refusal)):
            raise
    try:
        return typst.compile(path, ignore_system_fonts=False, **given)
    except typst.TypstError as refusal:
        undrawn = _UNDRAWN.search(str(refusal))
        if undrawn is None:
            raise
        raise BadInput(
            f"The PDF cannot show “{_as_typed(undrawn.group(1))}”: no font here has it. "
            "Take it out, or install a font of that script on this machine (a Noto font)."
        ) from refusal


def _as_typed(escaped: str) -> str:
    """Typst names a character it cannot print by its number; people know it by its look."""
    return re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), escaped)


def _day(date: str) -> list[int]:
    """Year, month and day of a date that names one; else nothing, and today is recorded."""
    for pattern in ("%d %B %Y", "%Y-%m-%d"):
        try:
            read = dt.datetime.strptime(date, pattern)
        except ValueError:
            continue
        return [read.year, read.month, read.day]
    return []
