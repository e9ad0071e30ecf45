"""The words of the survey pages by language and audience, and the numbers that people may call."""

import datetime as dt
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

from django.conf import settings
from pydantic import Field, model_validator

from sightline.kernel.definitions import Closed, Code, Definition, Words, read_definition
from sightline.surveys.definitions import Audience

MAIN: Final = "en"
"""Its words are all there; another language's gaps are filled from it."""

Key = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]*(\.(child|young-person|parent-carer|staff|anyone))?$")
]


class Language(Closed):
    """One language of the survey pages: `own` is its name in itself."""

    name: Words
    own: Words
    direction: Literal["ltr", "rtl"] = "ltr"
    checked: bool
    words: Mapping[Key, Words]


_FILLED: Final = re.compile(r"\{[a-z]+\}")


def _plain(language: Language) -> set[str]:
    """Keys that are said to everybody."""
    return {key for key in language.words if "." not in key}


def _bare(language: Language) -> set[str]:
    """Keys without the audience."""
    return {key.partition(".")[0] for key in language.words}


class WordsDefinition(Definition):
    """Every interface word, by language. What English lacks, no language may have."""

    owner: Words
    languages: Mapping[str, Language]

    @model_validator(mode="after")
    def _complete(self) -> "WordsDefinition":
        main = self.languages.get(MAIN)
        if main is None:
            raise ValueError(f"there are no words in the main language, {MAIN}")
        for code, held in self.languages.items():
            if gaps := sorted(_plain(main) - _plain(held)):
                raise ValueError(f"{code} lacks {', '.join(gaps)}")
            if more := sorted(_bare(held) - _bare(main)):
                raise ValueError(f"{code} has {', '.join(more)}, which {MAIN} has not")
            for key, text in held.words.items():
                wanted = main.words.get(key, main.words.get(key.partition(".")[0], text))
                if set(_FILLED.findall(text)) != set(_FILLED.findall(wanted)):
                    raise ValueError(f"{code}, {key}: what stands in braces is not as in {MAIN}")
        return self


class Line(Closed):
    """A number to call: whose, what is said of it, who is shown it, when it was last tried."""

    code: Code
    number: Annotated[str, Field(pattern=r"^[0-9 ]+$")]
    words: Key
    now: bool = False
    audiences: tuple[Audience, ...]
    called_on: dt.date | Literal[""] = ""

    @property
    def dialled(self) -> str:
        """As a telephone link takes it."""
        return "tel:" + self.number.replace(" ", "")


class HelpDefinition(Definition):
    """Who can be called, and the page that Hide leads to."""

    owner: Words
    leave_to: Annotated[str, Field(pattern=r"^https://[a-z0-9./-]+$")]
    written_on: dt.date
    lines: tuple[Line, ...] = Field(min_length=1)


def load(folder: Path) -> tuple[WordsDefinition, HelpDefinition]:
    """Both files of a folder of definitions; `Faults` names file, field and mend."""
    home = folder / "respondent"
    return (
        read_definition(WordsDefinition, home / "words@1.yaml"),
        read_definition(HelpDefinition, home / "help@1.yaml"),
    )


@lru_cache(maxsize=1)
def content() -> tuple[WordsDefinition, HelpDefinition]:
    """The shipped words and numbers, read once."""
    return load(Path(settings.SIGHTLINE_DEFINITIONS))


def helping() -> HelpDefinition:
    """The numbers, and where Hide leads."""
    return content()[1]


def languages() -> Mapping[str, Language]:
    """Every language the pages have words in."""
    return content()[0].languages


def unconfirmed(language: str) -> bool:
    """Whether no fluent reader has confirmed the words of a language, or there are none."""
    found = languages().get(language)
    return found is None or not found.checked


@lru_cache(maxsize=64)
def words(language: str, audience: str) -> Mapping[str, str]:
    """The words for one audience in one language, gaps filled from the main one."""
    every = languages()
    said: dict[str, str] = {}
    for code in dict.fromkeys((MAIN, language)):
        held = every[code].words if code in every else {}
        said |= {key: text for key, text in held.items() if "." not in key}
        for key, text in held.items():
            name, dot, whom = key.partition(".")
            if dot and whom == audience:
                said[name] = text
    return said


def direction(language: str) -> str:
    """`ltr` or `rtl`."""
    found = languages().get(language)
    return found.direction if found else "ltr"


@lru_cache(maxsize=8)
def lines(audience: str) -> tuple[Line, ...]:
    """The numbers that an audience is shown."""
    return tuple(line for line in helping().lines if audience in line.audiences)
