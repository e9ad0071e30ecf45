"""Reading a record: saved as it is typed, in two tabs, signed out, without scripts, by keys."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import checks
from tests.journeys.conftest import open_page
from tests.journeys.copies import PASSWORD
from tests.journeys.reading_copies import READINGS
from tests.journeys.serving import CHECKOUT, Served, _settings, serving

LEAD = "inspection-lead"
SAVED = re.compile(r"^Saved at \d+:\d\d[ap]m$")
END = "from django.contrib.sessions.models import Session; Session.objects.all().delete()"


@dataclass(frozen=True)
class Copy:
    """A served copy in which sessions can be ended."""

    served: Served
    state: Path

    def end_sessions(self) -> None:
        """Nobody is signed in any more."""
        subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", END],
            cwd=CHECKOUT,
            env=_settings(self.state),
            check=True,
        )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """A copy of its own, in which somebody has records to read."""
    state = tmp_path_factory.mktemp("reading")
    with serving(state, ("-m", "tests.journeys.reading_copies"), PASSWORD) as served:
        yield Copy(served, state)


@pytest.fixture
def enter(copy: Copy, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Sign in as the lead and open a page."""
    contexts: list[BrowserContext] = []

    def begin(path: str, *, javascript: bool = True) -> Page:
        visit = open_page(browser, copy.served.url, javascript=javascript)
        contexts.append(visit.page.context)
        visit.page.goto(f"{copy.served.url}/accounts/login/?next={path}")
        sign_in(visit.page, copy)
        return visit.page

    yield begin
    for context in contexts:
        context.close()


def sign_in(page: Page, copy: Copy) -> None:
    """Fill in the sign-in page that is open."""
    page.get_by_label("Email").fill(copy.served.email(LEAD))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/accounts/login/" not in address)


def choose(page: Page, question: str, answer: str) -> None:
    """One answer of a question; the label lies over its box."""
    page.locator(f"#q-{question}").get_by_label(answer, exact=True).check(force=True)


def on(page: Page) -> None:
    """Save and continue."""
    page.get_by_role("button", name="Save and continue").click()


def test_a_section_is_saved_as_it_is_typed_and_by_keys(enter: Callable[..., Page]) -> None:
    page = enter("/reading/")
    page.get_by_role("link", name="Start next: R-001").click()
    expect(page.get_by_role("heading", name="Before you read")).to_be_visible()
    checks.accessible(page)
    checks.fits(page)
    page.get_by_role("link", name="G Plan").click()
    status = page.locator("[data-status]")
    choose(page, "plan-present", "Yes")
    expect(status).to_have_text(SAVED)
    expect(page.locator("[data-notices]")).to_contain_text("Your answers bring 4 more questions")
    on(page)
    quality, why = page.locator("#q-plan-quality"), page.locator("#q-plan-quality textarea")
    quality.get_by_label("4 Good").focus()
    page.keyboard.press("2")
    expect(quality.get_by_label("2 Weak")).to_be_checked()
    why.press_sequentially("Kayleigh had 5 aims.")
    expect(quality.get_by_label("2 Weak")).to_be_checked()
    expect(page.locator("[data-notices]")).to_contain_text("“Kayleigh” looks like a name.")
    checks.accessible(page)
    checks.fits(page)
    checks.has_no_single_key_shortcuts(page)
    checks.works_by_keyboard(page)
    page.context.close()

    page = enter(f"{READINGS}1/plan/")
    expect(page.locator("#q-plan-quality textarea")).to_have_value("Kayleigh had 5 aims.")
    page.goto(page.url.replace("/plan/", "/meeting/"))
    choose(page, "meeting-held", "Yes")
    on(page)
    row = page.locator("#q-meeting-attendance").get_by_role("row", name="Police")
    row.get_by_label("Police: Yes").check(force=True)
    expect(page.locator("[data-status]")).to_have_text(SAVED)
    checks.accessible(page)
    checks.fits(page)
    with page.expect_popup() as raising:
        page.get_by_role("link", name="Raise a concern about reading R-001").click()
    expect(raising.value.get_by_role("heading", level=1)).to_be_visible()
    raising.value.close()
    expect(row.get_by_label("Police: Yes")).to_be_checked()
    page.get_by_role("button", name="Save and take a break").click()
    expect(page.get_by_text("D. Support, room 4")).to_be_visible()
    checks.accessible(page)
    page.get_by_role("link", name="Go on reading").click()
    expect(row.get_by_label("Police: Yes")).to_be_checked()


def test_two_tabs_and_a_session_that_ends_lose_nothing(
    copy: Copy, enter: Callable[..., Page]
) -> None:
    first = enter(f"{READINGS}2/narrative/")
    second = first.context.new_page()
    second.goto(first.url)
    for page, words in ((first, "Of the first tab."), (second, "Of the second tab.")):
        page.locator("#q-strengths textarea").fill(words)
        expect(page.locator("[data-status]")).to_have_text(re.compile("Saved at|changed this"))
    second.get_by_role("link", name="Look at both versions").click()
    expect(second.get_by_text("Of the first tab.")).to_be_visible()
    expect(second.get_by_text("Of the second tab.")).to_be_visible()
    checks.accessible(second)
    checks.fits(second)
    second.get_by_role("button", name="Join both").click()
    box = second.locator("#q-strengths textarea")
    expect(box).to_have_value("Of the first tab.\n\nOf the second tab.")

    copy.end_sessions()
    box.fill("Typed when nobody was signed in.")
    second.wait_for_url(re.compile("/accounts/login/"))
    sign_in(second, copy)
    expect(box).to_have_value("Typed when nobody was signed in.")
    expect(second.get_by_text("We put back what you typed")).to_be_visible()


def test_it_works_without_scripts(enter: Callable[..., Page]) -> None:
    page = enter(f"{READINGS}3/plan/", javascript=False)
    choose(page, "plan-present", "Yes")
    on(page)
    choose(page, "plan-quality", "6 Excellent")
    on(page)
    expect(page.get_by_role("link", name="Say why it is excellent.")).to_be_visible()
    page.locator("#q-plan-quality textarea").fill("Every aim was met.")
    on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("H Reviews")
    page.goto(page.url.replace("/review/", "/plan/"))
    choose(page, "plan-present", "No")
    on(page)
    expect(page.get_by_text("this is left out: Quality of plan (6 Excellent)")).to_be_visible()
    page.goto(page.url.replace("/review/", "/check/"))
    expect(page.get_by_role("link", name="D The meeting")).to_be_visible()
    expect(page.get_by_role("button", name="Hand in")).to_have_count(0)
