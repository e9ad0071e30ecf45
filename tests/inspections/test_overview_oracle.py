"""The overview against a second, plain recount of the same data by dictionaries and loops.

The recount reads plain data and the programmes' codes; it shares no code with the overview.
"""

from typing import Any

import pytest

from sightline.framework.definitions import library
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.overview import build_overview
from sightline.inspections.overview_shapes import Overview
from tests.inspections.made_up import NAMES, at_random

SEEDS = range(60)
GRADED = {
    "care-and-protection@1": ["9", "2.1", "2.2", "1.1"],
    "risk-of-harm@1": ["2.1"],
    "supervision-at-home@1": ["2.1", "5.3", "5.4", "9.2"],
}
EDITION = {"care-and-protection@1": 2, "risk-of-harm@1": 2, "supervision-at-home@1": 3}
UNDATED = "9999"
Rows = list[dict[str, Any]]


def overview_of(rows: Rows, **more: Any) -> Overview:
    """The overview of plain data."""
    documents = [InspectionDocument.model_validate(row) for row in rows]
    return build_overview(documents, library(), names=NAMES, **more)


def recounted(rows: Rows) -> dict[tuple[str, str], dict[str, Any]]:
    """By programme and judgement: how many of each value, who is not known, who is expected."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for programme, codes in GRADED.items():
        for code in codes:
            values: dict[int, set[str]] = {}
            unknown, expected = set(), 0
            for row in rows:
                if row["programme"] != programme:
                    continue
                listed = [e for e in row["evaluations"] if e["judgement"] == code]
                if not listed and row["kind"] != "full":
                    continue
                expected += 1
                if listed and "stated" in listed[0]:
                    values.setdefault(listed[0]["stated"]["value"], set()).add(row["reference"])
                else:
                    unknown.add(row["reference"])
            found[programme, code] = {"values": values, "unknown": unknown, "expected": expected}
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_evaluations_agree_with_a_plain_recount(seed):
    """Every count of every word, every name of what is not known, every "n of N"."""
    rows = at_random(seed)
    counts = recounted(rows)
    seen = set()
    for group in overview_of(rows).groups:
        for view in group.judgements:
            seen.add((group.programme, view.code))
            plain = counts[group.programme, view.code]
            given = {c.value: {n.reference for n in c.inspections} for c in view.counts if c.count}
            assert given == plain["values"]
            assert {n.reference for n in view.unknown} == plain["unknown"]
            assert view.expected == plain["expected"]
            good = sum(len(who) for value, who in plain["values"].items() if value > 3)
            known = sum(len(who) for who in plain["values"].values())
            assert (view.good_or_better.value or 0, view.good_or_better.base) == (good, known)
            if known:
                assert view.highest.value == max(plain["values"])
                assert view.lowest.value == min(plain["values"])
        if group.together:
            chosen = [counts[group.programme, code] for code in group.together.judgements]
            good = [n for c in chosen for v, who in c["values"].items() if v > 3 for n in who]
            everyone = [n for c in chosen for who in c["values"].values() for n in who]
            measure = group.together.good_or_better
            assert (measure.value, measure.base) == (len(good), len(everyone))
    shown = {row["programme"] for row in rows}
    assert seen == {key for key in counts if key[0] in shown}


@pytest.mark.parametrize("seed", SEEDS)
def test_evidence_agrees_with_a_plain_recount(seed):
    """Sums over what is known, for whom, and who is missing; rates are not added."""
    rows = at_random(seed)
    total: dict[str, int] = {}
    known: dict[str, set[str]] = {}
    for row in rows:
        for count in row["evidence"]:
            total[count["channel"]] = total.get(count["channel"], 0) + count["count"]
            known.setdefault(count["channel"], set()).add(row["reference"])
    full = {row["reference"] for row in rows if row["kind"] == "full"}
    shown = overview_of(rows).evidence
    assert {kind.channel for kind in shown if kind.known} == set(total)
    for kind in shown:
        who = known.get(kind.channel, set())
        assert {c.named.reference for c in kind.known} == who
        # Every programme held here counts every channel, so each full inspection could have it.
        assert {n.reference for n in kind.missing} == full - who
        if kind.channel != "staff-survey-rate" and who:
            assert kind.total.value == total[kind.channel]
        else:
            assert kind.total.value is None


@pytest.mark.parametrize("seed", SEEDS)
def test_conflicts_and_changes_agree_with_a_plain_recount(seed):
    """A conflict for each value with another beside it; a change against the latest before."""
    rows = at_random(seed)
    conflicts = 0
    for row in rows:
        for found in row["evaluations"]:
            others = [other["value"] for other in found.get("also", [])]
            conflicts += any(value != found["stated"]["value"] for value in others)
        for count in row["evidence"]:
            conflicts += any(
                (other["count"], "exactly") != (count["count"], count["qualifier"])
                for other in count.get("also", [])
            )
    overview = overview_of(rows)
    assert len(overview.conflicts) == conflicts

    changes = set()
    for area in NAMES:
        same = [row for row in rows if row["partnership"] == area]
        for later in same:
            for found in later["evaluations"]:
                # 2.1 is one indicator in all three programmes; the suite 9 is in one only.
                before = [
                    (_when(row), e["stated"]["value"])
                    for row in same
                    for e in row["evaluations"]
                    if e["judgement"] == found["judgement"]
                    and "stated" in e
                    and _when(row) < _when(later) != UNDATED
                    # A crosswalk leads from an older edition to a newer one, not back.
                    and EDITION[row["programme"]] <= EDITION[later["programme"]]
                ]
                if "stated" in found and before:
                    value = max(before)[1]
                    changes.add((later["reference"], found["judgement"], value,
                                 found["stated"]["value"]))  # fmt: skip
    assert {
        (c.later.reference, c.judgement, c.earlier_value, c.later_value) for c in overview.changes
    } == changes


def _when(row: dict[str, Any]) -> str:
    return row["dates"]["published"]["value"] if row["dates"] else UNDATED


@pytest.mark.parametrize("seed", range(12))
def test_order_of_the_inspections_changes_nothing(seed):
    """The same set in another order gives the same overview."""
    rows = at_random(seed)
    assert overview_of(rows) == overview_of(rows[::-1])
