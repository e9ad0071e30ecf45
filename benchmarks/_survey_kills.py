"""The part of `benchmarks.surveys` that kills servers and clients while people answer."""

import contextlib
import os
import queue
import random
import signal
import socket
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.kills import Servers
from benchmarks.surveys import PATIENCE, Form, forms, post, token_in

if TYPE_CHECKING:
    from sightline.surveys.models import Survey

LONGEST_DELAY = 0.050
CROWD = 3
SEND = b"go=send"


@dataclass
class Figures:
    """What came of it."""

    kills: Counter[str] = field(default_factory=Counter)
    told: int = 0
    kept_untold: int = 0
    never_arrived: int = 0
    lost: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass
class Person:
    """One respondent: a number that is also one of their answers, a code, and a session."""

    number: int
    code: str
    link: str
    pages: list[Form]
    token: str = ""

    def step(self, place: int) -> bytes:
        """The request of a step: a page, or (after the last) sending."""
        if place == len(self.pages):
            return post(f"/s/{self.link}/check/", SEND, token=self.token)
        page = self.pages[place]
        body = page.body.replace(b"q-years=3", f"q-years={self.number}".encode())
        return post(f"/s/{self.link}/{page.number}/", body, token=self.token)


def read_all(connection: socket.socket) -> bytes:
    """The whole answer; empty where it was cut short."""
    parts = []
    with contextlib.suppress(OSError):
        while chunk := connection.recv(65536):
            parts.append(chunk)
    return b"".join(parts)


def is_told(answer: bytes) -> bool:
    """Whether this says that it is saved, or sent: it leads on to the next page."""
    return answer.startswith((b"HTTP/1.1 303", b"HTTP/1.1 302")) and b"\r\n\r\n" in answer


def ask(servers: Servers, request: bytes) -> bytes:
    """Ask until there is an answer."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", servers.port), timeout=20) as connection,
        ):
            connection.sendall(request)
            if is_told(answer := read_all(connection)):
                return answer
            if answer.startswith(b"HTTP/1.1 4"):
                return answer
        time.sleep(0.02)
    return b""


def kill_server(servers: Servers, request: bytes, delay: float) -> bool:
    """The server dies while it works; whether the client was told all the same."""
    with socket.create_connection(("127.0.0.1", servers.port), timeout=20) as connection:
        connection.sendall(request)
        time.sleep(delay)
        servers.kill()
        told = is_told(read_all(connection))
    servers.start()
    return told


def kill_client(servers: Servers, request: bytes, delay: float) -> bool:
    """The process that sent it dies, perhaps before it reads the answer."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(OSError):
            connection = socket.create_connection(("127.0.0.1", servers.port), timeout=20)
            connection.sendall(request)
            os.write(writing, b"s")
            if is_told(read_all(connection)):
                os.write(writing, b"t")
            time.sleep(10)
        os._exit(0)
    os.close(writing)
    os.read(reading, 1)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    told = os.read(reading, 1) == b"t"
    os.close(reading)
    return told


def begin(servers: Servers, person: Person) -> bool:
    """Begin with a code, as often as it takes."""
    person.token = token_in(ask(servers, post(f"/s/{person.code}/", b"go=begin")))
    return bool(person.token)


def answer_all(servers: Servers, person: Person, figures: Figures) -> None:
    """One of the crowd: every step until it is told."""
    there = begin(servers, person)
    for place in range(len(person.pages) + 1):
        there = there and is_told(ask(servers, person.step(place)))
    if not there:
        figures.lost.append(f"{person.number} was not let through")


def answer_and_kill(
    servers: Servers, person: Person, figures: Figures, kind: str, chance: random.Random
) -> None:
    """One who meets a death at one of their steps, and goes on afterwards."""
    if not begin(servers, person):
        figures.lost.append(f"{person.number} could not begin")
        return
    deadly = chance.randint(0, len(person.pages))
    for place in range(len(person.pages) + 1):
        if place == deadly:
            delay = chance.uniform(0, LONGEST_DELAY)
            kill = kill_server if kind == "server" else kill_client
            told = kill(servers, person.step(place), delay)
            figures.kills[kind] += 1
            time.sleep(0.05)  # a client's death does not stop the server, which may still write
            check(person, place, told, figures)
        if not is_told(ask(servers, person.step(place))):
            figures.lost.append(f"{person.number} was not let through at {place}")


def check(person: Person, place: int, told: bool, figures: Figures) -> None:
    """What was told is there."""
    there = stored(person, place)
    figures.told += told
    figures.kept_untold += there and not told
    figures.never_arrived += not there and not told
    if told and not there:
        figures.lost.append(f"{person.number} was told at {place}")


def stored(person: Person, place: int) -> bool:
    """Whether what a step said is in the database."""
    from urllib.parse import parse_qsl

    from sightline.surveys import stores
    from sightline.surveys.models import Spent
    from sightline.surveys.services import answering

    if place == len(person.pages):
        return Spent.objects.filter(digest=stores.spent_token(person.token)).exists()
    held = answering.held(person.token)
    if held is None:
        return False
    body = person.step(place).partition(b"\r\n\r\n")[2].decode()
    said = {name[2:] for name, _ in parse_qsl(body) if name.startswith("q-")}
    return said <= set(held.answers) and held.page >= person.pages[place].number


def invited(people: int) -> "tuple[Survey, list[Person]]":
    """A survey, and so many people with codes of their own."""
    from sightline.access.actors import acting_as
    from sightline.surveys import stores
    from sightline.surveys.models import Invitation
    from tests.surveys import rounds

    sections = [{**rounds.CONTENT["sections"][0]}]
    with acting_as("benchmark"):
        key = rounds.questionnaire(sections=sections)
        survey = rounds.survey(mode="single-use", questionnaire=key)
    codes = [stores.new_code() for _ in range(people)]
    Invitation.objects.bulk_create(
        Invitation(
            survey=survey, code=code, code_index=stores.code_index(code), address="", name=""
        )
        for code in codes
    )
    pages = forms(survey)
    return survey, [Person(n, code, survey.link, pages) for n, code in enumerate(codes)]


@contextlib.contextmanager
def crowd(servers: Servers, people: list[Person], figures: Figures) -> Iterator[None]:
    """The others, answering meanwhile."""
    waiting: queue.SimpleQueue[Person] = queue.SimpleQueue()
    for person in people:
        waiting.put(person)

    def work() -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                answer_all(servers, waiting.get_nowait(), figures)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(CROWD)]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()


def run(people: int, kills: int, *, seed: int = 1) -> bool:
    """Kill so many times in a round of so many people; whether nothing was lost or doubled."""
    from sightline.surveys.models import Part, SentAnswer

    chance, figures = random.Random(seed), Figures()
    survey, everybody = invited(people)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sightline-kills-") as state:
        servers = Servers(Path(state) / "server.log")
        try:
            with crowd(servers, everybody[kills:], figures):
                for number, person in enumerate(everybody[:kills]):
                    kind = ("server", "client")[number % 2]
                    answer_and_kill(servers, person, figures, kind, chance)
        finally:
            servers.stop()
    figures.seconds = time.monotonic() - began
    rows = SentAnswer.objects.filter(survey=survey)
    counted = Counter(row.content["answers"].get("years") for row in rows)
    twice = [number for number, times in counted.items() if times > 1]
    missing = set(range(people)) - set(counted)
    good = not (figures.lost or twice or missing or set(counted) - set(range(people)))
    by_kind = ", ".join(f"{kind} {count}" for kind, count in sorted(figures.kills.items()))
    print(f"  kills {sum(figures.kills.values())} ({by_kind}) in {figures.seconds:.0f} s")
    print(f"  told saved {figures.told}, of these lost {len(figures.lost)} {figures.lost[:5]}")
    print(f"  not told: {figures.kept_untold} kept all the same, {figures.never_arrived} not")
    print(
        f"  people {people}: answers {sum(counted.values())}, twice {len(twice)}, "
        f"missing {len(missing)}, left behind {Part.objects.filter(survey=survey).count()}: "
        f"{'hold' if good else 'MISSED'}",
        flush=True,
    )
    return good
