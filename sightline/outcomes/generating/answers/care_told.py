"""Being looked after as the events tell it: spells, and where a child was on a day."""

import datetime as dt
from dataclasses import dataclass

from sightline.children.definitions import group_of
from sightline.outcomes.generating.answers.frame import DAY, NEVER, Told
from sightline.outcomes.generating.lives import Event


@dataclass(frozen=True)
class Spell:
    """An unbroken time of being looked after; `ended` is `NEVER` while it lasts."""

    started: dt.date
    ended: dt.date
    last: Event
    episodes: frozenset[str]


def spells(told: Told) -> list[Spell]:
    """Spells in order: short breaks are none, and episodes that touch are one."""
    found: list[Spell] = []
    episodes = [row for row in told.of("care-episodes") if not row["short_breaks"]]
    for row in sorted(episodes, key=lambda row: row["started_on"]):
        ended = row.get("ended_on", NEVER)
        key = row["episode"]
        if found and found[-1].ended is not NEVER and row["started_on"] <= found[-1].ended + DAY:
            before = found.pop()
            found.append(Spell(before.started, ended, row, before.episodes | {key}))
        else:
            found.append(Spell(row["started_on"], ended, row, frozenset({key})))
    return found


def placements(told: Told, spell: Spell) -> list[Event]:
    """Placements of a spell in order."""
    found = [row for row in told.of("placements") if row["episode"] in spell.episodes]
    return sorted(found, key=lambda row: (row["started_on"], row["placement"]))


def setting(placement: Event) -> str:
    """Home, kinship, foster, other-community or residential."""
    return group_of("placement-types")[placement["placement_type"]]


def looked_after(told: Told, day: dt.date) -> Spell | None:
    """The spell a day lies in; the day one ended does not."""
    return next((spell for spell in spells(told) if spell.started <= day < spell.ended), None)


def placed(told: Told, day: dt.date) -> Event | None:
    """The placement of a looked after child on a day."""
    spell = looked_after(told, day)
    if spell is None:
        return None
    there = [
        row
        for row in placements(told, spell)
        if row["started_on"] <= day < row.get("ended_on", spell.ended)
    ]
    return there[-1] if there else None


def away_from(told: Told, first: dt.date, last: dt.date) -> bool:
    """Whether a child was looked after away from home on some day from the first to the last."""
    return any(
        setting(row) != "home"
        and row["started_on"] <= last
        and row.get("ended_on", spell.ended) > first
        for spell in spells(told)
        for row in placements(told, spell)
    )


def last_setting(told: Told, spell: Spell) -> str:
    """The setting of the last placement of a spell."""
    return setting(placements(told, spell)[-1])
