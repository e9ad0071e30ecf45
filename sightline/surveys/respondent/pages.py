"""How a page of the survey site is made: its words, its frame, and where it leads."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import get_template
from django.utils.timezone import localdate

from sightline.surveys.models import Survey
from sightline.surveys.respondent import assets, content
from sightline.surveys.respondent.content import MAIN

COOKIE: Final = "survey"
HIDDEN: Final = "-"
"""What the cookie holds once somebody has hidden the page: the way back shows nothing."""
DOOR: Final = "~"
"""With this before it the cookie holds the code of the next person at a shared device."""
BY_SCRIPT: Final = "X-Doing"
"""The page's script asks with it, and is told where to go instead of being sent there."""
YOUNG: Final = frozenset({"child", "young-person"})
HIDES: Final = frozenset({"child", "young-person", "parent-carer"})
NO_AUDIENCE: Final = "anyone"
_MONTHS: Final[Mapping[str, Sequence[str]]] = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"),
    "gd": ("dhen Fhaoilleach", "dhen Ghearran", "dhen Mhàrt", "dhen Ghiblean", "dhen Chèitean",
           "dhen Ògmhios", "dhen Iuchar", "dhen Lùnastal", "dhen t-Sultain", "dhen Dàmhair",
           "dhen t-Samhain", "dhen Dùbhlachd"),
    "pl": ("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia",
           "września", "października", "listopada", "grudnia"),
    "ar": ("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر",
           "أكتوبر", "نوفمبر", "ديسمبر"),
}  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """What every page knows: which survey if any, in which language, for whom, and its address."""

    survey: Survey | None = None
    language: str = MAIN
    languages: Sequence[str] = ()
    at: str = ""
    answering: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def audience(self) -> str:
        """For whom the words are."""
        return self.survey.audience if self.survey else NO_AUDIENCE

    @cached_property
    def w(self) -> Mapping[str, str]:
        """The words."""
        return content.words(self.language, self.audience)

    @property
    def hides(self) -> bool:
        """Whether the page can be hidden; where it is not known whose it is, it can."""
        return self.survey is None or self.audience in HIDES

    @property
    def young(self) -> bool:
        """Whether it is for children or young people."""
        return self.audience in YOUNG

    def context(self) -> dict[str, Any]:
        """What the frame's template takes."""
        survey = self.survey
        return {
            "w": self.w,
            "language": self.language,
            "direction": content.direction(self.language),
            "audience": self.audience,
            "young": self.young,
            "hides": self.hides,
            "survey": survey,
            "at": self.at,
            "look": assets.asset("look.css").address,
            "doing": assets.asset("doing.js").address,
            "lines": [(line, self.w[line.words]) for line in content.lines(self.audience)],
            "local_help": survey.local_help if survey else (),
            "languages": self.languages if len(self.languages) > 1 else (),
            "shared": bool(survey and survey.shared_device and self.answering),
            "names": content.languages(),
        }


def page(name: str, frame: Frame, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a template."""
    template = get_template(f"surveys/respondent/{name}.html")
    return HttpResponse(template.render({**frame.context(), **more}), status=status)


def said(
    request: HttpRequest,
    title: str,
    *keys: str,
    frame: Frame | None = None,
    status: int = 200,
    **fill: str,
) -> HttpResponse:
    """A page that says one thing, by keys of words; `fill` fills what stands in braces."""
    frame = frame or Frame(at="/s/")
    texts = [filled(frame.w[key], **fill) for key in keys]
    heading = filled(frame.w[title], **fill)
    return page("said", frame, status=status, heading=heading, texts=texts)


def go(request: HttpRequest, address: str) -> HttpResponse:
    """On to another page, as the browser or as the page's script follows it."""
    if request.headers.get(BY_SCRIPT):
        return JsonResponse({"to": address})
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def filled(text: str, **fill: object) -> str:
    """The text with what stands in braces filled in; other braces stay."""
    for name, value in fill.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def day(date: dt.date, language: str) -> str:
    """A day in words of a language."""
    months = _MONTHS.get(language, _MONTHS[MAIN])
    return f"{date.day} {months[date.month - 1]} {date.year}"


def today() -> dt.date:
    """The day it is here."""
    return localdate()
