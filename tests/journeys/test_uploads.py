"""A file with faults, mended by the copy with comments, imported and undone."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from tests.journeys import checks
from tests.journeys.conftest import PATIENCE, Visitor
from tests.journeys.pictures import picture

ROLE = "partnership-co-ordinator"
SEND = "/uploads/holidays/partnership/strathgarry/"
HEADER = ("Name", "Kind", "First day", "Last day")
CHI = "0104148766"
AGAIN = 250  # milliseconds until a page is looked at again
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(*rows: tuple[Any, ...]) -> bytes:
    """Rows of holidays as a workbook."""
    book = Workbook()
    for row in (HEADER, *rows):
        book.active.append(row)  # type: ignore[union-attr]
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def send(page: Page, content: bytes, name: str = "holidays.xlsx") -> None:
    """Choose a file, send it, and wait until it has been checked."""
    page.get_by_label("Your file").set_input_files(
        {"name": name, "mimeType": XLSX, "buffer": content}
    )
    page.get_by_role("button", name="Send and check").click()
    page.wait_for_url(re.compile(r"/uploads/[0-9a-f-]{36}/"))
    for _ in range(PATIENCE // AGAIN):
        if not page.locator("[data-checking]").count():
            return
        page.wait_for_timeout(AGAIN)
        page.reload()
    raise AssertionError(f"{page.url} did not come to a result")


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def look(page: Page) -> None:
    """What every page must pass."""
    checks.well_formed(page)
    checks.accessible(page)
    checks.fits(page)


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    return Path(waiting.value.path()).read_bytes()


FAULTY = (
    ("Visit of the choir", "school", "04/05/2031", None),
    ("Spring week", "schol", "2031-04-07", "2031-04-18"),
    ("Quiet Monday", "public", "2031-05-05", None),
)


@pytest.mark.parametrize("javascript", [True, False], ids=["with-script", "without"])
def test_an_upload_with_faults_is_mended_by_the_copy_with_comments(
    visit: Visitor, javascript: bool
) -> None:
    """Send, see, download the copy, mend it, send that, import, undo."""
    desk = visit(ROLE, javascript=javascript)
    page = desk.open("/uploads/")
    page.get_by_role("link", name=re.compile("Holidays of an area")).first.click()
    heading(page, "Send a file: Holidays of an area")
    send(page, workbook(*FAULTY))
    heading(page, "Check your file")
    expect(page.locator(".sl-errors")).to_contain_text("2 rows cannot be used yet")
    expect(page.get_by_role("row", name=re.compile("could be two dates"))).to_contain_text("C2")
    if javascript:
        size = page.viewport_size
        look(page)  # leaves the page narrow
        if size:
            page.set_viewport_size(size)
        picture(page, "check-your-file", height=1500)
    page.get_by_role("link", name=re.compile("Every place, as a list")).click()
    heading(page, "Everything that is wrong")
    page.go_back()

    book = load_workbook(io.BytesIO(downloaded(page, "Download my file with comments")))
    sheet = book.active
    assert sheet is not None
    assert "C2" in str(sheet["E2"].value)
    assert sheet["E4"].value is None
    sheet["C2"] = "2031-05-04"
    sheet["B3"] = "school"
    mended = io.BytesIO()
    book.save(mended)
    page.get_by_role("link", name="Upload a corrected file").click()
    send(page, mended.getvalue(), "holidays-with-comments.xlsx")
    expect(page.locator("main")).to_contain_text("Nothing is wrong with the file")
    expect(page.locator("main")).to_contain_text("3 rows will be added")

    page.get_by_role("link", name="Import the 3 rows").click()
    heading(page, "Import the 3 rows")
    if javascript:
        look(page)
    page.get_by_role("button", name="Import these rows").click()
    expect(page.locator("main")).to_contain_text("3 rows imported.")
    desk.open("/partnerships/strathgarry/")
    expect(page.locator("main")).to_contain_text("Visit of the choir")
    page.go_back()
    page.get_by_role("link", name="Undo this import").click()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.locator("main")).to_contain_text("The import was undone.")
    desk.open("/partnerships/strathgarry/")
    expect(page.locator("main")).not_to_contain_text("Visit of the choir")
    assert [said for said in desk.complaints if "/copy/" not in said] == []


def test_part_of_a_file_is_thrown_away_and_checked_again(visit: Visitor) -> None:
    """The other pages of an upload."""
    desk = visit(ROLE)
    page = desk.open(SEND)
    send(page, workbook(*FAULTY))
    page.get_by_role("link", name="Check it again").click()
    heading(page, "Check the file again")
    look(page)
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Import the 1 good row").click()
    expect(page.locator("main")).to_contain_text("2 rows of the file will not be imported")
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("link", name="Throw the file away").click()
    heading(page, "Throw the file away")
    look(page)
    page.get_by_role("button", name="Throw the file away").click()
    expect(page.locator("main")).to_contain_text("The file was destroyed")
    look(page)


def test_a_file_that_names_a_child_is_quarantined(visit: Visitor) -> None:
    """The page says where and what to do, and never what it was."""
    desk = visit(ROLE)
    page = desk.open(SEND)
    send(page, workbook((f"CHI {CHI}", "school", "2031-05-04", None)), "children.xlsx")
    heading(page, "Your file was quarantined")
    expect(page.locator("main")).to_contain_text("A2")
    assert CHI not in page.content()
    look(page)
