"""Letters to safety readers: that something waits, and not a word of it.

Within a minute of a free text. A letter has a time, which mail servers keep: it says that somebody
wrote something in a survey in that minute, and leads to nobody, since no time is kept of who was
there. Nothing of it is kept here: the job returns nothing, writes no line of the trail, and marks
what it told of all at once.
"""

import smtplib
from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

from sightline.jobs import Progress, every
from sightline.surveys import comments, queries
from sightline.surveys.models import Comment, Survey
from sightline.surveys.permissions import may_read
from sightline.surveys.urgent import NOT_FLAGGED, urgency

PATIENCE_SECONDS: Final = 10
ONE: Final = 1


@every("surveys.alerts", title="Tell safety readers that comments wait", minutes=1)
def alert(progress: Progress) -> None:
    """Tell the readers of every survey with something new; what nobody could be told stays new."""
    fresh = Comment.objects.filter(alerted=False, state=Comment.State.WAITING)
    found = list(fresh.defer("about", "cleared"))
    _put_in_order(found)
    surveys = Survey.objects.in_bulk({comment.survey_id for comment in found})
    told = {key for key, survey in surveys.items() if _tell(survey)}
    keys = [comment.pk for comment in found if comment.survey_id in told]
    # All at once, so that nothing tells one text of these from another.
    Comment.objects.filter(pk__in=keys).update(alerted=True)


def _put_in_order(found: Sequence[Comment]) -> None:
    """Note which texts words say are to be read first."""
    levels = {comment.pk: urgency(comment.words) for comment in found}
    for level in set(levels.values()) - {NOT_FLAGGED}:
        keys = [key for key, one in levels.items() if one == level]
        Comment.objects.filter(pk__in=keys).update(urgency=level)


def _tell(survey: Survey) -> bool:
    """Write to every reader of a survey; whether at least one letter went."""
    count = comments.waiting_count(survey)
    connection = get_connection(timeout=PATIENCE_SECONDS)
    gone = 0
    for row in queries.readers_of(survey):
        if not may_read(row.reader, survey):
            continue
        letter = letter_of(survey, count, row.reader.email)
        letter.connection = connection
        try:
            gone += letter.send()
        except (OSError, smtplib.SMTPException):
            continue
    return gone > 0


def letter_of(survey: Survey, count: int, address: str) -> EmailMessage:
    """The letter: how many wait and where to read them, and nothing else."""
    said = waiting_words(count)
    link = reverse("surveys:comments", args=[survey.area, survey.slug])
    body = (
        f"{said[0].upper()}{said[1:]} in a survey you read for.\n\n"
        f"{str(settings.SIGHTLINE_ADDRESS).rstrip('/')}{link}\n\n"
        "This letter says nothing of what was written, on purpose. Do not write about it by "
        "e-mail.\nIf somebody is in danger now, call 999.\n"
    )
    return EmailMessage(f"Survey: {said}", body, to=[address])


def waiting_words(count: int) -> str:
    """`1 comment waits for a safety check`."""
    return f"{count} comment{' waits' if count == ONE else 's wait'} for a safety check"


def registered() -> None:
    """Importing this module registers the job; calling says that was meant."""
