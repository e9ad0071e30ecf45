"""The whole way: generated, sent with planted faults, mended, published, read, undone.

Figures come from the files, not from a factory: what is seen of care leavers at the end is what
was sent at the beginning.
"""

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Desks, Visit
from tests.journeys.pictures import picture
from tests.journeys.serving import Served, serving
from tests.journeys.test_data import WAIT, until_ready, whole
from tests.journeys.test_uploads import downloaded, heading, send
from tests.journeys.whole_cycle_made import AREA, SENT, TRUE

FILLED = ("-m", "tests.journeys.whole_cycle_made")
DATA = f"/p/{AREA}/data/"
LEAVERS = f"/p/{AREA}/outcomes/cl09/"
MENDED, PLAIN = ("placements", "care-episodes"), "aftercare"


@dataclass(frozen=True)
class Extracts:
    """What the generator wrote: the files with planted faults, and the truth beside them."""

    state: Path

    def file(self, dataset: str) -> bytes:
        """A file as the council sends it."""
        return (self.state / SENT / f"{dataset}.csv").read_bytes()

    def days(self) -> tuple[dt.date, dt.date]:
        """The first and the last day the files answer for."""
        about = json.loads((self.state / SENT / "beside" / "about.json").read_text())
        return dt.date.fromisoformat(about["first"]), dt.date.fromisoformat(about["until"])

    def mended(self, dataset: str, copy: bytes) -> bytes:
        """The copy with comments, each commented cell that was planted put right."""
        planted = json.loads((self.state / SENT / "beside" / "planted.json").read_text())
        true = rows((self.state / TRUE / f"{dataset}.csv").read_bytes())
        found = rows(copy)
        for one in planted:
            if one["dataset"] == dataset and one["column"]:
                place = true[0].index(one["column"])
                found[one["line"] - 1][place] = true[one["line"] - 1][place]
        written = io.StringIO()
        csv.writer(written, lineterminator="\n").writerows(found)
        return written.getvalue().encode()


def rows(content: bytes) -> list[list[str]]:
    """The rows of a CSV file, its heading first."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration with a published build of children alone."""
    from sightline.config.demonstration import PASSWORD

    with serving(tmp_path_factory.mktemp("whole-cycle"), FILLED, PASSWORD) as one:
        yield one


def load(desk: Visit, extracts: Extracts, dataset: str) -> None:
    """Send a file by the page, mend it by the copy with comments if it must be, import it."""
    page = desk.open(f"/uploads/{dataset}/partnership/{AREA}/")
    send(page, extracts.file(dataset), f"{dataset}.csv")
    if dataset in MENDED:
        expect(page.locator(".sl-errors")).to_contain_text("1 row cannot be used yet")
        whole(page)
        again = extracts.mended(dataset, downloaded(page, "Download my file with comments"))
        page.get_by_role("link", name="Upload a corrected file").click()
        send(page, again, f"{dataset}-mended.csv")
    expect(page.locator(".sl-errors")).to_have_count(0)
    page.get_by_role("link", name=re.compile(r"^Import the \d+ rows")).click()
    whole(page)
    page.get_by_role("button", name="Import these rows").click()
    expect(page.locator("main")).to_contain_text("rows imported.")


def answer_for(desk: Visit, dataset: str, days: tuple[dt.date, dt.date]) -> None:
    """Say which days a file answers for."""
    page = desk.open(f"{DATA}datasets/{dataset}/versions/1/days/")
    for name, day in zip(("first", "last"), days, strict=True):
        for part in ("day", "month", "year"):
            page.locator(f"[name={name}_{part}]").fill(str(getattr(day, part)))
    whole(page)
    page.get_by_role("button", name="Keep these days").click()
    expect(page.locator(".sl-errors")).to_have_count(0)


def publish(desk: Visit) -> str:
    """Make a build of what was sent and publish it; its address."""
    page = desk.open(f"{DATA}builds/new/")
    heading(page, "Make a build")
    whole(page)
    page.get_by_role("button", name="Make the build").click()
    until_ready(page, "See whether it is ready")
    expect(page.locator("main")).to_contain_text("Where the rows went")
    whole(page)
    picture(page, "data-build", height=1600)
    built = page.url
    page.get_by_role("link", name="Publish this build").click()
    heading(page, "Publish build")
    whole(page)
    page.get_by_role("button", name="Publish this build").click()
    until_ready(page, "See whether it is done")
    expect(page.locator("main")).to_contain_text("This is what pages show now")
    return built.removeprefix(desk.base)


def read(desk: Visit) -> None:
    """Care leavers by care setting, with gap and trend, and who is behind a figure."""
    page = desk.open(LEAVERS)
    heading(page, "In education, training or employment")
    foster = page.get_by_role("row", name=re.compile("^Foster care"))
    for setting in (foster, page.get_by_role("row", name=re.compile("^Residential care"))):
        expect(setting).to_contain_text("%")
    whole(page)
    tabs = page.get_by_role("navigation", name="Views of this indicator")
    for tab, words in (("Over time", "What happened"), ("Gap", "Between care settings")):
        tabs.get_by_role("link", name=tab).click()
        expect(page.get_by_text(words).first).to_be_visible()
        whole(page)
    tabs.get_by_role("link", name="Now").click()
    foster.get_by_role("link").click()
    heading(page, "Who is behind it")
    expect(page.get_by_role("rowheader").first).to_have_text(re.compile(r"^\w+$"))
    whole(page)


def undo(page: Page) -> None:
    """Undo the build that is open, and say why."""
    page.get_by_role("link", name="Undo this build").click()
    expect(page.locator("main")).to_contain_text("Pages will show build 1 again, as it was.")
    page.get_by_role("button", name="Undo this build").click()
    expect(page.locator(".sl-errors")).to_contain_text("Enter why")
    whole(page)
    page.get_by_label("Why").fill("Half of the carers were missing")
    page.get_by_role("button", name="Undo this build").click()
    expect(page.locator("main")).to_contain_text("was undone")


@pytest.mark.timeout(900)  # a build of a small area is made, and published, on the way
def test_from_a_generated_partnership_to_care_leavers_and_back(copy: Served, desks: Desks) -> None:
    """Every step of an analyst, on one copy, by the pages alone."""
    extracts = Extracts(copy.state)
    desk = desks.take(copy, "partnership-analyst", reduced_motion="reduce")
    page = desk.open(LEAVERS)
    page.set_default_timeout(WAIT)
    not_yet = page.get_by_text("Not supplied").first
    expect(not_yet).to_be_visible()
    whole(page)
    for dataset in (*MENDED, PLAIN):
        load(desk, extracts, dataset)
        answer_for(desk, dataset, extracts.days())
    built = publish(desk)
    desk.open(f"{built}faults/")
    heading(page, "Faults of build")
    expect(page.locator("main")).to_contain_text(
        "The placement starts more than a day before the one before it ended"
    )
    whole(page)
    read(desk)
    undo(desk.open(built))
    desk.open(f"{DATA}builds/1/")
    expect(page.locator("main")).to_contain_text("This is what pages show now")
    desk.open(LEAVERS)
    expect(not_yet).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^Foster care"))).to_have_count(0)
    assert [said for said in desk.complaints if "/copy/" not in said] == []
