"""A return is sent, checked, kept as a version, and taken back."""

from pathlib import Path
from typing import Any

import pytest

from sightline.record_reading import returning
from sightline.record_reading.services.sampling import draw_sample
from sightline.stats.sampling import Plan
from tests.factories.record_reading import RoundFactory
from tests.record_reading import returns

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _state(settings: Any, tmp_path: Path) -> None:
    """Files of a test are its own."""
    settings.SIGHTLINE_STATE = tmp_path / "state"


def test_from_a_file_to_a_sample() -> None:
    lead, round = returns.runner(), RoundFactory(area=returns.AREA)
    returns.total(lead, round, 12)
    upload = returns.taken(lead, round, returns.as_csv(returns.rows(12)))
    assert (upload.state, upload.added) == ("committed", 12)
    snapshot = returning.latest(round)
    assert snapshot is not None
    assert snapshot.held == 12
    assert snapshot.strata == {"audit": 12}
    assert snapshot.rows[0]["agencies"] == ["social-work", "health"]
    sample = draw_sample(actor=lead, round=round, plan=Plan(size=5, reserves=2), seed="a seed")
    assert sorted(one.number for one in sample.records.all()) == [1, 2, 3, 4, 5, 6, 7]
