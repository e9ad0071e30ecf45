"""The published inspections that come with Sightline, and the invented one of the demonstration."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from pydantic import Field

from sightline.access.actors import Actor
from sightline.inspections import models, queries
from sightline.inspections.definitions import Source
from sightline.inspections.services import Imported, bump, import_document
from sightline.kernel import plain_yaml
from sightline.kernel.definitions import Definition, read_definition
from sightline.kernel.errors import BadDefinition, Fault, Faults


class SourceList(Definition):
    """Publications, as `definitions/sources/…yaml` describes them."""

    sources: tuple[Source, ...] = Field(min_length=1)


def published_sources() -> tuple[Source, ...]:
    """The publications behind the published inspections."""
    path = settings.SIGHTLINE_DEFINITIONS / "sources" / "published@1.yaml"
    return read_definition(SourceList, path).sources


def load_published(actor: Actor) -> tuple[Imported, ...]:
    """Import every published inspection that comes with Sightline; a second time changes nothing.

    Raises:
        Faults: a definition file cannot be used; none of them is kept.
    """
    return load_folder(actor, settings.SIGHTLINE_DEFINITIONS / "inspections", published_sources())


def load_demonstration_inspections(actor: Actor) -> tuple[Imported, ...]:
    """Import the inspections of the invented partnership, drafts among them."""
    return load_folder(actor, settings.SIGHTLINE_DEFINITIONS / "demonstration" / "inspections")


@transaction.atomic
def load_folder(actor: Actor, folder: Path, sources: Iterable[Source] = ()) -> tuple[Imported, ...]:
    """Import every file of a folder, those that are followed first, all or nothing."""
    add_sources(sources)
    files = {path.name: _inspection_in(path) for path in sorted(folder.glob("*.yaml"))}
    return tuple(
        import_document(actor=actor, data=files[name], name=name) for name in _followed_first(files)
    )


def add_sources(sources: Iterable[Source]) -> None:
    """Make these publications known; one known already must be the same.

    Raises:
        Faults: a key that is known here as another publication.
    """
    held = queries.sources()
    given = {source.key: source for source in sources}
    other = [key for key, source in given.items() if key in held and held[key] != source]
    if other:
        mend = "Give the publication a key of its own; what rests on the old one stays as it was."
        raise Faults(
            "definitions/sources",
            [Fault(key, f"is known here as {held[key].title}.", mend) for key in other],
        )
    new = [models.Source(**given[key].model_dump()) for key in given if key not in held]
    if new:
        models.Source.objects.bulk_create(new)
        bump()


def _inspection_in(path: Path) -> Mapping[str, Any]:
    data = plain_yaml.read(path)
    if not isinstance(data, dict) or data.get("reference") != path.stem:
        raise BadDefinition(
            f"{path.name} must hold the inspection with the reference {path.stem}; "
            "rename the file or mend `reference`."
        )
    return data


def _followed_first(files: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """File names, an inspection before those that follow it; a ring is the import's to refuse."""
    by_reference = {data["reference"]: name for name, data in files.items()}
    order: dict[str, None] = {}

    def place(name: str, above: frozenset[str]) -> None:
        earlier = by_reference.get(str(files[name].get("follows", "")))
        if earlier and earlier not in above:
            place(earlier, above | {name})
        order.setdefault(name)

    for name in sorted(files):
        place(name, frozenset({name}))
    return list(order)
