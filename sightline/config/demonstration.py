"""The demonstration: the published inspections, and an invented area with people in every role."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password

from sightline.access import services as access
from sightline.access.actors import CommandLine, acting_as
from sightline.access.demonstration import DOMAIN, PASSWORD
from sightline.access.models import Assignment, User
from sightline.access.permissions import NATIONAL, Scope
from sightline.access.roles import Role, roles
from sightline.access.roles import role as role_named
from sightline.inspections.published import load_demonstration_inspections, load_published
from sightline.kernel.definitions import read_definition
from sightline.kernel.errors import NotAllowed
from sightline.partnerships.definitions import local_details
from sightline.partnerships.services import load_details, load_invented_places
from sightline.record_reading import demonstration as records
from sightline.releases import services as releases
from sightline.releases.measures import TablesFile
from sightline.releases.queries import reviewed
from sightline.surveys import demonstration as surveys

PARTNERSHIP = "strathgarry"
INSPECTION = "strathgarry-2026"
PUBLIC, REVIEWED = "public", "Every table, against the rules for small numbers."
SAFETY_READER = "safety-reader"
PROGRAMME_LEAD = "programme-lead"
PROGRAMME_MANAGER = "programme-manager"
FOR_ALL_OF_SCOTLAND = {
    PROGRAMME_LEAD: ("Programme lead", "inspection-lead"),
    PROGRAMME_MANAGER: ("Programme manager", "service-manager"),
}
"""Further people, who hold nationally a role that others hold for one inspection."""
FOR_THE_PARTNERSHIP = frozenset({"local-record-reader"})
"""Roles held over the partnership, though they may be held for an inspection: its own audits need a
second reader, and a partnership's readers read for its inspections too."""


@dataclass(frozen=True)
class SignIn:
    """How to sign in as somebody of the demonstration."""

    email: str
    password: str
    role: str
    where: str


def scope_of(role: Role) -> Scope:
    """Where the demonstration gives a role: as near to the invented partnership as it may be."""
    if "inspection" in role.scopes and role.code not in FOR_THE_PARTNERSHIP:
        return Scope("inspection", INSPECTION)
    if "partnership" in role.scopes:
        return Scope("partnership", PARTNERSHIP)
    return NATIONAL


def load_demonstration(actor: CommandLine) -> tuple[SignIn, ...]:
    """Load everything the demonstration shows; a second run changes nothing.

    Raises:
        NotAllowed: this installation is not a demonstration.
    """
    if not settings.SIGHTLINE_DEMONSTRATION:
        raise NotAllowed(
            "This installation is not a demonstration, so invented people are not put into it. "
            "Set SIGHTLINE_DEMONSTRATION=true on a copy made for that."
        )
    load_details(actor=actor, definitions=local_details())
    load_invented_places(actor=actor)
    load_published(actor)
    load_demonstration_inspections(actor)
    signed_in = (
        *(_person(actor, role.code, role, scope_of(role)) for role in roles()),
        *(
            _person(actor, code, role_named(held), NATIONAL)
            for code, (_, held) in FOR_ALL_OF_SCOTLAND.items()
        ),
    )
    _release_figures(actor)
    _run_surveys(actor)
    _read_records(actor)
    return signed_in


def _read_records(actor: CommandLine) -> None:
    """The records of the inspection, half read, and audits of the partnership's own."""
    people = {
        code: User.objects.get(email=f"{code}@{DOMAIN}")
        for code in (
            "inspection-lead",
            "inspector",
            "associate-assessor",
            "local-record-reader",
            "quality-lead",
        )
    }
    with acting_as(actor):
        records.begin(
            lead=people["inspection-lead"],
            auditor=people["quality-lead"],
            area=PARTNERSHIP,
            inspection=INSPECTION,
            inspectors=[people["inspector"], people["associate-assessor"]],
            local=[people["local-record-reader"]],
            own=[people["quality-lead"], people["local-record-reader"]],
        )


def _run_surveys(actor: CommandLine) -> None:
    """One that children answer now, and one of staff that has closed."""
    reader = User.objects.get(email=f"{SAFETY_READER}@{DOMAIN}")
    with acting_as(actor):
        children, staff = surveys.begin(actor=actor, area=PARTNERSHIP, reader=reader)
        surveys.answered(actor=actor, children=children, staff=staff)


def _release_figures(actor: CommandLine) -> None:
    """Figures of the invented inspection, declared by the machine and reviewed by a person."""
    folder = settings.SIGHTLINE_DEFINITIONS / "demonstration" / "tables"
    reviewer = User.objects.get(email=f"quality-lead@{DOMAIN}")
    for path in sorted(folder.glob("*.yaml")):
        found = releases.declare_file(actor=actor, file=read_definition(TablesFile, path))
        if PUBLIC not in reviewed(found):
            releases.review(actor=reviewer, key=str(found.pk), code=PUBLIC, reason=REVIEWED)


def _person(actor: CommandLine, code: str, role: Role, scope: Scope) -> SignIn:
    email = f"{code}@{DOMAIN}"
    called = FOR_ALL_OF_SCOTLAND[code][0] if code in FOR_ALL_OF_SCOTLAND else role.title
    person = User.objects.filter(email=email).first()
    if person is None:
        person = access.add_person(
            actor=actor,
            email=email,
            name=f"{called} (invented)",
            designation=role.title,
            password_hash=_hash(),
        )
    if not Assignment.objects.filter(person=person, role=role.code).exists():
        access.grant(actor=actor, person=person, role=role.code, scope=scope)
    where = "all of Scotland" if scope == NATIONAL else scope.key
    return SignIn(email, PASSWORD, role.title, where)


_hashes: list[str] = []


def _hash() -> str:
    """One hash for all: hashing is slow on purpose, and the password is printed anyway."""
    if not _hashes:
        _hashes.append(make_password(PASSWORD))
    return _hashes[0]
