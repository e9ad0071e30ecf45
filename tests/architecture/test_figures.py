"""Rules about figures: the checkout keeps them, and a planted breach of each is caught."""

import pytest

from tests.architecture.planting import plant
from tests.architecture.rules import figures
from tests.architecture.rules.tree import CHECKOUT

FROM = "from sightline.stats.disclosure import"
BARS = "from sightline.design.charts import bars\n"

PLANTED = [
    (figures.exact_stays_below, "surveys/views.py", f"{FROM} Table\n", f"{FROM} ShownTable\n"),
    (figures.exact_stays_below, "surveys/queries.py", f"{FROM} protect_table\n", f"{FROM} Table\n"),
    (
        figures.exact_stays_below,
        "surveys/measures.py",
        "from sightline.stats.disclosure.tables import numbers_of\n",
        f"{FROM} Table\n",
    ),
    (
        figures.shown_is_made_once,
        "surveys/queries.py",
        f"{FROM} table_from_data\ndef f(data):\n    return table_from_data(data)\n",
        f"{FROM} ShownTable\n",
    ),
    (figures.exact_stays_below, "surveys/views.py", f"{FROM} Exact\n", f"{FROM} Shown\n"),
    (figures.exact_stays_below, "surveys/presenters.py", f"{FROM} Count as C\n", f"{FROM} Shown\n"),
    (figures.exact_stays_below, "surveys/urls.py", f"def f():\n    {FROM} Exact\n", ""),
    (
        figures.exact_stays_below,
        "surveys/services.py",
        "from sightline.stats.disclosure.exact import Exact\n",
        "from sightline.releases.services import declare\n",
    ),
    (figures.exact_stays_below, "design/charts/bars.py", f"{FROM} Exact\n", ""),
    (figures.exact_stays_below, "design/spreadsheets.py", f"{FROM} Exact\n", ""),
    (figures.exact_stays_below, "surveys/report_views.py", f"{FROM} Exact\n", ""),
    (figures.exact_stays_below, "surveys/forms.py", f"{FROM} spelled\n", f"{FROM} Profile\n"),
    (figures.exact_stays_below, "surveys/queries.py", f"{FROM} protect\n", f"{FROM} Exact\n"),
    (
        figures.exact_stays_below,
        "surveys/measures.py",
        "from sightline.stats.disclosure.exact import counts_of\n",
        f"{FROM} Count, Exact\n",
    ),
    (
        figures.exact_stays_below,
        "surveys/jobs.py",
        "from sightline.stats.disclosure.shown import MAKER\n",
        f"{FROM} Exact\n",
    ),
    (figures.exact_stays_below, "surveys/queries.py", f"{FROM} *\n", f"{FROM} Area, Count\n"),
    (
        figures.exact_stays_below,
        "surveys/queries.py",
        "from sightline.stats import disclosure\n",
        "from sightline.stats import quantity\n",
    ),
    (figures.exact_stays_below, "surveys/queries.py", "import sightline.stats.disclosure\n", ""),
    (
        figures.exact_stays_below,
        "surveys/queries.py",
        "def f(table):\n    return table._Exact__counts()\n",
        "def f(table):\n    return table.title\n",
    ),
    (
        figures.exact_stays_below,
        "surveys/queries.py",
        'def f(table):\n    return getattr(table, "_Exact__counts")\n',
        'def f(table):\n    return getattr(table, "title")\n',
    ),
    (
        figures.shown_is_made_once,
        "surveys/queries.py",
        f"{FROM} Shown\n\ndef f():\n    return Shown(code='a')\n",
        f"{FROM} Shown\n\ndef f(shown: Shown):\n    return shown\n",
    ),
    (
        figures.shown_is_made_once,
        "surveys/queries.py",
        f"{FROM} Shown as S\n\ndef f():\n    return S(code='a')\n",
        "class Shown: ...\n\ndef f():\n    return Shown()\n",
    ),
    (
        figures.shown_is_made_once,
        "surveys/views.py",
        f"{FROM} from_data\n\ndef f():\n    return from_data({{}})\n",
        "from sightline.releases.queries import shown\n",
    ),
    (
        figures.figures_are_drawn_from_shown,
        "surveys/presenters.py",
        f"{BARS}\n\ndef chart(counts: list[int]):\n    return bars(points=counts)\n",
        f"{FROM} Shown\n{BARS}\n\ndef chart(shown: Shown):\n    return bars(points=shown)\n",
    ),
    (
        figures.figures_are_drawn_from_shown,
        "surveys/charts.py",
        f"{BARS}\n\ndef chart(Shown):\n    return bars(points=Shown)\n",
        f'{FROM} Shown\n{BARS}\n\ndef chart(shown: "Shown"):\n    return bars(points=shown)\n',
    ),
    (
        figures.figures_are_drawn_from_shown,
        "surveys/views.py",
        "from sightline.design import spreadsheets\n\ndef f(rows):\n"
        "    return spreadsheets.to_csv((), rows)\n",
        f"{FROM} Shown\nfrom sightline.design.spreadsheets import to_csv\n\n"
        "def f(*, tables: tuple[Shown, ...]):\n    return to_csv((), tables)\n",
    ),
    (
        figures.figures_are_drawn_from_shown,
        "inspections/report.py",
        "from sightline.design.spreadsheets import Sheet as S\n\n"
        "def f(rows):\n    return S(rows)\n",
        "from sightline.inspections.overview_shown import Shown\n",
    ),
    (
        figures.pages_do_not_count,
        "surveys/views.py",
        "from django.db.models import Sum\n",
        "from django.db.models import Q\n",
    ),
    (
        figures.pages_do_not_count,
        "surveys/presenters.py",
        "def f(rows):\n    return rows.aggregate(1)\n",
        "def f(rows):\n    return rows.filter(1)\n",
    ),
    (
        figures.templates_take_no_exact,
        "surveys/templates/surveys/table.html",
        "<p>{{ exact.total }}</p>\n",
        "<p>{{ shown.total.count.text }}</p>\n",
    ),
]
RULES = list(dict.fromkeys(rule for rule, *_ in PLANTED))


@pytest.mark.no_cover
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_figures_keep_the_rule(rule):
    assert list(rule(CHECKOUT)) == []


@pytest.mark.parametrize(
    ("rule", "path", "bad", "good"),
    PLANTED,
    ids=[f"{p[0].__name__}-{n}" for n, p in enumerate(PLANTED)],
)
def test_a_planted_breach_is_caught_and_its_mended_form_is_not(rule, path, bad, good, tmp_path):
    assert len(list(rule(plant(tmp_path / "bad", {f"sightline/{path}": bad})))) == 1
    assert list(rule(plant(tmp_path / "good", {f"sightline/{path}": good}))) == []


def test_the_home_of_the_types_is_left_alone(tmp_path):
    inside = "from sightline.stats.disclosure.exact import counts_of\nx = Shown()\n"
    tree = plant(tmp_path, {"sightline/stats/disclosure/protecting.py": inside})
    assert list(figures.exact_stays_below(tree)) == []
    assert list(figures.shown_is_made_once(tree)) == []


def test_every_reason_stands_for_a_module_that_makes_figures():
    assert list(figures.reasons_are_used(CHECKOUT)) == []


def test_a_reason_for_a_module_that_is_gone_is_caught(tmp_path):
    gone = list(figures.reasons_are_used(plant(tmp_path, {"sightline/surveys/views.py": ""})))
    assert len(gone) == len(figures.OTHERWISE)


def test_every_rule_has_a_planted_breach():
    public = {
        value
        for name, value in vars(figures).items()
        if callable(value) and getattr(value, "__module__", "") == figures.__name__
        and not name.startswith("_")
    }  # fmt: skip
    assert public == {*RULES, figures.reasons_are_used}
