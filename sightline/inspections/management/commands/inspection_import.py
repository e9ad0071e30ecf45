"""`sightline inspection import`."""

from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.inspections.reading import read_file
from sightline.inspections.services import import_document
from sightline.kernel.errors import Fault, Faults


@dataclass(frozen=True)
class _Words:
    """How what is done with a file is called."""

    added: str
    changed: str
    unchanged: str


_IMPORTED = _Words("added", "changed", "unchanged")
_CHECKED = _Words("would be added", "would change", "would stay as it is")


def _given_before(row: dict[str, Any], done: list[dict[str, Any]]) -> list[Fault]:
    """The fault of a file that holds the inspection of an earlier file of the batch."""
    return [
        Fault(
            f"{row['file']}: reference",
            f"the inspection {row['reference']} is in {earlier['file']} too.",
            "Give each inspection in one file only.",
        )
        for earlier in done
        if earlier["reference"] == row["reference"]
    ][:1]


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
        only_check = bool(options["check"])
        done: list[dict[str, Any]] = []
        faults: list[Fault] = []
        for name in options["file"]:
            path = Path(name)
            try:
                row = self._import(actor, path, words=_CHECKED if only_check else _IMPORTED)
            except Faults as error:
                faults += [Fault(f"{error.thing}: {f.where}", f.what, f.mend) for f in error.faults]
                continue
            faults += _given_before(row, done)
            done.append(row)
        if faults:
            raise Faults(" and ".join(Path(name).name for name in options["file"]), faults)
        if only_check:  # each file was checked against those before it by importing them
            transaction.set_rollback(True)
        return done

    @staticmethod
    def _import(actor: CommandLine, path: Path, *, words: _Words) -> dict[str, Any]:
        found = import_document(actor=actor, data=read_file(path), name=path.name)
        added_or_changed = words.added if found.new else words.changed
        did = added_or_changed if found.changed else words.unchanged
        return {"file": path.name, "reference": found.reference, "did": did, "kept": found.kept}

    def text(self, result: list[dict[str, Any]]) -> str:
        lines = []
        for row in result:
            lines.append(f"{row['reference']}: {row['did']}.")
            was = "would be" if row["did"].startswith("would") else "was"
            lines += [f"  The corrected value of {thing} {was} kept." for thing in row["kept"]]
        return "\n".join(lines)
