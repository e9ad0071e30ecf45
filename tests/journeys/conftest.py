"""What a journey needs: a served copy, a browser, somebody signed in.

The copy is the real thing: gunicorn with two workers on a fresh database with the demonstration's
content, its static files collected as in production. It is started once for all journeys.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from tests.journeys.serving import Served, serving

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--no-first-run",
)
DESK = 1280
NOT_GOOD = 400


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a journey."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)


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
        self.page.on("requestfailed", lambda request: self.complaints.append(f"no {request.url}"))
        self.page.on("response", self._answered)

    def _answered(self, response: Response) -> None:
        if response.status >= NOT_GOOD and response.url != self.page.url:
            self.complaints.append(f"{response.status} {response.url}")

    def _heard(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"console: {message.text}")


@pytest.fixture(scope="session")
def session_of(served: Served, browser: Browser) -> Callable[[str], Any]:
    """The cookies of the demonstration's people, by role: each signs in once, by the page."""
    known: dict[str, Any] = {}

    def cookies(role: str) -> Any:
        if role not in known:
            context = browser.new_context()
            sign_in(context.new_page(), served, role)
            known[role] = context.storage_state()
            context.close()
        return known[role]

    return cookies


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
        viewport={"width": width, "height": 900},
        java_script_enabled=javascript,
        storage_state=cookies,
        **more,
    )
    visit = Visit(context.new_page(), base)
    visit.listen()
    return visit


Visitor = Callable[..., Visit]


@pytest.fixture
def visit(served: Served, browser: Browser, session_of: Callable[[str], Any]) -> Iterator[Visitor]:
    """Open a page as somebody: `visit("inspection-lead", width=320, javascript=False)`.

    Without a role nobody is signed in. `**more` goes to the browser's context (forced colours,
    reduced motion). Everything opened is closed when the test ends.
    """
    contexts: list[BrowserContext] = []

    def begin(role: str = "", *, width: int = DESK, javascript: bool = True, **more: Any) -> Visit:
        visit = open_page(
            browser,
            served.url,
            session_of(role) if role else None,
            width=width,
            javascript=javascript,
            **more,
        )
        contexts.append(visit.page.context)
        return visit

    yield begin
    for context in contexts:
        context.close()
