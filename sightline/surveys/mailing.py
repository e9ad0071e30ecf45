"""Letters by e-mail: what they say, how one is handed to the mail server, and what came of it.

Nothing here keeps or logs an address: what a mail server answers is kept without it.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from enum import Enum
from smtplib import (
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)
from typing import Any, Final

from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.views.decorators.debug import sensitive_variables

from sightline.partnerships.queries import partnership
from sightline.surveys import promise, stores
from sightline.surveys.models import Invitation, Survey
from sightline.surveys.paper_presenters import address_of
from sightline.surveys.presenters import day

SUBJECT: Final = "Survey"
TIMEOUT_SECONDS: Final = 30
PERMANENT: Final = 500
TRIES: Final = 3
_LONGEST_WORDS: Final = 200
_ADDRESS: Final = re.compile(r"<?[^\s<>@]+@[^\s<>,;:]+>?")


@dataclass(frozen=True)
class Text:
    """What every letter of a survey says beside its link."""

    asks: str
    until: str
    promised: Sequence[str]
    named: bool


def text_of(survey: Survey) -> Text:
    """Who asks, until when, and what is promised, of a survey that has been opened."""
    area = partnership(survey.area).name
    given = promise.kept(survey)
    return Text(
        asks=f"The team that inspects services in {area}" if survey.inspection
        else f"The partnership of services in {area}",
        until=day(survey.closes_on),
        promised=given.sentences(survey.audience, promise.MAIN) if given else (),
        named=survey.mode == Survey.Mode.NAMED,
    )  # fmt: skip


@sensitive_variables()
def link_of(survey: Survey, invitation: Invitation) -> str:
    """Where the person gets in: with a code of their own, of their group, or of the survey."""
    if survey.mode == Survey.Mode.OPEN_LINK:
        return address_of(survey.link)
    if survey.mode == Survey.Mode.GROUP_CODE:
        return address_of(invitation.group.code if invitation.group else "")
    return address_of(stores.shown_code(invitation.code))


@sensitive_variables()
def letter(
    survey: Survey, text: Text, invitation: Invitation, *, again: bool = False
) -> EmailMessage:
    """One letter, in plain text, with a subject that tells nobody what it is about."""
    wave = invitation.wave
    context = {
        "text": text,
        "until": day(wave.closes_on) if wave else text.until,
        "link": link_of(survey, invitation),
        "name": invitation.name,
        "again": again,
        "everybody": survey.mode in {Survey.Mode.OPEN_LINK, Survey.Mode.GROUP_CODE},
    }
    body = render_to_string("surveys/letters/invitation.txt", context)
    return EmailMessage(SUBJECT, body, None, [invitation.address])


class Outcome(Enum):
    """What came of handing a letter over."""

    SENT = "sent"
    BOUNCED = "bounced"
    LATER = "later"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Handed:
    """What came of a letter, and what the server said, without the address."""

    outcome: Outcome
    words: str = ""


class Post:
    """A connection to the mail server of the settings, opened again where it was lost."""

    def __init__(self) -> None:
        self._connection: Any = None

    def __enter__(self) -> "Post":
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()

    @sensitive_variables()
    def hand_over(self, message: EmailMessage) -> Handed:
        """Hand one letter over."""
        if why := self.why_not():
            return Handed(Outcome.LATER, why)
        try:
            self._connection.send_messages([message])
        except (OSError, MessageError, ValueError) as fault:
            self._drop()
            return outcome_of(fault)
        return Handed(Outcome.SENT)

    def why_not(self) -> str:
        """Why no letter can be handed over now; empty where one can."""
        try:
            if self._connection is None:
                made = get_connection(timeout=TIMEOUT_SECONDS)
                made.open()
                self._connection = made
        except OSError as fault:  # of smtplib too
            return f"The mail server does not answer ({_kind(fault)})."
        return ""

    def _drop(self) -> None:
        if self._connection is not None:
            with suppress(OSError):
                self._connection.close()
            self._connection = None


def _kind(fault: BaseException) -> str:
    return type(fault).__name__


@sensitive_variables()
def outcome_of(fault: BaseException) -> Handed:
    """What a fault in handing a letter over means for it."""
    if isinstance(fault, SMTPRecipientsRefused):
        code, words = next(iter(fault.recipients.values()))
        return _refused(code, words)
    if isinstance(fault, SMTPSenderRefused):
        return Handed(Outcome.LATER, words_of(fault.smtp_code, fault.smtp_error))
    if isinstance(fault, SMTPResponseException):
        return _refused(fault.smtp_code, fault.smtp_error)
    if isinstance(fault, SMTPNotSupportedError | MessageError | ValueError):
        said = f"The letter cannot be sent to this address ({_kind(fault)})."
        return Handed(Outcome.BOUNCED, said)
    return Handed(Outcome.UNSURE)


def _refused(code: int, words: bytes | str) -> Handed:
    found = Outcome.BOUNCED if code >= PERMANENT else Outcome.LATER
    return Handed(found, words_of(code, words))


@sensitive_variables()
def words_of(code: int, words: bytes | str) -> str:
    """What a mail server said, on one line, without addresses."""
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    said = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    return f"{code} {_ADDRESS.sub('(address)', said)}"[:_LONGEST_WORDS]
