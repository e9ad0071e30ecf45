"""The demonstration: the published inspections, and an invented area with people in every role."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password

from sightline.access import services as access
from sightline.access.actors import CommandLine
from sightline.access.demonstration import DOMAIN, PASSWORD
from sightline.access.models import Assignment, User
from sightline.access.permissions import NATIONAL, Scope
from sightline.access.roles import Role, roles
from sightline.access.roles import role as role_named
from sightline.inspections.published import load_demonstration_inspections, load_published
from sightline.kernel.errors import NotAllowed
from sightline.partnerships.definitions import local_details
from sightline.partnerships.services import load_details

PARTNERSHIP = "strathgarry"
INSPECTION = "strathgarry-2026"
PROGRAMME_LEAD = "programme-lead"


@dataclass(frozen=True)
class SignIn:
    """How to sign in as somebody of the demonstration."""

    email: str
    password: str
    role: str
    where: str


def scope_of(role: Role) -> Scope:
    """Where the demonstration gives a role: as near to the invented partnership as it may be."""
    if "inspection" in role.scopes:
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
    load_published(actor)
    load_demonstration_inspections(actor)
    lead = role_named("inspection-lead")
    return (
        *(_person(actor, role.code, role, scope_of(role)) for role in roles()),
        _person(actor, PROGRAMME_LEAD, lead, NATIONAL),
    )


def _person(actor: CommandLine, code: str, role: Role, scope: Scope) -> SignIn:
    email = f"{code}@{DOMAIN}"
    called = "Programme lead" if code == PROGRAMME_LEAD else role.title
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
