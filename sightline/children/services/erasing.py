"""Taking one child's rows out of everything held of an area: extracts, builds, files sent."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import Permission
from sightline.children import folders, hashing, queries
from sightline.children.building import FAULTS, LINKS, TABLES
from sightline.children.models import Build, Erasure, Extract
from sightline.children.permissions import get_area_for
from sightline.kernel.errors import BadInput, NotAllowed
from sightline.uploads import services as uploads
from sightline.warehouse import parquet

if TYPE_CHECKING:
    import pyarrow as pa

CHILD, FAMILY_NUMBERS = "child", ("chi", "scn")


@dataclass(frozen=True)
class _Child:
    """How rows of one child are known: by reference, or by a hashed number of theirs."""

    reference: str
    numbers: dict[str, frozenset[str]]

    def keeps(self) -> Callable[["pa.RecordBatch"], "pa.Array"]:
        """What says of each row of a batch whether it stays."""
        import pyarrow as pa
        import pyarrow.compute as pc

        def keep(batch: "pa.RecordBatch") -> "pa.Array":
            gone = pa.array([False] * batch.num_rows)
            looked = {CHILD: {self.reference}, **self.numbers}
            for name, values in looked.items():
                if name in batch.schema.names and values:
                    here = pc.is_in(batch.column(name), value_set=pa.array(sorted(values)))
                    gone = pc.or_(gone, pc.fill_null(here, False))
            return pc.invert(gone)

        return keep


def erase_child(*, actor: Actor, area: str, child: str, reason: str) -> Erasure:
    """Take the rows of one child out of every extract, every build and every file sent of an area.

    Counts stay as they were: how many rows came, how many were published. What was published of
    them, protected, stays too. The reference is kept as a keyed hash alone.

    Raises:
        NotFound, NotPermitted: as `get_area_for`.
        BadInput: no reference or no reason is given.
        NotAllowed: a build is being made, or rows lie under a key with which no number of the
            child is held.
    """
    found = get_area_for(actor, area, Permission.CHILDREN_ERASE)
    child, reason = child.strip(), reason.strip()
    if not child or not reason:
        raise BadInput("Give the reference of the child and the reason.")
    staged = queries.builds_of(found.code).filter(state=Build.State.STAGED)
    if any(queries.is_being_made(build) for build in staged):
        raise NotAllowed("A build is being made. Wait until it is checked.")
    whose = _Child(child, _numbers_of(found.code, child))
    _check_keys(found.code, whose)
    # Written down first: from here on no file that names the child is imported.
    begun = _begin(actor, found.code, child, reason)
    rows = files = 0
    for extract in list(queries.extracts_of(found.code)):
        gone = _erase_from_extract(extract, whose)
        rows, files = rows + gone, files + bool(gone)
        if gone:
            uploads.destroy_file(actor=actor, key=extract.upload_id, reason="erasure of a child")
    for path in _files_of_builds(found.code):
        gone = _erase_from_file(path, whose)
        files += bool(gone)
    kept = set(queries.extracts_of(found.code).values_list("content", flat=True))
    folders.remove_loose(found.code, contents=kept)
    return _note_erased(actor, begun, rows=rows, files=files)


def _numbers_of(area: str, child: str) -> dict[str, frozenset[str]]:
    """The hashed numbers that rows of this reference have, in any extract."""
    found: dict[str, set[str]] = {name: set() for name in FAMILY_NUMBERS}
    for extract in queries.extracts_of(area):
        path = folders.extract_path(area, extract.content)
        if not path.is_file():
            continue
        names = parquet.names_in(path)
        shared = [name for name in FAMILY_NUMBERS if name in names]
        if CHILD not in names or not shared:
            continue
        for batch in parquet.batches(path, [CHILD, *shared]):
            for row in batch.to_pylist():
                if row[CHILD] == child:
                    for name in shared:
                        found[name] |= {row[name]} if row[name] else set()
    return {name: frozenset(values) for name, values in found.items()}


def _check_keys(area: str, whose: _Child) -> None:
    """Refuse where rows of the child may lie under a key with which no number of theirs is held."""
    known = {hashing.key_of(one) for found in whose.numbers.values() for one in found}
    used = set[str]()
    for extract in queries.extracts_of(area):
        if extract.keyed_with and folders.extract_path(area, extract.content).is_file():
            used |= set(extract.keyed_with.split(","))
    if known and used - known:
        raise NotAllowed(
            "Numbers are hashed with another key since the children were last sent, so rows that "
            "bear a number alone cannot be found. Send the children again, then erase."
        )


def _erase_from_extract(extract: Extract, whose: _Child) -> int:
    """Write the extract without the child's rows; how many there were."""
    path = folders.extract_path(extract.area, extract.content)
    if not path.is_file():
        return 0
    content = f"{extract.pk.hex}{timezone.now():%Y%m%d%H%M%S%f}"[:64]
    other = folders.extract_path(extract.area, content)
    gone = parquet.without(path, other, keep=whose.keeps())
    if not gone:
        other.unlink()
        return 0
    same = Extract.objects.filter(area=extract.area, content=extract.content)
    same.update(content=content, erased=F("erased") + gone)
    path.unlink()
    return gone


def _files_of_builds(area: str) -> Iterator[Path]:
    """Every file of every build that has rows about children."""
    for build in queries.builds_of(area).filter(removed_at=None):
        folder = folders.build_path(area, build.number)
        for path in sorted(folder.rglob("*.parquet")) if folder.is_dir() else ():
            if path.name != FAULTS or path.parent.name == TABLES:
                yield path


def _erase_from_file(path: Path, whose: _Child) -> int:
    if CHILD not in parquet.names_in(path) and path.name != LINKS:
        return 0
    other = path.with_name(f".{path.name}.erased")
    gone = parquet.without(path, other, keep=whose.keeps())
    if gone:
        other.replace(path)
    else:
        other.unlink()
    return gone


def _begin(actor: Actor, area: str, child: str, reason: str) -> Erasure:
    made: Erasure = Erasure.objects.create(
        area=area,
        child=hashing.reference_hashes(area, child)[0],
        reason=reason,
        erased_at=timezone.now(),
        erased_by=actor.audit_name,
    )
    return made


@transaction.atomic
def _note_erased(actor: Actor, begun: Erasure, *, rows: int, files: int) -> Erasure:
    begun.rows, begun.files = rows, files
    begun.save(update_fields=["rows", "files"])
    audit.record(
        actor, "child.erased", f"erasure:{begun.pk}", reason=begun.reason,
        after={"area": begun.area, "rows": rows, "files": files},
    )  # fmt: skip
    return begun
