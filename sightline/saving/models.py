"""Texts in versions, and what a person typed and did not send."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from sightline.access.models import User
from sightline.secrets import SealedJSON, SealedText


class SavedText(models.Model):
    """A text at a place. `latest` is the number of its version in use; 0 while nothing is saved."""

    place = models.CharField(max_length=200, unique=True, help_text="kind:key/field")
    latest = models.PositiveIntegerField(default=0)
    stored = models.PositiveIntegerField(default=0, help_text="How many versions there are.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(latest__lte=F("stored")), name="saved_text_uses_a_version_it_has"
            ),
            models.CheckConstraint(condition=~Q(place=""), name="saved_text_has_a_place"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "place", "latest", "stored"}

    class Audit:
        exempt = "Saved every few seconds while somebody types; the versions say who and when."

    def __str__(self) -> str:
        return self.place


class Version(models.Model):
    """One text that was sent to a place. Never changed: a correction is a further version.

    `saved` and `restored` came after the version they were based on. A `clash` was based on one
    that had been replaced: it was kept beside, and never was in use. A `settled` version was made
    from two: the one it is based on, and the clash it names in `beside`.
    """

    class Kind(models.TextChoices):
        """How a version came to be."""

        SAVED = "saved", "Saved"
        CLASH = "clash", "Kept beside another"
        SETTLED = "settled", "Settled from two versions"
        RESTORED = "restored", "Put back"

    id = models.UUIDField(primary_key=True, default=uuid4)
    text = models.ForeignKey(SavedText, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    words = SealedText()
    based_on = models.PositiveIntegerField(help_text="The version the writer saw; 0 for none.")
    beside = models.PositiveIntegerField(
        null=True, blank=True, help_text="The clash that was settled, or the version put back."
    )
    token = models.UUIDField(help_text="Chosen by the sender; a repeat has the same.")
    stored_at = models.DateTimeField()
    stored_by = models.CharField(max_length=80, help_text="Audit name of who wrote it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "number"], name="version_number_is_given_once"),
            models.UniqueConstraint(fields=["token"], name="version_is_stored_once_however_sent"),
            models.CheckConstraint(
                condition=Q(number__gt=F("based_on")), name="version_follows_what_it_is_based_on"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["saved", "clash"], beside__isnull=True)
                | Q(kind__in=["settled", "restored"], beside__isnull=False),
                name="version_names_the_other_it_was_made_from",
            ),
            models.CheckConstraint(
                condition=~Q(stored_by=""), name="version_is_stored_by_somebody"
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"stored_by"}
        plain: ClassVar[set[str]] = {
            "id", "text", "number", "kind", "based_on", "beside", "token", "stored_at",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"words"}

    class Audit:
        exempt = "The row is itself the record of who wrote what and when, and is never changed."

    def __str__(self) -> str:
        return f"{self.text} version {self.number}"


class Typed(models.Model):
    """What one person typed in one form of one page and has not sent, for that person alone.

    Both words are empty once the form was sent or thrown away: `sitting` then says from which
    opening of the page, so that a save that arrives late does not bring it back.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    page = models.CharField(max_length=500)
    form = models.CharField(max_length=120)
    words = SealedJSON(null=True)
    concern_words = SealedJSON(purpose="concerns", null=True)
    sitting = models.CharField(max_length=40)
    kept_at = models.DateTimeField()
    kept_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kept_by", "page", "form"], name="typed_text_is_kept_once_a_form"
            ),
            models.CheckConstraint(
                condition=Q(words__isnull=True) | Q(concern_words__isnull=True),
                name="typed_text_is_sealed_with_one_key",
            ),
        ]
        indexes = [models.Index(fields=["kept_at"], name="typed_text_by_age")]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"kept_by"}
        plain: ClassVar[set[str]] = {"id", "page", "form", "sitting", "kept_at"}
        secret: ClassVar[set[str]] = {"words", "concern_words"}

    class Audit:
        exempt = "Not sent, so not done: nothing of it is in the record until its form is sent."

    def __str__(self) -> str:
        return f"{self.form} on {self.page}"
