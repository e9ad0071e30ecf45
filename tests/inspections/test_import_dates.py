"""The last and the first day that count, where an import looks at dates of publication."""

import datetime as dt

import pytest
from django.utils import timezone

from sightline.inspections import models
from sightline.kernel.errors import Faults
from tests.factories.inspections import document_data, imported

pytestmark = pytest.mark.django_db


def dated(value: str):
    """The dates of an inspection published then."""
    dates = document_data()["dates"]
    return {"published": {**dates["published"], "value": value}}


@pytest.mark.parametrize(
    ("second", "refused"),
    [
        ("2020-05-31", False),
        ("2020-06-01", True),
        ("2020-06-30", True),
        ("2020-07-01", False),
        ("2020-05", False),
        ("2020", True),
        ("2020-06", True),
    ],
)
def test_a_month_holds_its_first_and_its_last_day(second, refused):
    imported(reference="falkirk-first", dates=dated("2020-06"), pauses=[])
    if refused:
        with pytest.raises(Faults, match="falkirk-first"):
            imported(reference="falkirk-second", dates=dated(second), pauses=[])
    else:
        imported(reference="falkirk-second", dates=dated(second), pauses=[])
    assert models.Inspection.objects.count() == (1 if refused else 2)


def test_what_is_published_today_is_published_and_tomorrow_is_not():
    today = timezone.localdate()
    imported(dates=dated(today.isoformat()), pauses=[])
    tomorrow = today + dt.timedelta(days=1)
    with pytest.raises(Faults, match="after today"):
        imported(reference="falkirk-ahead", dates=dated(tomorrow.isoformat()), pauses=[])
