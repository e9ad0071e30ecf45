"""Figures of a whole dataset: on their limits, beside them, and of nothing."""

import pytest

from sightline.children.rules.shapes import Mean, Share
from sightline.children.rules.wholes import figure

KNOWN = [{"column": "scn", "known": "yes"}]


@pytest.mark.parametrize(
    ("limits", "counted", "outside"),
    [
        ({"most": 5}, 50, False),
        ({"most": 5}, 51, True),
        ({"least": 90}, 900, False),
        ({"least": 90}, 899, True),
        ({"least": 10, "most": 20}, 99, True),
        ({"least": 10, "most": 20}, 201, True),
        ({"least": 10, "most": 20}, 150, False),
    ],
)
def test_a_share_is_outside_beyond_its_limit_alone(limits, counted, outside):
    share = Share.model_validate({"kind": "share", "counts": KNOWN, "words": "Known", **limits})
    found = figure(share, counted, 1000)
    assert found.outside is outside
    assert found.value == pytest.approx(counted / 10)


@pytest.mark.parametrize(
    ("rows", "outside"), [(15, False), (14, True), (40, False), (41, True), (25, False)]
)
def test_a_mean_is_outside_beyond_its_limits(rows, outside):
    mean = Mean(kind="mean", per=("child",), least=1.5, most=4, words="Rows to each child")
    assert figure(mean, rows, 10).outside is outside


def test_a_figure_says_what_was_expected_and_when_there_was_nothing():
    share = Share.model_validate({"kind": "share", "counts": KNOWN, "words": "Known", "least": 90})
    assert figure(share, 1, 2).words == "Known: 50.0 per cent of 2 (expected at least 90 per cent)."
    assert figure(share, None, 0).words == "Known: there was nothing to look at."
    assert figure(share, None, 0).value is None
    mean = Mean(kind="mean", per=("child",), least=1, most=3, words="Rows to each")
    assert figure(mean, 4, 2).words == "Rows to each: 2.0 (expected 1 to 3)."
    most = Share.model_validate({"kind": "share", "counts": KNOWN, "words": "Known", "most": 5})
    assert "expected at most 5 per cent" in figure(most, 1, 2).words
