"""Help, rights, being spoken to, and what came of it."""

import pytest

from sightline.surveys.models import ContactRequest, SentAnswer
from sightline.surveys.respondent import contact
from tests.surveys.respondent.made import Person, survey_of

pytestmark = pytest.mark.django_db


def said(response):
    return response.content.decode()


@pytest.mark.parametrize(
    ("audience", "there", "not_there"),
    [
        ("child", "0800 1111", "0800 027 1234"),
        ("young-person", "0800 83 85 87", "nothing of the kind"),
        ("parent-carer", "0800 027 1234", "0800 1111"),
        ("staff", "116 123", "0800 1111"),
    ],
)
def test_help_names_whom_to_call_for_whom_it_is(audience, there, not_there):
    person = Person(survey_of(audience))
    page = said(person.get("help/"))
    assert there in page
    assert not_there not in page
    assert "999" in page
    assert "01632 960123" in page


def test_help_leads_back_to_where_somebody_was():
    person = Person(survey_of())
    assert f'href="{person.at}"' in said(person.get("help/"))
    person.begin()
    assert f'href="{person.at}4/"' in said(person.get("help/?page=4"))
    assert f'href="{person.at}1/"' in said(person.get("help/?page=javascript"))
    other = survey_of("staff")
    assert "0800 1111" not in said(person.get(f"/s/{other.link}/help/"))


def test_help_is_there_for_an_address_that_nobody_has(client):
    assert "999" in said(client.get("/s/NOBODY/help/"))


def test_rights_are_in_words_for_whom_it_is():
    child = Person(survey_of())
    page = said(child.get("rights/"))
    assert "If you are 12 or older, you can ask this by yourself." in page
    for body in ("Care Inspectorate", "Children&#x27;s Commissioner", "Information Commissioner"):
        assert body in page
    child.begin()
    assert f'href="{child.at}1/"' in said(child.get("rights/"))
    assert "12 or older" not in said(Person(survey_of("staff")).get("rights/"))


def test_somebody_asks_to_be_spoken_to_and_no_key_leads_to_an_answer():
    person = Person(survey_of())
    person.begin()
    person.answer(1, listens="all")
    person.post("check/", go="send")
    assert "We cannot tell which answers are yours" in said(person.get("contact/"))
    assert "We have your message" in said(person.post("contact/", how="Ann,\x00 after four"))
    asked, sent = ContactRequest.objects.get(), SentAnswer.objects.get()
    assert asked.how == "Ann, after four"
    assert asked.pk != sent.pk
    assert {field.name for field in ContactRequest._meta.fields} == {
        "id", "survey", "how", "asked_on", "handled_at", "handled_by",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("how", "said_so"),
    [("", "Write how we can reach you"), (" \x00 ", "Write how we"), ("x" * 1001, "1,000")],
)
def test_what_cannot_be_asked_is_said_and_nothing_is_kept(how, said_so):
    page = said(Person(survey_of()).post("contact/", how=how))
    assert page.count(said_so) == 2
    assert not ContactRequest.objects.exists()


def test_nobody_fills_the_list(monkeypatch):
    monkeypatch.setattr(contact, "MOST", 2)
    monkeypatch.setattr(contact, "_minute", lambda: 1)
    person = Person(survey_of())
    statuses = [person.post("contact/", how="Ann").status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert ContactRequest.objects.count() == 2


def test_what_changed_is_there_when_it_is():
    survey = survey_of()
    person = Person(survey)
    assert "It will be ready by 30 June 2027." in said(person.get("what-changed/"))
    survey.what_changed = "You said this.\n\nWe did <b>that</b>."
    survey.heard_by = None
    survey.save()
    page = said(person.get("what-changed/"))
    assert "You said this." in page
    assert "&lt;b&gt;" in page
    assert "30 June" not in said(person.get("sent/"))
    survey.what_changed = ""
    survey.save()
    assert "It is not ready yet." in said(person.get("what-changed/"))


def test_a_survey_without_a_public_page_still_thanks(client):
    assert client.get("/s/NOBODY/sent/").status_code == 200
    assert client.get("/s/NOBODY/left/").status_code == 200
