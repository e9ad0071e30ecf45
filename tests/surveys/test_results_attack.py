"""Random rounds, and somebody who lays every table of every question beside the others.

The attacker knows that behind one question lies a table of answers by each grouping, that no number
in it is below nought, and every figure that pages and files show. By linear programming they work
out the least and the greatest of what is hidden. Where the two are equal, somebody was told of.
Shares no code with what protects.
"""

import random
from collections.abc import Iterator

import numpy as np
import pytest
from scipy.optimize import linprog

from sightline.access.actors import CommandLine
from sightline.stats.disclosure import ShownSeries
from sightline.surveys import publishing, results_queries
from sightline.surveys.counting import TOGETHER
from sightline.surveys.definitions import DONT_KNOW, QuestionnaireDefinition, registry
from sightline.surveys.models import Survey
from sightline.surveys.results_queries import Results
from tests.factories.surveys import ClosedSurveyFactory

pytestmark = pytest.mark.django_db
ACTOR = CommandLine("test")
ITEMS = ("confident-recognise", "valued", "visible", "change")
WAYS = ("agency", "role")
# More than one on one database alone: what is to be hidden is worked out in Python.
SEEDS = [0, *(pytest.param(n, marks=pytest.mark.engine("sqlite")) for n in range(1, 8))]


def round_of(seed: int) -> tuple[Survey, list[dict[str, object]]]:
    """A staff round of 20 to 160 people in agencies of very different sizes."""
    dice = random.Random(seed)  # noqa: S311 - test data
    asked = registry().get("staff@1")
    base = dice.choice((5, 10, 12))
    contents = [person(dice, asked) for _ in range(dice.randint(20, 160))]
    survey = ClosedSurveyFactory(slug=f"round-{seed}", groupings=list(WAYS), base=base)
    publishing.declare_results(survey, contents)
    return survey, contents


def person(dice: random.Random, asked: QuestionnaireDefinition) -> dict[str, object]:
    """One person's answers: some skip, some do not know, few are unhappy."""
    answers: dict[str, object] = {}
    for code in (*WAYS, *ITEMS):
        item = asked.item(code)
        options = [choice.code for choice in asked.options(item)]
        weights = [4**-n for n in range(len(options))] if code in WAYS else (6, 5, 2, 1)
        if dice.random() < 0.06:
            continue
        unsure = item.dont_know and dice.random() < 0.08
        answers[code] = DONT_KNOW if unsure else dice.choices(options, weights)[0]
    return {"answers": answers, "asked": [*WAYS, *ITEMS], "group": ""}


class Mind:
    """What is known of one question: unknowns are people by answer, agency and role."""

    def __init__(self, found: Results, code: str) -> None:
        asked = found.asked
        self.item = asked.item(code)
        self.answers = [c.code for c in asked.options(self.item)] + ["dont-know"]
        self.ways = {
            way: [*(c.code for c in asked.options(asked.item(way))), "not-said"] for way in WAYS
        }
        self.shape = (len(self.answers), *(len(codes) for codes in self.ways.values()))
        self.rows: list[np.ndarray] = []
        self.values: list[int] = []
        self.hidden: list[tuple[str, np.ndarray]] = []

    def over(self, answers: set[str], way: str = "", categories: set[str] | None = None):
        """The sum of the unknowns of these answers, in these categories of a grouping."""
        block = np.zeros(self.shape)
        for place, answer in enumerate(self.answers):
            if answer not in answers:
                continue
            for first, one in enumerate(self.ways["agency"]):
                for second, two in enumerate(self.ways["role"]):
                    here = {"agency": one, "role": two}
                    if not way or here[way] in (categories or set()):
                        block[place, first, second] = 1
        return block.ravel()

    def learn(self, name: str, block: np.ndarray, value: int | None) -> None:
        """A figure that is shown, or one that is not."""
        if value is None:
            self.hidden.append((name, block))
        else:
            self.rows.append(block)
            self.values.append(value)

    def look(self, series: ShownSeries) -> None:
        """Take in a series of this question."""
        name, _, way = series.code.partition("@")
        measure = name.partition(":")[2]
        every = set(self.answers)
        wanted = set(self.item.measures.get(measure, (measure,))) if measure else every
        named = {row.code for row in series.shown.rows}
        for row in series.shown.rows:
            if not way:
                self.learn(row.code, self.over({row.code}), row.count.value)
                continue
            inside = {row.code}
            if row.code == TOGETHER:
                inside = set(self.ways[way]) - named
            self.learn(
                f"{measure} {way}={row.code}", self.over(wanted, way, inside), row.count.value
            )
            assert row.of is not None
            self.learn(f"of {row.code}", self.over(every, way, inside), row.of.value)
        self.learn("all", self.over(wanted), series.shown.total.count.value)

    def told(self) -> Iterator[str]:
        """What is hidden and can be worked out."""
        matrix, right = np.array(self.rows), np.array(self.values)
        for name, block in self.hidden:
            ends = [
                linprog(sign * block, A_eq=matrix, b_eq=right, bounds=(0, None)) for sign in (1, -1)
            ]
            assert all(end.status == 0 for end in ends), name
            low, high = ends[0].fun, -ends[1].fun
            if high - low < 1:
                yield f"{name} is {low:.2f} to {high:.2f}"


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_hidden_in_a_round_can_be_worked_out(seed: int) -> None:
    """No table by group, total or answer tells what another one hides."""
    survey, _ = round_of(seed)
    found = results_queries.results(ACTOR, survey, results_queries.every)
    for code in ITEMS:
        mind = Mind(found, code)
        for one in found.series.values():
            if one.code.partition(":")[0] == code:
                mind.look(one)
        assert list(mind.told()) == [], (seed, code)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_group_is_smaller_than_the_base(seed: int) -> None:
    """Whoever is counted together is as many as the base, and two groups where one is small."""
    survey, contents = round_of(seed)
    found = results_queries.results(ACTOR, survey, results_queries.every)
    answers = [one["answers"] for one in contents]
    for series in found.series.values():
        item, _, way = series.code.partition("@")
        if not way:
            continue
        gave = [a for a in answers if item.partition(":")[0] in a]  # type: ignore[operator]
        for row in series.shown.rows:
            assert row.of is not None
            people = [a for a in gave if a.get(way) == row.code]  # type: ignore[attr-defined]
            if row.code != TOGETHER:
                assert len(people) >= survey.base
                assert row.of.value in {None, len(people)}
            elif row.of.value is not None:
                assert row.of.value >= survey.base


def test_the_attacker_succeeds_where_nothing_is_put_together_or_hidden_twice() -> None:
    """With only the small counts hidden, the same attacker gets at some of them."""
    survey, _ = round_of(3)
    found = results_queries.results(ACTOR, survey, results_queries.every)
    mind = Mind(found, ITEMS[0])
    dice = random.Random(1)  # noqa: S311 - test data
    told = {}
    for place, answer in enumerate(mind.answers):
        for agency in mind.ways["agency"]:
            told[answer, agency] = dice.choices((2, 8, 12, 20), (1, 4, 4, 4))[0]
            value = told[answer, agency]
            shown = value if value >= 5 else None
            mind.learn(f"{answer} {agency}", mind.over({answer}, "agency", {agency}), shown)
        whole = sum(told[answer, agency] for agency in mind.ways["agency"])
        mind.learn(f"{answer} {place}", mind.over({answer}), whole)
    for agency in mind.ways["agency"]:
        whole = sum(told[answer, agency] for answer in mind.answers)
        mind.learn(agency, mind.over(set(mind.answers), "agency", {agency}), whole)
    assert list(mind.told())
