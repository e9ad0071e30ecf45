"""The report of an inspection held here, whole or in part, and its files."""

import datetime as dt
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TypedDict

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from sightline.design.documents import Document, to_docx, to_html, to_pdf
from sightline.framework.definitions import Library
from sightline.framework.queries import corrected_library
from sightline.inspections import history, queries
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.overview_shown import DOCX
from sightline.inspections.presenters import Shown
from sightline.inspections.report import (
    build_partial_report,
    build_report,
    missing_sections,
)
from sightline.inspections.report_appendices import ReplacedValue
from sightline.kernel.errors import Fault, NotFound
from sightline.kernel.periods import ImpreciseDate
from sightline.partnerships.queries import names

FORMATS: Mapping[str, str] = {"pdf": "application/pdf", "docx": DOCX}
MOST_KEPT = 64


@dataclass(frozen=True)
class ShownReport:
    """A report and what is missing from it."""

    inspection: InspectionDocument
    area: str
    document: Document
    missing: tuple[Fault, ...]
    library: Library

    @cached_property
    def html(self) -> SafeString:
        """The report as the body of a page."""
        return to_html(self.document)


_kept: OrderedDict[tuple[str, int, str], ShownReport] = OrderedDict()
_lock = Lock()


def shown_report(inspection: InspectionDocument) -> ShownReport:
    """The whole report; what there is of it, where sections are missing.

    The report of one record with one set of titles is made once and kept in memory.
    """
    library = corrected_library()
    key = (inspection.reference, id(library), queries.data_version())
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = _made(inspection, library)
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return made


def _made(inspection: InspectionDocument, library: Library) -> ShownReport:
    area = names().get(inspection.partnership, inspection.partnership)
    missing = missing_sections(inspection, library)
    build = build_partial_report if missing else build_report
    document = build(
        inspection, library, area=area, sources=queries.sources(), **_history(inspection, library)
    )
    return ShownReport(inspection, area, document, missing, library)


def whole_report(inspection: InspectionDocument) -> Document:
    """The whole report.

    Raises:
        Faults: every section that would be empty.
    """
    area = names().get(inspection.partnership, inspection.partnership)
    library = corrected_library()
    return build_report(
        inspection, library, area=area, sources=queries.sources(), **_history(inspection, library)
    )


class _History(TypedDict):
    replaced: tuple[ReplacedValue, ...]
    changed: dt.date


def _history(inspection: InspectionDocument, library: Library) -> _History:
    """What a report says of its own record: the values others have replaced, and its date."""
    shown = Shown(inspection, library=library, names={})
    found = history.replaced(inspection.reference)
    return {
        "replaced": tuple(_replaced(shown, entry) for entry in found),
        "changed": timezone.localdate(history.last_change(inspection.reference).at),
    }


def _replaced(shown: Shown, entry: history.Replaced) -> ReplacedValue:
    """One replaced value in words. Who replaced it is on the page only: a report is public."""
    words = shown.replaced_words(entry)
    said = "; ".join(part for part in (words["said"], entry.place) if part)
    return ReplacedValue(
        what=words["what"],
        before=f"{words['words']} ({said})" if said else words["words"],
        now=_now(shown, entry),
        when=str(ImpreciseDate(timezone.localdate(entry.at).isoformat())),
        why=entry.reason,
    )


def _now(shown: Shown, entry: history.Replaced) -> str:
    facts = {"date": shown.dates, "count": shown.evidence, "evaluation": shown.evaluations}
    found = (fact.said for fact in facts[entry.about] if fact.code == entry.subject)
    said = next(found, None)
    return said.words if said else "not known"


def file_of(document: Document, kind: str) -> bytes:
    """The report as a file of one of `FORMATS`."""
    if kind == "pdf":
        return to_pdf(document)
    if kind == "docx":
        return to_docx(document)
    raise NotFound(f"There is no {kind} of a report. There are: {', '.join(FORMATS)}.")


def page_context(shown: ShownReport) -> dict[str, object]:
    """What the page of a report shows around it."""
    there = {"partnership": shown.inspection.partnership, "reference": shown.inspection.reference}
    download = "inspections:report-download"
    whole = "" if not shown.missing else "Incomplete: the file says what is missing"
    return {
        "shown": shown,
        "html": shown.html,
        "crumbs": [
            ("Inspections", reverse("inspections:inspections")),
            (shown.area, reverse("inspections:inspection", kwargs=there)),
            ("Report", ""),
        ],
        "files": [
            (
                "The report as a tagged PDF",
                reverse(download, kwargs={**there, "kind": "pdf"}),
                "PDF",
                whole,
            ),
            (
                "The report as a Word document",
                reverse(download, kwargs={**there, "kind": "docx"}),
                "Word",
                whole,
            ),
        ],
    }
