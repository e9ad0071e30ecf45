"""Views of looked after children: episodes, where a child is placed on a day, permanence, missing.

Three things are put right once, here, for every figure. Short breaks are left out. Episodes that
touch are one spell, and so are placements in one household, however many rows a system writes. On
any day a child of a spell is in one place or in none that is known. Method M-18 says why.

A day a spell, placement or order ends is the first day it does not cover. `until_on` is null while
it is open. What a definition should own (12 months, 26 weeks, ages) stays in the definition.
"""

import ibis
import ibis.expr.types as ir

from sightline.children.definitions import group_of
from sightline.outcomes.measures.dates import age_on, days_between, plus_days, plus_months
from sightline.outcomes.measures.places import with_child
from sightline.outcomes.measures.views import Tables, view

JOINED_DAYS = 1
"""An episode or placement that begins this many days after the last one ended goes on from it."""
REPEAT_DAYS = 30
"""Missing again this soon is a repeat."""
WEEKS_TO_DIRECTION = 26
"""From being accommodated to a direction for permanence; the day is that of the view."""
LONGEST_YEARS = 26
"""An open spell is looked at for this many years from its start."""
NEAR_KM, FAR_KM = 16, 32
"""About 10 and 20 miles."""
FAR = ibis.date("9999-12-31")
"""Stands for an open end while dates are compared; never leaves this module."""

_CARE = ("care-episodes", "children")
_PLACED = ("care-episodes", "placements", "children")
_EXTERNAL = ("purchased", "voluntary", "independent")


def _open(date: ir.DateValue) -> ir.DateValue:
    """A date as a view gives it: null where it is open."""
    return date.nullif(FAR)


def _group(column: ir.StringValue) -> ir.StringValue:
    """The placement group of a placement type."""
    return column.substitute(dict(group_of("placement-types")))


def _beside(rows: ir.Table, more: ir.Table, *keys: str) -> ir.Table:
    """Rows with the columns of another table that has at most one row a key."""
    renamed = more.rename({f"{key}_beside": key for key in keys})
    joined = rows.left_join(renamed, [rows[key] == renamed[f"{key}_beside"] for key in keys])
    return joined.drop(*(f"{key}_beside" for key in keys))


# ── Spells ──


def _episodes(tables: Tables) -> ir.Table:
    """Episodes without short breaks, each with the number of the spell it is part of."""
    rows = tables["care-episodes"]
    rows = rows.filter(
        ~rows.short_breaks.fill_null(False), rows.child.notnull(), rows.started_on.notnull()
    ).mutate(ends_on=rows.ended_on.fill_null(FAR))
    ordered = ["started_on", "ends_on", "episode"]
    before = ibis.window(group_by="child", order_by=ordered, preceding=(None, 1))
    rows = rows.mutate(reached=rows.ends_on.max().over(before))
    fresh = rows.reached.isnull() | (rows.started_on > plus_days(rows.reached, JOINED_DAYS))
    rows = rows.mutate(fresh=fresh.cast("int64"))
    until_here = ibis.window(group_by="child", order_by=ordered, preceding=(None, 0))
    return rows.mutate(spell=rows.fresh.sum().over(until_here))


def _spells(tables: Tables) -> ir.Table:
    """One row a spell: its days, and what its last episode says; `spell_until` is never null."""
    rows = _episodes(tables)
    whole = ibis.window(group_by=["child", "spell"])
    last = ibis.window(
        group_by=["child", "spell"],
        order_by=[rows.ends_on.desc(), rows.started_on.desc(), rows.episode.desc()],
    )
    rows = rows.mutate(
        spell_from=rows.started_on.min().over(whole),
        spell_until=rows.ends_on.max().over(whole),
        from_last=ibis.row_number().over(last),
    )
    return rows.filter(rows.from_last == 0).select(
        "child", "spell", "spell_from", "spell_until", "episode", "current_care_plan",
        "destination", "row", "extract",
    )  # fmt: skip


def _months_to(end: ir.DateValue, later: ir.DateValue) -> ir.IntegerValue:
    """The smallest number of months after which `later` has come, so that "within n" is at most n."""
    months = (later.year() - end.year()) * 12 + (later.month() - end.month())
    return months + (later > plus_months(end, months)).cast("int64")


@view(
    "care_spells",
    needs=_CARE,
    title="Time looked after",
    start="started_on",
    end="ended_on",
)
def care_spells(tables: Tables) -> ir.Table:
    """One row is one unbroken time of one child of being looked after, short breaks left out.

    `next_started_on` is the start of the child's next spell and `months_to_next` the smallest number
    of months within which it came; both null if there is none. `destination` and
    `current_care_plan` are those of the last episode.
    """
    rows = _spells(tables)
    order = ibis.window(group_by="child", order_by="spell_from")
    rows = rows.mutate(
        started_on=rows.spell_from,
        ended_on=_open(rows.spell_until),
        next_started_on=rows.spell_from.lead().over(order),
        by_destination=rows.destination.fill_null("not-known"),
    )
    rows = rows.mutate(months_to_next=_months_to(rows.ended_on, rows.next_started_on))
    return with_child(rows.drop("spell_from", "spell_until"), tables, on="started_on")


# ── Placements ──


def _placements(tables: Tables) -> ir.Table:
    """Placements of spells, one row each, with the days of the spell and of the row after it.

    `ends_on` is as recorded, or the end of the spell. `until` is when the child was no longer
    there: where the next placement begins before the end or within a day of it, its start.
    """
    rows = tables["placements"]
    rows = rows.filter(rows.started_on.notnull())
    episodes = _episodes(tables).select(
        in_episode="episode", of_child="child", spell="spell", care_plan="current_care_plan"
    )
    rows = rows.join(
        episodes, [rows.episode == episodes.in_episode, rows.child == episodes.of_child]
    ).drop("in_episode", "of_child", "care_plan")
    spells = _spells(tables).select(
        "child", "spell", "spell_from", "spell_until", "current_care_plan"
    )
    rows = _beside(rows, spells, "child", "spell")
    rows = rows.mutate(ends_on=ibis.least(rows.ended_on.fill_null(FAR), rows.spell_until))
    order = ibis.window(
        group_by=["child", "spell"], order_by=["started_on", "ends_on", "placement"]
    )
    rows = rows.mutate(
        next_on=rows.started_on.lead().over(order).fill_null(rows.spell_until),
        by_placement=_group(rows.placement_type),
    )
    joined = rows.next_on <= plus_days(ibis.least(rows.ends_on, FAR - DAY), JOINED_DAYS)
    rows = rows.mutate(until=ibis.ifelse(joined, rows.next_on, rows.ends_on))
    return rows.mutate(
        until=ibis.greatest(rows.until, rows.started_on),
        by_provider=ibis.cases(
            (rows.provider.isin(_EXTERNAL), "external"),
            (rows.provider.notnull(), "in-house"),
            (rows.placement_type == "residential-council", "in-house"),
            (rows.placement_type == "residential-voluntary", "external"),
            else_=None,
        ),
    )
