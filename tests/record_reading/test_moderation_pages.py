"""Pages of moderation: who opens them, that they show nothing of half a pair, and what they do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sightline.access.models import AuditEvent, User
from sightline.record_reading.models import DipCheck, Reader, Reading, Round, Settlement
from tests.factories import record_reading as make
from tests.factories.access import UserFactory, assign
from tests.record_reading.moderated import NOW, a_record, a_round, read, read_twice

pytestmark = pytest.mark.django_db

GOOD = {"plan-present": "yes", "plan-quality": "4"}
WEAK = {"plan-present": "yes", "plan-quality": "2"}
SECRET = "Only the reader knows these words"
SignIn = Callable[[User], Client]


class World:
    """Two pairs, their records, the lead, and a browser for each."""

    def __init__(self, client_for: SignIn) -> None:
        self.round = a_round(area="fife", title="Spring")
        self.readers = [self.reader(name) for name in ("A. One", "B. Two", "C. Three", "D. Four")]
        one, two, three, four = self.readers
        self.record = read_twice(self.round, 1, GOOD, WEAK, (one, two))
        self.half = a_record(self.round, 2, twice=True)
        read(self.half, three, {**GOOD, "plan-quality": "6"}, whys={"plan-quality": SECRET})
        read(self.half, four, None, part=2)
        self.lead_person = assign(
            UserFactory(name="L. Lead"), "quality-lead", "partnership", "fife"
        )
        self.lead = client_for(self.lead_person)
        self.one, self.two, self.three, self.four = (client_for(r.person) for r in self.readers)

    def reader(self, name: str) -> Reader:
        """A reader of the round who may read there."""
        person = assign(UserFactory(name=name), "local-record-reader", "partnership", "fife")
        return make.ReaderFactory(round=self.round, person=person)

    def url(self, page: str, **more: Any) -> str:
        """An address of the round."""
        kept = {"area": "fife", "slug": self.round.slug, **more}
        return reverse(f"record_reading:{page}", kwargs=kept)

    @property
    def difference(self) -> str:
        """The address of the difference about the first record's plan."""
        return self.url("difference", record=1, item="plan-quality")


@pytest.fixture
def world(client_for: SignIn) -> World:
    """See `World`."""
    return World(client_for)


def said(client: Client, url: str) -> str:
    """The text of a page that opens."""
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


# Who.


def test_a_difference_is_open_to_its_two_readers_and_the_lead(
    world: World, client_for: SignIn
) -> None:
    for client in (world.lead, world.one, world.two):
        page = said(client, world.difference)
        assert "4 Good" in page
        assert "2 Weak" in page
        assert "A. One" in page
    elsewhere = assign(UserFactory(), "quality-lead", "partnership", "angus")
    national = assign(UserFactory(), "service-manager")
    volunteer = assign(UserFactory(), "young-inspection-volunteer", "inspection", "fife-2026")
    chief = assign(UserFactory(), "chief-officer", "partnership", "fife")
    answers = {
        client_for(person).get(world.difference).status_code
        for person in (elsewhere, national, volunteer, UserFactory())
    }
    assert answers == {404}
    assert world.three.get(world.difference).status_code == 404
    assert client_for(chief).get(world.difference).status_code == 403


@pytest.mark.parametrize("page", ["moderation", "agreement", "dip"])
def test_the_leads_pages_are_the_leads(world: World, page: str) -> None:
    assert world.lead.get(world.url(page)).status_code == 200
    assert world.one.get(world.url(page)).status_code in {403, 404}


def test_opening_a_difference_is_recorded_and_what_is_sent_is_no_opening(world: World) -> None:
    said(world.one, world.difference)
    world.one.post(world.difference, {})
    lines = AuditEvent.objects.filter(verb="record-difference.read")
    assert [line.target for line in lines] == [f"record-difference:fife/{world.round.slug}/R-001"]


def test_there_is_no_page_of_what_is_no_difference(world: World) -> None:
    for more in (
        {"record": 1, "item": "plan-present"}, {"record": 99, "item": "plan-quality"},
        {"record": 2, "item": "plan-quality"},
    ):  # fmt: skip
        assert world.lead.get(world.url("difference", **more)).status_code == 404
    agency = world.url("difference-of-agency", record=1, item="plan-quality", agency="police")
    assert world.lead.get(agency).status_code == 404
    nowhere = reverse("record_reading:difference", args=["fife", "no-round", 1, "plan-quality"])
    assert world.lead.get(nowhere).status_code == 404


# Blind.


def test_nothing_of_half_a_pair_is_on_any_page(world: World) -> None:
    make.DipCheckFactory(reading=Reading.objects.get(record=world.half, part=1))
    pages = [world.url(page) for page in ("moderation", "agreement", "dip")]
    for url in [*pages, f"{pages[0]}?show=all"]:
        page = said(world.lead, url)
        assert SECRET not in page
        assert "6 Excellent" not in page
    assert "R-002" not in said(world.lead, pages[0])
    assert world.lead.get(world.url("dip-check", checked=2)).status_code == 404
    for client in (world.three, world.four, world.one):
        page = said(client, world.url("to-discuss"))
        assert SECRET not in page
        assert "R-002" not in page


def test_both_see_it_as_soon_as_both_have_handed_in(world: World) -> None:
    reading = Reading.objects.get(record=world.half, part=2)
    reading.state, reading.submitted_at, reading.submitted_by = "complete", NOW, "command:x"
    reading.answers = {"values": GOOD, "whys": {}, "flags": {}}
    reading.save()
    for client in (world.three, world.four):
        assert "R-002" in said(client, world.url("to-discuss"))
    assert "R-002" not in said(world.one, world.url("to-discuss"))
    assert "R-002" in said(world.lead, world.url("moderation"))
    assert SECRET in said(world.three, world.url("difference", record=2, item="plan-quality"))


def test_a_third_reader_sees_nothing_until_they_have_handed_in(world: World) -> None:
    third = read(world.record, world.readers[2], None, part=3)
    assert world.three.get(world.difference).status_code == 404
    assert "is reading the record as a third reader" in said(world.lead, world.difference)
    Reading.objects.filter(pk=third.pk).delete()
    read(
        world.record, world.readers[2], {**GOOD, "plan-quality": "3"}, part=3,
        whys={"plan-quality": "Half of it."},
    )  # fmt: skip
    assert world.three.get(world.difference).status_code == 404  # it is the pair's
    page = said(world.one, world.difference)
    assert "C. Three (third reader)" in page
    assert "3 Adequate counts" in page


def test_a_record_that_is_closed_to_a_reader_is_not_theirs_to_talk_through(world: World) -> None:
    assert "R-001" in said(world.one, world.url("to-discuss"))
    make.ConflictFactory(reader=world.readers[0], record=world.record)
    assert "R-001" not in said(world.one, world.url("to-discuss"))
    assert world.one.get(world.difference).status_code == 404
    assert "R-001" in said(world.two, world.url("to-discuss"))


def test_a_third_reader_who_was_not_asked_said_nothing(world: World) -> None:
    read(world.record, world.readers[2], {"plan-present": "no"}, part=3)
    page = said(world.lead, world.difference)
    assert "third reader)" not in page
    assert "Nobody has settled it" in page


# Doing.


def test_a_pair_agrees(world: World) -> None:
    assert "How it was settled" not in said(world.one, world.difference)
    sent = world.one.post(world.difference, {"value": "3", "why": "Dates missing.", "follows": ""})
    assert sent["Location"] == world.url("to-discuss")
    made = Settlement.objects.get()
    assert (made.way, made.value) == ("agreed", "3")
    page = said(world.two, world.url("to-discuss"))
    assert "Nothing waits" in page
    assert "Agreed" in page
    page = said(world.two, world.difference)
    assert "A. One and B. Two agreed on 3 Adequate, as A. One recorded" in page
    assert "Settle it anew" in page


def test_the_lead_decides_and_leaves_two_views(world: World) -> None:
    sent = {"way": "adjudicated", "value": "4", "why": "Links are there."}
    assert world.lead.post(world.difference, sent)["Location"] == world.url("moderation")
    made = Settlement.objects.get()
    sent = {"way": "two-views", "why": "Both can be read so.", "follows": str(made.pk)}
    assert world.lead.post(world.difference, sent).status_code == 302
    page = said(world.lead, world.difference)
    assert "L. Lead left it as two views" in page
    assert "L. Lead decided on 4 Good (no longer counts)" in page
    assert "It stands as two views" in page


def test_what_is_missing_or_was_settled_meanwhile_is_said(world: World) -> None:
    for sent, words in (
        ({"why": "x"}, "Select how it was settled"),
        ({"way": "agreed", "why": "x"}, "Select the answer that counts"),
        ({"way": "agreed", "value": "4"}, "Enter why"),
        ({"way": "agreed", "value": "9", "why": "x"}, "Select"),
        ({"way": "third", "value": "4", "why": "x"}, "Select"),
    ):
        response = world.lead.post(world.difference, sent)
        assert response.status_code == 200
        page = response.content.decode()
        assert words in page
        assert "<title>Error: " in page
    world.one.post(world.difference, {"value": "3", "why": "Talked.", "follows": ""})
    late = world.two.post(world.difference, {"value": "2", "why": "Kept words.", "follows": ""})
    page = late.content.decode()
    assert "A. One settled this" in page
    assert "Kept words." in page
    assert Settlement.objects.count() == 1


def test_a_lead_who_read_the_record_may_not_decide_it(world: World, client_for: SignIn) -> None:
    person = world.readers[0].person
    assign(person, "quality-lead", "partnership", "fife")
    page = said(client_for(person), world.difference)
    assert "I decide" not in page
    assert "Leave it as two views" in page


def test_the_lead_asks_a_third_reader(world: World) -> None:
    page = said(world.lead, world.difference)
    assert "C. Three" in page
    empty = world.lead.post(world.difference, {"deed": "third"}).content.decode()
    assert "Select who reads it" in empty
    assert "Enter why" not in empty
    sent = {"deed": "third", "reader": str(world.readers[2].pk), "reason": "Two steps apart."}
    assert world.lead.post(world.difference, sent)["Location"] == world.url("moderation")
    assert Reading.objects.get(part=3).reader == world.readers[2]
    assert "With a third reader" in said(world.lead, world.url("moderation"))
    assert "Ask a third reader" not in said(world.lead, world.difference)
    assert "Ask a third reader" not in said(world.one, world.difference)
    assert world.one.post(world.difference, sent).status_code == 200
    assert Reading.objects.filter(part=3).count() == 1


def test_a_locked_round_is_looked_at_only(world: World) -> None:
    Round.objects.update(state="locked", locked_at=NOW, locked_by="x:y")
    page = said(world.lead, world.difference)
    assert "Reading is over" in page
    assert "Settle it" not in page
    refused = world.lead.post(world.difference, {"way": "agreed", "value": "4", "why": "x"})
    assert refused.status_code == 200
    assert not Settlement.objects.exists()


# The list.


def test_differences_are_ordered_and_narrowed(world: World) -> None:
    far = {"plan-present": "yes", "plan-quality": "6", "meeting-held": "yes"}
    near = {"plan-present": "yes", "plan-quality": "1", "meeting-held": "no"}
    read_twice(world.round, 5, far, near, (world.readers[2], world.readers[3]))
    url = world.url("moderation")

    def labels(query: str = "") -> list[tuple[str, str]]:
        rows = world.lead.get(f"{url}{query}").context["rows"]
        return [(row.label, row.item) for row in rows]

    assert labels() == [
        ("R-005", "plan-quality"), ("R-001", "plan-quality"), ("R-005", "meeting-held"),
    ]  # fmt: skip
    assert labels("?by=record")[0] == ("R-001", "plan-quality")
    assert labels("?by=item")[0] == ("R-005", "meeting-held")
    assert labels("?by=pair")[0] == ("R-001", "plan-quality")
    assert labels("?item=meeting-held") == [("R-005", "meeting-held")]
    pair = "_".join(sorted(str(one.pk) for one in world.readers[:2]))
    assert labels(f"?pair={pair}") == [("R-001", "plan-quality")]
    assert labels("?item=nonsense") == labels()
    make.SettlementFactory(record=world.record, value="3")
    assert labels("?show=settled") == [("R-001", "plan-quality")]
    assert len(labels("?show=all")) == 3
    assert "No difference is like this" in said(world.lead, f"{url}?item=plan-quality&pair={pair}")


def test_what_there_is_is_said_in_words(world: World) -> None:
    url = world.url("moderation")
    assert "1 of 2 records that two readers are to read" in said(world.lead, url)
    make.SettlementFactory(record=world.record, value="3")
    assert "Every difference is settled" in said(world.lead, url)
    Reading.objects.filter(record=world.record, part=2).update(state="in-progress")
    assert "No record has been handed in by two readers yet" in said(world.lead, url)
    assert "No record has been handed in by two readers yet" in said(
        world.lead, world.url("agreement")
    )
    again = read_twice(world.round, 8, GOOD, GOOD, tuple(world.readers[:2]))  # type: ignore[arg-type]
    assert again
    assert "No two answers differ" in said(world.lead, url)


def test_a_difference_by_agency_names_the_agency(world: World) -> None:
    first = {"meeting-held": "yes", "meeting-attendance": {"police": "yes"}}
    second = {"meeting-held": "yes", "meeting-attendance": {"police": "no"}}
    record = read_twice(world.round, 6, first, second, tuple(world.readers[:2]))  # type: ignore[arg-type]
    read(record, world.readers[2], first, part=3)
    url = world.url("difference-of-agency", record=6, item="meeting-attendance", agency="police")
    page = said(world.lead, url)
    assert "Came to the meeting: Police" in page
    assert "Yes counts" in page
    assert url in said(world.lead, world.url("moderation") + "?show=all")


# Agreement and the dip sample.


def test_agreement_is_in_words_first_with_the_figures_in_details(world: World) -> None:
    pair: Any = tuple(world.readers[:2])
    for number in range(10, 22):
        read_twice(world.round, number, GOOD, WEAK if number % 2 else GOOD, pair)
    page = said(world.lead, world.url("agreement"))
    assert "learning, not performance management" in page
    assert "A. One and B. Two" in page
    assert "The figures" in page
    assert "B. Two is about a step lower" in page
    assert world.url("moderation") + "?show=all&amp;item=plan-quality" in page  # more than six


def test_the_lead_draws_and_looks_again(world: World) -> None:
    for number, reader in enumerate(world.readers[:2], 10):
        read(a_record(world.round, number), reader, GOOD, whys={"plan-quality": "Clear dates."})
    url = world.url("dip")
    assert "2 readings have been handed in" in said(world.lead, url)
    for sent, words in (
        ({"seed": "a b"}, "one of the two"),
        ({"size": "2"}, "Enter a few words"),
        ({"size": "1", "seed": "a b"}, "Draw at least 2"),
    ):
        assert words in world.lead.post(url, sent).content.decode()
    assert world.lead.post(url, {"size": "2", "seed": "a b"})["Location"] == url
    page = said(world.lead, url)
    assert "To look at" in page
    assert "There is no reading to draw" in page
    look = world.url("dip-check", checked=10)
    page = said(world.lead, look)
    assert "Clear dates." in page
    assert "4 Good" in page
    assert AuditEvent.objects.filter(verb="record-dip.read").count() == 1
    missing = world.lead.post(look, {"outcome": "discuss"}).content.decode()
    assert "Enter what to talk through" in missing
    sent = {"outcome": "discuss", "note": "Are the dates those of the plan?"}
    assert world.lead.post(look, sent)["Location"] == url
    assert DipCheck.objects.get(reading__record__number=10).outcome == "discuss"
    assert "Are the dates those of the plan?" in said(world.one, world.url("to-discuss"))
    assert "Are the dates" in said(world.lead, look)


def test_a_lead_does_not_look_at_their_own_reading(world: World, client_for: SignIn) -> None:
    person = world.readers[0].person
    make.DipCheckFactory(reading=read(a_record(world.round, 10), world.readers[0], GOOD))
    assign(person, "quality-lead", "partnership", "fife")
    assert "You made this reading" in said(client_for(person), world.url("dip-check", checked=10))


def test_a_reading_that_is_written_again_is_closed_to_the_lead(world: World) -> None:
    reading = read(a_record(world.round, 10), world.readers[0], GOOD)
    make.DipCheckFactory(
        reading=reading, outcome="discuss", checked_at=NOW, checked_by="x:y", note="Talk."
    )
    Reading.objects.filter(pk=reading.pk).update(state="in-progress")
    assert world.lead.get(world.url("dip-check", checked=10)).status_code == 404
    assert world.url("dip-check", checked=10) not in said(world.lead, world.url("dip"))
    assert "Talk." not in said(world.one, world.url("to-discuss"))


@pytest.mark.parametrize("page", ["moderation", "agreement", "dip", "to-discuss"])
def test_questions_asked_of_the_database_do_not_grow(
    world: World, page: str, django_assert_max_num_queries: Any
) -> None:
    pair: Any = tuple(world.readers[:2])
    for number in range(10, 22):
        read_twice(world.round, number, GOOD, WEAK, pair)
    for number in range(30, 42):
        once = read(a_record(world.round, number), world.readers[0], GOOD)
        make.DipCheckFactory(reading=once)
    client = world.one if page == "to-discuss" else world.lead
    said(client, world.url(page))
    with django_assert_max_num_queries(24):  # a dozen of each would show
        said(client, world.url(page))
