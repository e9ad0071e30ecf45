"""Pages about people and their roles."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from sightline.access import presenters, queries, services
from sightline.access.addresses import address
from sightline.access.doors import get_assignment_for, get_person_for
from sightline.access.forms import GrantForm, PeopleFilter, PersonForm
from sightline.access.http import SignedInRequest
from sightline.access.invitations import BY_HAND, letters_reach_people, state_of
from sightline.access.models import User
from sightline.access.moving_views import site_of
from sightline.access.permissions import Permission, holds
from sightline.access.scopes import Scope
from sightline.kernel.errors import NotAllowed, NotAvailable

PEOPLE_ON_A_PAGE = 50
ENDING_DAYS = queries.ENDING_SOON_DAYS
require_form = require_http_methods(["GET", "HEAD", "POST"])


def _crumbs(person: User | None = None) -> list[tuple[str, str]]:
    steps = [("People", reverse("access:people"))]
    if person is not None:
        steps.append((person.name, reverse("access:person", kwargs={"person_id": person.pk})))
    return steps


@address(needs=None, scope="public")
@require_safe
def invited_only(request: HttpRequest) -> HttpResponse:
    """Where people would sign up elsewhere: here somebody adds them."""
    return render(request, "account/signup_closed.html")


@address(needs=Permission.PEOPLE_VIEW, scope="national", seen_by="everyone")
@require_safe
def people(request: SignedInRequest) -> HttpResponse:
    """List people with what they hold today."""
    form = PeopleFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    page = Paginator(queries.people(**asked), PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "people": presenters.people(page.object_list, today=timezone.localdate()),
        "may_add": holds(request.user, Permission.PEOPLE_MANAGE),
        "may_review": holds(request.user, Permission.ACCESS_REVIEW),
        "ending": queries.ending_within(ENDING_DAYS).count(),
        "days": ENDING_DAYS,
    }
    return render(request, "access/people.html", context)


@address(needs=Permission.PEOPLE_MANAGE, scope="national", seen_by=Permission.PEOPLE_VIEW)
@require_form
def add_person(request: SignedInRequest) -> HttpResponse:
    """Add a person."""
    form = PersonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_person(actor=request.user, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error("email", str(refusal))
        else:
            _invite(request, added)
            return redirect("access:person", person_id=added.pk)
    return render(request, "access/add_person.html", {"form": form, "crumbs": _crumbs()})


def _invite(request: SignedInRequest, added: User) -> None:
    """Send the letter; they are added even if it cannot be sent."""
    try:
        services.invite(actor=request.user, person=added, site=site_of(request))
    except NotAvailable as refusal:
        messages.warning(request, f"{added.name} added, but not invited yet. {refusal}")
    else:
        messages.success(
            request, f"{added.name} added, and a letter sent to {added.email}. Now give a role."
        )
        if not letters_reach_people():
            messages.warning(request, BY_HAND)


@address(needs=Permission.PEOPLE_VIEW, scope="national", seen_by="everyone")
@require_safe
def person(request: SignedInRequest, person_id: int) -> HttpResponse:
    """One person: what they hold, and held."""
    found = get_person_for(request.user, person_id, Permission.PEOPLE_VIEW)
    letter = queries.last_invitation(found)
    joined = queries.has_joined(found)
    context = {
        "person": found,
        "letter": letter,
        "letter_state": state_of(letter, now=timezone.now()) if letter else "",
        "joined": joined,
        "factors": len(queries.factors_of(found)),
        "is_self": found == request.user,
        "has_left": found.leaves_on is not None and found.leaves_on < timezone.localdate(),
        "crumbs": _crumbs(),
        "assignments": presenters.assignments(
            queries.all_assignments(found), today=timezone.localdate()
        ),
        "may_change": holds(request.user, Permission.PEOPLE_MANAGE),
        "sees_trail": holds(request.user, Permission.AUDIT_VIEW),
    }
    return render(request, "access/person.html", context)


@address(needs=Permission.PEOPLE_MANAGE, scope="national", seen_by=Permission.PEOPLE_VIEW)
@require_form
def grant(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Give a person a role."""
    found = get_person_for(request.user, person_id, Permission.PEOPLE_MANAGE)
    form = GrantForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            services.grant(
                actor=request.user,
                person=found,
                role=asked["role"],
                scope=Scope(asked["scope_kind"], asked["scope_key"]),
                ends=asked["ends"],
            )
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Role given to {found.name}.")
            return redirect("access:person", person_id=found.pk)
    context = {
        "form": form,
        "person": found,
        "roles": presenters.roles(),
        "crumbs": _crumbs(found),
    }
    return render(request, "access/grant.html", context)


@address(needs=Permission.PEOPLE_MANAGE, scope="national", seen_by=Permission.PEOPLE_VIEW)
@require_form
def end_assignment(request: SignedInRequest, assignment_id: int) -> HttpResponse:
    """Ask whether to end a role; on POST, end it."""
    found = get_assignment_for(request.user, assignment_id, Permission.PEOPLE_MANAGE)
    if request.method == "POST":
        try:
            services.end_assignment(actor=request.user, assignment_id=found.pk)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Role of {found.person.name} ended.")
        return redirect("access:person", person_id=found.person_id)
    shown = presenters.assignments([found], today=timezone.localdate())[0]
    context = {"person": found.person, "assignment": shown, "crumbs": _crumbs(found.person)}
    return render(request, "access/end_assignment.html", context)


@address(needs=Permission.PEOPLE_MANAGE, scope="national", seen_by=Permission.PEOPLE_VIEW)
@require_form
def deactivate(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Ask whether to take away somebody's access; on POST, do."""
    found = get_person_for(request.user, person_id, Permission.PEOPLE_MANAGE)
    if request.method == "POST":
        try:
            services.deactivate(actor=request.user, person=found)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{found.name} can no longer sign in.")
        return redirect("access:person", person_id=found.pk)
    context = {"person": found, "crumbs": _crumbs(found)}
    return render(request, "access/deactivate.html", context)
