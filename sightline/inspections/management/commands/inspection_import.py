"""`sightline inspection import`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.db import transaction

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.inspections.reading import read_file
from sightline.inspections.services import check_import, import_document
from sightline.kernel.errors import Fault, Faults


class Command(SightlineCommand):
    """Import whole inspections from files, or only check them.

    Each file holds one inspection, as JSON (what `sightline inspection export` writes) or YAML.
    Every fault of every file is listed at once, and then nothing of any of them is kept. A file
    imported a second time changes nothing.

      sightline inspection import falkirk-2026.json
      sightline inspection import --check *.json
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="+", help="a .json or .yaml file with one inspection")
        parser.add_argument(
            "--check", action="store_true", help="say what is wrong or would change; write nothing"
        )

    @transaction.atomic
    def run(self, actor: CommandLine, **options: Any) -> list[dict[str, Any]]:
        one = self._check if options["check"] else self._import
        done, faults = [], []
        for name in options["file"]:
            try:
                done.append(one(actor, Path(name)))
            except Faults as error:
                faults += [Fault(f"{error.thing}: {f.where}", f.what, f.mend) for f in error.faults]
        if faults:
            raise Faults(" and ".join(Path(name).name for name in options["file"]), faults)
        return done

    @staticmethod
    def _import(actor: CommandLine, path: Path) -> dict[str, Any]:
        found = import_document(actor=actor, data=read_file(path), name=path.name)
        added_or_changed = "added" if found.new else "changed"
        did = added_or_changed if found.changed else "unchanged"
        return {"file": path.name, "reference": found.reference, "did": did, "kept": found.kept}

    @staticmethod
    def _check(actor: CommandLine, path: Path) -> dict[str, Any]:
        found = check_import(actor=actor, data=read_file(path), name=path.name)
        if found.held is None:
            did = "would be added"
        else:
            did = "would change" if found.changes else "would stay as it is"
        return {"file": path.name, "reference": found.document.reference, "did": did, "kept": ()}

    def text(self, result: list[dict[str, Any]]) -> str:
        lines = []
        for row in result:
            lines.append(f"{row['reference']}: {row['did']}.")
            lines += [f"  The corrected value of {thing} was kept." for thing in row["kept"]]
        return "\n".join(lines)
