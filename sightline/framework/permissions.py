"""The doors to frameworks and programmes."""

from sightline.access.actors import Actor
from sightline.access.permissions import Permission, require
from sightline.framework.definitions import Framework, Indicator, Programme, library
from sightline.framework.queries import code_at, framework_at


def get_framework_for(actor: Actor, address: str, permission: Permission) -> Framework:
    """The edition at this address, if `actor` holds `permission`.

    Raises:
        NotFound: the actor may not see frameworks, or there is no such edition.
        NotPermitted: the actor may see it but not do this.
    """
    require(actor, permission, seen_by=Permission.FRAMEWORK_VIEW, thing="this framework")
    return framework_at(address)


def get_indicator_for(
    actor: Actor, address: str, indicator: str, permission: Permission
) -> tuple[Framework, Indicator]:
    """The edition and its indicator (`2.1` or `2-1`), if `actor` holds `permission`.

    Raises:
        NotFound, NotPermitted: as `get_framework_for`; or there is no such indicator.
    """
    framework = get_framework_for(actor, address, permission)
    return framework, framework.indicator(code_at(indicator))


def get_programme_for(actor: Actor, code: str, permission: Permission) -> Programme:
    """The programme with this code, key or short name, if `actor` holds `permission`.

    Raises:
        NotFound: the actor may not see programmes, or there is no such programme.
    """
    require(actor, permission, seen_by=Permission.FRAMEWORK_VIEW, thing="this programme")
    return library().programme(code)
