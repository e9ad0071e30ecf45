"""A job watched: with nobody to carry it out, with a worker, cancelled, tried again."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import checks
from tests.journeys.conftest import Visit, open_page, sign_in
from tests.journeys.copies import PASSWORD
from tests.journeys.serving import CHECKOUT, Served, _settings, serving
from tests.journeys.test_every_address import ADMIN, FILL, LEAD

NOBODY = "Nothing is carrying out jobs at the moment."
SOON = 60_000


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Path]]:
    """A copy whose jobs wait for a worker, and the folder it keeps things in."""
    state = tmp_path_factory.mktemp("jobs")
    patch = pytest.MonkeyPatch()
    patch.setenv("SIGHTLINE_JOBS", "database")
    try:
        with serving(state, (*FILL, "bare"), PASSWORD) as served:
            yield served, state
    finally:
        patch.undo()


@contextmanager
def worker(state: Path) -> Iterator[None]:
    """A real worker of the copy, stopped in order at the end of the block."""
    settings = _settings(state) | {"SIGHTLINE_JOBS": "database"}
    command = [sys.executable, "-m", "sightline.cli", "jobs", "work"]
    process = subprocess.Popen(command, cwd=CHECKOUT, env=settings, stderr=subprocess.PIPE)
    try:
        yield
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()


def somebody(browser: Browser, served: Served, role: str, **more: object) -> Visit:
    visit = open_page(browser, served.url, **more)  # type: ignore[arg-type]
    sign_in(visit.page, served, role)
    return visit


def begin(visit: Visit) -> Page:
    """Have everything sealed checked, as the administrator does."""
    page = visit.open("/admin/jobs/check-sealed/")
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Check that everything sealed can be opened"
    )
    return page


def look(page: Page) -> None:
    checks.well_formed(page)
    checks.accessible(page)
    checks.fits(page)


def test_a_job_is_watched_cancelled_and_tried_again(
    browser: Browser, copy: tuple[Served, Path]
) -> None:
    served, state = copy
    visit = somebody(browser, served, ADMIN)
    watching: list[dict[str, str]] = []
    visit.page.on(
        "request",
        lambda asked: watching.append(asked.headers) if "/watch/" in asked.url else None,
    )

    page = begin(visit)
    expect(page.get_by_text("Waiting")).to_be_visible()
    expect(page.get_by_text(NOBODY)).to_be_visible()
    look(page)
    if folder := os.environ.get("SIGHTLINE_LOOK_AT"):
        page.screenshot(path=f"{folder}/waiting.png", full_page=True)

    with worker(state):
        expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=SOON)  # by itself
        expect(page.get_by_text(NOBODY)).to_have_count(0)
        assert watching
        assert all(headers.get("sightline-background") == "yes" for headers in watching)
        asked = len(watching)
        page.wait_for_timeout(3_000)
        assert len(watching) == asked  # it is over, so the script asks no more

    page = begin(visit)
    page.get_by_role("link", name="Cancel this job").click()
    look(page)
    page.get_by_role("button", name="Cancel this job").click()
    expect(page.get_by_text("is cancelled.")).to_be_visible()
    look(page)
    page.get_by_role("link", name="Try again").click()
    look(page)
    page.get_by_role("button", name="Try it again").click()
    expect(page.get_by_text("Waiting")).to_be_visible()
    page.get_by_role("link", name="your jobs").click()
    look(page)
    with worker(state):
        page.get_by_role("link", name=re.compile("everything sealed")).first.click()
        expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=SOON)
    where = page.url.removeprefix(served.url)
    page = visit.open("/admin/jobs/")
    expect(page.get_by_text("The clock").first).to_be_visible()
    look(page)
    if folder := os.environ.get("SIGHTLINE_LOOK_AT"):
        page.screenshot(path=f"{folder}/what-ran.png", full_page=True)
    assert visit.complaints == []
    lead = somebody(browser, served, LEAD)
    lead.open(where, status=404)  # somebody else's
    for opened in (visit, lead):
        opened.page.context.close()


def test_without_scripts_one_looks_again(browser: Browser, copy: tuple[Served, Path]) -> None:
    served, state = copy
    visit = somebody(browser, served, ADMIN, javascript=False, width=320)
    page = begin(visit)
    expect(page.get_by_text("Waiting")).to_be_visible()
    with worker(state):
        for _ in range(SOON // 100):
            page.get_by_role("link", name="Look again").click()
            if page.get_by_text("Done", exact=True).count():
                break
            time.sleep(0.1)
        expect(page.get_by_text("Done", exact=True)).to_be_visible()
    visit.page.context.close()
