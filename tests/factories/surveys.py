"""Builders of surveys: questionnaires, rounds, who is asked, and what was answered."""

import datetime as dt
from typing import Any

import factory

from sightline.surveys import models, stores
from tests.factories.access import UserFactory

NOW = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
TODAY = dt.date(2026, 3, 1)
OPENED = dt.date(2020, 1, 1)
CLOSES = dt.date(2099, 1, 1)
DESTROYED = dt.date(2099, 7, 1)
CONTENT = {
    "answers": {}, "asked": [], "group": "", "wave": None, "language": "en", "channel": "web",
    "helped": "", "promise": 1,
}  # fmt: skip


def own_questions(code: str = "local-staff", **over: Any) -> dict[str, Any]:
    """Questions of an area that may be reworded and are half in Gaelic: two, with two answers."""
    return {
        "code": code, "version": 1, "title": "Local staff", "audience": "staff",
        "languages": ["en", "gd"], "locked": False,
        "introduction": {"en": "We want to know how your work goes."},
        "sections": [{
            "code": "work", "title": {"en": "Your work", "gd": "An obair agad"},
            "items": [
                {"code": "supported", "kind": "one", "text": {"en": "Are you supported?"},
                 "choices": "yes-no"},
                {"code": "why", "kind": "text", "text": {"en": "Why is that?"},
                 "show_when": "${supported} = 'no'"},
            ],
        }],
        "choices": {"yes-no": [
            {"code": "yes", "label": {"en": "Yes"}}, {"code": "no", "label": {"en": "No"}},
        ]},
    } | over  # fmt: skip


class QuestionnaireFactory(factory.django.DjangoModelFactory):
    """A draft of an area with one question."""

    area = "strathgarry"
    code = factory.Sequence(lambda n: f"local-{n}")
    content = factory.LazyAttribute(
        lambda made: {
            "code": made.code,
            "version": 1,
            "title": "Local questions",
            "audience": "staff",
            "introduction": {"en": "A few questions."},
            "sections": [
                {
                    "code": "first",
                    "title": {"en": "First"},
                    "items": [{"code": "said", "kind": "text", "text": {"en": "What else?"}}],
                }
            ],
        }
    )
    made_at = NOW
    made_by = "test"

    class Meta:
        model = models.Questionnaire


class SurveyFactory(factory.django.DjangoModelFactory):
    """A draft of the staff survey with one link for everybody."""

    area = "strathgarry"
    slug = factory.Sequence(lambda n: f"staff-{n}")
    title = "Staff survey"
    questionnaire = "staff@1"
    audience = "staff"
    link = factory.LazyFunction(stores.new_code)
    languages = ["en"]
    made_at = NOW
    made_by = "test"

    class Meta:
        model = models.Survey


class OpenSurveyFactory(SurveyFactory):
    """One that takes answers on whichever day a test runs."""

    state = "open"
    opens_on = OPENED
    closes_on = CLOSES
    destroy_on = DESTROYED
    promise = {"version": 1}
    promise_version = 1
    opened_at = NOW
    opened_by = "test"


class ClosedSurveyFactory(OpenSurveyFactory):
    """One that has been closed; its answers are still there."""

    state = "closed"
    closes_on = TODAY
    closed_at = NOW
    closed_by = "test"


class SafetyReaderFactory(factory.django.DjangoModelFactory):
    """Somebody trained last year."""

    survey = factory.SubFactory(OpenSurveyFactory)
    reader = factory.SubFactory(UserFactory)
    trained_on = dt.date(2025, 5, 1)
    named_at = NOW
    named_by = "test"

    class Meta:
        model = models.SafetyReader


class WaveFactory(factory.django.DjangoModelFactory):
    """A wave that is open on whichever day a test runs."""

    survey = factory.SubFactory(OpenSurveyFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = "First schools"
    opens_on = OPENED
    closes_on = CLOSES

    class Meta:
        model = models.Wave


class GroupFactory(factory.django.DjangoModelFactory):
    """A group with a code of its own; nobody has said how many it has."""

    survey = factory.SubFactory(OpenSurveyFactory, mode="group-code")
    code = factory.LazyFunction(stores.new_code)
    label = factory.Sequence(lambda n: f"Group {n}")

    class Meta:
        model = models.Group


class InvitationFactory(factory.django.DjangoModelFactory):
    """A code of one person, without name or address."""

    survey = factory.SubFactory(OpenSurveyFactory, mode="single-use")
    code = factory.LazyFunction(stores.new_code)
    code_index = factory.LazyAttribute(lambda made: stores.code_index(made.code))
    address = ""
    name = ""

    class Meta:
        model = models.Invitation


class SpentFactory(factory.django.DjangoModelFactory):
    """A code that was used."""

    digest = factory.LazyFunction(lambda: stores.spent_code(stores.new_code()))
    survey = factory.SubFactory(OpenSurveyFactory)

    class Meta:
        model = models.Spent


class PartFactory(factory.django.DjangoModelFactory):
    """A part that nobody can open; `answering.begin` makes one that somebody can."""

    survey = factory.SubFactory(OpenSurveyFactory)
    token_index = factory.LazyFunction(lambda: stores.token_index(stores.new_token()))
    token_key = b"nobody's"
    content = b"nobody's"
    expires_on = CLOSES

    class Meta:
        model = models.Part


class SentAnswerFactory(factory.django.DjangoModelFactory):
    """Answers that were sent, to no question."""

    survey = factory.SubFactory(OpenSurveyFactory)
    content = factory.LazyFunction(lambda: dict(CONTENT))

    class Meta:
        model = models.SentAnswer


class AnswerFactory(SentAnswerFactory):
    """The same after closing."""

    survey = factory.SubFactory(ClosedSurveyFactory)

    class Meta:
        model = models.Answer


class CommentFactory(factory.django.DjangoModelFactory):
    """A comment that waits for somebody to read it."""

    survey = factory.SubFactory(OpenSurveyFactory)
    item = "said"
    words = "More time to listen."
    about = factory.LazyFunction(lambda: {"item": "said", "group": ""})
    received_on = TODAY
    cleared = ""

    class Meta:
        model = models.Comment


class CommentReadingFactory(factory.django.DjangoModelFactory):
    """A comment was cleared as it stands."""

    comment = factory.SubFactory(CommentFactory)
    number = 1
    decision = "cleared"
    cleared = "More time to listen."
    read_on = TODAY
    reader = "person:1"

    class Meta:
        model = models.CommentReading


class ContactRequestFactory(factory.django.DjangoModelFactory):
    """Somebody asks to be spoken to."""

    survey = factory.SubFactory(OpenSurveyFactory)
    how = "Text me: 07700 900123"
    asked_on = TODAY

    class Meta:
        model = models.ContactRequest


class ThemeFactory(factory.django.DjangoModelFactory):
    """A theme that words proposed."""

    survey = factory.SubFactory(ClosedSurveyFactory)
    item = "said"
    words = factory.LazyFunction(lambda: ["time", "listen"])
    proposed_at = NOW
    proposed_by = "schedule:surveys.themes"

    class Meta:
        model = models.Theme
