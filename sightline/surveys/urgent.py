"""Which free texts are read first: words as a definition, which only change the order."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

from django.conf import settings
from pydantic import Field

from sightline.kernel.definitions import Definition, Words, read_definition

FIRST: Final = 2
SOON: Final = 1
NOT_FLAGGED: Final = 0

Beginning = Annotated[str, Field(pattern=r"^[a-z]+( [a-z]+)*$")]
_LETTERS: Final = re.compile(r"[a-z]+")


class UrgentWords(Definition):
    """Beginnings of words: those that are read first, and those that are read soon."""

    owner: Words
    first: tuple[Beginning, ...] = Field(min_length=1)
    soon: tuple[Beginning, ...] = Field(min_length=1)


@lru_cache(maxsize=1)
def urgent_words() -> UrgentWords:
    """The shipped words, read once."""
    folder = Path(settings.SIGHTLINE_DEFINITIONS) / "respondent"
    return read_definition(UrgentWords, folder / "urgent-words@1.yaml")


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    found = urgent_words()
    first, soon = (
        re.compile(" (?:" + "|".join(map(re.escape, words)) + ")")
        for words in (found.first, found.soon)
    )
    return first, soon


def urgency(text: str) -> int:
    """`FIRST`, `SOON` or `NOT_FLAGGED`, by the words of a text; accents, case and marks ignored."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("’", "").replace("'", "")
    bare = "".join(one for one in plain if not unicodedata.combining(one))
    row = " " + " ".join(_LETTERS.findall(bare))
    first, soon = _patterns()
    if first.search(row):
        return FIRST
    return SOON if soon.search(row) else NOT_FLAGGED
