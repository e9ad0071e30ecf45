"""The doors to an area's data: its extracts, its builds, and the tables in them."""

from pathlib import Path
from uuid import UUID

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import (
    NATIONAL,
    Permission,
    Scope,
    require,
    scopes_held,
)  # fmt: skip
from sightline.children import queries
from sightline.children.definitions import DatasetDefinition, dataset
from sightline.children.models import Build, Extract, Waiver
from sightline.kernel.errors import NotFound
from sightline.partnerships.queries import Partnership, all_partnerships, partnership

SEE = Permission.DATA_VIEW


def get_area_for(
    actor: Actor,
    area: str,
    permission: Permission = SEE,
    *,
    see: Permission = SEE,
    what: str = "data",
) -> Partnership:
    """The area, if `actor` holds `permission` over its data, or what else `see` lets one see.

    Raises:
        NotFound: there is none, or that is not theirs to see.
        NotPermitted: they may see it and not do this.
    """
    found = partnership(area)
    require(
        actor,
        permission,
        scope=Scope("partnership", found.code),
        seen_by=None if permission is see else see,
        thing=f"the {what} of {found.name}",
    )
    return found


def areas_for(actor: Actor) -> list[Partnership]:
    """The areas whose data somebody may see."""
    held = scopes_held(actor, SEE)
    everything = all_partnerships()
    if NATIONAL in held:
        return list(everything)
    keys = {scope.key for scope in held if scope.kind == "partnership"}
    return [found for found in everything if found.code in keys]


def get_dataset_for(
    actor: Actor, area: str, code: str, permission: Permission = SEE
) -> tuple[Partnership, DatasetDefinition]:
    """An area and a dataset.

    Raises:
        NotFound, NotPermitted: as `get_area_for`, or there is no such dataset.
    """
    return get_area_for(actor, area, permission), dataset(code)


def get_build_for(
    actor: Actor, area: str, number: int, permission: Permission = SEE
) -> tuple[Partnership, Build]:
    """An area and one of its builds.

    Raises:
        NotFound, NotPermitted: as `get_area_for`, or there is no such build.
    """
    found = get_area_for(actor, area, permission)
    build = queries.builds_of(found.code).filter(number=number).first()
    if build is None:
        raise NotFound(f"There is no build {number} of {found.name}.")
    return found, build


def get_extract_for(
    actor: Actor, area: str, code: str, vintage: int, permission: Permission = SEE
) -> tuple[Partnership, Extract]:
    """An area and one version of one of its datasets.

    Raises:
        NotFound, NotPermitted: as `get_area_for`, or there is no such version.
    """
    found = get_area_for(actor, area, permission)
    extract = queries.versions_of(found.code, code).filter(vintage=vintage).first()
    if extract is None:
        raise NotFound(f"There is no version {vintage} of {code} of {found.name}.")
    return found, extract


def get_waiver_for(
    actor: Actor, area: str, key: UUID, permission: Permission = SEE
) -> tuple[Partnership, Waiver]:
    """An area and one of its waivers.

    Raises:
        NotFound, NotPermitted: as `get_area_for`, or there is no such waiver.
    """
    found = get_area_for(actor, area, permission)
    waiver = queries.waivers_of(found.code).filter(pk=key).first()
    if waiver is None:
        raise NotFound(f"There is no such waiver of {found.name}.")
    return found, waiver


def open_faults(actor: Actor, build: Build) -> Path:
    """The folder of a build for reading its faults; the opening is recorded.

    Raises:
        NotFound: the area's data is not theirs to see.
        NotAvailable: as `build_folder`.
    """
    get_area_for(actor, build.area)
    folder = queries.build_folder(build)
    audit.record_read(actor, f"faults:{build.area}/{build.number}")
    return folder


def open_tables(actor: Actor, build: Build, *, reason: str = "") -> Path:
    """The folder of a build for reading rows about children; the opening is recorded.

    Raises:
        NotFound, NotPermitted: the children behind figures are not theirs to see.
        NotAvailable: as `build_folder`.
    """
    get_area_for(actor, build.area, Permission.CHILDREN_VIEW)
    folder = queries.build_folder(build)
    audit.record_read(actor, f"build:{build.area}/{build.number}", reason=reason)
    return folder
