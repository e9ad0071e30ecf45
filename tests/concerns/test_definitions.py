"""The procedure as shipped, and what a wrong one is told."""

import datetime as dt
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from sightline.concerns import checks, definitions
from sightline.concerns.definitions import load, procedure
from sightline.concerns.models import State
from sightline.kernel.errors import BadDefinition, Faults

SHIPPED = Path("concerns") / "matters-of-concern@1.yaml"


def changed(folder: Path, **more: object) -> Path:
    """A folder of definitions whose procedure differs from the shipped one."""
    given = yaml.safe_load((settings.SIGHTLINE_DEFINITIONS / SHIPPED).read_text())
    path = folder / SHIPPED
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(given | more))
    return folder


def test_the_shipped_one_says_that_its_hours_are_ours() -> None:
    assert procedure().status == "unverified"
    assert procedure().limit("passed", urgent=True) == dt.timedelta(hours=1)
    assert procedure().limit("passed", urgent=False) == dt.timedelta(hours=24)
    for state in set(State) - {State.CLOSED}:
        assert procedure().limit(state, urgent=True) <= procedure().limit(state, urgent=False)
    assert "999" in procedure().first[0]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"urgent_when": ["not-sure"]}, "must hold yes"),
        ({"urgent_when": ["yes", "no"]}, "must not hold no"),
        ({"limits": {"decide": {"hours": 1, "urgent_hours": 2}}}, "make them fewer"),
        ({"keep_days": 0}, "keep_days"),
        ({"first": []}, "first"),
    ],
)
def test_a_wrong_one_is_refused_with_the_reason(
    tmp_path: Path, more: dict[str, object], said: str
) -> None:
    with pytest.raises((Faults, BadDefinition), match=said):
        load(changed(tmp_path, **more))


def test_a_wrong_one_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert checks.procedure_can_be_used(None) == []
    monkeypatch.setattr(settings, "SIGHTLINE_DEFINITIONS", changed(tmp_path, keep_days=0))
    monkeypatch.setattr(checks, "procedure", definitions.procedure.__wrapped__)
    (error,) = checks.procedure_can_be_used(None)
    assert error.id == "concerns.E001"
