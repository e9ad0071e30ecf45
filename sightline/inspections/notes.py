"""Team notes: what the team of an inspection writes for itself, in no export and no report."""

from typing import Final

from django.urls import reverse

from sightline.access.actors import Actor
from sightline.access.permissions import Permission, Scope, require
from sightline.inspections import queries
from sightline.saving import places

FIELD: Final = "notes"


def place_of(reference: str) -> str:
    """The place of the notes of an inspection."""
    return f"inspection:{reference}/{FIELD}"


def check_is_team(actor: Actor, reference: str) -> None:
    """Pass the team: whoever holds `inspection.view` over this inspection, published or not.

    Raises:
        NotFound: anybody else, who learns nothing; and there is no such inspection.
    """
    require(
        actor,
        Permission.INSPECTION_VIEW,
        scope=Scope("inspection", reference),
        thing="these notes",
    )
    queries.document(reference)


def _address(reference: str) -> str:
    return reverse("inspections:notes", args=[queries.document(reference).partnership, reference])


def register() -> None:
    """Tell `saving` who may read and write the notes, and where they stand."""
    places.register(
        "inspection",
        field=FIELD,
        read=check_is_team,
        write=check_is_team,
        title=lambda reference: f"the team notes of {reference}",
        address=_address,
    )
