"""The overview of what is held here, for one choice of inspections: built once, kept in memory.

The same choice over the same data with the same titles gives the same object, so a page that many
people open is worked out once in each process.
"""

import datetime as dt
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from django.utils import timezone
from django.utils.safestring import SafeString

from sightline.design.charts import Chart
from sightline.design.documents import Document, to_docx, to_pdf
from sightline.framework.definitions import Library
from sightline.framework.queries import corrected_library
from sightline.inspections import queries
from sightline.inspections.definitions import Source
from sightline.inspections.overview import build_overview
from sightline.inspections.overview_charts import good_or_better, spread
from sightline.inspections.overview_document import TITLE, overview_document
from sightline.inspections.overview_facts import for_programmes, overview_facts
from sightline.inspections.overview_filters import (
    Query,
    Selection,
    choose,
    in_words,
    read_selection,
)
from sightline.inspections.overview_shapes import Overview
from sightline.inspections.overview_tables import csv_of, xlsx_of
from sightline.kernel.errors import NotFound
from sightline.partnerships.queries import all_partnerships

MOST_KEPT = 16
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMATS: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": XLSX,
    "pdf": "application/pdf",
    "docx": DOCX,
}


@dataclass(frozen=True)
class Shown:
    """One choice and everything the overview says of it.

    `undated` could not be told from the years asked, because when they were published is not known;
    `invented` are inspections of an invented area, which are never counted unless it is chosen.
    `bodies` are pages already drawn, by their address; the same for everybody who may see them.
    """

    selection: Selection
    view: str
    overview: Overview
    library: Library
    names: Mapping[str, str]
    undated: tuple[str, ...]
    invented: tuple[str, ...]
    bodies: dict[str, SafeString] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def charts(self) -> Mapping[str, tuple[Chart, ...]]:
        """The charts of each programme shown, by its key."""
        return {
            group.programme: tuple(c for c in (spread(group), good_or_better(group)) if c)
            for group in self.overview.groups
        }

    def document(self, *, made: dt.date | None = None) -> Document:
        """The overview as a document, dated the day it is made."""
        day = made or timezone.localdate()
        date = f"{day.day} {day:%B %Y}"
        return overview_document(self.overview, self.library, view=self.view, date=date)

    def file(self, kind: str) -> bytes:
        """The overview as a file of one of `FORMATS`."""
        if kind == "csv":
            return csv_of(self.overview)
        if kind == "xlsx":
            return xlsx_of(self.overview, title=TITLE, view=self.view)
        if kind == "pdf":
            return to_pdf(self.document())
        if kind == "docx":
            return to_docx(self.document())
        raise NotFound(f"There is no {kind} of the overview. There are: {', '.join(FORMATS)}.")


@dataclass(frozen=True)
class _Data:
    """What does not depend on the choice, at one version of the data and of the titles."""

    version: str
    library: Library
    names: Mapping[str, str]
    sources: Mapping[str, Source]


_data: _Data | None = None
_kept: OrderedDict[tuple[str, int, Selection], Shown] = OrderedDict()
_lock = Lock()


def _current() -> _Data:
    """Two queries while nothing has changed: the version of the data, and the corrected titles."""
    global _data  # noqa: PLW0603 - the memory of this process
    version, library = queries.data_version(), corrected_library()
    if _data is None or (_data.version, id(_data.library)) != (version, id(library)):
        names = {area.code: area.name for area in all_partnerships()}
        _data = _Data(version, library, names, queries.sources())
    return _data


def shown(query: Query) -> Shown:
    """The overview that an address or a command asks for.

    Raises:
        Faults: the choice names something there is not.
    """
    data = _current()
    selection = read_selection(query, data.library, data.names)
    key = (data.version, id(data.library), selection)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = _build(data, selection)
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def _build(data: _Data, selection: Selection) -> Shown:
    invented = {area.code for area in all_partnerships() if area.invented}
    apart = invented - set(selection.partnerships)
    chosen = choose(queries.documents(), selection, apart=apart)
    overview = build_overview(
        chosen.documents,
        data.library,
        facts=for_programmes(overview_facts(), selection.programmes),
        names=data.names,
        sources=data.sources,
        judgements=selection.judgements,
    )
    return Shown(
        selection=selection,
        view=in_words(selection, data.library, data.names),
        overview=overview,
        library=data.library,
        names=data.names,
        undated=tuple(data.names.get(d.partnership, d.partnership) for d in chosen.undated),
        invented=tuple(data.names.get(d.partnership, d.partnership) for d in chosen.apart),
    )
