"""The indicators of looked after children agree with a second implementation, family by family.

Every family of the random world lives in a locality of its own, so one run answers for them all.
Days are drawn from few, so that boundaries meet: ends on a census day, moves on a day, gaps of one.
"""

import datetime as dt
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from sightline.children.definitions import dataset, datasets
from sightline.children.tables import empty, from_rows
from sightline.outcomes.definitions import indicator
from sightline.outcomes.measures.computing import compute, materialise
from sightline.outcomes.measures.places import PLACES, places_table
from sightline.outcomes.measures.views import named
from sightline.warehouse.engines import Engine
from tests.outcomes.measures.looked_after_second import (
    MONTHLY,
    QUARTERLY,
    YEARLY,
    Answer,
    Child,
    Day,
    Row,
)

FAMILIES = 400
YEARS = {f"{y}-{y - 1999}": (Day(y, 8, 1), Day(y + 1, 7, 31)) for y in (2021, 2022, 2023)}
QUARTERS = {
    "2022-23 Q4": (Day(2023, 5, 1), Day(2023, 7, 31)),
    "2023-24 Q2": (Day(2023, 11, 1), Day(2024, 1, 31)),
}
MONTHS = {"2023-24 M01": (Day(2023, 8, 1), Day(2023, 8, 31))}
DAYS = sorted(
    {
        Day(2021, 1, 30), Day(2021, 1, 31), Day(2021, 2, 1), Day(2021, 7, 31), Day(2021, 8, 1),
        Day(2022, 1, 31), Day(2022, 7, 30), Day(2022, 7, 31), Day(2022, 8, 1), Day(2022, 8, 2),
        Day(2023, 1, 31), Day(2023, 2, 1), Day(2023, 5, 1), Day(2023, 7, 31), Day(2023, 8, 1),
        Day(2023, 8, 2), Day(2023, 8, 31), Day(2024, 1, 30), Day(2024, 1, 31), Day(2024, 7, 31),
    }
)  # fmt: skip
TYPES = (
    "home", "home", "kinship", "kinship", "foster-council", "foster-council", "adopters",
    "residential-council", "residential-voluntary", "residential-school", "secure",
)  # fmt: skip
World = Mapping[str, list[Row]]


def maybe(chance: random.Random, *values: Any) -> Any:
    """One of these, or nothing."""
    return chance.choice([*values, None])


def episodes_of(chance: random.Random, child: str) -> list[Row]:
    made = []
    for number in range(chance.choice((0, 1, 1, 2, 2, 3))):
        start, end = sorted(chance.sample([*DAYS, *(d + dt.timedelta(days=1) for d in DAYS)], 2))
        if start == end:
            continue
        made.append(
            {
                "episode": f"{child}{number}",
                "child": child,
                "started_on": start,
                "ended_on": maybe(chance, end, end, end),
                "short_breaks": maybe(chance, False, False, False, True),
                "current_care_plan": maybe(chance, True, False),
                "destination": maybe(chance, "home", "home", "adoption", "died", "not-known"),
            }
        )
    return made


def placements_of(chance: random.Random, episode: Row) -> list[Row]:
    """A chain of placements: most touch, some leave a day or more between, some overlap."""
    last = episode["ended_on"] or DAYS[-1]
    inside = [day for day in DAYS if episode["started_on"] < day <= last]
    moves = sorted(chance.choices(inside, k=min(len(inside), chance.randrange(4))))
    starts = [episode["started_on"], *moves][chance.choice((0, 0, 0, 0, 1)) :]
    made = []
    for number, start in enumerate(starts):
        following = starts[number + 1] if number + 1 < len(starts) else episode["ended_on"]
        slip = chance.choice((0, 0, 0, 1, 1, 2, -3, 40))
        end = None if following is None else max(start, following - dt.timedelta(days=slip))
        made.append(
            {
                "placement": f"{episode['episode']}-{number}",
                "episode": episode["episode"],
                "child": episode["child"],
                "started_on": start,
                "ended_on": maybe(chance, end, end, end, end),
                "placement_type": chance.choice(TYPES),
                "provider": maybe(chance, "council", "independent", None),
                "household": maybe(chance, "F1", "F2", "F2"),
                "out_of_area": maybe(chance, True, False),
                "emergency": maybe(chance, True, False),
                "ending": maybe(chance, "planned", "unplanned", "emergency"),
            }
        )
    return made


def two(chance: random.Random) -> tuple[Day, Day | None]:
    start, end = sorted(chance.sample(DAYS, 2))
    return start, maybe(chance, end, end)


def about(chance: random.Random, child: str, episodes: list[Row]) -> dict[str, list[Row]]:
    """Everything else that is recorded of a child."""
    found: dict[str, list[Row]] = {
        "legal-reasons": [], "register-entries": [], "permanence": [], "missing-episodes": [],
        "deaths": [],
    }  # fmt: skip
    for episode in episodes:
        for reason in chance.sample(["permanence-order", "freed", "cso-away", "section-25"], 2):
            start, end = two(chance)
            found["legal-reasons"].append(
                {
                    "episode": episode["episode"], "child": child, "reason": reason,
                    "started_on": start, "ended_on": end,
                }
            )  # fmt: skip
    if chance.random() < 0.6:
        start, end = two(chance)
        temporary = maybe(chance, True, False)
        found["register-entries"].append(
            {"child": child, "registered_on": start, "deregistered_on": end, "temporary": temporary}
        )
    for day in chance.sample(DAYS, chance.randrange(3)):
        slip = dt.timedelta(days=chance.choice((0, 181, 182, 183)))
        found["permanence"].append({"child": child, "recommended_on": day + slip})
    for number in range(chance.randrange(3)):
        day = chance.choice([Day(2023, 7, 31), Day(2023, 8, 1), Day(2023, 8, 30), Day(2023, 8, 31)])
        found["missing-episodes"].append(
            {
                "episode": f"m{child}{number}",
                "child": child,
                "placement_type": maybe(chance, "residential-council", None, "kinship"),
                "started_at": dt.datetime.combine(day, dt.time(chance.randrange(24))),
            }
        )
    if chance.random() < 0.3:
        found["deaths"].append({"child": child, "died_on": chance.choice(DAYS)})
    return found


def drawn(seed: int) -> list[dict[str, list[Row]]]:
    """Families of up to three children, each with rows of its own."""
    chance = random.Random(seed)  # noqa: S311 - worlds, no secrets
    families = []
    for number in range(FAMILIES):
        family: dict[str, list[Row]] = {"children": [], "care-episodes": [], "placements": []}
        for letter in "ABC"[: chance.choice((1, 2, 3, 3))]:
            child = f"{number}{letter}"
            born = chance.choice(DAYS).replace(year=chance.choice((1997, 1998, 2005, 2006, 2007)))
            shared = maybe(chance, f"family {number}", f"family {number}")
            family["children"].append(
                {
                    "child": child, "date_of_birth": born, "sex": "female", "family": shared,
                    "home_zone": f"Z{number}",
                }
            )  # fmt: skip
            episodes = episodes_of(chance, child)
            family["care-episodes"] += episodes
            for episode in episodes:
                family["placements"] += placements_of(chance, episode)
            for code, rows in about(chance, child, episodes).items():
                family.setdefault(code, []).extend(rows)
        families.append(family)
    return families


def table_of(code: str, families: list[dict[str, list[Row]]]) -> pa.Table:
    if code == PLACES:
        return places_table([(f"Z{n}", "1", f"family {n}") for n in range(FAMILIES)])
    rows = [row for family in families for row in family.get(code, [])]
    return from_rows(dataset(code), rows) if rows else empty(dataset(code))


def told(duck: Engine, families: list[dict[str, list[Row]]]) -> dict[tuple[str, str, int], Answer]:
    """By indicator, period and family, what is counted, known and not known."""
    tables = {
        code: duck.put(table_of(code, families))
        for code in (PLACES, *(one.code for one in datasets()))
    }
    found: dict[tuple[str, str, int], Answer] = {}
    every = {
        code: indicator(code).model_copy(update={"breakdowns": ("locality",)})
        for code in (*YEARLY, *QUARTERLY, *MONTHLY)
    }
    views = materialise(every.values(), tables, duck)
    for codes, periods in ((YEARLY, YEARS), (QUARTERLY, QUARTERS), (MONTHLY, MONTHS)):
        definitions = [every[code] for code in codes]
        results = compute(definitions, tables, list(periods), engine=duck, views=views)
        for row in results.to_pylist():
            if row["breakdown"] == "locality" and row["category"].startswith("family "):
                number = int(row["category"].removeprefix("family "))
                key = (row["indicator"], row["period"], number)
                found[key] = (row["counted"], row["of"] or 0, row["unknown"] or 0)
    return found


SEED = 20260801


@pytest.fixture(scope="module")
def families() -> list[dict[str, list[Row]]]:
    return drawn(SEED)


@pytest.fixture(scope="module")
def answers(
    duck: Engine, families: list[dict[str, list[Row]]]
) -> dict[tuple[str, str, int], Answer]:
    return told(duck, families)


@pytest.mark.parametrize("code", [*YEARLY, *QUARTERLY, *MONTHLY])
def test_both_implementations_agree(
    code: str,
    families: list[dict[str, list[Row]]],
    answers: dict[tuple[str, str, int], Answer],
) -> None:
    which = next(
        (told[code], periods)
        for told, periods in ((YEARLY, YEARS), (QUARTERLY, QUARTERS), (MONTHLY, MONTHS))
        if code in told
    )
    second, periods = which
    shares = indicator(code).out_of in {"base", "average-stock"}
    wrong, seen = [], set()
    for number, family in enumerate(families):
        children = [Child(row, family) for row in family["children"]]
        for period, (first, last) in periods.items():
            expected = second(children, first, last)
            there = answers.get((code, period, number))
            found = there or (0, 0, 0)
            if not shares or (there is None and code in MONTHLY):
                # a count, a rate of people who are not counted here, or a stock that nothing
                # happened to, which has no line of its own
                expected, found = (expected[0], 0, 0), (found[0], 0, 0)
            seen.add(expected)
            if found != expected:
                wrong.append((period, number, found, expected))
    assert wrong == []
    assert len(seen) > 1 + shares, "the families are too much alike to tell anything"


def test_the_types_of_placement_add_up_to_those_whose_placement_is_known(
    duck: Engine, families: list[dict[str, list[Row]]]
) -> None:
    tables = {
        code: duck.put(table_of(code, families))
        for code in (PLACES, "children", "care-episodes", "placements")
    }
    results = compute([indicator("la04")], tables, ["2022-23"], engine=duck).to_pylist()
    by_type = {r["category"]: r for r in results if r["breakdown"] == "placement_type"}
    children = [Child(row, family) for family in families for row in family["children"]]
    placed = [c.placed_on(Day(2023, 7, 31)) for c in children]
    kinds = [p["placement_type"] for p in placed if p]
    assert {kind: by_type[kind]["counted"] for kind in set(kinds)} == {
        kind: kinds.count(kind) for kind in set(kinds)
    }
    whole = next(r for r in results if not r["breakdown"])
    unknown = sum(bool(c.spell_on(Day(2023, 7, 31))) for c in children) - len(kinds)
    assert (whole["counted"], whole["of"], whole["unknown"]) == (len(kinds), len(kinds), unknown)


METHOD = Path(__file__).parents[3] / "docs/methods/M-18-looked-after-indicators.md"


def tables_of_method() -> list[list[list[str]]]:
    """The tables of its worked example, without their headings."""
    text = METHOD.read_text().split("## Worked example")[1].split("\n## ")[0]
    blocks = [block for block in text.split("\n\n") if block.startswith("|")]
    return [
        [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()[2:]]
        for block in blocks
    ]


def test_the_method_says_what_becomes_of_placements(duck: Engine) -> None:
    recorded, stretches = tables_of_method()

    family: dict[str, list[Row]] = {
        "children": [{"child": "A", "date_of_birth": Day(2015, 1, 1), "sex": "female"}],
        "care-episodes": [
            {
                "episode": "1", "child": "A", "started_on": Day(2023, 3, 1),
                "ended_on": Day(2023, 6, 30),
            },
            {"episode": "2", "child": "A", "started_on": Day(2023, 7, 1)},
        ],
        "placements": [
            {
                "placement": code, "episode": "1" if start < "2023-07-01" else "2",
                "child": "A", "started_on": Day.fromisoformat(start),
                "ended_on": Day.fromisoformat(end) if end else None,
                "placement_type": kind, "household": home,
            }
            for code, kind, start, end, home in recorded
        ],
    }  # fmt: skip
    codes = (PLACES, "children", "care-episodes", "placements")
    tables = {code: duck.put(table_of(code, [family])) for code in codes}
    rows = duck.fetch(named("where_placed").build(tables)).to_pylist()
    found = [
        [
            row["placement"] or "not known",
            row["placement_type"] or "",
            *(str(row[name] or "") for name in ("from_on", "until_on", "stay_started_on")),
        ]
        for row in sorted(rows, key=lambda row: row["from_on"])
    ]
    assert found == stretches
    assert {row["spell_started_on"] for row in rows} == {Day(2023, 3, 1)}
