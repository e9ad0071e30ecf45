"""Joining by a letter with a link, and setting up again after a factor is lost."""

import secrets
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from sightline.access import audit, policies, queries
from sightline.access.actors import Actor, acting_as
from sightline.access.doors import require_people
from sightline.access.invitations import LASTS, hash_of, token_of
from sightline.access.models import Invitation, User
from sightline.access.permissions import Permission
from sightline.access.services.shared import (
    forget_how_they_sign_in,
    id_of,
    reason_of,
    withdraw_open,
)
from sightline.kernel.errors import NotAllowed, NotAvailable

SECRET_BYTES = 32


@transaction.atomic
def invite(*, actor: Actor, person: User, site: str = "") -> Invitation:
    """Send a person a letter with a link to set up how they sign in; an earlier link stops working.

    Args:
        actor: who invites.
        person: who is invited.
        site: what addresses begin with, such as `https://sightline.example`; the setting if empty.

    Raises:
        NotFound, NotPermitted: as `require_people`.
        NotAllowed: somebody without access, or who has set up already.
        NotAvailable: the letter could not be sent, so nothing was done.
    """
    require_people(actor, Permission.PEOPLE_MANAGE)
    policies.check_can_invite(person, joined=queries.has_joined(person))
    again = person.last_login is not None
    purpose = Invitation.Purpose.AGAIN if again else Invitation.Purpose.JOIN
    invitation = _send(actor, person, purpose, site)
    audit.record(actor, "person.invited", f"person:{person.pk}")
    return invitation


@transaction.atomic
def withdraw_invitation(*, actor: Actor, person: User) -> None:
    """Make the link in a person's letter useless.

    Raises:
        NotFound, NotPermitted: as `require_people`.
        NotAllowed: they have no open invitation.
    """
    require_people(actor, Permission.PEOPLE_MANAGE)
    if not withdraw_open(actor, person):
        raise NotAllowed(f"{person.name} has no invitation that could be withdrawn.")
    audit.record(actor, "person.invitation-withdrawn", f"person:{person.pk}")


@transaction.atomic
def set_up_again(*, actor: Actor, person: User, reason: str, site: str = "") -> Invitation:
    """Let somebody who lost what they sign in with start anew, by a letter with a link.

    Their factors and password are removed and they are signed out everywhere, so that whoever
    found the lost device cannot come in with it.

    Raises:
        NotFound, NotPermitted: as `require_people`.
        BadInput: no reason is given.
        NotAllowed: oneself, or somebody without access.
        NotAvailable: the letter could not be sent, so nothing was done.
    """
    require_people(actor, Permission.PEOPLE_MANAGE)
    why = reason_of(reason)
    policies.check_can_set_up_again(person, by_id=id_of(actor))
    forget_how_they_sign_in(person)
    invitation = _send(actor, person, Invitation.Purpose.AGAIN, site)
    audit.record(actor, "person.factors-reset", f"person:{person.pk}", reason=why)
    return invitation


def _send(actor: Actor, person: User, purpose: str, site: str) -> Invitation:
    withdraw_open(actor, person)
    secret, now = secrets.token_urlsafe(SECRET_BYTES), timezone.now()
    invitation = Invitation.objects.create(
        person=person,
        purpose=purpose,
        secret_hash=hash_of(secret),
        sent_at=now,
        sent_by=actor.audit_name,
        expires=now + LASTS,
    )
    path = reverse("account_join_link", kwargs={"token": token_of(invitation, secret)})
    context = {
        "person": person,
        "again": purpose == Invitation.Purpose.AGAIN,
        "link": (site or settings.SIGHTLINE_ADDRESS).rstrip("/") + path,
        "expires": invitation.expires,
        "by": actor.name if isinstance(actor, User) else "",
    }
    try:
        send_mail(
            "Set up Sightline again" if context["again"] else "You are invited to Sightline",
            render_to_string("access/letters/invitation.txt", context),
            None,
            [person.email],
        )
    except (OSError, SMTPException) as fault:
        raise NotAvailable(
            f"The letter to {person.name} could not be sent ({type(fault).__name__}), so nothing "
            "was changed. Try again, or ask whoever runs the mail server."
        ) from fault
    return invitation


@transaction.atomic
def use_invitation(*, actor: User, invitation: Invitation, password: str = "") -> None:
    """Take up one's own invitation. A password is set with it, if one is given.

    Raises:
        NotAllowed: it is not theirs, or has been used, withdrawn or left too long.
    """
    now = timezone.now()
    policies.check_own_invitation(invitation, by_id=actor.pk)
    with acting_as(actor):
        still_open = Invitation.objects.filter(
            pk=invitation.pk, used_at=None, withdrawn_at=None, expires__gt=now
        )
        if not still_open.update(used_at=now, used_by=actor.audit_name):
            raise NotAllowed("This link has just been used or withdrawn. Ask for a new letter.")
        if password:
            actor.set_password(password)
            actor.save(update_fields=["password"])
        how = "a password" if password else "a passkey"
        audit.record(actor, "person.joined", f"person:{actor.pk}", after={"with": how})
