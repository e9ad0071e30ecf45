"""`sightline restore`."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from sightline.access.actors import CommandLine
from sightline.config.backup.reporting import report
from sightline.config.backup.restoring import Restored, restore_backup
from sightline.design.console import SightlineCommand, plain

NOT_GOOD = 1


class Command(SightlineCommand):
    """Put a backup into this copy, which must be empty, and check it.

    Set the keys first: the settings of this copy name them, and the backup has none. It is put back
    whole or not at all; a backup of an older release is brought up to date.

      sightline restore /backups/2026-11-21
      sightline restore /backups/2026-11-21 --replace "replace everything in sightline"
    """

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="the backup")
        parser.add_argument("--replace", metavar="WORDS", help="do it over what is here")

    def run(self, actor: CommandLine, **options: Any) -> Restored:
        return restore_backup(actor=actor, folder=options["folder"], replace=options["replace"])

    def text(self, result: Restored) -> str:
        return report(plain(result))

    def show(self, result: Restored, output_format: str) -> None:
        """Print the report; the status says whether every check passed."""
        super().show(result, output_format)
        if not result.good:
            raise SystemExit(NOT_GOOD)
