"""A build: every row in is published or faulted, and belongs to a child or does not."""

import pyarrow.parquet as pq
import pytest

from sightline.children import building, queries, services
from sightline.children.models import Build
from tests.children.conftest import CHILDREN, ENTRIES


@pytest.fixture
def build(load, sender, finds, django_capture_on_commit_callbacks):
    load("children", CHILDREN)
    load("register-entries", ENTRIES)

    def made(**more):
        with django_capture_on_commit_callbacks(execute=True):
            done = services.start_build(actor=sender, area="fife", **more)
        done.build.refresh_from_db()
        return done.build

    return made


def test_rows_in_are_published_or_faulted(build, finds):
    finds(
        ("register-entries", 3, "registered_on", "V-020", "E", "It overlaps"),
        ("register-entries", 2, "registered_on", "V-021", "W", "Odd"),
    )
    made = build()
    assert made.state == Build.State.CHECKED
    table = queries.tables_of(made)["register-entries"]
    assert (table.rows, table.published, table.faulted, table.joined) == (3, 2, 1, 2)
    folder = queries.build_folder(made)
    print(sorted(p.name for p in folder.rglob("*")))
    print(pq.read_table(folder / "joined.parquet").to_pylist(), made.summary)
    assert pq.read_table(building.table_path(folder, "register-entries")).num_rows == 2
