"""What every test has: somebody acting, no network, a client for a person."""

import ipaddress
import socket
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client, TransactionTestCase

from sightline.access.actors import acting_as
from sightline.access.models import User


@pytest.fixture(autouse=True)
def _somebody_acts() -> Iterator[None]:
    """Writes of a test are those of "test"; `acting_as` inside a test says otherwise."""
    with acting_as("test"):
        yield


@pytest.fixture(autouse=True, scope="session")
def _plain_static_names() -> None:
    """Name static files as they are: nothing is collected for a test, so there is no manifest."""
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = plain


@pytest.fixture(autouse=True, scope="session")
def _passwords_are_quick() -> Iterator[None]:
    """Hash passwords the same way, and as quickly as that way can be: it is slow on purpose."""
    patch = pytest.MonkeyPatch()
    for name, least in (("time_cost", 1), ("memory_cost", 8), ("parallelism", 1)):
        patch.setattr(Argon2PasswordHasher, name, least)
    yield
    patch.undo()


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """A client signed in as a person, without the sign-in page."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def _is_here(address: object) -> bool:
    """Whether a socket address is on this machine: a path, or a loopback host."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Refuse connections to any other machine, by name or number."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        original = getattr(socket.socket, name)

        def guarded(
            self: socket.socket, address: object, _original: Callable[..., object] = original
        ) -> object:
            if not _is_here(address):
                raise RuntimeError(f"Tests reach no network, and this one wanted {address}.")
            return _original(self, address)

        patch.setattr(socket.socket, name, guarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True, scope="session")
def _flushing_tests_can_clear_the_trail() -> Iterator[None]:
    """Let tests that commit (a served copy, `transaction=True`) empty the database afterwards.

    The trail refuses to be emptied, so the triggers come off for the flush and go straight back.
    """
    from sightline.access.triggers import drop_triggers, install_triggers

    patch = pytest.MonkeyPatch()
    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(self: TransactionTestCase) -> None:
        drop_triggers()
        try:
            original(self)
        finally:
            install_triggers()

    patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
    yield
    patch.undo()
