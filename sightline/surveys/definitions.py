"""Questionnaires as definitions: sections of items, lists of choices, routing, texts by language.

Shipped ones are `definitions/surveys/<code>@<version>.yaml`; those that an area makes lie in the
database under the same schema (`models.Questionnaire`). Routing and constraints are expressions of
ODK forms (XPath 1.0 with `${item}`), so that a form made elsewhere runs here and ours run there;
`expressions` reads them.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

from django.conf import settings
from pydantic import Field, PrivateAttr

from sightline.kernel.definitions import Closed, Definition, Registry, Words

ItemCode = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]*$")]
"""As it is written in expressions and in files of results; the same in every version."""

ChoiceCode = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
Texts = Mapping[str, Words]
"""A text by language code; the questionnaire's first language is always there."""

Kind = Literal["one", "many", "scale", "frequency", "text", "number", "date", "note", "calculate"]
Audience = Literal["child", "young-person", "parent-carer", "staff", "anyone"]
AUDIENCES: Final[tuple[str, ...]] = ("child", "young-person", "parent-carer", "staff", "anyone")
CHOSEN: Final = frozenset({"one", "scale", "frequency"})
"""Kinds that are answered with one choice of a list."""

DONT_KNOW: Final = "!dont-know"
"""What stands in the place of an answer for "I don't know", whatever the kind of question."""

PREFER_NOT: Final = "!prefer-not"
"""The same for "I don't want to say". A question that was skipped has no answer at all."""


class Choice(Closed):
    """One option: `value` places it on a scale (1 lowest); `filters` is what filters look at."""

    code: ChoiceCode
    label: Texts
    value: int | None = None
    filters: Mapping[str, str] = {}


class Item(Closed):
    """One question, note or calculation.

    Attributes:
        code: stays the same for as long as the question means the same.
        wording: grows when its words, choices or base change so that answers cannot be compared.
        choices: the list its options come from; empty for kinds without.
        choice_filter, show_when, constraint, calculation: expressions; empty for none.
        required: an answer must be given; never for children, young people, parents or carers.
        dont_know, prefer_not: whether those two are offered.
        groups: results may be compared by it; it has one choice.
        links: indicators of the quality framework it speaks to.
        measures: named sets of its choices, such as `agree: [strongly-agree, agree]`.
        identifies: asks for something that could name a person, so that nothing is anonymous.
        lines: rows of a text box.
        media: file names by `hear:<language>`, `bsl`, for what is read aloud or signed.
    """

    code: ItemCode
    wording: int = Field(default=1, ge=1)
    kind: Kind
    text: Texts
    hint: Texts = {}
    choices: str = ""
    choice_filter: str = ""
    show_when: str = ""
    constraint: str = ""
    constraint_message: Texts = {}
    calculation: str = ""
    required: bool = False
    dont_know: bool = False
    prefer_not: bool = False
    sensitive: bool = False
    groups: bool = False
    identifies: bool = False
    whole: bool = False
    lines: int = Field(default=4, ge=1, le=20)
    links: tuple[str, ...] = ()
    measures: Mapping[str, tuple[str, ...]] = {}
    media: Mapping[str, str] = {}


class Section(Closed):
    """Items that belong together, on one page for adults, one page each for children.

    Attributes:
        notice: said before it, where it is hard to be asked; the whole section can be skipped.
        repeat: asked once for each of something ("child"); empty for a plain section.
        repeat_most: how many times at most.
        repeat_count: an expression for how many times; empty where people add turns themselves.
    """

    code: ItemCode
    title: Texts
    notice: Texts = {}
    show_when: str = ""
    repeat: str = ""
    repeat_most: int = Field(default=10, ge=1, le=50)
    repeat_count: str = ""
    items: tuple[Item, ...] = Field(min_length=1)
    _deciding: dict[str, frozenset[str]] = PrivateAttr(default_factory=dict)

    @property
    def deciding(self) -> dict[str, frozenset[str]]:
        """What `flow.depends_on` found out of each item: a page asks it again and again."""
        return self._deciding


class QuestionnaireDefinition(Definition):
    """A questionnaire. Its languages are codes such as `en`; the first is the main one.

    Attributes:
        comparable: keys of earlier versions whose items of the same code and wording compare.
        locked: a framework copy; an area may translate it and not reword it.
        minutes: how long it takes, as people are told.
        source: where its topics come from, and how sure that is.
    """

    title: Words
    audience: Audience
    languages: tuple[str, ...] = ("en",)
    introduction: Texts
    minutes: int = Field(default=10, ge=1, le=120)
    comparable: tuple[str, ...] = ()
    locked: bool = True
    source: str = ""
    sections: tuple[Section, ...] = Field(min_length=1)
    choices: Mapping[str, tuple[Choice, ...]] = {}

    def items(self) -> Iterator[Item]:
        """Every item, in order, those of repeats included."""
        for section in self.sections:
            yield from section.items

    def item(self, code: str) -> Item:
        """The item of a code; `KeyError` where there is none."""
        return next((item for item in self.items() if item.code == code), None) or _missing(code)

    def options(self, item: Item) -> tuple[Choice, ...]:
        """What an item offers, before any filter; none for kinds without choices."""
        return self.choices.get(item.choices, ())


def _missing(code: str) -> Item:
    raise KeyError(code)


def said(texts: Texts, language: str, main: str = "en") -> str:
    """A text in a language, else in the main one, else in any; empty where there is none."""
    return texts.get(language) or texts.get(main) or next(iter(texts.values()), "")


def load(folder: Path) -> Registry[QuestionnaireDefinition]:
    """Every shipped questionnaire; `Faults` names file, field and mend of all that is wrong."""
    return Registry.load(QuestionnaireDefinition, folder / "surveys")


@lru_cache(maxsize=1)
def registry() -> Registry[QuestionnaireDefinition]:
    """The shipped questionnaires, read once."""
    return load(Path(settings.SIGHTLINE_DEFINITIONS))
