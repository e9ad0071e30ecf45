"""What was published of an inspection's records, beside what its rounds in Sightline showed.

Published figures are facts of a report. Those of a round are the ones that may leave the team, and
are shown to whoever may see the round's results; everybody else sees the published ones alone.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sightline.access.actors import Actor
from sightline.framework.queries import quantity_terms
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.records_published import (
    Agreement,
    PublishedFigure,
    PublishedRecords,
    agreement,
    of_inspection,
    published_records,
)
from sightline.record_reading import asking
from sightline.record_reading.counting import Unit
from sightline.record_reading.definitions import Item
from sightline.record_reading.models import Round
from sightline.record_reading.permissions import Deed, may
from sightline.record_reading.results import Share, share
from sightline.record_reading.results_names import SPLIT
from sightline.record_reading.results_queries import SHOWING, Results, results
from sightline.stats.quantity import Terms, in_words

NOT_ASKED: Final = "Not asked in this round."
NOT_SHOWN: Final = "Not shown of this group."
NO_ITEM: Final = "No question of a template is about this."


@dataclass(frozen=True)
class Beside:
    """What a round showed of a published figure.

    `said` is "33 of 40 (83%)", or why there is nothing; `term` is it in words, where it has any.
    """

    said: str
    term: str = ""
    note: str = ""


@dataclass(frozen=True)
class FigureRow:
    """One published figure: what it is about, as printed, where, and what rounds showed of it."""

    about: str
    answer: str
    figure: PublishedFigure
    fits: Agreement
    beside: tuple[Beside, ...]

    @property
    def printed(self) -> str:
        """The words, with the per cent if one is printed."""
        per_cent = self.figure.per_cent
        return self.figure.words + (f" ({per_cent}%)" if per_cent is not None else "")


@dataclass(frozen=True)
class ReportTable:
    """One report. `own`: it is about this inspection, alone or with others."""

    report: PublishedRecords
    own: bool
    rows: tuple[FigureRow, ...]

    @property
    def contradicting(self) -> tuple[FigureRow, ...]:
        """Figures of which the report prints two things that do not fit together."""
        return tuple(row for row in self.rows if row.fits.fits is False)


@dataclass(frozen=True)
class Records:
    """Everything of the page: reports, and the rounds whose results somebody may see."""

    tables: tuple[ReportTable, ...]
    rounds: tuple[Results, ...]


def records_of(actor: Actor, document: InspectionDocument) -> Records:
    """What is known of an inspection's records, as far as it is somebody's to see."""
    own = of_inspection(document.reference)
    reports = list(own)
    rounds = rounds_for(actor, document.reference)
    if rounds:
        # Something to hold the round against: reports that ask the same, or of the same programme.
        asked = {round.template for round in rounds}
        reports += [
            report
            for report in published_records()
            if report not in own
            and (report.template in asked or report.made_with.programme == document.programme)
        ]
    found = tuple(_results(actor, round, reports) for round in rounds)
    tables = tuple(_table(report, report in own, found) for report in reports)
    return Records(tables, found)


def rounds_for(actor: Actor, reference: str) -> list[Round]:
    """The rounds of an inspection that show results to somebody, the first read first."""
    held = Round.objects.filter(inspection=reference, state__in=SHOWING).order_by("made_at")
    return [round for round in held if round.locked_at and may(actor, round, Deed.RESULTS)]


def _results(actor: Actor, round: Round, reports: Sequence[PublishedRecords]) -> Results:
    """A round's results, with the groups that a figure is about."""
    ways = {
        figure.group.partition("=")[0]
        for report in reports
        for figure in report.figures
        if figure.group
    }
    return results(actor, round, wanted=_of(ways))


def _of(ways: Collection[str]) -> Callable[[str], bool]:
    def wanted(code: str) -> bool:
        return SPLIT not in code or code.rpartition(SPLIT)[2] in ways

    return wanted


def _table(report: PublishedRecords, own: bool, rounds: Sequence[Results]) -> ReportTable:
    items = {item.code: item for item in report.made_with.items()}
    terms = quantity_terms()
    rows = tuple(
        FigureRow(
            about=_about(items.get(figure.item or ""), figure),
            answer=_answer(items.get(figure.item or ""), figure.answer, without=figure.without),
            figure=figure,
            fits=agreement(report, figure),
            beside=tuple(beside(report, figure, found, terms) for found in rounds),
        )
        for figure in report.figures
    )
    return ReportTable(report, own, rows)


def _about(item: Item | None, figure: PublishedFigure) -> str:
    if item is None:
        return figure.topic or ""
    agency = f": {asking.agency_label(figure.agency)}" if figure.agency else ""
    return f"{item.short}{agency}"


def _answer(item: Item | None, code: str, *, without: bool) -> str:
    """The answers meant, in words: "good or better", "not good or better", "Weak"."""
    if not code:
        return ""
    known = asking.bands(item) if item else {}
    words = code.replace("-", " ")
    if item is not None and code not in known:
        words = asking.option_label(item, code).lower()
    return f"not {words}" if without else words


def beside(
    report: PublishedRecords, figure: PublishedFigure, found: Results, terms: Terms
) -> Beside:
    """What a round showed of a published figure, or why it shows nothing of it."""
    if figure.item is None:
        return Beside(NO_ITEM)
    how = asking.comparable(report.template, figure.item, found.template.key)
    unit = next((one for one in found.units if one.code == _code(figure)), None)
    if unit is None or how in {"absent", "not"}:
        return Beside(NOT_ASKED)
    held = _share(found, unit, figure)
    if held is None:
        return Beside(NOT_SHOWN)
    if figure.without and held.n is not None and held.base:
        held = share(held.code, held.label, held.base - held.n, held.base)
    term = in_words(held.n, held.base, terms) if held.n is not None and held.base else ""
    return Beside(
        said=held.counted,
        term="" if term == held.counted else term,
        note="The question is worded otherwise." if how == "reworded" else "",
    )


def _code(figure: PublishedFigure) -> str:
    return f"{figure.item}.{figure.agency}" if figure.agency else str(figure.item)


def _share(found: Results, unit: Unit, figure: PublishedFigure) -> Share | None:
    is_band = figure.answer in unit.bands
    if not figure.group:
        return (found.band if is_band else found.answer)(unit, figure.answer)
    way, _, category = figure.group.partition("=")
    if not is_band or figure.answer not in found.shown_by(unit, way):
        return None
    shares = found.by(unit, way, figure.answer)
    return next((one for one in shares if one.code == category), None)
