"""Builders of what a partnership tells about itself, and of reference data about places."""

import datetime as dt

import factory

from sightline.partnerships import models


class _Detail(factory.django.DjangoModelFactory):
    partnership = "fife"
    added_at = factory.LazyFunction(lambda: dt.datetime(2026, 2, 1, 9, tzinfo=dt.UTC))
    added_by = "test"

    class Meta:
        abstract = True


class LocalityFactory(_Detail):
    """A locality of Fife."""

    name = factory.Sequence(lambda n: f"Locality {n}")

    class Meta:
        model = models.Locality


class StrategicGroupFactory(_Detail):
    """A strategic group of Fife."""

    name = factory.Sequence(lambda n: f"Group {n}")

    class Meta:
        model = models.StrategicGroup


class StrategicPlanFactory(_Detail):
    """A plan of Fife."""

    name = factory.Sequence(lambda n: f"Plan {n}")
    years = "2026/2029"

    class Meta:
        model = models.StrategicPlan


class PostFactory(_Detail):
    """A post in Fife."""

    designation = factory.Sequence(lambda n: f"Post {n}")
    agency = "council"

    class Meta:
        model = models.Post


class HolidayFactory(_Detail):
    """A day off in Fife."""

    name = factory.Sequence(lambda n: f"Holiday {n}")
    kind = "public"
    first = dt.date(2026, 12, 25)
    last = dt.date(2026, 12, 25)

    class Meta:
        model = models.Holiday


class LocalityZoneFactory(_Detail):
    """A data zone of a locality of Fife, since 2020."""

    locality = factory.SubFactory(LocalityFactory)
    zone = factory.Sequence(lambda n: f"S01{n:06d}")
    first = dt.date(2020, 1, 1)

    class Meta:
        model = models.LocalityZone


class ReplacedRowFactory(factory.django.DjangoModelFactory):
    """A holiday as it was before an upload changed it."""

    partnership = "fife"
    upload = "an-upload"
    kind = "holidays"
    row = factory.LazyFunction(dict)

    class Meta:
        model = models.ReplacedRow


class ReferenceLoadFactory(factory.django.DjangoModelFactory):
    """A file of ranks, current."""

    dataset = "simd-2020v2"
    definition = factory.LazyAttribute(lambda load: f"{load.dataset}@1")
    vintage = "2020v2"
    geography = "2011"
    file_name = "ranks.csv"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    rows = 6976
    source = "Scottish Government"
    licence = "Open Government Licence v3.0"
    loaded_at = factory.LazyFunction(lambda: dt.datetime(2026, 2, 1, 9, tzinfo=dt.UTC))
    loaded_by = "test"

    class Meta:
        model = models.ReferenceLoad


class DataZoneFactory(factory.django.DjangoModelFactory):
    """A data zone of Fife."""

    load = factory.SubFactory(ReferenceLoadFactory)
    code = factory.Sequence(lambda n: f"S01{n:06d}")
    geography = "2011"
    partnership = "fife"
    intermediate_zone = "Levenmouth"

    class Meta:
        model = models.DataZone


class DeprivationRankFactory(factory.django.DjangoModelFactory):
    """The rank of a data zone."""

    load = factory.SubFactory(ReferenceLoadFactory)
    zone = factory.Sequence(lambda n: f"S01{n:06d}")
    overall = factory.Sequence(lambda n: n + 1)
    people = 700

    class Meta:
        model = models.DeprivationRank


class PopulationFactory(factory.django.DjangoModelFactory):
    """People of a council area, ten of each age."""

    load = factory.SubFactory(
        ReferenceLoadFactory,
        dataset="population-councils-2022",
        vintage="mid-2022",
        geography="councils",
    )
    place = "fife"
    sex = "persons"
    people = 910
    ages = factory.LazyFunction(lambda: [10] * 91)

    class Meta:
        model = models.Population
