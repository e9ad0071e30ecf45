"""`sightline survey export-xlsform`."""

from argparse import ArgumentParser
from dataclasses import dataclass
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.surveys import questionnaires


@dataclass(frozen=True)
class Written:
    """Where a form was written, and how large it is."""

    key: str
    file: str
    size: int


class Command(SightlineCommand):
    """Write a questionnaire as a form that opens in Kobo and ODK (XLSForm).

    Imported again it is the same questionnaire. “I don't know” and “I don't want to say” become
    answers of the questions that choose from a list:

      sightline survey export-xlsform staff@1
      sightline survey export-xlsform strathgarry/local-staff@2 --to local-staff.xlsx
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("key", help="such as staff@1, or of an area strathgarry/local-staff@2")
        parser.add_argument("--to", metavar="FILE", help="its key with .xlsx if left out")

    def run(self, actor: CommandLine, **options: Any) -> Written:
        from sightline.surveys.xlsform import exporting

        definition = questionnaires.questionnaire(options["key"])
        content = exporting.export_form(definition)
        target = options["to"] or f"{definition.key}.xlsx"
        return Written(options["key"], str(self.write_file(target, content)), len(content))

    def text(self, result: Written) -> str:
        return f"{result.key} is written to {result.file} ({result.size:,} bytes)."
