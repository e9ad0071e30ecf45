"""`sightline indicators run`."""

from argparse import ArgumentParser
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sightline.access.actors import CommandLine
from sightline.children.permissions import get_build_for, open_tables
from sightline.children.queries import current_build
from sightline.design.console import SightlineCommand, columns
from sightline.kernel.errors import BadInput, NotFound
from sightline.outcomes.definitions import indicator, indicators
from sightline.partnerships import queries
from sightline.warehouse.parquet import write_table

ENGINES = ("duckdb", "spark")


@dataclass(frozen=True)
class Line:
    """One indicator: how many results it has, and in which states."""

    code: str
    results: int
    states: dict[str, int]


@dataclass(frozen=True)
class Done:
    """A run: what of, by which engine, in how long, and where the figures went."""

    partnership: str
    build: int
    engine: str
    seconds: float
    lines: tuple[Line, ...]
    written_to: str


class Command(SightlineCommand):
    """Work indicators out from a published build, by either engine.

    Says how many results there are and in which states. The figures are exact, so they are printed
    nowhere: --to writes them as Parquet that is for your account alone. Each run is in the audit
    trail. Periods are 2023-24, 2023-24 Q3, 2023-24 M03 or 2021-03-01..2021-09-30:

      sightline indicators run --partnership strathgarry
      sightline indicators run --partnership strathgarry --engine spark --indicator cp13
      sightline indicators run --partnership moray --period "2023-24 Q3" --by age --to f.parquet
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partnership", required=True, help="a name or code")
        parser.add_argument(
            "--build", type=int, default=0, help="its number; the one in use if left out"
        )
        parser.add_argument("--engine", choices=ENGINES, default="duckdb")
        parser.add_argument(
            "--indicator", action="append", default=[], help="a code; may be repeated"
        )
        parser.add_argument("--period", action="append", default=[], help="may be repeated")
        parser.add_argument(
            "--by", action="append", help="a breakdown; may be repeated; all if left out"
        )
        parser.add_argument("--to", default="", metavar="FILE", help="where the figures go")

    def run(self, actor: CommandLine, **options: Any) -> Done:
        from sightline.outcomes.measures.running import run

        area = queries.find(options["partnership"])
        target = Path(options["to"]) if options["to"] else None
        if target is not None and target.exists():
            raise BadInput(f"{target} is there already; name a file that is not.")
        chosen = [indicator(code) for code in options["indicator"]] or list(indicators())
        current = current_build(area.code)
        number = options["build"] or (current.number if current else 0)
        if not number:
            raise NotFound(f"No build of {area.name} is published. `sightline load` makes one.")
        _, build = get_build_for(actor, area.code, number)
        done = run(
            open_tables(actor, build, reason="indicators run"),
            chosen,
            options["period"],
            engine_name=options["engine"],
            breakdowns=options["by"],
            areas=(area.code, area.name, area.council_code),
        )
        if target is not None:
            write_table(done.results, target)
        return Done(
            area.code, number, options["engine"], round(done.seconds, 2),
            tuple(_lines(done.results.select(["indicator", "state"]).to_pylist())),
            str(target or ""),
        )  # fmt: skip

    def text(self, result: Done) -> str:
        rows = [
            (n.code, n.results, ", ".join(f"{state} {count}" for state, count in n.states.items()))
            for n in result.lines
        ]
        said = f"{result.engine} took {result.seconds} s over build {result.build}."
        if result.written_to:
            said += f" The figures are in {result.written_to}."
        return f"{columns(('Indicator', 'Results', 'States'), rows)}\n\n{said}"


def _lines(rows: list[dict[str, str]]) -> list[Line]:
    found: dict[str, Counter[str]] = {}
    for row in rows:
        found.setdefault(row["indicator"], Counter())[row["state"]] += 1
    return [Line(code, sum(counts.values()), dict(counts)) for code, counts in found.items()]
