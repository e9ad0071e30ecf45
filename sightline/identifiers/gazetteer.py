"""The word lists, and the folding of letters that makes spellings comparable."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORDS = Path(__file__).parent / "words"
# One character for one character. What is missing here is folded by taking its accents away.
LETTERS = str.maketrans(
    {
        **dict.fromkeys("’‘`\u02bc\u00b4\u2032", "'"),
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("–—−\u2010\u2011", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u202f", " "),
        **{"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ð": "d", "þ": "t"},
        **{"æ": "a", "Æ": "A", "œ": "o", "Œ": "O", "ß": "s", "\u0131": "i"},
    }
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without accents and odd marks, and where each of its characters stood before."""

    text: str
    positions: tuple[int, ...] | None

    def place(self, at: int) -> int:
        """The position in the text as it was given."""
        if self.positions is None:
            return at
        return self.positions[at]


def fold(text: str) -> Folded:
    """Take accents away: `Mòrag` is `Morag`, `Wiśniewska` is `Wisniewska`.

    Characters nobody sees (a soft hyphen, a joiner) go too, so that they hide nothing.
    """
    if text.isascii():
        return Folded(text, None)
    plain, positions = [], []
    for at, letter in enumerate(text.translate(LETTERS)):
        if letter.isascii():
            kept = letter
        else:
            kept = unicodedata.normalize("NFKD", letter)[:1]
            if unicodedata.combining(kept) or unicodedata.category(kept) == "Cf":
                continue
        plain.append(kept)
        positions.append(at)
    return Folded("".join(plain), (*positions, len(text)))


def key(word: str) -> str:
    """The word as the lists hold it: small letters, no accents, no apostrophes."""
    return fold(word).text.lower().replace("'", "")


def _lines(name: str) -> list[list[str]]:
    lines = (WORDS / name).read_text(encoding="utf-8").splitlines()
    return [[key(word) for word in line.split()] for line in lines if not line.startswith("#")]


@cache
def words(name: str) -> frozenset[str]:
    """The words of one list, folded."""
    return frozenset(word for line in _lines(f"{name}.txt") for word in line)


@cache
def _signs() -> dict[str, frozenset[str]]:
    text = (WORDS / "signs.txt").read_text(encoding="utf-8").replace("\n  ", " ")
    lines = (line.split(": ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: frozenset(found.split()) for name, found in lines}


def signs(name: str) -> frozenset[str]:
    """Words that stand around a name, by what they are: `kin`, `titles`."""
    return _signs()[name]


@cache
def phrases() -> frozenset[str]:
    """Pairs of words that read as a name and are none: `ben nevis`."""
    return frozenset(" ".join(line) for line in _lines("phrases.txt"))


@cache
def short_forms() -> dict[str, frozenset[str]]:
    """For each first name, the others that may stand for it, either way."""
    forms: dict[str, set[str]] = {}
    for first, *others in _lines("short-forms.txt"):
        for other in others:
            forms.setdefault(first, set()).add(other)
            forms.setdefault(other, set()).add(first)
    return {name: frozenset(found) for name, found in forms.items()}
