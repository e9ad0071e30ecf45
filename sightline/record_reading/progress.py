"""How a round goes while records are read: by stratum, pair and reader, and who is behind."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sightline.design.charts import Chart, Point, bars
from sightline.record_reading import asking, queries
from sightline.record_reading.models import Reader, Reading, Round
from sightline.record_reading.queries import Progress, progress_of

_BUSY_DAYS_AT_LEAST = 1


@dataclass(frozen=True)
class ReaderProgress:
    """How far one reader is. `behind` is how many fewer they have handed in than an even pace."""

    reader: Reader
    progress: Progress
    behind: int


@dataclass(frozen=True)
class RoundProgress:
    """How far a round is: in all, by stratum, by pair and by reader.

    `records` counts records of which everything is handed in, of `held` that are to be read.
    """

    whole: Progress
    records: int
    held: int
    strata: tuple[Progress, ...]
    pairs: tuple[Progress, ...]
    readers: tuple[ReaderProgress, ...]

    @property
    def in_progress(self) -> int:
        """Readings that were begun and are not handed in."""
        return self.whole.begun - self.whole.handed_in

    @property
    def behind(self) -> tuple[ReaderProgress, ...]:
        """Those who are behind, the furthest first."""
        return tuple(
            sorted((one for one in self.readers if one.behind), key=lambda one: -one.behind)
        )


def expected(given: int, first: dt.date | None, last: dt.date | None, today: dt.date) -> int:
    """How many would be handed in by the beginning of `today` at an even pace; both days count."""
    if first is None or last is None or today <= first:
        return 0
    days = (last - first).days + 1
    gone = min((today - first).days, days)
    return given * gone // max(days, _BUSY_DAYS_AT_LEAST)


def of_round(round: Round, today: dt.date) -> RoundProgress:
    """How far a round is on a day, in two questions."""
    readings = list(queries.readings_in(round).defer("answers", "record__facts"))
    labels = {one.code: str(one.label) for one in asking.template(round.template).strata}
    by_record: dict[Any, list[str]] = defaultdict(list)
    for reading in readings:
        by_record[reading.record_id].append(reading.state)
    done = sum(set(states) == {Reading.State.COMPLETE} for states in by_record.values())
    return RoundProgress(
        whole=progress_of("All", (one.state for one in readings)),
        records=done,
        held=queries.to_read(round).count(),
        strata=_grouped(
            (labels.get(one.record.stratum, one.record.stratum), one.state) for one in readings
        ),
        pairs=_grouped(
            (_pair(one.reader), one.state) for one in readings if one.reader.pair is not None
        ),
        readers=_readers(round, readings, today),
    )


def _pair(reader: Reader) -> str:
    return f"Pair {reader.pair}"


def _grouped(found: Iterable[tuple[str, str]]) -> tuple[Progress, ...]:
    by_label: dict[str, list[str]] = defaultdict(list)
    for label, state in found:
        by_label[label].append(state)
    return tuple(progress_of(label, by_label[label]) for label in sorted(by_label, key=_natural))


def _natural(label: str) -> tuple[str, int]:
    """Pair 10 after pair 9."""
    words, _, number = label.rpartition(" ")
    return (words, int(number)) if number.isdecimal() else (label, 0)


def _readers(
    round: Round, readings: Sequence[Reading], today: dt.date
) -> tuple[ReaderProgress, ...]:
    states: dict[Any, list[str]] = defaultdict(list)
    for reading in readings:
        states[reading.reader_id].append(reading.state)
    found = []
    for reader in queries.readers_of(round):
        one = progress_of(reader.person.name, states[reader.pk])
        due = expected(one.given, round.reads_from, round.reads_until, today)
        found.append(ReaderProgress(reader, one, max(0, due - one.handed_in)))
    return tuple(found)


def chart(found: RoundProgress) -> Chart | None:
    """Handed in by stratum; None where nothing was given to anybody."""
    if not found.strata:
        return None
    whole = found.whole
    return bars(
        headline=f"{whole.handed_in} of {whole.given} readings are handed in",
        subtitle="Readings handed in, per cent of those given to readers, by stratum",
        points=[
            Point(
                one.label,
                round(100 * one.handed_in / one.given),
                count=one.handed_in,
                base=one.given,
            )
            for one in found.strata
        ],
        measure="Handed in",
        unit="%",
        row_name="Stratum",
    )


def context(round: Round, today: dt.date) -> dict[str, Any]:
    """What the page of a round shows of how it goes."""
    found = of_round(round, today)
    return {
        "progress": found,
        "chart": chart(found),
        "no_reader": found.held - _with_a_reader(round),
        "handed_in_despite": [
            conflict
            for conflict in queries.conflicts_in(round)
            if conflict.reader.readings.filter(
                record=conflict.record, state=Reading.State.COMPLETE
            ).exists()
        ],
    }


def _with_a_reader(round: Round) -> int:
    return queries.readings_in(round).filter(part=1).count()
