"""Letters that a concern is waiting. They name it by its label and hold no word of it.

A letter is a row first, so that it is never lost: it is sent as soon as the step is stored, and
tried again by the clock until it has gone.
"""

import datetime as dt
import smtplib
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.concerns.models import Concern, Letter

PATIENCE_SECONDS: Final = 10
"""How long a mail server may take while somebody waits for the page."""
UNDISTURBED: Final = dt.timedelta(minutes=2)
"""Younger letters are still being sent by whoever wrote them."""
GIVEN_UP: Final = dt.timedelta(days=30)
Why = Letter.Why

_SAID: Final[dict[str, tuple[str, str]]] = {
    Why.RAISED: (
        "A matter of concern was raised",
        "Read it now. If it has not gone to the local lead at once, it waits for you to decide.",
    ),
    Why.PASSED: ("A matter of concern waits for you", "It waits for you to acknowledge it."),
    Why.ALARM: (
        "Nobody has acted on a matter of concern",
        "Its time has run out. Act, or telephone who should.",
    ),
    Why.MOVED: ("A matter of concern waits for you", "The next step is yours."),
    Why.ASKED: ("A question about a concern you raised", "Somebody needs an answer from you."),
    Why.ANSWERED: ("An answer about a matter of concern", "Your question was answered."),
    Why.NEWS: ("News of a concern you raised", "Something was done with it."),
    Why.NOBODY: (
        "Nobody is named to receive a matter of concern",
        "Give somebody the role of service manager for all of Scotland, so that they can open it. "
        "You cannot open it yourself.",
    ),
}  # fmt: skip


def write(concern: Concern, why: str, people: Iterable[User]) -> list[Letter]:
    """Keep a letter to each of these people, and send them once the step is stored."""
    now = timezone.now()
    unique = {person.pk: person for person in people}
    written = [
        Letter(concern=concern, person=person, why=why, written=now) for person in unique.values()
    ]
    Letter.objects.bulk_create(written)
    if written:
        transaction.on_commit(partial(_post, [letter.pk for letter in written]))
    return written


def text_of(letter: Letter) -> EmailMessage:
    """The letter as it is sent: its subject, its reason, the label, the link."""
    subject, reason = _SAID[letter.why]
    if letter.why == Why.NOBODY:
        link = address() + reverse("access:people")
    else:
        link = address() + reverse("concerns:concern", args=[letter.concern_id])
    body = (
        f"{reason}\n\nConcern {letter.concern.label}\n{link}\n\n"
        "This letter says nothing about it on purpose. Do not write about it by e-mail.\n"
        "If somebody is in danger now, call 999.\n"
    )
    return EmailMessage(subject, body, to=[letter.person.email])


def address() -> str:
    """Where this service is, as people type it."""
    return str(settings.SIGHTLINE_ADDRESS).rstrip("/")


def _post(keys: Sequence[UUID]) -> int:
    """Send these letters, if they have not gone; returns how many went now."""
    waiting = Letter.objects.filter(pk__in=keys, sent=None).select_related("concern", "person")
    connection = get_connection(timeout=PATIENCE_SECONDS)
    gone = 0
    for letter in waiting:
        mine = Letter.objects.filter(pk=letter.pk, sent=None)
        try:
            message = text_of(letter)
            message.connection = connection
            message.send()
        except (OSError, smtplib.SMTPException):
            mine.update(tries=F("tries") + 1)
        else:
            gone += mine.update(sent=timezone.now(), tries=F("tries") + 1)
    return gone


def send_what_waits(*, actor: Actor | str) -> int:
    """Try again what could not be sent; returns how many letters went."""
    now = timezone.now()
    old = Letter.objects.filter(
        sent=None, written__lte=now - UNDISTURBED, written__gt=now - GIVEN_UP
    )
    gone = _post(list(old.order_by("written").values_list("pk", flat=True)[:200]))
    if gone:
        audit.record(actor, "concern.letters-sent", "concerns:letters", after={"sent": gone})
    return gone
