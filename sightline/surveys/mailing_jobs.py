"""Sending letters and reminders, and what the clock does for them.

A letter is marked as sent, in a transaction of its own, before it is handed over: whatever stops
the work, nobody gets one twice. What was in hand at that moment is marked as such, for a person to
decide. Of reminders nothing at all is kept but that everybody was looked at.
"""

import time
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from sightline.access.actors import Actor
from sightline.jobs import Progress, every, job
from sightline.kernel.errors import NotAvailable
from sightline.surveys import inviting_queries as queries
from sightline.surveys import mailing, policies, stores
from sightline.surveys.invitations import BY_PERSON
from sightline.surveys.mailing import Outcome, Post
from sightline.surveys.models import Invitation, Spent, Survey
from sightline.surveys.permissions import RUN, require_survey
from sightline.surveys.services import closing, inviting, monitoring
from sightline.surveys.services.building import target

PAUSES_SECONDS: Final = (0.0, 5.0, 30.0)
"""How long is waited before each try of letters that a server would take later."""
AT_A_TIME: Final = 200


def _survey(actor: Actor, key: UUID) -> Survey:
    survey = Survey.objects.get(pk=key)
    require_survey(actor, survey, RUN)
    policies.check_is_open(survey)
    return survey


@job(inviting.LETTERS, title="Send letters of a survey")
def letters(progress: Progress, survey: str) -> dict[str, int]:
    """Send what was not sent yet; try three times what the server would take later."""
    return send(_survey(progress.actor, UUID(survey)), progress)


@sensitive_variables()
def send(survey: Survey, progress: Progress) -> dict[str, int]:
    """Send the letters of a survey that were not sent yet."""
    text = mailing.text_of(survey)
    counted = dict.fromkeys(Outcome, 0)
    waiting = list(_new(survey))
    progress.of(len(waiting))
    done = 0
    with Post() as post:
        for pause in PAUSES_SECONDS:
            if waiting and pause:
                time.sleep(pause)
            later = []
            for key in waiting:
                outcome = _send_one(survey, text, key, post)
                if outcome is Outcome.LATER:
                    later.append(key)
                elif outcome is not None:
                    counted[outcome] += 1
                    done += 1
                progress.at(done)
            waiting = later
    return {"sent": counted[Outcome.SENT], "came back": counted[Outcome.BOUNCED],
            "to be tried later": len(waiting), "not known": counted[Outcome.UNSURE]}  # fmt: skip


def _new(survey: Survey) -> Iterator[UUID]:
    found = queries.in_their_time(survey).filter(state=Invitation.State.NEW)
    return found.order_by("pk").values_list("pk", flat=True).iterator()


@sensitive_variables()
def _send_one(survey: Survey, text: mailing.Text, key: UUID, post: Post) -> Outcome | None:
    """Send one letter, unless somebody else has it in hand or it was withdrawn."""
    here = Invitation.objects.filter(pk=key)
    mine = here.filter(state=Invitation.State.NEW)
    if not mine.update(
        state=Invitation.State.SENT, sent_on=timezone.localdate(), bounce=queries.UNSURE
    ):
        return None
    invitation = here.select_related("group", "wave").get()
    handed = post.hand_over(mailing.letter(survey, text, invitation))
    states = {Outcome.BOUNCED: Invitation.State.BOUNCED, Outcome.LATER: Invitation.State.NEW}
    if handed.outcome is not Outcome.UNSURE:
        state = states.get(handed.outcome, Invitation.State.SENT)
        here.update(state=state, bounce=handed.words)
    return handed.outcome


@every("surveys.letters-later", title="Send letters that a mail server would take later", hours=1)
def letters_later(progress: Progress) -> dict[str, int]:
    """Try again what was begun and put back: it has a day, and was not sent."""
    found = Invitation.objects.filter(state=Invitation.State.NEW, sent_on__isnull=False)
    keys = found.exclude(address_index="").values_list("survey", flat=True).distinct()
    sent = 0
    for survey in Survey.objects.filter(pk__in=list(keys), state=Survey.State.OPEN):
        if not queries.work_under_way(inviting.LETTERS, target(survey)):
            sent += send(survey, progress)["sent"]
    return {"sent": sent}


@job(inviting.REMINDERS, title="Send a reminder round")
def reminders(progress: Progress, survey: str, round: int) -> None:
    """Look at everybody who had a letter, and write to those who have not answered.

    Says nothing of how many: everybody is counted as they are looked at. A letter that comes back
    now changes nothing, since that would say that the person has not answered.
    """
    found = _survey(progress.actor, UUID(survey))
    text = mailing.text_of(found)
    had = queries.in_their_time(found).filter(state=Invitation.State.SENT, bounce="")
    keys = list(had.order_by("pk").values_list("pk", flat=True))
    progress.of(len(keys))
    with Post() as post:
        for start in range(0, len(keys), AT_A_TIME):
            if why := post.why_not():
                raise NotAvailable(f"{why} Try again: nobody is written to twice.")
            _remind_some(found, text, keys[start : start + AT_A_TIME], round, post)
            progress.at(min(start + AT_A_TIME, len(keys)))


@sensitive_variables()
def _remind_some(
    survey: Survey, text: mailing.Text, keys: list[UUID], number: int, post: Post
) -> None:
    rows = Invitation.objects.filter(pk__in=keys, reminded__lt=number)
    invitations = list(rows.select_related("group", "wave"))
    skip = _answered(survey, invitations)
    for invitation in invitations:
        one = Invitation.objects.filter(pk=invitation.pk, reminded__lt=number)
        if one.update(reminded=number) and invitation.pk not in skip:
            _hand_over(post, mailing.letter(survey, text, invitation, again=True))


@sensitive_variables()
def _answered(survey: Survey, invitations: list[Invitation]) -> set[UUID]:
    """Who has answered, in memory alone and for no longer than they are written to."""
    if survey.mode not in BY_PERSON:
        return set()
    digests = {digest: one.pk for one in invitations for digest in stores.spent_codes(one.code)}
    used = Spent.objects.filter(survey=survey, digest__in=list(digests))
    return {digests[digest] for digest in used.values_list("digest", flat=True)}


def _hand_over(post: Post, message: object) -> None:
    for pause in PAUSES_SECONDS[: mailing.TRIES - 1]:
        time.sleep(pause)
        if post.hand_over(message).outcome is not Outcome.LATER:  # type: ignore[arg-type]
            return


@job(inviting.LISTS, title="Add a list of those who are asked")
def add_list(progress: Progress, survey: str, listed: str) -> dict[str, int]:
    """Add a list that was sent, in parts."""
    return inviting.finish_list(
        actor=progress.actor, key=UUID(survey), listed=UUID(listed), progress=progress
    )


@every("surveys.monitor", title="Bring the figures of running surveys up to date", hours=1)
def monitor(progress: Progress) -> dict[str, int]:
    """Take a step of the monitor where one is due; says of how many surveys, not of which."""
    taken = 0
    for number, key in enumerate(monitoring.running(), 1):
        with transaction.atomic():
            taken += monitoring.take_step(actor=progress.actor, key=key)
        progress.at(number)
    return {"surveys": taken}


@closing.register_closer
def last_step(survey: Survey, answers: closing.Contents, progress: Progress) -> None:
    """The figures of a survey that has closed, as soon as it has."""
    monitoring.take_step(actor=progress.actor, key=survey.pk)
    survey.refresh_from_db(fields=["results"])  # whoever comes next writes them as they are here


def registered() -> None:
    """Importing this module registers them; calling says that was meant."""
