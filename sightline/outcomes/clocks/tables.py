"""Readings as a table: worked out from typed tables, and in the shape a build keeps them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sightline.outcomes.clocks.cases import Case, cases
from sightline.outcomes.clocks.readings import READING_COLUMNS, Row, Working, read_cases

if TYPE_CHECKING:
    import pyarrow as pa

TABLE: Final = "clock-readings"
"""What the table is called among the tables of a build."""
_DAYS = {"started_on", "due_on", "stopped_on", "counted_on"}
_NUMBERS = {"days_late", "days_left", "row"}


def reading_schema() -> "pa.Schema":
    """The columns of `READING_COLUMNS` with their types."""
    import pyarrow as pa

    def kind(name: str) -> Any:
        if name in _DAYS:
            return pa.date32()
        if name in _NUMBERS:
            return pa.int64()
        return pa.bool_() if name == "out_of_hours" else pa.string()

    return pa.schema([pa.field(name, kind(name)) for name in READING_COLUMNS])


def datasets_read(which: Iterable[Case] | None = None) -> tuple[str, ...]:
    """The datasets that clocks are read from; placements say where a child was."""
    found = [code for case in (which or cases()) for code in case.needs]
    return tuple(dict.fromkeys([*found, "placements"]))


def readings(
    tables: "Mapping[str, pa.Table]", working: Working, *, which: Iterable[Case] | None = None
) -> "pa.Table":
    """How every case stands, as the table `clock-readings`.

    Args:
        tables: by dataset, its typed table; one that is left out has no rows.
        working: day, calendar and rules.
        which: the cases; all that are shipped by default.
    """
    import pyarrow as pa

    chosen = tuple(which or cases())
    rows: dict[str, Sequence[Row]] = {
        code: tables[code].to_pylist() for code in datasets_read(chosen) if code in tables
    }
    made = list(read_cases(chosen, rows, working))
    return pa.Table.from_pylist(made, schema=reading_schema())
