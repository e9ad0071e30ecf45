"""Every read about who is asked. None says, or can be made to say, who has answered."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from sightline.jobs.models import OPEN, Job
from sightline.surveys.invitations import BY_PERSON
from sightline.surveys.models import Group, Invitation, Survey, Wave


def groups_of(survey: Survey) -> QuerySet[Group]:
    """The groups of a survey, by what they are called."""
    return Group.objects.filter(survey=survey).order_by("label")


def waves_of(survey: Survey) -> QuerySet[Wave]:
    """The waves of a survey, in their order."""
    return Wave.objects.filter(survey=survey).order_by("number")


def asked(survey: Survey) -> QuerySet[Invitation]:
    """The invitations of a survey that were not withdrawn."""
    there = Invitation.objects.filter(survey=survey)
    return there.exclude(state=Invitation.State.WITHDRAWN)


def in_their_time(survey: Survey) -> QuerySet[Invitation]:
    """The invitations with an address whose wave, where they have one, has begun and not ended."""
    today = timezone.localdate()
    now = Q(wave__isnull=True) | Q(wave__opens_on__lte=today, wave__closes_on__gte=today)
    return asked(survey).filter(now).exclude(address_index="")


@dataclass(frozen=True)
class Letters:
    """What became of the letters of a survey; nothing of what became of answers.

    `unsure`: handed to the mail server when the work stopped, so that nobody knows.
    """

    new: int
    sent: int
    bounced: int
    unsure: int
    by_hand: int


UNSURE = "The work stopped while this letter was handed over."


def letters(survey: Survey) -> Letters:
    """How many letters wait, went, and came back; and how many codes are to be handed out."""
    by_mail = ~Q(address_index="")
    state = Invitation.State
    return Letters(
        **asked(survey).aggregate(
            new=Count("pk", filter=by_mail & Q(state=state.NEW)),
            sent=Count("pk", filter=by_mail & Q(state=state.SENT) & ~Q(bounce=UNSURE)),
            bounced=Count("pk", filter=by_mail & Q(state=state.BOUNCED)),
            unsure=Count("pk", filter=by_mail & Q(state=state.SENT, bounce=UNSURE)),
            by_hand=Count("pk", filter=Q(address_index="", state=state.NEW)),
        )
    )


def bounced(survey: Survey) -> QuerySet[Invitation]:
    """Letters that came back, or of which nobody knows whether they arrived."""
    came_back = Q(state=Invitation.State.BOUNCED) | Q(bounce=UNSURE)
    return asked(survey).filter(came_back).select_related("group").order_by("group__label", "pk")


def to_print(survey: Survey, group: Group) -> QuerySet[Invitation]:
    """Codes of a group that are handed out on paper and were not printed yet."""
    found = asked(survey).filter(group=group, address_index="", state=Invitation.State.NEW)
    return found.order_by("pk")


def codes_waiting(survey: Survey) -> Mapping[object, int]:
    """How many codes each group has that were not printed yet, by the group's key."""
    found = asked(survey).filter(address_index="", state=Invitation.State.NEW)
    return dict(found.values_list("group").annotate(n=Count("pk")))


@dataclass(frozen=True)
class Invited:
    """How many were invited: in all, None where nobody has said, and by what groups are called."""

    total: int | None
    by_group: Mapping[str, int | None]


def invited(survey: Survey) -> Invited:
    """How many were invited, as things stand."""
    said = dict(groups_of(survey).values_list("label", "invited"))
    if survey.mode in BY_PERSON:
        found = asked(survey).values_list("group__label").annotate(n=Count("pk"))
        counted = {label or "": n for label, n in found}
        return Invited(sum(counted.values()), {**dict.fromkeys(said, 0), **counted})
    known = [number for number in said.values() if number is not None]
    return Invited(sum(known) if said and len(known) == len(said) else None, said)


def round_of_reminders(survey: Survey) -> int:
    """How many rounds of reminders there were."""
    return int(asked(survey).aggregate(most=Max("reminded"))["most"] or 0)


def work_under_way(code: str, about: str) -> bool:
    """Whether a job of this code about this survey waits or runs."""
    return Job.objects.filter(code=code, about=about, state__in=OPEN).exists()
