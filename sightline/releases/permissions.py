"""The doors of those who declare tables and look after releases; readers' is `queries.shown`."""

from uuid import UUID

from sightline.access.actors import Actor
from sightline.access.permissions import Permission, Scope, require
from sightline.kernel.errors import NotFound
from sightline.releases import queries
from sightline.releases.definitions import ProfileDefinition
from sightline.releases.models import TableSet


def get_set_for(actor: Actor, key: str | UUID, permission: Permission) -> TableSet:
    """The set with this key, if `actor` holds `permission` over what it belongs to.

    Raises:
        NotFound: there is no such set, or it is not theirs.
        NotPermitted: they may see it, and not do this.
    """
    found = TableSet.objects.filter(pk=key).first()
    if found is None:
        raise NotFound("There are no such tables.")
    require(
        actor,
        permission,
        scope=queries.scope_of(found),
        also=queries.reaches_of(found),
        seen_by=Permission.RELEASE_VIEW,
        thing="these tables",
    )
    return found


def seen_on_its_page(actor: Actor, found: TableSet) -> tuple[ProfileDefinition, ...]:
    """The profiles that a keeper of the ledger may look at on a set's page.

    What hides is there for each of them, reviewed or not, because they look after it, unless it is
    kept within those it belongs to. What hides nothing needs its own permission, as everywhere.
    """
    return tuple(
        item
        for item in queries.declared_profiles(found)
        if (item.hides and not item.kept_within) or queries.holds_over(actor, item.needs, found)
    )


def require_declaring(actor: Actor, scope: Scope, also: frozenset[Scope]) -> None:
    """Pass whoever may see exact figures of what the tables belong to.

    Raises:
        NotFound, NotPermitted: as `require`.
    """
    require(
        actor,
        Permission.FIGURES_OPERATIONAL,
        scope=scope,
        also=also,
        seen_by=Permission.RELEASE_VIEW,
        thing="these figures",
    )
