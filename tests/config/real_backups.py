"""What `test_backup_real` runs in a process of its own, on a database that is a file.

python -m tests.config.real_backups older FOLDER     # tables of an older release, backed up
python -m tests.config.real_backups moment FOLDER    # somebody writes meanwhile
"""

import os
import sqlite3
import sys
from pathlib import Path
from typing import Any


def older(folder: Path) -> None:
    """Make tables without the newest migration of partnerships, a row in them, and back them up."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from sightline.access.actors import acting_as, command_line
    from sightline.config.backup import making

    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    left_out = {
        node for node in graph.nodes if ("partnerships", "0002_places") in graph.forwards_plan(node)
    }
    nodes = sorted(set(graph.nodes) - left_out)
    executor.migrate([max(n for n in nodes if n[0] == app) for app in {n[0] for n in nodes}])
    state = MigrationExecutor(connection).loader.project_state(nodes)
    with acting_as(command_line()):
        organisation = state.apps.get_model("access", "Organisation")
        organisation.objects.create(code="kept", name="Kept by an older release")
        making.apps = state.apps  # the release that made these tables would have had these models
        making.check_up_to_date = lambda: None
        making.taking_stock.status = lambda: ()
        making.make_backup(actor=command_line(), folder=folder)


def moment(folder: Path) -> None:
    """Write from elsewhere while the rows are being copied."""
    from django.core.management import call_command
    from django.db import connection

    from sightline.access.actors import acting_as, command_line
    from sightline.config.backup import making, manifest

    call_command("migrate", verbosity=0)
    usual = making.heading
    written: list[str] = []

    def heading(model: Any) -> str:
        if not written:
            written.append(model._meta.db_table)
            elsewhere = sqlite3.connect(connection.settings_dict["NAME"], timeout=1)
            elsewhere.execute("INSERT INTO auth_group (name) VALUES ('meanwhile')")
            elsewhere.commit()
            elsewhere.close()
        return usual(model)

    making.heading = heading
    with acting_as(command_line()):
        making.make_backup(actor=command_line(), folder=folder)
    print(manifest.read_manifest(folder).tables["auth_group"], written[0])


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
    django.setup()
    {"older": older, "moment": moment}[sys.argv[1]](Path(sys.argv[2]))
