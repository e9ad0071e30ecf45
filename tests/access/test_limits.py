"""Failed sign-ins are counted once for all web processes, and by the address of the client."""

import pytest
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.factories.access import UserFactory

pytestmark = pytest.mark.django_db
TOO_MANY = "Too many failed login attempts"
WRONG = 10  # in a minute from one address


@pytest.fixture(autouse=True)
def _no_attempts_so_far() -> None:
    cache.clear()


def attempt(email: str, address: str = "") -> str:
    asked = {"login": email, "password": "not the password"}
    headers = {"X-Forwarded-For": address} if address else {}
    return Client(headers=headers).post(reverse("account_login"), asked).content.decode()


def test_the_cache_is_a_table_that_migrate_made_so_that_every_process_counts_alike() -> None:
    person = UserFactory()
    for _ in range(5):
        assert TOO_MANY not in attempt(person.email)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sightline_remembered")
        assert cursor.fetchone()[0] > 0
    cache.set("said-by-one", 1)
    assert DatabaseCache("sightline_remembered", {}).get("said-by-one") == 1
    assert TOO_MANY in attempt(person.email)


def test_behind_a_proxy_each_client_has_a_limit_of_their_own(settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(WRONG):
        attempt(f"nobody-{number}@example.org", "192.0.2.1")
    assert TOO_MANY in attempt("nobody@example.org", "192.0.2.1")
    assert TOO_MANY not in attempt("nobody@example.org", "192.0.2.2")


def test_without_a_proxy_what_the_client_says_of_its_address_counts_for_nothing() -> None:
    for number in range(WRONG):
        attempt(f"nobody-{number}@example.org", f"192.0.2.{number}")
    assert TOO_MANY in attempt("nobody@example.org", "192.0.2.99")


def test_whoever_tries_too_often_reads_what_to_do() -> None:
    for number in range(60):
        said = attempt(f"nobody-{number}@example.org")
    said = attempt("nobody@example.org")
    assert "Wait a few minutes, then try again." in said
    assert reverse("account_reset_password") in said
