"""The guard of every test run: this machine may be reached, no other."""

import socket

import pytest

from tests.conftest import _is_here


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("/run/postgresql/.s.PGSQL.5432", True),
        (("localhost", 80), True),
        (("127.0.0.1", 80), True),
        (("::1", 80, 0, 0), True),
        (("fe80::1%eth0", 80, 0, 0), False),
        (("192.0.2.1", 80), False),
        (("example.org", 80), False),
    ],
)
def test_only_this_machine_is_here(address, here):
    assert _is_here(address) == here


def test_another_machine_is_refused_before_anything_is_sent():
    with socket.socket() as reaching, pytest.raises(RuntimeError, match="Tests reach no network"):
        reaching.connect(("192.0.2.1", 80))
