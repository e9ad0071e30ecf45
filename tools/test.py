"""`make test`: every test on SQLite, the database-facing ones on PostgreSQL, then a browser.

What the machine lacks is named and its tests are skipped; with SIGHTLINE_SKIP_IS_FAILURE=true
(CI sets it) what is lacking is a failure.
"""

import os
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import run

from tools.bootstrap import missing
from tools.postgres import cluster
from tools.steps import CHECKOUT, say

NO_TESTS = 5
WORKERS = max(1, min(4, os.cpu_count() or 1))
# Neighbours stay together, so what a module makes for its tests is made once; who is done early
# takes over what is left. Journeys stay together by group, since they share served copies.
SIDE_BY_SIDE = ("-n", str(WORKERS), "--dist", "worksteal") if WORKERS > 1 else ()
BY_GROUP = ("-n", str(WORKERS), "--dist", "loadgroup", "--no-loadscope-reorder")
BROWSERS = BY_GROUP if WORKERS > 1 else ()


@dataclass
class Totals:
    """What a part came to."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    not_run: str = ""

    def __str__(self) -> str:
        if self.not_run:
            return f"{self.name}: not run, {self.not_run}"
        counts = [f"{self.passed} passed"]
        counts += [f"{self.failed} failed"] if self.failed else []
        counts += [f"{self.skipped} skipped"] if self.skipped else []
        return f"{self.name}: {', '.join(counts)} in {self.seconds:.0f} s"


def read_totals(name: str, report: Path) -> Totals:
    """The counts of a JUnit report; one that was never written is a failure."""
    if not report.is_file():
        return Totals(name, failed=1)
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314 - we just wrote it
        for kind in counts:
            counts[kind] += int(suite.get(kind, "0"))
    failed = counts["failures"] + counts["errors"]
    passed = counts["tests"] - failed - counts["skipped"]
    return Totals(name, passed, failed, counts["skipped"])


def pytest(name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> Totals:
    """Run one part, showing what it prints."""
    say(f"\n== {name}")
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sightline-report-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments]
        status = run(
            command, cwd=CHECKOUT, env={**os.environ, **environment}, check=False
        ).returncode
        totals = read_totals(name, report)
    if status not in {0, NO_TESTS} and not totals.failed:
        totals.failed = 1
    totals.seconds = time.monotonic() - started
    return totals


@contextmanager
def postgresql() -> Iterator[Mapping[str, str]]:
    """An environment in which the tests run on a PostgreSQL of their own."""
    with cluster() as url:
        yield {"SIGHTLINE_TEST_DATABASE": url}


def parts(more: Sequence[str]) -> Iterator[Totals]:
    """Every part in turn, with the arguments given added to each."""
    coverage = ("--cov", "--cov-report=term:skip-covered") if not more else ()
    yield pytest("SQLite", ["-m", "not journey", *SIDE_BY_SIDE, *coverage, *more], {})
    lacking = missing()
    if "postgres" in lacking:
        yield Totals("PostgreSQL", not_run="PostgreSQL is not here (package postgresql)")
    else:
        with postgresql() as environment:
            chosen = ["-m", "not journey", "--only-database", *SIDE_BY_SIDE]
            yield pytest("PostgreSQL", [*chosen, *more], environment)
    if "chromium" in lacking:
        yield Totals("browser", not_run="Chromium is not here (package chromium)")
    else:
        chosen = ["-m", "journey", *BROWSERS, *(more or ["tests/journeys"])]
        yield pytest("browser", chosen, {})


def main() -> None:
    """Run the parts, print a closing line for each, and fail if any part did."""
    strict = os.environ.get("SIGHTLINE_SKIP_IS_FAILURE") == "true"
    done = list(parts(sys.argv[1:]))
    for program in missing():
        say(f"{program} is not here" + (", and here that is a failure." if strict else "."))
    say("\n" + "\n".join(str(totals) for totals in done))
    seconds = sum(totals.seconds for totals in done)
    bad = [t.name for t in done if t.failed or (strict and (t.not_run or t.skipped))]
    if bad or (strict and missing()):
        sys.exit(f"FAILED ({', '.join(bad) or 'something is missing'}) in {seconds:.0f} s")
    say(f"All passed in {seconds:.0f} s: {sum(totals.passed for totals in done)} tests.")


if __name__ == "__main__":
    main()
