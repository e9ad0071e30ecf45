"""Who reads, with whom, and what they may not open."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from sightline.access.constraints import together
from sightline.record_reading.models.rounds import Round
from sightline.record_reading.models.samples import SampledRecord
from sightline.secrets.fields import SealedText


class Reader(models.Model):
    """Somebody who reads in a round, until it ends or they are away.

    Readers with the same `pair` read beside each other throughout. `teams` are those they work in,
    by the names that the return uses, so that a record of their own team stays closed to them.
    """

    class Kind(models.TextChoices):
        """As whom they read."""

        INSPECTOR = "inspector", "Inspector"
        LOCAL = "local", "Local record reader"
        ASSOCIATE = "associate", "Associate assessor"
        AUDITOR = "auditor", "Reader of a local audit"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="readers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    agency = models.CharField(max_length=60, blank=True)
    teams: Any = models.JSONField(default=list, blank=True)
    pair = models.PositiveSmallIntegerField(null=True, blank=True)
    trained_on = models.DateField(null=True, blank=True)
    named_at = models.DateTimeField()
    named_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "person"],
                condition=Q(ended_at__isnull=True),
                name="record_reader_is_named_once",
            ),
            together("recordreader", "named", needed=True),
            together("recordreader", "ended"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"person"}
        plain: ClassVar[set[str]] = {
            "id", "round", "kind", "agency", "teams", "pair", "trained_on", "named_at",
            "named_by", "ended_at", "ended_by", "ended_reason",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"reader {self.pk}"


class Conflict(models.Model):
    """A record that a reader may not open, because they know the child or worked with them."""

    class Kind(models.TextChoices):
        """How they are bound to it."""

        WORKED = "worked", "They worked with the child or family"
        TEAM = "team", "Their team worked with the child or family"
        KNOWS = "knows", "They know the child or family"
        OTHER = "other", "Another reason"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reader = models.ForeignKey(Reader, models.PROTECT, related_name="conflicts")
    record = models.ForeignKey(SampledRecord, models.PROTECT, related_name="conflicts")
    kind = models.CharField(max_length=10, choices=Kind)
    note = SealedText(blank=True)
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=80)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "record"],
                condition=Q(lifted_at__isnull=True),
                name="conflict_is_declared_once",
            ),
            together("conflict", "declared", needed=True),
            together("conflict", "lifted"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"reader"}
        plain: ClassVar[set[str]] = {
            "id", "record", "kind", "declared_at", "declared_by", "lifted_at", "lifted_by",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"note"}

    def __str__(self) -> str:
        return f"conflict of {self.reader_id} over {self.record_id}"
