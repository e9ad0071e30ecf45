"""A questionnaire on paper: printed with a square to scan, typed in one after another."""

import re

import pytest
from django.urls import reverse

from sightline.surveys import paper_presenters
from sightline.surveys.models import Comment, Group, SentAnswer
from tests.factories.access import UserFactory, assign
from tests.surveys.respondent.made import survey_of

pytestmark = pytest.mark.django_db


def said(response):
    return response.content.decode()


@pytest.fixture
def runner(client_for):
    """Somebody who runs surveys of the area."""
    return client_for(assign(UserFactory(), "participation-co-ordinator", "partnership", "fife"))


def paper_survey(**more):
    return survey_of(**{"area": "fife", "paper": True, **more})


def at(survey, name="paper"):
    return reverse(f"surveys:{name}", args=[survey.area, survey.slug])


def typed(client, survey, path="", **values):
    """Type in one paper as the page gives it."""
    where = at(survey, "paper-type") + path
    once = client.get(where).context["form"].initial["once"]
    return client.post(where, {"once": once, **values})


def test_who_runs_a_survey_prints_it_and_a_stranger_finds_nothing(runner, client_for):
    survey = paper_survey()
    page = said(runner.get(at(survey)))
    assert "English, large print, 18 point" in page
    assert "Arabic, usual size" in page
    assert "Type in a paper" in page
    stranger = client_for(assign(UserFactory(), "partnership-co-ordinator", "partnership", "moray"))
    reader = client_for(assign(UserFactory(), "safety-reader", "partnership", "fife"))
    for name in ("paper", "paper-print", "paper-type"):
        assert stranger.get(at(survey, name)).status_code == 404
        assert reader.get(at(survey, name)).status_code == 403


def test_what_cannot_be_typed_in_now_says_why(runner):
    closed = paper_survey(state="paused")
    assert "Papers are typed in while the survey is open." in said(runner.get(at(closed)))
    never = paper_survey(paper=False)
    assert "This survey takes no answers on paper." in said(runner.get(at(never)))
    assert runner.get(at(never, "paper-type")).status_code == 409


def test_the_paper_holds_every_question_the_promise_and_whom_to_call(runner, settings):
    settings.SIGHTLINE_ADDRESS = "https://sightline.example"
    survey = paper_survey()
    page = said(runner.get(at(survey, "paper-print") + "?size=large"))
    assert 'class="large"' in page
    assert "1. Does your worker listen?" in page
    assert "Leave this one out if it is not about you." in page
    assert "Pets 1" in page
    assert "Pets 2" in page
    assert "We only show them for groups of 10 or more" in page
    assert "0800 1111" in page
    assert "01632 960123" in page
    assert f"https://sightline.example/s/{survey.link}/" in page
    assert re.search(r'<path d="M\d', page)
    assert "<script" not in page
    arabic = said(runner.get(at(survey, "paper-print") + "?language=ar&size=huge"))
    assert '<html lang="ar" dir="rtl">' in arabic
    assert 'class="plain"' in arabic


def test_a_paper_of_a_group_holds_its_code_and_one_of_a_person_room_for_it(runner, settings):
    survey = paper_survey(mode="group-code")
    Group.objects.create(survey=survey, code="PRIMARY777", label="P7")
    assert "for P7" in said(runner.get(at(survey)))
    settings.SIGHTLINE_RESPONDENT_HOST, settings.SIGHTLINE_HTTPS = "survey.example", True
    page = said(runner.get(at(survey, "paper-print") + "?group=1"))
    assert "PRIMA-RY777" in page
    assert "https://survey.example/s/PRIMARY777/" in page
    without = said(runner.get(at(survey, "paper-print") + "?group=9"))
    assert "https://survey.example/s/<" in without
    assert "Write your code here." in without


def test_the_square_is_what_a_scanner_reads():
    found = paper_presenters.square("https://sightline.example/s/ABCDEFGHJK/")
    assert found.side > 29
    assert found.path.startswith("M4 4h1v1h-1z"), "the corner mark, behind a quiet margin"


def test_papers_are_typed_in_one_after_another_and_counted(runner):
    survey = paper_survey()
    first = typed(
        runner, survey, listens="never", why="Because.", both=["all", "never"], town="town-2",
        rooms="3", moved="5 3 2020", **{"pet--0": "Rex", "pet--1": "Tib"}, language="en",
        helped="read",
    )  # fmt: skip
    assert first["Location"] == at(survey, "paper-type") + "?typed=1&language=en"
    page = said(runner.get(first["Location"]))
    assert "The paper is kept." in page
    assert "1 typed in one after another" in page
    second = typed(runner, survey, "?typed=1&language=ar", listens="!dont-know", language="ar")
    assert second["Location"].endswith("?typed=2&language=ar")
    kept = [sent.content for sent in SentAnswer.objects.all()]
    one = next(c for c in kept if c["helped"] == "read")
    assert one["channel"] == "paper"
    assert one["answers"]["rooms"] == 3
    assert one["answers"]["moved"] == "2020-03-05"
    assert {comment.words for comment in Comment.objects.all()} == {"Because.", "Rex", "Tib"}
    assert next(c for c in kept if c is not one)["language"] == "ar"


def test_a_page_sent_twice_is_one_paper(runner):
    survey = paper_survey()
    where = at(survey, "paper-type")
    once = runner.get(where).context["form"].initial["once"]
    for _ in range(2):
        paper = {"once": once, "listens": "all", "language": "en"}
        assert runner.post(where, paper).status_code == 302
    assert SentAnswer.objects.count() == 1


def test_what_does_not_fit_is_said_and_what_was_typed_stays(runner):
    survey = paper_survey()
    response = typed(runner, survey, rooms="many", moved="31 2 2020", language="en")
    page = said(response)
    assert "Enter a number" in page
    assert "Enter a real date, such as 27 3 2025, or leave it empty" in page
    assert 'value="many"' in page
    assert not SentAnswer.objects.exists()


def test_answers_that_the_others_do_not_lead_to_are_left_out_and_counted(runner):
    survey = paper_survey()
    one = typed(runner, survey, listens="all", why="Because.", language="en")
    assert "1 of its answers was to questions" in said(runner.get(one["Location"]))
    assert not Comment.objects.exists()
    content = {
        "sections": [
            {
                "code": "s",
                "title": {"en": "S"},
                "items": [
                    {"code": "a", "kind": "number", "text": {"en": "A?"}},
                    {"code": "b", "kind": "text", "text": {"en": "B?"}, "show_when": "${a} > 5"},
                    {"code": "c", "kind": "text", "text": {"en": "C?"}, "show_when": "${a} > 5"},
                ],
            }
        ]
    }
    other = paper_survey(content=content, languages=["en"])
    two = typed(runner, other, a="1", b="x", c="y")
    assert "2 of its answers were to questions" in said(runner.get(two["Location"]))


def test_papers_of_a_group_are_kept_under_it_and_the_next_is_of_the_same(runner):
    survey = paper_survey(mode="group-code")
    Group.objects.create(survey=survey, code="PRIMARY777", label="P7")
    assert "Select the group of this paper" in said(typed(runner, survey, language="en"))
    sent = typed(runner, survey, group="1", language="en", listens="all")
    assert "group=1" in sent["Location"]
    assert SentAnswer.objects.get().content["group"] == "P7"
    form = runner.get(sent["Location"]).context["form"]
    assert form.initial["group"] == "1"


def test_a_code_that_is_not_one_is_said_beside_what_was_typed(runner):
    survey = paper_survey(mode="single-use")
    response = typed(runner, survey, code="NOBODY", rooms="3", language="en")
    page = said(response)
    assert "There is no survey with this code" in page
    assert 'value="3"' in page
    survey.state = "paused"
    survey.save()
    assert "This survey is paused" in said(typed(runner, survey, code="X", language="en"))


def test_a_survey_in_a_language_without_words_is_printed_in_the_main_one(runner):
    survey = paper_survey(languages=["xx"])
    assert "English, usual size" in said(runner.get(at(survey)))


def test_a_paused_survey_with_one_link_says_so_above_the_form(runner):
    survey = paper_survey(state="paused")
    assert "This survey is paused" in said(typed(runner, survey, listens="all", language="en"))
