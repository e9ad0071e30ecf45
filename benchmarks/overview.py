"""Pages with 32 areas of 12 inspections each, under load; and the overview as PDF and Word.

    python -m benchmarks.overview [--requests 25]

Bars: 95 of 100 answers of every page within 150 ms, with 2 workers and 8 people asking at once (the
first answer of each worker apart: it reads the data); the PDF of the overview within 2 s.
"""

import argparse
import http.client
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
AREAS, EACH = 32, 12
WORKERS, PEOPLE = 2, 8
MOST_PAGE, MOST_PDF = 0.150, 2.0
SEED = 20261120
COOKIE = "sessionid"

PAGES = (
    "/home/",
    "/national/exercises/",
    "/national/findings/",
    "/national/findings/?programme=P1",
    "/national/findings/?programme=P1&judgement=2.1&judgement=2.2&from=2010&to=2020",
    "/national/findings/?partnership=fife&partnership=moray",
    "/national/findings/?care-and-protection-1=3&conflicts=2&changes=4",
    "/p/fife/exercises/fife-2003/",
    "/p/fife/exercises/fife-2003/report/",
    "/p/fife/exercises/fife-2003/evaluations/2-1/",
    "/frameworks/",
    "/frameworks/programmes/care-and-protection/",
    "/frameworks/children-2/",
    "/partnerships/",
)


def main() -> int:
    """Fill a database, serve it, ask; the status is 1 when a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=25, help="by each of the eight, a page")
    asked = parser.parse_args().requests
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as state:
        os.environ.update(
            SIGHTLINE_ENV_FILE=f"{state}/none.env",
            SIGHTLINE_SECRET_KEY="only-to-measure-with-" * 3,
            SIGHTLINE_DATA_KEYS="look:" + "A" * 43 + "=",
            SIGHTLINE_CONCERNS_KEYS="look:" + "B" * 42 + "A=",
            SIGHTLINE_HTTPS="false",
            SIGHTLINE_STATE=state,
            SIGHTLINE_DATABASE=f"sqlite:///{state}/bench.sqlite3",
            DJANGO_SETTINGS_MODULE="sightline.config.settings",
        )
        session = fill()
        with served() as port:
            missed = measure_pages(port, session, asked)
        return int(measure_files() or missed)


def fill() -> str:
    """384 inspections and a person who may see them; gives the session they are signed in with."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from sightline.access.actors import acting_as, command_line
    from tests.factories.access import UserFactory, assign

    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    began = time.perf_counter()
    with acting_as(command_line()):
        count = _import_all()
        person = assign(UserFactory(), "chief-officer", "partnership", "fife")
        browser = Client()
        browser.force_login(person)
    connection.close()
    print(f"{count} inspections imported in {time.perf_counter() - began:.0f} s")
    return str(browser.cookies[COOKIE].value)


def _import_all() -> int:
    from sightline.access.actors import command_line
    from sightline.inspections.published import add_sources, published_sources
    from sightline.inspections.services import import_document
    from sightline.kernel import plain_yaml
    from sightline.partnerships.queries import all_partnerships

    add_sources(published_sources())
    folder = CHECKOUT / "definitions" / "inspections"
    models = [
        plain_yaml.read(folder / f"{name}.yaml")
        for name in ("south-lanarkshire-2020", "north-lanarkshire-2023")
    ]
    draw = random.Random(SEED)
    areas = [area for area in all_partnerships() if not area.invented]
    assert len(areas) == AREAS
    for area in areas:
        for at in range(EACH):
            data = made_up(models[at % 2], area.code, 2000 + at * 2 + at % 2, draw)
            import_document(actor=command_line(), data=data, name=data["reference"])
    return AREAS * EACH


def made_up(model: dict[str, Any], area: str, year: int, draw: random.Random) -> dict[str, Any]:
    """A whole published inspection moved to another area and year, evaluated anew."""
    evaluations = []
    for evaluation in model["evaluations"]:
        stated = {**evaluation["stated"], "value": draw.randint(1, 6)}
        made = {**evaluation, "stated": stated}
        made.pop("also", None)
        if draw.random() < 0.15:
            made.pop("stated")
        elif draw.random() < 0.1:
            made["also"] = [{**stated, "value": 1 + stated["value"] % 6}]
        evaluations.append(made)
    evidence = [
        {**count, "count": draw.randint(0, 400), "printed": ""}
        for count in model["evidence"]
        if draw.random() < 0.8 and count["channel"] != "staff-survey-rate"
    ]
    dates = {"published": {**model["dates"]["published"], "value": f"{year}-06-16"}}
    kept = {key: value for key, value in model.items() if key not in {"pauses", "follows"}}
    return {
        **kept,
        "reference": f"{area}-{year}",
        "partnership": area,
        "dates": dates,
        "evidence": evidence,
        "evaluations": evaluations,
    }


@contextmanager
def served() -> Iterator[int]:
    """A gunicorn with two workers on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [
        sys.executable, "-m", "gunicorn", "sightline.config.wsgi:application",
        "--workers", str(WORKERS), "--bind", f"127.0.0.1:{port}", "--log-level", "error",
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=CHECKOUT)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server did not start.")


def ask(port: int, address: str, session: str) -> tuple[int, float]:
    """The status of one answer and how long it took, whole, on a connection of its own."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", address, headers={"Cookie": f"{COOKIE}={session}"})
        response = connection.getresponse()
        response.read()
    finally:
        connection.close()
    return response.status, time.perf_counter() - began


def measure_pages(port: int, session: str, asked: int) -> bool:
    """Ask every page by eight at once; True when one is slower than its bar."""
    print(f"\n{'page':<84}{'status':>7}{'p50 ms':>8}{'p95 ms':>8}   bar 150 ms")
    missed = False
    for address in PAGES:
        for _ in range(4 * WORKERS):
            ask(port, address, session)
        statuses, times = _at_once(port, address, session, asked)
        middle, slow = statistics.median(times), quantile(times, 0.95)
        ok = slow <= MOST_PAGE and statuses == {200}
        missed |= not ok
        codes = "/".join(map(str, sorted(statuses)))
        verdict = "" if ok else "   MISSED"
        print(f"{address:<84}{codes:>7}{middle * 1000:>8.0f}{slow * 1000:>8.0f}{verdict}")
    return missed


def _at_once(port: int, address: str, session: str, asked: int) -> tuple[set[int], list[float]]:
    statuses: set[int] = set()
    times: list[float] = []

    def person() -> None:
        for _ in range(asked):
            status, taken = ask(port, address, session)
            statuses.add(status)
            times.append(taken)

    people = [threading.Thread(target=person) for _ in range(PEOPLE)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    return statuses, times


def quantile(times: Sequence[float], share: float) -> float:
    """The time that `share` of the answers did not exceed."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure_files() -> bool:
    """The overview of all 384 as files, median of three; True when the PDF misses its bar."""
    from django.http import QueryDict

    from sightline.inspections.overview_shown import shown

    print(f"\n{'file of all inspections':<40}{'s':>8}   bar 2 s for the PDF")
    missed = False
    for kind in ("pdf", "docx", "xlsx", "csv"):
        times = []
        for _ in range(3):
            began = time.perf_counter()
            size = len(shown(QueryDict("")).file(kind))
            times.append(time.perf_counter() - began)
        taken = statistics.median(times)
        slow = kind == "pdf" and taken > MOST_PDF
        missed |= slow
        print(f"{kind} ({size:,} bytes)".ljust(40) + f"{taken:>8.2f}{'   MISSED' if slow else ''}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
