"""Rules about templates: the checkout keeps them, and a planted breach of each is caught."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.planting import plant
from tests.architecture.rules import templates
from tests.architecture.rules.tree import CHECKOUT

Rule = Callable[[Path], Iterator[str]]
SURVEY = "sightline/surveys/templates/surveys/round.html"
PLANTED: list[tuple[Rule, dict[str, str], dict[str, str]]] = [
    (
        templates.templates_look_down,
        {SURVEY: '{% include "evidence/_piece.html" %}'},
        {SURVEY: '{% extends "design/base.html" %}{% include "surveys/_row.html" %}'},
    ),
    (
        templates.templates_look_down,
        {SURVEY: "{% include 'documents/_page.html' %}"},
        {SURVEY: '{# {% include "evidence/_piece.html" %} #}'},
    ),
    (
        templates.templates_look_down,
        {SURVEY: "<p>\n{% url 'inspections:one' reference=x %}</p>"},
        {SURVEY: "{% url 'framework:one' code=x %}{% url 'home' %}"},
    ),
    (
        templates.templates_live_at_home,
        {"sightline/surveys/templates/evidence/piece.html": ""},
        {
            SURVEY: "",
            "sightline/access/templates/account/login.html": "",
            "sightline/design/templates/404.html": "",
        },
    ),
    (
        templates.code_names_templates_below,
        {"sightline/surveys/views.py": 'render(request, "evidence/piece.html")\n'},
        {"sightline/surveys/views.py": 'render(request, "surveys/round.html")\n'},
    ),
    (
        templates.code_names_templates_below,
        {"sightline/access/views.py": 'redirect("inspections:one", reference="a")\n'},
        {
            "sightline/access/views.py": 'redirect("access:people")\n',
            "sightline/config/pages.py": 'reverse("inspections:one")\n',
        },
    ),
    (
        templates.nothing_inline,
        {SURVEY: '<p style="color: red">'},
        {SURVEY: '<p class="style"><script src="/static/x.js"></script>'},
    ),
    (templates.nothing_inline, {SURVEY: "<style>p {}</style>"}, {}),
    (templates.nothing_inline, {SURVEY: "<script>x()</script>"}, {}),
    (templates.nothing_inline, {SURVEY: '<button\n type="button" onclick="x()">'}, {}),
    (templates.nothing_inline, {SURVEY: '<a href="javascript:x()">'}, {}),
    (
        templates.nothing_inline,
        {"sightline/design/templates/design/x.svg": '<rect style="fill: red"/>'},
        {"sightline/design/templates/design/x.svg": '<rect fill="red"/>'},
    ),
    (templates.no_markup_is_trusted, {SURVEY: "{{ text|safe }}"}, {SURVEY: "{{ text }} safe"}),
    (templates.no_markup_is_trusted, {SURVEY: "{% autoescape off %}"}, {}),
    (
        templates.partials_are_marked,
        {SURVEY: '{% include "surveys/row.html" %}', SURVEY.replace("round", "row"): "<tr>"},
        {SURVEY: '{% include "surveys/_row.html" %}', SURVEY.replace("round", "_row"): "<tr>"},
    ),
]
RULES = list(dict.fromkeys(rule for rule, _, _ in PLANTED))


@pytest.mark.no_cover
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_templates_keep_the_rule(rule):
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
        for name, value in vars(templates).items()
        if callable(value) and value.__module__ == templates.__name__ and not name.startswith("_")
    }
    assert public == set(RULES)


def test_there_are_templates_to_look_at():
    assert len(list(CHECKOUT.glob("sightline/*/templates/**/*.html"))) > 20
