"""Builders of concerns, their steps, alarms and letters."""

import datetime as dt

import factory

from sightline.concerns import models
from tests.factories.access import UserFactory

RAISED = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)


class ConcernFactory(factory.django.DjangoModelFactory):
    """A concern raised in an inspection of Fife, waiting for its lead; not urgent."""

    partnership = "fife"
    inspection = "fife-2026"
    urgent = False
    state = models.State.DECIDING
    due = factory.LazyAttribute(lambda made: made.raised_at + dt.timedelta(hours=24))
    next_alarm = factory.LazyAttribute(lambda made: made.due)
    raised_at = RAISED
    raised_by = factory.SubFactory(UserFactory)
    worry = "Something was not right"
    where_seen = "A group at the school"
    danger = "no"
    told = ""
    about_whom = ""

    class Meta:
        model = models.Concern

    class Params:
        passed = factory.Trait(state=models.State.PASSED, passed_on=True)
        closed = factory.Trait(
            state=models.State.CLOSED,
            passed_on=True,
            due=None,
            next_alarm=None,
            keep_until=dt.date(2033, 11, 2),
        )


class StepFactory(factory.django.DjangoModelFactory):
    """That it was raised."""

    concern = factory.SubFactory(ConcernFactory)
    turn = 1
    deed = models.Deed.RAISED
    taken_at = RAISED
    taken_by = factory.SubFactory(UserFactory)
    note = ""
    local_reference = ""

    class Meta:
        model = models.Step


class AlarmFactory(factory.django.DjangoModelFactory):
    """An alarm, the day after."""

    concern = factory.SubFactory(ConcernFactory)
    state = models.State.DECIDING
    due = RAISED + dt.timedelta(hours=24)
    given_at = RAISED + dt.timedelta(hours=24)
    given_by = "test"
    told = 1

    class Meta:
        model = models.Alarm


class LetterFactory(factory.django.DjangoModelFactory):
    """A letter that has not gone."""

    concern = factory.SubFactory(ConcernFactory)
    person = factory.SubFactory(UserFactory)
    why = models.Letter.Why.RAISED
    written = RAISED

    class Meta:
        model = models.Letter
