"""The overview across published inspections, from the command line."""

import json
from typing import Any

from django.core.management.base import CommandParser
from django.http import QueryDict

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand, plain
from sightline.inspections.overview_shown import FORMATS, Shown, shown
from sightline.inspections.overview_text import text_of
from sightline.kernel.errors import BadInput
from sightline.partnerships.queries import find

FILES = tuple(FORMATS)


class Command(SightlineCommand):
    """Lay published inspections side by side: evaluations, evidence, conflicts, what is not known.

    Without anything more, every published inspection is shown. Narrow it by programme, by one or
    several partnerships, by kind, by judgement or by year of publication:

        sightline overview P1
        sightline overview P1 --judgement 2.1 --judgement 2.2 --format json
        sightline overview --partnership "South Lanarkshire" --partnership Fife
        sightline overview P2 --from 2023 --format pdf --output overview.pdf

    Programmes are not added together: each looks at services for other children. What is not known
    is named and left out of every base. What overview reports state stands beside what is counted.

    With --format json the answer is one object whose fields keep their names from one version to
    the next: `shown` (what was chosen, as a sentence), `address` (the same choice as the query of
    the page), `left_out`, and `overview`, with
      summary        sentences, the most important first
      groups         one per programme: judgements (counts by word of the scale, known, expected,
                     good_or_better with value and base, highest, lowest, unknown), together, rows
                     (one per inspection, one cell per judgement), without (give no evaluation)
      evidence       one per kind: total, known (inspection by inspection), missing, stated
      conflicts      values whose sources differ: in_use and others, each with sources, confidence
      changes        evaluations beside an earlier one they can be compared with
      not_compared, unknown, reports
    """

    formats = ("text", "json", *FILES)

    def add_arguments(self, parser: CommandParser) -> None:
        """What to show, and where to put it."""
        parser.add_argument("programme", nargs="*", help="P1, P2, … or care-and-protection@1")
        parser.add_argument("--partnership", action="append", default=[], metavar="NAME")
        parser.add_argument("--kind", action="append", default=[], help="full, interim, …")
        parser.add_argument("--judgement", action="append", default=[], metavar="CODE")
        parser.add_argument("--from", dest="first", default="", metavar="YEAR")
        parser.add_argument("--to", dest="last", default="", metavar="YEAR")
        parser.add_argument("--output", default="", metavar="FILE", help="write it to a file")

    def run(self, actor: CommandLine, **options: Any) -> Shown:
        """The overview that was asked for."""
        query = QueryDict(mutable=True)
        query.setlist("programme", options["programme"])
        query.setlist("partnership", [find(name).code for name in options["partnership"]])
        query.setlist("kind", options["kind"])
        query.setlist("judgement", options["judgement"])
        query["from"], query["to"] = options["first"], options["last"]
        self.output = str(options["output"])
        if options["output_format"] in set(FILES) - {"csv"} and not self.output:
            raise BadInput("A file of this kind cannot be printed; name one with --output.")
        return shown(query)

    def text(self, result: Shown) -> str:
        """The overview as a person reads it."""
        return text_of(result)

    def show(self, result: Shown, output_format: str) -> None:
        """Print it, or write it to the file that was named."""
        if output_format in FILES:
            content = result.file(output_format)
        else:
            content = self._printed(result, output_format).encode()
        if self.output:
            target = self.write_file(self.output, content)
            self.stdout.write(f"Wrote {target} ({len(content):,} bytes).")
        else:
            self.stdout.write(content.decode("utf-8-sig"))

    def _printed(self, result: Shown, output_format: str) -> str:
        if output_format == "text":
            return self.text(result) + "\n"
        answer = {
            "shown": result.view,
            "address": result.selection.address(),
            "left_out": {"undated": result.undated, "invented": result.invented},
            "overview": result.overview,
        }
        return json.dumps(plain(answer), indent=2, ensure_ascii=False) + "\n"
