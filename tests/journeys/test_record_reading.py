"""Reading of records from the return to the feedback sheet, as an inspection has it.

A return with planted identifiers is refused, a clean one taken; the sample is drawn, and drawn
again the same; two pairs read; a difference is settled; results are looked at by care type; the
feedback sheet is printed and shared. What nobody needs to see twice comes from `records_made`.
"""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Desks, Visit
from tests.journeys.pictures import picture
from tests.journeys.records_made import AREA
from tests.journeys.serving import Served, _python, _settings, serving
from tests.journeys.test_data import whole
from tests.journeys.test_surveys import choose, on_day, save
from tests.journeys.test_uploads import heading, send
from tests.record_reading import returns

RECORDS = f"/p/{AREA}/records/"
LEAD, CO_ORDINATOR = "inspection-lead", "partnership-co-ordinator"
READERS = {  # role: as whom they read, and in which pair
    "inspector": ("inspector", 1),
    "local-record-reader": ("local", 1),
    "associate-assessor": ("associate", 2),
    "depute-lead": ("inspector", 2),
}
NAMES = {
    "Inspector (invented)": "inspector",
    "Local record reader (invented)": "local-record-reader",
    "Associate assessor (invented)": "associate-assessor",
    "Depute lead (invented)": "depute-lead",
}
CARE = ("at-home", "kinship", "foster")
TODAY = dt.datetime.now(tz=dt.UTC).date()
HELD, DRAWN = 60, 24
GOOD = "4"
WHY = "Who does what is clear, and when is not."


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration, whose jobs are carried out at once."""
    from sightline.config.demonstration import PASSWORD

    folder = tmp_path_factory.mktemp("records")
    with serving(folder, ("manage.py", "demo"), PASSWORD, SIGHTLINE_JOBS="immediate") as served:
        yield served


def begun(desk: Visit, title: str) -> str:
    """A round of the inspection, with days and support; its address."""
    page = desk.open(f"{RECORDS}new/")
    page.get_by_label("What the round is called").fill(title)
    page.get_by_label("What records are read for").select_option("strathgarry-2026")
    choose(page, "template", "local-audit@1")
    on_day(page, "reads_from", TODAY)
    on_day(page, "reads_until", TODAY + dt.timedelta(days=2))
    page.locator("[name=double_share]").fill("1")
    save(page, "Begin")
    heading(page, title)
    whole(page)
    here = page.url.removeprefix(desk.base)
    page = desk.open(f"{here}support/")
    page.locator("[name=supervisor]").fill("The lead, in the room all day.")
    save(page)
    page = desk.open(f"{here}destruction/")
    on_day(page, "destroy_on", TODAY + dt.timedelta(days=365))
    save(page)
    return here


def returned(desk: Visit, here: str) -> None:
    """Totals; a file with planted identifiers, which is destroyed; and one without."""
    page = desk.open(f"{here}return/")
    whole(page)
    page = desk.open(f"{here}return/totals/")
    whole(page)
    page.locator("[name=population-audit]").fill(str(HELD))
    save(page, "Save the totals")
    good = [
        returns.row(number, care_type=CARE[number % len(CARE)]) for number in range(1, HELD + 1)
    ]
    planted = [list(line) for line in good]
    planted[4][-1] = "0104148766"
    page = desk.open(f"{here}return/")
    page.get_by_role("link", name="Children in scope", exact=True).click()
    where = page.url
    send(page, returns.saved(returns.as_xlsx(planted)), "return.xlsx")
    expect(page.locator("main")).to_contain_text("destroyed")
    expect(page.locator("main")).to_contain_text("6")
    assert "0104148766" not in page.content()
    whole(page)
    page.goto(where)
    send(page, returns.saved(returns.as_xlsx(good)), "return.xlsx")
    page.get_by_role("link", name=f"Import the {HELD} rows").click()
    page.get_by_role("button", name="Import these rows").click()
    page.wait_for_load_state()
    page = desk.open(f"{here}return/")
    expect(page.locator("main")).to_contain_text("Version 1")
    whole(page)


def sampled(desk: Visit, here: str) -> None:
    """The sample planned, drawn, and drawn again the same."""
    page = desk.open(f"{here}sample/draw/")
    page.locator("[name=size]").fill(str(DRAWN))
    page.locator("[name=seed]").fill("heather and granite")
    save(page, "See what this gives")
    whole(page)
    save(page, "Draw the sample")
    heading(page, "Sample")
    whole(page)
    picture(page, "record-sample", height=1400)
    page.get_by_role("link", name="Draw again from the record").click()
    heading(page, "drawn again")
    expect(page.get_by_text("Identical").first).to_be_visible()
    expect(page.get_by_text("Not the same")).to_have_count(0)
    whole(page)
    desk.open(f"{here}sample/1/record/")
    whole(page)


def named_and_dealt(desk: Visit, here: str) -> tuple[str, list[str], tuple[str, str]]:
    """Two pairs named, records dealt: which is read twice, by whom, and somebody of the others."""
    for role, (kind, pair) in READERS.items():
        page = desk.open(f"{here}readers/")
        who = next(name for name, code in NAMES.items() if code == role)
        page.locator("[name=person]").select_option(label=who)
        page.locator("[name=kind]").select_option(kind)
        page.locator("[name=pair]").fill(str(pair))
        on_day(page, "trained_on", TODAY - dt.timedelta(days=7))
        save(page, "Name this person")
    whole(page)
    page = desk.open(f"{here}allocation/")
    save(page, "Deal the records")
    whole(page)
    rows = [
        [cell.inner_text() for cell in row.locator("th, td").all()]
        for row in page.get_by_role("table").last.locator("tbody tr").all()
    ]
    twice = next(row for row in rows if row[3].strip())
    both = [next(role for name, role in NAMES.items() if name in row) for row in twice[2:4]]
    pair = READERS[both[0]][1]
    other = next(
        (row[0], role)
        for row in rows
        for name, role in NAMES.items()
        if name in row[2] and READERS[role][1] != pair
    )
    desk.open(f"{here}open/")
    whole(page)
    save(page, "Open the round")
    return twice[0], both, other


def reading(here: str, label: str) -> str:
    """The address of a reading."""
    return f"{here}readings/{int(label.removeprefix('R-'))}/"


def read(desk: Visit, here: str, label: str, plan: str) -> None:
    """A record read from its page to handing in: everything good, its plan of this quality."""
    desk.open("/reading/")
    page = desk.open(reading(here, label))
    heading(page, label)
    page.get_by_role("link", name=re.compile("^(Start|Go on): ")).click()
    page.wait_for_url(re.compile(r"/readings/\d+/[a-z]+/"))
    for _ in range(40):
        if not page.get_by_role("button", name="Save and continue").count():
            break
        answer_what_is_shown(page, plan)
        page.get_by_role("button", name="Save and continue").click()
        page.wait_for_load_state()
    page = desk.open(f"{reading(here, label)}check/")
    page.get_by_role("button", name=re.compile("^Hand in")).click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text(re.compile("anded in|looked at"))


def answer_what_is_shown(page: Page, plan: str) -> None:
    """Answer every question of a section that is on the page."""
    for question in page.locator(".sl-reading__question").all():
        for group in question.locator("fieldset:has(input[type=radio]), tr:has(input)").all():
            pick(group.locator("input"), plan)
        if not question.locator("fieldset:has(input[type=radio]), tr:has(input)").count():
            boxes = question.locator("input[type=radio], input[type=checkbox]")
            pick(boxes, plan) if boxes.count() else None
        if question.locator("[name^=why-]").count():
            question.locator("[name^=why-]").fill(WHY)


def pick(boxes: Locator, plan: str) -> None:
    """Choose: yes, all of it, good; and what the plan is."""
    found = boxes.all()
    if any(one.is_checked() for one in found):
        return
    values = [one.get_attribute("value") for one in found]
    wanted = plan if found[0].get_attribute("name") == "q-plan-quality" else GOOD
    found[values.index(wanted) if wanted in values else 0].check(force=True)


def raised_without_leaving(desk: Visit, here: str, label: str) -> None:
    """A concern is raised from a section; what is typed there stays as it is."""
    page = desk.open(f"{reading(here, label)}narrative/")
    page.locator("[name=q-strengths]").fill("One steady worker.")
    whole(page)
    picture(page, "record-section", height=1200)
    with page.context.expect_page() as opening:
        page.get_by_role("link", name=re.compile("Raise a concern about reading")).click()
    form = opening.value
    form.wait_for_load_state()
    form.get_by_label("What are you worried about?").fill("A made-up worry.")
    form.get_by_label("Who is it about, and how can they be found?").fill("Somebody made up.")
    form.locator("label", has_text=re.compile("^No$")).first.click()
    form.get_by_label("Which partnership is responsible?").select_option(AREA)
    form.get_by_role("button", name="Send the concern").click()
    form.wait_for_url(re.compile("/sent/"))
    form.close()
    assert page.locator("[name=q-strengths]").input_value() == "One steady worker."


def settled(desk: Visit, here: str, label: str) -> None:
    """The one difference, decided by the lead."""
    page = desk.open(f"{here}moderation/")
    whole(page)
    picture(page, "record-moderation", height=1100)
    page.get_by_role("link", name=label).first.click()
    heading(page, label)
    whole(page)
    choose(page, "way", "adjudicated")
    choose(page, "value", GOOD)
    page.locator("[name=why]").fill("The plan says who does what.")
    save(page, "Settle")
    page = desk.open(f"{here}agreement/")
    whole(page)


def test_a_round_of_an_inspection(copy: Served, desks: Desks) -> None:
    lead, partner = desks.take(copy, LEAD), desks.take(copy, CO_ORDINATOR)
    here = begun(lead, "Autumn reading")
    returned(partner, here)
    sampled(lead, here)
    twice, both, other = named_and_dealt(lead, here)

    first, second, third = (desks.take(copy, role) for role in (*both, other[1]))
    raised_without_leaving(first, here, twice)
    read(first, here, twice, GOOD)
    read(second, here, twice, "2")
    read(third, here, other[0], "5")
    _python(_settings(copy.state), "-m", "tests.journeys.records_made", here.split("/")[-2])

    settled(lead, here, twice)
    page = lead.open(f"{here}lock/")
    whole(page)
    save(page, "Lock the round")
    page = lead.open(f"{here}results/")
    expect(page.locator("main")).to_contain_text(f"{DRAWN} records read")
    whole(page)
    page = lead.open(f"{here}results/plan-present/?by=care_type")
    expect(page.locator("main")).to_contain_text("Foster care")
    expect(page.locator("main")).to_contain_text("Kinship care")
    whole(page)
    picture(page, "record-results", height=1300)
    fed_back(lead, partner, here)
    assert complaints(lead, partner, first, second, third) == []


def fed_back(lead: Visit, partner: Visit, here: str) -> None:
    """The sheet written, printed, shared, and read by the partnership."""
    partner.open(f"{here}feedback/", status=403)
    page = lead.open(f"{here}feedback/write/strengths/")
    whole(page)
    page.get_by_label("What was strong").fill("Chronologies bring agencies together.")
    page.get_by_role("button", name="Save this text").click()
    page = lead.open(f"{here}feedback/")
    expect(page.locator("main")).to_contain_text("Chronologies bring agencies together.")
    whole(page)
    picture(page, "record-feedback", height=1400)
    page = lead.open(f"{here}feedback/print/")
    page.emulate_media(media="print")
    expect(page.locator("main")).to_contain_text("no assurance")
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="screen")
    whole(page)
    page = lead.open(f"{here}share/")
    save(page, "Share it")
    page = partner.open(f"{here}feedback/")
    expect(page.locator("main")).to_contain_text("Chronologies bring agencies together.")
    whole(page)
    lead.open("/p/strathgarry/exercises/strathgarry-2026/records-read/")
    whole(lead.page)


def complaints(*visits: Visit) -> list[str]:
    """What the browsers complained about, beside the one refusal that was asked for."""
    said = [one for visit in visits for one in visit.complaints]
    return [one for one in said if "403" not in one]
