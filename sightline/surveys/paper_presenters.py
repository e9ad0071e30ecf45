"""A questionnaire as it is printed: boxes to tick, lines to write on, and a square to scan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from sightline.surveys import promise
from sightline.surveys.definitions import CHOSEN, QuestionnaireDefinition, said
from sightline.surveys.models import Survey
from sightline.surveys.paper_forms import Place, places
from sightline.surveys.respondent import content
from sightline.surveys.stores import shown_code

SIZES: Final[Mapping[str, str]] = {"plain": "Usual size", "large": "Large print, 18 point"}
QUIET: Final = 4
"""White modules around the square, as scanners need them."""


@dataclass(frozen=True)
class Square:
    """A QR code as one SVG path on a grid of `side` by `side`."""

    path: str
    side: int


def square(address: str) -> Square:
    """The QR code of an address."""
    import qrcode  # type: ignore[import-untyped]

    made = qrcode.QRCode(border=QUIET, error_correction=qrcode.constants.ERROR_CORRECT_M)
    made.add_data(address)
    rows = made.get_matrix()
    path = "".join(
        f"M{across} {down}h1v1h-1z"
        for down, row in enumerate(rows)
        for across, dark in enumerate(row)
        if dark
    )
    return Square(path, len(rows))


def address_of(code: str) -> str:
    """Where somebody answers who has a code; without one, where a code is typed."""
    host = settings.SIGHTLINE_RESPONDENT_HOST
    scheme = "https" if settings.SIGHTLINE_HTTPS else "http"
    base = f"{scheme}://{host}" if host else settings.SIGHTLINE_ADDRESS.rstrip("/")
    return f"{base}/s/{code}/" if code else f"{base}/s/"


@dataclass(frozen=True)
class Printed:
    """One question on paper."""

    number: int
    text: str
    hint: str
    how: str
    condition: str
    options: Sequence[str]
    lines: range
    boxes: Sequence[str]
    heading: str
    notice: str


def printed(questionnaire: QuestionnaireDefinition, survey: Survey, language: str) -> list[Printed]:
    """Every question, in a language."""
    words = content.words(language, survey.audience)
    found: list[Printed] = []
    before: tuple[str, int | None] | None = None
    for number, place in enumerate(places(questionnaire), 1):
        here = (place.section.code, place.turn)
        found.append(_printed(number, place, questionnaire, words, language, first=here != before))
        before = here
    return found


def _printed(
    number: int,
    place: Place,
    questionnaire: QuestionnaireDefinition,
    words: Mapping[str, str],
    language: str,
    *,
    first: bool,
) -> Printed:
    item, section, main = place.item, place.section, questionnaire.languages[0]
    options = [said(one.label, language, main) for one in questionnaire.options(item)]
    marks = [
        words[key]
        for key, there in (("dont_know", item.dont_know), ("prefer_not", item.prefer_not))
        if there
    ]
    how = words["paper_one"] if item.kind in CHOSEN else ""
    turn = "" if place.turn is None else f" {place.turn + 1}"
    return Printed(
        number=number,
        text=said(item.text, language, main),
        hint=said(item.hint, language, main),
        how=words["paper_many"] if item.kind == "many" else how,
        condition=words["paper_if"] if item.show_when or section.show_when else "",
        options=[*options, *marks],
        lines=range(item.lines + 1 if item.kind == "text" else item.kind == "number"),
        boxes=(words["day"], words["month"], words["year"]) if item.kind == "date" else (),
        heading=said(section.title, language, main) + turn if first else "",
        notice=said(section.notice, language, main) if first and not place.turn else "",
    )


def sheet(
    survey: Survey, questionnaire: QuestionnaireDefinition, language: str, code: str
) -> dict[str, Any]:
    """What the printed page shows; `code` is the link's or a group's, empty for people's own."""
    words = content.words(language, survey.audience)
    given = promise.kept(survey) or promise.promise_of(survey, questionnaire)
    at = address_of(code)
    return {
        "w": words,
        "survey": survey,
        "language": language,
        "direction": content.direction(language),
        "title": words.get("about", questionnaire.title),
        "introduction": said(questionnaire.introduction, language, questionnaire.languages[0]),
        "promised": given.sentences(survey.audience, language),
        "questions": printed(questionnaire, survey, language),
        "helped": [words[f"helped_{one}"] for one in ("no", "read", "wrote", "talked", "language")],
        "lines": [(line.number, words[line.words]) for line in content.lines(survey.audience)],
        "address": at,
        "square": square(at),
        "code": words["paper_code"].replace("{code}", shown_code(code)) if code else "",
        "own_code": words["paper_own_code"] if not code else "",
    }
