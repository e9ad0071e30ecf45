"""`sightline reference status`."""

from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand, columns
from sightline.partnerships import places


class Command(SightlineCommand):
    """Say which published data about places is loaded, of which vintage, and what is missing.

      sightline reference status

    A vintage or version that is not in the list needs a definition first: copy the nearest file of
    definitions/reference.
    """

    def run(self, actor: CommandLine, **options: Any) -> list[dict[str, Any]]:
        return [
            {
                "dataset": held.dataset.code,
                "title": held.dataset.title,
                "vintage": held.dataset.vintage,
                "geography": held.dataset.geography,
                "source": held.dataset.publisher,
                "licence": held.dataset.licence,
                "status": held.dataset.status,
                "loaded": held.load is not None,
                "rows": held.load.rows if held.load else 0,
                "file": held.load.file_name if held.load else "",
                "loaded_on": str(held.load.loaded_at.date()) if held.load else "",
                "get": held.dataset.get,
            }
            for held in places.held()
        ]

    def text(self, result: list[dict[str, Any]]) -> str:
        rows = [
            (
                one["dataset"],
                one["vintage"],
                f"{one['rows']:,}" if one["loaded"] else "missing",
                one["loaded_on"] or "-",
                one["source"],
            )
            for one in result
        ]
        lines = [columns(("Dataset", "Vintage", "Rows", "Loaded on", "Source"), rows)]
        lines += [
            f"Missing: {one['title']}. {one['get'] or one['source']}; then `sightline reference "
            "load FILE`."
            for one in result
            if not one["loaded"]
        ]
        return "\n".join(lines)
