"""Pages of asking people: waves, groups, codes, lists, letters, reminders, posters."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from sightline.access import audit
from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.jobs.models import Job
from sightline.kernel.errors import NotFound
from sightline.surveys import inviting_queries as queries
from sightline.surveys import policies, posters, stores
from sightline.surveys.building_views import METHODS, kept, posted
from sightline.surveys.forms import NothingForm
from sightline.surveys.invitations import BY_PERSON, MOST_FAULTS, Listed, read
from sightline.surveys.inviting_forms import (
    COLUMNS,
    CodesForm,
    CountForm,
    GroupForm,
    ListForm,
    WaveForm,
)
from sightline.surveys.models import Group, Survey, Wave
from sightline.surveys.permissions import RUN, SEE, get_survey_for
from sightline.surveys.services import inviting
from sightline.surveys.services.building import target
from sightline.surveys.views import Crumbs, survey_crumbs
from sightline.warehouse.reading import Source

A_PAGE = 50


def _crumbs(survey: Survey) -> Crumbs:
    here = ("Invitations", reverse("surveys:invitations", args=[survey.area, survey.slug]))
    return survey_crumbs(survey, here)


def _back(survey: Survey) -> HttpResponse:
    return redirect("surveys:invitations", area=survey.area, slug=survey.slug)


def _group(survey: Survey, number: int) -> Group:
    """The group that the address names by its place in the list."""
    found = list(queries.groups_of(survey)[number - 1 : number]) if number else []
    if not found:
        raise NotFound("There is no such group in this survey.")
    return found[0]


def _wave(survey: Survey, number: str) -> Wave | None:
    return queries.waves_of(survey).filter(number=int(number)).first() if number else None


@address(needs=RUN, scope="partnership", seen_by=SEE)
@require_safe
def invitations(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Who is asked, and what became of letters."""
    survey = get_survey_for(request.user, area, slug, RUN)
    waiting = queries.codes_waiting(survey) if survey.mode == Survey.Mode.SINGLE_USE else {}
    invited = queries.invited(survey)
    groups = [
        (
            number,
            group,
            stores.shown_code(group.code),
            invited.by_group.get(group.label),
            waiting.get(group.pk, 0),
        )
        for number, group in enumerate(queries.groups_of(survey), 1)
    ]
    context = {
        "survey": survey, "groups": groups, "waves": list(queries.waves_of(survey)),
        "letters": queries.letters(survey), "total": invited.total,
        "rounds": queries.round_of_reminders(survey),
        "by_person": survey.mode in BY_PERSON,
        "single_use": survey.mode == Survey.Mode.SINGLE_USE,
        "group_code": survey.mode == Survey.Mode.GROUP_CODE,
        "open": survey.state == Survey.State.OPEN,
        "crumbs": survey_crumbs(survey),
    }  # fmt: skip
    return render(request, "surveys/invitations.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def new_wave(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Add a wave."""
    survey = get_survey_for(request.user, area, slug, RUN)
    form = WaveForm(posted(request))
    if kept(
        form, lambda: inviting.add_wave(actor=request.user, survey=survey, **form.cleaned_data)
    ):
        messages.success(request, "The wave is added.")
        return _back(survey)
    return _form(request, survey, form, "Add a wave", "Add the wave")


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def new_group(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Add a group."""
    survey = get_survey_for(request.user, area, slug, RUN)
    form = GroupForm(posted(request), counts=survey.mode not in BY_PERSON)
    if kept(
        form, lambda: inviting.add_group(actor=request.user, survey=survey, **form.cleaned_data)
    ):
        messages.success(request, "The group is added.")
        return _back(survey)
    return _form(request, survey, form, "Add a group", "Add the group")


def _form(
    request: SignedInRequest, survey: Survey, form: Any, title: str, submit: str, lead: str = ""
) -> HttpResponse:
    context = {
        "survey": survey, "form": form, "title": title, "submit": submit, "lead": lead,
        "crumbs": _crumbs(survey),
    }  # fmt: skip
    return render(request, "surveys/inviting_form.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def group(request: SignedInRequest, area: str, slug: str, number: int) -> HttpResponse:
    """Say how many of a group are invited."""
    survey = get_survey_for(request.user, area, slug, RUN)
    found = _group(survey, number)
    form = CountForm(posted(request), initial={"invited": found.invited})

    def act() -> None:
        inviting.count_group(
            actor=request.user, survey=survey, group=found, invited=form.cleaned_data["invited"]
        )

    if kept(form, act):
        messages.success(request, "Saved.")
        return _back(survey)
    return _form(request, survey, form, f"How many of {found.label}", "Save")


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def codes(request: SignedInRequest, area: str, slug: str, number: int) -> HttpResponse:
    """Make codes of one person each for a group."""
    survey = get_survey_for(request.user, area, slug, RUN)
    found = _group(survey, number)
    form = CodesForm(posted(request), waves=list(queries.waves_of(survey)))

    def act() -> None:
        inviting.make_codes(
            actor=request.user, survey=survey, group=found, count=form.cleaned_data["count"],
            wave=_wave(survey, form.cleaned_data.get("wave", "")),
        )  # fmt: skip

    if kept(form, act):
        messages.success(request, "The codes are made. Print them to hand them out.")
        return _back(survey)
    return _form(request, survey, form, f"Make codes for {found.label}", "Make the codes")


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
@sensitive_variables()
def slips(request: SignedInRequest, area: str, slug: str, number: int) -> HttpResponse:
    """Ask whether the codes of a group are to be printed; on POST, give them, once."""
    survey = get_survey_for(request.user, area, slug, RUN)
    found = _group(survey, number)
    form = NothingForm(posted(request))
    given: list[str] = []

    def act() -> None:
        given.extend(inviting.print_codes(actor=request.user, survey=survey, group=found))

    if kept(form, act):
        context = {"slips": list(posters.slips(given)), "group": found}
        answer = render(request, "surveys/slips.html", context)
        answer["Cache-Control"] = "no-store"
        return answer
    count = queries.to_print(survey, found).count()
    return _form(
        request, survey, form, f"Print the codes of {found.label}", "Show them to print",
        f"{count:,} wait. Each is shown once: print the page before you leave it." if count
        else "No code waits to be printed. Make more if some were lost.",
    )  # fmt: skip


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
@sensitive_variables()
def listed(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Send a list of those who are asked; rows that cannot be used are named on this page."""
    survey = get_survey_for(request.user, area, slug, RUN)
    waves = list(queries.waves_of(survey))
    form = ListForm(posted(request), request.FILES or None, waves=waves)
    found: list[Listed] = []
    came: list[Any] = []

    def act() -> None:
        found.append(read(_source(form.cleaned_data["file"]), survey.mode))
        wave = _wave(survey, form.cleaned_data.get("wave", ""))
        if found[0].people:
            came.append(
                inviting.invite(
                    actor=request.user, survey=survey, people=found[0].people, wave=wave
                )
            )

    done = kept(form, act)
    context = {
        "survey": survey, "form": form, "crumbs": _crumbs(survey), "done": done,
        "columns": COLUMNS[survey.mode], "listed": found[0] if done else None,
        "faults": found[0].faults[:MOST_FAULTS] if done else (),
        "more": max(0, len(found[0].faults) - MOST_FAULTS) if done else 0,
        "job": came[0] if came and isinstance(came[0], Job) else None,
        "added": came[0] if came and isinstance(came[0], tuple) else (0, 0),
    }  # fmt: skip
    return render(request, "surveys/invite_list.html", context)


def _source(sent: Any) -> Source:
    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        sent.seek(0)
        yield sent.file

    return Source(open=opened, name=sent.name, size=sent.size)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def letters(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Ask whether letters are to go; on POST, have them sent."""
    survey = get_survey_for(request.user, area, slug, RUN)
    policies.check_is_open(survey)
    form = NothingForm(posted(request))
    if kept(form, lambda: inviting.send_letters(actor=request.user, survey=survey)):
        messages.success(request, "The letters are being sent.")
        return _back(survey)
    count = queries.letters(survey).new
    lead = f"{count:,} were not sent yet. The subject is “Survey”; nobody is written to twice."
    return _form(request, survey, form, "Send letters", "Send them", lead)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def remind(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Ask whether a reminder round is to go; on POST, have it sent."""
    survey = get_survey_for(request.user, area, slug, RUN)
    policies.check_is_open(survey)
    form = NothingForm(posted(request))
    if kept(form, lambda: inviting.remind(actor=request.user, survey=survey)):
        messages.success(request, "A reminder round was sent.")
        return _back(survey)
    lead = (
        "Those who have had a letter and have not answered get another. Nobody is told who they "
        "are, or how many."
        if survey.mode in BY_PERSON
        else "Everybody who has had a letter gets another, because nobody can tell who answered."
    )
    return _form(request, survey, form, "Send a reminder round", "Send it", lead)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
@sensitive_variables()
def came_back(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Letters that came back, with what the mail server said; on POST, try some again."""
    survey = get_survey_for(request.user, area, slug, RUN)
    form = NothingForm(posted(request))
    if kept(form, lambda: inviting.send_again(actor=request.user, survey=survey)):
        messages.success(request, "They are among those that were not sent yet.")
        return _back(survey)
    page = Paginator(queries.bounced(survey), A_PAGE).get_page(request.GET.get("page"))
    if page.object_list:
        audit.record_read(request.user, target(survey))
    context = {
        "survey": survey, "form": form, "page": page, "letters": queries.letters(survey),
        "crumbs": _crumbs(survey), "open": survey.state == Survey.State.OPEN,
    }  # fmt: skip
    return render(request, "surveys/came_back.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@require_safe
def poster(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """A poster to print: of the survey's link, or with `?group=` of a group's code."""
    survey = get_survey_for(request.user, area, slug, RUN)
    policies.check_is_running(survey)
    wanted = request.GET.get("group", "")
    if survey.mode == Survey.Mode.OPEN_LINK:
        found = None
    elif survey.mode == Survey.Mode.GROUP_CODE and wanted.isdecimal():
        found = _group(survey, int(wanted[:6]))
    else:
        raise NotFound("A poster is for a survey with one link, or for a group with a code.")
    return render(request, "surveys/poster.html", {"poster": posters.poster(survey, found)})
