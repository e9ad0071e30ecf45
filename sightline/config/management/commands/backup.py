"""`sightline backup`."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from sightline.access.actors import CommandLine
from sightline.config.backup.checking import NotRestored, try_restore
from sightline.config.backup.making import Made, make_backup
from sightline.config.backup.reporting import report
from sightline.design.console import SightlineCommand
from sightline.kernel.errors import BadInput


class Command(SightlineCommand):
    """Copy the database and the files into a new folder, sealed; the keys elsewhere, if asked.

    Nobody has to stop working. The keys are never in the backup, and without them nobody can read
    it: copy them to another place once, and after every new key.

      sightline backup /backups/2026-11-21
      sightline backup /backups/2026-11-21 --keys-to /media/safe/keys
      sightline backup /backups/2026-11-21 --keys-to /media/keys --passphrase-file /media/b/words

    Try a backup by restoring it into a scratch database that is gone afterwards:

      sightline backup --check /backups/2026-11-21
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the backup; it must not be there yet")
        parser.add_argument("--check", action="store_true", help="try a backup that is there")
        parser.add_argument("--keys-to", type=Path, help="copy the keys too, to another folder")
        parser.add_argument(
            "--passphrase-file", type=Path, help="seal that copy under a passphrase"
        )

    def run(self, actor: CommandLine, **options: Any) -> Any:
        folder, keys_to = options["folder"], options["keys_to"]
        if not options["check"]:
            return make_backup(
                actor=actor,
                folder=folder,
                keys_to=keys_to,
                passphrase_file=options["passphrase_file"],
            )
        if keys_to or options["passphrase_file"]:
            raise BadInput("--check makes no copy of keys; leave --keys-to out.")
        try:
            return json.loads(try_restore(folder))
        except NotRestored as fault:
            self.fail(str(fault), fault.status)

    def text(self, result: Any) -> str:
        if not isinstance(result, Made):
            return f"{report(result)}\nIt was tried in a scratch database, which is gone again."
        said = [
            f"Backed up to {result.folder}: {result.rows:,} rows of {result.tables} tables and "
            f"{result.files:,} files, {result.size:,} bytes, sealed.",
            f"Try it: sightline backup --check {result.folder}",
        ]
        if result.keys and not result.keys_sealed:
            said.append(
                "Warning: the keys are written as they are, and open everything. Keep them locked "
                "away from the backups, or use --passphrase-file."
            )
        said += [f"Keys: {path}" for path in result.keys]
        if not result.keys:
            said.append("The keys are not in it. Without them it cannot be restored.")
        return "\n".join(said)
