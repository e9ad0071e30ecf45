"""An extract: what an upload of a dataset becomes."""

import datetime as dt
import stat

from sightline.children import folders, queries
from sightline.uploads.models import State
from tests.children.conftest import CHILDREN, ENTRIES
import pyarrow.parquet as pq


def test_an_upload_becomes_typed_rows(load):
    upload = load("children", CHILDREN)
    print(upload.state, upload.result)
    assert upload.state == State.COMMITTED
    extract = queries.latest_extract("fife", "children")
    path = folders.extract_path("fife", extract.content)
    t = pq.read_table(path)
    print(t.to_pylist(), extract.covers_from, extract.covers_until)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert t.num_rows == 3


def test_entries(load):
    upload = load("register-entries", ENTRIES)
    extract = queries.latest_extract("fife", "register-entries")
    assert (extract.covers_from, extract.covers_until) == (dt.date(2023,8,1), dt.date(2024,5,31))
