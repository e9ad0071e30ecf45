"""The colours, measured from the file the pages use."""

import re
from pathlib import Path

import pytest

from sightline.design.charts import palette
from tests.design.colour import closest, contrast, difference

STATIC = Path(__file__).parents[2] / "sightline" / "design" / "static" / "design"
TEXT, MARK, APART = 4.5, 3.0, 14.0
TOKENS = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", (STATIC / "tokens.css").read_text()))
READ = [
    *((text, ground) for text in ("text", "text-quiet", "link", "link-hover", "error", "done")
      for ground in ("ground", "ground-quiet")),
    ("text", "ground-strong"),
    ("text", "focus"),
    ("focus-line", "focus"),
    ("text-on-brand", "ground-brand"),
    ("text-on-brand-quiet", "ground-brand"),
    *((f"tag-{kind}-text", f"tag-{kind}") for kind in ("neutral", "attention", "good", "quiet")),
    *((f"scale-{step}-text", f"scale-{step}") for step in range(1, 7)),
    *((f"agree-{step}-text", f"agree-{step}") for step in (1, 2, 3, 4, "unknown")),
]  # fmt: skip
SEEN = [
    "line", "focus-line", "signal-better", "signal-worse", "signal-changed", "signal-none",
    "hidden", "comparator", "ground-brand", "series-1", "series-2", "series-3", "series-4",
]  # fmt: skip
TOGETHER = {
    "the six words": [f"scale-{step}" for step in range(1, 7)],
    "series": [f"series-{place}" for place in range(1, 5)],
    "one and its comparator": ["series-1", "comparator"],
    "agreement": [f"agree-{step}" for step in range(1, 5)],
    "signals": ["signal-better", "signal-worse", "signal-changed"],
}


@pytest.mark.parametrize(("text", "ground"), READ)
def test_text_can_be_read_on_its_ground(text, ground):
    assert contrast(TOKENS[text], TOKENS[ground]) >= TEXT


@pytest.mark.parametrize("mark", SEEN)
def test_marks_can_be_seen_on_the_page(mark):
    assert contrast(TOKENS[mark], TOKENS["ground"]) >= MARK


def test_the_line_in_the_brand_bar_can_be_seen():
    assert contrast(TOKENS["line-on-brand"], TOKENS["ground-brand"]) >= MARK


@pytest.mark.parametrize("family", TOGETHER)
def test_colours_used_together_differ_for_everybody(family):
    apart, where = closest([TOKENS[name] for name in TOGETHER[family]])
    assert apart >= APART, f"{family}: {apart:.1f} between {where}"


def test_charts_use_the_same_colours():
    assert [fill.colour for fill in palette.SIX_STEPS] == [
        TOKENS[f"scale-{step}"] for step in range(6, 0, -1)
    ]
    assert [fill.text for fill in palette.SIX_STEPS] == [
        TOKENS[f"scale-{step}-text"] for step in range(6, 0, -1)
    ]
    assert [fill.colour for fill in palette.FOUR_STEPS] == [
        TOKENS[f"agree-{step}"] for step in range(4, 0, -1)
    ]
    assert list(palette.SERIES[4]) == [TOKENS[f"series-{place}"] for place in range(1, 5)]


def test_the_style_sheet_names_no_colour_of_its_own():
    rules = (STATIC / "sightline.css").read_text()
    rules = re.sub(r"/\*.*?\*/", "", rules, flags=re.S)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![^{]*{)|\brgba?\(|\bhsla?\(", rules)
    unknown = set(re.findall(r"var\(--([a-z0-9-]+)\)", rules)) - set(TOKENS) - {"shadow"}
    assert not unknown


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_measure_agrees_with_its_published_examples(one, other, expected):
    """Pairs 1, 9, 17, 31 and 34 of Sharma, Wu and Dalal's test data."""
    assert difference(one, other) == pytest.approx(expected, abs=0.0001)
