"""`sightline inspection list`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand, columns
from sightline.framework.definitions import library
from sightline.inspections.permissions import visible_documents
from sightline.inspections.presenters_list import Listed, listed, newest_first
from sightline.partnerships.queries import find, names


class Command(SightlineCommand):
    """List the inspections that are held, the newest first, with their evaluations.

    Narrow the list by programme (P1, P2, P3 or a key) and by any name of a partnership:

      sightline inspection list --programme P1
      sightline inspection list --partnership "Western Isles" --format json
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--programme", help="short name, code or key of a programme")
        parser.add_argument("--partnership", help="a name or code of a partnership")

    def run(self, actor: CommandLine, **options: Any) -> tuple[Listed, ...]:
        named = options["partnership"]
        found = visible_documents(
            actor,
            programme=options["programme"],
            partnership=find(named).code if named else None,
            with_drafts=True,
        )
        return listed(newest_first(found), library=library(), names=names())

    def text(self, result: tuple[Listed, ...]) -> str:
        if not result:
            return "No inspection matches."
        rows = [
            (
                row.reference,
                row.programme,
                row.kind,
                f"{row.published}{' (draft)' if row.is_draft else ''}",
                ", ".join(f"{code} {word}" for code, _, word in row.evaluations),
            )
            for row in result
        ]
        return columns(("Reference", "Programme", "Kind", "Published", "Evaluations"), rows)
