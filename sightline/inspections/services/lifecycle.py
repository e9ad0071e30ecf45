"""The life of an inspection's record: begun, published."""

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import Permission
from sightline.framework.definitions import library
from sightline.inspections import models, policies, queries
from sightline.inspections.checking import check_document
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.permissions import check_may_create, get_inspection_for
from sightline.inspections.services.shared import bump, write_or_refuse
from sightline.inspections.writing import Writer


@transaction.atomic
def create_inspection(
    *,
    actor: Actor,
    reference: str,
    programme: str,
    partnership: str,
    kind: str = "full",
    title: str = "",
    follows: str = "",
) -> InspectionDocument:
    """Begin an inspection, as a draft with nothing in it yet.

    Raises:
        Faults: a code that is not known here.
        NotPermitted: beginning inspections is not theirs.
        NotAllowed: there is one with this reference.
    """
    check_may_create(actor, reference)
    known = queries.known()
    policies.check_can_create(reference, exists=reference in known.inspections)
    data = {
        "schema": "sightline-inspection",
        "schema_version": 1,
        "reference": reference,
        "programme": programme,
        "partnership": partnership,
        "kind": kind,
        "status": "draft",
        "title": title,
        "follows": follows,
    }
    document = check_document(data, known=known, library=library(), name="The inspection")
    writer = Writer(by=actor.audit_name, at=timezone.now(), reason="Begun")
    write_or_refuse(lambda: writer.write(document), reference)
    bump()
    audit.record(actor, "inspection.created", f"inspection:{reference}")
    return document


@transaction.atomic
def publish(*, actor: Actor, reference: str) -> None:
    """Make a draft public to everyone who may see published inspections.

    Raises:
        NotFound, NotPermitted: as the door (`get_inspection_for`).
        NotAllowed: it is published already, or has no published date.
    """
    document = get_inspection_for(actor, reference, Permission.INSPECTION_CREATE)
    policies.check_can_publish(document)
    as_shown = models.Inspection.objects.filter(reference=reference, status="draft")
    now = timezone.now()
    if not as_shown.update(status="published", changed_at=now, changed_by=actor.audit_name):
        raise policies.changed_since_shown(reference)
    bump()
    audit.record(actor, "inspection.published", f"inspection:{reference}")
