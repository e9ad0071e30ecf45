"""`sightline framework check`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.framework.definitions import load
from sightline.framework.register import check, definition_files
from sightline.kernel.errors import BadInput


class Command(SightlineCommand):
    """Check every framework, scale, programme and crosswalk, and the register of all files.

    Every fault of every file is listed at once, each with its place and what mends it. A released
    file that was changed is a fault. Checks the definitions of this installation, or another folder
    laid out in the same way:

      sightline framework check
      sightline framework check my-definitions
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", help="a folder of definitions")

    def run(self, actor: CommandLine, **options: Any) -> dict[str, int]:
        folder = Path(options["folder"] or settings.SIGHTLINE_DEFINITIONS)
        if not folder.is_dir():
            raise BadInput(f"{folder} is not a folder; name one that holds definitions.")
        library = load(folder)
        check(folder, complete=folder == settings.SIGHTLINE_DEFINITIONS)
        return {
            "frameworks": len(library.frameworks),
            "crosswalks": len(library.crosswalks),
            "scales": len(library.scales),
            "terms": len(library.terms),
            "programmes": len(library.programmes),
            "files": len(definition_files(folder)),
        }

    def text(self, result: dict[str, int]) -> str:
        counted = ", ".join(
            f"{number} {kind}" for kind, number in result.items() if kind != "files"
        )
        return f"All in order: {counted}; {result['files']} files in the register or in draft."
