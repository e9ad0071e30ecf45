"""In with a code: which survey it opens, and why it may not.

A code opens a survey for nobody in particular: nothing is written when one is looked for but, when
it is wrong, that somebody was wrong this minute.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from sightline.kernel.errors import NotAllowed
from sightline.surveys import guesses, stores
from sightline.surveys.models import Group, Invitation, Spent, Survey, Wave

NOBODYS: Final = "-"
"""In place of no code at all: nothing is stored under it."""

OPEN: Final = "open"
GROUP: Final = "group"
SINGLE: Final = "single"
NAMED: Final = "named"

SAID: Final = {
    "closed": "This survey is closed.",
    "not-open": "This survey is not open yet.",
    "paused": "This survey is paused. Try again another day.",
    "used": "This code was used before. Each code works once.",
    "unknown-code": "There is no survey with this code. Look at it again.",
    "sent": "These answers were sent already. Nothing was sent twice.",
    "expired": "These answers are no longer kept here. Start again.",
    "wait": "Too many codes were tried. Wait a minute and try again.",
}


class Refused(NotAllowed):
    """Not now, or not with this. `why` is one of the keys of `SAID`."""

    def __init__(self, why: str) -> None:
        super().__init__(SAID[why])
        self.why = why


@sensitive_variables()
def enter(code: str, *, language: str = "") -> tuple[Survey, str]:
    """The survey of a code as somebody typed it, and which kind of code it is.

    All three stores of codes are asked whatever the first says, so that how long it takes tells
    nothing.

    Args:
        code: of a link, a group or a person; case, spaces and hyphens do not matter.
        language: not looked at; in the address for the pages that call this.

    Raises:
        Refused: `unknown-code`, `used`, `not-open`, `paused`, `closed`; or `wait` where many wrong
            codes were tried in the last minute, by whomever.
    """
    if guesses.too_many(guesses.CODES):
        raise Refused("wait")
    found = find(code)
    if found is None:
        guesses.missed(guesses.CODES)
        raise Refused("unknown-code")
    if why := refusal(found.survey, wave=found.wave):
        raise Refused(why)
    if found.used:
        raise Refused("used")
    return found.survey, found.kind


@dataclass(frozen=True)
class Found:
    """What a code leads to."""

    survey: Survey
    kind: str
    group: Group | None = None
    invitation: Invitation | None = None
    used: bool = False

    @property
    def wave(self) -> Wave | None:
        """The wave of the person's invitation."""
        return self.invitation.wave if self.invitation else None


@sensitive_variables()
def find(code: str) -> Found | None:
    plain = stores.tidy_code(code) or NOBODYS
    survey = Survey.objects.filter(link=plain).first()
    group = Group.objects.select_related("survey").filter(code=plain).first()
    invitation = _invitations(plain).select_related("survey", "group", "wave").first()
    used = _is_used(plain)
    if invitation is not None:
        kind = NAMED if invitation.survey.mode == Survey.Mode.NAMED else SINGLE
        return Found(invitation.survey, kind, invitation.group, invitation, used)
    if group is not None and group.survey.mode == Survey.Mode.GROUP_CODE:
        return Found(group.survey, GROUP, group)
    if survey is not None and survey.mode == Survey.Mode.OPEN_LINK:
        return Found(survey, OPEN)
    return None


@sensitive_variables()
def find_in(survey: Survey, code: str) -> Found | None:
    """What a code leads to in a survey that is known: fewer questions than `find` asks."""
    if survey.mode == Survey.Mode.OPEN_LINK:
        return Found(survey, OPEN)
    plain = stores.tidy_code(code) or NOBODYS
    if survey.mode == Survey.Mode.GROUP_CODE:
        group = Group.objects.filter(survey=survey, code=plain).first()
        return Found(survey, GROUP, group) if group else None
    invitation = _invitations(plain).filter(survey=survey).select_related("group", "wave").first()
    if invitation is None:
        return None
    kind = NAMED if survey.mode == Survey.Mode.NAMED else SINGLE
    return Found(survey, kind, invitation.group, invitation, _is_used(plain))


@sensitive_variables()
def _invitations(plain: str) -> QuerySet[Invitation]:
    there = Invitation.objects.exclude(state=Invitation.State.WITHDRAWN)
    return there.filter(code_index__in=stores.code_indexes(plain))


@sensitive_variables()
def _is_used(plain: str) -> bool:
    return Spent.objects.filter(digest__in=stores.spent_codes(plain)).exists()


def refusal(survey: Survey, *, wave: Wave | None = None, today: dt.date | None = None) -> str:
    """Why a survey, or a wave of it, takes no answers on a day; empty where it does."""
    today = today or timezone.localdate()
    if survey.state == Survey.State.DRAFT:
        return "not-open"
    if survey.state in {Survey.State.CLOSED, Survey.State.DESTROYED}:
        return "closed"
    windows: tuple[Survey | Wave, ...] = (survey, wave) if wave else (survey,)
    for window in windows:
        if window.opens_on and today < window.opens_on:
            return "not-open"
        if window.closes_on and today > window.closes_on:
            return "closed"
    return "paused" if survey.state == Survey.State.PAUSED else ""
