"""The indicators of child protection worked out a second time, in plain Python over raw rows.

Nothing here knows tables, views or shapes: rows are dictionaries, and each indicator is a function
that says of its rows whether they are in the base, counted or not known.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tests.outcomes.measures.protection_worlds import (
    AT_HOME,
    DAY,
    TYPES,
    Day,
    Row,
    World,
    months_on,
)


@dataclass
class Case:
    """One row of a base: whose it is, on what day, and how it counts."""

    child: str
    day: Day
    counted: bool = True
    unknown: bool = False
    concerns: set[str] | None = None
    value: float | None = None
    more: Mapping[str, str] = field(default_factory=dict)


Told = Iterator[Case]


def within(day: Day | None, start: Day | None, *, months: int = 0, days: int = 0) -> bool:
    """Whether a day is known and not after another and a length of time."""
    if day is None or start is None:
        return False
    return day <= (months_on(start, months) if months else start + days * DAY)


def spread(concerns: list[str] | None) -> set[str] | None:
    """The concerns, and substance use where one of its kinds is there."""
    if concerns is None:
        return None
    kinds = {"parental-alcohol-use", "parental-drug-use"}
    return set(concerns) | ({"parental-substance-use"} if kinds & set(concerns) else set())


def age(birth: Day | None, day: Day) -> int | None:
    """Whole years; None before birth."""
    if birth is None or birth > day:
        return None
    return day.year - birth.year - (1 if (day.month, day.day) < (birth.month, birth.day) else 0)


def birth_of(world: World, child: str) -> Day | None:
    birth: Day | None = world.of["children", child][0]["date_of_birth"]
    return birth


def recorded(world: World, entry: Row) -> list[str] | None:
    """The concerns of a registration; None where there are none."""
    return [
        row["concern"]
        for row in world.of["register-concerns", entry["child"]]
        if row["registered_on"] == entry["registered_on"]
    ] or None


def lasting(world: World) -> Iterator[Row]:
    yield from (e for e in world.rows["register-entries"] if e["temporary"] is not True)


def others(world: World, entry: Row) -> list[Row]:
    """The child's other entries that are not temporary."""
    return [
        e
        for e in world.of["register-entries", entry["child"]]
        if e["temporary"] is not True and e["registered_on"] != entry["registered_on"]
    ]


def next_on(world: World, entry: Row) -> Day | None:
    off = entry["deregistered_on"]
    days = [
        e["registered_on"]
        for e in others(world, entry)
        if off is not None
        and e["registered_on"] > entry["registered_on"]
        and e["registered_on"] >= off
    ]
    return min(days, default=None)


def off_between(world: World, first: Day, last: Day) -> Iterator[Row]:
    for entry in lasting(world):
        if entry["deregistered_on"] and first <= entry["deregistered_on"] <= last:
            yield entry


def on_between(world: World, first: Day, last: Day) -> Iterator[Row]:
    yield from (e for e in lasting(world) if first <= e["registered_on"] <= last)


def on_the_register(world: World, day: Day) -> Iterator[Row]:
    for entry in lasting(world):
        off = entry["deregistered_on"]
        if entry["registered_on"] <= day and (off is None or off > day):
            yield entry


def earlier(first: Day, last: Day, months: int) -> tuple[Day, Day]:
    return months_on(first, -months), months_on(last + DAY, -months) - DAY


def whole_months(first: Day, last: Day) -> int:
    return max(n for n in range(100) if months_on(first, n) <= last)


def cp01(world: World, first: Day, last: Day) -> Told:
    for ird in world.rows["irds"]:
        day = ird["started_at"].date()
        years = age(birth_of(world, ird["child"]), day)
        if first <= day <= last and (years is None or years <= 17):
            yield Case(ird["child"], day, concerns=spread(ird["concerns"]))


def cp05(world: World, first: Day, last: Day) -> Told:
    first, last = earlier(first, last, 1)
    for ird in world.rows["irds"]:
        day = ird["started_at"].date()
        held = [
            m["held_on"]
            for m in world.of["planning-meetings", ird["child"]]
            if m["meeting_type"] in {"initial", "pre-birth"} and m["held_on"] >= day
        ]
        if first <= day <= last:
            soon = within(min(held, default=None), day, days=28)
            yield Case(ird["child"], day, soon, concerns=spread(ird["concerns"]))


def cp06(world: World, first: Day, last: Day) -> Told:
    for one in world.rows["investigations"]:
        day = one["started_on"]
        if first <= day <= last:
            before = [
                ird
                for ird in world.of["irds", one["child"]]
                if day - 28 * DAY <= ird["started_at"].date() <= day
            ]
            latest = max(before, key=lambda i: (i["started_at"], i["ird"]), default=None)
            yield Case(one["child"], day, concerns=spread(latest["concerns"]) if latest else None)


def cp08(world: World, first: Day, last: Day) -> Told:
    for one in world.rows["planning-meetings"]:
        if one["meeting_type"] != "initial":
            continue
        concern, held = one["concern_on"], one["held_on"]
        new = concern is not None and concern >= Day(2021, 9, 2)
        due = concern + (28 if new else 21) * DAY if concern else held
        late = concern is not None and held > due
        if first <= due <= last and not (late and new and one["extension_agreed"]):
            in_time, told = not late and concern is not None, {"reason": "not-known"}
            yield Case(one["child"], due, in_time, concern is None, more=told)


def cp09(world: World, first: Day, last: Day) -> Told:
    for one in world.rows["planning-meetings"]:
        concern, held = one["concern_on"], one["held_on"]
        if one["meeting_type"] != "pre-birth":
            continue
        weeks = world.of["children", one["child"]][0]["expected_birth_date"] - 84 * DAY
        if concern is None:
            if first <= held <= last:
                yield Case(one["child"], held, counted=False, unknown=True)
            continue
        new = concern >= Day(2021, 9, 2)
        due = min(concern + 28 * DAY, weeks) if new else max(concern + 21 * DAY, weeks)
        if first <= due <= last and concern <= due:
            yield Case(one["child"], due, held <= due)


def cp10(world: World, first: Day, last: Day) -> Told:
    for one in world.rows["planning-meetings"]:
        if one["meeting_type"] in {"initial", "pre-birth"} and first <= one["held_on"] <= last:
            outcome = one["outcome"]
            told = {"meeting_type": one["meeting_type"]}
            yield Case(
                one["child"], one["held_on"], outcome == "registered", outcome is None, more=told
            )


def cp13(world: World, first: Day, last: Day) -> Told:
    for entry in on_the_register(world, last):
        yield Case(entry["child"], last, concerns=spread(recorded(world, entry)))


def cp15(world: World, first: Day, last: Day) -> Told:
    for entry in off_between(world, first, last):
        months = whole_months(entry["registered_on"], entry["deregistered_on"])
        bands = ["under-6-months", "6-to-11-months", "12-to-17-months", "18-to-23-months"]
        told = {
            "length": [*bands, "24-months-or-more"][min(months // 6, 4)],
            "reason": entry["reason"] or "not-known",
        }
        yield Case(entry["child"], entry["deregistered_on"], more=told)


def cp16(low: int, high: int) -> Callable[[World, Day, Day], Told]:
    def found(world: World, first: Day, last: Day) -> Told:
        for entry in off_between(world, first, last):
            months = whole_months(entry["registered_on"], entry["deregistered_on"])
            yield Case(entry["child"], entry["deregistered_on"], low <= months < high)

    return found


def cp17(world: World, first: Day, last: Day) -> Told:
    for entry in on_the_register(world, last):
        yield Case(entry["child"], last, months_on(entry["registered_on"], 12) <= last)


def cp18(months: int) -> Callable[[World, Day, Day], Told]:
    def found(world: World, first: Day, last: Day) -> Told:
        for entry in off_between(world, *earlier(first, last, months)):
            off = entry["deregistered_on"]
            again = within(next_on(world, entry), off, months=months)
            yield Case(entry["child"], off, again, concerns=spread(recorded(world, entry)))

    return found


def cp18_published(world: World, first: Day, last: Day) -> Told:
    for entry in on_between(world, first, last):
        start = entry["registered_on"]
        offs = [
            e["deregistered_on"]
            for e in others(world, entry)
            if e["registered_on"] < start and e["deregistered_on"] and e["deregistered_on"] <= start
        ]
        again = within(start, max(offs, default=None), months=18)
        yield Case(entry["child"], start, again, concerns=spread(recorded(world, entry)))


def cp19(world: World, first: Day, last: Day) -> Told:
    for entry in on_between(world, first, last):
        before = [e for e in others(world, entry) if e["registered_on"] < entry["registered_on"]]
        unknown = not before and entry["sequence"] is None
        again = bool(before) or (entry["sequence"] or 0) > 1
        yield Case(
            entry["child"], entry["registered_on"], again, unknown, spread(recorded(world, entry))
        )


def cp20(world: World, first: Day, last: Day) -> Told:
    for entry in on_the_register(world, last):
        concerns = spread(recorded(world, entry))
        yield Case(entry["child"], last, concerns is not None, concerns is None, concerns)


def cp22(world: World, first: Day, last: Day) -> Told:
    for entry in on_the_register(world, last):
        if "parental-substance-use" in (spread(recorded(world, entry)) or ()):
            yield Case(entry["child"], last)


def cp24(world: World, first: Day, last: Day) -> Told:
    for entry in off_between(world, first, last):
        on, off = entry["registered_on"], entry["deregistered_on"]
        turns = sorted(
            world.of["lead-professionals", entry["child"]],
            key=lambda t: (t["started_on"], t["worker"]),
        )
        during, changes = 0, 0
        for before, turn in zip([None, *turns], turns, strict=False):
            if turn["started_on"] < off and (turn["ended_on"] is None or turn["ended_on"] > on):
                during += 1
                taken_over = before is not None and before["worker"] != turn["worker"]
                changes += taken_over and turn["started_on"] > on
        yield Case(entry["child"], off, changes >= 1, during == 0)


def cp25(world: World, first: Day, last: Day) -> Told:
    for entry in off_between(world, first, last):
        told = entry["wellbeing_at_exit"]
        unknown, concerns = told in {None, "not-known"}, spread(recorded(world, entry))
        yield Case(entry["child"], entry["deregistered_on"], told == "better", unknown, concerns)


def cp26(world: World, first: Day, last: Day) -> Told:
    for entry in off_between(world, *earlier(first, last, 12)):
        off = entry["deregistered_on"]
        if entry["reason"] in {"died", "moved-council"}:
            continue
        again = within(next_on(world, entry), off, months=12)
        away = False
        for stay in world.of["placements", entry["child"]]:
            episode = next(
                e
                for e in world.of["care-episodes", entry["child"]]
                if e["episode"] == stay["episode"]
            )
            if episode["short_breaks"] is True or TYPES[stay["placement_type"]] == AT_HOME:
                continue
            until = stay["ended_on"] or episode["ended_on"]
            still = until is None or until > off
            away = away or (still and within(max(stay["started_on"], off), off, months=12))
        concerns = spread(recorded(world, entry))
        yield Case(entry["child"], off, not again and not away, concerns=concerns)


def cp28(world: World, first: Day, last: Day) -> Told:
    fifths = {zone: fifth for zone, fifth, _ in world.places}
    for entry in on_between(world, first, last):
        zone = world.of["children", entry["child"]][0]["home_zone"]
        fifth = fifths.get(zone, "")
        yield Case(entry["child"], entry["registered_on"], fifth == "1", not fifth)


def cp29(world: World, first: Day, last: Day) -> Told:
    for one in world.rows["investigations"]:
        done, asked = one["interview_completed_on"], one["interview_requested_on"]
        if one["interview_type"] in {"jii", "scim"} and done and first <= done <= last:
            days = float((done - asked).days) if asked else None
            told = {"model": one["interview_type"]}
            yield Case(one["child"], done, asked is not None, asked is None, value=days, more=told)


QUARTERLY = {
    "cp01": cp01, "cp05": cp05, "cp08": cp08, "cp09": cp09, "cp10": cp10, "cp13": cp13,
    "cp15": cp15, "cp16": cp16(0, 6), "cp16-6-to-11": cp16(6, 12), "cp16-12-to-17": cp16(12, 18),
    "cp16-18-to-23": cp16(18, 24), "cp16-24-or-more": cp16(24, 1000), "cp17": cp17,
    "cp18-3": cp18(3), "cp18-6": cp18(6), "cp18-12": cp18(12), "cp18": cp18(24), "cp20": cp20,
    "cp24": cp24, "cp25": cp25, "cp29": cp29,
}  # fmt: skip
YEARLY = {
    "cp06": cp06, "cp18-published": cp18_published, "cp19": cp19, "cp22": cp22, "cp26": cp26,
    "cp28": cp28,
}  # fmt: skip
BY_ROWS = {
    "cp06", "cp08", "cp09", "cp10", "cp15", "cp16", "cp16-6-to-11", "cp16-12-to-17",
    "cp16-18-to-23", "cp16-24-or-more", "cp18-published", "cp19", "cp28", "cp29",
}  # fmt: skip
