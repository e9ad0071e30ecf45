"""`sightline access review`."""

from typing import Any

from django.core.management.base import CommandParser

from sightline.access import review_presenters, review_queries
from sightline.access.actors import CommandLine
from sightline.access.review_presenters import ReviewRow
from sightline.design.console import SightlineCommand, columns

SHOWS = ("due", "away", "ending", "factor", "all")


class Command(SightlineCommand):
    """List the roles whose review is due, with what there is to notice about each.

    Reviewing itself is done on the page /admin/access/. Other lists: away (not signed in for 60
    days), ending (within 30 days), factor (no second factor where one is asked for), all.

        sightline access review
        sightline access review --show away --format json
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which."""
        parser.add_argument("--show", default="due", choices=SHOWS, help="which roles to list")

    def run(self, actor: CommandLine, **options: Any) -> tuple[ReviewRow, ...]:
        """The roles."""
        show = "" if options["show"] == "all" else options["show"]
        return review_presenters.rows(review_queries.to_review(show=show))

    def text(self, result: tuple[ReviewRow, ...]) -> str:
        """A line for each role."""
        if not result:
            return "Nothing matches."
        rows = [(row.name, row.role, row.where, "; ".join(row.notices)) for row in result]
        return columns(("Name", "Role", "Where", "To notice"), rows)
