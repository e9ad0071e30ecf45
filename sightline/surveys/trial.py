"""Trying a survey as somebody who answers it, without anything being kept.

The pages are those of the survey site itself. What is answered stays in a signed cookie of the
browser of whoever tries, for the addresses of the trial alone: no row is written, so no count, no
file and no result can ever hold it.
"""

import re
import uuid
from typing import Any, Final

from django.core import signing
from django.http import HttpResponse

from sightline.surveys.models import Survey
from sightline.surveys.respondent.pages import YOUNG
from sightline.surveys.respondent.visiting import Visit
from sightline.surveys.services.answering import Held

COOKIE: Final = "trial"
MOST: Final = 3_800
"""Signs of a cookie; what goes beyond is forgotten, as the page says."""
_SALT: Final = "surveys.trial"
_FORM: Final = re.compile(r'(<form method="post"[^>]*>)')
_BODY: Final = re.compile(r"(<body[^>]*>)")
STEPS: Final = {"child": ("who", "hiding"), "young-person": ("who", "hiding"),
                "parent-carer": ("hiding",)}  # fmt: skip
"""Pages between the first and the questions."""


class Trial(Visit):
    """A visit that nothing of is kept."""

    def __init__(self, survey: Survey, at: str, state: dict[str, Any]) -> None:
        held = Held(
            survey_id=survey.pk,
            language=state.get("language") or (survey.languages or ["en"])[0],
            code="",
            channel="web",
            wave=None,
            helped=state.get("helped", ""),
            page=0,
            answers=dict(state.get("answers", {})),
            extra=dict(state.get("extra", {})),
            survey=survey,
            part=uuid.UUID(int=0),
            key=b"",
        )
        super().__init__("", held)
        self.at = at

    @property
    def young(self) -> bool:
        """Whether it is tried as a child or a young person."""
        return self.survey.audience in YOUNG

    def save(self) -> None:
        """Nothing: the browser keeps it, in `state`."""

    @property
    def state(self) -> dict[str, Any]:
        """What the browser keeps."""
        held = self.held
        return {
            "answers": held.answers, "language": held.language, "helped": held.helped,
            "extra": held.extra,
        }  # fmt: skip


def begun(survey: Survey, cookie: str) -> dict[str, Any]:
    """What a browser kept of a trial of this survey; nothing of one that is not ours."""
    try:
        found = signing.loads(cookie, salt=f"{_SALT}:{survey.pk}")
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def written(visit: Trial) -> str:
    """What the browser is given to keep; empty where it is too much."""
    made = signing.dumps(visit.state, salt=f"{_SALT}:{visit.survey.pk}", compress=True)
    return made if len(made) <= MOST else ""


def marked(response: HttpResponse, banner: str, token: str) -> HttpResponse:
    """A page of the survey site with a line above it, and forms that this site lets in."""
    if not response.get("Content-Type", "").startswith("text/html"):
        return response
    text = response.content.decode()
    text = _BODY.sub(lambda found: found[1] + banner, text, count=1)
    hidden = f'<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
    response.content = _FORM.sub(lambda found: found[1] + hidden, text)
    return response
