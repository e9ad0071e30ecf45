"""The counts of a feedback sheet: which of them are told, and what of them a round keeps.

A count of records with a flag, or with an agency's records, is told where both it and the records
without it are none, or as many as may be shown. None and all are told, as zeros are in the round's
results: `zeros: show` in its profile. What a round keeps, and the trail with it, is what is told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sightline.record_reading import asking, differences, queries, sampling_queries
from sightline.record_reading.differences import CountedRecord, counted
from sightline.record_reading.models import Reader, Reading, Round, SectionEntry
from sightline.record_reading.reading_answers import FLAG_LABELS
from sightline.record_reading.results_names import PROTECTED, profile_of
from sightline.releases.definitions import profile

FEEDBACK: Final = "feedback"
"""The part of a round's results that its sheet is drawn from once it is counted."""

SEEN: Final = "records-seen"
"""The item in which readers say whose records they saw."""

WHOLE: Final = ""
"""Where a flag stands that is not of one section."""

NOWHERE: Final = "No section of its own"
NEARLY: Final = "nearly all"


@dataclass(frozen=True)
class Told:
    """How many records, with what they are: a number, or in words that there are too few to tell.

    `n` is None where the number is hidden.
    """

    label: str
    number: str
    n: int | None = None


@dataclass(frozen=True)
class Flagged:
    """What readers flagged of one kind: in how many records, and by section where that is told."""

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
class StratumRead:
    """One stratum: children in scope, records to be read, and those that count as read."""

    label: str
    held: int
    drawn: int
    read: int


@dataclass(frozen=True)
class Counts:
    """What a sheet tells in numbers, beside its figures.

    Attributes:
        strata: what was drawn and read by stratum.
        read: records that count, those that one alone has read included once it is locked.
        twice: of these, those that two readers read.
        pairs: pairs of readers, as (how many, of whom).
        agencies: whose records readers saw; None where that would tell of a few.
        flagged: what readers flagged.
    """

    strata: tuple[StratumRead, ...]
    read: int
    twice: int
    pairs: str
    agencies: tuple[Told, ...] | None
    flagged: tuple[Flagged, ...]


def as_data(found: Counts) -> dict[str, Any]:
    """The counts as a round keeps them."""
    return asdict(found)


def from_data(data: Mapping[str, Any]) -> Counts:
    """The counts that a round keeps."""
    agencies = data["agencies"]
    return Counts(
        strata=tuple(StratumRead(**one) for one in data["strata"]),
        read=data["read"],
        twice=data["twice"],
        pairs=data["pairs"],
        agencies=None if agencies is None else _tolds(agencies),
        flagged=tuple(
            Flagged(one["code"], one["title"], _tolds(one["sections"])) for one in data["flagged"]
        ),
    )


def _tolds(data: Iterable[Mapping[str, Any]]) -> tuple[Told, ...]:
    return tuple(Told(**one) for one in data)


def least_of(round: Round) -> int:
    """The smallest number of records that is told: the round's base, or what its profile shows."""
    return max(round.base, profile(profile_of(round, PROTECTED)).profile().threshold)


def counts(round: Round, first: Counts | None = None) -> Counts:
    """The counts of a round's sheet, worked out from its readings.

    Args:
        round: which; what was read of it is still there.
        first: what was told when it was locked before. A number stays that changed by fewer than
            are told, and one that was hidden stays so unless it is further from all it could be.
    """
    records, least = counted(round), least_of(round)
    now = Counts(
        _strata(round, records), len(records), len(differences.read_twice(round)),
        pairs_of(queries.readers_of(round)), (), (),
    )  # fmt: skip
    # What was read is no finding; but one record more beside flags that stay would tell of it.
    was = first if first and 0 < abs(first.read - now.read) < least else now
    rule = _Rule(was.read, least, first)
    return Counts(
        was.strata, was.read, was.twice, was.pairs, rule.agencies(_agencies(records)),
        tuple(rule.flagged(code, title, found) for code, title, found in _flags(round, records)),
    )  # fmt: skip


def _strata(round: Round, records: Sequence[CountedRecord]) -> tuple[StratumRead, ...]:
    read = Counter(one.record.stratum for one in records)
    return tuple(
        StratumRead(one.label, one.held, one.drawn, read[one.stratum])
        for one in sampling_queries.progress(round)
    )


def pairs_of(readers: Iterable[Reader]) -> str:
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


def _agencies(records: Sequence[CountedRecord]) -> Counter[str]:
    """By agency, in how many of the records its own were seen; empty where nobody was asked."""
    seen: Counter[str] = Counter()
    for one in records:
        seen.update(asking.agency_label(code) for code in one.answers["values"].get(SEEN, ()))
    return seen


def _flags(
    round: Round, records: Sequence[CountedRecord]
) -> list[tuple[str, str, dict[str, set[str]]]]:
    """Each kind of flag with its title, and the records it is in by section."""
    texts = flags_by_section(round, records) if records else []
    found = []
    for flag, title in FLAG_LABELS.items():
        by_section: dict[str, set[str]] = {}
        for one in texts:
            if one.flag == flag:
                by_section.setdefault(one.section, set()).add(one.record)
        found.append((flag, title, by_section))
    return found


# What may be told


def told(number: int, base: int, least: int) -> tuple[int | None, str]:
    """A number of records out of a base as the sheet tells it, and its words.

    `none`, itself, `fewer than 5`, or `nearly all` where fewer than that are without it. All of
    them is told. Of a base that is too small itself nothing is, not even that there are none.
    """
    if base < least or 0 < number < least:
        return None, f"fewer than {least}"
    if number not in {0, base} and base - number < least:
        return None, NEARLY
    return number, f"{number:,}" if number else "none"


def are_safe(lines: Sequence[Told], whole: int, least: int) -> bool:
    """Whether lines that together cover a number of records tell of no few of them.

    A record can be in several lines, and each is in one at least. So a hidden line is at least
    what the others leave; and if none is hidden, what they have too many is in two of them.
    """
    shown = sum(one.n for one in lines if one.n is not None)
    hidden = [one.number for one in lines if one.n is None]
    if not hidden:
        return not 0 < shown - whole < least
    return NEARLY in hidden or whole - shown - (len(hidden) - 1) * (least - 1) <= 1


@dataclass(frozen=True)
class _Before:
    """Lines that were told before, of so many records."""

    base: int
    lines: Sequence[Told]

    def of(self, label: str) -> Told:
        """What a line said; a line that was not there said that there were none."""
        return next((one for one in self.lines if one.label == label), Told(label, "none", 0))

    def is_far(self, number: int, least: int) -> bool:
        """Whether a number is far from every one that can have been hidden."""
        hidden = [n for n in range(self.base + 1) if told(n, self.base, least)[0] is None]
        return all(abs(number - n) >= least for n in hidden)


@dataclass(frozen=True)
class _Rule:
    """What of a sheet's numbers may be told: of so many records, after what was told before."""

    read: int
    least: int
    first: Counts | None

    def agencies(self, seen: Mapping[str, int]) -> tuple[Told, ...] | None:
        first, before = self.first, None
        if first and first.agencies is not None:
            before = _Before(first.read, first.agencies)
        return self._lines(seen, self.read, before)

    def flagged(self, code: str, title: str, by_section: Mapping[str, set[str]]) -> Flagged:
        lines = self._lines_before(code)
        everywhere = Told("Any section", "", len(set().union(*by_section.values())))
        before = _Before(self.first.read, lines[:1]) if self.first and lines else None
        any_section = self._told(everywhere, self.read, before)
        parts: tuple[Told, ...] | None = None
        if any_section.n is not None and set(by_section) - {WHOLE}:
            numbers = {name or NOWHERE: len(found) for name, found in by_section.items()}
            known = lines[1:] and lines[0].n is not None
            before = _Before(lines[0].n or 0, lines[1:]) if known else None
            parts = self._lines(numbers, any_section.n, before)
        return Flagged(code, title, (any_section, *(parts or ())))

    def _lines_before(self, code: str) -> Sequence[Told]:
        flagged = self.first.flagged if self.first else ()
        return next((one.sections for one in flagged if one.code == code), ())

    def _lines(
        self, numbers: Mapping[str, int], base: int, before: _Before | None
    ) -> tuple[Told, ...] | None:
        """One line for each; none at all where together they would tell of a few."""
        known = [one.label for one in before.lines] if before else []
        labels = dict.fromkeys((*numbers, *known))
        made = [self._told(Told(one, "", numbers.get(one, 0)), base, before) for one in labels]
        found = [one for one in made if one.n != 0]
        if not are_safe(found, base, self.least):
            return None
        # Hidden ones by name: their order would tell which is larger.
        return tuple(sorted(found, key=lambda one: (-(one.n or 0), one.label)))

    def _told(self, exact: Told, base: int, before: _Before | None) -> Told:
        number = exact.n or 0
        if before is not None:
            was = before.of(exact.label)
            if was.n is None and not before.is_far(number, self.least):
                return was
            if was.n is not None and abs(number - was.n) < self.least:
                number = was.n
        n, words = told(number, base, self.least) if number <= base else (None, NEARLY)
        return Told(exact.label, words, n)


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
