"""The hardest rules once more, in plain Python, row against row: slow, and written from the words.

Nothing of `sightline.children.rules` is used here but the ids of rules.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

Row = dict[str, Any]
Rows = dict[str, list[Row]]
FAR = dt.date(9999, 1, 1)


def _spell(row: Row, first: str, last: str) -> tuple[dt.date, dt.date]:
    return row[first], row[last] or FAR


def _overlapping(rows: list[Row], key: Callable[[Row], Any], slack: int, *names: str) -> set[int]:
    """A row is caught when one that sorts before it has not ended, by more than the slack."""
    caught = set()
    for row in rows:
        start, end = _spell(row, *names)
        for other in rows:
            before, ended = _spell(other, *names)
            earlier = (before, ended, other["row"]) < (start, end, row["row"])
            if key(other) == key(row) and earlier and (ended - start).days > slack:
                caught.add(row["row"])
    return caught


def _after_a_gap(rows: list[Row], key: Callable[[Row], Any], most: int, *names: str) -> set[int]:
    caught = set()
    for row in rows:
        start, end = _spell(row, *names)
        ends = [
            ended for other in rows if key(other) == key(row)
            for before, ended in [_spell(other, *names)]
            if (before, ended, other["row"]) < (start, end, row["row"])
        ]  # fmt: skip
        if ends and (start - max(ends)).days > most:
            caught.add(row["row"])
    return caught


def _meet(one: tuple[dt.date, dt.date], other: tuple[dt.date, dt.date]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _on(day: dt.date, spells: Iterable[tuple[dt.date, dt.date]]) -> bool:
    return any(first <= day <= last for first, last in spells)


def _apart(a: dt.date | None, b: dt.date | None, before: int, after: int) -> bool:
    return a is not None and b is not None and -before <= (b - a).days <= after


ENTRY = ("registered_on", "deregistered_on")
SPELL = ("started_on", "ended_on")


def _entries(rows: Rows, child: str) -> list[tuple[dt.date, dt.date]]:
    return [_spell(r, *ENTRY) for r in rows["register-entries"] if r["child"] == child]


def _same_child(rows: Rows, code: str, row: Row) -> list[Row]:
    return [other for other in rows[code] if other["child"] == row["child"]]


def _of_episode(rows: Rows, code: str, row: Row) -> list[Row]:
    return [other for other in rows[code] if other["episode"] == row["episode"]]


def _decided(row: Row) -> bool:
    kinds = {"initial", "pre-birth", "transfer"}
    return row["meeting_type"] in kinds and row["outcome"] == "registered"


def v010(rows: Rows) -> set[int]:
    own = [row for row in rows["register-entries"] if not row["temporary"]]
    return _overlapping(own, lambda row: row["child"], 0, *ENTRY)


def v012(rows: Rows, days: int) -> set[int]:
    return {
        row["row"] for row in rows["register-entries"]
        if not row["temporary"] and not any(
            _decided(meeting) and _apart(row["registered_on"], meeting["held_on"], days, days)
            for meeting in _same_child(rows, "planning-meetings", row)
        )
    }  # fmt: skip


def v020(rows: Rows) -> set[int]:
    return {
        row["row"] for row in rows["planning-meetings"] if row["meeting_type"] == "initial"
        and any(first < row["held_on"] < last for first, last in _entries(rows, row["child"]))
    }  # fmt: skip


def v021(rows: Rows) -> set[int]:
    return {
        row["row"] for row in rows["planning-meetings"] if row["meeting_type"] == "review"
        and not _on(row["held_on"], _entries(rows, row["child"]))
    }  # fmt: skip


def v030a(rows: Rows) -> set[int]:
    def inside(row: Row, episode: Row) -> bool:
        day = dt.timedelta(days=1)
        ends = episode["ended_on"] is None or (
            row["ended_on"] is not None and row["ended_on"] <= episode["ended_on"] + day
        )
        same = row["child"] == episode["child"]
        return same and row["started_on"] >= episode["started_on"] - day and ends

    return {
        row["row"] for row in rows["placements"]
        if not any(inside(row, e) for e in _of_episode(rows, "care-episodes", row))
    }  # fmt: skip


def v030b(rows: Rows) -> set[int]:
    return _overlapping(rows["placements"], lambda row: row["episode"], 1, *SPELL)


def v030c(rows: Rows) -> set[int]:
    return _after_a_gap(rows["placements"], lambda row: row["episode"], 1, *SPELL)


def v030d(rows: Rows) -> set[int]:
    return _overlapping(rows["placements"], lambda row: row["episode"], 0, *SPELL)


def v031a(rows: Rows) -> set[int]:
    return {
        row["row"] for row in rows["care-episodes"] if row["ended_on"] is None
        and sum(p["ended_on"] is None for p in _of_episode(rows, "placements", row)) != 1
    }  # fmt: skip


def v032(rows: Rows) -> set[int]:
    return {
        row["row"] for row in rows["placements"] if row["placement_type"] == "home"
        and not any(
            reason["reason"] != "section-25" and _meet(_spell(row, *SPELL), _spell(reason, *SPELL))
            for reason in _of_episode(rows, "legal-reasons", row)
        )
    }  # fmt: skip


def v036(rows: Rows) -> set[int]:
    return {
        row["row"] for row in rows["continuing-care"]
        if any(
            _meet(_spell(row, *SPELL), _spell(episode, *SPELL))
            for episode in _same_child(rows, "care-episodes", row)
        )
    }  # fmt: skip


def v131(rows: Rows) -> set[int]:
    return {
        row["row"] for row in rows["register-entries"]
        if any(
            other["row"] != row["row"]
            and _apart(other["deregistered_on"], row["registered_on"], -1, 7)
            for other in _same_child(rows, "register-entries", row)
        )
    }  # fmt: skip


def v141(rows: Rows) -> set[int]:
    initial = [row for row in rows["planning-meetings"] if row["meeting_type"] == "initial"]

    def too_soon(row: Row, other: Row) -> bool:
        earlier = (other["held_on"], other["row"]) < (row["held_on"], row["row"])
        near = (row["held_on"] - other["held_on"]).days <= 3
        return other["child"] == row["child"] and earlier and near

    return {row["row"] for row in initial if any(too_soon(row, other) for other in initial)}


def v144(rows: Rows) -> set[int]:
    return {
        row["row"] for row in rows["planning-meetings"] if row["outcome"] == "registered"
        and not any(
            _apart(row["held_on"], entry["registered_on"], 7, 7)
            for entry in _same_child(rows, "register-entries", row)
        )
    }  # fmt: skip


def v212(rows: Rows) -> set[int]:
    return _overlapping(
        rows["legal-reasons"], lambda row: (row["episode"], row["reason"]), 0, *SPELL
    )


def v215(rows: Rows) -> set[int]:
    return _overlapping(rows["care-episodes"], lambda row: row["child"], 0, *SPELL)


def v225(rows: Rows) -> set[int]:
    return {
        row["row"] for row in rows["care-episodes"] if row["ended_on"] is not None
        and not any(
            _apart(row["ended_on"], p["ended_on"], 1, 1)
            for p in _of_episode(rows, "placements", row)
        )
    }  # fmt: skip


def v288(rows: Rows) -> set[int]:
    return _overlapping(rows["continuing-care"], lambda row: row["child"], 0, *SPELL)


TWINS: dict[str, Callable[[Rows], set[int]]] = {
    "V-010": v010, "V-012a": lambda rows: v012(rows, 7), "V-012b": lambda rows: v012(rows, 0),
    "V-020": v020, "V-021": v021, "V-030a": v030a, "V-030b": v030b, "V-030c": v030c,
    "V-030d": v030d, "V-031a": v031a, "V-032": v032, "V-036": v036, "V-131": v131, "V-141": v141,
    "V-144": v144, "V-212": v212, "V-215": v215, "V-225": v225, "V-288": v288,
}  # fmt: skip
