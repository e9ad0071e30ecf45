"""What a person signs in with: their passkeys, authenticator app and recovery codes."""

import json
import time
from collections.abc import Callable
from typing import Any, Final

from allauth.account.decorators import reauthentication_required
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.recovery_codes.internal import flows as recovery_flows
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth as webauthn_auth
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sightline.access import audit, factor_forms, presenters, queries, services
from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.models import User
from sightline.kernel.errors import NotFound

DOWNLOADABLE: Final = 10 * 60
"""Seconds for which codes just shown may still be downloaded."""
_SHOWN: Final = "sightline_codes_shown"

asked_again: Callable[[Any], Any] = reauthentication_required(app="allauth.mfa")
own = address(needs=None, scope="signed-in", without_factor=True)
APP: Final = "an authenticator app"
PASSKEY: Final = "a passkey"


def _crumbs() -> list[tuple[str, str]]:
    return [("How you sign in", reverse("mfa_index"))]


def _added(person: User, what: str) -> None:
    audit.record(person, "person.factor-added", f"person:{person.pk}", after={"what": what})


def _removed(person: User, what: str) -> None:
    audit.record(person, "person.factor-removed", f"person:{person.pk}", before={"what": what})


@own
@require_safe
@never_cache
def index(request: SignedInRequest) -> HttpResponse:
    """Everything this person signs in with, and what they may add or remove."""
    person = request.user
    context = {
        "passkeys": presenters.passkeys(queries.factors_of(person)),
        "has_app": queries.authenticators(person).filter(type=Authenticator.Type.TOTP).exists(),
        "codes_left": queries.recovery_codes_left(person),
        "codes_in_all": queries.RECOVERY_CODES,
        "has_password": person.has_usable_password(),
        "must_set_up": queries.must_set_up(person),
        "needs_factor": queries.needs_factor(person),
    }
    return render(request, "access/how_you_sign_in.html", context)


@own
@require_POST
def sign_out_elsewhere(request: SignedInRequest) -> HttpResponse:
    """Sign out everywhere, this browser included."""
    services.sign_out(actor=request.user, person=request.user)
    return redirect("account_login")


class AddApp(totp.ActivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """Set up an authenticator app."""

    form_class = factor_forms.AuthenticatorAppForm
    template_name = "access/add_app.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, with its line in the trail."""
        with transaction.atomic():
            answer = super().form_valid(form)
            _added(self.request.user, APP)
        return answer  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the way back."""
        found = super().get_context_data(**kwargs)
        secret = found["form"].secret
        groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        return {**found, "secret": groups, "crumbs": _crumbs()}


class RemoveApp(totp.DeactivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """Remove the authenticator app, unless it must stay."""

    template_name = "access/remove_factor.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, with its line in the trail."""
        with transaction.atomic():
            answer = super().form_valid(form)
            _removed(self.request.user, APP)
        messages.success(self.request, "Authenticator app removed.")
        return answer  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether it may go, and the way back."""
        may = get_adapter().can_delete_authenticator(self.authenticator)
        more = {"may": may, "what": "your authenticator app", "crumbs": _crumbs()}
        return {**super().get_context_data(**kwargs), **more}


class AddPasskey(webauthn.AddWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Make a passkey."""

    form_class = factor_forms.NewPasskeyForm
    template_name = "access/add_passkey.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, with its line in the trail."""
        with transaction.atomic():
            answer = super().form_valid(form)
            _added(self.request.user, PASSKEY)
        messages.success(self.request, "Passkey added.")
        return answer  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the browser needs to make one that can be used without a password."""
        found = super(webauthn.AddWebAuthnView, self).get_context_data(**kwargs)
        options = webauthn_auth.begin_registration(self.request.user, True)
        return {**found, "options": json.dumps(options), "crumbs": _crumbs()}


class RenamePasskey(webauthn.EditWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Call a passkey something else."""

    form_class = factor_forms.PasskeyNameForm
    template_name = "access/rename_passkey.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the name, with a line in the trail."""
        person = self.request.user
        with transaction.atomic():
            answer = super().form_valid(form)
            audit.record(person, "person.passkey-renamed", f"person:{person.pk}")
        return answer  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the way back."""
        return {**super().get_context_data(**kwargs), "crumbs": _crumbs()}


class RemovePasskey(webauthn.RemoveWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """Remove a passkey, unless it must stay."""

    template_name = "access/remove_factor.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, with its line in the trail; or say why it stays."""
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_index")
        with transaction.atomic():
            answer = super().form_valid(form)
            _removed(self.request.user, PASSKEY)
        messages.success(self.request, "Passkey removed.")
        return answer  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether it may go, and the way back."""
        may = get_adapter().can_delete_authenticator(self.object)
        more = {
            "may": may,
            "what": f"the passkey “{self.object.wrap().name}”",
            "crumbs": _crumbs(),
        }
        return {**super().get_context_data(**kwargs), **more}


class MakeCodes(recovery.GenerateRecoveryCodesView):  # type: ignore[misc]  # allauth has no types
    """Make new recovery codes; the old ones stop working."""

    template_name = "access/make_codes.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Make them, with a line in the trail."""
        person = self.request.user
        with transaction.atomic():
            answer = super().form_valid(form)
            audit.record(person, "person.recovery-codes-made", f"person:{person.pk}")
        return answer  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the way back."""
        return {**super().get_context_data(**kwargs), "crumbs": _crumbs()}


def _just_shown(request: HttpRequest, key: int) -> bool:
    shown = request.session.get(_SHOWN) or [0, 0]
    return bool(shown[0] == key and time.time() - shown[1] < DOWNLOADABLE)


@own
@never_cache
@asked_again
@require_safe
def codes(request: SignedInRequest) -> HttpResponse:
    """The recovery codes, the first time they are looked at; afterwards how many are left."""
    wrapper, may_see = recovery_flows.view_recovery_codes(request)
    if wrapper is None:
        return redirect("mfa_index")
    unused = wrapper.get_unused_codes()
    if may_see:
        request.session[_SHOWN] = [wrapper.instance.pk, time.time()]
    context = {
        "codes": unused if may_see else [],
        "left": len(unused),
        "in_all": queries.RECOVERY_CODES,
        "go_on": reverse("home"),
        "crumbs": _crumbs(),
    }
    return render(request, "access/codes.html", context)


@own
@never_cache
@asked_again
@require_safe
def download_codes(request: SignedInRequest) -> HttpResponse:
    """The recovery codes as a text file, shortly after they were shown in this browser."""
    kept = queries.authenticators(request.user).filter(type=Authenticator.Type.RECOVERY_CODES)
    found = kept.first()
    if found is None or not _just_shown(request, found.pk):
        raise NotFound("Codes can be downloaded for ten minutes after being shown. Make new ones.")
    lines = ["Recovery codes for Sightline. Each works once.", "", *found.wrap().get_unused_codes()]
    answer = HttpResponse("\r\n".join(lines) + "\r\n", content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="sightline-recovery-codes.txt"'
    return answer


plain = method_decorator(never_cache, name="dispatch")
add_app = own(plain(AddApp).as_view())
remove_app = own(plain(RemoveApp).as_view())
add_passkey = own(plain(AddPasskey).as_view())
rename_passkey = own(plain(RenamePasskey).as_view())
remove_passkey = own(plain(RemovePasskey).as_view())
make_codes = own(plain(MakeCodes).as_view())
