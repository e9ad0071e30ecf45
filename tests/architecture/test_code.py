"""Rules about Python source: the checkout keeps them, and a planted breach of each is caught."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.planting import plant
from tests.architecture.rules import code
from tests.architecture.rules.tree import CHECKOUT

Rule = Callable[[Path], Iterator[str]]
LONG_FUNCTION = "def long():\n" + "    x = 1\n" * 60

PLANTED: list[tuple[Rule, dict[str, str], dict[str, str]]] = [
    (
        code.pages_stay_home,
        {"sightline/reports/views.py": "def f():\n    from sightline.inspections.views import g\n"},
        {
            "sightline/reports/views.py": "from sightline.inspections.queries import g\n",
            "sightline/reports/urls.py": "from sightline.reports import views\n",
            "sightline/config/urls.py": "from sightline.inspections import views\n",
            "sightline/access/forms.py": "from sightline.design.forms import Form\n",
        },
    ),
    (
        code.pages_stay_home,
        {"sightline/reports/queries.py": "from sightline.inspections import overview_views\n"},
        {"sightline/inspections/urls.py": "from sightline.inspections import overview_views\n"},
    ),
    (
        code.short_enough,
        {"sightline/stats/long.py": "x = 1\n" * 601},
        {"sightline/stats/long.py": "x = 1\n" * 600},
    ),
    (
        code.short_enough,
        {"tools/long.py": LONG_FUNCTION},
        {"tools/long.py": LONG_FUNCTION.removesuffix("    x = 1\n")},
    ),
    (
        code.no_twins,
        {"sightline/stats/bands.py": "", "sightline/stats/bands/__init__.py": '"""Bands."""\n'},
        {"sightline/stats/bands/__init__.py": '"""Bands."""\n'},
    ),
    (
        code.packages_are_described,
        {"sightline/stats/__init__.py": ""},
        {"sightline/stats/__init__.py": '"""Arithmetic."""\n'},
    ),
    (
        code.contexts_say_what_they_must_not_know,
        {"sightline/stats/__init__.py": '"""Arithmetic."""\n'},
        {"sightline/stats/__init__.py": '"""Arithmetic.\n\nMust not know: Django.\n"""\n'},
    ),
    (
        code.no_signals,
        {"sightline/access/models.py": "from django.db.models.signals import post_save\n"},
        {"sightline/access/models.py": "from django.db import models\n"},
    ),
    (
        code.names_say_something,
        {"sightline/access/utils.py": ""},
        {"sightline/access/doors.py": ""},
    ),
    (code.names_say_something, {"sightline/access/admin.py": ""}, {}),
    (
        code.services_name_their_actor,
        {"sightline/access/services.py": "def grant(person, *, actor): ...\n"},
        {
            "sightline/access/services.py": "def grant(*, actor, person): ...\ndef _own(x): ...\n",
            "sightline/access/queries.py": "def people(on): ...\n",
        },
    ),
    (
        code.services_name_their_actor,
        {"sightline/access/services.py": "def grant(*, person, actor): ...\n"},
        {},
    ),
    (
        code.models_do_not_act,
        {"sightline/access/models.py": "class A:\n    def save(self): ...\n"},
        {"sightline/access/forms.py": "class A:\n    def save(self): ...\n"},
    ),
    (
        code.faults_are_named,
        {"sightline/stats/read.py": "try:\n    f()\nexcept Exception:\n    pass\n"},
        {
            "sightline/stats/read.py": "try:\n    f()\nexcept ValueError:\n    pass\n",
            "sightline/stats/tidy.py": "try:\n    f()\nexcept BaseException:\n    g()\n    raise\n",
        },
    ),
    (
        code.faults_are_named,
        {"tools/read.py": "try:\n    f()\nexcept:\n    g()\n    raise ValueError\n"},
        {},
    ),
    (
        code.judgement_words,
        {"sightline/inspections/queries.py": "def grades_by_area(): ...\n"},
        {"sightline/inspections/queries.py": "def evaluations_by_area(): ...\n"},
    ),
    (
        code.judgement_words,
        {"sightline/inspections/queries.py": "overall_score = 4\n"},
        {"sightline/inspections/queries.py": "underscored = 4\n"},
    ),
]
RULES = list(dict.fromkeys(rule for rule, _, _ in PLANTED))


@pytest.mark.no_cover
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps_the_rule(rule):
    assert list(rule(CHECKOUT)) == []


@pytest.mark.parametrize(
    ("rule", "bad", "good"), PLANTED, ids=[f"{p[0].__name__}-{n}" for n, p in enumerate(PLANTED)]
)
def test_a_planted_breach_is_caught_and_its_mended_form_is_not(rule, bad, good, tmp_path):
    assert len(list(rule(plant(tmp_path / "bad", bad)))) == 1
    assert list(rule(plant(tmp_path / "good", good))) == []


def test_every_rule_has_a_planted_breach():
    public = {
        value
        for name, value in vars(code).items()
        if callable(value) and value.__module__ == code.__name__ and not name.startswith("_")
    }
    assert public == set(RULES)
