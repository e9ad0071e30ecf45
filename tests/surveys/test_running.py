"""Opening, pausing, opening again and extending: what each needs and what each leaves behind."""

import datetime as dt
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction

from sightline.access.actors import acting_as
from sightline.access.models import AuditEvent
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from sightline.surveys import policies, promise, queries
from sightline.surveys.models import Questionnaire, Survey
from sightline.surveys.services import building, questioning, running
from sightline.surveys.services.building import Start
from tests.factories.access import UserFactory, assign
from tests.factories.surveys import ClosedSurveyFactory, SafetyReaderFactory

pytestmark = pytest.mark.django_db
TODAY = dt.date.today()
AREA = "fife"


def days(number):
    return TODAY + dt.timedelta(days=number)


@pytest.fixture
def runner():
    person = assign(UserFactory(), "partnership-co-ordinator", "partnership", AREA)
    with acting_as(person):
        yield person


def reader_of(survey):
    person = assign(UserFactory(), "safety-reader", "partnership", AREA)
    return SafetyReaderFactory(survey=survey, reader=person, trained_on=days(-50))


@pytest.fixture
def prepared(runner):
    """A children's survey with nothing missing but the reading of the promise."""
    survey = building.start_survey(
        actor=runner, area=AREA, title="Children", start=Start(key="children@1")
    )
    settings = {
        "access": {"mode": "group-code", "logs_drop_addresses": True, "closes_on": days(20)},
        "help": {"local_help": ["A nurse"], "handout_note": "No is fine", "parents_told": "Letter"},
        "results": {"base": 10, "groupings": [], "heard_by": days(60), "destroy_on": days(200)},
    }
    for task, values in settings.items():
        survey = building.set_up(actor=runner, survey=survey, task=task, values=values)
    reader_of(survey)
    return building.confirm(actor=runner, survey=survey, what="privacy")


def missing(survey):
    ready = policies.ready(survey, queries.readers_of(survey).count())
    return {one.task: one.what for one in policies.missing(ready, TODAY)}


def verbs(survey):
    target = building.target(survey)
    found = AuditEvent.objects.filter(target=target).order_by("pk")
    return list(found.values_list("verb", flat=True))


def test_nothing_is_missing_and_it_opens_once(runner, prepared):
    assert missing(prepared) == {}
    opened = running.open_survey(actor=runner, survey=prepared)
    assert opened.state == "open"
    assert opened.opens_on == TODAY
    assert opened.link != prepared.link
    assert len(opened.link) >= 10
    assert not set(opened.link) & set("01OIL")
    assert promise.kept(opened).anonymous
    assert promise.kept(opened).version == opened.promise_version == 1
    assert verbs(opened)[-1] == "survey.opened"
    with pytest.raises(NotAllowed, match="open already"):
        running.open_survey(actor=runner, survey=opened)


@pytest.mark.parametrize(
    ("change", "task"),
    [
        ({"local_help": []}, "help"),
        ({"handout_note": ""}, "help"),
        ({"parents_told": ""}, "help"),
        ({"closes_on": None}, "access"),
        ({"closes_on": days(-1)}, "access"),
        ({"destroy_on": None}, "results"),
        ({"heard_by": None}, "results"),
        ({"heard_by": days(20)}, "results"),
        ({"groupings": ["no-such"]}, "results"),
        ({"base": 11}, "privacy"),
        ({"mode": "named"}, "privacy"),
        ({"done": []}, "access"),
        ({"languages": ["en", "gd"]}, "languages"),
        ({"questionnaire": "no-such@1"}, "questions"),
        ({"handout_note": "It is anonymous"}, "help"),
    ],
)
def test_each_thing_that_is_missing_keeps_it_shut_and_leads_to_its_task(
    runner, prepared, change, task
):
    Survey.objects.filter(pk=prepared.pk).update(**change)
    prepared.refresh_from_db()
    assert task in missing(prepared)
    with pytest.raises(NotAllowed, match="cannot open yet"):
        running.open_survey(actor=runner, survey=prepared)
    prepared.refresh_from_db()
    assert prepared.state == "draft"


def test_without_a_safety_reader_it_stays_shut(runner, prepared):
    prepared.safety_readers.update(ended_at=dt.datetime.now(dt.UTC), ended_by="x")
    assert missing(prepared)["results"] == "Name somebody trained who reads what people write."


def test_staff_need_no_note_for_children(runner):
    survey = building.start_survey(
        actor=runner, area=AREA, title="Staff", start=Start(key="staff@1")
    )
    building.set_up(actor=runner, survey=survey, task="help", values={"local_help": ["A nurse"]})
    survey.refresh_from_db()
    assert "help" not in missing(survey)


def test_a_broken_promise_pauses_it_and_the_next_is_given(runner, prepared):
    survey = running.open_survey(actor=runner, survey=prepared)
    survey = building.set_up(
        actor=runner, survey=survey, task="access", values={"logs_drop_addresses": False}
    )
    assert survey.state == "paused"
    assert promise.kept(survey).anonymous, "what people were told so far stays"
    assert verbs(survey)[-1] == "survey.paused"
    with pytest.raises(NotAllowed, match="Read what people"):
        running.open_survey(actor=runner, survey=survey)
    building.confirm(actor=runner, survey=survey, what="privacy")
    survey = running.open_survey(actor=runner, survey=survey)
    assert survey.promise_version == 2
    assert not promise.kept(survey).anonymous
    assert promise.given(survey, 1).anonymous
    assert verbs(survey)[-1] == "survey.reopened"


def test_the_same_promise_keeps_its_number(runner, prepared):
    survey = running.open_survey(actor=runner, survey=prepared)
    link, opened = survey.link, survey.opened_at
    building.set_up(actor=runner, survey=survey, task="help", values={"local_help": ["A vet"]})
    survey.refresh_from_db()
    assert survey.state == "open"
    running.pause(actor=runner, survey=survey, reason="A holiday")
    survey = running.open_survey(actor=runner, survey=survey)
    assert (survey.promise_version, survey.link, survey.opened_at) == (1, link, opened)


def test_the_base_rises_and_never_falls(runner, prepared):
    survey = running.open_survey(actor=runner, survey=prepared)
    values = {"heard_by": survey.heard_by, "destroy_on": survey.destroy_on}
    with pytest.raises(NotAllowed, match="never lowered"):
        building.set_up(actor=runner, survey=survey, task="results", values=values | {"base": 9})
    survey = building.set_up(
        actor=runner, survey=survey, task="results", values=values | {"base": 15}
    )
    assert survey.state == "paused"
    building.confirm(actor=runner, survey=survey, what="privacy")
    survey = running.open_survey(actor=runner, survey=survey)
    assert survey.base_promised == 15
    with pytest.raises(NotAllowed, match="groups of 15"):
        building.set_up(actor=runner, survey=survey, task="results", values=values | {"base": 10})
    with pytest.raises(IntegrityError, match="never_below"), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(base=10)


def test_a_base_under_five_is_nobodys(runner, prepared):
    with pytest.raises(NotAllowed, match="never fewer"):
        building.set_up(actor=runner, survey=prepared, task="results", values={"base": 4})


def test_extending_breaks_no_promise_and_moves_when_people_hear(runner, prepared):
    survey = running.open_survey(actor=runner, survey=prepared)
    survey = running.extend(actor=runner, survey=survey, closes_on=days(70))
    assert (survey.state, survey.closes_on, survey.heard_by) == ("open", days(70), days(110))
    for day, says in ((days(70), "later than"), (days(200), "deleted before")):
        with pytest.raises(NotAllowed, match=says):
            running.extend(actor=runner, survey=survey, closes_on=day)


def test_opening_releases_the_questions_without_languages_left_half_done(runner, prepared):
    building.own_copy(actor=runner, survey=prepared)
    prepared.refresh_from_db()
    questioning.translate(
        actor=runner, survey=prepared, language="gd", texts={"introduction": "Halò"}
    )
    survey = running.open_survey(actor=runner, survey=prepared)
    row = Questionnaire.objects.get()
    assert (row.state, row.released_by) == ("released", runner.audit_name)
    assert row.content["languages"] == ["en"]
    assert "gd" not in row.content["introduction"]
    with pytest.raises(NotAllowed, match="has been opened"):
        questioning.delete_question(actor=runner, survey=survey, code="listens")


def test_a_closed_survey_stays_as_it_is(runner):
    survey = ClosedSurveyFactory(area=AREA)
    for deed in (
        lambda: building.set_up(actor=runner, survey=survey, task="help", values={}),
        lambda: building.confirm(actor=runner, survey=survey, what="privacy"),
        lambda: running.open_survey(actor=runner, survey=survey),
        lambda: running.pause(actor=runner, survey=survey, reason="x"),
        lambda: running.extend(actor=runner, survey=survey, closes_on=days(1)),
    ):
        with pytest.raises(NotAllowed):
            deed()


def test_each_deed_is_refused_to_strangers_and_to_who_may_only_look(prepared):
    stranger = assign(UserFactory(), "partnership-co-ordinator", "partnership", "angus")
    looker = assign(UserFactory(), "chief-officer", "partnership", AREA)
    deeds = (
        lambda who: running.open_survey(actor=who, survey=prepared),
        lambda who: running.pause(actor=who, survey=prepared, reason="x"),
        lambda who: running.extend(actor=who, survey=prepared, closes_on=days(30)),
        lambda who: building.set_up(actor=who, survey=prepared, task="help", values={}),
        lambda who: building.confirm(actor=who, survey=prepared, what="privacy"),
        lambda who: building.own_copy(actor=who, survey=prepared),
        lambda who: questioning.add_section(actor=who, survey=prepared, title="T"),
    )
    for deed in deeds:
        with pytest.raises(NotFound):
            deed(stranger)
        with pytest.raises(NotPermitted):
            deed(looker)


def test_nothing_is_half_done_when_opening_fails(runner, prepared):
    building.own_copy(actor=runner, survey=prepared)
    prepared.refresh_from_db()
    building.confirm(actor=runner, survey=prepared, what="privacy")
    with (
        patch("sightline.surveys.promise.next_of", side_effect=BadInput("no")),
        pytest.raises(BadInput),
    ):
        running.open_survey(actor=runner, survey=prepared)
    assert Questionnaire.objects.get().state == "draft"
