"""The invented area whose lives are made: its data zones, how deprived they are, its localities."""

import csv
import datetime as dt
from pathlib import Path
from typing import Final

from django.conf import settings

from sightline.kernel.errors import BadInput
from sightline.outcomes.generating.drawing import birthday
from sightline.outcomes.generating.lives import Setting, Zone

AREAS: Final = {"strathgarry": ("S12999001", "strathgarry-deprivation.csv")}
"""Invented areas: council code, and the file of their data zones."""
FEWEST, MOST = 50, 200_000
YEAR_ENDS: Final = (7, 31)
QUINTILES: Final = 5


def setting(
    area: str, *, children: int, years: int, seed: int, until: dt.date | None = None
) -> Setting:
    """What is to be made, checked.

    Raises:
        BadInput: the area is not an invented one, or the numbers cannot be.
    """
    if area not in AREAS:
        raise BadInput(
            f"{area} is not an invented area, and lives are made up for invented areas alone. "
            f"There is: {', '.join(AREAS)}."
        )
    if not FEWEST <= children <= MOST:
        raise BadInput(f"{children} children cannot be made; ask for {FEWEST} to {MOST:,}.")
    if not 1 <= years <= 20:  # noqa: PLR2004
        raise BadInput(f"{years} years cannot be made; ask for 1 to 20.")
    last = until or last_year_end(dt.datetime.now(tz=dt.UTC).date())
    council, file = AREAS[area]
    path = Path(settings.SIGHTLINE_DEFINITIONS) / "demonstration" / "reference" / file
    first = birthday(last, -years) + dt.timedelta(days=1)
    return Setting(area, council, zones(path), children, first, last, seed)


def last_year_end(today: dt.date) -> dt.date:
    """The last 31 July that is over."""
    end = dt.date(today.year, *YEAR_ENDS)
    return end if end < today else end.replace(year=today.year - 1)


def zones(path: Path) -> tuple[Zone, ...]:
    """Data zones of a file of ranks; a quintile is of people, 1 the most deprived."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: int(row["Invented_Rank"]))
    people = sum(int(row["Total_population"]) for row in rows)
    found, before = [], 0
    for row in rows:
        here = int(row["Total_population"])
        quintile = 1 + int(QUINTILES * (before + here / 2) / people)
        found.append(Zone(row["Data_Zone"], quintile, row["Intermediate_Zone"], here))
        before += here
    return tuple(found)
