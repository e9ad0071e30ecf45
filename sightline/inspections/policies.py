"""What the state of an inspection allows."""

from sightline.inspections.definitions import InspectionDocument
from sightline.kernel.errors import NotAllowed


def check_can_correct(document: InspectionDocument) -> None:
    """Raise `NotAllowed` unless values of this inspection are corrected one by one."""
    if document.status != "published":
        raise NotAllowed(
            f"{document.reference} is a draft. Change a draft by importing it again; "
            "values are corrected one by one once it is published."
        )


def check_can_publish(document: InspectionDocument) -> None:
    """Raise `NotAllowed`, saying why, unless this inspection may be published now."""
    if document.status == "published":
        raise NotAllowed(f"{document.reference} is already published.")
    if document.dates.published is None:
        raise NotAllowed(
            f"{document.reference} has no published date. Import it again with the date "
            "under `dates.published`, then publish it."
        )


def check_can_create(reference: str, *, exists: bool) -> None:
    """Raise `NotAllowed` when there is such an inspection already."""
    if exists:
        raise NotAllowed(
            f"There is an inspection {reference} already. Give the new one its own reference."
        )


def changed_since_shown(what: str) -> NotAllowed:
    """The refusal of somebody who acts on a value that is no longer the one they saw."""
    return NotAllowed(f"{what} has changed since you opened it. Read it again, then correct it.")
