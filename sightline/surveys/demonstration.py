"""Surveys of the demonstration: children answer theirs; that of staff has closed, with results.

`sightline demo` calls `begin` and `answered` for an area, as the command line. Every answer is made
up, from a seed, and goes the way of real ones: begun, saved, sent.
"""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils import timezone

from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.jobs.progress import Progress
from sightline.surveys.definitions import DONT_KNOW, PREFER_NOT, Item, QuestionnaireDefinition
from sightline.surveys.models import SentAnswer, Survey
from sightline.surveys.questionnaires import questionnaire
from sightline.surveys.services import answering, building, closing, monitoring, running
from sightline.surveys.services.building import Start

WEEK: Final = dt.timedelta(days=7)
CHILDREN, STAFF = "Children and young people", "Staff"
CHILDREN_ANSWER, STAFF_ANSWER = 36, 150
_NOTE: Final = "You can say no, and nothing will change for you. We do not see what you say."
_TOLD: Final = "A letter a week before, with a number to call and how to say no."
_SEED: Final = 7
_RARE: Final = 0.04
_MANY: Final = 0.45
_OFTEN: Final[Mapping[str, Sequence[int]]] = {
    "staff": (6, 4, 2, 1, 1, 1, 1),
    "child": (5, 6, 3, 1, 1),
}
"""How often the first choice of a question is made beside the second, and so on."""
_WRITTEN: Final[Mapping[str, Sequence[str]]] = {
    "what-should-change": (
        "My worker changes too often.",
        "I want to know what happens at meetings.",
        "More time with my brother.",
        "Tell me before somebody new comes.",
    ),
    "what-is-good": ("She listens.", "The football on Fridays.", "I can phone when I need to."),
    "comments": ("Fewer forms.", "More time with families.", "One record for everybody."),
}


def begin(*, actor: Actor, area: str, reader: User) -> tuple[Survey, Survey]:
    """The survey of children and that of staff, open; those that are there already are given.

    Args:
        actor: who begins them.
        area: a partnership.
        reader: holds `survey.read` there, and is named to read what people write.
    """
    return (
        _opened(actor, area, CHILDREN, "children@1", reader),
        _opened(actor, area, STAFF, "staff@1", reader),
    )


def answered(
    *, actor: Actor, children: Survey, staff: Survey,
    numbers: tuple[int, int] = (CHILDREN_ANSWER, STAFF_ANSWER),
) -> None:  # fmt: skip
    """Have children and staff answer, and close the survey of staff; once.

    Args:
        actor: who closes it.
        children: as `begin` gave it.
        staff: as `begin` gave it.
        numbers: how many children and how many staff.
    """
    for survey, number in zip((children, staff), numbers, strict=True):
        taking = survey.state == Survey.State.OPEN
        if taking and not SentAnswer.objects.filter(survey=survey).exists():
            send(survey, number)
            monitoring.take_step(actor=actor, key=survey.pk)
    if staff.state == Survey.State.OPEN:
        closing.close(actor=actor, survey=staff)
    if not staff.results.get("counted"):
        # Where jobs wait for a worker it is counted here; the job then finds nothing to change.
        closing.finish_closing(actor=actor, key=staff.pk, progress=Progress("", actor))


def send(survey: Survey, number: int, *, seed: int = _SEED) -> None:
    """Have so many people answer an open survey with one link for everybody."""
    chance = random.Random(seed)  # noqa: S311 - made up, and the same each time
    asked = questionnaire(survey.questionnaire)
    for _ in range(number):
        token = answering.begin(survey, "", language=survey.languages[0])
        held = answering.held(token)
        if held is not None:
            held.answers.update(_somebody(asked, chance))
            answering.save(token, held)
            answering.send(token)


def _somebody(asked: QuestionnaireDefinition, chance: random.Random) -> dict[str, Any]:
    """What one made-up person answers; a question they leave out is not there."""
    said = {item.code: _says(asked, item, chance) for item in asked.items()}
    return {code: value for code, value in said.items() if value is not None}


def _says(asked: QuestionnaireDefinition, item: Item, chance: random.Random) -> Any:
    codes = [choice.code for choice in asked.options(item)]
    if item.kind == "text":
        written = _WRITTEN.get(item.code, ())
        return chance.choice(written) if written and chance.random() < 2 * _RARE else None
    if not codes or chance.random() < _RARE:
        return None
    if item.kind == "many":
        return [code for code in codes if chance.random() < _MANY]
    if item.prefer_not and chance.random() < _RARE:
        return PREFER_NOT
    if item.dont_know and chance.random() < 2 * _RARE:
        return DONT_KNOW
    often = _OFTEN[asked.audience]
    return chance.choices(codes, [often[min(at, len(often) - 1)] for at in range(len(codes))])[0]


def _opened(actor: Actor, area: str, title: str, key: str, reader: User) -> Survey:
    there = Survey.objects.filter(area=area, title=title).first()
    if there is not None:
        return there
    today = timezone.localdate()
    survey = building.start_survey(actor=actor, area=area, title=title, start=Start(key=key))
    for task, values in _settings(today).items():
        building.set_up(actor=actor, survey=survey, task=task, values=values)
    building.name_reader(actor=actor, survey=survey, person=reader, trained_on=today - 20 * WEEK)
    building.confirm(actor=actor, survey=survey, what="privacy")
    return running.open_survey(actor=actor, survey=survey)


def _settings(today: dt.date) -> Mapping[str, Mapping[str, Any]]:
    return {
        "access": {"mode": "open-link", "closes_on": today + 4 * WEEK},
        "help": {
            "local_help": ["Out-of-hours social work, 0300 555 0100, every night"],
            "handout_note": _NOTE,
            "parents_told": _TOLD,
        },
        "results": {"heard_by": today + 12 * WEEK, "destroy_on": today + 52 * WEEK},
    }
