"""The pages an invitation leads to: choose a passkey, or a password and an authenticator app."""

import json
from typing import Any, Final

from allauth.account.internal.flows import login as sign_in
from allauth.account.models import Login
from allauth.core import context as allauth_context
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal import auth as webauthn_auth
from allauth.mfa.webauthn.internal import flows as webauthn_flows
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sightline.access import audit, services
from sightline.access.actors import acting_as
from sightline.access.addresses import address
from sightline.access.factor_forms import NewPasskeyForm
from sightline.access.forms import JoinForm
from sightline.access.invitations import InvitationState, invitation_of, state_of
from sightline.access.models import Invitation
from sightline.kernel.errors import NotAllowed

_TOKEN: Final = "sightline_invitation"  # noqa: S105 - a name, not a secret
PASSWORD_WAY, PASSKEY_WAY = "access/join_with_password.html", "access/join.html"
open_to_all = address(needs=None, scope="public")
require_form = require_http_methods(["GET", "HEAD", "POST"])


@open_to_all
@never_cache
@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Take the secret out of the address, so that it is not in what the browser remembers."""
    request.session[_TOKEN] = token
    return redirect("account_join")


def _open_invitation(request: HttpRequest) -> tuple[Invitation | None, str]:
    """The invitation this browser came with, if it can be used; otherwise why not."""
    token = request.session.get(_TOKEN)
    found = invitation_of(token) if isinstance(token, str) else None
    if found is None:
        return None, "unknown"
    state = state_of(found, now=timezone.now())
    if state is InvitationState.OPEN and not found.person.is_active:
        return None, InvitationState.WITHDRAWN
    return (found, "") if state is InvitationState.OPEN else (None, state)


def _no_use(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "access/link_of_no_use.html", {"why": why})


def _other(request: HttpRequest) -> HttpResponse | None:
    """Somebody is signed in here already: they sign out first."""
    if request.user.is_authenticated:
        return render(request, "access/link_while_signed_in.html")
    return None


@open_to_all
@never_cache
@require_form
def join(request: HttpRequest) -> HttpResponse:
    """Welcome somebody; on POST, take the passkey their browser made."""
    invitation, why = _open_invitation(request)
    if other := _other(request):
        return other
    if invitation is None:
        return _no_use(request, why)
    person = invitation.person
    form = NewPasskeyForm(request.POST if request.method == "POST" else None, user=person)
    if request.method == "POST" and form.is_valid():
        try:
            return _with_passkey(request, invitation, form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
    options = webauthn_auth.begin_registration(person, True)
    page = {
        "person": person,
        "form": form,
        "options": json.dumps(options),
        "invitation": invitation,
    }
    return render(request, PASSKEY_WAY, page)


def _with_passkey(
    request: HttpRequest, invitation: Invitation, given: dict[str, Any]
) -> HttpResponse:
    person = invitation.person
    with transaction.atomic(), acting_as(person):
        services.use_invitation(actor=person, invitation=invitation)
        made = webauthn_auth.WebAuthn.add(person, given["name"], given["credential"])
        RecoveryCodes.activate(person)
        what = {"what": "a passkey"}
        audit.record(person, "person.factor-added", f"person:{person.pk}", after=what)
        del request.session[_TOKEN]
        entering = Login(user=person, redirect_url=reverse("mfa_view_recovery_codes"))
        return webauthn_flows.perform_passwordless_login(  # type: ignore[no-any-return]
            allauth_context.request, made.instance, entering
        )


@open_to_all
@never_cache
@require_form
def join_with_password(request: HttpRequest) -> HttpResponse:
    """Choose a password; an authenticator app comes next."""
    invitation, why = _open_invitation(request)
    if other := _other(request):
        return other
    if invitation is None:
        return _no_use(request, why)
    person = invitation.person
    form = JoinForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            return _with_password(request, invitation, form.cleaned_data["password1"])
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
    return render(request, PASSWORD_WAY, {"person": person, "form": form})


def _with_password(request: HttpRequest, invitation: Invitation, password: str) -> HttpResponse:
    person = invitation.person
    with transaction.atomic(), acting_as(person):
        services.use_invitation(actor=person, invitation=invitation, password=password)
        del request.session[_TOKEN]
        entering = Login(user=person, redirect_url=reverse("mfa_activate_totp"))
        answer = sign_in.perform_password_login(request, {"email": person.email}, entering)
    messages.success(request, "Password set. Now set up an authenticator app.")
    return answer  # type: ignore[no-any-return]
