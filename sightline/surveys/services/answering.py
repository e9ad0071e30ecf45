"""Answering: in with a code, page by page under a token, and sent once.

Nobody is signed in here, so no function takes an actor, and none writes a line of the trail: it
would say when somebody answered. What a code and a token are kept as is in `stores`; why nothing
here can be joined is in ADR 0021.

In `send` all is one transaction: that the session and the code are spent, the answers, the free
texts, and the end of the part. Whatever dies in between, all of it is there or none.
"""

import datetime as dt
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.models import AuditEvent
from sightline.saving.durable import durably
from sightline.surveys import flow, guesses, reading, sizes, stores
from sightline.surveys.definitions import DONT_KNOW, PREFER_NOT, QuestionnaireDefinition
from sightline.surveys.entering import OPEN, Refused, enter, find_in, refusal
from sightline.surveys.models import Comment, Part, SentAnswer, Spent, Survey
from sightline.surveys.questionnaires import questionnaire as find_questionnaire
from sightline.surveys.three_words import new_words

__all__ = [
    "Held", "Refused", "begin", "discard", "enter", "finish_later", "held", "refusal", "resume",
    "save", "send", "send_paper",
]  # fmt: skip

KEPT_DAYS: Final = 14
"""How long a part is kept after it was begun, or after three words were given for it."""

WEB: Final = "web"
PAPER: Final = "paper"


@dataclass
class Held:
    """What one session holds, opened.

    Attributes:
        code: empty for the open link; else the group's or the person's.
        channel: `web` or `paper`.
        wave: its number, where the survey has waves.
        helped: what was said of who helped.
        page: how far they have come; the only one of these that the database can read.
        extra: whatever the pages want to remember.
        survey: as it is in the database now.
    """

    survey_id: UUID
    language: str
    code: str
    channel: str
    wave: int | None
    helped: str
    page: int
    answers: dict[str, Any]
    extra: dict[str, Any]
    survey: Survey = field(repr=False)
    part: UUID = field(repr=False)
    key: bytes = field(repr=False)


_SEALED: Final = ("language", "code", "channel", "wave", "helped", "answers", "extra")


# In.


@sensitive_variables()
def begin(survey: Survey, code: str, *, language: str, channel: str = WEB) -> str:
    """Begin answering; gives the token for the cookie, which is kept nowhere else.

    Args:
        survey: as `enter` gave it.
        code: as it was typed; ignored for an open link.
        language: code of the language it is answered in.
        channel: `web`, or `paper` for answers on paper that are typed in.

    Raises:
        Refused: as `enter`.
    """
    found = find_in(survey, code)
    if found is None:
        raise Refused("unknown-code")
    if why := refusal(found.survey, wave=found.wave):
        raise Refused(why)
    if found.used:
        raise Refused("used")
    token, key = stores.new_token(), stores.new_key()
    part = Part(
        survey=survey,
        token_index=stores.token_index(token),
        expires_on=timezone.localdate() + dt.timedelta(days=KEPT_DAYS),
    )
    content: dict[str, Any] = {
        "language": language,
        "code": "" if found.kind == OPEN else stores.tidy_code(code),
        "channel": channel,
        "wave": found.wave.number if found.wave else None,
        "helped": "",
        "answers": {},
        "extra": {},
    }
    part.token_key = stores.wrap_with_token(key, token, part.pk)
    part.content = stores.close_part(content, key, part.pk)
    part.save(force_insert=True)
    return token


# Page by page.


@sensitive_variables()
def _part(token: str) -> Part | None:
    part = reading.part_with_survey(stores.token_index(token))
    return part if part is not None and part.expires_on >= timezone.localdate() else None


@sensitive_variables()
def _open(part: Part, token: str) -> Held:
    key = stores.unwrap_with_token(part.token_key, token, part.pk)
    content = stores.open_part(part.content, key, part.pk)
    return Held(
        survey_id=part.survey_id,
        survey=part.survey,
        page=part.page,
        part=part.pk,
        key=key,
        **content,
    )


@sensitive_variables()
def held(token: str) -> Held | None:
    """What a session holds; None for a token that was sent, given up, never given or is old."""
    part = _part(token)
    return None if part is None else _open(part, token)


@sensitive_variables()
def save(token: str, held: Held) -> None:
    """Keep what a session holds, in one statement; what is kept survives whatever dies next.

    Raises:
        Refused: `closed`, `paused` as the survey was when `held` was read, which keeps what was
            saved before; `sent` or `expired` where the part is gone.
    """
    if why := refusal(held.survey):
        raise Refused(why)
    content = {name: getattr(held, name) for name in _SEALED}
    closed = stores.close_part(content, held.key, held.part)
    kept = reading.keep_part(held.part, stores.token_index(token), closed, held.page)
    if not kept:
        raise Refused(_gone(token))


@sensitive_variables()
def _gone(token: str) -> str:
    spent = Spent.objects.filter(digest=stores.spent_token(token)).exists()
    return "sent" if spent else "expired"


@sensitive_variables()
def finish_later(token: str) -> str:
    """Three words by which somebody comes back within 14 days, on whichever device.

    They are kept nowhere. Asked again, there are three others and the earlier ones end.

    Raises:
        Refused: `sent` or `expired`.
    """
    part = _part(token)
    if part is None:
        raise Refused(_gone(token))
    key = stores.unwrap_with_token(part.token_key, token, part.pk)
    while True:
        words = new_words()
        secrets = stores.stretched(words)
        try:
            with transaction.atomic():
                Part.objects.filter(pk=part.pk).update(
                    words_index=stores.words_index(secrets.finds),
                    words_key=stores.wrap_with_words(key, secrets, part.pk),
                    expires_on=timezone.localdate() + dt.timedelta(days=KEPT_DAYS),
                )
        except IntegrityError:  # somebody has these three: one in thousands of millions
            continue
        return words


@sensitive_variables()
def resume(words: str) -> str:
    """A new token for the part of three words; the earlier token ends.

    Raises:
        Refused: `expired` where no part has these words; `wait` where many were tried in the last
            minute, by whomever.
    """
    if guesses.too_many(guesses.WORDS):
        raise Refused("wait")
    secrets = stores.stretched(words)
    indexes = stores.words_indexes(secrets.finds)
    found = Part.objects.filter(words_index__in=indexes).first()
    if found is None or not found.words_key or found.expires_on < timezone.localdate():
        guesses.missed(guesses.WORDS)
        raise Refused("expired")
    key = stores.unwrap_with_words(found.words_key, secrets, found.pk)
    token = stores.new_token()
    Part.objects.filter(pk=found.pk).update(
        token_index=stores.token_index(token),
        token_key=stores.wrap_with_token(key, token, found.pk),
    )
    return token


@sensitive_variables()
def discard(token: str) -> None:
    """Delete what a session holds and has not sent; nothing of it is left."""
    Part.objects.filter(token_index=stores.token_index(token)).delete()


# Sent.


@sensitive_variables()
def send(token: str, *, today: dt.date | None = None) -> None:
    """Send the answers of a session: all in one transaction, on the disk when this returns.

    Raises:
        Refused: `sent` where this session was sent before (nothing is stored twice); `used` where
            another session sent with the same code (this part is kept); `closed`, `paused`;
            `expired`.
    """
    today = today or timezone.localdate()
    with durably():
        part = Part.objects.filter(token_index=stores.token_index(token)).first()
        if part is None:
            raise Refused(_gone(token))
        part.survey = _survey_held_open(part.survey_id)
        opened = _open(part, token)
        _spend(part.survey, stores.spent_token(token), "sent")
        _store(opened, today)
        if not Part.objects.filter(pk=part.pk).delete()[0]:
            raise Refused("sent")  # pragma: no cover  # two at once: the digest refuses before


@sensitive_variables()
def send_paper(
    *,
    actor: Actor,
    survey: Survey,
    code: str,
    answers: Mapping[str, Any],
    language: str,
    once: str = "",
    helped: str = "",
    today: dt.date | None = None,
) -> None:
    """Send the answers of one paper that somebody typed in.

    The trail says once a day that a person typed in papers of a survey, and never which or how
    many: a line for each would put the answers in order.

    Args:
        actor: who typed it in; the caller has asked whether they may.
        survey: the paper's survey.
        code: on the paper; empty where the survey has one link for everybody.
        answers: by item, unchecked.
        language: of the paper.
        once: chosen by the page for this paper, so that it is stored once however often it comes.
        helped: what the paper says of who helped.
        today: the day it is received.

    Raises:
        Refused: as `send`, and `unknown-code`.
    """
    today = today or timezone.localdate()
    with durably():
        survey = _survey_held_open(survey.pk)
        if once:
            _spend(survey, stores.spent_token(once), "sent")
        taken = Held(
            survey_id=survey.pk,
            survey=survey,
            language=language,
            code=stores.tidy_code(code),
            channel=PAPER,
            wave=None,
            helped=helped,
            page=0,
            answers=dict(answers),
            extra={},
            part=survey.pk,
            key=b"",
        )
        _store(taken, today)
        _say_once_a_day(actor, survey)


def _say_once_a_day(actor: Actor, survey: Survey) -> None:
    target = f"survey:{survey.area}/{survey.slug}"
    said = AuditEvent.objects.filter(actor=actor.audit_name, target=target)
    today = said.filter(verb="survey.paper-typed", at__date=timezone.localdate())
    if not today.exists():
        audit.record(actor, "survey.paper-typed", target)


def _survey_held_open(key: UUID) -> Survey:
    """The survey, which closing cannot rewrite until this transaction has ended.

    Closing asks for the row for itself alone, and so waits for whoever holds it here; senders do
    not wait for each other. SQLite has one writer at a time in any case.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM surveys_survey WHERE id = %s FOR KEY SHARE", [key])
    survey = Survey.objects.get(pk=key)
    if why := refusal(survey):
        raise Refused(why)
    return survey


@sensitive_variables()
def _spend(survey: Survey, digest: str, why: str) -> None:
    """Write down that something was used; the database lets one of two at once through."""
    try:
        Spent.objects.bulk_create([Spent(digest=digest, survey=survey)])
    except IntegrityError:
        raise Refused(why) from None


@sensitive_variables()
def _store(opened: Held, today: dt.date) -> None:
    survey = opened.survey
    group, wave = _spend_code(opened)
    questionnaire = find_questionnaire(survey.questionnaire)
    answers = flow.tidy(questionnaire, opened.answers, today)
    asked = list(flow.asked(questionnaire, answers, today))
    kept, texts = apart(questionnaire, answers)
    content = {
        "answers": kept,
        "asked": asked,
        "group": group,
        "wave": wave,
        "language": opened.language,
        "channel": opened.channel,
        "helped": opened.helped,
        "promise": survey.promise_version,
    }
    size = sizes.longest(questionnaire)
    sent = SentAnswer(survey=survey, content=stores.filled(content, size))
    sent.save(force_insert=True)
    Comment.objects.bulk_create(
        Comment(
            survey=survey,
            item=item,
            words=words,
            about={"item": item, "group": group, "wave": wave, "language": opened.language},
            cleared="",
            received_on=today,
        )
        for item, words in texts
    )


@sensitive_variables()
def _spend_code(opened: Held) -> tuple[str, int | None]:
    """Use up a code of one person; the group and wave that the answers are reported under."""
    survey = opened.survey
    found = find_in(survey, opened.code)
    if found is None:
        raise Refused("unknown-code")
    group = found.group.label if found.group else ""
    if found.invitation is None:
        return group, opened.wave
    if found.used:
        raise Refused("used")
    _spend(survey, stores.spent_code(opened.code), "used")
    return group, found.wave.number if found.wave else None


@sensitive_variables()
def apart(
    questionnaire: QuestionnaireDefinition, answers: Mapping[str, Any]
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Answers without their free texts, and the free texts by item, in an order of chance.

    A text in a turn of a repeat is set apart like any other.
    """
    free = {item.code for item in questionnaire.items() if item.kind == "text"}
    texts: list[tuple[str, str]] = []

    def without(found: Mapping[str, Any]) -> dict[str, Any]:
        kept = {}
        for code, value in found.items():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                kept[code] = [without(turn) for turn in value]
            elif code in free and value not in {DONT_KNOW, PREFER_NOT}:
                texts.append((code, value))
            else:
                kept[code] = value
        return kept

    rest = without(answers)
    random.SystemRandom().shuffle(texts)
    return rest, texts
