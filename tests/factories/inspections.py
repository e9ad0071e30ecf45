"""Builders of inspections: rows one by one, and whole documents as plain data."""

import datetime as dt
from copy import deepcopy
from typing import Any

import factory
from django.db.models import Model

from sightline.access.actors import CommandLine
from sightline.inspections import models
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.queries import document
from sightline.inspections.services import bump, import_document

ACTOR = CommandLine("tester")
NOW = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)
SOURCED: dict[str, Any] = {"sources": ["report-a"], "confidence": "high", "place": "Appendix 1"}


class _Written(factory.django.DjangoModelFactory):
    """Says that the data has changed, as a service would."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Model], *args: Any, **kwargs: Any) -> Model:
        made = super()._create(model_class, *args, **kwargs)
        bump()
        return made


class SourceFactory(_Written):
    """A published report."""

    key = factory.Sequence(lambda n: f"report-{n}")
    kind = "report"
    title = factory.Sequence(lambda n: f"Report {n}")

    class Meta:
        model = models.Source


class InspectionFactory(_Written):
    """A full P1 inspection of Fife, published in its own year."""

    reference = factory.Sequence(lambda n: f"fife-{1990 + n}")
    programme = "care-and-protection@1"
    partnership = "fife"
    kind = "full"
    status = "published"
    published_earliest = factory.Sequence(lambda n: dt.date(1990, 1, 1) + dt.timedelta(days=n))
    published_latest = factory.SelfAttribute("published_earliest")
    created_at = changed_at = NOW
    created_by = changed_by = "test"

    class Meta:
        model = models.Inspection


class _Cited(_Written):
    """Something of an inspection that rests on a source."""

    inspection = factory.SubFactory(InspectionFactory)
    position = 0
    sources = factory.LazyFunction(lambda: ["report-a"])
    confidence = "high"

    class Meta:
        abstract = True


class PauseFactory(_Cited):
    """A pause of three months."""

    starts, ends = "2020-03", "2020-06"
    starts_earliest, ends_latest = dt.date(2020, 3, 1), dt.date(2020, 6, 30)
    reason = "The pandemic."

    class Meta:
        model = models.Pause


class StatedDateFactory(_Cited):
    """A published date, in use."""

    what = "published"
    value = "2020-06-16"
    earliest = latest = dt.date(2020, 6, 16)
    in_use = True
    stated_at = NOW
    stated_by = "test"

    class Meta:
        model = models.StatedDate


class StatedCountFactory(_Cited):
    """109 records read, in use."""

    channel = "records-read"
    count = 109
    in_use = True
    stated_at = NOW
    stated_by = "test"

    class Meta:
        model = models.StatedCount


class EvaluationFactory(_Written):
    """A judgement of 2.1, its value not stated."""

    inspection = factory.SubFactory(InspectionFactory)
    judgement = "2.1"
    position = 0

    class Meta:
        model = models.Evaluation


class StatedEvaluationFactory(_Written):
    """Good, in use."""

    evaluation = factory.SubFactory(EvaluationFactory)
    value = 4
    position = 0
    sources = factory.LazyFunction(lambda: ["report-a"])
    confidence = "high"
    in_use = True
    stated_at = NOW
    stated_by = "test"

    class Meta:
        model = models.StatedEvaluation


class RationaleParagraphFactory(_Written):
    """Why an evaluation is what it is."""

    evaluation = factory.SubFactory(EvaluationFactory)
    position = 0
    text = "Most children were safe."
    place = "Appendix 1"

    class Meta:
        model = models.RationaleParagraph


class PointFactory(_Cited):
    """A strength."""

    kind = "strength"
    text = "Staff knew the children well."

    class Meta:
        model = models.Point


class KeyMessageFactory(_Cited):
    """A key message of the first question."""

    frame_item = "q1"
    text = "Children were kept safe."

    class Meta:
        model = models.KeyMessage


class GoodPracticeFactory(_Cited):
    """An example of good practice."""

    title = "A programme"
    text = "It helped."

    class Meta:
        model = models.GoodPractice


class ConclusionFactory(_Cited):
    """Confidence that the partnership can improve."""

    statement = "confident"
    text = "The partnership could go on improving."
    basis = factory.LazyFunction(lambda: ["Leaders were committed."])

    class Meta:
        model = models.Conclusion


class DataVersionFactory(factory.django.DjangoModelFactory):
    """The one version row; the services keep it, so this fetches or makes it."""

    id = 1
    token = "made-by-a-test"

    class Meta:
        model = models.DataVersion
        django_get_or_create = ("id",)


_DOCUMENT: dict[str, Any] = {
    "schema": "sightline-inspection",
    "schema_version": 1,
    "reference": "falkirk-2021",
    "programme": "care-and-protection@1",
    "partnership": "falkirk",
    "kind": "full",
    "status": "published",
    "title": "A joint inspection in Falkirk",
    "dates": {
        "inspected": {"value": "2020-08/2020-12", **SOURCED},
        "published": {"value": "2021-03-16", **SOURCED},
    },
    "pauses": [{"starts": "2020-03", "ends": "2020-06", "reason": "A pandemic.", **SOURCED}],
    "evidence": [
        {"channel": "records-read", "count": 109, **SOURCED},
        {
            "channel": "staff-survey-rate",
            "count": 89,
            **SOURCED,
            "also": [{"count": 91, **SOURCED, "sources": ["paper-b"]}],
        },
    ],
    "evaluations": [
        {
            "judgement": "2.1",
            "stated": {"value": 3, **SOURCED},
            "rationale": [{"text": "Most were safe.", "place": "Appendix 1"}],
        },
        {"judgement": "2.2", "stated": {"value": 4, **SOURCED}},
        {"judgement": "1.1", "note": "Not found in what could be read."},
    ],
    "strengths": [{"text": "Staff knew the children well.", **SOURCED}],
    "areas_for_improvement": [{"text": "Plans came late.", **SOURCED}],
    "key_messages": [
        {"text": "Children were kept safe.", "frame_item": "q1", **SOURCED},
        {"text": "Leaders worked together.", **SOURCED},
    ],
    "good_practice": [
        {"title": "A programme", "text": "It helped.", "frame_item": "q2", **SOURCED}
    ],
    "conclusion": {
        "statement": "confident",
        "text": "It could improve.",
        "basis": ["Leaders were committed."],
        **SOURCED,
    },
    "sources": [
        {"key": "paper-b", "kind": "council paper", "title": "Paper B"},
        {"key": "report-a", "kind": "report", "title": "Report A"},
    ],
}


def document_data(**changes: Any) -> dict[str, Any]:
    """A whole published P1 inspection of Falkirk as plain data, with these fields changed."""
    return {**deepcopy(_DOCUMENT), **changes}


def imported(**changes: Any) -> InspectionDocument:
    """The same, imported."""
    found = import_document(actor=ACTOR, data=document_data(**changes), name="test.json")
    return document(found.reference)


def draft(**changes: Any) -> InspectionDocument:
    """A draft of Falkirk without a published date, imported."""
    values: dict[str, Any] = {
        "reference": "falkirk-2026",
        "status": "draft",
        "dates": {},
        "pauses": [],
    }
    return imported(**{**values, **changes})
