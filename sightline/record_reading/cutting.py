"""How much of a round's results may leave the team that read it, chosen before it is declared.

Each unit is shown by answer, and each band that no other overlaps by the ways that leave it worth
reading once protected. What the results of one item would tell of another's is left out. Pure;
`docs/methods/M-24-record-results.md` works it through.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sightline.record_reading import asking
from sightline.record_reading.counting import (
    BANDS,
    EACH,
    FIRST,
    Case,
    Count,
    Unit,
    Way,
    categories,
    count,
    given,
    measures_of,
    units,
)
from sightline.record_reading.definitions import NOT_EXPECTED, TemplateDefinition
from sightline.record_reading.folding import NOTHING, Folded, folded, overlaps
from sightline.record_reading.measures import About, all_records, by_answer, of_group
from sightline.record_reading.results_names import ANSWER, MEASURE, SPLIT
from sightline.releases.services import DeclaredSeries, as_protected
from sightline.stats.disclosure import Link, Parts, Shown, Slice

_HIDDEN_AT_MOST: Final = 3
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Cut:
    """How one unit was split by one way: what its categories were put together to, and measures."""

    fold: Folded
    measures: tuple[str, ...]


@dataclass(frozen=True)
class UnitCut:
    """How one unit was shown: how finely all records, and by which ways."""

    detail: int
    by: Mapping[str, Cut]


Cuts = Mapping[str, UnitCut]
"""By the code of a unit, how it was shown."""


@dataclass(frozen=True)
class Made:
    """What a round declares: its series, what is known of their lines, and how it was cut up.

    The next count of the round is cut up in the same way.
    """

    series: tuple[DeclaredSeries, ...]
    links: tuple[Link, ...]
    cut: Cuts


@dataclass
class _Part:
    """One unit on its way: how it is counted, and by which ways it is split."""

    number: int
    unit: Unit
    answers: list[str]
    all: Count
    detail: int = EACH
    folds: dict[str, Folded] = field(default_factory=dict)
    splits: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def hangs_on(self) -> str:
        """The code of the item that it is asked only after, or nothing."""
        return self.unit.item.only_if.item if self.unit.item.only_if else ""

    @property
    def could_leave(self) -> bool:
        """Whether somebody could answer that it was not expected, and so be in no count."""
        return any(one.code == NOT_EXPECTED for one in asking.options(self.unit.item))


def protected(
    template: TemplateDefinition,
    found: Sequence[Case],
    split_by: Sequence[Way],
    about: About,
    before: Cuts | None = None,
    tell: Tell = lambda done, of: None,
) -> Made:
    """Everything of a round that may leave the team that read it, on its way to be protected.

    Args:
        template: the round's.
        found: its records as they are counted.
        split_by: the ways to split them by; what comes first is kept first.
        about: what the tables say of themselves.
        before: how the count before was cut up; this one is cut up in the same way, and no more
            is told of a unit than was told then.
        tell: told how many families of items are done, and of how many.
    """
    cutting = _Cutting(template, found, split_by, about)
    families = _families(template, found)
    series, links = [all_records(len(found), about)], []
    cut: dict[str, UnitCut] = {}
    for done, family in enumerate(families, start=1):
        for part in cutting.kept(family, before or {}):
            tables, tied = cutting.tables(part)
            series += tables
            links += tied
            by = {way: Cut(part.folds[way], names) for way, names in part.splits.items()}
            cut[part.unit.code] = UnitCut(part.detail, by)
        here = [part.unit.code for part in family if part.unit.code in cut]
        if len(here) > 1:
            # A whole that there is not: releases settle together whether what was shown stands.
            links.append(Parts(f"family of {here[0]}", tuple(here)))
        tell(done, len(families))
    return Made(tuple(series), tuple(links), cut)


def _families(template: TemplateDefinition, found: Sequence[Case]) -> list[list[_Part]]:
    """Units with those that hang on them, each after the one that it hangs on."""
    families: dict[str, list[_Part]] = {}
    root: dict[str, str] = {}
    for number, unit in enumerate(units(template), start=1):
        on = unit.item.only_if.item if unit.item.only_if else unit.item.code
        first = root.setdefault(unit.item.code, root.get(on, on))
        answers = given(unit, found)
        families.setdefault(first, []).append(_Part(number, unit, answers, count(unit, answers)))
    return list(families.values())


class _Cutting:
    """A round being cut up."""

    def __init__(
        self,
        template: TemplateDefinition,
        found: Sequence[Case],
        split_by: Sequence[Way],
        about: About,
    ) -> None:
        self.template, self.about = template, about
        self.ways = {way.code: way for way in split_by}
        self.where = {way.code: [way.of(case) for case in found] for way in split_by}

    def kept(self, family: Sequence[_Part], before: Cuts) -> list[_Part]:
        """The units of a family that are shown, each with the ways that it is split by."""
        enough = [part for part in family if part.all.base >= self.about.base]
        if any(part.unit.code in before for part in family):
            enough = [part for part in enough if part.unit.code in before]
            for part in enough:
                self._cut_as_before(part, before[part.unit.code])
        else:
            self._fold(enough)
            for part in enough:
                self._choose(part)
        by_code = {part.unit.code: part for part in enough}
        for part in enough:
            other = by_code.get(part.hangs_on)
            if other is not None and part.unit.code in by_code:
                self._settle(part, other, by_code)
        return list(by_code.values())

    def _sizes(self, part: _Part, where: Sequence[str]) -> dict[str, int]:
        return {
            code: one.base for code, one in count(part.unit, part.answers, where).groups.items()
        }

    def _fold(self, family: Sequence[_Part]) -> None:
        """Put small groups together, alike in all units of a family that can be split at all."""
        for way in self.ways.values():
            able, sizes = [], []
            for part in family:
                own = self._sizes(part, self.where[way.code])
                if measures_of(part.unit) and folded([own], way, self.about.base).compares:
                    able.append(part)
                    sizes.append(own)
            fold = folded(sizes, way, self.about.base) if able else NOTHING
            if able and not fold.compares:
                able, fold = able[:1], folded(sizes[:1], way, self.about.base)
            for part in able:
                if not self._tells_on_others(part, way.code, fold):
                    part.folds[way.code] = fold

    def _tells_on_others(self, part: _Part, way: str, fold: Folded) -> bool:
        """Whether groups by this way are nearly those by one that the unit is split by already."""
        counted = [at for at, said in enumerate(part.answers) if said in part.all.n]
        own = [fold.of[self.where[way][at]] for at in counted]
        return any(
            overlaps(own, [held.of[self.where[other][at]] for at in counted], self.about.base)
            for other, held in part.folds.items()
        )

    def _cut_as_before(self, part: _Part, before: UnitCut) -> None:
        """Split a unit as it was, where every category still is of the base or more."""
        part.detail = before.detail
        for way, held in before.by.items():
            if way not in self.where:
                continue
            sizes = self._sizes(part, [held.fold.of.get(code, "") for code in self.where[way]])
            enough = all(sizes.get(code, 0) >= self.about.base for code in held.fold.labels)
            if enough and not sizes.get(""):
                part.folds[way] = held.fold
                part.splits[way] = held.measures
        if not self._is_readable(part):
            part.splits = {}

    def _choose(self, part: _Part) -> None:
        """Split a unit by as many ways as leave it worth reading once it is protected."""
        names = tuple(measures_of(part.unit))
        part.detail = self._detail(part)
        if part.detail == FIRST:
            names = names[:1]
        part.splits = dict.fromkeys(part.folds, names)
        if self._is_readable(part):
            return
        part.splits = {}
        for way in part.folds:
            for some in dict.fromkeys((names, names[:1])):
                part.splits[way] = some
                if self._is_readable(part):
                    break
                del part.splits[way]

    def _detail(self, part: _Part) -> int:
        """How finely all records are shown: as finely as lets the first band be known."""
        first = next(iter(measures_of(part.unit).values()), ())
        for detail in (EACH, BANDS, FIRST) if first else ():
            part.detail = detail
            (table,) = self._as_shown(part).values()
            held = {row.code for row in table.rows if row.count.value is not None}
            sides = [
                {c for c, behind in categories(part.unit, detail).items() if set(behind) <= side}
                for side in (set(first), set(part.all.n) - set(first))
            ]
            if table.total.count.value is not None and any(side <= held for side in sides):
                return detail
        return EACH

    def _is_readable(self, part: _Part) -> bool:
        """Whether every base and total is shown, and at most a third of the counts are hidden."""
        if self._hides_too_much(part):
            return False
        tables = self._as_shown(part).values()
        rows = [row for table in tables for row in table.rows]
        bases = [row.of for row in rows if row.of is not None]
        bases += [table.total.count for table in tables]
        hidden = sum(row.count.value is None for row in rows)
        known = all(cell.value is not None for cell in bases)
        return known and hidden * _HIDDEN_AT_MOST <= len(rows)

    def _hides_too_much(self, part: _Part) -> bool:
        """Whether what is small by itself is too much already; spares protecting it to see."""
        limit = self.about.rules.threshold
        shown = categories(part.unit, part.detail).values()
        sizes = [sum(part.all.n[code] for code in behind) for behind in shown]
        small = sum(0 < n < limit for n in sizes)
        rows = len(sizes)
        for way, names in part.splits.items():
            groups = self._groups(part, way)
            for code in part.folds[way].labels:
                counts = [(groups[code].band(name), groups[code].base) for name in names]
                small += sum(0 < n < limit or 0 < base - n < limit for n, base in counts)
                rows += len(counts)
        return small * _HIDDEN_AT_MOST > rows

    def _groups(self, part: _Part, way: str) -> Mapping[str, Count]:
        """A unit by a way, small groups put together."""
        of = part.folds[way].of
        return count(part.unit, part.answers, [of.get(code, "") for code in self.where[way]]).groups

    def _as_shown(self, part: _Part) -> dict[str, Shown]:
        """What a unit would show, by the codes of its tables."""
        tables, links = self.tables(part)
        found = as_protected(tables, links, self.about.rules)
        return {table.code: one for table, one in zip(tables, found, strict=True)}

    def _settle(self, part: _Part, other: _Part, kept: dict[str, _Part]) -> None:
        """Leave out of a unit, or of the one it hangs on, what either would tell of the other.

        The base of what hangs on an item is a count of that item's answers. Where those cannot all
        be shown, the item is left out, or is not split in that way. But where nobody could answer
        that it was not expected, everybody who was read is counted; then what hangs on it is left
        out, or the two bases would tell.
        """
        shown = self._as_shown(other)
        if any(_hides(table) for code, table in shown.items() if SPLIT not in code):
            del kept[other.unit.code if other.could_leave else part.unit.code]
            return
        for way in list(part.splits):
            alike = way in other.splits and other.folds[way] == part.folds[way]
            by_way = [table for code, table in shown.items() if code.endswith(f"{SPLIT}{way}")]
            if alike and not any(_hides(table) for table in by_way):
                continue
            if other.could_leave:
                other.splits.pop(way, None)
            else:
                del part.splits[way]

    def tables(self, part: _Part) -> tuple[list[DeclaredSeries], list[Link]]:
        """The tables of a unit, and how they hang together."""
        series = [by_answer(self.template, part.all, self.about, part.number, part.detail)]
        for way, names in part.splits.items():
            fold = part.folds[way]
            groups = self._groups(part, way)
            series += [
                of_group(
                    self.template, part.unit, self.ways[way], fold, name, groups, self.about,
                    part.number,
                )
                for name in names
            ]  # fmt: skip
        return series, list(_links(part))


def _hides(table: Shown) -> bool:
    return any(cell.value is None for row in table.rows for cell in (row.count, row.of) if cell)


def _links(part: _Part) -> Iterator[Link]:
    code = part.unit.code
    used = {name for names in part.splits.values() for name in names}
    lines = {name: f"{code}{MEASURE}{name}" for name in measures_of(part.unit) if name in used}
    shown = categories(part.unit, part.detail)
    for name, line in lines.items():
        wanted = set(part.unit.bands[name])
        yield Slice(line, code, ANSWER, tuple(c for c, b in shown.items() if set(b) <= wanted))
    if lines:
        yield Parts(code, tuple(lines.values()))
