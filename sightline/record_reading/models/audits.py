"""Audits that a partnership holds again and again between inspections."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from sightline.access.constraints import together


class RollingAudit(models.Model):
    """A small sample of one kind of record, read every so many weeks. Each time is a `Round`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    template = models.CharField(max_length=120, help_text="Key of the template of its rounds.")
    topic = models.CharField(max_length=200, help_text="Such as the kind of meeting looked at.")
    every_weeks = models.PositiveSmallIntegerField()
    size = models.PositiveSmallIntegerField(help_text="Records drawn each time.")
    starts_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "slug"], name="rolling_audit_has_an_address_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(every_weeks__gte=1, every_weeks__lte=104) & Q(size__gte=1),
                name="rolling_audit_reads_something_every_few_weeks",
            ),
            together("rollingaudit", "made", needed=True),
            together("rollingaudit", "ended"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "area", "slug", "title", "template", "topic", "every_weeks", "size", "starts_on",
            "made_at", "made_by", "ended_at", "ended_by",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title} ({self.area})"


class AuditAction(models.Model):
    """What is to be done about something an audit found, by whom (a role) and until when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey("record_reading.Round", models.PROTECT, related_name="actions")
    number = models.PositiveIntegerField()
    words = models.TextField()
    item = models.CharField(max_length=80, blank=True, help_text="Code of the item it is about.")
    owner = models.CharField(max_length=120, help_text="A role, never a name.")
    due_on = models.DateField(null=True, blank=True)
    came_of_it = models.TextField(blank=True)
    noted_at = models.DateTimeField()
    noted_by = models.CharField(max_length=80)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"], name="audit_action_has_a_number_of_its_own"
            ),
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(owner=""), name="audit_action_says_what_and_who"
            ),
            together("auditaction", "noted", needed=True),
            together("auditaction", "done"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "round", "number", "words", "item", "owner", "due_on", "came_of_it", "noted_at",
            "noted_by", "done_at", "done_by",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"action {self.number} of {self.round_id}"
