"""Opening a survey, pausing it, opening it again, moving its last day."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.surveys import drafting, policies, promise, queries, questionnaires, stores
from sightline.surveys.models import Questionnaire, Survey
from sightline.surveys.services.building import held, target


def open_survey(*, actor: Actor, survey: Survey) -> Survey:
    """Open a draft, or open a paused survey again; its questions are released with it.

    The promise is kept as it is from now on, with its number. What was given before stays: each
    answer names the one it was given under. A first opening makes the link that people get.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it is open, it has closed, or something is missing.
    """
    with transaction.atomic():
        survey = held(actor, survey)
        today = timezone.localdate()
        ready = policies.ready(survey, queries.readers_of(survey).count())
        policies.check_can_open(ready, today)
        # Worked out before the questions are released: a released one is remembered by whoever
        # reads it, which must not be while all this may still be undone.
        made = promise.promise_of(survey, policies.readable(ready))
        _release(actor, survey)
        given = promise.kept(survey)
        if given is None or not made.says_the_same(given) or not given.speaks(survey.languages):
            survey.promise = promise.next_of(survey, made)
            survey.promise_version += 1
        first = survey.opened_at is None
        if first:
            survey.link = stores.new_code()
            survey.opened_at, survey.opened_by = timezone.now(), actor.audit_name
        survey.opens_on = survey.opens_on or today
        survey.base_promised = max(survey.base, survey.base_promised)
        survey.state = Survey.State.OPEN
        survey.save()
        audit.record(
            actor, "survey.opened" if first else "survey.reopened", target(survey),
            after={"promise": survey.promise_version, "base": survey.base},
        )  # fmt: skip
    return survey


def _release(actor: Actor, survey: Survey) -> None:
    """The questions as they are asked from now on, without languages left half done."""
    row = queries.questionnaire_row(survey.questionnaire)
    if row is not None and row.state == Questionnaire.State.DRAFT:
        found = questionnaires.parse(row.content, row.key)
        row.content = drafting.plain(policies.in_finished_languages(found))
        row.state = Questionnaire.State.RELEASED
        row.released_at, row.released_by = timezone.now(), actor.audit_name
        row.save(update_fields=["content", "state", "released_at", "released_by"])


def pause(*, actor: Actor, survey: Survey, reason: str) -> Survey:
    """Take no answers for now. What was begun stays, and can be sent once it is open again.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it is not open.
    """
    with transaction.atomic():
        survey = held(actor, survey)
        policies.check_is_open(survey)
        survey.state = Survey.State.PAUSED
        survey.save(update_fields=["state"])
        audit.record(actor, "survey.paused", target(survey), reason=reason)
    return survey


def tell(*, actor: Actor, survey: Survey, words: str) -> Survey:
    """Say what people said and what changed, at the link they had; nothing takes it away again.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it has not closed.
        Faults: it claims what only the promise may claim.
    """
    with transaction.atomic():
        survey = held(actor, survey)
        policies.check_can_tell(survey, words)
        before, survey.what_changed = survey.what_changed, words
        survey.save(update_fields=["what_changed"])
        audit.record(actor, "survey.told", target(survey), before=before, after=words)
    return survey


def extend(*, actor: Actor, survey: Survey, closes_on: dt.date) -> Survey:
    """Move the last day to a later one; when people hear what was said moves with it if it must.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it is not running, or the day is not later, or too late.
    """
    with transaction.atomic():
        survey = held(actor, survey)
        policies.check_can_extend(survey, closes_on, timezone.localdate())
        before, survey.closes_on = survey.closes_on, closes_on
        if survey.heard_by and survey.heard_by <= closes_on and before:
            survey.heard_by += closes_on - before
        survey.save(update_fields=["closes_on", "heard_by"])
        audit.record(
            actor, "survey.extended", target(survey),
            before=before.isoformat() if before else None, after=closes_on.isoformat(),
        )  # fmt: skip
    return survey
