"""The record of an inspection and its judgements, as the database keeps it.

Programme, partnership, judgement, frame item, channel and source are codes, not copies of what
their definitions say. Only the services of this context write here.
"""

from sightline.inspections.models.inspection import DataVersion, Inspection, Pause, Source
from sightline.inspections.models.statements import (
    Evaluation,
    RationaleParagraph,
    StatedCount,
    StatedDate,
    StatedEvaluation,
    Statement,
)
from sightline.inspections.models.texts import Conclusion, GoodPractice, KeyMessage, Point

__all__ = [
    "Conclusion",
    "DataVersion",
    "Evaluation",
    "GoodPractice",
    "Inspection",
    "KeyMessage",
    "Pause",
    "Point",
    "RationaleParagraph",
    "Source",
    "StatedCount",
    "StatedDate",
    "StatedEvaluation",
    "Statement",
]
