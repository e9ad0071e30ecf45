"""What the feedback sheet of a round says: what was read, what it showed, what readers flagged.

It goes to the partnership on the day reading ends. So it names nobody and no reading number, its
figures are those that may leave the team, and of what was flagged it tells counts alone, in words
where they are small. Once a round is counted its sheet is drawn from what it kept of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sightline.record_reading import asking, feedback_counts, results_queries
from sightline.record_reading.counting import Unit
from sightline.record_reading.differences import counted
from sightline.record_reading.feedback_counts import Counts, FlaggedText, flags_by_section
from sightline.record_reading.feedback_permissions import FIELDS, place_of
from sightline.record_reading.models import Round
from sightline.record_reading.results import Share, sentence
from sightline.saving import queries as saving
from sightline.stats.quantity import Terms, in_words

NARRATIVE: Final = "M"
"""The letter of the section in readers' own words, which has no figures."""

MAIN: Final = ("good-or-better", "mostly-or-completely", "some-or-considerable")
"""Bands that an item is told by, where it has one of them; otherwise the first of its list."""


@dataclass(frozen=True)
class Line:
    """One figure: the item, its share in numbers and in a term, and whom it is of."""

    item: str
    label: str
    counted: str
    term: str
    base_words: str
    sentence: str


@dataclass(frozen=True)
class SectionFigures:
    """The figures of one section of the template."""

    letter: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Sheet:
    """The sheet of a round.

    Attributes:
        counts: what was read and flagged; None before a locked round is counted, and where what
            was read is deleted and nothing was kept.
        figures: by section; empty before the round is locked, or where too few were read.
        waits: it is locked, and is still being counted.
        words: what whoever leads the round wrote, by field.
    """

    round: Round
    counts: Counts | None
    figures: tuple[SectionFigures, ...]
    waits: bool
    words: Mapping[str, str]

    @property
    def drawn(self) -> int:
        """Records that were to be read."""
        return sum(one.drawn for one in self.counts.strata) if self.counts else 0

    @property
    def held(self) -> int:
        """Children in scope."""
        return sum(one.held for one in self.counts.strata) if self.counts else 0


def sheet(round: Round, terms: Terms) -> Sheet:
    """The sheet of a round that has come through its door."""
    figures, waits = _figures(round, terms)
    return Sheet(
        round=round,
        counts=_counts(round),
        figures=figures,
        waits=waits and round.state == Round.State.LOCKED,
        words={field: saving.text_of(place_of(round, field)).words for field in FIELDS},
    )


def _counts(round: Round) -> Counts | None:
    """What was kept when it was counted; before it is locked, what there is so far."""
    kept = round.results.get(feedback_counts.FEEDBACK)
    if kept and round.state != Round.State.READING:
        return feedback_counts.from_data(kept)
    # A round that was counted before anything of the sheet was kept is counted as it stands.
    counts_now = round.state == Round.State.READING or (
        round.state == Round.State.LOCKED and round.results.get("counted")
    )
    return feedback_counts.counts(round) if counts_now else None


# Figures


def _figures(round: Round, terms: Terms) -> tuple[tuple[SectionFigures, ...], bool]:
    """The main figure of each item by section, as it may leave the team."""
    if round.state not in results_queries.SHOWING or round.locked_at is None:
        return (), False
    found = results_queries.shared(round)
    sections = []
    for section in asking.template(round.template).sections:
        codes = {item.code for item in section.items}
        lines = tuple(
            _line(unit, share, found.everybody(unit), terms)
            for unit in found.units
            if unit.item.code in codes and section.letter != NARRATIVE
            for share in [_main(found, unit)]
            if share is not None
        )
        if lines:
            sections.append(SectionFigures(section.letter, str(section.title), lines))
    return tuple(sections), found.waits


def _main(found: results_queries.Results, unit: Unit) -> Share | None:
    """The main band of a unit: good or better, yes, mostly or completely effective."""
    name = main_band(unit)
    return found.band(unit, name) if name else None


def main_band(unit: Unit) -> str:
    """The band that a unit is told by; empty where it has none."""
    return next((one for one in (*MAIN, *unit.bands) if one in unit.bands), "")


def _line(unit: Unit, share: Share, series: Any, terms: Terms) -> Line:
    words = series.shown.base_words if series else "of the records"
    term = in_words(share.n, share.base, terms) if share.n is not None and share.base else ""
    return Line(
        item=unit.short,
        label=share.label,
        counted=share.counted,
        term="" if term == share.counted else term,
        base_words=words,
        sentence=sentence(share, words, terms),
    )


def flagged_texts(round: Round) -> list[FlaggedText]:
    """Every text that readers flagged in the records that count, for whoever leads the round."""
    if round.state == Round.State.DESTROYED:
        return []
    return flags_by_section(round, counted(round))
