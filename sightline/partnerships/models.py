"""What a partnership tells of itself: localities, groups, plans, posts by designation, holidays."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class LocalDetail(models.Model):
    """Base: whose it is, where it was read, and who put it here."""

    partnership = models.CharField(max_length=60, db_index=True)
    source = models.CharField(max_length=300, blank=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=80)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.label} ({self.partnership})"

    @property
    def label(self) -> str:
        """The words a person knows it by."""
        return str(getattr(self, "name", None) or getattr(self, "designation", ""))


_BASE = {"id", "partnership", "source", "added_at", "added_by"}


def _pair(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(added_at__isnull=False) & ~Q(added_by=""),
        name=f"{name}_added_at_and_by_together",
    )


class Locality(LocalDetail):
    """A locality by which services are run."""

    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="locality_is_named_once"),
            _pair("locality"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = _BASE | {"name"}


class StrategicGroup(LocalDetail):
    """A key strategic group."""

    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="group_is_named_once"),
            _pair("group"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = _BASE | {"name", "purpose"}


class StrategicPlan(LocalDetail):
    """A strategic plan and the years it covers, as an imprecise date."""

    name = models.CharField(max_length=200)
    years = models.CharField(max_length=21)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "name", "years"], name="plan_is_named_once"
            ),
            _pair("plan"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = _BASE | {"name", "years"}


class Post(LocalDetail):
    """A post in one of the partnership's agencies, by designation: never a person's name."""

    designation = models.CharField(max_length=200)
    agency = models.CharField(max_length=60)
    duty = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "agency", "designation"], name="post_is_named_once"
            ),
            _pair("post"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = _BASE | {"designation", "agency", "duty"}


class Holiday(LocalDetail):
    """A public or school holiday, from `first` to `last`, both included."""

    class Kind(models.TextChoices):
        """Whose holiday."""

        PUBLIC = "public", "Public holiday"
        SCHOOL = "school", "School holiday"

    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind)
    first = models.DateField()
    last = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")), name="holiday_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["public", "school"]), name="holiday_kind_is_known"
            ),
            models.UniqueConstraint(
                fields=["partnership", "kind", "first", "name"], name="holiday_is_given_once"
            ),
            _pair("holiday"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = _BASE | {"name", "kind", "first", "last"}
