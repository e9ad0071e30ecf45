"""A concern, each step taken with it, each alarm about it, each letter that one is waiting.

What anybody wrote is sealed. Plain is only what the route and the clock need.
"""

import secrets
from typing import ClassVar, Final
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from sightline.secrets import SealedText

PURPOSE: Final = "concerns"
LETTERS: Final = "ACDEFGHJKMNPQRTUVWXY34679"
"""Letters and digits that cannot be taken for one another when a label is read out."""


def new_label() -> str:
    """A label to read out on the telephone, which says nothing: `C-7K4M-2PQX`."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"C-{drawn[:4]}-{drawn[4:]}"


class State(models.TextChoices):
    """What a concern is waiting for."""

    DECIDING = "deciding", "Waiting for the inspection lead to decide"
    PASSED = "passed", "Waiting to be acknowledged"
    ACKNOWLEDGED = "acknowledged", "Acknowledged, waiting for action"
    ACTING = "acting", "Action taken, waiting for the outcome"
    CONCLUDED = "concluded", "Outcome recorded, waiting to be closed"
    KEPT = "kept", "Not passed on, waiting for a second person to agree"
    CLOSED = "closed", "Closed"


class Danger(models.TextChoices):
    """Whether somebody is in danger now."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_SURE = "not-sure", "Not sure"


class Deed(models.TextChoices):
    """What somebody did with a concern."""

    RAISED = "raised", "Raised"
    PASSED_ON = "pass-on", "Passed on"
    KEPT = "keep", "Not passed on"
    ACKNOWLEDGED = "acknowledge", "Acknowledged"
    ACTED = "act", "Action recorded"
    CONCLUDED = "conclude", "Outcome recorded"
    RETURNED = "return", "Sent back for more to be done"
    CLOSED = "close", "Closed"
    ASKED = "ask", "Asked the raiser"
    ANSWERED = "answer", "Answered"
    HANDED_OVER = "hand-over", "Handed to somebody else to decide"


class Concern(models.Model):
    """A worry about a child or adult, with whoever must act on it by when.

    `past_lead` and `past_local_lead` are the raiser's wish that it go round somebody it may be
    about. `passed_on` says that the receiver (the local lead, or the service manager in their
    place) may open it. `turn` grows with every step, so that nobody acts over what they have not
    seen. `due` is when the next step must be taken.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    label = models.CharField(max_length=16, unique=True, default=new_label, editable=False)
    partnership = models.CharField(max_length=60)
    inspection = models.CharField(max_length=80, blank=True)
    urgent = models.BooleanField(help_text="The answer about danger was not a plain no.")
    past_lead = models.BooleanField(default=False)
    past_local_lead = models.BooleanField(default=False)
    passed_on = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=State)
    turn = models.PositiveIntegerField(default=1)
    due = models.DateTimeField(null=True, blank=True)
    next_alarm = models.DateTimeField(null=True, blank=True)
    escalated = models.BooleanField(
        default=False, help_text="Nobody holds the role it waits for; the service manager acts."
    )
    question_waits = models.BooleanField(default=False, help_text="The raiser was asked.")
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    raised_at = models.DateTimeField()
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    keep_until = models.DateField(null=True, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)
    destroyed_by = models.CharField(max_length=80, blank=True)

    worry = SealedText(purpose=PURPOSE)
    where_seen = SealedText(purpose=PURPOSE, blank=True)
    danger = SealedText(purpose=PURPOSE)
    told = SealedText(purpose=PURPOSE, blank=True)
    about_whom = SealedText(purpose=PURPOSE, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="concern_state_is_known"
            ),
            models.CheckConstraint(condition=~Q(partnership=""), name="concern_has_a_partnership"),
            models.CheckConstraint(
                condition=Q(state="closed", due=None, next_alarm=None, keep_until__isnull=False)
                | (
                    ~Q(state="closed")
                    & Q(due__isnull=False, next_alarm__isnull=False)
                    & Q(keep_until=None)
                ),
                name="concern_has_a_clock_until_it_is_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["deciding", "kept"])
                | (Q(passed_on=False) & Q(past_lead=False) & ~Q(inspection="")),
                name="concern_is_decided_by_the_lead_of_an_inspection",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["passed", "acknowledged", "acting", "concluded"])
                | Q(passed_on=True),
                name="concern_is_acted_on_by_whoever_may_open_it",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True, destroyed_by="")
                | (Q(destroyed_at__isnull=False, state="closed") & ~Q(destroyed_by="")),
                name="concern_destroyed_at_and_by_together_after_closing",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due"], name="concern_by_clock"),
            models.Index(fields=["raised_by"], name="concern_by_raiser"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"raised_by", "stand_in"}
        plain: ClassVar[set[str]] = {
            "id", "label", "passed_on", "state", "turn", "due", "next_alarm", "escalated",
            "question_waits", "raised_at", "keep_until", "destroyed_at", "destroyed_by",
        }  # fmt: skip
        # The route is no words of anybody's, but together it could hint at whom a concern is about;
        # who reads the audit trail needs none of it.
        secret: ClassVar[set[str]] = {
            "worry", "where_seen", "danger", "told", "about_whom",
            "partnership", "inspection", "urgent", "past_lead", "past_local_lead",
        }  # fmt: skip

    def __str__(self) -> str:
        return self.label

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self.state != State.CLOSED


class Step(models.Model):
    """One thing somebody did with a concern. Written once; only destruction changes it.

    `note` is what they wrote; `local_reference` where the local case management system has it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    concern = models.ForeignKey(Concern, models.PROTECT, related_name="steps")
    turn = models.PositiveIntegerField()
    deed = models.CharField(max_length=20, choices=Deed)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = SealedText(purpose=PURPOSE, blank=True)
    local_reference = SealedText(purpose=PURPOSE, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "turn"], name="step_is_the_only_one_of_its_turn"
            ),
            models.CheckConstraint(condition=Q(deed__in=Deed.values), name="step_deed_is_known"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"taken_by"}
        plain: ClassVar[set[str]] = {"id", "concern", "turn", "deed", "taken_at"}
        secret: ClassVar[set[str]] = {"note", "local_reference"}

    def __str__(self) -> str:
        return f"{self.concern_id} {self.turn} {self.deed}"


class Alarm(models.Model):
    """A time that nobody had acted when the clock ran out, and how many people were told."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    concern = models.ForeignKey(Concern, models.PROTECT, related_name="alarms")
    state = models.CharField(max_length=20, choices=State)
    due = models.DateTimeField()
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=80)
    told = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(given_by=""), name="alarm_is_given_by_somebody"),
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {
            "id", "concern", "state", "due", "given_at", "given_by", "told"
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.concern_id} {self.state} {self.given_at}"


class Letter(models.Model):
    """An e-mail that a concern is waiting: to whom, why, and whether it has gone.

    Its text is made when it is sent, from the label and the link; it holds no word of the concern.
    """

    class Why(models.TextChoices):
        """What the letter says."""

        RAISED = "raised", "A concern was raised"
        PASSED = "passed", "A concern waits to be acknowledged"
        ALARM = "alarm", "Nobody has acted in time"
        MOVED = "moved", "The next step is yours"
        ASKED = "asked", "A question about a concern you raised"
        ANSWERED = "answered", "A question was answered"
        NEWS = "news", "There is news of a concern you raised"
        NOBODY = "nobody", "Nobody holds a role to receive concerns"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    concern = models.ForeignKey(Concern, models.PROTECT, related_name="letters")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    why = models.CharField(max_length=20, choices=Why)
    written = models.DateTimeField()
    sent = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    why__in=[
                        "raised",
                        "passed",
                        "alarm",
                        "moved",
                        "asked",
                        "answered",
                        "news",
                        "nobody",
                    ]
                ),
                name="letter_says_something_known",
            ),
        ]
        indexes = [
            models.Index(fields=["written"], condition=Q(sent=None), name="letter_not_yet_sent")
        ]

    class Sensitivity:
        personal: ClassVar[set[str]] = {"person"}
        plain: ClassVar[set[str]] = {"id", "concern", "why", "written", "sent", "tries"}

    def __str__(self) -> str:
        return f"{self.why} about {self.concern_id}"
