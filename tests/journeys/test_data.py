"""An extract with faults, mended and imported; one with names; columns and waivers."""

import re

from playwright.sync_api import Page, expect

from tests.journeys import checks
from tests.journeys.conftest import Visitor
from tests.journeys.pictures import picture
from tests.journeys.test_uploads import AGAIN, downloaded, heading, look, send

ROLE = "partnership-analyst"
DATA = "/p/strathgarry/data/"
HEADER = "Issue,Raised by,Raised,Answer published"
PLANTED = (
    "I-1,Children and young people,2024-01-10,2024-02-10",
    "I-2,Care leavers,2999-01-01,",
    "I-3,Somebody,2024-03-01,",
    "I-4,Care leavers,04/05/2024,",
)
WAIT = 180_000


def table(*rows: str) -> bytes:
    """Rows of issues as CSV."""
    return "\n".join([HEADER, *rows, ""]).encode()


def until_ready(page: Page, link: str) -> None:
    """Look again until a job is through."""
    for _ in range(WAIT // AGAIN):
        again = page.get_by_role("link", name=link)
        if not again.count():
            return
        page.wait_for_timeout(AGAIN)
        again.first.click()
        page.wait_for_load_state("load")
    raise AssertionError(f"{page.url} did not come to a result")


def whole(page: Page) -> None:
    """What every page must pass; the page is as wide afterwards as before."""
    size = page.viewport_size
    look(page)
    if size:
        page.set_viewport_size(size)


def test_an_extract_is_mended_and_imported(visit: Visitor) -> None:
    """Send, see, mend by the copy with comments, import; test_whole_cycle goes on from there."""
    desk = visit(ROLE)
    page = desk.open(DATA)
    heading(page, "Data of Strathgarry")
    page.get_by_role("link", name="Datasets and templates").click()
    page.get_by_role("link", name="Issues children and families raised").first.click()
    heading(page, "Issues children and families raised")
    whole(page)
    picture(page, "data-dataset", height=1400)
    page.get_by_role("link", name="Send a file").first.click()
    send(page, table(*PLANTED), "issues.csv")
    expect(page.locator(".sl-errors")).to_contain_text("3 rows cannot be used yet")
    expect(page.locator("main")).to_contain_text("is in the future")
    expect(page.locator("main")).to_contain_text("is not one we know")
    expect(page.locator("main")).to_contain_text("could be two dates")

    copy = downloaded(page, "Download my file with comments").decode("utf-8-sig")
    assert "is in the future" in copy
    mended = copy.replace("2999-01-01", "2024-02-01").replace("Somebody", "Care leavers")
    page.get_by_role("link", name="Upload a corrected file").click()
    send(page, mended.replace("04/05/2024", "2024-05-04").encode(), "issues-mended.csv")
    page.get_by_role("link", name=re.compile("^Import the 4 rows")).click()
    page.get_by_role("button", name="Import these rows").click()
    expect(page.locator("main")).to_contain_text("4 rows imported.")

    page.get_by_role("link", name="Go on to the data of the area, and make a build").click()
    page.get_by_role("link", name="Make a build").click()
    heading(page, "Make a build")
    assert [said for said in desk.complaints if "/copy/" not in said] == []


def test_an_extract_with_names_in_it_is_refused_whole(visit: Visitor) -> None:
    """Nothing of it is kept, its name neither."""
    desk = visit(ROLE)
    page = desk.open("/uploads/voice-issues/partnership/strathgarry/")
    rows = ("Mrs Margaret Macdonald,Care leavers,2024-01-10,",) * 3
    send(page, table(*rows), "margaret-macdonald.csv")
    expect(page.locator("main")).to_contain_text("name")
    expect(page.locator("main")).not_to_contain_text("Macdonald")


def test_columns_and_waivers_have_pages(visit: Visitor) -> None:
    """Pages beside the way of a file."""
    desk = visit(ROLE)
    page = desk.open(f"{DATA}datasets/children/columns/")
    heading(page, "Your own columns and codes")
    whole(page)
    page = desk.open(f"{DATA}waivers/")
    heading(page, "Waivers of Strathgarry")
    whole(page)
    checks.works_by_keyboard(page)
