"""Journeys: young people who may leave care, followed from their 15th birthday to their 22nd.

Followed are those looked after on their 16th birthday or later (short breaks left out), together
with all whose 15th birthday lay in the same year, August to July. At each age five questions are
asked: of those looked after on its last day, on that day; of others on the day of the last list of
aftercare at that age.

    in-touch   looked after, in continuing care, or in contact in the three months before
    plan       a current care plan while looked after, else a pathway plan
    home       looked after other than in secure care, in continuing care, or suitably housed
    activity   in education, training or employment; not known of those still looked after
    health     assessed in that year of age while looked after, else offered an assessment

A young person on no list at an age is not known there: nobody followed them. An age is asked
about when all of it has passed. Those who died are left out from the age at which they did.
"""

import datetime as dt
from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from sightline.children.definitions import group_of
from sightline.outcomes.measures.dates import plus_months
from sightline.outcomes.measures.places import Tables
from sightline.outcomes.measures.views.care_settings import (
    FAR,
    beside,
    first_of,
    placements,
    spells,
)
from sightline.outcomes.measures.views.health import assessments
from sightline.warehouse.engines import Engine

FIRST_AGE, LAST_AGE = 15, 21
IN_TOUCH_MONTHS = 3
STEPS: Final = ("in-touch", "plan", "home", "activity", "health")
FIRST_MONTH = 8
LEAVES_FROM = 16
SECURE = "secure"

JOURNEYS: Final = pa.schema(
    [
        ("cohort", pa.string()),
        ("age", pa.int64()),
        ("step", pa.string()),
        ("by_placement", pa.string()),
        ("people", pa.int64()),
        ("of", pa.int64()),
        ("unknown", pa.int64()),
    ]
)
"""`cohort`: the year of the 15th birthday, as 2018-19. `by_placement`: the setting the young person
left care from, or lives in; empty for everybody. `of`: those of whom it is known; `unknown`: the
others of the cohort."""


def _in_group(column: ir.StringValue, codes: str, group: str) -> ir.BooleanValue:
    """Whether a code is in a group of its list; null where it is not known or not filled in."""
    those = [code for code, one in group_of(codes).items() if one == group]
    return ibis.ifelse(column == "not-known", ibis.null("boolean"), column.isin(those))


def followed(tables: Tables) -> ir.Table:
    """One row is one young person looked after on their 16th birthday or later.

    `by_placement`: where they lived last while looked after; `cohort_began`: the year in which the
    reporting year of their 15th birthday began; `died_on`.
    """
    births = tables["children"]
    births = births.filter(births.date_of_birth.notnull())
    births = births.select(born="child", date_of_birth="date_of_birth")
    care = spells(tables)
    care = care.join(births, care.child == births.born)
    sixteen = plus_months(care.date_of_birth, 12 * LEAVES_FROM)
    care = care.filter(care.ended_on.isnull() | (care.ended_on >= sixteen))
    people = care.select("child", "date_of_birth").distinct()
    stays = placements(tables)
    last = first_of(stays, "child", by=[ibis.desc(stays.from_on), ibis.desc(stays.placement)])
    people = beside(people, last.select("child", by_placement="setting"), "child")
    deaths = tables["deaths"].group_by("child").aggregate(died_on=tables["deaths"].died_on.min())
    people = beside(people, deaths, "child")
    fifteen = plus_months(people.date_of_birth, 12 * FIRST_AGE)
    return people.mutate(
        cohort_began=fifteen.year() - ibis.ifelse(fifteen.month() < FIRST_MONTH, 1, 0),
        by_placement=people.by_placement.fill_null("not-known"),
    )


def _ages(people: ir.Table, today: dt.date) -> ir.Table:
    """A row for each age a young person has lived through: from `starts_on` until `ends_on`."""
    parts = []
    for age in range(FIRST_AGE, LAST_AGE + 1):
        ends = plus_months(people.date_of_birth, 12 * (age + 1))
        parts.append(
            people.mutate(
                age=ibis.literal(age, "int64"),
                starts_on=plus_months(people.date_of_birth, 12 * age),
                ends_on=ends,
            )
        )
    lived = ibis.union(*parts)
    return lived.filter(
        lived.ends_on <= today, lived.died_on.isnull() | (lived.died_on >= lived.ends_on)
    )


def _while_looked_after(lived: ir.Table, tables: Tables) -> ir.Table:
    """Answers at ages at whose end the young person was looked after, one row each."""
    care = spells(tables).select(
        of_child="child", from_on="started_on", until_on="ended_on", plan="current_care_plan"
    )
    stays = placements(tables).select(
        of_child="child", from_on="from_on", until_on="until_on", lived_in="placement_type"
    )
    found = _at_the_end(lived, care)
    found = beside(found, _at_the_end(lived, stays), "child", "age")
    found = beside(found, _assessed(lived, tables), "child", "age")
    return found.select(
        "child",
        "age",
        in_touch=ibis.literal(True),
        plan=found.plan,
        home=found.lived_in != SECURE,
        activity=ibis.null("boolean"),
        health=found.assessed.fill_null(False),
    )


def _at_the_end(lived: ir.Table, stretches: ir.Table) -> ir.Table:
    """The stretch in which each age of a young person ended, one row each, without its days."""
    wanted = lived.select("child", "age", "ends_on")
    found = wanted.join(
        stretches,
        [
            wanted.child == stretches.of_child,
            stretches.from_on < wanted.ends_on,
            stretches.until_on.fill_null(FAR) >= wanted.ends_on,
        ],
    )
    latest = first_of(found, "child", "age", by=[ibis.desc(found.from_on)])
    return latest.drop("of_child", "from_on", "until_on", "ends_on")


def _assessed(lived: ir.Table, tables: Tables) -> ir.Table:
    """The ages in which an assessment was completed."""
    done = assessments(tables)
    done = done.filter(done.child.notnull()).select(done_child="child", done_on="completed_on")
    wanted = lived.select("child", "age", "starts_on", "ends_on")
    found = wanted.join(
        done,
        [
            wanted.child == done.done_child,
            done.done_on >= wanted.starts_on,
            done.done_on < wanted.ends_on,
        ],
    )
    return found.select("child", "age").distinct().mutate(assessed=ibis.literal(True))


def _on_a_list(lived: ir.Table, tables: Tables) -> ir.Table:
    """Answers from the last list of each age that a young person was on, one row each."""
    lists = tables["aftercare"].drop("row", "extract").rename(list_child="child")
    wanted = lived.select("child", "age", "starts_on", "ends_on")
    found = wanted.join(
        lists,
        [
            wanted.child == lists.list_child,
            lists.as_at >= wanted.starts_on,
            lists.as_at < wanted.ends_on,
        ],
    )
    last = first_of(found, "child", "age", by=[ibis.desc(found.as_at)])
    recent = last.as_at <= plus_months(last.last_contact_on, IN_TOUCH_MONTHS)
    return last.select(
        "child",
        "age",
        in_touch=((last.last_contact_on <= last.as_at) & recent).fill_null(False),
        plan=(last.pathway_plan_on <= last.as_at).fill_null(False),
        home=_in_group(last.accommodation, "accommodations", "suitable"),
        activity=_in_group(last.activity, "activities", "in"),
        health=last.health_assessment_offered,
    )


def _after_leaving(lived: ir.Table, looked_after: ir.Table, tables: Tables) -> ir.Table:
    """Answers at the other ages: from the lists, and from continuing care."""
    gone = lived.anti_join(looked_after, ["child", "age"])
    stays = tables["continuing-care"]
    stays = stays.filter(~stays.refused.fill_null(False)).select(
        of_child="child", from_on="started_on", until_on="ended_on"
    )
    continuing = _at_the_end(gone, stays).mutate(continues=ibis.literal(True))
    rows = beside(gone.select("child", "age"), _on_a_list(gone, tables), "child", "age")
    rows = beside(rows, continuing, "child", "age")
    stays_on = rows.continues.fill_null(False)
    return rows.select(
        "child",
        "age",
        in_touch=ibis.ifelse(stays_on, True, rows.in_touch),
        plan=rows.plan,
        home=ibis.ifelse(stays_on, True, rows.home),
        activity=rows.activity,
        health=rows.health,
    )


def answers(tables: Tables, today: dt.date) -> ir.Table:
    """One row is one young person at one age: who they are, and each step as yes, no or null."""
    lived = _ages(followed(tables), today)
    looked_after = _while_looked_after(lived, tables)
    both = looked_after.union(_after_leaving(lived, looked_after, tables))
    return beside(lived.drop("starts_on", "ends_on", "died_on"), both, "child", "age")


def journeys(tables: Tables, *, engine: Engine, today: dt.date) -> pa.Table:
    """How many of each cohort were in touch, had a plan, a home, an activity, a health assessment.

    Arguments:
        tables: those of a build.
        engine: which answers.
        today: ages that end after it are not asked about.

    Returns:
        Rows as `JOURNEYS` says, in order; every age that somebody of a cohort has lived through.
    """
    rows = answers(tables, today)
    told = []
    for step in STEPS:
        said = rows[step.replace("-", "_")]
        for whole in (True, False):
            setting = ibis.literal("") if whole else rows.by_placement
            told.append(
                rows.select(
                    "cohort_began", "age", step=ibis.literal(step), by_placement=setting, said=said
                )
            )
    grouped = ibis.union(*told).group_by("cohort_began", "age", "step", "by_placement")
    counted = grouped.aggregate(
        people=lambda t: t.said.fill_null(False).cast("int64").sum(),
        of=lambda t: t.said.count(),
        everybody=lambda t: t.count(),
    )
    found = engine.fetch(counted).to_pylist()
    found.sort(
        key=lambda r: (r["cohort_began"], r["age"], STEPS.index(r["step"]), r["by_placement"])
    )
    return pa.Table.from_pylist(
        [
            {
                "cohort": f"{row['cohort_began']}-{(row['cohort_began'] + 1) % 100:02d}",
                "age": row["age"],
                "step": row["step"],
                "by_placement": row["by_placement"],
                "people": row["people"],
                "of": row["of"],
                "unknown": row["everybody"] - row["of"],
            }
            for row in found
        ],
        schema=JOURNEYS,
    )
