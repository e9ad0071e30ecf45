"""What the feedback sheet of a round says: what was read, what it showed, what readers flagged.

It goes to the partnership on the day reading ends. So it names nobody and no reading number, its
figures are those that may leave the team, and of what was flagged it tells counts alone; no count
under the round's base is told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sightline.record_reading import asking, queries, results_queries, sampling_queries
from sightline.record_reading.counting import Unit
from sightline.record_reading.differences import CountedRecord, counted
from sightline.record_reading.feedback_permissions import FIELDS, place_of
from sightline.record_reading.models import Reader, Reading, Round, SectionEntry
from sightline.record_reading.reading_answers import FLAG_LABELS
from sightline.record_reading.results import Share, sentence
from sightline.record_reading.sampling_queries import StratumProgress
from sightline.saving import queries as saving
from sightline.stats.quantity import Terms, in_words

NARRATIVE: Final = "M"
"""The letter of the section in readers' own words, which has no figures."""

SEEN: Final = "records-seen"
"""The item in which readers say whose records they saw."""

WHOLE: Final = ""
"""Where a flag stands that is not of one section."""


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
class Told:
    """How many records, with what they are: a number, or that there are too few to tell."""

    label: str
    number: str


@dataclass(frozen=True)
class Flagged:
    """What readers flagged of one kind: in how many records, by section."""

    code: str
    title: str
    sections: tuple[Told, ...]


@dataclass(frozen=True)
class FlaggedText:
    """One text that a reader flagged, for the team alone."""

    record: str
    flag: str
    section: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """The sheet of a round.

    Attributes:
        strata: what was drawn and read by stratum.
        read: records of which everything is in.
        twice: of these, those that two readers read.
        pairs: pairs of readers, as (how many, of whom).
        agencies: whose records readers saw.
        flagged: what readers flagged.
        figures: by section; empty before the round is locked, or where too few were read.
        waits: it is locked, and is still being counted.
        words: what whoever leads the round wrote, by field.
    """

    round: Round
    strata: tuple[StratumProgress, ...]
    read: int
    twice: int
    pairs: str
    agencies: tuple[Told, ...]
    flagged: tuple[Flagged, ...]
    figures: tuple[SectionFigures, ...]
    waits: bool
    words: Mapping[str, str]

    @property
    def drawn(self) -> int:
        """Records that were to be read."""
        return sum(one.drawn for one in self.strata)

    @property
    def held(self) -> int:
        """Children in scope."""
        return sum(one.held for one in self.strata)


def sheet(round: Round, terms: Terms) -> Sheet:
    """The sheet of a round that has come through its door."""
    records = [] if round.state == Round.State.DESTROYED else counted(round)
    figures, waits = _figures(round, terms)
    return Sheet(
        round=round,
        strata=tuple(sampling_queries.progress(round)),
        read=len(records) or int(round.results.get("read", 0)),
        twice=sum(one.record.twice for one in records),
        pairs=_pairs(queries.readers_of(round)),
        agencies=_agencies(round, records),
        flagged=_flagged(round, records),
        figures=figures,
        waits=waits,
        words={field: saving.text_of(place_of(round, field)).words for field in FIELDS},
    )


def _pairs(readers: Iterable[Reader]) -> str:
    """`3 pairs: 3 inspectors and 3 local record readers`."""
    found = list(readers)
    pairs = len({reader.pair for reader in found} - {None})
    kinds = Counter(Reader.Kind(reader.kind) for reader in found)
    named = [f"{number} {_kind(kind, number)}" for kind, number in kinds.items()]
    who = f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else "".join(named)
    if not pairs:
        return who
    return f"{pairs} {'pair' if pairs == 1 else 'pairs'}: {who}"


def _kind(kind: Reader.Kind, number: int) -> str:
    """A kind of readers in words, of one or of several."""
    first, _, rest = kind.label.lower().partition(" of ")
    return f"{first}{'' if number == 1 else 's'}{f' of {rest}' if rest else ''}"


def told(number: int, least: int) -> str:
    """A number of records as the sheet tells it: `none`, itself, or `fewer than 5`."""
    if not number:
        return "none"
    return f"{number:,}" if number >= least else f"fewer than {least}"


def _agencies(round: Round, records: Sequence[CountedRecord]) -> tuple[Told, ...]:
    """By agency, in how many of the records its own were seen; empty where nobody was asked."""
    seen: Counter[str] = Counter()
    for one in records:
        seen.update(one.answers["values"].get(SEEN, ()))
    return tuple(
        Told(asking.agency_label(code), told(number, round.base))
        for code, number in seen.most_common()
    )


# What was flagged


def flags_by_section(round: Round, records: Sequence[CountedRecord]) -> list[FlaggedText]:
    """Every text that readers flagged in the records that count, by reading number.

    In the order of the sections; what is of no section of its own stands under `WHOLE`.
    """
    labels = {one.record.pk: one.record.label for one in records}
    made = asking.template(round.template)
    order = {section.code: at for at, section in enumerate(made.sections)}
    found: dict[tuple[Any, str, str], dict[str, None]] = {}
    readings = {
        reading.pk: reading
        for reading in Reading.objects.filter(
            round=round, record__in=list(labels), state=Reading.State.COMPLETE
        )
    }
    with_entries: set[Any] = set()
    for entry in _in_use(readings):
        with_entries.add(entry.reading_id)
        for flag, text in (entry.answers.get("flags") or {}).items():
            key = (readings[entry.reading_id].record_id, flag, entry.section)
            found.setdefault(key, {})[text.strip()] = None
    for reading in readings.values():
        if reading.pk not in with_entries:
            for flag, text in (reading.answers.get("flags") or {}).items():
                found.setdefault((reading.record_id, flag, WHOLE), {})[text.strip()] = None
    titles = {section.code: str(section.title) for section in made.sections}
    return sorted(
        (
            FlaggedText(labels[record], flag, titles.get(section, ""), text)
            for (record, flag, section), texts in sorted(
                found.items(), key=lambda one: (order.get(one[0][2], len(order)), str(one[0][0]))
            )
            for text in texts
            if text
        ),
        key=lambda one: one.record,
    )


def _in_use(readings: Iterable[Any]) -> list[SectionEntry]:
    """The entry in use of each section of some readings."""
    latest: dict[tuple[Any, str], SectionEntry] = {}
    rows = SectionEntry.objects.filter(reading__in=list(readings), beside=False)
    for row in rows.order_by("version"):
        latest[row.reading_id, row.section] = row
    return list(latest.values())


def _flagged(round: Round, records: Sequence[CountedRecord]) -> tuple[Flagged, ...]:
    texts = flags_by_section(round, records) if records else []
    made = []
    for flag, title in FLAG_LABELS.items():
        by_section: dict[str, set[str]] = {}
        for one in texts:
            if one.flag == flag:
                by_section.setdefault(one.section, set()).add(one.record)
        everywhere = {one.record for one in texts if one.flag == flag}
        lines = [Told("Any section", told(len(everywhere), round.base))]
        if set(by_section) - {WHOLE}:
            lines += [
                Told(section or "No section of its own", told(len(found), round.base))
                for section, found in by_section.items()
            ]
        made.append(Flagged(flag, title, tuple(lines)))
    return tuple(made)


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
