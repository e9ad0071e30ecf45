"""From counts to the tables that are declared to `releases`: exact ones, which nobody is shown.

Two sets: what may leave the team that read, whose tables `cutting` chooses and `releases` protects;
and the same answers by every way, for those alone who hold the readings.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sightline.record_reading.counting import (
    EACH,
    Case,
    Unit,
    Way,
    base_words,
    categories,
    category_label,
    count,
    given,
    units,
)
from sightline.record_reading.counting import Count as Counts
from sightline.record_reading.definitions import TemplateDefinition
from sightline.record_reading.folding import Folded
from sightline.record_reading.results_names import (
    ANSWER,
    LEFT_OUT,
    MEASURE,
    OF_GROUP,
    PERIOD,
    RECORDS,
    series_code,
)
from sightline.releases.services import DeclaredSeries
from sightline.stats.disclosure import (
    Area,
    Count,
    Exact,
    Population,
    Profile,
)

_TITLE, _BY = 200, 80
_ALL_ANSWERS: Final = "answers"


@dataclass(frozen=True)
class About:
    """What a round's tables say of themselves.

    Attributes:
        base: the smallest number of records that is reported on.
        rules: those that they will be protected by, to see how much detail is worth declaring.
    """

    key: str
    area: str
    first: dt.date
    last: dt.date
    vintage: str
    base: int
    rules: Profile

    def population(self) -> Population:
        """The children whose records were read."""
        return Population(f"records of {self.key}", Area(self.area), self.first, self.last)


# Exact


def exact(
    template: TemplateDefinition, found: Sequence[Case], split_by: Sequence[Way], about: About
) -> tuple[DeclaredSeries, ...]:
    """Every unit by answer, and by every way; for those who hold the readings themselves."""
    where = {way.code: [way.of(case) for case in found] for way in split_by}
    series = [all_records(len(found), about)]
    for number, unit in enumerate(units(template), start=1):
        answers = given(unit, found)
        whole = count(unit, answers)
        series += [by_answer(template, whole, about, number), _left_out(whole, about, number)]
        for way in split_by:
            groups = count(unit, answers, where[way.code]).groups
            made = _by_answer_and_group(template, unit, way, groups, about, number)
            series += [made] if made else []
    return tuple(series)


def _left_out(counts: Counts, about: About, number: int) -> DeclaredSeries:
    """Records that were asked and are in no base of a unit, and why."""
    rows = [
        Count("not-expected", "Not expected for the child", counts.not_expected),
        Count("two-views", "Left as two views", counts.two_views),
    ]
    return _series(
        series_code(counts.unit, LEFT_OUT, number=number), f"{counts.unit.title}: in no count",
        "Why", rows, about, counted="records in no count", words="of the records read",
    )  # fmt: skip


def _by_answer_and_group(
    template: TemplateDefinition,
    unit: Unit,
    way: Way,
    groups: Mapping[str, Counts],
    about: About,
    number: int,
) -> DeclaredSeries | None:
    counts = [
        Count(
            f"{category}{OF_GROUP}{code}", f"{label}: {said}", groups[category].n[code],
            of=groups[category].base,
        )
        for category, label in way.labels.items()
        if category in groups and groups[category].base
        for code, said in unit.answers
    ]  # fmt: skip
    if not counts:
        return None
    return _series(
        series_code(unit, way=way.code, number=number), unit.title, way.title, counts, about,
        counted="records with this answer", words=base_words(template, unit),
        measure=_ALL_ANSWERS, whole=False,
    )  # fmt: skip


# Both


def by_answer(
    template: TemplateDefinition, counts: Counts, about: About, number: int, detail: int = EACH
) -> DeclaredSeries:
    """How many records gave each answer to a unit, or answers of a band where less is said."""
    unit = counts.unit
    rows = [
        Count(category, category_label(unit, category), sum(counts.n[code] for code in behind))
        for category, behind in categories(unit, detail).items()
    ]
    return _series(
        series_code(unit, number=number), unit.title, ANSWER, rows, about,
        counted="records with this answer", words=base_words(template, unit), line=unit.code,
    )  # fmt: skip


def all_records(number: int, about: About) -> DeclaredSeries:
    """How many records were read."""
    return _series(
        RECORDS, "Records read", "Records", [Count("all", "All records read", number)], about,
        counted="records read", words="of the records in the sample",
    )  # fmt: skip


# Protected


def of_group(
    template: TemplateDefinition,
    unit: Unit,
    way: Way,
    fold: Folded,
    measure: str,
    groups: Mapping[str, Counts],
    about: About,
    number: int,
) -> DeclaredSeries:
    """A band of a unit by the categories of a way, as they were put together."""
    counts = [
        Count(code, label, groups[code].band(measure), of=groups[code].base)
        for code, label in fold.labels.items()
    ]
    return _series(
        series_code(unit, measure, way.code, number=number), f"{unit.title}: {in_words(measure)}",
        way.title, counts, about, counted=f"records that are: {in_words(measure)}",
        words=base_words(template, unit), measure=measure, line=f"{unit.code}{MEASURE}{measure}",
        base=unit.code,
    )  # fmt: skip


def in_words(measure: str) -> str:
    """A band as it stands in a title."""
    return measure.replace("-", " ")


def _series(
    code: str,
    title: str,
    by: str,
    counts: Sequence[Count],
    about: About,
    *,
    counted: str,
    words: str,
    measure: str = "",
    line: str = "",
    base: str = "",
    whole: bool = True,
) -> DeclaredSeries:
    made = Exact(
        code=code, title=title[:_TITLE], counted=counted, base_words=words, by=by[:_BY],
        population=about.population(), counts=counts, measure=measure, vintage=about.vintage,
    )  # fmt: skip
    return DeclaredSeries(
        code=code, title=title[:_TITLE], periods=(PERIOD,), tables=(made,), line=line or code,
        base=base, whole=whole,
    )  # fmt: skip
