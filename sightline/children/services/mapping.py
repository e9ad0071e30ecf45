"""Writes of column maps."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import Permission
from sightline.children import maps, queries
from sightline.children.models import ColumnMap
from sightline.children.permissions import get_dataset_for


@transaction.atomic
def save_column_map(
    *,
    actor: Actor,
    area: str,
    dataset: str,
    headings: Mapping[str, str],
    codes: Mapping[str, Mapping[str, str]],
) -> ColumnMap:
    """Keep what an area's own headings and codes stand for, as the version used from now on.

    What a version before said and this one does not mention stays. The same again is no new one.

    Raises:
        NotFound, NotPermitted: as `get_dataset_for`.
        BadInput: something stands for nothing there is, or for two things.
    """
    found, known = get_dataset_for(actor, area, dataset, Permission.DATA_LOAD)
    before = queries.column_map(found.code, dataset)
    whole = {**(before.headings if before else {}), **headings}
    spelt = {name: dict(texts) for name, texts in (before.codes if before else {}).items()}
    for name, texts in codes.items():
        spelt[name] = {**spelt.get(name, {}), **texts}
    maps.check_map(known, whole, spelt)
    if before is not None and (before.headings, before.codes) == (whole, spelt):
        return before
    saved = ColumnMap.objects.create(
        area=found.code,
        dataset=dataset,
        version=before.version + 1 if before else 1,
        headings=whole,
        codes=spelt,
        saved_at=timezone.now(),
        saved_by=actor.audit_name,
    )
    audit.record(
        actor, "column-map.saved", f"column-map:{saved.pk}",
        after={"area": area, "dataset": dataset, "version": saved.version},
    )  # fmt: skip
    return saved
