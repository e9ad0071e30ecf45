"""A matter of concern: raised in the middle of a task, acknowledged, alarmed, concluded, closed.

On a copy of its own, because time is moved in it and its files are searched for the words.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.concerns.looking import files, leaks
from tests.journeys import checks
from tests.journeys.conftest import DESK, Visit, open_page, sign_in
from tests.journeys.pictures import picture
from tests.journeys.serving import CHECKOUT, Served, _settings, serving

WORRY = "Xanthippe says the quillback behind Zorbonne Terrace frightens her"
WHOM = "Isolde Brackenmoor, 9 Mirabelle Gait"
WORDS = ["Xanthippe", "quillback", "Zorbonne", "Isolde", "Brackenmoor", "Mirabelle", "Thistlewood"]
INSPECTOR, LOCAL, LEAD = "inspector", "local-lead-for-concerns", "inspection-lead"
MANAGER, ADMIN = "service-manager", "system-administrator"
PROGRAMME = "programme-manager"
TASK = "/national/findings/"
LATER = """
import sys, django, time_machine, datetime as dt
django.setup()
from sightline.access.actors import acting_as
from sightline.concerns import services
from sightline.jobs.actors import Clock
clock = Clock("concerns.alarm")
with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(hours=int(sys.argv[1]))):
    with acting_as(clock):
        print(services.look_for_overdue(actor=clock))
"""


@dataclass(frozen=True)
class Copy:
    """A served copy, the folder of its database, letters and logs, and pages for its people."""

    served: Served
    state: Path
    visit: Callable[..., Visit]

    def later(self, hours: int) -> int:
        """What the clock does when so many hours have gone by; how many alarms it gave."""
        done = subprocess.run(
            [sys.executable, "-c", LATER, str(hours)],
            cwd=CHECKOUT,
            env=_settings(self.state) | {"DJANGO_SETTINGS_MODULE": "sightline.config.settings"},
            capture_output=True,
            text=True,
            check=True,
        )
        return int(done.stdout)

    def letters(self) -> str:
        """Every letter that was sent, one after another."""
        return "\n".join(path.read_text() for path in sorted((self.state / "mail").iterdir()))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Copy]:
    """A copy with the demonstration, whose vault is empty."""
    from sightline.access.demonstration import PASSWORD

    state = tmp_path_factory.mktemp("concerns")
    with serving(state, ("manage.py", "demo"), PASSWORD) as served:
        opened: list[Visit] = []

        def visit(role: str, *, width: int = DESK, javascript: bool = True) -> Visit:
            found = open_page(
                browser, served.url, width=width, javascript=javascript, reduced_motion="reduce"
            )
            sign_in(found.page, served, role)
            opened.append(found)
            return found

        yield Copy(served, state, visit)
        for one in opened:
            one.page.context.close()


def look(visit: Visit, page: Page | None = None) -> None:
    """A page is in order: structure, axe, keyboard, 320 px."""
    page = page or visit.page
    checks.well_formed(page)
    checks.accessible(page)
    checks.works_by_keyboard(page)
    checks.survives_text_spacing(page)
    size = page.viewport_size
    checks.fits(page)
    if size:
        page.set_viewport_size(size)


def raise_from(visit: Visit, path: str) -> Page:
    """Open a page, and the form in a tab of its own from its head."""
    page = visit.open(path)
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="Raise a concern").click()
    form = opening.value
    form.wait_for_load_state()
    return form


def send(form: Page, danger: str) -> str:
    """Answer what must be answered and a little more, send it; the key of the concern."""
    form.get_by_label("What are you worried about?").fill(WORRY)
    form.get_by_label("Who is it about, and how can they be found?").fill(WHOM)
    form.locator("label", has_text=re.compile(f"^{danger}$")).click()
    form.get_by_label("Which partnership is responsible?").select_option("strathgarry")
    form.get_by_role("button", name="Send the concern").click()
    form.wait_for_url(re.compile("/sent/"))
    found = re.search(r"/concerns/([0-9a-f-]{36})/sent/", form.url)
    assert found
    return found[1]


def take(page: Page, button: str, words: str, **more: str) -> None:
    """Take a step from the concern's page."""
    page.get_by_role("link", name=button, exact=True).click()
    if words:
        page.get_by_role("textbox").first.fill(words)
    for label, value in more.items():
        page.get_by_label(re.compile(label)).fill(value)
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(re.compile(r"^\s*Concern C-"))).to_be_visible()


def test_a_concern_from_the_middle_of_a_task_to_its_end(copy: Copy) -> None:
    """In danger: the local lead is told at once, acknowledges, acts; the manager closes."""
    inspector = copy.visit(INSPECTOR)
    form = raise_from(inspector, TASK)
    look(inspector, form)
    form.evaluate("document.activeElement.blur()")
    picture(form, "raise-a-concern", height=1500)
    assert "Findings" in form.get_by_label("Where did you see or hear it?").input_value()
    form.get_by_role("button", name="Send the concern").click()  # fails once, empty
    expect(form).to_have_title(re.compile("^Error: "))
    look(inspector, form)
    key = send(form, "Yes")
    expect(form.get_by_text("Local lead for concerns (invented)")).to_be_visible()
    look(inspector, form)
    assert inspector.page.url.endswith(TASK)  # the task in hand is as it was
    assert WORRY not in form.content()

    for stranger in (ADMIN, "depute-lead"):
        copy.visit(stranger).open(f"/concerns/{key}/", status=404)

    local = copy.visit(LOCAL)
    page = local.open("/home/")
    expect(page.get_by_role("link", name="1 concern is waiting")).to_be_visible()
    look(local)
    page.get_by_role("link", name="1 concern is waiting").click()
    look(local)
    page.locator("main table a").first.click()
    expect(page.get_by_text(WORRY)).to_be_visible()
    look(local)
    take(page, "Acknowledge it", "")
    page.get_by_role("link", name="Record what was done").click()
    look(local)
    page.go_back()
    take(page, "Record what was done", "Visited by Thistlewood", Reference="SW-1")
    take(page, "Ask who raised it", "Which school?")

    answering = inspector.open(f"/concerns/{key}/")
    look(inspector)
    expect(answering.get_by_text("Visited by")).to_have_count(0)
    take(answering, "Answer the question", "The one by the bridge")

    page.reload()
    take(page, "Record the outcome", "She is safe with her aunt")
    manager = copy.visit(PROGRAMME)  # of all of Scotland: it was in no inspection
    page = manager.open(f"/concerns/{key}/")
    expect(page.get_by_text("Local reference: SW-1")).to_be_visible()
    take(page, "Close it", "Agreed with the local lead")
    expect(page.locator(".sl-lead")).to_have_text(re.compile("Closed"))
    look(manager)
    checks.behaves(manager)
    checks.behaves(local)


def test_a_concern_nobody_acts_on_is_alarmed_and_then_acknowledged(copy: Copy) -> None:
    """Not in danger: the lead is told; a day goes by; the alarm; the lead passes it on."""
    inspector = copy.visit(INSPECTOR, width=320, javascript=False)
    form = raise_from(inspector, "/p/strathgarry/exercises/strathgarry-2026/")
    expect(form.get_by_label("Which inspection did you see it in?")).to_have_value(
        "strathgarry-2026"
    )
    key = send(form, "No")
    assert "Nobody has acted" not in copy.letters()
    assert copy.later(23) == 0
    assert copy.later(25) == 1
    assert copy.later(26) == 0  # once a day
    letters = copy.letters()
    assert letters.count("Nobody has acted on a matter of concern") == 2  # lead and manager
    for role in (LEAD, MANAGER):
        assert copy.served.email(role) in letters
    lead = copy.visit(LEAD, javascript=False)
    page = lead.open(f"/concerns/{key}/")
    expect(page.get_by_text("Alarm: nobody had acted in time")).to_be_visible()
    take(page, "Pass it on", "It is serious")
    local = copy.visit(LOCAL, width=320, javascript=False)
    page = local.open(f"/concerns/{key}/")
    take(page, "Acknowledge it", "")


def test_no_file_of_the_copy_holds_a_word_of_it(copy: Copy) -> None:
    """Runs after the two above: database with its journal, letters, the server's log."""
    found = list(files(copy.state))
    assert any(name.endswith(".sqlite3") for name, _ in found)
    assert any("/mail/" in name for name, _ in found)
    assert leaks(found, WORDS) == []
