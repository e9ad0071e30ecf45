"""A partnership and its lives: what an event is, and who is in a family."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sightline.outcomes.generating.drawing import DAY, Draw, age_on, birthday

Event: TypeAlias = dict[str, Any]
"""One event: the columns of the dataset that would tell of it, with plain Python values."""
WARM_UP_YEARS = 9
"""Lives begin this many years early, so that the first year has its share of long stays."""
SCHOOL_LEAVING = 16


@dataclass(frozen=True)
class Zone:
    """A data zone: how deprived it is (1 is most), and the locality it lies in."""

    code: str
    quintile: int
    locality: str
    people: int


@dataclass(frozen=True)
class Setting:
    """What is made: an area, how many children, from which day until which, and by which seed."""

    area: str
    council: str
    zones: tuple[Zone, ...]
    children: int
    first: dt.date
    until: dt.date
    seed: int

    @property
    def early(self) -> dt.date:
        """The day lives begin, years before the first that is shown."""
        return birthday(self.first, -WARM_UP_YEARS)


@dataclass
class Life:
    """Everything that happened to one child.

    `free_from` are the days from which the child may be registered or looked after again.
    """

    child: str
    family: str
    born: dt.date
    facts: Event
    quintile: int
    locality: str
    events: dict[str, list[Event]] = field(default_factory=dict)
    off_register: dt.date = dt.date.min
    out_of_care: dt.date = dt.date.min

    def add(self, dataset: str, /, **values: Any) -> Event:
        """Write an event down; what is None is left out."""
        event = {"child": self.child, **values}
        self.events.setdefault(dataset, []).append(event)
        return event

    def age(self, day: dt.date) -> int:
        """Completed years on a day; less than 0 before birth."""
        return age_on(self.born, day)

    def of(self, dataset: str) -> list[Event]:
        """Events of one kind."""
        return self.events.get(dataset, [])


@dataclass
class Log:
    """All lives of a partnership, and the events that are no child's."""

    setting: Setting
    lives: list[Life] = field(default_factory=list)
    others: dict[str, list[Event]] = field(default_factory=dict)

    def of(self, dataset: str) -> list[Event]:
        """Every event of one kind, of all children or of none."""
        found = [event for life in self.lives for event in life.of(dataset)]
        return found + self.others.get(dataset, [])


BETWEEN_BIRTHS = 300
"""Days between two births of one mother, at least."""
FAMILY_SIZE = {1: 0.42, 2: 0.31, 3: 0.17, 4: 0.10}
INDEX_AGE = {-1: 0.06, 0: 0.12, 3: 0.27, 8: 0.28, 13: 0.24, 16: 0.03}
_SPREAD = {-1: (-140, -40), 0: (0, 364), 3: (1, 4), 8: (5, 10), 13: (11, 15), 16: (16, 16)}
QUINTILES = {1: 0.48, 2: 0.25, 3: 0.15, 4: 0.09, 5: 0.03}
"""Deprivation of the homes children known to services come from: a gradient that is planted."""
SEXES = {"male": 0.512, "female": 0.482, "unknown": 0.006}
ETHNIC_GROUPS = {
    "white-scottish": 0.80, "white-other-british": 0.04, "white-polish": 0.02, "white-other": 0.02,
    "mixed": 0.02, "pakistani": 0.02, "african": 0.015, "asian-other": 0.01, "other": 0.005,
    "not-known": 0.05,
}  # fmt: skip
RELIGIONS = {
    "none": 0.5,
    "church-of-scotland": 0.15,
    "roman-catholic": 0.13,
    "muslim": 0.03,
    "not-known": 0.19,
}
DISABILITIES = {
    "none": 0.80, "learning": 0.05, "autism": 0.05, "mental-health": 0.02, "physical": 0.01,
    "language": 0.01, "not-known": 0.06,
}  # fmt: skip


def home(setting: Setting, draw: Draw) -> Zone:
    """Where a family lives: deprived zones more often, as `QUINTILES` says."""
    quintile = draw.pick(QUINTILES)
    near = [zone for zone in setting.zones if zone.quintile == quintile] or list(setting.zones)
    return draw.pick({zone: float(zone.people) for zone in near})


def family(setting: Setting, draw: Draw, key: str, number: int, day: dt.date) -> list[Life]:
    """The children of a family about whom a concern is raised on a day; the first is it about."""
    zone = home(setting, draw)
    band = draw.pick(INDEX_AGE)
    low, high = _SPREAD[band]
    if band <= 0:
        born = day - dt.timedelta(days=draw.whole(low, high))
    else:
        years = draw.whole(low, high)
        born = birthday(day, -years) - dt.timedelta(days=draw.whole(0, 364))
    births = [born]
    for _ in range(draw.pick(FAMILY_SIZE) - 1):
        gap = dt.timedelta(days=draw.around(900, 0.4))
        later = births[-1] + gap
        apart = all(abs((later - other).days) >= BETWEEN_BIRTHS for other in births)
        after = draw.yes(0.5) and later < setting.until and apart
        births.append(later if after else min(births) - max(gap, BETWEEN_BIRTHS * DAY))
    return [
        _life(draw, f"{number + place:06d}", key, birth, zone)
        for place, birth in enumerate(births)
        if age_on(birth, day) < SCHOOL_LEAVING + 1
    ]


def _life(draw: Draw, number: str, key: str, born: dt.date, zone: Zone) -> Life:
    sex = draw.pick(SEXES)
    facts: Event = {
        "sex": sex,
        "ethnic_group": draw.pick(ETHNIC_GROUPS),
        "religion": draw.pick(RELIGIONS),
        "disability": draw.pick(DISABILITIES),
        "home_zone": zone.code,
        "chi": chi(draw, born, sex),
        "scn": scn(draw, number),
        "unaccompanied": draw.pick({"no": 0.97, "unknown": 0.02, "yes": 0.01}),
    }
    return Life(number, key, born, facts, zone.quintile, zone.locality)


def chi(draw: Draw, born: dt.date, sex: str) -> str:
    """A health number as one is built: date of birth, a number, its check digit."""
    while True:
        ninth = draw.whole(0, 4) * 2 + (sex == "male")
        first = f"{born:%d%m%y}{draw.whole(0, 99):02d}{ninth}"
        left = sum(
            int(digit) * weight for digit, weight in zip(first, range(10, 1, -1), strict=True)
        )
        check = (11 - left % 11) % 11
        if check < 10:  # noqa: PLR2004 - ten has no digit
            return f"{first}{check}"


def scn(draw: Draw, number: str) -> str:
    """A candidate number: nine digits, all different by way of the child's number."""
    return f"{draw.whole(100, 199)}{int(number) % 1_000_000:06d}"
