"""Which inspections there are in an area, so that work of other contexts can be done for one.

This context lies below inspections, so `config` says here what it cannot ask for itself.
"""

from collections.abc import Callable, Mapping

Inspections = Callable[[], Mapping[str, str]]
_sources: list[Inspections] = []


def register(inspections: Inspections) -> None:
    """Say where the inspections come from: a mapping of reference to the area's code."""
    _sources[:] = [inspections]


def inspections_of(area: str) -> frozenset[str]:
    """References of every inspection of an area, those not published included."""
    found = _sources[0]() if _sources else {}
    return frozenset(reference for reference, whose in found.items() if whose == area)


def areas_of(references: frozenset[str]) -> frozenset[str]:
    """Codes of the areas these inspections are of."""
    found = _sources[0]() if _sources else {}
    return frozenset(found[reference] for reference in references & found.keys())
