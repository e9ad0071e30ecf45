"""Readings of the statutory clocks, as indicators and lists count them."""

import ibis
import ibis.expr.types as ir

from sightline.outcomes.clocks import TABLE
from sightline.outcomes.measures.places import Tables, grouped, with_child
from sightline.outcomes.measures.views import view


@view("clock_readings", needs=("children",), title="Readings of the clocks", start="started_on")
def clock_readings(tables: Tables) -> ir.Table:
    """One row is one case against one rule.

    `counted_on` is the day it counts for: when it was due; where that is not known, when it was
    done or began. `days_late` is null unless it was done late. `by_placement` is null for a child
    who was in no placement when the clock started.
    """
    plain = tables[TABLE]
    made = plain.mutate(
        by_placement=grouped(plain.placement_type, "placement-types"),
        by_hours=ibis.cases(
            (plain.out_of_hours.isnull(), "not-known"),
            (plain.out_of_hours, "out-of-hours"),
            else_="in-hours",
        ),
        by_reason=plain.extension_reason,
    )
    return with_child(made, tables, on="counted_on")
