"""allauth's own pages for signing in and out and for passwords, each with our form and declaration.

Only these are reachable: no sign-up, no list of addresses, no social accounts.
"""

from typing import Any

from allauth.account import views as allauth
from django.http import HttpRequest
from django.shortcuts import redirect

from sightline.access import forms
from sightline.access.addresses import address
from sightline.access.demonstration import PASSWORD, sign_ins
from sightline.access.models import User

open_to_all = address(needs=None, scope="public")
once_signed_in = address(needs=None, scope="signed-in")


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
