"""Readings of records: who reads which, and what they answered, section by section."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from sightline.access.constraints import together
from sightline.record_reading.models.readers import Reader
from sightline.record_reading.models.rounds import Round
from sightline.record_reading.models.samples import SampledRecord
from sightline.secrets.fields import SealedJSON

_OVER = ("reassigned", "withdrawn")


class Reading(models.Model):
    """One reader's reading of one record. Nobody else sees it until all readings of it are in.

    `part` 1 is the first reading, 2 the second of a record that is read twice, 3 a third reader's.
    `template` is the one it was begun with. `answers` is everything as it was handed in, and is
    empty until then; what is being written lies in `SectionEntry`.
    """

    class State(models.TextChoices):
        """How far it is."""

        ASSIGNED = "assigned", "Not begun"
        IN_PROGRESS = "in-progress", "In progress"
        COMPLETE = "complete", "Handed in"
        REASSIGNED = "reassigned", "Given to another reader"
        WITHDRAWN = "withdrawn", "The record was withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="readings")
    record = models.ForeignKey(SampledRecord, models.PROTECT, related_name="readings")
    reader = models.ForeignKey(Reader, models.PROTECT, related_name="readings")
    part = models.PositiveSmallIntegerField(default=1)
    template = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=State, default=State.ASSIGNED)
    on_paper = models.BooleanField(default=False, help_text="Typed in from a printed form.")
    answers: Any = SealedJSON(null=True, blank=True)
    assigned_at = models.DateTimeField()
    assigned_by = models.CharField(max_length=80)
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.CharField(max_length=80, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.CharField(max_length=80, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopened_by = models.CharField(max_length=80, blank=True)
    reopened_reason = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)
    ended_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "part"],
                condition=~Q(state__in=_OVER),
                name="reading_of_a_part_is_one",
            ),
            models.UniqueConstraint(
                fields=["record", "reader"],
                condition=~Q(state__in=_OVER),
                name="reading_twice_is_by_two_readers",
            ),
            models.CheckConstraint(
                condition=Q(part__gte=1, part__lte=3), name="reading_is_first_second_or_third"
            ),
            models.CheckConstraint(
                condition=~Q(state="complete") | Q(submitted_at__isnull=False),
                name="reading_is_handed_in_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_OVER) | Q(ended_at__isnull=False),
                name="reading_is_ended_by_somebody",
            ),
            together("reading", "assigned", needed=True),
            together("reading", "started"),
            together("reading", "submitted"),
            together("reading", "reopened"),
            together("reading", "ended"),
        ]
        indexes = [models.Index(fields=["round", "state"], name="reading_by_round_and_state")]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"reader"}
        plain: ClassVar[set[str]] = {
            "id", "round", "record", "part", "template", "state", "on_paper", "assigned_at",
            "assigned_by", "started_at", "started_by", "submitted_at", "submitted_by",
            "reopened_at", "reopened_by", "reopened_reason", "ended_at", "ended_by",
            "ended_reason",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"answers"}

    def __str__(self) -> str:
        return f"reading {self.part} of {self.record_id}"


class SectionEntry(models.Model):
    """One section of a reading as it was sent. Never changed: what is sent next is a new version.

    `beside` marks one that was based on a version which another window had replaced: it is kept
    and not in use, until somebody settles which is right.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading = models.ForeignKey(Reading, models.PROTECT, related_name="entries")
    section = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    based_on = models.PositiveIntegerField(help_text="The version the writer saw; 0 for none.")
    beside = models.BooleanField(default=False)
    answers: Any = SealedJSON()
    token = models.UUIDField(help_text="Chosen by the sender; a repeat has the same.")
    entered_at = models.DateTimeField()
    entered_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reading", "section", "version"], name="section_entry_is_its_own_version"
            ),
            models.UniqueConstraint(
                fields=["token"], name="section_entry_is_stored_once_however_sent"
            ),
            models.CheckConstraint(
                condition=Q(version__gt=F("based_on")),
                name="section_entry_follows_what_it_is_based_on",
            ),
            together("sectionentry", "entered", needed=True),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "reading", "section", "version", "based_on", "beside", "token", "entered_at",
            "entered_by",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"answers"}

    class Audit:
        exempt = "The row is itself the record of who wrote what and when, and is never changed."

    def __str__(self) -> str:
        return f"section {self.section} of {self.reading_id}, version {self.version}"
