"""What the clock does: alarms for what nobody has acted on, destruction of words kept too long.

Both may be interrupted and begun again at any point: each concern is one transaction, and is only
written as it was found.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.concerns import queries
from sightline.concerns.definitions import procedure
from sightline.concerns.models import Alarm, Concern, Letter, State, Step
from sightline.concerns.services.post import write
from sightline.concerns.services.turns import next_people


def _name(actor: Actor | str) -> str:
    return actor if isinstance(actor, str) else actor.audit_name


def look_for_overdue(*, actor: Actor | str) -> int:
    """Give the alarm for every concern whose clock has run out; returns how many.

    The lead, the local lead if it was passed on, and the service manager are told, and told again
    until somebody acts. Whoever holds a role by now counts, not who held it when it was raised.
    """
    now = timezone.now()
    found = Concern.objects.filter(next_alarm__lte=now).order_by("due")
    return sum(
        _alarm(actor, concern, now)
        for concern in found.select_related("stand_in", "raised_by").iterator()
    )


@transaction.atomic
def _alarm(actor: Actor | str, concern: Concern, now: dt.datetime) -> bool:
    again = now + dt.timedelta(hours=procedure().alarm_again_hours)
    as_found = Concern.objects.filter(
        pk=concern.pk, turn=concern.turn, next_alarm=concern.next_alarm
    )
    if not as_found.update(next_alarm=again, escalated=next_people(concern)[1]):
        return False
    told = alarmed(concern)
    write(concern, Letter.Why.ALARM if told else Letter.Why.NOBODY,
          told or queries.administrators())  # fmt: skip
    Alarm.objects.create(
        concern=concern,
        state=concern.state,
        due=concern.due or now,
        given_at=now,
        given_by=_name(actor),
        told=len(told),
    )
    audit.record(
        actor,
        "concern.alarmed",
        queries.target(concern),
        after={"waits": State(concern.state).label, "told": len(told)},
    )
    return True


def alarmed(concern: Concern) -> list[User]:
    """Everybody an alarm is for: each person once, never somebody it is to go round."""
    people = [*queries.leads(concern), *queries.managers(concern)]
    if concern.passed_on:
        people += queries.local_leads(concern)
    return list({person.pk: person for person in people}.values())


def destroy_what_is_over(*, actor: Actor | str) -> int:
    """Destroy the words of concerns kept as long as the procedure says; returns how many.

    That there was a concern, its steps and its times stay; what anybody wrote does not.
    """
    today = timezone.localdate()
    over = Concern.objects.filter(state=State.CLOSED, keep_until__lt=today, destroyed_at=None)
    return sum(_destroy(actor, concern) for concern in over.iterator())


@transaction.atomic
def _destroy(actor: Actor | str, concern: Concern) -> bool:
    for field in ("worry", "where_seen", "danger", "told", "about_whom"):
        setattr(concern, field, "")
    concern.destroyed_at = timezone.now()
    concern.destroyed_by = _name(actor)
    concern.save()
    for step in Step.objects.filter(concern=concern):
        step.note = step.local_reference = ""
        step.save()
    audit.record(actor, "concern.destroyed", queries.target(concern))
    return True
