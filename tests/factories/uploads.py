"""Builders of uploads."""

import datetime as dt

import factory

from sightline.uploads import models
from sightline.uploads.files import Incoming


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


def checked_upload() -> models.Upload:
    """A file of Fife's holidays with one good row, its bytes on disk, that has been checked."""
    incoming = Incoming()
    incoming.write(b"Name,Kind,First day\nWinter,school,2026-12-21\n")
    incoming.finish()
    incoming.keep()
    made: models.Upload = UploadFactory(
        id=incoming.id,
        size=incoming.size,
        sha256=incoming.sha256,
        state="checked",
        rows=1,
        good=1,
        added=1,
        checked_at=dt.datetime(2026, 11, 1, 9, 1, tzinfo=dt.UTC),
        checked_by="test",
    )
    return made
