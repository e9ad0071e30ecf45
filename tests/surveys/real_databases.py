"""A database of its own for a test whose commits are real: a file, or one beside the test's.

Tests of what a database leaves behind (row numbers, its log) and of two people at once need commits
that stay, several connections, and a file on the disk. Emptying the shared test database after each
would take seconds; a copy of it takes a moment.
"""

import copy
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from tests.env import ENGINE


def _drop(name: str) -> None:
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)}")


def _copy(name: str, template: str) -> None:
    quoted = map(connection.ops.quote_name, (name, template))
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute("CREATE DATABASE {} TEMPLATE {}".format(*quoted))


@pytest.fixture(scope="session")
def empty_database(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The test database as migrations leave it: a path, or a name on the same server."""
    with django_db_blocker.unblock():
        if ENGINE == "sqlite":
            path = tmp_path_factory.mktemp("empty") / "empty.sqlite3"
            connection.ensure_connection()
            with sqlite3.connect(path) as target:
                connection.connection.backup(target)
            target.close()
            yield str(path)
            return
        name = f"empty_{uuid.uuid4().hex[:12]}"
        database = str(connection.settings_dict["NAME"])
        connections.close_all()
        _copy(name, database)
    yield name
    with django_db_blocker.unblock():
        _drop(name)


Connect = Callable[[], None]


@pytest.fixture
def real_database(empty_database: str, db: None, tmp_path: Path) -> Iterator[Connect]:
    """Everything in this test goes to a database of its own; threads call what this gives first."""
    before = connections["default"]
    settings = copy.deepcopy(before.settings_dict)
    if ENGINE == "sqlite":
        settings["NAME"] = str(tmp_path / "real.sqlite3")
        shutil.copy(empty_database, settings["NAME"])
    else:
        settings["NAME"] = f"real_{uuid.uuid4().hex[:12]}"
        _copy(settings["NAME"], empty_database)

    def connect() -> None:
        connections["default"] = type(before)(copy.deepcopy(settings), "default")

    connect()
    try:
        yield connect
    finally:
        connections["default"].close()
        connections["default"] = before
        if ENGINE == "postgresql":
            _drop(settings["NAME"])
