"""What a sample is drawn from, and the sample."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from sightline.access.constraints import together
from sightline.record_reading.models.rounds import Round
from sightline.secrets.fields import SealedJSON, SealedText
from sightline.uploads.models import Upload


class Snapshot(models.Model):
    """The children in scope, as one version of the return gave them. Never changed.

    `rows` is a list with one mapping for each child, under the names of the return's columns;
    `strata` counts them by stratum. The one sent last and not withdrawn is in use.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="snapshots")
    number = models.PositiveIntegerField()
    upload = models.ForeignKey(Upload, models.PROTECT, null=True, blank=True, related_name="+")
    rows: Any = SealedJSON()
    held = models.PositiveIntegerField(help_text="Children in it.")
    strata: Any = models.JSONField(default=dict)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="snapshot_is_its_own_version"),
            together("snapshot", "sent", needed=True),
            together("snapshot", "withdrawn"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "round", "number", "upload", "held", "strata", "sent_at", "sent_by",
            "withdrawn_at", "withdrawn_by",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"rows"}

    def __str__(self) -> str:
        return f"return {self.number} of {self.round_id}"


class Sample(models.Model):
    """A draw from one snapshot. `record` holds everything needed to draw it again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="samples")
    number = models.PositiveIntegerField()
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="samples")
    seed = models.CharField(max_length=120)
    plan: Any = models.JSONField()
    record: Any = SealedJSON(help_text="As `stats.sampling_record` writes it.")
    frame_hash = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()
    drawn_by = models.CharField(max_length=80)
    set_aside_at = models.DateTimeField(null=True, blank=True)
    set_aside_by = models.CharField(max_length=80, blank=True)
    set_aside_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="sample_is_its_own_draw"),
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(set_aside_at__isnull=True),
                name="sample_in_use_is_one",
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at__isnull=True) | ~Q(set_aside_reason=""),
                name="sample_is_set_aside_for_a_reason",
            ),
            together("sample", "drawn", needed=True),
            together("sample", "set_aside"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "round", "number", "snapshot", "seed", "plan", "frame_hash", "drawn_at",
            "drawn_by", "set_aside_at", "set_aside_by", "set_aside_reason",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"record"}

    def __str__(self) -> str:
        return f"sample {self.number} of {self.round_id}"


class SampledRecord(models.Model):
    """One child's record in a sample, known to readers by its number alone.

    Numbers are given in the order of the draw, which is of chance. `facts` are the row of the
    return. A reserve waits until it steps in for one that was withdrawn (`replaces`).
    """

    class State(models.TextChoices):
        """Whether it is to be read."""

        DRAWN = "drawn", "To be read"
        RESERVE = "reserve", "In reserve"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="records")
    number = models.PositiveIntegerField(help_text="Of the reading: 14 is shown as R-014.")
    stratum = models.CharField(max_length=80)
    place = models.PositiveIntegerField(help_text="In its stratum's order of the draw, from 1.")
    state = models.CharField(max_length=10, choices=State)
    reference = SealedText(help_text="The label that the partnership gave the child.")
    facts: Any = SealedJSON()
    twice = models.BooleanField(default=False, help_text="Chosen to be read by two, unseen.")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    reason = SealedText(blank=True, help_text="Why it was withdrawn.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sample", "number"], name="sampled_record_has_a_number_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["drawn", "reserve", "withdrawn"]),
                name="sampled_record_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True)),
                name="sampled_record_is_withdrawn_by_somebody",
            ),
            together("sampledrecord", "withdrawn"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "sample", "number", "stratum", "place", "state", "twice", "replaces",
            "withdrawn_at", "withdrawn_by",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"reference", "facts", "reason"}

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The reading number as people write it: `R-014`."""
        return f"R-{self.number:03d}"
