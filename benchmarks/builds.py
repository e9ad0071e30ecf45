"""Kills while a build is made: the last good build is always there, and nothing is published half.

A folder of an invented partnership is loaded and published. Then a year more of it is loaded and
published again and again, each time by `sightline load` in a process of its own, which is ended
by SIGKILL at some moment; then it is looked what pages would show: the build before or the whole
new one, with every table of it readable and as many rows as its counts say, and nothing that names
a build which is not. The next one goes on from what the dead one left; every fourth time, and at
the end, the command runs to its end. With --few it is five datasets and no indicator, which takes
a twentieth of the time, and the moments lie closer.

python -m benchmarks.builds [--kills 20] [--children 150] [--few] [--postgresql] [--seed 1]
"""

import argparse
import contextlib
import datetime as dt
import importlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
AREA = "strathgarry"
BEFORE, TO_THE_END = 1, 4
FEW = {"children", "register-entries", "planning-meetings", "register-concerns", "irds"}


@dataclass
class Figures:
    """What came of it."""

    kills: int = 0
    found: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    whole_seconds: float = 0.0
    seconds: float = 0.0

    def lines(self) -> Iterator[str]:
        """As printed."""
        yield f"kills           {self.kills}, in the {self.whole_seconds:.0f} s that a load takes"
        for state, times in sorted(self.found.items()):
            yield f"  {state:<14}{times}"
        yield f"wrong           {len(self.wrong)}"
        yield from (f"  {one}" for one in self.wrong)
        yield f"seconds         {self.seconds:.0f}"


def begin(work: Callable[[], object], *, few: bool = False) -> tuple[int, int]:
    """Something done by a process of its own; gives its id, and where to read what came of it.

    A fork of this one, which has imported everything and opened nothing.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    os.close(reading)
    os.setsid()
    try:
        from sightline.children import building

        if few:
            building._steps.clear()
        told = {"done": work()}
    except BaseException as fault:
        told = {"fault": f"{type(fault).__name__}: {fault}"}
    with os.fdopen(writing, "w") as file:
        json.dump(told, file)
    os._exit(0)


def told(child: int, reading: int) -> dict[str, Any]:
    """What came of it, once it has ended; nothing, if it was killed before."""
    with os.fdopen(reading) as file:
        text = file.read()
    os.waitpid(child, 0)
    return dict(json.loads(text)) if text else {}


def run(work: Callable[[], object], *, few: bool = False) -> Any:
    """Something done to its end.

    Raises:
        RuntimeError: it did not end well; with what it said.
    """
    found = told(*begin(work, few=few))
    if "done" not in found:
        raise RuntimeError(found.get("fault", "It ended without a word."))
    return found["done"]


def load(folder: Path) -> Callable[[], object]:
    """`sightline load FOLDER --publish`, to be done."""

    def work() -> object:
        from django.core.management import call_command

        with (folder.parent / "said").open("a") as said:
            call_command(
                "load", str(folder), partnership=AREA, publish=True, stdout=said, stderr=said
            )
        return True

    return work


@contextlib.contextmanager
def prepared(*, postgresql: bool) -> Iterator[Path]:
    """A scratch copy with an empty database, and this process set up to look into it."""
    with contextlib.ExitStack() as stack:
        state = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sightline-builds-")))
        url = f"sqlite:///{state / 'builds.sqlite3'}"
        if postgresql:
            from tools.postgres import cluster

            url = stack.enter_context(cluster(durable=True))
        os.environ |= {
            "SIGHTLINE_ENV_FILE": str(state / "none.env"),
            "SIGHTLINE_SECRET_KEY": "only-for-measuring-" * 4,
            "SIGHTLINE_DATA_KEYS": "builds:" + "A" * 43 + "=",
            "SIGHTLINE_CONCERNS_KEYS": "builds:" + "B" * 42 + "A=",
            "SIGHTLINE_DATABASE": url,
            "SIGHTLINE_STATE": str(state / "state"),
            "SIGHTLINE_HTTPS": "false",
            "SIGHTLINE_JOBS": "immediate",
            "SIGHTLINE_SECOND_FACTOR": "optional",
            "SIGHTLINE_DEMONSTRATION": "true",
            "DJANGO_SETTINGS_MODULE": "sightline.config.settings",
        }
        migrate = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(migrate, cwd=CHECKOUT, check=True)
        import django

        django.setup()
        for name in ("ibis", "duckdb", "pyarrow.parquet"):
            importlib.import_module(name)
        yield state


def extracts(state: Path, *, children: int, until: dt.date, few: bool) -> Path:
    """An invented partnership's files up to a day."""
    from sightline.outcomes.generating.areas import setting
    from sightline.outcomes.generating.making_files import generate

    folder = state / f"until-{until}"
    generate(folder, setting(AREA, children=children, years=2, seed=7, until=until), known=False)
    shutil.rmtree(folder / "beside")
    for path in folder.glob("*.csv"):
        if few and path.stem not in FEW:
            path.unlink()
    return folder


def look(before: int) -> list[Any]:
    """What a page would meet: which build is shown, and everything that is wrong about it."""
    from django.db import connections

    from sightline.children import folders, queries
    from sightline.children.building import table_path
    from sightline.children.models import Build
    from sightline.warehouse import parquet

    wrong = []
    shown = queries.current_build(AREA)
    if shown is None or shown.number < before:
        wrong.append("the last good build is not shown")
    for build in queries.builds_of(AREA):
        if build.state == Build.State.STAGED:
            continue
        folder = queries.build_folder(build)
        for table in queries.tables_of(build).values():
            rows = parquet.count(table_path(folder, table.dataset))
            if rows != table.published:
                wrong.append(f"build {build.number}: {table.dataset} has {rows} rows")
    numbers = {str(build.number) for build in queries.builds_of(AREA)}
    last = queries.builds_of(AREA).first()
    state = "nothing yet" if last is None or last.number == before else str(last.state)
    for path in folders.area_folder(AREA).iterdir():
        if path.name.isdecimal() and path.name not in numbers:
            wrong.append(f"a folder {path.name} that no build has")
    connections.close_all()
    return [state, wrong]


def put_back(before: int, reason: str = "Measured") -> None:
    """Undo and take back what was loaded since, as a person would."""
    from django.db import connections

    from sightline.access.actors import acting_as, command_line
    from sightline.children import queries, services
    from sightline.uploads import services as uploads

    actor = command_line()
    with acting_as(actor):
        shown = queries.current_build(AREA)
        if shown is not None and shown.number > before:
            services.undo_build(actor=actor, area=AREA, number=shown.number, reason=reason)
            for extract in queries.latest_extracts(AREA).values():
                if extract.vintage > 1:
                    uploads.undo(actor=actor, key=extract.upload_id)
    connections.close_all()


def kill_often(kills: int, *, children: int, seed: int, state: Path, few: bool) -> Figures:
    """Kill so many loads, and look after each."""
    chance, figures = random.Random(seed), Figures()
    started = time.monotonic()
    ends = (dt.date(2023, 7, 31), dt.date(2024, 7, 31))
    old, new = (extracts(state, children=children, until=end, few=few) for end in ends)
    run(load(old), few=few)
    moment = time.monotonic()
    run(load(new), few=few)
    figures.whole_seconds = time.monotonic() - moment
    run(lambda: put_back(BEFORE))
    for number in range(1, kills + 1):
        child, reading = begin(load(new), few=few)
        time.sleep(chance.uniform(0.05, 1.0) * figures.whole_seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        ended = told(child, reading)
        found, wrong = run(lambda: look(BEFORE))
        if "fault" in ended:
            wrong.append(f"it ended by itself: {ended['fault']}")
        figures.kills += 1
        figures.found[f"{found}{', ended' if ended else ''}"] += 1
        if number % TO_THE_END == 0 or number == kills:
            run(load(new), few=few)
            after, still = run(lambda: look(BEFORE))
            if after != "published":
                still.append(f"after the same command again it is {after}")
            wrong += still
        run(lambda: put_back(BEFORE))
        figures.wrong += [f"kill {number}: {one}" for one in wrong]
        print(f"kill {number}: {found}, wrong {len(figures.wrong)}", file=sys.stderr, flush=True)
    figures.seconds = time.monotonic() - started
    return figures


def main() -> None:
    """Print the figures; fail where the last good build was gone, or something was half there."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--children", type=int, default=150)
    parser.add_argument("--few", action="store_true")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with prepared(postgresql=given.postgresql) as state:
        figures = kill_often(
            given.kills, children=given.children, seed=given.seed, state=state, few=given.few
        )
    print(f"database        {'PostgreSQL' if given.postgresql else 'SQLite'}")
    print("\n".join(figures.lines()))
    sys.exit("A bar was missed." if figures.wrong else 0)


if __name__ == "__main__":
    main()
