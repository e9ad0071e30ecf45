"""Kills while somebody saves: what was told saved is stored, always, and nothing is stored twice.

Somebody saves a text; 0 to 50 milliseconds after the bytes are sent, something is killed, in turn:
the server (SIGKILL of gunicorn and its two workers), the browser (SIGKILL of the process that sent
them: now and then a real Chromium with the page open, else a small client), or the network (both
sides of the connection reset by a proxy). Then what the sender was told is held against what is
stored, and what they cannot know about is sent again with the same token.

python -m benchmarks.kills [--kills 500] [--postgresql] [--seed 1]
"""

import argparse
import contextlib
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener
from uuid import uuid4

from tests.journeys import copies

CHECKOUT = Path(__file__).resolve().parents[1]
PLACE = "inspection:angus-2031/notes"
SAVE = f"/saving/{PLACE}/"
NOTES = "/p/angus/exercises/angus-2031/notes/"
LONGEST_DELAY = 0.050
PATIENCE = 60.0
CHROMIUM_EVERY = 7  # of the kills of a browser, so that some two dozen of 500 are of a real one
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
CHROMIUM_OPTIONS = (
    "--headless=new", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--remote-debugging-port=0", "about:blank",
)  # fmt: skip
KINDS = ("server", "browser", "network")


@dataclass
class Sent:
    """One text that was sent, and what its sender was told of it: `saved`, `clash` or nothing."""

    text: str
    token: str
    kind: str
    based_on: int
    told: bool = False


@dataclass
class Figures:
    """What came of it."""

    kills: Counter[str] = field(default_factory=Counter)
    chromium: int = 0
    told: int = 0
    stored_untold: int = 0
    never_arrived: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        """Whether nothing was lost, doubled or invented."""
        return not (self.lost or self.doubled or self.strange)

    def lines(self) -> Iterator[str]:
        """As printed."""
        by_kind = ", ".join(f"{kind} {self.kills[kind]}" for kind in KINDS)
        yield f"kills           {sum(self.kills.values())} ({by_kind}; Chromium {self.chromium})"
        yield f"told saved      {self.told}, lost {len(self.lost)}"
        yield (
            f"not told        {self.stored_untold} stored all the same, {self.never_arrived} not; "
            "all sent again"
        )
        yield f"stored twice    {len(self.doubled)}"
        yield f"never sent      {len(self.strange)}"
        yield f"seconds         {self.seconds:.0f}"


def free_port() -> int:
    """A loopback port nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve_on_request() -> None:
    """Import Sightline once; for each port read, fork a gunicorn with two workers of its own.

    That saves importing everything anew after each kill, and nothing else: what is killed is a
    master with its workers, in a session of their own, with no connection but theirs.
    """
    from gunicorn.app.base import BaseApplication

    from sightline.config.wsgi import application

    class Application(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
        """Sightline on one port."""

        def load_config(self) -> None:
            """Two workers, as deployed."""
            self.cfg.set("bind", f"127.0.0.1:{port}")
            self.cfg.set("workers", 2)
            self.cfg.set("loglevel", "warning")

        def load(self) -> object:
            """What was imported."""
            return application

    children = []
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that were killed
    for line in sys.stdin:
        port = int(line)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(2, 1)
            Application().run()
            os._exit(0)
        children.append(child)
        print(child, flush=True)
    for child in children:  # whoever asked is gone, perhaps without a word
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)


class Servers:
    """gunicorn with two workers, killed without a warning and begun again on another port."""

    def __init__(self, log: Path) -> None:
        with log.open("ab") as output:
            self.maker = subprocess.Popen(
                [sys.executable, "-m", "benchmarks.kills", "--serve-on-request"],
                cwd=CHECKOUT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )
        self.start()

    def start(self) -> None:
        """A new one, listening."""
        self.port = free_port()
        assert self.maker.stdin
        assert self.maker.stdout
        print(self.port, file=self.maker.stdin, flush=True)
        self.master = int(self.maker.stdout.readline())
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            time.sleep(0.01)
        raise RuntimeError("The server did not start.")

    def kill(self) -> None:
        """SIGKILL for the master and its workers at once; back when they are gone."""
        os.killpg(self.master, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            while True:
                os.killpg(self.master, 0)
                time.sleep(0.001)

    def stop(self) -> None:
        """The end."""
        self.kill()
        assert self.maker.stdin
        self.maker.stdin.close()
        self.maker.wait()


class Person:
    """Somebody signed in, whose requests are made by hand."""

    def __init__(self, port: int) -> None:
        jar = CookieJar()
        opener = build_opener(HTTPCookieProcessor(jar))
        url = f"http://127.0.0.1:{port}/accounts/login/"
        opener.open(url, timeout=PATIENCE).read()
        fields = {
            "login": "inspection-lead@sightline.example",
            "password": copies.PASSWORD,
            "csrfmiddlewaretoken": next(c.value for c in jar if c.name == "csrftoken"),
        }
        opener.open(Request(url, urlencode(fields).encode()), timeout=PATIENCE).read()
        self.cookies = {cookie.name: str(cookie.value) for cookie in jar}
        if "sessionid" not in self.cookies:
            raise RuntimeError("Nobody could sign in.")

    def request(self, sent: Sent) -> bytes:
        """A save, as it goes over the wire."""
        fields = {"text": sent.text, "based_on": sent.based_on, "token": sent.token}
        body = urlencode(fields).encode()
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = (
            f"POST {SAVE} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
            f"Cookie: {cookies}\r\nX-CSRFToken: {self.cookies['csrftoken']}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + body


def answer(connection: socket.socket) -> bool:
    """Whether a whole answer came that says it is saved, or kept beside."""
    try:
        response = HTTPResponse(connection)
        response.begin()
        body = response.read()
    except (OSError, ValueError, EOFError, HTTPException):  # an answer cut short
        return False
    return response.status == 200 and (b'"saved"' in body or b'"clash"' in body)


def send_again(person: Person, port: int, sent: Sent) -> bool:
    """Send until an answer comes."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), timeout=20) as connection,
        ):
            connection.sendall(person.request(sent))
            if answer(connection):
                return True
        time.sleep(0.05)
    return False


def kill_server(servers: Servers, person: Person, sent: Sent, delay: float) -> None:
    """The server dies while it works."""
    with socket.create_connection(("127.0.0.1", servers.port), timeout=20) as connection:
        connection.sendall(person.request(sent))
        time.sleep(delay)
        servers.kill()
        sent.told = answer(connection)
    servers.start()


def kill_client(servers: Servers, person: Person, sent: Sent, delay: float) -> None:
    """The process that sent it dies, perhaps before it reads the answer."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(OSError):
            connection = socket.create_connection(("127.0.0.1", servers.port), timeout=20)
            connection.sendall(person.request(sent))
            os.write(writing, b"s")
            if answer(connection):
                os.write(writing, b"t")
            time.sleep(10)
        os._exit(0)
    os.close(writing)
    os.read(reading, 1)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    sent.told = os.read(reading, 1) == b"t"
    os.close(reading)


def _reset(connection: socket.socket) -> None:
    """Close without a good-bye: the other side meets a reset."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)


def cut_network(servers: Servers, person: Person, sent: Sent, delay: float) -> None:
    """A proxy between the two resets both of its connections."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        near = socket.create_connection(listening.getsockname()[:2], timeout=20)
        inner, _ = listening.accept()
    far = socket.create_connection(("127.0.0.1", servers.port), timeout=20)
    pumps = [
        threading.Thread(target=_pump, args=pair, daemon=True)
        for pair in ((inner, far), (far, inner))
    ]
    for pump in pumps:
        pump.start()
    near.sendall(person.request(sent))
    time.sleep(delay)
    for side in (inner, far):
        with contextlib.suppress(OSError):
            side.shutdown(socket.SHUT_RD)
        _reset(side)
    sent.told = answer(near)
    near.close()


class Browsers:
    """Real ones, each with the page open and somebody typing, killed while it saves."""

    def __init__(self, state: Path) -> None:
        from playwright.sync_api import sync_playwright

        self.state = state
        self.playwright = sync_playwright().start()

    def kill(self, servers: Servers, person: Person, sent: Sent, delay: float) -> None:
        """Type, wait for the request of the page's script, kill."""
        process, address = self._start()
        try:
            browser = self.playwright.chromium.connect_over_cdp(address)
            context = browser.contexts[0]
            base = f"http://127.0.0.1:{servers.port}"
            context.add_cookies(
                [{"name": n, "value": v, "url": base} for n, v in person.cookies.items()]  # type: ignore[list-item]
            )
            page = context.new_page()
            page.on("response", lambda one: self._heard(one.url, one.status, sent))
            page.goto(base + NOTES)
            box = page.get_by_label("Team notes")
            with page.expect_request(lambda one: one.url.endswith(SAVE)) as going:
                box.fill(sent.text)
            fields = dict(part.split("=", 1) for part in str(going.value.post_data).split("&"))
            sent.token, sent.based_on = fields["token"], int(fields["based_on"])
            page.wait_for_timeout(delay * 1000)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            with contextlib.suppress(Exception):
                browser.close()

    def _heard(self, url: str, status: int, sent: Sent) -> None:
        if url.endswith(SAVE) and status == 200:
            sent.told = True

    def _start(self) -> tuple[subprocess.Popen[bytes], str]:
        home = Path(tempfile.mkdtemp(dir=self.state))
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        process = subprocess.Popen(
            [str(CHROMIUM), *sandbox, f"--user-data-dir={home}", *CHROMIUM_OPTIONS],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        said = home / "DevToolsActivePort"
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            lines = said.read_text().splitlines() if said.exists() else []
            if len(lines) == 2:
                return process, f"http://127.0.0.1:{lines[0]}"
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        raise RuntimeError("Chromium did not start.")

    def stop(self) -> None:
        """The end."""
        self.playwright.stop()


def stored(token: str) -> str | None:
    """The text that is stored under a token. Opens the database and closes it again."""
    from django.db import connections

    from sightline.saving.models import Version

    row = Version.objects.filter(token=token).first()
    words = None if row is None else row.words
    connections.close_all()
    return words


def latest() -> int:
    """The number of the version in use."""
    from django.db import connections

    from sightline.saving.queries import text_of

    number = text_of(PLACE).version
    connections.close_all()
    return number


def check(sent: Sent, person: Person, port: int, figures: Figures) -> None:
    """What was told is stored; what was not told is sent again, and then stored."""
    found = stored(sent.token)
    if sent.told:
        figures.told += 1
    elif found is None:
        figures.never_arrived += 1
    else:
        figures.stored_untold += 1
    if sent.told and found != sent.text:
        figures.lost.append(sent.text)
    if not send_again(person, port, sent) or stored(sent.token) != sent.text:
        figures.lost.append(sent.text)


def check_all(everything: list[Sent], figures: Figures) -> None:
    """At the end: each text is stored once, and nothing else is."""
    from django.db import connections

    from sightline.saving.queries import versions_of

    counted = Counter(row.words for row in versions_of(PLACE))
    wanted = {sent.text for sent in everything}
    figures.doubled = [text for text, times in counted.items() if times > 1]
    figures.strange = [text for text in counted if text not in wanted]
    figures.lost += sorted(wanted - set(counted))
    connections.close_all()


@contextlib.contextmanager
def prepared(*, postgresql: bool) -> Iterator[Path]:
    """A scratch copy with one inspection and its lead, and this process set up to look into it."""
    with contextlib.ExitStack() as stack:
        state = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sightline-kills-")))
        url = f"sqlite:///{state / 'kills.sqlite3'}"
        if postgresql:
            from tools.postgres import cluster

            url = stack.enter_context(cluster(durable=True))
        os.environ |= {
            "SIGHTLINE_ENV_FILE": str(state / "none.env"),
            "SIGHTLINE_SECRET_KEY": "only-for-measuring-" * 4,
            "SIGHTLINE_DATA_KEYS": "kills:" + "A" * 43 + "=",
            "SIGHTLINE_CONCERNS_KEYS": "kills:" + "B" * 42 + "A=",
            "SIGHTLINE_DATABASE": url,
            "SIGHTLINE_STATE": str(state),
            "SIGHTLINE_HTTPS": "false",
            "SIGHTLINE_JOBS": "immediate",
            "SIGHTLINE_SECOND_FACTOR": "optional",
            "SIGHTLINE_HOSTS": "127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "sightline.config.settings",
            "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # Playwright keeps a loop in this thread
        }
        for arguments in (
            ("manage.py", "migrate", "-v0"),
            ("manage.py", "collectstatic", "--noinput", "-v0"),
            ("-m", "tests.journeys.copies", "bare"),
        ):
            subprocess.run([sys.executable, *arguments], cwd=CHECKOUT, check=True)
        import django

        django.setup()
        yield state


def run(kills: int, *, seed: int, state: Path) -> Figures:
    """Kill so many times, and look."""
    chance, figures, everything = random.Random(seed), Figures(), []
    servers = Servers(state / "server.log")
    browsers = Browsers(state) if CHROMIUM else None
    started = time.monotonic()
    ways: dict[str, Callable[[Servers, Person, Sent, float], None]] = {
        "server": kill_server,
        "browser": kill_client,
        "network": cut_network,
    }
    try:
        person = Person(servers.port)
        for number in range(kills):
            kind = KINDS[number % len(KINDS)]
            way = ways[kind]
            if browsers and kind == "browser" and figures.kills[kind] % CHROMIUM_EVERY == 0:
                way = browsers.kill
                figures.chromium += 1
            sent = Sent(f"{number} {uuid4().hex * 8}", str(uuid4()), kind, latest())
            way(servers, person, sent, chance.uniform(0, LONGEST_DELAY))
            figures.kills[kind] += 1
            everything.append(sent)
            check(sent, person, servers.port, figures)
            if (number + 1) % 50 == 0:
                print(f"{number + 1} kills, lost {len(figures.lost)}", file=sys.stderr, flush=True)
        check_all(everything, figures)
    finally:
        servers.stop()
        if browsers:
            browsers.stop()
    figures.seconds = time.monotonic() - started
    return figures


def main() -> None:
    """Print the figures; fail where anything was lost, doubled or invented."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--serve-on-request", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve_on_request:
        serve_on_request()
        return
    with prepared(postgresql=given.postgresql) as state:
        figures = run(given.kills, seed=given.seed, state=state)
    print(f"database        {'PostgreSQL' if given.postgresql else 'SQLite'}")
    print("\n".join(figures.lines()))
    sys.exit(0 if figures.good else "A bar was missed.")


if __name__ == "__main__":
    main()
