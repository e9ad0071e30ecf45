"""Somebody answers, page by page, without scripts."""

import datetime as dt
import re

import pytest

from sightline.surveys.models import Comment, Part, SentAnswer
from sightline.surveys.services import answering
from tests.surveys.respondent.made import Person, survey_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def child():
    """A child who has begun."""
    person = Person(survey_of())
    assert person.begin() == f"{person.at}1/"
    return person


def kept(person):
    return answering.held(person.token).answers


def said(response):
    return response.content.decode()


def test_a_child_meets_what_it_is_who_sees_it_and_how_to_hide_before_anything_is_asked():
    person = Person(survey_of())
    first = said(person.get())
    assert "What is it like for you?" in first
    assert f'href="{person.at}who/?l=en"' in first
    assert "No one will be cross if you say no." in first
    who = said(person.get("who/"))
    assert "Who sees what I say?" in who
    assert f'href="{person.at}hiding/?l=en"' in who
    hiding = said(person.get("hiding/"))
    assert "does not clear the list of pages" in hiding
    assert 'value="begin"' in hiding
    assert not Part.objects.exists()


def test_staff_begin_on_the_first_page_and_have_nothing_to_hide():
    person = Person(survey_of("staff"))
    first = said(person.get())
    assert "Who will see your answers" in first
    assert "We only show results for groups of 10" in first
    assert 'value="begin"' in first
    assert "Hide this page" not in first
    assert "A small questionnaire" in first


def test_parents_are_told_how_to_hide():
    person = Person(survey_of("parent-carer"))
    assert f'href="{person.at}hiding/?l=en"' in said(person.get())


def test_saying_no_is_an_answer_and_keeps_nothing():
    person = Person(survey_of())
    response = person.get("no/")
    assert "Nothing will change for you" in said(response)
    assert not Part.objects.exists()
    assert "/s/" in said(Person(survey_of()).get("/s/nobody/no/"))


def test_a_child_is_asked_one_thing_at_a_time_and_the_title_tells_nothing(child):
    page = said(child.get("1/"))
    assert "<title>Survey: page 1</title>" in page
    assert "Does your worker listen?" in page
    assert "Which?" not in page
    assert "1 of 7" in page
    assert "Hide this page" in page
    assert 'href="tel:08001111"' in page
    assert "Out of hours: 01632 960123" in page


def test_staff_are_asked_a_few_things_on_a_page():
    person = Person(survey_of("staff"))
    person.begin()
    page = said(person.get("1/"))
    assert "<h1>About you" in page
    assert "If fewer than 10 people choose an answer" in page
    assert "Page 1 of " in page
    number = next(n for n in (1, 2) if "Which?" in said(person.get(f"{n}/")))
    assert "Where?" in said(person.get(f"{number}/"))


def test_what_follows_depends_on_what_was_said(child):
    assert child.answer(1, listens="never")["Location"] == f"{child.at}2/"
    assert "Why do you say that?" in said(child.get("2/"))
    child.answer(1, listens="all")
    assert "Which?" in said(child.get("2/"))
    assert kept(child) == {"listens": "all"}


def test_not_knowing_not_saying_and_skipping_are_three_things(child):
    child.answer(1, listens="!dont-know")
    assert kept(child) == {"listens": "!dont-know"}
    child.answer(1, listens="!prefer-not")
    assert kept(child) == {"listens": "!prefer-not"}
    assert 'value="!prefer-not" checked' in said(child.get("1/"))
    child.answer(1, go="skip", listens="all")
    assert kept(child) == {}


def test_every_kind_is_kept_and_shown_again(child):
    child.answer(1, listens="never")
    child.answer(2, why="Because.")
    child.answer(3, both=["all", "never"])
    child.answer(4, town="town-3")
    child.answer(5, rooms="4")
    child.answer(6, moved=["5", "3", "2020"])
    child.answer(7, pet="Rex")
    assert kept(child) == {
        "listens": "never", "why": "Because.", "both": ["all", "never"], "town": "town-3",
        "rooms": 4, "moved": "2020-03-05", "pets": [{"pet": "Rex"}],
    }  # fmt: skip
    assert ">\nBecause.</textarea>" in said(child.get("2/"))
    assert said(child.get("3/")).count("checked") == 2
    assert '<option value="town-3" selected>' in said(child.get("4/"))
    assert 'value="4"' in said(child.get("5/"))
    day = said(child.get("6/"))
    assert all(f'value="{part}"' in day for part in ("5", "3", "2020"))
    checked = said(child.get("check/"))
    assert "5 March 2020" in checked
    assert "All of the time, Never" in checked
    assert checked.count("Skipped") == 0


def test_a_notice_stands_before_what_is_hard_and_the_whole_of_it_can_be_skipped(child):
    for number in (1, 2):
        child.answer(number)
    assert child.answer(3)["Location"] == f"{child.at}4/notice/"
    page = said(child.get("4/notice/"))
    assert "Skip these 2" in page
    assert "I need to talk to someone" in page
    assert child.post("4/notice/", go="back")["Location"] == f"{child.at}3/"
    assert child.post("4/notice/", go="talk")["Location"] == f"{child.at}help/?page=4"
    child.answer(4, rooms="3")
    assert child.post("4/notice/", go="skip")["Location"] == f"{child.at}6/"
    assert "rooms" not in kept(child)
    assert child.answer(3)["Location"] == f"{child.at}4/", "it is said once"


def test_another_turn_of_a_repeat_is_asked_for_until_there_are_enough(child):
    assert child.answer(6, pet="Rex")["Location"] == f"{child.at}7/"
    assert "Pets are good company." in said(child.get("7/"))
    assert child.answer(7)["Location"] == f"{child.at}7/again/"
    assert "another pet?" in said(child.get("7/again/"))
    assert child.post("7/again/", go="back")["Location"] == f"{child.at}7/"
    assert child.post("7/again/", go="yes")["Location"] == f"{child.at}8/"
    assert child.post("7/again/", go="yes")["Location"] == f"{child.at}8/", "sent again: once"
    child.answer(8, pet="Tib")
    assert kept(child)["pets"] == [{"pet": "Rex"}, {"pet": "Tib"}]
    assert child.answer(9)["Location"] == f"{child.at}helped/", "two at most"
    assert child.post("1/again/", go="yes")["Location"] == f"{child.at}2/", "no repeat there"
    assert child.post("99/again/", go="yes")["Location"] == f"{child.at}helped/"
    assert child.post("99/notice/", go="next")["Location"] == f"{child.at}helped/"


def test_what_is_wrong_is_said_and_what_was_typed_stays(child):
    response = child.answer(4, rooms="lots")
    page = said(response)
    assert response.status_code == 200
    assert "Look at this again" in page
    assert page.count("Write a number") == 2
    assert 'value="lots"' in page
    assert 'aria-invalid="true"' in page
    assert "That is a great many rooms" in said(child.answer(4, rooms="25"))
    assert "Write a whole number" in said(child.answer(4, rooms="2.5"))
    date = said(child.answer(5, moved=["31", "2", "2020"]))
    assert "Write a real date" in date
    assert 'value="31"' in date
    assert kept(child) == {}
    assert child.answer(4, go="back", rooms="lots")["Location"] == f"{child.at}3/"
    assert child.answer(4, go="skip", rooms="lots")["Location"] == f"{child.at}5/"


def test_a_day_that_was_typed_stands_before_i_do_not_know(child):
    child.answer(5, moved=["5", "3", "2020", "!dont-know"])
    assert kept(child)["moved"] == "2020-03-05"
    child.answer(5, moved=["", "", "", "!dont-know"])
    assert kept(child)["moved"] == "!dont-know"


def test_a_constraint_without_words_of_its_own_has_ours():
    content = {
        "sections": [
            {
                "code": "s",
                "title": {"en": "S"},
                "items": [
                    {"code": "n", "kind": "number", "text": {"en": "N?"}, "constraint": ". < 2"}
                ],
            }
        ]
    }
    person = Person(survey_of(content=content))
    person.begin()
    assert "Check this answer" in said(person.answer(1, n="5"))


def test_staff_are_told_what_must_be_answered():
    content = {
        "sections": [
            {
                "code": "s",
                "title": {"en": "S"},
                "items": [{"code": "n", "kind": "number", "text": {"en": "N?"}, "required": True}],
            }
        ]
    }
    person = Person(survey_of("staff", content=content))
    person.begin()
    assert "This one needs an answer" in said(person.answer(1))
    assert "Skip" not in said(person.get("1/"))


def test_staff_can_take_back_what_cannot_be_unchosen():
    person = Person(survey_of("staff"))
    person.begin()
    person.answer(1, listens="all")
    person.answer(2, both=["never"])
    assert 'value="clear:listens"' in said(person.get("1/"))
    assert person.answer(1, go="clear:listens")["Location"] == f"{person.at}1/"
    assert kept(person) == {"both": ["never"]}


def test_a_name_in_a_comment_of_staff_is_pointed_out_and_may_stay():
    person = Person(survey_of("staff"))
    person.begin()
    person.answer(1, listens="never")
    number = next(n for n in (1, 2) if "Why do you say" in said(person.get(f"{n}/")))
    response = person.answer(number, why="I asked Mrs Janet MacDonald about it.")
    page = said(response)
    assert "Does this name somebody?" in page
    assert "MacDonald" in page
    assert kept(person)["why"].startswith("I asked"), "and it is kept already"
    again = person.answer(number, go="keep", why="I asked Mrs Janet MacDonald about it.")
    assert again.status_code == 303
    assert person.answer(number, why="I asked about it.").status_code == 303


def test_a_child_may_write_any_name(child):
    child.answer(1, listens="never")
    assert child.answer(2, why="Mrs Janet MacDonald is kind.").status_code == 303


def test_changing_an_answer_leads_back_to_all_of_them_unless_more_is_asked(child):
    page = child.client.get(f"{child.at}2/?from=check")
    assert 'name="from" value="check"' in said(page)
    post = {"go": "next", "from": "check", "of": "both", "q-both": "all"}
    assert child.client.post(f"{child.at}2/", post)["Location"] == f"{child.at}check/"
    more = {"go": "next", "from": "check", "of": "listens", "q-listens": "never"}
    assert child.client.post(f"{child.at}1/", more)["Location"] == f"{child.at}2/"


def test_a_form_of_a_page_that_moved_is_put_where_its_questions_are_now(child):
    child.answer(1, listens="never")
    child.client.post(f"{child.at}2/", {"go": "next", "of": "both", "q-both": "all"})
    assert kept(child) == {"listens": "never", "both": ["all"]}
    moved = child.client.post(f"{child.at}2/", {"go": "next", "of": "nothing", "q-why": "x"})
    assert moved["Location"] == f"{child.at}2/"
    assert "why" not in kept(child)


def test_answers_to_what_is_not_on_the_page_are_not_looked_at(child):
    child.answer(1, listens="all", rooms="3", pet="Rex", nonsense="x")
    assert kept(child) == {"listens": "all"}
    assert "Choose one of the answers" in said(child.answer(1, listens="sometimes"))


def test_a_page_that_is_not_there_leads_to_one_that_is(child):
    assert child.get("99/")["Location"] == f"{child.at}helped/"
    assert child.get("0/")["Location"] == f"{child.at}1/"


def test_who_helped_is_asked_once_and_may_be_skipped(child):
    assert "Did anyone help you?" in said(child.get("helped/"))
    assert child.post("helped/", go="next", helped="read")["Location"] == f"{child.at}check/"
    assert answering.held(child.token).helped == "read"
    assert 'value="read" checked' in said(child.get("helped/"))
    child.post("helped/", go="next", helped="nonsense")
    assert answering.held(child.token).helped == "read"
    assert child.post("helped/", go="back")["Location"] == f"{child.at}7/"
    assert child.post("helped/", go="stop")["Location"] == f"{child.at}stop/"
    child.post("helped/", go="skip", helped="read")
    assert answering.held(child.token).helped == ""
    staff = Person(survey_of("staff"))
    staff.begin()
    assert staff.get("helped/")["Location"] == f"{staff.at}check/"


def test_sent_answers_are_there_once_and_the_thanks_come_twice(child):
    child.answer(1, listens="never")
    child.answer(2, why="I am not well.")
    token = child.token
    response = child.post("check/", go="send")
    assert response["Location"] == f"{child.at}sent/"
    assert response.cookies["survey"]["max-age"] == 0
    thanks = said(child.get("sent/"))
    assert "It will be ready by 30 June 2027." in thanks
    assert "Feeling sad or worried?" in thanks
    child.client.cookies["survey"] = token
    again = child.post("check/", go="send")
    assert again["Location"] == f"{child.at}sent/"
    assert SentAnswer.objects.count() == 1
    assert Comment.objects.get().words == "I am not well."
    assert not Part.objects.exists()


def test_nobody_sends_what_is_not_there():
    person = Person(survey_of())
    response = person.post("check/", go="send")
    assert response.status_code == 410
    person.client.cookies["survey"] = "made-up-token"
    assert person.post("check/", go="send").status_code == 410
    assert not SentAnswer.objects.exists()


def test_all_answers_can_be_deleted_before_they_are_sent(child):
    child.answer(1, listens="all")
    response = child.post("check/", go="delete")
    assert "Your answers are deleted" in said(response)
    assert not Part.objects.exists()
    assert not SentAnswer.objects.exists()
    assert child.get("1/").status_code == 410


def test_from_all_answers_one_may_go_back_or_stop(child):
    assert child.post("check/", go="back")["Location"] == f"{child.at}helped/"
    assert child.post("check/", go="stop")["Location"] == f"{child.at}stop/"
    assert child.post("check/")["Location"] == f"{child.at}check/"
    staff = Person(survey_of("staff"))
    staff.begin()
    assert re.fullmatch(f"{staff.at}[34]/", staff.post("check/", go="back")["Location"])


def test_a_long_comment_is_shortened_where_all_answers_stand(child):
    child.answer(1, listens="never")
    child.answer(2, why="word " * 60)
    assert "word…" in said(child.get("check/"))
    child.answer(2, why="!prefer-not")
    assert said(child.get("check/")).count("I don&#x27;t want to say") == 1


def test_whoever_sends_after_closing_is_told_so(child):
    child.survey.state, child.survey.closed_by = "closed", "test"
    child.survey.closed_at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    child.survey.save()
    for response in (
        child.client.post(f"{child.at}1/", {"go": "next", "of": "listens", "q-listens": "all"}),
        child.post("check/", go="send"),
    ):
        assert response.status_code == 409
        assert "This survey is closed." in said(response)
    assert not SentAnswer.objects.exists()


def test_a_page_of_another_survey_shows_nothing(child):
    other = survey_of()
    assert child.client.get(f"/s/{other.link}/1/").status_code == 410
