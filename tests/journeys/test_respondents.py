"""People answer: a child without scripts on a telephone, staff by keyboard, a class that shares."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import checks
from tests.journeys.conftest import Visit, open_page
from tests.journeys.copies import PASSWORD
from tests.journeys.respondents_made import CHILD, GROUP, PARENT, SHARED, STAFF
from tests.journeys.serving import Served, serving

PHONE = 360
WEATHER = "https://www.bbc.co.uk/weather"
SMALLEST = 44
CONTROLS = """
() => [...document.querySelectorAll('a[href], button, summary, select, textarea, .pick label')]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.disabled)
  .filter((one) => one.tabIndex >= 0 || one.tagName === 'LABEL')
  .filter((one) => one.getBoundingClientRect().right > 0)
  .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44).map(([text]) => text)
"""
Opener = Callable[..., Visit]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A copy with the small surveys."""
    content = ("-m", "tests.journeys.respondents_made")
    with serving(tmp_path_factory.mktemp("respondents"), content, PASSWORD) as served:
        yield served


@pytest.fixture
def somebody(copy: Served, browser: Browser) -> Iterator[Opener]:
    """Somebody at a browser of their own; the weather is not asked of anybody."""
    contexts: list[BrowserContext] = []

    def opened(**more: Any) -> Visit:
        visit = open_page(browser, copy.url, **{"width": PHONE, **more})
        visit.page.context.route(WEATHER, lambda route: route.fulfill(body="The weather"))
        contexts.append(visit.page.context)
        return visit

    yield opened
    for context in contexts:
        context.close()


def press(page: Page, name: str) -> None:
    """Press a button or follow a link, and wait for where it leads."""
    one = page.get_by_role("button", name=name, exact=True)
    if not one.count():
        one = page.get_by_role("link", name=name, exact=True)
    before = page.url
    one.first.click()
    page.wait_for_url(lambda url: url != before)


def began(visit: Visit, code: str = CHILD) -> Page:
    """At the first question of a survey for children."""
    page = visit.open(f"/s/{code}/")
    press(page, "I want to do it")
    press(page, "OK")
    press(page, "OK")
    expect(page.get_by_role("heading", level=1)).to_have_text("Does your worker listen?")
    return page


def test_a_child_without_scripts_answers_stops_comes_back_hides_deletes_and_sends(
    somebody: Opener, copy: Served
) -> None:
    visit = somebody(javascript=False)
    page = began(visit)
    page.get_by_label("Never").check()
    press(page, "Next")
    page.get_by_label("Why do you say that?").fill("He looks at a screen.")
    press(page, "Stop and leave")
    words = page.locator(".words").inner_text()
    press(page, "Leave now")
    expect(page.get_by_role("heading", level=1)).to_have_text("You have left the survey")

    elsewhere = somebody(javascript=False)
    again = elsewhere.open("/s/")
    again.get_by_label("Come back with three words").fill(words.upper())
    press(again, "Come back")
    expect(again.get_by_label("Why do you say that?")).to_have_value("He looks at a screen.")
    press(again, "Next")
    again.get_by_role("link", name="Hide this page", exact=True).click()
    again.wait_for_url(WEATHER)
    again.go_back()
    assert "a screen" not in again.content()
    assert "worker" not in again.content()
    assert "We do not have your answers" in again.content()
    elsewhere.open(f"/s/{CHILD}/")
    expect(again.get_by_role("heading", level=1)).to_have_text("You closed this page")

    third = somebody(javascript=False)
    page = third.open("/s/")
    page.get_by_label("Come back with three words").fill(words)
    press(page, "Come back")
    page.goto(f"{copy.url}/s/{CHILD}/check/")
    press_here(page, "Delete my answers and stop")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers are deleted")
    page = third.open("/s/")
    page.get_by_label("Come back with three words").fill(words)
    page.get_by_role("button", name="Come back").click()
    expect(page.locator(".summary")).to_contain_text("We do not recognise those words")

    last = somebody(javascript=False)
    page = began(last)
    page.get_by_label("I don't know").check()
    for _ in range(3):
        press(page, "Next")
    press(page, "Skip these 2")
    press(page, "Next")
    press(page, "Next")
    press(page, "No")
    page.get_by_label("No, I did it by myself").check()
    press(page, "Next")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look at my answers")
    press(page, "Send my answers")
    expect(page.get_by_text("It will be ready by 30 June 2027.")).to_be_visible()
    page.go_back()
    assert "I don't know" not in page.content()


def test_shift_three_times_hides_at_once_and_nothing_else_does(somebody: Opener) -> None:
    visit = somebody()
    page = began(visit)
    page.get_by_label("Never").check()
    for key in ("Escape", "Escape", "Shift", "a", "Shift", "Shift"):
        page.keyboard.press(key)
    expect(page.get_by_label("Never")).to_be_checked()
    page.context.route("**/s/leave/", lambda route: route.abort("aborted"))  # it never comes
    page.keyboard.press("Shift")
    assert page.evaluate("document.body.innerText").strip() == ""
    assert page.title().strip() == ""


def test_hidden_by_script_the_way_back_shows_nothing(somebody: Opener) -> None:
    visit = somebody()
    page = began(visit)
    page.get_by_label("Never").check()
    press(page, "Next")
    page.get_by_role("link", name="Hide this page", exact=True).click()
    page.wait_for_url(WEATHER)
    page.go_back()
    page.wait_for_load_state()
    assert "worker" not in page.content()
    for _ in range(3):
        page.go_back()
        assert "worker" not in page.content()
        assert "What is it like" not in page.content()


def test_a_page_whose_line_drops_keeps_what_was_typed(somebody: Opener) -> None:
    visit = somebody()
    page = began(visit)
    page.get_by_label("Never").check()
    press(page, "Next")
    page.get_by_label("Why do you say that?").fill("He looks away.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved. Your words are still on this")
    expect(page.get_by_label("Why do you say that?")).to_have_value("He looks away.")
    page.context.set_offline(False)
    press(page, "Next")
    press(page, "Back")
    expect(page.get_by_label("Why do you say that?")).to_have_value("He looks away.")


def test_staff_answer_a_few_a_page_by_keyboard_alone(somebody: Opener) -> None:
    visit = somebody(width=1280)
    page = visit.open(f"/s/{STAFF}/")
    assert page.get_by_text("Hide this page").count() == 0
    page.get_by_role("button", name="Start").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/1/")
    page.get_by_label("All of the time").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Never").first).to_be_checked()
    page.get_by_role("button", name="Continue").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/2/**")
    why = page.get_by_label("Why do you say that?")
    why.fill("Mrs Janet MacDonald never asks.")
    press_here(page, "Continue")
    expect(page.get_by_role("alert")).to_contain_text("MacDonald")
    why.fill("Nobody asks.")
    press(page, "Continue")
    visit.page.goto(f"{visit.base}/s/{STAFF}/check/")
    expect(page.locator(".answers")).to_contain_text("Nobody asks.")
    press(page, "Send my answers")
    checks.behaves(visit)


def press_here(page: Page, name: str) -> None:
    """Press a button that leads to the same page again."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def test_a_class_shares_a_device_and_nobody_sees_what_was_before(somebody: Opener) -> None:
    visit = somebody(width=768)
    page = visit.page
    page.clock.install()
    page = visit.open("/s/")
    page.get_by_label("Code", exact=True).fill(GROUP)
    press(page, "Go on")
    press(page, "I want to do it")
    press(page, "OK")
    press(page, "OK")
    assert GROUP not in page.url
    page.get_by_label("Never").check()
    page.clock.fast_forward(181_000)
    expect(page.get_by_role("alertdialog")).to_contain_text("Are you still there?")
    page.get_by_role("button", name="I'm still here").click()
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    expect(page.get_by_label("Never")).to_be_checked()
    page.clock.fast_forward(181_000)
    page.clock.fast_forward(430_000)
    page.wait_for_url("**/left/")
    press(page, "Next person")
    expect(page.get_by_role("heading", level=1)).to_have_text("What is it like for you?")
    press(page, "I want to do it")
    press(page, "OK")
    press(page, "OK")
    expect(page.get_by_label("Never")).not_to_be_checked()
    press(page, "Next person")
    assert page.url.endswith(f"/s/{SHARED}/")


def looked_at(visit: Visit, title: str = "Survey") -> None:
    """A page of these is usable by everybody."""
    page = visit.page
    assert re.fullmatch(rf"{title}", page.title())
    checks.accessible(page)
    checks.fits(page)
    checks.survives_text_spacing(page)
    checks.works_by_keyboard(page)
    checks.has_no_single_key_shortcuts(page)
    small = page.evaluate(CONTROLS)
    assert not small, f"{page.url}: smaller than {SMALLEST} pixels: {small}"
    inner = page.evaluate("document.querySelectorAll('h1').length")
    assert inner == 1, f"{page.url}: {inner} headings of the first level"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_usable_by_everybody(somebody: Opener, language: str) -> None:
    visit = somebody(reduced_motion="reduce")
    page = visit.page
    for path in ("", "who/", "hiding/", "no/", "help/", "rights/", "contact/", "what-changed/"):
        visit.open(f"/s/{CHILD}/{path}?l={language}")
        looked_at(visit)
    visit.open("/s/")
    looked_at(visit)
    checks.holds_still(page)
    page.goto(f"{visit.base}/s/{CHILD}/hiding/?l={language}")
    page.locator("button[value=begin]").click()
    page.wait_for_url("**/1/")
    for number in range(1, 8):
        page.goto(f"{visit.base}/s/{CHILD}/{number}/")
        looked_at(visit, f"Survey: page {number}")
    for path in ("4/notice/", "7/again/", "helped/", "check/", "stop/", "language/?page=1"):
        page.goto(f"{visit.base}/s/{CHILD}/{path}")
        looked_at(visit, "Survey(: page [0-9])?")
    assert page.locator("html").get_attribute("lang") == language
    checks.behaves(visit)


def test_what_is_wrong_is_said_where_it_is_and_first_of_all(somebody: Opener) -> None:
    visit = somebody()
    page = began(visit)
    page.goto(f"{visit.base}/s/{CHILD}/4/")
    page.get_by_label("How many rooms?").fill("lots")
    press_here(page, "Next")
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("link", name="Write a number").click()
    expect(page.get_by_label("How many rooms?")).to_be_focused()
    looked_at(visit, "Survey: page 4")


@pytest.mark.parametrize("code", [STAFF, PARENT])
def test_the_pages_of_adults_are_usable_by_everybody(somebody: Opener, code: str) -> None:
    visit = somebody()
    page = visit.open(f"/s/{code}/")
    looked_at(visit)
    if code == PARENT:
        press(page, "Start")
        press(page, "OK")
    else:
        press(page, "Start")
    looked_at(visit, "Survey: page 1")
    page.get_by_label("Never").first.check()
    press(page, "Continue")
    press(page, "Back")
    looked_at(visit, "Survey: page 1")


def test_nothing_is_asked_of_anybody_else_and_nothing_is_kept_in_the_browser(
    somebody: Opener,
) -> None:
    visit = somebody()
    page = began(visit)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    cookies = page.context.cookies()
    assert [cookie["name"] for cookie in cookies] == ["survey"]
    assert cookies[0]["expires"] == -1
    checks.behaves(visit)
