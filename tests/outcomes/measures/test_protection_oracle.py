"""The indicators of child protection agree with a second implementation, child by child.

Every child of the random world lives in a locality of its own.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pytest

from sightline.children.definitions import dataset, datasets
from sightline.children.tables import empty, from_rows
from sightline.outcomes.clocks import TABLE, Working, readings, rulebook
from sightline.outcomes.definitions import IndicatorDefinition, indicator
from sightline.outcomes.measures.computing import compute
from sightline.outcomes.measures.places import PLACES, places_table
from sightline.warehouse.engines import engine
from tests.outcomes.measures.protection_second import (
    BY_ROWS,
    QUARTERLY,
    YEARLY,
    Case,
    age,
    birth_of,
    cp29,
)
from tests.outcomes.measures.protection_worlds import Day, Row, World, drawn

PERIODS = {
    "2022-23 Q4": (Day(2023, 5, 1), Day(2023, 7, 31)),
    "2023-24 Q1": (Day(2023, 8, 1), Day(2023, 10, 31)),
    "2023-24 Q2": (Day(2023, 11, 1), Day(2024, 1, 31)),
}
YEARS = {
    "2022-23": (Day(2022, 8, 1), Day(2023, 7, 31)),
    "2023-24": (Day(2023, 8, 1), Day(2024, 7, 31)),
}
TOLD = frozenset({"locality", "age", "concern", "length", "reason", "meeting_type", "model"})
"""The breakdowns that the second implementation knows."""
Numbers = tuple[int, int, int]
Place = tuple[str, str, str]
Worked = tuple[World, dict[str, list[Row]]]


def tally(cases: list[Case], *, rows: bool) -> Numbers:
    """Counted, known and not known, of rows or of children."""
    if rows:
        known = [case for case in cases if not case.unknown]
        return sum(case.counted for case in known), len(known), len(cases) - len(known)
    known_children = {case.child for case in cases if not case.unknown}
    counted = {case.child for case in cases if case.counted and not case.unknown}
    return len(counted), len(known_children), len({case.child for case in cases} - known_children)


def _places(world: World) -> dict[str, str]:
    names = {zone: name for zone, _, name in world.places}
    return {
        row["child"]: names.get(row["home_zone"], "not-known") for row in world.rows["children"]
    }


def categories(
    world: World, localities: Mapping[str, str], case: Case
) -> Iterator[tuple[str, str]]:
    """The breakdowns of a case, with its categories."""
    yield "", ""
    yield "locality", localities[case.child]
    years = age(birth_of(world, case.child), case.day)
    bands = (("0-4", 4), ("5-10", 10), ("11-15", 15), ("16+", 200))
    yield "age", "unborn" if years is None else next(name for name, top in bands if years <= top)
    for concern in ["not-known"] if case.concerns is None else case.concerns or ["none"]:
        yield "concern", concern
    yield from case.more.items()


def expected(world: World, code: str) -> dict[Place, Numbers]:
    """Numbers by period, breakdown and category, where there is anybody."""
    told, periods = (QUARTERLY[code], PERIODS) if code in QUARTERLY else (YEARLY[code], YEARS)
    localities = _places(world)
    found: dict[Place, Numbers] = {}
    for key, (first, last) in periods.items():
        groups: dict[tuple[str, str], list[Case]] = defaultdict(list)
        for case in told(world, first, last):
            for place in categories(world, localities, case):
                groups[place].append(case)
        for (by, category), cases in groups.items():
            found[key, by, category] = tally(cases, rows=code in BY_ROWS)
    return found


@pytest.fixture(scope="module")
def worked() -> Worked:
    """A world, and what the engine makes of it, by indicator."""
    world = drawn(20260731)
    arrow: dict[str, pa.Table] = {}
    for one in datasets():
        rows = world.rows.get(one.code)
        arrow[one.code] = from_rows(dataset(one.code), rows) if rows else empty(one)
    arrow[TABLE] = readings(arrow, Working(rulebook(), Day(2030, 1, 1)))
    arrow[PLACES] = places_table(world.places)
    found: dict[str, list[Row]] = defaultdict(list)
    with engine("duckdb") as duck:
        tables = {code: duck.put(table) for code, table in arrow.items()}
        for codes, periods in ((QUARTERLY, PERIODS), (YEARLY, YEARS)):
            asked = [_by_child(code) for code in codes]
            for row in compute(asked, tables, list(periods), engine=duck).to_pylist():
                found[row["indicator"]].append(row)
    return world, found


def _by_child(code: str) -> IndicatorDefinition:
    """The indicator, told apart by locality too, which here is the child."""
    one = indicator(code)
    told = ("locality", *(name for name in one.breakdowns if name in TOLD))
    return one.model_copy(update={"breakdowns": tuple(dict.fromkeys(told))})


def _said(code: str, numbers: Mapping[Place, Numbers]) -> dict[Place, Numbers | int]:
    """What is compared: of a rate and of a share of the whole, the number counted alone."""
    one = _by_child(code)
    found: dict[Place, Numbers | int] = {}
    for (period, by, category), all_three in numbers.items():
        alone = one.out_of == "population" or (by and by == one.of_breakdown)
        said: Numbers | int = all_three[0] if alone else all_three
        left_out = alone and by == one.of_breakdown and category in {"none", "not-known"}
        if by in {"", *one.breakdowns} and not left_out and (said if alone else any(all_three)):
            found[period, by, category] = said
    return found


@pytest.mark.parametrize("code", [*QUARTERLY, *YEARLY])
def test_a_second_implementation_agrees(code: str, worked: Worked) -> None:
    world, results = worked
    second = expected(world, code)
    machine = {
        (row["period"], row["breakdown"], row["category"]): (
            row["counted"], row["of"], row["unknown"],
        )
        for row in results[code]
    }  # fmt: skip
    assert _said(code, machine) == _said(code, second)
    assert len({category for _, by, category in second if by == "locality"}) > 10


def test_a_share_of_the_whole_is_of_the_whole(worked: Worked) -> None:
    _, results = worked
    for period in PERIODS:
        rows = [row for row in results["cp20"] if row["period"] == period]
        (everybody,) = [row for row in rows if not row["breakdown"]]
        shares = [row for row in rows if row["breakdown"] == "concern"]
        assert {row["of"] for row in shares} == {everybody["of"]}
        assert sum(row["counted"] for row in shares) > everybody["of"]


def test_the_median_wait_agrees(worked: Worked) -> None:
    world, results = worked
    for key, (first, last) in PERIODS.items():
        days = sorted(c.value for c in cp29(world, first, last) if c.value is not None)
        middle = len(days) // 2
        median = days[middle] if len(days) % 2 else (days[middle - 1] + days[middle]) / 2
        (row,) = [r for r in results["cp29"] if r["period"] == key and not r["breakdown"]]
        assert row["value"] == median
        assert row["of"] == len(days)


def test_the_world_has_the_edges_it_is_meant_to_have(
    worked: Worked,
) -> None:
    """Every indicator counts some, leaves some out, and knows nothing of some where it can."""
    world, _ = worked
    may_be_unknown = {"cp08", "cp09", "cp10", "cp19", "cp20", "cp24", "cp25", "cp28", "cp29"}
    whole = {"cp01", "cp06", "cp13", "cp15", "cp20", "cp22", "cp29"}
    for code, told in {**QUARTERLY, **YEARLY}.items():
        periods = PERIODS if code in QUARTERLY else YEARS
        cases = [case for days in periods.values() for case in told(world, *days)]
        assert any(case.counted for case in cases), code
        assert code in whole or any(not (c.counted or c.unknown) for c in cases), code
        assert any(case.unknown for case in cases) == (code in may_be_unknown), code
