"""A chart in a page: sentence, picture, table, notes, source."""

import re

import pytest
from django.template import engines
from django_cotton.compiler_regex import CottonCompiler

from sightline.design.charts import Chart, examples

EVERY = [pytest.param(chart, id=name) for name, chart in examples()]


def rendered(chart: Chart, markup: str = '<c-chart :chart="chart" />') -> str:
    """The markup as a page's template would render it."""
    return engines["django"].from_string(CottonCompiler().process(markup)).render({"chart": chart})


@pytest.mark.parametrize("chart", EVERY)
def test_a_figure_has_heading_sentence_picture_and_table(chart):
    page = rendered(chart)
    assert page.count("<figure") == 1
    assert re.search(r"<h3[^>]*>[^<]*</h3>", page)
    labels = re.findall(r'<svg[^>]*role="img"[^>]*aria-label="([^"]+)"', page)
    assert labels
    assert all(len(label) <= 150 for label in labels)
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    assert body.count("<tr>") == len(chart.rows)
    assert body.count('<th scope="row">') == len(chart.rows)
    assert page.count('scope="col"') == len(chart.header)
    assert 'role="region"' in page
    assert 'tabindex="0"' in page
    assert "style=" not in page
    assert "Source:" in page


def test_a_figure_takes_its_heading_level_its_download_and_its_anchor():
    page = rendered(
        examples()[0][1],
        '<c-chart :chart="chart" level="4" download="/figures.csv" anchor="here" />',
    )
    assert "<h4" in page
    assert 'href="/figures.csv"' in page
    assert 'id="here"' in page


def test_symbols_are_explained_under_their_table():
    page = rendered(examples()[1][1])
    assert "[c] means too few to show" in page
    assert "[x] means not available" in page
