"""Checks of a return: across its rows, against the totals given, and for what tells of a person.

Faults say what is wrong and never what a cell holds: the return is of children.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sightline.access.scopes import Scope
from sightline.identifiers import Kind as Identifier
from sightline.identifiers.dates import DATE, read_date
from sightline.identifiers.gazetteer import key, words
from sightline.identifiers.numbers import is_chi
from sightline.record_reading.models import Round
from sightline.record_reading.returning import (
    YEARS_OF_CONCERNS,
    family_of,
    population_of,
    populations,
    strata,
    tidied,
)
from sightline.uploads.cells import bare
from sightline.uploads.kinds import Facts, Row, RowFault

MOST_ROWS: Final = 50_000
"""Children in one return; more than any partnership has in scope."""
LARGEST_FAMILY: Final = 12
_TOKENS: Final = re.compile(r"[^\W\d_]{2,}")
_MONTH_FIRST: Final = re.compile(r"^(\d{1,2})([/.-])(\d{1,2})(?=\2\d)")
_SON_OF: Final = re.compile(r"ma?c[a-z]{3,}")
_GROUPED: Final = re.compile(r"[ \-]")
_OLDEST: Final = 27
_YEAR: Final = 365.25
_CHI_DIGITS: Final = 10
_ALONE: Final = 2
TOTALS: Final = "No totals were given for this return"
DIFFERS: Final = "were given and the file has"
_OF_LABELS: Final = frozenset({"reference", "family"})
# What a spreadsheet program makes of the bands 1-4, 5-10 and 11-15; no child's date of birth.
_MANGLED: Final = frozenset({(4, 1), (1, 4), (10, 5), (5, 10)})
_MANGLED_MONTH: Final = dt.date(2015, 11, 1)


# What tells of a person


def tells(name: str, cell: object, *, today: dt.date | None = None) -> Identifier | None:
    """What a cell could tell of a child, beyond what is searched for in every file.

    A return asks for one kind of date and no names, so that any other date within a childhood, a
    number that passes as a CHI number, and a label that is a name are each enough.
    """
    today = today or dt.date.today()
    day = _day_in(cell, today)
    if day is not None:
        return _of_day(name, day, today)
    said = bare(cell)  # type: ignore[arg-type]
    digits = _GROUPED.sub("", said)
    if digits.isdecimal() and digits.isascii() and _CHI_DIGITS - 1 <= len(digits) <= _CHI_DIGITS:
        return Identifier.CHI if is_chi(digits.zfill(_CHI_DIGITS)) else None
    return Identifier.NAME if name in _OF_LABELS and _is_a_name(said) else None


def _day_in(cell: object, today: dt.date) -> dt.date | None:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if not isinstance(cell, str) or not any(map(str.isdigit, cell)):
        return None
    text = cell.strip()
    return _written(text, today) or _written(_MONTH_FIRST.sub(r"\3\2\1", text), today)


def _written(text: str, today: dt.date) -> dt.date | None:
    match = DATE.fullmatch(text)
    return read_date(match, today=today) if match else None


def _of_day(name: str, day: dt.date, today: dt.date) -> Identifier | None:
    years = (today - day).days / _YEAR
    if name == "concern_on":
        return Identifier.DATE_OF_BIRTH if YEARS_OF_CONCERNS < years <= _OLDEST else None
    if name == "age_band" and (day == _MANGLED_MONTH or _is_mangled(day, today)):
        return None
    return Identifier.DATE_OF_BIRTH if 0 <= years <= _OLDEST else None


def _is_mangled(day: dt.date, today: dt.date) -> bool:
    return abs(day.year - today.year) <= 1 and (day.month, day.day) in _MANGLED


def _is_a_name(text: str) -> bool:
    if any(map(str.isdigit, text)):
        return False
    known = words("surnames") | words("first-names")
    parts = [key(one) for one in _TOKENS.findall(text)]
    return any(one in known or _SON_OF.fullmatch(one) for one in parts)


# Across rows


@dataclass
class Counting:
    """What the rows of one file came to; made anew for each reading of it."""

    rows: int = 0
    by_population: Counter[str] = field(default_factory=Counter)
    by_stratum: Counter[str] = field(default_factory=Counter)


@dataclass
class ReturnCheck:
    """The checks of one round's return. `totals` are as the round keeps them."""

    round: Round
    counting: Counting = field(default_factory=Counting)

    def rows(self, rows: Iterable[Row], scope: Scope) -> Iterator[RowFault]:
        """Rows against each other and against the template."""
        self.counting = counting = Counting()
        lies_in, names = population_of(self.round), strata(self.round)
        seen: dict[str, int] = {}
        families: dict[str, list[int]] = {}
        for row in rows:
            counting.rows += 1
            if counting.rows > MOST_ROWS:
                yield RowFault(
                    None, "", f"The return has more than {MOST_ROWS:,} rows",
                    "one row for each child in scope, and nothing else",
                )  # fmt: skip
                return
            values: Any = row.values
            yield from self._one(row, seen, lies_in, names)
            if family := family_of(values["family"]).casefold():
                families.setdefault(family, []).append(row.number)
            stratum = values["stratum"] or next(iter(names))
            counting.by_stratum[stratum] += 1
            counting.by_population[values["population"] or lies_in[stratum]] += 1
        yield from _families(families)

    def _one(
        self, row: Row, seen: dict[str, int], lies_in: Mapping[str, str], names: Mapping[str, str]
    ) -> Iterator[RowFault]:
        values: Any = row.values
        label = tidied(values["reference"]).casefold()
        if label in seen:
            yield RowFault(
                row.number, "reference", "This reference is in the file twice",
                f"one row for each child; the other is row {seen[label]}",
            )  # fmt: skip
        seen.setdefault(label, row.number)
        stratum, population = values["stratum"], values["population"]
        if stratum and population and lies_in[stratum] != population:
            parts = populations(self.round)
            yield RowFault(
                row.number, "stratum", "The stratum is not one of this population",
                f"one of {_of(names, lies_in, population)}; “{names[stratum]}” is of "
                f"“{parts[lies_in[stratum]]}”",
            )  # fmt: skip
        if values["lead_agency"] not in values["agencies"]:
            yield RowFault(
                row.number, "agencies", "The lead agency is not among those that hold records",
                "the lead agency too, if it holds one", stops=False,
            )  # fmt: skip
        if values["care_type"] == "aftercare" and values["age_band"] in _TOO_YOUNG:
            yield RowFault(
                row.number, "age_band", "Aftercare for somebody under 16",
                "16 to 17, or 18 or over", stops=False,
            )  # fmt: skip

    # Against the totals

    def whole(self, facts: Facts) -> Iterator[RowFault]:
        """The counts of the file against the totals given.

        Nothing is said while rows are held back: their strata are not known for certain.
        """
        if facts.rows != self.counting.rows or not facts.rows:
            return
        if not has_totals(self.round.totals):
            wanted = "the totals first, on the page of this return"
            yield RowFault(
                None, "", TOTALS, wanted, stops=bool(self.round.inspection),
            )  # fmt: skip
            return
        explained = bool(self.round.totals.get("why"))
        lines = reconciled(self.round, self.counting.by_population, self.counting.by_stratum)
        for line in _told_once(lines, self.round):
            if line.difference:
                yield RowFault(
                    None, "", f"{line.label}: {line.words}",
                    "as explained beside the totals" if explained
                    else "the same number in both; or say beside the totals why they differ",
                    stops=not explained,
                )  # fmt: skip


def _told_once(lines: Iterable["Line"], round: Round) -> Iterator["Line"]:
    """Each total once, a stratum's with its population named.

    A population of one stratum has one total, which its own line tells.
    """
    lies_in, parts = population_of(round), populations(round)
    layers = Counter(lies_in.values())
    for line in lines:
        if line.kind == "population":
            yield line
        elif layers[lies_in[line.code]] > 1:
            yield replace(line, label=f"{parts[lies_in[line.code]]}, {line.label}")


_TOO_YOUNG: Final = frozenset({"under-1", "1-4", "5-10", "11-15"})


def _of(names: Mapping[str, str], lies_in: Mapping[str, str], population: str) -> str:
    return ", ".join(f"“{names[code]}”" for code in names if lies_in[code] == population)


def _families(families: Mapping[str, list[int]]) -> Iterator[RowFault]:
    for rows in families.values():
        if len(rows) < _ALONE:
            yield RowFault(
                rows[0], "family", "A sibling group of one child",
                "nothing, if no brother or sister is in the return", stops=False,
            )  # fmt: skip
        elif len(rows) > LARGEST_FAMILY:
            yield RowFault(
                rows[0], "family", f"A sibling group of more than {LARGEST_FAMILY} children",
                "a label for each family; only one of a group is drawn", stops=False,
            )  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One total beside what the file has. `given` None: nobody gave it."""

    kind: str
    code: str
    label: str
    given: int | None
    held: int

    @property
    def difference(self) -> int:
        """What the file has beyond the total; 0 where none was given."""
        return 0 if self.given is None else self.held - self.given

    @property
    def words(self) -> str:
        """The difference in words."""
        if self.given is None:
            return f"no total was given, and the file has {self.held:,}"
        if not self.difference:
            return f"{self.given:,} {DIFFERS} as many"
        more = "more" if self.difference > 0 else "fewer"
        by = f"{abs(self.difference):,} {more}"
        return f"{self.given:,} {DIFFERS} {self.held:,}, which is {by}"


def has_totals(totals: Mapping[str, Any]) -> bool:
    """Whether totals were given."""
    return bool(totals.get("populations"))


def reconciled(
    round: Round, by_population: Mapping[str, int], by_stratum: Mapping[str, int]
) -> tuple[Line, ...]:
    """Every total of a round beside the counts of a file: populations first, then strata."""
    given = round.totals
    lines = [
        Line("population", code, words, given.get("populations", {}).get(code),
             by_population.get(code, 0))
        for code, words in populations(round).items()
    ]  # fmt: skip
    lines += [
        Line("stratum", code, words, given.get("strata", {}).get(code), by_stratum.get(code, 0))
        for code, words in strata(round).items()
    ]
    return tuple(lines)
