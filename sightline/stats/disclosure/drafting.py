"""A table while it is being decided what of it is hidden."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sightline.stats.disclosure.exact import Exact, counts_of
from sightline.stats.disclosure.profiles import Profile, Zeros
from sightline.stats.disclosure.ranges import Line, exposed, ranges
from sightline.stats.disclosure.shown import HIDDEN, MAKER, Shown, ShownCell, ShownRow, cell
from sightline.stats.quantity import whole_per_cent

_ALL = 100


@dataclass
class _Hidden:
    """What is hidden of one column: places, and whether the total is."""

    places: set[int] = field(default_factory=set)
    total: bool = False


@dataclass(frozen=True)
class Column:
    """The numbers of one column, and the categories behind which there are too few families."""

    name: str
    codes: tuple[str, ...]
    values: tuple[int, ...]
    few_families: tuple[str, ...] = ()


class Draft:
    """The counts of an exact table and what is hidden of them so far; only ever hides more."""

    def __init__(self, exact: Exact, profile: Profile) -> None:
        self.exact, self.profile = exact, profile
        people = exact.population
        self._rows = counts_of(exact)
        counted = [row for row in self._rows if row.people is not None]
        self._codes = [row.code for row in counted]
        self._n = tuple(row.people or 0 for row in counted)
        self._families = [row.families for row in counted]
        self._behind = [row.behind for row in counted]
        self._d = tuple(row.of or 0 for row in counted) if exact.measure else ()
        narrow = exact.sensitive or people.below_council
        self.limit = profile.limit(narrow=narrow)
        self._small_group = self.small_group = profile.small_group(narrow=narrow)
        self.complete = len(counted) == len(self._rows)
        self._count, self._of = _Hidden(), _Hidden()
        self._primary: frozenset[tuple[str, int]] = frozenset()
        self._used: Mapping[str, int] = {}
        self.withheld = ""
        self.linked_n = 0

    # What is hidden for itself

    def start(self, used: Mapping[str, int]) -> None:
        """Hide every count that is small for itself; `used`: other tables that show a category."""
        self._used = used
        places = range(len(self._n))
        self._of.places = {i for i in places if self._d and self._too_few(self._d[i])}
        self._count.places = {i for i in places if self._is_small(i)} | self._of.places
        self._primary = frozenset(
            {("count", i) for i in self._count.places} | {("of", i) for i in self._of.places}
        )
        total, base = sum(self._n), sum(self._d)
        if self._d:
            self._of.total = self._too_few(base)
            self._count.total = self._of.total or self._tells(total, base)
        elif self._too_few(total) or self._all_in_one(total):
            self.withhold("", total=self._too_few(total))

    def _too_few(self, people: int) -> bool:
        if people == 0:
            return self.profile.zeros is Zeros.HIDE
        return people < self.limit

    def _tells(self, people: int, of: int) -> bool:
        """Whether a "k of n" tells of few people: of those counted, or of those not."""
        of_each = of < self._small_group and people in (0, of)
        return self._too_few(people) or 0 < of - people < self.limit or of_each

    def _is_small(self, place: int) -> bool:
        if self._too_few_behind(place):
            return True
        if self._d:
            return self._tells(self._n[place], self._d[place])
        return self._too_few(self._n[place])

    def _too_few_behind(self, place: int) -> bool:
        """Whether too few families, or too few people where meetings are counted, are behind it."""
        families, people = self._families[place], self._behind[place]
        if families is not None and 0 < families < self.profile.family_threshold:
            return True
        return people is not None and 0 < people < self.limit

    def _all_in_one(self, total: int) -> bool:
        """Everybody of a small group is in one category, so every zero tells where they are."""
        return 0 < total < self._small_group and max(self._n) == total and len(self._n) > 1

    # What is hidden to protect that

    def settle(self, why: str) -> None:
        """Hide more until no hidden count can be worked out from this table; or all of it."""
        if self._d:
            self._settle(self._of, lambda: [self._line(self._d, self._of)], why)
            self._count.places |= self._of.places
            rest = tuple(d - n for n, d in zip(self._n, self._d, strict=True))
            lines = (self._n, rest)
            self._settle(self._count, lambda: [self._line(x, self._count) for x in lines], why)
        else:
            self._settle(self._count, lambda: [self._line(self._n, self._count)], why)
        if len(self._n) == 1:  # the total is the row
            for hidden in (self._count, self._of):
                if hidden.places or hidden.total:
                    hidden.places, hidden.total = {0}, True

    def _settle(self, hidden: _Hidden, lines: Callable[[], list[Line]], why: str) -> None:
        while not hidden.total and any(exposed(line, self.limit) for line in lines()):
            place = self._next(hidden)
            if place is None:
                self.withhold(why, total=False)
                hidden.total = self._withheld_total_tells(hidden)
                return
            hidden.places.add(place)

    def _next(self, hidden: _Hidden) -> int | None:
        """The smallest count that is not hidden and not zero; then zeros; ties as M-02 says."""
        values = self._d if hidden is self._of else self._n
        free = [i for i in range(len(values)) if i not in hidden.places]
        if not free:
            return None
        return min(free, key=lambda i: (not values[i], values[i], self._used[self._codes[i]], i))

    def _line(self, values: tuple[int, ...], hidden: _Hidden) -> Line:
        of_people = values is not self._d and bool(self._d)
        return Line(
            values=values,
            hidden=frozenset(hidden.places),
            total_shown=not hidden.total,
            caps=tuple(
                self._d[i] if of_people and i not in self._of.places else None
                for i in range(len(values))
            ),
            zeros_shown=self.profile.zeros is Zeros.SHOW,
            small_group=self._small_group,
        )

    def _withheld_total_tells(self, hidden: _Hidden) -> bool:
        """Whether the total alone would tell, with every category hidden for no stated reason."""
        if hidden is self._of or not self._d:
            return self._too_few(sum(self._d if hidden is self._of else self._n))
        caps = [self._d[i] for i in range(len(self._d)) if i not in self._of.places]
        open_base = len(caps) < len(self._d)
        total, base = sum(self._n), sum(self._d)
        for people in (total, base - total):
            for cap in caps:
                least = 0 if open_base else max(0, people - (sum(caps) - cap))
                if min(cap, people) - least < self.limit:
                    return True
        return self._tells(total, base)

    def withhold(self, why: str, *, total: bool) -> None:
        """Hide every category, and the total too if so told."""
        self.withheld = self.withheld or why or "Too few people to show by category."
        everywhere = set(range(len(self._n)))
        self._count.places = set(everywhere)
        self._count.total = self._count.total or total
        if self._d and total:
            self._of.places, self._of.total = everywhere, True

    # What earlier releases ask for

    def match(self, code: str, column: str, was: ShownCell | None, *, compared: bool) -> None:
        """Hide what was hidden in an earlier vintage, or has changed by too few since."""
        if was is None or code not in self._codes:
            return
        place = self._codes.index(code)
        values, hidden = self._column(column)
        if not values:
            return
        hid = was.text == "[c]"
        if hid or (compared and self._little(was, values[place])):
            self.linked_n += place not in hidden.places
            hidden.places.add(place)
            self._count.places.add(place)

    def total_changes_little(self, column: str, was: ShownCell | None, *, compared: bool) -> bool:
        """Whether the total has changed since by so few that the change tells of them."""
        values, _ = self._column(column)
        return bool(values) and was is not None and compared and self._little(was, sum(values))

    def _little(self, was: ShownCell, now: int) -> bool:
        if was.value is None:
            return False
        return 0 < abs(self._rounded(now) - was.value) < self.limit

    def hide_total(self, column: str) -> None:
        """Hide a total that was hidden before."""
        self._column(column)[1].total = True

    def _column(self, column: str) -> tuple[tuple[int, ...], _Hidden]:
        return (self._n, self._count) if column == "count" else (self._d, self._of)

    def hide_linked(self, involved: Iterable[tuple[str, str]]) -> bool:
        """Hide the smallest of the shown counts named (category, line), or else a total."""
        rows: list[tuple[int, str, int]] = []
        totals: list[str] = []
        for code, line in involved:
            column = "of" if self._d and not line else "count"
            if code:
                place = self._codes.index(code)
                rows.append((self._column(column)[0][place], column, place))
            else:
                totals.append(column)
        if rows:
            _, column, place = min(rows)
            self._column(column)[1].places.add(place)
            self._count.places.add(place)
        elif totals:
            self._column(min(totals))[1].total = True
        self.linked_n += bool(rows or totals)
        return bool(rows or totals)

    # What is decided elsewhere, over many tables

    def columns(self) -> list[Column]:
        """The counts, and what they are of, for those who protect several tables as one."""
        if not self._codes:
            return []
        codes = tuple(self._codes)
        few = tuple(code for place, code in enumerate(codes) if self._too_few_behind(place))
        return [
            Column("count", codes, self._n, few),
            *([Column("of", codes, self._d)] if self._d else []),
        ]

    def take(self, column: str, hidden: Collection[str], small: Collection[str]) -> None:
        """Hide these categories of a column ("": its total); `small` are so for themselves."""
        _, held = self._column(column)
        held.places = {i for i, code in enumerate(self._codes) if code in hidden}
        held.total = "" in hidden
        own = {(column, i) for i in held.places if self._codes[i] in small}
        self._primary = frozenset(self._primary | own)
        if column == "count" and len(held.places) == len(self._codes) > 1:
            self.withheld = "Too few people to show by category."

    def changed_little(self, before: Shown) -> bool:
        """Whether any number has changed since by so few that the change tells of them."""
        for row in before.rows:
            if row.code not in self._codes:
                continue
            place = self._codes.index(row.code)
            if self._little(row.count, self._n[place]):
                return True
            if self._d and row.of is not None and self._little(row.of, self._d[place]):
                return True
        whole = before.total
        return self._little(whole.count, sum(self._n)) or (
            bool(self._d) and whole.of is not None and self._little(whole.of, sum(self._d))
        )

    # What comes out

    @property
    def nothing_shown(self) -> bool:
        """Whether not one number is left."""
        columns = [(self._n, self._count)] + ([(self._d, self._of)] if self._d else [])
        return all(hid.total and len(hid.places) == len(values) for values, hid in columns)

    def hidden_counts(self) -> tuple[int, int]:
        """How many counts are hidden for themselves, and how many to protect those."""
        hidden = {("count", i) for i in self._count.places} | {("of", i) for i in self._of.places}
        return len(hidden & self._primary), len(hidden - self._primary)

    def narrowest(self) -> int | None:
        """Greatest less least of what the best-known hidden count of the table can be."""
        columns = [(self._n, self._count)] + ([(self._d, self._of)] if self._d else [])
        widths = [
            most - least
            for values, hidden in columns
            for least, most in ranges(self._line(values, hidden)).values()
            if most is not None
        ]
        return min(widths, default=None)

    def _rounded(self, people: int) -> int:
        step = self.profile.rounding
        return (people + step // 2) // step * step

    def _cell(self, values: tuple[int, ...], hidden: _Hidden, place: int | None) -> ShownCell:
        gone = hidden.total if place is None else place in hidden.places
        if gone:
            return HIDDEN
        people = sum(values) if place is None else values[place]
        small = not self.profile.hides and 0 < people < self.limit
        return cell(self._rounded(people), small=small)

    def _share(self, part: ShownCell, whole: ShownCell) -> ShownCell:
        if part.value is None or whole.value is None or whole.value < self.profile.minimum_base:
            return HIDDEN
        return cell(whole_per_cent(part.value, whole.value))

    def shown(self) -> Shown:
        """The table as it stands now."""
        exact = self.exact
        whole = self._cell(self._n, self._count, None)
        base = self._cell(self._d, self._of, None) if self._d else None
        total = ShownRow("", "All", whole, base, self._share(whole, base or whole))
        if not self._codes:  # nothing was counted, which is no zero
            gap = ShownCell(None, self._rows[0].state)
            total = ShownRow("", "All", gap, gap if exact.measure else None, gap)
        rows = []
        for row in self._rows:
            if row.people is None:
                gap = ShownCell(None, row.state)
                rows.append(ShownRow(row.code, row.label, gap, gap if base else None, gap))
                continue
            place = self._codes.index(row.code)
            count = self._cell(self._n, self._count, place)
            of = self._cell(self._d, self._of, place) if base else None
            share = self._share(count, of or whole)
            rows.append(ShownRow(row.code, row.label, count, of, share))
        hidden = len(self._count.places) + len(self._of.places)
        return Shown(
            code=exact.code, title=exact.title, counted=exact.counted, base_words=exact.base_words,
            by=exact.by, measure=exact.measure, vintage=exact.vintage, population=exact.population,
            rows=tuple(rows), total=total, profile=self.profile.key, threshold=self.limit,
            rounding=self.profile.rounding, hides=self.profile.hides, hidden_n=hidden,
            withheld=self.withheld, notes=self._notes(hidden), at_least=self._at_least(base),
            maker=MAKER,
        )  # fmt: skip

    def _notes(self, hidden: int) -> tuple[str, ...]:
        profile = self.profile
        said = []
        if hidden or self._count.total:
            said.append(
                f"Counts of fewer than {self.limit} people are not shown. Others are hidden where "
                "they would let somebody work those out."
            )
        if profile.rounding > 1:
            said.append(
                f"Counts are rounded to the nearest {profile.rounding}, the total by itself, so "
                "they need not add up."
            )
        if profile.minimum_base > 1:
            said.append(f"No percentage is given of fewer than {profile.minimum_base} people.")
        missing = [row.label for row in self._rows if row.people is None]
        if missing:
            said.append(f"The total is incomplete: it leaves out {', '.join(missing)}.")
        if profile.notice:
            said.append(profile.notice)
        return tuple(said)

    def _at_least(self, base: ShownCell | None) -> int | None:
        """A share that may be said of a single hidden "k of n" nearly all of whom are counted."""
        if base is None or len(self._n) > 1 or not self._count.places or self.withheld:
            return None
        of, left = base.value, self._d[0] - self._n[0]
        if of is None or of < self._small_group or not 0 < left < self.limit or self.linked_n:
            return None
        return _ALL * (of - self.limit) // of
