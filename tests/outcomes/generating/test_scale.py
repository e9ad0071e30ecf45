"""Large tables: every row there, spells apart, the same again."""

import itertools
from pathlib import Path

import pytest

from sightline.children.definitions import dataset
from sightline.kernel.errors import BadInput
from sightline.outcomes.generating.scale import FEWEST, PARTS, write_scale
from sightline.warehouse.engines import engine


def test_a_scale_has_ten_spells_and_a_hundred_half_days_a_child(tmp_path: Path) -> None:
    made = write_scale(tmp_path / "scale", children=200)
    rows = {one.dataset: one.rows for one in made.files}
    assert rows["register-entries"] + rows["care-episodes"] + rows["placements"] == 2_000
    assert rows["attendance"] == 20_000
    with engine("duckdb") as warehouse:
        for code, *_ in PARTS:
            found = warehouse.read(made.path(code))
            assert set(dataset(code).names) <= set(found.columns)
        entries = warehouse.fetch(warehouse.read(made.path("register-entries"))).to_pylist()
    by_child: dict[str, list[dict[str, object]]] = {}
    for row in sorted(entries, key=lambda row: str(row["registered_on"])):
        by_child.setdefault(row["child"], []).append(row)
    for mine in by_child.values():
        for before, after in itertools.pairwise(mine):
            assert before["registered_on"] < before["deregistered_on"] <= after["registered_on"]
    assert any(mine[-1]["deregistered_on"] is None for mine in by_child.values())


def test_the_same_seed_gives_the_same_rows_and_another_others(tmp_path: Path) -> None:
    def rows(name: str, seed: int) -> list[object]:
        made = write_scale(tmp_path / name, children=FEWEST, seed=seed)
        with engine("duckdb") as warehouse:
            table = warehouse.fetch(warehouse.read(made.path("placements")))
        return sorted(table.to_pylist(), key=lambda row: str(row["placement"]))

    assert rows("one", 1) == rows("two", 1)
    assert rows("three", 2) != rows("one-again", 1)


def test_too_few_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="too few"):
        write_scale(tmp_path / "few", children=FEWEST - 1)
