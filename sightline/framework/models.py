"""Corrections of official titles, kept over the released definitions."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class CorrectedTitle(models.Model):
    """The official title of one indicator, as somebody has put it right.

    A definition is never edited once released, so a title that turns out otherwise is laid over it.
    The correction with the highest number counts; the earlier ones are its history.
    """

    class Status(models.TextChoices):
        """How sure the title is; the same three as in the definitions."""

        VERIFIED = "verified", "Seen with its number in a publication"
        HEADING = "heading", "Seen as a heading, without its number"
        UNVERIFIED = "unverified", "Not confirmed"

    framework = models.CharField(max_length=60, help_text="Edition, such as children@3.")
    indicator = models.CharField(max_length=5, help_text="Code in the framework, such as 2.1.")
    number = models.PositiveIntegerField(help_text="1 for the first correction, then 2, 3.")
    title = models.CharField(max_length=300)
    status = models.CharField(max_length=10, choices=Status)
    source = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=500)
    corrected_at = models.DateTimeField()
    corrected_by = models.CharField(max_length=120, help_text="Audit name of who corrected it.")

    class Meta:
        ordering = ["framework", "indicator", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "indicator", "number"],
                name="title_is_corrected_once_at_a_time",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="title_corrections_start_at_1"),
            models.CheckConstraint(condition=~Q(title=""), name="corrected_title_has_words"),
            models.CheckConstraint(condition=~Q(reason=""), name="corrected_title_has_a_reason"),
            models.CheckConstraint(
                condition=Q(status__in=["verified", "heading", "unverified"]),
                name="corrected_title_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status="unverified") | ~Q(source=""),
                name="a_title_that_was_seen_has_a_source",
            ),
            models.CheckConstraint(
                condition=Q(corrected_at__isnull=False) & ~Q(corrected_by=""),
                name="title_corrected_at_and_by_together",
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "framework", "indicator", "number", "title", "status", "source", "reason",
            "corrected_at", "corrected_by",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.framework} {self.indicator}: {self.title}"
