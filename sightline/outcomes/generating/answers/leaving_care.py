"""Answers about young people who have left care, from the events of each."""

import datetime as dt
from collections.abc import Iterator

from sightline.outcomes.generating.answers.care_told import Spell, last_setting, spells
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
from sightline.outcomes.generating.lives import Event

BANDS = "aftercare"
ALL = ("placement", "age", "sex", "simd", "locality")
BUSY = {"higher-education", "further-education", "training", "employment", "voluntary"}
SUITABLE = {"own-tenancy", "supported", "family", "former-carers", "further-education"}
MAY_STAY = {"kinship", "foster", "residential"}
GROWN = 16
BORN_AFTER = dt.date(1999, 4, 1)
YEAR_DAYS = 365.25


def _left(told: Told) -> Iterator[tuple[Spell, Spell | None]]:
    """Times of ceasing to be looked after at 16 or more, each with the next time in care."""
    mine = spells(told)
    for place, spell in enumerate(mine):
        if spell.ended is NEVER or spell.last["destination"] == "died":
            continue
        age = told.age(spell.ended)
        if age is not None and age >= GROWN:
            yield spell, mine[place + 1] if place + 1 < len(mine) else None


def _leavers(
    area: World, period: Period
) -> Iterator[tuple[Told, Spell, dict[str, tuple[str, ...]]]]:
    for told in area.children:
        for spell, _ in _left(told):
            if period.holds(spell.ended):
                yield told, spell, {"placement": (last_setting(told, spell),)}


@answers_to("cl01@1", "year", bands=BANDS, by=ALL)
def cl01(area: World, period: Period) -> Iterator[Case]:
    """Went into continuing care, of those who might."""
    for told, spell, by in _leavers(area, period):
        if set(by["placement"]) & MAY_STAY and told.born and told.born > BORN_AFTER:
            yes = any(
                not row["refused"] and spell.ended <= row["started_on"] <= spell.ended + 28 * DAY
                for row in told.of("continuing-care")
            )
            yield Case(told, spell.ended, yes, by=by)


@answers_to("cl02@1", "year", bands=BANDS, by=ALL)
def cl02(area: World, period: Period) -> Iterator[Case]:
    """In continuing care on the last day, of those under 21 who might be."""
    day = period.last
    for told in area.children:
        age = told.age(day)
        if told.born is None or told.born <= BORN_AFTER or age is None or age > 20:  # noqa: PLR2004
            continue
        for spell, after in _left(told):
            setting = last_setting(told, spell)
            if spell.ended <= day < (after.started if after else NEVER) and setting in MAY_STAY:
                yes = any(
                    not row["refused"]
                    and spell.ended <= row["started_on"] <= day < row.get("ended_on", NEVER)
                    for row in told.of("continuing-care")
                )
                yield Case(told, day, yes, by={"placement": (setting,)})


def _list(area: World, period: Period) -> Iterator[tuple[Told, Event, dict[str, tuple[str, ...]]]]:
    """The rows of the list taken on the last day, each with the setting the person left."""
    for told in area.children:
        for row in told.of("aftercare"):
            if row["as_at"] == period.last:
                mine = [spell for spell in spells(told) if spell.ended <= period.last]
                age = told.age(mine[-1].ended) if mine else None
                if age is None or age >= GROWN:
                    by: dict[str, tuple[str, ...]] = {}
                    if mine:
                        by["placement"] = (last_setting(told, mine[-1]),)
                    yield told, row, by


@answers_to("cl03@1", "year", bands=BANDS, by=ALL)
def cl03(area: World, period: Period) -> Iterator[Case]:
    """Eligible for aftercare."""
    for told, _, by in _list(area, period):
        age = told.age(period.last)
        if age is not None and GROWN <= age <= 25:  # noqa: PLR2004
            yield Case(told, period.last, by=by)


@answers_to("cl04@1", "year", bands=BANDS, by=ALL)
def cl04(area: World, period: Period) -> Iterator[Case]:
    """Receiving it."""
    for told, row, by in _list(area, period):
        yield Case(told, period.last, row["receiving"], by=by)


@answers_to("cl05@1", "year", bands=BANDS, by=ALL)
def cl05(area: World, period: Period) -> Iterator[Case]:
    """Left with a pathway plan."""
    for told, spell, by in _leavers(area, period):
        plan = spell.last.get("pathway_plan_at_end")
        yield Case(told, spell.ended, bool(plan), plan is not None, by=by)


@answers_to("cl06@1", "year", bands=BANDS, by=ALL)
def cl06(area: World, period: Period) -> Iterator[Case]:
    """Left with a coordinator."""
    for told, spell, by in _leavers(area, period):
        one = spell.last.get("pathway_coordinator_at_end")
        yield Case(told, spell.ended, bool(one), one is not None, by=by)


@answers_to("cl07@1", bands=BANDS, by=ALL)
def cl07(area: World, period: Period) -> Iterator[Case]:
    """With an assessment or a plan, of those entitled."""
    for told, row, by in _list(area, period):
        if row["category"] in {"compulsory", "discretionary"}:
            yes = (
                min(row.get("pathway_assessment_on", NEVER), row.get("pathway_plan_on", NEVER))
                <= row["as_at"]
            )
            yield Case(told, period.last, yes, by=by)


@answers_to("cl08@1", bands=BANDS, by=ALL)
def cl08(area: World, period: Period) -> Iterator[Case]:
    """Plan made or reviewed in the last six months, of those with one."""
    for told, row, by in _list(area, period):
        if row.get("pathway_plan_on", NEVER) <= row["as_at"]:
            last = max(row["pathway_plan_on"], row.get("pathway_review_on", dt.date.min))
            yield Case(told, period.last, plus_months(last, 6) >= row["as_at"], by=by)


@answers_to("cl09@1", "year", bands=BANDS, by=ALL)
def cl09(area: World, period: Period) -> Iterator[Case]:
    """In education, training or work, of those receiving aftercare about whom it is known."""
    for told, row, by in _list(area, period):
        if row["receiving"]:
            doing = row["activity"]
            yield Case(told, period.last, doing in BUSY, doing != "not-known", by=by)


def _sustained(code: str, column: str) -> None:
    @answers_to(code, "year", bands=BANDS, by=ALL)
    def cl10(area: World, period: Period) -> Iterator[Case]:
        earlier = period.back(12)
        for told, row, by in _list(area, earlier):
            if row["receiving"] and row["activity"] in BUSY:
                later = row.get(column, "not-known")
                yield Case(told, earlier.last, later in BUSY, later != "not-known", by=by)


_sustained("cl10@1", "activity_12_months")


@answers_to("cl11@1", "year", bands=BANDS, by=ALL)
def cl11(area: World, period: Period) -> Iterator[Case]:
    """Homeless since leaving, of those receiving aftercare."""
    for told, row, by in _list(area, period):
        if row["receiving"]:
            left = max(spell.ended for spell in spells(told) if spell.ended <= period.last)
            spelt = any(left <= s["started_on"] <= period.last for s in told.of("homelessness"))
            yield Case(told, period.last, spelt or row["accommodation"] == "homeless", by=by)


@answers_to("cl12@1", "year", bands=BANDS, by=ALL)
def cl12(area: World, period: Period) -> Iterator[Case]:
    """In suitable accommodation."""
    for told, row, by in _list(area, period):
        if row["receiving"]:
            where = row["accommodation"]
            yield Case(told, period.last, where in SUITABLE, where != "not-known", by=by)


@answers_to("cl13@1", bands=BANDS, by=ALL)
def cl13(area: World, period: Period) -> Iterator[Case]:
    """In touch in the last three months."""
    for told, row, by in _list(area, period):
        last = row.get("last_contact_on")
        yes = last is not None and last <= row["as_at"] <= plus_months(last, 3)
        yield Case(told, period.last, yes, by=by)


@answers_to("cl14@1", "year", "median", by=("placement",))
def cl14(area: World, period: Period) -> Iterator[Case]:
    """Age at leaving, in years and parts."""
    for told, spell, by in _leavers(area, period):
        assert told.born is not None  # noqa: S101 - who left at 16 was born
        yield Case(told, spell.ended, value=(spell.ended - told.born).days / YEAR_DAYS, by=by)


@answers_to("cl14-from-18@1", "year", by=("placement", "sex"))
def cl14_from_18(area: World, period: Period) -> Iterator[Case]:
    """Left at 18 or more."""
    for told, spell, by in _leavers(area, period):
        yield Case(told, spell.ended, (told.age(spell.ended) or 0) >= 18, by=by)  # noqa: PLR2004


@answers_to("cl15@1", bands=BANDS, by=ALL)
def cl15(area: World, period: Period) -> Iterator[Case]:
    """Offered an assessment of health, ages 16 to 21."""
    for told, row, by in _list(area, period):
        age = told.age(period.last)
        if age is not None and GROWN <= age <= 21:  # noqa: PLR2004
            yield Case(told, period.last, row["health_assessment_offered"], by=by)


@answers_to("cl16@1", per="median")
def cl16(area: World, period: Period) -> Iterator[Case]:
    """Days waited for a first tenancy."""
    for told in area.children:
        asked = told.of("tenancies")
        began = [row["started_on"] for row in asked if "started_on" in row]
        if began and period.holds(min(began)):
            days = (min(began) - min(row["applied_on"] for row in asked)).days
            yield Case(told, min(began), value=days if days >= 0 else None)
