"""The doors to inspections.

A published inspection is open to anyone who may see published inspections anywhere. A draft is open
only to those who hold `inspection.view` over that inspection (or for all of Scotland): not to the
same role on another inspection, and not to the partnership it is about, which may not know its
evaluations before they are shared. Both learn nothing, not even that it exists.
"""

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import (
    NATIONAL,
    Permission,
    Scope,
    holds,
    holds_anywhere,
    require,
)
from sightline.inspections import queries
from sightline.inspections.definitions import InspectionDocument
from sightline.kernel.errors import NotFound


def get_inspection_for(
    actor: Actor, reference: str, permission: Permission, *, partnership: str = ""
) -> InspectionDocument:
    """The inspection, if `actor` holds `permission` over it. Opening a draft is recorded.

    Args:
        actor: who asks.
        reference: which inspection.
        permission: `PUBLISHED_VIEW` to read it (for a draft, `INSPECTION_VIEW` is what counts).
        partnership: the area the address names; another one is a wrong address.

    Raises:
        NotFound: there is none, the address names another partnership, or it is not theirs to see
            (one answer for all, so that a stranger learns nothing).
        NotPermitted: they may see it but not do this.
    """
    found = _seen(actor, reference, partnership)
    is_draft = found.status != "published"
    if permission not in {Permission.PUBLISHED_VIEW, Permission.INSPECTION_VIEW}:
        require(
            actor,
            permission,
            scope=_scope(reference),
            also=() if is_draft else (Scope("partnership", found.partnership),),
            seen_by=Permission.INSPECTION_VIEW if is_draft else Permission.PUBLISHED_VIEW,
            thing=f"the inspection {reference}",
        )
    if is_draft:
        audit.record_read(actor, f"inspection:{reference}")
    return found


def _seen(actor: Actor, reference: str, partnership: str) -> InspectionDocument:
    refusal = NotFound("There is no such inspection, or it is not yours to see.")
    try:
        found = queries.document(reference)
    except NotFound:
        raise refusal from None
    if partnership not in {"", found.partnership} or not _may_see(actor, found):
        raise refusal
    return found


def _may_see(actor: Actor, document: InspectionDocument) -> bool:
    if document.status == "published":
        return holds_anywhere(actor, Permission.PUBLISHED_VIEW)
    return holds(actor, Permission.INSPECTION_VIEW, scope=_scope(document.reference))


def _scope(reference: str) -> Scope:
    return Scope("inspection", reference)


def visible_documents(
    actor: Actor,
    *,
    programme: str | None = None,
    partnership: str | None = None,
    with_drafts: bool = False,
) -> tuple[InspectionDocument, ...]:
    """The inspections `actor` may see, the oldest publication first; drafts only when asked for.

    A list shows no more of a draft than that it is there, so it is not recorded as read.
    """
    # Asked once: it is the same for every published inspection, of which there are hundreds.
    sees_published = holds_anywhere(actor, Permission.PUBLISHED_VIEW)
    if not (sees_published or holds_anywhere(actor, Permission.INSPECTION_VIEW)):
        raise NotFound("There is no such page, or it is not yours to see.")
    found = queries.documents(
        programme=programme, partnership=partnership, published_only=not with_drafts
    )
    return tuple(
        document
        for document in found
        if (sees_published if document.status == "published" else _may_see(actor, document))
    )


def check_may_import(actor: Actor, reference: str = "") -> None:
    """Pass whoever may import this inspection; without a reference, any inspection at all."""
    if not reference and holds_anywhere(actor, Permission.INSPECTION_IMPORT):
        return
    require(
        actor,
        Permission.INSPECTION_IMPORT,
        scope=_scope(reference) if reference else NATIONAL,
        seen_by=Permission.PUBLISHED_VIEW,
        thing=f"the inspection {reference}" if reference else "the record of inspections",
    )


def check_may_create(actor: Actor, reference: str) -> None:
    """Pass whoever may begin this inspection."""
    require(
        actor,
        Permission.INSPECTION_CREATE,
        scope=_scope(reference),
        seen_by=Permission.PUBLISHED_VIEW,
        thing=f"the inspection {reference}",
    )
