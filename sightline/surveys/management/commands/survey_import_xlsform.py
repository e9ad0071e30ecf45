"""`sightline survey import-xlsform`."""

from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.kernel.errors import BadInput
from sightline.surveys.definitions import AUDIENCES
from sightline.surveys.xlsform.notices import Kind, Notice, as_data


@dataclass(frozen=True)
class Read:
    """What came of a form.

    `kept` is where it was written or the survey that was begun; empty where it was only looked at.
    """

    key: str
    title: str
    languages: tuple[str, ...]
    questions: int
    answerable: bool
    notices: tuple[Notice, ...]
    kept: str = ""


class Command(SightlineCommand):
    """Read a form of ODK or Kobo (XLSForm), and say by row what is not taken over.

    By itself it only looks. `--to` writes the questionnaire as a definition file; `--area` begins a
    survey with it in an area, as a draft:

      sightline survey import-xlsform form.xlsx
      sightline survey import-xlsform form.xlsx --audience staff --to local-staff@1.yaml
      sightline survey import-xlsform form.xlsx --audience child --area strathgarry
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="an Excel workbook (.xlsx)")
        parser.add_argument("--audience", choices=AUDIENCES, default="anyone")
        parser.add_argument("--to", metavar="FILE", help="write the questionnaire, as YAML")
        parser.add_argument("--area", help="begin a survey in this area")
        parser.add_argument("--title", help="of the survey; the form's if left out")

    def run(self, actor: CommandLine, **options: Any) -> Read:
        from sightline.surveys.services import building
        from sightline.surveys.xlsform import importing

        path = Path(options["file"])
        if not path.is_file():
            raise BadInput(f"{path} is not there. Name an Excel workbook (.xlsx).")
        form = importing.import_form(path.read_bytes(), path.name, audience=options["audience"])
        kept = ""
        if options["to"]:
            kept = str(self.write_file(options["to"], _as_yaml(form.content)))
        if options["area"]:
            survey = building.start_survey(
                actor=actor,
                area=options["area"],
                title=options["title"] or form.definition.title,
                start=building.Start(content=form.content, unsupported=as_data(form.notices)),
            )
            kept = f"{survey.area}/{survey.slug}"
        one = form.definition
        return Read(
            one.key, one.title, tuple(one.languages),
            sum(item.kind not in {"note", "calculate"} for item in one.items()),
            form.answerable, form.notices, kept,
        )  # fmt: skip

    def text(self, result: Read) -> str:
        said = "Imported." if result.answerable else "Imported, not answerable."
        lines = [
            f"{said} {result.title} ({result.key}): {result.questions} questions in "
            f"{', '.join(result.languages)}."
        ]
        for kind in Kind:
            found = [notice for notice in result.notices if notice.kind is kind]
            lines += [f"{kind.words}:", *(f"  {notice}" for notice in found)] if found else []
        lines += [f"Kept as {result.kept}."] if result.kept else []
        return "\n".join(lines)


class _Plain(yaml.SafeDumper):
    """Without anchors and aliases, which definition files never have."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _as_yaml(content: dict[str, Any]) -> bytes:
    written: str = yaml.dump(content, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100)
    return written.encode()
