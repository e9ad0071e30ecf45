"""After care: continuing care, aftercare year by year, homes, tenancies and destinations.

Two things are planted here, and named so that tests and guides can point at them. GAP: those whose
last placement was residential are in education, training or work less often, homeless more often
and in touch less often than those who lived with foster or kinship carers. TREND: for everybody
else the share in education, training or work rises by TREND over the years shown; for those from
residential care it stays, so that the gap widens.
"""

import datetime as dt
from typing import Final

from sightline.outcomes.generating.care import group
from sightline.outcomes.generating.drawing import DAY, birthday
from sightline.outcomes.generating.lives import SCHOOL_LEAVING, Event, Life
from sightline.outcomes.generating.protection import Making

OLDEST: Final = 26
GAP: Final = {
    "home": 0.40,
    "kinship": 0.52,
    "foster": 0.56,
    "residential": 0.34,
    "other-community": 0.40,
}
"""Share in education, training or work in the first year shown, by the setting that was left."""
TREND: Final = 0.20
"""How much that share has risen by the last year shown, but for residential care."""
HOMELESS: Final = {"residential": 0.24, "home": 0.14, "kinship": 0.07, "foster": 0.08}
IN: Final = {
    "further-education": 0.4,
    "employment": 0.35,
    "training": 0.15,
    "higher-education": 0.1,
}
OUT: Final = {"looking": 0.55, "ill": 0.25, "caring": 0.12, "custody": 0.08}
SETTLED: Final = {"own-tenancy": 0.42, "supported": 0.24, "family": 0.24, "former-carers": 0.10}
UNSETTLED: Final = {"homeless": 0.5, "bed-and-breakfast": 0.25, "custody": 0.1, "other": 0.15}


def left(life: Life) -> tuple[Event, str] | None:
    """The episode after which somebody of 16 or more left care for good, and the last setting."""
    episodes = [row for row in life.of("care-episodes") if not row["short_breaks"]]
    if not episodes or life.age(episodes[-1]["ended_on"]) < SCHOOL_LEAVING:
        return None
    return episodes[-1], group(life.of("placements")[-1]["placement_type"])


def after_care(make: Making, life: Life) -> None:
    """Everything after somebody has left care at 16 or more."""
    found = left(life)
    if found is None:
        return
    episode, setting = found
    free = _continuing(make, life, episode, setting)
    _school(make, life, setting)
    homeless = _homelessness(make, life, free, setting)
    _tenancy(make, life, episode, free)
    _aftercare(make, life, free, setting, homeless)


def _continuing(make: Making, life: Life, episode: Event, setting: str) -> dt.date:
    """Continuing care, if it was the destination; gives the day from which aftercare applies."""
    draw = make.draw
    ended: dt.date = episode["ended_on"]
    kind = life.of("placements")[-1]["placement_type"]
    if episode["destination"] != "continuing-care":
        if setting in {"foster", "residential"} and draw.yes(0.08):
            life.add(
                "continuing-care",
                started_on=ended,
                placement_type=kind,
                refused=True,
                welfare_assessment_on=ended - DAY * 10 if draw.yes(0.8) else None,
            )
        return ended
    until = min(ended + DAY * draw.around(600, 0.6), birthday(life.born, 21) - DAY)
    life.add(
        "continuing-care", started_on=ended, ended_on=until, placement_type=kind, refused=False
    )
    return until


def _school(make: Making, life: Life, setting: str) -> None:
    draw = make.draw
    leaves = dt.date(
        birthday(life.born, SCHOOL_LEAVING + draw.whole(0, 2)).year, 6, draw.whole(20, 30)
    )
    good = {"residential": 0.66, "home": 0.70}.get(setting, 0.84)
    positive = {
        "further-education": 0.4,
        "employment": 0.25,
        "training": 0.2,
        "higher-education": 0.1,
        "skills": 0.05,
    }
    other = {"looking": 0.6, "not-looking": 0.3, "not-known": 0.1}
    later = make.risen(good - 0.2, good - 0.1, leaves)
    life.add(
        "school-leavers",
        left_on=leaves,
        initial_destination=draw.pick(positive if draw.yes(good) else other),
        follow_up_destination=draw.pick(positive if later else other),
    )


def _homelessness(make: Making, life: Life, free: dt.date, setting: str) -> list[Event]:
    draw, spells = make.draw, []
    day = free
    likely = HOMELESS.get(setting, 0.1)
    while draw.yes(likely):
        began = day + DAY * draw.wait(300)
        if began >= birthday(life.born, OLDEST):
            break
        day = began + DAY * draw.around(60, 0.8)
        spells.append(life.add("homelessness", started_on=began, ended_on=day))
    return spells


def _tenancy(make: Making, life: Life, episode: Event, free: dt.date) -> None:
    draw = make.draw
    if episode["destination"] not in {"own-tenancy", "supported"}:
        return
    asked = free - DAY * draw.whole(0, 60)
    got = asked + DAY * draw.around(95, 0.6)
    life.add("tenancies", applied_on=asked, started_on=got if draw.yes(0.9) else None)


def _agreeing(row: Event, homeless: list[Event]) -> None:
    """Who is in custody lives there; who is homeless on the day is so in the homelessness file."""
    day = row["as_at"]
    if row["activity"] == "custody":
        row["accommodation"] = "custody"
    elif row["accommodation"] == "homeless" and not any(
        spell["started_on"] <= day <= spell["ended_on"] for spell in homeless
    ):
        row["accommodation"] = "bed-and-breakfast"


def _aftercare(
    make: Making, life: Life, free: dt.date, setting: str, homeless: list[Event]
) -> None:
    draw = make.draw
    receives = draw.yes(0.62)
    shift = draw.share()
    as_at = dt.date(free.year, 7, 31)
    if as_at < free:
        as_at = dt.date(free.year + 1, 7, 31)
    assessed = free + DAY * draw.whole(-90, 120)
    while life.age(as_at) < OLDEST:
        young = life.age(as_at) < 19  # noqa: PLR2004 - compulsory until then
        rises = 0.0 if setting == "residential" else TREND * make.progress(as_at)
        busy = shift < GAP[setting] + rises
        shift = draw.share() if draw.yes(0.35) else shift
        unsettled = any(
            spell["started_on"] <= as_at <= spell["ended_on"] for spell in homeless
        ) or draw.yes(0.05 if setting != "residential" else 0.13)
        known = draw.yes(0.86)
        now = receives and (young or draw.yes(0.8))
        planned = make.risen(0.5, 0.75, as_at)
        silent = draw.around(40 if setting != "residential" else 65, 0.8)
        after = draw.yes(0.78)
        life.add(
            "aftercare",
            as_at=as_at,
            category="compulsory" if young else "discretionary",
            receiving=now,
            pathway_assessment_on=min(assessed, as_at) if planned or draw.yes(0.2) else None,
            pathway_plan_on=min(assessed + DAY * 20, as_at) if planned else None,
            pathway_review_on=as_at - DAY * draw.whole(5, 320)
            if planned and draw.yes(0.7)
            else None,
            coordinator=now and draw.yes(0.97 if planned else 0.7),
            last_contact_on=as_at - DAY * silent if now or draw.yes(0.4) else None,
            activity=draw.pick(IN if busy else OUT) if known else "not-known",
            activity_6_months=(draw.pick(IN if after else OUT)) if busy and known else None,
            activity_12_months=(draw.pick(IN if after and draw.yes(0.8) else OUT))
            if busy and known
            else None,
            accommodation=draw.pick(UNSETTLED if unsettled else SETTLED)
            if draw.yes(0.93)
            else "not-known",
            health_assessment_offered=make.risen(0.2, 0.5, as_at),
        )
        _agreeing(life.of("aftercare")[-1], homeless)
        as_at = dt.date(as_at.year + 1, 7, 31)
