"""The content tree of a document: what it says, never how it looks.

Every block refuses, on the way in, what a reader could not use: an empty heading, a table whose
rows differ in length, a skipped heading level, a link to a place that does not exist.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sightline.design.charts import Chart

DEEPEST = 4
_SHORT_STATUS = 20
_LONGEST_NAME = 90
_ANCHOR = re.compile(r"[a-z][a-z0-9-]*")
_LINK = re.compile(r"(https?://|mailto:|#)\S+")
_NOT_PRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _refuse_empty(text: str, what: str) -> None:
    if not text.strip():
        raise ValueError(f"{what} has no text. Leave it out or say what it should say.")
    odd = _NOT_PRINTED.search(text)
    if odd:
        raise ValueError(f"{what} holds the control character {odd.group()!r}; take it out.")


@dataclass(frozen=True)
class Run:
    """A stretch of text: bold, italic, a link (`https:`, `mailto:` or `#anchor`), a language."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""
    lang: str = ""

    def __post_init__(self) -> None:
        if not self.text:
            raise ValueError("A run of text has no text.")
        if self.text.strip():
            _refuse_empty(self.text, "A run of text")
        if self.href and not _LINK.fullmatch(self.href):
            raise ValueError(
                f"“{self.text}” links to {self.href!r}; a link starts https:, http:, mailto: or #."
            )


Text: TypeAlias = str | tuple[Run, ...]
"""Plain text, or runs of it."""


def runs(text: Text) -> tuple[Run, ...]:
    """The text as runs."""
    return (Run(text),) if isinstance(text, str) else text


def plain(text: Text) -> str:
    """The text without its runs."""
    return "".join(run.text for run in runs(text))


@dataclass(frozen=True)
class Heading:
    """A heading, level 1 the highest. `anchor` is its address within the document."""

    level: int
    text: str
    anchor: str = ""

    def __post_init__(self) -> None:
        _refuse_empty(self.text, "A heading")
        if not 1 <= self.level <= DEEPEST:
            raise ValueError(f"Heading “{self.text}” has level {self.level}; use 1 to {DEEPEST}.")
        if self.anchor and not _ANCHOR.fullmatch(self.anchor):
            raise ValueError(
                f"Heading “{self.text}”: the anchor {self.anchor!r} is lower-case letters, digits "
                "and hyphens, starting with a letter."
            )


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    text: Text

    def __post_init__(self) -> None:
        _refuse_empty(plain(self.text) if self.text else "", "A paragraph")


@dataclass(frozen=True)
class Bullets:
    """A list; numbered when `ordered`."""

    items: tuple[Text, ...]
    ordered: bool = False

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("A list has no items. Say in a sentence that there are none.")
        for item in self.items:
            _refuse_empty(plain(item) if item else "", "An item of a list")


@dataclass(frozen=True)
class Table:
    """A table with a caption and one row of headings; no cell is blank.

    `row_header`: the first cell of each row names the row.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    row_header: bool = True

    def __post_init__(self) -> None:
        _refuse_empty(self.caption, "A table's caption")
        if not self.header or not self.rows:
            raise ValueError(f"Table “{self.caption}” has no rows. Say so in a sentence instead.")
        for place, row in enumerate(self.rows, start=1):
            if len(row) != len(self.header):
                raise ValueError(
                    f"Table “{self.caption}”, row {place}: {len(row)} cells under "
                    f"{len(self.header)} headings."
                )
        for heading in self.header:
            _refuse_empty(heading, f"A heading of table “{self.caption}”")
        for place, row in enumerate(self.rows, start=1):
            for heading, cell in zip(self.header, row, strict=True):
                _refuse_empty(cell, f"Table “{self.caption}”, row {place}, {heading}")


@dataclass(frozen=True)
class Figure:
    """A chart with its title, notes and source; `with_table` prints its figures under it."""

    chart: Chart
    with_table: bool = True

    def __post_init__(self) -> None:
        _refuse_empty(self.chart.alt, f"The alternative text of “{self.chart.headline}”")


@dataclass(frozen=True)
class Facts:
    """Names and their values, one to a line."""

    pairs: tuple[tuple[str, Text], ...]

    def __post_init__(self) -> None:
        if not self.pairs:
            raise ValueError("A list of facts is empty. Leave it out.")
        for name, value in self.pairs:
            _refuse_empty(name, "The name of a fact")
            _refuse_empty(plain(value) if value else "", f"The fact “{name}”")


@dataclass(frozen=True)
class Note:
    """Small print: how to read what stands above it."""

    text: Text

    def __post_init__(self) -> None:
        _refuse_empty(plain(self.text) if self.text else "", "A note")


@dataclass(frozen=True)
class Box:
    """A box set apart from the text; its title is not a heading."""

    title: str
    blocks: "tuple[Paragraph | Bullets | Facts | Note, ...]"

    def __post_init__(self) -> None:
        _refuse_empty(self.title, "The title of a box")
        if not self.blocks:
            raise ValueError(f"Box “{self.title}” is empty. Leave it out.")
        for block in self.blocks:
            if not isinstance(block, Paragraph | Bullets | Facts | Note):
                raise ValueError(
                    f"Box “{self.title}” holds a {type(block).__name__}; a box holds paragraphs, "
                    "lists, facts and notes. Put the rest after it."
                )


@dataclass(frozen=True)
class Contents:
    """The list of headings of levels 1 and 2, with page numbers on paper."""

    title: str = "Contents"


@dataclass(frozen=True)
class PageBreak:
    """Start a new page, where there are pages."""


Block: TypeAlias = (
    Heading | Paragraph | Bullets | Table | Figure | Facts | Note | Box | Contents | PageBreak
)


@dataclass(frozen=True)
class Document:
    """A whole document: what every file of it must carry, and its blocks in reading order.

    `date` is as it should be read ("17 October 2023"). `author` is who answers for the text.
    """

    title: str
    subtitle: str = ""
    status: str = ""
    version: str = ""
    date: str = ""
    contact: str = ""
    classification: str = ""
    language: str = "en-GB"
    blocks: tuple[Block, ...] = ()
    author: str = ""
    keywords: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _refuse_empty(self.title, "The title of a document")
        if not self.blocks:
            raise ValueError(f"“{self.title}” has no content.")
        self._check_headings()
        self._check_links()

    @property
    def front(self) -> tuple[tuple[str, str], ...]:
        """What stands under the title, name and value, where it is known."""
        every = (
            ("Status", self.status),
            ("Version", self.version),
            ("Date", self.date),
            ("Author", self.author),
            ("Contact", self.contact),
            ("Classification", self.classification),
        )
        return tuple((name, value) for name, value in every if value)

    def _check_headings(self) -> None:
        above = 0
        seen: set[str] = set()
        for heading in (block for block in self.blocks if isinstance(block, Heading)):
            if heading.level > above + 1:
                raise ValueError(
                    f"Heading “{heading.text}” has level {heading.level} after level {above}; "
                    f"the next level is {above + 1}."
                )
            if heading.anchor and heading.anchor in seen:
                raise ValueError(
                    f"Heading “{heading.text}”: the anchor {heading.anchor} is used twice."
                )
            seen.add(heading.anchor)
            above = heading.level

    def _check_links(self) -> None:
        known = {f"#{each.anchor}" for each in placed(self) if isinstance(each.block, Heading)}
        for run in self._every_run():
            if run.href.startswith("#") and run.href not in known:
                raise ValueError(f"“{run.text}” links to {run.href}; no heading has that anchor.")

    def _every_run(self) -> Iterator[Run]:
        for block in self.blocks:
            for inner in block.blocks if isinstance(block, Box) else (block,):
                for text in _texts(inner):
                    yield from runs(text)


def _texts(block: Any) -> Sequence[Text]:
    if isinstance(block, Paragraph | Note):
        return (block.text,)
    if isinstance(block, Bullets):
        return block.items
    if isinstance(block, Facts):
        return tuple(value for _, value in block.pairs)
    return ()


@dataclass(frozen=True)
class Placed:
    """A block where it stands: its anchor, and its number where it is a table or a figure."""

    block: Block
    anchor: str = ""
    number: int = 0


def placed(document: Document) -> tuple[Placed, ...]:
    """The document's blocks with their anchors and numbers, the same in every format."""
    given = {b.anchor for b in document.blocks if isinstance(b, Heading) and b.anchor}
    counts = {Table: 0, Figure: 0}
    found: list[Placed] = []
    for block in document.blocks:
        if isinstance(block, Heading):
            anchor = block.anchor or _free(slug(block.text), given)
            given.add(anchor)
            found.append(Placed(block, anchor))
        elif isinstance(block, Table | Figure):
            counts[type(block)] += 1
            number = counts[type(block)]
            found.append(Placed(block, f"{type(block).__name__.lower()}-{number}", number))
        else:
            found.append(Placed(block))
    return tuple(found)


def slug(text: str) -> str:
    """The text as part of an address: lower-case letters, digits and hyphens."""
    made = re.sub(r"[^a-z0-9]+", "-", text.lower().replace("’", "").replace("'", "")).strip("-")
    return made if made[:1].isalpha() else f"part-{made}".rstrip("-")


def _free(wanted: str, taken: set[str]) -> str:
    name, again = wanted, 1
    while name in taken or re.fullmatch(r"(table|figure)-\d+", name):
        again += 1
        name = f"{wanted}-{again}"
    return name


def file_name(document: Document, extension: str) -> str:
    """The name a download of this document is kept under: its title in words, and its status."""
    parts = [document.title, document.subtitle]
    name = slug(" ".join(part for part in parts if part))
    if len(name) > _LONGEST_NAME:
        name = name[:_LONGEST_NAME].rpartition("-")[0] or name[:_LONGEST_NAME]
    status = document.status.lower()
    if status and status != "published" and len(status) <= _SHORT_STATUS:
        name = f"{name}-{slug(document.status)}"
    return f"{name}.{extension.lstrip('.')}"
