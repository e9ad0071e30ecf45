"""Builders of people, organisations, assignments and audit lines."""

import datetime as dt

import factory

from sightline.access import models, permissions
from sightline.access.permissions import NATIONAL

PASSWORD = "heather-and-granite-walls"
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
