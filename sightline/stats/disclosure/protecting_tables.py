"""`protect_table`: which cells of a many-way table are shown, given the profile and what is out."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import product

from sightline.kernel.measures import State
from sightline.stats.disclosure.attacker import Attack, Told, attack
from sightline.stats.disclosure.choosing import Method, Pattern, choose
from sightline.stats.disclosure.lattice import Lattice
from sightline.stats.disclosure.profiles import Profile, Zeros
from sightline.stats.disclosure.protecting import REVISED, TOGETHER, TOO_FEW
from sightline.stats.disclosure.shown import HIDDEN, MAKER, Shown, ShownCell, cell
from sightline.stats.disclosure.shown_tables import ShownTable, from_shown
from sightline.stats.disclosure.tables import Table

SECONDS = 20.0
CONTRADICTS = (
    "Not shown: together with figures released before, the table does not add up. Count again, or "
    "say in `who` that these are other people."
)
_ALL = 100
_ROUNDS = 40
_ATTACK_SECONDS = 120.0


@dataclass(frozen=True)
class TableRecord:
    """What the ledger keeps of one protected table: how it was protected, and no exact value.

    Attributes:
        table, vintage, profile, threshold: which table, under which rules.
        cells_n: published cells, totals included.
        primary_n: cells hidden for what they are themselves.
        secondary_n: further cells hidden to protect those.
        linked_n: how many of these are hidden on account of earlier releases, or because the
            attacker asked for them.
        method: how the further cells were chosen.
        withheld: why nothing is shown, or empty.
        compared_n: how many earlier releases were looked at.
        attacked_n, by_integers_n: how many questions the attacker of the table as shown asked, and
            how many of them needed whole numbers.
        finding: the same in words.
    """

    table: str
    vintage: str
    profile: str
    threshold: int
    cells_n: int
    primary_n: int
    secondary_n: int
    linked_n: int
    method: Method
    withheld: str
    compared_n: int
    attacked_n: int
    by_integers_n: int
    finding: str


def protect_table(
    table: Table,
    profile: Profile,
    earlier: Sequence[ShownTable | Shown] = (),
    *,
    seconds: float = SECONDS,
) -> tuple[ShownTable, TableRecord]:
    """The table as readers under this profile may see it; it has been attacked before it is out.

    Args:
        table: as counted.
        profile: the rules.
        earlier: what readers under this profile have been shown already, oldest first. Another
            vintage of this table: what was hidden stays hidden, and no small change shows. Other
            tables of the same people: nothing follows from all of them together.
        seconds: how long the cheapest pattern is looked for; then the fallback chooses.

    Returns:
        What is shown, and what the ledger keeps.
    """
    protecting = _Protecting(Lattice(table, profile), seconds)
    if profile.hides:
        protecting.compare(earlier)
        protecting.settle()
    return protecting.shown(), protecting.record()


def _latest(tables: Sequence[ShownTable]) -> list[ShownTable]:
    """The latest of each table and layout; of each table alone where layouts contradict."""
    every = {(t.identity, frozenset(t.cells)): t for t in tables}
    alone = {t.identity: t for t in tables}
    found = list(every.values())
    if len(alone) < len(every) and attack(found, seconds=_ATTACK_SECONDS).contradicts:
        return list(alone.values())
    return found


@dataclass
class _Protecting:
    lattice: Lattice
    seconds: float
    pattern: Pattern = field(
        default=Pattern(frozenset(), zeros_known=False, spare=0, method=Method.NOTHING)
    )
    forced: set[int] = field(default_factory=set)
    others: list[ShownTable] = field(default_factory=list)
    relaid: bool = False
    withheld: str = ""
    compared: int = 0
    last: Attack = field(default=Attack((), 0, 0, 0, contradicts=False))

    def __post_init__(self) -> None:
        self.table, self.profile = self.lattice.table, self.lattice.profile
        hides = self.profile.hides
        self.primary = self.lattice.primary() if hides else frozenset[int]()

    # What was released before

    def compare(self, earlier: Sequence[ShownTable | Shown]) -> None:
        """Sort the earlier releases, and hide what vintages of the same table ask for."""
        tables = [from_shown(one) if isinstance(one, Shown) else one for one in earlier]
        mine = self.shown().identity
        who = self.table.population.who
        related = [t for t in tables if t.hides and t.population.who == who]
        for before in related:
            if before.identity == mine:
                self._keep_stable(before)
        others = [t for t in related if t.profile == self.profile.key and t.identity != mine]
        self.others = _latest(others)
        self.compared = len(self.others) + sum(t.identity == mine for t in related)
        layouts = {
            frozenset(t.cells): t
            for t in related
            if t.identity == mine and t.profile == self.profile.key and not t.withheld
        }
        # A vintage of the same cells is looked after by `_keep_stable`; one of other cells (inner
        # cells then, totals now) would be added up with this table, so the attacker gets it.
        now = {key for i, key in enumerate(self.lattice.keys) if self.lattice.published[i]}
        for before in layouts.values():
            at = self._order(before)
            if {tuple(key[there] for there in at) for key in before.cells} != now:
                self.others.append(self._unchanged(before, at))
                self.relaid = True

    def _order(self, before: ShownTable) -> list[int]:
        """For each dimension of this table, which one it is of a vintage of it."""
        mine, theirs = (
            sorted(range(len(dims)), key=lambda i: (dims[i].identity, dims[i].code))
            for dims in (self.table.dimensions, before.dimensions)
        )
        found = dict(zip(mine, theirs, strict=True))
        return [found[here] for here in range(len(mine))]

    def _unchanged(self, before: ShownTable, at: Sequence[int]) -> ShownTable:
        """What a vintage says that is still so: what an outsider may take to hold now."""
        step, cells = before.rounding, {}
        for key, was in before.cells.items():
            parts = product(*(before.dimensions[there].within[key[there]] for there in at))
            people = sum(self.lattice.values[self.lattice.place[part]] for part in parts)
            if was.state is State.SUPPRESSED:
                holds = people > 0 or not before.zeros_shown
            else:
                holds = was.value == (people + step // 2) // step * step
            if holds:
                cells[key] = was
        return replace(before, cells=cells, maker=MAKER)

    def _keep_stable(self, before: ShownTable) -> None:
        """Hide what was hidden before, and what changed by so few that the change tells of them."""
        if before.withheld:
            self.withheld = before.withheld
            return
        at = self._order(before)
        for place, key in enumerate(self.lattice.keys):
            old = [""] * len(key)
            for here, there in enumerate(at):
                old[there] = key[here]
            was = before.cells.get(tuple(old))
            if was is None or not self.lattice.published[place]:
                continue
            change = abs(self._rounded(place) - (was.value or 0))
            little = was.value is not None and 0 < change < self.lattice.limits[place]
            if little and not any(key):
                self.withheld = REVISED
            if was.state is State.SUPPRESSED or (little and before.profile == self.profile.key):
                self.forced.add(place)

    # What is hidden

    def settle(self) -> None:
        """Hide more until the attacker tells nothing; or withhold the table."""
        before = self._known_before()
        until = time.monotonic() + self.seconds
        use_zeros = False
        for _ in range(_ROUNDS):
            if self.withheld:
                break
            wanted = self.primary | self.forced
            pattern = choose(self.lattice, wanted, until=until, use_zeros=use_zeros)
            if pattern is None:
                self.withheld = TOO_FEW
                break
            self.pattern = pattern
            use_zeros = pattern.spare > 0
            self.last = attack([*self.others, self.shown()], seconds=_ATTACK_SECONDS)
            if self.last.contradicts:
                self.withheld = CONTRADICTS
                break
            fresh = [t for t in self.last.told if before.get(t.name) != (t.least, t.most)]
            if not fresh and not self.last.unsettled:
                break
            if not self._hide_more(fresh):
                self.withheld = TOGETHER if self.others else TOO_FEW
        else:
            self.withheld = TOGETHER if self.others else TOO_FEW
        if self.withheld:
            self._withhold()
        elif self.pattern.hidden and not any(
            self.lattice.published[i] and i not in self.pattern.hidden
            for i in range(len(self.lattice.keys))
        ):
            self.withheld = TOO_FEW
            self.pattern = replace(self.pattern, method=Method.WITHHELD)

    def _known_before(self) -> dict[object, tuple[int, int | None]]:
        """What could be told without this table, and how nearly; it is not this table's doing."""
        if not self.others:
            return {}
        tables = list(self.others)
        if self.relaid:  # cells of this table may have been out already
            blank = self.shown()
            cells = dict.fromkeys(blank.cells, HIDDEN)
            tables.append(replace(blank, cells=cells, zeros_shown=False, maker=MAKER))
        found = attack(tables, seconds=_ATTACK_SECONDS)
        if found.contradicts or found.unsettled:
            self.withheld = TOGETHER
        return {told.name: (told.least, told.most) for told in found.told}

    def _hide_more(self, fresh: Sequence[Told]) -> bool:
        """For each thing told, hide the cheapest shown cell of this table that helps tell it."""
        own, weights = len(self.others), self.lattice.weights
        more: set[int] = set()
        for told in fresh:
            telling = [self.lattice.place[key] for number, key in told.because if number == own]
            free = [place for place in telling if place not in self.pattern.hidden]
            if free and not more & set(free):
                more.add(min(free, key=weights.__getitem__))
        if not more:
            shown = [
                i for i in range(len(weights))
                if self.lattice.published[i] and i not in self.pattern.hidden
            ]  # fmt: skip
            more = {min(shown, key=weights.__getitem__)} if shown else set()
        self.forced |= set(self.pattern.hidden) | more
        return bool(more)

    def _withhold(self) -> None:
        """Hide everything, the total too."""
        everything = frozenset(i for i, out in enumerate(self.lattice.published) if out)
        self.pattern = Pattern(everything, zeros_known=False, spare=0, method=Method.WITHHELD)

    # What comes out

    def _rounded(self, place: int) -> int:
        step = self.profile.rounding
        return (self.lattice.values[place] + step // 2) // step * step

    def _cell(self, place: int) -> ShownCell:
        if place in self.pattern.hidden:
            return HIDDEN
        people = self.lattice.values[place]
        small = not self.profile.hides and 0 < people < self.lattice.limits[place]
        return cell(self._rounded(place), small=small)

    def shown(self) -> ShownTable:
        """The table as it stands now."""
        table, profile = self.table, self.profile
        return ShownTable(
            code=table.code, title=table.title, counted=table.counted, vintage=table.vintage,
            population=table.population, dimensions=table.dimensions, margins=table.margins,
            cells={
                key: self._cell(place)
                for place, key in enumerate(self.lattice.keys)
                if self.lattice.published[place]
            },
            profile=profile.key,
            threshold=profile.limit(narrow=table.narrow),
            narrow_threshold=profile.limit(narrow=True),
            rounding=profile.rounding,
            zeros_shown=self.pattern.zeros_known and profile.zeros is Zeros.SHOW,
            spare=self.pattern.spare, minimum_base=profile.minimum_base, hides=profile.hides,
            withheld=self.withheld, notes=self._notes(), at_least=self._at_least(), maker=MAKER,
        )  # fmt: skip

    def _notes(self) -> tuple[str, ...]:
        profile, said = self.profile, []
        if self.pattern.hidden:
            limits = sorted({self.lattice.limits[place] for place in self.pattern.hidden})
            under = " or ".join(str(limit) for limit in limits)
            said.append(
                f"Counts of fewer than {under} people are not shown. Others are hidden where they "
                "would let somebody work those out."
            )
        if profile.rounding > 1:
            said.append(
                f"Counts are rounded to the nearest {profile.rounding}, each by itself, so they "
                "need not add up."
            )
        if profile.minimum_base > 1:
            said.append(f"No percentage is given of fewer than {profile.minimum_base} people.")
        if profile.notice:
            said.append(profile.notice)
        return tuple(said)

    def _at_least(self) -> int | None:
        """A share that may be said of a hidden "k of n" alone, when nearly all are counted."""
        finest = [i for i, leaf in enumerate(self.lattice.is_leaf) if leaf]
        total = self.lattice.place[("",) * len(self.table.dimensions)]
        one_way = len(self.table.dimensions) == 1 and len(finest) == 2  # noqa: PLR2004
        if not one_way or total in self.pattern.hidden or set(finest) - self.pattern.hidden:
            return None
        limit, of = self.lattice.limits[total], self._rounded(total)
        few = min(self.lattice.values[place] for place in finest)
        group = max(self.profile.minimum_base, 2 * limit)
        if self.withheld or self.forced or of < group or not 0 < few < limit:
            return None
        return _ALL * (of - limit) // of

    def record(self) -> TableRecord:
        """What the ledger keeps."""
        hidden = self.pattern.hidden
        primary = len(hidden & self.primary)
        return TableRecord(
            table=self.table.code, vintage=self.table.vintage, profile=self.profile.key,
            threshold=self.profile.limit(narrow=self.table.narrow),
            cells_n=sum(self.lattice.published), primary_n=primary,
            secondary_n=len(hidden) - primary,
            linked_n=len(hidden & self.forced - self.primary), method=self.pattern.method,
            withheld=self.withheld, compared_n=self.compared, attacked_n=self.last.looked_at,
            by_integers_n=self.last.by_integers, finding=self._finding(),
        )  # fmt: skip

    def _finding(self) -> str:
        hidden = len(self.pattern.hidden)
        if self.withheld:
            return "The table is withheld."
        if not hidden:
            return "Nothing is hidden."
        chosen = {
            Method.OPTIMAL: "as few as possible, weighed by people and totals",
            Method.FALLBACK: "chosen by the fallback, because time ran out for the best choice",
        }[self.pattern.method]
        return f"{hidden} hidden, {chosen}; an attacker tells none of them."
