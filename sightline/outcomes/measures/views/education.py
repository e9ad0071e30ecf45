"""Views of school: half days attended by looked after pupils, and where they go when they leave.

A pupil counts as looked after in a school year (August to July) in which they were so on any day,
under their last placement of that year: as the published figures have it. Method M-19.
"""

from typing import Any

import ibis
import ibis.expr.types as ir

from sightline.children.definitions import group_of
from sightline.outcomes.measures.dates import plus_days
from sightline.outcomes.measures.places import Tables, with_child
from sightline.outcomes.measures.shared import shared
from sightline.outcomes.measures.views import view
from sightline.outcomes.measures.views.care_settings import first_of, home_or_away, placements
from sightline.outcomes.measures.views.health import by_number

FIRST_MONTH = 8
LONGEST_YEARS = 26
"""No placement lasts longer; so many school years are looked at where one has no end."""
_NEEDS = ("attendance", "care-episodes", "placements", "children")


def school_year(day: Any) -> Any:
    """The year in which the school year of a day began."""
    return day.year() - ibis.ifelse(day.month() < FIRST_MONTH, 1, 0)


@shared
def looked_after_years(tables: Tables) -> ir.Table:
    """One row is one child in one school year in which they were looked after.

    `by_placement`: the last placement of the year; `by_home`: with parents or away from home.
    """
    stays = placements(tables)
    first = school_year(stays.from_on)
    last = school_year(plus_days(stays.until_on, -1)).fill_null(first + LONGEST_YEARS)
    years = stays.select(
        "child", "from_on", "placement", "setting",
        care_year=ibis.range(first.cast("int64"), last.cast("int64") + 1).unnest(),
    )  # fmt: skip
    final = first_of(
        years, "child", "care_year", by=[ibis.desc(years.from_on), ibis.desc(years.placement)]
    )
    return final.select(
        "care_year", care_child="child", by_placement="setting", by_home=home_or_away(final.setting)
    )


def _of_looked_after(rows: ir.Table, tables: Tables, on: str) -> ir.Table:
    years = looked_after_years(tables)
    rows = rows.mutate(year_began=school_year(rows[on]).cast("int64"))
    joined = rows.join(years, [rows.child == years.care_child, rows.year_began == years.care_year])
    return joined.drop("care_child", "care_year")


def _attended(code: ir.StringValue) -> ir.BooleanValue:
    return code.isin(
        [c for c, group in group_of("attendance-codes").items() if group == "attended"]
    )


@view(
    "half_days", needs=_NEEDS, title="Half days of looked after pupils", start="day", streamed=True
)
def half_days(tables: Tables) -> ir.Table:
    """One row is one possible half day of one looked after pupil; `attended`: was there."""
    rows = _of_looked_after(tables["attendance"], tables, "day")
    return with_child(rows.mutate(attended=_attended(rows.code)), tables, on="day")


@view("pupil_years", needs=_NEEDS, title="School years of looked after pupils", start="last_day")
def pupil_years(tables: Tables) -> ir.Table:
    """One row is one looked after pupil in one school year.

    `attended_percent`: half days attended of all possible. `last_day`: the last that is recorded.
    """
    rows = tables["attendance"]
    rows = rows.mutate(year_began=school_year(rows.day), there=_attended(rows.code).cast("int64"))
    years = rows.group_by("child", "year_began").aggregate(
        last_day=rows.day.max(), possible=rows.count(), attended=rows.there.sum()
    )
    years = years.mutate(attended_percent=years.attended * 100.0 / years.possible)
    return with_child(_of_looked_after(years, tables, "last_day"), tables, on="last_day")


@view(
    "school_leavers",
    needs=("school-leavers", "care-episodes", "placements", "children"),
    title="Looked after school leavers",
    start="left_on",
)
def school_leavers(tables: Tables) -> ir.Table:
    """One row is one young person who left school and was looked after in that school year.

    Found by the council's number or the candidate number. Destinations not filled in are not known.
    """
    rows = by_number(tables["school-leavers"], tables, "scn")
    rows = _of_looked_after(rows, tables, "left_on")
    rows = rows.mutate(
        initial_destination=rows.initial_destination.fill_null("not-known"),
        follow_up_destination=rows.follow_up_destination.fill_null("not-known"),
    )
    return with_child(rows, tables, on="left_on")
