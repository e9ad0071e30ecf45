"""Finds what could tell who a person is: names, numbers, dates of birth, addresses.

Owns: the patterns and the certainty of each. Pure functions over text and columns.
Must not know: Django, databases, where a text came from or what is done about a finding.
"""

from sightline.identifiers.columns import look_at_columns
from sightline.identifiers.kinds import NOBODY, CellFinding, Certainty, Finding, Kind, Known
from sightline.identifiers.text import find, redact

__all__ = [
    "NOBODY",
    "CellFinding",
    "Certainty",
    "Finding",
    "Kind",
    "Known",
    "find",
    "look_at_columns",
    "redact",
]
