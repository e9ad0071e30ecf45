"""A many-way table of exact counts: what it refuses, and that its numbers do not get out."""

import copy
import json
import pickle
import re

import pytest

from sightline.design.console import plain
from sightline.stats.disclosure import Category, Dimension, ExactRefused, Table
from tests.stats.tabling import build, dimension, two_way

EXACT = two_way([[7103, 7171], [7120, 7011]])


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: str(EXACT), lambda: f"{EXACT:>9}", lambda: list(EXACT), lambda: EXACT[0],
        lambda: bool(EXACT), lambda: len(EXACT), lambda: int(EXACT), lambda: 7103 in EXACT,
        EXACT.__html__, lambda: json.dumps(EXACT), lambda: json.dumps(plain(EXACT)),
        lambda: pickle.dumps(EXACT), lambda: copy.deepcopy(EXACT), lambda: vars(EXACT),
        lambda: setattr(EXACT, "title", "x"),
    ],
)  # fmt: skip
def test_it_refuses(attempt):
    with pytest.raises((ExactRefused, TypeError)):
        attempt()
    assert repr([EXACT]) == "[<Table t: not for showing>]"


def given(**changes):
    base = {
        "code": "t", "title": "T", "counted": "children", "population": EXACT.population,
        "dimensions": EXACT.dimensions,
        "cells": {("a", "u"): 1, ("a", "v"): 2, ("b", "u"): 3, ("b", "v"): 4},
    }  # fmt: skip
    base |= changes
    base["cells"] = base["cells"] | base.pop("more", {})
    return Table(**base)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": " "}, "needs its title"),
        ({"dimensions": []}, "give one dimension or more"),
        ({"dimensions": [dimension("x", "a"), dimension("x", "b")]}, "a code of its own"),
        ({"more": {("a", ""): 4}}, "of a, all is given as 4 but its parts add up to 3, 1 less"),
        ({"more": {("", ""): 9}}, "of all, all is given as 9 but its parts add up to 10, 1 more"),
        ({"more": {("z", "u"): 4}}, "z, u is no cell"),
        ({"more": {("a",): 4}}, "a is no cell"),
        ({"more": {("a", "u"): -1}}, "the count of a, u is below zero"),
        ({"more": {("a", "u"): 1.5}}, "the count of a, u is not a whole number"),
        ({"more": {("a", "u"): True}}, "not a whole number"),
        ({"more": {("a", "u"): float("nan")}}, "not a whole number"),
        ({"cells": {("a", "u"): 1}}, "the count of a, v is missing; 0 is a count"),
        ({"margins": []}, "no margin is published"),
        ({"margins": [["sex"]]}, "sex is no dimension"),
        ({"families": {("z", "u"): 1}}, "z, u is no cell"),
        ({"families": {("a", "v"): 3}}, "a, v has 2 people and 3 families"),
        ({"families": {("a", "v"): 0}}, "a, v has 2 people and 0 families"),
    ],
)  # fmt: skip
def test_a_table_that_contradicts_itself_is_refused(changes, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        given(**changes)


def test_totals_that_agree_are_taken():
    table = given(more={("a", ""): 3, ("", ""): 10})
    assert repr(table) == "<Table t: not for showing>"


@pytest.mark.parametrize(
    ("categories", "said"),
    [
        ((), "or there is none"),
        ((Category(""),), "a category has no code"),
        ((Category("a"), Category("a")), "a stands twice"),
        ((Category("a", "", "b"),), "a is inside b, which is no category"),
        ((Category("a", "", "b"), Category("b", "", "a")), "is inside itself"),
    ],
)
def test_a_dimension_that_contradicts_itself_is_refused(categories, said):
    with pytest.raises(ValueError, match=said):
        Dimension("x", "X", categories)


def test_a_dimension_without_a_name_or_a_table_without_end_is_refused():
    with pytest.raises(ValueError, match="needs a code and a title"):
        Dimension("", "X", (Category("a"),))
    many = [dimension(f"d{i}", *(f"c{n}" for n in range(30))) for i in range(4)]
    with pytest.raises(ValueError, match="more than 200,000"):
        build(many, [0] * 30**4)
