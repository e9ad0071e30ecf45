"""What the tests of saving have: an inspection that is not published, its team, and strangers."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from sightline.access.models import User
from sightline.saving import places
from tests.factories.access import UserFactory, assign
from tests.factories.inspections import draft

REFERENCE = "fife-2026"
PLACE = f"inspection:{REFERENCE}/notes"


@dataclass(frozen=True)
class Team:
    """Who may write the notes of the inspection, and who may not."""

    lead: User
    inspector: User
    elsewhere: User
    stranger: User
    co_ordinator: User

    @property
    def outsiders(self) -> tuple[User, ...]:
        """Everybody who may not."""
        return self.elsewhere, self.stranger, self.co_ordinator


@pytest.fixture
def team(db: None) -> Team:
    """Two of the team of Fife's inspection, the same role elsewhere, the area's own, a stranger."""
    draft(reference=REFERENCE, partnership="fife")
    return Team(
        lead=assign(UserFactory(name="A. Lead"), "inspection-lead", "inspection", REFERENCE),
        inspector=assign(UserFactory(name="B. Reader"), "inspector", "inspection", REFERENCE),
        elsewhere=assign(UserFactory(), "inspection-lead", "inspection", "angus-2026"),
        stranger=UserFactory(),
        co_ordinator=assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife"),
    )


@pytest.fixture
def open_place() -> Iterator[str]:
    """A place where anybody may write, known while the test lasts."""

    def anybody(actor: object, key: str) -> None:
        """Pass."""

    places.register("boat", read=anybody, write=anybody, looks_for_people=False)
    yield "boat:ferry/log"
    del places._owners["boat", ""]
