"""Every fault the generator plants is found by a load, at its place and in words of its own."""

import json
import string
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from sightline.children.building import FAULTS, LINKS
from sightline.children.models import Build
from sightline.children.queries import build_folder
from sightline.outcomes.generating.areas import setting
from sightline.outcomes.generating.making_files import generate
from sightline.warehouse import parquet

LETTERS = string.ascii_uppercase
BY_FILE = {
    "ambiguous-date": "has a year of two figures",
    "aged-140": "Born before 1950",
    "duplicate-key": "say different things",
    "unknown-code": "is not one we know",
    "formula": "holds a formula, not its result",
    "in-the-future": "is in the future",
    "empty-required": "is empty",
    "not-a-date": "is not a date",
    "shifted-columns": "is not a date",
    "missing-months": "No row at all has",
}
"""Found in the file itself: what is said of its line."""
BY_RULE = {
    "end-before-start": {"V-002"},
    "overlapping-spells": {"V-010", "V-030b"},
    "shared-number": {"V-001"},
    "no-birth-date": {"V-101"},
}
"""Found at that row when a build is made: by which rules."""
ELSEWHERE = {
    "home-by-agreement": ("placements", "V-032"),
    "no-concern": ("planning-meetings", "V-023"),
}
"""Found at the row of another file that it contradicts."""


@pytest.fixture
def loaded(tmp_path: Path, db: None, capsys: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    folder = tmp_path / "spoilt"
    generate(folder, setting("strathgarry", children=400, years=3, seed=5), faults=True)
    planted = json.loads((folder / "beside" / "planted.json").read_text())
    call_command("load", str(folder), partnership="fife", output_format="json")
    return planted, json.loads(capsys.readouterr().out)


def rows_of(build: Build, name: str) -> list[dict[str, Any]]:
    path = build_folder(build) / name
    return [
        row for batch in parquet.batches(path, parquet.names_in(path)) for row in batch.to_pylist()
    ]


def test_each_planted_fault_is_found_at_its_place(
    loaded: tuple[list[dict[str, Any]], dict[str, Any]],
) -> None:
    planted, said = loaded
    files = {one["dataset"]: one["faults"] for one in said["files"]}
    build = Build.objects.get()
    found = {(one["dataset"], one["row"], one["rule"]) for one in rows_of(build, FAULTS)}
    linked = {(one["dataset"], one["row"]) for one in rows_of(build, LINKS)}
    missed = []
    for one in planted:
        kind, dataset, line = one["kind"], one["dataset"], one["line"]
        if kind in BY_FILE:
            places = [
                place
                for fault in files[dataset]
                if BY_FILE[kind] in fault["what"]
                for place in fault["places"]
            ]
            told = any(place.lstrip(LETTERS) == str(line) or not line for place in places)
        elif kind in BY_RULE:
            told = any((dataset, line, rule) in found for rule in BY_RULE[kind])
        elif kind in ELSEWHERE:
            where, rule = ELSEWHERE[kind]
            told = any((code, by) == (where, rule) for code, _, by in found)
        else:
            told = kind == "unknown-child" and (dataset, line) not in linked
        if not told:
            missed.append(one)
    assert not missed
    assert said["rows"] == said["published"] + said["faulted"]
