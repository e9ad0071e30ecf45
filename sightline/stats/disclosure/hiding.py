"""Which numbers of a family of tables are hidden: those that are small, and what protects them."""

import math
from collections.abc import Sequence
from typing import Final

from sightline.stats.disclosure.drafting import Column, Draft
from sightline.stats.disclosure.network import Network
from sightline.stats.disclosure.profiles import Profile, Zeros
from sightline.stats.disclosure.shown import Shown

Group = tuple[str, str]
"""The counts of one line by one breakdown ("": its total alone)."""
_ROUNDS: Final = 400
_MARGIN: Final = 2
TOTAL = ""


class Family:
    """The numbers of some tables, what is hidden of them, and what holds them together."""

    def __init__(self, drafts: Sequence[Draft], profile: Profile) -> None:
        self.drafts, self.profile = drafts, profile
        self.network = Network()
        self.limits: list[int] = []
        self.hidden: set[int] = set()
        self.primary: set[int] = set()
        self.told: set[int] = set()
        self._printed: list[bool] = []
        self._small_group: list[int] = []
        self._group: list[Group] = []
        self._groups: dict[Group, dict[str, int]] = {}
        self._caps: dict[int, list[int]] = {}
        self._rests: dict[tuple[int, int], int] = {}
        self._summed: dict[Group, bool] = {}
        self._of: dict[int, list[int]] = {}
        self._guarded: set[int] = set()
        self._places: list[tuple[Draft, str, str, bool]] = []

    # What there is

    def add(self, draft: Draft, line: str, base: str, *, whole: bool) -> None:
        """Put the numbers of a table in."""
        by = draft.exact.by
        columns = draft.columns()
        names: dict[str, str] = {}
        for column in columns:
            name = line if column.name == "count" else base
            names[column.name] = self._line(draft, name, by, column, whole=whole)
        self._places.append((draft, names.get("count", ""), names.get("of", ""), whole))
        if len(columns) > 1:
            self.inside(names["count"], names["of"], by=by)
            for code, place in self._groups[(names["count"], by)].items():
                base_place = self._groups[(names["of"], by)][code]
                self._of.setdefault(base_place, []).append(place)

    def _line(self, draft: Draft, name: str, by: str, column: Column, *, whole: bool) -> str:
        found = self._groups.get((name, by))
        values = dict(zip(column.codes, column.values, strict=True))
        if found is not None:
            held = {c: self.network.values[p] for c, p in found.items() if c != TOTAL}
            if held == values:
                self._raise_limits(found, draft)
                self._hide_few_families(draft, column, found)
                return name
        total = self._groups.get((name, ""), {}).get(TOTAL)
        if found is not None or (
            whole and total is not None and self.network.values[total] != sum(column.values)
        ):
            name, total = f"{name} ({draft.exact.code})", None
        group: dict[str, int] = {}
        for code, value in values.items():
            group[code] = self._place(value, draft, (name, by))
        if not whole:
            group[TOTAL] = self._place(sum(column.values), draft, (name, by))
        else:
            if total is None:
                total = self._place(sum(column.values), draft, (name, ""))
                self._groups[(name, "")] = {TOTAL: total}
            group[TOTAL] = total
        self._summed[(name, by)] = draft.complete
        if draft.complete:
            self.network.equate(group[TOTAL], [group[code] for code in column.codes])
        self._groups[(name, by)] = group
        self._hide_few_families(draft, column, group)
        return name

    def _hide_few_families(self, draft: Draft, column: Column, group: dict[str, int]) -> None:
        for code in column.few_families:
            self.primary.add(group[code])
            if len(column.codes) == 1:
                self.primary.add(group[TOTAL])

    def _raise_limits(self, group: dict[str, int], draft: Draft) -> None:
        for code, place in group.items():
            if code != TOTAL:
                self.limits[place] = max(self.limits[place], draft.limit)
                self._small_group[place] = max(self._small_group[place], draft.small_group)

    def _place(self, value: int, draft: Draft | None, group: Group) -> int:
        place = self.network.add(value)
        usual = self.profile.limit(narrow=False)
        own = draft is not None and bool(group[1])
        self.limits.append(draft.limit if own and draft else usual)
        least = self.profile.small_group(narrow=False)
        self._small_group.append(draft.small_group if own and draft else least)
        self._group.append(group)
        self._printed.append(draft is not None)
        return place

    def _derived(self, value: int, limit: int, group: Group) -> int:
        place = self._place(value, None, group)
        self.limits[place] = limit
        return place

    def inside(self, narrow: str, wide: str, *, by: str | None = None) -> None:
        """Say that one line lies inside another, wherever both are counted alike."""
        for (name, breakdown), group in list(self._groups.items()):
            other = self._groups.get((wide, breakdown))
            if name != narrow or other is None or (by is not None and breakdown not in {by, ""}):
                continue
            shared = [code for code in group if code in other]
            fits = all(
                self.network.values[group[c]] <= self.network.values[other[c]] for c in shared
            )
            if not fits or narrow == wide:
                continue
            self._difference((narrow, wide), breakdown, group, other, shared)

    def _difference(
        self,
        names: tuple[str, str],
        breakdown: str,
        group: dict[str, int],
        other: dict[str, int],
        shared: list[str],
    ) -> None:
        rest: dict[str, int] = {}
        for code in shared:
            inner, outer = group[code], other[code]
            if (inner, outer) in self._rests:
                rest[code] = self._rests[(inner, outer)]
                continue
            value = self.network.values[outer] - self.network.values[inner]
            rest[code] = self._derived(value, self.limits[inner], (f"{names}", breakdown))
            self.network.equate(outer, [inner, rest[code]])
            self._caps.setdefault(inner, []).append(outer)
            self._rests[(inner, outer)] = rest[code]
        sums = all(self._summed.get(p) for p in ((names[0], breakdown), (names[1], breakdown)))
        if breakdown and sums and len(shared) == len(group) == len(other):
            self.network.equate(rest[TOTAL], [rest[c] for c in shared if c != TOTAL])

    def parts(self, whole: str, names: Sequence[str]) -> None:
        """Say that lines are parts of another that do not overlap."""
        for (name, breakdown), group in list(self._groups.items()):
            found = [self._groups.get((part, breakdown)) for part in names]
            members = [part for part in found if part is not None]
            if name != whole or len(members) < 2:  # noqa: PLR2004 - one part is inside, no more
                continue
            for code, outer in group.items():
                inner = [part[code] for part in members if code in part]
                left = self.network.values[outer] - sum(self.network.values[i] for i in inner)
                if left < 0 or len(set(inner)) < len(inner):
                    continue
                rest = self._derived(left, self.limits[outer], (f"rest of {whole}", breakdown))
                self.network.equate(outer, [*inner, rest])
                if 0 < left < self.limits[outer]:
                    self._guarded.add(rest)

    def slice(self, line: str, whole: str, by: str, categories: Sequence[str]) -> None:
        """Say that a line counts those whom another counts under some categories."""
        group, parts = self._groups.get((line, "")), self._groups.get((whole, by))
        if group is None or parts is None:
            return
        inner = [parts[code] for code in categories if code in parts]
        if sum(self.network.values[i] for i in inner) == self.network.values[group[TOTAL]]:
            self.network.equate(group[TOTAL], inner)

    def remember(self, draft: Draft, before: Shown) -> None:
        """What was hidden stays hidden; what was shown and is still so is known."""
        names = next((c, o) for held, c, o, _ in self._places if held is draft)
        for name, column in zip(names, ("count", "of"), strict=True):
            group = self._groups.get((name, draft.exact.by), {})
            for row in (*before.rows, before.total):
                cell = getattr(row, column)
                place = group.get(row.code)
                if cell is None or place is None:
                    continue
                if cell.text == "[c]":
                    self.primary.add(place)
                elif cell.value == self._rounded(self.network.values[place]):
                    self.told.add(place)

    # What is hidden

    def settle(self) -> None:
        """Hide what is small, and more until nothing of it can be told."""
        self.hidden |= self.primary
        self.primary |= {p for p, v in enumerate(self.network.values) if self._is_small(p, v)}
        self.hidden |= self.primary
        self._withhold_one_sided()
        self._follow()
        if self.hidden or self._guarded:
            self._protect()
        self._hand_back()

    def _is_small(self, place: int, value: int) -> bool:
        if not self._printed[place]:
            return False
        if self._too_few(value, self.limits[place]):
            return True
        for outer in self._caps.get(place, ()):
            of, limit = self.network.values[outer], self.limits[place]
            if 0 < of - value < limit:
                return True
            if 0 < of < self._small_group[place] and value in (0, of):
                return True
        return False

    def _too_few(self, people: int, limit: int) -> bool:
        if people == 0:
            return self.profile.zeros is Zeros.HIDE
        return people < limit

    def _withhold_one_sided(self) -> None:
        """Everybody of a small group is in one category, so every zero tells where they are."""
        for (_, by), group in self._groups.items():
            cells = [place for code, place in group.items() if code != TOTAL]
            total = self.network.values[group[TOTAL]] if TOTAL in group else 0
            if not by or len(cells) < 2 or not 0 < total < self._small_group[cells[0]]:  # noqa: PLR2004
                continue
            if max(self.network.values[place] for place in cells) == total:
                self.hidden |= set(cells)

    def _follow(self) -> None:
        """What must be hidden because something else is."""
        for of, counts in self._of.items():
            if of in self.hidden:
                self.hidden |= set(counts)
        for (_, by), group in self._groups.items():
            total = group.get(TOTAL)
            if by and total in self.hidden:
                self.hidden |= set(group.values())
            cells = [place for code, place in group.items() if code != TOTAL]
            if len(cells) == 1 and total is not None and {cells[0], total} & self.hidden:
                self.hidden |= {cells[0], total}

    def _protect(self) -> None:
        for _ in range(_ROUNDS):
            low, high = self._known()
            unsafe = self._unsafe(low, high)
            if not unsafe:
                return
            self._hide_for(unsafe[0], low, high)
            self._follow()
        self.hidden |= {place for place, out in enumerate(self._printed) if out}

    def _known(self) -> tuple[list[float], list[float]]:
        values = self.network.values
        low, high = [0.0] * len(values), [math.inf] * len(values)
        zeros = {self._group[p] for p in self.hidden if values[p] == 0}
        for place, value in enumerate(values):
            if not self._printed[place]:
                continue
            if place in self.told or place not in self.hidden:
                low[place], high[place] = self._meant(place, value)
            elif self.profile.zeros is Zeros.SHOW and self._group[place] not in zeros:
                small = any(
                    values[of] < self._small_group[place] for of in self._caps.get(place, ())
                )
                low[place] = 0.0 if small or not value else 1.0
        return low, high

    def _meant(self, place: int, value: int) -> tuple[float, float]:
        step = self.profile.rounding
        if step == 1:
            return float(value), float(value)
        shown = self._rounded(value)
        least = max(shown - step // 2, 0)
        return float(min(max(least, self.limits[place]), value)), float(
            shown + step - 1 - step // 2
        )

    def _rounded(self, value: int) -> int:
        step = self.profile.rounding
        return (value + step // 2) // step * step

    def _needed(self) -> dict[int, float]:
        """What must not be told, and how far it must stay open."""
        values, found = self.network.values, {}
        zeros = {self._group[p] for p in self.hidden if values[p] == 0}
        for place in self.hidden:
            if self._printed[place] and place not in self.told:
                extra = self.profile.zeros is Zeros.SHOW and self._group[place] in zeros
                found[place] = float(self.limits[place] + (_MARGIN if extra else 0))
        for place in self._guarded:
            found[place] = float(self.limits[place])
        return found

    def _unsafe(self, low: list[float], high: list[float]) -> list[int]:
        asked = self._needed()
        lows, highs = self.network.bounds(low, high, [*asked, *self.hidden])
        unsafe = [p for p, needed in asked.items() if highs[p] - lows[p] < needed]
        if not unsafe:
            bounded = {p: n for p, n in asked.items() if highs[p] - lows[p] < math.inf}
            unsafe = list(self.network.reached(low, high, bounded)) if bounded else []
        return sorted(unsafe, key=lambda p: (bool(self._group[p][1]), p))

    def _hide_for(self, place: int, low: list[float], high: list[float]) -> None:
        """Hide the cheapest number that leaves this place more open; or, failing that, more."""
        asked = [place, *self.hidden]
        lows, highs = self.network.bounds(low, high, asked)
        before = highs[place] - lows[place]
        near = self._near(place)
        for other in near:
            wider_low, wider_high = list(low), list(high)
            wider_low[other], wider_high[other] = 0.0, math.inf
            lows, highs = self.network.bounds(wider_low, wider_high, [*asked, other])
            if highs[place] - lows[place] > before:
                self.hidden.add(other)
                return
        if near:
            self.hidden.add(near[0])
            return
        self._withhold(place)

    def _near(self, place: int) -> list[int]:
        """Shown numbers in an equation with this one, then all others of the breakdown."""
        by = self._group[place][1]
        found: list[int] = []
        same = list(self._groups.get(self._group[place], {}).values())
        direct = [
            p
            for number in self.network.touching[place]
            for p in (self.network.equations[number][0], *self.network.equations[number][1])
        ]
        rest = [p for g, group in self._groups.items() if g[1] == by for p in group.values()]
        for tier in (same, direct, rest):
            fresh = {p for p in tier if self._may_hide(p, by)} - set(found)
            values = self.network.values
            found += sorted(fresh, key=lambda p: (not values[p], values[p], p))
        return found

    def _may_hide(self, place: int, by: str) -> bool:
        """Shown, and of this breakdown: a total is hidden for the sake of totals alone."""
        return (
            self._printed[place]
            and place not in self.hidden
            and place not in self.told
            and self._group[place][1] == by
        )

    def _withhold(self, place: int) -> None:
        """Nothing of the breakdown is left to hide: hide the totals it leads to."""
        by = self._group[place][1]
        totals = {
            group[TOTAL] for g, group in self._groups.items() if g[1] == by and TOTAL in group
        } - self.hidden
        everything = {p for p, out in enumerate(self._printed) if out} - self.hidden
        more = totals or everything
        if more:
            self.hidden |= more
        else:
            self.told.add(place)
            self._guarded.discard(place)

    def _hand_back(self) -> None:
        """Tell each table what of it is hidden."""
        for draft, count, of, _ in self._places:
            by = draft.exact.by
            for name, column in ((count, "count"), (of, "of")):
                if not name:
                    continue
                group = self._groups[(name, by)]
                hidden = {code for code, p in group.items() if p in self.hidden}
                small = {code for code, p in group.items() if p in self.primary}
                draft.take(column, hidden, small)
