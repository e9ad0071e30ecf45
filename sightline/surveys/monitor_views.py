"""The page of how a round goes."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.surveys import comments, presenters
from sightline.surveys import inviting_queries as queries
from sightline.surveys.models import Survey
from sightline.surveys.monitor import Step, per_cent, rates
from sightline.surveys.permissions import RUN, SEE, get_survey_for, is_safety_reader, may
from sightline.surveys.services.monitoring import steps_of
from sightline.surveys.views import survey_crumbs


@dataclass(frozen=True)
class Row:
    """A group as its row shows it; None in `complete` is `[c]`."""

    label: str
    complete: int | None
    invited: int | None
    per_cent: int | None


def _rows(step: Step, invited: queries.Invited) -> list[Row]:
    rows = []
    for one in step.groups:
        asked = invited.by_group.get(one.label, one.invited)
        rows.append(Row(one.label, one.complete, asked, per_cent(one.complete, asked)))
    return rows


@address(needs=SEE, scope="partnership")
@require_safe
def monitor(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """How a round goes: counts in steps, with the formula of each rate."""
    survey = get_survey_for(request.user, area, slug)
    steps = steps_of(survey)
    step = steps[-1] if steps else None
    invited = queries.invited(survey)
    started = step.complete + step.part if step and step.part is not None else None
    may_run = may(request.user, survey, RUN)
    context = {
        "survey": survey, "row": presenters.row(survey), "step": step, "invited": invited.total,
        "groups": _rows(step, invited) if step else [], "started": started,
        "rates": rates(
            invited=invited.total, started=started,
            complete=step.complete if step and not step.nearly else None,
        ) if step else (),
        "waiting": comments.waiting_count(survey), "may_run": may_run,
        "reads": is_safety_reader(request.user, survey),
        "running": survey.state in {Survey.State.OPEN, Survey.State.PAUSED},
        "crumbs": survey_crumbs(survey),
    }  # fmt: skip
    return render(request, "surveys/monitor.html", context)
