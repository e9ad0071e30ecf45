"""What a safety reader decides of a free text, and what a second person confirms.

The trail says once a day and person that free texts of a survey were read, or decided, and never
which or how many: a line with a time for each would date the text, and with it the answers it came
with, finer than a day (ADR 0021). What was decided of which text is a `CommentReading`, which has a
day. A reader still leaves a record of every decision; what the trail gives up is the minute. The
one line of a day has the time of a reader's first opening, as the letter that called them has one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.models import AuditEvent
from sightline.kernel.errors import BadInput, NotAllowed, NotFound
from sightline.surveys import comments, policies
from sightline.surveys.models import Comment, CommentReading, ContactRequest, Survey
from sightline.surveys.permissions import RUN, require_survey
from sightline.surveys.reading_permissions import require_reader
from sightline.surveys.redacting import taken_out
from sightline.surveys.services.building import target

Decision: Final = CommentReading.Decision
NO_SUCH: Final = "There is no such comment, or it is not yours to see."
LATER: Final = "Somebody else has decided about this comment since you opened it. Read it again."


@dataclass(frozen=True, repr=False)
class Decided:
    """What a reader decides of one comment.

    Attributes:
        comment: its key.
        follows: the number of the last reading they saw; 0 for none.
        decision: cleared, redacted or withheld.
        taken: the words that are taken out, as they stand; for `redacted` alone.
        reason: why; needed to withhold.
    """

    comment: UUID
    follows: int
    decision: str
    taken: Sequence[str] = ()
    reason: str = ""


def note_opened(*, actor: Actor, survey: Survey) -> None:
    """Write, once a day, that somebody opened what people wrote in a survey."""
    if not _said_today(actor, "survey.read", survey):
        audit.record_read(actor, target(survey))


@sensitive_variables()
def decide(*, actor: Actor, survey: Survey, decided: Decided) -> Comment:
    """Clear a comment, clear it with words taken out, or withhold it; it can be decided again.

    What was written stays sealed until the answers are deleted, whatever is decided.

    Raises:
        NotFound, NotPermitted: they are not named for this survey, or there is no such comment.
        NotAllowed: somebody else decided since, or the answers were deleted.
        BadInput: nothing to take out, words that are not there, no reason for withholding.
    """
    require_reader(actor, survey)
    if decided.decision not in comments.DECISIONS:
        raise BadInput("Choose what is done with this comment.")
    with transaction.atomic():
        comment = _held(survey, decided.comment, decided.follows)
        match decided.decision:
            case Decision.REDACTED:
                shown = taken_out(comment.words, decided.taken)
            case Decision.CLEARED:
                if any(word.strip() for word in decided.taken):
                    raise BadInput(
                        "You named words to take out. Choose “Clear it without the words named "
                        "below”, or name none."
                    )
                shown = comment.words
            case _:
                if not decided.reason.strip():
                    raise BadInput("Say why nobody is to see it.")
                shown = ""
        comment.state, comment.cleared = decided.decision, shown
        comment.save(update_fields=["state", "cleared"])
        _add(actor, comment, decided.decision, shown=shown, reason=decided.reason)
        if not shown:
            comment.themes.clear()
        _say_decided(actor, survey)
    return comment


def note_concern(*, actor: Actor, survey: Survey, comment: UUID, follows: int) -> None:
    """Mark that a concern was raised from a comment. No key leads to the concern, or back.

    Raises:
        NotFound, NotPermitted, NotAllowed: as `decide`.
    """
    require_reader(actor, survey)
    with transaction.atomic():
        _add(actor, _held(survey, comment, follows), Decision.RAISED)
        _say_decided(actor, survey)


def confirm_quote(*, actor: Actor, survey: Survey, comment: UUID, follows: int) -> None:
    """Say as a second person that nobody can be recognised by a cleared comment.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run, or no such comment is cleared.
        NotAllowed: words are not shown yet, they cleared it themselves, or it was decided again.
    """
    require_survey(actor, survey, RUN)
    with transaction.atomic():
        if not comments.words_are_shown(survey):
            raise NotAllowed("What people wrote is shown once the survey has closed.")
        found = _held(survey, comment, follows)
        if found.state not in comments.SHOWN:
            raise NotFound(NO_SUCH)
        last = CommentReading.objects.filter(comment=found, decision__in=comments.DECISIONS)
        decided = last.order_by("-number").first()
        if decided is None or decided.reader == actor.audit_name:
            raise NotAllowed("You cleared this comment. Ask a second person to confirm it.")
        _add(actor, found, Decision.QUOTE)
        audit.record(actor, "survey.quote-confirmed", target(survey))


def handle_contact(*, actor: Actor, survey: Survey, request: UUID) -> ContactRequest:
    """Mark that somebody who asked to be spoken to has been.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run, or there is no such request.
        NotAllowed: it was handled already.
    """
    require_survey(actor, survey, RUN)
    with transaction.atomic():
        rows = ContactRequest.objects.select_for_update().filter(survey=survey, pk=request)
        row = rows.first()
        if row is None:
            raise NotFound("There is no such request, or it is not yours to see.")
        if row.handled_at is not None:
            raise NotAllowed("Somebody has marked this as done already.")
        row.handled_at, row.handled_by = timezone.now(), actor.audit_name
        row.save(update_fields=["handled_at", "handled_by"])
        audit.record(actor, "survey.contact-handled", target(survey))
    return row


def note_contacts_opened(*, actor: Actor, survey: Survey) -> None:
    """Write, once a day, that somebody opened the list of those who asked to be spoken to."""
    if not _said_today(actor, "survey.contacts-opened", survey):
        audit.record(actor, "survey.contacts-opened", target(survey))


def _held(survey: Survey, key: UUID, follows: int) -> Comment:
    """A comment, held for this decision, as it was when the person looked at it."""
    policies.check_has_words(survey)
    comment = Comment.objects.select_for_update().filter(survey=survey, pk=key).first()
    if comment is None:
        raise NotFound(NO_SUCH)
    if comments.last_number(comment) != follows:
        raise NotAllowed(LATER)
    return comment


@sensitive_variables()
def _add(
    actor: Actor, comment: Comment, decision: str, *, shown: str = "", reason: str = ""
) -> None:
    CommentReading.objects.create(
        comment=comment,
        number=comments.last_number(comment) + 1,
        decision=decision,
        cleared=shown,
        reason=" ".join(reason.split())[:400],
        read_on=timezone.localdate(),
        reader=actor.audit_name,
    )


def _said_today(actor: Actor, verb: str, survey: Survey) -> bool:
    said = AuditEvent.objects.filter(actor=actor.audit_name, verb=verb, target=target(survey))
    return said.filter(at__date=timezone.localdate()).exists()


def _say_decided(actor: Actor, survey: Survey) -> None:
    if not _said_today(actor, "survey.comments-decided", survey):
        audit.record(actor, "survey.comments-decided", target(survey))
