"""Finding in tables: the words of a header and the values under it, read together.

A value is looked at by itself, then by its column: ten digits that pass a check once in eleven
times mean little alone and much when the whole column passes.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sightline.identifiers.dates import DATE, read_date
from sightline.identifiers.gazetteer import fold, key, signs, words
from sightline.identifiers.headers import Heading, heading
from sightline.identifiers.kinds import CellFinding, Certainty, Finding, Kind
from sightline.identifiers.numbers import is_chi, is_nhs
from sightline.identifiers.teams import is_of_places, is_of_team, words_of
from sightline.identifiers.text import find

KIN_OR_ROLE = signs("kin") | signs("roles")
NONE_ALLOWED: Mapping[str, Collection[Kind]] = {}
NO_PLACES: Mapping[str, Collection[str]] = {}
# Values nobody can be told from: a code of letters and then digits, a short number, a share.
HARMLESS = re.compile(
    r"[A-Za-z]{1,4}\d{0,4}(?:[-_/]\d{1,8}){1,3}|[A-Za-z]{1,3}\d{1,3}|S\d{8}|[A-Za-z]{2,4}\d{4,8}"
    r"|[-+£<>≤≥~]?(?:\d{1,8}|\d{0,8}\.\d{0,8}|\d{1,3}(?:,\d{3})+)%?|.{0,2}"
)
ISO_DATE = re.compile(r"((?:19|20)\d\d)-(\d\d)-(\d\d)(?:[T ]00:00(?::00)?)?")
NAME_LIKE = re.compile(r"[^\W\d_][^\W\d_.'’ ,()-]*(?:[ .'’,()-]+[^\W\d_]+){0,4}[.')’]?")
ONE_WORD = re.compile(r"[A-Z][^\W\d_]+(?:['’-][^\W\d_]+)?")
TEXT_KEPT, REMEMBERED = 60, 20_000
SHARE, NAMES_SHARE, LEAST, DISTINCT, YOUNGEST_SPREAD, OLDEST = 0.8, 0.6, 3, 5, 5, 25
DIGITS: Mapping[Kind, tuple[int, int]] = {
    Kind.CHI: (9, 10), Kind.NHS: (9, 10), Kind.CANDIDATE: (8, 9), Kind.PHONE: (9, 13),
    Kind.NUMBER: (4, 12), Kind.PASSPORT: (7, 9),
}  # fmt: skip
DAYS_A_YEAR = 365.25
FIRST_SERIAL, LAST_SERIAL = 7_000, 60_000  # days of 1919 to 2064 as a spreadsheet counts them

Seen = tuple[tuple[Kind, Certainty, str], ...]


def look_at_columns(
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    allowed: Mapping[str, Collection[Kind]] = NONE_ALLOWED,
    teams: Collection[str] = (),
    places: Mapping[str, Collection[str]] = NO_PLACES,
    today: dt.date | None = None,
) -> list[CellFinding]:
    """Every cell that could tell who somebody is, in order of row and column.

    Args:
        header: the words over the columns.
        rows: the data, read once and not kept.
        allowed: by header, the kinds a column may hold.
        teams: headers of columns whose values name teams; a person's name is found there too.
        places: by header, names of places whose words, by themselves, are no person's name there.
        today: the day ages are reckoned on; the day it is, unless given.
    """
    day = today or dt.date.today()
    may = {key(name.strip()): frozenset(kinds) for name, kinds in allowed.items()}
    of_teams = {key(name.strip()) for name in teams}
    of_places = {key(name.strip()): words_of(found) for name, found in places.items()}
    columns = []
    for at, text in enumerate(header):
        said = key(str(text).strip())
        own = of_places.get(said, frozenset())
        allows = may.get(said, frozenset())
        columns.append(Column(at, heading(text), allows, day, said in of_teams, own))
    found: list[CellFinding] = []
    for number, row in enumerate(rows, start=1):
        while len(row) > len(columns):
            columns.append(Column(len(columns), heading(""), frozenset(), day))
        for column, value in zip(columns, row, strict=False):
            if value in column.dull:
                column.filled += 1
            elif value is not None and value != "":
                for kind, certainty, why in column.look(number, value):
                    found.append(CellFinding(number, column.at, kind, certainty, why))
    for column in columns:
        found += column.decided()
    return sorted(found, key=lambda finding: (finding.row, finding.column, finding.kind))


@dataclass
class Suspects:
    """Cells that mean something only if most of their column is like them."""

    rows: list[int] = field(default_factory=list)
    distinct: set[object] = field(default_factory=set)
    places: int = 0

    def add(self, row: int, value: object) -> None:
        self.rows.append(row)
        if len(self.distinct) < REMEMBERED:
            self.distinct.add(value)


@dataclass
class Column:
    """One column while it is read."""

    at: int
    heading: Heading
    allowed: frozenset[Kind]
    today: dt.date
    teams: bool = False
    places: frozenset[str] = frozenset()
    filled: int = 0
    remembered: dict[str, Seen] = field(default_factory=dict)
    dull: set[object] = field(default_factory=set)
    numbers: dict[Kind, Suspects] = field(default_factory=dict)
    dates: Suspects = field(default_factory=Suspects)
    single: Suspects = field(default_factory=Suspects)

    def look(self, row: int, value: object) -> Seen:
        """What one value shows by itself; what needs its column is kept for `decided`."""
        self.filled += 1
        if isinstance(value, str):
            return self._text(row, value)
        if isinstance(value, bool):
            return ()
        if isinstance(value, dt.date):
            date = value.date() if isinstance(value, dt.datetime) else value
            return self._date(row, date)
        if isinstance(value, int | float):
            return self._number(row, value)
        return self._text(row, str(value))

    def _text(self, row: int, text: str) -> Seen:
        if self.heading.kind is None and HARMLESS.fullmatch(text):
            return ()
        seen = self.remembered.get(text)
        if seen is None:
            iso = ISO_DATE.fullmatch(text)
            if iso is not None or (DATE.fullmatch(text.strip()) and any(map(str.isdigit, text))):
                return self._written_date(row, text.strip())
            seen = self._kept(self._fresh(text))
            if len(text) <= TEXT_KEPT and len(self.remembered) < REMEMBERED:
                self.remembered[text] = seen
        if not seen and not self._suspect_text(row, text) and len(self.dull) < REMEMBERED:
            self.dull.add(text)
        return seen

    def _fresh(self, text: str) -> Seen:
        kind = self.heading.kind
        stripped = text.strip()
        if kind is not None and self._as_headed(kind, stripped):
            return ((kind, Certainty.CERTAIN, "the words over the column say so"),)
        seen: dict[Kind, tuple[Kind, Certainty, str]] = {}
        if self.teams or self.places:
            text = fold(text).text  # findings are to stand where its words are read
        for finding in find(text, today=self.today):
            if finding.certainty > Certainty.POSSIBLE and not self._no_person(text, finding):
                seen.setdefault(finding.kind, (finding.kind, finding.certainty, finding.why))
        return tuple(seen.values())

    def _no_person(self, text: str, finding: Finding) -> bool:
        """Whether what reads like a name is a place or a team, as this column may hold."""
        if finding.kind is not Kind.NAME or finding.certainty > Certainty.LIKELY:
            return False
        return is_of_places(text, finding, self.places) or (
            self.teams and is_of_team(text, finding)
        )

    def _as_headed(self, kind: Kind, text: str) -> bool:
        """Whether a text can be what its header says; `Not known` is not a name."""
        if kind in DIGITS:
            least, most = DIGITS[kind]
            digits = re.sub(r"\D", "", text)
            return least <= len(digits) <= most and not digits.startswith(("03", "08", "0000000"))
        if kind is Kind.NAME:
            return bool(NAME_LIKE.fullmatch(text)) and not self._nobody(text)
        if kind is Kind.ADDRESS:
            return any(map(str.isdigit, text)) and any(map(str.isalpha, text)) and len(text) > LEAST
        return False

    @staticmethod
    def _nobody(text: str) -> bool:
        parts = [key(part) for part in re.split(r"[ ,.()-]+", text) if part]
        return len("".join(parts)) < LEAST or all(
            part in words("not-names") or part in KIN_OR_ROLE or len(part) == 1 for part in parts
        )

    def _kept(self, seen: Seen) -> Seen:
        return tuple(one for one in seen if one[0] not in self.allowed)

    def _suspect_text(self, row: int, text: str) -> bool:
        """Keep a text that its column may tell more of; whether it was kept."""
        stripped = text.strip()
        if stripped[:1].isdigit():
            return self._suspect_digits(row, re.sub(r"[ -]", "", stripped))
        if ONE_WORD.fullmatch(stripped):
            word = key(stripped)
            if word in words("surnames") or word in words("first-names"):
                self.single.add(row, word)
                self.single.places += word in words("places")
                return True
        return False

    def _suspect_digits(self, row: int, digits: str) -> bool:
        if not digits.isdecimal() or len(digits) not in {9, 10}:
            return False
        kept = False
        whole = digits.zfill(10)
        for kind, good in (
            (Kind.CHI, is_chi(whole)),
            (Kind.NHS, len(digits) == len(whole) and is_nhs(digits)),
            (Kind.PHONE, len(digits) == len(whole) and digits[0] == "7"),
        ):
            if good:
                self.numbers.setdefault(kind, Suspects()).add(row, digits)
                kept = True
        return kept

    def _number(self, row: int, value: int | float) -> Seen:
        if value != int(value) if value == value and abs(value) != float("inf") else True:  # noqa: PLR0124
            return ()
        digits = str(int(value))
        kind = self.heading.kind
        if kind is Kind.DATE_OF_BIRTH and FIRST_SERIAL <= value <= LAST_SERIAL:
            return self._kept(((kind, Certainty.LIKELY, "the words over the column say so"),))
        if kind is not None and len(digits) > LEAST and self._as_headed(kind, digits):
            return self._kept(((kind, Certainty.CERTAIN, "the words over the column say so"),))
        self._suspect_digits(row, digits)
        return ()

    def _written_date(self, row: int, text: str) -> Seen:
        match = DATE.fullmatch(text)
        date = read_date(match, today=self.today) if match else None
        if date is None:
            return ()
        return self._date(row, date)

    def _date(self, row: int, date: dt.date) -> Seen:
        if self.heading.kind is Kind.DATE_OF_BIRTH:
            sure = (Kind.DATE_OF_BIRTH, Certainty.CERTAIN, "the words over the column say so")
            return self._kept((sure,))
        age = (self.today - date).days / DAYS_A_YEAR
        if not self.heading.event and 0 <= age <= OLDEST:
            self.dates.add(row, date)
        return ()

    def decided(self) -> Iterator[CellFinding]:
        """What the column as a whole shows."""
        for kind, suspects in self.numbers.items():
            if len(suspects.rows) >= SHARE * self.filled:
                why = "most of the column has the digits of one"
                yield from self._all(suspects, kind, why)
        if len(self.dates.rows) >= max(LEAST, SHARE * self.filled):
            days = sorted(day for day in self.dates.distinct if isinstance(day, dt.date))
            if (days[-1] - days[0]).days >= YOUNGEST_SPREAD * DAYS_A_YEAR:
                why = "dates of many years, and no word over them for anything that happened"
                yield from self._all(self.dates, Kind.DATE_OF_BIRTH, why)
        many = len(self.single.rows) >= NAMES_SHARE * self.filled
        placed = self.single.places > len(self.single.rows) / 2
        if many and not placed and len(self.single.distinct) >= DISTINCT:
            why = "most of the column is first names or surnames in use"
            yield from self._all(self.single, Kind.NAME, why)

    def _all(self, suspects: Suspects, kind: Kind, why: str) -> Iterator[CellFinding]:
        if kind not in self.allowed:
            for row in suspects.rows:
                yield CellFinding(row, self.at, kind, Certainty.POSSIBLE, why)
