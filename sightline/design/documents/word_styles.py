"""The styles of our Word files: fonts, headings, lists, boxes, captions, and the page itself."""

from typing import Any

from sightline.design.documents.model import Document
from sightline.kernel.errors import NotAvailable

_FONT = "Arial"
_NAVY = "002D54"
_QUIET = "5E5E5E"
_INK = "1A1A1A"
_TINT = "EEF2F6"
_ONE_LINE = 90


def new_document(document: Document) -> Any:
    """An empty Word document with our styles, its properties, header and footer."""
    try:
        import docx
    except ImportError as missing:
        raise NotAvailable(
            "A Word file cannot be made here: the package python-docx is not installed. Install "
            "the reports requirements (pip install --require-hashes -r requirements/reports.txt)."
        ) from missing
    word = docx.Document()
    _set_properties(word, document)
    _set_page(word, document)
    _set_styles(word, document.language)
    return word


def _set_properties(word: Any, document: Document) -> None:
    properties = word.core_properties
    properties.title = document.title
    properties.subject = document.subtitle
    properties.author = document.author or "Sightline"
    properties.keywords = ", ".join(document.keywords)
    properties.language = document.language
    properties.comments = ""
    properties.category = document.classification
    properties.content_status = document.status
    properties.version = document.version


def _set_page(word: Any, document: Document) -> None:
    from docx.shared import Mm

    from sightline.design.documents import word_marks as marks

    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(25), Mm(23)
    section.different_first_page_header_footer = False
    header = section.header.paragraphs[0]
    header.style = word.styles["Header"]
    on_one_line = len(document.title) + len(document.status) <= _ONE_LINE
    header.add_run(document.title)
    if document.status and on_one_line:
        header.add_run(f"\t{document.status}")
    elif document.status:
        section.header.add_paragraph(document.status, style=word.styles["Header"])
    footer = section.footer.paragraphs[0]
    footer.style = word.styles["Footer"]
    known = " · ".join(part for part in (document.classification, document.date) if part)
    footer.add_run(f"{known}\tPage ")
    marks.field(footer, "PAGE", "1")
    footer.add_run(" of ")
    marks.field(footer, "NUMPAGES", "1")


def _set_styles(word: Any, language: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    from sightline.design.documents import word_marks as marks

    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(10.5)
    normal.paragraph_format.space_after = Pt(8)
    normal.paragraph_format.line_spacing = 1.15
    marks.set_language(normal, language)
    for defaults in word.styles.element.iter(qn("w:rPrDefault")):
        for tag in defaults.iter(qn("w:lang")):
            tag.set(qn("w:val"), language)
    sizes = {"Title": 26, "Heading 1": 19, "Heading 2": 14, "Heading 3": 11.5, "Heading 4": 10.5}
    for name, size in sizes.items():
        _heading(word.styles[name], size, above=0 if name == "Title" else size * 1.1)
    _style(word, "Subtitle", "Normal", size=14, colour=_QUIET, after=16)
    _style(word, "Body Text", "Normal")
    _style(word, "Contents Title", "Normal", size=14, colour=_NAVY, bold=True, before=18, keep=True)
    _style(
        word, "Caption", "Normal", size=10.5, colour=_NAVY, bold=True, before=14, after=3, keep=True
    )
    _style(word, "Figure Subtitle", "Normal", size=9, colour=_QUIET, after=4, keep=True)
    _style(word, "Picture", "Normal", after=6)
    _style(word, "Note", "Normal", size=9, colour=_QUIET, before=3, after=6)
    _style(word, "Table Text", "Normal", size=9, after=0)
    fact = _style(word, "Fact", "Normal", after=2)
    fact.paragraph_format.left_indent = Mm(46)
    fact.paragraph_format.first_line_indent = Mm(-46)
    fact.paragraph_format.tab_stops.add_tab_stop(Mm(46))
    for name, based in (
        ("Box Title", "Normal"), ("Box Text", "Normal"),
        ("Box List Bullet", "List Bullet"), ("Box List Number", "List Number"),
    ):  # fmt: skip
        box = _style(word, name, based, after=4)
        if based == "Normal":
            box.paragraph_format.left_indent = Mm(4)
        marks.set_box(box, tint=_TINT, bar=_NAVY)
    word.styles["Box Title"].font.bold = True
    word.styles["Box Title"].paragraph_format.keep_with_next = True
    for level in (1, 2):
        toc = _style(word, f"TOC {level}", "Normal", after=3)
        toc.font.bold = level == 1
        toc.paragraph_format.left_indent = Mm(5 * (level - 1))
    for name in ("List Bullet", "List Number"):
        word.styles[name].paragraph_format.space_after = Pt(4)
    for name in ("Header", "Footer"):
        band = _style(word, name, "Normal", size=9, colour=_QUIET, after=0)
        marks.right_tab(band, 166)
    marks.link_style(word)


def _heading(style: Any, size: float, *, above: float) -> None:
    from docx.shared import Pt, RGBColor

    from sightline.design.documents import word_marks as marks

    marks.set_font(style, _FONT)
    style.font.size = Pt(size)
    style.font.bold = True
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(_NAVY)
    style.paragraph_format.space_before = Pt(above)
    style.paragraph_format.space_after = Pt(max(size * 0.4, 5))
    style.paragraph_format.keep_with_next = True
    style.paragraph_format.line_spacing = 1.05
    marks.no_border(style)


def _style(
    word: Any,
    name: str,
    based: str,
    *,
    size: float = 0,
    colour: str = _INK,
    bold: bool = False,
    before: float = 0,
    after: float = 8,
    keep: bool = False,
) -> Any:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    from sightline.design.documents import word_marks as marks

    names = {style.name for style in word.styles}
    style = (
        word.styles[name] if name in names else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    )
    style.base_style = word.styles[based]
    marks.set_font(style, _FONT)
    if size:
        style.font.size = Pt(size)
    style.font.color.rgb = RGBColor.from_string(colour)
    style.font.bold = bold
    style.font.italic = False
    style.paragraph_format.space_before = Pt(before)
    style.paragraph_format.space_after = Pt(after)
    style.paragraph_format.keep_with_next = keep
    return style
