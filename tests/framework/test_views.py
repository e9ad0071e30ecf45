"""Framework pages: who sees them, what they say, how many queries they take."""

import pytest
from django.urls import reverse

from sightline.framework import definitions, permissions, queries
from sightline.framework.definitions import library
from sightline.framework.models import CorrectedTitle
from tests.factories.access import UserFactory, assign
from tests.factories.framework import CorrectedTitleFactory, fourth_programme

pytestmark = pytest.mark.django_db

INDEX = reverse("framework:frameworks")
COMPARE = reverse("framework:compare")
EDITION = reverse("framework:edition", args=["children-3"])
INDICATOR = reverse("framework:indicator", args=["children-3", "3-1"])
TITLE = reverse("framework:title", args=["children-3", "3-1"])
PROGRAMME = reverse("framework:programme", args=["care-and-protection"])
READ = [INDEX, COMPARE, EDITION, INDICATOR, PROGRAMME]


@pytest.fixture
def reader(client):
    person = assign(UserFactory(), "elected-member", "partnership", "fife")
    client.force_login(person)
    return client


@pytest.fixture
def keeper(client):
    """Somebody who may correct titles."""
    client.force_login(assign(UserFactory(), "service-manager"))
    return client


def text_of(client, address, status=200):
    page = client.get(address)
    assert page.status_code == status
    return page.content.decode()


def test_addresses_are_as_published():
    assert [INDEX, COMPARE, EDITION, INDICATOR, TITLE, PROGRAMME] == [
        "/frameworks/",
        "/frameworks/compare/",
        "/frameworks/children-3/",
        "/frameworks/children-3/3-1/",
        "/frameworks/children-3/3-1/title/",
        "/frameworks/programmes/care-and-protection/",
    ]


@pytest.mark.parametrize("address", [*READ, TITLE])
def test_people_without_a_role_for_it_are_told_who_can(client, address):
    assert client.get(address).status_code == 302
    for person in (UserFactory(), assign(UserFactory(), "system-administrator")):
        client.force_login(person)
        page = client.get(address)
        assert page.status_code == (404 if address == TITLE else 403)
        assert address == TITLE or "inspection lead" in page.content.decode().lower()


@pytest.mark.parametrize("address", READ)
def test_every_page_has_one_heading_and_takes_no_query_per_row(
    reader, address, django_assert_max_num_queries
):
    for number in range(1, 8):
        CorrectedTitleFactory(number=number)
    CorrectedTitleFactory(indicator="4.1", number=1)
    reader.get(address)
    with django_assert_max_num_queries(5):
        text = text_of(reader, address)
    assert text.count("<h1") == 1


@pytest.mark.parametrize(
    "address",
    [
        "/frameworks/children-9/",
        "/frameworks/children-3/2-9/",
        "/frameworks/children-3/2-9/title/",
        "/frameworks/programmes/nothing/",
    ],
)
def test_what_is_not_there_is_not_found(keeper, address):
    text_of(keeper, address, 404)


def test_the_index_lists_programmes_and_editions(reader):
    text = text_of(reader, INDEX)
    assert "5 questions" in text
    assert "3 key lines of enquiry" in text
    assert "9 (together), 2.1, 2.2, 1.1" in text
    assert "6 domains, 10 areas, 22 indicators" in text
    assert "11 of 22" in text


def test_an_edition_marks_every_title_that_is_not_confirmed(reader):
    text = text_of(reader, EDITION)
    areas = sum(
        area.title_status == "unverified" for area in library().frameworks.get("children@3").areas
    )
    assert text.count("Seen as a heading only") == 2
    assert text.count("Title not confirmed") == 11 + areas
    assert "11 of 22 titles are not confirmed" in text
    assert "How good is our leadership?" in text


def test_an_indicator_is_shown_in_every_edition_and_programme(reader):
    text = text_of(reader, reverse("framework:indicator", args=["children-2", "9-1"]))
    for words in (
        "9.1 Vision, values and aims",
        "Leadership of vision, values and aims",
        "November 2022 edition",
        "First edition, 2018",
        "became 9.1 of the November 2022 edition",
        "Evaluated as one with others: Leadership and direction, 9.1 to 9.4",
        "The title has not been corrected",
    ):
        assert words in text
    assert "Correct the title" not in text


def test_an_indicator_shows_the_history_of_its_title(reader):
    CorrectedTitleFactory(number=1, title="First wording", reason="Misheard")
    CorrectedTitleFactory(number=2, title="Second wording", reason="Read again")
    text = text_of(reader, INDICATOR)
    assert "<h1>3.1 Second wording</h1>" in text
    assert text.index("Read again") < text.index("Misheard") < text.index("As released with")
    assert "Second wording" in text_of(reader, EDITION)
    assert text_of(reader, EDITION).count(">Corrected<") == 1


def test_a_programme_is_shown_in_full(reader):
    text = text_of(reader, PROGRAMME)
    programme = library().programme("P1")
    for words in (
        "How good is the partnership at enabling care experienced young people to succeed",
        "How good is our leadership?",
        "9.1 Vision, values and aims; 9.2",
        "Strengths just outweigh weaknesses",
        "up to 14%", "15% to 49%", "90% or more",
        "On site: weeks 12 to 19", "35 counted weeks",
        "Champions board",
        "Reports of this programme speak of 17 indicators",
    ):  # fmt: skip
        assert words in text
    assert text.count("In our words") == 0
    assert all(used.term.split("'")[0] in text for used in programme.glossary)
    third = text_of(reader, reverse("framework:programme", args=["supervision-at-home"]))
    assert third.count("In our words") == 3


def test_a_fourth_programme_has_its_pages(reader, monkeypatch):
    more = library().with_programmes([fourth_programme()])
    for module in (queries, permissions, definitions):
        monkeypatch.setattr(module, "library", lambda: more)
    text = text_of(reader, reverse("framework:programme", args=["fourth-programme"]))
    assert "The six themes" in text
    assert "Policy, service development and planning" in text
    assert "Title not confirmed" in text
    assert "P9" in text_of(reader, COMPARE)
    assert "Journeys followed" in text_of(reader, COMPARE)
    assert "Theme 1" in text_of(reader, reverse("framework:indicator", args=["children-3", "5-1"]))


FIELDS = {
    "title": "Impact on staff and volunteers",
    "status": "verified",
    "source": "Framework, page 12",
    "reason": "Read in it",
    "shown": "0",
}


def test_somebody_who_sees_titles_but_may_not_correct_them_is_told_who_can(reader):
    for page in (reader.get(TITLE), reader.post(TITLE, FIELDS)):
        assert page.status_code == 403
        assert "service manager" in page.content.decode()
    assert not CorrectedTitle.objects.exists()


def test_a_title_is_corrected_on_its_page(keeper):
    assert TITLE in text_of(keeper, INDICATOR)
    text = text_of(keeper, TITLE)
    assert 'value="Impact on staff"' in text
    answer = keeper.post(TITLE, FIELDS)
    assert answer.status_code == 302
    assert answer["Location"] == INDICATOR
    text = text_of(keeper, INDICATOR)
    assert "Title of 3.1 corrected." in text
    assert "<h1>3.1 Impact on staff and volunteers</h1>" in text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": " "}, "Enter the official title"),
        ({"title": "x" * 301}, "The title must be 300 characters or fewer"),
        ({"status": ""}, "Select how sure the title is"),
        ({"reason": ""}, "Enter why the title is corrected"),
        ({"source": ""}, "Say where the title was seen, or mark it as not confirmed."),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(keeper, fields, words):
    page = keeper.post(TITLE, FIELDS | fields)
    text = page.content.decode()
    assert page.status_code == 200
    assert words in text
    assert "<title>Error: " in text
    assert fields.get("reason", "Read in it") in text
    assert not CorrectedTitle.objects.exists()


def test_a_title_that_changed_meanwhile_is_shown_afresh(keeper):
    CorrectedTitleFactory(number=1, title="Somebody was faster")
    answer = keeper.post(TITLE, FIELDS)
    assert (answer.status_code, answer["Location"]) == (302, TITLE)
    text = text_of(keeper, TITLE)
    assert "The title has changed since you opened it. Read it again." in text
    assert "Somebody was faster" in text
    assert CorrectedTitle.objects.count() == 1


def test_a_title_is_text_and_never_markup(keeper):
    keeper.post(TITLE, FIELDS | {"title": "<b>Bold</b>"})
    assert "&lt;b&gt;Bold&lt;/b&gt;" in text_of(keeper, INDICATOR)
