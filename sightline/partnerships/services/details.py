"""Writes of what a partnership tells about itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import Permission
from sightline.kernel.definitions import Closed
from sightline.kernel.errors import NotAllowed, NotFound
from sightline.partnerships.definitions import LocalDetails
from sightline.partnerships.localities import check_days_off
from sightline.partnerships.models import Holiday, LocalDetail
from sightline.partnerships.permissions import get_partnership_for
from sightline.partnerships.queries import KINDS
from sightline.partnerships.queries import partnership as partnership_of


@transaction.atomic
def add_detail(
    *, actor: Actor, partnership: str, kind: str, fields: Mapping[str, Any], source: str = ""
) -> LocalDetail:
    """Add one locality, group, plan, post or holiday.

    Args:
        actor: who adds it.
        partnership: code of the area.
        kind: one of `queries.KINDS`.
        fields: the model's own fields, already checked by a form or a definition.
        source: where it was read, in words.

    Raises:
        NotFound, NotPermitted: as `get_partnership_for`.
        NotAllowed: it is there already.
        BadInput: a holiday that would leave a year without a working day.
    """
    get_partnership_for(actor, partnership, Permission.PARTNERSHIP_EDIT)
    row = KINDS[kind](
        partnership=partnership,
        source=source,
        added_at=timezone.now(),
        added_by=actor.audit_name,
        **fields,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise NotAllowed(f"{row.label} is there already; change the name or leave it.") from None
    if kind == "holidays":
        check_working_days(partnership)
    audit.record(actor, "partnership.detail-added", f"partnership:{partnership}", reason=row.label)
    return row


@transaction.atomic
def remove_detail(*, actor: Actor, partnership: str, kind: str, key: int) -> str:
    """Remove one detail; the audit trail keeps what it was. Returns its label.

    Raises:
        NotFound, NotPermitted: as `get_partnership_for`, or there is no such detail here.
    """
    get_partnership_for(actor, partnership, Permission.PARTNERSHIP_EDIT)
    row = KINDS[kind]._default_manager.filter(partnership=partnership, pk=key).first()
    if row is None:
        raise NotFound("That is no longer there; somebody may have removed it.")
    label = row.label
    row.delete()
    audit.record(actor, "partnership.detail-removed", f"partnership:{partnership}", reason=label)
    return label


@transaction.atomic
def load_details(*, actor: Actor, definitions: Iterable[LocalDetails]) -> int:
    """Add what is missing of the given definitions; returns how many rows were added.

    What a partnership has changed itself is left alone, and a second run adds nothing.
    """
    added = 0
    for definition in definitions:
        get_partnership_for(actor, definition.code, Permission.PARTNERSHIP_EDIT)
        place = f", {definition.source.place}" if definition.source.place else ""
        before = added
        for kind in KINDS:
            added += _add_missing(
                actor, definition.code, kind, getattr(definition, kind),
                source=f"{definition.source.title}{place}",
            )  # fmt: skip
        if added > before:
            check_working_days(definition.code)
            audit.record(
                actor,
                "partnership.details-loaded",
                f"partnership:{definition.code}",
                reason=f"{added - before} from {definition.key}",
            )
    return added


def _add_missing(
    actor: Actor, partnership: str, kind: str, entries: Iterable[Closed], *, source: str
) -> int:
    model = KINDS[kind]
    rows = [
        model(
            partnership=partnership,
            source=source,
            added_at=timezone.now(),
            added_by=actor.audit_name,
            **entry.model_dump(),
        )
        for entry in entries
    ]
    before = model._default_manager.filter(partnership=partnership).count()
    model._default_manager.bulk_create(rows, ignore_conflicts=True)
    return model._default_manager.filter(partnership=partnership).count() - before


def check_working_days(partnership: str) -> None:
    """Raise `BadInput` if the holidays now held leave a year without a working day."""
    held = Holiday.objects.filter(partnership=partnership, kind=Holiday.Kind.PUBLIC)
    check_days_off(partnership_of(partnership), held)
