"""Pages for joining, moving and leaving, for those who manage people."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from sightline.access import presenters, queries, services
from sightline.access.addresses import address
from sightline.access.doors import get_assignment_for, get_person_for
from sightline.access.forms import ExtendForm, LeaveForm, MoveForm, ReasonForm
from sightline.access.http import SignedInRequest
from sightline.access.invitations import BY_HAND, letters_reach_people
from sightline.access.models import Assignment, User
from sightline.access.permissions import Permission
from sightline.kernel.errors import NotAllowed, NotAvailable

require_form = require_http_methods(["GET", "HEAD", "POST"])
for_managers = address(
    needs=Permission.PEOPLE_MANAGE, scope="national", seen_by=Permission.PEOPLE_VIEW
)


def site_of(request: HttpRequest) -> str:
    """What the addresses of this copy begin with, for links in letters."""
    return request.build_absolute_uri("/")


def crumbs_of(person: User) -> list[tuple[str, str]]:
    """The way back from a page about something of a person."""
    page = reverse("access:person", kwargs={"person_id": person.pk})
    return [("People", reverse("access:people")), (person.name, page)]


def _at_once(
    request: SignedInRequest, person_id: int, do: Callable[[User], object], done: str
) -> HttpResponse:
    """Do something with a person at the press of a button, and show their page again."""
    person = get_person_for(request.user, person_id, Permission.PEOPLE_MANAGE)
    try:
        do(person)
    except (NotAllowed, NotAvailable) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done.format(name=person.name, email=person.email))
    return redirect("access:person", person_id=person.pk)


@for_managers
@require_POST
def invite(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Send the letter, or send it again."""
    actor, site = request.user, site_of(request)
    return _at_once(
        request,
        person_id,
        lambda person: services.invite(actor=actor, person=person, site=site),
        "Invitation sent to {email}. It can be used for seven days."
        + ("" if letters_reach_people() else f" {BY_HAND}"),
    )


@for_managers
@require_POST
def withdraw(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Make the link in the letter useless."""
    return _at_once(
        request,
        person_id,
        lambda person: services.withdraw_invitation(actor=request.user, person=person),
        "Invitation of {name} withdrawn.",
    )


@for_managers
@require_POST
def sign_out(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Sign a person out wherever they are."""
    return _at_once(
        request,
        person_id,
        lambda person: services.sign_out(actor=request.user, person=person),
        "{name} is signed out everywhere.",
    )


@for_managers
@require_POST
def readmit(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Let somebody back in."""
    return _at_once(
        request,
        person_id,
        lambda person: services.readmit(actor=request.user, person=person),
        "{name} may sign in again. Roles that ended stay ended.",
    )


@for_managers
@require_form
def set_up_again(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Ask why; on POST, remove what they sign in with and send a letter."""
    person = get_person_for(request.user, person_id, Permission.PEOPLE_MANAGE)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_up_again(
                actor=request.user,
                person=person,
                reason=form.cleaned_data["reason"],
                site=site_of(request),
            )
        except (NotAllowed, NotAvailable) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"A letter is on its way to {person.email}.")
            return redirect("access:person", person_id=person.pk)
    context = {"person": person, "form": form, "crumbs": crumbs_of(person)}
    return render(request, "access/set_up_again.html", context)


def _choices(held: list[Assignment]) -> list[tuple[str, str]]:
    rows = presenters.assignments(held, today=timezone.localdate())
    return [(str(row.pk), f"{row.role}, {row.where}") for row in rows]


def _at_first(person: User, held: list[Assignment]) -> dict[str, Any]:
    local = [str(item.pk) for item in held if item.scope_kind == "partnership"]
    return {
        "designation": person.designation,
        "organisation": person.organisation,
        "moved_on": timezone.localdate(),
        "ending": local,
        "shown": ",".join(str(item.pk) for item in held),
    }


@for_managers
@require_form
def move(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Ask for the new post and what ends; show what would happen; then do it."""
    person = get_person_for(request.user, person_id, Permission.PEOPLE_MANAGE)
    held = queries.not_over(person, today=timezone.localdate())
    given = request.POST if request.method == "POST" else None
    form = MoveForm(given, held=_choices(held), initial=_at_first(person, held))
    check = False
    if given is not None and form.is_valid():
        check = "change" not in given
        if "commit" in given:
            try:
                ended = _moved(request.user, person, form)
            except NotAllowed as refusal:
                check = False
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"{person.name} moved. Roles ended: {ended}.")
                return redirect("access:person", person_id=person.pk)
    context = {"person": person, "form": form, "crumbs": crumbs_of(person), "check": check}
    if check:
        ending = set(form.keys("ending"))
        today = timezone.localdate()
        context["new"] = form.cleaned_data
        context["ends"] = presenters.assignments([i for i in held if i.pk in ending], today=today)
        context["stays"] = presenters.assignments(
            [i for i in held if i.pk not in ending], today=today
        )
    return render(request, "access/move.html", context)


def _moved(actor: User, person: User, form: MoveForm) -> int:
    ended = services.move(
        actor=actor,
        person=person,
        moved_on=form.cleaned_data["moved_on"],
        designation=form.cleaned_data["designation"],
        organisation=form.cleaned_data["organisation"],
        ending=form.keys("ending"),
        shown=form.keys("shown"),
    )
    return len(ended)


@for_managers
@require_form
def leave(request: SignedInRequest, person_id: int) -> HttpResponse:
    """Show what ends, and ask for the last day; on POST, end it."""
    person = get_person_for(request.user, person_id, Permission.PEOPLE_MANAGE)
    today = timezone.localdate()
    form = LeaveForm(
        request.POST if request.method == "POST" else None, initial={"last_day": today}
    )
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["last_day"]
        try:
            services.leave(actor=request.user, person=person, last_day=day)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            when = "has left" if day <= today else f"leaves on {day.day} {day:%B %Y}"
            messages.success(request, f"{person.name} {when}.")
            return redirect("access:person", person_id=person.pk)
    held = presenters.assignments(queries.not_over(person, today=today), today=today)
    context = {"person": person, "form": form, "held": held, "crumbs": crumbs_of(person)}
    return render(request, "access/leave.html", context)


@for_managers
@require_form
def extend(request: SignedInRequest, assignment_id: int) -> HttpResponse:
    """Ask for a later last day and why; on POST, extend."""
    found = get_assignment_for(request.user, assignment_id, Permission.PEOPLE_MANAGE)
    form = ExtendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.extend_assignment(
                actor=request.user, assignment_id=found.pk, **form.cleaned_data
            )
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Role of {found.person.name} extended.")
            return redirect("access:person", person_id=found.person_id)
    shown = presenters.assignments([found], today=timezone.localdate())[0]
    context = {"person": found.person, "assignment": shown, "form": form}
    return render(request, "access/extend.html", {**context, "crumbs": crumbs_of(found.person)})
