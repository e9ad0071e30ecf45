"""Outcomes: ten indicators on large tables, all indicators of a council, pages of the explorer.

    python -m benchmarks.outcomes                  # every part, at the size of the bars (an hour)
    python -m benchmarks.outcomes --part a --quick # one part, small
    python -m benchmarks.outcomes --part a --data FOLDER   # on tables made before

Parts and bars. Measured in a process each, one after the other in turns, on the same tables:

  a  ten indicators by group and quarter on 1 M children, 10 M spells, 100 M half days, 2 cores: at
     most 1.15 of the time of SQL written by hand; pandas takes 1.5 times as long or more, and 4
     times the memory or more; peak memory under 3 GB; finishes with a limit of 1.5 GB
  b  all indicators of one council of 70,000 children and ten years, by care setting, age and SIMD,
     under 60 s
  c  pages of the explorer from the published build: 95 of 100 answers within 500 ms
  d  the same ten on local Spark: identical figures; the time is printed and has no bar
"""

import argparse
import json
import os
import pickle
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
PARTS = ("a", "b", "c", "d")
MOST_AGAINST_SQL, LEAST_PANDAS_TIME, LEAST_PANDAS_MEMORY = 1.15, 1.5, 4.0
MOST_MEMORY, TIGHT = 3.0, "1500MB"
MOST_COUNCIL, MOST_PAGE = 60.0, 0.500
CHILDREN, QUICK = 1_000_000, 20_000
COUNCIL, COUNCIL_QUICK = 70_000, 3_000
ROUNDS = 2
WAYS = ("ours", "by_hand", "pandas", "tight", "spark")
GIGABYTE = 1_000_000


def main() -> int:
    """Run the parts that were asked for; the status is 1 when a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", action="append", choices=PARTS, default=[])
    parser.add_argument("--quick", action="store_true", help="small tables; bars do not apply")
    parser.add_argument("--data", default="", help="a folder of large tables made before")
    parser.add_argument("--one", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--answers", default="", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        return one(asked.one, Path(asked.data), Path(asked.answers))
    missed = False
    with tempfile.TemporaryDirectory(
        prefix="sightline-bench-", dir=os.environ.get("TMPDIR")
    ) as made:
        folder = Path(asked.data) if asked.data else Path(made) / "large"
        for part in asked.part or PARTS:
            if part in "ad" and not folder.exists():
                make_tables(folder, QUICK if asked.quick else CHILDREN)
            run = {"a": part_a, "b": part_b, "c": part_c, "d": part_d}[part]
            missed |= run(folder, quick=asked.quick)
    return int(missed and not asked.quick)


def set_up() -> None:
    """Definitions alone: no database."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(SIGHTLINE_DEFINITIONS=CHECKOUT / "definitions")


def make_tables(folder: Path, children: int) -> None:
    """The large tables, made by a process of their own so that its memory is not counted."""
    began = time.perf_counter()
    code = (
        "from benchmarks.outcomes import set_up; set_up()\n"
        "from pathlib import Path\n"
        "from sightline.outcomes.generating.scale import write_scale\n"
        f"for one in write_scale(Path({str(folder)!r}), children={children}).files:\n"
        "    print(f'{one.dataset:<20}{one.rows:>14,}')\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=True)
    print(f"made in {time.perf_counter() - began:.0f} s\n")


# -- a and d: ten indicators on large tables


def one(way: str, folder: Path, answers: Path) -> int:
    """Answer the ten one way, in this process; prints seconds and gigabytes, writes the answers."""
    set_up()
    from benchmarks import ten, ten_pandas

    runs: Mapping[str, Any] = {
        "ours": lambda: ten.ours(folder),
        "tight": lambda: ten.ours(folder, memory=TIGHT),
        "by_hand": lambda: ten.by_hand(folder),
        "pandas": lambda: ten_pandas.by_pandas(folder),
        "spark": lambda: ten.ours(folder, name="spark"),
    }
    warm_up(way)
    began, idle = time.perf_counter(), time.process_time()
    found = runs[way]()
    seconds, worked = time.perf_counter() - began, time.process_time() - idle
    answers.write_bytes(pickle.dumps(found))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIGABYTE
    print(json.dumps({"seconds": seconds, "worked": worked, "gigabytes": peak}))
    return 0


def warm_up(way: str) -> None:
    """Load the libraries before the clock starts, the same for every way."""
    if way == "pandas":
        import pandas  # noqa: F401
    elif way == "by_hand":
        import duckdb  # noqa: F401
    else:
        import sightline.outcomes.measures.computing  # noqa: F401


def apart(way: str, folder: Path) -> tuple[float, float, Any]:
    """One way in a process of its own: seconds, gigabytes, answers; infinite where it failed.

    Prints them, and the seconds that the processors worked: those say more where others work too.
    """
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
        command = [sys.executable, "-m", "benchmarks.outcomes", "--one", way,
                   "--data", str(folder), "--answers", file.name]  # fmt: skip
        done = subprocess.run(command, cwd=CHECKOUT, check=False, capture_output=True, text=True)
        if done.returncode:
            print(f"{way} failed: {done.stderr.strip().splitlines()[-1:]}")
            return float("inf"), float("inf"), {}
        said = json.loads(done.stdout.strip().splitlines()[-1])
        found = pickle.loads(Path(file.name).read_bytes())  # noqa: S301 - what we wrote ourselves
        print(
            f"  {way:<10}{said['seconds']:>9.1f} s{said['gigabytes']:>8.2f} GB"
            f"{said['worked']:>9.1f} s of a processor",
            flush=True,
        )
        return said["seconds"], said["gigabytes"], found


def unlike(
    first: Mapping[Any, Any], second: Mapping[Any, Any], *, every: bool = False
) -> list[Any]:
    """Keys of the second whose figures the first has not.

    A null of the second is not compared, unless `every` figure is.
    """
    found = []
    for key, row in second.items():
        there = first.get(key)
        same = there is not None and all(
            (b is None and not every)
            or a == b
            or (a is not None and b is not None and abs(a - b) < 1e-9)
            for a, b in zip(there, row, strict=True)
        )
        if not same:
            found.append((key, there, row))
    return found


def part_a(folder: Path, *, quick: bool) -> bool:
    """Ours against SQL by hand in turns, then pandas, then ours with little memory."""
    taken: dict[str, list[tuple[float, float]]] = {}
    answers: dict[str, Any] = {}
    for way in (*("by_hand", "ours") * ROUNDS, "pandas", "tight"):
        seconds, gigabytes, answers[way] = apart(way, folder)
        taken.setdefault(way, []).append((seconds, gigabytes))
    for way in ("by_hand", "pandas", "tight"):
        wrong = unlike(answers["ours"], answers[way])
        print(
            f"  figures of ours and {way}: {len(wrong)} differ of {len(answers[way])}", *wrong[:3]
        )
    fast = {way: min(seconds for seconds, _ in those) for way, those in taken.items()}
    large = {way: max(gigabytes for _, gigabytes in those) for way, those in taken.items()}
    same = not any(unlike(answers["ours"], answers[way]) for way in ("by_hand", "tight"))
    bars = [
        ("identical figures", float(not same), 0.0),
        ("time against SQL by hand", fast["ours"] / fast["by_hand"], MOST_AGAINST_SQL),
        ("ours against pandas, time", fast["ours"] / fast["pandas"], 1 / LEAST_PANDAS_TIME),
        ("ours against pandas, memory", large["ours"] / large["pandas"], 1 / LEAST_PANDAS_MEMORY),
        ("peak memory, GB", large["ours"], MOST_MEMORY),
        (f"seconds with {TIGHT}", fast["tight"], float("1e9")),
    ]
    return verdicts("a: ten indicators on large tables", bars, quick=quick)


def part_d(folder: Path, *, quick: bool) -> bool:
    """The same on Spark."""
    ours, spark = apart("ours", folder), apart("spark", folder)
    wrong = unlike(ours[2], spark[2], every=True)
    print(f"  duckdb {ours[0]:.1f} s, spark {spark[0]:.1f} s; {len(wrong)} differ", *wrong[:3])
    bars = [("figures that differ", float(len(wrong) + (not spark[2])), 0.0)]
    return verdicts("d: the ten on Spark", bars, quick=quick)


def verdicts(title: str, bars: list[tuple[str, float, float]], *, quick: bool) -> bool:
    """Print each figure beside its bar; True when one is missed."""
    print(f"\n{title}{' (quick: bars do not apply)' if quick else ''}")
    missed = False
    for words, figure, bar in bars:
        over = figure > bar
        missed |= over
        limit = "no bar" if bar > 1e8 else f"at most {bar:.2f}"
        print(f"  {words:<44}{figure:>10.2f}   {limit}{'   MISSED' if over and not quick else ''}")
    print()
    return missed


# -- b: all indicators of one council


def part_b(folder: Path, *, quick: bool) -> bool:
    """Every indicator, with care setting, age and SIMD, for a council and ten years."""
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as made:
        children = COUNCIL_QUICK if quick else COUNCIL
        code = "import sys; from benchmarks.outcomes import council; council(*sys.argv[1:])"
        command = [sys.executable, "-c", code, made, str(children)]
        done = subprocess.run(command, cwd=CHECKOUT, check=True, stdout=subprocess.PIPE, text=True)
        said = json.loads(done.stdout.strip().splitlines()[-1])
    print(
        f"  {said['indicators']} indicators, {said['results']:,} results of {children:,} children"
    )
    print(f"  lives made and written in {said['made']:.0f} s, peak {said['gigabytes']:.2f} GB")
    print(f"  {said['readings']:,} readings of clocks, {said['clocks']:.0f} s of the time below")
    return verdicts("b: one council", [("seconds", said["seconds"], MOST_COUNCIL)], quick=quick)


def _grids(every: Sequence[Any], first: Any, last: Any) -> Iterator[tuple[list[Any], Any]]:
    """The indicators of each frequency and calendar, with all its periods."""
    from sightline.outcomes.measures.periods import default_keys

    for frequency in ("month", "quarter", "year"):
        for calendar in ("aug_jul", "apr_mar", "school"):
            some = [o for o in every if (o.frequency, o.calendar) == (frequency, calendar)]
            if some:
                yield some, default_keys(first, last, some[0].frequency, some[0].calendar)


def council(folder: str, number: str) -> None:
    """Make a council's tables, answer every indicator, print what it took as JSON."""
    set_up()
    import datetime as dt

    import pyarrow as pa

    from sightline.children.definitions import datasets
    from sightline.children.tables import empty
    from sightline.outcomes.clocks import TABLE, Working, datasets_read, readings, rulebook
    from sightline.outcomes.definitions import registry
    from sightline.outcomes.generating.areas import setting
    from sightline.outcomes.generating.making_files import generate
    from sightline.outcomes.measures.computing import compute, materialise
    from sightline.warehouse.engines import engine

    began = time.perf_counter()
    lives = setting(
        "strathgarry", children=int(number), years=10, seed=7, until=dt.date(2026, 7, 31)
    )
    made = generate(Path(folder) / "typed", lives, parquet=True, known=False)
    files = {one.dataset: one.file for one in made.files}
    ready = time.perf_counter()
    zones = lives.zones
    places = {
        "zone": [zone.code for zone in zones], "simd": [str(zone.quintile) for zone in zones],
        "locality": [zone.locality for zone in zones],
        "first": pa.array([dt.date(1900, 1, 1)] * len(zones), pa.date32()),
        "last": pa.array([dt.date(2999, 1, 1)] * len(zones), pa.date32()),
    }  # fmt: skip
    results = 0
    with engine("duckdb", threads=2) as warehouse:
        tables = {
            one.code: warehouse.read(files[one.code])
            if one.code in files
            else warehouse.put(empty(one), f"empty_{one.code.replace('-', '_')}")
            for one in datasets()
        }
        tables["places"] = warehouse.put(pa.table(places), "places")
        given = {code: warehouse.fetch(tables[code]) for code in datasets_read() if code in files}
        clocks = readings(given, Working(rulebook(), lives.until))
        tables[TABLE] = warehouse.put(clocks, "clock_readings_given")
        read = time.perf_counter() - ready
        every = list(registry())
        views = materialise(every, tables, warehouse)
        for some, keys in _grids(every, lives.first, lives.until):
            found = compute(
                some, tables, keys, engine=warehouse,
                breakdowns=("placement", "age", "simd"), views=views,
            )  # fmt: skip
            results += found.num_rows
    taken = time.perf_counter() - ready
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIGABYTE
    print(json.dumps({"seconds": taken, "made": ready - began, "gigabytes": peak,
                      "indicators": len(every), "results": results, "clocks": read,
                      "readings": clocks.num_rows}))  # fmt: skip


# -- c: pages of the explorer


def part_c(folder: Path, *, quick: bool) -> bool:
    """The pages of the explorer from the published build, asked by eight people at once."""
    from benchmarks import overview
    from benchmarks._apart import settings as apart_settings

    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as state:
        os.environ.update(
            apart_settings(state, f"sqlite:///{state}/bench.sqlite3"),
            SIGHTLINE_DEMONSTRATION="true", SIGHTLINE_JOBS="immediate",
        )  # fmt: skip
        session = published()
        with overview.served() as port:
            slowest = max(page(port, address, session, 3 if quick else 25) for address in EXPLORED)
    return verdicts("c: explorer", [("slowest p95, seconds", slowest, MOST_PAGE)], quick=quick)


EXPLORED = (
    "/p/strathgarry/outcomes/",
    "/p/strathgarry/outcomes/cl09/",
    "/p/strathgarry/outcomes/cl09/?tab=compare",
    "/p/strathgarry/outcomes/cl09/?tab=over-time&by=placement",
    "/p/strathgarry/outcomes/cl09/?tab=gap&by=placement",
    "/p/strathgarry/outcomes/cl09/?tab=definition",
    "/p/strathgarry/outcomes/cp13/?tab=over-time&grid=quarter",
    "/p/strathgarry/outcomes/la01/?tab=gap&by=simd",
    "/p/strathgarry/outcomes/journeys/",
)


def published() -> str:
    """A database with the demonstration and its published build; gives a session that may look."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from sightline.access.actors import acting_as, command_line
    from sightline.config.demonstration import load_demonstration
    from sightline.config.demonstration_data import load_demonstration_data
    from tests.factories.access import UserFactory, assign

    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    began = time.perf_counter()
    with acting_as(command_line()) as _:
        load_demonstration(command_line())
        load_demonstration_data(command_line())
        person = assign(UserFactory(), "chief-officer", "partnership", "strathgarry")
        browser = Client()
        browser.force_login(person)
    connection.close()
    print(f"  demonstration and its build in {time.perf_counter() - began:.0f} s")
    return str(browser.cookies["sessionid"].value)


def page(port: int, address: str, session: str, asked: int) -> float:
    """How long 95 of 100 answers of a page take at most; infinite when it is not shown."""
    from benchmarks import overview

    for _ in range(4 * overview.WORKERS):
        overview.ask(port, address, session)
    statuses, times = overview._at_once(port, address, session, asked)
    slow = overview.quantile(times, 0.95)
    middle = statistics.median(times)
    codes = "/".join(map(str, sorted(statuses)))
    print(f"  {address:<48}{codes:>5}{middle * 1000:>8.0f}{slow * 1000:>8.0f} ms")
    return slow if statuses == {200} else float("inf")


if __name__ == "__main__":
    sys.exit(main())
