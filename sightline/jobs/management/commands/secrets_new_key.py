"""`sightline secrets new-key`."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.jobs import upkeep


class Command(SightlineCommand):
    """Print a new key, `id:base64`, as a key file takes it. Nothing else holds it.

    Put it in front of the others (the first seals, the others only open), start the service again,
    and run `sightline secrets reseal`. docs/guides/administrator.md has each step.

      sightline secrets new-key
      sightline secrets new-key --purpose concerns
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--purpose", default="data", help="what for (default: data)")

    def run(self, actor: CommandLine, **options: Any) -> str:
        return upkeep.new_key(options["purpose"], today=timezone.localdate())

    def text(self, result: str) -> str:
        return result
