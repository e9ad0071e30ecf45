"""Changes to a questionnaire that an area is making, as plain data in and plain data out.

Each function takes the content of a draft and gives it changed, never the one it was given. What
comes out may still lack things; `questionnaires.parse` and `faults` say so. Codes of questions and
answers stay when their words change, so that rounds can be compared; `numbered` says of each
question whether it still compares with the one it was copied from.
"""

import copy
import hashlib
import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sightline.kernel.errors import BadInput, NotFound
from sightline.surveys.definitions import QuestionnaireDefinition

Content = dict[str, Any]
LONGEST_CODE: Final = 40
MOST_ITEMS: Final = 200
MOST_CHOICES: Final = 60
_ASKED_AS: Final = ("kind", "choices", "choice_filter", "show_when", "constraint", "whole")
"""What makes a question another one, beside its words: how and of whom it is asked."""


def blank(*, code: str, title: str, audience: str, minutes: int = 10) -> Content:
    """A questionnaire with one section and one question to begin with."""
    return {
        "code": code,
        "version": 1,
        "title": title,
        "audience": audience,
        "languages": ["en"],
        "locked": False,
        "minutes": minutes,
        "introduction": {"en": "Tell people here what this is about, and why it matters."},
        "sections": [
            {
                "code": "first",
                "title": {"en": "First part"},
                "items": [
                    {"code": "q1", "kind": "text", "text": {"en": "What should change?"}},
                ],
            }
        ],
        "choices": {},
    }


def copied(
    base: QuestionnaireDefinition,
    *,
    key: str,
    code: str,
    version: int,
    title: str = "",
    locked: bool = False,
) -> Content:
    """A copy of a questionnaire: it compares with what it copies, which `key` names.

    A locked copy is for translating alone.
    """
    return plain(base) | {
        "code": code,
        "version": version,
        "title": title or base.title,
        "locked": locked,
        "comparable": list(dict.fromkeys([key, *base.comparable])),
    }


def plain(definition: QuestionnaireDefinition) -> Content:
    """A questionnaire as plain data, without what goes without saying."""
    content: Content = definition.model_dump(mode="json", exclude_defaults=True)
    always = definition.model_dump(mode="json", include={"languages", "choices", "locked"})
    return content | always


def numbered(content: Content, base: QuestionnaireDefinition | None) -> Content:
    """The content with the wording of each question beside the one of `base` it was copied from.

    A question that is asked as it was there keeps its number; one whose words, answers or base
    differ has the next. One that `base` does not have keeps what it has.
    """
    if base is None:
        return content
    content = copy.deepcopy(content)
    main, was_all = base.languages[0], plain(base)
    before = {
        item["code"]: (item, section, item.get("wording", 1)) for section, item in _each(was_all)
    }
    choices = was_all["choices"]
    for section, item in _each(content):
        if item["code"] not in before:
            continue
        was, was_in, wording = before[item["code"]]
        now = _as_asked(item, section, content["choices"], main)
        same = now == _as_asked(was, was_in, choices, main)
        item["wording"] = wording if same else wording + 1
    return content


def _each(content: Content) -> Iterator[tuple[Content, Content]]:
    return ((section, item) for section in content["sections"] for item in section["items"])


def _as_asked(
    item: Content, section: Content, choices: Mapping[str, Sequence[Content]], main: str
) -> tuple[Any, ...]:
    """What people met: the words in the main language, the answers in their order, and when."""
    options = [
        (choice["code"], choice["label"].get(main, ""), choice.get("value"))
        for choice in choices.get(item.get("choices", ""), ())
    ]
    asked_as = [item.get(name) or "" for name in _ASKED_AS if name != "choices"]
    shown = [section.get("show_when", ""), section.get("repeat", "")]
    words = [item["text"].get(main, ""), (item.get("hint") or {}).get(main, "")]
    return (words, options, asked_as, shown)


def fingerprint(part: Any) -> str:
    """A short digest of a part, by which a page knows whether somebody else changed it since."""
    text = json.dumps(part, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def question_fingerprint(content: Content, code: str) -> str:
    """The fingerprint of a question with its answers."""
    item = item_of(content, code)
    return fingerprint([item, content["choices"].get(item.get("choices", ""), [])])


# Codes.


def code_from(words: str, taken: Collection[str]) -> str:
    """A code made of words, which nothing else in `taken` has."""
    letters = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:LONGEST_CODE].strip("-")
    if not found or not found[0].isalpha():
        found = f"q-{found}".strip("-")
    number, code = 2, found
    while code in taken:
        code, number = f"{found}-{number}", number + 1
    return code


def codes_of(content: Content) -> list[str]:
    """Codes of every question and every section, which share their names in expressions."""
    sections = [section["code"] for section in content["sections"]]
    return sections + [item["code"] for _, item in _each(content)]


# Questions.


def place_of(content: Content, code: str) -> tuple[int, int]:
    """Where a question stands: number of its section, number in it, both from nought."""
    for at, section in enumerate(content["sections"]):
        for number, item in enumerate(section["items"]):
            if item["code"] == code:
                return at, number
    raise NotFound("There is no such question. Somebody may have deleted it.")


def item_of(content: Content, code: str) -> Content:
    """One question."""
    at, number = place_of(content, code)
    found: Content = content["sections"][at]["items"][number]
    return found


def with_item(content: Content, code: str, item: Content) -> Content:
    """The question replaced; its code stays."""
    content = copy.deepcopy(content)
    at, number = place_of(content, code)
    content["sections"][at]["items"][number] = {**item, "code": code}
    return content


def adding_item(content: Content, section: str, item: Content) -> Content:
    """A question more, at the end of a section."""
    content = copy.deepcopy(content)
    if sum(1 for _ in _each(content)) >= MOST_ITEMS:
        raise BadInput(f"A questionnaire has at most {MOST_ITEMS} questions.")
    found = content["sections"][_section_at(content, section)]
    found["items"].append(item)
    return content


def copying_item(content: Content, code: str) -> tuple[Content, str]:
    """A second question like it, after it, and that one's code."""
    at, number = place_of(content, code)
    content = copy.deepcopy(content)
    items = content["sections"][at]["items"]
    new = code_from(code, codes_of(content))
    items.insert(number + 1, {**copy.deepcopy(items[number]), "code": new, "wording": 1})
    return content, new


def moving_item(content: Content, code: str, *, up: bool) -> Content:
    """The question one place up or down; beyond an end of its section, into the next one.

    The last question of a section stays, since no section is empty.
    """
    at, number = place_of(content, code)
    content = copy.deepcopy(content)
    sections = content["sections"]
    items = sections[at]["items"]
    target = number + (-1 if up else 1)
    if 0 <= target < len(items):
        items.insert(target, items.pop(number))
        return content
    beside = at + (-1 if up else 1)
    if not 0 <= beside < len(sections):
        return content
    if len(items) == 1:
        raise BadInput("A section has at least one question. Add another first, or move it whole.")
    into = sections[beside]["items"]
    into.insert(len(into) if up else 0, items.pop(number))
    return content


def without_item(content: Content, code: str) -> Content:
    """The question deleted, with its section if nothing else was in it."""
    at, number = place_of(content, code)
    content = copy.deepcopy(content)
    items = content["sections"][at]["items"]
    if len(items) > 1:
        del items[number]
    elif len(content["sections"]) > 1:
        del content["sections"][at]
    else:
        raise BadInput("A questionnaire has at least one question. Change this one instead.")
    return without_unused(content)


def without_unused(content: Content) -> Content:
    """Without lists of answers that no question uses."""
    used = {item.get("choices", "") for _, item in _each(content)}
    kept = {name: options for name, options in content["choices"].items() if name in used}
    return {**content, "choices": kept}


# Sections.


def _section_at(content: Content, code: str) -> int:
    for at, section in enumerate(content["sections"]):
        if section["code"] == code:
            return at
    raise NotFound("There is no such section. Somebody may have deleted it.")


def section_of(content: Content, code: str) -> Content:
    """One section."""
    found: Content = content["sections"][_section_at(content, code)]
    return found


def with_section(content: Content, code: str, fields: Mapping[str, Any]) -> Content:
    """The section with other words; its code and questions stay."""
    content = copy.deepcopy(content)
    at = _section_at(content, code)
    before = content["sections"][at]
    content["sections"][at] = {**before, **fields, "code": code, "items": before["items"]}
    return content


def adding_section(content: Content, title: str, item: Content) -> tuple[Content, str]:
    """A section more, at the end, with its first question; and its code."""
    content = copy.deepcopy(content)
    code = code_from(title, [*codes_of(content), item["code"]])
    main = content["languages"][0]
    content["sections"].append({"code": code, "title": {main: title}, "items": [item]})
    return content, code


def moving_section(content: Content, code: str, *, up: bool) -> Content:
    """The section one place up or down; at an end it stays."""
    content = copy.deepcopy(content)
    at = _section_at(content, code)
    target = at + (-1 if up else 1)
    if 0 <= target < len(content["sections"]):
        content["sections"].insert(target, content["sections"].pop(at))
    return content


def without_section(content: Content, code: str) -> Content:
    """The section deleted with its questions."""
    content = copy.deepcopy(content)
    if len(content["sections"]) == 1:
        raise BadInput("A questionnaire has at least one section. Change this one instead.")
    del content["sections"][_section_at(content, code)]
    return without_unused(content)


# Answers to choose from.


def users_of(content: Content, name: str) -> list[str]:
    """Codes of the questions that a list of answers belongs to."""
    return [item["code"] for _, item in _each(content) if item.get("choices") == name]


def choices_from(
    labels: Sequence[str], before: Sequence[Content], main: str, *, values: bool
) -> list[Content]:
    """Answers from their words, one each: what was there with the same words stays as it was.

    A label that is new takes the place, and with it the code, of one that is gone from the same
    line, so that a word put right does not make it another answer. `values` numbers them from the
    last, 1, upwards.
    """
    if len(labels) > MOST_CHOICES:
        raise BadInput(f"A question has at most {MOST_CHOICES} answers.")
    known = {choice["label"].get(main, ""): choice for choice in before}
    gone = {at: one for at, one in enumerate(before) if one["label"].get(main, "") not in labels}
    kept = [known.get(label) for label in labels]
    taken = {choice["code"] for choice in (*kept, *gone.values()) if choice}
    found = []
    for at, (label, held) in enumerate(zip(labels, kept, strict=True)):
        choice = held
        if choice is None and at in gone and len(labels) == len(before):
            choice = {**gone[at], "label": {main: label}}
        if choice is None:
            choice = {"code": code_from(label, taken), "label": {main: label}}
        taken.add(choice["code"])
        found.append(choice)
    return _placed(found, before) if values else found


def _placed(choices: Sequence[Content], before: Sequence[Content]) -> list[Content]:
    """Answers with their places on a scale: 1 is the last, unless before it was the first."""
    if [one["code"] for one in choices] == [one["code"] for one in before] and all(
        one.get("value") is not None for one in choices
    ):
        return list(choices)
    ends = [one.get("value") or 0 for one in (*before[:1], *before[-1:])]
    upwards = 0 not in ends and len(before) > 1 and ends[0] < ends[-1]
    return [
        {**one, "value": at + 1 if upwards else len(choices) - at} for at, one in enumerate(choices)
    ]


def with_choices(content: Content, name: str, choices: Sequence[Content]) -> Content:
    """A list of answers replaced, or added."""
    return {**copy.deepcopy(content), "choices": {**content["choices"], name: list(choices)}}


def new_list(content: Content, code: str) -> str:
    """A name for the answers of one question."""
    return code_from(code, content["choices"])


# Languages.


@dataclass(frozen=True)
class Text:
    """A text to put into other languages: its key, where it stands in words, what it says."""

    key: str
    where: str
    said: Mapping[str, str]


def texts(content: Content) -> Iterator[Text]:
    """Every text, in the order people meet them."""
    yield Text("introduction", "Introduction", content["introduction"])
    for number, section in enumerate(content["sections"], 1):
        yield from _texts(section, f"section:{section['code']}", f"Section {number}", _OF_SECTION)
        for item in section["items"]:
            where = f"Question {item['code']}"
            yield from _texts(item, f"item:{item['code']}", where, _OF_ITEM)
    for name, options in content["choices"].items():
        for choice in options:
            yield Text(f"choice:{name}:{choice['code']}", f"Answer, {name}", choice["label"])


_OF_SECTION: Final = {"title": "title", "notice": "notice"}
_OF_ITEM: Final = {"text": "", "hint": "hint", "constraint_message": "message"}


def _texts(part: Content, key: str, where: str, names: Mapping[str, str]) -> Iterator[Text]:
    for name, words in names.items():
        if said := part.get(name):
            yield Text(f"{key}:{name}", f"{where}, {words}" if words else where, said)


def gaps(content: Content, language: str) -> int:
    """How many texts there are not in a language."""
    return sum(1 for text in texts(content) if not text.said.get(language))


def translated(content: Content, language: str, said: Mapping[str, str]) -> Content:
    """The texts in a language, by key; an empty one is taken out. The main language stays."""
    if language == content["languages"][0]:
        raise BadInput("The main language is changed where the questions are.")
    content = copy.deepcopy(content)
    if language not in content["languages"]:
        content["languages"].append(language)
    by_key = {text.key: text.said for text in texts(content)}
    for key, words in said.items():
        held: Any = by_key.get(key)
        if held is None:
            continue
        if words.strip():
            held[language] = " ".join(words.split())
        else:
            held.pop(language, None)
    return content


def without_language(content: Content, language: str) -> Content:
    """Every text without a language, which may not be the main one."""
    if language == content["languages"][0]:
        raise BadInput("The main language stays.")
    content = copy.deepcopy(content)
    content["languages"] = [one for one in content["languages"] if one != language]
    for text in texts(content):
        held: Any = text.said
        held.pop(language, None)
    return content
