"""Reads the corpus: marked texts, clean cells, names."""

import datetime as dt
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

from sightline.identifiers import NOBODY, Kind, Known
from tests.identifiers import made

CORPUS = Path(__file__).parent / "corpus"
MARK = re.compile(r"\[([a-z-]+):([^\]]*)\]")
SEEDS = {"known": 20_251, "apart": 90_417}


@dataclass(frozen=True)
class Mark:
    """A piece of a text that must be found."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True)
class Marked:
    """A text, what must be found in it, and what the record holds."""

    text: str
    marks: tuple[Mark, ...]
    known: Known = field(default=NOBODY)


def marked(source: str, known: Known = NOBODY) -> Marked:
    """Take the marks out of a text and keep where they stood."""
    text, marks, at = "", [], 0
    for match in MARK.finditer(source):
        text += source[at : match.start()]
        marks.append(Mark(Kind(match[1]), len(text), len(text) + len(match[2])))
        text += match[2]
        at = match.end()
    return Marked(text + source[at:], tuple(marks), known)


def texts(part: str) -> list[Marked]:
    """The written texts of one part, with the made values filled in."""
    rng = random.Random(SEEDS[part])  # noqa: S311 (chance here guards nothing)
    found = []
    for block in (CORPUS / part / "texts.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        known = NOBODY
        source = block
        if block.startswith("held: "):
            first, source = block.split("\n", 1)
            known = _held(first.removeprefix("held: "))
        filled = re.sub(r"@([a-z ]+)@", lambda match: made.value(match[1], rng), source)
        found.append(marked(filled, known))
    return found


def _held(line: str) -> Known:
    names, born, numbers = [], [], []
    for item in line.split("; "):
        if item.startswith("born "):
            born.append(dt.date.fromisoformat(item[5:]))
        elif item.startswith("number "):
            numbers.append(item[7:])
        else:
            names.append(item)
    return Known(names=names, dates_of_birth=born, numbers=numbers)


def lines(part: str, name: str) -> list[str]:
    """The lines of a file of the corpus."""
    return (CORPUS / part / name).read_text(encoding="utf-8").splitlines()


def structured(part: str) -> list[Marked]:
    """Made identifiers in the sentences of one part."""
    rng = random.Random(SEEDS[part] + 1)  # noqa: S311 (chance here guards nothing)
    return [marked(source) for source in made.sentences(part, rng)]


def named(part: str) -> list[Marked]:
    """Names in the sentences of one part, half of them held on the record."""
    rng = random.Random(SEEDS[part] + 2)  # noqa: S311 (chance here guards nothing)
    people = lines("apart", "names.txt") if part == "apart" else made.people(rng, 130)
    return [
        marked(source, Known(names=(held,)) if held else NOBODY)
        for source, held in made.names(part, people, rng)
    ]


def clean(part: str) -> list[str]:
    """Cells and sentences nobody can be identified by, each once."""
    rng = random.Random(SEEDS[part] + 3)  # noqa: S311 (chance here guards nothing)
    return list(dict.fromkeys([*lines(part, "clean.txt"), *made.clean(part, rng)]))
