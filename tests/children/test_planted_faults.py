"""Every fault the generator plants is found by a load, at its place and in words of its own.

And nothing else is: what rules hold back is of the children faults were planted at, and what they
ask about is little, as it would be of the extracts of a partnership that keeps its records well.
"""

import csv
import datetime as dt
import json
import string
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from sightline.children.building import FAULTS
from sightline.children.models import Build
from sightline.children.queries import build_folder
from sightline.children.rules.definitions import rules
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
}
"""Found in the file itself: what is said of its line."""
BY_RULE = {
    "end-before-start": {"missing-episodes": "V-002"},
    "overlapping-spells": {"register-entries": "V-010", "placements": "V-030b"},
    "shared-number": {"children": "V-001"},
    "no-birth-date": {"children": "V-101"},
    "unknown-child": {"irds": "V-414"},
}
"""Found at that row when a build is made: by which rule."""
ELSEWHERE = {
    "home-by-agreement": ("V-032", "placements", {"placement_type": "home"}),
    "no-concern": ("V-023", "planning-meetings", {"outcome": "registered"}),
}
"""Found at the child's row of another file that it contradicts: by which rule, and which row."""
GAP = "No row at all has"
FEW, SHARE = 3, 0.08
"""What a rule may ask about in a clean extract: so many rows, or this share of them. The highest is
V-159, because meetings that are held late are among what is made up."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Loaded:
    """What was planted, what the command said, the files as text, what the build found."""

    planted: list[Row]
    said: Row
    files: dict[str, list[Row]]
    found: list[Row]

    def line(self, dataset: str, line: int) -> Row:
        """A row of a file, by its line there; the heading is line 1."""
        return self.files[dataset][line - 2]

    def told(self, dataset: str) -> list[Row]:
        """What was said of a file itself."""
        return next(one["faults"] for one in self.said["files"] if one["dataset"] == dataset)


@pytest.fixture
def loaded(tmp_path: Path, db: None, capsys: Any) -> Loaded:
    folder = tmp_path / "spoilt"
    generate(
        folder, setting("strathgarry", children=400, years=2, seed=5), faults=True, known=False
    )
    planted = json.loads((folder / "beside" / "planted.json").read_text())
    call_command("load", str(folder), partnership="fife", output_format="json")
    said = json.loads(capsys.readouterr().out)
    files = {
        path.stem: list(csv.DictReader(path.open(newline="", encoding="utf-8")))
        for path in folder.glob("*.csv")
    }
    path = build_folder(Build.objects.get()) / FAULTS
    names = parquet.names_in(path)
    found = [row for batch in parquet.batches(path, names) for row in batch.to_pylist()]
    return Loaded(planted, said, files, found)


def is_found(one: Row, loaded: Loaded) -> bool:
    """Whether a fault that was planted is told of where it is."""
    kind, dataset, line = one["kind"], one["dataset"], one["line"]
    if kind == "missing-months":
        months = [f"{dt.date.fromisoformat(f'{word}-01'):%B %Y}" for word in _months(one["words"])]
        return any(
            fault["what"].endswith("in " + ", ".join(months)) for fault in loaded.told(dataset)
        )
    if kind in BY_FILE:
        return any(
            place.lstrip(LETTERS).removeprefix("ow ") == str(line)
            for fault in loaded.told(dataset)
            if BY_FILE[kind] in fault["what"]
            for place in fault["places"]
        )
    if kind in BY_RULE:
        wanted = (BY_RULE[kind][dataset], dataset, {line})
    else:
        rule, where, values = ELSEWHERE[kind]
        lines = {
            number
            for number, row in enumerate(loaded.files[where], start=2)
            if row["child"] == one["child"] and values.items() <= row.items()
        }
        wanted = (rule, where, lines)
    return any(
        (fault["rule"], fault["dataset"]) == wanted[:2] and fault["row"] in wanted[2]
        for fault in loaded.found
    )


def _months(words: str) -> Iterator[str]:
    return (word for word in words.split() if word[:2].isdecimal())


def test_each_planted_fault_is_found_at_its_place_and_little_else(loaded: Loaded) -> None:
    said = loaded.said
    assert [one for one in loaded.planted if not is_found(one, loaded)] == []
    assert said["rows"] == said["published"] + said["faulted"]
    assert {kind for one in loaded.planted for kind in [one["kind"]]} == {
        *BY_FILE, *BY_RULE, *ELSEWHERE, "missing-months",
    }  # fmt: skip
    spoilt = {one["child"] for one in loaded.planted} | {
        one["words"].rpartition(" ")[2] for one in loaded.planted if one["kind"] == "shared-number"
    }
    gaps = {
        one["dataset"] for one in said["files"] for fault in one["faults"] if GAP in fault["what"]
    }
    assert gaps == {"irds"}
    clean = [
        fault for fault in loaded.found
        if loaded.line(fault["dataset"], fault["row"]).get("child") not in spoilt
        and getattr(rules()[fault["rule"]].shape, "other", "") not in gaps  # misses what is gone
    ]  # fmt: skip
    assert [fault for fault in clean if fault["severity"] == "E"] == []
    often = Counter((fault["rule"], fault["dataset"]) for fault in clean)
    assert {
        (rule, dataset): times
        for (rule, dataset), times in often.items()
        if times > max(FEW, SHARE * len(loaded.files[dataset]))
    } == {}
