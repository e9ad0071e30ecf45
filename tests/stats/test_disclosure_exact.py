"""An exact table does not get out: not by printing, templates, files, JSON, copies or pickles."""

import copy
import csv
import io
import json
import pickle

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.template import Context, Engine

from sightline.design.console import plain
from sightline.design.spreadsheets import to_csv
from sightline.kernel.measures import State
from sightline.stats.disclosure import Area, Count, Exact, ExactRefused, Population, spelled
from tests.stats.disclosing import YEAR, table

EXACT = table(7103, 7171, 7120)
NUMBERS = ("7103", "7171", "7120", "21394")


def drawn(source: str) -> str:
    return Engine().from_string(source).render(Context({"exact": EXACT, "rows": [EXACT]}))


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: f"{EXACT}", lambda: str(EXACT), lambda: format(EXACT, ">9"),
        lambda: list(EXACT), lambda: len(EXACT), lambda: EXACT[0], lambda: 7103 in EXACT,
        lambda: bool(EXACT), lambda: int(EXACT), lambda: float(EXACT), lambda: bytes(EXACT),
        EXACT.__html__, lambda: json.dumps(EXACT),
        lambda: json.dumps(EXACT, cls=DjangoJSONEncoder), lambda: json.dumps(plain(EXACT)),
        lambda: pickle.dumps(EXACT), lambda: copy.copy(EXACT), lambda: copy.deepcopy(EXACT),
        lambda: csv.writer(io.StringIO()).writerow([EXACT]), lambda: to_csv(("A",), [(EXACT,)]),
        lambda: drawn("{{ exact }}"), lambda: drawn("{{ exact|safe }}"),
        lambda: drawn("{% for row in exact %}{{ row }}{% endfor %}"),
        lambda: "".join([EXACT]),
        lambda: vars(EXACT), lambda: setattr(EXACT, "title", "x"),
    ],
)  # fmt: skip
def test_it_refuses(attempt):
    with pytest.raises((TypeError, AttributeError)):
        attempt()


def test_nothing_a_template_can_walk_to_is_a_number():
    names = [name for name in dir(EXACT) if not name.startswith("_")]
    assert "categories" in names
    for name in names:
        assert not any(number in drawn(f"{{{{ exact.{name} }}}}") for number in NUMBERS), name
    for path in ("counts", "0", "0.people", "total", "rows.0.people", "categories.0.2"):
        assert drawn(f"{{{{ exact.{path} }}}}") == ""


def test_what_is_printed_by_accident_names_the_table_and_no_number():
    assert repr(EXACT) == "<Exact t: not for showing>"
    assert repr(Count("a", "A", 71)) == "<Count a>"
    assert not any(number in repr([EXACT]) for number in NUMBERS)
    assert drawn("{{ rows|join:', ' }}") == "[&lt;Exact t: not for showing&gt;]"
    with pytest.raises(ExactRefused, match=r"releases\.services\.declare"):
        str(EXACT)


def test_the_spelling_tells_tables_apart():
    assert spelled(EXACT) == spelled(table(7103, 7171, 7120))
    assert spelled(EXACT) != spelled(table(7103, 7171, 7121))
    assert spelled(EXACT) != spelled(table(7103, 7171, 7120, vintage="2"))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Count("a", "A", -1), "below zero"),
        (lambda: Count("a", "A", 1.5), "not a whole number"),
        (lambda: Count("a", "A", True), "not a whole number"),
        (lambda: Count("a", "A", None), "or the state that says why"),
        (lambda: Count("a", "A", 3, state=State.NOT_ASKED), "or the state that says why"),
        (lambda: Count("a", "A", None, state=State.SUPPRESSED), "or the state that says why"),
        (lambda: Count("a", "A", None, of=3, state=State.NOT_ASKED), "not out of anything"),
        (lambda: Count("a", "A", 4, of=3), "more people are counted"),
        (lambda: Count("a", "A", 4, families=5), "more families than people"),
        (lambda: Count("a", "A", 4, families=0), "people and no family"),
        (table, "nothing to count"),
        (lambda: table(Count("a", "A", 1), Count("a", "B", 1)), "stands twice"),
        (lambda: table((1, 2), Count("b", "B", 1)), "some do not"),
        (lambda: table(1, 2, measure="seen"), "names its measure"),
        (lambda: table((1, 2), measure=""), "names its measure"),
        (lambda: table(1, title=" "), "needs its title"),
        (lambda: Area("fife", without=("angus",)), "does not lie inside"),
        (lambda: Population(" ", Area("fife"), *YEAR), "Say who was counted"),
        (lambda: Population("x", Area("fife"), *reversed(YEAR)), "before it starts"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(make, said):
    with pytest.raises(ValueError, match=said):
        make()


def test_a_table_is_what_it_was_made_of():
    assert EXACT.categories == (("a", "A"), ("b", "B"), ("c", "C"))
    assert EXACT.by == "Age"
    assert isinstance(EXACT, Exact)
