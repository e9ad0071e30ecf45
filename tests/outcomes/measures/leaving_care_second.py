"""Indicators of leaving care, health, voice, workforce and school, a second time.

Plain Python over the rows of the datasets, child by child, from what method M-19 says. Nothing here
comes from the views or the shapes.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.outcomes.measures.leaving_care_worlds import (
    DAY,
    GROUPS,
    IN,
    NAMES,
    POSITIVE,
    SUITABLE,
    Row,
    World,
)

FAR = dt.date(8000, 1, 1)


@dataclass(frozen=True)
class Said:
    """One row of a base: whose, where they live, and yes, no or None (not known)."""

    child: str
    placement: str
    counted: bool | None


# -- dates


def months_on(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = dt.date(year, month + 1, 1)
    after = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (after - DAY).day))


def month_end(day: dt.date) -> dt.date:
    while (day + DAY).day != 1:
        day += DAY
    return day


def age(birth: dt.date, day: dt.date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def school_year(day: dt.date) -> int:
    return day.year if day.month >= 8 else day.year - 1


# -- one child's life


@dataclass
class Spell:
    start: dt.date
    end: dt.date
    last: Row
    episodes: list[str]


@dataclass
class Life:
    """What is held of one child."""

    child: str
    birth: dt.date
    rows: Mapping[str, list[Row]]

    def spells(self) -> list[Spell]:
        """Times of being looked after: no short breaks, those that touch as one."""
        found: list[Spell] = []
        rows = [r for r in self.rows["care-episodes"] if r["short_breaks"] is not True]
        rows.sort(key=lambda r: (r["started_on"], r["ended_on"] or FAR, r["episode"]))
        for row in rows:
            end = row["ended_on"] or FAR
            if found and row["started_on"] <= found[-1].end + DAY:
                spell = found[-1]
                spell.episodes.append(row["episode"])
                if (end, row["started_on"], row["episode"]) > (
                    spell.end, spell.last["started_on"], spell.last["episode"],
                ):  # fmt: skip
                    spell.last = row
                spell.end = max(spell.end, end)
            else:
                found.append(Spell(row["started_on"], end, row, [row["episode"]]))
        return found

    def stays(self, spell: Spell) -> list[tuple[dt.date, dt.date, str]]:
        """Where the child lived in a spell: from, until, type.

        A day between two placements, or before the end of the spell, belongs to the first; more
        days to none.
        """
        rows = [r for r in self.rows["placements"] if r["episode"] in spell.episodes]
        ends = {r["placement"]: min(r["ended_on"] or FAR, spell.end) for r in rows}
        rows.sort(key=lambda r: (r["started_on"], ends[r["placement"]], r["placement"]))
        found = []
        for row, after in zip(rows, [*rows, None][1:], strict=True):
            end, then = ends[row["placement"]], after["started_on"] if after else spell.end
            if then <= end + DAY:
                end = then
            if row["started_on"] < end:
                found.append((row["started_on"], end, row["placement_type"]))
        return found

    def every_stay(self) -> list[tuple[dt.date, dt.date, str]]:
        return [stay for spell in self.spells() for stay in self.stays(spell)]

    def setting_left(self, spell: Spell) -> str:
        stays = self.stays(spell)
        return GROUPS[stays[-1][2]] if stays else "not-known"

    def last_left(self, day: dt.date) -> Spell | None:
        left = [spell for spell in self.spells() if spell.end <= day]
        return left[-1] if left else None

    def setting_on(self, day: dt.date) -> str:
        there = [kind for start, end, kind in self.every_stay() if start <= day < end]
        return GROUPS[there[-1]] if there else "not-known"

    def looked_after(self, day: dt.date) -> bool:
        return any(spell.start <= day < spell.end for spell in self.spells())

    def setting_in_year(self, year: int) -> str | None:
        """The setting of the last stay that touched a school year."""
        first, last = dt.date(year, 8, 1), dt.date(year + 1, 7, 31)
        touched = [
            (start, kind) for start, end, kind in self.every_stay() if start <= last and end > first
        ]
        return GROUPS[touched[-1][1]] if touched else None

    def lists(self, last: dt.date) -> list[Row]:
        """The list of the month a period ends in: the last of it."""
        lists = [r for r in self.rows["aftercare"] if month_end(r["as_at"]) == last]
        return sorted(lists, key=lambda r: r["as_at"])[-1:]

    def eligible(self, row: Row) -> bool:
        left = self.last_left(row["as_at"])
        return left is None or age(self.birth, left.end) >= 16

    def setting_of_list(self, row: Row) -> str:
        left = self.last_left(row["as_at"])
        return self.setting_left(left) if left else "not-known"


def lives(world: World) -> list[Life]:
    by_child: dict[str, dict[str, list[Row]]] = {
        row["child"]: {name: [] for name in NAMES} for row in world["children"]
    }
    for name in NAMES:
        for row in world[name]:
            child = row.get("child") or (row.get("chi") or row.get("scn") or "").split(" ")[-1]
            by_child[child][name].append(row)
    births = {row["child"]: row["date_of_birth"] for row in world["children"]}
    return [Life(child, births[child], rows) for child, rows in by_child.items()]


# -- the indicators; `first` and `last` are the days of the period


def leavings(life: Life, first: dt.date, last: dt.date) -> Iterable[tuple[Spell, dt.date]]:
    """Spells that ended at 16 or over in the period, not by death, and the start of the next."""
    spells = life.spells()
    for spell, after in zip(spells, [*spells, None][1:], strict=True):
        if (
            first <= spell.end <= last
            and age(life.birth, spell.end) >= 16
            and spell.last["destination"] != "died"
        ):
            yield spell, after.start if after else FAR


def could_stay(life: Life, spell: Spell) -> bool:
    return life.birth > dt.date(1999, 4, 1) and life.setting_left(spell) in {
        "kinship", "foster", "residential",
    }  # fmt: skip


def continued(life: Life, spell: Spell, back: dt.date) -> list[Row]:
    return [
        row
        for row in life.rows["continuing-care"]
        if row["refused"] is not True and spell.end <= row["started_on"] < back
    ]


def cl01(life: Life, first: dt.date, last: dt.date) -> Iterable[Said]:
    for spell, back in leavings(life, first, last):
        if could_stay(life, spell):
            soon = spell.end + dt.timedelta(days=28)
            did = any(row["started_on"] <= soon for row in continued(life, spell, back))
            yield Said(life.child, life.setting_left(spell), did)


def cl02(life: Life, _first: dt.date, last: dt.date) -> Iterable[Said]:
    for spell, back in leavings(life, dt.date(1, 1, 1), last):
        if could_stay(life, spell) and back > last and age(life.birth, last) <= 20:
            inside = any(
                row["started_on"] <= last < (row["ended_on"] or FAR)
                for row in continued(life, spell, back)
            )
            yield Said(life.child, life.setting_left(spell), inside)


def cl05(life: Life, first: dt.date, last: dt.date) -> Iterable[Said]:
    for spell, _ in leavings(life, first, last):
        yield Said(life.child, life.setting_left(spell), spell.last["pathway_plan_at_end"])


def _listed(
    life: Life, last: dt.date, base: Callable[[Row], bool], said: Callable[[Row], bool | None]
) -> Iterable[Said]:
    for row in life.lists(last):
        if life.eligible(row) and base(row):
            yield Said(life.child, life.setting_of_list(row), said(row))


def _within(row: Row, name: str, months: int) -> bool:
    day = row[name]
    return day is not None and day <= row["as_at"] <= months_on(day, months)


def _by(row: Row, name: str) -> bool:
    return row[name] is not None and row[name] <= row["as_at"]


def _of(value: str | None, good: set[str]) -> bool | None:
    return None if value in {None, "not-known"} else value in good


def cl04(life: Life, _first: dt.date, last: dt.date) -> Iterable[Said]:
    return _listed(life, last, lambda _: True, lambda row: row["receiving"])


def cl07(life: Life, _first: dt.date, last: dt.date) -> Iterable[Said]:
    def entitled(row: Row) -> bool:
        years = age(life.birth, row["as_at"])
        own = "compulsory" if 16 <= years < 19 else "discretionary" if 19 <= years < 26 else ""
        return (row["category"] or own) in {"compulsory", "discretionary"}

    had = ("pathway_assessment_on", "pathway_plan_on")
    return _listed(life, last, entitled, lambda row: any(_by(row, name) for name in had))


def cl08(life: Life, _first: dt.date, last: dt.date) -> Iterable[Said]:
    return _listed(
        life, last, lambda row: _by(row, "pathway_plan_on"),
        lambda row: _within(row, "pathway_review_on", 6) or _within(row, "pathway_plan_on", 6),
    )  # fmt: skip


def cl09(life: Life, _first: dt.date, last: dt.date) -> Iterable[Said]:
    return _listed(
        life, last, lambda row: row["receiving"] is True, lambda row: _of(row["activity"], IN)
    )


def cl10(life: Life, _first: dt.date, last: dt.date) -> Iterable[Said]:
    before = dt.date(last.year - 1, 7, 31)
    return _listed(
        life, before, lambda row: row["receiving"] is True and row["activity"] in IN,
        lambda row: _of(row["activity_12_months"], IN),
    )  # fmt: skip


def cl11(life: Life, _first: dt.date, last: dt.date) -> Iterable[Said]:
    def homeless(row: Row) -> bool:
        left = life.last_left(row["as_at"])
        since = left.end if left else dt.date(1, 1, 1)
        spells = [s["started_on"] for s in life.rows["homelessness"]]
        return row["accommodation"] == "homeless" or any(
            since <= day <= row["as_at"] for day in spells
        )

    return _listed(life, last, lambda row: row["receiving"] is True, homeless)


def cl13(life: Life, _first: dt.date, last: dt.date) -> Iterable[Said]:
    return _listed(life, last, lambda _: True, lambda row: _within(row, "last_contact_on", 3))


def he02(life: Life, first: dt.date, last: dt.date) -> Iterable[Said]:
    spells = life.spells()
    for place, spell in enumerate(spells):
        if not first <= spell.start <= last:
            continue
        since = spells[place - 1].end if place else dt.date(1, 1, 1)
        until = spells[place + 1].start if place + 1 < len(spells) else FAR
        told = [r["notified_on"] for r in life.rows["health-assessments"]]
        told = [day for day in told if since <= day < until]
        stays = life.stays(spell)
        setting = GROUPS[stays[0][2]] if stays else "not-known"
        prompt = bool(told) and min(told) <= spell.start + dt.timedelta(days=7)
        yield Said(life.child, setting, prompt)


def he03(life: Life, _first: dt.date, last: dt.date) -> Iterable[Said]:
    setting = life.setting_on(last)
    if life.looked_after(last):
        done = [r["completed_on"] for r in life.rows["health-assessments"]]
        recent = any(day and day <= last <= months_on(day, 12) for day in done)
        yield Said(life.child, setting, recent)


def he05(life: Life, _first: dt.date, last: dt.date) -> Iterable[Said]:
    setting = life.setting_on(last)
    if life.looked_after(last):
        rows = [r for r in life.rows["health-assessments"] if r["notified_on"] <= last]
        rows.sort(key=lambda r: r["notified_on"])
        names = ("gp_registered", "dentist_registered", "immunised")
        values = [rows[-1][name] for name in names] if rows else [None]
        said = False if False in values else None if None in values else True
        yield Said(life.child, setting, said)


def vp07(life: Life, first: dt.date, last: dt.date) -> Iterable[Said]:
    for row in life.rows["hearings"]:
        if first <= row["held_on"] <= last:
            pair = (row["advocate"], row["lawyer"])
            said = True if True in pair else None if None in pair else False
            yield Said(life.child, life.setting_on(row["held_on"]), said)


def wf02(life: Life, _first: dt.date, last: dt.date) -> Iterable[Said]:
    rows = life.rows["lead-professionals"]
    for row in rows:
        if row["started_on"] <= last < (row["ended_on"] or FAR):
            others = [
                other
                for other in rows
                if other["worker"] != row["worker"]
                and other["started_on"] <= row["started_on"]
                and (other["ended_on"] is None or last <= months_on(other["ended_on"], 12))
            ]
            yield Said(life.child, life.setting_on(row["started_on"]), bool(others))


def ed01_persistent(life: Life, first: dt.date, last: dt.date) -> Iterable[Said]:
    rows = [r for r in life.rows["attendance"] if first <= r["day"] <= last]
    setting = life.setting_in_year(first.year)
    if rows and setting is not None:
        there = sum(row["code"] in {"present", "late"} for row in rows)
        yield Said(life.child, setting, there * 10 < len(rows) * 9)


def ed11(life: Life, first: dt.date, last: dt.date) -> Iterable[Said]:
    for row in life.rows["school-leavers"]:
        setting = life.setting_in_year(school_year(row["left_on"]))
        if first <= row["left_on"] <= last and setting is not None:
            yield Said(life.child, setting, _of(row["follow_up_destination"], POSITIVE))


SECOND: dict[str, Callable[[Life, dt.date, dt.date], Iterable[Said]]] = {
    "cl01": cl01, "cl02": cl02, "cl04": cl04, "cl05": cl05, "cl07": cl07, "cl08": cl08,
    "cl09": cl09, "cl10": cl10, "cl11": cl11, "cl13": cl13, "he02": he02, "he03": he03,
    "he05": he05, "vp07": vp07, "wf02": wf02, "ed01-persistent": ed01_persistent, "ed11": ed11,
}  # fmt: skip
BY_ROWS = {"he02"}


@dataclass(frozen=True)
class Total:
    counted: int
    of: int
    unknown: int


def total(code: str, said: Sequence[Said]) -> Total:
    """Added up: rows, or children of whom one row counts, one is known, none is known."""
    if code in BY_ROWS:
        known = [one for one in said if one.counted is not None]
        return Total(sum(bool(o.counted) for o in known), len(known), len(said) - len(known))
    known_children = {one.child for one in said if one.counted is not None}
    counted = {one.child for one in said if one.counted}
    everybody = {one.child for one in said}
    return Total(len(counted), len(known_children), len(everybody - known_children))


# -- journeys


def steps_at(life: Life, years: int) -> dict[str, bool | None]:
    """The five answers of a young person at one age."""
    starts = years_on(life.birth, years)
    ends = years_on(life.birth, years + 1)
    spell = next((s for s in life.spells() if s.start < ends <= s.end), None)
    if spell is not None:
        there = [kind for start, end, kind in life.every_stay() if start < ends <= end]
        done = [r["completed_on"] for r in life.rows["health-assessments"]]
        return {
            "in-touch": True,
            "plan": spell.last["current_care_plan"],
            "home": there[-1] != "secure" if there else None,
            "activity": None,
            "health": any(day and starts <= day < ends for day in done),
        }
    found: dict[str, bool | None] = dict.fromkeys(
        ("in-touch", "plan", "home", "activity", "health")
    )
    lists = [r for r in life.rows["aftercare"] if starts <= r["as_at"] < ends]
    if lists:
        row = max(lists, key=lambda r: r["as_at"])
        found = {
            "in-touch": _within(row, "last_contact_on", 3),
            "plan": _by(row, "pathway_plan_on"),
            "home": _of(row["accommodation"], SUITABLE),
            "activity": _of(row["activity"], IN),
            "health": row["health_assessment_offered"],
        }
    if any(
        row["refused"] is not True and row["started_on"] < ends <= (row["ended_on"] or FAR)
        for row in life.rows["continuing-care"]
    ):
        found |= {"in-touch": True, "home": True}
    return found


def years_on(birth: dt.date, years: int) -> dt.date:
    return months_on(birth, 12 * years)


def journeys(world: World, today: dt.date) -> dict[tuple[str, int, str, str], Total]:
    answers: dict[tuple[str, int, str, str], list[bool | None]] = {}
    for life in lives(world):
        spells = [s for s in life.spells() if s.end >= years_on(life.birth, 16)]
        if not spells:
            continue
        began = school_year(years_on(life.birth, 15))
        cohort = f"{began}-{(began + 1) % 100:02d}"
        stays = life.every_stay()
        setting = GROUPS[stays[-1][2]] if stays else "not-known"
        died = min((r["died_on"] for r in life.rows["deaths"]), default=FAR)
        for years in range(15, 22):
            if years_on(life.birth, years + 1) > min(today, died):
                continue
            for step, said in steps_at(life, years).items():
                for group in ("", setting):
                    answers.setdefault((cohort, years, step, group), []).append(said)
    return {
        key: Total(
            sum(one is True for one in said),
            sum(one is not None for one in said),
            sum(one is None for one in said),
        )
        for key, said in answers.items()
    }
