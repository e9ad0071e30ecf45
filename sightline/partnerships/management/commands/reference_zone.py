"""`sightline reference zone`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.partnerships import places


class Command(SightlineCommand):
    """Say what is held of one data zone: where it lies, how deprived it is, how many live there.

    sightline reference zone S01012083
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="S01 and six digits")

    def run(self, actor: CommandLine, **options: Any) -> places.ZoneFacts:
        return places.zone_facts(options["code"].strip().upper())

    def text(self, result: places.ZoneFacts) -> str:
        zone = result.zone
        lines = [
            f"{zone.code}{f', {result.name}' if result.name else ''}",
            f"Lies in {result.area}, {zone.geography} geography, intermediate zone "
            f"{zone.intermediate_zone or 'not given'}",
        ]
        lines += [
            f"SIMD {one.vintage}: rank {one.rank:,} of {one.of:,}, fifth {one.fifth} of 5, 1 being "
            "the most deprived (equal shares of all data zones)"
            for one in result.ranks
        ]
        lines += [f"{one.people:,} people, {one.vintage} ({one.source})" for one in result.people]
        return "\n".join(lines)
