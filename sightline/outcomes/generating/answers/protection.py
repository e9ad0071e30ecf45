"""Answers about child protection, from the events of each child."""

import itertools
from collections.abc import Iterator

from sightline.outcomes.generating.answers.care_told import away_from
from sightline.outcomes.generating.answers.frame import (
    APRIL,
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

SUBSTANCE = ("parental-alcohol-use", "parental-drug-use", "parental-substance-use")
LENGTHS = (
    (6, "under-6-months"),
    (12, "6-to-11-months"),
    (18, "12-to-17-months"),
    (24, "18-to-23-months"),
)
FULL = ("age", "sex", "simd", "locality", "concern")


def entries(told: Told) -> list[Event]:
    """Entries on the register that are this council's own, in order."""
    found = [entry for entry in told.of("register-entries") if not entry["temporary"]]
    return sorted(found, key=lambda entry: entry["registered_on"])


def concerns(told: Told, entry: Event) -> list[str]:
    """Areas of concern of a registration."""
    return [
        row["concern"]
        for row in told.of("register-concerns")
        if row["registered_on"] == entry["registered_on"]
    ]


def _on_register(area: World, period: Period) -> Iterator[tuple[Told, Event]]:
    for told in area.children:
        for entry in entries(told):
            if entry["registered_on"] <= period.last < entry.get("deregistered_on", NEVER):
                yield told, entry


def _registrations(area: World, period: Period) -> Iterator[tuple[Told, Event]]:
    for told in area.children:
        for entry in entries(told):
            if period.holds(entry["registered_on"]):
                yield told, entry


def _exits(area: World, period: Period) -> Iterator[tuple[Told, Event]]:
    for told in area.children:
        for entry in entries(told):
            if period.holds(entry.get("deregistered_on")):
                yield told, entry


def next_registration(told: Told, entry: Event) -> Event | None:
    """The first registration on or after the day an entry ended."""
    off = entry.get("deregistered_on", NEVER)
    after = [one for one in entries(told) if one is not entry and one["registered_on"] >= off]
    return after[0] if after else None


def again(told: Told, entry: Event, months: int) -> bool:
    """Whether the child was registered again within so many months."""
    soon = next_registration(told, entry)
    return soon is not None and soon["registered_on"] <= plus_months(
        entry["deregistered_on"], months
    )


@answers_to("cp01@1", bands="register", by=("age", "locality", "concern"))
def cp01(area: World, period: Period) -> Iterator[Case]:
    """Children with a discussion, under 18 or unborn."""
    for told in area.children:
        for ird in told.of("irds"):
            day = ird["started_at"].date()
            age = told.age(day)
            if period.holds(day) and (age is None or age < 18):  # noqa: PLR2004
                yield Case(told, day, by={"concern": ird["concerns"]})


@answers_to("cp03@1", per="rows", by=("locality",))
def cp03(area: World, period: Period) -> Iterator[Case]:
    """Discussions with social work, police and health."""
    for told in area.children:
        for ird in told.of("irds"):
            day = ird["started_at"].date()
            if period.holds(day):
                yield Case(told, day, {"social-work", "police", "health"} <= set(ird["agencies"]))


@answers_to("cp04@1", per="rows")
def cp04(area: World, period: Period) -> Iterator[Case]:
    """Discussions that went to a meeting, with an interim safety plan."""
    for told in area.children:
        for ird in told.of("irds"):
            day = ird["started_at"].date()
            if period.holds(day) and "planning-meeting" in ird["outcomes"]:
                yield Case(told, day, ird["interim_safety_plan"])


@answers_to("cp05@1", by=("concern",))
def cp05(area: World, period: Period) -> Iterator[Case]:
    """Discussions of a month earlier, with a first meeting within 28 days."""
    base = period.back(1)
    for told in area.children:
        firsts = [
            m["held_on"]
            for m in told.of("planning-meetings")
            if m["meeting_type"] in {"initial", "pre-birth"}
        ]
        for ird in told.of("irds"):
            day = ird["started_at"].date()
            if base.holds(day):
                soon = any(day <= held <= day + 28 * DAY for held in firsts)
                yield Case(told, day, soon, by={"concern": ird["concerns"]})


@answers_to("cp06@2", "year", "rows")
def cp06(area: World, period: Period) -> Iterator[Case]:
    """Investigations."""
    for told in area.children:
        for row in told.of("investigations"):
            if period.holds(row["started_on"]):
                yield Case(told, row["started_on"])


def _first_meetings(area: World, period: Period) -> Iterator[tuple[Told, Event]]:
    for told in area.children:
        for meeting in told.of("planning-meetings"):
            if meeting["meeting_type"] in {"initial", "pre-birth"} and period.holds(
                meeting["held_on"]
            ):
                yield told, meeting


@answers_to("cp07@2", per="rows", bands="register", by=("age", "meeting_type"))
def cp07(area: World, period: Period) -> Iterator[Case]:
    """First and pre-birth meetings."""
    for told, meeting in _first_meetings(area, period):
        yield Case(told, meeting["held_on"], by={"meeting_type": (meeting["meeting_type"],)})


@answers_to("cp10@1", per="rows", by=("meeting_type", "locality"))
def cp10(area: World, period: Period) -> Iterator[Case]:
    """First and pre-birth meetings that put the name on the register."""
    for told, meeting in _first_meetings(area, period):
        yes = meeting["outcome"] == "registered"
        yield Case(told, meeting["held_on"], yes, by={"meeting_type": (meeting["meeting_type"],)})


@answers_to("cp13@2", bands="register", by=FULL)
def cp13(area: World, period: Period) -> Iterator[Case]:
    """On the register on the last day."""
    for told, entry in _on_register(area, period):
        yield Case(told, period.last, by={"concern": concerns(told, entry)})


@answers_to("cp14@2", per="rows", bands="register", by=("age", "simd", "locality"))
def cp14(area: World, period: Period) -> Iterator[Case]:
    """Registrations."""
    for told, entry in _registrations(area, period):
        yield Case(told, entry["registered_on"])


def _months(entry: Event) -> int:
    months = 0
    while plus_months(entry["registered_on"], months + 1) <= entry["deregistered_on"]:
        months += 1
    return months


@answers_to("cp15@2", per="rows", bands="register", by=("age", "length", "reason", "locality"))
def cp15(area: World, period: Period) -> Iterator[Case]:
    """Names taken off."""
    for told, entry in _exits(area, period):
        months = _months(entry)
        length = next((name for limit, name in LENGTHS if months < limit), "24-months-or-more")
        by = {"length": (length,), "reason": (entry["reason"],)}
        yield Case(told, entry["deregistered_on"], by=by)


@answers_to("cp16@1", per="rows", bands="register", by=("age",))
def cp16(area: World, period: Period) -> Iterator[Case]:
    """Names taken off after under six months."""
    for told, entry in _exits(area, period):
        yield Case(told, entry["deregistered_on"], _months(entry) < 6)  # noqa: PLR2004


@answers_to("cp17@1", bands="register", by=("age", "locality"))
def cp17(area: World, period: Period) -> Iterator[Case]:
    """On the register for a year or more on the last day."""
    for told, entry in _on_register(area, period):
        yield Case(told, period.last, plus_months(entry["registered_on"], 12) <= period.last)


def _registered_again(months: int) -> None:
    code = {24: "cp18@1"}.get(months, f"cp18-{months}@1")

    @answers_to(code, bands="register", by=("age", "sex", "simd", "locality"))
    def cp18(area: World, period: Period) -> Iterator[Case]:
        for told, entry in _exits(area, period.back(months)):
            yield Case(told, entry["deregistered_on"], again(told, entry, months))


for _length in (3, 6, 12, 24):
    _registered_again(_length)


@answers_to("cp18-published@1", "year", "rows")
def cp18_published(area: World, period: Period) -> Iterator[Case]:
    """Registrations within 18 months of being taken off."""
    for told, entry in _registrations(area, period):
        on = entry["registered_on"]
        before = [
            one["deregistered_on"]
            for one in entries(told)
            if one.get("deregistered_on", NEVER) <= on
        ]
        yield Case(told, on, bool(before) and on <= plus_months(max(before), 18))


@answers_to("cp19@1", "year", "rows")
def cp19(area: World, period: Period) -> Iterator[Case]:
    """Registrations that are not the first."""
    for told, entry in _registrations(area, period):
        earlier = any(one["registered_on"] < entry["registered_on"] for one in entries(told))
        yield Case(told, entry["registered_on"], earlier or entry["sequence"] > 1)


@answers_to("cp22@1", "year", by=("locality",))
def cp22(area: World, period: Period) -> Iterator[Case]:
    """On the register with alcohol or drug use of parents among the concerns."""
    for told, entry in _on_register(area, period):
        if set(concerns(told, entry)) & set(SUBSTANCE):
            yield Case(told, period.last)


@answers_to("cp23@1", starts=APRIL)
def cp23(area: World, period: Period) -> Iterator[Case]:
    """Children with a child protection order."""
    for told in area.children:
        for order in told.of("protection-orders"):
            if period.holds(order["granted_on"]):
                yield Case(told, order["granted_on"])


@answers_to("cp24@1", by=("locality",))
def cp24(area: World, period: Period) -> Iterator[Case]:
    """Names taken off with another lead professional on the way."""
    for told, entry in _exits(area, period):
        on, off = entry["registered_on"], entry["deregistered_on"]
        turns = sorted(told.of("lead-professionals"), key=lambda turn: turn["started_on"])
        near = [t for t in turns if t["started_on"] < off and t.get("ended_on", NEVER) > on]
        taken_over = [
            after
            for before, after in itertools.pairwise(turns)
            if after["worker"] != before["worker"] and on < after["started_on"] < off
        ]
        yield Case(told, off, bool(taken_over), known=bool(near))


@answers_to("cp25@1", bands="register", by=("age", "sex", "simd", "concern"))
def cp25(area: World, period: Period) -> Iterator[Case]:
    """Names taken off of children who were better."""
    for told, entry in _exits(area, period):
        how = entry["wellbeing_at_exit"]
        by = {"concern": concerns(told, entry)}
        yield Case(told, entry["deregistered_on"], how == "better", how != "not-known", by=by)


@answers_to("cp26@1", "year", by=("simd", "locality"))
def cp26(area: World, period: Period) -> Iterator[Case]:
    """Taken off a year before, and neither registered again nor away from home since."""
    for told, entry in _exits(area, period.back(12)):
        if entry["reason"] in {"died", "moved-council"}:
            continue
        off = entry["deregistered_on"]
        away = away_from(told, off, plus_months(off, 12))
        yield Case(told, off, not again(told, entry, 12) and not away)


@answers_to("cp28@1", "year", "rows", bands="register", by=("age",))
def cp28(area: World, period: Period) -> Iterator[Case]:
    """Registrations from the most deprived fifth."""
    for told, entry in _registrations(area, period):
        yield Case(told, entry["registered_on"], told.quintile == 1)


@answers_to("cp29@1", per="median")
def cp29(area: World, period: Period) -> Iterator[Case]:
    """Days from asking for a joint interview to its end."""
    for told in area.children:
        for row in told.of("investigations"):
            done = row.get("interview_completed_on")
            if period.holds(done) and row["interview_type"] != "none":
                yield Case(told, done, value=(done - row["interview_requested_on"]).days)


@answers_to("cp30@1", "year", "rows")
def cp30(area: World, period: Period) -> Iterator[Case]:
    """Learning reviews notified."""
    for row in area.others.get("learning-reviews", ()):
        if period.holds(row["notified_on"]):
            yield Case(None, row["notified_on"])
