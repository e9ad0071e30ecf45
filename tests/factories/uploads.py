"""Builders of uploads."""

import datetime as dt

import factory

from sightline.uploads import models


class UploadFactory(factory.django.DjangoModelFactory):
    """A file of Fife's holidays that has arrived; no bytes of it are on disk."""

    kind = "holidays"
    scope_kind = "partnership"
    scope_key = "fife"
    file_name = factory.Sequence(lambda n: f"holidays-{n}.csv")
    size = 100
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    received_at = factory.LazyFunction(lambda: dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC))
    received_by = "test"

    class Meta:
        model = models.Upload


class UploadFaultFactory(factory.django.DjangoModelFactory):
    """One thing wrong with an upload."""

    upload = factory.SubFactory(UploadFactory)
    order = factory.Sequence(lambda n: n)
    section = "row"
    words = factory.LazyFunction(lambda: ["B2", "“First day” is empty", "", "a date"])

    class Meta:
        model = models.UploadFault
