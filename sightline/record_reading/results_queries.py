"""What a locked round shows: the series it declared, as somebody may see them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from sightline.access.actors import Actor
from sightline.kernel.errors import NotFound
from sightline.kernel.measures import Measure
from sightline.record_reading import asking
from sightline.record_reading.counting import AGENCY, STRATUM, WAYS, Unit, answers_behind, units
from sightline.record_reading.definitions import TemplateDefinition
from sightline.record_reading.folding import TOGETHER
from sightline.record_reading.models import Round
from sightline.record_reading.results import (
    Drawn,
    Share,
    as_measure,
    drawn_from,
    held_and_read,
    is_uneven,
    share,
    summed,
    total_of,
    weighted,
)
from sightline.record_reading.results_names import (
    EXACT,
    LEFT_OUT,
    OF_GROUP,
    PROTECTED,
    RECORDS,
    SPLIT,
    Reference,
    profile_of,
    read_reference,
    series_code,
    source_of,
    vintage_of,
)
from sightline.releases import queries as releases
from sightline.stats.disclosure import ShownCell, ShownSeries
from sightline.stats.intervals import Interval

POPULATION: Final = "population"
"""The way whose groups are made of whole strata."""

SHOWING = frozenset({Round.State.LOCKED, Round.State.DESTROYED})


@dataclass(frozen=True)
class Results:
    """What a round shows to somebody.

    Attributes:
        kind: `EXACT` for those who hold the readings, `PROTECTED` for everybody else.
        listed: the codes of all series that were declared; empty where too few were read.
        series: those that were opened, by code.
        waits: it is locked, and its readings are still being counted.
    """

    round: Round
    template: TemplateDefinition
    kind: str
    listed: frozenset[str] = frozenset()
    series: Mapping[str, ShownSeries] = field(default_factory=dict)
    waits: bool = False

    @property
    def read(self) -> int | None:
        """How many records were read, or None where that is not said."""
        found = self.series.get(RECORDS)
        return found.shown.total.count.value if found else None

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Everything that is counted, in the order of the template."""
        return tuple(units(self.template))

    @cached_property
    def strata(self) -> Mapping[str, Drawn]:
        """By stratum, children in scope and records read of them."""
        return drawn_from(self.round.results.get("strata", {}))

    @property
    def scope(self) -> Drawn:
        """Children in scope of all strata, and records read of them."""
        return held_and_read(self.strata)

    @property
    def is_uneven(self) -> bool:
        """Whether strata were drawn at different rates."""
        return is_uneven(self.strata)

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {unit.code: number for number, unit in enumerate(self.units, start=1)}

    def code(self, unit: Unit, measure: str = "", way: str = "") -> str:
        """The code of a unit's series: of everybody, or of a band by a way."""
        return series_code(unit, measure, way, number=self._numbers[unit.code])

    def codes(self, unit: Unit, way: str = "") -> list[str]:
        """The series that the page of a unit needs: all records, by a way, and by stratum."""
        ways = dict.fromkeys((way, STRATUM)) if way else [STRATUM]
        by = [self.code(unit, measure, one) for one in ways for measure in ("", *unit.bands)]
        return [self.code(unit), self.code(unit, LEFT_OUT), *by]

    def everybody(self, unit: Unit) -> ShownSeries | None:
        """What all records answered, if it was declared and opened."""
        return self.series.get(self.code(unit))

    def split_by(self, unit: Unit) -> tuple[tuple[str, str], ...]:
        """Code and title of each way that a unit is shown by."""
        return tuple(
            (way, title) for way, title in WAYS.items()
            if self.code(unit, way=way) in self.listed
            or any(self.code(unit, name, way) in self.listed for name in unit.bands)
        )  # fmt: skip

    def left_out(self, unit: Unit) -> Mapping[str, int]:
        """Records in no base of a unit, and why; empty where that is not said."""
        found = self.series.get(self.code(unit, LEFT_OUT))
        rows = found.shown.rows if found else ()
        return {row.code: row.count.value for row in rows if row.count.value}

    # Shares

    def drawn(self, unit: Unit, way: str = "", group: str = "") -> Drawn:
        """What the records of a unit were read out of: the strata it is asked of.

        Of a group those in which it lies, where that is known: a stratum, or those of a population.
        """
        asked = unit.item.strata
        if group == TOGETHER:
            return held_and_read(self.strata, asked)
        if way == STRATUM:
            return held_and_read(self.strata, (group,))
        if way == POPULATION:
            inside = [one.code for one in self.template.strata if one.population == group]
            own = [code for code in inside if not asked or code in asked]
            return held_and_read(self.strata, own or asked)
        return held_and_read(self.strata, asked)

    def answers(self, unit: Unit) -> tuple[Share, ...]:
        """Each answer, or band where no more is said, as a share; empty where nothing is shown."""
        series = self.everybody(unit)
        rows = series.shown.rows if series else ()
        found = (
            self._whole(unit, row.code, row.label, answers_behind(unit, row.code)) for row in rows
        )
        return tuple(one for one in found if one is not None)

    def band(self, unit: Unit, name: str) -> Share | None:
        """A band of all records; None where nothing is shown of the unit."""
        return self._whole(unit, name, asking.band_label(name), unit.bands[name])

    def answer(self, unit: Unit, code: str) -> Share | None:
        """One answer of all records, with its weighted share."""
        label = asking.option_label(unit.item, code)
        return self._whole(unit, code, label, (code,))

    def _whole(self, unit: Unit, code: str, label: str, answers: tuple[str, ...]) -> Share | None:
        series = self.everybody(unit)
        if series is None:
            return None
        base = total_of(series.shown)
        cells = [(answers_behind(unit, row.code), row.count) for row in series.shown.rows]
        found = share(code, label, summed(cells, answers, base), base, self.drawn(unit))
        if found.n is None or not is_uneven(self.strata, unit.item.strata):
            return found
        return replace(found, weighted=self._weighted(unit, code, answers))

    def _weighted(self, unit: Unit, code: str, answers: tuple[str, ...]) -> Interval | None:
        groups = self._groups(unit, STRATUM, code, answers)
        if not groups or any(n is None or base is None for n, base in groups.values()):
            return None
        if TOGETHER in groups:
            return None
        known = {key: (n or 0, base or 0) for key, (n, base) in groups.items()}
        return weighted(known, self.strata)

    def by(self, unit: Unit, way: str, name: str) -> tuple[Share, ...]:
        """A band by a way: one share for each group; empty where it is not shown so."""
        groups = self._groups(unit, way, name, unit.bands[name])
        labels = self._labels(unit, way, name)
        return tuple(
            share(code, labels[code], n, base, self.drawn(unit, way, code))
            for code, (n, base) in groups.items()
        )  # fmt: skip

    def shown_by(self, unit: Unit, way: str) -> tuple[str, ...]:
        """The bands that a unit is shown by a way in."""
        if self.code(unit, way=way) in self.series:
            return tuple(unit.bands)
        return tuple(
            name
            for name, answers in unit.bands.items()
            if self._measured_by(unit, way, name, answers)[0] is not None
        )

    def opened_by(self, unit: Unit, way: str) -> list[ShownSeries]:
        """The series of a unit by a way that were opened."""
        codes = [self.code(unit, way=way), *(self.code(unit, name, way) for name in unit.bands)]
        return [self.series[code] for code in codes if code in self.series]

    def answers_by(self, unit: Unit, way: str) -> Mapping[str, Mapping[str, ShownCell]]:
        """Every answer by a way, for those who see exact figures; else empty."""
        series = self.series.get(self.code(unit, way=way))
        found: dict[str, dict[str, ShownCell]] = {}
        for row in series.shown.rows if series else ():
            category, _, answer = row.code.partition(OF_GROUP)
            found.setdefault(category, {})[answer] = row.count
        return found

    def _groups(
        self, unit: Unit, way: str, code: str, answers: tuple[str, ...]
    ) -> dict[str, tuple[int | None, int | None]]:
        """By group, how many of how many records have one of some answers."""
        exact = self.series.get(self.code(unit, way=way))
        if exact is not None:
            bases = {row.code.partition(OF_GROUP)[0]: row.of for row in exact.shown.rows}
            split = self.answers_by(unit, way)
            return {
                category: (
                    summed([((c,), cell) for c, cell in split[category].items()], answers, None),
                    base.value if base else None,
                )
                for category, base in bases.items()
            }
        series, turned = self._measured_by(unit, way, code, answers)
        found: dict[str, tuple[int | None, int | None]] = {}
        for row in series.shown.rows if series else ():
            n, base = row.count.value, row.of.value if row.of else None
            if turned and n is not None:
                n = base - n if base is not None else None
            found[row.code] = (n, base)
        return found

    def _measured_by(
        self, unit: Unit, way: str, code: str, answers: tuple[str, ...]
    ) -> tuple[ShownSeries | None, bool]:
        """The series of a band by a way, or else of the band that is the rest of it."""
        own = self.series.get(self.code(unit, code, way))
        if own is not None:
            return own, False
        rest = {answer for answer, _ in unit.answers} - set(answers)
        for name, others in unit.bands.items():
            if set(others) == rest and self.code(unit, name, way) in self.series:
                return self.series[self.code(unit, name, way)], True
        return None, False

    def labels_by(self, unit: Unit, way: str) -> Mapping[str, str]:
        """The groups of a way that exact figures are split by, with their labels."""
        series = self.series.get(self.code(unit, way=way))
        return {
            row.code.partition(OF_GROUP)[0]: row.label.rpartition(": ")[0]
            for row in (series.shown.rows if series else ())
        }

    def _labels(self, unit: Unit, way: str, code: str) -> Mapping[str, str]:
        exact = self.labels_by(unit, way)
        series, _ = self._measured_by(unit, way, code, unit.bands[code])
        return exact or (dict(series.categories) if series else {})


Wanted = Callable[[str], bool]


def of_everybody(code: str) -> bool:
    """Whether a series is of everybody, and not by group."""
    return SPLIT not in code


def every(code: str) -> bool:
    """Whichever it is."""
    return bool(code)


def results(
    actor: Actor, round: Round, kind: str = PROTECTED, wanted: Wanted = of_everybody
) -> Results:
    """The results of a round that has come through its door.

    Args:
        actor: who looks; opening exact figures is put in the trail.
        round: which.
        kind: `PROTECTED`, or `EXACT` for those who hold the readings.
        wanted: by its code, whether a series is opened.

    Raises:
        NotFound: it is not locked, or its figures are not theirs to see.
    """
    template = asking.template(round.template)
    if round.state not in SHOWING or round.locked_at is None:
        raise NotFound("There are no results before a record reading is locked.")
    source, vintage = source_of(round, kind), vintage_of(round)
    declared = releases.latest(source, vintage)
    if declared is None:
        return Results(round, template, kind, waits=not round.results.get("counted"))
    profile = profile_of(round, kind)
    listed = frozenset(code for code, _ in releases.series_listed(declared, profile))
    codes = [code for code in listed if code == RECORDS or wanted(code)]
    opened = releases.open_series(actor, source, codes, vintage=vintage, wanted=profile)
    return Results(round, template, kind, listed, opened.series)


def shared(round: Round, wanted: Wanted = of_everybody) -> Results:
    """The protected results of a round for whoever came through a door that shares them.

    The feedback sheet has such a door: the partnership holds nothing over an inspection's results,
    and is shown them once they are shared.

    Raises:
        NotFound: it is not locked.
    """
    template = asking.template(round.template)
    if round.state not in SHOWING or round.locked_at is None:
        raise NotFound("There are no results before a record reading is locked.")
    declared = releases.latest(source_of(round, PROTECTED), vintage_of(round))
    if declared is None:
        return Results(round, template, PROTECTED, waits=not round.results.get("counted"))
    profile = profile_of(round, PROTECTED)
    listed = frozenset(code for code, _ in releases.series_listed(declared, profile))
    codes = [code for code in listed if code == RECORDS or wanted(code)]
    opened = {one.code: one for one in releases.series_of(declared, profile, codes)}
    return Results(round, template, PROTECTED, listed, opened)


def measure(actor: Actor, round: Round, named: str) -> Measure:
    """One figure of a round that has come through its door; see `permissions.get_measure_for`.

    `named`: `plan-quality:good-or-better` for a band, `plan-present=yes` for one answer,
    `plan-quality:good-or-better?care_type=foster` for a group, `attended:yes?agency=police` for an
    item asked by agency.

    Raises:
        NotFound: the name is of nothing that was declared, or it is not theirs to see.
    """
    asked = read_reference(named)
    missing = NotFound(f"There is no figure {round.area}/{round.slug}/{named}.")
    found = results(actor, round, PROTECTED, lambda code: False)
    unit = _unit(found, asked)
    if unit is None or not _is_known(unit, asked):
        raise missing
    way = "" if asked.way == AGENCY else asked.way
    needed = set(found.codes(unit, way))
    found = results(actor, round, PROTECTED, lambda code: code in needed)
    figure = _share(found, unit, asked, way)
    if figure is None:
        raise missing
    series = found.everybody(unit)
    is_what = (
        asking.option_label(unit.item, asked.measure)
        if asked.answer
        else asking.band_label(asked.measure)
    )
    return as_measure(
        figure,
        counted=f"records that are: {is_what} ({unit.title})",
        base_words=series.shown.base_words if series else "of the records",
        definition=f"{round.template} {unit.item.code} wording {unit.item.wording}",
        source=f"{round.area}/{round.slug}",
    )


def _unit(found: Results, asked: Reference) -> Unit | None:
    code = f"{asked.unit}.{asked.category}" if asked.way == AGENCY else asked.unit
    return next((unit for unit in found.units if unit.code == code), None)


def _is_known(unit: Unit, asked: Reference) -> bool:
    if asked.answer:
        return asked.measure in dict(unit.answers) and asked.way in {"", AGENCY}
    return asked.measure in unit.bands and asked.way in {"", AGENCY, *WAYS}


def _share(found: Results, unit: Unit, asked: Reference, way: str) -> Share | None:
    if asked.answer:
        return found.answer(unit, asked.measure)
    if not way:
        return found.band(unit, asked.measure)
    if asked.measure not in found.shown_by(unit, way):
        return None
    shares = found.by(unit, way, asked.measure)
    return next((one for one in shares if one.code == asked.category), None)


__all__ = [
    "EXACT", "PROTECTED", "Results", "every", "measure", "of_everybody",
    "results", "shared",
]  # fmt: skip
