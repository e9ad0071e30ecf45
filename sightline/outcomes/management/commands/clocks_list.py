"""`sightline clocks list`."""

import datetime as dt
from argparse import ArgumentParser
from dataclasses import dataclass
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand, columns
from sightline.outcomes.clocks import cases, rulebook
from sightline.partnerships import queries
from sightline.partnerships.localities import guidance_taken_up


@dataclass(frozen=True)
class Line:
    """One version of one rule of time.

    `first` and `last` are the days on which a clock that starts is under it, both included; empty
    where there is no such day. `read_from` are the datasets it is read from, empty where none of
    those held dates it.
    """

    rule: str
    title: str
    limit: str
    first: str
    last: str
    level: str
    status: str
    read_from: tuple[str, ...]


class Command(SightlineCommand):
    """List the rules of time: what starts and stops each, its limit, and the days it is in force.

    With a partnership, by the days on which it took up each guidance:

      sightline clocks list
      sightline clocks list --partnership south-lanarkshire --format json
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--partnership", default="", help="a name or code")

    def run(self, actor: CommandLine, **options: Any) -> tuple[Line, ...]:
        named = options["partnership"]
        taken_up = guidance_taken_up(queries.find(named)) if named else {}
        rules = rulebook()
        read: dict[str, list[str]] = {}
        for case in cases():
            read.setdefault(case.rule, []).extend(case.needs)
        return tuple(
            Line(
                rule=rule.code,
                title=rule.title,
                limit=_limit(rule),
                first="" if first == dt.date.min else f"{first}",
                last="" if last == dt.date.max else f"{last}",
                level=str(rule.level).replace("_", " "),
                status=rule.status,
                read_from=tuple(dict.fromkeys(read.get(code, ()))),
            )
            for code in rules.codes
            for rule, first, last in rules.versions(code, taken_up=taken_up)
        )

    def text(self, result: tuple[Line, ...]) -> str:
        rows = [
            (n.rule, n.limit, n.first or "-", n.last or "-", n.level, ", ".join(n.read_from) or "-")
            for n in result
        ]
        return columns(("Rule", "Limit", "From", "Until", "Level", "Read from"), rows)


def _limit(rule: Any) -> str:
    joined = " and " if rule.combine == "earliest" else " or "
    said = joined.join(str(limb.limit) for limb in rule.limits)
    return said or str(rule.kind)
