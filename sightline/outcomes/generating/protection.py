"""From a concern to the register and off it again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sightline.outcomes.generating.drawing import DAY, Draw, birthday
from sightline.outcomes.generating.lives import Event, Life, Setting

ADULT = 18
OLD_ENOUGH_TO_SAY = 5
LONGEST_BEFORE_BIRTH = 200
CONCERNS = {
    "domestic-abuse": 0.45, "neglect": 0.42, "parental-mental-health": 0.37,
    "emotional-abuse": 0.33, "parental-drug-use": 0.24, "parental-alcohol-use": 0.22,
    "physical-abuse": 0.16, "non-engaging-family": 0.14, "placing-self-at-risk": 0.08,
    "sexual-abuse": 0.06, "sexual-exploitation": 0.03, "criminal-exploitation": 0.02,
    "online-abuse": 0.02, "other": 0.05,
}  # fmt: skip
"""How often each is recorded, about as published for 2023-24; several at once."""
PATHS = {"meeting": 0.34, "investigation": 0.37, "single-agency": 0.19, "no-further-action": 0.10}
REGISTERED_SHARE = 0.76
OFF_AT_REVIEW = 0.52


@dataclass
class Making:
    """What the makers share: the setting, chance, and numbers given so far."""

    setting: Setting
    draw: Draw
    given: dict[str, int] = field(default_factory=dict)

    def number(self, prefix: str) -> str:
        """The next number of a kind, such as M000012."""
        self.given[prefix] = self.given.get(prefix, 0) + 1
        return f"{prefix}{self.given[prefix]:06d}"

    def progress(self, day: dt.date) -> float:
        """How far a day is through the years shown: 0 at the first, 1 at the last."""
        first, until = self.setting.first, self.setting.until
        return min(1.0, max(0.0, (day - first).days / (until - first).days))

    def risen(self, low: float, high: float, day: dt.date) -> bool:
        """Yes as often as a share that rises from `low` to `high` over the years shown."""
        return self.draw.yes(low + (high - low) * self.progress(day))


def involved(make: Making, family: Sequence[Life], day: dt.date) -> list[Life]:
    """The children a concern is about: the first, and most of the brothers and sisters."""
    found = []
    for place, life in enumerate(family):
        near = (life.born - day).days < LONGEST_BEFORE_BIRTH
        if near and life.age(day) < ADULT - 1 and (place == 0 or make.draw.yes(0.85)):
            found.append(life)
    return found


def concern(make: Making, family: Sequence[Life], day: dt.date) -> list[Life]:
    """A discussion and what follows. Gives the children registered."""
    draw = make.draw
    children = involved(make, family, day)
    if not children:
        return []
    found = {name for name, share in CONCERNS.items() if draw.yes(share)} or {"neglect"}
    if found & {"parental-drug-use", "parental-alcohol-use"}:
        found.add("parental-substance-use")
    path = draw.pick(PATHS)
    held = day + DAY * (draw.whole(8, 28) if make.risen(0.74, 0.9, day) else draw.whole(29, 48))
    late = (held - day).days > 28  # noqa: PLR2004 - days of the guidance
    agreed = late and draw.yes(0.45)
    met = {life.child for life in children if _may_be_registered(life, held)}
    began = _discussion(make, children, day, path, found, agreed=agreed, met=met)
    if path in {"meeting", "investigation"}:
        _investigation(make, children, (day, began), path)
    if path != "meeting":
        return []
    return _meeting(make, children, (day, held), found, agreed=agreed)


def _may_be_registered(life: Life, held: dt.date) -> bool:
    """Whether a meeting on a day would be about a child: not on the register, and not grown up."""
    return life.off_register < held and life.age(held) < ADULT - 1


def _discussion(
    make: Making,
    children: Sequence[Life],
    day: dt.date,
    path: str,
    found: set[str],
    *,
    agreed: bool,
    met: set[str],
) -> dt.date:
    """A discussion of each child; gives the day it began. `met`: of whom a meeting will be held."""
    draw = make.draw
    key, notified = make.number("IRD"), draw.at(day)
    late = 0 if make.risen(0.6, 0.75, day) else (1 if draw.yes(0.6) else draw.whole(2, 6))
    started = notified + dt.timedelta(hours=1) if not late else draw.at(day + DAY * late, 9, 17)
    agencies = {"social-work", "police"} | {n for n in ("health", "education") if draw.yes(0.86)}
    outcomes = {
        "meeting": {"investigation", "planning-meeting"},
        "investigation": {"investigation", "no-planning-meeting"},
    }.get(path, {path})
    plan = path == "meeting" and make.risen(0.7, 0.95, day)
    for life in children:
        speaks = life.age(day) >= OLD_ENOUGH_TO_SAY
        here = outcomes if life.child in met else outcomes - {"planning-meeting"}
        life.add(
            "irds",
            ird=key,
            concern_notified_at=notified,
            started_at=started,
            closed_at=started + dt.timedelta(hours=draw.whole(2, 70)),
            out_of_hours=draw.yes(0.15),
            agencies=sorted(agencies),
            pre_birth=life.born > day,
            concerns=sorted(found),
            outcomes=sorted(_decided(here, plan=plan, unborn=life.born > day + DAY * 3)),
            interim_safety_plan=plan,
            child_views_sought=_said(make, 0.55, 0.75, day) if speaks else "na",
            parent_views_sought=_said(make, 0.7, 0.85, day),
            extension_reason=draw.one_of(("family-request", "further-enquiry", "late-notification"))
            if agreed
            else None,
            extension_agreed=True if agreed else None,
        )
    return started.date()


def _decided(outcomes: set[str], *, plan: bool, unborn: bool) -> set[str]:
    """What a discussion decided about one child: nobody investigates about a child not yet born."""
    found = outcomes - {"investigation"} if unborn else outcomes
    return (found or {"single-agency"}) | ({"interim-safety-plan"} if plan else set())


def _said(make: Making, low: float, high: float, day: dt.date) -> str:
    return "yes" if make.risen(low, high, day) else "no"


def _investigation(
    make: Making, children: Sequence[Life], days: tuple[dt.date, dt.date], path: str
) -> None:
    draw = make.draw
    day, discussed = days
    key, began = make.number("INV"), discussed + DAY * draw.whole(0, 3)
    for life in children:
        if life.born > day + DAY * 3:
            continue
        interview = (
            draw.pick({"none": 0.75, "scim": 0.15, "jii": 0.10})
            if life.age(day) >= OLD_ENOUGH_TO_SAY
            else "none"
        )
        medical = draw.pick({"none": 0.86, "comprehensive": 0.06, "joint": 0.05, "single": 0.03})
        asked = began + DAY * draw.whole(0, 2)
        life.add(
            "investigations",
            investigation=key,
            started_on=began,
            ended_on=began + DAY * draw.whole(4, 25),
            way="joint" if draw.yes(0.6) else "single",
            interview_type=interview,
            interview_requested_on=asked if interview != "none" else None,
            interview_completed_on=asked + DAY * draw.around(5, 0.7)
            if interview != "none" and draw.yes(0.93)
            else None,
            medical_type=medical,
            medical_requested_on=asked if medical != "none" else None,
            medical_completed_on=asked + DAY * draw.whole(0, 6) if medical != "none" else None,
            outcome="planning-meeting"
            if path == "meeting"
            else ("other-action" if draw.yes(0.6) else "no-further-action"),
            child_views_recorded=_said(make, 0.6, 0.75, day)
            if life.age(day) >= OLD_ENOUGH_TO_SAY
            else "na",
        )


def _roles(make: Making, life: Life, day: dt.date, share: float) -> set[str]:
    age = life.age(day)
    nurse = (
        "midwife" if age < 0 else ("health-visitor" if age < OLD_ENOUGH_TO_SAY else "school-nurse")
    )
    usual = {"parent", "police", nurse, "education" if age >= 3 else "third-sector"}  # noqa: PLR2004
    return {"social-work"} | {role for role in sorted(usual) if make.draw.yes(share)}


def _held(make: Making, life: Life, day: dt.date, **values: Any) -> Event:
    draw = make.draw
    speaks = life.age(day) >= OLD_ENOUGH_TO_SAY
    invited = _roles(make, life, day, 0.97)
    quorate = draw.yes(0.96)
    views = draw.pick(
        {
            "attended": 0.2,
            "represented": 0.1,
            "advocate": 0.2,
            "written": 0.25,
            "not-obtained": 0.25,
        }
    )
    came = {role for role in sorted(invited) if role == "social-work" or draw.yes(0.82)}
    if speaks and views == "attended":
        came.add("child")
    return life.add(
        "planning-meetings",
        **values,
        held_on=day,
        convened_on=max(day - DAY * draw.whole(10, 20), values.get("concern_on") or dt.date.min),
        invited_on=day - DAY * draw.whole(3, 9),
        quorate=quorate,
        reconvened_on=None if quorate else day + DAY * draw.whole(5, 17),
        record_issued_on=day + DAY * draw.whole(4, 19),
        plan_issued_on=day + DAY * draw.whole(2, 12)
        if values["outcome"] in {"registered", "remains"}
        else None,
        child_views=views if speaks else "not-appropriate",
        advocacy=draw.pick(
            {"accepted": 0.4, "declined": 0.25, "in-place": 0.1, "not-offered": 0.25}
        )
        if speaks
        else "not-appropriate",
        reporter_referral=draw.yes(0.3),
        invited=sorted(invited),
        attended=sorted(came),
        reported=sorted(role for role in came if role != "child" and draw.yes(0.75)),
        reports_shared_before=make.risen(0.5, 0.7, day),
    )


def _meeting(
    make: Making,
    children: Sequence[Life],
    days: tuple[dt.date, dt.date],
    found: set[str],
    *,
    agreed: bool,
) -> list[Life]:
    draw = make.draw
    day, held = days
    key, on = make.number("M"), []
    registered = draw.yes(REGISTERED_SHARE)
    for life in children:
        if not _may_be_registered(life, held):
            continue
        kind = "pre-birth" if life.born > held else "initial"
        temporary = kind == "initial" and draw.yes(0.015)
        _held(
            make, life, held,
            meeting=key,
            meeting_type="transfer" if temporary else kind,
            concern_on=day,
            outcome="registered" if registered or temporary else "not-registered",
            extension_agreed=True if agreed else None,
        )  # fmt: skip
        if registered or temporary:
            _registration(make, life, held, found, temporary=temporary)
            on.append(life)
    return on


def _registration(
    make: Making, life: Life, day: dt.date, found: set[str], *, temporary: bool
) -> None:
    draw = make.draw
    for name in sorted(found):
        life.add("register-concerns", registered_on=day, concern=name)
    first = day + DAY * draw.whole(4, 15 if make.risen(0.78, 0.92, day) else 35)
    off, reason = _reviewed(make, life, day)
    meets = first
    while meets < off:
        life.add(
            "core-groups",
            held_on=meets,
            registered_on=day,
            attended=sorted(_roles(make, life, meets, 0.7)),
            plan_version=1 + (meets - day).days // 90,
        )
        meets += DAY * draw.whole(21, 56)
    life.add(
        "register-entries",
        registered_on=day,
        deregistered_on=off,
        sequence=1 + len(life.of("register-entries")),
        temporary=temporary,
        reason=reason,
        wellbeing_at_exit=draw.pick({"better": 0.55, "same": 0.2, "worse": 0.05, "not-known": 0.2}),
    )
    life.off_register = off


def _reviewed(make: Making, life: Life, day: dt.date) -> tuple[dt.date, str]:
    """Reviews until one takes the name off; gives the day and the reason."""
    draw = make.draw
    last = birthday(life.born, ADULT) - DAY
    held = day
    soonest, latest = (40, 95) if life.born > day else (75, 190)
    while True:
        before = held
        held += DAY * draw.whole(soonest, latest)
        soonest, latest = 130, 190
        if draw.yes(0.012):
            moved = before + (held - before) // 2
            _held(
                make, life, moved,
                meeting=make.number("M"), meeting_type="transfer", outcome="de-registered",
            )  # fmt: skip
            return moved, "moved-council"
        if held >= last:
            return last, "reached-age"
        off = draw.yes(OFF_AT_REVIEW)
        _held(
            make, life, held,
            meeting=make.number("M"),
            meeting_type="review",
            outcome="de-registered" if off else "remains",
        )  # fmt: skip
        if off:
            reasons = {
                "improved-home": 0.72,
                "removed-from-home": 0.13,
                "other-carers": 0.1,
                "other": 0.05,
            }
            return held, draw.pick(reasons)
