"""The links of invitations: a signed text that holds a secret, of which we keep only the hash."""

import datetime as dt
import hashlib
import hmac
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.core import signing

from sightline.access.models import Invitation

LASTS: Final = dt.timedelta(days=7)
_SALT: Final = "sightline.access.invitation"


BY_HAND: Final = "This copy has no mail server: pass on the file in the folder mail by hand."


def letters_reach_people() -> bool:
    """Whether letters go anywhere: without a mail server they are files for passing on by hand."""
    return not settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")


class InvitationState(StrEnum):
    """What can be done with an invitation."""

    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def hash_of(secret: str) -> str:
    """What is kept of a link's secret. It is random and long, so a plain hash will do."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_of(invitation: Invitation, secret: str) -> str:
    """The part of the link that names the invitation and proves it was sent."""
    return signing.dumps([invitation.pk, secret], salt=_SALT)


def invitation_of(token: str) -> Invitation | None:
    """The invitation a link was sent for, with its person; None for a link we never sent."""
    try:
        pk, secret = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    found = Invitation.objects.select_related("person").filter(pk=pk).first()
    if found is None or not hmac.compare_digest(found.secret_hash, hash_of(secret)):
        return None
    return found


def state_of(invitation: Invitation, *, now: dt.datetime) -> InvitationState:
    """What can be done with an invitation at this moment."""
    if invitation.used_at is not None:
        return InvitationState.USED
    if invitation.withdrawn_at is not None:
        return InvitationState.WITHDRAWN
    return InvitationState.OPEN if now < invitation.expires else InvitationState.EXPIRED
