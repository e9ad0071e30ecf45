"""What every step shares: whose turn it is next, their letters, the clock, the audit line."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from sightline.access import audit
from sightline.access.models import User
from sightline.concerns import policies, queries
from sightline.concerns.definitions import procedure
from sightline.concerns.models import Concern, Deed, Letter, State, Step
from sightline.concerns.services.post import write
from sightline.kernel.errors import BadInput

Why = Letter.Why
WRITTEN: Final = 20_000
"""Most characters of one answer or note."""


def next_people(concern: Concern) -> tuple[list[User], bool]:
    """Who must take the next step, and whether that fell to the manager because nobody else can.

    Where the raiser asked to go round the local lead it is the manager's from the start, which is
    no escalation.
    """
    state = State(concern.state)
    if state in queries.LEADS_TURN:
        found = queries.leads(concern)
        if found or (state is not State.DECIDING and not concern.inspection):
            return found or queries.managers(concern), False
        return queries.managers(concern), True
    if concern.past_local_lead:
        return queries.managers(concern), False
    found = queries.local_leads(concern)
    return (found, False) if found else (queries.managers(concern), True)


def tell(concern: Concern, why: str, *, also: Iterable[User] = ()) -> list[User]:
    """Write to who must act next and to `also`; to the administrators when there is nobody."""
    people, _ = next_people(concern)
    if not people:
        write(concern, Why.NOBODY, queries.administrators())
    told = {person.pk: person for person in [*people, *also]}
    write(concern, why, told.values())
    return list(told.values())


def start_clock(concern: Concern, now: dt.datetime) -> None:
    """Set when the next step must be taken, or that none is left, and who it falls to."""
    if concern.state == State.CLOSED:
        concern.due = concern.next_alarm = None
        concern.escalated = concern.question_waits = False
        return
    limit = procedure().limit(concern.state, urgent=concern.urgent)
    concern.due = concern.next_alarm = now + limit
    concern.escalated = next_people(concern)[1]


def check_words(words: str, *, what: str) -> str:
    """The words, trimmed.

    Raises:
        BadInput: there are none where some are needed, or too many.
    """
    trimmed = words.strip()
    if not trimmed:
        raise BadInput(f"Enter {what}.")
    if len(trimmed) > WRITTEN:
        raise BadInput(f"Use {WRITTEN:,} characters or fewer for {what}.")
    return trimmed


@sensitive_variables("note", "local_reference")
def take(
    concern: Concern, person: User, deed: Deed, *, turn: int, note: str, local_reference: str = ""
) -> Concern:
    """Write one step over what the person saw; the caller has asked door and policies.

    Raises:
        NotAllowed: not in this state, or somebody was quicker.
    """
    before, now = concern.state, timezone.now()
    after = policies.check_can(concern, deed)
    policies.check_as_seen(concern, turn)
    concern.turn = turn + 1
    if after != before or deed is Deed.ACTED:
        concern.state = after
        start_clock(concern, now)
    changed = Concern.objects.filter(pk=concern.pk, turn=turn).update(
        turn=concern.turn,
        state=concern.state,
        due=concern.due,
        next_alarm=concern.next_alarm,
        escalated=concern.escalated,
        question_waits=concern.question_waits,
        passed_on=concern.passed_on,
        stand_in=concern.stand_in,
        keep_until=concern.keep_until,
    )
    if not changed:
        policies.check_as_seen(Concern.objects.get(pk=concern.pk), turn)
    Step.objects.create(
        concern=concern,
        turn=concern.turn,
        deed=deed,
        taken_at=now,
        taken_by=person,
        note=note,
        local_reference=local_reference,
    )
    audit.record(
        person,
        f"concern.{deed}",
        queries.target(concern),
        before={"state": before},
        after={"state": concern.state},
    )
    return concern
