"""The doors to surveys: of an area, of an inspection, and nobody else's."""

import pytest

from sightline.access.actors import command_line
from sightline.access.permissions import Permission
from sightline.kernel.errors import NotFound, NotPermitted
from sightline.partnerships import exercises
from sightline.surveys import permissions
from tests.factories.access import UserFactory, assign
from tests.factories.surveys import SafetyReaderFactory, SurveyFactory

pytestmark = pytest.mark.django_db
RUN, READ = Permission.SURVEY_RUN, Permission.SURVEY_READ


@pytest.fixture(autouse=True)
def _inspections(monkeypatch):
    monkeypatch.setattr(
        exercises, "_sources", [lambda: {"fife-1": "fife", "fife-2": "fife", "angus-1": "angus"}]
    )


def somebody(role, kind, key):
    return assign(UserFactory(), role, kind, key)


def test_who_sees_which_surveys():
    own = SurveyFactory(area="fife")
    first = SurveyFactory(area="fife", inspection="fife-1")
    second = SurveyFactory(area="fife", inspection="fife-2")
    for person, seen in (
        (somebody("chief-officer", "partnership", "fife"), {own, first, second}),
        (somebody("inspector", "inspection", "fife-1"), {first}),
        (somebody("inspection-analyst", "national", "scotland"), {own, first, second}),
        (somebody("inspector", "inspection", "angus-1"), set()),
        (somebody("chief-officer", "partnership", "angus"), set()),
        (command_line(), {own, first, second}),
    ):
        assert set(permissions.surveys_for(person, "fife")) == seen
        for survey in (own, first, second):
            if survey in seen:
                found = permissions.get_survey_for(person, "fife", survey.slug)
                assert found == survey
            else:
                with pytest.raises(NotFound):
                    permissions.get_survey_for(person, "fife", survey.slug)


def test_a_survey_is_found_in_its_own_area_alone():
    survey = SurveyFactory(area="fife")
    person = somebody("inspection-analyst", "national", "scotland")
    for area, slug in (("angus", survey.slug), ("fife", "no-such"), ("nowhere", survey.slug)):
        with pytest.raises(NotFound):
            permissions.get_survey_for(person, area, slug)


def test_who_may_see_and_not_run_is_told_who_can():
    survey = SurveyFactory(area="fife")
    person = somebody("chief-officer", "partnership", "fife")
    with pytest.raises(NotPermitted, match="partnership co-ordinator"):
        permissions.get_survey_for(person, "fife", survey.slug, RUN)
    with pytest.raises(NotPermitted):
        permissions.get_area_for(person, "fife", RUN)
    assert permissions.get_area_for(person, "fife").code == "fife"


def test_an_area_is_open_to_its_inspections_and_no_other():
    near = somebody("inspection-lead", "inspection", "fife-1")
    assert permissions.get_area_for(near, "fife", RUN).code == "fife"
    assert permissions.may_start(near, "fife")
    assert not permissions.may_start(near, "angus")
    with pytest.raises(NotFound):
        permissions.get_area_for(near, "angus")
    gone = somebody("inspector", "inspection", "fife-9")
    with pytest.raises(NotFound):
        permissions.get_area_for(gone, "fife")


def test_the_areas_of_somebody():
    inspector = somebody("inspector", "inspection", "angus-1")
    assert [area.code for area in permissions.areas_for(inspector)] == ["angus"]
    both = somebody("chief-officer", "partnership", "fife")
    assign(both, "inspector", "inspection", "angus-1")
    assert {a.code for a in permissions.areas_for(both)} == {"angus", "fife"}
    everywhere = permissions.areas_for(somebody("inspection-analyst", "national", "scotland"))
    assert len(everywhere) > 30
    assert permissions.areas_for(UserFactory()) == []


def test_nobody_is_told_of_an_inspection_they_hold_nothing_over():
    run_for = permissions.inspections_to_run_for
    runner = somebody("partnership-co-ordinator", "partnership", "fife")
    assert run_for(runner, "fife") == ((), True)
    lead = somebody("inspection-lead", "inspection", "fife-2")
    assert run_for(lead, "fife") == (("fife-2",), False)
    assert run_for(command_line(), "fife") == (("fife-1", "fife-2"), True)


def test_a_safety_reader_is_named_and_still_may():
    survey = SurveyFactory(area="fife")
    reader = somebody("safety-reader", "partnership", "fife")
    assert permissions.may_read(reader, survey)
    assert not permissions.is_safety_reader(reader, survey)
    SafetyReaderFactory(survey=survey, reader=reader)
    assert permissions.is_safety_reader(reader, survey)
    assert not permissions.is_safety_reader(command_line(), survey)
    lost = somebody("chief-officer", "partnership", "fife")
    SafetyReaderFactory(survey=survey, reader=lost)
    assert not permissions.is_safety_reader(lost, survey)


def test_without_a_source_there_are_no_inspections(monkeypatch):
    monkeypatch.setattr(exercises, "_sources", [])
    assert exercises.inspections_of("fife") == frozenset()
    assert exercises.areas_of(frozenset({"fife-1"})) == frozenset()
    exercises.register(lambda: {"x": "fife"})
    assert exercises.inspections_of("fife") == {"x"}
