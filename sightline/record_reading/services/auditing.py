"""Rolling audits of a partnership: begun, one turn after another by the clock, actions noted."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from sightline.access import audit as trail
from sightline.access.actors import Actor
from sightline.kernel.errors import BadInput, NotAllowed, NotFound
from sightline.record_reading import asking
from sightline.record_reading.models import AuditAction, RollingAudit, Round
from sightline.record_reading.permissions import Deed, get_audit_for, may_begin_own
from sightline.record_reading.services.rounds import Start, begin_round, free_slug, needed
from sightline.record_reading.services.shared import held, target

DAYS_OF_READING: Final = 5
"""How many days the first turn has for reading; the next have as many as the one before."""

CARRIED: Final = ("look_back", "base", "double_share", "threshold")
"""Settings that a turn takes from the one before as they are."""


@dataclass(frozen=True)
class Rolling:
    """What a rolling audit begins with: what is read, how often, how many records, from when."""

    title: str
    template: str
    topic: str
    every_weeks: int
    size: int
    starts_on: dt.date


def audit_target(audit: RollingAudit) -> str:
    """How the trail names a rolling audit."""
    return f"record-audit:{audit.area}/{audit.slug}"


@transaction.atomic
def begin_audit(*, actor: Actor, area: str, rolling: Rolling) -> RollingAudit:
    """Begin a rolling audit of a partnership's own, and its first turn, to be prepared.

    Raises:
        NotFound: it is not theirs to begin, or there is no such template.
        BadInput: it has no title or topic, or figures that cannot be.
    """
    if not may_begin_own(actor, area):
        raise NotFound("There is no such area, or its audits are not yours to begin.")
    asking.template(rolling.template)
    if rolling.every_weeks < 1 or rolling.size < 1:
        raise BadInput("An audit reads at least one record, a week or more apart.")
    made = RollingAudit.objects.create(
        area=area,
        slug=free_slug(rolling.title, RollingAudit.objects.filter(area=area), frozenset({"new"})),
        title=needed(rolling.title, "what the audit is called"),
        template=rolling.template,
        topic=needed(rolling.topic, "what is looked at"),
        every_weeks=rolling.every_weeks,
        size=rolling.size,
        starts_on=rolling.starts_on,
        made_at=timezone.now(),
        made_by=actor.audit_name,
    )
    trail.record(
        actor, "record-audit.begun", audit_target(made), after={"weeks": rolling.every_weeks}
    )
    begin_turn(actor=actor, audit=made, turn=1)
    return made


def turn_of(audit: RollingAudit, day: dt.date) -> int:
    """The turn that a day lies in, counted from 1; 0 before the first."""
    if day < audit.starts_on:
        return 0
    return (day - audit.starts_on).days // (7 * audit.every_weeks) + 1


def first_day(audit: RollingAudit, turn: int) -> dt.date:
    """The first day of a turn."""
    return audit.starts_on + dt.timedelta(weeks=audit.every_weeks * (turn - 1))


def next_turn(audit: RollingAudit) -> int:
    """The number of the turn after the last that was begun."""
    return int(audit.rounds.aggregate(last=Max("turn"))["last"] or 0) + 1


@transaction.atomic
def begin_turn(*, actor: Actor, audit: RollingAudit, turn: int) -> Round:
    """Begin a turn of an audit, with the settings of the turn before.

    Raises:
        NotFound, NotPermitted: the audit is not theirs to run.
        NotAllowed: it has ended, or the turn was begun.
    """
    get_audit_for(actor, audit.area, audit.slug, Deed.RUN)
    fresh = RollingAudit.objects.select_for_update().get(pk=audit.pk)
    if fresh.ended_at:
        raise NotAllowed(f"“{fresh.title}” has ended.")
    if turn < next_turn(fresh):
        raise NotAllowed(f"Turn {turn} of “{fresh.title}” was begun before.")
    before = fresh.rounds.order_by("-turn").first()
    starts = first_day(fresh, turn)
    settings: dict[str, Any] = {
        "reads_from": starts,
        "reads_until": starts + dt.timedelta(days=DAYS_OF_READING - 1),
    }
    if before is not None:
        settings |= {name: getattr(before, name) for name in CARRIED}
        settings |= _texts(before) | _days(before, starts)
    made = begin_round(
        actor=actor,
        area=fresh.area,
        start=Start(
            title=f"{fresh.title}, turn {turn}",
            template=before.template if before else fresh.template,
            settings=settings,
            audit=fresh,
            turn=turn,
        ),
    )
    trail.record(actor, "record-audit.turn-begun", audit_target(fresh), after={"turn": turn})
    return made


def _texts(before: Round) -> dict[str, str]:
    return {
        name: text for name in ("content_note", "supervisor") if (text := getattr(before, name))
    }


def _days(before: Round, starts: dt.date) -> dict[str, dt.date]:
    """As many days of reading as before, and as long until what was read is deleted."""
    if not (before.reads_from and before.reads_until):
        return {}
    ends = starts + (before.reads_until - before.reads_from)
    found = {"reads_until": ends}
    if before.destroy_on:
        found["destroy_on"] = ends + (before.destroy_on - before.reads_until)
    return found


def begin_due_turns(*, actor: Actor, today: dt.date) -> int:
    """Begin the turn of each audit that today lies in, where none was; a missed one stays missed.

    Returns:
        How many were begun.
    """
    begun = 0
    for audit in RollingAudit.objects.filter(ended_at__isnull=True, starts_on__lte=today):
        turn = turn_of(audit, today)
        if turn >= next_turn(audit):
            begin_turn(actor=actor, audit=audit, turn=turn)
            begun += 1
    return begun


@transaction.atomic
def end_audit(*, actor: Actor, audit: RollingAudit) -> RollingAudit:
    """Begin no more turns. Those that were begun go on.

    Raises:
        NotFound, NotPermitted: it is not theirs to run. NotAllowed: it has ended.
    """
    get_audit_for(actor, audit.area, audit.slug, Deed.RUN)
    fresh = RollingAudit.objects.select_for_update().get(pk=audit.pk)
    if fresh.ended_at:
        raise NotAllowed(f"“{fresh.title}” has ended already.")
    fresh.ended_at, fresh.ended_by = timezone.now(), actor.audit_name
    fresh.save(update_fields=["ended_at", "ended_by"])
    trail.record(actor, "record-audit.ended", audit_target(fresh))
    return fresh


# Actions.


@dataclass(frozen=True)
class ToDo:
    """What is to be done, by which role and until when; `item` is the code of what it is about."""

    words: str
    owner: str
    due_on: dt.date | None = None
    item: str = ""


@transaction.atomic
def note_action(*, actor: Actor, round: Round, to_do: ToDo) -> AuditAction:
    """Note what is to be done about what a turn found.

    Raises:
        NotFound, NotPermitted: the round is not theirs to run.
        NotAllowed: it is no turn of an audit. BadInput: it does not say what, or who.
    """
    round = held(actor, round, Deed.RUN)
    if round.audit_id is None:
        raise NotAllowed("Actions are noted of the turns of a rolling audit.")
    last = round.actions.aggregate(last=Max("number"))["last"] or 0
    made = AuditAction.objects.create(
        round=round,
        number=last + 1,
        words=needed(to_do.words, "what is to be done"),
        owner=needed(to_do.owner, "who sees to it"),
        due_on=to_do.due_on,
        item=to_do.item,
        noted_at=timezone.now(),
        noted_by=actor.audit_name,
    )
    trail.record(actor, "record-audit.action-noted", target(round), after={"number": made.number})
    return made


@transaction.atomic
def finish_action(*, actor: Actor, action: AuditAction, came_of_it: str) -> AuditAction:
    """Mark an action as done, with what came of it.

    Raises:
        NotFound, NotPermitted: the round is not theirs to run.
        NotAllowed: it is done already. BadInput: it does not say what came of it.
    """
    round = held(actor, action.round, Deed.RUN)
    fresh = AuditAction.objects.get(pk=action.pk)
    if fresh.done_at:
        raise NotAllowed("This was marked as done before.")
    fresh.came_of_it = needed(came_of_it, "what came of it")
    fresh.done_at, fresh.done_by = timezone.now(), actor.audit_name
    fresh.save(update_fields=["came_of_it", "done_at", "done_by"])
    trail.record(actor, "record-audit.action-done", target(round), after={"number": fresh.number})
    return fresh


def open_actions(round: Round) -> list[AuditAction]:
    """What turns before this one found to be done and is not, the oldest first."""
    if round.audit_id is None:
        return []
    found = AuditAction.objects.filter(
        round__audit=round.audit_id, round__turn__lt=round.turn, done_at__isnull=True
    )
    return list(found.select_related("round").order_by("round__turn", "number"))
