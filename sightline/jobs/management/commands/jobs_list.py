"""`sightline jobs list`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand, columns
from sightline.jobs import presenters, queries
from sightline.jobs.models import Job


class Command(SightlineCommand):
    """List jobs, the newest first.

    sightline jobs list
    sightline jobs list --state failed
    sightline jobs list --code concerns.alarm --format json
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--state", choices=Job.State.values, default="", help="of this state")
        parser.add_argument("--code", default="", help="of this code")
        parser.add_argument("--most", type=int, default=50, help="how many (default: 50)")

    def run(self, actor: CommandLine, **options: Any) -> tuple[presenters.Line, ...]:
        found = queries.what_ran(state=options["state"], code=options["code"])
        return tuple(presenters.line(job) for job in found[: max(1, options["most"])])

    def text(self, result: tuple[presenters.Line, ...]) -> str:
        names = queries.names_of({j.asked_by for j in result})
        rows = [
            (
                f"{j.asked:%Y-%m-%d %H:%M}",
                j.state,
                j.how_far,
                j.code,
                names.get(j.asked_by, j.asked_by),
                j.key,
            )
            for j in result
        ]
        said = columns(("Started", "State", "How far", "Job", "By", "Key"), rows)
        quiet = "" if queries.is_anybody_working() else f"\n\n{presenters.NOBODY_WORKS}"
        return said + quiet
