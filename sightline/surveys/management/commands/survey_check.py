"""`sightline survey check`."""

from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand, columns
from sightline.kernel import plain_yaml
from sightline.kernel.errors import BadDefinition, BadInput
from sightline.surveys import questionnaires
from sightline.surveys.definitions import QuestionnaireDefinition
from sightline.surveys.questionnaires import Advice, Reading


@dataclass(frozen=True)
class Checked:
    """What is wrong with a questionnaire, what could be better, and how hard it is to read."""

    key: str
    questions: int
    faults: tuple[str, ...]
    advice: tuple[Advice, ...]
    whole: Reading | None
    readings: tuple[Reading, ...]


class Command(SightlineCommand):
    """Check questionnaires: what is wrong, what could be better, how hard they are to read.

    Takes keys of questionnaires, shipped or of an area, or files: a definition (.yaml) or a form of
    ODK or Kobo (.xlsx). Without any, all shipped ones are checked. Advice stops nobody; the exit
    status is not 0 where there are faults:

      sightline survey check
      sightline survey check staff@1 strathgarry/local-staff@2
      sightline survey check my-questions.yaml form.xlsx --format json
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", nargs="*", metavar="KEY|FILE", help="shipped ones if left out")
        parser.add_argument("--all", action="store_true", help="the reading of every question")

    def run(self, actor: CommandLine, **options: Any) -> tuple[Checked, ...]:
        self.every = bool(options["all"])
        found = [_found(one) for one in options["what"]] or list(questionnaires.shipped())
        return tuple(_checked(one) for one in found)

    def show(self, result: tuple[Checked, ...], output_format: str) -> None:
        super().show(result, output_format)
        if any(one.faults for one in result):
            raise SystemExit(BadDefinition.status)

    def text(self, result: tuple[Checked, ...]) -> str:
        return "\n\n".join("\n".join(self._lines(one)) for one in result)

    def _lines(self, one: Checked) -> Iterator[str]:
        wrong = f"{len(one.faults)} to put right" if one.faults else "nothing is wrong"
        yield f"{one.key}: {one.questions} questions, {wrong}."
        if one.whole:
            yield (
                f"Together it reads at about age {one.whole.age} "
                f"(school years {one.whole.school_years}, at most {one.whole.limit} wanted; "
                f"longest sentence {one.whole.longest_sentence} words)."
            )
        yield from (f"  fault: {fault}" for fault in one.faults)
        yield from (f"  advice: {advice.item}: {advice.what}" for advice in one.advice)
        if self.every:
            rows = [
                (r.item or "introduction", r.words, r.longest_sentence, r.school_years, r.age)
                for r in one.readings
            ]
            head = ("Question", "Words", "Longest sentence", "School years", "Age")
            yield columns(head, rows)


def _found(what: str) -> QuestionnaireDefinition:
    """The questionnaire of a key or in a file."""
    if not what.endswith((".yaml", ".yml", ".xlsx")):
        return questionnaires.questionnaire(what)
    path = Path(what)
    if not path.is_file():
        raise BadInput(f"{what} is not there. Name a file, or the key of a questionnaire.")
    if path.suffix == ".xlsx":
        from sightline.surveys.xlsform import importing

        return importing.import_form(path.read_bytes(), path.name).definition
    return questionnaires.parse(plain_yaml.read(path), path.name)


def _checked(one: QuestionnaireDefinition) -> Checked:
    return Checked(
        one.key,
        sum(item.kind not in {"note", "calculate"} for item in one.items()),
        tuple(map(str, questionnaires.faults(one))),
        questionnaires.lint(one),
        questionnaires.reading(one),
        questionnaires.readings(one),
    )
