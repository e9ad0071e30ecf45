"""`sightline rules check`."""

from argparse import ArgumentParser
from dataclasses import dataclass
from typing import Any

from sightline.access.actors import CommandLine
from sightline.children.rules import definitions
from sightline.design.console import SightlineCommand
from sightline.kernel.errors import BadInput


@dataclass(frozen=True)
class Checked:
    """How many rules were held against their examples, and what differed, by rule."""

    rules: int
    differences: dict[str, list[str]]


class Command(SightlineCommand):
    """Hold every rule against its own two examples: one passes, the other is caught.

    A rule that does not do what its example says is named, and the command fails:

      sightline rules check
      sightline rules check V-010 V-030a
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("rule", nargs="*", help="rules by id; all if none is given")

    def run(self, actor: CommandLine, **options: Any) -> Checked:
        from sightline.children.rules.examples import differences
        from sightline.warehouse.engines import engine

        held = definitions.rules()
        wanted: list[str] = options["rule"] or list(held)
        if strange := sorted(set(wanted) - set(held)):
            raise BadInput(f"There is no rule {', '.join(strange)}. See `sightline rules list`.")
        with engine() as one:
            found = differences([held[id_] for id_ in wanted], one)
        if found:
            raise BadInput("\n".join(f"{id_}: {'; '.join(wrong)}." for id_, wrong in found.items()))
        return Checked(len(wanted), found)

    def text(self, result: Checked) -> str:
        rules = "1 rule does" if result.rules == 1 else f"{result.rules} rules do"
        return f"{rules} what the examples say."
