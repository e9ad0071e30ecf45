"""Indicators on a generated area equal the answers of its event log, which share no code with them.

The engine works the indicators out from definitions, the answers come from the lives in plain
Python. Where they differ, one of them reads the definition wrongly.
"""

import datetime as dt
from collections.abc import Mapping

import pyarrow as pa
import pytest

from sightline.children.definitions import datasets
from sightline.children.tables import from_rows
from sightline.outcomes.definitions import registry
from sightline.outcomes.generating.answers import Answer, answers, questions
from sightline.outcomes.generating.extracts import extract
from sightline.outcomes.generating.lives import Log
from sightline.outcomes.measures.computing import compute
from sightline.warehouse.engines import engine
from tests.outcomes.generating.lives_made import a_log

AT_LEAST = 70
pytestmark = pytest.mark.timeout(400)
"""Eighty indicators are compiled and asked, each with its breakdowns."""
MOST_COMPLEX = (
    "cp18@1", "cp24@1", "cp26@1", "la09@1", "la10@1", "la12@1", "la17@1", "la19@1", "cl01@1",
    "cl02@1", "cl09@1", "cl11@1", "he02@1", "he03@1", "vp01@1", "wf02@1",
)  # fmt: skip
ALWAYS = dt.date(1900, 1, 1), dt.date(2999, 12, 31)


def places(log: Log) -> pa.Table:
    zones = log.setting.zones
    first, last = ALWAYS
    return pa.table(
        {
            "zone": [zone.code for zone in zones],
            "simd": [str(zone.quintile) for zone in zones],
            "locality": [zone.locality for zone in zones],
            "first": pa.array([first] * len(zones), pa.date32()),
            "last": pa.array([last] * len(zones), pa.date32()),
        }
    )


Results = Mapping[tuple[str, str, str, str], dict[str, object]]


@pytest.fixture(scope="module")
def both() -> tuple[list[Answer], Results]:
    log = a_log(700, 3, 11)
    rows = extract(log)
    known = answers(log)
    by_key = {one.key: one for one in registry()}
    found = {}
    with engine("duckdb", threads=1) as warehouse:
        tables = {
            one.code: warehouse.put(
                from_rows(one, rows.get(one.code, ())), one.code.replace("-", "_")
            )
            for one in datasets()
        }
        tables["places"] = warehouse.put(places(log), "places")
        for grid in ("quarter", "year"):
            asked = [q for q in questions().values() if q.grid == grid]
            for starts in sorted({q.starts for q in asked}):
                codes = {q.indicator for q in asked if q.starts == starts}
                keys = sorted({a.period for a in known if a.indicator in codes})
                table = compute(
                    [by_key[code] for code in sorted(codes)], tables, keys, engine=warehouse
                )
                for row in table.to_pylist():
                    key = f"{row['indicator']}@{row['version']}"
                    found[key, row["period"], row["breakdown"], row["category"]] = row
    return known, found


def test_at_least_seventy_indicators_are_answered_among_them_the_most_complex() -> None:
    assert len(questions()) >= AT_LEAST
    assert set(MOST_COMPLEX) <= set(questions())


def test_every_answer_equals_what_the_indicator_comes_to(
    both: tuple[list[Answer], Results],
) -> None:
    known, found = both
    by_key = {one.key: one for one in registry()}
    differ, compared = [], set()
    for answer in known:
        row = found[answer.indicator, answer.period, answer.breakdown, answer.category]
        definition = by_key[answer.indicator]
        if definition.census and not answer.of and row["state"] == "not submitted":
            continue
        want: list[object] = [answer.counted, answer.unknown]
        got = [row["counted"], row["unknown"]]
        if definition.of == "base":
            want.append(answer.of)
            got.append(row["of"])
        if questions()[answer.indicator].per == "median":
            want = [answer.counted, pytest.approx(answer.value) if answer.of else None]
            got = [row["counted"], row["value"]]
        if want != got:
            differ.append((answer, row))
        elif answer.of:
            compared.add(answer.indicator)
    assert not differ[:5], f"{len(differ)} differ"
    assert len(compared) >= AT_LEAST


def test_no_category_of_a_breakdown_is_left_unanswered(both: tuple[list[Answer], Results]) -> None:
    known, found = both
    answered = {(a.indicator, a.period, a.breakdown, a.category) for a in known}
    periods = {(a.indicator, a.period) for a in known}
    for (indicator, period, breakdown, category), row in found.items():
        if (indicator, period) not in periods or breakdown not in ("", *questions()[indicator].by):
            continue
        if category != "not-known" and (row["people"] or row["records"]):
            assert (indicator, period, breakdown, category) in answered
