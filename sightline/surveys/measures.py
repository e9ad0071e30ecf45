"""From counts to the tables that `releases` protects: exact ones, and what ties them together.

A question gives one table of everybody by answer, and for each grouping and named measure ("agree")
one of "k of n" by group. They count the same people, so they are protected as one.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sightline.releases.services import DeclaredSeries, as_protected
from sightline.stats.disclosure import (
    Area,
    Count,
    Exact,
    Link,
    Parts,
    Population,
    Profile,
    Slice,
)
from sightline.surveys.counting import (
    COUNTED,
    DONT_KNOW_CODE,
    NOT_SAID,
    TOGETHER,
    Grouping,
    ItemCounts,
    Person,
    Split,
    band_label,
    chosen,
    counted,
    folded,
    groupings,
    option_codes,
    split,
)
from sightline.surveys.definitions import Item, QuestionnaireDefinition, said
from sightline.surveys.names import RESPONDENTS, ROUND, series_code

ANSWER: Final = "Answer"
DONT_KNOW_LABEL: Final = "I don't know"
_HIDDEN_AT_MOST: Final = 3
_WHOLE_NAMES: Final = {DONT_KNOW_CODE: DONT_KNOW_LABEL}

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Asked:
    """What a survey's tables say of themselves: where, when, of whom, under which key.

    `rules`: those that they will be protected by, to see how much detail is worth declaring.
    """

    key: str
    area: str
    first: dt.date
    last: dt.date
    vintage: str
    who: str
    base: int
    rules: Profile | None = None

    def population(self) -> Population:
        """Those who answered."""
        return Population(f"answers to {self.key}", Area(self.area), self.first, self.last)


@dataclass(frozen=True)
class Declared:
    """What a round declares: its series, and what is known of their lines."""

    series: tuple[DeclaredSeries, ...]
    links: tuple[Link, ...]


def declared(
    questionnaire: QuestionnaireDefinition,
    people: Sequence[Person],
    asked: Asked,
    split_by: Sequence[str],
    tell: Tell = lambda done, of: None,
) -> Declared:
    """Everything that closing a round declares.

    Args:
        questionnaire: what was asked.
        people: everybody's answers.
        asked: what the tables say of themselves.
        split_by: codes of the groupings.
        tell: told how many questions are done, and of how many.
    """
    ways = groupings(questionnaire, split_by, people)
    where = {way.code: [way.of(person) for person in people] for way in ways}
    items = [item for item in questionnaire.items() if item.kind in COUNTED and not item.identifies]
    series: list[DeclaredSeries] = [_respondents(people, asked)]
    links: list[Link] = []
    for number, item in enumerate(items, start=1):
        given = [chosen(item, person) for person in people]
        counts = counted(questionnaire, item, given)
        if counts.answered >= asked.base:
            splits = [
                found
                for way in ways
                if (found := split(counts, way, where[way.code], given, asked.base))
            ]
            tables, tied = _of_item(questionnaire, counts, splits, asked, number)
            series += tables
            links += tied
        tell(number, len(items))
    return Declared(tuple(series), tuple(links))


def _respondents(people: Sequence[Person], asked: Asked) -> DeclaredSeries:
    counts = [Count("all", "Everybody who answered", len(people))]
    return _series(
        RESPONDENTS, "Answers", "People", counts, asked, counted_words="people who answered"
    )


def _of_item(
    questionnaire: QuestionnaireDefinition,
    counts: ItemCounts,
    splits: Sequence[Split],
    asked: Asked,
    number: int,
) -> tuple[list[DeclaredSeries], list[Link]]:
    """The tables of one question: as many by group as leave it worth reading once protected."""
    everybody = _everybody(questionnaire, counts, asked, number)
    if everybody is None:
        return [], []
    text = said(counts.item.text, questionnaire.languages[0])
    for names, ways in _choices(counts, splits):
        fewer = replace(counts, measures={name: counts.measures[name] for name in names})
        series = [everybody, *_by_group(ways, fewer, text, asked, number)]
        links = list(_links(fewer))
        if _is_readable(series, links, asked.rules):
            return series, links
    return [everybody], []


def _choices(
    counts: ItemCounts, splits: Sequence[Split]
) -> Iterator[tuple[tuple[str, ...], Sequence[Split]]]:
    """What to try, the fullest first: all measures, the first one, and fewer groupings."""
    names = tuple(counts.measures)
    for most in range(len(splits), 0, -1):
        yield names, splits[:most]
        if len(names) > 1:
            yield names[:1], splits[:most]


def _is_readable(
    series: Sequence[DeclaredSeries], links: Sequence[Link], rules: Profile | None
) -> bool:
    """Whether every base and total can be shown, and at most a third of the counts are hidden."""
    if rules is None:
        return True
    shown = as_protected(series, links, rules)
    rows = [row for table in shown for row in table.rows]
    bases = [row.of for row in rows if row.of is not None] + [t.total.count for t in shown]
    hidden = sum(row.count.value is None for row in rows)
    return all(cell.value is not None for cell in bases) and hidden * _HIDDEN_AT_MOST <= len(rows)


def _everybody(
    questionnaire: QuestionnaireDefinition, counts: ItemCounts, asked: Asked, number: int
) -> DeclaredSeries | None:
    """What everybody said; None of a grouping in which no two groups are large enough."""
    item, line = counts.item, counts.item.code
    labels = option_labels(questionnaire, item)
    several = item.kind == "many"
    if item.groups:
        options = _sizes(counts, labels, asked.base)
    else:
        options = [
            Count(code, labels.get(code, code), n, of=counts.answered if several else None)
            for code, n in counts.options.items()
        ]
    if not options:
        return None
    return _series(
        series_code(item.code, number=number), said(item.text, questionnaire.languages[0]),
        ANSWER, options, asked,
        counted_words="people who chose it" if several else "people who gave this answer",
        measure="chose it" if several else "", line=line, base=f"{line} answered",
        whole=not several, base_words=base_words(asked.who, item), sensitive=item.groups,
    )  # fmt: skip


def _sizes(counts: ItemCounts, labels: Mapping[str, str], base: int) -> list[Count]:
    """How many belong to each group, the small ones together as everywhere else."""
    named = {code: n for code, n in counts.options.items() if code != DONT_KNOW_CODE}
    given = {**named, NOT_SAID: counts.options.get(DONT_KNOW_CODE, 0)}
    fold = folded(given, Grouping(counts.item.code, "", labels), base)
    sizes: Counter[str] = Counter()
    for code, n in given.items():
        sizes[fold.of.get(code, TOGETHER)] += n
    return [Count(code, label, sizes[code]) for code, label in fold.labels.items()]


def _by_group(
    splits: Sequence[Split], counts: ItemCounts, text: str, asked: Asked, number: int
) -> Iterator[DeclaredSeries]:
    item = counts.item
    for found in splits:
        for name in counts.measures:
            groups = [
                Count(code, label, found.measures[name][code], of=found.answered[code])
                for code, label in found.folded.labels.items()
            ]
            yield _series(
                series_code(item.code, name, found.grouping.code, number=number),
                f"{text}: {measure_label(name)}", found.grouping.title, groups, asked,
                counted_words=f"people who said: {measure_label(name)}", measure=name,
                line=f"{item.code}:{name}", base=item.code,
                base_words=base_words(asked.who, item),
            )  # fmt: skip


def _links(counts: ItemCounts) -> Iterator[Link]:
    code = counts.item.code
    names = tuple(f"{code}:{name}" for name in counts.measures)
    for name, options in counts.measures.items():
        yield Slice(f"{code}:{name}", code, ANSWER, options)
    yield Parts(code, names)


def _series(
    code: str,
    title: str,
    by: str,
    counts: Sequence[Count],
    asked: Asked,
    *,
    counted_words: str,
    base_words: str = "",
    measure: str = "",
    line: str = "",
    base: str = "",
    whole: bool = True,
    sensitive: bool = False,
) -> DeclaredSeries:
    exact = Exact(
        code=code, title=title[:200], counted=counted_words,
        base_words=base_words or f"of {asked.who} who answered", by=by[:80],
        population=asked.population(), counts=counts, measure=measure, vintage=asked.vintage,
        sensitive=sensitive,
    )  # fmt: skip
    return DeclaredSeries(
        code=code, title=title[:200], periods=(ROUND,), tables=(exact,), line=line or code,
        base=base, whole=whole,
    )  # fmt: skip


def option_labels(questionnaire: QuestionnaireDefinition, item: Item) -> Mapping[str, str]:
    """By the code of each option, its label in the main language, "don't know" included."""
    language = questionnaire.languages[0]
    found = {c.code: said(c.label, language) for c in questionnaire.options(item)}
    if item.kind == "number":
        found = {code: band_label(code) for code in option_codes(questionnaire, item, ["below-0"])}
    return found | _WHOLE_NAMES


def measure_label(name: str) -> str:
    """A named measure as it stands in a title."""
    return _WHOLE_NAMES.get(name, name.replace("-", " ")).capitalize()


def base_words(who: str, item: Item) -> str:
    """Who the base is, in words; says so where not everybody was asked."""
    rest = " who were asked this and answered" if item.show_when else " who answered this question"
    return f"of {who}{rest}"


def people_from(contents: Sequence[Mapping[str, Any]], ways: Mapping[str, Any]) -> list[Person]:
    """Opened answers as people; `ways` gives by the label of a group what is known of it."""
    found = []
    for content in contents:
        known = ways.get(str(content.get("group", "")), {})
        found.append(Person(content["answers"], frozenset(content["asked"]), known))
    return found
