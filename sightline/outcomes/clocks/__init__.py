"""Statutory clocks over events: which rows start and stop them, and how each case stands.

Owns: clock cases (`definitions/clock-cases`), readings, what is overdue and what falls due.
Must not know: how a due day is counted (`kernel.clocks`), engines, pages.
"""

from sightline.outcomes.clocks.cases import Case, CaseSet, cases, load_cases, rulebook
from sightline.outcomes.clocks.forecast import Forecast, forecast
from sightline.outcomes.clocks.readings import READING_COLUMNS, Row, Working, read_cases
from sightline.outcomes.clocks.tables import TABLE, datasets_read, reading_schema, readings

__all__ = [
    "READING_COLUMNS",
    "TABLE",
    "Case",
    "CaseSet",
    "Forecast",
    "Row",
    "Working",
    "cases",
    "datasets_read",
    "forecast",
    "load_cases",
    "read_cases",
    "reading_schema",
    "readings",
    "rulebook",
]
