"""Getting in, in a language, and coming back."""

import datetime as dt

import pytest

from sightline.surveys.models import Group, Part
from sightline.surveys.services import answering
from sightline.surveys.stores import shown_code
from tests.surveys.respondent.made import Person, survey_of

pytestmark = pytest.mark.django_db


def said(response):
    return response.content.decode()


def shared():
    """A survey on a device that a class shares, and the code of the class."""
    survey = survey_of(mode="group-code", shared_device=True)
    group = Group.objects.create(survey=survey, code="PRIMARY777", label="P7", invited=20)
    return survey, group.code


def test_a_code_is_typed_in_any_way_and_leads_to_its_survey(client):
    survey = survey_of()
    assert "Type your code" in said(client.get("/s/"))
    typed = shown_code(survey.link).lower().replace("-", " - ")
    assert client.post("/s/", {"code": typed})["Location"] == f"/s/{survey.link}/"
    assert client.get(f"/s/{survey.link}/").status_code == 200


@pytest.mark.parametrize("code", ["", "nobody", "<script>", "ABCDE FGHJK", "x" * 500, "Ω\x00"])
def test_a_code_that_nobody_has_is_said_to_be_unknown_and_kept_on_the_page(client, code):
    response = client.post("/s/", {"code": code})
    page = said(response)
    assert response.status_code == 409
    assert page.count("We do not recognise that code. Check the letters") == 2
    assert "<script>" not in page


def test_an_address_that_nobody_has_says_the_same(client):
    response = client.get("/s/NOBODY2222/")
    assert response.status_code == 409
    assert "We do not recognise that code" in said(response)
    assert client.post("/s/NOBODY2222/", {"go": "begin"}).status_code == 409


def test_a_survey_with_codes_asks_for_one_where_its_link_is_opened():
    survey, _ = shared()
    person = Person(survey)
    assert "Type your code" in said(person.get())
    assert "We do not recognise" not in said(person.get())


def test_a_draft_is_not_there(client):
    survey = survey_of(state="draft")
    assert "This survey is not open yet." in said(client.get(f"/s/{survey.link}/"))
    assert client.get(f"/s/{survey.link}/contact/").status_code == 404
    assert client.get(f"/s/{survey.link}/what-changed/").status_code == 404


def test_a_survey_that_is_over_says_since_when_and_whom_to_talk_to(client):
    day = dt.date(2026, 3, 13)
    survey = survey_of(opens_on=dt.date(2026, 1, 1), closes_on=day)
    response = client.get(f"/s/{survey.link}/")
    assert response.status_code == 409
    assert "This survey closed on 13 March 2026." in said(response)
    assert "0800 1111" in said(response)


def test_a_paused_survey_says_so_and_keeps_what_was_said():
    person = Person(survey_of())
    person.begin()
    person.answer(1, listens="all")
    person.survey.state = "paused"
    person.survey.save()
    post = {"go": "next", "of": "both", "q-both": "all"}
    assert "stopped for now" in said(person.client.post(f"{person.at}2/", post))
    assert answering.held(person.token).answers == {"listens": "all"}
    assert person.post(f"/s/{person.code}/", go="begin").status_code == 409


def test_a_limit_of_wrong_codes_is_said_plainly(client, monkeypatch):
    monkeypatch.setattr("sightline.surveys.guesses.too_many", lambda kind: True)
    assert "Wait a minute" in said(client.post("/s/", {"code": "ABC"}))
    assert "Wait a minute" in said(client.post("/s/", {"words": "one two three"}))


def test_people_are_answered_in_the_language_they_chose():
    person = Person(survey_of())
    start = said(person.get(f"/s/{person.code}/?l=ar"))
    assert '<html lang="ar" dir="rtl">' in start
    assert 'href="/s/' in start
    assert '<span lang="en" dir="ltr">A few things about you.</span>' in start
    person.begin(l="ar")
    page = said(person.get("1/"))
    assert "هل يستمع إليك؟" in page
    assert '<span lang="en" dir="ltr">Never</span>' in page
    assert answering.held(person.token).language == "ar"
    assert '<html lang="en"' in said(person.get(f"/s/{person.code}/?l=xx"))


def test_the_language_can_be_changed_on_the_way_and_what_was_chosen_is_kept():
    person = Person(survey_of())
    person.begin()
    assert person.answer(1, go="language", listens="all")["Location"].endswith("language/?page=1")
    assert "العربية" in said(person.get("language/?page=1"))
    assert person.post("language/?page=1", l="ar")["Location"] == f"{person.at}1/"
    assert answering.held(person.token).language == "ar"
    assert answering.held(person.token).answers == {"listens": "all"}
    person.post("language/?page=x", l="xx")
    assert answering.held(person.token).language == "ar"
    assert person.post("check/", go="send")["Location"] == f"{person.at}sent/?l=ar"


def test_three_words_bring_somebody_back_where_they_were_on_any_device():
    person = Person(survey_of())
    person.begin()
    person.answer(1, listens="never")
    assert person.answer(2, go="stop", why="Because.")["Location"] == f"{person.at}stop/"
    first, again = person.get("stop/"), person.get("stop/")
    words = first.context["words"]
    assert len(words.split()) == 3
    assert again.context["words"] == words, "what was written down stays good"
    left = person.post("stop/", go="leave")
    assert left["Location"] == f"{person.at}left/?l=en"
    assert "You have left the survey" in said(person.get("left/"))
    assert person.get("2/").status_code == 410

    elsewhere = Person(person.survey)
    back = elsewhere.post("/s/", words=words.title().replace(" ", "  "))
    assert back["Location"] == f"{person.at}2/"
    assert ">\nBecause.</textarea>" in said(elsewhere.get("2/"))
    wrong = elsewhere.post("/s/", words="one two three")
    assert wrong.status_code == 409
    assert "We do not recognise those words" in said(wrong)


def test_the_words_may_be_had_before_the_first_question():
    person = Person(survey_of())
    assert person.begin(go="words") == f"{person.at}stop/"
    assert person.post("stop/", go="carry")["Location"] == f"{person.at}1/"
    person.post("stop/", go="delete")
    assert not Part.objects.exists()


def test_words_of_answers_that_just_went_lead_to_the_way_in(client, monkeypatch):
    monkeypatch.setattr(answering, "resume", lambda words: "gone")
    assert client.post("/s/", {"words": "one two three"}).status_code == 410


def test_hiding_ends_the_session_and_the_way_back_shows_nothing():
    person = Person(survey_of())
    person.begin()
    person.answer(1, listens="all")
    response = person.get("/s/leave/")
    assert response.status_code == 302
    assert response["Location"] == "https://www.bbc.co.uk/weather"
    assert person.token == "-"
    for path in ("", "who/", "hiding/"):
        page = said(person.get(path))
        assert "You closed this page" in page
        assert "What is it like" not in page
        assert "Help" not in page
    assert person.get("1/").status_code == 410
    assert person.post("", go="begin").status_code == 200, "and nothing begins by itself"
    assert Part.objects.count() == 1, "what was saved is kept"
    assert person.post("", go="open")["Location"] == person.at
    assert "What is it like" in said(person.get())
    person.begin()
    assert answering.held(person.token).answers == {}


def test_who_opens_the_link_again_may_carry_on_but_never_on_a_shared_device():
    person = Person(survey_of())
    person.begin()
    assert "Carry on" not in said(person.get())
    person.answer(1, listens="all")
    assert f'href="{person.at}2/"' in said(person.get())
    other = survey_of()
    assert "Carry on" not in said(person.get(f"/s/{other.link}/"))
    survey, code = shared()
    pupil = Person(survey, code)
    pupil.begin()
    pupil.answer(1, listens="all")
    assert "Carry on" not in said(pupil.get(f"/s/{code}/"))


def test_a_shared_device_is_handed_on_with_the_code_and_nothing_else():
    survey, code = shared()
    pupil = Person(survey, code)
    assert "Other people use this phone" in said(pupil.get(f"/s/{code}/"))
    assert pupil.begin() == f"/s/{survey.link}/1/", "the code is in no address from here on"
    page = said(pupil.get("1/"))
    assert 'data-idle="180,600"' in page
    assert "Are you still there?" in page
    assert 'http-equiv="refresh" content="600;' in page
    pupil.answer(1, listens="all")
    assert pupil.post("next/")["Location"] == pupil.at
    assert pupil.token == "~" + code
    assert "What is it like for you?" in said(pupil.get())
    assert pupil.post("", go="begin")["Location"] == f"{pupil.at}1/"
    assert answering.held(pupil.token).answers == {}
    pupil.post("check/", go="send")
    assert pupil.token == "~" + code
    assert "Next person" in said(pupil.get("sent/"))
    pupil.post("", go="begin")
    pupil.answer(1, go="leave", listens="all")
    pupil.get("left/")
    assert pupil.token == "~" + code
    assert pupil.post("next/")["Location"] == pupil.at
    assert pupil.token == ""
