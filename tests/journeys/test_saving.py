"""Texts that are not lost: saved as typed, by two at once, offline, signed out, killed."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import checks
from tests.journeys.conftest import open_page
from tests.journeys.copies import PASSWORD
from tests.journeys.serving import CHECKOUT, Served, _settings, serving

LEAD, PROGRAMME, AREA = "inspection-lead", "programme-lead", "partnership-co-ordinator"
NOTES = "/p/angus/exercises/angus-2031/notes/"
HOLIDAY = "/partnerships/angus/holidays/add/"
SEND = "/uploads/holidays/partnership/angus/"
AGE = """
from django.contrib.sessions.models import Session
from sightline.saving.sessions import SessionStore
for row in Session.objects.all():
    session = SessionStore(row.session_key)
    if "sightline_seen" in session:
        session["sightline_seen"] -= {seconds}
        session.save()
"""


@dataclass(frozen=True)
class Copy:
    """A served copy whose clock can be put on for whoever is signed in."""

    served: Served
    state: Path

    def pass_time(self, *, minutes: float) -> None:
        """Nobody did anything for so long."""
        code = AGE.format(seconds=int(minutes * 60))
        subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", code],
            cwd=CHECKOUT,
            env=_settings(self.state),
            check=True,
        )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """A copy of its own, since time passes in it."""
    state = tmp_path_factory.mktemp("saving")
    with serving(state, ("-m", "tests.journeys.copies", "bare"), PASSWORD) as served:
        yield Copy(served, state)


@pytest.fixture
def enter(copy: Copy, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Sign in as somebody and open a page: `enter("inspection-lead", NOTES)`."""
    contexts: list[BrowserContext] = []

    def begin(role: str, path: str, *, javascript: bool = True) -> Page:
        visit = open_page(browser, copy.served.url, javascript=javascript)
        contexts.append(visit.page.context)
        visit.page.goto(f"{copy.served.url}/accounts/login/?next={path}")
        sign_in(visit.page, copy, role)
        return visit.page

    yield begin
    for context in contexts:
        context.close()


def sign_in(page: Page, copy: Copy, role: str) -> None:
    """Fill in the sign-in page that is open."""
    page.get_by_label("Email").fill(copy.served.email(role))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/accounts/login/" not in address)  # loaded, scripts too


def write(page: Page, text: str) -> None:
    """Write in the notes, and wait until they are saved."""
    page.get_by_label("Team notes").fill(text)
    expect(page.locator("[data-status]")).to_have_text(re.compile(r"^Saved at \d+:\d\d[ap]m$"))


def test_it_is_saved_as_it_is_typed_and_there_after_the_browser_is_gone(
    enter: Callable[..., Page],
) -> None:
    page = enter(LEAD, NOTES)
    write(page, "Met the team.\nRang 07700 900123 to say so.")
    expect(page.locator("[data-notices]")).to_contain_text("Line 2 may hold a phone number.")
    page.context.close()

    page = enter(LEAD, NOTES)
    expect(page.get_by_label("Team notes")).to_have_value(re.compile("^Met the team"))
    checks.accessible(page)
    page.get_by_role("link", name="Earlier versions").click()
    expect(page.get_by_role("row", name=re.compile("Version 1"))).to_contain_text("In use")
    page.get_by_role("link", name="Version 1").click()
    expect(page.get_by_text("This is the version in use.")).to_be_visible()
    checks.accessible(page)


def test_two_tabs_keep_both_texts(enter: Callable[..., Page]) -> None:
    first = enter(LEAD, NOTES)
    second = first.context.new_page()
    second.goto(first.url)
    write(first, "Of the first tab.")
    second.get_by_label("Team notes").fill("Of the second tab.")
    status = second.locator("[data-status]")
    expect(status).to_contain_text("changed this a moment ago. Look at both versions")
    second.get_by_role("link", name="Look at both versions").click()
    expect(second.locator("#theirs ~ .sl-words")).to_have_text("Of the first tab.")
    expect(second.locator("#mine ~ .sl-words")).to_have_text("Of the second tab.")
    checks.accessible(second)
    checks.fits(second)
    second.get_by_role("button", name="Use this text instead").click()
    expect(second.get_by_text("Settled, and saved at")).to_be_visible()
    expect(second.get_by_label("Team notes")).to_have_value("Of the second tab.")


def test_two_people_without_scripts_keep_both_texts(enter: Callable[..., Page]) -> None:
    lead = enter(LEAD, NOTES, javascript=False)
    other = enter(PROGRAMME, NOTES, javascript=False)
    lead.get_by_label("Team notes").fill("What the lead wrote.")
    lead.get_by_role("button", name="Save the notes").click()
    expect(lead.get_by_text("Saved at").first).to_be_visible()
    other.get_by_label("Team notes").fill("What the other wrote.")
    other.get_by_role("button", name="Save the notes").click()
    expect(other.get_by_text("inspection-lead changed this")).to_be_visible()
    expect(other.get_by_text("What the lead wrote.").first).to_be_visible()
    expect(other.get_by_text("What the other wrote.").first).to_be_visible()
    other.get_by_label("One text made of both").fill("What both wrote.")
    other.get_by_role("button", name="Save the joined text").click()
    expect(other.get_by_label("Team notes")).to_have_value("What both wrote.")
    lead.reload()
    expect(lead.get_by_label("Team notes")).to_have_value("What both wrote.")


def test_offline_the_words_stay_and_are_saved_when_the_line_is_back(
    enter: Callable[..., Page],
) -> None:
    page = enter(LEAD, NOTES)
    page.context.set_offline(True)
    page.get_by_label("Team notes").fill("Written on the train.")
    status = page.locator("[data-status]")
    expect(status).to_have_text("Not saved. Your words are still on this page. Try again")
    page.context.set_offline(False)
    expect(status).to_have_text(re.compile("^Saved at"), timeout=15_000)
    page.reload()
    expect(page.get_by_label("Team notes")).to_have_value("Written on the train.")


def test_typed_signed_out_by_time_signed_in_and_there(
    copy: Copy, enter: Callable[..., Page]
) -> None:
    page = enter(AREA, HOLIDAY)
    page.get_by_label("Name").fill("Feast of the harbour")
    expect(page.get_by_text("What you typed is kept for you until you send it.")).to_be_visible()
    copy.pass_time(minutes=31)
    page.get_by_role("button", name=re.compile("^Add the")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_text("You were signed out after 30 minutes")).to_contain_text(
        "to protect the records. What you typed is kept."
    )
    sign_in(page, copy, LEAD)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in")
    assert "Feast of the harbour" not in page.content()
    page.goto(f"{copy.served.url}{HOLIDAY}")
    assert "Feast of the harbour" not in page.content()

    again = enter(AREA, HOLIDAY)
    expect(again.get_by_text("We put back what you typed at")).to_be_visible()
    expect(again.get_by_label("Name")).to_have_value("Feast of the harbour")
    checks.accessible(again)
    again.get_by_role("button", name="Throw it away").click()
    expect(again.get_by_label("Name")).to_have_value("")


def test_without_scripts_what_was_sent_too_late_is_there_after_signing_in(
    copy: Copy, enter: Callable[..., Page]
) -> None:
    page = enter(LEAD, NOTES, javascript=False)
    page.get_by_label("Team notes").fill("Sent too late.")
    copy.pass_time(minutes=31)
    page.get_by_role("button", name="Save the notes").click()
    expect(page.get_by_text("What you typed is kept.")).to_be_visible()
    sign_in(page, copy, LEAD)
    expect(page).to_have_url(re.compile(f"{NOTES}$"))
    expect(page.get_by_text("We put back what you typed at")).to_be_visible()
    expect(page.get_by_label("Team notes")).to_have_value("Sent too late.")
    page.get_by_role("button", name="Save the notes").click()
    expect(page.get_by_text("Saved at").first).to_be_visible()
    expect(page.get_by_text("We put back what you typed at")).to_have_count(0)


def test_a_warning_first_and_at_the_end_nothing_stays_on_the_screen(
    copy: Copy, enter: Callable[..., Page]
) -> None:
    page = enter(LEAD, NOTES)
    page.clock.install()
    page.reload()
    write(page, "On the screen.")
    copy.pass_time(minutes=29)
    page.clock.fast_forward(29 * 60 * 1000)
    dialog = page.get_by_role(
        "dialog", name="You will be signed out in 2 minutes to protect the records"
    )
    expect(dialog).to_be_visible()  # axe cannot tell what lies behind a dialog
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()

    page.get_by_label("Team notes").fill("Typed, and then away.")
    page.clock.fast_forward(2_000)
    expect(page.locator("[data-status]")).to_have_text(re.compile("^Saved at"))
    copy.pass_time(minutes=31)
    page.clock.fast_forward(31 * 60 * 1000)
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert "and then away" not in page.content()
    sign_in(page, copy, LEAD)
    expect(page.get_by_label("Team notes")).to_have_value("Typed, and then away.")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without"])
def test_a_file_sent_after_the_session_is_over_leads_to_signing_in(
    enter: Callable[..., Page], copy: Copy, javascript: bool
) -> None:
    """The file was not received, so the person is told who they must be, not to try again."""
    page = enter(AREA, SEND, javascript=javascript)
    file = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"Name,Kind,First day\n"}
    page.get_by_label("Your file").set_input_files(file)  # type: ignore[arg-type]
    # What is typed is kept in the background; kept after time has passed, it would sign out first.
    kept = page.expect_response(lambda answer: "Holidays" in (answer.request.post_data or ""))
    with kept if javascript else nullcontext():
        page.get_by_label("Sheet").fill("Holidays 2031")
    copy.pass_time(minutes=31)
    page.get_by_role("button", name="Send and check").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    sign_in(page, copy, AREA)
    expect(page.get_by_label("Sheet")).to_have_value("Holidays 2031")


@pytest.mark.xdist_group("kills")
@pytest.mark.timeout(400)
def test_thirty_kills() -> None:
    """The short form of the bar of 500; `python -m benchmarks.kills` is the whole."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kills", "--kills", "30"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        timeout=380,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "lost 0" in done.stdout
    assert "stored twice    0" in done.stdout
