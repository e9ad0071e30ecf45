"""One person's visit: what their cookie holds, which pages they have, and where each leads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sightline.surveys import flow
from sightline.surveys.definitions import QuestionnaireDefinition
from sightline.surveys.flow import Page
from sightline.surveys.models import Survey
from sightline.surveys.questionnaires import questionnaire
from sightline.surveys.respondent import content
from sightline.surveys.respondent.pages import (
    COOKIE,
    DOOR,
    HIDDEN,
    YOUNG,
    Frame,
    day,
    page,
    said,
    today,
)
from sightline.surveys.services import answering
from sightline.surveys.services.answering import Held, Refused

P = ParamSpec("P")
ASKED_WHO_HELPED = frozenset({"child", "young-person", "parent-carer"})


@dataclass
class Visit:
    """Somebody who is answering."""

    token: str
    held: Held

    def __post_init__(self) -> None:
        self.survey = self.held.survey
        self.questionnaire: QuestionnaireDefinition = questionnaire(self.survey.questionnaire)
        self.today = today()
        self.at = f"/s/{self.survey.link}/"
        self._pages: tuple[Page, ...] | None = None

    @property
    def frame(self) -> Frame:
        """For the pages they see."""
        return Frame(
            survey=self.survey,
            language=self.held.language,
            languages=offered(self.survey),
            at=self.at,
            answering=True,
        )

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages as their answers stand."""
        if self._pages is None:
            self._pages = flow.pages(
                self.questionnaire,
                self.held.answers,
                one_a_page=self.survey.audience in YOUNG,
                today=self.today,
            )
        return self._pages

    def changed(self) -> None:
        """The answers are others now, so the pages may be."""
        self._pages = None

    def save(self) -> None:
        """Keep it."""
        answering.save(self.token, self.held)

    def notices(self, number: int) -> bool:
        """Whether something is said before a page that they have not been told yet."""
        one = self.pages[number - 1]
        if not one.section.notice or one.turn:
            return False
        if number > 1 and self.pages[number - 2].section.code == one.section.code:
            return False
        return one.section.code not in self.held.extra.get("told", ())

    def address(self, number: int) -> str:
        """Where a page is, or what comes before it or after the last."""
        if number > len(self.pages):
            asks = self.survey.audience in ASKED_WHO_HELPED
            return f"{self.at}{'helped' if asks else 'check'}/"
        number = max(number, 1)
        return f"{self.at}{number}/{'notice/' if self.notices(number) else ''}"

    def after(self, number: int) -> str:
        """Where the way leads on from a page: another turn of a repeat is asked for first."""
        here = self.pages[number - 1] if number <= len(self.pages) else None
        last = number == len(self.pages) or (
            here is not None and self.pages[number].section.code != here.section.code
        )
        if here is not None and last and self._may_turn(here):
            return f"{self.at}{number}/again/"
        return self.address(number + 1)

    def _may_turn(self, here: Page) -> bool:
        section = here.section
        if here.turn is None or section.repeat_count:
            return False
        return here.turn + 1 < section.repeat_most

    def first_after(self, section: str, number: int) -> int:
        """Number of the first page behind a section that a page is in."""
        for one in self.pages[number - 1 :]:
            if one.section.code != section:
                return one.number
        return len(self.pages) + 1

    def question_count(self, section: str) -> int:
        """How many questions of a section they have."""
        return sum(
            item.kind not in flow.SILENT
            for one in self.pages
            if one.section.code == section
            for item in one.items
        )


def offered(survey: Survey) -> Sequence[str]:
    """The languages of a survey that the pages have words in; at least the first."""
    known = [code for code in survey.languages if code in content.languages()]
    return known or [content.MAIN]


def chosen(survey: Survey, wanted: str) -> str:
    """The language somebody asked for, if it is offered; else the first."""
    found = offered(survey)
    return wanted if wanted in found else found[0]


def cookie_of(request: HttpRequest) -> str:
    """What the cookie holds."""
    return request.COOKIES.get(COOKIE, "")


def token_of(request: HttpRequest) -> str:
    """The token of somebody who is answering, or empty."""
    held = cookie_of(request)
    return "" if held[:1] in {DOOR, HIDDEN} else held


def door_of(request: HttpRequest) -> str:
    """The code that a shared device keeps for the next person, or empty."""
    held = cookie_of(request)
    return held[1:] if held.startswith(DOOR) else ""


def is_hidden(request: HttpRequest) -> bool:
    """Whether the page was hidden here, so that the way back is to show nothing."""
    return cookie_of(request) == HIDDEN


def with_cookie(response: HttpResponse, value: str) -> HttpResponse:
    """The answer with the one cookie there is: it ends when the browser closes."""
    response.set_cookie(
        COOKIE, value, path="/s/", secure=settings.SIGHTLINE_HTTPS, httponly=True, samesite="Lax"
    )
    return response


def without_cookie(response: HttpResponse) -> HttpResponse:
    """The answer that ends it."""
    response.delete_cookie(COOKIE, path="/s/", samesite="Lax")
    return response


def survey_at(link: str) -> Survey | None:
    """The survey that an address names, once it has opened."""
    found = Survey.objects.filter(link=link).first()
    return None if found is None or found.state == Survey.State.DRAFT else found


View = Callable[Concatenate[HttpRequest, Visit, P], HttpResponse]


def answering_page(view: View[P]) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """A page for somebody who is answering the survey that its address names."""

    @wraps(view)
    def visited(
        request: HttpRequest, code: str, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        token = token_of(request)
        held = answering.held(token) if token else None
        if held is None or held.survey.link != code:
            return gone(request)
        try:
            return view(request, Visit(token, held), *args, **kwargs)
        except Refused as refused:
            return refusal(request, refused.why, held.survey, held.language)

    return visited


def gone(request: HttpRequest) -> HttpResponse:
    """Nothing is held here: says so, names nothing, and offers the two ways in."""
    return page("code", Frame(at="/s/"), status=410, gone=True)


_SAYS: dict[str, tuple[str, ...]] = {
    "paused": ("paused",),
    "not-open": ("not_open",),
    "used": ("used",),
    "unknown-code": ("unknown",),
    "wait": ("busy",),
}


def refusal(
    request: HttpRequest, why: str, survey: Survey | None = None, language: str = ""
) -> HttpResponse:
    """Why it cannot be answered now, in words; help stays where it is."""
    if why in {"expired", "sent"}:
        return gone(request)
    frame = Frame(at="/s/")
    if survey is not None:
        frame = Frame(survey, language or chosen(survey, ""), at=f"/s/{survey.link}/")
    if why != "closed":
        return said(request, *_SAYS[why], frame=frame, status=409)
    if survey is None or survey.closes_on is None or survey.closes_on >= today():
        return said(request, "closed_undated", "still_talk", frame=frame, status=409)
    date = day(survey.closes_on, frame.language)
    return page("closed", frame, status=409, heading=frame.w["closed"].replace("{date}", date))


def refused_code(request: HttpRequest, why: str, typed: str) -> HttpResponse:
    """The page of codes again, with what is wrong; everything takes the same time and form."""
    frame = Frame(at="/s/")
    key = _SAYS.get(why, ("unknown",))[0]
    return page("code", frame, status=409, error=frame.w[key], typed=typed)
