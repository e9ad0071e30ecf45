"""What is wrong with a questionnaire, and what could be better."""

from collections.abc import Iterator
from dataclasses import dataclass

from sightline.kernel.errors import Fault
from sightline.surveys.definitions import QuestionnaireDefinition


@dataclass(frozen=True)
class Advice:
    """One thing that could be better: the item's code, and what, in words."""

    item: str
    what: str


def faults(definition: QuestionnaireDefinition) -> Iterator[Fault]:
    """Everything wrong across the definition."""
    return iter(())


def lint(definition: QuestionnaireDefinition) -> Iterator[Advice]:
    """Advice."""
    return iter(())
