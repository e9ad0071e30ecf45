"""Getting in: a code or three words, what it is about, who sees it, how to hide it, begin."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from sightline.surveys import promise
from sightline.surveys.models import Survey
from sightline.surveys.questionnaires import questionnaire
from sightline.surveys.respondent import content
from sightline.surveys.respondent.pages import YOUNG, Frame, filled, go, page, said
from sightline.surveys.respondent.questions import worded
from sightline.surveys.respondent.visiting import (
    Visit,
    chosen,
    door_of,
    gone,
    is_hidden,
    offered,
    refusal,
    refused_code,
    survey_at,
    token_of,
    with_cookie,
    without_cookie,
)
from sightline.surveys.services import answering
from sightline.surveys.services.answering import Refused
from sightline.surveys.stores import tidy_code


def home(request: HttpRequest) -> HttpResponse:
    """A code or three words are typed here."""
    if request.method != "POST":
        return page("code", Frame(at="/s/"))
    words = request.POST.get("words", "")[:200]
    if words.strip():
        return _come_back(request, words)
    typed = request.POST.get("code", "")[:200]
    code = tidy_code(typed)
    try:
        answering.enter(code)
    except Refused as refused:
        return refused_code(request, refused.why, typed)
    return without_cookie(go(request, f"/s/{code}/"))


def _come_back(request: HttpRequest, words: str) -> HttpResponse:
    try:
        token = answering.resume(words)
    except Refused as refused:
        frame = Frame(at="/s/")
        error = frame.w["busy" if refused.why == "wait" else "unknown_words"]
        return page("code", frame, status=409, words_error=error, typed_words=words)
    held = answering.held(token)
    if held is None:
        return gone(request)
    visit = Visit(token, held)
    return with_cookie(go(request, visit.address(held.page + 1)), token)


def leave(request: HttpRequest) -> HttpResponse:
    """Hide: the session here is over, the way back shows nothing, and there is the weather."""
    return with_cookie(HttpResponseRedirect(content.helping().leave_to), "-")


def start(request: HttpRequest, code: str) -> HttpResponse:
    """The first page of a survey, and what its buttons do."""
    if request.method == "POST" and request.POST.get("go") == "open":
        return without_cookie(go(request, f"/s/{code}/"))
    if is_hidden(request):
        return page("hidden", Frame(at=f"/s/{code}/"))
    if request.method == "POST":
        return _begin(request, code)
    return _before(request, code, "start")


def step(request: HttpRequest, code: str, name: str) -> HttpResponse:
    """Who sees it, or how to hide it."""
    if is_hidden(request):
        return page("hidden", Frame(at=f"/s/{code}/"))
    return _before(request, code, name)


def _before(request: HttpRequest, code: str, name: str) -> HttpResponse:
    try:
        survey, _ = answering.enter(door_of(request) or code)
    except Refused as refused:
        return _not_in(request, code, refused.why)
    frame = before(survey, code, request.GET.get("l", ""))
    asked = questionnaire(survey.questionnaire)
    given = promise.kept(survey)
    language = given.spoken(survey.audience, frame.language) if given else frame.language
    return page(
        name,
        frame,
        title=frame.w.get("about", asked.title),
        title_language=_other(asked.languages[0], frame),
        introduction=worded(asked.introduction, frame, {}, asked),
        minutes=filled(frame.w["minutes"], minutes=asked.minutes),
        promised=given.sentences(survey.audience, frame.language) if given else (),
        promised_language=language if language != frame.language else "",
        step=_next_step(survey, name),
        carry_on=_carry_on(request, survey),
    )


def _other(language: str, frame: Frame) -> str:
    """The language of a title, where it is not that of the page."""
    return "" if language == frame.language or "about" in frame.w else language


def before(survey: Survey, code: str, wanted: str) -> Frame:
    """The frame of a page that somebody sees before they answer."""
    language = chosen(survey, wanted)
    return Frame(
        survey,
        language,
        languages=offered(survey),
        at=f"/s/{code}/",
        more={"link": True},
    )


def _next_step(survey: Survey, name: str) -> str:
    """The page that follows, or empty where answering begins."""
    if survey.audience in YOUNG:
        return {"start": "who", "who": "hiding"}.get(name, "")
    if survey.audience == "parent-carer":
        return {"start": "hiding"}.get(name, "")
    return ""


def _carry_on(request: HttpRequest, survey: Survey) -> str:
    """Where somebody goes on who began in this browser; never on a device that others use."""
    token = token_of(request)
    if not token or survey.shared_device:
        return ""
    held = answering.held(token)
    if held is None or held.survey_id != survey.pk or not held.page:
        return ""
    return Visit(token, held).address(held.page + 1)


def _not_in(request: HttpRequest, code: str, why: str) -> HttpResponse:
    survey = survey_at(code)
    if why == "unknown-code" and survey is None:
        return refused_code(request, why, "")
    if why == "unknown-code":
        return page("code", Frame(at="/s/"))  # its link is known, and it takes a code besides
    return refusal(request, why, survey)


def _begin(request: HttpRequest, code: str) -> HttpResponse:
    wanted = request.POST.get("l", "")
    typed = door_of(request) or code
    try:
        survey, _ = answering.enter(typed)
        token = answering.begin(survey, typed, language=chosen(survey, wanted))
    except Refused as refused:
        return _not_in(request, code, refused.why)
    held = answering.held(token)
    if held is None:  # pragma: no cover  # it was made a moment ago
        return gone(request)
    visit = Visit(token, held)
    where = f"{visit.at}stop/" if request.POST.get("go") == "words" else visit.address(1)
    return with_cookie(go(request, where), token)


def declined(request: HttpRequest, code: str) -> HttpResponse:
    """No is an answer; nothing is kept."""
    survey = survey_at(code)
    frame = before(survey, code, request.GET.get("l", "")) if survey else Frame(at="/s/")
    return without_cookie(said(request, "declined", "declined_1", frame=frame))
