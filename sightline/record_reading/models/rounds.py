"""A round of record reading."""

import uuid
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from sightline.access.constraints import together


class Round(models.Model):
    """Records of one area, read by one template in some days.

    `inspection` is the inspection it belongs to; empty where a partnership reads for itself, and
    then `audit` may name the rolling audit it is a turn of. `base` is the smallest base whose
    results leave the team that read. `totals` are those given beside the return, by population and
    stratum. `double_share` is the per cent of records read twice, chosen by `double_seed`.
    `results` is what was counted when it was locked.
    """

    class State(models.TextChoices):
        """Where in its life it is."""

        PREPARING = "preparing", "Being prepared"
        READING = "reading", "Reading"
        LOCKED = "locked", "Locked"
        DESTROYED = "destroyed", "Answers deleted"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.CharField(max_length=80)
    inspection = models.CharField(max_length=80, blank=True)
    audit = models.ForeignKey(
        "record_reading.RollingAudit", models.PROTECT, null=True, blank=True, related_name="rounds"
    )
    turn = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of its audit.")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    template = models.CharField(max_length=120, help_text="Key of the template new readings use.")
    state = models.CharField(max_length=10, choices=State, default=State.PREPARING)
    reads_from = models.DateField(null=True, blank=True)
    reads_until = models.DateField(null=True, blank=True, help_text="Its last day.")
    look_back = models.PositiveSmallIntegerField(default=2, help_text="Years readers look back.")
    base = models.PositiveSmallIntegerField(default=5)
    double_share = models.PositiveSmallIntegerField(default=10)
    double_seed = models.CharField(max_length=120, blank=True)
    threshold = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("0.60"))
    content_note = models.TextField(blank=True, help_text="What readers are told beforehand.")
    supervisor = models.TextField(blank=True, help_text="Whom a reader can turn to, and how.")
    totals: Any = models.JSONField(default=dict, blank=True)
    results: Any = models.JSONField(default=dict, blank=True)
    destroy_on = models.DateField(null=True, blank=True, help_text="What was read is deleted.")
    reopened = models.TextField(blank=True, help_text="Why it was last opened again.")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.CharField(max_length=80, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.CharField(max_length=80, blank=True)
    shared_at = models.DateTimeField(null=True, blank=True, help_text="The feedback sheet.")
    shared_by = models.CharField(max_length=80, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)
    destroyed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "slug"], name="reading_round_has_an_address_of_its_own"
            ),
            models.UniqueConstraint(
                fields=["audit", "turn"], name="reading_round_is_one_turn_of_its_audit"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "reading", "locked", "destroyed"]),
                name="reading_round_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(audit__isnull=True, turn__isnull=True)
                | Q(audit__isnull=False, turn__isnull=False, inspection=""),
                name="reading_round_of_an_audit_is_of_no_inspection",
            ),
            models.CheckConstraint(
                condition=Q(base__gte=3) & Q(double_share__lte=100) & Q(threshold__lte=1),
                name="reading_round_has_a_base_and_shares_within_a_hundred",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["preparing", "destroyed"])
                | Q(opened_at__isnull=False, destroy_on__isnull=False),
                name="reading_round_opens_with_a_day_of_destruction",
            ),
            models.CheckConstraint(
                condition=~Q(state="locked") | Q(locked_at__isnull=False),
                name="reading_round_is_locked_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="destroyed") | Q(destroyed_at__isnull=False),
                name="reading_round_is_destroyed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(reads_from__isnull=True)
                | Q(reads_until__isnull=True)
                | Q(reads_from__lte=F("reads_until")),
                name="reading_round_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(reads_until__isnull=True)
                | Q(destroy_on__isnull=True)
                | Q(reads_until__lt=F("destroy_on")),
                name="reading_round_keeps_answers_until_after_it_ends",
            ),
            together("readinground", "made", needed=True),
            together("readinground", "opened"),
            together("readinground", "locked"),
            together("readinground", "shared"),
            together("readinground", "destroyed"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "area", "inspection", "audit", "turn", "slug", "title", "template", "state",
            "reads_from", "reads_until", "look_back", "base", "double_share", "double_seed",
            "threshold", "content_note", "supervisor", "totals", "results", "destroy_on",
            "reopened", "made_at", "made_by", "opened_at", "opened_by", "locked_at", "locked_by",
            "shared_at", "shared_by", "destroyed_at", "destroyed_by",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title} ({self.area})"
