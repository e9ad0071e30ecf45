"""Reads a list of those who are asked: agency, locality, e-mail address, and names where needed.

Pure but for the file it is given. What is not needed is refused by its heading, before any row is
looked at: a survey that does not work by name takes no names. Every row that cannot be used is
named by its number, as a spreadsheet program counts, and all others go in.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from sightline.kernel.errors import BadInput, Fault, Faults
from sightline.surveys.models import Survey
from sightline.uploads.cells import bare
from sightline.uploads.headings import key
from sightline.warehouse.reading import Broken, Cell, Line, Source, open_table

AT_ONCE: Final = 5_000
"""Rows that are taken inside a request; more are a job."""
MOST_ROWS: Final = 50_000
MOST_FAULTS: Final = 200
LARGEST_MB: Final = 10

AGENCY, LOCALITY, ADDRESS, NAME, INVITED = "agency", "locality", "address", "name", "invited"
_TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    AGENCY: ("agency", "service", "organisation", "employer"),
    LOCALITY: ("locality", "area", "place"),
    ADDRESS: ("e-mail", "email", "e-mail address", "email address", "mail"),
    NAME: ("name", "full name", "first name", "forename", "surname", "last name", "family name",
           "given name", "person", "staff name", "contact name"),
    INVITED: ("invited", "how many invited", "how many", "number invited", "headcount"),
}  # fmt: skip
_KNOWN: Final = {key(title): name for name, titles in _TITLES.items() for title in titles}
_SEARCHED: Final = 20
_FORMULA: Final = re.compile(r"^[=+@\t\r]|^-(?!\w*$)")
_LONGEST: Final = {AGENCY: 60, LOCALITY: 80, ADDRESS: 254, NAME: 200}
_CALLED: Final = {AGENCY: "Agency", LOCALITY: "Locality", ADDRESS: "E-mail", NAME: "Name",
                  INVITED: "How many invited"}  # fmt: skip
WITHOUT_NAMES: Final = frozenset(
    {Survey.Mode.OPEN_LINK, Survey.Mode.GROUP_CODE, Survey.Mode.SINGLE_USE}
)
BY_PERSON: Final = frozenset({Survey.Mode.SINGLE_USE, Survey.Mode.NAMED})


@dataclass(frozen=True)
class Person:
    """One row that can be used. Never printed: it holds an address."""

    row: int
    agency: str
    locality: str
    address: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    invited: int | None = None


@dataclass(frozen=True)
class Listed:
    """What a file holds.

    Attributes:
        people: rows that can be used, in their order.
        faults: rows that cannot, each by its number; without what they say.
        said: what was noticed in reading, for the sender.
    """

    people: tuple[Person, ...]
    faults: tuple[Fault, ...]
    said: tuple[str, ...] = ()


def read(source: Source, mode: str) -> Listed:
    """The rows of a file for a survey of a mode.

    Raises:
        Faults: the headings cannot be used, or there is a column of names that the mode does not
            need; nothing of the file is kept.
        BadInput: it is no table, or has too many rows.
    """
    table = open_table(source)
    heading, places = _heading(list(_first(table.lines())), mode)
    people: list[Person] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for line in table.lines():
        if line.number <= heading or not any(bare(cell) for cell in _plain(line.cells)):
            continue
        if len(people) + len(faults) >= MOST_ROWS:
            raise BadInput(
                f"The list has more than {MOST_ROWS:,} rows. Send it in parts; whoever was in an "
                "earlier part is not asked twice."
            )
        found = _person(line, places, mode, seen)
        (people if isinstance(found, Person) else faults).append(found)  # type: ignore[arg-type]
    if not people and not faults:
        raise BadInput("The list has headings and no rows. Add a row for each person, or group.")
    return Listed(tuple(people), tuple(faults), table.said)


def _first(lines: Iterator[Line]) -> Iterator[Line]:
    for line in lines:
        if line.number > _SEARCHED:
            return
        yield line


def _plain(cells: Collection[Cell]) -> Iterator[str]:
    return (bare(cell) for cell in cells)


def _heading(lines: list[Line], mode: str) -> tuple[int, dict[str, int]]:
    best, most = None, 0
    for line in lines:
        named = len({_KNOWN[key(said)] for said in _plain(line.cells) if key(said) in _KNOWN})
        if named > most:
            best, most = line, named
    if best is None:
        raise Faults(
            "The list",
            [
                Fault(
                    f"Rows 1 to {_SEARCHED}", "No row has the names of the columns.", _wanted(mode)
                )
            ],
        )
    places: dict[str, int] = {}
    faults = []
    for place, said in enumerate(_plain(best.cells)):
        name = _KNOWN.get(key(said))
        fault = _heading_fault(said, name, places, mode)
        if fault:
            faults.append(Fault(f"Row {best.number}", *fault))
        elif name:
            places[name] = place
    needed = ADDRESS if mode == Survey.Mode.SINGLE_USE else ""
    if needed and needed not in places and not faults:
        faults.append(Fault(f"Row {best.number}", "There is no column “E-mail”.", _wanted(mode)))
    if faults:
        raise Faults("The list", faults)
    return best.number, places


def _heading_fault(
    said: str, name: str | None, places: dict[str, int], mode: str
) -> tuple[str, str] | None:
    if not said:
        return None
    if name is None:
        return f"The column “{said[:60]}” is not asked for.", "Delete it, and send the list again."
    if name == NAME and mode in WITHOUT_NAMES:
        return (
            f"The column “{said[:60]}” holds names, and this survey does not need them.",
            "Nothing of the list was kept. Delete the column, and send the list again.",
        )
    if name == INVITED and mode in BY_PERSON:
        return (
            f"The column “{said[:60]}” is not asked for, because each person has a row.",
            "Delete it, and send the list again.",
        )
    if name in places:
        return f"The column “{said[:60]}” is there twice.", "Keep one of them."
    return None


def _wanted(mode: str) -> str:
    names = "“Agency”, “Locality”, “E-mail”"
    if mode == Survey.Mode.NAMED:
        names += ", “Name”"
    elif mode not in BY_PERSON:
        names += ", “How many invited”"
    return f"Columns can be {names}."


def _person(
    line: Line, places: Mapping[str, int], mode: str, seen: dict[str, int]
) -> Person | Fault:
    where = f"Row {line.number}"
    given: dict[str, str] = {}
    for name, place in places.items():
        cell = line.cells[place] if place < len(line.cells) else None
        said = bare(cell)
        if isinstance(cell, Broken) or _FORMULA.match(said):
            return Fault(where, f"“{_CALLED[name]}” is a formula.", "Type what it should say.")
        if len(said) > _LONGEST.get(name, 20):
            return Fault(
                where, f"“{_CALLED[name]}” is too long.", f"{_LONGEST.get(name, 20)} at most."
            )
        given[name] = said
    invited = given.pop(INVITED, "")
    if invited and not invited.isdecimal():
        return Fault(where, "How many are invited is not a whole number.", "Or leave it empty.")
    fault = _missing(given, mode)
    address = given.get(ADDRESS, "").lower()
    if not fault and address:
        fault = _address(address, seen, line.number)
    if fault:
        return Fault(where, *fault)
    return Person(
        line.number, given.get(AGENCY, ""), given.get(LOCALITY, ""), given.get(ADDRESS, ""),
        given.get(NAME, ""), int(invited) if invited else None,
    )  # fmt: skip


def _missing(given: Mapping[str, str], mode: str) -> tuple[str, str] | None:
    if mode == Survey.Mode.SINGLE_USE and not given.get(ADDRESS):
        return "There is no e-mail address.", "Or make codes to hand out instead."
    if mode == Survey.Mode.NAMED and not (given.get(ADDRESS) or given.get(NAME)):
        return "There is neither a name nor an e-mail address.", ""
    if not any(given.values()):
        return "Nothing says who is asked.", "Give an agency, a locality or an e-mail address."
    return None


def _address(address: str, seen: dict[str, int], row: int) -> tuple[str, str] | None:
    try:
        validate_email(address)
    except ValidationError:
        return "The e-mail address is broken.", "One address in a cell, like name@example.org."
    if address in seen:
        return f"The e-mail address is the one of row {seen[address]}.", "It is asked once."
    seen[address] = row
    return None
