"""How hard a text is to read: sentences, words, syllables, and the school years they come to.

Counted, not understood: the figure is a check on questions and letters, never on a person's words.
`docs/methods/M-12-reading-level.md` says what is counted as what.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_SENTENCE = re.compile(r"[^.!?…]+(?:[.!?…]+|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
# A full stop in these ends no sentence.
_SHORT = re.compile(
    r"\b(?:e\.g|i\.e|etc|Mr|Mrs|Ms|Dr|St|No|vs)\.|(?<=\d)\.(?=\d)|\b[A-Z]\.(?=[A-Z\s])"
)


@dataclass(frozen=True)
class ReadingLevel:
    """What was counted and what it comes to.

    Attributes:
        sentences: how many; a text without an ending mark is one.
        words: how many; a number counts as one word of one syllable.
        syllables: by the hyphenation patterns of British English, at least one a word.
        longest_sentence: words in the longest one.
        school_years: Flesch-Kincaid level, in school years of the United States; not below 0.
        ease: Flesch reading ease; higher is easier.
    """

    sentences: int
    words: int
    syllables: int
    longest_sentence: int
    school_years: float
    ease: float

    @property
    def age(self) -> int:
        """About the age at which it reads easily: the school years, rounded up, and five."""
        return -int(-self.school_years // 1) + 5

    @property
    def mean_sentence(self) -> float:
        """Words to a sentence."""
        return self.words / self.sentences


@lru_cache(maxsize=1)
def _patterns() -> Any:
    import pyphen  # type: ignore[import-untyped]

    return pyphen.Pyphen(lang="en_GB")


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Syllables of one word: the parts its hyphenation gives, or its runs of vowels if more.

    Patterns never part a letter from the ends of a word, so short words come out as one part; the
    runs of vowels, a silent e left out, put that right.
    """
    plain = word.lower().replace("’", "'")
    parts = str(_patterns().inserted(plain, "\u00ad")).count("\u00ad") + 1
    stem = re.sub(r"(?<![aeiouy])(?:e|es|ed)$", "", re.sub(r"'\w*$", "", plain))
    if re.search(r"[td]ed$", plain) or re.search(r"(?:[sxz]|ch|sh|[cg])es$", plain):
        stem = re.sub(r"'\w*$", "", plain)
    if re.search(r"[^aeiouy]le$", plain):
        stem = plain
    runs = len(re.findall(r"[aeiouyáéíóúàèìòù]+", stem))
    return max(1, parts, runs)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, without empty ones; a line left blank ends one too."""
    joined = _SHORT.sub(lambda found: found.group().replace(".", "\u2024"), text)
    found = (
        match.group().replace("\u2024", ".").strip()
        for part in re.split(r"\n\s*\n", joined)
        for match in _SENTENCE.finditer(part)
    )
    return tuple(item for item in found if _WORD.search(item) or _NUMBER.search(item))


def reading_level(text: str) -> ReadingLevel:
    """Measure a text.

    Raises:
        ValueError: there is no word in it.

    Source:
        Kincaid and others 1975; Flesch 1948.
    """
    each = sentences(text)
    if not each:
        raise ValueError("there are no words to measure; give the text as people will read it.")
    counts = [len(_WORD.findall(item)) + len(_NUMBER.findall(item)) for item in each]
    words = sum(counts)
    spoken = sum(
        sum(syllables(word) for word in _WORD.findall(item)) + len(_NUMBER.findall(item))
        for item in each
    )
    length, weight = words / len(each), spoken / words
    return ReadingLevel(
        sentences=len(each),
        words=words,
        syllables=spoken,
        longest_sentence=max(counts),
        school_years=max(0.0, 0.39 * length + 11.8 * weight - 15.59),
        ease=206.835 - 1.015 * length - 84.6 * weight,
    )
