"""How sign-in behaves: people are invited, and each sign-in leaves a line in the trail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from sightline.access import audit
from sightline.access.actors import acting_name
from sightline.access.models import User


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs themselves up. Sign-ins, and failed ones for a person we know, are recorded."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: somebody with people.manage adds a person."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing on signing in or out: the page that follows shows it."""

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, and record it as the deed of this person."""
        super().login(request, user)
        audit.record(user, "person.signed-in", f"person:{user.pk}")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record a failed attempt on somebody's account; what else was typed is kept nowhere."""
        email = str(credentials.get("email", "")).strip().lower()
        person = User.objects.filter(email=email).first() if email else None
        if person is not None:
            audit.record(acting_name(), "person.sign-in-failed", f"person:{person.pk}")

    def set_password(self, user: User, password: str) -> None:
        """Set a password and record that it was, without a trace of what it is."""
        super().set_password(user, password)
        audit.record(user, "person.password-set", f"person:{user.pk}")
