"""Everything that keeps a questionnaire from being released: names, lists, expressions, languages.

Each fault says where it is in the words of the form: the code of a question, section or list. What
a question refers to must come before it, because pages are asked in order and nobody is led back.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from sightline.kernel.errors import Fault
from sightline.surveys import expressions, flow
from sightline.surveys.definitions import (
    CHOSEN,
    Choice,
    Item,
    QuestionnaireDefinition,
    Section,
    Texts,
)
from sightline.surveys.expressions import BadExpression

MOST_ITEMS: Final = 500
MOST_OPTIONS: Final = 5_000
LONGEST_WORDS: Final = 4_000
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
COLUMNS: Final = frozenset({"name", "label", "list_name", "sightline"})
"""What a filter of choices may look at in every list, or what a form's sheet keeps to itself."""
_RESERVED: Final = frozenset({"meta", "instanceID", "instanceName"})
_FILTERED: Final = ("name", "label")
_WITH_CHOICES: Final = CHOSEN | {"many"}
_ADULTS: Final = frozenset({"staff", "anyone"})


def faults(definition: QuestionnaireDefinition) -> Iterator[Fault]:
    """Each thing that is wrong, in the order of the form; of one that is too large, only that."""
    too_large = tuple(_sizes(definition))
    if too_large:
        yield from too_large
        return
    yield from _languages(definition)
    yield from _codes(definition)
    yield from _texts(definition, "the introduction", definition.introduction)
    for name, choices in definition.choices.items():
        yield from _list(definition, name, choices)
    known: set[str] = set()
    for section in definition.sections:
        yield from _section(definition, section, known)


def _languages(definition: QuestionnaireDefinition) -> Iterator[Fault]:
    if not definition.languages:
        yield Fault("languages", "there is none.", "Name at least one, such as en.")
    for code, times in Counter(definition.languages).items():
        if times > 1:
            yield Fault("languages", f"{code} is named twice.", "Keep one.")
        if not _LANGUAGE.fullmatch(code):
            yield Fault("languages", f"“{code}” is no code of a language.", "Write en, gd or pl.")


def _codes(definition: QuestionnaireDefinition) -> Iterator[Fault]:
    items = list(definition.items())
    codes = [item.code for item in items] + [section.code for section in definition.sections]
    seen: set[str] = set()
    for code in codes:
        if code in _RESERVED:
            yield Fault(code, "forms keep this code for themselves.", "Choose another.")
        if code.casefold() in seen:
            yield Fault(code, "a question or section has this code already.", "Choose another.")
        seen.add(code.casefold())
    if all(item.kind in flow.SILENT for item in items):
        yield Fault("sections", "nothing in it is asked.", "Add a question.")


def _sizes(definition: QuestionnaireDefinition) -> Iterator[Fault]:
    items = sum(len(section.items) for section in definition.sections)
    options = sum(len(one) for one in definition.choices.values())
    if items > MOST_ITEMS:
        yield Fault("sections", f"there are {items:,} questions.", f"Keep to {MOST_ITEMS}.")
    if options > MOST_OPTIONS:
        yield Fault("choices", f"there are {options:,} answers.", f"Keep to {MOST_OPTIONS:,}.")


def _texts(
    definition: QuestionnaireDefinition, where: str, texts: Texts, *, needed: bool = True
) -> Iterator[Fault]:
    """Gaps between languages, languages that there are not, and texts too long or broken."""
    if texts or needed:
        for language in definition.languages:
            if language not in texts:
                yield Fault(where, f"it has no text in {language}.", "Write one, or drop it.")
    for language, text in texts.items():
        if language not in definition.languages:
            yield Fault(where, f"it has a text in {language}, which the form is not in.")
        if len(text) > LONGEST_WORDS:
            yield Fault(where, f"its text has {len(text):,} characters.", "Shorten it.")
        if flow.clean_text(text) != text:
            yield Fault(where, f"its text in {language} holds control characters.", "Type it anew.")


def _list(
    definition: QuestionnaireDefinition, name: str, choices: tuple[Choice, ...]
) -> Iterator[Fault]:
    where = f"list {name}"
    if not _NAME.fullmatch(name):
        yield Fault(where, "the name of a list is letters, digits, - and _.", "Rename it.")
    if not choices:
        yield Fault(where, "it has no answers.", "Add some.")
    filtered = all(item.choice_filter for item in definition.items() if item.choices == name)
    seen: set[tuple[str, str]] = set()
    for choice in choices:
        key = (choice.code, str(sorted(choice.filters.items())) if filtered else "")
        if key in seen:
            yield Fault(where, f"the answer {choice.code} is there twice.", "Keep one.")
        seen.add(key)
        yield from _texts(definition, f"{where}, {choice.code}", choice.label)
        for column in choice.filters:
            if column in COLUMNS or not _NAME.fullmatch(column):
                yield Fault(where, f"“{column}” cannot be a column to filter by.", "Rename it.")


def _section(
    definition: QuestionnaireDefinition, section: Section, known: set[str]
) -> Iterator[Fault]:
    """Faults of a section and its items; `known` grows by what comes after may refer to."""
    where = section.code
    yield from _texts(definition, where, section.title)
    yield from _texts(definition, where, section.notice, needed=False)
    yield from _expression(where, "show_when", section.show_when, known)
    if section.repeat_count and not section.repeat:
        yield Fault(where, "it counts turns and is asked once.", "Say what it is repeated for.")
    yield from _expression(where, "repeat_count", section.repeat_count, known)
    if section.repeat:
        known.add(section.code)
    for item in section.items:
        yield from _item(definition, section, item, known)
        known.add(item.code)


def _item(
    definition: QuestionnaireDefinition, section: Section, item: Item, known: set[str]
) -> Iterator[Fault]:
    where = item.code
    if item.kind != "calculate":
        yield from _texts(definition, where, item.text)
    yield from _texts(definition, where, item.hint, needed=False)
    yield from _texts(definition, where, item.constraint_message, needed=False)
    yield from _choices_of(definition, section, item)
    yield from _fitting(definition, item)
    yield from _expression(where, "show_when", item.show_when, known)
    yield from _expression(where, "calculation", item.calculation, known, own=True)
    yield from _expression(where, "constraint", item.constraint, known | {where}, own=True)
    columns = {name for one in definition.options(item) for name in one.filters}
    yield from _expression(
        where, "choice_filter", item.choice_filter, known, columns=columns | set(_FILTERED)
    )
    shown: list[Mapping[str, str]] = [item.text, item.hint, item.constraint_message]
    shown += [one.label for one in definition.options(item)]
    named = {code for texts in shown for text in texts.values() for code in flow.piped(text)}
    for code in sorted(named - known - {where}):
        yield Fault(where, f"its text shows ${{{code}}}, which is not asked before it.")


def _choices_of(
    definition: QuestionnaireDefinition, section: Section, item: Item
) -> Iterator[Fault]:
    where, offered = item.code, definition.options(item)
    if item.kind not in _WITH_CHOICES:
        if item.choices:
            yield Fault(where, f"a question of the kind {item.kind} has no list of answers.")
        if item.choice_filter:
            yield Fault(where, "there are no answers for its filter.", "Take the filter out.")
    elif not item.choices:
        yield Fault(where, "it has no answers to choose from.", "Name a list of answers.")
    elif item.choices not in definition.choices:
        yield Fault(where, f"there is no list {item.choices}.", "Add the list of answers.")
    if item.kind in {"scale", "frequency"} and any(one.value is None for one in offered):
        yield Fault(where, "not every answer has its place on the scale.", "Give each a value.")
    codes = {one.code for one in offered}
    for name, members in item.measures.items():
        for code in sorted(set(members) - codes):
            yield Fault(where, f"“{name}” counts {code}, which is no answer to it.")
    if item.groups and (item.kind not in CHOSEN or section.repeat):
        yield Fault(
            where, "results are split by questions with one answer that are asked once.",
            "Do not split by it.",
        )  # fmt: skip


def _fitting(definition: QuestionnaireDefinition, item: Item) -> Iterator[Fault]:
    """Settings that do not go with the kind of question, or with the people it is for."""
    where = item.code
    silent = item.kind in flow.SILENT
    if silent and (item.dont_know or item.prefer_not or item.required or item.constraint):
        yield Fault(where, f"nobody answers a {item.kind}.", "Take out what is about its answer.")
    if (item.kind == "calculate") != bool(item.calculation):
        yield Fault(where, "a calculation is of the kind calculate, and only that has one.")
    if item.required and definition.audience not in _ADULTS:
        yield Fault(where, "these people may skip every question.", "Do not require an answer.")


def _expression(
    where: str,
    field: str,
    text: str,
    known: set[str],
    *,
    own: bool = False,
    columns: set[str] | None = None,
) -> Iterator[Fault]:
    if not text.strip():
        return
    try:
        expressions.check(text, names=known, columns=columns or ())
    except BadExpression as fault:
        yield Fault(where, f"{field}: {fault}")
        return
    if not own and expressions.compiled(text).own:
        yield Fault(where, f"{field}: there is no answer yet that “.” could stand for.")
