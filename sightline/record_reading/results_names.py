"""How the tables of a round are called in the ledger and in references, and for whom they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sightline.record_reading.counting import Unit
from sightline.record_reading.models import Round

PERIOD: Final = "round"
"""The one period of a series of a round."""

RECORDS: Final = "records"
"""The series of all records that were read."""

ANSWER: Final = "Answer"
LEFT_OUT: Final = "left-out"
MEASURE, SPLIT, OF_GROUP = ":", "@", "="
_LONGEST: Final = 60

PROTECTED, EXACT = "protected", "exact"
"""Whether figures may leave the team that read, or are for those alone who read."""

_PROFILES: Final[Mapping[tuple[bool, str], str]] = {
    (False, PROTECTED): "records",
    (False, EXACT): "records-team",
    (True, PROTECTED): "own-records",
    (True, EXACT): "own-records-team",
}


def profile_of(round: Round, kind: str) -> str:
    """The disclosure profile of a round's protected or exact figures.

    Those of an audit of a partnership's own need permissions that nobody holds for all of Scotland.
    """
    return _PROFILES[not round.inspection, kind]


def source_of(round: Round, kind: str) -> str:
    """Where the figures of a round come from, as the ledger names it."""
    return f"{'records' if kind == PROTECTED else 'records-exact'}:{round.pk}"


def vintage_of(round: Round) -> str:
    """Which count of a round it is: that of its last locking."""
    if round.locked_at is None:  # pragma: no cover - a constraint of the table
        raise ValueError(f"{round} is not locked.")
    return f"{round.locked_at:%Y-%m-%dT%H:%M:%S.%f}"


def series_code(unit: Unit, measure: str = "", way: str = "", *, number: int) -> str:
    """The code of a table: `plan-quality:good-or-better@care_type`, by number where too long."""
    rest = f"{MEASURE}{measure}" if measure else ""
    rest += f"{SPLIT}{way}" if way else ""
    return f"{unit.code}{rest}" if len(unit.code + rest) <= _LONGEST else f"u{number}{rest}"


@dataclass(frozen=True)
class Reference:
    """A figure as it is asked for: `plan-quality:good-or-better?care_type=foster`.

    `measure` is a band, or an answer where `answer`; `way` and `category` are empty of everybody.
    """

    unit: str
    measure: str
    answer: bool
    way: str
    category: str


def read_reference(named: str) -> Reference:
    """Take a reference apart; nothing is looked up."""
    about, _, group = named.partition("?")
    way, _, category = group.partition("=")
    answer = "=" in about
    unit, _, measure = about.partition("=" if answer else MEASURE)
    return Reference(unit, measure, answer, way, category)


def reference_to(
    round: Round,
    unit: str,
    measure: str,
    *,
    answer: bool = False,
    group: tuple[str, str] = ("", ""),
) -> str:
    """How `permissions.get_measure_for` is asked for a figure of a round."""
    asked = f"?{group[0]}={group[1]}" if group[0] else ""
    return f"{round.area}/{round.slug}/{unit}{'=' if answer else MEASURE}{measure}{asked}"
