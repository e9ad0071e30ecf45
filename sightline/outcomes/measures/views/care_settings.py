"""Where a child lived: what the views of leaving care, health, voice and school share.

Not a view itself. A planned series of short breaks is not being looked after (it is reported
apart), and a placement counts from the day it began until the day before it ended.
"""

import datetime as dt
from typing import Final

import ibis
import ibis.expr.types as ir

from sightline.children.definitions import group_of
from sightline.outcomes.measures.dates import plus_days
from sightline.outcomes.measures.views import Tables

FAR: Final = dt.date(9999, 12, 31)
"""Stands for an end that has not come; never in a result."""


def setting_of(placement_type: ir.StringValue) -> ir.StringValue:
    """The group of a placement type: home, kinship, foster, other-community, residential."""
    branches = [(placement_type == code, group) for code, group in _placement_groups()]
    return ibis.cases(*branches, else_=ibis.null("string"))


def _placement_groups() -> tuple[tuple[str, str], ...]:
    return tuple(group_of("placement-types").items())


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


def episodes(tables: Tables) -> ir.Table:
    """One row is one episode of being looked after; short breaks are left out.

    `previous_ended_on`, `next_started_on`: of the same child, null where there is none.
    """
    rows = tables["care-episodes"]
    rows = rows.filter(~rows.short_breaks.fill_null(False))
    order = ibis.window(group_by="child", order_by=["started_on", "episode"])
    return rows.mutate(
        previous_ended_on=rows.ended_on.lag().over(order),
        next_started_on=rows.started_on.lead().over(order),
    )


def placements(tables: Tables) -> ir.Table:
    """One row is one placement of an episode that is no short break.

    `from_on` and `until_on` are its days, an open one ending with its episode; `setting`: its group.
    """
    rows = tables["placements"]
    spells = episodes(tables).select(spell="episode", spell_ended_on="ended_on")
    joined = rows.join(spells, rows.episode == spells.spell)
    return joined.select(
        "placement",
        "episode",
        "child",
        "placement_type",
        from_on=joined.started_on,
        until_on=joined.ended_on.fill_null(joined.spell_ended_on),
        setting=setting_of(joined.placement_type),
    )


def leavers(tables: Tables) -> ir.Table:
    """One row is one episode that ended, with the last placement before it did."""
    ended = episodes(tables)
    ended = ended.filter(ended.ended_on.notnull())
    stays = placements(tables)
    last = first_of(
        stays, "episode", by=[ibis.desc(stays.from_on), ibis.desc(stays.placement)]
    ).select("episode", "placement_type", by_placement="setting")
    return beside(ended, last, "episode")


def with_last_left(rows: ir.Table, tables: Tables, *keys: str, on: str) -> ir.Table:
    """The rows with the child's latest leaving of care on the day `on` or before.

    `ceased_on`, and `by_placement`: the setting the child left; both null where none is known.
    """
    left = leavers(tables).select(
        left_child="child", ceased_on="ended_on", left_episode="episode", by_placement="by_placement"
    )
    wanted = rows.select(*dict.fromkeys([*keys, "child", on]))
    found = wanted.join(left, [wanted.child == left.left_child, left.ceased_on <= wanted[on]])
    latest = first_of(
        found, *keys, by=[ibis.desc(found.ceased_on), ibis.desc(found.left_episode)]
    ).select(*keys, "ceased_on", "by_placement")
    return beside(rows, latest, *keys)


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
    latest = first_of(found, *keys, by=[ibis.desc(found.from_on), ibis.desc(found.stay)])
    return beside(rows, latest.select(*keys, "by_placement"), *keys)


def end_of_month(day: ir.DateValue) -> ir.DateValue:
    """The last day of the month a day is in."""
    return plus_days((day.truncate("M") + ibis.interval(days=31)).date().truncate("M").date(), -1)


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
    before = first.select("child", state_on=ibis.date("0001-01-01"), state_until="state_on", **nothing)
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
