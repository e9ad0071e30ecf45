"""`sightline jobs run`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.jobs import presenters, queries, services
from sightline.jobs.registry import of_the_clock
from sightline.kernel.errors import NotAllowed


class Command(SightlineCommand):
    """Start a job of the clock now, without waiting for it to be due.

    sightline jobs run jobs.remove-old
    sightline jobs list --code jobs.remove-old
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="which; `sightline jobs run none` lists them")

    def run(self, actor: CommandLine, **options: Any) -> presenters.Line:
        code = options["code"]
        if code not in {item.code for item in of_the_clock()}:
            known = "\n".join(f"  {item.code}  {item.title}" for item in of_the_clock())
            raise NotAllowed(f"{code} is no job of the clock. There are:\n{known}")
        job = services.start(actor=actor, code=code)
        found = queries.job_with(job.key)
        return presenters.line(found or job)

    def text(self, result: presenters.Line) -> str:
        return f"{result.title}: {result.state}. Its key is {result.key}."
