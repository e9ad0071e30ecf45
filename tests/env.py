"""Settings of the test run, put in place before Django reads them (loaded with `pytest -p tests.env`).

`SIGHTLINE_TEST_DATABASE` names a PostgreSQL database to run on; without it the tests use SQLite.
"""

import os
import tempfile
from pathlib import Path

_state = Path(tempfile.mkdtemp(prefix="sightline-test-"))
os.environ["SIGHTLINE_ENV_FILE"] = str(_state / "none.env")
os.environ["SIGHTLINE_SECRET_KEY"] = "only-for-tests-" * 5
os.environ["SIGHTLINE_HTTPS"] = "false"
os.environ["SIGHTLINE_DEBUG"] = "false"
os.environ["SIGHTLINE_STATE"] = str(_state)
os.environ["SIGHTLINE_HOSTS"] = "127.0.0.1,localhost,testserver"
os.environ["SIGHTLINE_DATABASE"] = os.environ.get(
    "SIGHTLINE_TEST_DATABASE", f"sqlite:///{_state / 'test.sqlite3'}"
)
