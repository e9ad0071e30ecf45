"""`sightline secrets reseal`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand, columns
from sightline.jobs import upkeep
from sightline.kernel.errors import BadInput, NotAvailable
from sightline.secrets.resealing import BATCH, Resealed


class Command(SightlineCommand):
    """Seal everything anew under the current keys, while the service runs.

    May be stopped and begun again: what is under the current key already is passed over, and what
    somebody saves meanwhile is never overwritten.

      sightline secrets reseal
      sightline secrets reseal --purpose concerns --batch 100
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--purpose", default="", help="only of this purpose")
        parser.add_argument("--batch", type=int, default=BATCH, help="rows at a time")

    def run(self, actor: CommandLine, **options: Any) -> tuple[Resealed, ...]:
        if options["batch"] < 1:
            raise BadInput(f"--batch is {options['batch']}; write 1 or more.")
        steps = upkeep.reseal(actor=actor, purpose=options["purpose"], batch=options["batch"])
        left = sum(step.cannot for step in steps)
        if left:
            why = " ".join(reason for step in steps for reason in step.why)
            raise NotAvailable(f"{self.text(steps)}\n{left:,} could not be opened. {why}")
        return steps

    def text(self, result: tuple[Resealed, ...]) -> str:
        header = ("What", "Sealed anew", "Were already", "Saved meanwhile", "Cannot be opened")
        rows = [(s.name, s.resealed, s.already, s.changed_meanwhile, s.cannot) for s in result]
        return columns(header, rows) if rows else "Nothing is sealed yet."
