"""How long the answers to a questionnaire can be, so that all of one round are equally long."""

import json
from typing import Any, Final

from sightline.surveys.definitions import (
    CHOSEN,
    DONT_KNOW,
    PREFER_NOT,
    Item,
    QuestionnaireDefinition,
    Section,
)

STEP: Final = 512
MOST: Final = 32_768
AROUND: Final = 512
"""Bytes of what stands beside the answers: group, wave, language and the like."""

CALCULATED: Final = 40
NUMBER: Final = 24


def _length(value: Any) -> int:
    return len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


def _of_item(item: Item, questionnaire: QuestionnaireDefinition) -> int:
    """Bytes of the longest answer, its code and a comma; none for what is kept elsewhere."""
    codes = [choice.code for choice in questionnaire.options(item)]
    said = max(_length(DONT_KNOW), _length(PREFER_NOT))
    if item.kind == "note":
        return 0
    if item.kind in CHOSEN:
        said = max(said, *map(_length, codes))
    elif item.kind == "many":
        said = max(said, _length(codes))
    elif item.kind == "calculate":
        said = max(said, CALCULATED)
    else:
        said = max(said, NUMBER)
    return _length(item.code) + said + 2


def _of_section(section: Section, questionnaire: QuestionnaireDefinition) -> int:
    once = sum(_of_item(item, questionnaire) for item in section.items)
    if not section.repeat:
        return once
    return _length(section.code) + section.repeat_most * (once + 3)


_known: Final[dict[str, tuple[QuestionnaireDefinition, int]]] = {}


def longest(questionnaire: QuestionnaireDefinition) -> int:
    """Bytes that every answer to a questionnaire is filled up to.

    Where repeats would make that more than 32 KiB, 32 KiB: then longer ones are doubled.
    """
    known, size = _known.get(questionnaire.key, (None, 0))
    if known is not questionnaire:
        answers = sum(_of_section(section, questionnaire) for section in questionnaire.sections)
        asked = sum(_length(item.code) + 1 for item in questionnaire.items())
        size = min(MOST, -(-(AROUND + answers + asked) // STEP) * STEP)
        _known[questionnaire.key] = questionnaire, size
    return size
