"""Answers of respondents: how many are taken in a second, and none lost when something is killed.

    python -m benchmarks.surveys [--seconds 2] [--rounds 9] [--kills 200] [--only speed|kills]

Speed: two gunicorn workers, the clients and the database on the same two cores. In turns, 50 people
at once post pages of the staff survey, which are saved under their sessions, and 50 post a form of
the same size to the least that Django can do (`_bare`). Bars: at least 40 % as many pages a second,
99 of 100 answered within 500 ms. Whole sendings (begin, every page, send) are printed beside.

Kills: 2,000 people with codes of their own answer, four at a time, while 200 times a server or a
client is killed 0 to 50 ms after the bytes were sent. Bars: what a client was told is saved is
there, and nobody's answers are there twice.
"""

import argparse
import asyncio
import contextlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from benchmarks._apart import CHECKOUT, settings
from benchmarks.kills import free_port

if TYPE_CHECKING:
    from sightline.surveys.models import Survey

AT_ONCE = 50
LEAST_SHARE, MOST_P99 = 0.40, 0.500
PATIENCE = 60.0


def main() -> int:
    """Measure on both databases, each in a process of its own; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--one", action="store_true", help="measure the database of the settings")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each turn")
    parser.add_argument("--rounds", type=int, default=9, help="turns of each side")
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--only", choices=["speed", "kills"], default="")
    chosen = parser.parse_args()
    if chosen.one:
        return measure(chosen)
    from tools.postgres import cluster

    command = [sys.executable, "-m", "benchmarks.surveys", "--one", *sys.argv[1:]]

    def run(state: str, database: str) -> int:
        made = {**settings(state, database), "SIGHTLINE_HOSTS": "127.0.0.1"}
        made |= {"SIGHTLINE_JOBS": "immediate", "SIGHTLINE_SECOND_FACTOR": "optional"}
        return subprocess.run(command, env=made, cwd=CHECKOUT, check=False).returncode

    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as state:
        missed = run(state, f"sqlite:///{state}/bench.sqlite3")
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
        good &= measure_speed(chosen.seconds, chosen.rounds)
    if chosen.only != "speed":
        from benchmarks._survey_kills import run

        good &= run(chosen.people, chosen.kills)
    return 0 if good else 1


# What is posted.


@dataclass(frozen=True)
class Form:
    """One page as a browser posts it."""

    number: int
    body: bytes


def forms(survey: "Survey") -> list[Form]:
    """Every page of a survey, answered with the first choice of each question."""
    from sightline.surveys import flow
    from sightline.surveys.questionnaires import questionnaire
    from sightline.surveys.respondent.visiting import today

    asked = questionnaire(survey.questionnaire)
    answers: dict[str, Any] = {}
    made: list[Form] = []
    while True:
        pages = flow.pages(asked, answers, one_a_page=False, today=today())
        if len(made) == len(pages):
            return made
        page = pages[len(made)]
        fields = [("of", " ".join(item.code for item in page.items)), ("go", "next")]
        for item in page.items:
            options = asked.options(item)
            if options:
                value: Any = options[0].code
                answers[item.code] = [value] if item.kind == "many" else value
            elif item.kind == "text":
                value = answers[item.code] = "More time to listen would help us all."
            elif item.kind == "number":
                value = answers[item.code] = 3
            else:
                continue
            fields.append((f"q-{item.code}", str(value)))
        made.append(Form(page.number, urlencode(fields).encode()))


def post(path: str, body: bytes, *, token: str = "") -> bytes:
    """A request as it goes over the wire."""
    cookie = f"Cookie: survey={token}\r\n" if token else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: bench\r\nAccept: text/html\r\n"
        f"{cookie}Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


# Speed.


@contextlib.contextmanager
def serving(application: str, *, database: str = "") -> Iterator[int]:
    """Two workers of gunicorn, as deployed; gives their port."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", application, "-w", "2", "-b", f"127.0.0.1:{port}",
        "--log-level", "warning",
    ]  # fmt: skip
    made = {**os.environ, **({"SIGHTLINE_DATABASE": database} if database else {})}
    server = subprocess.Popen(command, cwd=CHECKOUT, env=made)
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                asyncio.run(_ask(port, b"GET /none/ HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n"))
                break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait()


async def _ask(port: int, request: bytes) -> bytes:
    reading, writing = await asyncio.open_connection("127.0.0.1", port)
    writing.write(request)
    answer = await reading.read()
    writing.close()
    return answer


@dataclass
class Side:
    """What one side came to: how many a second in each turn, and how long each took."""

    name: str
    rates: list[float] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    refused: int = 0
    other: bytes = b""

    def p(self, hundredth: int) -> float:
        """Seconds within which so many of a hundred were answered."""
        return statistics.quantiles(self.took, n=100)[hundredth - 1]

    def line(self) -> str:
        """As printed."""
        return (
            f"  {self.name:<28}{statistics.median(self.rates):8,.0f}/s "
            f"({min(self.rates):,.0f} to {max(self.rates):,.0f})   "
            f"p50 {self.p(50) * 1000:4.0f} ms   p99 {self.p(99) * 1000:4.0f} ms   "
            f"others {self.refused}"
        )


Requests = Generator[bytes, bytes, None]
"""What one person asks, one after the other; each is told the answer to the one before."""


def turn(side: Side, port: int, requests: Callable[[int], Requests], seconds: float) -> None:
    """50 people at once post for so long."""
    done = 0

    async def person(number: int, until: float) -> None:
        nonlocal done
        asks = requests(number)
        request = next(asks)
        while time.monotonic() < until:
            began = time.perf_counter()
            answer = await _ask(port, request)
            side.took.append(time.perf_counter() - began)
            taken = answer.startswith((b"HTTP/1.1 303", b"HTTP/1.1 302"))
            done += taken
            if not taken:
                side.refused += 1
                side.other = answer[:300]
            request = asks.send(answer)

    async def everybody() -> None:
        until = time.monotonic() + seconds
        await asyncio.gather(*(person(number, until) for number in range(AT_ONCE)))

    began = time.monotonic()
    asyncio.run(everybody())
    side.rates.append(done / (time.monotonic() - began))


def measure_speed(seconds: float, rounds: int) -> bool:
    """Print both sides, interleaved; whether the bars hold."""
    from sightline.access.actors import acting_as
    from tests.factories.surveys import OpenSurveyFactory

    with acting_as("benchmark"):
        survey = OpenSurveyFactory(questionnaire="staff@1", languages=["en"])
    pages = forms(survey)
    bare, ours = Side("bare Django, one row"), Side("a page of the survey saved")
    whole = Side("each step of whole sendings")
    sendings: list[float] = []
    database = os.environ["SIGHTLINE_DATABASE"]
    if database.startswith("sqlite"):
        database += ".bare"
    subprocess.run(
        [sys.executable, "-c", "from benchmarks import _bare; _bare.make_table()"],
        cwd=CHECKOUT, env={**os.environ, "SIGHTLINE_DATABASE": database}, check=True,
    )  # fmt: skip
    with (
        serving("benchmarks._bare:application", database=database) as bare_port,
        serving("sightline.config.wsgi:application") as port,
    ):
        _warm(bare_port, port, survey, pages)
        for _ in range(rounds):
            turn(bare, bare_port, lambda number: _plain(pages), seconds)
            turn(ours, port, _saving(survey, pages), seconds)
            began, before = time.monotonic(), _sent(survey)
            turn(whole, port, _sending(survey, pages), seconds)
            sendings.append((_sent(survey) - before) / (time.monotonic() - began))
    share = statistics.median(
        one / other for one, other in zip(ours.rates, bare.rates, strict=True)
    )
    for side in (bare, ours, whole):
        print(side.line())
        if side.other:
            print(f"    such as {side.other!r}")
    print(f"  whole sendings of {len(pages)} pages{statistics.median(sendings):10,.1f}/s")
    p99 = ours.p(99)
    good = share >= LEAST_SHARE and p99 < MOST_P99 and not ours.refused
    print(
        f"  share of bare Django {share:.0%} (bar {LEAST_SHARE:.0%}), p99 {p99 * 1000:.0f} ms "
        f"(bar {MOST_P99 * 1000:.0f}): {'hold' if good else 'MISSED'}",
        flush=True,
    )
    return good


def _warm(bare_port: int, port: int, survey: "Survey", pages: list[Form]) -> None:
    """Each worker has met each statement before anything is measured."""
    turn(Side(""), bare_port, lambda number: _plain(pages), 1)
    turn(Side(""), port, _saving(survey, pages), 2)


def _sent(survey: "Survey") -> int:
    from sightline.surveys.models import SentAnswer

    return int(SentAnswer.objects.filter(survey=survey).count())


def _plain(pages: list[Form]) -> Requests:
    while True:
        for page in pages:
            yield post("/post/", page.body)


def _saving(survey: "Survey", pages: list[Form]) -> Callable[[int], Requests]:
    """Each person has begun, and posts page after page, over and over."""
    from sightline.surveys.services import answering

    tokens = [answering.begin(survey, "", language="en") for _ in range(AT_ONCE)]

    def requests(number: int) -> Requests:
        while True:
            for page in pages:
                yield post(f"/s/{survey.link}/{page.number}/", page.body, token=tokens[number])

    return requests


def token_in(answer: bytes) -> str:
    """The token that an answer gives its browser; empty where it gives none."""
    found = re.search(rb"Set-Cookie: *survey=\"?([0-9a-f]{32})", answer)
    return found[1].decode() if found else ""


def _sending(survey: "Survey", pages: list[Form]) -> Callable[[int], Requests]:
    """Each person begins, posts every page, sends, and is followed by the next."""

    def requests(number: int) -> Requests:
        while True:
            token = token_in((yield post(f"/s/{survey.link}/", b"go=begin")))
            for page in pages:
                yield post(f"/s/{survey.link}/{page.number}/", page.body, token=token)
            yield post(f"/s/{survey.link}/check/", b"go=send", token=token)

    return requests


if __name__ == "__main__":
    sys.exit(main())
