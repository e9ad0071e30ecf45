"""Builders of corrected titles and of programmes that tests add."""

import datetime as dt
from pathlib import Path
from typing import Any

import factory

from sightline.framework.definitions import Programme
from sightline.framework.models import CorrectedTitle
from sightline.kernel import plain_yaml
from sightline.kernel.definitions import parse_definition, read_definition

FOURTH = Path(__file__).parents[1] / "definitions/fixtures/programmes/fourth-programme@1.yaml"


class CorrectedTitleFactory(factory.django.DjangoModelFactory):
    """A confirmed title of 3.1 in the newest edition."""

    framework = "children@3"
    indicator = "3.1"
    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Impact on staff, wording {n}")
    status = CorrectedTitle.Status.VERIFIED
    source = "The framework itself, page 12"
    reason = "Read in the framework"
    corrected_at = factory.LazyFunction(lambda: dt.datetime(2026, 2, 1, 9, tzinfo=dt.UTC))
    corrected_by = "test"

    class Meta:
        model = CorrectedTitle


def fourth_programme() -> Programme:
    """P9: six themes, a suite of 6.1 to 6.4, its own channel and section order."""
    return read_definition(Programme, FOURTH)


def fourth_programme_data() -> dict[str, Any]:
    """The same as plain data, for a test to spoil and parse."""
    data = plain_yaml.read(FOURTH)
    assert isinstance(data, dict), f"{FOURTH.name} holds no fields."
    return data


def programme_from(data: dict[str, Any]) -> Programme:
    """A programme from plain data, as the loader builds it."""
    return parse_definition(Programme, data, name="programme")
