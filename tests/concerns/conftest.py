"""The people round one concern, and the places it may be about."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from sightline.access.models import User
from sightline.concerns import places, services
from sightline.concerns.models import Concern
from sightline.concerns.places import Place
from tests.factories.access import UserFactory, assign

HERE, INSPECTION = "fife", "fife-2026"
UNDER_WAY = {INSPECTION: Place("Fife, P3", HERE, under_way=True)}
WORRY = "A boy of nine told me he is afraid to go home"


@dataclass(frozen=True)
class People:
    """One holder of each part, the same roles elsewhere, and some with no part in it."""

    raiser: User
    lead: User
    local_lead: User
    manager: User
    depute: User
    elsewhere: tuple[User, ...]
    outsiders: tuple[User, ...]


@pytest.fixture(autouse=True)
def _inspections(monkeypatch: pytest.MonkeyPatch) -> None:
    """One inspection under way, which everybody may name."""
    monkeypatch.setattr(places, "_sources", [lambda person: UNDER_WAY])


@pytest.fixture
def people(db: None) -> People:
    """The people of Fife's concern."""
    here, there = ("inspection", INSPECTION), ("inspection", "angus-2026")
    ended = assign(UserFactory(name="Ended lead"), "inspection-lead", *here)
    ended.assignments.update(ends="2026-01-31")
    gone = assign(UserFactory(name="Gone manager", is_active=False), "service-manager")
    return People(
        raiser=assign(UserFactory(name="R. Raiser"), "inspector", *here),
        lead=assign(UserFactory(name="L. Lead"), "inspection-lead", *here),
        local_lead=assign(
            UserFactory(name="O. Local"), "local-lead-for-concerns", "partnership", HERE
        ),
        manager=assign(UserFactory(name="M. Manager"), "service-manager"),
        depute=assign(UserFactory(name="D. Depute"), "depute-lead", *here),
        elsewhere=(
            assign(UserFactory(name="Other lead"), "inspection-lead", *there),
            assign(
                UserFactory(name="Other local"), "local-lead-for-concerns", "partnership", "angus"
            ),
            assign(UserFactory(name="Other manager"), "service-manager", *there),
        ),
        outsiders=(
            assign(UserFactory(name="Administrator"), "system-administrator"),
            assign(UserFactory(name="Officer"), "information-governance-officer"),
            assign(UserFactory(name="Colleague"), "inspector", *here),
            assign(UserFactory(name="Chief"), "chief-officer", "partnership", HERE),
            UserFactory(name="Stranger"),
            ended,
            gone,
        ),
    )


Raise = Callable[..., Concern]


@pytest.fixture
def raised(people: People) -> Raise:
    """Raise a concern as the raiser: `raised(danger="yes", inspection="")`."""

    def raise_one(**more: Any) -> Concern:
        told = services.Told(
            worry=more.pop("worry", WORRY),
            danger=more.pop("danger", "no"),
            where_seen=more.pop("where_seen", ""),
            told=more.pop("told", ""),
            about_whom=more.pop("about_whom", ""),
        )
        given = {"actor": people.raiser, "partnership": HERE, "inspection": INSPECTION} | more
        return services.raise_concern(told=told, **given)

    return raise_one
