"""The page of one round: its tasks while it is prepared, how it goes from then on."""

import datetime as dt
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sightline.access.http import SignedInRequest
from sightline.access.models import User
from sightline.partnerships.queries import partnership
from sightline.record_reading import asking, policies, presenters, progress, queries
from sightline.record_reading.models import Reading, Round
from sightline.record_reading.permissions import (
    Deed,
    address_for,
    deeds_of,
    get_round_seen,
)
from sightline.record_reading.services.auditing import open_actions
from sightline.record_reading.views import crumbs

SOON_DAYS: Final = 14
"""How long beforehand it is said that what is read will be deleted."""


@address_for(*Deed)
@require_safe
def round_page(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """One round, as far as somebody's deeds open it."""
    round = get_round_seen(request.user, area, slug)
    deeds = deeds_of(request.user, round)
    sees_all = bool(deeds & {Deed.RUN, Deed.MODERATE})
    preparing = round.state == Round.State.PREPARING
    context: dict[str, Any] = {
        "area": partnership(round.area),
        "round": round,
        "row": presenters.row(round),
        "template": asking.template(round.template),
        "may_run": Deed.RUN in deeds,
        "may_lead": Deed.MODERATE in deeds,
        "only_return": not sees_all and Deed.RETURN in deeds,
        "links": presenters.links(round, deeds),
        "mine": _mine(request.user, round) if Deed.READ in deeds else None,
        "crumbs": crumbs(partnership(round.area)),
    }
    if sees_all and round.state == Round.State.READING:
        context["deleted_soon"] = _deleted_soon(round)
    if preparing and Deed.RUN in deeds:
        ready = policies.ready(round)
        context |= {
            "tasks": presenters.tasks(ready, timezone.localdate()),
            "warnings": policies.warnings(ready),
        }
    elif sees_all and not preparing and round.state != Round.State.DESTROYED:
        context |= progress.context(round, timezone.localdate())
    if sees_all or Deed.RESULTS in deeds:
        context["open_actions"] = open_actions(round)
    return render(request, "record_reading/round.html", context)


def _deleted_soon(round: Round) -> bool:
    """Whether what is read is deleted before long, though the round is not locked."""
    last = timezone.localdate() + dt.timedelta(days=SOON_DAYS)
    return round.destroy_on is not None and round.destroy_on <= last


def _mine(person: User, round: Round) -> dict[str, Any]:
    """What somebody has to read here, and where it is."""
    mine = queries.readings_in(round).filter(reader__person=person)
    found = list(mine.values_list("state", flat=True))
    return {
        "href": reverse("record_reading:my-reading"),
        "given": len(found),
        "left": sum(state != Reading.State.COMPLETE for state in found),
    }
