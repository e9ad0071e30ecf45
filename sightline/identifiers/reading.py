"""A text read word by word, and what the lists say of each word."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sightline.identifiers.gazetteer import signs, words

TOKEN = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*")
SPELT_AS_SURNAME = re.compile(r"(?:Mac|Mc)[A-Z][a-z]{2}|O'[A-Z][a-z]|Nic[A-Z][a-z]")
OPENS = frozenset('.!?:;\n\r\t"*•|/(')
NEAR = re.compile(r"[ ]|, |\. |: ?| ?\(| - ")
AGE = re.compile(
    r",? ?\(?(?:aged? )?\d{1,2}(?: years| yrs|\))|, (?:aged )?\d{1,2},|,? aged \d{1,2}\b"
)
SHORTEST_SHOUT, FEWEST_TO_JUDGE, MOST_CAPITALS = 2, 2, 0.8
MONTHS = signs("months")
NOT_UNKNOWN = ("s", "tion", "ment")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: where it is, how it is written, and what the lists say of it."""

    start: int
    end: int
    stop: int  # where it ends with its possessive
    raw: str
    low: str
    opens: bool  # stands first in a sentence, so that its capital says nothing

    @property
    def possessive(self) -> bool:
        return self.stop > self.end

    @property
    def capital(self) -> bool:
        return self.raw[0].isupper()

    @property
    def shouted(self) -> bool:
        return len(self.raw) > SHORTEST_SHOUT and self.raw.isupper()

    @property
    def first(self) -> bool:
        if self.low in words("first-names"):
            return True
        parts = self.low.split("-")
        return len(parts) > 1 and all(part in words("first-names") for part in parts)

    @property
    def surname(self) -> bool:
        if self.low in words("surnames") or SPELT_AS_SURNAME.match(self.raw):
            return True
        parts = self.low.split("-")
        return len(parts) > 1 and parts[-1] in words("surnames")

    @property
    def common(self) -> bool:
        return self.low in words("not-names") or self.low in MONTHS

    @property
    def place(self) -> bool:
        return self.low in words("places") or self.low.endswith("shire")

    @property
    def ordinary(self) -> bool:
        return self.low in words("ordinary") or self.low in MONTHS

    @property
    def plain_surname(self) -> bool:
        """A surname that is no word, no place and no month."""
        return self.surname and not (self.ordinary or self.place or self.common)

    @property
    def nameable(self) -> bool:
        """Could be part of a name, where something beside it says that one stands here."""
        return self.capital and len(self.raw) > 1 and not self.common

    @property
    def unknown(self) -> bool:
        """In no list that would make it something else than a name."""
        plain = not (self.ordinary or self.common or self.place)
        return plain and not self.low.endswith(NOT_UNKNOWN)


def read(text: str) -> list[Word]:
    """The words of a folded text."""
    found = []
    for match in TOKEN.finditer(text):
        raw, start, stop = match[0], match.start(), match.end()
        if raw.endswith(("'s", "'S")):
            raw = raw[:-2]
        before = text[max(0, start - 4) : start].rstrip(" '")[-1:]
        opens = not text[:start].strip() or before in OPENS
        opens = opens or (before == "-" and text[start - 1] == " ")
        low = raw.lower().replace("'", "")
        found.append(Word(start, start + len(raw), stop, raw, low, opens))
    return found


class Here:
    """A word of a text and what stands around it. `at` moves; the rules only look."""

    def __init__(self, text: str) -> None:
        """`text` is folded."""
        self.text = text
        self.words: Sequence[Word] = read(text)
        self.at = 0
        letters = [word for word in self.words if len(word.raw) > 1]
        # A heading or a list of terms in capitals: a capital says nothing there.
        self.titled = len(letters) > FEWEST_TO_JUDGE and (
            sum(word.capital for word in letters) > MOST_CAPITALS * len(letters)
        )

    @property
    def word(self) -> Word:
        return self.words[self.at]

    def ahead(self, steps: int) -> Word | None:
        """The word so many steps on, whatever is between."""
        at = self.at + steps
        return self.words[at] if 0 <= at < len(self.words) else None

    def gap(self, steps: int = 0) -> str:
        """What stands between the word so many steps on and the next."""
        word, after = self.ahead(steps), self.ahead(steps + 1)
        if word is None:
            return ""
        return self.text[word.stop : after.start if after else None]

    def beside(self, steps: int = 0) -> Word | None:
        """The next word, when only a blank is between."""
        return self.ahead(steps + 1) if self.gap(steps) == " " else None

    @property
    def before(self) -> Word | None:
        """The word before, when hardly anything is between."""
        return self.ahead(-1) if self.at and NEAR.fullmatch(self.gap(-1)) else None

    @property
    def aged(self) -> bool:
        """Whether an age follows: `Finlay, 9,` or `Lucy (8)`."""
        return self.aged_after(0)

    def aged_after(self, steps: int) -> bool:
        """Whether an age follows the word so many steps on."""
        word = self.ahead(steps)
        return word is not None and AGE.match(self.text, word.end) is not None

    def said(self, many: int) -> list[str]:
        """The words before, in small letters, nearest last."""
        return [word.low for word in self.words[max(0, self.at - many) : self.at]]
