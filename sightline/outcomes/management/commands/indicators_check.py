"""`sightline indicators check`."""

from argparse import ArgumentParser
from dataclasses import dataclass
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.kernel.errors import Fault, Faults
from sightline.outcomes.definitions import indicator, registry


@dataclass(frozen=True)
class Checked:
    """How many indicators and examples were checked, and by which engine."""

    indicators: int
    answers: int
    engine: str


class Command(SightlineCommand):
    """Check that every indicator's view has what it names, and that its example comes out.

    Each example is answered again, and every answer that differs from the one worked out by hand is
    listed; the exit status is not 0 then:

      sightline indicators check
      sightline indicators check cp13 la05 --engine spark --format json
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("codes", nargs="*", metavar="CODE", help="all indicators if left out")
        parser.add_argument("--engine", choices=("duckdb", "spark"), default="duckdb")

    def run(self, actor: CommandLine, **options: Any) -> Checked:
        from sightline.outcomes.measures.examples import example_of, faults_of_view, run
        from sightline.warehouse.engines import engine

        chosen = [indicator(code) for code in options["codes"]] or list(registry())
        faults, answers = [], 0
        with engine(options["engine"]) as one:
            for definition in chosen:
                example = example_of(definition)
                if example is None:
                    faults.append(Fault(definition.key, "it has no worked example.", "Add one."))
                    continue
                named = faults_of_view(definition, one)
                said = named or run(example, one, definition)
                faults += [Fault("", one_fault) for one_fault in said]
                answers += len(example.answers)
        if faults:
            raise Faults("indicators", faults)
        return Checked(len(chosen), answers, options["engine"])

    def text(self, result: Checked) -> str:
        return (
            f"{result.indicators} indicators are well formed, and {result.answers} answers worked "
            f"out by hand come out the same on {result.engine}."
        )
