"""Builders of saved texts, their versions, and what was typed and not sent."""

import datetime as dt
from uuid import uuid4

import factory

from sightline.saving import models
from tests.factories.access import UserFactory

NOW = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)


class SavedTextFactory(factory.django.DjangoModelFactory):
    """A text with one version in use."""

    place = factory.Sequence(lambda n: f"thing:{n}/notes")
    latest = 1
    stored = 1

    class Meta:
        model = models.SavedText


class VersionFactory(factory.django.DjangoModelFactory):
    """The first version of a text."""

    text = factory.SubFactory(SavedTextFactory)
    number = 1
    kind = "saved"
    words = "What was written."
    based_on = 0
    token = factory.LazyFunction(uuid4)
    stored_at = NOW
    stored_by = "person:1"

    class Meta:
        model = models.Version


class TypedFactory(factory.django.DjangoModelFactory):
    """A name typed in a form of a page."""

    page = "/somewhere/"
    form = "NameForm"
    words = factory.LazyFunction(lambda: {"name": ["A. Name"]})
    sitting = "first"
    kept_at = NOW
    kept_by = factory.SubFactory(UserFactory)

    class Meta:
        model = models.Typed
