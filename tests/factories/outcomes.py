"""Notes on charts, and published builds of invented children whose figures are declared."""

import datetime as dt
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import factory
import pyarrow as pa

from sightline.access.actors import Actor, command_line
from sightline.access.models import User
from sightline.children import folders
from sightline.children.models import Build
from sightline.outcomes import models, publishing
from sightline.outcomes.definitions import IndicatorDefinition, indicator
from sightline.releases import services as releases
from sightline.releases.models import TableSet
from sightline.warehouse import parquet
from tests.factories.access import UserFactory, assign
from tests.factories.children import BuildFactory

NOON = dt.datetime(2026, 5, 14, 12, tzinfo=dt.UTC)
SETTINGS = ("home", "kinship", "foster", "other-community", "residential")
BY = {
    "placement": SETTINGS,
    "sex": ("female", "male"),
    "simd": ("1", "2", "3", "4", "5"),
    "locality": ("north", "south"),
    "age": ("under 1", "1-4", "5-11", "12-15", "16-17", "18+"),
    "concern": ("neglect", "domestic-abuse", "emotional-abuse"),
}


class AnnotationFactory(factory.django.DjangoModelFactory):
    """A note on every chart of Fife."""

    area = "fife"
    on = dt.date(2022, 11, 3)
    words = "A team for families after registration began."
    written_at = NOON
    written_by = "test"

    class Meta:
        model = models.Annotation


@dataclass(frozen=True)
class Child:
    """One child of one year."""

    reference: str
    parts: Mapping[str, str]
    counted: bool


def children(
    dice: random.Random, size: int, share: Callable[[Mapping[str, str]], float]
) -> list[Child]:
    """So many children, each counted with the share of their parts."""
    found = []
    for number in range(size):
        parts = {by: dice.choice(codes) for by, codes in BY.items()}
        found.append(Child(f"C{number:05}", parts, dice.random() < share(parts)))
    return found


def rows_of(
    one: IndicatorDefinition, by_period: Mapping[str, Sequence[Child] | None]
) -> Iterator[dict[str, Any]]:
    """The results of an indicator; a period of None was not submitted."""
    for key, held in by_period.items():
        for breakdown in ("", *(name for name in one.breakdowns if name in BY)):
            for category in BY[breakdown] if breakdown else ("",):
                yield row_of(one, key, breakdown, category, held)


def row_of(
    one: IndicatorDefinition,
    key: str,
    breakdown: str,
    category: str,
    held: Sequence[Child] | None,
) -> dict[str, Any]:
    """One row of the results."""
    year = int(key[:4])
    first, last = dt.date(year, 8, 1), dt.date(year + 1, 7, 31)
    if " Q" in key:
        month = 8 + 3 * (int(key[-1]) - 1)
        first = dt.date(year + (month > 12), (month - 1) % 12 + 1, 1)
        last = first + dt.timedelta(days=88)
    row: dict[str, Any] = {
        "indicator": one.code, "version": one.version, "period": key, "first": first, "last": last,
        "breakdown": breakdown, "category": category, "people": None, "families": None,
        "counted": None, "of": None, "unknown": None, "value": None, "state": "not submitted",
    }  # fmt: skip
    if held is None:
        return row
    inside = [c for c in held if not breakdown or c.parts.get(breakdown) == category]
    people = sum(child.counted for child in inside)
    base = {"base": len(inside), "population": 20_000}.get(one.out_of)
    value = float(people) if base is None else people * one.multiplier / base if base else None
    return row | {
        "people": people, "families": people, "counted": people, "of": base, "unknown": 0,
        "value": 12.0 if one.value else value, "state": "observed",
    }  # fmt: skip


def indicator_rows(
    codes: Iterable[str] = ("la05",),
    *,
    years: Sequence[int] = range(2014, 2025),
    size: int = 400,
    seed: int = 1,
    rising: bool = True,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Results and members of some indicators: better year by year, worse in residential care."""
    results: list[dict[str, Any]] = []
    members: list[dict[str, Any]] = []
    for code in codes:
        one = indicator(code)
        by_period: dict[str, list[Child]] = {}
        for number, year in enumerate(years):
            dice = random.Random(f"{code}{seed}{year}")  # noqa: S311 - the same each time
            level = 0.35 + (0.04 * number if rising else 0)

            def share(parts: Mapping[str, str], level: float = level) -> float:
                less = 0.2 if parts["placement"] == "residential" else 0.0
                return max(0.02, min(0.98, level - less + 0.04 * int(parts["simd"])))

            by_period[f"{year}-{(year + 1) % 100:02d}"] = children(dice, size, share)
        results += rows_of(one, by_period)
        members += _members(one, by_period)
    return results, members


def _members(
    one: IndicatorDefinition, by_period: Mapping[str, Sequence[Child]]
) -> Iterator[dict[str, Any]]:
    for key, held in by_period.items():
        for child in held:
            yield {
                "indicator": one.code, "version": one.version, "period": key,
                "child": child.reference, "counted": child.counted, "unknown": False,
                "categories": [f"{by}={code}" for by, code in child.parts.items()],
            }  # fmt: skip


def published_build(
    results: Sequence[Mapping[str, Any]],
    members: Sequence[Mapping[str, Any]] = (),
    *,
    quarters: Sequence[Mapping[str, Any]] = (),
    published: Sequence[Mapping[str, Any]] = (),
    journeys: Sequence[Mapping[str, Any]] = (),
    area: str = "fife",
    actor: Actor | None = None,
    declare: bool = True,
    **more: Any,
) -> Build:
    """A published build with these figures in its folder, declared to releases."""
    build: Build = BuildFactory(area=area, published=True, **more)
    folder = folders.build_path(area, build.number)
    (folder / "tables").mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, rows in (
        ("results-year", results), ("results-quarter", quarters), ("members", members),
        ("tables/published-figures", published),
        ("journeys", journeys),
    ):  # fmt: skip
        if rows:
            parquet.write_table(pa.Table.from_pylist(list(rows)), folder / f"{name}.parquet")
    if declare:
        publishing.publish(actor or command_line(), build)
    return build


def reviewed(build: Build) -> Build:
    """The same, its figures reviewed for everybody by somebody else than who declared them."""
    for found in TableSet.objects.filter(vintage=publishing.vintage_of(build.number)):
        if found.source == publishing.source_of(build.area, publishing.YEAR):
            for code in ("public", "research"):
                releases.review(actor=command_line(), key=found.pk, code=code, reason="Looked.")
    return build


def analyst(area: str = "fife") -> User:
    """Who publishes builds of an area, and sees what is exact."""
    return assign(UserFactory(), "partnership-analyst", "partnership", area)


def folder_of(build: Build) -> Path:
    """Where its files are."""
    return folders.build_path(build.area, build.number)
