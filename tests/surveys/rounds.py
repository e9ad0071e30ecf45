"""A small questionnaire of an area, a survey of it, and people who answer."""

from typing import Any

from sightline.surveys.models import Survey
from sightline.surveys.services import answering
from tests.factories.surveys import NOW, OpenSurveyFactory, QuestionnaireFactory

AGREEMENT = ("strongly-agree", "agree", "disagree", "strongly-disagree")
SERVICES = ("health", "education", "police")


def _choices(codes: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"code": code, "label": {"en": code.replace("-", " ")}} for code in codes]


def _item(code: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, "text": {"en": f"About {code}?"}, **more}


CONTENT: dict[str, Any] = {
    "title": "A short survey",
    "audience": "staff",
    "introduction": {"en": "A few questions."},
    "choices": {"services": _choices(SERVICES), "agreement": _choices(AGREEMENT)},
    "sections": [
        {
            "code": "first",
            "title": {"en": "First"},
            "items": [
                _item("service", "one", choices="services", groups=True, prefer_not=True),
                _item("confident", "scale", choices="agreement", dont_know=True),
                _item("why", "text", show_when="${confident} = 'disagree'"),
                _item("helped-by", "many", choices="services"),
                _item("years", "number", whole=True),
                _item("since", "date"),
                _item("said", "text", prefer_not=True),
                {**_item("twice", "calculate", calculation="${years} * 2"), "text": {"en": "-"}},
                _item("thanks", "note"),
            ],
        },
        {
            "code": "training",
            "title": {"en": "Training"},
            "repeat": "course",
            "repeat_most": 3,
            "items": [_item("course", "text"), _item("useful", "one", choices="agreement")],
        },
    ],
}


def questionnaire(**changes: Any) -> str:
    """A released questionnaire of Strathgarry; gives its key."""
    made = QuestionnaireFactory(state="released", released_at=NOW, released_by="test")
    made.content = {**CONTENT, "code": made.code, "version": 1, **changes}
    made.save()
    return str(made.key)


def survey(**fields: Any) -> Survey:
    """An open survey of it."""
    made: Survey = OpenSurveyFactory(**{"questionnaire": questionnaire(), **fields})
    return made


def begun(asked: Survey, answers: dict[str, Any], *, code: str = "", page: int = 1) -> str:
    """Somebody who has saved answers and not sent them; gives the token."""
    token = answering.begin(asked, code, language="en")
    held = answering.held(token)
    assert held is not None
    held.answers.update(answers)
    held.page = page
    answering.save(token, held)
    return token


def sent(asked: Survey, answers: dict[str, Any], *, code: str = "") -> str:
    """Somebody who has sent them; gives the token."""
    token = begun(asked, answers, code=code)
    answering.send(token)
    return token
