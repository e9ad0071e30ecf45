"""`sightline jobs work`."""

import signal
from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.jobs import working
from sightline.jobs.carrying import here
from sightline.kernel.errors import BadInput

MOST_THREADS = 16


class Command(SightlineCommand):
    """Carry out jobs and start those of the clock, until it is stopped.

    One such process must run beside the web server; `make demo` starts it. Several may run, on
    several machines too. SIGTERM or Ctrl-C ends it: what is in hand is finished or put back.

      sightline jobs work
      sightline jobs work --threads 4
      sightline jobs work --once          start what is due, do what waits, and end
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--threads", type=int, default=2, help="jobs at a time (default: 2)")
        parser.add_argument("--once", action="store_true", help="do what waits, and end")

    def run(self, actor: CommandLine, **options: Any) -> dict[str, str]:
        if not 1 <= options["threads"] <= MOST_THREADS:
            raise BadInput(f"--threads is {options['threads']}; write 1 to {MOST_THREADS}.")
        here.stopping.clear()
        for ending in (signal.SIGTERM, signal.SIGINT):
            signal.signal(ending, lambda *_: here.stopping.set())
        if options["once"]:
            working.work_once()
            return {"state": "nothing waits"}
        self.stderr.write("Carrying out jobs. Ctrl-C stops.")
        working.work(threads=options["threads"])
        return {"state": "stopped"}

    def text(self, result: dict[str, str]) -> str:
        return f"{result['state'].capitalize()}."
