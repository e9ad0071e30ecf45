"""Views of looked after children: episodes, where a child is placed on a day, permanence, missing.

Three things are put right once, here, for every figure. Short breaks are left out. Episodes that
touch are one spell, and so are placements in one household, however many rows a system writes. On
any day a child of a spell is in one place or in none that is known. Method M-18 says why.

A day a spell, placement or order ends is the first day it does not cover. `until_on` is null while
it is open. What a definition should own (12 months, 26 weeks, ages) stays in the definition.
"""

import ibis
import ibis.expr.types as ir

from sightline.outcomes.measures.dates import age_on, days_between, plus_days
from sightline.outcomes.measures.places import Tables, grouped, with_child
from sightline.outcomes.measures.shared import shared
from sightline.outcomes.measures.views import view
from sightline.outcomes.measures.views.care_settings import (
    FAR,
    IN_ORDER,
    beside,
    recorded_placements,
    spells,
    with_spell,
)

REPEAT_DAYS = 30
"""Missing again this soon is a repeat."""
WEEKS_TO_DIRECTION = 26
"""From being accommodated to a direction for permanence; the day is that of the view."""
AUGUST = 8
LONGEST_YEARS = 26
"""An open spell is looked at for this many years from its start."""
NEAR_KM, FAR_KM = 16, 32
"""About 10 and 20 miles."""
_NOT_KNOWN = ""
"""Stands for a group that is not known while the last one is looked for."""
BEFORE, DURING, AFTER = "before", "during", "after"

_CARE = ("care-episodes", "children")
_PLACED = ("care-episodes", "placements", "children")
_EXTERNAL = ("purchased", "voluntary", "independent")


def _open(date: ir.DateValue) -> ir.DateValue:
    """A date as a view gives it: null where it is open."""
    return date.nullif(FAR)


# ── Spells ──


def _spells(tables: Tables) -> ir.Table:
    """One row a spell: its days, never null, and what its last episode says."""
    rows = spells(tables)
    return rows.select(
        "child", "spell", "current_care_plan", "destination", "next_started_on", "row", "extract",
        spell_from=rows.started_on, spell_until=rows.ended_on.fill_null(FAR),
    )  # fmt: skip


@view(
    "care_spells",
    needs=_CARE,
    title="Time looked after",
    start="started_on",
    end="ended_on",
)
def care_spells(tables: Tables) -> ir.Table:
    """One row is one unbroken time of one child of being looked after, short breaks left out.

    `next_started_on` is the start of the child's next spell, null if there is none. `destination`
    and `current_care_plan` are those of the last episode.
    """
    rows = _spells(tables)
    rows = rows.mutate(
        started_on=rows.spell_from,
        ended_on=_open(rows.spell_until),
        by_destination=rows.destination.fill_null("not-known"),
    )
    return with_child(rows.drop("spell_from", "spell_until"), tables, on="started_on")


# ── Placements ──


def _in_full(rows: ir.Table, tables: Tables) -> ir.Table:
    """Recorded placements with the rest of what their rows say."""
    said = tables["placements"].select(
        "placement", "child", "provider", "household", "out_of_area", "distance_km", "emergency",
        "ending", "row", "extract",
    )  # fmt: skip
    rows = beside(rows, said, "placement", "child")
    return rows.mutate(
        provider_kind=ibis.cases(
            (rows.provider.isin(_EXTERNAL), "external"),
            (rows.provider.notnull(), "in-house"),
            (rows.placement_type == "residential-council", "in-house"),
            (rows.placement_type == "residential-voluntary", "external"),
            else_=None,
        ),
    )


def _stays(tables: Tables) -> ir.Table:
    """Placements with `stay_started_on`: since when the child has been in that household."""
    rows = _in_full(recorded_placements(tables), tables)
    order = ibis.window(group_by=["child", "spell"], order_by=IN_ORDER)
    same = (rows.household == rows.household.lag().over(order)) & (
        rows.started_on <= rows.until.lag().over(order)
    )
    rows = rows.mutate(moved=(~same.fill_null(False)).cast("int64"))
    until_here = ibis.window(group_by=["child", "spell"], order_by=IN_ORDER, preceding=(None, 0))
    rows = rows.mutate(stay=rows.moved.sum().over(until_here))
    one = ibis.window(group_by=["child", "spell", "stay"])
    return rows.mutate(stay_started_on=rows.started_on.min().over(one))


@shared
def _stretches(tables: Tables) -> ir.Table:
    """Every spell cut into stretches of one placement each, or of none that is known.

    `from_on` and `until` (never null) do not overlap within a spell. Of each placement are made
    the time in it, the time after it that nothing covers, and of the first the time before.
    """
    spells = _spells(tables).select(
        "child", "spell", "spell_from", "spell_until", "current_care_plan"
    )
    kept = (
        "placement", "placement_type", "by_placement", "provider_kind", "household", "out_of_area",
        "distance_km", "stay_started_on",
    )  # fmt: skip
    placed = _stays(tables).select(
        "started_on", "until", "next_on", "number", *kept, of_child="child", of_spell="spell"
    )
    rows = spells.left_join(
        placed, [spells.child == placed.of_child, spells.spell == placed.of_spell]
    ).rename(until_there="until")
    parts = ibis.array([ibis.literal(part) for part in (BEFORE, DURING, AFTER)])
    rows = rows.mutate(part=parts.unnest())
    unplaced_until = ibis.least(rows.started_on.fill_null(FAR), rows.spell_until)
    rows = rows.mutate(
        from_on=ibis.cases(
            (rows.part == BEFORE, rows.spell_from),
            (rows.part == DURING, ibis.greatest(rows.started_on, rows.spell_from)),
            else_=rows.until_there,
        ),
        until=ibis.cases(
            (rows.part == BEFORE, unplaced_until),
            (rows.part == DURING, rows.until_there),
            else_=rows.next_on,
        ),
        **{name: ibis.ifelse(rows.part == DURING, rows[name], ibis.null()) for name in kept},
    )
    there = (rows.part == BEFORE) | rows.number.notnull()
    first = (rows.part != BEFORE) | (rows.number.fill_null(0) == 0)
    return rows.filter(there, first, rows.from_on < rows.until).select(
        *spells.columns, "from_on", "until", *kept
    )


@view(
    "where_placed",
    needs=_PLACED,
    title="Where looked after children were placed",
    start="from_on",
    end="until_on",
)
def where_placed(tables: Tables) -> ir.Table:
    """One row is one stretch of one child in one placement, or in none that is known.

    On any day a looked after child has exactly one row that covers it. `placement_type` and
    `by_placement` are null where the placement is not known. `spell_started_on` is when the child
    came to be looked after, `stay_started_on` when they came to that household.
    """
    rows = _stretches(tables)
    rows = rows.mutate(
        until_on=_open(rows.until),
        spell_started_on=rows.spell_from,
        residential_provider_known=rows.placement_type.notnull()
        & ((rows.by_placement != "residential") | rows.provider_kind.notnull()),
        by_placement_type=rows.placement_type,
        by_distance=ibis.cases(
            (rows.distance_km < NEAR_KM, "near"),
            (rows.distance_km < FAR_KM, "middle"),
            (rows.distance_km.notnull(), "far"),
            else_=None,
        ),
    )
    return with_child(rows.drop("until", "spell_from", "spell_until"), tables, on="from_on")


@view(
    "care_placements",
    needs=_PLACED,
    title="Placements",
    start="started_on",
    end="ended_on",
)
def care_placements(tables: Tables) -> ir.Table:
    """One row is one placement as recorded, short breaks left out.

    `ended_on` is the end of the spell where the placement has none of its own.
    """
    rows = _in_full(recorded_placements(tables), tables)
    rows = rows.mutate(ended_on=_open(rows.ends_on))
    kept = rows.select(
        "child", "placement", "placement_type", "by_placement", "started_on", "ended_on",
        "emergency", "ending", "row", "extract",
    )  # fmt: skip
    return with_child(kept, tables, on="started_on")


# ── Years ──


def _year_of(date: ir.DateValue) -> ir.IntegerValue:
    """The calendar year in which the year of 1 August to 31 July that holds a day ends."""
    return date.year().cast("int64") + (date.month() >= AUGUST).cast("int64")


def _by_year(rows: ir.Table, start: str, until: str) -> ir.Table:
    """Rows once for each August to July year with a day from `start` to the day before `until`."""
    first = _year_of(rows[start])
    last = ibis.greatest(first, _year_of(plus_days(rows[until], -1)))
    years = ibis.range(first, ibis.least(last, first + LONGEST_YEARS) + 1)
    return rows.mutate(year=years.unnest())


@view(
    "care_years",
    needs=_PLACED,
    title="Children looked after in a year",
    start="year_ends_on",
)
def care_years(tables: Tables) -> ir.Table:
    """One row is one child in one August to July year with a day of being looked after.

    `placements_in_year` counts placements with a day in the year, those that began and ended on
    one day included; null where none is recorded. `by_placement` is that of the last.
    """
    spells = _by_year(_spells(tables), "spell_from", "spell_until")
    spells = spells.select("child", "year").distinct()
    placed = _by_year(recorded_placements(tables), "started_on", "ends_on")
    last = ibis.struct({name: placed[name] for name in ("started_on", "ends_on", "placement")})
    placed = placed.group_by("child", "year").aggregate(
        placements_in_year=placed.placement.count(),
        by_placement=placed.by_placement.fill_null(_NOT_KNOWN).argmax(last).nullif(_NOT_KNOWN),
    )
    rows = beside(spells, placed, "child", "year")
    rows = rows.mutate(year_ends_on=ibis.date(rows.year.cast("int32"), 7, 31)).drop("year")
    return with_child(rows, tables, on="year_ends_on")


# ── Brothers and sisters, orders, the register ──


def _overlapping(rows: ir.Table) -> ir.Table:
    """Rows that cover a day, with `until_on` null where it is open."""
    rows = rows.filter(rows.from_on < rows.until)
    return rows.mutate(until_on=_open(rows.until)).drop("until")


@view(
    "placed_siblings",
    needs=_PLACED,
    title="Children and their looked after brothers and sisters",
    start="from_on",
    end="until_on",
)
def placed_siblings(tables: Tables) -> ir.Table:
    """One row is one child and one looked after brother or sister, while neither moved.

    Brothers and sisters are children of one `family`. `together` says whether they were in one
    household; null where the household of either is not recorded.
    """
    rows = _stretches(tables)
    rows = rows.filter(rows.placement_type.notnull())
    families = tables["children"].select(of_child="child", family="family")
    families = families.filter(families.family.notnull())
    rows = rows.join(families, rows.child == families.of_child).select(
        "child", "family", "household", "by_placement", "from_on", "until"
    )
    other = rows.rename(
        sibling="child", of_family="family", sibling_household="household",
        sibling_placement="by_placement", sibling_from="from_on", sibling_until="until",
    )  # fmt: skip
    pairs = rows.join(other, [rows.family == other.of_family, rows.child != other.sibling])
    pairs = pairs.mutate(
        from_on=ibis.greatest(pairs.from_on, pairs.sibling_from),
        until=ibis.least(pairs.until, pairs.sibling_until),
        together=pairs.household == pairs.sibling_household,
    ).select(
        "child", "sibling", "by_placement", "sibling_placement", "together", "from_on", "until"
    )
    return with_child(_overlapping(pairs), tables, on="from_on")


@view(
    "care_legal_status",
    needs=(*_CARE, "legal-reasons"),
    title="Looked after children and the legal reasons in force",
    start="from_on",
    end="until_on",
)
def care_legal_status(tables: Tables) -> ir.Table:
    """One row is one legal reason in force for one child, and one more the spell itself.

    The row of the spell has no `reason`, so that a child without a legal reason is there too.
    """
    spells = _spells(tables)
    whole = spells.select(
        "child", from_on="spell_from", until="spell_until", reason=ibis.null("string")
    )
    rows = with_spell(tables["legal-reasons"], tables)
    reasons = rows.select(
        "child",
        from_on=ibis.greatest(rows.started_on, rows.spell_from),
        until=ibis.least(rows.ended_on.fill_null(FAR), rows.spell_until),
        reason=rows.reason,
    )
    return with_child(_overlapping(whole.union(reasons)), tables, on="from_on")


@view(
    "both_statuses",
    needs=(*_PLACED, "register-entries"),
    title="Children looked after while on the child protection register",
    start="from_on",
    end="until_on",
)
def both_statuses(tables: Tables) -> ir.Table:
    """One row is one stretch in one placement during one entry on the register.

    `temporary` entries are those of children here from another council for a while.
    """
    rows = _stretches(tables).select("child", "by_placement", "from_on", "until")
    entries = tables["register-entries"]
    entries = entries.select(
        of_child="child",
        entered_on="registered_on",
        left_on=entries.deregistered_on.fill_null(FAR),
        temporary=entries.temporary.fill_null(False),
    )
    rows = rows.join(entries, rows.child == entries.of_child)
    rows = rows.select(
        "child",
        "by_placement",
        "temporary",
        from_on=ibis.greatest(rows.from_on, rows.entered_on),
        until=ibis.least(rows.until, rows.left_on),
    )
    return with_child(_overlapping(rows), tables, on="from_on")


# ── Permanence ──


@shared
def _times_away(tables: Tables) -> ir.Table:
    """One row an unbroken time of a spell away from home: `accommodated_on` and `until`.

    A placement that is not known does not break it; one at home does.
    """
    rows = recorded_placements(tables)
    order = ibis.window(group_by=["child", "spell"], order_by=IN_ORDER)
    away = rows.by_placement != "home"
    rows = rows.mutate(away=away, turned=(away != away.lag().over(order)).fill_null(True))
    until_here = ibis.window(group_by=["child", "spell"], order_by=IN_ORDER, preceding=(None, 0))
    rows = rows.mutate(time=rows.turned.cast("int64").sum().over(until_here))
    return (
        rows.filter(rows.away)
        .group_by("child", "spell", "time")
        .aggregate(
            accommodated_on=lambda t: t.started_on.min(),
            until=lambda t: t.next_on.max(),
            spell_from=lambda t: t.spell_from.min(),
            spell_until=lambda t: t.spell_until.min(),
        )
    )


@view(
    "times_away",
    needs=(*_PLACED, "permanence"),
    title="Children accommodated for 26 weeks",
    start="accommodated_on",
    end="until_on",
)
def times_away(tables: Tables) -> ir.Table:
    """One row is one unbroken time of one child away from home.

    `reached_on` is 26 weeks after its first day. `recommended_on` is the first recommendation for
    permanence of the spell.
    """
    rows = _times_away(tables)
    asked = tables["permanence"].select(of_child="child", said_on="recommended_on")
    said = rows.join(
        asked,
        [
            rows.child == asked.of_child,
            asked.said_on >= rows.spell_from,
            asked.said_on <= rows.spell_until,
        ],
    )
    said = said.group_by("child", "spell", "time").aggregate(
        recommended_on=lambda t: t.said_on.min()
    )
    rows = beside(rows, said, "child", "spell", "time")
    rows = rows.mutate(
        until_on=_open(rows.until),
        reached_on=plus_days(rows.accommodated_on, 7 * WEEKS_TO_DIRECTION),
    )
    kept = rows.select("child", "accommodated_on", "until_on", "reached_on", "recommended_on")
    return with_child(kept, tables, on="accommodated_on")


@view(
    "permanence_routes",
    needs=("permanence", "children"),
    title="Routes to permanence",
    start="recommended_on",
    end="secured_on",
)
def permanence_routes(tables: Tables) -> ir.Table:
    """One row is one route of one child; `days_to_secured` runs from recommendation to order."""
    rows = tables["permanence"]
    rows = rows.mutate(days_to_secured=days_between(rows.recommended_on, rows.secured_on))
    return with_child(rows, tables, on="recommended_on")


# ── Missing, carers, deaths ──


@view(
    "missing_children",
    needs=("missing-episodes", "children"),
    title="Times children were missing",
    start="started_on",
    end="returned_on",
)
def missing_children(tables: Tables) -> ir.Table:
    """One row is one time one child was missing.

    The placement is the one reported, or else the child's on that day. `by_repeat` is `repeat`
    where the child had gone missing in the 30 days before. `hours_to_offer` runs from the return.
    """
    rows = tables["missing-episodes"]
    rows = rows.filter(rows.started_at.notnull())
    order = ibis.window(group_by="child", order_by=["started_at", "episode"])
    rows = rows.mutate(
        started_on=rows.started_at.date(),
        returned_on=rows.returned_at.date(),
        last_on=rows.started_at.date().lag().over(order),
        hours_to_offer=(
            rows.discussion_offered_at.epoch_seconds() - rows.returned_at.epoch_seconds()
        )
        / 3600.0,
    )
    placed = _stretches(tables).select("placement_type", "from_on", "until", of_child="child")
    on_day = rows.join(
        placed,
        [
            rows.child == placed.of_child,
            placed.from_on <= rows.started_on,
            placed.until > rows.started_on,
        ],
        rname="{name}_of_day",
    )
    on_day = on_day.group_by("episode").aggregate(placed_in=lambda t: t.placement_type_of_day.max())
    rows = beside(rows, on_day, "episode")
    rows = rows.mutate(placement_type=rows.placement_type.fill_null(rows.placed_in))
    rows = rows.mutate(
        by_placement=grouped(rows.placement_type, "placement-types"),
        by_category=rows.police_category.fill_null("not-known"),
        by_repeat=ibis.ifelse(
            (rows.started_on <= plus_days(rows.last_on, REPEAT_DAYS)).fill_null(False),
            "repeat",
            "first",
        ),
    )
    return with_child(rows, tables, on="started_on")


@view(
    "carer_households",
    needs=("carers",),
    title="Approvals of carers",
    start="approved_on",
    end="ended_on",
)
def carer_households(tables: Tables) -> ir.Table:
    """One row is one approval of one household; no child is in it."""
    return tables["carers"]


@view(
    "care_deaths",
    needs=("deaths", *_CARE),
    title="Deaths of looked after children and of those who were",
    start="died_on",
)
def care_deaths(tables: Tables) -> ir.Table:
    """One row is one death of a child or young person who was ever looked after.

    `looked_after` on the day of death, the last day of a spell included. `age_on_leaving` is that
    at the end of the last spell ended by then, in whole years; null where there is none.
    """
    rows = tables["deaths"].select("child", "died_on", "row", "extract")
    born = tables["children"].select(of_child="child", born_on="date_of_birth")
    spells = _spells(tables).select("spell_from", "spell_until", in_care="child")
    held = rows.join(spells, [rows.child == spells.in_care, spells.spell_from <= rows.died_on])
    held = held.join(born, held.child == born.of_child)
    held = held.mutate(
        open_then=held.spell_until >= held.died_on,
        age_left=ibis.ifelse(
            held.spell_until <= held.died_on, age_on(held.born_on, held.spell_until), None
        ),
    )
    found = held.group_by("child").aggregate(
        looked_after=lambda t: t.open_then.any(), age_on_leaving=lambda t: t.age_left.max()
    )
    rows = beside(rows, found, "child")
    rows = rows.filter(rows.looked_after.notnull())
    return with_child(rows, tables, on="died_on")
