"""Indicators of looked after children a second time, in plain Python over the raw rows.

Nothing is taken from the views. Where they cut rows into stretches, this asks of one child and one
day at a time where that child was.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
Rows = Mapping[str, list[Row]]
Day = dt.date
ONE = dt.timedelta(days=1)
NEVER = Day(2999, 1, 1)
GROUPS = {
    "home": "home", "kinship": "kinship", "foster-council": "foster", "foster-purchased": "foster",
    "adopters": "foster", "other-community": "other-community",
}  # fmt: skip
HOUSES = ("residential-council", "residential-voluntary")
Answer = tuple[int, int, int]
"""Counted, known, not known."""


def group(row: Row | None) -> str | None:
    """The placement group: what is no community placement is residential."""
    return None if row is None else GROUPS.get(row["placement_type"], "residential")


def add_months(day: Day, months: int) -> Day:
    """The same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = Day(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(Day(year, month + 1, 1) + (day.day - 1) * ONE, following - ONE)


def age(born: Day, day: Day) -> int:
    """Birthdays had."""
    return sum(1 for n in range(1, 100) if Day(born.year + n, born.month, born.day) <= day)


@dataclass
class Spell:
    """Unbroken time in care."""

    first: Day
    end: Day
    episodes: list[Row]

    @property
    def last(self) -> Row:
        """The episode that says how it ended."""
        return max(
            self.episodes, key=lambda e: (e["ended_on"] or NEVER, e["started_on"], e["episode"])
        )


@dataclass
class Child:
    """A child with what the rows say of them."""

    row: Row
    rows: Rows
    spells: list[Spell] = field(default_factory=list)

    def __post_init__(self) -> None:
        own = [e for e in self.of("care-episodes") if e["short_breaks"] is not True]
        for episode in sorted(own, key=lambda e: e["started_on"]):
            end = episode["ended_on"] or NEVER
            if self.spells and episode["started_on"] <= self.spells[-1].end + ONE:
                self.spells[-1].episodes.append(episode)
                self.spells[-1].end = max(self.spells[-1].end, end)
            else:
                self.spells.append(Spell(episode["started_on"], end, [episode]))

    @property
    def name(self) -> str:
        return str(self.row["child"])

    def of(self, dataset: str) -> list[Row]:
        return [row for row in self.rows.get(dataset, []) if row["child"] == self.name]

    def spell_on(self, day: Day) -> Spell | None:
        return next((s for s in self.spells if s.first <= day < s.end), None)

    def placements(self, spell: Spell) -> list[Row]:
        """Those of a spell in order; `end` as recorded, or that of the spell."""
        codes = {episode["episode"] for episode in spell.episodes}
        found = [
            p | {"end": min(p["ended_on"] or NEVER, spell.end)}
            for p in self.of("placements")
            if p["episode"] in codes
        ]
        return sorted(found, key=lambda p: (p["started_on"], p["end"], p["placement"]))

    def all_placements(self) -> Iterator[Row]:
        for spell in self.spells:
            yield from self.placements(spell)

    def placed_on(self, day: Day) -> Row | None:
        """The placement on a day: of those that had begun, the last, if it was not over.

        A day between two placements, or before care ends, belongs to the earlier.
        """
        spell = self.spell_on(day)
        if spell is None:
            return None
        begun = [p for p in self.placements(spell) if p["started_on"] <= day]
        if not begun:
            return None
        last = begun[-1]
        after = [p["started_on"] for p in self.placements(spell) if p["started_on"] > day]
        until = after[0] if after else spell.end
        one_day = day == last["end"] and until == day + ONE
        return last if day < last["end"] or one_day else None

    def stayed_since(self, day: Day) -> Day | None:
        """When the child came to the household of a day, going back a day at a time."""
        here, spell = self.placed_on(day), self.spell_on(day)
        if here is None or spell is None:
            return None
        order = self.placements(spell)
        at = order.index(here)
        while at > 0:
            now, before = order[at], order[at - 1]
            gap = (now["started_on"] - before["end"]).days
            if now["household"] is None or now["household"] != before["household"] or gap > 1:
                break
            at -= 1
        return order[at]["started_on"]  # type: ignore[no-any-return]


def tally(cases: "list[tuple[bool, bool | None]]") -> Answer:
    """Of those in the base, what each says: counted, not counted, or None where it is not known."""
    said = [counted for inside, counted in cases if inside]
    return (
        sum(c is True for c in said),
        sum(c is not None for c in said),
        sum(c is None for c in said),
    )


def on_the_day(tell: Callable[[Child, Day], "tuple[bool, bool | None]"]) -> Callable[..., Answer]:
    """An indicator of those in care on the last day."""

    def answer(children: list[Child], first: Day, last: Day) -> Answer:
        return tally([tell(c, last) for c in children if c.spell_on(last)])

    return answer


def la02(c: Child, day: Day) -> "tuple[bool, bool | None]":
    return group(c.placed_on(day)) not in (None, "home"), True


def la05(c: Child, day: Day) -> "tuple[bool, bool | None]":
    where = group(c.placed_on(day))
    return True, None if where is None else where != "residential"


def la06(c: Child, day: Day) -> "tuple[bool, bool | None]":
    return la02(c, day)[0], group(c.placed_on(day)) == "kinship"


def la07_external(c: Child, day: Day) -> "tuple[bool, bool | None]":
    here = c.placed_on(day)
    if here is None:
        return True, None
    if group(here) != "residential":
        return True, False
    if here["provider"]:
        return True, here["provider"] in ("purchased", "voluntary", "independent")
    plain = {"residential-council": False, "residential-voluntary": True}
    return True, plain.get(here["placement_type"])


def la08(c: Child, day: Day) -> "tuple[bool, bool | None]":
    here = c.placed_on(day)
    return la02(c, day)[0], here["out_of_area"] if here else None


def la10(c: Child, day: Day) -> "tuple[bool, bool | None]":
    spell, since = c.spell_on(day), c.stayed_since(day)
    if spell is None or add_months(spell.first, 30) > day:
        return False, None
    return True, None if since is None else add_months(since, 24) <= day


def la16(c: Child, day: Day) -> "tuple[bool, bool | None]":
    spell = c.spell_on(day)
    return True, spell.last["current_care_plan"] if spell else None


def la26(c: Child, day: Day) -> "tuple[bool, bool | None]":
    spell = c.spell_on(day)
    codes = {episode["episode"] for episode in spell.episodes} if spell else set()
    return True, any(
        r["reason"] in ("permanence-order", "permanence-order-adoption", "freed")
        and r["episode"] in codes
        and r["started_on"] <= day < (r["ended_on"] or NEVER)
        for r in c.of("legal-reasons")
    )


def la32(c: Child, day: Day) -> "tuple[bool, bool | None]":
    entries = [e for e in c.of("register-entries") if e["temporary"] is not True]
    on = any(e["registered_on"] <= day < (e["deregistered_on"] or NEVER) for e in entries)
    return on, True


def la12(children: list[Child], first: Day, last: Day) -> Answer:
    """Brothers and sisters, by comparing households of everybody in a family."""
    cases: list[tuple[bool, bool | None]] = []
    away = {
        c.name: c.placed_on(last)
        for c in children
        if group(c.placed_on(last)) not in (None, "home")
    }
    for c in children:
        mine = away.get(c.name)
        theirs = [
            away[o.name]
            for o in children
            if o is not c
            and o.name in away
            and o.row["family"]
            and o.row["family"] == c.row["family"]
        ]
        if mine is None or not theirs:
            continue
        homes = [other["household"] for other in theirs if other]
        if mine["household"] and mine["household"] in homes:
            cases.append((True, True))
        elif mine["household"] and any(homes):
            cases.append((True, False))
        else:
            cases.append((True, None))
    return tally(cases)


def la03(children: list[Child], first: Day, last: Day) -> Answer:
    return tally([(first <= s.first <= last, True) for c in children for s in c.spells])


def la03_ceased(children: list[Child], first: Day, last: Day) -> Answer:
    return tally([(first <= s.end <= last, True) for c in children for s in c.spells])


def la09(children: list[Child], first: Day, last: Day) -> Answer:
    """Walks through the year a day at a time."""
    days = [first + n * ONE for n in range((last - first).days + 1)]
    cases: list[tuple[bool, bool | None]] = []
    for c in children:
        seen = {
            p["placement"]
            for p in c.all_placements()
            if any(p["started_on"] <= d < p["end"] for d in days)
            or first <= p["started_on"] <= last
        }
        inside = any(c.spell_on(day) for day in days)
        cases.append((inside, len(seen) > 1 if seen else None))
    return tally(cases)


def la11(children: list[Child], first: Day, last: Day) -> Answer:
    ended = [p for c in children for p in c.all_placements() if first <= p["end"] <= last]
    return tally([(True, p["ending"] and p["ending"] != "planned") for p in ended])


def la29(children: list[Child], first: Day, last: Day) -> Answer:
    begun = [p for c in children for p in c.all_placements() if first <= p["started_on"] <= last]
    return tally([(True, p["emergency"]) for p in begun])


def _left(
    children: list[Child], first: Day, last: Day
) -> Iterator[tuple[Child, Spell, Day | None]]:
    """Ends of care in a period, and when the child next came back."""
    for c in children:
        for number, spell in enumerate(c.spells):
            if first <= spell.end <= last:
                later = c.spells[number + 1 :]
                yield c, spell, later[0].first if later else None


def _years_back(day: Day, years: int) -> Day:
    return day.replace(year=day.year - years)


def again(months: int) -> Callable[..., Answer]:
    def answer(children: list[Child], first: Day, last: Day) -> Answer:
        back: dict[str, bool] = defaultdict(bool)
        years = months // 12
        for c, spell, came in _left(children, _years_back(first, years), _years_back(last, years)):
            if spell.last["destination"] != "died":
                back[c.name] |= came is not None and came <= add_months(spell.end, months)
        return tally([(True, value) for value in back.values()])

    return answer


def la18(children: list[Child], first: Day, last: Day) -> Answer:
    return tally(
        [
            (True, came is None or came > add_months(spell.end, 12))
            for _, spell, came in _left(children, _years_back(first, 1), _years_back(last, 1))
            if spell.last["destination"] == "home"
        ]
    )


def la25(children: list[Child], first: Day, last: Day) -> Answer:
    said: dict[str, list[str | None]] = defaultdict(list)
    for c, spell, _ in _left(children, first, last):
        said[c.name].append(spell.last["destination"])
    known = {n: [d for d in ds if d not in (None, "not-known")] for n, ds in said.items()}
    return tally([(True, "adoption" in ds if ds else None) for ds in known.values()])


def la19(children: list[Child], first: Day, last: Day) -> Answer:
    cases: dict[str, bool] = defaultdict(bool)
    for c in children:
        for spell in c.spells:
            asked = [
                r["recommended_on"]
                for r in c.of("permanence")
                if spell.first <= r["recommended_on"] <= spell.end
            ]
            for since, until in _away(c, spell):
                reached = since + 182 * ONE
                if first <= reached <= last and until >= reached:
                    cases[c.name] |= bool(asked) and min(asked) <= reached
    return tally([(True, value) for value in cases.values()])


def _away(c: Child, spell: Spell) -> Iterator[tuple[Day, Day]]:
    """Times away from home: a placement at home ends one, nothing else does."""
    since: Day | None = None
    for p in c.placements(spell):
        if p["placement_type"] == "home":
            if since is not None:
                yield since, p["started_on"]
            since = None
        elif since is None:
            since = p["started_on"]
    if since is not None:
        yield since, spell.end


def la27(children: list[Child], first: Day, last: Day) -> Answer:
    """Of a month: times missing, and the stock on its last day."""
    times = 0
    for c in children:
        for m in c.of("missing-episodes"):
            day = m["started_at"].date()
            here = c.placed_on(day)
            kind = m["placement_type"] or (here["placement_type"] if here else None)
            times += first <= day <= last and kind in HOUSES
    placed = [c.placed_on(last) for c in children]
    return times, sum(p is not None and p["placement_type"] in HOUSES for p in placed), 0


def la31(children: list[Child], first: Day, last: Day) -> Answer:
    cases: list[tuple[bool, bool | None]] = []
    for c in children:
        for death in c.of("deaths"):
            day, born = death["died_on"], c.row["date_of_birth"]
            in_care = any(s.first <= day <= s.end for s in c.spells)
            left = [age(born, s.end) for s in c.spells if s.end <= day]
            leaver = bool(left) and max(left) >= 16
            cases.append(
                (first <= day <= last and age(born, day) < 26 and (in_care or leaver), True)
            )
    return tally(cases)


YEARLY: Mapping[str, Callable[..., Answer]] = {
    "la02": on_the_day(la02), "la05": on_the_day(la05), "la09": la09, "la10": on_the_day(la10),
    "la16": on_the_day(la16), "la17": again(24), "la17-12": again(12), "la18": la18, "la19": la19,
    "la25": la25, "la26": on_the_day(la26), "la31": la31, "la32": on_the_day(la32),
}  # fmt: skip
QUARTERLY: Mapping[str, Callable[..., Answer]] = {
    "la01": on_the_day(lambda c, day: (True, True)), "la03": la03, "la03-ceased": la03_ceased,
    "la06": on_the_day(la06), "la07-external": on_the_day(la07_external), "la08": on_the_day(la08),
    "la11": la11, "la12": la12, "la29": la29,
}  # fmt: skip
MONTHLY: Mapping[str, Callable[..., Answer]] = {"la27": la27}
