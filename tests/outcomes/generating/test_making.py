"""Lives: the same by seed, at about the levels that are published, and without contradictions."""

import datetime as dt
from collections import Counter
from itertools import pairwise

import pytest

from sightline.children.definitions import dataset, datasets
from sightline.outcomes.generating.drawing import Draw, age_on, birthday
from sightline.outcomes.generating.extracts import PASSING, TOLD_BY, extract
from sightline.outcomes.generating.making import plain
from tests.outcomes.generating.lives_made import UNTIL, a_log

KNOWN_SHARE = 0.13
"""Children known over ten years, of all aged 0 to 17: how many people a log would be of."""


def test_the_same_seed_makes_the_same_lives_and_another_makes_others() -> None:
    first = extract(a_log(200, 3, 1))
    a_log.cache_clear()
    assert extract(a_log(200, 3, 1)) == first
    assert extract(a_log(200, 3, 2)) != first


def test_every_dataset_but_attendance_is_told_of_and_every_column_known() -> None:
    rows = extract(a_log())
    supplied = {one.code for one in datasets()} - {"attendance", "published-figures", "deaths"}
    assert supplied <= set(rows)
    for code, those in rows.items():
        known = set(dataset(code).names)
        assert all(set(row) <= known for row in those), code
        required = {column.name for column in dataset(code).columns if column.required}
        assert all(required <= set(row) for row in those), code


def test_keys_are_of_one_row_each() -> None:
    for code, those in extract(a_log()).items():
        keys = Counter(tuple(row.get(name) for name in dataset(code).key_columns) for row in those)
        assert max(keys.values()) == 1, code


def test_codes_are_of_their_lists() -> None:
    from sightline.children.definitions import code_list

    for code, those in extract(a_log()).items():
        for column in dataset(code).columns:
            if column.codes:
                options = set(code_list(column.codes).options())
                for row in those:
                    value = row.get(column.name)
                    given = {value} if isinstance(value, str) else set(value or ())
                    assert given <= options, (code, column.name)


def test_nothing_of_later_days_is_told() -> None:
    day = dt.date(2024, 1, 15)
    log = a_log()
    for code, those in extract(log, day).items():
        for row in those:
            days = [plain(value) for name, value in row.items()
                    if isinstance(value, dt.date) and name != "expected_birth_date"]  # fmt: skip
            assert all(one <= day for one in days), code
            for told, when in TOLD_BY.get(code, {}).items():
                assert told not in row or when in row
        if code in PASSING:
            assert min(plain(row[PASSING[code]]) for row in those) >= log.setting.first


def test_what_an_earlier_extract_tells_stands_in_a_later_one() -> None:
    earlier, later = extract(a_log(), dt.date(2024, 7, 31)), extract(a_log())
    known = {row["episode"]: row for row in later["care-episodes"]}
    for row in earlier["care-episodes"]:
        assert known[row["episode"]]["started_on"] == row["started_on"]


def test_placements_fill_their_episode_and_legal_reasons_too() -> None:
    log = a_log()
    for life in log.lives:
        for episode in life.of("care-episodes"):
            for code in ("placements", "legal-reasons"):
                rows = [row for row in life.of(code) if row["episode"] == episode["episode"]]
                assert rows[0]["started_on"] == episode["started_on"]
                assert rows[-1]["ended_on"] == episode["ended_on"]
                for before, after in pairwise(rows):
                    assert before["ended_on"] == after["started_on"] > before["started_on"]


def test_nobody_is_registered_or_looked_after_twice_at_once() -> None:
    for life in a_log().lives:
        for code, start, end in (
            ("register-entries", "registered_on", "deregistered_on"),
            ("care-episodes", "started_on", "ended_on"),
        ):
            for before, after in pairwise(life.of(code)):
                assert before[end] <= after[start]


def test_every_registration_and_every_end_of_one_has_its_meeting() -> None:
    for life in a_log().lives:
        outcomes = {(m["held_on"], m["outcome"]) for m in life.of("planning-meetings")}
        for entry in life.of("register-entries"):
            assert (entry["registered_on"], "registered") in outcomes
            if entry["reason"] not in {"moved-council", "reached-age"}:
                assert (entry["deregistered_on"], "de-registered") in outcomes
            assert any(
                c["registered_on"] == entry["registered_on"] for c in life.of("register-concerns")
            )


def test_home_and_secure_have_the_orders_they_need() -> None:
    for life in a_log(2_000).lives:
        for placement in life.of("placements"):
            needed = {
                "home": "cso-home",
                "secure": "cso-secure",
                "adopters": "permanence-order-adoption",
            }
            if placement["placement_type"] in needed:
                day = placement["started_on"]
                reasons = {
                    r["reason"]
                    for r in life.of("legal-reasons")
                    if r["started_on"] <= day < r["ended_on"]
                }
                assert needed[placement["placement_type"]] in reasons


def test_levels_are_about_those_published() -> None:
    log = a_log(3_000, 10)
    people = 3_000 / KNOWN_SHARE / 1_000
    days = [dt.date(year, 7, 31) for year in range(2018, 2027)]

    def stock(code: str, start: str, end: str) -> float:
        rows = [row for life in log.lives for row in life.of(code)]
        counts = [sum(row[start] <= day < row[end] for row in rows) for day in days]
        return sum(counts) / len(counts) / people

    assert 1.5 < stock("register-entries", "registered_on", "deregistered_on") < 3.5
    assert 9 < stock("care-episodes", "started_on", "ended_on") < 14
    entries = log.of("register-entries")
    short = sum((row["deregistered_on"] - row["registered_on"]).days < 183 for row in entries)
    assert 0.38 < short / len(entries) < 0.62


def test_deprivation_has_the_gradient_that_was_planted() -> None:
    lives = a_log(3_000, 10).lives
    quintiles = Counter(life.quintile for life in lives)
    assert 0.42 < quintiles[1] / len(lives) < 0.54
    assert quintiles[5] / len(lives) < 0.07
    assert quintiles[1] > quintiles[2] > quintiles[3] > quintiles[4] > quintiles[5] > 0


def test_care_leavers_show_the_gap_and_the_trend_that_were_planted() -> None:
    from sightline.outcomes.generating.answers import answers
    from sightline.outcomes.generating.areas import setting
    from sightline.outcomes.generating.making import make_log

    log = make_log(setting("strathgarry", children=6_000, years=10, seed=3, until=UNTIL))
    found = {
        (a.period, a.category): (a.counted, a.of)
        for a in answers(log, only=["cl09@1"])
        if a.breakdown == "placement"
    }

    def share(setting: str, years: range) -> float:
        parts = [found[f"{year}-{(year + 1) % 100}", setting] for year in years]
        return sum(counted for counted, _ in parts) / sum(of for _, of in parts)

    early, late = range(2016, 2020), range(2022, 2026)
    assert share("foster", late) - share("residential", late) > 0.2
    assert share("foster", late) - share("foster", early) > 0.05
    assert share("foster", late) - share("residential", late) > share("foster", early) - share(
        "residential", early
    )


@pytest.mark.parametrize(
    ("born", "age", "day"),
    [(dt.date(2008, 2, 29), 16, dt.date(2024, 2, 29)),
     (dt.date(2008, 2, 29), 17, dt.date(2025, 3, 1)),
     (dt.date(2008, 5, 4), 3, dt.date(2011, 5, 4))],
)  # fmt: skip
def test_a_birthday(born: dt.date, age: int, day: dt.date) -> None:
    assert birthday(born, age) == day
    assert age_on(born, day) == age
    assert age_on(born, day - dt.timedelta(days=1)) == age - 1


def test_a_draw_keeps_within_its_bounds() -> None:
    draw = Draw("bounds")
    first, last = dt.date(2024, 1, 1), dt.date(2024, 1, 3)
    assert {draw.between(first, last) for _ in range(60)} == {
        first + dt.timedelta(days=n) for n in range(3)
    }
    assert {draw.whole(2, 4) for _ in range(60)} == {2, 3, 4}
    assert {draw.at(first, 9, 9).minute for _ in range(80)} == {0, 15, 30, 45}
    assert draw.pick({"never": 0.0, "always": 1.0}) == "always"
    assert min(draw.wait(3) for _ in range(50)) >= 1
