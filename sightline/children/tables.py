"""The typed table of a dataset: its Arrow schema, and tables made from plain values.

pyarrow and the engines are imported when a table is made, so that a page which asks for a schema's
names alone does not load them.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sightline.children.definitions import DatasetDefinition

if TYPE_CHECKING:
    import pyarrow as pa

ROW, EXTRACT = "row", "extract"
"""Columns every table has besides its own: row of the file, and the extract it came in."""

_TEXT: Final = frozenset({"reference", "text", "code", "zone", "chi", "scn"})


def _type_of(kind: str) -> "pa.DataType":
    import pyarrow as pa

    if kind in _TEXT:
        return pa.string()
    return {
        "set": pa.list_(pa.string()),
        "flag": pa.bool_(),
        "whole": pa.int64(),
        "number": pa.float64(),
        "date": pa.date32(),
        "time": pa.timestamp("us"),
    }[kind]


def arrow_schema(dataset: DatasetDefinition) -> "pa.Schema":
    """The columns of a dataset with their types, then `row` and `extract`."""
    import pyarrow as pa

    fields = [pa.field(column.name, _type_of(column.kind)) for column in dataset.columns]
    return pa.schema([*fields, pa.field(ROW, pa.int64()), pa.field(EXTRACT, pa.string())])


def empty(dataset: DatasetDefinition) -> "pa.Table":
    """The table of a dataset that was not supplied."""
    return arrow_schema(dataset).empty_table()


def from_rows(dataset: DatasetDefinition, rows: Iterable[Mapping[str, object]]) -> "pa.Table":
    """A typed table of plain Python values; a key that is missing is null.

    `row` is counted from 2, as in a file with a heading, and `extract` is `example`, unless given.

    Raises:
        KeyError: a row has a value for a column that the dataset does not have.
    """
    import pyarrow as pa

    schema = arrow_schema(dataset)
    known = set(schema.names)
    columns: dict[str, list[Any]] = {name: [] for name in schema.names}
    for number, row in enumerate(rows, start=2):
        strange = set(row) - known
        if strange:
            raise KeyError(f"{dataset.code} has no column {', '.join(sorted(strange))}.")
        given = {ROW: number, EXTRACT: "example", **row}
        for name, values in columns.items():
            values.append(_plain(given.get(name)))
    arrays = [pa.array(columns[field.name], type=field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _plain(value: object) -> object:
    """A value as Arrow takes it: what is empty is null, a set has its codes in order."""
    match value:
        case "":
            return None
        case Decimal():
            return float(value)
        case set() | frozenset() | tuple():
            return sorted(value) if isinstance(value, set | frozenset) else list(value)
        case dt.datetime():
            return value.replace(tzinfo=None)
        case _:
            return value
