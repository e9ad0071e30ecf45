"""Deciles and quintiles of deprivation by a stated rule (M-03): pure functions, no database."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypeVar

from sightline.kernel.errors import BadInput

QUINTILES: Final = 5
DECILES: Final = 10
ALL: Final = 100
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Ranked:
    """One data zone to be put into a band: its rank (1 is most deprived), and what it weighs."""

    zone: str
    rank: float
    weight: int = 1


def bands(zones: Iterable[Ranked], number: int) -> dict[str, int]:
    """The band of each zone, 1 for the most deprived, `number` for the least.

    Zones are put in order of rank and their weights added up. A zone belongs to the band in which
    its last unit of weight falls: band k ends at k/`number` of the whole, and a zone that reaches
    over that end belongs to the next. Zones of one rank are taken together, as one block. With a
    weight of 1 each band is an equal share of data zones, and rank 1,395 of 6,976 is the last of
    the first fifth; with people as weights, an equal share of people.

    Args:
        zones: each zone once; ranks 1 or more, need not run on; weights 0 or more, whole.
        number: how many bands, 2 or more.

    Raises:
        BadInput: fewer than two bands, a zone given twice, or nothing to share out.

    Source:
        M-03. Equal shares of data zones are the Scottish Government's published bands.
    """
    given = sorted(zones, key=lambda zone: (zone.rank, zone.zone))
    whole = sum(zone.weight for zone in given)
    if number < 2:  # noqa: PLR2004 - one band is none
        raise BadInput(f"{number} is not a number of bands; take 5 or 10.")
    if len({zone.zone for zone in given}) < len(given):
        raise BadInput("A data zone is given twice; give each once.")
    if whole <= 0 or any(zone.weight < 0 for zone in given):
        raise BadInput("There is nobody in these data zones to share out into bands.")
    found: dict[str, int] = {}
    reached = 0
    for _, block in groupby(given, key=lambda zone: zone.rank):
        together = list(block)
        reached += sum(zone.weight for zone in together)
        band = max(1, -(-reached * number // whole))
        found |= {zone.zone: band for zone in together}
    return found


def bands_within(
    zones: Iterable[Ranked], number: int, *, group: Callable[[str], Key]
) -> dict[str, int]:
    """The band of each zone among those of its own group: its council, its health board."""
    grouped: dict[Key, list[Ranked]] = {}
    for zone in zones:
        grouped.setdefault(group(zone.zone), []).append(zone)
    found: dict[str, int] = {}
    for members in grouped.values():
        found |= bands(members, number)
    return found


def in_most_deprived(ranks: Mapping[str, int], per_cent: int, *, of: int) -> int:
    """How many of some zones are in the most deprived per cent of all `of` zones.

    Args:
        ranks: national rank of each zone counted.
        per_cent: 1 to 100.
        of: number of zones ranked nationally.

    Raises:
        BadInput: a per cent that is none.
    """
    if not 1 <= per_cent <= ALL:
        raise BadInput(f"{per_cent} is no per cent; give 1 to 100.")
    return sum(rank * ALL <= of * per_cent for rank in ranks.values())
