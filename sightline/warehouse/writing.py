"""Writes a workbook of one sheet, a row at a time, into memory.

openpyxl writes a sheet to a temporary file first, and what somebody sent is never in the clear on
a disk. So this writes the few parts a workbook needs itself. Formulas are not written: text stays
text.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO, Final, TypeAlias
from xml.sax.saxutils import escape, quoteattr

from sightline.warehouse.reading.shapes import address

MOST_ROWS: Final = 1_048_576
_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_A_NAME: Final = re.compile(r"[\[\]:*?/\\]")
_EPOCH: Final = dt.datetime(1899, 12, 30)
_DAY: Final = dt.timedelta(days=1)

Written: TypeAlias = str | int | float | bool | Decimal | dt.date | None


@dataclass(frozen=True)
class Marked:
    """A cell to be marked, so that the eye finds it."""

    value: Written


_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS: Final = {
    "[Content_Types].xml": (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{_SHEET_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    # Styles: 0 plain, 1 marked, 2 a day, 3 a day marked, 4 a moment, 5 a moment marked.
    "xl/styles.xml": (
        f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
        '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFFFE08A"/></patternFill></fill>'
        "</fills>"
        '<borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="6">'
        '<xf numFmtId="0" xfId="0"/><xf numFmtId="0" fillId="2" fontId="1" applyFill="1" xfId="0"/>'
        '<xf numFmtId="164" applyNumberFormat="1" xfId="0"/>'
        '<xf numFmtId="164" fillId="2" fontId="1" applyFill="1" applyNumberFormat="1" xfId="0"/>'
        '<xf numFmtId="165" applyNumberFormat="1" xfId="0"/>'
        '<xf numFmtId="165" fillId="2" fontId="1" applyFill="1" applyNumberFormat="1" xfId="0"/>'
        '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
        "</cellStyles></styleSheet>"
    ),
}


def write_workbook(
    target: BinaryIO, rows: Iterable[tuple[int, Iterable[Written | Marked]]], *, sheet: str
) -> None:
    """Write rows as (number, cells) to a workbook of one sheet.

    Args:
        target: where to; its place is at the end afterwards.
        rows: in order; numbers may leave gaps, which stay empty.
        sheet: its name; what a name may not hold is left out of it.
    """
    name = _NOT_IN_A_NAME.sub("", _NOT_IN_XML.sub("", sheet)).strip("'")[:31] or "Sheet1"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        for part, text in _PARTS.items():
            archive.writestr(part, text)
        archive.writestr(
            "xl/workbook.xml",
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        with (
            archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member,
            io.TextIOWrapper(member, encoding="utf-8") as xml,
        ):
            xml.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>')
            for number, cells in rows:
                said = (_cell(number, column, cell) for column, cell in enumerate(cells, start=1))
                xml.write(f'<row r="{number}">{"".join(said)}</row>')
            xml.write("</sheetData></worksheet>")


def _cell(row: int, column: int, cell: Written | Marked) -> str:
    marked = isinstance(cell, Marked)
    value = cell.value if isinstance(cell, Marked) else cell
    if value is None or value == "":
        return f'<c r="{address(row, column)}" s="1"/>' if marked else ""
    style, kind, said = _said(value)
    style += marked
    at = f'r="{address(row, column)}"' + (f' s="{style}"' if style else "")
    if kind == "inlineStr":
        return f'<c {at} t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'
    return f"<c {at}{kind}><v>{said}</v></c>"


def _said(value: Written) -> tuple[int, str, str]:
    """Style, type and text of a value."""
    if isinstance(value, bool):
        return 0, ' t="b"', str(int(value))
    if isinstance(value, int | float | Decimal):
        return 0, "", format(value, "f") if isinstance(value, Decimal) else repr(value)
    if isinstance(value, dt.date):
        moment = value if isinstance(value, dt.datetime) else dt.datetime(*value.timetuple()[:3])
        serial = (moment.replace(tzinfo=None) - _EPOCH) / _DAY
        style = 4 if isinstance(value, dt.datetime) and value.time() != dt.time() else 2
        if serial >= 61:  # noqa: PLR2004 - before March 1900 Excel counts a day that never was
            return style, "", repr(serial).removesuffix(".0")
        value = value.isoformat()
    return 0, "inlineStr", escape(_NOT_IN_XML.sub("", str(value)))
