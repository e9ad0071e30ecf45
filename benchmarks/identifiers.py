"""What the detector of identifiers finds of the written corpus, and how long a table takes it.

    python -m benchmarks.identifiers

Bars: of structured identifiers at least 99 % found, of names at least 90 %, under 2 % of clean
cells flagged, on each part of the corpus; 20,000 rows of 20 columns in under 2 s of processor.
`apart` is the part of the corpus written before the rules, with other sentences and other names.
"""

import datetime as dt
import random
import sys
import time

from sightline.identifiers import Kind, look_at_columns
from tests.identifiers.measuring import Found, measure

LEAST_STRUCTURED, LEAST_NAMES, MOST_FALSE = 0.99, 0.90, 0.02
ROWS, MOST_SECONDS, RUNS = 20_000, 2.0, 3


def main() -> int:
    """Measure both parts and the table; the status is 1 when a bar is missed."""
    missed = False
    for part in ("known", "apart"):
        found = measure(part)
        show(part, found)
        missed |= found.share(names=False) < LEAST_STRUCTURED
        missed |= found.share(names=True) < LEAST_NAMES
        missed |= found.false_alarms >= MOST_FALSE
    seconds = min(_look() for _ in range(RUNS))
    print(f"{ROWS:,} rows of 20 columns: {seconds:.2f} s of processor (bar {MOST_SECONDS} s)")
    return int(missed or seconds >= MOST_SECONDS)


def show(part: str, found: Found) -> None:
    """Print one part of the corpus, a line each kind."""
    print(f"{part}: {found.texts} texts, {found.clean:,} clean cells")
    print(f"  {'':26}{'marked':>8}{'found':>8}{'share':>9}{'whole':>9}")
    for kind in Kind:
        marked, hit, whole = found.marked[kind], found.found[kind], found.whole[kind]
        if marked:
            shares = f"{hit / marked:9.1%}{whole / marked:9.1%}"
            print(f"  {kind.noun:26}{marked:8}{hit:8}{shares}")
    print(f"  structured {found.share(names=False):.1%} (bar {LEAST_STRUCTURED:.0%})", end=", ")
    print(f"names {found.share(names=True):.1%} (bar {LEAST_NAMES:.0%})", end=", ")
    print(f"clean cells flagged {found.false_alarms:.2%} (bar under {MOST_FALSE:.0%}),", end=" ")
    print(f"{len(found.beside)} findings beside a mark\n")


def _look() -> float:
    header, rows = table()
    began = time.process_time()
    look_at_columns(header, rows)
    return time.process_time() - began


def table() -> tuple[list[str], list[list[object]]]:
    """A return of 20 columns as a partnership might send it, with a column of free text."""
    chance = random.Random(1)
    header = [
        "Reference",
        "Council",
        "Data zone",
        "Age",
        "Sex",
        "Date of referral",
        "Date closed",
        "Placement",
        "Reason",
        "Score",
        "Rate",
        "Legal status",
        "Locality",
        "Team",
        "Quarter",
        "Reviews",
        "Attendance",
        "Notes",
        "Case code",
        "Year",
    ]
    notes = (
        "Seen at home with a worker, plan agreed on {}.",
        "Review held, {} professionals present and chair satisfied.",
        "No change since the last visit of {} weeks ago",
        "Waiting for a place; letter {} sent",
    )
    rows: list[list[object]] = [
        [
            f"SL-2024-{row:05}", "South Lanarkshire", f"S0101{chance.randrange(1000, 9999)}",
            chance.randrange(18), chance.choice("MF"),
            dt.date(2020, 1, 1) + dt.timedelta(chance.randrange(1500)),
            f"2024-0{chance.randrange(1, 9)}-1{chance.randrange(9)}", "Kinship care", "Neglect",
            chance.random(), chance.random(), "Section 25", chance.choice(("Hamilton", "Douglas")),
            "Team 4", "Q1", chance.randrange(9), f"{chance.random():.3f}",
            chance.choice(notes).format(chance.randrange(10_000)),
            f"{chance.randrange(10**9)}", 2024,
        ]
        for row in range(ROWS)
    ]  # fmt: skip
    return header, rows


if __name__ == "__main__":
    sys.exit(main())
