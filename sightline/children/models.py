"""Extracts, builds, column maps and erasures: what is held about the records, never the records.

Rows about children lie in Parquet below `<SIGHTLINE_STATE>/warehouse/` and in no table here.
"""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sightline.access.constraints import together
from sightline.uploads.models import Upload


class Extract(models.Model):
    """One accepted file of one dataset of one area, typed and kept as Parquet under its content.

    `vintage` counts the files of a dataset and area; the latest that is not taken back is used.
    `covers_from` and `covers_until` are the days it answers for, both included; unless somebody
    said them they are worked out from its dates. Both empty: it has no rows to work them out from.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.CharField(max_length=80)
    dataset = models.CharField(max_length=60)
    version = models.PositiveIntegerField(help_text="Of the dataset's definition.")
    upload = models.OneToOneField(Upload, models.PROTECT, related_name="+")
    vintage = models.PositiveIntegerField()
    covers_from = models.DateField(null=True, blank=True)
    covers_until = models.DateField(null=True, blank=True)
    covers_said = models.BooleanField(default=False, help_text="Somebody said which days.")
    rows = models.PositiveBigIntegerField()
    good = models.PositiveBigIntegerField()
    held_back = models.PositiveBigIntegerField(default=0)
    erased = models.PositiveBigIntegerField(default=0, help_text="Good rows taken out since.")
    content = models.CharField(max_length=64, help_text="Hash of its rows, and name of its file.")
    keyed_with = models.CharField(max_length=80, blank=True, help_text="Key of its hashes.")
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=80)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "dataset", "vintage"], name="extract_has_a_vintage_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(rows=F("good") + F("held_back")),
                name="extract_rows_in_are_good_or_held_back",
            ),
            models.CheckConstraint(
                condition=Q(erased__lte=F("good")), name="extract_erases_rows_it_had"
            ),
            models.CheckConstraint(
                condition=Q(covers_from__isnull=True, covers_until__isnull=True)
                | Q(covers_from__lte=F("covers_until")),
                name="extract_covers_days_in_order",
            ),
            together("extract", "loaded", needed=True),
            together("extract", "taken_back"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "area", "dataset", "version", "upload", "vintage", "covers_from",
            "covers_until", "covers_said", "rows", "good", "held_back", "erased", "keyed_with",
            "loaded_at", "loaded_by", "taken_back_at", "taken_back_by",
        }  # fmt: skip
        # Of a file of one short row it could be worked back.
        secret: ClassVar[set[str]] = {"content"}

    def __str__(self) -> str:
        return f"{self.dataset} of {self.area}, version {self.vintage}"

    @property
    def key(self) -> str:
        """As the `extract` column of a table says it."""
        return str(self.pk)


class Build(models.Model):
    """Everything held of an area at one moment, checked as a whole and published in one step.

    The published build with the highest number is the current one; withdrawing it makes the one
    before current again. `fingerprint` is a digest of what went in: the same again is no new build.
    `summary` has counts alone: faults by rule, rules skipped, quality figures, shares joined.
    """

    class State(models.TextChoices):
        """How far a build has come."""

        STAGED = "staged", "Being made"
        CHECKED = "checked", "Checked"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Undone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.CharField(max_length=80)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=State, default=State.STAGED)
    fingerprint = models.CharField(max_length=64)
    ruleset = models.CharField(max_length=80, blank=True)
    today = models.DateField(help_text="The day on which its rules and clocks were read.")
    job = models.UUIDField(null=True, blank=True)
    summary: Any = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=80)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.CharField(max_length=80, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    withdrawn_reason = models.CharField(max_length=600, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, help_text="When its files were.")
    removed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "number"], name="build_has_a_number_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["staged", "checked", "published", "withdrawn"]),
                name="build_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="staged", checked_at__isnull=True)
                | (~Q(state="staged") & Q(checked_at__isnull=False)),
                name="build_is_checked_before_it_is_used",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["published", "withdrawn"], published_at__isnull=False)
                | Q(state__in=["staged", "checked"], published_at__isnull=True),
                name="build_is_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")
                | (~Q(state="withdrawn") & Q(withdrawn_at__isnull=True, withdrawn_reason="")),
                name="build_is_withdrawn_for_a_reason",
            ),
            together("build", "started", needed=True),
            together("build", "checked"),
            together("build", "published"),
            together("build", "withdrawn"),
            together("build", "removed"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "area", "number", "state", "ruleset", "today", "job", "summary",
            "withdrawn_reason",
        } | {
            f"{act}_{half}"
            for act in ("started", "checked", "published", "withdrawn", "removed")
            for half in ("at", "by")
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"fingerprint"}

    def __str__(self) -> str:
        return f"build {self.number} of {self.area}"


class BuildTable(models.Model):
    """One dataset of a build: the extract it came from, and where each of its rows went.

    Without an extract the dataset was not supplied, and its table is empty. `joined` are rows that
    belong to a child of the children table; of those `by_number` by the council's own number.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    build = models.ForeignKey(Build, models.CASCADE, related_name="tables")
    dataset = models.CharField(max_length=60)
    extract = models.ForeignKey(Extract, models.PROTECT, related_name="+", null=True, blank=True)
    covers_from = models.DateField(null=True, blank=True)
    covers_until = models.DateField(null=True, blank=True)
    rows = models.PositiveBigIntegerField(default=0)
    published = models.PositiveBigIntegerField(default=0)
    faulted = models.PositiveBigIntegerField(default=0)
    joined = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["build", "dataset"], name="build_has_a_table_of_each_dataset_once"
            ),
            models.CheckConstraint(
                condition=Q(rows=F("published") + F("faulted")),
                name="build_rows_in_are_published_or_faulted",
            ),
            models.CheckConstraint(
                condition=Q(joined__lte=F("published")), name="build_joins_rows_it_publishes"
            ),
            models.CheckConstraint(
                condition=Q(covers_from__isnull=True, covers_until__isnull=True)
                | Q(covers_from__lte=F("covers_until")),
                name="build_table_covers_days_in_order",
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "build", "dataset", "extract", "covers_from", "covers_until", "rows",
            "published", "faulted", "joined",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.dataset} of {self.build}"


class ColumnMap(models.Model):
    """How an area's own export names the columns and codes of a dataset. The latest is used.

    `headings` gives for each heading, as it is compared, the name of our column, or nothing to
    leave it out; `codes` for each of our columns what stands in its cells and the code it is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.CharField(max_length=80)
    dataset = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    headings: Any = models.JSONField(default=dict)
    codes: Any = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "dataset", "version"], name="column_map_has_a_version_of_its_own"
            ),
            together("column_map", "saved", needed=True),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "area", "dataset", "version", "headings", "codes", "saved_at", "saved_by",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"columns of {self.dataset} of {self.area}, version {self.version}"


class Erasure(models.Model):
    """That the rows of one child were taken out of everything held of an area.

    `child` is a keyed hash of the reference: enough to know it if it is sent again, and no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.CharField(max_length=80)
    child = models.CharField(max_length=80)
    reason = models.CharField(max_length=600)
    rows = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    erased_at = models.DateTimeField()
    erased_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            together("erasure", "erased", needed=True),
            models.CheckConstraint(condition=~Q(reason=""), name="erasure_has_a_reason"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "area", "reason", "rows", "files", "erased_at", "erased_by",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"child"}

    def __str__(self) -> str:
        return f"erasure {self.pk} of {self.area}"


class Waiver(models.Model):
    """A rule that need not hold, for a reason, until a day: one person asks, another approves.

    What it waives is kept and shown as waived. `keys` are the key values of single rows, in the
    order of the dataset's key; none means every row of the dataset.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.CharField(max_length=80)
    rule = models.CharField(max_length=40)
    dataset = models.CharField(max_length=60)
    keys: Any = models.JSONField(default=list, blank=True)
    reason = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="waiver_has_a_reason"),
            models.CheckConstraint(
                condition=Q(valid_from__lte=F("valid_until")), name="waiver_holds_from_until"
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="waiver_approved_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="waiver_withdrawn_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")),
                name="waiver_is_approved_by_somebody_else",
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"keys", "asked_by", "approved_by", "withdrawn_by"}
        plain: ClassVar[set[str]] = {
            "id", "area", "rule", "dataset", "reason", "valid_from", "valid_until", "asked_at",
            "approved_at", "withdrawn_at",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"waiver of {self.rule} for {self.dataset} of {self.area}"
