"""Kills while somebody types in a section of a reading, in four ways; see `benchmarks.readings`."""

import contextlib
import json
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.kills import CHROMIUM, PATIENCE, Servers, _pump, _reset
from benchmarks.readings import BOX, Reader, readers

KINDS = ("server", "tab", "network", "sign-in")
LONGEST_DELAY = 0.050
CHROMIUM_EVERY = 5  # of the kills of a tab
LONGEST_TEXT = 3_000


@dataclass
class Figures:
    """What came of it."""

    kills: Counter[str] = field(default_factory=Counter)
    chromium: int = 0
    told: int = 0
    untold: int = 0
    characters: int = 0
    beside: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: int = 0
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Whether nothing was lost, and nothing is there twice."""
        return not self.lost and not self.doubled

    def lines(self) -> Iterator[str]:
        """As printed."""
        by_kind = ", ".join(f"{kind} {self.kills[kind]}" for kind in KINDS)
        yield f"  kills {sum(self.kills.values())} ({by_kind}; Chromium {self.chromium})"
        yield (
            f"  told that it is saved or kept {self.told} ({self.characters:,} characters), lost "
            f"{len(self.lost)} {self.lost[:3]}"
        )
        yield f"  kept beside another version, and said so: {self.beside}"
        yield f"  not told at once {self.untold}: sent again, or typed anew where the tab is gone"
        end = "hold" if self.good else "MISSED"
        yield f"  stored twice {self.doubled}, {self.seconds:.0f} s: {end}"


@dataclass(frozen=True)
class Told:
    """What somebody was told: that it is saved, that it is kept and they are signed out, or not."""

    saved: int = 0
    kept: bool = False

    def __bool__(self) -> bool:
        return bool(self.saved) or self.kept


def told(connection: socket.socket) -> Told:
    """What the answer says; nothing where it was cut short."""
    try:
        response = HTTPResponse(connection)
        response.begin()
        body = response.read()
    except (OSError, ValueError, EOFError, HTTPException):
        return Told()
    said: dict[str, Any] = json.loads(body) if body.startswith(b"{") else {}
    return Told(int(said.get("saved", 0)), kept=response.status == 401 and "signed_out" in said)


@dataclass
class Desk:
    """Somebody who types, and the server they type to."""

    servers: Servers
    reader: Reader
    chance: random.Random

    def delay(self) -> None:
        """0 to 50 milliseconds."""
        time.sleep(self.chance.uniform(0, LONGEST_DELAY))

    def connect(self) -> socket.socket:
        """To the server."""
        return socket.create_connection(("127.0.0.1", self.servers.port), timeout=20)

    def open(self) -> str:
        """Open the page in a new tab; gives what stands in the box."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError, HTTPException), self.connect() as connection:
                connection.sendall(self.reader.opening())
                response = HTTPResponse(connection)
                response.begin()
                page = response.read().decode()
                if response.status == 200:
                    return self.reader.opened(page)
            time.sleep(0.05)
        raise RuntimeError("The page did not open.")

    def again(self, request: bytes) -> Told:
        """Send the same until an answer comes, as the script of the page does."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError), self.connect() as connection:
                connection.sendall(request)
                if said := told(connection):
                    return said
            time.sleep(0.05)
        return Told()


def kill_server(desk: Desk, request: bytes) -> Told:
    """The server dies while it works; the tab stays and sends again."""
    with desk.connect() as connection:
        connection.sendall(request)
        desk.delay()
        desk.servers.kill()
        said = told(connection)
    desk.servers.start()
    return said


def kill_tab(desk: Desk, request: bytes) -> Told:
    """The process that sent it dies, perhaps before it reads the answer."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(OSError):
            connection = desk.connect()
            connection.sendall(request)
            os.write(writing, b"s")
            if told(connection).saved:
                os.write(writing, b"t")
            time.sleep(10)
        os._exit(0)
    os.close(writing)
    os.read(reading, 1)
    desk.delay()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    was = os.read(reading, 1) == b"t"
    os.close(reading)
    return Told(saved=int(was))


def cut_network(desk: Desk, request: bytes) -> Told:
    """A proxy between the two resets both of its connections."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        near = socket.create_connection(listening.getsockname()[:2], timeout=20)
        inner, _ = listening.accept()
    far = desk.connect()
    for pair in ((inner, far), (far, inner)):
        threading.Thread(target=_pump, args=pair, daemon=True).start()
    near.sendall(request)
    desk.delay()
    for side in (inner, far):
        with contextlib.suppress(OSError):
            side.shutdown(socket.SHUT_RD)
        _reset(side)
    said = told(near)
    near.close()
    return said


def end_session(desk: Desk, request: bytes) -> Told:
    """The session is deleted before or while it is saved; then they sign in again."""
    from django.contrib.sessions.models import Session
    from django.db import connections

    def end() -> None:
        desk.delay()
        Session.objects.filter(session_key=desk.reader.cookies["sessionid"]).delete()
        connections.close_all()

    ending = threading.Thread(target=end)
    ending.start()
    time.sleep(desk.chance.uniform(0, LONGEST_DELAY))
    with desk.connect() as connection:
        connection.sendall(request)
        said = told(connection)
    ending.join()
    if not said:
        said = desk.again(request)
    desk.reader.sign_in()
    connections.close_all()
    return said


class Tabs:
    """A real Chromium, in whose tab somebody types; the tab is closed while it saves."""

    def __init__(self) -> None:
        from playwright.sync_api import sync_playwright

        self.playwright = sync_playwright().start()
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        self.browser = self.playwright.chromium.launch(executable_path=CHROMIUM, args=options)

    def kill(self, desk: Desk, words: str) -> Told:
        """Open the page, type, wait for the request of its script, close the tab."""
        heard: list[int] = []
        base = f"http://127.0.0.1:{desk.servers.port}"
        context = self.browser.new_context()
        context.add_cookies(
            [{"name": n, "value": v, "url": base} for n, v in desk.reader.cookies.items()]
        )
        page = context.new_page()
        page.on("response", lambda one: heard.append(one.status) if _is_save(one) else None)
        page.goto(base + desk.reader.path)
        with page.expect_request(lambda one: one.method == "POST"):
            page.locator(f"textarea[name={BOX}]").fill(words)
        page.wait_for_timeout(desk.chance.uniform(0, LONGEST_DELAY) * 1000)
        context.close()
        return Told(saved=int(200 in heard))

    def stop(self) -> None:
        """The end."""
        self.browser.close()
        self.playwright.stop()


def _is_save(answer: Any) -> bool:
    return bool(answer.request.method == "POST" and answer.request.resource_type == "fetch")


WAYS = {"server": kill_server, "tab": kill_tab, "network": cut_network, "sign-in": end_session}


def run(kills: int, *, seed: int = 1) -> bool:
    """Kill so many times, and look each time at the page that is opened next."""
    figures, chance = Figures(), random.Random(seed)
    reader = readers(1)[0]
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sightline-kills-") as state:
        servers = Servers(Path(state) / "server.log")
        tabs = Tabs() if CHROMIUM else None
        try:
            desk = Desk(servers, reader, chance)
            for number in range(kills):
                kind = KINDS[number % len(KINDS)]
                is_real = tabs and kind == "tab" and figures.kills[kind] % CHROMIUM_EVERY == 0
                once(desk, kind, figures, tabs if is_real else None)
                if (number + 1) % 50 == 0:
                    print(f"  {number + 1} kills, lost {len(figures.lost)}", file=sys.stderr)
        finally:
            servers.stop()
            if tabs:
                tabs.stop()
    figures.seconds = time.monotonic() - began
    figures.doubled = twice(reader)
    print("\n".join(figures.lines()), flush=True)
    return figures.good


def once(desk: Desk, kind: str, figures: Figures, tabs: Tabs | None) -> None:
    """Type some more, kill, and look."""
    reader = desk.reader
    before = desk.open()
    words = f"{before if len(before) < LONGEST_TEXT else ''} {uuid4().hex}"
    reader.typed = words
    request = reader.saving(str(uuid4()))
    if tabs:
        said = tabs.kill(desk, words)
        figures.chromium += 1
    else:
        said = WAYS[kind](desk, request)
        if kind in {"server", "network"} and not said:  # the tab is still there
            figures.untold += 1
            said = desk.again(request)
        elif not said:
            figures.untold += 1
    figures.kills[kind] += 1
    if said:
        figures.told += 1
        figures.characters += len(words)
    found = desk.open()
    if (said and found != words) or found not in {words, before}:
        beside = is_beside(reader, words)
        figures.beside += beside
        if not beside:
            figures.lost.append(f"{kind}: {words[-12:]!r} became {found[-12:]!r}")


def is_beside(reader: Reader, words: str) -> bool:
    """Whether words stand in a version that was kept beside, which the page says and shows."""
    from django.db import connections

    from sightline.record_reading.models import SectionEntry

    rows = SectionEntry.objects.filter(entered_by=reader.person.audit_name, beside=True)
    found = any(row.answers["whys"].get(BOX.removeprefix("why-")) == words for row in rows)
    connections.close_all()
    return found


def twice(reader: Reader) -> int:
    """How many versions hold what the version before them holds."""
    from django.db import connections

    from sightline.record_reading.models import SectionEntry

    rows = SectionEntry.objects.filter(entered_by=reader.person.audit_name).order_by("version")
    texts = [row.answers["whys"].get(BOX.removeprefix("why-")) for row in rows]
    connections.close_all()
    return sum(one == other for one, other in pairwise(texts))
