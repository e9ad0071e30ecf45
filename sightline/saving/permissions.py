"""The doors to saved texts: the context that owns a place says who may."""

from sightline.access.actors import Actor
from sightline.saving.places import Place, place_of


def get_place_to_read(actor: Actor, place: str) -> Place:
    """The place, if `actor` may read what stands there.

    Raises:
        NotFound, NotPermitted: as the door of whoever owns the place.
    """
    found = place_of(place)
    found.owner.read(actor, found.key)
    return found


def get_place_to_write(actor: Actor, place: str) -> Place:
    """The place, if `actor` may write there.

    Raises:
        NotFound, NotPermitted: as the door of whoever owns the place.
    """
    found = place_of(place)
    found.owner.write(actor, found.key)
    return found
