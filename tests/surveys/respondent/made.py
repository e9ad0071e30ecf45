"""A small questionnaire with every kind of question, a survey of it, and somebody who answers."""

import datetime as dt

from django.test import Client

from sightline.surveys import promise
from sightline.surveys.questionnaires import questionnaire
from tests.factories.surveys import NOW, OpenSurveyFactory, QuestionnaireFactory

LONG = [{"code": f"town-{n}", "label": {"en": f"Town {n}"}} for n in range(25)]
CONTENT = {
    "title": "A small questionnaire",
    "languages": ["en", "ar"],
    "introduction": {"en": "A few things about you."},
    "choices": {
        "often": [
            {"code": "all", "label": {"en": "All of the time", "ar": "دائما"}},
            {"code": "never", "label": {"en": "Never"}},
        ],
        "towns": LONG,
    },
    "sections": [
        {
            "code": "you",
            "title": {"en": "About you"},
            "items": [
                {
                    "code": "listens",
                    "kind": "frequency",
                    "choices": "often",
                    "text": {"en": "Does your worker listen?", "ar": "هل يستمع إليك؟"},
                    "hint": {"en": "Any worker."},
                    "dont_know": True,
                    "prefer_not": True,
                    "groups": True,
                },
                {
                    "code": "why",
                    "kind": "text",
                    "text": {"en": "Why do you say that?"},
                    "show_when": "${listens} = 'never'",
                    "prefer_not": True,
                },
                {"code": "both", "kind": "many", "choices": "often", "text": {"en": "Which?"}},
                {"code": "town", "kind": "one", "choices": "towns", "text": {"en": "Where?"}},
            ],
        },
        {
            "code": "home",
            "title": {"en": "Home"},
            "notice": {"en": "The next 2 questions are about home."},
            "items": [
                {
                    "code": "rooms",
                    "kind": "number",
                    "whole": True,
                    "text": {"en": "How many rooms?"},
                    "constraint": ". < 20",
                    "constraint_message": {"en": "That is a great many rooms"},
                },
                {"code": "moved", "kind": "date", "text": {"en": "When?"}, "dont_know": True},
            ],
        },
        {
            "code": "pets",
            "title": {"en": "Pets"},
            "repeat": "pet",
            "repeat_most": 2,
            "items": [
                {"code": "pet", "kind": "text", "lines": 2, "text": {"en": "Who is your pet?"}},
                {"code": "told", "kind": "note", "text": {"en": "Pets are good company."}},
            ],
        },
    ],
}


def survey_of(audience="child", **more):
    """An open survey of it, for an audience."""
    content = {**CONTENT, "audience": audience, **more.pop("content", {})}
    made = QuestionnaireFactory(state="released", released_at=NOW, released_by="test")
    made.content = {**content, "code": made.code, "version": 1}
    made.save()
    given = {
        "questionnaire": made.key,
        "audience": audience,
        "languages": ["en", "ar"],
        "local_help": ["Out of hours: 01632 960123"],
        "heard_by": dt.date(2027, 6, 30),
        **more,
    }
    survey = OpenSurveyFactory(**given)
    survey.promise = promise.next_of(survey, promise.promise_of(survey, questionnaire(made.key)))
    survey.save()
    return survey


class Person:
    """Somebody at a browser without scripts."""

    def __init__(self, survey, code=""):
        self.client = Client()
        self.survey = survey
        self.at = f"/s/{survey.link}/"
        self.code = code or survey.link

    def get(self, path=""):
        """Open a page under the survey."""
        return self.client.get(path if path.startswith("/") else self.at + path)

    def post(self, path="", /, **data):
        """Send its form."""
        where = path if path.startswith("/") else self.at + path
        return self.client.post(where, {name.replace("__", "-"): v for name, v in data.items()})

    def begin(self, go="begin", **data):
        """Start, and give where that leads."""
        response = self.post(f"/s/{self.code}/", go=go, **data)
        return response["Location"]

    def answer(self, number, go="next", **values):
        """Answer a page; codes of items without what stands before them."""
        fields = {f"q-{code}": value for code, value in values.items()}
        of = self.get(f"{number}/").context["of"]
        return self.client.post(f"{self.at}{number}/", {**fields, "go": go, "of": of})

    @property
    def token(self):
        """What the cookie holds."""
        return self.client.cookies["survey"].value
