"""Putting a backup back: onto an empty copy, whole or not at all, and checked."""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from sightline.access import audit
from sightline.access.actors import CommandLine
from sightline.access.models import User
from sightline.access.triggers import drop_triggers, install_triggers
from sightline.config.backup import files
from sightline.config.backup.checking import Check, check_all
from sightline.config.backup.manifest import (
    DATABASE,
    FILES,
    Manifest,
    check_not_newer,
    read_manifest,
)
from sightline.config.backup.parts import check_parts, opened
from sightline.config.backup.rows import Loader
from sightline.kernel.errors import BadInput, NotAllowed, NotAvailable
from sightline.secrets import keys


@dataclass(frozen=True)
class Restored:
    """A backup that was put back, and what the checks said."""

    made_at: str
    release: str
    tables: int
    rows: int
    files: int
    brought_up_to_date: bool
    checks: tuple[Check, ...]

    @property
    def good(self) -> bool:
        """Whether every check passed."""
        return all(check.good for check in self.checks)


def words_to_replace() -> str:
    """What somebody types to have everything here replaced."""
    return f"replace everything in {Path(str(connection.settings_dict['NAME'])).name}"


def restore_backup(*, actor: CommandLine, folder: Path, replace: str | None = None) -> Restored:
    """Put a backup into this copy's database and state folder, then check it.

    Args:
        actor: who does it.
        folder: the backup.
        replace: the words that allow it over what is here; see `words_to_replace`.

    Raises:
        BadInput: it is no backup, or damaged.
        NotAllowed: it is of a newer release, or there are people here already.
        KeyMissing: a key it needs is not held here.
        NotAvailable: there is no room.
    """
    manifest = read_manifest(folder)
    check_not_newer(manifest)
    check_parts(folder, manifest)
    for purpose, used in manifest.keys.items():
        for key_id in used:
            keys.named(purpose, key_id)
    for name in (DATABASE, FILES):
        with opened(folder, manifest, name) as content:
            content.read(1)
    _check_empty(replace)
    older = _tables_ready(manifest)
    with _no_room_said():
        rows = _put_back(folder, manifest, older=older)
    if older:
        call_command("migrate", verbosity=0, interactive=False)
    audit.record(
        actor,
        "backup.restored",
        f"backup:{manifest.id}",
        after={"made_at": manifest.made_at.isoformat()},
    )
    return Restored(
        made_at=manifest.made_at.isoformat(timespec="seconds"),
        release=manifest.release,
        tables=len(rows),
        rows=sum(rows.values()),
        files=manifest.files,
        brought_up_to_date=older,
        checks=check_all(actor, expected=manifest.tables, found=rows),
    )


def _check_empty(replace: str | None) -> None:
    if replace is not None and replace != words_to_replace():
        raise NotAllowed(f'To replace what is here, say --replace "{words_to_replace()}".')
    present = set(connection.introspection.table_names())
    if replace is None and User._meta.db_table in present and User.objects.exists():
        raise NotAllowed(
            "There are people in this copy already. Restore into an empty database; or, if "
            f'everything here may go, say --replace "{words_to_replace()}".'
        )


def _tables_ready(manifest: Manifest) -> bool:
    """Make the tables as the backup had them; answers whether they are older than this release.

    Raises:
        NotAllowed: the backup is older, and newer tables are here already.
    """
    executor = MigrationExecutor(connection)
    theirs = _nodes(manifest)
    ours = set(executor.loader.graph.nodes)
    here = set(executor.loader.applied_migrations)
    if here - theirs and ours - theirs:
        raise NotAllowed(
            "This backup is of an older release than the tables here. Restore it into a "
            "database without tables; they are made as they were, then brought up to date."
        )
    if here != theirs:
        # Without `migrate`, whose triggers and first rows would be in the way of what comes.
        with _without_triggers():
            executor.migrate(_leaves(executor.loader, theirs))
    return bool(ours - theirs)


@contextmanager
def _without_triggers() -> Iterator[None]:
    if connection.introspection.table_names():
        drop_triggers()
    yield


def _nodes(manifest: Manifest) -> set[tuple[str, str]]:
    return {(app, name) for app, names in manifest.migrations.items() for name in names}


def _leaves(loader: MigrationLoader, nodes: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """The last migrations of each app among these."""
    nodes = nodes & set(loader.graph.nodes)
    parents = {
        parent.key for node in nodes for parent in loader.graph.node_map[node].parents
        if parent.key[0] == node[0]
    }  # fmt: skip
    return sorted(nodes - parents)


def _put_back(folder: Path, manifest: Manifest, *, older: bool) -> dict[str, int]:
    """Rows and files, in one transaction; the files move in just before it ends."""
    loader = MigrationLoader(connection)
    state = loader.project_state(_leaves(loader, _nodes(manifest)))
    moved: list[Path] = []
    staged = files.state() / files.STAGED
    try:
        with opened(folder, manifest, FILES) as content:
            staged, many = files.unpack(content)
        if many != manifest.files:
            raise BadInput("The backup has not the files it says it has. Use another backup.")
        with transaction.atomic():
            found = _load(Loader(state.apps), folder, manifest)
            if not older:  # `migrate` puts the triggers on the tables it has brought up to date
                install_triggers()
            moved = files.move_in(staged)
    except BaseException:
        files.clear_away(staged, moved)
        raise
    shutil.rmtree(staged, ignore_errors=True)
    return found


def _load(loader: Loader, folder: Path, manifest: Manifest) -> dict[str, int]:
    connection.check_constraints()  # nothing may wait when triggers change
    drop_triggers()
    loader.empty()
    with opened(folder, manifest, DATABASE) as content:
        loaded = loader.load(iter(io.TextIOWrapper(content, encoding="utf-8", newline="\n")))
    if loaded != manifest.tables:
        raise BadInput("The backup has not the rows it says it has. Use another backup.")
    loader.after()
    return loader.counts()


@contextmanager
def _no_room_said() -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise NotAvailable(
            f"The files cannot be put back: {fault.strerror or fault}. Nothing was changed; make "
            "room, or look at who owns the state folder."
        ) from None
