"""Declared sets of tables, their protected results, the ledger, and stricter thresholds."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from sightline.secrets import SealedJSON


def _pair(model: str, name: str, *, needed: bool) -> models.CheckConstraint:
    """`name_at` and `name_by` are there together, or, unless needed, missing together."""
    both = Q(**{f"{name}_at__isnull": False}) & ~Q(**{f"{name}_by": ""})
    neither = Q(**{f"{name}_at__isnull": True, f"{name}_by": ""})
    return models.CheckConstraint(
        condition=both if needed else both | neither, name=f"{model}_{name}_at_and_by_together"
    )


class TableSet(models.Model):
    """The tables of one build, round or sample, declared and protected together, once.

    `source` is a kind and a key ("round:staff-2026"); `reaches` are the scopes in which somebody
    must hold a permission, each as ` kind:key `, beside its own. `content_index` is a keyed digest
    of the exact tables, by which the same ones are known again; nothing is read back from it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    source = models.CharField(max_length=120)
    vintage = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    scope_kind = models.CharField(max_length=20)
    scope_key = models.CharField(max_length=60)
    reaches = models.CharField(max_length=600, blank=True)
    content_index = models.CharField(max_length=80)
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_reason = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "vintage"], name="table_set_is_declared_once_for_a_vintage"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="table_set_is_withdrawn_for_a_reason",
            ),
            _pair("table_set", "declared", needed=True),
            _pair("table_set", "withdrawn", needed=False),
        ]
        indexes = [models.Index(fields=["scope_kind", "scope_key"], name="table_set_by_scope")]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id",
            "source",
            "vintage",
            "title",
            "scope_kind",
            "scope_key",
            "reaches",
            "declared_at",
            "declared_by",
            "withdrawn_at",
            "withdrawn_by",
            "withdrawn_reason",
        }
        secret: ClassVar[set[str]] = {"content_index"}  # fmt: skip

    def __str__(self) -> str:
        return f"{self.source} ({self.vintage})"


class ProtectedTable(models.Model):
    """One table of a set as the readers of one profile see it. Exact tables are kept nowhere.

    A series is one table over many periods, kept as one row. What operational readers see is exact,
    so every result is sealed; its checksum is inside.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)

    class Kind(models.TextChoices):
        """What the row keeps."""

        TABLE = "table", "A table"
        SERIES = "series", "A table over many periods"

    table_set = models.ForeignKey(TableSet, models.PROTECT, related_name="tables")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.TABLE)
    code = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    profile = models.CharField(max_length=60)
    who = models.CharField(max_length=200, db_index=True)
    content = SealedJSON()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table_set", "code", "profile"],
                name="protected_table_is_kept_once_for_a_profile",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["table", "series"]), name="protected_table_kind_is_known"
            ),
        ]
        ordering = ("position", "profile")

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "table_set", "kind", "code", "position", "title", "profile", "who",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"content"}

    def __str__(self) -> str:
        return f"{self.title} ({self.profile})"


class LedgerEntry(models.Model):
    """One line of the ledger: a table released under a profile, reviewed, or withdrawn.

    Lines are added and never changed. They hold how a table was protected, and no value of it.
    """

    class Kind(models.TextChoices):
        """What happened."""

        RELEASED = "released", "Released"
        REVIEWED = "reviewed", "Reviewed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    kind = models.CharField(max_length=10, choices=Kind)
    table_set = models.ForeignKey(TableSet, models.PROTECT, related_name="entries")
    table = models.CharField(max_length=60, blank=True)
    sdc_profile = models.CharField(max_length=60, blank=True)
    sdc_version = models.PositiveSmallIntegerField(default=0)
    threshold = models.PositiveSmallIntegerField(default=0)
    primary_n = models.PositiveIntegerField(default=0)
    secondary_n = models.PositiveIntegerField(default=0)
    linked_n = models.PositiveIntegerField(default=0)
    compared_n = models.PositiveIntegerField(default=0)
    withheld = models.CharField(max_length=300, blank=True)
    finding = models.CharField(max_length=300, blank=True)
    reviewer = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=600, blank=True)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["table_set", "table", "sdc_profile", "kind"],
                name="ledger_says_each_thing_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["released", "reviewed", "withdrawn"]),
                name="ledger_kind_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind="reviewed") | ~Q(reviewer=""), name="ledger_review_has_a_reviewer"
            ),
            _pair("ledger", "written", needed=True),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"reviewer"}
        plain: ClassVar[set[str]] = {
            "id", "kind", "table_set", "table", "sdc_profile", "sdc_version", "threshold",
            "primary_n", "secondary_n", "linked_n", "compared_n", "withheld", "finding", "reason",
            "supersedes", "written_at", "written_by",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.table_set_id} {self.table} {self.sdc_profile}"


class StricterThreshold(models.Model):
    """A partnership's own threshold for a profile, stricter than the usual; the latest counts."""

    partnership = models.CharField(max_length=60, db_index=True)
    profile = models.CharField(max_length=60)
    threshold = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=600)
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="threshold_is_set_for_a_reason"),
            models.CheckConstraint(
                condition=Q(threshold__gte=2, threshold__lte=100), name="threshold_is_2_to_100"
            ),
            models.UniqueConstraint(
                fields=["partnership", "profile", "threshold"],
                name="threshold_is_set_once_for_a_partnership",
            ),
            _pair("threshold", "set", needed=True),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "partnership", "profile", "threshold", "reason", "set_at", "set_by",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.partnership}: {self.profile} {self.threshold}"
