"""Templates of record reading: sections of items, and the lists that answers come from.

`definitions/record-reading/<code>@<version>.yaml` is a template; `answers@1.yaml` in its folder
`lists` holds the lists of answers, and the bands results are read by. The code of an item means the
same in every template; `comparable` says with which other templates' wording it may be compared.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from django.conf import settings
from pydantic import Field

from sightline.kernel.definitions import Closed, Code, Definition, Registry, Words

Kind = Literal["one", "by-agency", "many", "text"]
"""One answer of a list; one for each agency; any number of a list; words."""

SIX_POINT: Final = "six-point"
"""The list whose answers are `1` to `6`, and need the related document to be there."""

NOT_EXPECTED: Final = "not-expected"
"""The answer of an item that does not apply to the child: it is in no base."""

NEEDS_WHY: Final = frozenset({"1", "2", "6"})
"""Answers of six-point items that need a reason."""


class Option(Closed):
    """One answer. `value` places it on a scale, 1 the lowest; None for those on no scale."""

    code: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    label: Words
    value: int | None = None


class AnswerList(Closed):
    """Answers that items share. `bands` are sets of them that results are read by."""

    title: Words
    options: tuple[Option, ...] = Field(min_length=2)
    bands: Mapping[str, tuple[str, ...]] = {}
    status: Literal["stated", "observed", "inferred"] = "inferred"


class AnswerLists(Definition):
    """Every list by its code."""

    lists: Mapping[str, AnswerList]


class OnlyIf(Closed):
    """Asked only where another item of the template has one of these answers."""

    item: Code
    answers: tuple[str, ...] = Field(min_length=1)


class Comparable(Closed):
    """How an item stands to the same code in another template."""

    template: str = Field(pattern=r"^[a-z0-9-]+@[1-9][0-9]*$")
    how: Literal["same", "reworded", "not"]
    why: Words | None = None


class Item(Closed):
    """One question about a record.

    Attributes:
        code: stays the same for as long as the question means the same, in every template.
        wording: grows when its words or answers change.
        short: for tables and charts.
        guidance: beside the question, what good looks like; `good` are worked examples, each with
            the answer that it has.
        list: the code of its list of answers; empty for words.
        only_if: the item is asked, and counted, only there; `base` says in words what it is counted
            of then, such as "records with a plan".
        strata: asked of these strata alone; empty of all.
        agencies: of an item asked about each agency, which.
        links: indicators of the quality framework it speaks to.
        status: how sure it is that such a question is asked (`observed` in published reports).
    """

    code: Code
    wording: int = Field(default=1, ge=1)
    kind: Kind = "one"
    text: Words
    short: Words
    guidance: Words | None = None
    good: tuple[Words, ...] = ()
    list: str = ""
    only_if: OnlyIf | None = None
    base: Words | None = None
    strata: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    status: Literal["observed", "inferred"] = "observed"
    comparable: tuple[Comparable, ...] = ()

    @property
    def is_quality(self) -> bool:
        """Whether it is answered on the six-point scale."""
        return self.list == SIX_POINT


class Section(Closed):
    """Items on one page. `letter` is how the method names the section."""

    code: Code
    letter: str = Field(pattern=r"^[A-M]$")
    title: Words
    about: Words | None = None
    items: tuple[Item, ...] = Field(min_length=1)


class Stratum(Closed):
    """A stratum that records are drawn by. `population` is the part of the return it lies in."""

    code: Code
    label: Words
    population: Code
    agencies: tuple[str, ...] = ()
    """Agencies whose records are read for such a child."""


class Population(Closed):
    """A part of the return that has a total of its own."""

    code: Code
    label: Words
    about: Words


class TemplateDefinition(Definition):
    """What is asked of every record of a round.

    Attributes:
        programme: the inspection programme it belongs to; empty for local audits.
        populations, strata: what the return has and the sample is drawn by.
        minutes: how long one record takes, as readers are told.
        content_note: what readers are told about what they will read.
        source: where its topics come from, and how sure that is.
    """

    title: Words
    programme: str = ""
    minutes: int = Field(default=75, ge=5, le=300)
    content_note: Words
    source: Words
    populations: tuple[Population, ...] = Field(min_length=1)
    strata: tuple[Stratum, ...] = Field(min_length=1)
    sections: tuple[Section, ...] = Field(min_length=1)

    def items(self) -> Iterator[Item]:
        """Every item in order."""
        for section in self.sections:
            yield from section.items

    def item(self, code: str) -> Item:
        """The item of a code; `KeyError` where there is none."""
        for item in self.items():
            if item.code == code:
                return item
        raise KeyError(code)

    def section(self, code: str) -> Section:
        """The section of a code; `KeyError` where there is none."""
        for section in self.sections:
            if section.code == code:
                return section
        raise KeyError(code)


def load(folder: Path) -> Registry[TemplateDefinition]:
    """Every template; `Faults` names file, field and mend of all that is wrong."""
    return Registry.load(TemplateDefinition, folder / "record-reading")


def load_lists(folder: Path) -> AnswerLists:
    """The lists of answers; raises as `load`, `NotFound` where there is no file of them."""
    return Registry.load(AnswerLists, folder / "record-reading" / "lists").get("answers@1")


@lru_cache(maxsize=1)
def registry() -> Registry[TemplateDefinition]:
    """The templates, read once."""
    return load(Path(settings.SIGHTLINE_DEFINITIONS))


@lru_cache(maxsize=1)
def answer_lists() -> AnswerLists:
    """The lists of answers, read once."""
    return load_lists(Path(settings.SIGHTLINE_DEFINITIONS))
