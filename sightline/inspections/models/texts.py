"""What an inspection found, in words: points, key messages, good practice and the conclusion."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from sightline.inspections.models.inspection import Inspection
from sightline.inspections.models.parts import CITED, Cited, cited_constraints


class Point(Cited):
    """A strength or an area for improvement."""

    class Kind(models.TextChoices):
        """Which of the two."""

        STRENGTH = "strength", "Strength"
        IMPROVEMENT = "improvement", "Area for improvement"

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="points")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField()

    class Meta:
        constraints = [
            *cited_constraints("point"),
            models.CheckConstraint(
                condition=Q(kind__in=["strength", "improvement"]), name="point_kind_is_known"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="point_has_text"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {*CITED, "inspection", "kind", "text"}

    def __str__(self) -> str:
        return self.text[:60]


class KeyMessage(Cited):
    """A key message of one frame item, or of the whole inspection (no frame item)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="key_messages")
    frame_item = models.CharField(max_length=60, blank=True)
    text = models.TextField()

    class Meta:
        constraints = [
            *cited_constraints("key_message"),
            models.CheckConstraint(condition=~Q(text=""), name="key_message_has_text"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {*CITED, "inspection", "frame_item", "text"}

    def __str__(self) -> str:
        return self.text[:60]


class GoodPractice(Cited):
    """An example of good practice."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="good_practice")
    frame_item = models.CharField(max_length=60, blank=True)
    title = models.TextField()
    text = models.TextField()

    class Meta:
        constraints = [
            *cited_constraints("good_practice"),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text=""), name="good_practice_has_title_and_text"
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {*CITED, "inspection", "frame_item", "title", "text"}

    def __str__(self) -> str:
        return self.title


class Conclusion(Cited):
    """The statement about the partnership's capacity to improve, and what it rests on."""

    class Statement(models.TextChoices):
        """How confident the inspecting bodies are."""

        CONFIDENT = "confident", "Confident"
        CONDITIONS = "confident-with-conditions", "Confident, with conditions"
        NOT_YET = "not-yet-confident", "Not yet confident"

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="conclusions")
    statement = models.CharField(max_length=30, choices=Statement)
    text = models.TextField()
    basis = models.JSONField(help_text="What it rests on: a list of sentences.")

    class Meta:
        constraints = [
            *cited_constraints("conclusion"),
            models.UniqueConstraint(fields=["inspection"], name="an_inspection_has_one_conclusion"),
            models.CheckConstraint(
                condition=Q(
                    statement__in=["confident", "confident-with-conditions", "not-yet-confident"]
                ),
                name="conclusion_statement_is_known",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="conclusion_has_text"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {*CITED, "inspection", "statement", "text", "basis"}

    def __str__(self) -> str:
        return self.statement
