"""Surveys and the two stores that are never joined: who was asked, and what was answered.

The side of asking: `Survey`, `Wave`, `Group`, `Invitation`. The side of answering: `Part` (not sent
yet), `SentAnswer` (until the survey closes), `Answer` (from then on). Between the two lies `Spent`.
Nothing of answering holds a key to asking, a time finer than a day or a number that grows. See ADR
0021.
"""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sightline.access.constraints import together
from sightline.secrets.fields import SealedJSON, SealedText
from sightline.surveys.fields import FilledJSON, FilledText

_UNLINKED = "A row of the trail would say when somebody answered, which nothing here may know."


class Questionnaire(models.Model):
    """A questionnaire made by an area, under the same schema as the shipped ones.

    `content` is that schema as plain data. A draft is changed; a released one never is, and a
    change to it is the next version. Its key is `<area>/<code>@<version>`.
    """

    class State(models.TextChoices):
        """Whether it may still be changed."""

        DRAFT = "draft", "Draft"
        RELEASED = "released", "Released"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.CharField(max_length=80)
    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    content: Any = models.JSONField()
    based_on = models.CharField(max_length=120, blank=True, help_text="Key of what it copies.")
    unsupported: Any = models.JSONField(
        default=list, blank=True, help_text="What a form made elsewhere asked for and is not kept."
    )
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "code", "version"], name="questionnaire_version_is_its_own"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", released_at__isnull=True)
                | Q(state="released", released_at__isnull=False),
                name="questionnaire_is_released_by_somebody",
            ),
            together("questionnaire", "made", needed=True),
            together("questionnaire", "released"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "area", "code", "version", "state", "content", "based_on", "unsupported",
            "made_at", "made_by", "released_at", "released_by",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """As a survey names its questionnaire."""
        return f"{self.area}/{self.code}@{self.version}"


class Survey(models.Model):
    """One round of a questionnaire in one area: how people get in, until when, what they are told.

    `base` is the smallest group that is reported on: set before opening, never lower after.
    `promise` is the privacy sentence in five audience versions as it was when the survey opened;
    `promise_version` grows when a setting changes it, which pauses the survey.
    `inspection` is the inspection it is run for, empty where a partnership runs it for itself.
    """

    class State(models.TextChoices):
        """Where in its life it is."""

        DRAFT = "draft", "Draft"
        OPEN = "open", "Open"
        PAUSED = "paused", "Paused"
        CLOSED = "closed", "Closed"
        DESTROYED = "destroyed", "Answers deleted"

    class Mode(models.TextChoices):
        """How people get in."""

        OPEN_LINK = "open-link", "One link for everybody"
        GROUP_CODE = "group-code", "A code for each group"
        SINGLE_USE = "single-use", "A code for each person"
        NAMED = "named", "Invitations by name"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    area = models.CharField(max_length=80)
    inspection = models.CharField(max_length=80, blank=True)
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=200)
    questionnaire = models.CharField(max_length=160, help_text="Key of the questionnaire.")
    audience = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    mode = models.CharField(max_length=12, choices=Mode, default=Mode.OPEN_LINK)
    link = models.CharField(max_length=40, unique=True, help_text="Of the open link and poster.")
    base = models.PositiveIntegerField(default=10)
    base_promised = models.PositiveIntegerField(default=0, help_text="The base never falls below.")
    groupings: Any = models.JSONField(default=list, help_text="Items that results are split by.")
    languages: Any = models.JSONField(default=list, help_text="Codes, the first the main one.")
    logs_drop_addresses = models.BooleanField(default=True)
    paper = models.BooleanField(default=False, help_text="Answers on paper are typed in.")
    shared_device = models.BooleanField(default=False)
    local_help: Any = models.JSONField(default=list, help_text="Name, number and when, a line.")
    handout_note = models.TextField(blank=True, help_text="For those who hand it out.")
    parents_told = models.TextField(blank=True, help_text="How parents and carers are told.")
    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True, help_text="Its last day.")
    heard_by = models.DateField(null=True, blank=True, help_text="When people hear what was said.")
    destroy_on = models.DateField(null=True, blank=True, help_text="Answers are deleted.")
    what_changed = models.TextField(blank=True)
    promise: Any = models.JSONField(default=dict, blank=True)
    promise_version = models.PositiveIntegerField(default=0)
    done: Any = models.JSONField(default=list, help_text="Tasks of setting up that are completed.")
    results: Any = models.JSONField(default=dict, blank=True, help_text="Counts of closing alone.")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.CharField(max_length=80, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=80, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)
    destroyed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "slug"], name="survey_has_an_address_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open", "paused", "closed", "destroyed"]),
                name="survey_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(base__gte=5) & Q(base__gte=F("base_promised")),
                name="survey_base_is_five_or_more_and_never_below_what_was_promised",
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | Q(
                    opened_at__isnull=False,
                    destroy_on__isnull=False,
                    closes_on__isnull=False,
                    promise_version__gte=1,
                ),
                name="survey_opens_with_dates_and_a_promise",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "destroyed"]) | Q(closed_at__isnull=False),
                name="survey_is_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True)
                | Q(closes_on__isnull=True)
                | Q(opens_on__lte=F("closes_on")),
                name="survey_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(destroy_on__isnull=True)
                | Q(closes_on__isnull=True)
                | Q(closes_on__lt=F("destroy_on")),
                name="survey_answers_are_kept_until_after_it_closes",
            ),
            together("survey", "made", needed=True),
            together("survey", "opened"),
            together("survey", "closed"),
            together("survey", "destroyed"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "area", "inspection", "slug", "title", "questionnaire", "audience", "state",
            "mode", "link", "base", "base_promised", "groupings", "languages",
            "logs_drop_addresses", "paper", "shared_device", "local_help", "handout_note",
            "parents_told", "opens_on", "closes_on", "heard_by", "destroy_on", "what_changed",
            "promise", "promise_version", "done", "results", "made_at", "made_by", "opened_at",
            "opened_by", "closed_at", "closed_by", "destroyed_at", "destroyed_by",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title} ({self.area})"


class SafetyReader(models.Model):
    """Somebody trained who reads every free text of a survey before anybody else may."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="safety_readers")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    trained_on = models.DateField()
    named_at = models.DateTimeField()
    named_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "reader"],
                condition=Q(ended_at__isnull=True),
                name="safety_reader_is_named_once",
            ),
            together("safetyreader", "named", needed=True),
            together("safetyreader", "ended"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"reader"}
        plain: ClassVar[set[str]] = {
            "id", "survey", "trained_on", "named_at", "named_by", "ended_at", "ended_by",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"reader of {self.survey_id}"


class Wave(models.Model):
    """A part of a round that is asked at its own time, such as one school after another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="waves")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    opens_on = models.DateField()
    closes_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "number"], name="wave_has_a_number_of_its_own"
            ),
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("closes_on")), name="wave_closes_after_it_opens"
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "survey", "number", "title", "opens_on", "closes_on"}

    def __str__(self) -> str:
        return f"{self.title}, wave {self.number}"


class Group(models.Model):
    """An agency, a locality or another group that is asked, and how many were.

    `invited` empty: nobody has said how many, which is never nought. `code` is the group's own way
    in, in a survey with a code for each group. `choice` is the option of the questionnaire's
    grouping item that stands for the group, where there is one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="groups")
    code = models.CharField(max_length=40, help_text="How people of the group get in.")
    label = models.CharField(max_length=120)
    agency = models.CharField(max_length=60, blank=True)
    locality = models.CharField(max_length=80, blank=True)
    choice = models.CharField(max_length=80, blank=True)
    invited = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="group_code_is_its_own"),
            models.UniqueConstraint(fields=["survey", "label"], name="group_label_is_its_own"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "survey", "code", "label", "agency", "locality", "choice", "invited",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.label


class Invitation(models.Model):
    """One person who was asked: by a code of their own, with an address where it is e-mailed.

    Says nothing of whether they answered. `code_index` finds it by its code; `Spent` keeps another
    digest of the same code, and only the keys can tell that they belong together.
    """

    class State(models.TextChoices):
        """What became of the letter."""

        NEW = "new", "Not sent yet"
        SENT = "sent", "Sent"
        BOUNCED = "bounced", "Came back"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="invitations")
    group = models.ForeignKey(Group, models.PROTECT, null=True, blank=True, related_name="+")
    wave = models.ForeignKey(Wave, models.PROTECT, null=True, blank=True, related_name="+")
    code = SealedText()
    code_index = models.CharField(max_length=80, unique=True)
    address = SealedText(blank=True)
    address_index = models.CharField(max_length=80, blank=True)
    name = SealedText(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    sent_on = models.DateField(null=True, blank=True)
    reminded = models.PositiveIntegerField(
        default=0, help_text="Rounds of reminders in which it was looked at, written to or not."
    )
    bounce = models.CharField(max_length=200, blank=True, help_text="What the mail server said.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "address_index"],
                condition=~Q(address_index=""),
                name="invitation_address_is_asked_once",
            ),
        ]

    class Audit:
        exempt = "Made and sent in thousands; who had them made and sent is a deed of the round."

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "survey", "group", "wave", "state", "sent_on", "reminded", "bounce",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"code", "code_index", "address", "address_index", "name"}

    def __str__(self) -> str:
        return f"invitation to {self.survey_id}"


class Spent(models.Model):
    """That a code, or a session that was sent, was used. Knows neither whose nor when."""

    digest = models.CharField(primary_key=True, max_length=80)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+")

    class Audit:
        exempt = _UNLINKED

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"survey"}
        secret: ClassVar[set[str]] = {"digest"}

    def __str__(self) -> str:
        return "a code that was used"


class Part(models.Model):
    """Answers not sent yet. Only who holds the session, or the three words, can open them.

    `content` is sealed under a key of its own, kept twice: wrapped by the session's token and, once
    somebody asked to finish later, by the three words. `page` is how far they have come.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+")
    token_index = models.CharField(max_length=64, unique=True)
    words_index = models.CharField(max_length=80, blank=True)
    token_key = models.BinaryField()
    words_key = models.BinaryField(null=True, blank=True)
    content = models.BinaryField()
    page = models.PositiveIntegerField(default=0)
    expires_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["words_index"], condition=~Q(words_index=""), name="part_words_are_its_own"
            ),
        ]

    class Audit:
        exempt = _UNLINKED

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "survey", "page", "expires_on"}
        secret: ClassVar[set[str]] = {
            "token_index", "words_index", "token_key", "words_key", "content",
        }  # fmt: skip

    def __str__(self) -> str:
        return "answers not sent yet"


class SentAnswer(models.Model):
    """One person's answers, sent and sealed, padded to sizes that many share, until closing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+")
    content = SealedJSON()

    class Audit:
        exempt = _UNLINKED

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "survey"}
        secret: ClassVar[set[str]] = {"content"}

    def __str__(self) -> str:
        return "answers that were sent"


class Answer(models.Model):
    """One person's answers after closing: shuffled, under a new identity, sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+")
    content = SealedJSON()

    class Audit:
        exempt = _UNLINKED

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "survey"}
        secret: ClassVar[set[str]] = {"content"}

    def __str__(self) -> str:
        return "answers"


class Comment(models.Model):
    """One free text, apart from the answers it came with, until and after somebody has read it.

    `about` holds the question's code and, sealed with it, the group it may be reported under.
    `words` is what was written, `cleared` what may be shown. `urgency` only changes the order. At
    closing the rows are written anew, shuffled, under new identities.
    """

    class State(models.TextChoices):
        """Whether somebody else than the safety reader may see it."""

        WAITING = "waiting", "Waits for a safety check"
        CLEARED = "cleared", "Cleared"
        REDACTED = "redacted", "Cleared with words taken out"
        WITHHELD = "withheld", "Not to be shown"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+")
    item = models.CharField(max_length=80)
    words = FilledText()
    about = FilledJSON()
    urgency = models.PositiveSmallIntegerField(default=0)
    received_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    cleared = FilledText(blank=True)
    alerted = models.BooleanField(default=False, help_text="The readers were told of it.")

    class Audit:
        exempt = _UNLINKED

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "survey", "item", "urgency", "received_on", "state", "alerted",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"words", "about", "cleared"}

    def __str__(self) -> str:
        return "a comment"


class CommentReading(models.Model):
    """What somebody decided of a comment, and what may be shown of it; never changed.

    `raised` and `quote` leave its state as it is. Neither leads to the concern: there is no key.
    """

    class Decision(models.TextChoices):
        """What was decided."""

        CLEARED = "cleared", "Cleared"
        REDACTED = "redacted", "Cleared with words taken out"
        WITHHELD = "withheld", "Not to be shown"
        RAISED = "raised", "A concern was raised"
        QUOTE = "quote", "May be quoted: nobody can be recognised"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="readings")
    number = models.PositiveIntegerField()
    decision = models.CharField(max_length=10, choices=Decision)
    cleared = FilledText(blank=True)
    reason = models.CharField(max_length=400, blank=True)
    read_on = models.DateField()
    reader = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "number"], name="comment_reading_has_a_number_of_its_own"
            ),
        ]

    class Audit:
        exempt = "The row is itself the record of who decided; a time of day would date the answer."

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "comment", "number", "decision", "reason", "read_on", "reader",
        }  # fmt: skip
        secret: ClassVar[set[str]] = {"cleared"}

    def __str__(self) -> str:
        return f"reading {self.number}"


class ContactRequest(models.Model):
    """Somebody who answered and asks to be spoken to. No key leads from here to any answer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="+")
    how = SealedText(help_text="Name and how to be reached, as they wrote it.")
    asked_on = models.DateField()
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [together("contactrequest", "handled")]

    class Audit:
        exempt = _UNLINKED

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"id", "survey", "asked_on", "handled_at", "handled_by"}
        secret: ClassVar[set[str]] = {"how"}

    def __str__(self) -> str:
        return "a request to be spoken to"


class Theme(models.Model):
    """A theme of the comments on one question: proposed by words, named by a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="themes")
    item = models.CharField(max_length=80)
    words: Any = models.JSONField(default=list, help_text="Words that proposed it.")
    name = models.CharField(max_length=120, blank=True)
    comments = models.ManyToManyField(Comment, related_name="themes")
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=80)
    named_at = models.DateTimeField(null=True, blank=True)
    named_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            together("theme", "proposed", needed=True),
            together("theme", "named"),
            models.CheckConstraint(
                condition=Q(name="", named_at__isnull=True)
                | (~Q(name="") & Q(named_at__isnull=False)),
                name="theme_is_named_by_somebody",
            ),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "survey", "item", "words", "name", "comments", "proposed_at", "proposed_by",
            "named_at", "named_by",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.name or "a theme without a name"
