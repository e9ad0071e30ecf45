"""Builders of what a partnership tells about itself."""

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
