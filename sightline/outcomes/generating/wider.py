"""What happens around a child: lead workers, advocacy, meetings; and events that are no child's."""

import datetime as dt

from sightline.outcomes.generating.drawing import DAY, birthday
from sightline.outcomes.generating.leaving import left
from sightline.outcomes.generating.lives import Event, Life, Log
from sightline.outcomes.generating.protection import OLD_ENOUGH_TO_SAY, Making

RISKS = (
    "violence",
    "substance-use",
    "harmful-sexual-behaviour",
    "unauthorised-absence",
    "non-violent-offences",
)
CARER_TYPES = {"foster": "foster", "kinship": "kinship", "adopters": "adopter"}


def around(make: Making, life: Life) -> None:
    """Lead workers, advocacy, meetings about risk, and death, of one child."""
    _workers(make, life)
    _advocacy(make, life)
    _risk(make, life)
    _death(make, life)


def spans(life: Life) -> list[tuple[dt.date, dt.date]]:
    """Stretches in which a child is on the register or looked after, joined where they touch."""
    found = [
        (entry["registered_on"], entry["deregistered_on"]) for entry in life.of("register-entries")
    ]
    found += [(episode["started_on"], episode["ended_on"]) for episode in life.of("care-episodes")]
    joined: list[tuple[dt.date, dt.date]] = []
    for started, ended in sorted(found):
        if joined and started <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ended))
        else:
            joined.append((started, ended))
    return joined


def _workers(make: Making, life: Life) -> None:
    draw = make.draw
    staff = max(20, make.setting.children // 25)
    for started, ended in spans(life):
        now = started
        before = -1
        while now < ended:
            worker = draw.whole(0, staff - 1)
            worker = (worker + 1) % staff if worker == before else worker
            stop = min(ended, now + DAY * (60 + draw.wait(620)))
            life.add("lead-professionals", worker=f"W{worker:05d}", started_on=now, ended_on=stop)
            now, before = stop, worker


def _advocacy(make: Making, life: Life) -> None:
    for entry in life.of("register-entries"):
        _entitled(make, life, "child-protection", entry["registered_on"])
    group = {
        "home": "home",
        "kinship": "kinship",
        "adopters": "foster",
        "other-community": "residential",
    }
    firsts = {placement["episode"]: placement for placement in reversed(life.of("placements"))}
    for placement in firsts.values():
        kind = placement["placement_type"]
        setting = group.get(kind) or ("foster" if kind.startswith("foster") else "residential")
        _entitled(make, life, setting, placement["started_on"])
    found = left(life)
    if found:
        _entitled(make, life, "care-leaver", found[0]["ended_on"])
    hearings = life.of("hearings")
    if hearings:
        _entitled(make, life, "hearing", hearings[0]["held_on"])


def _entitled(make: Making, life: Life, group: str, day: dt.date) -> None:
    draw = make.draw
    if life.age(day) < OLD_ENOUGH_TO_SAY:
        return
    offered = day + DAY * draw.whole(0, 30) if make.risen(0.55, 0.85, day) else None
    accepted = draw.yes(0.6) if offered else None
    contact = offered + DAY * draw.around(9, 0.7) if offered and accepted else None
    life.add(
        "advocacy",
        group=group,
        eligible_on=day,
        offered_on=offered,
        accepted=accepted,
        first_contact_on=contact,
        issue=draw.one_of(("contact", "placement", "plan", "hearing", "school"))
        if contact
        else None,
        voice_heard=draw.pick({"yes": 0.55, "partly": 0.2, "no": 0.05, "not-asked": 0.2})
        if contact
        else None,
    )


def _risk(make: Making, life: Life) -> None:
    draw = make.draw
    day = birthday(life.born, 13) + DAY * draw.whole(0, 1500)
    if draw.yes(0.03):
        concerns = {risk for risk in RISKS if draw.yes(0.35)} or {"violence"}
        life.add(
            "care-risk-meetings", meeting=make.number("CR"), held_on=day, concerns=sorted(concerns)
        )


def _death(make: Making, life: Life) -> None:
    """Rarely, somebody dies in the years after leaving care."""
    found = left(life)
    if found and make.draw.yes(0.006):
        life.add("deaths", died_on=found[0]["ended_on"] + DAY * make.draw.whole(200, 1500))


def _carers(make: Making, log: Log) -> list[Event]:
    """The households children were placed with, each approved some while before the first."""
    draw = make.draw
    found: dict[str, Event] = {}
    for placement in log.of("placements"):
        kind = CARER_TYPES.get(placement["placement_type"].partition("-")[0])
        household = placement.get("household")
        if kind is None or household is None:
            continue
        there = found.setdefault(
            household,
            {
                "household": household,
                "carer_type": kind,
                "approved_on": dt.date.max,
                "ended_on": dt.date.min,
            },
        )
        approved = placement["started_on"] - DAY * draw.whole(10, 900)
        there["approved_on"] = min(there["approved_on"], approved)
        there["ended_on"] = max(
            there["ended_on"], placement["ended_on"] + DAY * draw.whole(30, 2500)
        )
    return list(found.values())


def no_childs(make: Making, log: Log) -> None:
    """Carers, learning reviews and issues raised: events that are not of one child."""
    draw, setting = make.draw, make.setting
    carers = _carers(make, log)
    reviews = []
    for _ in range(max(2, setting.children // 500)):
        told = setting.first + DAY * draw.whole(0, (setting.until - setting.first).days)
        commissioned = told + DAY * draw.whole(20, 70) if draw.yes(0.5) else None
        reviews.append(
            {
                "review": make.number("LR"),
                "notified_on": told,
                "commissioned_on": commissioned,
                "completed_on": commissioned + DAY * draw.whole(150, 400) if commissioned else None,
            }
        )
    issues = []
    for _ in range(max(12, setting.children // 12)):
        raised = setting.first + DAY * draw.whole(0, (setting.until - setting.first).days)
        issues.append(
            {
                "issue": make.number("IS"),
                "group": draw.pick({"children": 0.5, "care-leavers": 0.3, "parents": 0.2}),
                "raised_on": raised,
                "answered_on": raised + DAY * draw.around(40, 0.8) if draw.yes(0.7) else None,
            }
        )
    log.others.update({"carers": carers, "learning-reviews": reviews, "voice-issues": issues})
