"""Pages of paper: print it, and type in what came back, one paper after another."""

import secrets
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.kernel.errors import NotAllowed, NotFound
from sightline.surveys import paper_presenters as presenters
from sightline.surveys.models import Group, Survey
from sightline.surveys.paper_forms import PaperForm
from sightline.surveys.permissions import RUN, SEE, get_survey_for
from sightline.surveys.questionnaires import questionnaire
from sightline.surveys.respondent import content
from sightline.surveys.services.answering import Refused, send_paper
from sightline.surveys.views import survey_crumbs

MOST_TYPED = 100_000


def _languages(survey: Survey) -> list[tuple[str, str]]:
    known = content.languages()
    return [(code, known[code].name) for code in survey.languages if code in known] or [
        (content.MAIN, known[content.MAIN].name)
    ]


def _groups(survey: Survey) -> list[Group]:
    """The groups that have codes of their own; none in other surveys."""
    if survey.mode != Survey.Mode.GROUP_CODE:
        return []
    return list(survey.groups.order_by("label"))


@address(needs=RUN, scope="partnership", seen_by=SEE)
@require_safe
def paper(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """What can be printed, and where answers are typed in."""
    survey = get_survey_for(request.user, area, slug, RUN)
    context = {
        "survey": survey,
        "sizes": presenters.SIZES.items(),
        "languages": _languages(survey),
        "groups": _groups(survey),
        "crumbs": survey_crumbs(survey),
    }
    return render(request, "surveys/paper.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@require_safe
def paper_print(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """The questionnaire for printing, in a size and a language."""
    survey = get_survey_for(request.user, area, slug, RUN)
    wanted = request.GET.get("language", "")
    spoken = [code for code, _ in _languages(survey)]
    language = wanted if wanted in spoken else spoken[0]
    code = survey.link if survey.mode == Survey.Mode.OPEN_LINK else ""
    group = _group(request, survey)
    context = presenters.sheet(
        survey, questionnaire(survey.questionnaire), language, group.code if group else code
    )
    size = request.GET.get("size", "")
    context["size"] = size if size in presenters.SIZES else "plain"
    return render(request, "surveys/paper_print.html", context)


def _group(request: HttpRequest, survey: Survey) -> Group | None:
    """The group that the address names by its place in the list."""
    wanted = request.GET.get("group", "")
    for number, group in enumerate(_groups(survey), 1):
        if str(number) == wanted:
            return group
    return None


@address(needs=RUN, scope="partnership", seen_by=SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def paper_type(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """One paper is typed in; then there is an empty form for the next."""
    survey = get_survey_for(request.user, area, slug, RUN)
    if not survey.paper:
        raise NotAllowed(
            "This survey takes no answers on paper. Say so on its page about access first."
        )
    form = _form(request, survey)
    if request.method == "POST" and form.is_valid() and _sent(request, survey, form):
        return redirect(f"{_here(survey)}?{urlencode(_carried(request, form))}")
    context = {
        "survey": survey,
        "form": form,
        "typed": _typed(request),
        "crumbs": survey_crumbs(survey, ("Paper", reverse("surveys:paper", args=[area, slug]))),
    }
    return render(request, "surveys/paper_type.html", context)


def _here(survey: Survey) -> str:
    return reverse("surveys:paper-type", args=[survey.area, survey.slug])


def _typed(request: HttpRequest) -> int:
    """How many were typed in one after another so far."""
    said = request.GET.get("typed", "")
    return min(int(said), MOST_TYPED) if said.isascii() and said.isdecimal() else 0


def _form(request: SignedInRequest, survey: Survey) -> PaperForm:
    by_group = survey.mode == Survey.Mode.GROUP_CODE
    groups = [(str(number), one.label) for number, one in enumerate(_groups(survey), 1)]
    initial: dict[str, Any] = {
        "once": secrets.token_urlsafe(16),
        "group": request.GET.get("group", ""),
        "language": request.GET.get("language", ""),
    }
    return PaperForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        questionnaire=questionnaire(survey.questionnaire),
        groups=groups if by_group else None,
        codes=survey.mode in {Survey.Mode.SINGLE_USE, Survey.Mode.NAMED},
        languages=_languages(survey),
        today=localdate(),
    )


def _code(survey: Survey, held: dict[str, Any]) -> str:
    """The code of the paper: its group's, its person's, or none."""
    if "group" in held:
        groups = _groups(survey)
        place = int(held["group"]) - 1
        if place >= len(groups):  # pragma: no cover  # a group went while the page was open
            raise NotFound("There is no such group any more. Open the page again.")
        return groups[place].code
    return str(held.get("code", ""))


def _sent(request: SignedInRequest, survey: Survey, form: PaperForm) -> bool:
    """Send the paper; what keeps it from being sent is said beside what was typed."""
    held = form.cleaned_data
    left_out = form.left_out()
    try:
        send_paper(
            actor=request.user,
            survey=survey,
            code=_code(survey, held),
            answers=form.answers,
            language=held.get("language") or _languages(survey)[0][0],
            once=held["once"],
            helped=held.get("helped", ""),
        )
    except Refused as refused:
        if refused.why == "sent":  # the same page sent twice: it is there once
            return True
        form.add_error("code" if "code" in form.fields else None, str(refused))
        return False
    said = "The paper is kept."
    if left_out:
        said += (
            f" {left_out} of its answers {'was' if left_out == 1 else 'were'} to questions that "
            "its other answers do not lead to, and left out, as on the screen."
        )
    messages.success(request, said)
    return True


def _carried(request: HttpRequest, form: PaperForm) -> dict[str, Any]:
    """What the next paper begins with."""
    held = form.cleaned_data
    kept = {name: held[name] for name in ("group", "language") if held.get(name)}
    return {"typed": _typed(request) + 1, **kept}
