"""`sightline uploads check`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from sightline.access.actors import Actor
from sightline.design.console import SightlineCommand, columns
from sightline.kernel.errors import BadInput
from sightline.uploads import files
from sightline.uploads.checking import FileCheck
from sightline.uploads.kinds import kinds
from sightline.uploads.permissions import get_kind_for
from sightline.uploads.tally import as_data
from sightline.warehouse.reading import Source, open_table


def add_file(parser: ArgumentParser) -> None:
    """What both commands take."""
    known = ", ".join(kind.code for kind in kinds()) or "none are registered"
    parser.add_argument("kind", help=f"what kind of file it is: {known}")
    parser.add_argument("file", help="the file: CSV, XLSX or Parquet")
    parser.add_argument("--scope", required=True, help="where to, such as partnership:fife")
    parser.add_argument("--sheet", default="", help="of a workbook, the sheet to read")


def scope_in(text: str) -> tuple[str, str]:
    """The kind and key in `kind:key`.

    Raises:
        BadInput: there is no colon.
    """
    kind, colon, key = text.partition(":")
    if not colon:
        raise BadInput(f"--scope {text} names no place; write it as partnership:fife.")
    return kind, key


def file_in(text: str) -> Source:
    """The file named.

    Raises:
        BadInput: it is not there.
    """
    path = Path(text)
    if not path.is_file():
        raise BadInput(f"{text} is not a file; check how it is spelt.")
    return files.source_of_path(path)


class Command(SightlineCommand):
    """Check a file without keeping anything of it.

    Says what stops the whole file, which rows would be held back and why, and which cells could
    tell who somebody is. The rules that need what is held here are tried too; nothing is imported.

        sightline uploads check holidays holidays.xlsx --scope partnership:fife
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The kind, the file, where to."""
        add_file(parser)

    def run(self, actor: Actor, **options: Any) -> dict[str, Any]:
        """Check it."""
        kind, scope = get_kind_for(actor, options["kind"], *scope_in(options["scope"]))
        source = file_in(options["file"])
        table = open_table(source, sheet=options["sheet"])
        done = FileCheck(table, kind, scope, name=source.name)
        tally = done.run()
        stopped = tally.stops() or bool(done.identified)
        return {
            "file": source.name,
            "read": list(table.said),
            "rows": tally.rows,
            "good": 0 if stopped else tally.good,
            "held_back": tally.rows if stopped else tally.held.count,
            "look_again": tally.again.count,
            "identified": [[one.place, one.kind.words] for one in done.identified],
            "faults": as_data(tally.groups()),
        }

    def text(self, result: dict[str, Any]) -> str:
        """The result as a person reads it."""
        said = [
            f"{result['file']}: {result['rows']} rows, {result['good']} good, "
            f"{result['held_back']} held back, {result['look_again']} to look at again.",
            *result["read"],
        ]
        if result["identified"]:
            said += [
                "It would be quarantined: these cells could tell who somebody is.",
                columns(("Cell", "What"), result["identified"]),
            ]
        if result["faults"]:
            rows = [
                (
                    ", ".join(one["places"]),
                    one["count"],
                    one["what"],
                    one["expected"],
                )
                for one in result["faults"]
            ]
            said.append(columns(("Where", "Times", "What is wrong", "What is expected"), rows))
        return "\n".join(said)
