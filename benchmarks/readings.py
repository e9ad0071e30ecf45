"""Reading records: how soon what is typed is saved, and nothing lost when something is killed.

    python -m benchmarks.readings [--seconds 60] [--kills 300] [--only speed|kills]

Speed: two gunicorn workers, the clients and the database on the same two cores. 20 readers at once
each have a section open and type without a pause to speak of: each saves once a second, more often
than the page's own script ever does in the long run (one second after a pause, at the latest every
five). Bar: 95 of 100 are told within 150 ms that it is saved. Beside it, how many a second are
saved when everybody saves as fast as they are answered.

Kills: somebody types, and 0 to 50 milliseconds after the bytes are sent the server is killed
(SIGKILL of gunicorn and its workers), the tab (SIGKILL of the client; every fifth a real Chromium
whose tab is closed), the network (both sides reset by a proxy), or the sign-in (the session is
deleted). Bar: every character somebody was told is saved, or kept for them, stands on the page that
they open next; and nothing is stored twice.
"""

import argparse
import asyncio
import contextlib
import html
import json
import os
import random
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from benchmarks._apart import CHECKOUT, settings
from benchmarks.surveys import _ask, serving

READERS, MOST_P95 = 20, 0.150
BETWEEN = 1.0
SECTION, BOX = "plan", "why-plan-quality"
TEMPLATE = "care-and-protection@1"
WORDS = "The plan says who does what and by when, and the young person had a hand in it. "


def main() -> int:
    """Measure on both databases, each in a process of its own; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--one", action="store_true", help="measure the database of the settings")
    parser.add_argument("--seconds", type=float, default=60.0, help="of typing")
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=["speed", "kills"], default="")
    parser.add_argument("--on", choices=["sqlite", "postgresql"], default="")
    chosen = parser.parse_args()
    if chosen.one:
        return measure(chosen)
    from tools.postgres import cluster

    command = [sys.executable, "-m", "benchmarks.readings", "--one", *sys.argv[1:]]

    def run(state: str, database: str) -> int:
        made = {**settings(state, database), "SIGHTLINE_HOSTS": "127.0.0.1"}
        made |= {"SIGHTLINE_JOBS": "immediate", "SIGHTLINE_SECOND_FACTOR": "optional"}
        made |= {"DJANGO_ALLOW_ASYNC_UNSAFE": "true"}  # Playwright keeps a loop in its thread
        return subprocess.run(command, env=made, cwd=CHECKOUT, check=False).returncode

    missed = 0
    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as state:
        if chosen.on != "postgresql":
            missed |= run(state, f"sqlite:///{state}/bench.sqlite3")
        if chosen.on != "sqlite":
            with cluster(durable=True) as url:
                missed |= run(state, url)
    return missed


def measure(chosen: argparse.Namespace) -> int:
    """Both parts on the database of the settings."""
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    print(f"\n{connection.display_name}, load {os.getloadavg()[0]:.1f} before", flush=True)
    good = True
    if chosen.only != "kills":
        good &= measure_speed(chosen.seconds)
    if chosen.only != "speed":
        from benchmarks._reading_kills import run

        good &= run(chosen.kills, seed=chosen.seed)
    return 0 if good else 1


# Readers


@dataclass
class Reader:
    """Somebody signed in, with a section of a reading open."""

    person: Any
    path: str
    cookies: dict[str, str] = field(default_factory=dict)
    typed: str = ""
    based_on: int = 0
    marker: str = ""
    of: str = ""

    def sign_in(self) -> None:
        """A session of their own, as signing in makes one."""
        from django.test import Client

        from sightline.access.actors import acting_as

        client = Client()
        with acting_as(self.person):
            client.force_login(self.person)
        self.cookies = {
            "sessionid": client.cookies["sessionid"].value,
            "csrftoken": secrets.token_hex(16),
        }

    def head(self, request: str, *more: str) -> str:
        """The first lines of a request."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"{request} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {cookies}", *more]
        return "\r\n".join([*lines, "Connection: close", "", ""])

    def opening(self) -> bytes:
        """A request for the page."""
        return self.head(f"GET {self.path}", "Accept: text/html").encode()

    def opened(self, page: str) -> str:
        """Take what the page holds, and give the words that stand in the box."""
        self.based_on = int(_value(page, "based_on"))
        self.marker, self.of = _value(page, "sightline_typed"), _value(page, "of")
        box = re.search(rf'<textarea name="{BOX}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
        self.typed = html.unescape(box[1]) if box else ""
        return self.typed

    def saving(self, token: str) -> bytes:
        """A request that saves what is typed now, as the script of the page sends it."""
        fields = {
            "sightline_typed": self.marker, "sightline_sitting": "sitting", "of": self.of,
            "based_on": self.based_on, "token": token, "q-plan-present": "yes",
            "q-plan-quality": "2", BOX: self.typed,
        }  # fmt: skip
        body = urlencode(fields).encode()
        head = self.head(
            f"POST {self.path}",
            "Accept: application/json",
            "Sightline-Activity: yes",
            f"X-CSRFToken: {self.cookies['csrftoken']}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        )
        return head.encode() + body


def _value(page: str, name: str) -> str:
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    return html.unescape(found[1]) if found else ""


def readers(count: int) -> list[Reader]:
    """So many people of one round, each with a reading whose plan is begun."""
    from sightline.access.actors import acting_as
    from sightline.record_reading.asking import template
    from tests.factories import record_reading as made
    from tests.factories.access import UserFactory, assign

    with acting_as("command:benchmark"):
        round = made.OpenRoundFactory(area="fife", template=TEMPLATE, supervisor="D. Support")
        sample = made.SampleFactory(round=round)
        group = template(TEMPLATE).strata[0]
        found = []
        for number in range(1, count + 1):
            person = assign(UserFactory(), "local-record-reader", "partnership", "fife")
            facts = made.facts(number, stratum=group.code, population=group.population)
            record = made.SampledRecordFactory(
                sample=sample, number=number, stratum=group.code, facts=facts
            )
            reader = made.ReaderFactory(round=round, person=person)
            reading = made.ReadingFactory(reader=reader, record=record, template=TEMPLATE)
            begin(person, reading)
            path = f"/p/fife/records/{round.slug}/readings/{number}/{SECTION}/"
            found.append(Reader(person, path))
    for one in found:
        one.sign_in()
    return found


def begin(person: Any, reading: Any) -> None:
    """Answer that there is a plan, so that its page asks how good it is."""
    from sightline.record_reading.services.reading import save_section

    save_section(
        actor=person, reading=reading, section=SECTION, based_on=0, token=uuid4(),
        answers={"values": {"plan-present": "yes"}},
    )  # fmt: skip


def body_of(answer: bytes) -> tuple[int, str]:
    """Status and body of an answer; 0 where it was cut short."""
    head, found, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    if not found or (length and len(body) < int(length[1])):
        return 0, ""
    return int(head.split(b" ", 2)[1]), body.decode()


# Speed


def measure_speed(seconds: float) -> bool:
    """Print how soon saving is told; whether the bar holds."""
    people = readers(READERS)
    with serving("sightline.config.wsgi:application") as port:
        asyncio.run(_everybody(port, people, 3.0, BETWEEN))  # each worker has met each statement
        took, refused = asyncio.run(_everybody(port, people, seconds, BETWEEN))
        most, _ = asyncio.run(_everybody(port, people, min(seconds, 10.0), 0.0))
    cuts = statistics.quantiles(took, n=100)
    good = cuts[94] < MOST_P95 and not refused
    print(
        f"  {READERS} readers, {len(took) / seconds:.0f} saves a second: "
        f"p50 {cuts[49] * 1000:.0f} ms, p95 {cuts[94] * 1000:.0f} ms "
        f"(bar {MOST_P95 * 1000:.0f}), p99 {cuts[98] * 1000:.0f} ms, not saved {refused}: "
        f"{'hold' if good else 'MISSED'}"
    )
    print(
        f"  as fast as they are answered: {len(most) / min(seconds, 10.0):.0f} a second", flush=True
    )
    return good


async def _everybody(
    port: int, people: list[Reader], seconds: float, between: float
) -> tuple[list[float], int]:
    """How long each save took, and how many were not told that they are saved."""
    took: list[float] = []
    refused = 0
    chance = random.Random(1)

    async def one(reader: Reader, until: float) -> None:
        nonlocal refused
        reader.opened(body_of(await _ask(port, reader.opening()))[1])
        await asyncio.sleep(chance.uniform(0, between))
        while time.monotonic() < until:
            reader.typed = f"{reader.typed[-2000:]}{WORDS[: chance.randrange(3, 12)]}"
            began = time.perf_counter()
            status, body = body_of(await _ask(port, reader.saving(str(uuid4()))))
            took.append(time.perf_counter() - began)
            said = json.loads(body) if status == 200 else {}
            if "saved" in said:
                reader.based_on = said["saved"]
            else:
                refused += 1
            await asyncio.sleep(max(0.0, between - took[-1]) * chance.uniform(0.8, 1.2))

    until = time.monotonic() + seconds
    await asyncio.gather(*(one(reader, until) for reader in people))
    return took, refused


@contextlib.contextmanager
def one_reader() -> Iterator[Reader]:
    """Somebody with a reading, for the kills."""
    yield readers(1)[0]


if __name__ == "__main__":
    sys.exit(main())
