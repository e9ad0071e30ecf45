"""What the trigger audit costs: writes with triggers and without, on both databases.

    python -m benchmarks.audit

Bars: single-row writes at most 15 % slower than without, median of five interleaved runs; bulk
writes at most 3 times as slow; 10,000 updated rows give 10,000 audit rows. Each database runs as it
is deployed: SQLite in a file with the settings of the project, PostgreSQL waiting for the disk.
"""

import argparse
import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from benchmarks._apart import on_both_databases

if TYPE_CHECKING:
    from sightline.access.models import Assignment

RUNS = 5
SINGLE = 2000  # writes in a single-row run: half are creations, half changes
WARM = 24  # PostgreSQL plans a statement anew five times before it keeps a plan
BLOCKS = 20  # parts of a run, the sides taking turns in each, so that a busy moment meets both
BULK = 10_000
MOST_SINGLE, MOST_BULK = 1.15, 3.0


def main() -> int:
    """Measure both databases; the status is 1 when a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--one", action="store_true", help="measure the database of the settings")
    if parser.parse_args().one:
        return measure()
    return on_both_databases("audit")


def measure() -> int:
    """Measure the database of the settings, print both sides, and say whether the bars hold."""
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)
    from sightline.access.actors import acting_as

    with acting_as("benchmark"):
        single = _side_by_side(_single_writes, SINGLE, BLOCKS)
        bulk = _side_by_side(_bulk_writes, BULK, 1)
        counted = _audit_rows_of_a_bulk_write()
    print(f"\n{connection.display_name}")
    good = _report("single-row writes", SINGLE, single, MOST_SINGLE)
    good &= _report("bulk writes", 2 * BULK, bulk, MOST_BULK)
    good &= counted == BULK
    print(f"  audit rows of {BULK:,} rows updated at once: {counted:,}")
    return 0 if good else 1


def _report(what: str, rows: int, taken: tuple[list[float], list[float]], most: float) -> bool:
    without, audited = (statistics.median(side) for side in taken)
    ratio = audited / without
    verdict = "holds" if ratio <= most else "MISSED"
    print(
        f"  {what}: without {rows / without:8,.0f} rows/s   audited {rows / audited:8,.0f} rows/s"
        f"   {ratio:.2f} times the time (bar {most:.2f}: {verdict})"
    )
    return ratio <= most


def _side_by_side(
    work: Callable[[str, int], float], size: int, blocks: int
) -> tuple[list[float], list[float]]:
    """Seconds of each run, without and with triggers, the sides taking turns within a run."""
    sides: tuple[list[float], list[float]] = ([], [])
    for run in range(RUNS):
        spent: tuple[list[float], list[float]] = ([], [])
        for block in range(blocks):
            for audited in (0, 1) if (run + block) % 2 else (1, 0):
                _set_triggers(audited)
                work(f"warm-{run}-{block}-{audited}", WARM)
                spent[audited].append(work(f"{run}-{block}-{audited}", size // blocks))
        for side, times in zip(sides, spent, strict=True):
            side.append(sum(times))
    _set_triggers(1)
    return sides


def _set_triggers(audited: int) -> None:
    from sightline.access.triggers import drop_triggers, install_triggers

    if audited:
        install_triggers()
    else:
        drop_triggers()


def _single_writes(name: str, writes: int) -> float:
    """Seconds for so many single-row writes, each its own transaction: made, then changed."""
    from sightline.access.models import Assignment, User

    person = User.objects.create(email=f"{name}-{time.monotonic_ns()}@example.org", name="P.")
    now = dt.datetime.now(dt.UTC)
    began = time.perf_counter()
    for number in range(writes // 2):
        made = Assignment.objects.create(
            person=person,
            role="chief-officer",
            scope_kind="partnership",
            scope_key=f"{name}-{number}",
            starts=dt.date(2026, 1, 1),
            granted_at=now,
            granted_by="benchmark",
        )
        made.ends = dt.date(2026, 12, 31)
        made.save()
    return time.perf_counter() - began


def _bulk_writes(name: str, count: int) -> float:
    """Seconds to make so many rows and change them all, in two calls."""
    from sightline.access.models import Assignment, User

    person = User.objects.create(email=f"bulk-{name}-{time.monotonic_ns()}@example.org", name="P.")
    rows = _rows(person.pk, count)
    began = time.perf_counter()
    Assignment.objects.bulk_create(rows, batch_size=1000)
    Assignment.objects.filter(person=person).update(ends=dt.date(2026, 12, 31))
    return time.perf_counter() - began


def _rows(person_id: int, count: int) -> "list[Assignment]":
    from sightline.access.models import Assignment

    now = dt.datetime.now(dt.UTC)
    return [
        Assignment(
            person_id=person_id,
            role="chief-officer",
            scope_kind="partnership",
            scope_key=f"row-{number}",
            starts=dt.date(2026, 1, 1),
            granted_at=now,
            granted_by="benchmark",
        )
        for number in range(count)
    ]


def _audit_rows_of_a_bulk_write() -> int:
    from sightline.access.models import Assignment, AuditEvent, User

    person = User.objects.create(email="counted@example.org", name="P.")
    Assignment.objects.bulk_create(_rows(person.pk, BULK), batch_size=1000)
    newest = AuditEvent.objects.order_by("-pk").first()
    if newest is None:
        return 0
    Assignment.objects.filter(person=person).update(ends=dt.date(2026, 12, 31))
    return AuditEvent.objects.filter(pk__gt=newest.pk, verb="row.changed").count()


if __name__ == "__main__":
    sys.exit(main())
