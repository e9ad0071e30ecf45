"""Answers about health, voice and workers, from the events of each child."""

import datetime as dt
from collections.abc import Iterator

from sightline.outcomes.generating.answers.care_told import looked_after, placed, setting, spells
from sightline.outcomes.generating.answers.frame import (
    APRIL,
    DAY,
    NEVER,
    Case,
    Period,
    World,
    answers_to,
    plus_months,
)

HEARD = {
    "attended": "yes",
    "represented": "yes",
    "advocate": "yes",
    "written": "yes",
    "not-obtained": "no",
}


@answers_to("he02@1", per="rows", bands="looked-after", by=("age",))
def he02(area: World, period: Period) -> Iterator[Case]:
    """The board was told within a week, of those who became looked after."""
    for told in area.children:
        mine = spells(told)
        for place, spell in enumerate(mine):
            if not period.holds(spell.started):
                continue
            since = mine[place - 1].ended if place else dt.date.min
            until = mine[place + 1].started if place + 1 < len(mine) else NEVER
            days = [
                r["notified_on"]
                for r in told.of("health-assessments")
                if since <= r["notified_on"] < until
            ]
            yield Case(told, spell.started, bool(days) and min(days) <= spell.started + 7 * DAY)


@answers_to("he03@1", bands="looked-after", by=("placement", "age", "simd"))
def he03(area: World, period: Period) -> Iterator[Case]:
    """Assessed in the last twelve months, of those looked after."""
    for told in area.children:
        if looked_after(told, period.last) is None:
            continue
        where = placed(told, period.last)
        done = [
            row["completed_on"]
            for row in told.of("health-assessments")
            if row.get("completed_on", NEVER) <= period.last
        ]
        yes = bool(done) and plus_months(max(done), 12) >= period.last
        by = {"placement": (setting(where),)} if where else {}
        yield Case(told, period.last, yes, by=by)


@answers_to("he04@1", per="rows")
def he04(area: World, period: Period) -> Iterator[Case]:
    """Declined or not brought, of those offered."""
    for told in area.children:
        for row in told.of("health-assessments"):
            if period.holds(row.get("offered_on")):
                result = row["result"]
                yield Case(
                    told,
                    row["offered_on"],
                    result in {"declined", "not-brought"},
                    result != "waiting",
                )


@answers_to("he05@1", "year")
def he05(area: World, period: Period) -> Iterator[Case]:
    """Practice, dentist and immunisations all in place at the latest request."""
    for told in area.children:
        if looked_after(told, period.last) is None:
            continue
        noted = [r for r in told.of("health-assessments") if r["notified_on"] <= period.last]
        last = max(noted, key=lambda row: row["notified_on"]) if noted else None
        yes = last is not None and all(
            last[c] for c in ("gp_registered", "dentist_registered", "immunised")
        )
        yield Case(told, period.last, yes, last is not None)


@answers_to("he15@1", per="rows")
def he15(area: World, period: Period) -> Iterator[Case]:
    """Medicals within two days of being asked for."""
    for told in area.children:
        for row in told.of("investigations"):
            asked = row.get("medical_requested_on")
            if period.holds(asked) and row["medical_type"] != "none":
                yield Case(told, asked, row.get("medical_completed_on", NEVER) <= asked + 2 * DAY)


@answers_to("vp01@1", per="rows", bands="register", by=("stage", "sex"))
def vp01(area: World, period: Period) -> Iterator[Case]:
    """Views recorded at a discussion, an investigation or a meeting."""
    for told in area.children:
        said = [
            (i["started_at"].date(), i["child_views_sought"], "discussion") for i in told.of("irds")
        ]
        said += [
            (i["started_on"], i["child_views_recorded"], "investigation")
            for i in told.of("investigations")
        ]
        said += [
            (m["held_on"], HEARD.get(m["child_views"], "na"), "meeting")
            for m in told.of("planning-meetings")
        ]
        for day, how, stage in said:
            if period.holds(day) and how != "na" and told.age(day) is not None:
                yield Case(told, day, how == "yes", by={"stage": (stage,)})


@answers_to("vp02@1", per="rows", by=("meeting",))
def vp02(area: World, period: Period) -> Iterator[Case]:
    """Came or was spoken for, of those of twelve or more."""
    for told in area.children:
        for row in told.of("planning-meetings"):
            age = told.age(row["held_on"])
            if period.holds(row["held_on"]) and age is not None and age >= 12:  # noqa: PLR2004
                views = row["child_views"] in {"attended", "represented", "advocate"}
                by = {"meeting": (row["meeting_type"],)}
                yield Case(told, row["held_on"], views or "child" in row["attended"], by=by)


@answers_to("vp05@1", per="rows", by=("group",))
def vp05(area: World, period: Period) -> Iterator[Case]:
    """Offered advocacy, of those entitled."""
    for told in area.children:
        for row in told.of("advocacy"):
            if period.holds(row["eligible_on"]):
                by = {"group": (row["group"],)}
                yield Case(told, row["eligible_on"], "offered_on" in row, by=by)


@answers_to("vp05-contacted@1", per="rows")
def vp05_contacted(area: World, period: Period) -> Iterator[Case]:
    """Met the advocate within a fortnight, of those who accepted."""
    for told in area.children:
        for row in told.of("advocacy"):
            if period.holds(row["eligible_on"]) and row.get("accepted"):
                soon = row.get("first_contact_on", NEVER) <= row["offered_on"] + 14 * DAY
                yield Case(told, row["eligible_on"], soon)


@answers_to("vp07@1", starts=APRIL)
def vp07(area: World, period: Period) -> Iterator[Case]:
    """With an advocate or a lawyer, of those with a hearing."""
    for told in area.children:
        for row in told.of("hearings"):
            if period.holds(row["held_on"]):
                yield Case(told, row["held_on"], row["advocate"] or row["lawyer"])


@answers_to("vp06@1", per="rows", starts=APRIL)
def vp06(area: World, period: Period) -> Iterator[Case]:
    """Came to their hearing."""
    for told in area.children:
        for row in told.of("hearings"):
            if period.holds(row["held_on"]):
                yield Case(told, row["held_on"], row["child_attended"])


@answers_to("vp17@1", per="rows", by=("group",))
def vp17(area: World, period: Period) -> Iterator[Case]:
    """Answered within three months, of issues raised a quarter before."""
    for row in area.others.get("voice-issues", ()):
        if period.back(3).holds(row["raised_on"]):
            yes = row.get("answered_on", NEVER) <= plus_months(row["raised_on"], 3)
            yield Case(None, row["raised_on"], yes, by={"group": (row["group"],)})


@answers_to("wf02@1")
def wf02(area: World, period: Period) -> Iterator[Case]:
    """Another worker in the last twelve months, of those with one on the last day."""
    day = period.last
    for told in area.children:
        turns = told.of("lead-professionals")
        for turn in turns:
            if not turn["started_on"] <= day < turn.get("ended_on", NEVER):
                continue
            others = [
                one.get("ended_on", NEVER)
                for one in turns
                if one["worker"] != turn["worker"] and one["started_on"] <= turn["started_on"]
            ]
            latest = max(others, default=None)
            recent = latest is not None and (latest is NEVER or plus_months(latest, 12) >= day)
            yield Case(told, day, recent)
