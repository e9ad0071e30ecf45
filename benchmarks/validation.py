"""What holding extracts against every rule costs: 30,000 children, then more, to see it grow.

    python -m benchmarks.validation [--million]

Bars: 30,000 children with all rules in under 10 s and 500 MB, and a time that grows no faster than
the number of children. Each size is checked in a process of its own, from Parquet files as a build
reads them, on two cores. The children are an invented partnership of some thousands, written over
again under other references until there are enough; a million only with `--million`.
"""

import datetime as dt
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
SEED_CHILDREN = 3_000
UNTIL = dt.date(2026, 7, 31)
SIZES = (30_000, 100_000, 300_000)
MILLION = 1_000_000
MOST_SECONDS, MOST_MEMORY = 10.0, 500
STEEPEST = 1.15
"""Seconds a child at the largest size, compared with those between the two before it."""
IDS = frozenset(
    {"episode", "placement", "household", "meeting", "ird", "investigation", "hearing", "worker",
     "review", "issue", "family"}
)  # fmt: skip


def seed(engine: Any) -> tuple[dict[str, Any], int]:
    """An invented partnership as tables of the engine, and how many children it has."""
    from sightline.children.definitions import datasets
    from sightline.children.tables import from_rows
    from sightline.outcomes.generating.areas import setting
    from sightline.outcomes.generating.extracts import extract
    from sightline.outcomes.generating.making import make_log

    made = setting("strathgarry", children=SEED_CHILDREN, years=5, seed=5, until=UNTIL)
    rows = extract(make_log(made))
    held = {one.code: from_rows(one, rows.get(one.code, ())) for one in datasets()}
    count = held["children"].num_rows
    return {code: engine.put(table, code.replace("-", "_")) for code, table in held.items()}, count


def write(folder: Path, children: int) -> None:
    """Write the partnership over and over until it has so many children."""
    import ibis

    from sightline.children.definitions import dataset
    from sightline.warehouse.engines import engine

    with engine() as one:
        tables, held = seed(one)
        copies = ibis.range(-(-children // held)).unnest().name("copy").as_table()
        for code, table in tables.items():
            columns = {}
            wide = table.cross_join(copies)
            for column in dataset(code).columns:
                value = wide[column.name]
                if column.kind in {"reference", "chi", "scn"} or column.name in IDS:
                    value = value.concat("-", wide["copy"].cast("string"))
                columns[column.name] = value
            row = wide["row"] + wide["copy"] * 10_000_000
            wide = wide.select(**columns, row=row, extract=ibis.literal("bench"))
            one.write(wide, folder / f"{code}.parquet")


def measure(folder: Path) -> None:
    """Check what is in a folder; print children, rows, faults, rules, seconds and megabytes."""
    began = time.perf_counter()
    from sightline.children.rules.checking import all_datasets, check
    from sightline.children.rules.definitions import current_ruleset
    from sightline.warehouse.engines import engine

    day = dt.date(2026, 8, 1)
    with engine(threads=2, memory="2000MB") as one:
        tables = {code: one.read(folder / f"{code}.parquet") for code in all_datasets()}
        rules = current_ruleset(day)
        found = check(tables, rules, supplied=all_datasets(), engine=one, today=day)
        took = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        rows = sum(one.fetch(table.count().as_table()).to_pylist()[0].popitem()[1]
                   for table in tables.values())  # fmt: skip
        children = one.fetch(tables["children"].count().as_table()).to_pylist()[0].popitem()[1]
        cpu = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    print(children, rows, sum(found.counts.values()), len(rules.rules), took, cpu, peak)


def one_size(children: int) -> list[float]:
    """Write and measure one size, each in a process of its own."""
    from benchmarks._apart import settings

    with tempfile.TemporaryDirectory(prefix="sightline-rules-") as folder:
        environment = settings(folder, f"sqlite:///{folder}/none.sqlite3")
        for part in (["--write", str(children)], ["--measure"]):
            command = [sys.executable, "-m", "benchmarks.validation", *part, folder]
            done = subprocess.run(
                command, env=environment, cwd=CHECKOUT, check=True, capture_output=True, text=True
            )
    return [float(part) for part in done.stdout.split()]


def main() -> int:
    """Print each size beside its bar; 1 when one is missed."""
    sizes = (*SIZES, *([MILLION] if "--million" in sys.argv else []))
    found = []
    for size in sizes:
        children, rows, faults, rules, took, cpu, peak = one_size(size)
        found.append((children, took))
        print(
            f"{children:>9,.0f} children, {rows:>11,.0f} rows, {rules:.0f} rules: {took:6.1f} s "
            f"({cpu:.1f} s of processor), {peak:5.0f} MB, {faults:,.0f} faults", flush=True,
        )  # fmt: skip
        if size == SIZES[0]:
            missed = took > MOST_SECONDS or peak > MOST_MEMORY
            print(f"{'MISSED' if missed else 'met':>9} bar {MOST_SECONDS:g} s, {MOST_MEMORY} MB")
    growth = steepness(found)
    steep = growth > STEEPEST
    print(f"{'MISSED' if steep else 'met':>9} bar: {growth:.2f} of the time a straight line gives")
    return int(missed or steep)


def steepness(found: list[tuple[float, float]]) -> float:
    """The last time, over that on the straight line through the first and the last but one."""
    (first, took), (before, second), (last, third) = found[0], found[-2], found[-1]
    if before == first:
        return third / second
    slope = (second - took) / (before - first)
    return third / (second + slope * (last - before))


if __name__ == "__main__":
    if "--write" in sys.argv or "--measure" in sys.argv:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
        import django

        django.setup()
        place = Path(sys.argv[-1])
        if "--write" in sys.argv:
            write(place, int(sys.argv[-2]))
        else:
            measure(place)
        sys.exit(0)
    sys.exit(main())
