"""Rounds of reading: begun, set up, opened, locked, opened again, shared."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.jobs import services as jobs
from sightline.kernel.errors import BadInput, NotAllowed, NotFound
from sightline.record_reading import asking, policies, queries
from sightline.record_reading.feedback_counts import FEEDBACK
from sightline.record_reading.models import Reading, RollingAudit, Round, Settlement
from sightline.record_reading.permissions import (
    Deed,
    get_area_for,
    inspections_to_read_for,
    may_begin_own,
)
from sightline.record_reading.services import moderating
from sightline.record_reading.services.shared import held, target

COUNT: Final = "record_reading.count"
"""The job that counts a round when it is locked."""

LEFT: Final = "Left when the round was locked."
"""Why a difference that nobody settled stands as two views."""

RESERVED: Final = frozenset({"new", "audits"})
"""What no round's address may be: pages about all of them have it."""

SETTINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "set-up": (
        "title", "reads_from", "reads_until", "look_back", "base", "double_share", "threshold",
    ),
    "support": ("content_note", "supervisor"),
    "destruction": ("destroy_on",),
}  # fmt: skip
"""What each task of setting up sets."""


@dataclass(frozen=True)
class Start:
    """What a round begins with. `settings` are those of the tasks, by the names of the model."""

    title: str
    template: str
    inspection: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    audit: RollingAudit | None = None
    turn: int | None = None


@transaction.atomic
def begin_round(*, actor: Actor, area: str, start: Start) -> Round:
    """Begin a round: it is prepared, and nothing is read.

    Raises:
        NotFound: there is no such area, inspection or template, or it is not theirs to begin.
        BadInput: it has no title, or settings that cannot be.
    """
    found = get_area_for(actor, area)
    _check_whose(actor, found.code, start.inspection)
    template = asking.template(start.template)
    round = Round(
        area=found.code,
        inspection=start.inspection,
        audit=start.audit,
        turn=start.turn,
        slug=free_slug(start.title, Round.objects.filter(area=found.code), RESERVED),
        title=_title(start.title),
        template=start.template,
        content_note=str(template.content_note),
        made_at=timezone.now(),
        made_by=actor.audit_name,
    )
    _set(round, {name: value for name, value in start.settings.items() if value is not None})
    round.save()
    audit.record(actor, "record-round.begun", target(round), after={"template": start.template})
    return round


def _check_whose(actor: Actor, area: str, inspection: str) -> None:
    if inspection and inspection not in inspections_to_read_for(actor, area):
        raise NotFound("There is no such inspection of this area, or it is not yours to read for.")
    if not inspection and not may_begin_own(actor, area):
        raise NotFound("Say for which inspection records are read.")


def _title(words: str) -> str:
    title = " ".join(words.split())
    if not title:
        raise BadInput("Enter what the round is called.")
    return title


def free_slug(title: str, others: Any, reserved: frozenset[str] = frozenset()) -> str:
    """An address made of a title, which none of `others` has."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:50].strip("-") or "round"
    taken = set(others.values_list("slug", flat=True)) | reserved
    slug, number = found, 2
    while slug in taken:
        slug, number = f"{found}-{number}", number + 1
    return slug


def _set(round: Round, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(round, name, value)
    round.title = _title(round.title)
    if round.base < policies.SMALLEST_BASE:
        raise BadInput(
            f"Results are shown for {policies.SMALLEST_BASE} records or more, never for fewer."
        )
    if not 0 <= round.double_share <= policies.ALL:
        raise BadInput("The share read twice is between 0 and 100 per cent.")
    if not 0 <= round.threshold <= 1:
        raise BadInput("The threshold of agreement is between 0 and 1.")
    policies.check_days(round.reads_from, round.reads_until, round.destroy_on)


@transaction.atomic
def set_up(*, actor: Actor, round: Round, task: str, values: Mapping[str, Any]) -> Round:
    """Keep what a task of preparing says.

    Raises:
        NotFound, NotPermitted: the round is not theirs to run.
        NotAllowed: it is locked; it has opened and would lose what it cannot be without.
        BadInput: days in the wrong order, or figures that cannot be.
    """
    round = held(actor, round, Deed.RUN)
    policies.check_can_set_up(round)
    given = {name: values[name] for name in SETTINGS[task] if name in values}
    before = {name: plain(getattr(round, name)) for name in given}
    _set(round, given)
    if round.state == Round.State.READING:
        for name in ("reads_from", "reads_until", "content_note", "supervisor", "destroy_on"):
            if not getattr(round, name):
                raise NotAllowed("Records are being read, so this can be changed, not taken away.")
    round.save()
    audit.record(
        actor, "record-round.set-up", target(round),
        before=before,
        after={"what": policies.TASKS[task].lower()} | {n: plain(v) for n, v in given.items()},
    )  # fmt: skip
    return round


def plain(value: Any) -> Any:
    """A value as the trail keeps it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


@transaction.atomic
def open_round(*, actor: Actor, round: Round) -> Round:
    """Let readers begin.

    Raises:
        NotFound, NotPermitted: the round is not theirs to run.
        NotAllowed: it is open or locked, or something is missing; the message lists what.
    """
    round = held(actor, round, Deed.RUN)
    ready = policies.ready(round)
    policies.check_can_open(ready, timezone.localdate())
    round.state = Round.State.READING
    round.opened_at, round.opened_by = timezone.now(), actor.audit_name
    round.save(update_fields=["state", "opened_at", "opened_by"])
    audit.record(
        actor, "record-round.opened", target(round),
        after={"records": ready.drawn, "readers": len(ready.readers)},
    )  # fmt: skip
    return round


def unfinished(round: Round) -> tuple[str, ...]:
    """Reading numbers (`R-014`) of records with something not handed in, or nobody to read them."""
    by_record: dict[Any, list[str]] = {}
    for record, state in queries.readings_in(round).values_list("record", "state"):
        by_record.setdefault(record, []).append(state)
    return tuple(
        record.label
        for record in queries.to_read(round).defer("facts", "reference")
        if {Reading.State.COMPLETE} != set(by_record.get(record.pk, ()))
    )


def unsettled(round: Round) -> list[Any]:
    """Differences between two readers that nobody has settled."""
    from sightline.record_reading.differences import differences

    return [one for one in differences(round) if one.settlement is None]


@transaction.atomic
def lock_round(
    *, actor: Actor, round: Round, reason: str = "", leave_two_views: bool = False
) -> Round:
    """Let no answer change any more, and have the round counted.

    Args:
        actor: who leads it.
        round: which.
        reason: why, where a record is not finished.
        leave_two_views: leave what nobody has settled as two views; both are reported.

    Raises:
        NotFound, NotPermitted: the round is not theirs to lead.
        NotAllowed: it is not open; a record is not finished and no reason is given; a difference
            is not settled and not left.
    """
    round = held(actor, round, Deed.MODERATE)
    policies.check_is_reading(round)
    _hold_readings(round)
    left = unfinished(round)
    if left and not reason.strip():
        raise NotAllowed(
            f"Not finished: {policies.some(left)}. "
            "Have them read or withdrawn, or say why the round is locked without them."
        )
    open_ones = unsettled(round)
    if open_ones and not leave_two_views:
        raise NotAllowed(
            f"{len(open_ones)} {'difference is' if len(open_ones) == 1 else 'differences are'} "
            "not settled. Settle them, or leave them as two views."
        )
    since = timezone.now()
    moderating.leave_two_views(actor, open_ones, LEFT)
    round.state = Round.State.LOCKED
    round.locked_at, round.locked_by = timezone.now(), actor.audit_name
    round.save(update_fields=["state", "locked_at", "locked_by"])
    # One moment for all of them, by which opening it again finds what this locking left.
    _left_as_two_views(round, settled_at__gte=since).update(settled_at=round.locked_at)
    audit.record(
        actor, "record-round.locked", target(round), reason=reason.strip(),
        after={"unfinished": len(left), "two_views": len(open_ones)},
    )  # fmt: skip
    _count(actor, round)
    return round


def _hold_readings(round: Round) -> None:
    """Let nobody save or hand in until this is done; whoever is at it is waited for."""
    rows = Reading.objects.select_for_update().filter(round=round)
    list(rows.order_by("pk").values_list("pk"))


def _left_as_two_views(round: Round, **when: dt.datetime | None) -> QuerySet[Settlement]:
    """Settlements in use that whoever locked the round made then."""
    return Settlement.objects.filter(
        record__sample__round=round, way=Settlement.Way.TWO_VIEWS, settled_by=round.locked_by,
        superseded_at__isnull=True, **when,
    )  # fmt: skip


def _count(actor: Actor, round: Round) -> None:
    """Have it counted, where something counts."""
    try:
        jobs.start(
            actor=actor, code=COUNT, about=target(round),
            title=f"Count what “{round.title}” found"[:200], round=str(round.pk),
        )  # fmt: skip
    except NotFound:
        return


@transaction.atomic
def reopen_round(*, actor: Actor, round: Round, reason: str) -> Round:
    """Let readers and whoever moderates change answers again; what was counted is given up.

    What was left as two views because it was locked is to be settled again. A feedback sheet that
    was shared is no longer shared: it may change.

    Raises:
        NotFound, NotPermitted: the round is not theirs to lead.
        NotAllowed: it is not locked.
        BadInput: no reason is given.
    """
    round = held(actor, round, Deed.MODERATE)
    policies.check_is_locked(round)
    reason = needed(reason, "why it is opened again")
    left = [
        one.pk for one in _left_as_two_views(round, settled_at=round.locked_at) if one.why == LEFT
    ]
    Settlement.objects.filter(pk__in=left).update(
        superseded_at=timezone.now(), superseded_by=actor.audit_name
    )
    round.state = Round.State.READING
    round.reopened = reason
    told = round.results.get(FEEDBACK)
    round.results = {FEEDBACK: told} if told else {}
    round.locked_at, round.locked_by = None, ""
    round.shared_at, round.shared_by = None, ""
    round.save()
    audit.record(actor, "record-round.reopened", target(round), reason=reason)
    return round


def needed(words: str, what: str) -> str:
    """A text that must not be empty.

    Raises:
        BadInput: it is.
    """
    if not words.strip():
        raise BadInput(f"Say {what}.")
    return words.strip()


@transaction.atomic
def change_template(*, actor: Actor, round: Round, template: str, reason: str = "") -> int:
    """Read by another template from now on: what was begun keeps the one it was begun with.

    Returns:
        How many readings that nobody has begun are read by it.

    Raises:
        NotFound, NotPermitted: the round is not theirs to run. NotFound: no such template.
        NotAllowed: it is locked, or the template has no place for a stratum of the sample.
        BadInput: records are being read, and no reason is given.
    """
    round = held(actor, round, Deed.RUN)
    policies.check_can_set_up(round)
    known = {stratum.code for stratum in asking.template(template).strata}
    lost = set(queries.to_read(round).values_list("stratum", flat=True)) - known
    if lost:
        raise NotAllowed(
            f"This template has no records of {', '.join(sorted(lost))}, which the sample has."
        )
    if round.state == Round.State.READING:
        reason = needed(reason, "why the template is changed")
    before, round.template = round.template, template
    round.save(update_fields=["template"])
    fresh = Reading.objects.filter(round=round, state=Reading.State.ASSIGNED)
    changed = fresh.exclude(template=template).update(template=template)
    audit.record(
        actor, "record-round.template-changed", target(round), reason=reason,
        before={"template": before}, after={"template": template, "readings": changed},
    )  # fmt: skip
    return changed


@transaction.atomic
def share_feedback(*, actor: Actor, round: Round) -> Round:
    """Show the feedback sheet to those of the partnership who answer for its return.

    Raises:
        NotFound, NotPermitted: the round is not theirs to lead.
        NotAllowed: it is not locked, or shared already.
    """
    round = held(actor, round, Deed.MODERATE)
    policies.check_is_locked(round)
    if round.shared_at:
        raise NotAllowed("The feedback sheet is shared already.")
    round.shared_at, round.shared_by = timezone.now(), actor.audit_name
    round.save(update_fields=["shared_at", "shared_by"])
    audit.record(actor, "record-round.shared", target(round))
    return round
