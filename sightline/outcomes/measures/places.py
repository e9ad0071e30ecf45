"""The standard columns of a view: who the child is, and how they are told apart."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from sightline.children.definitions import group_of
from sightline.outcomes.measures.shared import shared

Tables = Mapping[str, ir.Table]
"""The tables of a build, by the code of their dataset; and `places`, see `measures.places`."""

PLACES: Final = "places"
LONG_AGO: Final = dt.date(1900, 1, 1)
FAR_OFF: Final = dt.date(2999, 12, 31)
PLACES_SCHEMA: Final = pa.schema(
    [
        ("zone", pa.string()),
        ("first", pa.date32()),
        ("last", pa.date32()),
        ("simd", pa.string()),
        ("locality", pa.string()),
    ]
)
"""Where a data zone lies from one day to another, both included: its quintile by the version of the
index for those days, and its locality. The days of a zone never overlap."""


def places_table(rows: Iterable[tuple[str, str, str]]) -> pa.Table:
    """Zones whose quintile and locality are the same on every day."""
    made = [
        {
            "zone": z,
            "first": LONG_AGO,
            "last": FAR_OFF,
            "simd": q or None,
            "locality": where or None,
        }
        for z, q, where in rows
    ]
    return pa.Table.from_pylist(made, schema=PLACES_SCHEMA)


STANDARD = (
    "family", "date_of_birth", "expected_birth_date", "by_sex", "by_ethnicity", "by_disability",
    "by_simd", "by_locality",
)  # fmt: skip
_ZONE, _DAY, _PLACE = "home_zone_of_child", "day_for_place", "zone_of_place"
_CHILD, _FIRST, _LAST = "child_of_spine", "place_first", "place_last"


def grouped(column: Any, list_code: str) -> Any:
    """The group of a code in its list; null where it is null."""
    pairs = [(code, group) for code, group in group_of(list_code).items() if code != group]
    return column.cases(*pairs, else_=column) if pairs else column


@shared
def spine(tables: Tables) -> ir.Table:
    """One row a child, with the columns by which children are told apart."""
    children = tables["children"]
    disability = children.disability
    return children.select(
        child=children.child,
        family=children.family.fill_null(ibis.literal("child ") + children.child),
        date_of_birth=children.date_of_birth,
        expected_birth_date=children.expected_birth_date,
        by_sex=children.sex.fill_null("unknown"),
        by_ethnicity=grouped(children.ethnic_group, "ethnic-groups").fill_null("not-known"),
        by_disability=ibis.cases(
            (disability.isnull() | (disability == "not-known"), "not-known"),
            (disability == "none", "none"),
            else_="disabled",
        ),
        home_zone=children.home_zone,
    )


def with_child(table: ir.Table, tables: Tables, on: Any) -> ir.Table:
    """The table with the standard columns, each row's child as they were on a day.

    Arguments:
        table: has a column `child`; rows of a child nobody knows are kept, with nulls.
        tables: those of the build.
        on: the day that decides the version of the index of deprivation, and the locality: a
            column's name, or an expression.
    """
    there = [name for name in (*STANDARD, "home_zone") if name in table.columns]
    if there:
        table = table.drop(*there)
    day = table[on] if isinstance(on, str) else on
    known = spine(tables).rename({_CHILD: "child", _ZONE: "home_zone"})
    joined = table.mutate(**{_DAY: day}).left_join(known, [("child", _CHILD)]).drop(_CHILD)
    places = tables["places"].select(
        by_simd="simd", by_locality="locality", **{_PLACE: "zone", _FIRST: "first", _LAST: "last"}
    )
    placed = joined.left_join(
        places,
        [
            joined[_ZONE] == places[_PLACE],
            joined[_DAY] >= places[_FIRST],
            joined[_DAY] <= places[_LAST],
        ],
    )
    return placed.drop(_ZONE, _DAY, _PLACE, _FIRST, _LAST)
