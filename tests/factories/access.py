"""Builders of people, organisations, assignments and audit lines."""

import datetime as dt

import factory
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.utils import timezone

from sightline.access import models, permissions
from sightline.access.permissions import NATIONAL

PASSWORD = "heather-and-granite-walls"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# argon2 is slow on purpose, so one hash of PASSWORD is made once and shared.
_hashes: list[str] = []


def password_hash() -> str:
    """The hash of `PASSWORD`, made the first time a test asks."""
    if not _hashes:
        from django.contrib.auth.hashers import make_password

        _hashes.append(make_password(PASSWORD))
    return _hashes[0]


class OrganisationFactory(factory.django.DjangoModelFactory):
    """An employer."""

    code = factory.Sequence(lambda n: f"organisation-{n}")
    name = factory.Sequence(lambda n: f"Organisation {n}")

    class Meta:
        model = models.Organisation


class UserFactory(factory.django.DjangoModelFactory):
    """A person without any role, whose password is `PASSWORD`."""

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"P. Person {n}")
    password = factory.LazyFunction(password_hash)

    class Meta:
        model = models.User


class AssignmentFactory(factory.django.DjangoModelFactory):
    """A chief officer of Fife since the first of January 2020, until further notice."""

    person = factory.SubFactory(UserFactory)
    role = "chief-officer"
    scope_kind = "partnership"
    scope_key = "fife"
    starts = dt.date(2020, 1, 1)
    granted_at = factory.LazyFunction(lambda: dt.datetime(2020, 1, 1, 9, tzinfo=dt.UTC))
    granted_by = "test"

    class Meta:
        model = models.Assignment


class AuditEventFactory(factory.django.DjangoModelFactory):
    """One line of the trail, such as a service writes."""

    at = factory.LazyFunction(lambda: dt.datetime(2026, 5, 14, 8, 12, tzinfo=dt.UTC))
    actor = "test"
    verb = "person.added"
    target = "person:1"

    class Meta:
        model = models.AuditEvent


class InvitationFactory(factory.django.DjangoModelFactory):
    """An open invitation to join; its link cannot be known. `services.invite` makes real ones."""

    person = factory.SubFactory(UserFactory, password="!")
    purpose = "join"
    secret_hash = "0" * 64
    sent_at = factory.LazyFunction(timezone.now)
    sent_by = "test"
    expires = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(days=7))

    class Meta:
        model = models.Invitation


class AccessReviewFactory(factory.django.DjangoModelFactory):
    """A review of nothing yet."""

    reviewed_at = factory.LazyFunction(timezone.now)
    reviewed_by = "test"

    class Meta:
        model = models.AccessReview


class ReviewLineFactory(factory.django.DjangoModelFactory):
    """A role of somebody, kept until 2030."""

    review = factory.SubFactory(AccessReviewFactory)
    assignment = factory.SubFactory(AssignmentFactory)
    decision = "keep"
    next_review = dt.date(2030, 1, 1)
    had_factor = False

    class Meta:
        model = models.ReviewLine


def authenticator(person: models.User, kind: str = "totp", **data: object) -> Authenticator:
    """Something besides a password that a person signs in with; its secret is `TOTP_SECRET`."""
    held: dict[str, object] = {
        "totp": {"secret": encrypt(TOTP_SECRET)},
        "recovery_codes": {"seed": encrypt("0" * 40), "used_mask": 0},
        "webauthn": {"name": "Work telephone", "credential": {}},
    }[kind]
    return Authenticator.objects.create(user=person, type=kind, data={**held, **data})


def assign(
    user: models.User, role: str, kind: str = NATIONAL.kind, key: str = NATIONAL.key
) -> models.User:
    """Give `user` a role in a scope, from 2020 until further notice, and return them.

    There is one national scope, so with that kind the key does not matter.
    """
    where = NATIONAL.key if kind == NATIONAL.kind else key
    AssignmentFactory(person=user, role=role, scope_kind=kind, scope_key=where)
    permissions.forget(user)
    return user
