"""Statistics beside their bars: agreement, a million terms of quantity, and the import.

    python -m benchmarks.stats

Bars: every statistic of agreement with its interval for 109 records × 60 items × 2 readers in under
1 s; a million terms of quantity a second; import of every module under 0.4 s. Best of five runs,
because the machine does other work too. Numpy's products are kept to one thread: on two busy cores
the second thread waits for the first.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RECORDS, ITEMS, TERMS, RUNS = 109, 60, 1_000_000, 5
MOST_AGREEMENT, LEAST_TERMS, MOST_IMPORT = 1.0, 1_000_000, 0.4
PACKAGE = Path(__file__).parents[1] / "sightline/stats"


@dataclass(frozen=True)
class Measured:
    """One figure beside its bar."""

    what: str
    figure: str
    bar: str
    met: bool


def main() -> int:
    """Print each figure beside its bar; the status is 1 when one is missed."""
    found = [agreement(), report(), terms(), imports()]
    width = max(len(one.what) for one in found)
    for one in found:
        met = "met" if one.met else "MISSED"
        print(f"{one.what.ljust(width)}  {one.figure:>18}  bar {one.bar:<18} {met}")
    return int(not all(one.met for one in found))


def best(work: Callable[[], object]) -> float:
    """Seconds of the quickest of the runs."""
    taken = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


def readings() -> list[list[tuple[int, int]]]:
    """Six-point answers of two readers who agree seven times in ten, or by chance."""
    chance = random.Random(1)

    def pair() -> tuple[int, int]:
        value = chance.randrange(1, 7)
        return value, value if chance.random() < 0.7 else chance.randrange(1, 7)

    return [[pair() for _ in range(RECORDS)] for _ in range(ITEMS)]


def agreement() -> Measured:
    """All six statistics of every item, each with its interval."""
    from sightline.stats.agreement import Scale, measures, tally

    items = readings()

    def work() -> None:
        for units in items:
            measures(tally(units, values=range(1, 7)), scale=Scale.ORDINAL)

    seconds = best(work)
    what = f"agreement, {RECORDS} × {ITEMS} × 2, all statistics"
    return Measured(what, f"{seconds:.2f} s", f"{MOST_AGREEMENT} s", seconds < MOST_AGREEMENT)


def report() -> Measured:
    """The same as a report: items, the pair, two periods and their drift."""
    from sightline.stats.agreement_report import Answer, ItemScale, Scale, agreement_report

    answers = [
        Answer(f"r{i}", reader, f"item {item}", value, period=str(i // 55))
        for item, units in enumerate(readings())
        for i, pair in enumerate(units)
        for reader, value in zip("AB", pair, strict=True)
    ]
    scale = ItemScale(Scale.ORDINAL, tuple(range(1, 7)))
    scales = {f"item {item}": scale for item in range(ITEMS)}
    seconds = best(lambda: agreement_report(answers, scales))
    what = "the same as a report, with pair, periods and drift"
    return Measured(what, f"{seconds:.2f} s", f"{MOST_AGREEMENT} s", seconds < MOST_AGREEMENT)


def terms() -> Measured:
    """Terms of a million shares at once."""
    import numpy as np

    from sightline.framework.definitions import load
    from sightline.stats.phrases import words_of_many

    chance = np.random.default_rng(1)
    base = chance.integers(1, 5000, TERMS)
    part = chance.integers(0, base + 1)
    words = load(Path(__file__).parents[1] / "definitions").terms.get("quantity@1")
    rate = TERMS / best(lambda: words_of_many(part, base, words))
    return Measured(
        "terms of quantity", f"{rate:,.0f} a second", f"{LEAST_TERMS:,} a second",
        rate >= LEAST_TERMS,
    )  # fmt: skip


def imports() -> Measured:
    """Import of every module of the package, in a process of its own."""
    names = sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")
    modules = ", ".join(f"sightline.stats.{name}" for name in [*names, "disclosure"])
    script = f"import time; t = time.perf_counter(); import {modules}; print(time.perf_counter()-t)"
    taken = [
        float(
            subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout
        )
        for _ in range(RUNS)
    ]
    what = f"import of {len(names) + 1} modules"
    return Measured(what, f"{min(taken):.2f} s", f"{MOST_IMPORT} s", min(taken) < MOST_IMPORT)


if __name__ == "__main__":
    sys.exit(main())
