"""From opened answers to counts: who answered what, and which groups are large enough to be named.

Pure, and held in memory while a survey closes. A group that is smaller than the base for reporting
is put together with others, question by question, before anything is counted by group: what is
never counted alone cannot be worked out from what is shown. `docs/methods/M-21-survey-results.md`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sightline.surveys.definitions import (
    CHOSEN,
    DONT_KNOW,
    PREFER_NOT,
    Item,
    QuestionnaireDefinition,
    said,
)

NOT_SAID: Final = "not-said"
"""The category of those who did not say, or did not want to say, which group they belong to."""

TOGETHER: Final = "together"
"""The category in which groups that are too small to be named are counted."""

DONT_KNOW_CODE: Final = "dont-know"
WAY_IN: Final = ("agency", "locality")
"""What is known of people from the group they were invited in, where no question asks it."""

COUNTED: Final = CHOSEN | {"many", "number", "date"}
BANDS: Final = ((0, 0), (1, 1), (2, 2), (3, 5), (6, 10), (11, 20), (21, 50), (51, 100))
"""Whole numbers that are counted together, both ends included; below and above are two more."""


@dataclass(frozen=True)
class Person:
    """One person's answers as a survey keeps them: what they were asked, what they said."""

    answers: Mapping[str, Any] = field(repr=False)
    asked: frozenset[str] = field(repr=False)
    ways: Mapping[str, str] = field(default_factory=dict, repr=False)

    def answer(self, code: str) -> Any:
        """What they said, or None where they were not asked or skipped it."""
        return self.answers.get(code) if code in self.asked else None

    def gave(self, code: str) -> bool:
        """Whether they answered; "I don't know" is an answer, "I don't want to say" is none."""
        found = self.answer(code)
        return found not in (None, PREFER_NOT, [], "")


@dataclass(frozen=True)
class Grouping:
    """A way of splitting people up: a question with one choice, or how they were invited."""

    code: str
    title: str
    labels: Mapping[str, str]

    def of(self, person: Person) -> str:
        """The category of one person; `NOT_SAID` where it is not known."""
        found = person.ways.get(self.code) or person.answer(self.code)
        return found if isinstance(found, str) and found in self.labels else NOT_SAID


@dataclass(frozen=True)
class Folded:
    """The categories that are counted for one question, each made of one or more of the grouping's.

    Attributes:
        labels: by the code of each category, what it is called.
        of: by a category of the grouping, the code it is counted under.
    """

    labels: Mapping[str, str]
    of: Mapping[str, str]

    @property
    def compares(self) -> bool:
        """Whether there are two categories or more to compare."""
        return len(self.labels) > 1


def folded(sizes: Mapping[str, int], grouping: Grouping, base: int) -> Folded:
    """Put the smallest categories together until each that is left is of `base` people or more.

    Those who did not say are never a category of their own unless they are enough; they are counted
    with the small ones. The small ones come to `base` without them, so that nobody gets at the size
    of one by taking away those who did not say.

    Args:
        sizes: people by category, `NOT_SAID` among them; categories of nobody are left out.
        grouping: what the categories are called.
        base: the smallest number of people that is reported on.
    """
    held = {code: n for code, n in sizes.items() if n and code != NOT_SAID}
    alone = sorted((code for code, n in held.items() if n >= base), key=lambda c: (held[c], c))
    small = set(held) - set(alone)
    loose = sizes.get(NOT_SAID, 0)

    def enough() -> bool:
        named = sum(held[code] for code in small)
        return (not small or named >= base) and (not small | ({NOT_SAID} if loose else set())
                                                 or named + loose >= base)  # fmt: skip

    while alone and not enough():
        small.add(alone.pop(0))
    if not enough():
        return Folded({}, {})
    labels = {code: label for code, label in grouping.labels.items() if code in alone}
    of = {code: code for code in alone}
    if small or loose:
        labels[TOGETHER] = _together(small, grouping, loose)
        of |= dict.fromkeys((*small, NOT_SAID), TOGETHER)
    return Folded(labels, of)


def _together(small: Iterable[str], grouping: Grouping, loose: int) -> str:
    named = [label for code, label in grouping.labels.items() if code in set(small)]
    parts = [*named, *(["those who did not say"] if loose else [])]
    text = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else "Others"
    return text[:1].upper() + text[1:]


def groupings(
    questionnaire: QuestionnaireDefinition, codes: Sequence[str], people: Sequence[Person]
) -> list[Grouping]:
    """What results are split by: the survey's groupings, in its order, that can be split by."""
    found = []
    by_code = {item.code: item for item in questionnaire.items() if item.groups}
    language = questionnaire.languages[0]
    for code in codes:
        if code in by_code and by_code[code].kind in CHOSEN:
            labels = {c.code: said(c.label, language) for c in questionnaire.options(by_code[code])}
            found.append(Grouping(code, said(by_code[code].text, language), labels))
        elif code in WAY_IN:
            ways = sorted({p.ways[code] for p in people if p.ways.get(code)})
            found.append(Grouping(code, code.capitalize(), dict(zip(ways, ways, strict=True))))
    return found


@dataclass(frozen=True)
class ItemCounts:
    """One question: what everybody said, and its named measures by group.

    Attributes:
        answered: people who gave an answer.
        options: people by choice, "don't know" last where it is offered; of `many`, by each option.
        measures: by name, the options it is made of.
    """

    item: Item
    answered: int = field(repr=False)
    options: Mapping[str, int] = field(repr=False)
    measures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def measures_of(item: Item) -> dict[str, tuple[str, ...]]:
    """The named measures of a question whose choices no other one has, and "don't know"."""
    taken: set[str] = set()
    found = {}
    for name, options in item.measures.items():
        if not taken & set(options):
            found[name] = tuple(options)
            taken |= set(options)
    if found and item.dont_know:
        found[DONT_KNOW_CODE] = (DONT_KNOW_CODE,)
    return found


def option_codes(
    questionnaire: QuestionnaireDefinition, item: Item, found: Iterable[str] = ()
) -> list[str]:
    """The choices of a question as they are counted, "don't know" last where it is offered.

    `found`: what was chosen, for numbers (the bands) and dates (the years), which have no choices.
    """
    codes = [choice.code for choice in questionnaire.options(item)]
    if item.kind == "number":
        codes = ["below-0", *(f"{a}-{b}" for a, b in BANDS), f"above-{BANDS[-1][1]}"]
        codes = codes[1:] if "below-0" not in found else codes
    elif item.kind == "date":
        codes = sorted(set(found) - {DONT_KNOW_CODE})
    return [*codes, DONT_KNOW_CODE] if item.dont_know else codes


def chosen(item: Item, person: Person) -> tuple[str, ...]:
    """The options one person chose, "don't know" by its code; empty where they gave no answer."""
    found = person.answer(item.code)
    if found is None or found == PREFER_NOT:
        return ()
    if found == DONT_KNOW:
        return (DONT_KNOW_CODE,)
    if isinstance(found, list):
        return tuple(dict.fromkeys(str(one) for one in found))
    if item.kind == "number":
        return (band_of(float(found)),)
    return (str(found)[:_YEAR],) if item.kind == "date" else (str(found),)


_YEAR = 4


def band_of(value: float) -> str:
    """The band a number is counted in, by its code: `3-5`, `below-0`, `above-100`."""
    whole = int(value // 1)
    if whole < 0:
        return "below-0"
    last = BANDS[-1][1]
    return next((f"{a}-{b}" for a, b in BANDS if a <= whole <= b), f"above-{last}")


def band_label(code: str) -> str:
    """A band in words: `3 to 5`, `Below 0`, `Above 100`."""
    first, _, last = code.partition("-")
    return (
        first
        if first == last
        else f"{first.capitalize()} to {last}"
        if first.isdigit()
        else (f"{first.capitalize()} {last}")
    )


Given = Sequence[tuple[str, ...]]
"""What each person chose for one question, in the order of the people."""


def counted(questionnaire: QuestionnaireDefinition, item: Item, given: Given) -> ItemCounts:
    """What everybody said to one question that is answered by choosing."""
    tally = Counter(option for options in given for option in options)
    return ItemCounts(
        item=item,
        answered=sum(1 for options in given if options),
        options={code: tally[code] for code in option_codes(questionnaire, item, tally)},
        measures=measures_of(item) if item.kind in CHOSEN else {},
    )


@dataclass(frozen=True)
class Split:
    """A question by one grouping: who answered in each category, and how many of each measure."""

    grouping: Grouping
    folded: Folded
    answered: Mapping[str, int] = field(repr=False)
    measures: Mapping[str, Mapping[str, int]] = field(repr=False)


def split(
    counts: ItemCounts, grouping: Grouping, where: Sequence[str], given: Given, base: int
) -> Split | None:
    """The measures of a question by group; None where fewer than two groups are large enough.

    `where`: the category of each person, in the order of the people.
    """
    if not counts.measures or grouping.code == counts.item.code:
        return None
    joint = Counter(
        (place, options) for place, options in zip(where, given, strict=True) if options
    )
    sizes: Counter[str] = Counter()
    for (place, _), n in joint.items():
        sizes[place] += n
    fold = folded(sizes, grouping, base)
    if not fold.compares:
        return None
    answered: Counter[str] = Counter()
    found: dict[str, Counter[str]] = {name: Counter() for name in counts.measures}
    for (place, options), n in joint.items():
        category = fold.of[place]
        answered[category] += n
        for name, of_measure in counts.measures.items():
            if set(options) & set(of_measure):
                found[name][category] += n
    return Split(grouping, fold, answered, found)
