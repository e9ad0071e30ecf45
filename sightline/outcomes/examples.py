"""The worked example of an indicator, as its page prints it: rows, and answers by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings

from sightline.children.definitions import datasets
from sightline.kernel.plain_yaml import read

_ANSWER = ("people", "records", "families", "counted", "of", "unknown", "value", "state")


@dataclass(frozen=True)
class ExampleTable:
    """A table of an example."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Example:
    """An example: in words, its tables, and its answers."""

    words: str
    codes: tuple[str, ...]
    needs: tuple[str, ...]
    tables: tuple[ExampleTable, ...]
    answers: ExampleTable


@lru_cache(maxsize=256)
def example_of(key: str) -> Example | None:
    """The example of an indicator `code@version`; None where there is none."""
    path = settings.SIGHTLINE_DEFINITIONS / "examples" / "indicators" / f"{key}.yaml"
    if not path.is_file():
        return None
    data: Mapping[str, Any] = read(path)
    titles = {one.code: one.title for one in datasets()}
    tables = tuple(
        ExampleTable(
            titles.get(code, code),
            tuple(name.replace("_", " ") for name in table["columns"]),
            tuple(tuple(_cell(cell) for cell in row) for row in table["rows"]),
        )
        for code, table in data.get("tables", {}).items()
    )
    needs = tuple(titles.get(code, code) for code in data.get("tables", {}))
    codes = tuple(data.get("tables", {}))
    return Example(data.get("words", ""), codes, needs, tables, _answers(data.get("answers", ())))


def _cell(cell: Any) -> str:
    text = "" if cell is None else str(cell)
    return text or "–"


def _answers(answers: Sequence[Mapping[str, Any]]) -> ExampleTable:
    used = [name for name in _ANSWER if any(name in one for one in answers)]
    rows = tuple(
        (
            one.get("period", ""),
            f"{one['by']}: {one.get('category', '')}" if one.get("by") else "All",
            *(_cell(one.get(name)) for name in used),
        )
        for one in answers
    )
    return ExampleTable("Answers", ("period", "of", *used), rows)
