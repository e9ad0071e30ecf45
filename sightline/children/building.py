"""How a build is made: extracts read, held against the rules, joined, and steps of others run.

Ibis and the engines are imported when a build is made, never when this is. What a build is made of
and who may is decided in `services`; this turns files into files, and says what it counted.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from sightline.access.actors import Actor
from sightline.children import tables as typed
from sightline.children.definitions import DatasetDefinition, datasets
from sightline.children.models import Build
from sightline.warehouse import parquet

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from sightline.warehouse.engines import Engine

TABLES: Final = "tables"
FAULTS: Final = "faults.parquet"
LINKS: Final = "links.parquet"
JOINED: Final = "joined.parquet"
FIRST_PLACES: Final = 3
ERROR: Final = "E"


class Progress(Protocol):
    """What is told how far a build is; `jobs.Progress` is one."""

    def of(self, total: int) -> None:
        """How much there is to do."""

    def at(self, done: int, saying: str = "") -> None:
        """How much is done."""


class Quietly:
    """Nobody watches."""

    def of(self, total: int) -> None:
        """Say nothing."""

    def at(self, done: int, saying: str = "") -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Supplied:
    """The days that what was supplied of a dataset answers for, both included."""

    first: dt.date
    last: dt.date


@dataclass
class BuildContext:
    """What a step is given: the clean tables of a build, and the folder to write into.

    `tables` has every dataset, one that was not supplied as an empty typed table; `supplied` has
    those that were. `folder` is the build's own while it is made; it gets its name when all steps
    are through, so a step that fails leaves nothing.
    """

    area: str
    number: int
    folder: Path
    engine: "Engine"
    tables: "dict[str, ir.Table]"
    supplied: Mapping[str, Supplied]
    today: dt.date
    progress: Progress


Step = Callable[[BuildContext], None]
Publisher = Callable[[Actor, Build], None]
Forget = Callable[[Build], None]
_steps: dict[str, Step] = {}
_publishers: dict[str, Publisher] = {}
_withdrawers: dict[str, Publisher] = {}
_preparers: dict[str, tuple[Publisher, Forget]] = {}
_citers: dict[str, Callable[[str], "set[int]"]] = {}


def register_step(name: str, step: Step) -> None:
    """Have something worked out in every build, in the order of registering, before it is checked.

    A second one of the same name takes its place.
    """
    _steps[name] = step


def register_publisher(publisher: Publisher, name: str = "") -> None:
    """Have something done when a build is published, in the same transaction."""
    _publishers[name or publisher.__module__] = publisher


def register_preparer(prepare: Publisher, forget: Forget, name: str = "") -> None:
    """Have what takes long worked out before a publication begins, and let go of after it.

    Nothing is written, so nobody waits meanwhile; a publisher that finds nothing prepared works it
    out itself.
    """
    _preparers[name or prepare.__module__] = (prepare, forget)


def register_withdrawer(withdrawer: Publisher, name: str = "") -> None:
    """Have something done when a published build is undone, in the same transaction."""
    _withdrawers[name or withdrawer.__module__] = withdrawer


def register_citer(citer: Callable[[str], "set[int]"], name: str = "") -> None:
    """Say which numbers of an area's builds something refers to, so that they are kept."""
    _citers[name or citer.__module__] = citer


def steps() -> Mapping[str, Step]:
    """Every step, in order."""
    return dict(_steps)


@contextmanager
def prepared(actor: Actor, build: Build) -> Iterator[None]:
    """A publication for which everything has been prepared."""
    try:
        for prepare, _ in _preparers.values():
            prepare(actor, build)
        yield
    finally:
        for _, forget in _preparers.values():
            forget(build)


def publish(actor: Actor, build: Build) -> None:
    """Tell every publisher."""
    for publisher in _publishers.values():
        publisher(actor, build)


def withdraw(actor: Actor, build: Build) -> None:
    """Tell everybody who is to know that a build is undone."""
    for withdrawer in _withdrawers.values():
        withdrawer(actor, build)


def cited(area: str) -> set[int]:
    """Numbers of builds that something refers to."""
    return set().union(*(citer(area) for citer in _citers.values()))


def forget(name: str) -> None:
    """Take a step, publisher, withdrawer or citer away again, as tests do."""
    for known in (_steps, _publishers, _preparers, _withdrawers, _citers):
        known.pop(name, None)


@dataclass(frozen=True)
class Given:
    """One extract that goes into a build."""

    dataset: DatasetDefinition
    key: str
    path: Path
    supplied: Supplied | None


@dataclass
class Counted:
    """Where the rows of one dataset went."""

    rows: int = 0
    faulted: int = 0
    joined: int = 0
    by: dict[str, int] = field(default_factory=dict)

    @property
    def published(self) -> int:
        """Rows that are in the clean table."""
        return self.rows - self.faulted


@dataclass(frozen=True)
class Made:
    """What making a build counted: by dataset, and what rules said."""

    tables: Mapping[str, Counted]
    summary: Mapping[str, Any]
    ruleset: str


def make(
    *,
    area: str,
    number: int,
    folder: Path,
    given: Mapping[str, Given],
    today: dt.date,
    progress: Progress,
    engine_name: str = "duckdb",
) -> Made:
    """Make a build in its folder, which is empty.

    Raises:
        RuntimeError: rows in are not rows published and rows faulted.
    """
    from sightline.children import cleaning
    from sightline.warehouse.engines import engine

    known = datasets()
    (folder / TABLES).mkdir(mode=0o700)
    supplied = {code: one.supplied for code, one in given.items() if one.supplied is not None}
    progress.of(len(given) + len(_steps) + 2)
    with engine(engine_name, folder=folder / ".spill") as one:
        done = cleaning.clean(
            one, known, given, area=area, folder=folder, supplied=supplied, today=today,
            progress=progress,
        )  # fmt: skip
    with engine(engine_name, folder=folder / ".spill") as one:
        context = BuildContext(
            area=area, number=number, folder=folder, engine=one,
            tables={ds.code: one.read(table_path(folder, ds.code)) for ds in known},
            supplied=supplied, today=today, progress=progress,
        )  # fmt: skip
        for at, (name, step) in enumerate(_steps.items(), start=len(given) + 2):
            progress.at(at, f"working out {name}")
            step(context)
    (folder / ".spill").rmdir()
    progress.at(len(given) + len(_steps) + 2, "checked")
    return done


def table_path(folder: Path, dataset: str) -> Path:
    """The clean table of a dataset in a build's folder."""
    return folder / TABLES / f"{dataset}.parquet"


def write_empty(folder: Path, dataset: DatasetDefinition) -> None:
    """The table of a dataset that was not supplied."""
    parquet.write_table(typed.empty(dataset), table_path(folder, dataset.code))
