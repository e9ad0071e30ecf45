"""`sightline framework list`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand, columns
from sightline.framework import presenters, queries


class Command(SightlineCommand):
    """List the editions of the framework and the programmes, or the indicators of one edition.

    Titles that are not confirmed say so. Corrected titles are shown in place of the released ones.

      sightline framework list
      sightline framework list children-3
      sightline framework list children@3 --format json
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("edition", nargs="?", help="an edition, such as children-3")

    def run(self, actor: CommandLine, **options: Any) -> dict[str, Any]:
        if options["edition"]:
            framework = queries.framework_at(options["edition"])
            titles = queries.titles_of(framework.key)
            return {"edition": framework.key, "indicators": list(titles.values())}
        library = queries.corrected_library()
        return {
            "editions": [
                {
                    "key": row.framework.key,
                    "title": row.framework.title,
                    "edition": row.framework.edition,
                    "published": row.framework.published,
                    "indicators": row.indicators,
                    "confirmed": row.confirmed,
                }
                for row in presenters.edition_rows(library)
            ],
            "programmes": [
                {
                    "key": programme.key,
                    "short": programme.short,
                    "title": programme.title,
                    "years": programme.years,
                    "framework": programme.framework,
                    "frame": f"{len(programme.frame.items)} {programme.frame.plural}",
                    "evaluated": [judgement.code for judgement in programme.graded],
                    "weeks": programme.weeks,
                }
                for programme in presenters.programmes_in_order(library)
            ],
        }

    def text(self, result: dict[str, Any]) -> str:
        if "indicators" in result:
            rows = [(t.code, t.title, t.status_words) for t in result["indicators"]]
            return columns(("Code", f"Indicators of {result['edition']}", "How sure"), rows)
        editions = columns(
            ("Edition", "Published", "Titles confirmed", ""),
            [
                (e["key"], e["published"], f"{e['confirmed']} of {e['indicators']}", e["edition"])
                for e in result["editions"]
            ],
        )
        programmes = columns(
            ("", "Programme", "Edition", "Findings by", "Evaluated", "Title"),
            [
                (
                    p["short"],
                    p["key"],
                    p["framework"],
                    p["frame"],
                    " ".join(p["evaluated"]),
                    p["title"],
                )
                for p in result["programmes"]
            ],
        )  # fmt: skip
        return f"{editions}\n\n{programmes}"
