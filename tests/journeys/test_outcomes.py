"""Care leavers by care setting, with gap and trend; who is behind them; what others see of it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys import checks
from tests.journeys.conftest import Visit, open_page, sign_in
from tests.journeys.copies import PASSWORD
from tests.journeys.pictures import picture
from tests.journeys.serving import Served, serving

HOME = "/p/fife/outcomes/"
LEAVERS = f"{HOME}cl09/"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A copy with a published build."""
    filling = ("-m", "tests.journeys.outcomes_made")
    folder = tmp_path_factory.mktemp("outcomes")
    with serving(folder, filling, PASSWORD) as one:
        yield one


def fine(visit: Visit, *, javascript: bool = True) -> None:
    """What every page must pass; it is looked at by scripts."""
    if not javascript:
        return
    checks.well_formed(visit.page)
    checks.accessible(visit.page)
    checks.fits(visit.page)


def wide(visit: Visit) -> None:
    """As on a desk again: looking left the page as narrow as a phone."""
    visit.page.set_viewport_size({"width": 1280, "height": 900})
    visit.page.reload()


def visit_as(browser: Browser, copy: Served, role: str, **more: object) -> Visit:
    """A page of the copy, open as somebody."""
    context = browser.new_context()
    sign_in(context.new_page(), Served(copy.url, copy.password, "sightline.example"), role)
    cookies = context.storage_state()
    context.close()
    return open_page(browser, copy.url, cookies, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_an_analyst_goes_from_home_to_who_is_behind_a_figure(
    browser: Browser, copy: Served, javascript: bool
) -> None:
    """Home, the five tabs of an indicator of care leavers, the list, and a note on the chart."""
    analyst = visit_as(browser, copy, "partnership-analyst", javascript=javascript)
    page = analyst.open("/outcomes/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Outcomes in Fife")
    fine(analyst, javascript=javascript)
    row = page.get_by_role("row", name=re.compile("In the same place for two years"))
    expect(row).to_contain_text("Something changed")

    analyst.open(LEAVERS)
    setting = page.get_by_role("row", name=re.compile("^Residential care"))
    expect(setting).to_contain_text("%")
    fine(analyst, javascript=javascript)
    if javascript:
        wide(analyst)
        picture(page, "outcomes-now")
    tabs = page.get_by_role("navigation", name="Views of this indicator")
    for tab, words in (
        ("Compare", "No figure that others have published"),
        ("Over time", "What happened"),
        ("Gap", "Between care settings"),
        ("Definition", "Worked example"),
    ):
        tabs.get_by_role("link", name=tab).click()
        expect(page.get_by_text(words).first).to_be_visible()
        fine(analyst, javascript=javascript)
        if tab == "Over time" and javascript:
            wide(analyst)
            picture(page, "outcomes-over-time")
    tabs.get_by_role("link", name="Now").click()

    page.get_by_role("row", name=re.compile("^Residential care")).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Who is behind it")
    expect(page.get_by_role("rowheader").first).to_have_text(re.compile("^C0"))
    fine(analyst, javascript=javascript)

    analyst.open(f"{HOME}journeys/")
    expect(page.get_by_role("heading", name=re.compile("^In touch")).first).to_be_visible()
    fine(analyst, javascript=javascript)

    analyst.open(f"{LEAVERS}note/")
    page.get_by_label("What happened?").fill("A house for care leavers opened.")
    for part, value in (("Day", "3"), ("Month", "11"), ("Year", "2019")):
        page.get_by_label(part).fill(value)
    page.get_by_role("button", name="Write it on the chart").click()
    expect(page.get_by_text("A house for care leavers opened.").first).to_be_visible()
    assert analyst.complaints == []
    page.context.close()


def test_a_member_sees_protected_years_and_no_quarter_and_no_child(
    browser: Browser, copy: Served
) -> None:
    """What the public may see: on a phone, without the list behind."""
    member = visit_as(browser, copy, "elected-member", width=320)
    page = member.open(f"{HOME}cp18/?tab=over-time&grid=quarter")
    expect(page.get_by_text("By quarter")).to_have_count(0)
    fine(member)
    member.open(LEAVERS)
    expect(page.get_by_text("Who is behind it")).to_have_count(0)
    expect(page.get_by_text("No percentage is given of fewer than 10 people.")).to_be_visible()
    fine(member)
    member.open(f"{LEAVERS}behind/?period=2023-24", status=403)
    page.context.close()
