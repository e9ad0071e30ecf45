"""What the page of the overview shows: rows to a page, words of the scale drawn once, addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from sightline.design.charts import Chart
from sightline.inspections.overview_document import judgement_in_words
from sightline.inspections.overview_filters import KINDS, Selection, codes_of
from sightline.inspections.overview_shapes import (
    Cell,
    Group,
    Pooled,
    Row,
    Stated,
)
from sightline.inspections.overview_shown import Shown
from sightline.inspections.overview_words import (
    bases_in_words,
    beside_in_words,
    changes_in_words,
    coverage,
    doubtful_in_words,
    missing_in_words,
    sum_in_words,
    together_in_words,
)

ROWS_TO_A_PAGE = 32
MOST_BODIES = 12
DOWNLOADS = (
    ("This view as a tagged PDF", "pdf", "PDF"),
    ("This view as a Word document", "docx", "Word"),
    ("This view as a workbook, every table on its own sheet", "xlsx", "Excel"),
    ("Evaluations of this view, one row each", "csv", "CSV"),
)


@lru_cache(maxsize=64)
def scale_word(value: int, word: str) -> SafeString:
    """A word of the scale as its tag. There are few, and a matrix shows many: drawn once."""
    return render_to_string("inspections/_overview_word.html", {"value": value, "word": word})


@dataclass(frozen=True)
class ShownCell:
    """One evaluation of the matrix. `state` is `known`, `unknown` or `none`."""

    state: str
    tag: SafeString | str
    address: str
    small: str


@dataclass(frozen=True)
class ShownRow:
    """One inspection of the matrix."""

    label: str
    address: str
    published: str
    cells: tuple[ShownCell, ...]


@dataclass(frozen=True)
class ShownGroup:
    """One programme on the page."""

    group: Group
    about: str
    anchor: str
    together: str
    page: Page[Row]
    page_name: str
    rows: tuple[ShownRow, ...]
    judgements: tuple[str, ...]
    charts: tuple[Chart, ...]
    without: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ShownEvidence:
    """One kind of evidence on the page."""

    pooled: Pooled
    coverage: str
    known: str
    stated: tuple[tuple[Stated, str], ...]


@dataclass(frozen=True)
class Option:
    """One choice of the filter."""

    value: str
    label: str
    chosen: bool


def address_of(reference: str, partnership: str) -> str:
    """Where one inspection is shown."""
    return reverse(
        "inspections:inspection", kwargs={"partnership": partnership, "reference": reference}
    )


def body_of(shown: Shown, pages: Mapping[str, str]) -> SafeString:
    """The page of the overview under its frame. `pages` are the page numbers asked for, by name.

    Nothing in it depends on who asks, so it is drawn once for each address and kept.
    """
    cut = _pages(shown, pages)
    numbers = {name: page.number for name, page in cut.items() if page.number > 1}
    address = "&".join(filter(None, (shown.selection.address(), urlencode(numbers))))
    if address not in shown.bodies:
        context = _context(shown, cut) | {"request": SimpleNamespace(GET=QueryDict(address))}
        body = render_to_string("inspections/_overview_body.html", context)
        if len(shown.bodies) >= MOST_BODIES:
            shown.bodies.clear()
        shown.bodies[address] = body
    return shown.bodies[address]


def _pages(shown: Shown, pages: Mapping[str, str]) -> dict[str, Page[Any]]:
    """The rows of every long table that are on the page asked for; the nearest there is."""
    tables: dict[str, Sequence[Any]] = {anchor_of(g): g.rows for g in shown.overview.groups}
    tables |= {"changes": shown.overview.changes, "conflicts": shown.overview.conflicts}
    return {
        name: Paginator(rows, ROWS_TO_A_PAGE).get_page(pages.get(name))
        for name, rows in tables.items()
    }


def anchor_of(group: Group) -> str:
    """The place of a programme on the page, and the name of its page number."""
    return group.programme.replace("@", "-")


def _context(shown: Shown, pages: Mapping[str, Page[Any]]) -> dict[str, object]:
    overview = shown.overview
    counted = [kind for kind in overview.evidence if kind.known or kind.stated]
    return {
        "shown": shown,
        "overview": overview,
        "lead": overview.summary[0] if overview.summary else "",
        "more": overview.summary[1:],
        "groups": [_group(shown, group, pages[anchor_of(group)]) for group in overview.groups],
        "evidence": [_evidence(kind) for kind in counted],
        "evidence_unknown": [kind.label for kind in overview.evidence if not kind.known],
        "missing": missing_in_words(counted, most=ROWS_TO_A_PAGE),
        "bases": bases_in_words(overview.groups),
        "doubtful": doubtful_in_words(counted),
        "changes": pages["changes"],
        "changes_words": changes_in_words(overview.changes) if overview.changes else "",
        "conflicts": pages["conflicts"],
        "files": files(shown.selection),
        "filters": filters(shown),
        "unknown": [
            (item, ", ".join(named.label for named in item.inspections))
            for item in overview.unknown
        ],
        "sections": _sections(shown),
    }


def _evidence(kind: Pooled) -> ShownEvidence:
    known = sum_in_words(kind)
    return ShownEvidence(
        pooled=kind,
        coverage=coverage(kind),
        known=f"{known[:1].upper()}{known[1:]}",
        stated=tuple((stated, beside_in_words(kind, stated)) for stated in kind.stated),
    )


def _group(shown: Shown, group: Group, page: Page[Row]) -> ShownGroup:
    anchor = anchor_of(group)
    together = group.together
    return ShownGroup(
        group=group,
        about=reverse("framework:programme", kwargs={"code": group.programme.split("@")[0]}),
        anchor=anchor,
        together=f"{together_in_words(together)}." if together else "",
        page=page,
        page_name=anchor,
        rows=tuple(_row(row) for row in page.object_list),
        judgements=tuple(judgement_in_words(view) for view in group.judgements),
        charts=shown.charts[group.programme],
        without=tuple(
            (row.named.label, address_of(row.named.reference, row.named.partnership))
            for row in group.without
        ),
    )


def _row(row: Row) -> ShownRow:
    address = address_of(row.named.reference, row.named.partnership)
    return ShownRow(
        label=row.named.label,
        address=address,
        published=row.published,
        cells=tuple(_cell(cell, address) for cell in row.cells),
    )


def _cell(cell: Cell | None, address: str) -> ShownCell:
    if cell is None:
        return ShownCell("none", "", "", "")
    if cell.saying is None or cell.value is None:
        return ShownCell("unknown", "", "", "")
    small = "Sources differ" if cell.disputed else ""
    if cell.saying.confidence != "high":
        small = f"{small}. " if small else ""
        small += f"{cell.saying.confidence.capitalize()} confidence"
    history = f"{address}evaluations/{cell.judgement.replace('.', '-')}/"
    return ShownCell("known", scale_word(cell.value, cell.word), history, small)


def files(selection: Selection) -> list[tuple[str, str, str, str]]:
    """Downloads of exactly this view."""
    query = selection.address()
    rows = []
    for label, kind, name in DOWNLOADS:
        address = reverse("inspections:findings-download", kwargs={"kind": kind})
        rows.append((label, f"{address}?{query}" if query else address, name, ""))
    return rows


def filters(shown: Shown) -> dict[str, Sequence[Option] | str | bool]:
    """The choices there are, with those made."""
    selection = shown.selection
    programmes = sorted(shown.library.programmes, key=lambda programme: programme.short)
    codes = codes_of(programmes)
    return {
        "programmes": [
            Option(p.short, f"{p.short}: {p.title}", p.key in selection.programmes)
            for p in programmes
        ],
        "kinds": [Option(k, v.capitalize(), k in selection.kinds) for k, v in KINDS.items()],
        "judgements": [
            Option(code, f"{code} {title}", code in selection.judgements)
            for code, title in sorted(codes.items())
        ],
        "partnerships": [
            Option(code, name, code in selection.partnerships) for code, name in shown.names.items()
        ],
        "first_year": str(selection.first_year or ""),
        "last_year": str(selection.last_year or ""),
        "chosen": not selection.is_everything,
    }


def _sections(shown: Shown) -> list[tuple[str, str]]:
    """The places of the page, as label and address."""
    overview = shown.overview
    rows = [(f"{g.short} evaluations", anchor_of(g)) for g in overview.groups]
    if overview.groups:
        rows += [("Evidence gathered", "evidence"), ("Where sources differ", "conflicts")]
        if overview.changes or overview.not_compared:
            rows.append(("Inspected more than once", "changes"))
        rows.append(("What is not known", "unknown"))
    if overview.reports:
        rows.append(("What overview reports state", "reports"))
    rows.append(("How to read this", "reading"))
    return [(label, f"#{anchor}") for label, anchor in rows]
