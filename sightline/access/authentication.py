"""Who a session or a password may belong to: somebody who has access, until their last day."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone


def is_here(user: Any) -> bool:
    """Whether this person has access today."""
    left = user.leaves_on is not None and user.leaves_on < timezone.localdate()
    return bool(user.is_active) and not left


class StillHere(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, and nobody whose last day is past: asked at sign-in and with every request."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether this person has access today."""
        return is_here(user)
