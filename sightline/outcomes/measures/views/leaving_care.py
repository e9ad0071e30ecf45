"""Views of leaving care: who left, who stays in continuing care, and how those who left get on.

Being looked after ends when continuing care begins: a young person in it has left care. Ages,
numbers of months and lists of codes stay in the definitions. Method M-19 says how each is counted.
"""

import ibis
import ibis.expr.types as ir

from sightline.outcomes.measures.dates import age_on, days_between, last_of_month, plus_days
from sightline.outcomes.measures.places import Tables, with_child
from sightline.outcomes.measures.shared import shared
from sightline.outcomes.measures.views import view
from sightline.outcomes.measures.views.care_settings import (
    beside,
    first_of,
    leavers,
    with_last_left,
)

YEAR_DAYS = 365.25
JULY = 7
ENTITLED = (("extended", 26), ("discretionary", 19), ("compulsory", 16))
"""Entitlement to aftercare by the age it begins at, where the list does not say."""


@view(
    "leavers",
    needs=("care-episodes", "placements", "children"),
    title="Leaving care",
    start="started_on",
    end="ended_on",
)
def leavers_of_care(tables: Tables) -> ir.Table:
    """One row is one time a child ceased to be looked after.

    `by_placement`, `placement_type`: the last placement. `died`: whether the destination says so.
    `years_old`: age at the end in years and parts. `next_started_on`: looked after again from.
    """
    rows = leavers(tables)
    rows = with_child(rows, tables, on="ended_on")
    return rows.mutate(
        died=(rows.destination == "died").fill_null(False),
        years_old=days_between(rows.date_of_birth, rows.ended_on).cast("float64") / YEAR_DAYS,
        age_at_end=age_on(rows.date_of_birth, rows.ended_on),
        by_destination=rows.destination.fill_null("not-known"),
    )


@view(
    "leavers_continuing",
    needs=("care-episodes", "placements", "continuing-care", "children"),
    title="Leaving care and continuing care",
    start="started_on",
    end="ended_on",
)
def leavers_continuing(tables: Tables) -> ir.Table:
    """One row is one leaving of care with one stretch of continuing care after it, or with none.

    A leaving followed by two stretches has two rows; children are counted once. `stay_on` and
    `stay_until`: the stretch, which began on the day of leaving or later and before the child was
    looked after again; refusals are no stretches.
    """
    rows = leavers_of_care(tables)
    stays = tables["continuing-care"]
    stays = stays.filter(~stays.refused.fill_null(False)).select(
        stay_child="child", stay_on="started_on", stay_until="ended_on"
    )
    return rows.left_join(
        stays,
        [
            rows.child == stays.stay_child,
            stays.stay_on >= rows.ended_on,
            rows.next_started_on.isnull() | (stays.stay_on < rows.next_started_on),
        ],
    ).drop("stay_child")


@shared
def _aftercare(tables: Tables) -> ir.Table:
    rows = tables["aftercare"]
    rows = rows.mutate(census_on=last_of_month(rows.as_at))
    rows = first_of(rows, "child", "census_on", by=[ibis.desc(rows.as_at)])
    rows = with_last_left(rows, tables, "child", "as_at", on="as_at")
    rows = with_child(rows, tables, on="census_on")
    age = age_on(rows.date_of_birth, rows.as_at)
    return rows.mutate(
        census_until=plus_days(rows.census_on, 1),
        at_year_end=rows.census_on.month() == JULY,
        age_at_leaving=age_on(rows.date_of_birth, rows.ceased_on),
        category=rows.category.fill_null(
            ibis.cases(*((age >= first, category) for category, first in ENTITLED))
        ),
        activity=rows.activity.fill_null("not-known"),
        activity_6_months=rows.activity_6_months.fill_null("not-known"),
        activity_12_months=rows.activity_12_months.fill_null("not-known"),
        accommodation=rows.accommodation.fill_null("not-known"),
    )


@view(
    "aftercare",
    needs=("aftercare", "children"),
    title="Young people eligible for aftercare",
    start="as_at",
)
def aftercare(tables: Tables) -> ir.Table:
    """One row is one young person on one list of those eligible for aftercare.

    A list counts for the month it was taken in: `census_on` is that month's last day,
    `census_until` the day after. Of two lists in a month the later counts. `ceased_on`,
    `age_at_leaving`, `by_placement`: the latest leaving of care on or before the list, null where
    it is not held.
    `category`: as recorded, else by age. Activity and accommodation not filled in are not known.
    """
    rows = _aftercare(tables)
    return rows.mutate(by_category=rows.category, by_accommodation=rows.accommodation)


@view(
    "aftercare_homelessness",
    needs=("aftercare", "homelessness", "children"),
    title="Young people eligible for aftercare, and homelessness",
    start="as_at",
)
def aftercare_homelessness(tables: Tables) -> ir.Table:
    """One row is one young person on one list, as in `aftercare`.

    `homeless_spells`: spells of homelessness that began by the day of the list, and not before
    leaving care where that day is known; 0 where there is none.
    """
    rows = _aftercare(tables)
    spells = tables["homelessness"].select(spell_child="child", spell_on="started_on")
    wanted = rows.select("child", "as_at", "ceased_on")
    found = wanted.join(
        spells,
        [
            wanted.child == spells.spell_child,
            spells.spell_on <= wanted.as_at,
            wanted.ceased_on.isnull() | (spells.spell_on >= wanted.ceased_on),
        ],
    )
    counted = found.group_by("child", "as_at").aggregate(homeless_spells=found.count())
    rows = beside(rows, counted, "child", "as_at")
    rows = rows.mutate(homeless_spells=rows.homeless_spells.fill_null(0))
    return rows.mutate(
        by_spells=ibis.cases(
            (rows.homeless_spells == 0, "none"), (rows.homeless_spells == 1, "1"), else_="2 or more"
        )
    )


@view(
    "first_tenancies",
    needs=("tenancies", "children"),
    title="First tenancies of care leavers",
    start="applied_on",
    end="started_on",
)
def first_tenancies(tables: Tables) -> ir.Table:
    """One row is one young person's first tenancy, or the wait for it.

    Counted from the first application. `days_waited`: until the tenancy began; null while it has
    not, and where it is dated before the application. `by_placement`: the setting the young person
    left care from.
    """
    rows = tables["tenancies"]
    whole = ibis.window(group_by="child")
    rows = rows.mutate(
        first_applied_on=rows.applied_on.min().over(whole),
        first_started_on=rows.started_on.min().over(whole),
    )
    rows = first_of(rows, "child", by=[rows.applied_on]).drop("applied_on", "started_on")
    rows = rows.rename(applied_on="first_applied_on", started_on="first_started_on")
    rows = with_last_left(rows, tables, "child", on="applied_on")
    days = days_between(rows.applied_on, rows.started_on)
    rows = rows.mutate(days_waited=ibis.ifelse(days >= 0, days, ibis.null("int64")))
    return with_child(rows, tables, on="applied_on")
