"""What is held about places, and a partnership's own."""

from playwright.sync_api import expect

from tests.journeys import checks
from tests.journeys.conftest import Visitor


def test_from_what_is_held_to_the_people_of_an_area(visit: Visitor) -> None:
    """A co-ordinator sees which data is held, and how many children live in their area."""
    somebody = visit("partnership-co-ordinator")
    page = somebody.open("/partnerships/")
    page.get_by_role("link", name="Which published data about places is held").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Published data about places")
    missing = page.get_by_role("row", name="Scottish Index of Multiple Deprivation 2016")
    expect(missing.get_by_text("Missing")).to_be_visible()
    expect(page.get_by_text("36 rows, loaded on")).to_be_visible()

    page.get_by_role("link", name="Partnerships", exact=True).first.click()
    page.get_by_role("link", name="Strathgarry").first.click()
    expect(page.get_by_role("heading", name="are under 18")).to_be_visible()
    expect(page.get_by_role("table", name="Data zones of the localities")).to_be_visible()
    page.locator("summary", has_text="Table").first.click()
    expect(page.get_by_role("rowheader", name="80 and over")).to_be_visible()
    assert somebody.complaints == []


def test_a_partnership_s_place_fits_a_telephone_without_scripts(visit: Visitor) -> None:
    """At 320 px the tables scroll in their own boxes and nothing is lost."""
    somebody = visit("partnership-co-ordinator", width=320, javascript=False)
    page = somebody.open("/partnerships/strathgarry/")
    expect(page.get_by_role("heading", name="Place", exact=True)).to_be_visible()
    checks.fits(page)
