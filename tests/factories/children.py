"""Builders of extracts, builds, column maps, erasures and waivers."""

import datetime as dt

import factory
import pyarrow as pa

from sightline.children import building, folders, models
from sightline.warehouse import parquet
from tests.factories.access import UserFactory
from tests.factories.uploads import UploadFactory

THEN = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)


class ExtractFactory(factory.django.DjangoModelFactory):
    """Ten rows of Fife's register entries; their Parquet is not on disk."""

    area = "fife"
    dataset = "register-entries"
    version = 1
    upload = factory.SubFactory(UploadFactory, kind="register-entries")
    vintage = factory.Sequence(lambda n: n + 1)
    covers_from = dt.date(2023, 8, 1)
    covers_until = dt.date(2024, 7, 31)
    rows = 10
    good = 10
    content = factory.Sequence(lambda n: f"{n:064x}")
    loaded_at = THEN
    loaded_by = "test"

    class Meta:
        model = models.Extract


class BuildFactory(factory.django.DjangoModelFactory):
    """A build of Fife that is being made; its folder is not on disk."""

    area = "fife"
    number = factory.Sequence(lambda n: n + 1)
    fingerprint = factory.Sequence(lambda n: f"{n:064x}")
    today = dt.date(2026, 11, 1)
    started_at = THEN
    started_by = "test"

    class Meta:
        model = models.Build

    class Params:
        checked = factory.Trait(state="checked", checked_at=THEN, checked_by="test")
        published = factory.Trait(
            state="published", checked_at=THEN, checked_by="test", published_at=THEN,
            published_by="test",
        )  # fmt: skip


class BuildTableFactory(factory.django.DjangoModelFactory):
    """Ten rows in, nine published and one faulted."""

    build = factory.SubFactory(BuildFactory)
    dataset = "register-entries"
    extract = factory.SubFactory(ExtractFactory)
    rows = 10
    published = 9
    faulted = 1

    class Meta:
        model = models.BuildTable


class ColumnMapFactory(factory.django.DjangoModelFactory):
    """Fife calls the day of a registration its own way."""

    area = "fife"
    dataset = "register-entries"
    version = factory.Sequence(lambda n: n + 1)
    headings = factory.LazyFunction(lambda: {"cp start": "registered_on"})
    saved_at = THEN
    saved_by = "test"

    class Meta:
        model = models.ColumnMap


class ErasureFactory(factory.django.DjangoModelFactory):
    """One child of Fife whose rows were taken out."""

    area = "fife"
    child = factory.Sequence(lambda n: f"key:{n}")
    reason = "Sent by mistake"
    erased_at = THEN
    erased_by = "test"

    class Meta:
        model = models.Erasure


class WaiverFactory(factory.django.DjangoModelFactory):
    """A rule that somebody asked not to be held to; nobody has approved it."""

    area = "fife"
    rule = "V-020"
    dataset = "register-entries"
    reason = "Moved from another system"
    valid_from = dt.date(2026, 1, 1)
    valid_until = dt.date(2027, 1, 1)
    asked_at = THEN
    asked_by = factory.SubFactory(UserFactory)

    class Meta:
        model = models.Waiver


def checked_build(**more: object) -> models.Build:
    """A build that has been checked, with one row faulted, and its faults on disk."""
    made: models.Build = BuildFactory(checked=True, **more)
    BuildTableFactory(build=made, extract=ExtractFactory(area=made.area))
    folder = folders.begin(made.area, made.number)
    names = ("dataset", "extract", "row", "column", "rule", "severity", "what", "waiver")
    row = ("register-entries", "x", 3, "registered_on", "V-020", "E", "It overlaps another", "")
    table = pa.Table.from_pylist([dict(zip(names, row, strict=True))])
    parquet.write_table(table, folder / building.FAULTS)
    folders.finish(made.area, made.number)
    return made
