"""Pages of writing questions and texts: what is typed is what is asked."""

import datetime as dt
import io
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from sightline.surveys import drafting, questionnaires, texts
from sightline.surveys.models import Answer, Part, Questionnaire, SentAnswer, Survey
from sightline.surveys.xlsform.exporting import export_form
from tests.factories.access import UserFactory, assign
from tests.factories.surveys import QuestionnaireFactory, SurveyFactory, own_questions

pytestmark = pytest.mark.django_db
HERE = "fife"


@pytest.fixture
def survey(client):
    person = assign(UserFactory(), "partnership-co-ordinator", "partnership", HERE)
    client.force_login(person)
    row = QuestionnaireFactory(area=HERE, content=own_questions(languages=["en"]))
    row.content["sections"][0]["title"].pop("gd")
    row.save()
    return SurveyFactory(area=HERE, questionnaire=row.key)


def at(survey, name, *more):
    return reverse(f"surveys:{name}", args=[survey.area, survey.slug, *more])


def text_of(page):
    assert page.status_code == 200
    return page.content.decode()


def content_of(survey):
    survey.refresh_from_db()
    return drafting.plain(questionnaires.questionnaire(survey.questionnaire))


def item_of(survey, code):
    return drafting.item_of(content_of(survey), code)


QUESTION = {
    "text": "Are you well supported?", "kind": "scale", "answers": "Very\nA bit\nNot at all",
    "dont_know": "on", "groups": "on", "links": ["2.1"],
    "measures": "supported: Very; A bit\n", "lines": "4",
}  # fmt: skip


def test_the_list_shows_each_question_with_what_is_wrong(client, survey):
    text = text_of(client.get(at(survey, "build-questions")))
    assert "2 questions." in text
    assert "Only if “Are you supported?” is “No”" in text
    row = Questionnaire.objects.get()
    row.content["sections"][0]["items"][1]["show_when"] = "${gone} = 'no'"
    row.save()
    assert "To put right" in text_of(client.get(at(survey, "build-questions")))


def test_a_question_is_changed_by_its_form(client, survey):
    text = text_of(client.get(at(survey, "build-question", "supported")))
    assert "Are you supported?" in text
    assert 'name="required"' in text
    page = client.post(at(survey, "build-question", "supported"), QUESTION)
    assert page.url.endswith("#supported")
    item = item_of(survey, "supported")
    assert item["text"]["en"] == "Are you well supported?"
    assert item["measures"] == {"supported": ["very", "a-bit"]}
    assert item["links"] == ["2.1"]
    assert item["groups"]
    assert [one["value"] for one in content_of(survey)["choices"]["yes-no"]] == [3, 2, 1]
    again = text_of(client.get(at(survey, "build-question", "supported")))
    assert "supported: Very; A bit" in again


def test_saving_leads_to_the_next(client, survey):
    page = client.post(at(survey, "build-question", "supported"), QUESTION | {"next": "yes"})
    assert page.url == at(survey, "build-question", "why")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text": ""}, "Enter question"),
        ({"answers": "One"}, "Enter at least two answers"),
        ({"answers": "One\nOne"}, "Two answers are the same"),
        ({"kind": "text"}, "with one answer alone"),
        ({"measures": "no colon"}, "a name, a colon and its answers"),
        ({"measures": "x: Sometimes"}, "“Sometimes” is not one of the answers"),
        ({"text": "Is this anonymous?"}, "Only the privacy promise"),
        ({"show_when": "document('x')"}, "There is a problem"),
        ({"constraint": ". >"}, "There is a problem"),
        ({"was": "somebody-elses"}, "Somebody else changed this"),
    ],
)
def test_what_cannot_be_a_question_says_why(client, survey, change, says):
    before = content_of(survey)
    page = client.post(at(survey, "build-question", "supported"), QUESTION | change)
    assert says in text_of(page)
    assert content_of(survey) == before


def test_routing_is_chosen_in_plain_terms(client, survey):
    url = at(survey, "build-question", "why")
    form = text_of(client.get(url))
    assert '<option value="supported=no" selected>No</option>' in form
    sent = {"text": "Why?", "kind": "text", "lines": "4"}
    client.post(url, sent | {"when_1": "supported=yes", "not_1": "on"})
    assert item_of(survey, "why")["show_when"] == "${supported} != 'yes'"
    client.post(url, sent | {"when_1": "supported=yes", "joined": "or", "when_2": "supported=no"})
    assert item_of(survey, "why")["show_when"] == "${supported} = 'yes' or ${supported} = 'no'"
    client.post(
        url, sent | {"when_1": "as-written", "show_when": "string-length(${supported}) > 1"}
    )
    assert item_of(survey, "why")["show_when"] == "string-length(${supported}) > 1"
    assert 'value="as-written" selected' in text_of(client.get(url))
    client.post(url, sent | {"when_1": "", "show_when": "string-length(${supported}) > 1"})
    assert "show_when" not in item_of(survey, "why")


def test_answers_that_others_share_are_changed_for_all_or_for_one(client, survey):
    client.post(at(survey, "question-deed", "supported", "copy"))
    url = at(survey, "build-question", "supported-2")
    assert "Other questions have the same answers" in text_of(client.get(url))
    sent = {"text": "And at home?", "kind": "one", "answers": "Aye\nNo", "lines": "4"}
    client.post(url, sent | {"whose": "this"})
    content = content_of(survey)
    assert content["choices"]["yes-no"][0]["label"]["en"] == "Yes"
    assert item_of(survey, "supported-2")["choices"] == "supported-2"


def test_questions_are_added_moved_copied_and_deleted(client, survey):
    new = at(survey, "new-question", "work")
    assert "New question" in text_of(client.get(new))
    page = client.post(new, {"text": "How many hours?", "kind": "number", "whole": "on"})
    assert page.url.endswith("#how-many-hours")
    assert item_of(survey, "how-many-hours")["whole"]
    client.post(at(survey, "question-deed", "how-many-hours", "up"))
    assert content_of(survey)["sections"][0]["items"][1]["code"] == "how-many-hours"
    assert client.post(at(survey, "question-deed", "why", "sideways")).status_code == 404
    gone = at(survey, "delete-question", "how-many-hours")
    assert "How many hours?" in text_of(client.get(gone))
    client.post(gone)
    assert client.get(gone).status_code == 404
    page = client.get(at(survey, "new-question", "no-such"))
    assert page.status_code == 404


def test_sections_are_added_changed_moved_and_deleted(client, survey):
    assert "Enter title" in text_of(client.post(at(survey, "build-questions"), {"title": ""}))
    client.post(at(survey, "build-questions"), {"title": "Your team"})
    url = at(survey, "build-section", "your-team")
    assert "Your team" in text_of(client.get(url))
    page = client.post(url, {"title": "The team", "notice": " The next is\n hard. ", "repeat": ""})
    assert page.url.endswith("#section-your-team")
    found = drafting.section_of(content_of(survey), "your-team")
    assert found["notice"] == {"en": "The next is hard."}
    client.post(at(survey, "section-deed", "your-team", "up"))
    assert content_of(survey)["sections"][0]["code"] == "your-team"
    assert client.post(at(survey, "section-deed", "your-team", "over")).status_code == 404
    single = found["items"][0]["code"]
    page = client.post(at(survey, "question-deed", single, "down"), follow=True)
    assert "A section has at least one question" in text_of(page)
    gone = at(survey, "delete-section", "your-team")
    assert "with its 1 question" in text_of(client.get(gone))
    client.post(gone)
    assert len(content_of(survey)["sections"]) == 1


def test_the_introduction_is_changed(client, survey):
    url = at(survey, "build-introduction")
    assert "We want to know" in text_of(client.get(url))
    client.post(url, {"title": "T", "introduction": "Hello there.", "minutes": "3"})
    assert content_of(survey)["minutes"] == 3


def test_a_framework_copy_is_shown_and_not_changed(client, survey):
    locked = SurveyFactory(area=HERE, questionnaire="children@1", audience="child")
    text = text_of(client.get(at(locked, "build-questions")))
    assert "framework copy" in text
    assert "Move up" not in text
    assert client.get(at(locked, "build-question", "age")).status_code == 409
    assert "run" not in text_of(client.get(at(locked, "build-start"))).split("Make a copy")[0][-5:]
    page = client.post(at(locked, "build-start"), follow=True)
    assert "The questions are your own now" in text_of(page)
    question = text_of(client.get(at(locked, "build-question", "age")))
    assert "always offered to children" in question
    assert 'name="required"' not in question
    client.post(
        at(locked, "build-question", "age"),
        {"text": "How old are you now?", "kind": "one", "answers": "8 to 11\n12 to 15"},
    )
    item = item_of(locked, "age")
    assert (item["wording"], item["dont_know"], item["prefer_not"]) == (2, True, True)


# Languages.


def test_texts_are_translated_side_by_side(client, survey):
    url = at(survey, "build-languages")
    assert client.post(url, {"language": "gd"}).url == at(survey, "build-language", "gd")
    assert "Select add a language" in text_of(client.post(url, {"language": ""}))
    page = at(survey, "build-language", "gd")
    assert "Introduction: We want to know" in text_of(client.get(page))
    client.post(page, {"text-0": "Halò"})
    assert content_of(survey)["introduction"]["gd"] == "Halò"
    text = text_of(client.get(url))
    assert "1 of 6 texts" in text
    assert client.get(at(survey, "build-language", "en")).status_code == 404
    assert client.get(at(survey, "build-language", "zz")).status_code == 404
    assert client.get(at(survey, "confirm-language", "gd")).status_code == 404


def test_a_workbook_of_texts_goes_out_and_comes_back(client, survey):
    out = client.get(at(survey, "language-workbook", "gd"))
    book = load_workbook(io.BytesIO(out.content))
    sheet = book["Texts"]
    for row in sheet.iter_rows(min_row=5):
        row[3].value = f"gd {row[2].value}"
    back = io.BytesIO()
    book.save(back)
    sent = SimpleUploadedFile("texts.xlsx", back.getvalue())
    page = client.post(at(survey, "build-language", "gd"), {"workbook": sent, "send": "yes"})
    assert page.status_code == 302
    content = content_of(survey)
    assert drafting.gaps(content, "gd") == 0
    assert content["introduction"]["gd"] == "gd We want to know how your work goes."
    client.post(at(survey, "build-languages"), {"languages": ["gd"], "paper": "on"})
    survey.refresh_from_db()
    assert (survey.languages, survey.paper) == (["en", "gd"], True)
    assert "Gaelic" in text_of(client.get(at(survey, "confirm-language", "gd")))
    client.post(at(survey, "confirm-language", "gd"))
    survey.refresh_from_db()
    assert "language:gd" in survey.done
    assert "Gaelic" in text_of(client.get(at(survey, "remove-language", "gd")))
    client.post(at(survey, "remove-language", "gd"))
    survey.refresh_from_db()
    assert survey.languages == ["en"]
    assert client.get(at(survey, "remove-language", "gd")).status_code == 404


@pytest.mark.parametrize(
    ("name", "keys", "says"),
    [
        ("Polish", ["introduction"], "is for Gaelic, not for Polish"),
        ("Gaelic", ["item:other:text"], "keys that this questionnaire does not"),
    ],
)
def test_a_workbook_of_something_else_is_refused(name, keys, says):
    made = texts.workbook("T", "Gaelic", [("introduction", "Introduction", "Hello", "Halò")])
    with pytest.raises(texts.BadInput, match=says):
        texts.read(made, "t.xlsx", name, keys)
    assert texts.read(made, "t.xlsx", "Gaelic", ["introduction"]) == {"introduction": "Halò"}


def test_what_is_no_workbook_is_refused():
    with pytest.raises(texts.BadInput, match="Send the Excel workbook"):
        texts.read(b"key,text", "t.csv", "Gaelic", [])
    with pytest.raises(texts.BadInput, match="smaller than"):
        texts.read(b"x" * (texts.LARGEST + 1), "t.xlsx", "Gaelic", [])
    blank = texts.workbook("T", "Gaelic", [("introduction", "I", "Hello", "")])
    assert texts.read(blank, "t.xlsx", "Gaelic", ["introduction"]) == {"introduction": ""}
    long = texts.workbook("T", "Gaelic", [("introduction", "I", "Hello", "x" * 2_001)])
    with pytest.raises(texts.BadInput, match="longer than"):
        texts.read(long, "t.xlsx", "Gaelic", ["introduction"])


# Forms made elsewhere.


def test_a_form_goes_out_and_comes_in(client, survey):
    out = client.get(at(survey, "xlsform"))
    assert out["Content-Disposition"].endswith('-xlsform.xlsx"')
    sent = SimpleUploadedFile("form.xlsx", out.content)
    new = reverse("surveys:new", args=[HERE])
    data = {"title": "From elsewhere", "questions": "xlsform", "audience": "staff", "file": sent}
    page = client.post(new, data, follow=True)
    assert "The survey is begun." in text_of(page)
    made = Survey.objects.get(title="From elsewhere")
    assert item_of(made, "supported")["text"]["en"] == "Are you supported?"


def test_a_form_that_cannot_be_read_says_why(client, survey):
    new = reverse("surveys:new", args=[HERE])
    data = {"title": "T", "questions": "xlsform", "audience": "staff"}
    page = client.post(new, data | {"file": SimpleUploadedFile("form.xlsx", b"not one")})
    assert "Excel workbook" in text_of(page)
    with patch("sightline.surveys.forms.LARGEST_FORM_MB", 0):
        page = client.post(new, data | {"file": SimpleUploadedFile("form.xlsx", b"x")})
    assert "must be smaller" in text_of(page)


def test_what_a_form_asked_for_and_is_not_kept_is_listed(client, survey):
    row = Questionnaire.objects.get()
    row.unsupported = [
        {"sheet": "survey", "row": 4, "kind": "dropped", "what": "deviceid is never kept."},
        {"sheet": "extra", "row": 0, "kind": "left-out", "what": "not read."},
    ]
    row.save()
    for name in ("build", "build-start"):
        text = text_of(client.get(at(survey, name)))
        assert "survey, row 4: deviceid is never kept." in text
        assert "extra: not read." in text


def test_questions_that_cannot_be_read_lead_nowhere_else(client, survey):
    row = QuestionnaireFactory(area=HERE, content={"code": "x"})
    broken = SurveyFactory(area=HERE, questionnaire=row.key)
    assert "Put them right" in text_of(client.get(at(broken, "build-privacy")))
    for name in ("build-languages", "preview"):
        assert client.get(at(broken, name)).status_code == 409
    for name in ("build", "build-questions", "build-open", "build-results"):
        assert client.get(at(broken, name)).status_code == 200


# Trying.


def test_a_trial_walks_through_the_survey_and_writes_nothing(client, survey):
    root = at(survey, "preview")
    first = text_of(client.get(root))
    assert "Nothing is kept" in first
    assert "This survey is anonymous." in first
    page = client.post(root, {"go": "begin", "l": "en"})
    assert page.url == f"{root}1/"
    page = text_of(client.get(page.url))
    assert "Are you supported?" in page
    assert "csrfmiddlewaretoken" in page
    codes = page.split('name="of" value="')[1].split('"')[0]
    client.post(f"{root}1/", {"of": codes, "q-supported": "no", "go": "next"})
    assert "Why is that?" in text_of(client.get(f"{root}1/")) + text_of(client.get(f"{root}2/"))
    check = text_of(client.get(f"{root}check/"))
    assert "Are you supported?" in check
    assert "No" in check
    for go in ("send", "delete"):
        assert "The trial ends here" in text_of(client.post(f"{root}check/", {"go": go}))
    assert "The trial ends here" in text_of(client.get(f"{root}help/"))
    for nowhere in ("nowhere/", "1/nowhere/", "99999/"):
        assert client.get(root + nowhere).status_code == 404
    for model in (Part, SentAnswer, Answer):
        assert not model.objects.exists()


def test_a_trial_as_a_child_tells_what_a_child_is_told(client, survey):
    child = SurveyFactory(
        area=HERE, questionnaire="children@1", audience="child", mode="named",
        destroy_on=dt.date(2030, 6, 30), closes_on=dt.date(2030, 6, 1),
    )  # fmt: skip
    root = at(child, "preview")
    assert "Nothing is kept" in text_of(client.get(root))
    who = text_of(client.get(f"{root}who/"))
    assert "we keep a list of who we asked" in who
    assert "30 June 2030" in who
    text_of(client.get(f"{root}hiding/"))
    assert client.post(f"{root}hiding/", {"go": "begin"}).status_code == 302


def test_a_trial_forgets_what_is_too_much_and_what_is_not_ours(client, survey):
    root = at(survey, "preview")
    client.cookies["trial"] = "somebody-elses"
    assert "Nothing is kept" in text_of(client.get(root))
    with patch("sightline.surveys.trial.MOST", 10):
        assert "more than a trial can hold" in text_of(client.get(f"{root}1/"))


def test_an_exported_form_is_the_questionnaire(survey):
    found = questionnaires.questionnaire(survey.questionnaire)
    assert export_form(found)
