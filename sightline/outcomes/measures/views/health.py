"""Views of the health of looked after children: telling the board, assessment, what is in place.

A row of the health board's extract may name the child by the council's number or by the health
number; one that fits no child, or two, stays without a child. Days and months stay in the
definitions. Method M-19 says how each is counted.
"""

import ibis
import ibis.expr.types as ir

from sightline.outcomes.measures.places import Tables, with_child
from sightline.outcomes.measures.shared import shared
from sightline.outcomes.measures.views import view
from sightline.outcomes.measures.views.care_settings import (
    beside,
    crossed,
    first_of,
    placements,
    spells,
    with_setting,
)

_LOOKED_AFTER = ("care-episodes", "placements", "children")


def by_number(rows: ir.Table, tables: Tables, number: str) -> ir.Table:
    """Rows with the child found by a hashed number (`chi`, `scn`) where none is given."""
    known = tables["children"]
    known = known.filter(known[number].notnull())
    found = known.group_by(number).aggregate(found_child=known.child.min(), of_it=known.count())
    found = found.filter(found.of_it == 1).drop("of_it")
    joined = beside(rows, found, number)
    return joined.mutate(child=joined.child.fill_null(joined.found_child)).drop("found_child")


@shared
def assessments(tables: Tables) -> ir.Table:
    return by_number(tables["health-assessments"], tables, "chi")


@view(
    "health_requests",
    needs=("health-assessments", "children"),
    title="Requests for a health assessment",
    start="notified_on",
    end="completed_on",
)
def health_requests(tables: Tables) -> ir.Table:
    """One row is one request for an assessment.

    `result`: not known where nobody filled it in. `by_placement`: where the child was looked after
    on the day the board was told; null where that is not held.
    """
    rows = assessments(tables)
    rows = with_setting(rows, tables, "child", "notified_on", on="notified_on")
    rows = with_child(rows, tables, on="notified_on")
    return rows.mutate(result=rows.result.fill_null("not-known"))


@view(
    "care_starts_notified",
    needs=("health-assessments", *_LOOKED_AFTER),
    title="Starting to be looked after, and telling the health board",
    start="started_on",
    end="ended_on",
)
def care_starts_notified(tables: Tables) -> ir.Table:
    """One row is one time a child began to be looked after.

    `notified_on`: the first day the board was told of this child after the time before ended and
    before the next one began; it may be earlier than the start. Null where it was not told.
    `by_placement`: the first placement.
    """
    rows = spells(tables)
    told = assessments(tables)
    told = told.filter(told.child.notnull()).select(told_child="child", told_on="notified_on")
    wanted = rows.select("child", "spell", "previous_ended_on", "next_started_on")
    found = wanted.join(
        told,
        [
            wanted.child == told.told_child,
            wanted.previous_ended_on.isnull() | (told.told_on >= wanted.previous_ended_on),
            wanted.next_started_on.isnull() | (told.told_on < wanted.next_started_on),
        ],
    )
    first_told = found.group_by("child", "spell").aggregate(notified_on=found.told_on.min())
    stays = placements(tables)
    first_stay = first_of(stays, "child", "spell", by=[stays.from_on, stays.placement])
    first_stay = first_stay.select("child", "spell", by_placement="setting")
    rows = beside(rows, first_told, "child", "spell")
    rows = beside(rows, first_stay, "child", "spell")
    return with_child(rows, tables, on="started_on")


@shared
def _left_school(tables: Tables) -> ir.Table:
    """One row a child known to have left school: `child`, `left_on`."""
    leavers = by_number(tables["school-leavers"], tables, "scn").select("child", "left_on")
    noted = assessments(tables)
    noted = noted.filter(noted.left_school.fill_null(False)).select("child", left_on="notified_on")
    both = leavers.union(noted)
    both = both.filter(both.child.notnull())
    return both.group_by("child").aggregate(left_on=both.left_on.min())


@shared
def _where(tables: Tables) -> ir.Table:
    """Time looked after, cut where a placement begins or ends; no setting where there is none."""
    stays = placements(tables)
    begun = stays.select(
        "child", "placement_type", state_on=stays.from_on, by_placement=stays.setting
    )
    over = stays.filter(stays.until_on.notnull()).select("child", state_on="until_on").distinct()
    over = over.anti_join(begun, ["child", "state_on"]).mutate(
        placement_type=ibis.null("string"), by_placement=ibis.null("string")
    )
    states = begun.union(over.select(*begun.columns))
    whole = spells(tables).select("child", from_on="started_on", until_on="ended_on")
    return crossed(whole, states)


@shared
def _looked_after(tables: Tables) -> ir.Table:
    """Time looked after, cut by placement and where the child left school."""
    left = _left_school(tables)
    states = left.select("child", state_on="left_on", by_school=ibis.literal("left"))
    cut = crossed(_where(tables), states)
    return cut.mutate(by_school=cut.by_school.fill_null("not left"))


@view(
    "health_coverage",
    needs=("health-assessments", *_LOOKED_AFTER),
    title="Looked after children and their last health assessment",
    start="from_on",
    end="until_on",
)
def health_coverage(tables: Tables) -> ir.Table:
    """One row is a time looked after in one place, with one last assessment, in or out of school.

    On any day a looked after child is in one row; `by_placement` is null where none is held.
    `completed_on`: the last assessment completed by then; null before the first. `by_school`:
    whether the child is known to have left school, from the school leavers or from what the board
    noted.
    """
    done = assessments(tables)
    done = done.filter(done.child.notnull(), done.completed_on.notnull())
    states = done.select("child", state_on="completed_on", completed_on="completed_on").distinct()
    return with_child(crossed(_looked_after(tables), states), tables, on="from_on")


@view(
    "health_registrations",
    needs=("health-assessments", *_LOOKED_AFTER),
    title="Looked after children, their practice, dentist and immunisations",
    start="from_on",
    end="until_on",
)
def health_registrations(tables: Tables) -> ir.Table:
    """One row is a time looked after in one place, until the board noted anew how things stand.

    `gp_registered`, `dentist_registered`, `immunised`: as in the latest request by then; null
    before the first and where it does not say. `all_three`: no where one of them is no, yes where
    all are yes, else null.
    """
    noted = assessments(tables)
    noted = noted.filter(noted.child.notnull())
    noted = first_of(
        noted, "child", "notified_on", by=[ibis.desc(noted.extract), ibis.desc(noted.row)]
    )
    states = noted.select(
        "child", "gp_registered", "dentist_registered", "immunised", state_on="notified_on"
    )
    rows = crossed(_looked_after(tables), states)
    rows = rows.mutate(all_three=rows.gp_registered & rows.dentist_registered & rows.immunised)
    return with_child(rows, tables, on="from_on")


@view(
    "medicals",
    needs=("investigations", "children"),
    title="Child protection medicals",
    start="medical_requested_on",
    end="medical_completed_on",
)
def medicals(tables: Tables) -> ir.Table:
    """One row is one child for whom a medical was asked for in an investigation."""
    rows = tables["investigations"]
    rows = rows.filter(rows.medical_requested_on.notnull())
    rows = rows.mutate(by_medical=rows.medical_type.fill_null("not-known"))
    return with_child(rows, tables, on="medical_requested_on")
