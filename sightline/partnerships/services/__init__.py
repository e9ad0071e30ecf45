"""Every write of what a partnership tells about itself, and of the reference data about places."""

from sightline.partnerships.services.details import add_detail, load_details, remove_detail
from sightline.partnerships.services.reference import (
    Loaded,
    load_invented_places,
    load_reference,
)
from sightline.partnerships.services.rows import (
    Changed,
    HolidayRow,
    Placing,
    put_holidays,
    put_zones,
    undo_rows,
)

__all__ = [
    "Changed",
    "HolidayRow",
    "Loaded",
    "Placing",
    "add_detail",
    "load_details",
    "load_invented_places",
    "load_reference",
    "put_holidays",
    "put_zones",
    "remove_detail",
    "undo_rows",
]
