"""Taking words out of what somebody wrote: pure, and never putting any in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.views.decorators.debug import sensitive_variables

from sightline.identifiers import find
from sightline.kernel.errors import BadInput

REMOVED: Final = "[removed]"
_SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, repr=False)
class Piece:
    """A stretch of a text; `kind` says what it looks like, such as “a name”, or is empty."""

    text: str
    kind: str = ""


@sensitive_variables()
def pieces(text: str) -> tuple[Piece, ...]:
    """The text cut where something in it looks as if it could tell who somebody is."""
    cut: list[Piece] = []
    at = 0
    for finding in find(text):
        cut += [Piece(text[at : finding.start]), Piece(text[finding.start : finding.end],
                                                       finding.kind.words)]  # fmt: skip
        at = finding.end
    cut.append(Piece(text[at:]))
    return tuple(piece for piece in cut if piece.text)


@sensitive_variables()
def taken_out(text: str, words: Sequence[str]) -> str:
    """The text with each of these words, wherever it stands whole, replaced by `[removed]`.

    Upper and lower case, and how wide a space is, make no difference. Longer ones go first.

    Raises:
        BadInput: none was given, or one is not in the text.
    """
    wanted = sorted({_SPACES.sub(" ", word).strip() for word in words} - {""}, key=_longest)
    if not wanted:
        raise BadInput("Say which words are taken out.")
    patterns = [_pattern(word) for word in wanted]
    for word, pattern in zip(wanted, patterns, strict=True):
        if not pattern.search(text):
            raise BadInput(f"“{word}” is not in the text. Copy it as it stands there.")
    together = re.compile("|".join(one.pattern for one in patterns), re.IGNORECASE)
    return together.sub(REMOVED, text)


def _longest(word: str) -> tuple[int, str]:
    return -len(word), word.casefold()


def _pattern(word: str) -> re.Pattern[str]:
    inside = r"\s+".join(re.escape(part) for part in word.split(" "))
    before = r"(?<!\w)" if word[0].isalnum() else ""
    after = r"(?!\w)" if word[-1].isalnum() else ""
    return re.compile(before + inside + after, re.IGNORECASE)
