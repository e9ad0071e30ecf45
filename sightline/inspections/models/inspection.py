"""Sources, inspections and their pauses, and the version of all of it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from sightline.inspections.models.parts import (
    CITED,
    Cited,
    cited_constraints,
    pair,
    span,
)


class Source(models.Model):
    """A publication that states facts about inspections."""

    key = models.CharField(max_length=80, unique=True)
    kind = models.TextField(help_text="Report, overview, council paper, press, …")
    title = models.TextField()
    address = models.TextField(blank=True)

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "key", "kind", "title", "address"}

    def __str__(self) -> str:
        return self.title


class Inspection(models.Model):
    """One joint inspection, interim report or progress review of one partnership.

    `published_earliest` and `published_latest` repeat the published date in use (null while there
    is none), so that the database can sort by it and refuse two inspections of one partnership
    published on one day. Only an exact day is refused: two reviews "in 2022" may well be two.
    """

    class Kind(models.TextChoices):
        """What sort of report came out of it."""

        FULL = "full", "Full inspection"
        INTERIM = "interim", "Interim report"
        REVIEW = "progress-review", "Progress review"

    class Status(models.TextChoices):
        """Whether the world may know."""

        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    reference = models.CharField(max_length=80, unique=True)
    programme = models.CharField(max_length=80, help_text="`code@version` of its definition.")
    partnership = models.CharField(max_length=60, db_index=True, help_text="Code of the area.")
    kind = models.CharField(max_length=20, choices=Kind)
    status = models.CharField(max_length=10, choices=Status)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    title = models.TextField(blank=True)
    improvement_note = models.TextField(blank=True)
    published_earliest = models.DateField(null=True, blank=True)
    published_latest = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=80)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["full", "interim", "progress-review"]),
                name="inspection_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published"]), name="inspection_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(follows__isnull=True) | ~Q(follows=F("id")),
                name="inspection_does_not_follow_itself",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_earliest__isnull=False),
                name="published_inspection_has_a_published_date",
            ),
            span(
                "inspection", "published_earliest", "published_latest", "published_dates_in_order"
            ),
            models.UniqueConstraint(
                fields=["partnership", "published_earliest"],
                condition=Q(published_earliest=F("published_latest")),
                name="one_inspection_of_a_partnership_is_published_on_a_day",
            ),
            pair("inspection", "created"),
            pair("inspection", "changed"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "reference", "programme", "partnership", "kind", "status", "follows", "title",
            "improvement_note", "published_earliest", "published_latest",
            "created_at", "created_by", "changed_at", "changed_by",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.reference


class Pause(Cited):
    """A stretch in which the inspection stood still, in the words of its source."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="pauses")
    starts = models.CharField(max_length=21, help_text="An imprecise date.")
    ends = models.CharField(max_length=21, blank=True, help_text="An imprecise date, or still on.")
    starts_earliest = models.DateField()
    ends_latest = models.DateField(null=True, blank=True)
    reason = models.TextField()

    class Meta:
        constraints = [
            *cited_constraints("pause"),
            models.CheckConstraint(
                condition=Q(ends="", ends_latest__isnull=True)
                | (~Q(ends="") & Q(ends_latest__gte=F("starts_earliest"))),
                name="pause_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="pause_has_a_reason"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            *CITED, "inspection", "starts", "ends", "starts_earliest", "ends_latest", "reason",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.inspection_id} paused from {self.starts}"


class DataVersion(models.Model):
    """One row whose `token` changes with every write of this context, in the same transaction.

    A process that keeps whole inspections in memory asks for it to know whether they still hold.
    A random token and not a number: a number counted up in a transaction that is then undone would
    be given out twice, for different data.
    """

    token = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="there_is_one_data_version"),
        ]

    class Audit:
        exempt = "It only says that something else, which is audited, has changed."

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "token"}

    def __str__(self) -> str:
        return self.token
