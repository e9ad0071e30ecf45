"""What a journey needs: a served copy, a browser, somebody signed in.

The copy is the real thing: gunicorn with two workers on a fresh database with the demonstration's
content, its static files collected as in production. It is started once for all journeys of a
process; two processes run them side by side (`tools.test`), each with copies and a browser of its
own.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, Request, Response, expect, sync_playwright

from tests.journeys.serving import Served, keep_moulds, serving

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--no-first-run",
)
DESK, TALL = 1280, 900
NOT_GOOD = 400
PATIENCE = 30_000  # milliseconds: how long a machine with much to do may take over one step
LONGEST = 400  # seconds of one journey, the filling of its copy counted in
# The long ones begin first, so that both processes end at about the same time. A module is one
# group, since its journeys may share a copy; where they do not, `xdist_group` parts them.
LONGEST_FIRST = ("every-address-bare", "test_every_address", "test_gallery", "kills", "test_saving")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a journey, of the group that runs in one process."""
    here = Path(__file__).parent
    ours = [item for item in items if here in item.path.parents]
    places = {}
    for item in ours:
        item.add_marker(pytest.mark.journey)
        if item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(LONGEST))
        mark = item.get_closest_marker("xdist_group")
        if mark is None:
            mark = pytest.mark.xdist_group(item.path.stem)
            item.add_marker(mark)
        name = mark.args[0]
        known = name in LONGEST_FIRST
        places[item] = (LONGEST_FIRST.index(name) if known else len(LONGEST_FIRST), name)
    others = [item for item in items if item not in places]
    items[:] = others + sorted(ours, key=places.__getitem__)


@pytest.fixture(scope="session", autouse=True)
def _patience() -> None:
    """Wait for what is expected as long as for a page: it is there, or the wait is a failure."""
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session", autouse=True)
def _moulds(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One place for the contents of copies, for the processes that run side by side too."""
    ours = tmp_path_factory.getbasetemp()
    side_by_side = "PYTEST_XDIST_WORKER" in os.environ
    keep_moulds((ours.parent if side_by_side else ours) / "moulds")


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A copy with demonstration content, stopped at the end."""
    from sightline.config.demonstration import PASSWORD

    with serving(tmp_path_factory.mktemp("served"), ("manage.py", "demo"), PASSWORD) as copy:
        yield copy


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; without one the journeys are skipped (and fail where none may be)."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not here (Debian: apt-get install chromium)")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *sandbox])
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page somebody has open, with everything it complained about since."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def open(self, path: str, *, status: int = 200) -> Page:
        """Go to an address of the served copy, which answers with this status."""
        answer = self.page.goto(self.base + path, wait_until="load")
        assert answer is not None, f"{path} gave no answer"
        assert answer.status == status, f"{path} answered {answer.status}, not {status}"
        return self.page

    def listen(self) -> None:
        """Keep what the browser says on its console, errors of scripts, and every address asked."""
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def _failed(self, request: Request) -> None:
        """One that the browser gave up because the page was left is no fault."""
        if "ERR_ABORTED" not in (request.failure or ""):
            self.complaints.append(f"no {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= NOT_GOOD and response.url != self.page.url:
            self.complaints.append(f"{response.status} {response.url}")

    def _heard(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"console: {message.text}")


def sign_in(page: Page, served: Served, role: str) -> None:
    """Sign in as the demonstration's holder of a role, as they would."""
    page.goto(f"{served.url}/accounts/login/")
    page.get_by_label("Email").fill(served.email(role))
    page.get_by_label("Password").fill(served.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{served.url}/home/")


def open_page(
    browser: Browser,
    base: str,
    cookies: Any = None,
    *,
    width: int = DESK,
    javascript: bool = True,
    **more: Any,
) -> Visit:
    """An empty page of a new browser session, listened to."""
    context = browser.new_context(
        viewport={"width": width, "height": TALL},
        java_script_enabled=javascript,
        storage_state=cookies,
        **more,
    )
    visit = Visit(context.new_page(), base)
    visit.listen()
    return visit


@dataclass
class Desks:
    """Browser sessions of signed-in people, used by one journey after another.

    Opening one costs half a second, and its first page another: style sheets, fonts and scripts.
    A session that is given back is as it was after signing in: its cookies, one empty page.
    """

    browser: Browser
    cookies: dict[tuple[str, str], Any] = field(default_factory=dict)
    free: dict[str, list[Visit]] = field(default_factory=dict)
    taken: list[tuple[str, int, Any, Visit]] = field(default_factory=list)

    def take(self, copy: Served, role: str, *, width: int = DESK, **more: Any) -> Visit:
        """A page of a copy, open as the holder of a role, who signs in once, by the page."""
        if not role:  # what somebody unknown leaves behind is theirs
            visit = open_page(self.browser, copy.url, width=width, **more)
            self.taken.append(("", width, None, visit))
            return visit
        cookies = self._cookies(copy, role)
        kind = repr((copy.url, role, width, sorted(more.items())))
        waiting = self.free.get(kind, [])
        visit = (
            waiting.pop()
            if waiting
            else open_page(self.browser, copy.url, cookies, width=width, **more)
        )
        self.taken.append((kind, width, cookies, visit))
        return visit

    def give_back(self) -> None:
        """Clear everything that was taken; what cannot be cleared is closed."""
        for kind, width, cookies, visit in self.taken:
            try:
                if kind:
                    _clear(visit, width, cookies)
                    self.free.setdefault(kind, []).append(visit)
                    continue
            except Error:
                pass
            visit.page.context.close()
        self.taken.clear()

    def _cookies(self, copy: Served, role: str) -> Any:
        if (copy.url, role) not in self.cookies:
            context = self.browser.new_context()
            sign_in(context.new_page(), copy, role)
            self.cookies[copy.url, role] = context.storage_state()
            context.close()
        return self.cookies[copy.url, role]


def _clear(visit: Visit, width: int, state: Any) -> None:
    context = visit.page.context
    for page in context.pages:
        if page != visit.page:
            page.close()
    visit.page.goto("about:blank")
    visit.page.set_viewport_size({"width": width, "height": TALL})
    visit.page.set_default_timeout(PATIENCE)
    context.clear_cookies()
    context.add_cookies(state["cookies"])
    visit.complaints.clear()
    visit.asked.clear()


Visitor = Callable[..., Visit]


@pytest.fixture(scope="session")
def all_desks(browser: Browser) -> Desks:
    """The browser sessions of this process."""
    return Desks(browser)


@pytest.fixture
def desks(all_desks: Desks) -> Iterator[Desks]:
    """Browser sessions for one journey, given back after it."""
    yield all_desks
    all_desks.give_back()


@pytest.fixture
def visit(served: Served, desks: Desks) -> Visitor:
    """Open a page as somebody: `visit("inspection-lead", width=320, javascript=False)`.

    Without a role nobody is signed in. `**more` goes to the browser's context (forced colours,
    reduced motion).
    """

    def begin(role: str = "", **more: Any) -> Visit:
        return desks.take(served, role, **more)

    return begin
