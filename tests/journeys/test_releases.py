"""What has been released: looked up, seen as each kind of reader sees it, taken away; a table of
one's own protected; a review signed and a set withdrawn."""

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.journeys import checks
from tests.journeys.conftest import Visit, Visitor

LEDGER = "/admin/releases/"
TITLE = "Records read in Strathgarry, 2026"
ROWS = "Category,People\nUnder 5,3\n5 to 11,7\n12 or over,12\n"


def fine(visit: Visit) -> None:
    """What every page must pass."""
    checks.well_formed(visit.page)
    checks.accessible(visit.page)
    checks.fits(visit.page)


def taken(page: Page, name: str) -> bytes:
    """What a link to a file gives."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile(re.escape(name))).click()
    return Path(waiting.value.path()).read_bytes()


def test_a_quality_lead_sees_what_others_are_shown_and_takes_it_away(visit: Visitor) -> None:
    """From the ledger to the table as the public sees it, and the file with its key."""
    lead = visit("quality-lead")
    page = lead.open(LEDGER)
    fine(lead)
    # A published build puts a line of its own in the ledger for each of its series.
    page.get_by_label("Title or source").fill("Records read")
    page.get_by_label("Title or source").press("Enter")
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.get_by_role("heading", name="As public readers see it")).to_be_visible()
    age = page.get_by_role("table").first
    expect(age.get_by_role("row", name=re.compile("^Under 5"))).to_contain_text("[c]")
    expect(age.get_by_role("row", name=re.compile("^12 to 15"))).to_contain_text("22")
    expect(page.get_by_text("too few to show").first).to_be_visible()
    fine(lead)

    book = load_workbook(io.BytesIO(taken(page, "Excel")))
    assert [cell.value for cell in book["age"][5]] == ["Under 5", "[c]", "[c]"]
    assert taken(page, "CSV").startswith(b"\xef\xbb\xbf")

    page.get_by_role("link", name="Operational").click()
    expect(page.get_by_role("row", name=re.compile("^Under 5")).first).to_contain_text("3")
    expect(page.get_by_text("Do not copy, forward or publish them.").first).to_be_visible()
    page.get_by_role("link", name="Committee, private").click()
    expect(page.get_by_text("3 (small)").first).to_be_visible()
    assert [said for said in lead.complaints if "/download/" not in said] == []


@pytest.mark.parametrize("javascript", [False, True], ids=["without scripts", "with scripts"])
def test_a_table_of_one_s_own_is_protected_reviewed_and_withdrawn(
    visit: Visitor, *, javascript: bool
) -> None:
    """The analyst hands it in, the quality lead signs it, and takes it back."""
    look = fine if javascript else (lambda visit: None)  # the checks are scripts themselves
    analyst = visit("partnership-analyst", javascript=javascript)
    page = analyst.open("/releases/protect/")
    page.get_by_role("button", name="Protect the table").click()
    expect(page).to_have_title(re.compile("^Error: "))
    look(analyst)
    title = f"Children on the register ({'with' if javascript else 'no'} scripts)"
    page.locator("select[name=partnership]").select_option("strathgarry")
    page.get_by_label("Title of the table").fill(title)
    page.get_by_label("Who was counted?").fill(f"children, {title}")
    page.get_by_label("What is it broken down by?").fill("Age")
    for name, day in (("first", ("1", "1", "2026")), ("last", ("31", "3", "2026"))):
        for part, value in zip(("day", "month", "year"), day, strict=True):
            page.locator(f"[name={name}_{part}]").fill(value)
    page.get_by_label("The table", exact=True).fill(ROWS)
    page.get_by_role("button", name="Protect the table").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_text("Hidden: 2 of 3 counts.")).to_be_visible()
    where = page.url.removeprefix(analyst.base)

    lead = visit("quality-lead", javascript=javascript)
    page = lead.open(where)
    page.get_by_role("link", name="Review these tables").click()
    look(lead)
    page.get_by_label("What did you look at?").fill("Every row, against last year.")
    page.get_by_role("button", name="Sign the review").click()
    expect(page.get_by_text("Reviewed. The tables can now be shown.")).to_be_visible()
    page.get_by_role("link", name="Withdraw these tables").click()
    look(lead)
    page.get_by_label("Why are the tables withdrawn?").fill("It was only a try.")
    page.get_by_role("button", name="Withdraw the tables").click()
    expect(page.get_by_text("Nobody is shown these tables any more.").first).to_be_visible()
    look(lead)


def test_somebody_of_another_role_finds_nothing_here(visit: Visitor) -> None:
    """An elected member has no ledger, and cannot hand in a table."""
    member = visit("elected-member")
    member.open(LEDGER, status=404)
    member.open("/releases/protect/", status=404)
