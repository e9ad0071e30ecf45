"""Agreement between readers while records are read: 109 records that two have read, as pages.

    python -m benchmarks.moderation

Bar: the page of agreement in under 1 s with nothing remembered, as just after a reading was handed
in. It has every statistic of every question with its interval, and pairs, agencies, days and drift.
Beside it the same page while nothing changes, and the list of differences. By a client inside this
process, the best of seven, because the machine does other work too; how long the processor was busy
is printed beside it, and what is compared, as a template asks of a child only what applies to it.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from benchmarks._apart import settings

RECORDS, TEMPLATE, RUNS = 109, "risk-of-harm@1", 7
BAR = 1.0


def main() -> int:
    """Print the figures; the status is 1 when one is outside the bar."""
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as state:
        os.environ.update(settings(state, f"sqlite:///{state}/bench.sqlite3"))
        os.environ["SIGHTLINE_SECOND_FACTOR"] = "optional"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        return _measured()


def _measured() -> int:
    from sightline.access.actors import acting_as, command_line

    with acting_as(command_line()):
        round, client = _round()
    _say_what(round)
    here = f"/p/{round.area}/records/{round.slug}/"
    missed = False
    for name, address, before in (
        ("agreement, nothing remembered", f"{here}agreement/", _cold),
        ("agreement, nothing changed", f"{here}agreement/", _nothing),
        ("every difference", f"{here}moderation/?show=all", _nothing),
    ):
        seconds, busy = _best(client, address, before)
        missed |= seconds > BAR
        print(f"{name:34}{seconds:8.2f} s  (bar {BAR:g} s; busy {busy:.2f} s)", flush=True)
    return int(missed)


def _round() -> tuple[Any, Any]:
    """A round of Fife's own in which two have read every record, and whoever leads it."""
    import datetime as dt

    from django.test import Client
    from django.utils import timezone

    from sightline.access.actors import command_line
    from sightline.access.models import Assignment, User
    from sightline.record_reading.generating import make_round

    person = User.objects.create(email="lead@example.org", name="L. Lead")
    Assignment.objects.create(
        person=person, role="quality-lead", scope_kind="partnership", scope_key="fife",
        starts=dt.date(2020, 1, 1), granted_at=timezone.now(), granted_by="benchmark",
    )  # fmt: skip
    round = make_round(
        actor=command_line(), area="fife", slug="bench", template=TEMPLATE, size=RECORDS, seed=1,
        twice_share=100,
    )  # fmt: skip
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    return round, client


def _say_what(round: Any) -> None:
    from sightline.record_reading.agreement import agreement

    found = agreement(round)
    print(
        f"{found.records} records read twice, {len(found.items)} questions of {TEMPLATE}, "
        f"{found.answers:,} pairs of answers"
    )


def _cold() -> None:
    from sightline.record_reading import agreement
    from sightline.stats.agreement import draws

    agreement._KEPT.clear()
    draws.cache_clear()


def _nothing() -> None:
    """What is remembered stays."""


def _best(client: Any, address: str, before: Callable[[], None]) -> tuple[float, float]:
    """Seconds of the quickest run, by the clock and of the processor."""
    taken = []
    for _ in range(RUNS):
        before()
        began, busy = time.perf_counter(), time.process_time()
        status = client.get(address).status_code
        taken.append((time.perf_counter() - began, time.process_time() - busy))
        if status != 200:
            raise SystemExit(f"{address} answered {status}")
    return min(one for one, _ in taken), min(one for _, one in taken)


if __name__ == "__main__":
    sys.exit(main())
