"""Answers of sections and of a whole reading, put together and compared. Pure.

One shape everywhere (`templates.Answers`); a part without anything in it is an empty mapping.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

from sightline.record_reading.asking import FLAGS, Answers, Value
from sightline.record_reading.definitions import Item, TemplateDefinition

PARTS: Final = ("values", "whys", "flags")
BETWEEN: Final = "\n\n"


def kept_text(text: str) -> str:
    """A text as it is stored while it is written: every character, line ends as `\\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def normal(answers: Mapping[str, Any]) -> Answers:
    """The three parts, without anything that is empty."""
    parts = {
        part: {code: value for code, value in (answers.get(part) or {}).items() if _is_there(value)}
        for part in PARTS
    }
    return cast(Answers, parts)


def _is_there(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def merged(sections: Iterable[Mapping[str, Any]]) -> Answers:
    """The answers of a whole reading out of its sections, in the order of the template.

    What was flagged in several sections is joined, a blank line between.
    """
    whole: dict[str, dict[str, Any]] = {part: {} for part in PARTS}
    for section in map(normal, sections):
        whole["values"] |= section["values"]
        whole["whys"] |= section["whys"]
        for flag, text in section["flags"].items():
            before = whole["flags"].get(flag)
            whole["flags"][flag] = f"{before}{BETWEEN}{text}" if before else text
    return cast(Answers, whole)


def carried(before: Mapping[str, Any], sent: Mapping[str, Any], shown: Iterable[str]) -> Answers:
    """What was sent, with the answers before it to questions that the page did not show.

    So an answer that another takes out of the page is there again when that one is changed back.
    """
    on_page = set(shown)
    old, new = normal(before), normal(sent)
    parts: dict[str, Mapping[str, Any]] = {
        part: {code: value for code, value in old[part].items() if code not in on_page} | new[part]
        for part in ("values", "whys")
    }
    return cast(Answers, {**parts, "flags": new["flags"]})


def joined(
    template: TemplateDefinition, first: Mapping[str, Any], second: Mapping[str, Any]
) -> Answers:
    """Two versions of a section as one, without losing a word of either.

    Texts that differ follow each other; of several choices all stay; where one answer only can be
    chosen and both chose, the second's stays.
    """
    one, other = normal(first), normal(second)
    items = {item.code: item for item in template.items()}
    values = dict(one["values"])
    for code, value in other["values"].items():
        values[code] = _one_value(items.get(code), values.get(code), value)
    return {
        "values": values,
        "whys": _one_text(one["whys"], other["whys"]),
        "flags": _one_text(one["flags"], other["flags"]),
    }


def _one_value(item: Item | None, first: Value | None, second: Value) -> Value:
    if isinstance(first, dict) and isinstance(second, dict):
        return first | second
    if isinstance(first, list) and isinstance(second, list):
        return [*first, *(code for code in second if code not in first)]
    if item is not None and item.kind == "text" and first is not None:
        return _both(str(first), str(second))
    return second


def _one_text(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    return {code: _both(first.get(code, ""), second.get(code, "")) for code in {**first, **second}}


def _both(first: str, second: str) -> str:
    """Both texts; one alone where it is the same as the other, or holds it already."""
    if not first or first in second:
        return second
    if not second or second in first:
        return first
    return f"{first}{BETWEEN}{second}"


def texts(template: TemplateDefinition, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Everything written in words, with what it stands under, in the order of the form."""
    own = normal(answers)
    found: list[tuple[str, str]] = []
    for item in template.items():
        value = own["values"].get(item.code)
        if item.kind == "text" and isinstance(value, str):
            found.append((item.short, value))
        if item.code in own["whys"]:
            found.append((f"Why: {item.short}", own["whys"][item.code]))
    return found + [
        (FLAG_LABELS[flag], own["flags"][flag]) for flag in FLAGS if flag in own["flags"]
    ]


FLAG_LABELS: Final[Mapping[str, str]] = {
    "strengths": "Strengths",
    "concerns": "Concerns",
    "good-practice": "Good practice to share",
}
