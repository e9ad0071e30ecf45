"""How many were asked, have begun and have sent."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sightline.access.actors import command_line
from sightline.surveys import tallies
from sightline.surveys.models import Survey
from sightline.surveys.services import closing
from sightline.surveys.tallies import GroupCount
from tests.factories.surveys import GroupFactory, InvitationFactory
from tests.surveys import rounds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered():
    tallies._opened.clear()


def closed(survey, callbacks):
    with callbacks(execute=True):
        closing.close(actor=command_line(), survey=survey)
    survey.refresh_from_db()
    return survey


def test_nobody_has_said_how_many_is_not_nought():
    survey = rounds.survey()
    tally = tallies.counts(survey)
    assert (tally.invited, tally.started, tally.complete, tally.by_group) == (None, 0, 0, {})
    GroupFactory(survey=survey, label="Health", invited=40)
    assert tallies.counts(survey).invited == 40
    GroupFactory(survey=survey, label="Police", invited=None)
    tally = tallies.counts(survey)
    assert tally.invited is None
    assert tally.by_group == {"Health": GroupCount(40, 0), "Police": GroupCount(None, 0)}


def test_parts_are_counted_by_how_far_they_have_come():
    survey = rounds.survey()
    for page in (1, 1, 3):
        rounds.begun(survey, {}, page=page)
    rounds.sent(survey, {})
    rounds.begun(rounds.survey(), {})
    tally = tallies.counts(survey)
    assert (tally.started, tally.part, tally.complete) == (4, 3, 1)
    assert tally.by_page == {1: 2, 3: 1}


def test_groups_by_the_code_of_the_group(django_capture_on_commit_callbacks):
    survey = rounds.survey(mode="group-code")
    health = GroupFactory(survey=survey, label="Health", invited=4)
    GroupFactory(survey=survey, label="Police", invited=2)
    for _ in range(3):
        rounds.sent(survey, {"service": "police"}, code=health.code)
    expected = {"Health": GroupCount(4, 3), "Police": GroupCount(2, 0)}
    assert tallies.counts(survey).by_group == expected
    after = tallies.counts(closed(survey, django_capture_on_commit_callbacks))
    assert after.by_group == expected
    assert (after.invited, after.complete) == (6, 3)


def test_groups_by_the_invitations_of_persons():
    survey = rounds.survey(mode="single-use")
    health = GroupFactory(survey=survey, label="Health", invited=99)
    GroupFactory(survey=survey, label="Police")
    codes = [InvitationFactory(survey=survey, group=health).code for _ in range(3)]
    alone = InvitationFactory(survey=survey)
    InvitationFactory(survey=survey, group=health, state="withdrawn")
    rounds.sent(survey, {}, code=codes[0])
    rounds.sent(survey, {}, code=alone.code)
    tally = tallies.counts(survey)
    assert tally.invited == 4
    assert tally.by_group == {
        "Health": GroupCount(3, 1), "Police": GroupCount(0, 0), "": GroupCount(1, 1)
    }  # fmt: skip


def test_groups_by_what_was_answered_where_there_is_one_link():
    survey = rounds.survey(groupings=["service"])
    GroupFactory(survey=survey, label="NHS", choice="health", invited=10)
    for service in ("health", "health", "police", "!prefer-not", None):
        rounds.sent(survey, {"service": service} if service else {})
    assert tallies.counts(survey).by_group == {
        "NHS": GroupCount(10, 2), "": GroupCount(None, 2), "police": GroupCount(None, 1)
    }  # fmt: skip


def test_each_answer_is_opened_once():
    survey = rounds.survey(groupings=["service"])
    rounds.sent(survey, {"service": "health"})
    tallies.counts(survey)
    with CaptureQueriesContext(connection) as queries:
        assert tallies.counts(survey).by_group == {"health": GroupCount(None, 1)}
    assert not any("content" in one["sql"] for one in queries)
    rounds.sent(survey, {"service": "health"})
    assert tallies.counts(survey).by_group == {"health": GroupCount(None, 2)}


def test_only_a_few_surveys_are_remembered():
    for _ in range(tallies.MOST_SURVEYS + 3):
        tallies.counts(rounds.survey())
    assert len(tallies._opened) == tallies.MOST_SURVEYS


def test_what_was_begun_is_told_after_closing_and_destroying(django_capture_on_commit_callbacks):
    survey = rounds.survey()
    rounds.begun(survey, {}, page=4)
    rounds.sent(survey, {"service": "health"})
    closed(survey, django_capture_on_commit_callbacks)
    tallies.keep(survey)
    tally = tallies.counts(survey)
    assert (tally.started, tally.part, tally.by_page) == (2, 1, {4: 1})
    closing.destroy(actor=command_line(), survey=survey)
    tally = tallies.counts(Survey.objects.get(pk=survey.pk))
    assert (tally.started, tally.complete, tally.by_group) == (2, 1, {})
