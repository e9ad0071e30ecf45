"""Answers about looked after children, from the events of each child."""

import datetime as dt
from collections.abc import Iterator

from sightline.outcomes.generating.answers.care_told import (
    Spell,
    looked_after,
    placed,
    placements,
    setting,
    spells,
)
from sightline.outcomes.generating.answers.frame import (
    DAY,
    NEVER,
    Case,
    Period,
    Told,
    World,
    answers_to,
    plus_months,
)
from sightline.outcomes.generating.answers.protection import entries
from sightline.outcomes.generating.lives import Event

BANDS = "looked-after"
SECURE = {"freed", "permanence-order", "permanence-order-adoption"}


def _stock(area: World, day: dt.date) -> Iterator[tuple[Told, Spell]]:
    for told in area.children:
        spell = looked_after(told, day)
        if spell is not None:
            yield told, spell


def _placed(area: World, day: dt.date) -> Iterator[tuple[Told, Event]]:
    for told, _ in _stock(area, day):
        where = placed(told, day)
        if where is not None:
            yield told, where


@answers_to("la01@1", bands=BANDS, by=("age", "sex", "simd", "locality"))
def la01(area: World, period: Period) -> Iterator[Case]:
    """Looked after on the last day."""
    for told, _ in _stock(area, period.last):
        yield Case(told, period.last)


@answers_to("la02@1", "year")
def la02(area: World, period: Period) -> Iterator[Case]:
    """Looked after away from home on the last day."""
    for told, where in _placed(area, period.last):
        if setting(where) != "home":
            yield Case(told, period.last)


@answers_to("la03@1", per="rows", bands=BANDS, by=("age",))
def la03(area: World, period: Period) -> Iterator[Case]:
    """Starts."""
    for told in area.children:
        for spell in spells(told):
            if period.holds(spell.started):
                yield Case(told, spell.started)


@answers_to("la03-ceased@1", per="rows", bands=BANDS, by=("age",))
def la03_ceased(area: World, period: Period) -> Iterator[Case]:
    """Ends."""
    for told in area.children:
        for spell in spells(told):
            if period.holds(spell.ended):
                yield Case(told, spell.ended)


@answers_to("la05@1", "year")
def la05(area: World, period: Period) -> Iterator[Case]:
    """In the community on the last day."""
    for told, where in _placed(area, period.last):
        yield Case(told, period.last, setting(where) != "residential")


@answers_to("la06@1")
def la06(area: World, period: Period) -> Iterator[Case]:
    """With kinship carers, of those away from home."""
    for told, where in _placed(area, period.last):
        if setting(where) != "home":
            yield Case(told, period.last, setting(where) == "kinship")


@answers_to("la07@1")
def la07(area: World, period: Period) -> Iterator[Case]:
    """In residential care."""
    for told, where in _placed(area, period.last):
        yield Case(told, period.last, setting(where) == "residential")


@answers_to("la08@1")
def la08(area: World, period: Period) -> Iterator[Case]:
    """Outside the area, of those away from home."""
    for told, where in _placed(area, period.last):
        if setting(where) != "home":
            yield Case(told, period.last, where["out_of_area"])


def _shares_day(started: dt.date, ended: dt.date, period: Period) -> bool:
    return (
        started <= period.last
        and max(started, ended - DAY if ended is not NEVER else ended) >= period.first
    )


@answers_to("la09@1", "year", bands=BANDS, by=("age", "placement"))
def la09(area: World, period: Period) -> Iterator[Case]:
    """Two placements or more in the year, of those looked after on any day of it."""
    for told in area.children:
        inside = [
            spell for spell in spells(told) if _shares_day(spell.started, spell.ended, period)
        ]
        if not inside:
            continue
        there = [
            row
            for spell in inside
            for row in placements(told, spell)
            if _shares_day(row["started_on"], row.get("ended_on", spell.ended), period)
        ]
        by = {"placement": (setting(there[-1]),)}
        yield Case(told, period.last, len(there) >= 2, by=by)  # noqa: PLR2004


def _since(told: Told, spell: Spell, day: dt.date) -> dt.date:
    """Since when a child has been in the household they are in on a day."""
    since, household, until = NEVER, None, NEVER
    for row in placements(told, spell):
        if row["started_on"] > day:
            break
        goes_on = (
            household is not None
            and row.get("household") == household
            and row["started_on"] <= until
        )
        since = since if goes_on else row["started_on"]
        household, until = row.get("household"), row.get("ended_on", spell.ended)
    return since


@answers_to("la10@1", "year", by=("placement",))
def la10(area: World, period: Period) -> Iterator[Case]:
    """Two years in one household, of those looked after for two and a half."""
    for told, spell in _stock(area, period.last):
        if plus_months(spell.started, 30) > period.last:
            continue
        where = placed(told, period.last)
        assert where is not None  # noqa: S101 - what is generated has no gaps
        stayed = plus_months(_since(told, spell, period.last), 24) <= period.last
        yield Case(told, period.last, stayed, by={"placement": (setting(where),)})


@answers_to("la11@1", per="rows", by=("placement",))
def la11(area: World, period: Period) -> Iterator[Case]:
    """Placements that ended unplanned."""
    for told in area.children:
        for spell in spells(told):
            for row in placements(told, spell):
                if period.holds(row.get("ended_on")):
                    by = {"placement": (setting(row),)}
                    yield Case(told, row["ended_on"], row["ending"] != "planned", by=by)


@answers_to("la12@1")
def la12(area: World, period: Period) -> Iterator[Case]:
    """With a brother or sister, of those away from home who have one away from home."""
    for family in area.families.values():
        away = [
            (told, where)
            for told in family
            if (where := placed(told, period.last)) is not None and setting(where) != "home"
        ]
        for told, where in away:
            for other, there in away:
                if other is not told:
                    mine, theirs = where.get("household"), there.get("household")
                    known = mine is not None and theirs is not None
                    yield Case(told, period.last, mine == theirs, known)


@answers_to("la16@1", "year", by=("placement",))
def la16(area: World, period: Period) -> Iterator[Case]:
    """With a current care plan."""
    for told, spell in _stock(area, period.last):
        where = placed(told, period.last)
        assert where is not None  # noqa: S101
        by = {"placement": (setting(where),)}
        yield Case(told, period.last, spell.last["current_care_plan"], by=by)


def _ceased(area: World, period: Period) -> Iterator[tuple[Told, Spell, Spell | None]]:
    for told in area.children:
        mine = spells(told)
        for place, spell in enumerate(mine):
            if period.holds(spell.ended):
                yield told, spell, mine[place + 1] if place + 1 < len(mine) else None


def _back_within(months: int, code: str) -> None:
    @answers_to(code, "year", by=("destination",))
    def la17(area: World, period: Period) -> Iterator[Case]:
        for told, spell, after in _ceased(area, period.back(months)):
            if spell.last["destination"] == "died":
                continue
            back = after is not None and after.started <= plus_months(spell.ended, months)
            yield Case(told, spell.ended, back, by={"destination": (spell.last["destination"],)})


_back_within(24, "la17@1")
_back_within(12, "la17-12@1")


@answers_to("la18@1", "year", bands=BANDS, by=("age",))
def la18(area: World, period: Period) -> Iterator[Case]:
    """Went home a year before, and stayed."""
    for told, spell, after in _ceased(area, period.back(12)):
        if spell.last["destination"] == "home":
            back = after is not None and after.started <= plus_months(spell.ended, 12)
            yield Case(told, spell.ended, not back)


def _away_times(told: Told, spell: Spell) -> Iterator[tuple[dt.date, dt.date]]:
    """Unbroken times of a spell away from home: from, and the first day no longer."""
    since: dt.date | None = None
    for row in placements(told, spell):
        home = setting(row) == "home"
        if home and since is not None:
            yield since, row["started_on"]
            since = None
        elif not home and since is None:
            since = row["started_on"]
    if since is not None:
        yield since, spell.ended


@answers_to("la19@1", bands=BANDS, by=("age",))
def la19(area: World, period: Period) -> Iterator[Case]:
    """A direction within 26 weeks, of those who were away from home for as long."""
    weeks = 26 * 7 * DAY
    for told in area.children:
        for spell in spells(told):
            said = [
                row["recommended_on"]
                for row in told.of("permanence")
                if spell.started <= row["recommended_on"] <= spell.ended
            ]
            for since, until in _away_times(told, spell):
                reached = since + weeks
                if period.holds(reached) and until >= reached:
                    yield Case(told, reached, bool(said) and min(said) <= reached)


@answers_to("la22@1", "year", bands=BANDS, by=("age",))
def la22(area: World, period: Period) -> Iterator[Case]:
    """Placed within a year of the decision, ages 0 to 5."""
    base = period.back(12)
    for told in area.children:
        for row in told.of("permanence"):
            decided = row.get("decided_on")
            if base.holds(decided) and row["route"] in {"permanence-order", "adoption"}:
                age = told.age(decided)
                if age is not None and age <= 5:  # noqa: PLR2004
                    done = row.get("placed_on", NEVER)
                    yield Case(told, decided, done <= plus_months(decided, 12))


@answers_to("la23@1", "year", "median")
def la23(area: World, period: Period) -> Iterator[Case]:
    """Days from recommendation to order."""
    for told in area.children:
        for row in told.of("permanence"):
            secured = row.get("secured_on")
            if period.holds(secured) and row["route"] in {"permanence-order", "adoption"}:
                yield Case(told, secured, value=(secured - row["recommended_on"]).days)


@answers_to("la25@1", "year", bands=BANDS, by=("age",))
def la25(area: World, period: Period) -> Iterator[Case]:
    """Adopted, of those who ceased."""
    for told, spell, _ in _ceased(area, period):
        where = spell.last["destination"]
        yield Case(told, spell.ended, where == "adoption", where != "not-known")


@answers_to("la26@1", "year")
def la26(area: World, period: Period) -> Iterator[Case]:
    """With a permanence order, of those looked after."""
    for told, spell in _stock(area, period.last):
        yes = any(
            row["reason"] in SECURE
            and row["episode"] in spell.episodes
            and row["started_on"] <= period.last < row.get("ended_on", spell.ended)
            for row in told.of("legal-reasons")
        )
        yield Case(told, period.last, yes)


@answers_to("la29@1", per="rows", by=("placement",))
def la29(area: World, period: Period) -> Iterator[Case]:
    """Placements made in an emergency."""
    for told in area.children:
        for spell in spells(told):
            for row in placements(told, spell):
                if period.holds(row["started_on"]):
                    by = {"placement": (setting(row),)}
                    yield Case(told, row["started_on"], row["emergency"], by=by)


@answers_to("la30@1", "year", "rows")
def la30(area: World, period: Period) -> Iterator[Case]:
    """Foster carers approved."""
    for row in area.others.get("carers", ()):
        if row["carer_type"] == "foster" and period.holds(row["approved_on"]):
            yield Case(None, row["approved_on"])


@answers_to("la32@1", "year", by=("placement",))
def la32(area: World, period: Period) -> Iterator[Case]:
    """Looked after and on the register on the last day."""
    for told, where in _placed(area, period.last):
        if any(
            e["registered_on"] <= period.last < e.get("deregistered_on", NEVER)
            for e in entries(told)
        ):
            yield Case(told, period.last, by={"placement": (setting(where),)})
