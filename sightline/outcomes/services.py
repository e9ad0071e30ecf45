"""Every write of outcomes: notes on charts. Contexts above write theirs through these too."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import Permission
from sightline.identifiers import find
from sightline.kernel.errors import BadInput
from sightline.outcomes import policies
from sightline.outcomes.definitions import indicator as defined
from sightline.outcomes.models import Annotation
from sightline.outcomes.permissions import get_annotation_for, get_area_for


@transaction.atomic
def annotate(
    *, actor: Actor, area: str, on: dt.date, words: str, indicator: str = "", breaks: bool = False
) -> Annotation:
    """Write on the charts of an area what happened, and when.

    Args:
        actor: who writes.
        area: the partnership's code.
        on: the day; not in the future.
        words: what happened; of no person.
        indicator: the one it is about; empty for all.
        breaks: figures before and from that day cannot be compared.

    Raises:
        NotFound, NotPermitted: as `get_area_for`; or there is no such indicator.
        BadInput: nothing is said, or it seems to name somebody.
        NotAllowed: the day has not come.
    """
    found = get_area_for(actor, area, Permission.OUTCOMES_ANNOTATE)
    said = " ".join(words.split())
    if not said:
        raise BadInput("Say what happened.")
    if find(said):
        raise BadInput("This looks as if it named or numbered somebody. Say what happened only.")
    policies.check_has_happened(on, timezone.localdate())
    code = defined(indicator).code if indicator else ""
    made = Annotation.objects.create(
        area=found.code, indicator=code, on=on, words=said, breaks=breaks,
        written_at=timezone.now(), written_by=actor.audit_name,
    )  # fmt: skip
    audit.record(actor, "chart.annotated", f"chart:{found.code}/{code or 'all'}", reason=said)
    return made


@transaction.atomic
def remove_annotation(*, actor: Actor, key: UUID | str) -> Annotation:
    """Take a note off the charts.

    Raises:
        NotFound, NotPermitted: as `get_annotation_for`.
        NotAllowed: it has been taken off already.
    """
    found = get_annotation_for(actor, key)
    policies.check_not_removed(found)
    found.removed_at, found.removed_by = timezone.now(), actor.audit_name
    found.save(update_fields=["removed_at", "removed_by"])
    target = f"chart:{found.area}/{found.indicator or 'all'}"
    audit.record(actor, "chart.note-removed", target, reason=found.words)
    return found
