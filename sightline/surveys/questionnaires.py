"""Where a questionnaire is found by its key, and everything that is wrong with one.

`parse` gives a definition or `Faults`; `faults` looks across the definition (names, expressions,
languages); `lint` gives advice that stops nobody. Keys are `staff@1` for a shipped questionnaire
and `<area>/<code>@<version>` for one that an area made.
"""

from functools import lru_cache
from typing import Any

from sightline.kernel.definitions import parse_definition
from sightline.kernel.errors import Fault, NotFound
from sightline.surveys import checks, wording
from sightline.surveys.definitions import QuestionnaireDefinition, registry
from sightline.surveys.wording import Advice, Reading

__all__ = [
    "Advice", "Reading", "faults", "lint", "parse", "questionnaire", "reading", "readings",
    "shipped",
]  # fmt: skip


def questionnaire(key: str) -> QuestionnaireDefinition:
    """The questionnaire with a key, shipped or of an area; `NotFound` for none.

    A released one is read once, since it never changes; a draft is read every time.
    """
    if "/" not in key:
        return registry().get(key)
    return _released(key) or _read(key, released=False)


def shipped() -> tuple[QuestionnaireDefinition, ...]:
    """The questionnaires that come with the product, by code and version."""
    return tuple(sorted(registry(), key=lambda one: (one.code, one.version)))


def parse(data: Any, name: str) -> QuestionnaireDefinition:
    """Plain data as a questionnaire; raises `Faults` that list everything wrong with its shape."""
    return parse_definition(QuestionnaireDefinition, data, name=name)


def faults(definition: QuestionnaireDefinition) -> tuple[Fault, ...]:
    """Everything that keeps a questionnaire from being released."""
    return tuple(checks.faults(definition))


def lint(definition: QuestionnaireDefinition) -> tuple[Advice, ...]:
    """Advice on wording and choices; it stops nobody."""
    return tuple(wording.lint(definition))


def reading(definition: QuestionnaireDefinition) -> Reading | None:
    """How hard all its English is to read together; None where there is none."""
    return wording.whole(definition)


def readings(definition: QuestionnaireDefinition) -> tuple[Reading, ...]:
    """How hard each question, notice and the introduction are to read, in English."""
    return wording.readings(definition)


def _read(key: str, *, released: bool) -> QuestionnaireDefinition:
    from sightline.surveys.models import Questionnaire

    area, _, rest = key.partition("/")
    code, _, version = rest.partition("@")
    rows = Questionnaire.objects.filter(area=area, code=code)
    if released:
        rows = rows.filter(state=Questionnaire.State.RELEASED)
    number = int(version) if version.isascii() and version.isdecimal() and len(version) < 7 else 0  # noqa: PLR2004
    row = rows.filter(version=number).first()
    if row is None:
        raise NotFound(f"There is no questionnaire {key}.")
    return parse(row.content, key)


@lru_cache(maxsize=128)
def _kept(key: str) -> QuestionnaireDefinition:
    return _read(key, released=True)


def _released(key: str) -> QuestionnaireDefinition | None:
    try:
        return _kept(key)
    except NotFound:
        return None
