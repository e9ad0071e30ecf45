"""Every write of releases: declaring tables, reviewing and withdrawing them, thresholds."""

from sightline.releases.services.declaring import (
    Ahead,
    Beside,
    DeclaredSeries,
    DeclaredTable,
    as_protected,
    declare,
    declare_file,
    protect_ahead,
)
from sightline.releases.services.reviewing import review, set_threshold, take_back, withdraw

__all__ = [
    "Ahead",
    "Beside",
    "DeclaredSeries",
    "DeclaredTable",
    "as_protected",
    "declare",
    "declare_file",
    "protect_ahead",
    "review",
    "set_threshold",
    "take_back",
    "withdraw",
]
