"""Loading a folder of extracts in one go: the same services as the pages, one after another."""

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sightline.access.actors import Actor
from sightline.access.permissions import Permission
from sightline.access.scopes import Scope
from sightline.children import queries
from sightline.children.building import Progress, Quietly
from sightline.children.definitions import DatasetDefinition, datasets, folded
from sightline.children.models import Build
from sightline.children.permissions import get_area_for
from sightline.children.services.builds import make_build, publish_build, start_build
from sightline.children.services.extracts import say_covers
from sightline.kernel.errors import BadInput, Fault, Faults
from sightline.uploads import services as uploads
from sightline.uploads.files import Incoming, source_of_path
from sightline.uploads.headings import find_heading
from sightline.uploads.kinds import kind_named
from sightline.uploads.models import State, Upload
from sightline.uploads.tally import Group, Section, from_data
from sightline.warehouse.reading import open_table

SECTIONS: Final = {Section.ROW: "held back", Section.AGAIN: "look again"}
ENDINGS: Final = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".parquet"})
CHUNK: Final = 1024 * 1024


@dataclass(frozen=True)
class FileLoaded:
    """One file of a folder: what came of it."""

    file: str
    dataset: str
    rows: int
    good: int
    held_back: int
    look_again: int
    unchanged: bool
    covers: tuple[dt.date, dt.date] | None
    faults: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class FolderLoaded:
    """What loading a folder did."""

    area: str
    files: list[FileLoaded]
    build: Build
    repeated: bool
    rows: int
    published: int
    faulted: int
    faults: list[dict[str, Any]]


def load_folder(
    *,
    actor: Actor,
    area: str,
    folder: Path,
    covers: tuple[dt.date, dt.date] | None = None,
    publish: bool = False,
    progress: Progress | None = None,
) -> FolderLoaded:
    """Send every file of a folder, import what is good, make a build, and publish it if asked.

    Every file is checked before any is imported; one that cannot be used stops them all.

    Args:
        actor: who loads.
        area: whose data it is.
        folder: CSV, XLSX or Parquet, each called by its dataset or with its columns.
        covers: the days all of them answer for; worked out from their dates unless given.
        publish: whether the build is published too.
        progress: told which file is read and how far it is, then how far the build is.

    Raises:
        NotFound, NotPermitted: as `get_area_for`.
        Faults: files that stand for no dataset, or cannot be used, each with what is wrong.
    """
    found = get_area_for(actor, area, Permission.DATA_LOAD)
    files = matched(folder)
    scope, watch = Scope("partnership", found.code), progress or Quietly()
    sent = [(path, known, _sent(actor, scope, path, known, watch)) for path, known in files]
    refused = [
        fault
        for path, _, (upload, repeated) in sent
        if not repeated
        for fault in _why_not(path, upload)
    ]
    if refused:
        for _, _, (upload, _) in sent:
            if upload.state == State.CHECKED:
                uploads.throw_away(actor=actor, key=upload.pk)
        raise Faults(f"The folder {folder.name}", refused)
    done = [_imported(actor, found.code, path, known, *one, covers) for path, known, one in sent]
    begun = start_build(actor=actor, area=found.code, queue=False)
    build = make_build(actor=actor, area=found.code, number=begun.build.number, progress=progress)
    if publish:
        build = publish_build(actor=actor, area=found.code, number=build.number)
    tables = queries.tables_of(build).values()
    return FolderLoaded(
        area=found.code,
        files=done,
        build=build,
        repeated=begun.repeated,
        rows=sum(table.rows for table in tables),
        published=sum(table.published for table in tables),
        faulted=sum(table.faulted for table in tables),
        faults=list(build.summary.get("groups", [])),
    )


def matched(folder: Path) -> list[tuple[Path, DatasetDefinition]]:
    """Each file of a folder with the dataset it is of, by its name or else by its columns.

    Raises:
        BadInput: it is not a folder, or holds no file.
        Faults: a file is of no dataset, or two are of one.
    """
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder; check how it is spelt.")
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS)
    if not paths:
        raise BadInput(f"{folder} holds no CSV, XLSX or Parquet file.")
    found: list[tuple[Path, DatasetDefinition]] = []
    faults: list[Fault] = []
    taken: dict[str, str] = {}
    for path in paths:
        known = _by_name(path) or _by_columns(path)
        if known is None:
            faults.append(
                Fault(
                    path.name, "It stands for no dataset by its name or its columns",
                    "Call it as the dataset is called, such as register-entries.csv.",
                )
            )  # fmt: skip
        elif known.code in taken:
            faults.append(
                Fault(path.name, f"{taken[known.code]} is of {known.code} too", "Keep one of them.")
            )
        else:
            taken[known.code] = path.name
            found.append((path, known))
    if faults:
        raise Faults(f"The folder {folder.name}", faults)
    return found


def _by_name(path: Path) -> DatasetDefinition | None:
    """The dataset a file is called by; a year or a date after the name does not matter."""
    said = folded(re.sub(r"(?:@\d+)?[-_ .]*\d[\d\-_ .to]*$", "", path.stem))
    exact = [known for known in datasets() if said in {folded(known.code), folded(known.title)}]
    return exact[0] if exact else None


def _by_columns(path: Path) -> DatasetDefinition | None:
    """The one dataset whose columns a file has, every required one, and no others."""
    try:
        table = open_table(source_of_path(path))
    except BadInput:
        return None
    suited = []
    for known in datasets():
        heading = find_heading(table, kind_named(known.code))
        if not heading.stops and heading.places:
            suited.append((len(heading.places), known))
    suited.sort(key=lambda one: -one[0])
    if not suited or (len(suited) > 1 and suited[0][0] == suited[1][0]):
        return None
    return suited[0][1]


def _sent(
    actor: Actor, scope: Scope, path: Path, known: DatasetDefinition, watch: Progress
) -> tuple[Upload, bool]:
    """The file as an upload that has been checked, and whether it was imported before."""
    if not path.stat().st_size:
        raise Faults(
            f"The folder {path.parent.name}",
            [
                Fault(
                    path.name, "It is empty, without column names even.",
                    "Send the whole file; if there was nothing to report, the column names alone.",
                )
            ],
        )  # fmt: skip
    watch.at(0, f"reading {path.name}")
    incoming = Incoming()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                incoming.write(chunk)
        incoming.finish()
        done = uploads.receive(
            actor=actor, kind=known.code, scope=scope, name=path.name, incoming=incoming,
            queue=False,
        )  # fmt: skip
    finally:
        incoming.discard()
    if done.repeated:
        return done.upload, True

    def tell(read: int, _: int) -> None:
        watch.at(read, f"checking {path.name}")

    return uploads.check(actor=actor, key=done.upload.pk, tell=tell), False


def groups(upload: Upload, section: Section) -> list[Group]:
    """Faults of a section that are alike."""
    return [one for one in from_data(upload.result.get("groups", ())) if one.section is section]


def _why_not(path: Path, upload: Upload) -> list[Fault]:
    """What stops a file, in words; nothing where it can be imported."""
    if upload.state == State.CHECKED:
        if upload.good or not upload.rows:
            return []
        said = ", ".join(group.what for group in groups(upload, Section.ROW)[:3])
        return [Fault(path.name, f"None of its {upload.rows:,} rows can be used: {said}.")]
    if upload.state == State.QUARANTINED:
        kinds = ", ".join(str(kind) for kind, _ in upload.result.get("kinds", []))
        moved = upload.result.get("moved")
        mend = "Take those columns out"
        if moved:
            mend = f"{moved}, which may be all that is wrong. Put each under the name of its column"
        return [
            Fault(
                path.name, f"It holds what could tell who somebody is: {kinds}.",
                f"Nothing of it is kept. {mend}, and send it again.",
            )
        ]  # fmt: skip
    reason = upload.result.get("reason")
    if reason:
        return [Fault(path.name, str(reason))]
    return [
        Fault(path.name, f"{group.places[0]}: {group.what}.", f"Expected: {group.expected}.")
        for group in groups(upload, Section.FILE)
    ]


def _imported(
    actor: Actor,
    area: str,
    path: Path,
    known: DatasetDefinition,
    upload: Upload,
    repeated: bool,
    covers: tuple[dt.date, dt.date] | None,
) -> FileLoaded:
    if not repeated:
        upload = uploads.commit(actor=actor, key=upload.pk, good=upload.good).upload
    extract = queries.latest_extract(area, known.code)
    if covers is not None and extract is not None:
        same = (extract.covers_from, extract.covers_until) == covers and extract.covers_said
        if not same:
            extract = say_covers(
                actor=actor, area=area, dataset=known.code, vintage=extract.vintage,
                first=covers[0], last=covers[1],
            )  # fmt: skip
    days = None
    if extract is not None and extract.covers_from and extract.covers_until:
        days = (extract.covers_from, extract.covers_until)
    return FileLoaded(
        path.name, known.code, upload.rows, upload.good, upload.held_back, upload.look_again,
        repeated, days,
        [
            {"what": group.what, "count": group.count, "places": group.places,
             "follows": SECTIONS[group.section]}
            for section in (Section.ROW, Section.AGAIN)
            for group in groups(upload, section)
        ],
    )  # fmt: skip
