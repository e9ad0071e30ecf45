"""`sightline inspection begin`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.framework.definitions import library
from sightline.inspections import services
from sightline.inspections.definitions import InspectionDocument
from sightline.partnerships.queries import find


class Command(SightlineCommand):
    """Begin an inspection, as a draft with nothing in it yet.

    Only people with a role in it will see it. The reference is the partnership and the year:

      sightline inspection begin fife-2027 --programme P3 --partnership Fife
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="a name for it, such as fife-2027")
        parser.add_argument("--programme", required=True, help="short name, code or key")
        parser.add_argument("--partnership", required=True, help="a name or code of a partnership")
        parser.add_argument(
            "--kind", default="full", choices=("full", "interim", "progress-review")
        )
        parser.add_argument("--follows", default="", help="the inspection a review follows")

    def run(self, actor: CommandLine, **options: Any) -> InspectionDocument:
        return services.create_inspection(
            actor=actor,
            reference=options["reference"],
            programme=library().programme(options["programme"]).key,
            partnership=find(options["partnership"]).code,
            kind=options["kind"],
            follows=options["follows"],
        )

    def text(self, result: InspectionDocument) -> str:
        return f"{result.reference} is begun, as a draft."
