"""allauth's own pages for signing in and out and for passwords, each with our form and declaration.

Only these are reachable: no sign-up, no list of addresses, no social accounts. What a person signs
in with, and changing it, is in `factor_views`.
"""

import json
from typing import Any

from allauth.account import views as allauth
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sightline.access import factor_forms, forms, queries
from sightline.access.addresses import address
from sightline.access.demonstration import PASSWORD, sign_ins
from sightline.access.models import User

open_to_all = address(needs=None, scope="public")
once_signed_in = address(needs=None, scope="signed-in", without_factor=True)


class SignIn(allauth.LoginView):  # type: ignore[misc]  # allauth has no types
    """The sign-in page. In the demonstration it lists who there is to sign in as."""

    form_class = forms.SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the demonstration's people, where this is one."""
        found = sign_ins()
        more = {"demonstration": found, "demonstration_password": PASSWORD if found else ""}
        return {**super().get_context_data(**kwargs), **more}


class ChangePassword(allauth.PasswordChangeView):  # type: ignore[misc]  # allauth has no types
    """Change one's password. Somebody who never had one is sent to set it by e-mail."""

    form_class = forms.ChangePasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The page, for people who have a password to change."""
        if isinstance(request.user, User) and not request.user.has_usable_password():
            return redirect("account_reset_password")
        return super().dispatch(request, *args, **kwargs)


class SecondFactor(mfa.AuthenticateView):  # type: ignore[misc]  # allauth has no types
    """The second question of signing in: a passkey, a code of an app, or a recovery code."""

    form_class = factor_forms.CodeForm
    webauthn_form_class = factor_forms.PasskeyForm
    template_name = "access/second_factor.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is wrong, and record a passkey that does not fit; codes do that themselves."""
        if form is self.webauthn_form and "credential" in self.request.POST:
            factor_forms.record_failure(self.stage.login.user)
        return super().form_invalid(form)  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the browser needs to ask for a passkey, where there is one."""
        found: dict[str, Any] = super().get_context_data(**kwargs)
        kinds = {item.type for item in queries.factors_of(self.stage.login.user)}
        found["has_passkey"] = Authenticator.Type.WEBAUTHN in kinds
        found["has_app"] = Authenticator.Type.TOTP in kinds
        found["options"] = json.dumps(found.get("js_data", {}).get("request_options", {}))
        return found


class PasskeySignIn(webauthn.LoginWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Signing in with a passkey alone. The sign-in page sends what the browser made of it here."""

    form_class = factor_forms.PasskeyAloneForm

    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in, and go on to the page that was asked for."""
        shown = form.cleaned_data["credential"]
        entering = Login(user=shown.user, redirect_url=get_next_redirect_url(self.request))
        return perform_passwordless_login(self.request, shown, entering)  # type: ignore[no-any-return]

    def form_invalid(self, form: Any) -> HttpResponse:
        """Back to the sign-in page, which says that it did not work."""
        messages.error(
            self.request,
            "That passkey is not one of ours, or you stopped half-way. Try again, or use your "
            "password.",
        )
        return redirect("account_login")


class Again(allauth.ReauthenticateView):  # type: ignore[misc]  # allauth has no types
    """One's password once more, before something of weight."""

    form_class = forms.AgainForm
    template_name = "access/again.html"


class CodeAgain(mfa.ReauthenticateView):  # type: ignore[misc]  # allauth has no types
    """A code once more."""

    form_class = factor_forms.CodeAgainForm
    template_name = "access/again.html"


class PasskeyAgain(webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """A passkey once more."""

    form_class = factor_forms.PasskeyAgainForm
    template_name = "access/again.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say so on the same page."""
        factor_forms.record_failure(self.request.user)
        return self.render_to_response(self.get_context_data(form=form))  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the browser needs to ask for a passkey."""
        found: dict[str, Any] = super().get_context_data()
        found["form"] = kwargs.get("form") or found["form"]
        found["options"] = json.dumps(found["js_data"]["request_options"])
        return found


def too_many(request: HttpRequest) -> HttpResponse:
    """The page for whoever tried too often within a short time; `config.urls` names it."""
    return render(request, "access/too_many.html", status=429)


login = open_to_all(SignIn.as_view())
logout = open_to_all(allauth.logout)
inactive = open_to_all(allauth.account_inactive)
forgotten = open_to_all(allauth.PasswordResetView.as_view(form_class=forms.ForgottenForm))
forgotten_sent = open_to_all(allauth.password_reset_done)
new_password = open_to_all(
    allauth.PasswordResetFromKeyView.as_view(form_class=forms.NewPasswordForm)
)
new_password_set = open_to_all(allauth.password_reset_from_key_done)
change_password = once_signed_in(ChangePassword.as_view())
second_factor = open_to_all(SecondFactor.as_view())
passkey_sign_in = open_to_all(PasskeySignIn.as_view())
again = once_signed_in(Again.as_view())
code_again = once_signed_in(CodeAgain.as_view())
passkey_again = once_signed_in(PasskeyAgain.as_view())
