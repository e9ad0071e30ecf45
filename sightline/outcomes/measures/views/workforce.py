"""Views of the workforce: who leads for a child, and for how long.

Staff numbers never leave a view.
"""

import ibis.expr.types as ir

from sightline.outcomes.measures.places import Tables, with_child
from sightline.outcomes.measures.views import view
from sightline.outcomes.measures.views.care_settings import FAR, beside, with_setting


@view(
    "lead_workers",
    needs=("lead-professionals", "children"),
    title="Lead professionals",
    start="started_on",
    end="ended_on",
)
def lead_workers(tables: Tables) -> ir.Table:
    """One row is one stretch for which one worker led for one child.

    `other_until`: the latest day until which somebody else led who began by the day this stretch
    began; in the year 9000 where they still do, null where there was nobody else. A worker who
    comes back after another counts as a change. `by_placement`: where the child was looked
    after when the stretch began, if so.
    """
    rows = tables["lead-professionals"].drop("row", "extract").distinct()
    others = rows.select(
        other_child="child", other_worker="worker", other_on="started_on", other_end="ended_on"
    )
    keys = ("child", "worker", "started_on")
    wanted = rows.select(*keys)
    found = wanted.join(
        others,
        [
            wanted.child == others.other_child,
            wanted.worker != others.other_worker,
            others.other_on <= wanted.started_on,
        ],
    )
    latest = found.group_by(*keys).aggregate(other_until=found.other_end.fill_null(FAR).max())
    rows = beside(rows, latest, *keys)
    rows = with_setting(rows, tables, *keys, on="started_on")
    return with_child(rows.drop("worker"), tables, on="started_on")
