"""What the README promises."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Visitor
from tests.journeys.pictures import picture


def follow(page: Page, name: str) -> None:
    """Follow the first link of this name on the page."""
    page.get_by_role("link", name=name, exact=True).first.click()


def test_from_signing_in_to_the_overview_and_one_report(visit: Visitor) -> None:
    lead = visit("inspection-lead")
    page = lead.open("/home/")

    follow(page, "Findings")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Findings")
    lead.open("/national/findings/?programme=P1")
    expect(page.get_by_text("13 of 16").first).to_be_visible()
    expect(page.get_by_text("754").first).to_be_attached()
    picture(page, "overview")

    follow(page, "Inspections")
    page.get_by_role("link", name=re.compile("South Lanarkshire")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("South Lanarkshire")
    lead.open("/p/south-lanarkshire/exercises/south-lanarkshire-2020/")
    for part in ("89", "91"):
        expect(page.get_by_text(part).first).to_be_attached()
    lead.open("/p/south-lanarkshire/exercises/south-lanarkshire-2020/report/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("South Lanarkshire")

    page.locator(".sl-account summary").click()
    follow(page, "Frameworks")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ramework")
    assert lead.complaints == []
