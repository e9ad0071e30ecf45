"""`sightline uploads send`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import Actor
from sightline.access.scopes import Scope
from sightline.design.console import SightlineCommand
from sightline.uploads import services
from sightline.uploads.files import Incoming
from sightline.uploads.management.commands.uploads_check import add_file, file_in, scope_in

CHUNK = 256 * 1024


class Command(SightlineCommand):
    """Send a file, as on the page: it is sealed and checked, and waits to be imported.

    The answer has the upload's key; its page is /uploads/KEY/. With --import the good rows are
    imported when none is held back.

        sightline uploads send holidays holidays.xlsx --scope partnership:fife
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The kind, the file, where to, and whether to import it."""
        add_file(parser)
        parser.add_argument(
            "--import", dest="imports", action="store_true",
            help="import it if every row is good (where work is done at once)",
        )  # fmt: skip

    def run(self, actor: Actor, **options: Any) -> dict[str, Any]:
        """Send it."""
        scope = Scope(*scope_in(options["scope"]))
        source = file_in(options["file"])
        incoming = Incoming()
        try:
            with source.open() as file:
                while chunk := file.read(CHUNK):
                    incoming.write(chunk)
            incoming.finish()
            done = services.receive(
                actor=actor,
                kind=options["kind"],
                scope=scope,
                name=source.name,
                incoming=incoming,
                sheet=options["sheet"],
            )
        finally:
            incoming.discard()
        upload = done.upload
        if not done.repeated:
            upload.refresh_from_db()
        if options["imports"] and upload.good and not upload.held_back:
            upload = services.commit(actor=actor, key=upload.pk, good=upload.good).upload
        return {
            "upload": str(upload.pk),
            "state": upload.state,
            "repeated": done.repeated,
            "rows": upload.rows,
            "good": upload.good,
            "held_back": upload.held_back,
        }

    def text(self, result: dict[str, Any]) -> str:
        """The result as a person reads it."""
        if result["repeated"]:
            return f"This very file was imported already, as {result['upload']}; nothing was done."
        return (
            f"{result['upload']} is {result['state']}: {result['rows']} rows, "
            f"{result['good']} good, {result['held_back']} held back."
        )
