"""Results of a large record reading: counted, protected and declared at locking, opened as pages.

    python -m benchmarks.record_results

Bars: 754 records × 60 items × 8 breakdowns counted in under 1 s, and a page of them in under 1 s.
Locking's job, which protects and keeps, and files are timed beside them.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks._apart import settings

RECORDS, ITEMS, PAGES = 754, 60, 7
TEMPLATE = "care-and-protection@1"
BARS = {"counted": 1.0, "page": 1.0, "job": 60.0, "file": 5.0}


def main() -> int:
    """Print the figures; the status is 1 when one is outside its bar."""
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
    missed = False
    for name, kind, seconds in _figures():
        bar = BARS[kind]
        missed |= seconds > bar
        print(f"{name:52}{seconds:8.2f} s  (bar {bar:g} s)", flush=True)
    return int(missed)


def _figures() -> Iterator[tuple[str, str, float]]:
    from django.utils import timezone

    from sightline.access.actors import acting_as, command_line
    from sightline.record_reading.generating import How, make_round
    from sightline.record_reading.services.publishing import count_round
    from tests.factories.access import UserFactory, assign

    actor = command_line()
    with acting_as(actor):
        round = make_round(
            actor=actor, area="fife", slug="large", template=TEMPLATE, size=RECORDS, seed=1,
            how=How(settled=0.9),
        )  # fmt: skip
        round.state, round.locked_at, round.locked_by = "locked", timezone.now(), "command:bench"
        round.save()
        yield from _counting(round)
        began = time.perf_counter()
        count_round(actor=actor, key=round.pk)
        yield f"{RECORDS} records protected, declared and kept", "job", time.perf_counter() - began
        lead = assign(UserFactory(), "quality-lead", "partnership", "fife")
        chief = assign(UserFactory(), "chief-officer", "partnership", "fife")
    yield from _pages(lead, chief)


def _counting(round: Any) -> Iterator[tuple[str, str, float]]:
    from sightline.record_reading import asking
    from sightline.record_reading.counting import Way, count, given, units
    from sightline.record_reading.publishing import held

    began = time.perf_counter()
    found = held(round)
    yield f"{RECORDS} records opened and settled", "counted", time.perf_counter() - began
    every = units(asking.template(TEMPLATE))
    # As many items and breakdowns as the bar names, however many this template has of each.
    items = [every[at % len(every)] for at in range(ITEMS)]
    lead = Way("lead_agency", "Lead agency", {"social-work": "Social work"})
    ways = ([*found.ways, lead] * 8)[:8]
    began = time.perf_counter()
    where = [[way.of(case) for case in found.cases] for way in ways]
    for unit in items:
        answers = given(unit, found.cases)
        for categories in where:
            count(unit, answers, categories)
    size = f"{RECORDS} × {ITEMS} × {len(ways)}"
    yield f"{size} counted", "counted", time.perf_counter() - began


def _pages(lead: Any, chief: Any) -> Iterator[tuple[str, str, float]]:
    from django.test import Client

    from sightline.access.actors import acting_as, command_line

    clients = {}
    for name, person in (("exact", lead), ("protected", chief)):
        clients[name] = Client(SERVER_NAME="localhost")
        with acting_as(command_line()):
            clients[name].force_login(person)
    home = "/p/fife/records/large/results/"
    for name, client in clients.items():
        for what, address in {
            "all items": home, "an item by care type": f"{home}plan-quality/?by=care_type",
        }.items():  # fmt: skip
            get = _opened(client, address)
            get()
            yield (
                f"page of {what}, {name}, median of {PAGES}",
                "page",
                statistics.median(_times(get)),
            )
    for kind in ("csv", "xlsx", "json", "pdf"):
        get = _opened(clients["protected"], f"{home}file.{kind}")
        yield f"file, {kind}", "file", next(iter(_times(get, 1)))


def _opened(client: Any, address: str) -> Callable[[], object]:
    def get() -> object:
        answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status_code}")
        return answer

    return get


def _times(deed: Callable[[], object], often: int = PAGES) -> list[float]:
    found = []
    for _ in range(often):
        began = time.perf_counter()
        deed()
        found.append(time.perf_counter() - began)
    return found


if __name__ == "__main__":
    sys.exit(main())
