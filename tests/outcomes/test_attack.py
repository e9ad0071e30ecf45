"""Somebody who knows every figure of every tab, over two builds, gets at nothing that is hidden."""

import random

import pytest

from sightline.access.actors import command_line
from sightline.access.permissions import Scope
from sightline.releases import queries
from sightline.releases.services import declare
from sightline.stats.disclosure import ShownSeries, period_of, protect
from tests.outcomes.attacking import LINKS, YEARS, Mind, area, revised, series
from tests.stats.disclosing import PUBLIC

SOURCE = "outcomes:fife-year"
# More than one on one database alone: what is to be hidden is worked out in Python.
SEEDS = [0, *(pytest.param(n, marks=pytest.mark.engine("sqlite")) for n in range(1, 2))]


def released(areas, vintage):
    """What the public is shown of some areas' years, as pages and files give it."""
    found = declare(
        actor=command_line(), source=SOURCE, vintage=vintage, title="Outcomes",
        series=series(areas, vintage), links=LINKS, scope=Scope("partnership", "fife"),
        use=["public"],
    )  # fmt: skip
    return list(queries.series_of(found, "public"))


def naively(areas):
    """The same with each table protected by itself, as if nobody looked at two."""
    return [
        ShownSeries(
            one.code, one.title, "public",
            tuple(
                period_of(key, protect(table, PUBLIC)[0], values={}, populations={}, unknown=0,
                          smallest=10)
                for key, table in zip(one.periods, one.tables, strict=True)
            ),
        )
        for one in series(areas, "1")
    ]  # fmt: skip


def told(*builds):
    mind = Mind()
    for number, shown in enumerate(builds):
        for one in shown:
            mind.look(one, number)
    mind.link()
    if len(builds) > 1:
        mind.assume_the_same()
    return mind.told(), mind.hidden


def small_counts_shown(shown, areas):
    """Counts of 1 to 4 that stand somewhere in the open."""
    return [
        (one.code, period.key, row.code)
        for one in shown
        for period in one.periods
        for row in (*period.shown.rows, period.shown.total)
        if row.count.value is not None and 0 < row.count.value < 5
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_hidden_is_told_by_any_tab_or_build(seed):
    dice = random.Random(seed)  # noqa: S311 - tests want the same areas each time
    most = (24, 80)[seed]
    before = {key: area(dice, most) for key in YEARS}
    after = {key: revised(dice, children) for key, children in before.items()}
    first, second = released(before, "1"), released(after, "2")

    for builds in ((first,), (second,), (first, second)):
        found, hidden = told(*builds)
        assert hidden
        assert found == {}
    assert small_counts_shown(first, before) == small_counts_shown(second, after) == []


def test_tables_protected_one_by_one_are_broken_by_the_same_attacker():
    dice = random.Random(3)  # noqa: S311
    found, hidden = told(naively({key: area(dice, 90) for key in YEARS}))
    exactly = [cell for cell, (least, most) in found.items() if least == most]
    assert len(hidden) > 100
    assert len(found) > 10
    assert exactly


@pytest.mark.django_db
def test_a_build_in_which_little_changed_leaves_what_was_released_before():
    dice = random.Random(8)  # noqa: S311
    before = {key: area(dice, 200) for key in YEARS}
    after = {key: [*children, children[0]] for key, children in before.items()}
    first, second = released(before, "1"), released(after, "2")
    standing = 0
    for one, other in zip(first, second, strict=True):
        for was, now in zip(one.periods, other.periods, strict=True):
            assert [r.count for r in now.shown.rows] == [r.count for r in was.shown.rows]
            assert now.shown.vintage == "2"
            if now.stands:
                standing += 1
                assert any("released before" in note for note in now.shown.notes)
    assert standing
