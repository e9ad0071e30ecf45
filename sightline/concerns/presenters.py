"""What pages of concerns show: states in words, what may be done next, who was told."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from sightline.access.models import User
from sightline.access.scopes import Wording
from sightline.concerns import policies
from sightline.concerns.models import Concern, Danger, Deed, Letter, State, Step
from sightline.concerns.permissions import Part, deeds_of
from sightline.kernel.errors import NotAllowed

BUTTONS: Final[dict[Deed, str]] = {
    Deed.ACKNOWLEDGED: "Acknowledge it",
    Deed.PASSED_ON: "Pass it on",
    Deed.KEPT: "Do not pass it on",
    Deed.ACTED: "Record what was done",
    Deed.CONCLUDED: "Record the outcome",
    Deed.CLOSED: "Close it",
    Deed.RETURNED: "Send it back for more to be done",
    Deed.ANSWERED: "Answer the question",
    Deed.ASKED: "Ask who raised it",
    Deed.HANDED_OVER: "Let somebody else decide",
}
"""What each deed is called on a button, in the order they are offered."""

DONE: Final[dict[Deed, str]] = {
    Deed.ACKNOWLEDGED: "Acknowledged. Whoever raised it has been told.",
    Deed.PASSED_ON: "Passed on. Whoever receives it has been told.",
    Deed.KEPT: "Not passed on. A second person must now agree.",
    Deed.ACTED: "Recorded.",
    Deed.CONCLUDED: "Recorded. It now waits to be closed.",
    Deed.CLOSED: "Closed.",
    Deed.RETURNED: "Sent back.",
    Deed.ANSWERED: "Answer sent.",
    Deed.ASKED: "Question sent.",
    Deed.HANDED_OVER: "Handed over.",
}

_QUIET: Final = frozenset({Deed.ASKED, Deed.HANDED_OVER})
_FOR_RAISER: Final = frozenset({Deed.ASKED, Deed.ANSWERED})


@dataclass(frozen=True)
class Row:
    """A concern in a list: nothing of what it says."""

    key: str
    label: str
    partnership: str
    inspection: str
    state: str
    is_open: bool
    urgent: bool
    overdue: bool
    due: dt.datetime | None
    raised: dt.datetime
    question: bool


def rows(found: Iterable[Concern]) -> list[Row]:
    """Concerns as a list shows them."""
    wording, now = Wording(), timezone.now()
    return [
        Row(
            key=str(one.pk),
            label=one.label,
            partnership=wording.of("partnership", one.partnership),
            inspection=wording.of("inspection", one.inspection) if one.inspection else "",
            state=state_words(one),
            is_open=one.is_open,
            urgent=one.urgent,
            overdue=is_overdue(one, now),
            due=one.due,
            raised=one.raised_at,
            question=one.question_waits,
        )
        for one in found
    ]


def state_words(concern: Concern) -> str:
    """What a concern waits for, in words; whom it goes to where that is not the usual."""
    words = State(concern.state).label
    if concern.escalated:
        return f"{words} (the service manager, as nobody else is named)"
    return words


def is_overdue(concern: Concern, now: dt.datetime) -> bool:
    """Whether the clock has run out."""
    return concern.due is not None and concern.due <= now


@dataclass(frozen=True)
class Button:
    """A step that somebody may take now."""

    deed: str
    words: str
    first: bool


def buttons(concern: Concern, parts: frozenset[Part]) -> list[Button]:
    """The steps that somebody with these parts may take now, the pressing ones first."""
    mine = deeds_of(concern, parts)
    found = [deed for deed in BUTTONS if deed in mine and _can(concern, deed)]
    leading = [deed for deed in found if deed not in _QUIET]
    return [Button(deed.value, BUTTONS[deed], deed in leading[:1]) for deed in found]


def _can(concern: Concern, deed: Deed) -> bool:
    try:
        policies.check_can(concern, deed)
        policies.check_question(concern, deed)
        if deed is Deed.HANDED_OVER:
            policies.check_can_hand_over(concern)
    except NotAllowed:
        return False
    return True


@dataclass(frozen=True, repr=False)
class Said:
    """One step as the page tells it."""

    what: str
    who: str
    at: dt.datetime
    note: str
    local_reference: str


def history(
    steps: Sequence[Step], parts: frozenset[Part], *, alarms: Sequence[dt.datetime] = ()
) -> list[Said]:
    """The steps, oldest first. The raiser alone reads of the others' words only their questions."""
    only_raiser = parts == {Part.RAISER}
    told = []
    for step in steps:
        open_to_them = not only_raiser or Deed(step.deed) in _FOR_RAISER
        told.append(
            Said(
                what=Deed(step.deed).label,
                who=step.taken_by.name,
                at=step.taken_at,
                note=step.note if open_to_them else "",
                local_reference=step.local_reference if open_to_them else "",
            )
        )
    told += [Said("Alarm: nobody had acted in time", "", at, "", "") for at in alarms]
    return sorted(told, key=lambda said: said.at)


@dataclass(frozen=True, repr=False)
class Answers:
    """What the raiser wrote, unsealed."""

    worry: str
    where_seen: str
    danger: str
    told: str
    about_whom: str


def answers(concern: Concern) -> Answers:
    """The raiser's words, for whoever may read them; this is where they are unsealed."""
    danger = concern.danger
    return Answers(
        worry=concern.worry,
        where_seen=concern.where_seen,
        danger=Danger(danger).label if danger else "",
        told=concern.told,
        about_whom=concern.about_whom,
    )


@dataclass(frozen=True)
class Told:
    """A letter as the page tells it."""

    who: str
    post: str
    why: str
    written: dt.datetime
    sent: dt.datetime | None
    tries: int


def letters(found: Iterable[Letter]) -> list[Told]:
    """The letters, oldest first."""
    return [
        Told(
            who=letter.person.name,
            post=letter.person.designation,
            why=Letter.Why(letter.why).label,
            written=letter.written,
            sent=letter.sent,
            tries=letter.tries,
        )
        for letter in found
    ]


@dataclass(frozen=True)
class Sent:
    """What happens next, for whoever has just raised a concern."""

    people: tuple[tuple[str, str, bool], ...]  # name, post, whether their letter has gone
    nobody: str


def sent(
    concern: Concern,
    told: Iterable[Letter],
    *,
    local_leads: Sequence[User],
    areas: Mapping[str, str],
) -> Sent:
    """Who has been told, and what to do when nobody is named who should be."""
    people = tuple(
        (letter.person.name, letter.person.designation, letter.sent is not None)
        for letter in told
        if letter.why != Letter.Why.NOBODY
    )
    area = areas.get(concern.partnership, concern.partnership)
    if concern.state == State.DECIDING:
        missing = "Nobody is named as lead of this inspection"
    elif not concern.past_local_lead and not local_leads:
        missing = f"Nobody is named as local lead for concerns in {area}"
    else:
        missing = ""
    nobody = ""
    if not people:
        nobody = (
            f"Nobody in Sightline is named to receive this concern for {area}. It is kept, and the "
            "administrators have been asked to name somebody. Do not wait: telephone the social "
            "work service of the council now."
        )
    elif concern.escalated and missing:
        nobody = f"{missing}; the service manager has been told."
    return Sent(people, nobody)
