"""The list of somebody's own readings, and what the page of one says before it is read."""

import datetime as dt
import re

import pytest

from sightline.record_reading import reading_presenters as presenters
from sightline.record_reading.asking import template
from sightline.record_reading.models import Reading
from tests.factories import record_reading as made
from tests.factories.access import UserFactory, assign
from tests.record_reading.reading_made import AREA, auditor, begun, reading_of, signed_in

pytestmark = pytest.mark.django_db


def test_only_what_opens_is_listed() -> None:
    """A role held for an inspection alone opens nothing of the partnership's own rounds."""
    person = assign(UserFactory(), "local-record-reader", "inspection", "fife-2026")
    own = reading_of(person, round=made.OpenRoundFactory(area=AREA, title="Our own audit"))
    theirs = made.OpenRoundFactory(area=AREA, inspection="fife-2026", title="The inspection's")
    inspected = reading_of(person, round=theirs)
    assert own.client.get(own.url()).status_code == 404
    assert inspected.client.get(inspected.url()).status_code == 200
    for page in ("/reading/", "/home/"):
        text = own.client.get(page).content.decode()
        assert "Our own audit" not in text
        assert "The inspection&#x27;s" in text


def test_what_is_still_to_do_comes_first_and_the_latest_before_the_others() -> None:
    person = auditor()
    days = {"Old": dt.date(2026, 1, 5), "New": dt.date(2026, 3, 2), "No days": None}
    for title, day in days.items():
        over = {"title": title, "reads_from": day, "reads_until": day}
        reading_of(person, round=made.OpenRoundFactory(area=AREA, **over))
    for title, day in (("Done", dt.date(2026, 4, 1)), ("Done before", dt.date(2026, 2, 1))):
        over = {"title": title, "reads_from": day, "reads_until": day}
        reader = made.ReaderFactory(person=person, round=made.OpenRoundFactory(area=AREA, **over))
        made.CompleteReadingFactory(reader=reader)
    page = signed_in(person).get("/reading/").content.decode()
    page = page.partition("<h1>My reading</h1>")[2]
    found = re.findall(r"<h2[^>]*>([^<]*)</h2>|<summary>([^<]*)</summary>", page)
    assert [one or other for one, other in found] == [
        "New", "Old", "No days", "Finished or locked", "Done: 1 of 1 handed in",
        "Done before: 1 of 1 handed in",
    ]  # fmt: skip


def test_the_records_to_see_are_those_that_there_are_of_the_child() -> None:
    who = begun()
    record = who.reading.record
    said = {}
    for held in (["education", "social-work", "reporter"], [], ["reporter"]):
        record.facts = {**record.facts, "agencies": held}
        record.save()
        reading = Reading.objects.select_related("record", "round").get(pk=who.reading.pk)
        about = dict(presenters.about(template(made.TEMPLATE), reading))
        said[len(held)] = about.get("Records to see")
    assert said == {
        3: "Social work, Education",
        0: "Social work, Health, Police, Education",  # the return does not say
        1: None,
    }
