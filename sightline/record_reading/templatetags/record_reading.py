"""The line on every page of a round that says who changed it last, when and why."""

from typing import Any

from django import template

from sightline.record_reading.models import Round
from sightline.record_reading.permissions import Deed, may
from sightline.record_reading.presenters import Changed, last_change
from sightline.record_reading.services.shared import target

register = template.Library()


@register.inclusion_tag("record_reading/_changed.html", takes_context=True)
def last_changed(context: dict[str, Any], round: Round) -> dict[str, Changed | None]:
    """The line, for those who run or lead the round: others are not told who reads what."""
    person = context["request"].user
    sees = may(person, round, Deed.RUN) or may(person, round, Deed.MODERATE)
    return {"changed": last_change(target(round), round.template) if sees else None}
