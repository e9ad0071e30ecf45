"""Views of voice: whose views were heard, who was there, who was offered an advocate.

Nothing anybody said is in these tables: only whether it was asked for, and how it reached those who
decide. Days, ages and lists of codes stay in the definitions. Method M-19 says how each is counted.
"""

import ibis
import ibis.expr.types as ir

from sightline.outcomes.measures.dates import days_between
from sightline.outcomes.measures.places import Tables, with_child
from sightline.outcomes.measures.views import view
from sightline.outcomes.measures.views.care_settings import with_setting

_HEARD = ("attended", "represented", "advocate", "written")


@view(
    "views_recorded",
    needs=("irds", "investigations", "planning-meetings", "children"),
    title="Children's views in child protection",
    start="on_day",
)
def views_recorded(tables: Tables) -> ir.Table:
    """One row is one child at one discussion, investigation or planning meeting.

    `heard`: yes, no, na (not appropriate for the age), or null where nobody filled it in.
    `by_stage`: discussion, investigation, meeting. `by_placement`: where looked after then, if so.
    """
    irds, checks = tables["irds"], tables["investigations"]
    meetings = tables["planning-meetings"]
    said = meetings.child_views
    stages = (
        irds.select(
            "child", on_day=irds.started_at.date(), heard=irds.child_views_sought,
            by_stage=ibis.literal("discussion"), record=irds.ird,
        ),
        checks.select(
            "child", on_day=checks.started_on, heard=checks.child_views_recorded,
            by_stage=ibis.literal("investigation"), record=checks.investigation,
        ),
        meetings.select(
            "child", on_day=meetings.held_on,
            heard=ibis.cases(
                (said.isin(_HEARD), "yes"), (said == "not-obtained", "no"),
                (said == "not-appropriate", "na"),
            ),
            by_stage=ibis.literal("meeting"), record=meetings.meeting,
        ),
    )  # fmt: skip
    rows = with_setting(ibis.union(*stages), tables, "child", "on_day", on="on_day")
    return with_child(rows, tables, on="on_day")


@view(
    "meeting_voices",
    needs=("planning-meetings", "children"),
    title="Who was heard at planning meetings",
    start="held_on",
)
def meeting_voices(tables: Tables) -> ir.Table:
    """One row is one child at one planning meeting.

    `child_there`, `parent_there`: among those who attended; null where the list is not filled in.
    """
    rows = tables["planning-meetings"]
    rows = rows.mutate(
        child_there=rows.attended.contains("child"),
        parent_there=rows.attended.contains("parent"),
        by_meeting=rows.meeting_type,
    )
    rows = with_setting(rows, tables, "child", "held_on", on="held_on")
    return with_child(rows, tables, on="held_on")


@view(
    "advocacy",
    needs=("advocacy", "children"),
    title="Entitled to advocacy",
    start="eligible_on",
)
def advocacy(tables: Tables) -> ir.Table:
    """One row is one occasion on which one child was entitled to advocacy.

    `days_to_contact`: from the offer to the first contact; null while there is none.
    `by_group`: why the child was entitled. `by_placement`: where looked after on that day, if so.
    """
    rows = tables["advocacy"]
    rows = rows.mutate(
        days_to_contact=days_between(rows.offered_on, rows.first_contact_on),
        by_group=rows.group,
        by_issue=rows.issue.fill_null("not-known"),
    )
    rows = with_setting(rows, tables, "child", "eligible_on", on="eligible_on")
    return with_child(rows, tables, on="eligible_on")


@view(
    "hearings_held",
    needs=("hearings", "children"),
    title="Children's hearings",
    start="held_on",
)
def hearings_held(tables: Tables) -> ir.Table:
    """One row is one child at one hearing.

    `spoken_for`: an advocate or a legal representative was there; yes where one of the two is yes,
    no where both are no, else null. `by_excused`, `by_placement` on the day.
    """
    rows = tables["hearings"]
    rows = rows.mutate(
        spoken_for=rows.advocate | rows.lawyer,
        by_excused=ibis.cases(
            (rows.excused, "excused"), (~rows.excused, "not excused"), else_="not-known"
        ),
    )
    rows = with_setting(rows, tables, "child", "held_on", on="held_on")
    return with_child(rows, tables, on="held_on")


@view("issues_raised", needs=("voice-issues",), title="Issues raised", start="raised_on")
def issues_raised(tables: Tables) -> ir.Table:
    """One row is one issue children, care leavers or parents raised; no child is named in it."""
    rows = tables["voice-issues"]
    return rows.mutate(child=ibis.null("string"), by_group=rows.group.fill_null("not-known"))
