"""Values that several sources may state: dates, counts and evaluations, with their history.

A statement is in use, stands beside the one in use (another source says otherwise), or has been
superseded. Correcting or replacing a value never changes a statement: it supersedes the old one,
with who, when and why, and adds the new one.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from sightline.inspections.models.inspection import Inspection
from sightline.inspections.models.parts import (
    CITED,
    Cited,
    cited_constraints,
    pair,
    span,
)


class Statement(Cited):
    """Base: one value as its sources give it.

    `origin` is `import` or `correction`; a correction points to the statement it replaced, if there
    was one, in `corrects` (its key).
    """

    IMPORT, CORRECTION = "import", "correction"

    in_use = models.BooleanField()
    origin = models.CharField(max_length=10, default=IMPORT)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    stated_at = models.DateTimeField()
    stated_by = models.CharField(max_length=80, help_text="Audit name of who entered it.")
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.CharField(max_length=80, blank=True)
    superseded_reason = models.TextField(blank=True)

    class Meta:
        abstract = True


_STATEMENT = CITED | {
    "in_use", "origin", "corrects", "stated_at", "stated_by", "superseded_at", "superseded_by",
}  # fmt: skip


def _statement_constraints(name: str, value: tuple[str, ...]) -> list[models.BaseConstraint]:
    return [
        *cited_constraints(name),
        pair(name, "stated"),
        pair(name, "superseded"),
        models.CheckConstraint(
            condition=Q(superseded_at__isnull=True, superseded_reason="")
            | (Q(superseded_at__isnull=False) & ~Q(superseded_reason="")),
            name=f"{name}_is_superseded_for_a_reason",
        ),
        models.CheckConstraint(
            condition=Q(superseded_at__isnull=True) | Q(in_use=False),
            name=f"{name}_superseded_is_not_in_use",
        ),
        models.CheckConstraint(
            condition=Q(origin="correction") | Q(origin="import", corrects__isnull=True),
            name=f"{name}_origin_is_known",
        ),
        models.UniqueConstraint(
            fields=value, condition=Q(in_use=True), name=f"{name}_is_in_use_once"
        ),
    ]


class StatedDate(Statement):
    """A planned or actual date as one source gives it."""

    class What(models.TextChoices):
        """Which date of the inspection."""

        NOTIFIED = "notified", "Notified"
        PLANNED_INSPECTED = "planned_inspected", "Planned inspection"
        INSPECTED = "inspected", "Inspected"
        PLANNED_PUBLISHED = "planned_published", "Planned publication"
        PUBLISHED = "published", "Published"

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="stated_dates")
    what = models.CharField(max_length=20, choices=What)
    value = models.CharField(max_length=21, help_text="An imprecise date, as text.")
    earliest = models.DateField()
    latest = models.DateField()

    class Meta:
        constraints = [
            *_statement_constraints("stated_date", ("inspection", "what")),
            models.CheckConstraint(
                condition=Q(
                    what__in=[
                        "notified",
                        "planned_inspected",
                        "inspected",
                        "planned_published",
                        "published",
                    ]
                ),
                name="stated_date_is_a_known_date",
            ),
            span("stated_date", "earliest", "latest", "ends_after_it_starts"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"superseded_reason"}
        plain: ClassVar[set[str]] = {
            *_STATEMENT, "inspection", "what", "value", "earliest", "latest",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.what} {self.value}"


class StatedCount(Statement):
    """How much evidence one channel gave, as one source counts it; whole per cent for a rate."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="stated_counts")
    channel = models.CharField(max_length=60, help_text="Code in the programme's definition.")
    count = models.IntegerField()
    qualifier = models.CharField(max_length=20, default="exactly")
    printed = models.TextField(blank=True, help_text="As printed, when not just the digits.")

    class Meta:
        constraints = [
            *_statement_constraints("stated_count", ("inspection", "channel")),
            models.CheckConstraint(
                condition=Q(count__gte=0), name="stated_count_is_not_below_zero"
            ),
            models.CheckConstraint(
                condition=Q(qualifier__in=["exactly", "about", "almost", "over", "at least"]),
                name="stated_count_qualifier_is_known",
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"superseded_reason"}
        plain: ClassVar[set[str]] = {
            *_STATEMENT, "inspection", "channel", "count", "qualifier", "printed",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.channel} {self.count}"


class Evaluation(models.Model):
    """A judgement an inspection was to make. Its value is the statement in use, if one is known.

    `withdrawn_at` is set when a later document no longer lists the judgement; its history stays.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="evaluations")
    judgement = models.CharField(max_length=6, help_text="Code of a judgement, such as 2.1 or 9.")
    position = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True)
    scope = models.TextField(blank=True, help_text="What it covers, where that is restricted.")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "judgement"], name="a_judgement_is_evaluated_once"
            ),
            pair("evaluation", "withdrawn"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "inspection", "judgement", "position", "note", "scope",
            "withdrawn_at", "withdrawn_by",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.judgement


class StatedEvaluation(Statement):
    """The value of an evaluation, 1 (Unsatisfactory) to 6 (Excellent), as one source gives it."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="stated")
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            *_statement_constraints("stated_evaluation", ("evaluation",)),
            models.CheckConstraint(
                condition=Q(value__gte=1, value__lte=6), name="stated_evaluation_is_from_1_to_6"
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"superseded_reason"}
        plain: ClassVar[set[str]] = {*_STATEMENT, "evaluation", "value"}

    def __str__(self) -> str:
        return str(self.value)


class RationaleParagraph(models.Model):
    """Why an evaluation is what it is: one paragraph, in our words, and its place in the source."""

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="rationale")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    place = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(place=""), name="rationale_has_text_and_place"
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "evaluation", "position", "text", "place"}

    def __str__(self) -> str:
        return self.text[:60]
