"""`sightline indicators list`."""

from argparse import ArgumentParser
from dataclasses import dataclass
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand, columns
from sightline.outcomes.definitions import indicators


@dataclass(frozen=True)
class Line:
    """One indicator, as its definition has it."""

    code: str
    version: int
    title: str
    theme: str
    kind: str
    unit: str
    frequency: str
    shape: str
    view: str
    breakdowns: tuple[str, ...]
    tag: str


class Command(SightlineCommand):
    """List the indicators: what each counts, of what kind it is, and how it is told apart.

    Kinds are process, output, outcome, experience and quality (of the data itself):

      sightline indicators list
      sightline indicators list --theme leaving-care --kind outcome --format json
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--theme", default="", help="such as protection or voice")
        parser.add_argument("--kind", default="", help="such as outcome")

    def run(self, actor: CommandLine, **options: Any) -> tuple[Line, ...]:
        return tuple(
            Line(
                one.code, one.version, one.title, one.theme, one.kind, one.unit, one.frequency,
                one.shape, one.view, one.breakdowns, one.source.tag,
            )
            for one in indicators()
            if options["theme"] in {"", one.theme} and options["kind"] in {"", one.kind}
        )  # fmt: skip

    def text(self, result: tuple[Line, ...]) -> str:
        if not result:
            return "There are none of these."
        rows = [
            (n.code, n.version, n.title, n.kind, n.unit, ", ".join(n.breakdowns)) for n in result
        ]
        return columns(("Code", "Version", "Title", "Kind", "Unit", "Told apart by"), rows)
