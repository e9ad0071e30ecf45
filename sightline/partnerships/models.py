"""What a partnership tells of itself, and the reference data that is loaded about places.

A partnership tells of localities and their data zones, groups, plans, posts by designation and
holidays. Reference data comes in whole files from a publisher: each file is a `ReferenceLoad`, and
its rows are never changed afterwards.
"""

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


class UploadedDetail(LocalDetail):
    """Base of what may come in a file: the key of the upload that last wrote it, or empty."""

    upload = models.CharField(max_length=60, blank=True, default="")

    class Meta(LocalDetail.Meta):
        abstract = True


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


class Holiday(UploadedDetail):
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
        plain: ClassVar[set[str]] = _BASE | {"name", "kind", "first", "last", "upload"}


class LocalityZone(UploadedDetail):
    """A data zone that lies in a locality, from `first` until `last`, both included.

    `last` is null while it still does. A zone lies in one locality at a time.
    """

    locality = models.ForeignKey(Locality, models.CASCADE, related_name="zones")
    zone = models.CharField(max_length=9)
    first = models.DateField()
    last = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last__isnull=True) | Q(last__gte=F("first")),
                name="locality_zone_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["zone", "first"], name="zone_joins_one_locality_on_a_day"
            ),
            _pair("locality_zone"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = _BASE | {"locality", "zone", "first", "last", "upload"}

    @property
    def label(self) -> str:
        """The zone and since when."""
        return f"{self.zone} from {self.first}"


class ReplacedRow(models.Model):
    """A row that an upload changed, as it was before, so that the upload can be undone."""

    partnership = models.CharField(max_length=60)
    upload = models.CharField(max_length=60, db_index=True)
    kind = models.CharField(max_length=30)
    row = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["holidays", "locality-zones"]),
                name="replaced_row_kind_is_known",
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "partnership", "upload", "kind", "row"}

    def __str__(self) -> str:
        return f"{self.kind} of {self.partnership} before {self.upload}"


_ONE_RECORD = "Rows of a published file, never changed: the load they belong to is the record."


class ReferenceLoad(models.Model):
    """One file of reference data, loaded whole. Current until another replaces it; kept then."""

    dataset = models.CharField(max_length=60, help_text="Code of the dataset.")
    definition = models.CharField(max_length=70, help_text="code@version of its definition.")
    vintage = models.CharField(max_length=20)
    geography = models.CharField(max_length=20, help_text="Version of the data zones.")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(help_text="Rows of the file.")
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=100)
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=80)
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.CharField(max_length=80, blank=True)
    replaced_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(loaded_at__isnull=False) & ~Q(loaded_by=""),
                name="reference_loaded_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(replaced_at__isnull=True, replaced_by="", replaced_reason="")
                | Q(replaced_at__isnull=False) & ~Q(replaced_by="") & ~Q(replaced_reason=""),
                name="reference_replaced_at_and_by_together",
            ),
            models.UniqueConstraint(
                fields=["dataset"],
                condition=Q(replaced_at__isnull=True),
                name="reference_dataset_has_one_current_load",
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "dataset", "definition", "vintage", "geography", "file_name", "sha256", "rows",
            "source", "licence", "loaded_at", "loaded_by", "replaced_at", "replaced_by",
            "replaced_reason",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.dataset} from {self.file_name}"


class DataZone(models.Model):
    """A data zone of one geography, and the partnership area it lies in."""

    load = models.ForeignKey(ReferenceLoad, models.PROTECT, related_name="zones")
    code = models.CharField(max_length=9)
    geography = models.CharField(max_length=20)
    partnership = models.CharField(max_length=60)
    intermediate_zone = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "load"], name="data_zone_is_given_once"),
        ]
        indexes = [models.Index(fields=["load", "partnership"], name="zones_of_a_partnership")]

    class Audit:
        exempt = _ONE_RECORD

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "load", "code", "geography", "partnership", "intermediate_zone"
        }  # fmt: skip

    def __str__(self) -> str:
        return self.code


class DeprivationRank(models.Model):
    """Ranks of a data zone in one version of the index: 1 is the most deprived.

    `domains` holds the rank of each domain by its code, as published (half ranks are ties).
    """

    load = models.ForeignKey(ReferenceLoad, models.PROTECT, related_name="ranks")
    zone = models.CharField(max_length=9)
    overall = models.PositiveIntegerField()
    domains = models.JSONField(default=dict)
    people = models.PositiveIntegerField(null=True, help_text="People the index itself counted.")
    working_age = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(overall__gte=1), name="rank_starts_at_one"),
            models.UniqueConstraint(fields=["zone", "load"], name="rank_of_a_zone_is_given_once"),
            models.UniqueConstraint(fields=["load", "overall"], name="rank_belongs_to_one_zone"),
        ]

    class Audit:
        exempt = _ONE_RECORD

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "load", "zone", "overall", "domains", "people", "working_age"
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.zone}: {self.overall}"


class Population(models.Model):
    """People of one place and sex in the middle of one year, by single year of age.

    `place` is the code of a data zone, or of a partnership for its council area. `ages` has one
    count for each completed year from 0, the last being that age and over; null where the file
    gives totals alone.
    """

    class Sex(models.TextChoices):
        """Whom a row counts."""

        PERSONS = "persons", "Everybody"
        FEMALE = "female", "Female"
        MALE = "male", "Male"

    load = models.ForeignKey(ReferenceLoad, models.PROTECT, related_name="populations")
    place = models.CharField(max_length=60)
    name = models.CharField(max_length=120, blank=True, help_text="As the file writes it.")
    sex = models.CharField(max_length=10, choices=Sex)
    people = models.PositiveIntegerField()
    ages = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sex__in=["persons", "female", "male"]), name="population_sex_is_known"
            ),
            models.UniqueConstraint(
                fields=["place", "load", "sex"], name="population_is_given_once"
            ),
        ]

    class Audit:
        exempt = _ONE_RECORD

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "load", "place", "name", "sex", "people", "ages"}

    def __str__(self) -> str:
        return f"{self.place} {self.sex}: {self.people}"
