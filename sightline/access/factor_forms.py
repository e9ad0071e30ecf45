"""Forms of second factors: allauth's, with our words, our refusals and our lines in the trail."""

from typing import Any, Final

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal import auth as totp_auth
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn import forms as webauthn
from allauth.mfa.webauthn.internal import auth as webauthn_auth
from django import forms
from django.db import transaction

from sightline.access import audit, queries
from sightline.access.actors import acting_name
from sightline.access.forms import plainly
from sightline.access.models import User

NO_PASSKEY: Final = (
    "No passkey came from your browser. Press the button again and follow what it asks."
)
CODE_HINT: Final = "Six figures from your authenticator app, or one of your recovery codes."


def record_failure(person: User) -> None:
    """A second factor that did not fit is a line in the trail, under whoever tried."""
    audit.record(acting_name(), "person.second-factor-failed", f"person:{person.pk}")


def spend(authenticator: Authenticator, code: str) -> bool:
    """Use up a code of an authenticator app; False if its half minute, or a later one, is used up.

    allauth remembers used codes in the cache, which forgets; the row of the app does not.
    """
    with transaction.atomic():
        kept = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        secret = decrypt(kept.data["secret"])
        wanted = code.replace(" ", "")
        steps = [
            step
            for step in totp_auth.yield_hotp_counters_from_time()
            if totp_auth.format_hotp_value(totp_auth.hotp_value(secret, step)) == wanted
        ]
        if not steps or steps[-1] <= kept.data.get("last_step", 0):
            return False
        kept.data["last_step"] = steps[-1]
        kept.save(update_fields=["data"])
    authenticator.data = kept.data
    return True


class _CodeForm(base.BaseAuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code of an authenticator app, or a recovery code."""

    marks_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plainly(self.fields["code"], "Code", "Enter a code")
        self.fields["code"].help_text = CODE_HINT

    def clean_code(self) -> str:
        """The code, if it fits and was not used before."""
        code = str(super().clean_code())
        app = self.authenticator.type == Authenticator.Type.TOTP
        if app and not spend(self.authenticator, code):
            record_failure(self.user)
            raise get_adapter().validation_error("incorrect_code")
        return code

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        record_failure(self.user)

    def record_use(self) -> None:
        """A recovery code that was used up is worth a line of its own."""
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            person = self.user
            left = {"left": str(queries.recovery_codes_left(person))}
            audit.record(person, "person.recovery-code-used", f"person:{person.pk}", after=left)


class CodeForm(_CodeForm, base.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code asked for at sign-in."""

    def save(self) -> None:
        """Pass, and record a recovery code."""
        base.AuthenticateForm.save(self)
        self.record_use()


class CodeAgainForm(_CodeForm, base.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code asked for before something of weight."""

    def save(self) -> None:
        """Pass, and record a recovery code."""
        base.ReauthenticateForm.save(self)
        self.record_use()


def _wants_a_passkey(field: forms.Field) -> None:
    field.error_messages["required"] = field.error_messages["invalid"] = NO_PASSKEY


class PasskeyForm(webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey shown at sign-in, after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _wants_a_passkey(self.fields["credential"])


class PasskeyAloneForm(webauthn.LoginWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey instead of a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _wants_a_passkey(self.fields["credential"])


class PasskeyAgainForm(webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey shown before something of weight."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _wants_a_passkey(self.fields["credential"])


class NewPasskeyForm(webauthn.SignupWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey to add: always one that asks for a fingerprint, a face or a PIN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "What to call it"
        self.fields["name"].max_length = 100
        self.fields["name"].help_text = "For example: work telephone. It helps you tell them apart."
        _wants_a_passkey(self.fields["credential"])

    def clean_credential(self) -> Any:
        """What the browser made, if it checked who was there."""
        credential = self.cleaned_data["credential"]
        try:
            made = webauthn_auth.parse_registration_response(credential)
        except (ValueError, KeyError, AttributeError):  # a text, a list, half of an answer
            raise forms.ValidationError(NO_PASSKEY) from None
        if not made.response.attestation_object.auth_data.is_user_verified():
            raise forms.ValidationError(
                "This passkey does not ask who is using it. Choose one with a PIN, a fingerprint "
                "or a face."
            )
        return credential


class PasskeyNameForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Another name for a passkey."""

    marks_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plainly(self.fields["name"], "What to call it", "Enter a name")


class AuthenticatorAppForm(totp.ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The first code of an authenticator app, which proves that it was set up.

    Until then the secret waits in the session, sealed as it will be afterwards.
    """

    marks_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        self.secret = self._secret(anew=not self.is_bound)
        plainly(self.fields["code"], "Code", "Enter the code that the app shows")
        self.fields["code"].help_text = "Six figures. The app shows new ones every half minute."

    @staticmethod
    def _secret(*, anew: bool) -> str:
        session = context.request.session
        sealed = session.get(totp_auth.SECRET_SESSION_KEY)
        if sealed and not anew:
            return str(decrypt(sealed))
        secret = str(totp_auth.generate_totp_secret())
        session[totp_auth.SECRET_SESSION_KEY] = encrypt(secret)
        return secret
