"""The few pieces of Word's own XML that python-docx has no call for, each behind a plain name."""

import io
from collections.abc import Sequence
from typing import Any

from sightline.design.charts import Chart
from sightline.design.documents.model import Run

_HAIR = "B8C2CC"
_NAVY = "002D54"
_TINT = "EEF2F6"


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def field(paragraph: Any, code: str, shown: str) -> None:
    """A field such as PAGE, with the text shown until Word works it out."""
    for kind in ("begin", "code", "separate", "shown", "end"):
        run = paragraph.add_run()
        if kind == "code":
            text = _element("instrText")
            text.text = f" {code} "
            run._r.append(text)
        elif kind == "shown":
            run.text = shown
        else:
            run._r.append(_element("fldChar", fldCharType=kind))


def bookmark(paragraph: Any, name: str) -> None:
    """A place in the text that a link can lead to."""
    number = str(int.from_bytes(name.encode(), "big") % 1_000_000_007)
    start = _element("bookmarkStart", id=number, name=_bookmark_name(name))
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(_element("bookmarkEnd", id=number))


def _bookmark_name(anchor: str) -> str:
    """Word allows letters, digits and underscores, forty of them."""
    return f"_{anchor.replace('-', '_')}"[:40]


def add_runs(paragraph: Any, runs: Sequence[Run]) -> None:
    """Runs of text with what each carries: weight, slope, language, link."""
    for run in runs:
        if not run.href:
            _dress(paragraph.add_run(run.text), run)
        else:
            _link(paragraph, run)


def _dress(made: Any, run: Run) -> None:
    if run.bold:
        made.bold = True
    if run.italic:
        made.italic = True
    if run.lang:
        made._r.get_or_add_rPr().append(_element("lang", val=run.lang))


def _link(paragraph: Any, run: Run) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml.ns import qn

    if run.href.startswith("#"):
        link = _element("hyperlink", anchor=_bookmark_name(run.href[1:]), history="1")
    else:
        related = paragraph.part.relate_to(run.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = _element("hyperlink", history="1")
        link.set(qn("r:id"), related)
    made = paragraph.add_run(run.text)
    made.style = "Hyperlink"
    _dress(made, run)
    link.append(made._r)
    paragraph._p.append(link)


def contents(paragraphs: Sequence[Any], entries: Sequence[tuple[str, int, str]]) -> None:
    """A contents field, already filled: one link a heading, so that it is right when opened.

    Page numbers are left to Word ("Update field"): before it has laid the pages out nobody knows
    them, and a wrong page number is worse than none.
    """
    if not paragraphs:
        return
    first, last = paragraphs[0], paragraphs[-1]
    for kind in ("begin", "code", "separate"):
        run = first.add_run()
        if kind == "code":
            text = _element("instrText")
            text.text = ' TOC \\o "1-2" \\h \\z \\u '
            run._r.append(text)
        else:
            run._r.append(_element("fldChar", fldCharType=kind))
    for paragraph, (text, _, anchor) in zip(paragraphs, entries, strict=True):
        link = _element("hyperlink", anchor=_bookmark_name(anchor), history="1")
        made = paragraph.add_run(text)
        link.append(made._r)
        paragraph._p.append(link)
    last.add_run()._r.append(_element("fldChar", fldCharType="end"))


def picture(paragraph: Any, image: bytes, chart: Chart, *, width_mm: float) -> None:
    """A picture in the line of text, with its alternative text."""
    from docx.shared import Mm

    inline = paragraph.add_run().add_picture(io.BytesIO(image), width=Mm(width_mm))._inline
    inline.docPr.set("descr", chart.alt)
    inline.docPr.set("title", chart.headline)
    inline.docPr.set("name", chart.id)


def table(
    word: Any,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    said: str,
    numeric: Sequence[bool],
    widths_mm: Sequence[float],
    row_header: bool,
) -> None:
    """A table whose headings repeat on every page and are marked as headings."""
    from docx.shared import Mm

    grid = word.add_table(rows=1 + len(rows), cols=len(header))
    grid.autofit = False
    properties = grid._tbl.tblPr
    properties.remove(properties.find(_qn("tblLook")))
    layout = properties.find(_qn("tblLayout"))
    properties.insert(list(properties).index(layout), _borders())
    properties.append(_margins())
    first_column = "1" if row_header else "0"
    properties.append(
        _element(
            "tblLook", val="04A0" if row_header else "0420", firstRow="1", lastRow="0",
            firstColumn=first_column, lastColumn="0", noHBand="1", noVBand="1",
        )
    )  # fmt: skip
    properties.append(_element("tblCaption", val=said[:250]))
    for column, width in zip(grid.columns, widths_mm, strict=True):
        column.width = Mm(width)
    for row in grid.rows:
        row._tr.get_or_add_trPr().append(_element("cantSplit"))
    grid.rows[0]._tr.get_or_add_trPr().append(_element("tblHeader"))
    style = word.styles["Table Text"].style_id
    texts = [text for cells in (header, *rows) for text in cells]
    # `_cells` is asked once: python-docx works the whole table out again for each `row.cells`.
    for place, (cell, text) in enumerate(zip(grid._cells, texts, strict=True)):
        column = place % len(header)
        is_heading = place < len(header)
        _fill(cell, text, style=style, bold=is_heading, right=numeric[column])
        cell.width = Mm(widths_mm[column])
        if is_heading:
            cell._tc.get_or_add_tcPr().append(_element("shd", val="clear", fill=_TINT))


def _fill(cell: Any, text: str, *, style: str, bold: bool, right: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph = cell.paragraphs[0]
    paragraph._p.style = style  # by its id: `paragraph.style` reads every style each time
    paragraph.add_run(text).bold = bold or None
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if bold:
        paragraph.paragraph_format.keep_with_next = True


def _qn(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(f"w:{tag}"))


def _borders() -> Any:
    borders = _element("tblBorders")
    borders.append(_element("top", val="single", sz="8", space="0", color=_NAVY))
    borders.append(_element("bottom", val="single", sz="4", space="0", color=_HAIR))
    borders.append(_element("insideH", val="single", sz="4", space="0", color=_HAIR))
    return borders


def _margins() -> Any:
    margins = _element("tblCellMar")
    for side, width in (("top", "50"), ("left", "80"), ("bottom", "50"), ("right", "80")):
        margins.append(_element(side, w=width, type="dxa"))
    return margins


def numbered(word: Any, paragraph: Any, number: int | None) -> int:
    """Put the paragraph in a numbered list that starts at 1; returns the list's own number."""
    from docx.oxml.ns import qn

    numbering = word.part.numbering_part.element
    style = word.styles["List Number"].element
    base = style.find(f".//{qn('w:numId')}").get(qn("w:val"))
    if number is None:
        listed = next(one for one in numbering.num_lst if str(one.numId) == base)
        made = numbering.add_num(listed.abstractNumId.val)
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        number = int(made.numId)
    settings = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    settings.get_or_add_ilvl().val = 0
    settings.get_or_add_numId().val = number
    return number


def set_language(style: Any, language: str) -> None:
    """The language the style's text is read aloud and spelt in."""
    style.element.get_or_add_rPr().append(_element("lang", val=language))


def set_font(style: Any, name: str) -> None:
    """One font for every script; the template's theme fonts are taken out."""
    style.font.name = name
    fonts = style.element.get_or_add_rPr().find(_qn("rFonts"))
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(_qn(theme), None)
    for kind in ("ascii", "hAnsi", "cs"):
        fonts.set(_qn(kind), name)


def no_border(style: Any) -> None:
    """Take the template's rule under the title away."""
    settings = style.element.get_or_add_pPr()
    for border in settings.findall(_qn("pBdr")):
        settings.remove(border)


def set_box(style: Any, *, tint: str, bar: str) -> None:
    """A tinted ground and a bar at the left: a box without a text box, read in order."""
    from docx.oxml.ns import qn

    settings = style.element.get_or_add_pPr()
    borders = _element("pBdr")
    borders.append(_element("left", val="single", sz="24", space="8", color=bar))
    shade = _element("shd", val="clear", color="auto", fill=tint)
    later = [
        qn(f"w:{tag}")
        for tag in (
            "tabs",
            "suppressAutoHyphens",
            "spacing",
            "ind",
            "contextualSpacing",
            "jc",
            "outlineLvl",
        )
    ]
    place = next((i for i, each in enumerate(settings) if each.tag in later), len(settings))
    settings.insert(place, shade)
    settings.insert(place, borders)


def right_tab(style: Any, at_mm: float) -> None:
    """One tab stop at the right margin instead of the template's own."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm

    stops = style.paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(Mm(at_mm), WD_TAB_ALIGNMENT.RIGHT)


def link_style(word: Any) -> None:
    """The character style of links: underlined, and dark enough to read."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import RGBColor

    style = word.styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    style.font.color.rgb = RGBColor.from_string("00437E")
    style.font.underline = True
