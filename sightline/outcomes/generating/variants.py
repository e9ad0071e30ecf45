"""Whole files that are wrong as files: each a way in which an extract goes astray."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sightline.outcomes.generating.drawing import Draw
from sightline.outcomes.generating.files import text_of

FIRST_NAMES = (
    "Ailsa",
    "Callum",
    "Catriona",
    "Duncan",
    "Eilidh",
    "Fergus",
    "Isla",
    "Hamish",
    "Morag",
)
SURNAMES = (
    "Campbell",
    "Fraser",
    "MacDonald",
    "Morrison",
    "Ross",
    "Stewart",
    "Sutherland",
    "Wilson",
)


@dataclass(frozen=True)
class Variant:
    """A wrong file: what is wrong with it, whose it would be, and its name."""

    kind: str
    dataset: str
    file: str
    words: str


def write_variants(
    folder: Path,
    tables: dict[str, list[list[str]]],
    last_year: dict[str, list[list[str]]],
    seed: int,
) -> list[Variant]:
    """Write one file for each way of being wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    draw = Draw(seed, "variants")
    entries, children = tables["register-entries"], tables["children"]
    whole = text_of(entries)
    contents: list[tuple[Variant, bytes]] = [
        (_variant("wrong-encoding", "register-entries", "written in UTF-16, with accents"),
         text_of([entries[0], *(_accented(row) for row in entries[1:])]).encode("utf-16")),
        (_variant("wrong-delimiter", "register-entries", "fields apart by |"),
         text_of(entries, "|").encode()),
        (_variant("half-a-file", "register-entries", "cut off in the middle of a row"),
         whole[: len(whole) // 2 - 7].encode()),
        (_variant("last-years-file", "register-entries", "the same file as a year ago"),
         text_of(last_year["register-entries"]).encode()),
        (_variant("shifted-columns", "register-entries", "every row one column to the right"),
         text_of([entries[0], *(["", *row[:-1]] for row in entries[1:])]).encode()),
        (_variant("heading-alone", "register-entries", "a heading and no rows: zero, not nothing"),
         text_of(entries[:1]).encode()),
        (_variant("empty", "register-entries", "nothing at all"), b""),
        (_variant("names-in-it", "children", "a column of children's names"),
         text_of(_with_names(children, draw)).encode()),
    ]  # fmt: skip
    for variant, content in contents:
        (folder / variant.file).write_bytes(content)
    return [variant for variant, _ in contents]


def _variant(kind: str, dataset: str, words: str) -> Variant:
    return Variant(kind, dataset, f"{kind}.csv", words)


def _accented(row: Sequence[str]) -> list[str]:
    return [f"{row[0]}é", *row[1:]]


def _with_names(lines: Sequence[Sequence[str]], draw: Draw) -> list[list[str]]:
    found = [[*lines[0], "full_name"]]
    for row in lines[1:]:
        found.append([*row, f"{draw.one_of(FIRST_NAMES)} {draw.one_of(SURNAMES)}"])
    return found
