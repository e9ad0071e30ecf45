"""Kills while a build is made: the last good build is always there, and nothing is published half.

A folder of an invented partnership is loaded and published. Then a year more of it is loaded and
published again and again, each time by `sightline load` in a process of its own, which is ended by
SIGKILL at some moment; then it is looked what pages would show: the build before or the whole new
one, with every table of it readable and as many rows as its counts say, and nothing that names a
build which is not. The next one goes on from what the dead one left; every fourth time, and at the
end, the command runs to its end.

python -m benchmarks.builds [--kills 20] [--children 150] [--postgresql] [--seed 1]
"""

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
AREA = "strathgarry"
TO_THE_END = 4


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


def sightline(*words: str) -> subprocess.Popen[bytes]:
    """A command in a process of its own; what it says is kept."""
    return subprocess.Popen(
        [sys.executable, "-m", "sightline.cli", *words],
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def run(*words: str) -> None:
    """A command to its end.

    Raises:
        RuntimeError: it did not end well; with what it said.
    """
    going = sightline(*words)
    _, said = going.communicate()
    if going.returncode:
        raise RuntimeError(f"sightline {' '.join(words)}: {said.decode()[-800:]}")


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
        yield state


def extracts(state: Path, *, children: int, until: str) -> Path:
    """An invented partnership's files up to a day."""
    folder = state / f"until-{until}"
    run(
        "generate", str(folder), "--partnership", AREA, "--children", str(children),
        "--years", "2", "--until", until,
    )  # fmt: skip
    shutil.rmtree(folder / "beside")
    return folder


def look(before: int) -> tuple[str, list[str]]:
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
    return state, wrong


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


def kill_often(kills: int, *, children: int, seed: int, state: Path) -> Figures:
    """Kill so many loads, and look after each."""
    chance, figures = random.Random(seed), Figures()
    started = time.monotonic()
    old = extracts(state, children=children, until="2023-07-31")
    new = extracts(state, children=children, until="2024-07-31")
    run("load", str(old), "--partnership", AREA, "--publish")
    before = 1
    moment = time.monotonic()
    run("load", str(new), "--partnership", AREA, "--publish")
    figures.whole_seconds = time.monotonic() - moment
    put_back(before)
    for number in range(1, kills + 1):
        going = sightline("load", str(new), "--partnership", AREA, "--publish")
        time.sleep(chance.uniform(0.1, 1.0) * figures.whole_seconds)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(going.pid, signal.SIGKILL)
        going.communicate()
        found, wrong = look(before)
        figures.kills += 1
        figures.found[f"{found}{', ended' if going.returncode == 0 else ''}"] += 1
        if number % TO_THE_END == 0 or number == kills:
            run("load", str(new), "--partnership", AREA, "--publish")
            after, still = look(before)
            if after != "published":
                still.append(f"after the same command again it is {after}")
            wrong += still
        put_back(before)
        figures.wrong += [f"kill {figures.kills}: {one}" for one in wrong]
        print(f"kill {figures.kills}: {found}, wrong {len(figures.wrong)}", file=sys.stderr)
    figures.seconds = time.monotonic() - started
    return figures


def main() -> None:
    """Print the figures; fail where the last good build was gone, or something was half there."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--children", type=int, default=150)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with prepared(postgresql=given.postgresql) as state:
        figures = kill_often(given.kills, children=given.children, seed=given.seed, state=state)
    print(f"database        {'PostgreSQL' if given.postgresql else 'SQLite'}")
    print("\n".join(figures.lines()))
    sys.exit("A bar was missed." if figures.wrong else 0)


if __name__ == "__main__":
    main()
