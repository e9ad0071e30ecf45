"""What the guides tell people to do, done in the browser; each step takes its picture."""

import io
import json
import re
from pathlib import Path
from zipfile import ZipFile

import pypdf
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.journeys import checks
from tests.journeys.conftest import Visit, Visitor
from tests.journeys.copies import document
from tests.journeys.pictures import PICTURES, picture

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "guides"
SL = "/p/south-lanarkshire/exercises/south-lanarkshire-2020/"
EAST_AYRSHIRE = "/p/east-ayrshire/exercises/east-ayrshire-2025/"


def heading(page: Page, words: str) -> None:
    """The page is about this."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def complaints(visit: Visit) -> list[str]:
    """What the browser complained about; a download counts as a page that did not come."""
    return [said for said in visit.complaints if "/download/" not in said]


def downloaded(visit: Visit, name: str | re.Pattern[str]) -> bytes:
    """What a download link of the open page gives."""
    with visit.page.expect_download() as waiting:
        visit.page.get_by_role("link", name=name).first.click()
    return Path(waiting.value.path()).read_bytes()


def test_reading_what_one_inspection_found(visit: Visitor) -> None:
    """From the list to one evaluation, what each source says of it, and the report as files."""
    reader = visit("elected-member")
    page = reader.open("/national/exercises/")
    picture(page, "inspections", height=1100)
    page.get_by_label("Partnership").select_option("south-lanarkshire")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="South Lanarkshire 2020").click()
    heading(page, "South Lanarkshire 2020")
    picture(page, "inspection")
    staff = page.get_by_role("row", name=re.compile("Staff survey response rate"))
    expect(staff).to_contain_text("89%")
    expect(staff).to_contain_text("91%")
    for code, word in (("1.1", "Adequate"), ("2.1", "Adequate"), ("2.2", "Good"), ("9", "Good")):
        row = page.get_by_role("row", name=re.compile(f"^{re.escape(code)} ")).first
        expect(row).to_contain_text(word)

    reader.open(f"{SL}evaluations/2-1/")
    heading(page, "2.1 Impact on children and young people")
    expect(page.get_by_role("heading", name="What each source says")).to_be_visible()
    picture(page, "evaluation", height=1200)

    reader.open(f"{SL}report/")
    picture(page, "report", height=1200)
    report = pypdf.PdfReader(io.BytesIO(downloaded(reader, re.compile("PDF"))))
    assert "South Lanarkshire" in report.metadata.title
    assert ZipFile(io.BytesIO(downloaded(reader, re.compile("Word")))).testzip() is None
    assert complaints(reader) == []


def test_comparing_areas_and_taking_the_overview_away(visit: Visitor) -> None:
    """The overview, narrowed, and the same view as each kind of file."""
    analyst = visit("inspection-analyst")
    page = analyst.open("/national/findings/?programme=P1")
    expect(page.get_by_text("13 of 16").first).to_be_visible()
    pdf = pypdf.PdfReader(io.BytesIO(downloaded(analyst, re.compile("PDF"))))
    assert "13 of 16" in " ".join(sheet.extract_text() for sheet in pdf.pages)
    book = load_workbook(io.BytesIO(downloaded(analyst, re.compile("Excel"))))
    assert len(book.sheetnames) > 2
    assert downloaded(analyst, re.compile("CSV")).startswith(b"\xef\xbb\xbf")
    picture(page, "findings")
    assert complaints(analyst) == []


@pytest.mark.parametrize("javascript", [False, True], ids=["without scripts", "with scripts"])
def test_correcting_a_published_value(visit: Visitor, *, javascript: bool) -> None:
    """A count that was printed wrongly is corrected, and the old one is still there to be seen."""
    lead = visit("programme-lead", javascript=javascript)
    page = lead.open(f"{EAST_AYRSHIRE}evidence/staff-met/correct/")
    picture(page, "correct", height=1300)
    right = "363" if not javascript else "364"
    page.get_by_label("Count", exact=True).fill(right)
    page.get_by_label("Source that gives the right value").select_option(index=1)
    page.get_by_label("Stated by the press, or inferred").check(force=True)
    page.get_by_label("Why is the value corrected?").fill(f"A footnote mark ran on to {right}.")
    page.get_by_role("button", name="Correct").click()

    heading(page, "East Ayrshire 2025")
    row = page.get_by_role("row", name=re.compile("^Staff met")).first
    expect(row).to_contain_text(right)
    expect(page.get_by_text(f"A footnote mark ran on to {right}.").first).to_be_visible()

    officer = visit("information-governance-officer")
    trail = officer.open("/admin/audit/")
    expect(trail.locator("tbody")).to_contain_text("corrected")
    expect(trail.locator("tbody")).to_contain_text(f"A footnote mark ran on to {right}.")
    picture(trail, "audit", height=1000)


def test_importing_an_inspection(visit: Visitor, tmp_path: Path) -> None:
    """Every fault at once, nothing saved; mended, checked, imported; again, no change."""
    lead = visit("programme-lead")
    bad = document("angus-2030", evaluations=[{"judgement": "2.7"}], programme="nothing@1")
    bad["evidence"] = [
        {"channel": "records-read", "count": -1, "sources": [], "confidence": "high"}
    ]
    path = tmp_path / "angus.json"

    def check(data: dict[str, object]) -> Page:
        path.write_text(json.dumps(data), encoding="utf-8")
        page = lead.open("/national/exercises/import/")
        page.get_by_label("File").set_input_files(path)
        page.get_by_role("button", name="Check the file").click()
        return page

    page = check(bad)
    expect(page.get_by_text("Nothing was imported")).to_be_visible()
    expect(page.locator("tbody")).to_contain_text("evidence[0].count")
    expect(page.locator("tbody")).to_contain_text("below zero")
    picture(page, "import-faults", height=1000)
    checks.accessible(page)

    good = document("angus-2030")
    page = check(good)
    expect(page.get_by_text("has no faults")).to_be_visible()
    page.get_by_role("button", name="Import angus-2030").click()
    heading(page, "Angus")
    expect(page.get_by_text("Draft").first).to_be_visible()

    page = check(good)
    expect(page.get_by_text("Importing it changes nothing")).to_be_visible()
    stranger = visit("elected-member")
    stranger.open("/p/angus/exercises/angus-2030/", status=404)


def test_letting_a_colleague_in(visit: Visitor) -> None:
    """An administrator adds a person and gives a role that ends by itself."""
    keeper = visit("system-administrator")
    page = keeper.open("/admin/people/")
    picture(page, "people", height=1000)
    page.get_by_role("link", name=re.compile("Add a person")).first.click()
    page.get_by_label("Name").fill("M. Newcomer")
    page.get_by_label("Email address").fill("m.newcomer@sightline.example")
    page.locator("main form button[type=submit]").last.click()
    heading(page, "M. Newcomer")
    page.get_by_role("link", name=re.compile("role")).first.click()
    heading(page, "role")
    page.get_by_label(re.compile("^Role")).first.select_option("associate-assessor")
    picture(page, "role", height=1000)
    assert keeper.complaints == []


def test_confirming_an_official_title(visit: Visitor) -> None:
    """A title nobody had confirmed is corrected with its source; the old one stays to be seen."""
    lead = visit("programme-lead")
    page = lead.open("/frameworks/children-3/3-1/")
    expect(page.get_by_text("not confirmed").first).to_be_visible()
    picture(page, "indicator", height=1100)
    page.get_by_role("link", name=re.compile("Correct")).first.click()
    page.get_by_label("Official title").fill("Impact on the staff of all agencies")
    page.get_by_label(re.compile("[Vv]erified|[Cc]onfirmed|[Ss]een with")).first.check(force=True)
    page.get_by_label(re.compile("Where the title was seen")).fill("The framework, page 12")
    page.get_by_label("Why it is corrected").fill("Read in the published framework.")
    page.locator("main form button[type=submit]").last.click()
    heading(page, "Impact on the staff of all agencies")
    expect(page.get_by_text("Read in the published framework.").first).to_be_visible()


def test_every_picture_a_guide_shows_is_taken_here_and_shown_somewhere() -> None:
    """No guide points at a picture that is not there, and no picture is left over."""
    shown = set()
    for guide in [*GUIDES.glob("*.md"), GUIDES.parents[1] / "README.md"]:
        shown |= set(re.findall(r"pictures/([a-z-]+)\.png", guide.read_text(encoding="utf-8")))
    assert shown == {path.stem for path in PICTURES.glob("*.png")}
