"""The steps after a concern was raised. Each is one person's, at one time, with their words.

All take `key` (which concern), `turn` (as it was on the page they acted on) and `note`. All raise
`NotFound` and `NotPermitted` as `get_concern_to`, `NotAllowed` when the state forbids it or
somebody was quicker, and `BadInput` without the words they need.
"""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.concerns import policies, queries
from sightline.concerns.definitions import procedure
from sightline.concerns.models import Concern, Deed, Letter
from sightline.concerns.permissions import get_concern_to, require_person
from sightline.concerns.services.post import write
from sightline.concerns.services.turns import check_words, take, tell
from sightline.kernel.errors import BadInput

Why = Letter.Why


@sensitive_variables("note")
@transaction.atomic
def pass_on(*, actor: Actor, key: UUID, turn: int, note: str) -> Concern:
    """The lead passes it on to the local lead (or the service manager in their place)."""
    concern = get_concern_to(actor, key, Deed.PASSED_ON)
    reason = check_words(note, what="why you pass it on")
    concern.passed_on = True
    take(concern, require_person(actor), Deed.PASSED_ON, turn=turn, note=reason)
    tell(concern, Why.PASSED)
    return concern


@sensitive_variables("note")
@transaction.atomic
def keep_back(*, actor: Actor, key: UUID, turn: int, note: str) -> Concern:
    """The lead decides not to pass it on; a second person must agree before it is closed."""
    concern = get_concern_to(actor, key, Deed.KEPT)
    reason = check_words(note, what="why you do not pass it on")
    take(concern, require_person(actor), Deed.KEPT, turn=turn, note=reason)
    tell(concern, Why.MOVED, also=queries.managers(concern))
    return concern


@sensitive_variables("note")
@transaction.atomic
def acknowledge(*, actor: Actor, key: UUID, turn: int, note: str = "") -> Concern:
    """The receiver says that they have it and act."""
    concern = get_concern_to(actor, key, Deed.ACKNOWLEDGED)
    take(concern, require_person(actor), Deed.ACKNOWLEDGED, turn=turn, note=note.strip())
    write(concern, Why.NEWS, [concern.raised_by])
    return concern


@sensitive_variables("note", "local_reference")
@transaction.atomic
def record_action(
    *, actor: Actor, key: UUID, turn: int, note: str, local_reference: str = ""
) -> Concern:
    """What was done, and where the local case management system has it."""
    concern = get_concern_to(actor, key, Deed.ACTED)
    done = check_words(note, what="what was done")
    person = require_person(actor)
    return take(
        concern, person, Deed.ACTED, turn=turn, note=done, local_reference=local_reference.strip()
    )


@sensitive_variables("note")
@transaction.atomic
def record_outcome(*, actor: Actor, key: UUID, turn: int, note: str) -> Concern:
    """What came of it. The lead or the service manager then closes it or sends it back."""
    concern = get_concern_to(actor, key, Deed.CONCLUDED)
    outcome = check_words(note, what="what came of it")
    take(concern, require_person(actor), Deed.CONCLUDED, turn=turn, note=outcome)
    tell(concern, Why.MOVED)
    return concern


@sensitive_variables("note")
@transaction.atomic
def send_back(*, actor: Actor, key: UUID, turn: int, note: str) -> Concern:
    """The outcome is not enough: more is to be done."""
    concern = get_concern_to(actor, key, Deed.RETURNED)
    missing = check_words(note, what="what is still to be done")
    take(concern, require_person(actor), Deed.RETURNED, turn=turn, note=missing)
    tell(concern, Why.MOVED)
    return concern


@sensitive_variables("note")
@transaction.atomic
def close(*, actor: Actor, key: UUID, turn: int, note: str) -> Concern:
    """Agree that nothing is left to do. From now the time of keeping runs."""
    concern = get_concern_to(actor, key, Deed.CLOSED)
    person = require_person(actor)
    policies.check_second_person(concern, kept_by_id=queries.last_kept_by(concern), by_id=person.pk)
    agreed = check_words(note, what="why it can be closed")
    concern.keep_until = timezone.localdate() + dt.timedelta(days=procedure().keep_days)
    take(concern, person, Deed.CLOSED, turn=turn, note=agreed)
    write(concern, Why.NEWS, [concern.raised_by])
    return concern


@sensitive_variables("note")
@transaction.atomic
def ask(*, actor: Actor, key: UUID, turn: int, note: str) -> Concern:
    """Ask the raiser something. The clock goes on."""
    concern = get_concern_to(actor, key, Deed.ASKED)
    question = check_words(note, what="what you want to know")
    policies.check_question(concern, Deed.ASKED)
    concern.question_waits = True
    take(concern, require_person(actor), Deed.ASKED, turn=turn, note=question)
    write(concern, Why.ASKED, [concern.raised_by])
    return concern


@sensitive_variables("note")
@transaction.atomic
def answer(*, actor: Actor, key: UUID, turn: int, note: str) -> Concern:
    """The raiser answers; whoever must act is told."""
    concern = get_concern_to(actor, key, Deed.ANSWERED)
    said = check_words(note, what="your answer")
    policies.check_question(concern, Deed.ANSWERED)
    asker = queries.last_asker(concern)
    concern.question_waits = False
    take(concern, require_person(actor), Deed.ANSWERED, turn=turn, note=said)
    tell(concern, Why.ANSWERED, also=asker)
    return concern


@sensitive_variables("note")
@transaction.atomic
def hand_over(*, actor: Actor, key: UUID, turn: int, note: str, person: User) -> Concern:
    """Somebody else of the inspection's team decides, because the lead is away.

    Raises:
        BadInput: that person may not stand in.
    """
    concern = get_concern_to(actor, key, Deed.HANDED_OVER)
    policies.check_can_hand_over(concern)
    reason = check_words(note, what="why somebody else decides")
    if not queries.eligible_stand_ins(concern).filter(pk=person.pk).exists():
        raise BadInput(f"{person.name} does not see all of this inspection, so cannot stand in.")
    concern.stand_in = person
    concern.escalated = False
    take(concern, require_person(actor), Deed.HANDED_OVER, turn=turn, note=reason)
    write(concern, Why.MOVED, [person])
    return concern
