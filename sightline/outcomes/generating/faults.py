"""Faults planted in extracts, and the list of what was planted where.

Each planter takes the tables (heading and rows of text, by dataset), spoils some cells and says
what it did. A fault never touches a row that another has touched, so that each can be looked for.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from sightline.outcomes.generating.drawing import Draw

LONG_MONTHS: Final = 3
Tables: TypeAlias = dict[str, list[list[str]]]


@dataclass(frozen=True)
class Planted:
    """One fault.

    Attributes:
        kind: which of `KINDS`.
        dataset: whose file.
        line: of the file, the heading being 1; 0 when it is the file as a whole.
        column: its name; empty when it is the row.
        child: whose row, if it is a child's.
        words: what is wrong, and why it matters.
    """

    kind: str
    dataset: str
    line: int
    column: str
    child: str
    words: str


@dataclass
class Bed:
    """The tables being spoilt, and what was planted so far."""

    tables: Tables
    draw: Draw
    until: dt.date
    planted: list[Planted] = field(default_factory=list)
    touched: set[tuple[str, int]] = field(default_factory=set)

    def at(self, dataset: str, column: str) -> int:
        """The place of a column."""
        return self.tables[dataset][0].index(column)

    def value(self, dataset: str, line: int, column: str) -> str:
        """A cell, by line of the file."""
        return self.tables[dataset][line - 1][self.at(dataset, column)]

    def line(self, dataset: str, wanted: Callable[[int], bool] = lambda _: True) -> int:
        """A line that nobody touched and that is wanted; 0 if there is none."""
        lines = [
            line
            for line in range(2, len(self.tables.get(dataset, ())) + 1)
            if (dataset, line) not in self.touched and wanted(line)
        ]
        return self.draw.one_of(lines) if lines else 0

    def spoil(self, kind: str, dataset: str, line: int, column: str, text: str, words: str) -> None:
        """Put a text into a cell, and note it."""
        self.tables[dataset][line - 1][self.at(dataset, column)] = text
        self.note(kind, dataset, line, column, words)

    def note(self, kind: str, dataset: str, line: int, column: str, words: str) -> None:
        """Note a fault of a row or a file."""
        heading = self.tables[dataset][0]
        child = self.value(dataset, line, "child") if line and "child" in heading else ""
        self.planted.append(Planted(kind, dataset, line, column, child, words))
        if line:
            self.touched.add((dataset, line))

    def add(self, kind: str, dataset: str, row: list[str], words: str) -> None:
        """Add a row at the end, and note it."""
        self.tables[dataset].append(row)
        self.note(kind, dataset, len(self.tables[dataset]), "", words)


def ambiguous_date(bed: Bed) -> None:
    """A date that may be two days, in a file whose dates are otherwise plain."""
    line = bed.line("investigations")
    bed.spoil("ambiguous-date", "investigations", line, "started_on", "03/04/21",
              "3 April or 4 March")  # fmt: skip


def overlapping_registration(bed: Bed) -> None:
    """A name placed on the register while it is on it."""
    line = bed.line(
        "register-entries", lambda n: bool(bed.value("register-entries", n, "deregistered_on"))
    )
    row = list(bed.tables["register-entries"][line - 1])
    on, off = (
        bed.at("register-entries", "registered_on"),
        bed.at("register-entries", "deregistered_on"),
    )
    started = dt.date.fromisoformat(row[on])
    middle = started + (dt.date.fromisoformat(row[off]) - started) / 2
    row[on] = middle.isoformat()
    bed.touched.add(("register-entries", line))
    bed.add("overlapping-spells", "register-entries", row, "on the register twice at once")


def overlapping_placement(bed: Bed) -> None:
    """Two placements at once."""
    line = bed.line(
        "placements",
        lambda n: _months(bed, "placements", n, "started_on", "ended_on") > LONG_MONTHS,
    )
    row = list(bed.tables["placements"][line - 1])
    row[bed.at("placements", "placement")] = "PX00001"
    start = bed.at("placements", "started_on")
    row[start] = (dt.date.fromisoformat(row[start]) + dt.timedelta(days=40)).isoformat()
    bed.touched.add(("placements", line))
    bed.add("overlapping-spells", "placements", row, "in two placements at once")


def _months(bed: Bed, dataset: str, line: int, start: str, end: str) -> int:
    first, last = bed.value(dataset, line, start), bed.value(dataset, line, end)
    if not first or not last:
        return 0
    return (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days // 30


def _grown(bed: Bed, line: int) -> bool:
    return bool(bed.value("children", line, "date_of_birth"))


def aged_140(bed: Bed) -> None:
    """A child born 140 years ago."""
    line = bed.line("children", lambda n: _grown(bed, n))
    bed.spoil("aged-140", "children", line, "date_of_birth",
              f"{bed.until.year - 140}-05-17", "a child of 140")  # fmt: skip


def duplicate_key(bed: Bed) -> None:
    """The same child twice, with two sexes."""
    line = bed.line("children", lambda n: bed.value("children", n, "sex") == "male")
    row = list(bed.tables["children"][line - 1])
    row[bed.at("children", "sex")] = "female"
    bed.touched.add(("children", line))
    bed.add("duplicate-key", "children", row, "one reference, two rows that differ")


def missing_months(bed: Bed) -> None:
    """Two months of discussions that never arrived."""
    table = bed.tables["irds"]
    column = bed.at("irds", "started_at")
    months = sorted({row[column][:7] for row in table[1:]})
    middle = months[len(months) // 2 : len(months) // 2 + 2]
    bed.tables["irds"] = [table[0], *(row for row in table[1:] if row[column][:7] not in middle)]
    bed.note("missing-months", "irds", 0, "started_at", f"nothing in {' and '.join(middle)}")


def unknown_code(bed: Bed) -> None:
    """A code on no list."""
    line = bed.line("placements")
    bed.spoil("unknown-code", "placements", line, "placement_type", "boarding", "on no list")


def shifted_columns(bed: Bed) -> None:
    """A row whose cells stand one column to the right."""
    line = bed.line("care-reviews")
    row = bed.tables["care-reviews"][line - 1]
    child = row[0]
    row[:] = ["", *row[:-1]]
    bed.planted.append(
        Planted("shifted-columns", "care-reviews", line, "", child, "one column to the right")
    )
    bed.touched.add(("care-reviews", line))


def formula(bed: Bed) -> None:
    """A cell that a spreadsheet would calculate."""
    line = bed.line("care-episodes")
    bed.spoil("formula", "care-episodes", line, "destination", '=HYPERLINK("//x.invalid","x")',
              "would be calculated when opened")  # fmt: skip


def end_before_start(bed: Bed) -> None:
    """An end before its start."""
    line = bed.line(
        "missing-episodes", lambda n: bool(bed.value("missing-episodes", n, "returned_at"))
    )
    bed.spoil("end-before-start", "missing-episodes", line, "returned_at", "2015-01-01 09:00",
              "back before gone")  # fmt: skip


def in_the_future(bed: Bed) -> None:
    """A date after the extract was made."""
    line = bed.line("core-groups")
    day = bed.until + dt.timedelta(days=400)
    bed.spoil("in-the-future", "core-groups", line, "held_on", day.isoformat(), "not yet")


def empty_required(bed: Bed) -> None:
    """Nothing where something must stand."""
    line = bed.line("hearings")
    bed.spoil("empty-required", "hearings", line, "held_on", "", "no day")


def not_a_date(bed: Bed) -> None:
    """Words where a date should be."""
    line = bed.line("care-visits")
    bed.spoil("not-a-date", "care-visits", line, "report_on", "last Tuesday", "words, no date")


def shared_number(bed: Bed) -> None:
    """Two children with one health number."""
    first = bed.line("children", lambda n: _grown(bed, n))
    bed.touched.add(("children", first))
    second = bed.line("children", lambda n: _grown(bed, n))
    bed.spoil("shared-number", "children", second, "chi", bed.value("children", first, "chi"),
              f"the health number of {bed.value('children', first, 'child')}")  # fmt: skip


def unborn_without_day(bed: Bed) -> None:
    """No date of birth, and no expected one."""
    line = bed.line("children", lambda n: bed.value("children", n, "sex") == "female")
    bed.spoil("no-birth-date", "children", line, "date_of_birth", "", "neither born nor expected")


def unknown_child(bed: Bed) -> None:
    """A row about a child who is not among the children."""
    line = bed.line("irds")
    bed.spoil("unknown-child", "irds", line, "child", "999999", "not among the children")


def at_home_by_agreement(bed: Bed) -> None:
    """Looked after at home with section 25 as the only legal reason."""
    episodes = {
        row[bed.at("placements", "episode")]
        for row in bed.tables["placements"][1:]
        if row[bed.at("placements", "placement_type")] == "home"
    }
    counts: dict[str, int] = {}
    for row in bed.tables["legal-reasons"][1:]:
        key = row[bed.at("legal-reasons", "episode")]
        counts[key] = counts.get(key, 0) + 1
    line = bed.line(
        "legal-reasons",
        lambda n: (
            (key := bed.value("legal-reasons", n, "episode")) in episodes and counts[key] == 1
        ),
    )
    bed.spoil("home-by-agreement", "legal-reasons", line, "reason", "section-25",
              "at home with section 25 alone")  # fmt: skip


def without_concern(bed: Bed) -> None:
    """A registration with no concern recorded."""
    line = bed.line("register-entries")
    child = bed.value("register-entries", line, "child")
    day = bed.value("register-entries", line, "registered_on")
    table = bed.tables["register-concerns"]
    who, when = bed.at("register-concerns", "child"), bed.at("register-concerns", "registered_on")
    bed.tables["register-concerns"] = [
        row for row in table if (row[who], row[when]) != (child, day)
    ]
    bed.note("no-concern", "register-entries", line, "", "registered, and for no concern")


PLANTERS: Final[tuple[Callable[[Bed], None], ...]] = (
    missing_months, without_concern, ambiguous_date, overlapping_registration,
    overlapping_placement,
    aged_140, duplicate_key, unknown_code, formula, end_before_start, in_the_future, empty_required,
    not_a_date, shared_number, unborn_without_day, unknown_child, at_home_by_agreement,
    shifted_columns,
)  # fmt: skip


def plant(tables: Tables, seed: int, until: dt.date) -> list[Planted]:
    """Spoil the tables in every way there is; gives the list of what was planted."""
    bed = Bed(tables, Draw(seed, "faults"), until)
    for planter in PLANTERS:
        planter(bed)
    return bed.planted
