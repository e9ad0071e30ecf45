"""Three words by which somebody comes back to answers that are not sent yet."""

import secrets
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

from django.conf import settings
from pydantic import Field

from sightline.kernel.definitions import Definition, read_definition

FEWEST: Final = 2_048
"""So that three of them are 33 bits: with the limit of guesses, years of trying."""

Word = Annotated[str, Field(pattern=r"^[a-z]{3,8}$")]


class ThreeWords(Definition):
    """Common, kind words of three to eight letters, between spaces; none twice."""

    words: str

    def listed(self) -> tuple[str, ...]:
        """Each word once, as it stands."""
        return tuple(self.words.split())


@lru_cache(maxsize=1)
def all_words() -> tuple[str, ...]:
    """The list, read once."""
    folder = Path(settings.SIGHTLINE_DEFINITIONS) / "respondent"
    return read_definition(ThreeWords, folder / "three-words@1.yaml").listed()


def new_words() -> str:
    """Three words of chance, such as `maple river seven`."""
    return " ".join(secrets.choice(all_words()) for _ in range(3))
