"""Every write of inspections: import, create, publish, and the correction of single values."""

from sightline.inspections.services.correcting import (
    Basis,
    correct_count,
    correct_date,
    correct_evaluation,
)
from sightline.inspections.services.importing import (
    Checked,
    Imported,
    check_import,
    import_document,
    same,
)
from sightline.inspections.services.lifecycle import create_inspection, publish
from sightline.inspections.services.shared import bump

__all__ = [
    "Basis",
    "Checked",
    "Imported",
    "bump",
    "check_import",
    "correct_count",
    "correct_date",
    "correct_evaluation",
    "create_inspection",
    "import_document",
    "publish",
    "same",
]
