"""Import of whole inspections."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.framework.definitions import Library, library
from sightline.inspections import models, queries
from sightline.inspections.checking import check_document
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.permissions import check_may_import
from sightline.inspections.reading import read_json
from sightline.inspections.services.shared import bump, check_again, write_or_refuse
from sightline.inspections.writing import Writer
from sightline.kernel.errors import NotAllowed


@dataclass(frozen=True)
class Imported:
    """What an import did. `kept` names corrected values that the document would have undone."""

    reference: str
    changed: bool
    new: bool
    kept: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """A document without faults, and what importing it would do.

    `held` is the inspection as it is held here now, None when it would be new.
    """

    document: InspectionDocument
    held: InspectionDocument | None

    @property
    def changes(self) -> bool:
        """Whether importing it would change anything."""
        return self.held is None or not same(self.held, self.document)

    @property
    def as_held(self) -> str:
        """A short text that says what was held when this was checked, to act only over that."""
        if self.held is None:
            return "new"
        return hashlib.sha256(self.held.model_dump_json().encode()).hexdigest()


def same(one: InspectionDocument, other: InspectionDocument) -> bool:
    """Whether two documents say the same; descriptions of sources are not part of an inspection."""
    bare = {"sources": (), "schema_version": 1}
    return one.model_copy(update=bare) == other.model_copy(update=bare)


def check_import(
    *,
    actor: Actor,
    text: bytes | str | None = None,
    data: Any = None,
    name: str = "The document",
    library: Library | None = None,
) -> Checked:
    """Read and check a document without writing anything; see `import_document`."""
    check_may_import(actor)
    given = read_json(text, name=name) if text is not None else data
    if isinstance(given, dict) and isinstance(given.get("reference"), str):
        check_may_import(actor, given["reference"])  # before the faults, which tell what is held
    document = check_document(
        given, known=queries.known(), library=library or _library(), name=name
    )
    check_may_import(actor, document.reference)
    return Checked(document, queries.fresh_document(document.reference))


def _library() -> Library:
    return library()


@transaction.atomic
def import_document(
    *,
    actor: Actor,
    text: bytes | str | None = None,
    data: Any = None,
    name: str = "The document",
    library: Library | None = None,
    as_shown: str = "",
) -> Imported:
    """Put one whole inspection in: all of it, or nothing.

    The same document again changes nothing. A changed one supersedes the values that differ, and
    keeps them; a value corrected by hand stays where the document still gives the old one.

    Args:
        actor: who imports.
        text: JSON, as bytes or text; or
        data: what a YAML or JSON file holds, already parsed.
        name: what to call the document in messages, such as its file name.
        library: definitions to check against; those of the installation when left out.
        as_shown: `Checked.as_held` of the check a person saw. If the inspection has changed since,
            the import is refused.

    Raises:
        BadInput, Faults: the document cannot be used; every fault with its place and mend.
        NotPermitted: importing this inspection is not theirs.
        NotAllowed: the inspection has changed since the document was checked.
    """
    checked = check_import(actor=actor, text=text, data=data, name=name, library=library)
    document = checked.document
    if as_shown not in {"", checked.as_held}:
        raise NotAllowed(f"{document.reference} has changed since you checked {name}. Check again.")
    if not checked.changes and not _new_sources(document):
        return Imported(document.reference, changed=False, new=False)
    reason = f"Import of {name}"
    writer = Writer(by=actor.audit_name, at=timezone.now(), reason=reason)
    write_or_refuse(lambda: writer.write(document), document.reference)
    if writer.kept:
        check_again(document.reference, library, name)
    if writer.writes:
        bump()
        audit.record(
            actor,
            "inspection.imported",
            f"inspection:{document.reference}",
            reason=reason,
            after={"new": checked.held is None, "kept": writer.kept},
        )
    return Imported(
        document.reference,
        changed=bool(writer.writes),
        new=checked.held is None,
        kept=tuple(writer.kept),
    )


def _new_sources(document: InspectionDocument) -> bool:
    keys = {source.key for source in document.sources}
    return models.Source.objects.filter(key__in=keys).count() < len(keys)
