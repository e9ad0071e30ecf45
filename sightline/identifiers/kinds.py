"""What may be found, how sure it is, and what a record itself is known to hold."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """What a found piece of text is."""

    NAME = "name"
    CHI = "chi-number"
    NHS = "nhs-number"
    NATIONAL_INSURANCE = "national-insurance-number"
    CANDIDATE = "candidate-number"
    PUPIL = "pupil-number"
    PASSPORT = "passport-number"
    LICENCE = "driving-licence-number"
    NUMBER = "person-number"
    DATE_OF_BIRTH = "date-of-birth"
    ADDRESS = "address"
    POSTCODE = "postcode"
    EMAIL = "email"
    PHONE = "phone"

    @property
    def words(self) -> str:
        """As a sentence has it, with its article: `a date of birth`."""
        return WORDS[self]

    @property
    def noun(self) -> str:
        """Without the article: `date of birth`."""
        return WORDS[self].split(" ", 1)[1]


WORDS = {
    Kind.NAME: "a name",
    Kind.CHI: "a CHI number",
    Kind.NHS: "an NHS number",
    Kind.NATIONAL_INSURANCE: "a National Insurance number",
    Kind.CANDIDATE: "a Scottish Candidate Number",
    Kind.PUPIL: "a unique pupil number",
    Kind.PASSPORT: "a passport number",
    Kind.LICENCE: "a driving licence number",
    Kind.NUMBER: "a person’s number",
    Kind.DATE_OF_BIRTH: "a date of birth",
    Kind.ADDRESS: "an address",
    Kind.POSTCODE: "a postcode",
    Kind.EMAIL: "an e-mail address",
    Kind.PHONE: "a phone number",
}


class Certainty(IntEnum):
    """How sure a finding is; of two that overlap, the surer stays."""

    POSSIBLE = 1
    LIKELY = 2
    CERTAIN = 3


@dataclass(frozen=True)
class Finding:
    """A piece of a text that could tell who somebody is: `text[start:end]`, which is never kept.

    `why` says by what rule, in words for a person, and never repeats what was found.
    """

    kind: Kind
    start: int
    end: int
    certainty: Certainty
    why: str


@dataclass(frozen=True)
class CellFinding:
    """A cell of a table that could tell who somebody is. Rows of data count from 1."""

    row: int
    column: int
    kind: Kind
    certainty: Certainty
    why: str


@dataclass(frozen=True)
class Known:
    """What the record itself holds of the people in it; found wherever it is written.

    Never shown by `repr`, so that it reaches no log.
    """

    names: Iterable[str] = field(default=(), repr=False)
    dates_of_birth: Iterable[dt.date] = field(default=(), repr=False)
    numbers: Iterable[str] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        """Keep what was given as tuples, so that one-off iterables are read once."""
        for name in ("names", "dates_of_birth", "numbers"):
            object.__setattr__(self, name, tuple(getattr(self, name)))


NOBODY = Known()
