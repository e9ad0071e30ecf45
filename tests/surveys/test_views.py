"""Pages of building and opening: a survey is begun, set up, tried and opened by hand."""

import datetime as dt

import pytest
from django.urls import reverse

from sightline.partnerships import exercises
from sightline.surveys import promise, questionnaires
from sightline.surveys.models import Questionnaire, Survey
from tests.factories.access import UserFactory, assign
from tests.factories.surveys import OpenSurveyFactory, SafetyReaderFactory, SurveyFactory

pytestmark = pytest.mark.django_db
HERE = "fife"
LIST = reverse("surveys:list", args=[HERE])
NEW = reverse("surveys:new", args=[HERE])


def day(name, date):
    """A date as the three boxes send it."""
    return {f"{name}_day": date.day, f"{name}_month": date.month, f"{name}_year": date.year}


def soon(days):
    return dt.date.today() + dt.timedelta(days=days)


@pytest.fixture
def co_ordinator(client):
    person = assign(UserFactory(), "partnership-co-ordinator", "partnership", HERE)
    client.force_login(person)
    return person


def begin(client, **over):
    """Begin a survey through its page."""
    data = {"title": "Children’s survey", "questions": "children@1", "own": ""} | over
    page = client.post(NEW, data)
    assert page.status_code == 302, page.content.decode()
    return Survey.objects.order_by("-made_at").first()


def at(survey, name, *more):
    return reverse(f"surveys:{name}", args=[survey.area, survey.slug, *more])


def text_of(client, url, **data):
    page = client.post(url, data, follow=True) if data else client.get(url)
    assert page.status_code == 200
    return page.content.decode()


def test_a_survey_is_begun_set_up_and_opened(client, co_ordinator):
    survey = begin(client)
    hub = text_of(client, at(survey, "survey"))
    assert "Cannot start yet" in hub
    assert hub.count("Not started") == 3
    text = text_of(
        client, at(survey, "build-access"), mode="group-code", logs_drop_addresses="on",
        **day("closes_on", soon(30)), **day("opens_on", soon(0)),
    )  # fmt: skip
    assert "Saved." in text
    text_of(
        client, at(survey, "build-help"), local_help="Out of hours, 0345 1, nights\n\n A nurse ",
        handout_note="You can say no.", parents_told="A letter.",
    )  # fmt: skip
    survey.refresh_from_db()
    assert survey.local_help == ["Out of hours, 0345 1, nights", "A nurse"]
    text_of(
        client, at(survey, "build-results"), base="10", groupings=["age"],
        **day("heard_by", soon(60)), **day("destroy_on", soon(300)),
    )  # fmt: skip
    opening = text_of(client, at(survey, "build-open"))
    assert "Name somebody trained" in opening
    assert "Read what people will be told about privacy." in opening
    reader = assign(UserFactory(name="R. Reader"), "safety-reader", "partnership", HERE)
    text = text_of(
        client, at(survey, "build-readers"), person=reader.pk, **day("trained_on", soon(-100))
    )
    assert "R. Reader is named." in text
    privacy = text_of(client, at(survey, "build-privacy"))
    assert "We do not know who you are unless you tell us." in privacy
    client.post(at(survey, "build-privacy"))
    assert "From now on people can answer" in text_of(client, at(survey, "build-open"))
    draft_link = survey.link
    assert (
        "The survey is open." in client.post(at(survey, "build-open"), follow=True).content.decode()
    )
    survey.refresh_from_db()
    assert survey.state == "open"
    assert survey.link != draft_link
    assert survey.promise_version == survey.promise["version"] == 1
    assert survey.base_promised == 10
    assert "This survey is open already." in client.post(at(survey, "build-open")).content.decode()
    hub = text_of(client, at(survey, "survey"))
    assert "Pause it" in hub
    assert "will be deleted" not in hub


def test_the_list_is_drawn_with_as_many_queries_for_many_as_for_one(
    client, co_ordinator, django_assert_num_queries
):
    SurveyFactory(area=HERE)
    client.get(LIST)
    with django_assert_num_queries(4):
        client.get(LIST)
    SurveyFactory.create_batch(20, area=HERE)
    with django_assert_num_queries(4):
        client.get(LIST)


def test_the_tasks_take_as_many_queries_whatever_is_set(
    client, co_ordinator, django_assert_max_num_queries
):
    survey = SurveyFactory(area=HERE, languages=["en", "gd"])
    client.get(at(survey, "build"))
    with django_assert_max_num_queries(7):
        client.get(at(survey, "build"))


def test_who_may_only_see_is_offered_nothing_to_do(client):
    survey = OpenSurveyFactory(area=HERE)
    client.force_login(assign(UserFactory(), "chief-officer", "partnership", HERE))
    assert "Begin a survey" not in text_of(client, LIST)
    assert "Pause it" not in text_of(client, at(survey, "survey"))
    assert client.get(NEW).status_code == 403
    assert client.get(at(survey, "pause")).status_code == 403
    draft = SurveyFactory(area=HERE)
    assert "being set up" in text_of(client, at(draft, "survey"))


def test_a_stranger_finds_nothing(client):
    survey = SurveyFactory(area=HERE)
    client.force_login(assign(UserFactory(), "partnership-co-ordinator", "partnership", "angus"))
    for name in ("survey", "build", "build-privacy", "build-open", "preview"):
        assert client.get(at(survey, name)).status_code == 404, name


def test_areas_lead_on_where_there_is_one(client, co_ordinator):
    assert client.get(reverse("surveys:areas")).url == LIST
    assign(co_ordinator, "partnership-co-ordinator", "partnership", "angus")
    assert "Angus" in text_of(client, reverse("surveys:areas"))


def test_a_title_that_claims_too_much_is_refused_with_the_reason(client, co_ordinator):
    page = client.post(NEW, {"title": "Our ANONYMOUS survey", "questions": "staff@1", "own": ""})
    text = page.content.decode()
    assert "says “anonymous”" in text
    assert "Only the privacy promise may say that" in text
    assert not Survey.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "Enter what the survey is called"),
        ({"title": "T"}, "Select where its questions come from"),
        ({"title": "T", "questions": "empty"}, "Select who the survey is for"),
        ({"title": "T", "questions": "xlsform", "audience": "staff"}, "Choose the workbook"),
        ({"title": "T", "questions": "nothing@1"}, "from the list"),
    ],
)
def test_what_is_not_said_is_asked_for(client, co_ordinator, data, said):
    assert said in client.post(NEW, data).content.decode()


def test_an_empty_survey_has_questions_of_its_own(client, co_ordinator):
    survey = begin(client, questions="empty", audience="staff", title="What we think")
    row = Questionnaire.objects.get()
    assert survey.questionnaire == row.key == "fife/what-we-think@1"
    assert "What should change?" in text_of(client, at(survey, "build-questions"))


def test_running_pages_pause_extend_and_close(client, co_ordinator):
    survey = OpenSurveyFactory(area=HERE, closes_on=soon(5), destroy_on=soon(90))
    assert "Enter why" in client.post(at(survey, "pause"), {"reason": ""}).content.decode()
    text_of(client, at(survey, "pause"), reason="A mistake")
    survey.refresh_from_db()
    assert survey.state == "paused"
    assert "Nobody can answer while" in text_of(client, at(survey, "survey"))
    assert client.get(at(survey, "pause")).status_code == 409
    earlier = client.post(at(survey, "extend"), day("closes_on", soon(4)))
    assert "Choose a day later" in earlier.content.decode()
    late = client.post(at(survey, "extend"), day("closes_on", soon(90)))
    assert "deleted before the survey closes" in late.content.decode()
    text_of(client, at(survey, "extend"), **day("closes_on", soon(9)))
    survey.refresh_from_db()
    assert survey.closes_on == soon(9)
    assert "cannot be opened again" in text_of(client, at(survey, "close"))
    client.post(at(survey, "close"))
    survey.refresh_from_db()
    assert survey.state == "closed"
    assert client.get(at(survey, "extend")).status_code == 409


def test_people_are_told_what_changed_once_it_has_closed(client, co_ordinator):
    survey = OpenSurveyFactory(area=HERE, closes_on=soon(5), destroy_on=soon(90))
    assert client.get(at(survey, "tell")).status_code == 409
    Survey.objects.filter(pk=survey.pk).update(
        state="closed", closed_at="2026-11-01T09:00Z", closed_by="test"
    )
    refused = client.post(at(survey, "tell"), {"what_changed": "This was anonymous."})
    assert "anonymous" in refused.content.decode()
    survey.refresh_from_db()
    assert survey.what_changed == ""
    text_of(client, at(survey, "tell"), what_changed="You wanted the same worker.\n\nSo we do.")
    survey.refresh_from_db()
    assert survey.what_changed.startswith("You wanted the same worker.")
    page = client.get(f"/s/{survey.link}/what-changed/").content.decode()
    assert "You wanted the same worker." in page
    assert "So we do." in page


def test_a_broken_promise_is_said_on_the_page(client, co_ordinator):
    survey = begin(client, questions="staff@1")
    made = promise.promise_of(survey, questionnaires.questionnaire("staff@1"))
    Survey.objects.filter(pk=survey.pk).update(
        state="open", opens_on=soon(-1), closes_on=soon(5), heard_by=soon(20),
        destroy_on=soon(90), promise_version=1, promise=made.to_data() | {"version": 1},
        opened_at=dt.datetime.now(dt.UTC), opened_by="x",
    )  # fmt: skip
    page = client.post(
        at(survey, "build-access"), {"mode": "named", **day("closes_on", soon(5))}, follow=True
    )
    assert "The survey is paused, because what people were told" in page.content.decode()
    assert "has told people something else so far" in text_of(client, at(survey, "build-privacy"))


def test_a_reader_is_let_go_by_the_page(client, co_ordinator):
    survey = SurveyFactory(area=HERE, inspection="fife-2026")
    reader = SafetyReaderFactory(survey=survey)
    url = at(survey, "end-reader", 1)
    assert reader.reader.name in text_of(client, url)
    assert reader.reader.name in text_of(client, at(survey, "build-results"))
    client.post(url)
    assert client.get(url).status_code == 404


def test_days_and_files_are_asked_for_in_their_own_words(client, co_ordinator):
    survey = SurveyFactory(area=HERE)
    page = client.post(
        at(survey, "build-access"),
        {"mode": "open-link", **day("opens_on", soon(9)), **day("closes_on", soon(3))},
    )
    assert "Last day must be the first day or later" in page.content.decode()


def test_servers_that_keep_addresses_leave_nothing_to_tick(client, co_ordinator, settings):
    settings.SIGHTLINE_RESPONDENT_LOGS_DROP = False
    survey = begin(client, questions="staff@1")
    assert not survey.logs_drop_addresses
    assert "logs_drop_addresses" not in text_of(client, at(survey, "build-access"))


def test_the_link_is_on_the_survey_sites_own_host_where_it_has_one(client, co_ordinator, settings):
    survey = OpenSurveyFactory(area=HERE)
    assert f"http://testserver/s/{survey.link}/" in text_of(client, at(survey, "survey"))
    settings.SIGHTLINE_RESPONDENT_HOST = "answers.example"
    assert f"https://answers.example/s/{survey.link}/" in text_of(client, at(survey, "survey"))


def test_a_survey_for_an_inspection_is_begun_from_the_page(client, monkeypatch):
    monkeypatch.setattr(exercises, "_sources", [lambda: {"fife-2026": HERE}])
    client.force_login(assign(UserFactory(), "inspection-lead", "inspection", "fife-2026"))
    assert "The inspection fife-2026" in text_of(client, NEW)
    survey = begin(client, inspection="fife-2026")
    assert survey.inspection == "fife-2026"
