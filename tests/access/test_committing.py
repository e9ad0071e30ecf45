"""The acting name through real commits, rollbacks and new connections; and emptying afterwards."""

import pytest
from django.db import IntegrityError, connection, transaction

from sightline.access import triggers
from sightline.access.actors import acting_as
from sightline.access.models import AuditEvent, Organisation, User
from tests.factories.access import AssignmentFactory, OrganisationFactory

pytestmark = pytest.mark.django_db(transaction=True)


def written_by(actor: str) -> str:
    with acting_as(actor):
        OrganisationFactory()
    return AuditEvent.objects.latest("pk").actor


def test_after_a_transaction_that_is_rolled_back() -> None:
    assert written_by("a") == "a"
    with transaction.atomic():
        assert written_by("b") == "b"
        transaction.set_rollback(True)
    assert written_by("a") == "a"  # the rollback took the name back to "a" behind our back
    with transaction.atomic():
        assert written_by("b") == "b"
        transaction.set_rollback(True)
    assert written_by("b") == "b"


def test_after_a_transaction_the_database_refused() -> None:
    OrganisationFactory(code="taken")
    with pytest.raises(IntegrityError), acting_as("b"), transaction.atomic():
        OrganisationFactory(code="taken")
    assert written_by("b") == "b"


def test_after_a_commit_the_database_refused() -> None:
    with acting_as("b"):
        with pytest.raises(IntegrityError), transaction.atomic():
            AssignmentFactory(person=User(pk=999_999))  # looked up only at the commit
        OrganisationFactory()
    assert list(AuditEvent.objects.values_list("actor", flat=True)) == ["b"]


def test_in_a_new_connection() -> None:
    assert written_by("a") == "a"
    if connection.vendor == "postgresql":  # the tests' SQLite is in memory and cannot be left
        connection.close()
    assert written_by("a") == "a"
    with acting_as(""), pytest.raises(IntegrityError, match="Nobody is answerable"):
        OrganisationFactory()


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_finds_the_database_empty_and_audited(time: str) -> None:
    assert (Organisation.objects.count(), AuditEvent.objects.count()) == (0, 0)
    assert triggers.missing_triggers() == []
    OrganisationFactory(code=time)
    assert AuditEvent.objects.count() == 1
