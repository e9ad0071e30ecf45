"""Frameworks, crosswalks, the scale and the terms of quantity: what a programme names."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from sightline.kernel.definitions import Closed, Definition, Words, WrittenDate
from sightline.kernel.errors import NotFound

IndicatorCode = Annotated[str, Field(pattern=r"^[0-9]{1,2}\.[0-9]{1,2}$")]
"""The number of a quality indicator, always text: `2.1`, `10.1`."""


class TitleStatus(StrEnum):
    """How sure we are that a title is the official wording."""

    VERIFIED = "verified"  # number and title were seen together in a source
    HEADING = "heading"  # the wording was seen as a heading, without its number
    UNVERIFIED = "unverified"  # from recollection; confirm before relying on it


class Source(Closed):
    """Where wording came from: a publication, and the place in it."""

    title: Words
    place: str = ""
    address: str = ""


class Titled(Closed):
    """Something with an official title that may need to be corrected."""

    title: Words
    title_status: TitleStatus
    alternatives: tuple[Words, ...] = ()
    source: Source | None = None

    @model_validator(mode="after")
    def a_seen_title_has_a_source(self) -> "Titled":
        """A title that was seen somewhere says where."""
        if self.title_status is not TitleStatus.UNVERIFIED and self.source is None:
            raise ValueError(f"{self.title!r} is {self.title_status}; say in `source` where.")
        return self


class Indicator(Titled):
    """One quality indicator."""

    code: IndicatorCode


class Area(Titled):
    """One of the ten areas: a group of indicators under one number."""

    number: int = Field(ge=1)
    indicators: tuple[Indicator, ...] = Field(min_length=1)


class Domain(Titled):
    """One of the six domains, with the question it asks. `title` is its short name."""

    question: Words
    question_status: TitleStatus
    question_alternatives: tuple[Words, ...] = ()
    areas: tuple[Area, ...] = Field(min_length=1)


class Framework(Definition):
    """One edition of a quality framework: domains, areas, indicators."""

    title: Words
    edition: Words
    published: WrittenDate
    published_status: TitleStatus
    supersedes: str = ""
    about: Words
    source: Source
    domains: tuple[Domain, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def codes_are_unique_and_in_their_area(self) -> "Framework":
        """No indicator twice; 2.1 stands in area 2."""
        codes = [indicator.code for indicator in self.indicators]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} is given twice; keep one.")
        for area in self.areas:
            for indicator in area.indicators:
                if indicator.code.split(".")[0] != str(area.number):
                    raise ValueError(f"{indicator.code} stands in area {area.number}; move it.")
        numbers = [area.number for area in self.areas]
        if len(set(numbers)) < len(numbers):
            raise ValueError(f"the areas are numbered {numbers}; give each number once.")
        return self

    @property
    def address(self) -> str:
        """How the edition stands in an address: `children-3`."""
        return self.key.replace("@", "-")

    def area_of(self, code: str) -> Area:
        """The area an indicator stands in, or `NotFound`."""
        number = int(self.indicator(code).code.split(".")[0])
        return next(area for area in self.areas if area.number == number)

    @property
    def areas(self) -> tuple[Area, ...]:
        """All areas, in order."""
        return tuple(area for domain in self.domains for area in domain.areas)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators, in order."""
        return tuple(indicator for area in self.areas for indicator in area.indicators)

    def indicator(self, code: str) -> Indicator:
        """The indicator with this code, or `NotFound` naming those there are."""
        for indicator in self.indicators:
            if indicator.code == code:
                return indicator
        known = ", ".join(indicator.code for indicator in self.indicators)
        raise NotFound(f"{self.key} has no indicator {code}. It has: {known}.")


class CrosswalkRow(Closed):
    """What one indicator of the older edition became: none, one or more of the newer."""

    old: IndicatorCode
    new: tuple[IndicatorCode, ...]
    comparable: bool
    note: str = ""


class Crosswalk(Definition):
    """From one edition of a framework to the next."""

    old: str
    new: str
    status: TitleStatus
    note: str = ""
    rows: tuple[CrosswalkRow, ...] = Field(min_length=1)


class Point(Closed):
    """One point of the scale."""

    value: int = Field(ge=1, le=6)
    word: Words
    descriptor: Words
    meaning: Words


class Band(Closed):
    """A named range of points, both ends included: "good or better" is 4 to 6."""

    name: Words
    low: int = Field(ge=1, le=6)
    high: int = Field(ge=1, le=6)

    @model_validator(mode="after")
    def runs_upwards(self) -> "Band":
        """The low end is not above the high end."""
        if self.low > self.high:
            raise ValueError(f"{self.name!r} runs from {self.low} down to {self.high}; swap them.")
        return self


class Scale(Definition):
    """The six-point scale."""

    title: Words
    source: Source
    points: tuple[Point, ...]
    bands: tuple[Band, ...]

    @model_validator(mode="after")
    def points_run_from_6_to_1(self) -> "Scale":
        """Six points, highest first, each once."""
        if [point.value for point in self.points] != [6, 5, 4, 3, 2, 1]:
            raise ValueError("the points must be 6, 5, 4, 3, 2, 1 in that order.")
        words = [point.word.casefold() for point in self.points]
        if len(set(words)) < len(words):
            raise ValueError("two points have one word; give each its own.")
        return self

    def point(self, value: int) -> Point:
        """The point with this value."""
        for point in self.points:
            if point.value == value:
                return point
        raise NotFound(f"{value} is not on the scale; it runs from 1 to 6 in whole points.")

    def value_of(self, word: str) -> int:
        """The value of a word, whatever its capitals."""
        for point in self.points:
            if point.word.casefold() == word.casefold():
                return point.value
        words = ", ".join(point.word for point in self.points)
        raise NotFound(f"{word!r} is not on the scale. The words are: {words}.")

    def band(self, name: str) -> Band:
        """The band with this name."""
        for band in self.bands:
            if band.name == name:
                return band
        known = ", ".join(band.name for band in self.bands) or "none"
        raise NotFound(f"There is no band {name!r}. There are: {known}.")


class Term(Closed):
    """A word for a share, from `low` to `high` whole per cent, both included."""

    word: Words
    low: int = Field(ge=0, le=100)
    high: int = Field(ge=0, le=100)


class Terms(Definition):
    """The standard terms of quantity, which must cover 0 to 100 with no gap and no overlap."""

    title: Words
    source: Source
    terms: tuple[Term, ...] = Field(min_length=1)
    smallest_base: int = Field(ge=0, description="Under this base, counts are given, not a word.")

    @model_validator(mode="after")
    def terms_cover_everything_once(self) -> "Terms":
        """0 to 100, in order, each whole per cent in exactly one term."""
        covered = [share for term in self.terms for share in range(term.low, term.high + 1)]
        if covered != list(range(101)):
            raise ValueError("the terms must cover 0 to 100 in order, with no gap or overlap.")
        return self


class Fraction(Closed):
    """A fraction in words for shares from `low` to `high` whole per cent, both included."""

    words: Words
    low: int = Field(ge=1, le=99)
    high: int = Field(ge=1, le=99)
    also: tuple[Words, ...] = Field(default=(), description="Other spellings that claim the same.")


class Fractions(Definition):
    """Fractions in words, inside the bands of a set of terms."""

    title: Words
    source: Source
    terms: Words = Field(description="The terms inside whose bands they lie, as code@version.")
    phrases: tuple[Fraction, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def a_phrase_and_a_share_mean_one_thing(self) -> "Fractions":
        """No spelling twice, no share in two phrases, no range that runs backwards."""
        spelt = [words for item in self.phrases for words in (item.words, *item.also)]
        shares = [share for item in self.phrases for share in range(item.low, item.high + 1)]
        twice = sorted({words for words in spelt if spelt.count(words) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} is given twice; keep it once.")
        if len(set(shares)) < len(shares) or any(item.low > item.high for item in self.phrases):
            raise ValueError("a share lies in two phrases, or a range runs backwards; mend it.")
        return self
