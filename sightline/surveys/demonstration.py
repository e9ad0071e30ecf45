"""Surveys of the demonstration: one of children and one of staff, both open.

`sightline demo` calls `begin` for an area, as the command line. Answers, and the closing of the
staff survey, are added by whoever has them.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.utils import timezone

from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.surveys.models import Survey
from sightline.surveys.services import building, running
from sightline.surveys.services.building import Start

WEEK: Final = dt.timedelta(days=7)
CHILDREN, STAFF = "Children and young people", "Staff"
_NOTE: Final = "You can say no, and nothing will change for you. We do not see what you say."
_TOLD: Final = "A letter a week before, with a number to call and how to say no."


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
