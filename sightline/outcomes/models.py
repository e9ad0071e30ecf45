"""What people write on charts: something that happened, and when."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q


class Annotation(models.Model):
    """Something that happened in an area on a day, written on the chart of one indicator or of all.

    `breaks`: figures before and from that day cannot be compared. A note is never changed; it is
    taken off, and a new one written.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    area = models.CharField(max_length=80, db_index=True)
    indicator = models.CharField(max_length=60, blank=True, help_text="Empty: every indicator.")
    on = models.DateField()
    words = models.CharField(max_length=300)
    breaks = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=80)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="annotation_says_something"),
            models.CheckConstraint(
                condition=Q(written_at__isnull=False) & ~Q(written_by=""),
                name="annotation_written_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=(Q(removed_at__isnull=False) & ~Q(removed_by=""))
                | Q(removed_at__isnull=True, removed_by=""),
                name="annotation_removed_at_and_by_together",
            ),
        ]
        ordering = ("on", "written_at")

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "area", "indicator", "on", "words", "breaks", "written_at", "written_by",
            "removed_at", "removed_by",
        }  # fmt: skip
        secret: ClassVar[set[str]] = set()

    def __str__(self) -> str:
        return f"{self.on}: {self.words}"
