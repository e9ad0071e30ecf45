"""Ways through care by age and by care setting: who reads all of it gets at nothing hidden."""

import random

import pytest

from sightline.access.actors import command_line
from sightline.access.permissions import Scope
from sightline.outcomes.measures.publishing_journeys import journeys
from sightline.releases import queries
from sightline.releases.services import declare
from tests.outcomes.attacking import Mind

SETTINGS = ("home", "kinship", "foster", "residential", "not-known")
AGES = (17, 18, 19)
STEPS = ("in-touch", "home")
# More than one on one database alone: what is to be hidden is worked out in Python.
SEEDS = [0, *(pytest.param(n, marks=pytest.mark.engine("sqlite")) for n in range(1, 4))]


def young_people(dice, cohorts=("2018-19", "2019-20")):
    """Rows of a build: everybody and each setting, from invented young people."""
    rows = []
    for cohort in cohorts:
        people = [dice.choices(SETTINGS, (5, 4, 6, 2, 1))[0] for _ in range(dice.randint(12, 70))]
        for age in AGES:
            for step in STEPS:
                known = [(lives, dice.random() < 0.6) for lives in people if dice.random() < 0.9]
                for setting in ("", *sorted(set(people))):
                    told = [yes for lives, yes in known if setting in ("", lives)]
                    rows.append(
                        {
                            "cohort": cohort, "age": age, "step": step, "by_placement": setting,
                            "people": sum(told), "of": len(told),
                        }
                    )  # fmt: skip
    return rows


def shown_of(rows, *, linked=True):
    """What the public is shown of them."""
    series, links = journeys(rows, area="fife", vintage="1")
    found = declare(
        actor=command_line(), source=f"outcomes:ways-{random.random()}",  # noqa: S311 - a name
        vintage="1", title="Ways", series=series, links=links if linked else (),
        scope=Scope("partnership", "fife"), use=["public"],
    )  # fmt: skip
    return list(queries.series_of(found, "public"))


def told(shown):
    """What somebody knows who lays every table of every step and age beside the others."""
    mind = Mind()
    for one in shown:
        _, step, *at = one.code.split(".")
        for period in one.periods:
            for column in ("count", "of"):
                parts = []
                for row in (*period.shown.rows, period.shown.total):
                    if not at and not row.code:
                        continue  # ages added up are nobody
                    age, code = (at[0], row.code) if at else (row.code, "")
                    place = mind.at(f"{step} {age} {column}", "setting", code, period.key, 0)
                    parts += [place] if code else []
                    value = getattr(row, column).value
                    if value is not None:
                        assert mind.known.setdefault(place, value) == value
                    else:
                        cell = (f"{step} {age} {column}", "setting" if code else "", code,
                                period.key, 0)  # fmt: skip
                        mind.hidden[cell] = 5
                if at:
                    name = f"{step} {at[0]} {column}"
                    mind.tie(mind.at(name, "setting", "", period.key, 0), parts)
            for row in period.shown.rows:
                age, code = (at[0], row.code) if at else (row.code, "")
                inner, outer = (
                    mind.at(f"{step} {age} {column}", "setting", code, period.key, 0)
                    for column in ("count", "of")
                )
                mind.tie(outer, [inner], most=True)
    return mind.told(), mind.hidden


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_hidden_is_told_by_ages_and_care_settings_together(seed):
    dice = random.Random(seed)  # noqa: S311 - tests want the same young people each time
    found, hidden = told(shown_of(young_people(dice)))
    assert hidden
    assert found == {}


@pytest.mark.django_db
def test_without_the_links_the_same_attacker_tells_what_is_hidden():
    broken = {}
    for seed in range(4):
        dice = random.Random(seed)  # noqa: S311
        broken |= told(shown_of(young_people(dice), linked=False))[0]
    assert broken
