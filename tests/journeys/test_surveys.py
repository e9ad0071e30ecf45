"""A round from beginning to results: of staff, of children, and of a form made elsewhere.

Each is set up by the task list, opened, answered on a telephone without scripts, read by a safety
reader, closed, and its results looked at. A few dozen answers more come from `surveys_made`.
"""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desks, Visit
from tests.journeys.serving import Served, _python, _settings, serving
from tests.journeys.surveys_made import AREA
from tests.journeys.test_data import whole
from tests.journeys.test_respondents import PHONE, WEATHER, press, press_here
from tests.journeys.test_uploads import XLSX, downloaded, heading
from tests.surveys.forms import shared

SURVEYS = f"/p/{AREA}/surveys/"
CO_ORDINATOR, READER = "partnership-co-ordinator", "safety-reader"
TODAY = dt.datetime.now(tz=dt.UTC).date()
WEEK = dt.timedelta(days=7)
MORE = 60
SET_UP = (  # pages of a draft, and of a draft with questions of its own
    "",
    "build/",
    "build/start/",
    "build/access/",
    "build/help/",
    "build/privacy/",
    "build/results/",
    "build/readers/",
    "build/open/",
    "build/questions/",
    "build/introduction/",
    "build/questions/agency/",
    "build/questions/agency/delete/",
    "build/sections/profile/",
    "build/sections/profile/new/",
    "build/sections/profile/delete/",
    "build/languages/",
)
RUNNING = ("build/readers/1/end/", "pause/", "extend/", "close/")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration, whose jobs are carried out at once."""
    from sightline.config.demonstration import PASSWORD

    folder = tmp_path_factory.mktemp("surveys")
    demo = ("manage.py", "demo")
    with serving(folder, demo, PASSWORD, SIGHTLINE_JOBS="immediate") as served:
        yield served


def answered_by_more(copy: Served, slug: str, number: int = MORE) -> None:
    """So many made-up people answer too."""
    _python(_settings(copy.state), "-m", "tests.journeys.surveys_made", slug, str(number))


def save(page: Page, button: str = "Save") -> None:
    """Press a button of a form that can be kept as it is."""
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".sl-errors")).to_have_count(0)


def on_day(page: Page, name: str, day: dt.date) -> None:
    """Fill the three boxes of a date."""
    for part in ("day", "month", "year"):
        page.locator(f"[name={name}_{part}]").fill(str(getattr(day, part)))


def choose(page: Page, name: str, value: str) -> None:
    """Choose one of several by its label, as a mouse does."""
    button = page.locator(f"[name={name}][value='{value}']")
    page.locator(f"label[for={button.get_attribute('id')}]").click()
    expect(button).to_be_checked()


def begun(desk: Visit, title: str, questions: str) -> str:
    """A survey begun from a questionnaire that is there; its address."""
    page = desk.open(SURVEYS)
    page.get_by_role("link", name="Begin a survey").click()
    heading(page, "Begin a survey of Strathgarry")
    whole(page)
    page.get_by_label("What the survey is called").fill(title)
    choose(page, "questions", questions)
    save(page, "Begin")
    heading(page, f"Set up: {title}")
    return page.url.removeprefix(desk.base).removesuffix("build/")


def set_up(desk: Visit, survey: str, *, child: bool = False, reader: bool = True) -> str:
    """Every task of the list, the last of which opens it; the link that people are given."""
    page = desk.open(f"{survey}build/")
    page.get_by_role("link", name="Who can answer and how they get in").click()
    on_day(page, "closes_on", TODAY + 4 * WEEK)
    save(page)
    page = desk.open(f"{survey}build/")
    page.get_by_role("link", name="Help and support shown to people").click()
    page.locator("[name=local_help]").fill("Social work, 0300 555 0100, every night")
    if child:
        page.locator("[name=handout_note]").fill("You can say no, and nothing will change.")
        page.locator("[name=parents_told]").fill("A letter a week before.")
    save(page)
    if reader:
        page = desk.open(f"{survey}build/results/")
        page.get_by_role("link", name="Name safety readers").click()
        page.locator("[name=person]").select_option(label="Safety reader (invented)")
        on_day(page, "trained_on", TODAY - 9 * WEEK)
        save(page, "Name this person")
    page = desk.open(f"{survey}build/results/")
    on_day(page, "heard_by", TODAY + 9 * WEEK)
    on_day(page, "destroy_on", TODAY + 40 * WEEK)
    save(page)
    desk.open(f"{survey}build/privacy/")
    save(page, "I have read this")
    desk.open(f"{survey}build/open/")
    heading(page, "Try it, then open")
    save(page, "Open the survey")
    desk.open(survey)
    expect(page.locator(".sl-lead")).to_contain_text("Open")
    whole(page)
    link = page.locator("main").get_by_text(re.compile(r"/s/[A-Z0-9]+/")).first.inner_text()
    return re.search(r"/s/[A-Z0-9]+/", link)[0]  # type: ignore[index]


def phone(desks: Desks, copy: Served) -> Visit:
    """Somebody at a telephone without scripts; the weather is not asked of anybody."""
    visit = desks.take(copy, "", width=PHONE, javascript=False)
    visit.page.context.route(WEATHER, lambda route: route.fulfill(body="The weather"))
    return visit


def change(page: Page, question: str) -> None:
    """From the page of all answers to one question."""
    page.locator(".answers div").filter(has_text=question).get_by_role("link").click()
    page.wait_for_url("**/?from=check")


def come_back(desks: Desks, copy: Served, words: str) -> Page:
    """Somebody goes on elsewhere, by three words."""
    page = phone(desks, copy).open("/s/")
    page.get_by_label("Come back with three words").fill(words)
    press(page, "Come back")
    return page


def clear_the_first(desks: Desks, copy: Served, survey: str) -> None:
    """The safety reader reads what waits first, and clears it as it stands."""
    desk = desks.take(copy, READER)
    page = desk.open(f"{survey}comments/")
    heading(page, "What people wrote, to read first")
    whole(page)
    page.get_by_role("link", name="Read the first").click()
    heading(page, "Read a comment")
    whole(page)
    choose(page, "decision", "cleared")
    save(page, "Keep this decision")
    page = desk.open(f"{survey}comments/read/")
    expect(page.get_by_role("table").get_by_role("rowheader")).to_have_count(1)
    whole(page)


def closed_with_results(desk: Visit, survey: str, item: str, grouping: str, who: str) -> None:
    """The monitor, the closing, and every page and a file of results."""
    page = desk.open(f"{survey}monitor/")
    heading(page, "How it is going")
    whole(page)
    for path in RUNNING:
        desk.open(f"{survey}{path}")
        whole(page)
    save(page, "Close for good")
    desk.open(f"{survey}results/")
    expect(page.locator(".sl-lead")).to_contain_text(f"{MORE + 1} {who} answered")
    whole(page)
    content = downloaded(page, "CSV").decode("utf-8-sig")
    assert item in content
    desk.open(f"{survey}results/{item}/")
    expect(page.locator("main")).to_contain_text(re.compile(r"\d+ of [56]\d, \d+%"))
    whole(page)
    desk.open(f"{survey}results/by/{grouping}/")
    heading(page, "Compare by")
    whole(page)


def test_a_round_of_staff(copy: Served, desks: Desks) -> None:
    desk = desks.take(copy, CO_ORDINATOR)
    survey = begun(desk, "Our own staff", "staff@1")
    link = set_up(desk, survey)

    page = phone(desks, copy).open(link)
    press(page, "Start")
    page.get_by_label("Health", exact=True).check()
    press(page, "Continue")
    page.get_by_label("Strongly agree").first.check()
    press(page, "Save and finish later")
    words = page.locator(".words").inner_text()
    page = come_back(desks, copy, words)
    expect(page.get_by_label("Strongly agree").first).to_be_checked()
    page.goto(f"{copy.url}{link}check/")
    expect(page.locator(".answers")).to_contain_text("Health")
    change(page, "Is there anything else")
    page.get_by_label("Is there anything else").fill("More time with families.")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".answers")).to_contain_text("More time with families.")
    press(page, "Send my answers")

    slug = survey.split("/")[-2]
    answered_by_more(copy, slug)
    clear_the_first(desks, copy, survey)
    closed_with_results(desk, survey, "confident-recognise", "agency", "staff")
    assert [said for said in desk.complaints if "/file.csv" not in said] == []


def child_at(desks: Desks, copy: Served, link: str) -> Page:
    """A child at the first question."""
    page = phone(desks, copy).open(link)
    press(page, "I want to do it")
    press(page, "OK")
    press(page, "OK")
    heading(page, "How old are you?")
    return page


def test_a_round_of_children(copy: Served, desks: Desks) -> None:
    desk = desks.take(copy, CO_ORDINATOR)
    survey = begun(desk, "Children of Strathgarry", "children@1")
    link = set_up(desk, survey, child=True)

    page = child_at(desks, copy, link)
    page.get_by_label("8 to 11").check()
    press(page, "Next")
    heading(page, "Where do you live?")
    page.get_by_role("link", name="Hide this page", exact=True).click()
    page.wait_for_url(WEATHER)
    page.goto(f"{copy.url}{link}")
    heading(page, "You closed this page")

    page = child_at(desks, copy, link)
    page.get_by_label("12 to 15").check()
    press(page, "Stop and leave")
    words = page.locator(".words").inner_text()
    press(page, "Leave now")
    page = come_back(desks, copy, words)
    for _ in range(6):
        press(page, "Next")
    heading(page, "Does your worker listen to you?")
    press(page, "Next")
    expect(page.locator(".lead")).to_contain_text("You can skip them all.")
    press(page, "Skip these 3")
    heading(page, "Do you get the help you need with school?")
    page.goto(f"{copy.url}{link}check/")
    expect(page.locator(".answers")).to_contain_text("12 to 15")
    press_here(page, "Delete my answers and stop")
    heading(page, "Your answers are deleted")

    page = child_at(desks, copy, link)
    page.get_by_label("12 to 15").check()
    press(page, "Next")
    page.goto(f"{copy.url}{link}check/")
    change(page, "What should change?")
    page.get_by_label("What should change?").fill("Tell me before somebody new comes.")
    press(page, "Next")
    press(page, "Send my answers")
    expect(page.get_by_text("You have told us what you think.")).to_be_visible()

    answered_by_more(copy, survey.split("/")[-2])
    clear_the_first(desks, copy, survey)
    closed_with_results(desk, survey, "listens", "age", "children")
    assert [said for said in desk.complaints if "/file.csv" not in said] == []


def send_form(desk: Visit, title: str, number: str) -> Page:
    """A form made elsewhere, sent to begin a survey with."""
    content, name = shared(number)
    page = desk.open(f"{SURVEYS}new/")
    page.get_by_label("What the survey is called").fill(title)
    choose(page, "questions", "xlsform")
    page.locator("[name=audience]").select_option("anyone")
    page.locator("[name=file]").set_input_files({"name": name, "mimeType": XLSX, "buffer": content})
    page.get_by_role("button", name="Begin", exact=True).click()
    return page


def test_a_form_made_elsewhere_is_answered_and_one_that_is_broken_is_refused(
    copy: Served, desks: Desks
) -> None:
    desk = desks.take(copy, CO_ORDINATOR)
    page = send_form(desk, "A broken form", "02")
    expect(page.locator(".sl-errors")).to_contain_text("label")
    whole(page)
    page = send_form(desk, "Where do you live?", "05")
    heading(page, "Set up: Where do you live?")
    whole(page)
    survey = page.url.removeprefix(desk.base).removesuffix("build/")
    link = set_up(desk, survey, reader=False)

    page = phone(desks, copy).open(link)
    press(page, "Start")
    page.get_by_label("Texas", exact=True).check()
    press(page, "Continue")
    expect(page.get_by_label("Pierce", exact=True)).to_have_count(0)
    page.get_by_label("Cameron", exact=True).check()
    press(page, "Continue")
    expect(page.get_by_label("Seattle", exact=True)).to_have_count(0)
    page.get_by_label("harlingen", exact=True).check()
    press(page, "Continue")
    expect(page.locator(".answers")).to_contain_text("harlingen")
    press(page, "Send my answers")
    expect(page.get_by_text("Your answers have been sent.")).to_be_visible()
    assert desk.complaints == []


def test_every_page_of_setting_up(copy: Served, desks: Desks) -> None:
    """With a copy of the questions whose words the area may change."""
    desk = desks.take(copy, CO_ORDINATOR)
    survey = begun(desk, "Another of staff", "staff@1")
    page = desk.open(f"{survey}build/start/")
    save(page, "Make a copy of your own")
    for path in SET_UP:
        desk.open(f"{survey}{path}")
        whole(page)
    assert desk.complaints == []
