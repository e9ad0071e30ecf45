"""Writing what was sent anew, so that no row's place, age, size or name leads back to its sender.

While a survey is open, a row of `SentAnswer` was made in the same moment as rows of `Spent` and
`Comment`. When it closes, each answer and comment is written again under a new identity, in an
order of chance, sealed anew and all equally long, and everything that was made while people
answered is deleted. One transaction: all of it, or none.
"""

import random
from collections.abc import Sequence
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

from django.db import connection, models, transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from sightline.jobs.progress import Progress
from sightline.surveys import stores, tallies
from sightline.surveys.models import (
    Answer,
    Comment,
    CommentReading,
    Part,
    SentAnswer,
    Spent,
    Survey,
    Theme,
)

AT_A_TIME: Final = 500
ANSWERING: Final[tuple[type[models.Model], ...]] = (SentAnswer, Spent, Part)
"""What is only there while people answer."""

_chance: Final = random.SystemRandom()
Row = TypeVar("Row", bound=models.Model)


def rewrite(key: UUID, progress: Progress) -> bool:
    """Write everything of a closed survey anew; False where that was done, or it is not closed."""
    with transaction.atomic():
        # For this alone: whoever sends at this moment holds the row until their answers are in.
        survey = Survey.objects.select_for_update().get(pk=key)
        there = any(model._default_manager.filter(survey=survey).exists() for model in ANSWERING)
        if survey.state != Survey.State.CLOSED or not there:
            return False
        tallies.keep(survey)
        _write_answers(survey, progress)
        _write_comments(survey, progress)
        for model in ANSWERING:
            model._default_manager.filter(survey=survey).delete()
    clear_traces()
    return True


@sensitive_variables()
def _write_answers(survey: Survey, progress: Progress) -> None:
    contents: list[dict[str, Any]] = []
    for sent in SentAnswer.objects.filter(survey=survey).iterator(chunk_size=AT_A_TIME):
        contents.append(sent.content)
        progress.at(len(contents), "Opening what was sent")
    size = max(map(stores.length_of, contents), default=0)
    made = [
        Answer(id=uuid4(), survey=survey, content=stores.filled(stores.unfilled(content), size))
        for content in shuffled(contents)
    ]
    _add(made, progress, "Writing answers anew")


@sensitive_variables()
def _write_comments(survey: Survey, progress: Progress) -> None:
    """Comments with their readings and themes; one that was read no longer says of which day."""
    today = min(timezone.localdate(), survey.closes_on or timezone.localdate())
    anew: dict[UUID, Comment] = {}
    for old in Comment.objects.filter(survey=survey).iterator(chunk_size=AT_A_TIME):
        waiting = old.state == Comment.State.WAITING
        anew[old.pk] = Comment(
            id=uuid4(),
            survey=survey,
            item=old.item,
            words=old.words,
            about=old.about,
            urgency=old.urgency,
            received_on=old.received_on if waiting else today,
            state=old.state,
            cleared=old.cleared,
            alerted=old.alerted,
        )
        progress.look()
    readings = [
        CommentReading(
            comment=anew[old.comment_id],
            number=old.number,
            decision=old.decision,
            cleared=old.cleared,
            reason=old.reason,
            read_on=old.read_on,
            reader=old.reader,
        )
        for old in CommentReading.objects.filter(comment__survey=survey)
    ]
    through = Theme.comments.through
    joined = [
        through(theme_id=old.theme_id, comment_id=anew[old.comment_id].pk)
        for old in through._default_manager.filter(comment__survey=survey)
    ]
    Comment.objects.filter(survey=survey).delete()
    _add(shuffled(anew.values()), progress, "Writing comments anew")
    _add(shuffled(readings), progress, "Writing comments anew")
    _add(shuffled(joined), progress, "Writing comments anew")


def shuffled(rows: Any) -> list[Any]:
    """The same in an order that nobody can work out afterwards."""
    found = list(rows)
    _chance.shuffle(found)
    return found


def _add(rows: Sequence[Row], progress: Progress, saying: str) -> None:
    for start in range(0, len(rows), AT_A_TIME):
        some = rows[start : start + AT_A_TIME]
        type(some[0])._default_manager.bulk_create(some)
        progress.at(start + len(some), saying)


def reorder_spent(key: UUID) -> int:
    """Write the used codes of a survey anew in the order of their digests, which is of chance.

    Until a survey closes they lie beside the answers they were used for; once a day that ends.
    """
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=key)
        used = Spent.objects.filter(survey=survey)
        digests = sorted(used.values_list("digest", flat=True))
        used.delete()
        Spent.objects.bulk_create(
            (Spent(digest=digest, survey=survey) for digest in digests), batch_size=AT_A_TIME
        )
    return len(digests)


def clear_traces() -> None:
    """Have the database give up the pages that deleted rows stood on, as far as it can.

    SQLite overwrites what is deleted (`secure_delete`), and its log is emptied here. PostgreSQL
    keeps deleted rows in its files until they are written anew; while anybody on the same server
    is in a transaction that began before, it keeps them even then, unless nothing else is left in
    the table. Its log and backups are beyond reach: what they hold is sealed. Does nothing inside
    a transaction.
    """
    if connection.in_atomic_block:
        return
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return
    for model in ANSWERING:
        if not _emptied(model):
            _write_file_anew(model)
    for read in (Comment, CommentReading):
        _write_file_anew(read)


def _emptied(model: type[models.Model]) -> bool:
    """Whether a table had no rows, and so its file is empty now, whoever reads what."""
    name = connection.ops.quote_name(model._meta.db_table)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE")
        if model._default_manager.exists():
            return False
        cursor.execute(f"TRUNCATE {name}")
    return True


def _write_file_anew(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM FULL {connection.ops.quote_name(model._meta.db_table)}")
