"""When a child was looked after, and where: what all views of looked after children are made from.

Not a view itself. A planned series of short breaks is not being looked after (it is reported
apart); episodes that touch are one spell; a placement counts from the day it began until the day
before it ended, and for one day more where the next begins then. Method M-18 says why.
"""

import datetime as dt
from typing import Final

import ibis
import ibis.expr.types as ir

from sightline.outcomes.measures.dates import plus_days
from sightline.outcomes.measures.places import Tables, grouped
from sightline.outcomes.measures.shared import shared

JOINED_DAYS: Final = 1
"""An episode or placement that begins this many days after the last one ended goes on from it."""
IN_ORDER: Final = ("started_on", "ends_on", "placement")
"""How the placements of a spell follow each other."""
_OF_LAST_EPISODE: Final = (
    "destination", "current_care_plan", "pathway_plan_at_end", "pathway_coordinator_at_end", "row",
    "extract",
)  # fmt: skip
FAR: Final = dt.date(9000, 1, 1)
"""Stands for an end that has not come; months can still be added to it on every engine."""


def home_or_away(setting: ir.StringValue) -> ir.StringValue:
    """`home` with parents, `away` anywhere else; null where nobody knows."""
    return ibis.cases((setting == "home", "home"), (setting.notnull(), "away"))


def beside(rows: ir.Table, added: ir.Table, *keys: str) -> ir.Table:
    """The rows with the columns of `added`, which has at most one row a key; keys appear once."""
    renamed = added.rename({f"{key}_beside": key for key in keys})
    joined = rows.left_join(renamed, [rows[key] == renamed[f"{key}_beside"] for key in keys])
    return joined.drop(*[f"{key}_beside" for key in keys])


def first_of(rows: ir.Table, *keys: str, by: list[ir.Value]) -> ir.Table:
    """The first row of each key, in the order `by`."""
    place = ibis.row_number().over(ibis.window(group_by=list(keys), order_by=by))
    numbered = rows.mutate(place_in_key=place)
    return numbered.filter(numbered.place_in_key == 0).drop("place_in_key")


@shared
def _episodes(tables: Tables) -> ir.Table:
    """Episodes that are no short breaks, each with the number and the days of the child's spell it
    is part of. `ends_on` and `spell_until` are never null."""
    rows = tables["care-episodes"]
    rows = rows.filter(
        ~rows.short_breaks.fill_null(False), rows.child.notnull(), rows.started_on.notnull()
    )
    rows = rows.mutate(ends_on=rows.ended_on.fill_null(FAR))
    order = ["started_on", "ends_on", "episode"]
    before = ibis.window(group_by="child", order_by=order, preceding=(None, 1))
    rows = rows.mutate(reached=rows.ends_on.max().over(before))
    fresh = rows.reached.isnull() | (rows.started_on > plus_days(rows.reached, JOINED_DAYS))
    rows = rows.mutate(fresh=fresh.cast("int64"))
    until_here = ibis.window(group_by="child", order_by=order, preceding=(None, 0))
    rows = rows.mutate(spell=rows.fresh.sum().over(until_here))
    whole = ibis.window(group_by=["child", "spell"])
    return rows.select(
        "episode", "child", "spell", "started_on", "ends_on", *_OF_LAST_EPISODE,
        spell_from=rows.started_on.min().over(whole), spell_until=rows.ends_on.max().over(whole),
    )  # fmt: skip


@shared
def spells(tables: Tables) -> ir.Table:
    """One row is one unbroken time of being looked after.

    `previous_ended_on`, `next_started_on`: of the child's other spells, null where there is none.
    `ended_on` is null while it lasts; what else is said is said of its last episode.
    """
    rows = _episodes(tables)
    last = first_of(
        rows, "child", "spell",
        by=[ibis.desc(rows.ends_on), ibis.desc(rows.started_on), ibis.desc(rows.episode)],
    )  # fmt: skip
    order = ibis.window(group_by="child", order_by="spell_from")
    last = last.mutate(ended_on=last.spell_until.nullif(FAR))
    return last.select(
        "child", "spell", "ended_on", *_OF_LAST_EPISODE,
        started_on=last.spell_from,
        previous_ended_on=last.ended_on.lag().over(order),
        next_started_on=last.spell_from.lead().over(order),
    )  # fmt: skip


def with_spell(rows: ir.Table, tables: Tables) -> ir.Table:
    """Rows that name an episode and a child, with the spell they lie in and its days.

    Rows that lie in none are left out. `spell_until` is never null.
    """
    episodes = _episodes(tables).select(
        "spell", "spell_from", "spell_until", in_episode="episode", of_child="child"
    )
    return rows.join(
        episodes, [rows.episode == episodes.in_episode, rows.child == episodes.of_child]
    ).drop("in_episode", "of_child")


@shared
def recorded_placements(tables: Tables) -> ir.Table:
    """One row is one placement of a spell as recorded, with the days of the one after it.

    `ends_on` is as recorded, or the end of the spell. `until` is when the child was no longer
    there: where the next placement begins before the end or within a day of it, its start. Neither
    is null, and `until` is never before `started_on`. `number` counts from 0 in the spell.
    """
    rows = tables["placements"].select(
        "placement", "episode", "child", "started_on", "ended_on", "placement_type"
    )
    rows = with_spell(rows.filter(rows.started_on.notnull()), tables)
    rows = rows.mutate(ends_on=ibis.least(rows.ended_on.fill_null(FAR), rows.spell_until))
    order = ibis.window(group_by=["child", "spell"], order_by=IN_ORDER)
    rows = rows.mutate(
        next_on=rows.started_on.lead().over(order).fill_null(rows.spell_until),
        number=ibis.row_number().over(order),
    )
    joined = rows.next_on <= plus_days(rows.ends_on, JOINED_DAYS)
    until = ibis.ifelse(joined, rows.next_on, rows.ends_on)
    return rows.drop("episode", "ended_on").mutate(
        until=ibis.greatest(until, rows.started_on),
        by_placement=grouped(rows.placement_type, "placement-types"),
    )


def placements(tables: Tables) -> ir.Table:
    """One row is one placement in a spell, of those that have a day.

    `from_on` and `until_on` are its days, cut where the next one begins or the spell ends, so that
    on any day a child is in one at most; `until_on` is null while it is open. `setting`: its group.
    """
    rows = recorded_placements(tables)
    rows = rows.filter(rows.until > rows.started_on)
    return rows.select(
        "placement", "child", "spell", "placement_type",
        from_on=rows.started_on, until_on=rows.until.nullif(FAR), setting=rows.by_placement,
    )  # fmt: skip


@shared
def leavers(tables: Tables) -> ir.Table:
    """One row is one spell that ended, with the last placement before it did."""
    ended = spells(tables)
    ended = ended.filter(ended.ended_on.notnull())
    stays = placements(tables)
    last = first_of(stays, "child", "spell", by=_latest(stays.from_on, stays.placement))
    last = last.select("child", "spell", "placement_type", by_placement="setting")
    return beside(ended, last, "child", "spell")


def _latest(*columns: ir.Value) -> list[ir.Value]:
    return [ibis.desc(column) for column in columns]


def with_last_left(rows: ir.Table, tables: Tables, *keys: str, on: str) -> ir.Table:
    """The rows with the child's latest leaving of care on the day `on` or before.

    `ceased_on`, and `by_placement`: the setting the child left; both null where none is known.
    """
    left = leavers(tables).select(
        left_child="child", ceased_on="ended_on", by_placement="by_placement"
    )
    wanted = rows.select(*dict.fromkeys([*keys, "child", on]))
    found = wanted.join(left, [wanted.child == left.left_child, left.ceased_on <= wanted[on]])
    latest = first_of(found, *keys, by=_latest(found.ceased_on))
    return beside(rows, latest.select(*keys, "ceased_on", "by_placement"), *keys)


def with_setting(rows: ir.Table, tables: Tables, *keys: str, on: str) -> ir.Table:
    """The rows with `by_placement`: where the child was looked after on the day; else null."""
    stays = placements(tables).select(
        stay_child="child", stay="placement", from_on="from_on", until_on="until_on",
        by_placement="setting",
    )  # fmt: skip
    wanted = rows.select(*dict.fromkeys([*keys, "child", on]))
    found = wanted.join(
        stays,
        [
            wanted.child == stays.stay_child,
            stays.from_on <= wanted[on],
            stays.until_on.fill_null(FAR) > wanted[on],
        ],
    )
    latest = first_of(found, *keys, by=_latest(found.from_on, found.stay))
    return beside(rows, latest.select(*keys, "by_placement"), *keys)


def crossed(stays: ir.Table, states: ir.Table) -> ir.Table:
    """Stretches cut where a state of the child changes.

    Args:
        stays: `child`, `from_on`, `until_on` (null: open) and others.
        states: `child`, `state_on`, and others: how things stand from that day until the next row
            of the child. Before the first, the others are null.

    Returns:
        The rows of `stays`, each day of them in one row, with the others.
    """
    values = [name for name in states.columns if name not in {"child", "state_on"}]
    order = ibis.window(group_by="child", order_by="state_on")
    ends = states.mutate(state_until=states.state_on.lead().over(order))
    first = first_of(ends, "child", by=[ends.state_on])
    nothing = {name: ibis.null(states[name].type()) for name in values}
    before = first.select(
        "child", state_on=ibis.date("0001-01-01"), state_until="state_on", **nothing
    )
    spans = before.union(ends.select("child", "state_on", "state_until", *values)).rename(
        state_child="child"
    )
    until, state_until = stays.until_on.fill_null(FAR), spans.state_until.fill_null(FAR)
    joined = stays.left_join(
        spans,
        [
            stays.child == spans.state_child,
            spans.state_on < until,
            state_until > stays.from_on,
        ],
    )
    later = joined.state_on.notnull() & (joined.state_on > joined.from_on)
    sooner = joined.state_until.fill_null(FAR) < joined.until_on.fill_null(FAR)
    return joined.mutate(
        from_on=ibis.ifelse(later, joined.state_on, joined.from_on),
        until_on=ibis.ifelse(sooner, joined.state_until, joined.until_on),
    ).drop("state_child", "state_on", "state_until")
