"""Writes of extracts: accepted with the upload, taken back with it, the days they cover said."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import Permission
from sightline.children import policies, queries
from sightline.children.definitions import DatasetDefinition
from sightline.children.models import Extract
from sightline.children.permissions import get_area_for, get_extract_for
from sightline.kernel.errors import BadInput, NotFound
from sightline.uploads.models import Upload


@transaction.atomic
def accept_extract(
    *,
    actor: Actor,
    area: str,
    dataset: DatasetDefinition,
    upload: str,
    content: str,
    good: int,
    covers: tuple[dt.date, dt.date] | None,
    keyed_with: str,
) -> Extract:
    """Make the rows of an upload the version of a dataset that is used.

    Raises:
        NotFound, NotPermitted: as `get_area_for`.
    """
    found = get_area_for(actor, area, Permission.DATA_LOAD)
    sent = Upload.objects.get(pk=upload)
    first, last = covers if covers is not None else (None, None)
    extract = Extract.objects.create(
        area=found.code,
        dataset=dataset.code,
        version=dataset.version,
        upload=sent,
        vintage=queries.next_vintage(found.code, dataset.code),
        covers_from=first,
        covers_until=last,
        rows=good + sent.held_back,
        good=good,
        held_back=sent.held_back,
        content=content,
        keyed_with=keyed_with,
        loaded_at=timezone.now(),
        loaded_by=actor.audit_name,
    )
    audit.record(
        actor, "extract.accepted", f"extract:{extract.pk}",
        after={"area": area, "dataset": dataset.code, "version": extract.vintage, "rows": good},
    )  # fmt: skip
    return extract


@transaction.atomic
def take_back_extract(*, actor: Actor, area: str, upload: str) -> Extract:
    """Use the version before, as if this one had not come. Builds made with it stay as they are.

    Raises:
        NotFound, NotPermitted: as `get_area_for`.
        NotAllowed: it was taken back already.
    """
    found = get_area_for(actor, area, Permission.DATA_LOAD)
    extract = (
        Extract.objects.select_for_update().filter(area=found.code, upload_id=UUID(upload)).first()
    )
    if extract is None:
        raise NotFound("No extract came of this upload.")
    policies.check_can_take_back(extract)
    extract.taken_back_at, extract.taken_back_by = timezone.now(), actor.audit_name
    extract.save(update_fields=["taken_back_at", "taken_back_by"])
    audit.record(
        actor, "extract.taken-back", f"extract:{extract.pk}",
        after={"area": area, "dataset": extract.dataset, "version": extract.vintage},
    )  # fmt: skip
    return extract


@transaction.atomic
def say_covers(
    *, actor: Actor, area: str, dataset: str, vintage: int, first: dt.date, last: dt.date
) -> Extract:
    """Say which days an extract answers for: what happened on them and is not in it did not.

    Raises:
        NotFound, NotPermitted: as `get_extract_for`.
        BadInput: the days are the wrong way round, or not over.
        NotAllowed: it was taken back.
    """
    _, extract = get_extract_for(actor, area, dataset, vintage, Permission.DATA_LOAD)
    policies.check_is_used(extract)
    if last < first:
        raise BadInput("The last day is before the first. Swap the days.")
    if last > timezone.localdate():
        raise BadInput("The last day is not over yet. A file cannot answer for days to come.")
    before = {"from": str(extract.covers_from), "until": str(extract.covers_until)}
    extract.covers_from, extract.covers_until, extract.covers_said = first, last, True
    extract.save(update_fields=["covers_from", "covers_until", "covers_said"])
    audit.record(
        actor, "extract.days-said", f"extract:{extract.pk}",
        before=before, after={"from": str(first), "until": str(last)},
    )  # fmt: skip
    return extract
