"""How sign-in behaves: people are invited, and each sign-in leaves a line in the trail."""

import base64
import time
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from sightline.access import audit, queries
from sightline.access.actors import acting_name
from sightline.access.authentication import is_here
from sightline.access.models import User
from sightline.secrets import seal, unseal

RECENTLY: Final = 5 * 60
"""Seconds for which signing in counts as having said again who one is."""

LETTERS: Final = {
    "mfa/email/totp_activated": "an authenticator app was added",
    "mfa/email/totp_deactivated": "the authenticator app was removed",
    "mfa/email/webauthn_added": "a passkey was added",
    "mfa/email/webauthn_removed": "a passkey was removed",
    "mfa/email/recovery_codes_generated": "new recovery codes were made",
    "account/email/password_changed": "the password was changed",
    "account/email/password_reset": "a new password was set from a letter",
}
"""What is said, in a letter to the person, of each change to how they sign in."""


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Nobody signs themselves up. Sign-ins, and failed ones for a person we know, are recorded."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: somebody with people.manage adds a person."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing on signing in or out: the page that follows shows it."""

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Turn away whoever has no access, whichever way they prove who they are."""
        if not is_here(user):
            return self.respond_user_inactive(request, user)  # type: ignore[no-any-return]
        return super().pre_login(request, user, **kwargs)  # type: ignore[no-any-return]

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

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within five minutes of signing in, which asked for everything there is to ask."""
        request = context.request
        records = get_authentication_records(request, request.user)
        if records and time.time() - records[-1]["at"] < RECENTLY:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def send_notification_mail(
        self, template_prefix: str, user: User, context: Any = None, email: str | None = None
    ) -> None:
        """Tell a person what changed about how they sign in, in case it was not them."""
        said = LETTERS.get(template_prefix)
        if said:
            words = {"person": user, "said": said}
            text = render_to_string("access/letters/changed.txt", words)
            send_mail("How you sign in to Sightline has changed", text, None, [user.email])


class SealedFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of authenticator apps and recovery codes are sealed; the last factor stays."""

    ABOUT: Final = "mfa.Authenticator.data"  # `jobs.upkeep` seals them anew when keys change
    # Ours, because allauth's say neither what to do next.
    error_messages: Final = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That did not work. Try again with a new code, or with the passkey "
        "that belongs to this account.",
        "cannot_delete_authenticator": "This is the last thing besides a password that you sign "
        "in with, and what you may see asks for one. Add another first.",
    }

    def encrypt(self, text: str) -> str:
        """The secret as it is stored."""
        return base64.b64encode(seal(text, purpose="data", about=self.ABOUT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret itself."""
        sealed = base64.b64decode(encrypted_text)
        return unseal(sealed, purpose="data", about=self.ABOUT)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last factor where one is needed, nor the only thing they can sign in with."""
        person: Any = authenticator.user
        others = [item for item in queries.factors_of(person) if item.pk != authenticator.pk]
        if not others and queries.needs_factor(person):
            return False
        passkeys = [item for item in others if item.type == Authenticator.Type.WEBAUTHN]
        return person.has_usable_password() or bool(passkeys)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        """What a passkey is called until its owner says otherwise."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {count + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What a browser shows as the site a passkey is for."""
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}
