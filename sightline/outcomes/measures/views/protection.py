"""Views of child protection: from a first discussion to the register and back.

Each row keeps the columns of its dataset and gains what the arithmetic of the domain adds without a
parameter: the next meeting, the months on the register, the next registration. What a definition
should own (28 days, 24 months, ages) stays in the definition. Method M-17 says how each is counted.
"""

from functools import reduce
from operator import or_
from typing import Final

import ibis
import ibis.expr.types as ir

from sightline.children.definitions import group_of
from sightline.outcomes.measures.dates import days_between, later, plus_days
from sightline.outcomes.measures.places import Tables, with_child
from sightline.outcomes.measures.shared import shared
from sightline.outcomes.measures.views import view
from sightline.outcomes.measures.views.care_settings import beside, first_of, placements

SUBSTANCE_USE: Final = "parental-substance-use"
DISCUSSION_BELONGS_DAYS: Final = 28
"""An investigation has the concerns of a discussion that began at most so many days before it."""
LENGTHS: Final = (
    (6, "under-6-months"), (12, "6-to-11-months"), (18, "12-to-17-months"), (24, "18-to-23-months"),
)  # fmt: skip
"""Categories of time on the register, each with the months it stays under."""


# ── Concerns ──


def _folded_codes() -> tuple[str, ...]:
    """Codes that are counted within parental substance use and are not that code itself."""
    groups = group_of("concerns")
    return tuple(c for c, group in groups.items() if group == SUBSTANCE_USE and c != group)


def _with_union(concerns: ir.ArrayValue) -> ir.ArrayValue:
    """The concerns, and parental substance use wherever alcohol or drug use is among them."""
    part = reduce(or_, (concerns.contains(c).fill_null(False) for c in _folded_codes()))
    whole = concerns.contains(SUBSTANCE_USE).fill_null(False)
    return ibis.ifelse(part & ~whole, concerns.concat(ibis.array([SUBSTANCE_USE])), concerns)


@shared
def _concerns_of_registrations(tables: Tables) -> ir.Table:
    """One row a registration: its concerns, and the same with alcohol and drug use as one."""
    rows = tables["register-concerns"]
    rows = rows.filter(rows.concern.notnull()).select("child", "registered_on", "concern")
    folded = ibis.ifelse(rows.concern.isin(_folded_codes()), SUBSTANCE_USE, rows.concern)
    return (
        rows.mutate(folded=folded)
        .group_by("child", "registered_on")
        .aggregate(
            concerns=lambda t: t.concern.collect(distinct=True),
            by_mention=lambda t: t.folded.collect(distinct=True),
        )
    )


# ── Discussions, investigations and meetings ──


@shared
def _discussions(tables: Tables) -> ir.Table:
    rows = tables["irds"]
    rows = rows.mutate(
        started_on=rows.started_at.date(),
        notified_on=rows.concern_notified_at.date(),
        by_pre_birth=_said(rows.pre_birth, "pre-birth", "born"),
        by_hours=_said(rows.out_of_hours, "out-of-hours", "in-hours"),
        by_concern=_with_union(rows.concerns),
    )
    return with_child(rows, tables, on="started_on")


def _said(flag: ir.BooleanValue, yes: str, no: str) -> ir.StringValue:
    """A flag as a category; what nobody filled in is not known."""
    return ibis.cases((flag, yes), (~flag, no), else_="not-known")


@view("irds", needs=("irds", "children"), title="Discussions between agencies", start="started_on")
def irds(tables: Tables) -> ir.Table:
    """One row is one child in one discussion."""
    return _discussions(tables)


@view(
    "ird_follow_ups",
    needs=("irds", "children", "planning-meetings"),
    title="Discussions and the meeting that came next",
    start="started_on",
)
def ird_follow_ups(tables: Tables) -> ir.Table:
    """One row is one child in one discussion.

    `next_meeting_on`: the child's first initial or pre-birth meeting on the day the discussion
    began or later; null where there is none so far.
    """
    rows = _discussions(tables)
    meetings = tables["planning-meetings"]
    meetings = meetings.filter(meetings.meeting_type.isin(["initial", "pre-birth"])).select(
        meeting_child="child", meeting_on="held_on"
    )
    keys = rows.select("ird", "child", "started_on").distinct()
    soonest = (
        keys.join(
            meetings,
            [keys.child == meetings.meeting_child, meetings.meeting_on >= keys.started_on],
        )
        .group_by("ird", "child")
        .aggregate(next_meeting_on=lambda t: t.meeting_on.min())
    )
    return beside(rows, soonest, "ird", "child")


@view(
    "investigations",
    needs=("investigations", "children"),
    title="Child protection investigations",
    start="started_on",
    end="ended_on",
)
def investigations(tables: Tables) -> ir.Table:
    """One row is one child in one investigation.

    `interview_days`: days from asking for the joint interview to its end. `by_model`: the model of
    interview. `by_concern`: concerns of the child's latest discussion in the 28 days up to the
    start; null where there was none.
    """
    rows = tables["investigations"]
    rows = rows.mutate(
        interview_days=days_between(rows.interview_requested_on, rows.interview_completed_on),
        by_model=rows.interview_type,
    )
    talks = tables["irds"]
    talks = talks.select(
        talk_child=talks.child,
        talk_at=talks.started_at,
        talk=talks.ird,
        by_concern=_with_union(talks.concerns),
    )
    keys = rows.select("investigation", "child", "started_on").distinct()
    near = keys.join(
        talks,
        [
            keys.child == talks.talk_child,
            talks.talk_at.date() <= keys.started_on,
            plus_days(talks.talk_at.date(), DISCUSSION_BELONGS_DAYS) >= keys.started_on,
        ],
    )
    near = first_of(
        near, "investigation", "child", by=[ibis.desc(near.talk_at), ibis.desc(near.talk)]
    ).select("investigation", "child", "by_concern")
    return with_child(beside(rows, near, "investigation", "child"), tables, on="started_on")


@view(
    "meetings",
    needs=("planning-meetings", "children"),
    title="Child protection planning meetings",
    start="held_on",
)
def meetings(tables: Tables) -> ir.Table:
    """One row is one child at one meeting. `registered`: the name went on the register there."""
    rows = tables["planning-meetings"]
    rows = rows.mutate(
        registered=rows.outcome == "registered",
        by_meeting_type=rows.meeting_type,
        by_outcome=rows.outcome,
    )
    return with_child(rows, tables, on="held_on")


# ── The register ──


def _months_between(first: ir.DateValue, last: ir.DateValue) -> ir.IntegerValue:
    """Whole months from one day to another: a month ends on the day of the same number, or on the
    last day of a month that has none."""
    months = (last.year() - first.year()) * 12 + last.month() - first.month()
    is_last_day = plus_days(last, 1).month() != last.month()
    short = (last.day() < first.day()) & ~is_last_day
    return months - ibis.ifelse(short, 1, 0)


def _entries(tables: Tables) -> ir.Table:
    """Entries with what lies before and after them; a flag not filled in is not temporary."""
    rows = tables["register-entries"]
    rows = rows.mutate(temporary=rows.temporary.fill_null(False))
    months = _months_between(rows.registered_on, rows.deregistered_on)
    rows = rows.mutate(
        days_on_register=days_between(rows.registered_on, rows.deregistered_on),
        months_on_register=months,
        by_length=ibis.cases(
            *((months < limit, name) for limit, name in LENGTHS),
            (months.notnull(), "24-months-or-more"),
        ),
        by_reason=rows.reason,
    )
    rows = beside(rows, _other_registrations(tables), "child", "registered_on")
    rows = beside(rows, _concerns_of_registrations(tables), "child", "registered_on")
    return rows.mutate(by_concern=_with_union(rows.concerns))


@shared
def _other_registrations(tables: Tables) -> ir.Table:
    """For each entry: the next registration, and the earlier ones. Temporary entries are no
    registrations of this council, so they are neither."""
    rows = tables["register-entries"]
    rows = rows.mutate(temporary=rows.temporary.fill_null(False))
    one = rows.select("child", "registered_on", "deregistered_on")
    lasting = rows.filter(~rows.temporary)
    other = lasting.select(
        other_child="child", other_on="registered_on", other_until="deregistered_on"
    )
    pairs = one.join(other, [one.child == other.other_child, one.registered_on != other.other_on])
    is_later = pairs.other_on > pairs.registered_on
    after = is_later & (pairs.other_on >= pairs.deregistered_on)
    ended = ~is_later & (pairs.other_until <= pairs.registered_on)
    return pairs.group_by("child", "registered_on").aggregate(
        next_registered_on=pairs.other_on.min(where=after),
        previous_registered_on=pairs.other_on.max(where=~is_later),
        previous_deregistered_on=pairs.other_until.max(where=ended),
    )


@view(
    "register_entries",
    needs=("register-entries", "children"),
    title="Entries on the child protection register",
    start="registered_on",
    end="deregistered_on",
)
def register_entries(tables: Tables) -> ir.Table:
    """One row is one time a child's name was on the register.

    `next_registered_on`: first later registration on or after the day it was taken off.
    `previous_registered_on`, `previous_deregistered_on`: of the latest earlier entry, and of the
    latest that had ended by then. `months_on_register`, `days_on_register`, `by_length`: null while
    on it. `concerns`: null where none is recorded; `by_mention` has parental alcohol and drug
    use as one; `by_concern` has them and, beside them, the one. The places are those of the day of
    registration.
    """
    return with_child(_entries(tables), tables, on="registered_on")


@view(
    "register_exits",
    needs=("register-entries", "children"),
    title="Names taken off the register",
    start="registered_on",
    end="deregistered_on",
)
def register_exits(tables: Tables) -> ir.Table:
    """As `register_entries`, with the places of the day the name was taken off."""
    return with_child(_entries(tables), tables, on="deregistered_on")


@view(
    "register_concerns",
    needs=("register-entries", "register-concerns", "children"),
    title="Concerns of those on the register",
    start="registered_on",
    end="deregistered_on",
)
def register_concerns(tables: Tables) -> ir.Table:
    """As `register_entries`, for what cannot be said without the concerns."""
    return with_child(_entries(tables), tables, on="registered_on")


@view(
    "register_leads",
    needs=("register-entries", "lead-professionals", "children"),
    title="Lead professionals of those on the register",
    start="registered_on",
    end="deregistered_on",
)
def register_leads(tables: Tables) -> ir.Table:
    """As `register_exits`, with `changes_of_lead`.

    A change is a worker who takes over from another after the day the name was placed on the
    register and before the day it was taken off. Null where no lead professional is recorded for
    any of that time.
    """
    rows = _entries(tables)
    turns = tables["lead-professionals"]
    in_turn = ibis.window(group_by="child", order_by=["started_on", "worker"])
    turns = turns.mutate(before=turns.worker.lag().over(in_turn)).select(
        turn_child="child",
        turn_on="started_on",
        turn_until="ended_on",
        changed=lambda t: (t.worker != t.before).fill_null(False),
    )
    one = rows.select("child", "registered_on", "deregistered_on")
    still_on = one.deregistered_on.isnull() | (turns.turn_on < one.deregistered_on)
    pairs = one.join(
        turns,
        [
            one.child == turns.turn_child,
            turns.turn_until.isnull() | (turns.turn_until > one.registered_on),
            still_on,
        ],
    )
    change = pairs.changed & (pairs.turn_on > pairs.registered_on)
    changes = pairs.group_by("child", "registered_on").aggregate(
        changes_of_lead=change.cast("int64").sum()
    )
    return with_child(beside(rows, changes, "child", "registered_on"), tables, on="deregistered_on")


@view(
    "register_outcomes",
    needs=("register-entries", "care-episodes", "placements", "children"),
    title="What came after the register",
    start="registered_on",
    end="deregistered_on",
)
def register_outcomes(tables: Tables) -> ir.Table:
    """As `register_exits`, with `next_away_on`: the first day, from the day the name was taken off,
    on which the child was looked after away from home; null where there is none so far."""
    rows = _entries(tables)
    stays = placements(tables)
    away = stays.filter(stays.setting != "home").select(
        away_child="child", away_on="from_on", away_until="until_on"
    )
    one = rows.select("child", "registered_on", "deregistered_on")
    pairs = one.join(
        away,
        [
            one.child == away.away_child,
            away.away_until.isnull() | (away.away_until > one.deregistered_on),
        ],
    )
    first = later(pairs.away_on, pairs.deregistered_on)
    days = pairs.group_by("child", "registered_on").aggregate(next_away_on=first.min())
    return with_child(beside(rows, days, "child", "registered_on"), tables, on="deregistered_on")


# ── Orders, care and risk management, learning reviews ──


@view(
    "protection_orders",
    needs=("protection-orders", "children"),
    title="Emergency and assessment orders",
    start="granted_on",
    end="ended_on",
)
def protection_orders(tables: Tables) -> ir.Table:
    """One row is one order about one child."""
    rows = tables["protection-orders"]
    rows = rows.mutate(by_order=rows.order_type)
    return with_child(rows, tables, on="granted_on")


@view(
    "care_risk_meetings",
    needs=("care-risk-meetings", "children"),
    title="Care and risk management meetings",
    start="held_on",
)
def care_risk_meetings(tables: Tables) -> ir.Table:
    """One row is one child at one meeting; it counts in each of its concerns."""
    rows = tables["care-risk-meetings"]
    return with_child(rows.mutate(by_concern=rows.concerns), tables, on="held_on")


@view(
    "learning_reviews",
    needs=("learning-reviews",),
    title="Learning reviews",
    start="notified_on",
    end="completed_on",
)
def learning_reviews(tables: Tables) -> ir.Table:
    """One row is one case considered for a learning review; no child is in it."""
    return tables["learning-reviews"]
