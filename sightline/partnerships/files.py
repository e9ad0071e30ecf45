"""Reading a file of reference data: recognised by its columns, checked whole, nothing written.

Files are streamed row by row. Faults carry the line in the file; the first few are listed and the
rest are counted.
"""

import csv
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from sightline.kernel.errors import BadInput, Fault, Faults, NotFound
from sightline.partnerships.datasets import OLDEST, Dataset, DatasetKind

MOST_FAULTS: Final = 30
LARGEST: Final = 200_000_000
MOST_PEOPLE: Final = 10_000_000
CLOSE_ENOUGH: Final = 100
"""The whole of a file may differ from its definition by one part in this many."""
ZONE_DIGITS: Final = 9


@dataclass(frozen=True)
class ZoneRow:
    """A data zone as a file gives it, with the code of the partnership of its council."""

    line: int
    code: str
    partnership: str
    intermediate_zone: str


@dataclass(frozen=True)
class RankRow:
    """The ranks of a data zone."""

    zone: str
    overall: int
    domains: Mapping[str, float]
    people: int | None
    working_age: int | None


@dataclass(frozen=True)
class PeopleRow:
    """People of one place and sex; `ages` is null where the file gives totals alone."""

    line: int
    place: str
    name: str
    sex: str
    people: int
    ages: tuple[int, ...] | None


@dataclass
class Table:
    """A whole file, read and found in order."""

    dataset: Dataset
    file_name: str
    sha256: str
    rows: int = 0
    zones: list[ZoneRow] = field(default_factory=list)
    ranks: list[RankRow] = field(default_factory=list)
    people: list[PeopleRow] = field(default_factory=list)

    @property
    def places(self) -> set[str]:
        """The data zones or councils it is about."""
        if self.dataset.kind is DatasetKind.DEPRIVATION:
            return {zone.code for zone in self.zones}
        return {row.place for row in self.people}


class _Faults(list[Fault]):
    """Faults of one file; past the first few they are only counted."""

    more = 0

    def add(self, line: int, what: str, mend: str = "") -> None:
        """Keep a fault of a line; 0 is the whole file."""
        if len(self) < MOST_FAULTS:
            self.append(Fault(f"line {line}" if line else "", what, mend))
        else:
            self.more += 1

    def raise_for(self, name: str) -> None:
        """Raise `Faults` if there are any."""
        if self.more:
            self.append(Fault("", f"and {self.more:,} more.", "Mend these first."))
        if self:
            raise Faults(name, self)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def header_of(path: Path) -> list[str]:
    """The first line of a CSV file, byte-order mark taken off.

    Raises:
        BadInput: it is not there, not text, empty, too large, or no CSV.
    """
    if not path.is_file():
        raise BadInput(f"{path} is not a file; give the path of a CSV file.")
    if path.stat().st_size > LARGEST:
        raise BadInput(f"{path.name} is larger than {LARGEST // 1_000_000} MB; it is no such file.")
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise BadInput(f"{path.name} is a workbook; save its sheet of data as CSV, UTF-8.")
    return next(_lines(path), (0, []))[1]


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line it ends on."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for row in reader:
                yield reader.line_num, row
    except UnicodeDecodeError as fault:
        raise BadInput(
            f"{path.name}: byte {fault.start} is not UTF-8; save the file as CSV, UTF-8."
        ) from None
    except csv.Error as fault:
        raise BadInput(f"{path.name}: it is not CSV ({fault}); save it as CSV anew.") from None


def recognise(path: Path, known: Sequence[Dataset], wanted: str = "") -> Dataset:
    """Which dataset a file is, by its columns; by its name where several have the same.

    Args:
        path: a CSV file.
        known: the datasets there are.
        wanted: code of the dataset it is said to be, empty to find out.

    Raises:
        BadInput: it is none, or could be several and nothing says which.
    """
    header = header_of(path)
    fits = [one for one in known if one.headings(header) is not None]
    if wanted:
        chosen = [one for one in fits if one.code == wanted]
        if not chosen:
            raise BadInput(_not_that_one(path, header, next(d for d in known if d.code == wanted)))
        return chosen[0]
    name = path.name.casefold()
    named = [one for one in fits if any(part.casefold() in name for part in one.file_names)]
    if len(fits) > 1 and len(named) == 1:
        return named[0]
    if len(fits) == 1:
        return fits[0]
    codes = ", ".join(one.code for one in fits or known)
    if fits:
        raise BadInput(
            f"{path.name} could be any of: {codes}. Nothing in it says which year it is of; say so "
            "with --dataset."
        )
    first = ", ".join(header[:6]) or "nothing"
    raise BadInput(
        f"{path.name} is no dataset known here: its columns begin {first}. Known are: {codes}; "
        "their columns are in definitions/reference."
    )


def _not_that_one(path: Path, header: list[str], dataset: Dataset) -> str:
    said = "; ".join(f"{name}: {' or '.join(names)}" for name, names in dataset.columns.items())
    ages = ", and a column for each year of age" if dataset.ages else ", and no columns of ages"
    return (
        f"{path.name} is not {dataset.code}: its columns begin {', '.join(header[:6])}. "
        f"{dataset.code} has {said}{ages}."
    )


def read(path: Path, dataset: Dataset, *, find_council: Callable[[str], str]) -> Table:
    """Read a file whole and check it by itself.

    Args:
        path: a CSV file that `recognise` found to be of this dataset.
        dataset: what it must hold.
        find_council: gives the code of a partnership by the name or code of its council, or raises
            `NotFound`.

    Raises:
        Faults: every fault with its line: wrong counts, rows given twice, numbers that are none,
            sexes that do not add up, ranks that are not one for each zone.
    """
    table = Table(dataset, path.name, sha256_of(path))
    faults = _Faults()
    reader = _Reader(dataset, table, faults, lru_cache(maxsize=1000)(find_council))
    rows = _lines(path)
    _, header = next(rows)
    at = dataset.headings(header)
    if at is None:
        raise BadInput(_not_that_one(path, header, dataset))
    wide = len(header)
    for line, row in rows:
        if not row:
            continue
        table.rows += 1
        if len(row) != wide:
            faults.add(line, f"{len(row)} cells under {wide} headings.", "Check its commas.")
            continue
        reader.take(line, row, at)
    reader.check_whole()
    faults.raise_for(path.name)
    return table


def whole_number(text: str) -> int:
    """A count: `547`, `547.0` and `1,234` are read; anything that is not a whole number is refused.

    Raises:
        ValueError: it is not.
    """
    try:
        number = int(text)
    except ValueError:
        exact = float(text.replace(",", ""))
        number = int(exact)
        if number != exact:
            raise ValueError(text) from None
    if not 0 <= number <= MOST_PEOPLE:
        raise ValueError(text)
    return number


class _Reader:
    """Takes the rows of one file into its table."""

    def __init__(
        self, dataset: Dataset, table: Table, faults: _Faults, find_council: Callable[[str], str]
    ) -> None:
        self.dataset, self.table, self.faults = dataset, table, faults
        self.find_council = find_council
        self.seen: dict[tuple[str, str], int] = {}

    def take(self, line: int, row: list[str], at: Mapping[str, int]) -> None:
        """Take one row, or keep its faults."""
        taking = {
            DatasetKind.DEPRIVATION: self._take_ranks,
            DatasetKind.ZONE_POPULATION: self._take_people,
            DatasetKind.COUNCIL_POPULATION: self._take_people,
        }[self.dataset.kind]
        try:
            taking(line, row, at)
        except (OverflowError, ValueError) as fault:
            what = str(fault).removeprefix("could not convert string to float: ").strip("'")
            self.faults.add(line, f"{what!r} is not a number that can stand here.", "Check it.")
        except NotFound as fault:
            self.faults.add(line, str(fault))

    def _zone_code(self, line: int, text: str) -> str:
        code = text.strip().upper()
        if len(code) != ZONE_DIGITS or not code.startswith("S01") or not code[1:].isdigit():
            self.faults.add(
                line, f"{text!r} is no code of a data zone.", "Codes read S01 and six digits."
            )
            return ""
        return code

    def _is_new(self, line: int, place: str, sex: str = "") -> bool:
        before = self.seen.setdefault((place, sex), line)
        if before != line:
            whose = f" for {sex}" if sex else ""
            self.faults.add(line, f"{place}{whose} is on line {before} too.", "Keep one.")
        return before == line

    def _take_ranks(self, line: int, row: list[str], at: Mapping[str, int]) -> None:
        code = self._zone_code(line, row[at["zone"]])
        if not code or not self._is_new(line, code):
            return
        intermediate = row[at["intermediate_zone"]].strip() if "intermediate_zone" in at else ""
        council = self.find_council(row[at["council"]])
        ranks = RankRow(
            zone=code,
            overall=whole_number(row[at["overall"]]),
            domains={name: self._rank(row[at[f"domain {name}"]]) for name in self.dataset.domains},
            people=whole_number(row[at["people"]]) if "people" in at else None,
            working_age=whole_number(row[at["working_age"]]) if "working_age" in at else None,
        )
        self.table.zones.append(ZoneRow(line, code, council, intermediate))
        self.table.ranks.append(ranks)

    def _rank(self, text: str) -> float:
        rank = float(text)
        if not 1 <= rank <= self.dataset.zones:
            raise ValueError(text)
        return int(rank) if rank == int(rank) else rank

    def _take_people(self, line: int, row: list[str], at: Mapping[str, int]) -> None:
        place = self._place(line, row, at)
        sex = "persons"
        if "sex" in at:
            said = row[at["sex"]].strip()
            sex = self.dataset.sexes.get(said, "")
            if not sex:
                known = ", ".join(self.dataset.sexes)
                self.faults.add(line, f"the sex {said!r} is not one of {known}.", "Check it.")
        if not place or not sex or not self._is_new(line, place, sex):
            return
        ages = None
        if self.dataset.ages:
            ages = tuple([whole_number(row[at[f"age {age}"]]) for age in range(OLDEST + 1)])
        total = whole_number(row[at["total"]])
        if ages is not None and sum(ages) != total:
            self.faults.add(
                line, f"the ages come to {sum(ages):,}, and the total is {total:,}.", "Check both."
            )
        name = row[at["name"]].strip() if "name" in at else ""
        self.table.people.append(PeopleRow(line, place, name, sex, total, ages))

    def _place(self, line: int, row: list[str], at: Mapping[str, int]) -> str:
        if self.dataset.kind is DatasetKind.ZONE_POPULATION:
            return self._zone_code(line, row[at["zone"]])
        code = row[at["council_code"]].strip()
        council = self.find_council(code)
        if "name" in at:
            name = row[at["name"]]
            if self.find_council(name) != council:
                self.faults.add(line, f"{code} is not the code of {name}.", "Check both.")
                return ""
        return council

    def check_whole(self) -> None:
        """What only the whole file shows."""
        dataset, table = self.dataset, self.table
        if table.rows != dataset.rows:
            self.faults.add(
                0,
                f"it has {table.rows:,} rows, and {dataset.code} has {dataset.rows:,}.",
                "Check that the file is whole, and of this vintage.",
            )
        if dataset.kind is DatasetKind.DEPRIVATION:
            self._check_ranks()
        else:
            self._check_sexes()
            self._check_people()

    def _check_ranks(self) -> None:
        owners: dict[int, str] = {}
        for zone, rank in zip(self.table.zones, self.table.ranks, strict=True):
            if not 1 <= rank.overall <= self.dataset.zones:
                self.faults.add(
                    zone.line, f"rank {rank.overall:,} is outside 1 to {self.dataset.zones:,}."
                )
            elif owners.setdefault(rank.overall, rank.zone) != rank.zone:
                self.faults.add(
                    zone.line,
                    f"rank {rank.overall:,} belongs to {owners[rank.overall]} already.",
                    "Each zone has a rank of its own.",
                )

    def _check_sexes(self) -> None:
        """Everybody is females and males together; then everybody need not be kept."""
        held: dict[str, dict[str, PeopleRow]] = {}
        for row in self.table.people:
            held.setdefault(row.place, {})[row.sex] = row
        wanted = set(self.dataset.sexes.values()) or {"persons"}
        for place, rows in held.items():
            line = next(iter(rows.values())).line
            missing = sorted(wanted - set(rows))
            if missing:
                self.faults.add(line, f"{place} has no row for {', '.join(missing)}.")
            elif {"persons", "female", "male"} <= set(rows):
                whole, parts = rows["persons"], (rows["female"], rows["male"])
                if not _adds_up(whole, parts):
                    self.faults.add(
                        whole.line,
                        f"{place}: females and males do not add up to everybody.",
                        "Check the three rows.",
                    )
        if {"persons", "female", "male"} <= wanted:
            self.table.people = [row for row in self.table.people if row.sex != "persons"]

    def _check_people(self) -> None:
        counted = sum(row.people for row in self.table.people)
        expected = self.dataset.people
        if not self.faults and expected and abs(counted - expected) * CLOSE_ENOUGH > expected:
            self.faults.add(
                0,
                f"it counts {counted:,} people, and {self.dataset.code} about {expected:,}.",
                "Check that it is this vintage.",
            )


def _adds_up(whole: PeopleRow, parts: tuple[PeopleRow, PeopleRow]) -> bool:
    first, second = parts
    if whole.people != first.people + second.people:
        return False
    if whole.ages is None or first.ages is None or second.ages is None:
        return True
    pairs = zip(whole.ages, first.ages, second.ages, strict=True)
    return all(together == one + other for together, one, other in pairs)
