"""Which inspections somebody may name when they raise a concern: those they may see."""

from sightline.access.models import User
from sightline.concerns.places import Place
from sightline.framework.definitions import library
from sightline.inspections.permissions import visible_documents
from sightline.inspections.presenters import name_of
from sightline.kernel.errors import NotFound
from sightline.partnerships.queries import names


def inspections_for(person: User) -> dict[str, Place]:
    """Every inspection this person may see, by reference; a draft is one that goes on now."""
    try:
        found = visible_documents(person, with_drafts=True)
    except NotFound:
        return {}
    areas, titles = names(), library()
    return {
        document.reference: Place(
            name=f"{name_of(document, areas.get(document.partnership, document.partnership))}, "
            f"{titles.programme(document.programme).short}",
            partnership=document.partnership,
            under_way=document.status != "published",
        )
        for document in found
    }
