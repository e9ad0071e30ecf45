"""What became of differences between readers, and readings that a lead looked at again."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from sightline.access.constraints import together
from sightline.record_reading.models.readings import Reading
from sightline.record_reading.models.samples import SampledRecord
from sightline.secrets.fields import SealedJSON, SealedText


class Settlement(models.Model):
    """The answer that counts where two readers gave two. Their own answers stay as they are.

    `value` is an answer as a reading holds it; None where both views stand and the spread is
    reported. `between` are the two answers it settled, the first reader's first: should one of them
    be another later, it settles nothing. One that is settled anew is superseded, never changed.
    """

    class Way(models.TextChoices):
        """How it was settled."""

        AGREED = "agreed", "The readers agreed"
        ADJUDICATED = "adjudicated", "The lead decided"
        THIRD = "third", "A third reader decided"
        TWO_VIEWS = "two-views", "Left as two views"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(SampledRecord, models.PROTECT, related_name="settlements")
    item = models.CharField(max_length=80)
    agency = models.CharField(max_length=60, blank=True)
    way = models.CharField(max_length=12, choices=Way)
    value: Any = SealedJSON(null=True, blank=True)
    between: Any = SealedJSON(default=list, blank=True)
    why = SealedText()
    settled_at = models.DateTimeField()
    settled_by = models.CharField(max_length=80)
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "item", "agency"],
                condition=Q(superseded_at__isnull=True),
                name="difference_is_settled_once",
            ),
            together("settlement", "settled", needed=True),
            together("settlement", "superseded"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "record", "item", "agency", "way", "settled_at", "settled_by", "superseded_at",
            "superseded_by",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"value", "between", "why"}

    def __str__(self) -> str:
        return f"{self.item} of {self.record_id}: {self.way}"


class DipCheck(models.Model):
    """A reading drawn by chance for the lead to look at again, and what they thought."""

    class Outcome(models.TextChoices):
        """What the lead thought."""

        SOUND = "sound", "Sound"
        DISCUSS = "discuss", "To be talked through"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading = models.ForeignKey(Reading, models.PROTECT, related_name="dip_checks")
    seed = models.CharField(max_length=120)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    note = SealedText(blank=True)
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=80)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reading"], name="dip_check_of_a_reading_is_one"),
            models.CheckConstraint(
                condition=Q(outcome="", checked_at__isnull=True)
                | (~Q(outcome="") & Q(checked_at__isnull=False)),
                name="dip_check_has_an_outcome_once_checked",
            ),
            together("dipcheck", "drawn", needed=True),
            together("dipcheck", "checked"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "reading", "seed", "outcome", "drawn_at", "drawn_by", "checked_at", "checked_by",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"note"}

    def __str__(self) -> str:
        return f"dip check of {self.reading_id}"
