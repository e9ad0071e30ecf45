"""Schemas and loader of frameworks, crosswalks, scales, terms of quantity and programmes.

All of them are read once, when the process starts, into `library()`. A bad file stops the start and
names file, field, fault and fix. Rules that need more than one file are in `check_together`.
"""

from sightline.framework.definitions.frameworks import (
    Area,
    Band,
    Crosswalk,
    CrosswalkRow,
    Domain,
    Fraction,
    Fractions,
    Framework,
    Indicator,
    IndicatorCode,
    Point,
    Scale,
    Source,
    Term,
    Terms,
    Titled,
    TitleStatus,
)
from sightline.framework.definitions.programmes import (
    Channel,
    Frame,
    FrameItem,
    Judgement,
    Phase,
    PhaseEvent,
    Programme,
    ReportSection,
    Section,
    TermUsed,
)
from sightline.framework.definitions.together import Library, check_together, library, load

__all__ = [
    "Area",
    "Band",
    "Channel",
    "Crosswalk",
    "CrosswalkRow",
    "Domain",
    "Fraction",
    "Fractions",
    "Frame",
    "FrameItem",
    "Framework",
    "Indicator",
    "IndicatorCode",
    "Judgement",
    "Library",
    "Phase",
    "PhaseEvent",
    "Point",
    "Programme",
    "ReportSection",
    "Scale",
    "Section",
    "Source",
    "Term",
    "TermUsed",
    "Terms",
    "TitleStatus",
    "Titled",
    "check_together",
    "library",
    "load",
]
