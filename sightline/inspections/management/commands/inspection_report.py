"""One inspection's report as a file."""

import json
from typing import Any

from django.core.management.base import CommandParser

from sightline.access.actors import CommandLine
from sightline.access.enums import Permission
from sightline.design.console import SightlineCommand, plain
from sightline.design.documents import Document, to_html
from sightline.inspections import permissions
from sightline.inspections.report_shown import FORMATS, file_of, shown_report, whole_report
from sightline.kernel.errors import BadInput


class Command(SightlineCommand):
    """Write one inspection out as a report, in its own programme's order and words.

        sightline inspection report south-lanarkshire-2020 --format pdf --output report.pdf
        sightline inspection report north-lanarkshire-2023 --format docx --output report.docx
        sightline inspection report south-lanarkshire-2020 --format json

    The report is Sightline's structured record, not the published report itself: facts, figures and
    official titles are taken over, findings are in our own words with their place in the source.

    A section with nothing in it is an error, and every one is named; nothing is written. With
    --partial the report is written without those sections, and says at its head which are missing.

    `--format html` gives the body of a page; `--format json` the document's blocks, in order.
    """

    formats = ("json", "html", *FORMATS)

    def add_arguments(self, parser: CommandParser) -> None:
        """Which inspection, and where to put the report."""
        parser.add_argument("reference", help="for example south-lanarkshire-2020")
        parser.add_argument("--output", default="", metavar="FILE", help="write it to a file")
        parser.add_argument("--partial", action="store_true", help="leave out what is missing")

    def run(self, actor: CommandLine, **options: Any) -> Document:
        """The report."""
        self.output = str(options["output"])
        if options["output_format"] in FORMATS and not self.output:
            raise BadInput("A file of this kind cannot be printed; name one with --output.")
        found = permissions.get_inspection_for(
            actor, options["reference"], Permission.PUBLISHED_VIEW
        )
        return shown_report(found).document if options["partial"] else whole_report(found)

    def show(self, result: Document, output_format: str) -> None:
        """Print it, or write it to the file that was named."""
        if output_format in FORMATS:
            content = file_of(result, output_format)
        else:
            content = self._printed(result, output_format).encode()
        if self.output:
            target = self.write_file(self.output, content)
            self.stdout.write(f"Wrote {target} ({len(content):,} bytes).")
        else:
            self.stdout.write(content.decode())

    @staticmethod
    def _printed(result: Document, output_format: str) -> str:
        if output_format == "html":
            return f"{to_html(result)}\n"
        blocks = [{"kind": type(block).__name__.lower(), **plain(block)} for block in result.blocks]
        answer = {**plain(result), "blocks": blocks}
        return json.dumps(answer, indent=2, ensure_ascii=False) + "\n"
