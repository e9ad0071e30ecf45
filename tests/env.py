"""Settings of the test run, in place before Django reads them (loaded with `pytest -p tests.env`).

`SIGHTLINE_TEST_DATABASE` names a PostgreSQL database to run on; without it the tests use SQLite.
Also here, because it holds for every test: `--only-database` for the run on the second database,
and skips that count as failures in CI (`SIGHTLINE_SKIP_IS_FAILURE=true`).
"""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

_state = Path(tempfile.mkdtemp(prefix="sightline-test-"))
(_state / "static").mkdir()
os.environ["SIGHTLINE_ENV_FILE"] = str(_state / "none.env")
os.environ["SIGHTLINE_SECRET_KEY"] = "only-for-tests-" * 5
os.environ["SIGHTLINE_DATA_KEYS"] = "test:" + "A" * 43 + "="
os.environ["SIGHTLINE_CONCERNS_KEYS"] = "test:" + "B" * 42 + "A="
os.environ["SIGHTLINE_JOBS"] = "immediate"
os.environ["SIGHTLINE_SECOND_FACTOR"] = "optional"
os.environ["SIGHTLINE_HTTPS"] = "false"
os.environ["SIGHTLINE_DEBUG"] = "false"
os.environ["SIGHTLINE_DEMONSTRATION"] = "false"
os.environ["SIGHTLINE_STATE"] = str(_state)
os.environ["SIGHTLINE_HOSTS"] = "127.0.0.1,localhost,testserver"
os.environ["SIGHTLINE_DATABASE"] = os.environ.get(
    "SIGHTLINE_TEST_DATABASE", f"sqlite:///{_state / 'test.sqlite3'}"
)
SKIP_IS_FAILURE = os.environ.get("SIGHTLINE_SKIP_IS_FAILURE") == "true"
ENGINE = "postgresql" if os.environ["SIGHTLINE_DATABASE"].startswith("postgresql:") else "sqlite"
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_reset_sequences"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--only-database`."""
    parser.addoption(
        "--only-database", action="store_true", help="only tests that use the database"
    )


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """Keep SQLite's test database in memory, side by side runs included.

    Said outright because pytest-django guesses by the engine's name, and ours is not Django's.
    """
    from django.conf import settings

    if ENGINE == "sqlite":
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = ":memory:"


def uses_database(item: pytest.Item) -> bool:
    """Whether a test asks for the database, by mark or by fixture."""
    names = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(names & DATABASE_FIXTURES)


def wanted_here(item: pytest.Item, *, only_database: bool) -> bool:
    """Whether a test belongs to this run: its engine, if it names one; its use of data."""
    mark = item.get_closest_marker("engine")
    if mark is not None and mark.args != (ENGINE,):
        return False
    return not only_database or uses_database(item)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests that belong to this run; the others are deselected, not skipped."""
    only = bool(config.getoption("--only-database"))
    kept = [item for item in items if wanted_here(item, only_database=only)]
    dropped = [item for item in items if item not in set(kept)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def _fail_a_skip(report: Any) -> None:
    if SKIP_IS_FAILURE and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"Skipped, and here a skip is a failure: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """A skipped test fails where nothing may be missing."""
    report = yield
    _fail_a_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    """A module skipped whole fails there too."""
    report = yield
    _fail_a_skip(report)
    return report


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(_state, ignore_errors=True)
