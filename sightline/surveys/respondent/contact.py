"""Somebody who answered asks to be spoken to: a row of its own, with no key to any answer."""

import time
from typing import Final

from django.core.cache import cache
from django.views.decorators.debug import sensitive_variables

from sightline.surveys import flow
from sightline.surveys.models import ContactRequest, Survey
from sightline.surveys.respondent.pages import today
from sightline.surveys.services.answering import Refused

MOST: Final = 120
"""Requests a minute, of everybody together, so that nobody fills the list; no address is kept."""

MINUTE: Final = 60


def plain(typed: str) -> str:
    """What was typed, without control characters."""
    return flow.clean_text(typed)


@sensitive_variables()
def ask(survey: Survey, how: str) -> None:
    """Keep who asks and how to reach them, sealed, with the day.

    Raises:
        Refused: `wait` where a great many were sent in the last minute, by whomever.
    """
    key = f"surveys-asked-{_minute()}"
    if not cache.add(key, 1, 2 * MINUTE) and cache.incr(key) > MOST:
        raise Refused("wait")
    ContactRequest.objects.bulk_create([ContactRequest(survey=survey, how=how, asked_on=today())])


def _minute() -> int:
    return int(time.time()) // MINUTE
