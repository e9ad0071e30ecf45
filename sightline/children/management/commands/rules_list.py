"""`sightline rules list`."""

import datetime as dt
from argparse import ArgumentParser
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from sightline.access.actors import CommandLine
from sightline.children.rules.definitions import InForce, current_ruleset, ruleset
from sightline.design.console import SightlineCommand, columns


@dataclass(frozen=True)
class RuleLine:
    """A rule as it is listed."""

    id: str
    severity: str
    dataset: str
    shape: str
    title: str
    says: str
    needs: tuple[str, ...]
    source: str
    tag: str


@dataclass(frozen=True)
class RuleList:
    """The rules of a year on a day."""

    year: str
    day: dt.date
    rules: tuple[RuleLine, ...]


class Command(SightlineCommand):
    """List the rules that extracts are held against.

    E holds a row back, W accepts and queries it, Q is a figure about quality:

      sightline rules list
      sightline rules list --dataset placements --severity E
      sightline rules list --year 2021-22 --format json
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", default="", help="such as 2023-24; else this year")
        parser.add_argument("--dataset", default="", help="only rules about this dataset")
        parser.add_argument("--severity", choices=("E", "W", "Q"), help="only of this severity")

    def run(self, actor: CommandLine, **options: Any) -> RuleList:
        day = timezone.localdate()
        year: str = options["year"]
        held: InForce = ruleset(year, day) if year else current_ruleset(day)
        lines = tuple(
            RuleLine(
                rule.id, rule.severity, rule.dataset, rule.shape.kind, rule.title, rule.says,
                rule.datasets(), rule.source.title, rule.source.tag,
            )
            for rule in held.rules
            if options["dataset"] in {"", rule.dataset}
            and options["severity"] in {None, rule.severity}
        )  # fmt: skip
        return RuleList(held.year, day, lines)

    def text(self, result: RuleList) -> str:
        rows = [(one.id, one.severity, one.dataset, one.title) for one in result.rules]
        table = columns(("Rule", "", "Dataset", "What must be so"), rows)
        return f"Rules of {result.year}: {len(rows)}\n\n{table}"
