"""Stopping, coming back, having sent; help, rights, being spoken to, and what came of it."""

from typing import Final

from django.http import HttpRequest, HttpResponse

from sightline.surveys.models import Survey
from sightline.surveys.respondent import contact as contacting
from sightline.surveys.respondent.answer_views import next_person
from sightline.surveys.respondent.pages import Frame, day, filled, go, page, said
from sightline.surveys.respondent.visiting import (
    Visit,
    answering_page,
    chosen,
    offered,
    survey_at,
    token_of,
)
from sightline.surveys.services import answering
from sightline.surveys.services.answering import Refused

LONGEST_CONTACT: Final = 1_000


@answering_page
def stop(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Three words to come back with, and leave, carry on, or delete."""
    if request.method == "POST":
        return _stopped(request, visit)
    words = visit.held.extra.get("words", "")
    if not words:
        words = answering.finish_later(visit.token)
        # Kept with the answers, sealed like them, so that the page says the same when it is shown
        # again and what was written down stays good.
        visit.held.extra["words"] = words
        visit.save()
    return page("stop", visit.frame, words=words)


def _stopped(request: HttpRequest, visit: Visit) -> HttpResponse:
    move = request.POST.get("go", "")
    if move == "carry":
        return go(request, visit.address(visit.held.page + 1))
    if move == "delete":
        answering.discard(visit.token)
        return next_person(said(request, "deleted", "deleted_1", frame=visit.frame), visit)
    return next_person(go(request, f"{visit.at}left/?l={visit.held.language}"), visit)


def left(request: HttpRequest, code: str) -> HttpResponse:
    """They left; what was saved is kept, and not here any more."""
    token = token_of(request)
    held = answering.held(token) if token else None
    frame = _public(request, code)
    response = page("left", frame, at_start=f"/s/{code}/")
    return next_person(response, Visit(token, held)) if held else response


def _public(request: HttpRequest, code: str) -> Frame:
    """The frame of a page about a survey that needs no session."""
    survey = survey_at(code)
    if survey is None:
        return Frame(at="/s/")
    language = chosen(survey, request.GET.get("l", request.POST.get("l", "")))
    return Frame(survey, language, offered(survey), at=f"/s/{code}/")


def _whose(request: HttpRequest, code: str) -> tuple[Frame, Visit | None]:
    """The same, in the language of whoever is answering, if somebody is."""
    token = token_of(request)
    held = answering.held(token) if token else None
    if held is not None and held.survey.link == code:
        visit = Visit(token, held)
        return visit.frame, visit
    return _public(request, code), None


def sent(request: HttpRequest, code: str) -> HttpResponse:
    """Thank you, when people hear, who to talk to, and how to be spoken to."""
    frame = _public(request, code)
    survey = frame.survey
    ready = ""
    if survey and survey.heard_by:
        ready = filled(frame.w["sent_ready"], date=day(survey.heard_by, frame.language))
    return page("sent", frame, ready=ready, shared_next=bool(survey and survey.shared_device))


def helping(request: HttpRequest, code: str) -> HttpResponse:
    """Who can be talked to: now, here, or not now."""
    frame, visit = _whose(request, code)
    back = frame.at
    if visit is not None:
        number = request.GET.get("page", "")
        is_number = number.isascii() and number.isdecimal() and len(number) <= 4  # noqa: PLR2004
        back = f"{visit.at}{int(number)}/" if is_number else visit.address(visit.held.page + 1)
    return page("helping", frame, back=back)


def rights(request: HttpRequest, code: str) -> HttpResponse:
    """What people may ask for, in words for whom it is."""
    frame, visit = _whose(request, code)
    texts = [frame.w[f"rights_{number}"] for number in range(1, 6)]
    back = visit.address(visit.held.page + 1) if visit else frame.at
    return page("rights", frame, texts=texts, back=back)


def contact(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody asks to be spoken to; apart from whatever they answered."""
    frame = _public(request, code)
    survey = frame.survey
    if survey is None or survey.state == Survey.State.DESTROYED:
        return said(request, "nothing", frame=frame, status=404)
    typed, error = request.POST.get("how", ""), ""
    if request.method == "POST":
        how = contacting.plain(typed)
        if how and len(how) <= LONGEST_CONTACT:
            try:
                contacting.ask(survey, how)
            except Refused:
                return said(request, "busy", frame=frame, status=429)
            return page("contacted", frame, status=200)
        error = frame.w["contact_long" if how else "contact_empty"]
    return page("contact", frame, typed=typed, error=error, errors=bool(error))


def what_changed(request: HttpRequest, code: str) -> HttpResponse:
    """What people said and what came of it; until it is there, the day by which it is."""
    frame = _public(request, code)
    survey = frame.survey
    if survey is None:
        return said(request, "nothing", frame=frame, status=404)
    parts = [part.strip() for part in survey.what_changed.split("\n\n") if part.strip()]
    ready = ""
    if not parts and survey.heard_by:
        ready = filled(frame.w["sent_ready"], date=day(survey.heard_by, frame.language))
    return page("what_changed", frame, parts=parts, ready=ready)
