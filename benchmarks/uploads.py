"""What checking a file costs: a workbook of 20,000 rows, and a CSV of a million streamed.

    python -m benchmarks.uploads

Bars: the workbook checked whole (types, rules, identifiers) in under 5 s and 300 MB; the CSV
streamed through types and rules in under 30 s and 300 MB. What the search for identifiers adds to
the CSV is printed beside it. Each is measured in a process of its own, as the peak of its memory;
files are read sealed, as uploads are.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
ROWS = {"xlsx": 20_000, "csv": 1_000_000, "csv-identifiers": 1_000_000, "parquet": 1_000_000}
BARS = {"xlsx": (5.0, 300), "csv": (30.0, 300)}
TITLES = ("Label", "Locality", "Kind", "Started", "Ended", "Meetings", "Days", "Rate", "Note")
KINDS = ("start", "review", "transfer", "end")


def rows(count: int) -> Iterator[list[object]]:
    """Rows such as a partnership sends: labels, codes, dates, counts, a short note."""
    chance = random.Random(20)
    notes = ("", "late: two agencies away", "on time", "put off once, by a week", "n/a")
    for number in range(count):
        month, day = chance.randint(1, 12), chance.randint(1, 28)
        yield [
            f"R-{number:07d}", f"L{chance.randint(1, 9)}", chance.choice(KINDS),
            f"2025-{month:02d}-{day:02d}", f"2026-{month:02d}-{day:02d}",
            chance.randint(0, 12), chance.randint(0, 400), round(chance.random() * 60, 1),
            chance.choice(notes),
        ]  # fmt: skip


def write(kind: str, folder: str) -> Path:
    """Write a file of a kind in the clear; it is sealed before it is measured."""
    import csv

    path = Path(folder) / f"bench.{kind.partition('-')[0]}"
    if kind == "xlsx":
        from openpyxl import Workbook

        book = Workbook(write_only=True)
        sheet = book.create_sheet("Rows")
        sheet.append(TITLES)
        for row in rows(ROWS[kind]):
            sheet.append(row)
        book.save(path)
        return path
    text = path.with_suffix(".csv")
    with text.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(TITLES)
        writer.writerows(rows(ROWS[kind]))
    if kind == "parquet":
        import duckdb

        duckdb.execute(f"COPY (FROM read_csv('{text}')) TO '{path}' (FORMAT parquet)")
    return path


def measure(kind: str, path: Path) -> None:
    """Check one file and print seconds and megabytes at the peak."""
    import django

    django.setup()
    from sightline.access.enums import Permission
    from sightline.access.scopes import Scope
    from sightline.secrets import open_sealed
    from sightline.uploads.checking import FileCheck
    from sightline.uploads.kinds import Column, Kind, Outcome
    from sightline.warehouse.reading import Source, open_table

    nothing: Callable[..., Outcome] = lambda **_: Outcome()  # noqa: E731
    found = Kind(
        code="bench",
        title="Bench",
        what="One row a meeting.",
        columns=(
            Column("label", "Label", required=True),
            Column("locality", "Locality"),
            Column("kind", "Kind", kind="code", options=KINDS),
            Column("started", "Started", kind="date", required=True),
            Column("ended", "Ended", kind="date"),
            Column("meetings", "Meetings", kind="whole", least=0, most=100),
            Column("days", "Days", kind="whole", least=0),
            Column("rate", "Rate", kind="number"),
            Column("note", "Note"),
        ),
        needs=Permission.PARTNERSHIP_EDIT,
        scope_kind="partnership",
        commit=nothing,
        undo=nothing,
    )
    source = Source(
        open=lambda: open_sealed(path, about="bench"), name=path.stem, size=path.stat().st_size
    )
    before = time.perf_counter()
    table = open_table(source)
    looks = kind in {"xlsx", "csv-identifiers"}
    check = FileCheck(table, found, Scope("partnership", "fife"), looks=looks)
    tally = check.run()
    taken = time.perf_counter() - before
    assert tally.rows == ROWS[kind], tally.rows
    assert tally.good == ROWS[kind], [(group.what, group.places) for group in tally.groups()]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{taken:.2f} {peak:.0f} {len(check.identified)}")


def main() -> int:
    """Measure each; the status is 1 when a bar is missed."""
    if len(sys.argv) > 2:
        measure(sys.argv[1], Path(sys.argv[2]))
        return 0
    missed = 0
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as state:
        for kind in ROWS:
            path = write(kind, state)
            missed |= _measure_apart(kind, _sealed(path, state), state)
            path.unlink()
    return missed


def _settings(state: str) -> dict[str, str]:
    return {
        **os.environ,
        "SIGHTLINE_ENV_FILE": f"{state}/none.env",
        "SIGHTLINE_SECRET_KEY": "only-to-measure-with-" * 3,
        "SIGHTLINE_DATA_KEYS": "bench:" + "A" * 43 + "=",
        "SIGHTLINE_CONCERNS_KEYS": "bench:" + "B" * 42 + "A=",
        "SIGHTLINE_HTTPS": "false",
        "SIGHTLINE_STATE": state,
        "SIGHTLINE_DATABASE": f"sqlite:///{state}/bench.sqlite3",
        "DJANGO_SETTINGS_MODULE": "sightline.config.settings",
    }


def _sealed(path: Path, state: str) -> Path:
    """The file sealed, by a process of its own so that its memory is not ours."""
    code = (
        "import sys, django; django.setup()\n"
        "from sightline.secrets import seal_stream\n"
        "seal_stream(open(sys.argv[1], 'rb'), open(sys.argv[2], 'wb'), about='bench')\n"
    )
    sealed = path.with_suffix(path.suffix + ".sealed")
    command = [sys.executable, "-c", code, str(path), str(sealed)]
    subprocess.run(command, env=_settings(state), cwd=CHECKOUT, check=True)
    return sealed


def _measure_apart(kind: str, path: Path, state: str) -> int:
    command = [sys.executable, "-m", "benchmarks.uploads", kind, str(path)]
    done = subprocess.run(
        command, env=_settings(state), cwd=CHECKOUT, check=True, capture_output=True, text=True
    )
    taken, peak, identified = done.stdout.split()
    most = BARS.get(kind)
    bar = f"bars {most[0]:.0f} s, {most[1]} MB" if most else "no bar"
    print(
        f"{kind:16} {ROWS[kind]:>9,} rows  {float(taken):6.2f} s  {float(peak):4.0f} MB  "
        f"{identified} cells identified  ({bar})"
    )
    return int(bool(most) and (float(taken) >= most[0] or float(peak) >= most[1]))


if __name__ == "__main__":
    sys.exit(main())
