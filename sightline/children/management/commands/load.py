"""`sightline load`."""

import datetime as dt
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sightline.access.actors import Actor
from sightline.children import services
from sightline.children.services import FolderLoaded
from sightline.design.console import SightlineCommand, columns
from sightline.kernel.errors import BadInput
from sightline.partnerships.queries import find


def day(text: str) -> dt.date:
    """A day of an option.

    Raises:
        BadInput: it is none.
    """
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text} is not a day; write it as 2024-07-31.") from None


class Saying:
    """Says beside the result what is in hand, and now and then how many rows have been read."""

    def __init__(self, say: Callable[[str], object], *, every_seconds: float = 10.0) -> None:
        self._say, self._every = say, every_seconds
        self._last, self._at = "", 0.0

    def of(self, total: int) -> None:
        """How much there is to do is not said."""

    def at(self, done: int, saying: str = "") -> None:
        """Say it, if it is new or has not been said for a while."""
        now = time.monotonic()
        if saying != self._last:
            self._say(saying)
        elif now - self._at >= self._every:
            self._say(f"{saying}, {done:,} rows read")
        else:
            return
        self._last, self._at = saying, now


class Command(SightlineCommand):
    """Load a folder of extracts: check every file, import, make a build, and publish it if asked.

    Files are told apart by their name (register-entries.csv) or their columns. One that cannot be
    used stops them all. The same folder again changes nothing. Says how many rows came in, were
    published and were faulted, and every fault by rule.

        sightline load extracts/ --partnership fife
        sightline load extracts/ --partnership fife --from 2014-08-01 --until 2024-07-31 --publish
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder, whose, the days, and whether to publish."""
        parser.add_argument("folder", help="the folder with CSV, XLSX or Parquet files")
        parser.add_argument("--partnership", required=True, help="name or code of the area")
        parser.add_argument("--from", dest="first", default="", help="first day they answer for")
        parser.add_argument("--until", dest="last", default="", help="last day they answer for")
        parser.add_argument("--publish", action="store_true", help="publish the build as well")

    def run(self, actor: Actor, **options: Any) -> dict[str, Any]:
        """Load it."""
        if bool(options["first"]) != bool(options["last"]):
            raise BadInput("Give both --from and --until, or neither.")
        covers = (day(options["first"]), day(options["last"])) if options["first"] else None
        done = services.load_folder(
            actor=actor, area=find(options["partnership"]).code, folder=Path(options["folder"]),
            covers=covers, publish=options["publish"], progress=Saying(self.stderr.write),
        )  # fmt: skip
        return as_data(done)

    def text(self, result: dict[str, Any]) -> str:
        """The result as a person reads it."""
        files = [
            (
                one["file"], one["dataset"], one["rows"], one["held_back"],
                " to ".join(map(str, one["covers"])) if one["covers"] else "not said",
                "the same as before" if one["unchanged"] else "",
            )
            for one in result["files"]
        ]  # fmt: skip
        said = [
            columns(("File", "Dataset", "Rows", "Held back", "Answers for", ""), files),
            *(
                f"{one['file']}: {fault['what']} ({fault['count']}; {', '.join(fault['places'])})"
                for one in result["files"]
                for fault in one["faults"]
            ),
            f"Build {result['build']} of {result['area']} is {result['state']}"
            + (", and is not new." if result["repeated"] else "."),
            f"{result['rows']} rows in, {result['published']} published, "
            f"{result['faulted']} faulted.",
        ]
        if result["faults"]:
            rows = [
                (one["rule"], one["dataset"], one["count"], one["first"] or "", one["what"])
                for one in result["faults"]
            ]
            said.append(columns(("Rule", "Dataset", "Times", "First row", "What"), rows))
        return "\n".join(said)


def as_data(done: FolderLoaded) -> dict[str, Any]:
    """What loading did, as plain data."""
    return {
        "area": done.area,
        "build": done.build.number,
        "state": done.build.state,
        "repeated": done.repeated,
        "rows": done.rows,
        "published": done.published,
        "faulted": done.faulted,
        "files": [vars(one) | {"faults": one.faults} for one in done.files],
        "faults": done.faults,
    }
