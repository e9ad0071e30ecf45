"""Being looked after: placements, legal reasons, reviews, visits, permanence, and how it ends."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sightline.outcomes.generating.drawing import DAY, birthday
from sightline.outcomes.generating.lives import SCHOOL_LEAVING, Life
from sightline.outcomes.generating.protection import Making

AWAY_LEGAL = {"section-25": 0.42, "cso-away": 0.58}
FIRST: dict[int, dict[str, float]] = {
    0: {"kinship": 0.38, "foster-council": 0.34, "foster-purchased": 0.12, "home": 0.16},
    5: {"kinship": 0.36, "foster-council": 0.24, "foster-purchased": 0.10, "home": 0.28,
        "residential-council": 0.02},
    12: {"kinship": 0.26, "foster-council": 0.15, "foster-purchased": 0.08, "home": 0.33,
         "residential-council": 0.10, "residential-voluntary": 0.03, "residential-school": 0.03,
         "other-community": 0.01, "crisis": 0.01},
}  # fmt: skip
NEXT: dict[str, dict[str, float]] = {
    "home": {"kinship": 0.35, "foster-council": 0.35, "residential-council": 0.30},
    "kinship": {"foster-council": 0.4, "home": 0.3, "residential-council": 0.2, "kinship": 0.1},
    "foster": {"foster-council": 0.34, "foster-purchased": 0.26, "kinship": 0.14, "home": 0.12,
               "residential-council": 0.14},
    "residential": {"residential-council": 0.3, "residential-voluntary": 0.15, "secure": 0.07,
                    "residential-school": 0.13, "foster-purchased": 0.15, "home": 0.15,
                    "kinship": 0.05},
    "other-community": {"home": 0.4, "residential-council": 0.3, "kinship": 0.3},
}  # fmt: skip
MEAN_DAYS = {
    "home": 650,
    "kinship": 1500,
    "foster": 900,
    "residential": 520,
    "other-community": 200,
}
STAYS = {150: 0.26, 600: 0.34, 2100: 0.40}
"""Middle length of a stay in days, and how often it is of that kind."""
PLANS = {"adoption": 0.16, "permanence-order": 0.16, "kinship": 0.16, "home": 0.12, "": 0.40}


def group(placement: str) -> str:
    """Home, kinship, foster, other-community or residential."""
    if placement in {"home", "kinship", "other-community"}:
        return placement
    return "foster" if placement.startswith("foster") or placement == "adopters" else "residential"


@dataclass
class Stay:
    """One placement as it is drawn."""

    started: dt.date
    ended: dt.date
    kind: str
    emergency: bool = False


def look_after(make: Making, family: Sequence[Life], day: dt.date) -> list[Life]:
    """Some of a family become looked after on a day. Gives those who did."""
    kind = ""
    home_of_carers = make.number("H")
    started = []
    for life in family:
        if life.out_of_care > day or life.born > day or life.age(day) >= SCHOOL_LEAVING:
            continue
        band = max(age for age in FIRST if age <= life.age(day))
        alike = kind and make.draw.yes(0.65)
        kind = kind if alike else make.draw.pick(FIRST[band])
        _episode(make, life, day, kind, home_of_carers)
        started.append(life)
    return started


def _episode(make: Making, life: Life, day: dt.date, kind: str, household: str) -> None:
    draw = make.draw
    end = day + DAY * draw.around(draw.pick(STAYS), 0.6)
    leaves = birthday(life.born, SCHOOL_LEAVING) + DAY * draw.whole(0, 870)
    end = min(end, leaves)
    plan, dates = _planned(make, life, day, end, kind)
    if plan in {"adoption", "kinship"}:
        end = dates["secured_on"]
    stays = _stays(
        make, day, end, kind, adopters=dates.get("placed_on") if plan == "adoption" else None
    )
    key = make.number("E")
    life.out_of_care = end
    last = stays[-1]
    grown = life.age(end) >= SCHOOL_LEAVING
    destination = _destination(make, life, end, plan, last.kind)
    short, current = draw.yes(0.02), make.risen(0.88, 0.96, day)
    planned = make.risen(0.62, 0.78, end) if grown else None
    life.add(
        "care-episodes",
        episode=key,
        started_on=day,
        ended_on=end,
        short_breaks=short,
        current_care_plan=current,
        destination=destination,
        pathway_plan_at_end=planned,
        pathway_coordinator_at_end=draw.yes(0.95 if planned else 0.02) if grown else None,
    )
    away = draw.pick(AWAY_LEGAL)
    legal: list[tuple[dt.date, str]] = []
    for stay in stays:
        placed = make.number("P")
        _placement(make, life, (key, placed, household), stay, last=stay is last)
        household = household if stay.ended == end or draw.yes(0.3) else make.number("H")
        legal.extend(_legal(make, life, stay, away, first=stay is stays[0]))
        _reviews(make, life, placed, stay)
        _visits(make, life, placed, stay)
        _missing(make, life, stay)
    if dates:
        if plan == "permanence-order":
            secured = max(dates.pop("secured_on"), last.started + DAY)
            if secured < end and last.kind not in {"home", "secure"}:
                dates["secured_on"] = secured
                legal.append((secured, "permanence-order"))
        life.add("permanence", episode=key, route=plan, **dates)
    _reasons(life, key, end, legal)
    _health(make, life, day, end)
    _hearings(make, life, day, end)


def _planned(
    make: Making, life: Life, day: dt.date, end: dt.date, kind: str
) -> tuple[str, dict[str, dt.date]]:
    """The route to permanence and its dates; no route for short stays, home and the older."""
    draw = make.draw
    if kind == "home" or (end - day).days < 400 or life.age(day) >= 12:  # noqa: PLR2004
        return "", {}
    plan = draw.pick(PLANS)
    if plan == "adoption" and life.age(day) > 6:  # noqa: PLR2004
        plan = "permanence-order"
    if not plan:
        return "", {}
    recommended = day + DAY * (
        draw.whole(80, 182) if make.risen(0.45, 0.65, day) else draw.whole(183, 320)
    )
    if plan == "home":
        return plan, {"recommended_on": recommended, "decided_on": recommended + DAY * 10}
    panel = recommended + DAY * draw.whole(30, 120)
    decided = panel + DAY * (draw.whole(4, 14) if draw.yes(0.85) else draw.whole(15, 30))
    matched = decided + DAY * draw.whole(40, 260)
    placed = matched + DAY * draw.whole(10, 50)
    secured = placed + DAY * draw.whole(120, 330)
    if life.age(secured) >= SCHOOL_LEAVING - 1:
        return "", {}
    dates = {
        "recommended_on": recommended,
        "kinship_decided_on": day + DAY * draw.whole(60, 160),
        "panel_on": panel,
        "decided_on": decided,
        "applied_on": decided + DAY * draw.whole(14, 60),
        "matched_on": matched,
        "placed_on": placed,
        "secured_on": secured,
    }
    return plan, dates


def _stays(
    make: Making, day: dt.date, end: dt.date, kind: str, *, adopters: dt.date | None
) -> list[Stay]:
    draw = make.draw
    found: list[Stay] = []
    now = day
    until = adopters or end
    while now < until:
        emergency = not found and kind != "home" and draw.yes(0.10)
        length = draw.whole(1, 5) if emergency else 20 + draw.wait(MEAN_DAYS[group(kind)])
        if kind == "secure":
            length = draw.whole(40, 120)
        stop = min(now + DAY * length, until)
        if (until - stop).days < 15:  # noqa: PLR2004 - no last placement of a few days
            stop = until
        found.append(Stay(now, stop, kind, emergency))
        now = stop
        kind = draw.pick(NEXT[group(kind)])
    if adopters:
        found.append(Stay(adopters, end, "adopters"))
    return found


def _placement(
    make: Making, life: Life, keys: tuple[str, str, str], stay: Stay, *, last: bool
) -> None:
    draw = make.draw
    where = group(stay.kind)
    foster = stay.kind.startswith("foster")
    provider = "family" if where in {"home", "kinship"} else "council"
    if stay.kind == "foster-purchased":
        provider = "purchased"
    elif stay.kind in {"residential-voluntary", "residential-school", "secure", "crisis"}:
        provider = draw.one_of(("voluntary", "independent"))
    outside = where != "home" and draw.yes(0.35 if provider not in {"council", "family"} else 0.06)
    planned = {"planned": 0.9, "unplanned": 0.08, "emergency": 0.02}
    moved = {"planned": 0.6, "unplanned": 0.3, "emergency": 0.1}
    life.add(
        "placements",
        placement=keys[1],
        episode=keys[0],
        started_on=stay.started,
        ended_on=stay.ended,
        placement_type=stay.kind,
        foster_type=(
            "emergency" if stay.emergency else draw.one_of(("interim", "long-term", "permanent"))
        )
        if foster
        else None,
        provider=provider,
        household=keys[2] if where in {"kinship", "foster", "residential"} else None,
        out_of_area=outside,
        distance_km=None
        if where == "home"
        else float(draw.whole(20, 120) if outside else draw.whole(1, 25)),
        emergency=stay.emergency,
        ending=draw.pick(planned if last else moved),
    )


def _legal(
    make: Making, life: Life, stay: Stay, away: str, *, first: bool
) -> list[tuple[dt.date, str]]:
    if stay.emergency and first and make.draw.yes(0.6):
        ends = stay.started + DAY * 8
        life.add(
            "protection-orders",
            order_type="child-protection-order",
            granted_on=stay.started,
            ended_on=ends,
        )
        return [(stay.started, "child-protection-order")]
    reason = {
        "home": "cso-home",
        "secure": "cso-secure",
        "adopters": "permanence-order-adoption",
    }.get(stay.kind, away)
    return [(stay.started, reason)]


def _reasons(life: Life, episode: str, end: dt.date, legal: list[tuple[dt.date, str]]) -> None:
    """Legal reasons one after the other, each until the next."""
    spans: list[tuple[dt.date, str]] = []
    for started, reason in sorted(legal):
        if spans and spans[-1][1] == reason:
            continue
        if spans and spans[-1][0] == started:
            spans.pop()
        spans.append((started, reason))
    ends = [started for started, _ in spans[1:]] + [end]
    for (started, reason), ended in zip(spans, ends, strict=True):
        life.add(
            "legal-reasons", episode=episode, reason=reason, started_on=started, ended_on=ended
        )


def _reviews(make: Making, life: Life, placement: str, stay: Stay) -> None:
    draw = make.draw
    home = stay.kind == "home"
    limits = [(20, 42, 70), (60, 89, 120), (120, 180, 215)]
    held, place = stay.started, 0
    while True:
        soon, limit, late = (120, 180, 220) if home else limits[min(place, 2)]
        first, last = (soon, limit) if make.risen(0.76, 0.9, held) else (limit + 1, late)
        held += DAY * draw.whole(first, last)
        if held >= stay.ended:
            return
        life.add(
            "care-reviews",
            placement=placement,
            held_on=held,
            review_type="emergency"
            if stay.emergency and not place
            else ("first", "second", "subsequent")[min(place, 2)],
            regulation="reg-44" if home else "reg-45-2",
            chair_independent=draw.yes(0.8),
            child_attended=life.age(held) >= 5 and draw.yes(0.5),  # noqa: PLR2004
            views_recorded=make.risen(0.6, 0.85, held),
            plan_revised=draw.yes(0.5),
        )
        place += 1


def _visits(make: Making, life: Life, placement: str, stay: Stay) -> None:
    draw = make.draw
    day = stay.started + DAY * (
        draw.whole(1, 7) if make.risen(0.8, 0.9, stay.started) else draw.whole(8, 20)
    )
    while day < stay.ended:
        life.add(
            "care-visits",
            placement=placement,
            visited_on=day,
            report_on=day + DAY * draw.whole(0, 14) if draw.yes(0.9) else None,
            child_seen=draw.yes(0.93),
            carer_seen=draw.yes(0.9),
        )
        day += DAY * (draw.whole(40, 89) if draw.yes(0.88) else draw.whole(93, 130))


def _missing(make: Making, life: Life, stay: Stay) -> None:
    draw = make.draw
    mean = {"residential": 260, "foster": 4000}.get(group(stay.kind))
    if mean is None:
        return
    day = stay.started + DAY * draw.wait(mean)
    while day < stay.ended - DAY * 4:
        if life.age(day) >= 11:  # noqa: PLR2004
            gone = draw.at(day, 15, 23)
            back = gone + dt.timedelta(hours=draw.around(7, 0.9))
            offered = back + dt.timedelta(hours=draw.whole(2, 40)) if draw.yes(0.85) else None
            held = (
                offered + dt.timedelta(hours=draw.whole(1, 60))
                if offered and draw.yes(0.7)
                else None
            )
            life.add(
                "missing-episodes",
                episode=make.number("MI"),
                placement_type=stay.kind,
                police_category=draw.pick(
                    {"absent": 0.3, "low": 0.15, "medium": 0.45, "high": 0.1}
                ),
                started_at=gone,
                returned_at=min(back, gone + dt.timedelta(hours=70)),
                found_by=draw.one_of(("returned", "police", "carer", "family")),
                harm=draw.pick({"no": 0.85, "yes": 0.07, "unknown": 0.08}),
                discussion_offered_at=offered,
                discussion_held_at=held,
                held_by=draw.one_of(("social-work", "third-sector", "police")) if held else None,
            )
        day += DAY * (1 + draw.wait(mean))


def _health(make: Making, life: Life, day: dt.date, end: dt.date) -> None:
    draw = make.draw
    told = day + DAY * (draw.whole(0, 10) if draw.yes(0.85) else draw.whole(11, 60))
    while told < end:
        grown = life.age(told) >= SCHOOL_LEAVING
        consent = draw.pick({"given": 0.88, "refused": 0.05, "not-asked": 0.05, "not-needed": 0.02})
        result = draw.pick(
            {"completed": 0.72 if grown else 0.88, "declined": 0.06, "not-brought": 0.06}
        )
        offered = told + DAY * draw.whole(3, 20)
        if consent == "refused":
            result = "declined"
        done = told + DAY * (
            draw.whole(10, 28) if make.risen(0.55, 0.85, told) else draw.whole(29, 75)
        )
        life.add(
            "health-assessments",
            notified_on=told,
            consent=consent,
            offered_on=min(offered, done),
            completed_on=done if result == "completed" else None,
            result=result,
            assessor=draw.one_of(("nurse", "doctor", "health-visitor"))
            if result == "completed"
            else None,
            health_plan_on=done + DAY * 7 if result == "completed" else None,
            gp_registered=draw.yes(0.97),
            dentist_registered=draw.yes(0.85),
            immunised=draw.yes(0.88),
            mental_health_screened=make.risen(0.4, 0.7, told),
            left_school=grown and draw.yes(0.6),
        )
        told += DAY * draw.whole(330, 460)


def _hearings(make: Making, life: Life, day: dt.date, end: dt.date) -> None:
    draw = make.draw
    held = day + DAY * draw.whole(20, 90)
    while held < end:
        speaks = life.age(held) >= 5  # noqa: PLR2004
        there = speaks and draw.yes(0.45)
        life.add(
            "hearings",
            hearing=make.number("CH"),
            held_on=held,
            child_attended=there,
            excused=not there and draw.yes(0.4),
            advocate=speaks and make.risen(0.1, 0.45, held),
            lawyer=speaks and draw.yes(0.15),
            safeguarder=draw.yes(0.2),
            views_form=speaks and draw.yes(0.35),
        )
        held += DAY * draw.whole(250, 365)


def _destination(make: Making, life: Life, end: dt.date, plan: str, last: str) -> str:
    if plan == "adoption":
        return "adoption"
    if plan == "kinship":
        return "kinship-order"
    if life.age(end) < SCHOOL_LEAVING:
        if group(last) == "kinship":
            return make.draw.pick({"home": 0.4, "kinship-order": 0.4, "kinship": 0.2})
        return make.draw.pick({"home": 0.82, "kinship-order": 0.08, "kinship": 0.07, "other": 0.03})
    may = group(last) in {"kinship", "foster", "residential"} and life.born > dt.date(1999, 4, 1)
    staying = {"kinship": 0.28, "foster": 0.42, "residential": 0.22}.get(group(last), 0.0)
    if may and make.draw.yes(staying):
        return "continuing-care"
    return make.draw.pick(
        {"own-tenancy": 0.2, "supported": 0.25, "home": 0.3, "former-foster": 0.06, "kinship": 0.08,
         "homeless": 0.03, "custody": 0.02, "not-known": 0.06}
    )  # fmt: skip
