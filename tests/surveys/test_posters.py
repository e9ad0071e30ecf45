"""What is printed: a square that can be scanned, and what is typed instead."""

import re

import pytest
from django.urls import reverse

from sightline.surveys import posters, stores
from sightline.surveys.paper_presenters import square
from tests.factories.access import UserFactory, assign
from tests.factories.surveys import GroupFactory, OpenSurveyFactory

HERE = "fife"


@pytest.fixture(autouse=True)
def _address(settings):
    settings.SIGHTLINE_RESPONDENT_HOST = "survey.example"
    settings.SIGHTLINE_HTTPS = True


def test_a_way_in_is_scanned_whole_and_typed_in_two_parts():
    found = posters.way("ABCDEFGHJK")
    assert found.square == square("https://survey.example/s/ABCDE-FGHJK/")
    assert (found.address, found.code) == ("survey.example/s/", "ABCDE-FGHJK")


def test_no_letter_of_a_code_is_read_as_another():
    assert not set("01ILO") & set(stores.ALPHABET)
    assert not any(letter.islower() for letter in stores.ALPHABET)


def test_slips_are_one_for_each_code():
    assert [slip.code for slip in posters.slips(["ABCDEFGHJK", "MNPQRSTUVW"])] == [
        "ABCDE-FGHJK", "MNPQR-STUVW",
    ]  # fmt: skip


@pytest.fixture
def person(client):
    found = assign(UserFactory(), "partnership-co-ordinator", "partnership", HERE)
    client.force_login(found)
    return found


def page_of(client, survey, query=""):
    return client.get(reverse("surveys:poster", args=[survey.area, survey.slug]) + query)


@pytest.mark.django_db
class TestPage:
    """The poster's page."""

    def test_it_says_survey_and_no_more(self, client, person):
        survey = OpenSurveyFactory(area=HERE, title="Children who were harmed")
        text = page_of(client, survey).content.decode()
        assert "<title>Survey - poster</title>" in text
        assert "harmed" not in text
        assert stores.shown_code(survey.link) in text
        assert re.search(r"<svg viewBox=\"0 0 \d+ \d+\" role=\"img\"", text)
        assert not re.search(r"style=|<script", text)

    def test_a_group_has_its_own(self, client, person):
        survey = OpenSurveyFactory(area=HERE, mode="group-code")
        group = GroupFactory(survey=survey, label="Health")
        assert stores.shown_code(group.code) in page_of(client, survey, "?group=1").content.decode()
        for query in ("", "?group=0", "?group=2", "?group=x"):
            assert page_of(client, survey, query).status_code == 404

    def test_codes_of_one_person_are_on_no_poster(self, client, person):
        survey = OpenSurveyFactory(area=HERE, mode="single-use")
        assert page_of(client, survey).status_code == 404
