"""Raising a concern: sealed, sent to who must act, never in the way of whoever raises it."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.concerns import places, queries
from sightline.concerns.definitions import procedure
from sightline.concerns.models import Concern, Danger, Deed, Letter, State, Step
from sightline.concerns.permissions import require_person
from sightline.concerns.services.post import write
from sightline.concerns.services.turns import check_words, start_clock, tell
from sightline.kernel.errors import BadInput


@dataclass(frozen=True, repr=False)
class Told:
    """What the raiser answers. All but the first and the danger may be empty."""

    worry: str
    danger: str
    where_seen: str = ""
    told: str = ""
    about_whom: str = ""


@sensitive_variables()
@transaction.atomic
def raise_concern(
    *,
    actor: Actor,
    told: Told,
    partnership: str,
    inspection: str = "",
    past_lead: bool = False,
    past_local_lead: bool = False,
    token: UUID | None = None,
) -> Concern:
    """Keep a concern and send it on its way.

    An urgent one, one without an inspection and one that is to go round the lead is sent to its
    receiver at once; any other waits for the lead of the inspection to decide.

    Args:
        actor: who raises it; any person who has signed in.
        told: their answers.
        partnership: code of the area whose local lead receives it.
        inspection: reference of the inspection they saw it in, if there is one.
        past_lead: it may be about the inspection lead, who is not to see it.
        past_local_lead: it may be about the local lead; the service manager receives it.
        token: of this sending. Sent twice, as by a second press of the button, it is one concern.

    Raises:
        NotPermitted: the command line.
        BadInput: no worry, no answer about danger, no such partnership or inspection.
    """
    person = require_person(actor)
    if sent := _sent_before(person, token):
        return sent
    _check_told(told)
    _check_place(person, partnership, inspection)
    urgent = Danger(told.danger) in procedure().urgent_when
    straight_on = urgent or past_lead or not inspection
    concern = Concern(
        id=token or uuid4(),
        partnership=partnership,
        inspection=inspection,
        urgent=urgent,
        past_lead=past_lead,
        past_local_lead=past_local_lead,
        passed_on=straight_on,
        state=State.PASSED if straight_on else State.DECIDING,
        raised_at=timezone.now(),
        raised_by=person,
    )
    _write_answers(concern, told)
    start_clock(concern, concern.raised_at)
    if not _insert(concern):
        return _sent_once(person, concern.pk)
    Step.objects.create(
        concern=concern, turn=1, deed=Deed.RAISED, taken_at=concern.raised_at, taken_by=person,
        note="", local_reference="",
    )  # fmt: skip
    tell(concern, Letter.Why.PASSED if straight_on else Letter.Why.RAISED)
    if urgent:
        write(concern, Letter.Why.RAISED, queries.leads(concern))
    audit.record(person, "concern.raised", queries.target(concern), after={"state": concern.state})
    return concern


def _sent_before(person: User, token: UUID | None) -> Concern | None:
    return Concern.objects.filter(pk=token, raised_by=person).first() if token else None


def _insert(concern: Concern) -> bool:
    """Store it; False if another process has just stored one of the same sending."""
    try:
        with transaction.atomic():
            concern.save(force_insert=True)
    except IntegrityError:
        if not Concern.objects.filter(pk=concern.pk).exists():
            raise
        return False
    return True


def _sent_once(person: User, token: UUID) -> Concern:
    found = _sent_before(person, token)
    if found is None:  # somebody else's: no form of ours asks for that
        raise BadInput("This form cannot be sent again. Open a new one and send that.")
    return found


@sensitive_variables()
def _check_told(told: Told) -> None:
    check_words(told.worry, what="what you are worried about")
    if told.danger not in Danger.values:
        raise BadInput("Say whether a child or adult is in immediate danger.")


def _check_place(person: User, partnership: str, inspection: str) -> None:
    if partnership not in places.partnerships():
        raise BadInput("Choose the partnership where the person is.")
    place = places.inspections_for(person).get(inspection) if inspection else None
    if inspection and (place is None or place.partnership != partnership):
        raise BadInput("Choose an inspection of that partnership, or none.")


@sensitive_variables()
def _write_answers(concern: Concern, told: Told) -> None:
    """Put the answers into a concern; saving it seals them."""
    concern.danger = told.danger
    concern.worry = told.worry.strip()
    concern.where_seen = told.where_seen.strip()
    concern.told = told.told.strip()
    concern.about_whom = told.about_whom.strip()
