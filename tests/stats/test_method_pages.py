"""The worked examples of M-01 and M-06 to M-12: each row of each table is computed here."""

import re
from pathlib import Path

import pytest

from sightline.stats import inequality, intervals, phrases, strata, trends
from sightline.stats.agreement import Scale, cohen, gwet, krippendorff, per_cent
from sightline.stats.control import p_chart
from sightline.stats.intervals import proportion
from sightline.stats.reading_level import reading_level
from sightline.stats.sampling import Plan, Unit, draw, size_for
from sightline.stats.series import Convention, Rule
from sightline.stats.xmr import xmr
from tests.stats.test_agreement import FOUR
from tests.stats.test_inequality import I1
from tests.stats.test_phrases import FRACTIONS, TERMS
from tests.stats.test_trends import X1, X2

PAGES = Path(__file__).parents[2] / "docs/methods"


def shift(values, **more):
    found = trends.run_chart(values, **more).signals
    return next((s.points for s in found if s.rule is Rule.SHIFT), "none")


def drawn():
    held = {"home": 40, "foster": 20, "residential": 6}
    frame = [Unit(f"{name}{i:02}", name) for name, n in held.items() for i in range(n)]
    return {s.stratum: s for s in draw(frame, Plan(15, minimum=3), seed="Fife 2026").strata}


NAMES = {
    **{name: getattr(intervals, name) for name in (
        "proportion", "rate", "difference", "ratio", "rate_ratio", "rate_difference", "median",
    )},
    "stratified": strata.stratified, "Stratum": strata.Stratum,
    "I1": inequality.inequality(I1), "GROUPS": I1,
    "slope_by_resampling": inequality.slope_by_resampling,
    "shift": shift, "CODE": Convention.CODE, "expected_runs": trends.expected_runs,
    "longest_run_allowed": trends.longest_run_allowed,
    "fewest_crossings": trends.fewest_crossings,
    "xmr": xmr, "p_chart": p_chart, "X1": X1, "X2": X2,
    "P": [(12, 60), (15, 58), (9, 61), (11, 57), (30, 62)],
    "per_cent": per_cent, "cohen": cohen, "gwet": gwet, "krippendorff": krippendorff,
    "FOUR": FOUR, "ORDINAL": Scale.ORDINAL, "INTERVAL": Scale.INTERVAL,
    "YES": [("yes", "yes")] * 40 + [("yes", "no")] * 5 + [("no", "yes")] * 3 + [("no", "no")] * 12,
    "PARADOX": [(1, 1)] * 118 + [(1, 2)] * 5 + [(2, 1)] * 2,
    "DRAWN": drawn(), "size_for": size_for,
}  # fmt: skip


def printed(value, as_written):
    """A result as the page writes it: as many decimals, several parted by commas."""
    if isinstance(value, intervals.Interval):
        value = (value.estimate, value.low, value.high)
    if isinstance(value, tuple | list):
        return ", ".join(printed(v, as_written) for v in value)
    if isinstance(value, float):
        decimals = len(as_written.split(",")[0].partition(".")[2])
        return f"{value:.{decimals}f}"
    return str(value)


@pytest.mark.parametrize(
    ("page", "rows"),
    [
        ("M-06-intervals.md", 14), ("M-07-inequality.md", 11), ("M-08-run-charts.md", 7),
        ("M-09-control-charts.md", 9), ("M-10-agreement.md", 10), ("M-11-sampling.md", 9),
    ],
)  # fmt: skip
def test_each_row_of_a_worked_example_is_what_the_code_answers(page, rows):
    text = (PAGES / page).read_text(encoding="utf-8")
    found = re.findall(r"^\| `(.+?)` \| (.+?) \|$", text, re.MULTILINE)
    assert len(found) == rows
    for asked, cells in found:
        value = eval(asked, {"__builtins__": {}}, dict(NAMES))  # noqa: S307 - our own page
        written = cells.replace(" | ", ", ")
        assert printed(value, written) == written, asked


def test_fractions_complements_and_stability_of_m_01():
    text = (PAGES / "M-01-terms-of-quantity.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (\d+) of (\d+) \| ([a-z ]+) \| ([a-z ]+) \| ([a-z ,]+) \|$", text, re.MULTILINE
    )
    assert len(rows) == 5
    for n, base, fraction, rest, sample in ((int(a), int(b), *more) for a, b, *more in rows):
        assert (phrases.fraction(n, base, FRACTIONS, TERMS) or "none") == fraction
        assert phrases.with_complement(n, base, FRACTIONS, TERMS).rest == rest
        assert phrases.stability(n, base, proportion(n, base), TERMS).text == sample


def test_the_texts_of_m_12():
    text = (PAGES / "M-12-reading-level.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| ([A-Z].+?\.) \| (\d+) \| (\d+) \| (\d+) \| ([\d.]+) \| (\d+) \|$", text, re.MULTILINE
    )
    assert len(rows) == 2
    for read, *figures in rows:
        found = reading_level(read)
        assert figures == [
            str(found.sentences), str(found.words), str(found.syllables),
            f"{found.school_years:.1f}",
            str(found.age),
        ]  # fmt: skip


@pytest.mark.parametrize("number", range(6, 13))
def test_each_page_says_what_how_whence_and_where_it_ends(number):
    (page,) = PAGES.glob(f"M-{number:02}-*.md")
    text = page.read_text(encoding="utf-8")
    for part in ("**What it is.**", "## Worked example", "## Sources", "## Limits"):
        assert part in text
