"""An upload from its first byte to its undoing, and what is wrong with its cells."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from sightline.secrets import SealedJSON, SealedText


class State(models.TextChoices):
    """How far an upload has come."""

    RECEIVED = "received", "Received"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked"
    REFUSED = "refused", "Refused"
    QUARANTINED = "quarantined", "Quarantined"
    COMMITTED = "committed", "Imported"
    THROWN_AWAY = "thrown-away", "Thrown away"
    UNDONE = "undone", "Undone"


_LOOKED_AT = ("checked", "refused", "quarantined", "committed", "undone")
_NEVER_KEPT = ("refused", "quarantined", "thrown-away", "undone")


def _together(moment: str, name: str) -> models.CheckConstraint:
    """Both halves of who and when, or neither."""
    return models.CheckConstraint(
        condition=Q(**{f"{moment}_at__isnull": True, f"{moment}_by": ""})
        | (Q(**{f"{moment}_at__isnull": False}) & ~Q(**{f"{moment}_by": ""})),
        name=name,
    )


class Upload(models.Model):
    """A file somebody sent. Its bytes are sealed on disk until `destroyed_at`.

    Whatever the file or its name says is sealed here too, and in no audit line, so that it is gone
    from everywhere once it has been found to hold what it should not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    scope_kind = models.CharField(max_length=20)
    scope_key = models.CharField(max_length=80)
    file_name = SealedText(help_text="As it was given, without folders.")
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True, help_text="Empty once quarantined.")
    state = models.CharField(max_length=20, choices=State, default=State.RECEIVED)
    job = models.UUIDField(null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    good = models.PositiveIntegerField(default=0)
    held_back = models.PositiveIntegerField(default=0)
    look_again = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    replaced = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    result: Any = SealedJSON(default=dict, help_text="What the check says, as the page shows it.")
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=80)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.CharField(max_length=80, blank=True)
    committed_at = models.DateTimeField(null=True, blank=True)
    committed_by = models.CharField(max_length=80, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=80, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True, help_text="When its bytes were.")
    destroyed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="upload_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(received_by=""), name="upload_received_at_and_by_together"
            ),
            _together("checked", "upload_checked_at_and_by_together"),
            _together("committed", "upload_committed_at_and_by_together"),
            _together("undone", "upload_undone_at_and_by_together"),
            _together("destroyed", "upload_destroyed_at_and_by_together"),
            models.CheckConstraint(
                condition=Q(rows=F("good") + F("held_back")),
                name="upload_rows_in_are_good_or_held_back",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["committed", "undone"])
                | Q(good=F("added") + F("replaced") + F("unchanged")),
                name="upload_good_rows_are_accounted_for",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_LOOKED_AT) | Q(checked_at__isnull=False),
                name="upload_is_checked_before_it_is_used",
            ),
            models.CheckConstraint(
                condition=Q(committed_at__isnull=False, state__in=["committed", "undone"])
                | (Q(committed_at__isnull=True) & ~Q(state__in=["committed", "undone"])),
                name="upload_is_committed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=False, state="undone")
                | (Q(undone_at__isnull=True) & ~Q(state="undone")),
                name="upload_is_undone_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_NEVER_KEPT) | Q(destroyed_at__isnull=False),
                name="upload_keeps_no_bytes_it_has_no_use_for",
            ),
            models.CheckConstraint(
                condition=~Q(state="quarantined") | Q(sha256=""),
                name="upload_in_quarantine_keeps_no_hash",
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "scope_kind", "scope_key", "-received_at"],
                name="upload_by_kind_and_scope",
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "kind", "scope_kind", "scope_key", "size", "state", "job",
            "rows", "good", "held_back", "look_again", "added", "replaced", "removed", "unchanged",
        } | {
            f"{act}_{half}"
            for act in ("received", "checked", "committed", "undone", "destroyed")
            for half in ("at", "by")
        }  # fmt: skip
        # The hash too: of a file of one short row it could be worked back.
        secret: ClassVar[set[str]] = {"file_name", "sha256", "result"}

    def __str__(self) -> str:
        return f"upload {self.pk} of {self.kind} ({self.state})"


class UploadFault(models.Model):
    """One thing wrong at one place of an upload; gone when the upload's bytes are.

    What was sent may be about a person, so the words are sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="faults")
    order = models.PositiveIntegerField()
    section = models.CharField(max_length=12)
    words: Any = SealedJSON(help_text="Where, what is wrong, what was sent, what is expected.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "order"], name="upload_fault_has_a_place_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(section__in=["file", "row", "again"]),
                name="upload_fault_section_is_known",
            ),
        ]

    class Audit:
        exempt = "Made by a check from a file, in their thousands, and made again by another."

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "upload", "order", "section"}
        secret: ClassVar[set[str]] = {"words"}

    def __str__(self) -> str:
        return f"{self.section} fault {self.order} of {self.upload_id}"
