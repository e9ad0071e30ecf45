"""What is asked of somebody, page by page, and what of that which they sent is an answer.

All pure: a questionnaire, answers and a day give pages and answers. One walk through the
questionnaire, in order, stands behind all of it, so that pages, `asked` and `tidy` cannot differ.
Nothing here raises for anything that somebody posts.
"""

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sightline.surveys import expressions
from sightline.surveys.definitions import (
    CHOSEN,
    DONT_KNOW,
    PREFER_NOT,
    Choice,
    Item,
    QuestionnaireDefinition,
    Section,
    said,
)
from sightline.surveys.expressions import BadExpression
from sightline.surveys.functions import EXACT, string

Value = str | int | float | list[str]
Answers = dict[str, Any]
"""Values by item code; for a repeat, under its section's code, a list of the same for each turn."""

LONGEST_TEXT: Final = 20_000
MOST_ON_A_PAGE: Final = 5
SILENT: Final = frozenset({"note", "calculate"})
"""Kinds that nobody answers."""

REQUIRED, NOT_OFFERED, NOT_A_NUMBER, NOT_WHOLE, NOT_A_DATE, TOO_LONG, CONSTRAINT = (
    "required", "not-offered", "not-a-number", "not-whole", "not-a-date", "too-long", "constraint",
)  # fmt: skip
"""Keys of what can be wrong with an answer; the respondent site has the words for each."""


@dataclass(frozen=True)
class Page:
    """What stands together on one page.

    Attributes:
        number: from 1.
        section: where its items come from; its title and notice are shown with its first page.
        items: questions and notes, in order; never empty.
        turn: of a repeat, from 0; None in a plain section.
        of: how many pages there are as things stand.
    """

    number: int
    section: Section
    items: tuple[Item, ...]
    turn: int | None
    of: int


@dataclass(frozen=True)
class _Met:
    """One item that was come to, and whether it is asked, shown or worked out."""

    section: Section
    turn: int | None
    item: Item
    shown: bool


def pages(
    questionnaire: QuestionnaireDefinition,
    answers: Mapping[str, Any],
    *,
    one_a_page: bool,
    today: dt.date,
) -> tuple[Page, ...]:
    """The pages that are asked of somebody with these answers.

    With `one_a_page`, for children and young people, each item has a page of its own. Else a
    section is a page, parted after five questions and before one that depends on that page.
    """
    groups: list[list[_Met]] = []
    goes_on = False
    for met in _walk(questionnaire, answers, today, {}):
        if met.item.kind == "calculate":
            continue
        goes_on = goes_on and not one_a_page and _fits(groups[-1], met)
        if not met.shown:
            continue
        if goes_on:
            groups[-1].append(met)
        else:
            groups.append([met])
        goes_on = True
    return tuple(
        Page(number, group[0].section, tuple(met.item for met in group), group[0].turn, len(groups))
        for number, group in enumerate(groups, 1)
    )


def _fits(page: Sequence[_Met], met: _Met) -> bool:
    """Whether an item may stand on the page that was begun.

    One that is hidden as things stand ends the page too, if what it depends on is there: else what
    comes after it would move to another page by what is answered on this one.
    """
    if (met.section.code, met.turn) != (page[0].section.code, page[0].turn):
        return False
    here = {one.item.code for one in page if one.item.kind not in SILENT}
    full = met.shown and len(here) >= MOST_ON_A_PAGE
    return not full and not here & depends_on(met.item, met.section)


def depends_on(item: Item, section: Section) -> frozenset[str]:
    """Codes that decide whether an item is asked, what it offers or how it is worded.

    Calculations of the section are seen through to what they are worked out from.
    """
    known = section.deciding.get(item.code)
    if known is None:
        known = section.deciding[item.code] = _depends_on(item, section)
    return known


def _depends_on(item: Item, section: Section) -> frozenset[str]:
    worked_out = {one.code: one.calculation for one in section.items if one.kind == "calculate"}
    waiting = list(_named(item.show_when) | _named(item.choice_filter))
    waiting += [code for text in (*item.text.values(), *item.hint.values()) for code in piped(text)]
    named: set[str] = set()
    while waiting:
        code = waiting.pop()
        if code not in named:
            named.add(code)
            waiting += _named(worked_out.get(code, ""))
    return frozenset(named)


def _named(text: str) -> frozenset[str]:
    try:
        return expressions.references(text)
    except BadExpression:
        return frozenset()


def asked(
    questionnaire: QuestionnaireDefinition, answers: Mapping[str, Any], today: dt.date
) -> tuple[str, ...]:
    """Codes of the questions that were asked, in order, each once; no notes or calculations."""
    found = (met.item for met in _walk(questionnaire, answers, today, {}) if met.shown)
    return tuple(dict.fromkeys(item.code for item in found if item.kind not in SILENT))


def tidy(
    questionnaire: QuestionnaireDefinition, answers: Mapping[str, Any], today: dt.date
) -> Answers:
    """Only what is an answer to something that was asked, with calculations filled in.

    Answers to questions not asked, codes and options that are not there, and what is no answer of
    its kind are left out; texts lose control characters and all beyond 20,000 characters.
    """
    clean: Answers = {}
    for _ in _walk(questionnaire, answers, today, clean):
        pass
    return clean


def accept(
    item: Item,
    posted: Sequence[str],
    questionnaire: QuestionnaireDefinition,
    answers: Mapping[str, Any],
    today: dt.date,
) -> tuple[Value | None, str]:
    """One posted answer: its value, or None if it was skipped, and the key of what is wrong.

    `posted` is as the form sent it: of a date, one text or day, month and year. `answers` are those
    known already; of a repeat, `within` the turn.
    """
    given = [clean_text(one) for one in posted if isinstance(one, str)]
    filled = [one for one in given if one]
    marks = [one for one in filled if one in _marks(item)]
    rest = [one for one in filled if one not in {DONT_KNOW, PREFER_NOT}]
    if item.kind in SILENT:
        return None, ""
    if not rest and marks:
        return marks[0], ""
    if not filled:
        needed = item.required and questionnaire.audience in {"staff", "anyone"}
        return None, REQUIRED if needed else ""
    if not rest:
        return None, NOT_OFFERED
    value, wrong = _read(
        item, given if item.kind == "date" else rest, questionnaire, answers, today
    )
    if wrong or value is None:
        return None, wrong or NOT_OFFERED
    if not _met(item.constraint, answers, today, own=value):
        return None, CONSTRAINT
    return value, ""


def options(
    questionnaire: QuestionnaireDefinition, item: Item, answers: Mapping[str, Any], today: dt.date
) -> tuple[Choice, ...]:
    """What an item offers, given the answers so far; each code once."""
    offered = questionnaire.options(item)
    if not item.choice_filter:
        return offered
    found: dict[str, Choice] = {}
    for choice in offered:
        label = filled(said(choice.label, ""), questionnaire, answers, "")
        columns = {**choice.filters, "name": choice.code, "label": label}
        if _met(item.choice_filter, answers, today, columns=columns):
            found.setdefault(choice.code, choice)
    return tuple(found.values())


def within(answers: Mapping[str, Any], section: Section, turn: int | None) -> Mapping[str, Any]:
    """The answers as an item of a repeat sees them: those of its own turn before all others."""
    if turn is None:
        return answers
    return {**answers, **_turn(answers, section, turn)}


def piped(text: str) -> tuple[str, ...]:
    """Codes that a text for people holds as `${code}`, to be filled in."""
    return tuple(match[1] for match in _PIPED.finditer(text))


def filled(
    text: str, questionnaire: QuestionnaireDefinition, answers: Mapping[str, Any], language: str
) -> str:
    """A text for people with `${code}` replaced by the answer, options by their labels."""
    return _PIPED.sub(lambda match: _shown(match[1], questionnaire, answers, language), text)


_PIPED: Final = re.compile(r"\$\{\s*([A-Za-z_][\w.-]*)\s*\}")


def _shown(
    code: str, questionnaire: QuestionnaireDefinition, answers: Mapping[str, Any], language: str
) -> str:
    value = answers.get(code, "")
    if value in (DONT_KNOW, PREFER_NOT) or isinstance(value, Mapping):
        return ""
    labels = labels_of(questionnaire, language).get(code, {})
    each = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(str(one), str(one)) for one in each if not isinstance(one, Mapping))


def labels_of(questionnaire: QuestionnaireDefinition, language: str) -> dict[str, dict[str, str]]:
    """Labels by option by item, in a language."""
    main = questionnaire.languages[0]
    return {
        item.code: {
            one.code: said(one.label, language, main) for one in questionnaire.options(item)
        }
        for item in questionnaire.items()
        if item.choices in questionnaire.choices
    }


# The walk


def _walk(
    questionnaire: QuestionnaireDefinition,
    answers: Mapping[str, Any],
    today: dt.date,
    clean: Answers,
) -> Iterator[_Met]:
    """Every item that is come to, in order; `clean` is filled with the answers on the way."""
    for section in questionnaire.sections:
        if not _met(section.show_when, clean, today):
            continue
        if not section.repeat:
            yield from _items(questionnaire, section, None, answers, clean, clean, today)
            continue
        done: list[Answers] = []
        for turn in range(turns(section, answers, clean, today)):
            one: Answers = {}
            given = _turn(answers, section, turn)
            before = {**clean, section.code: list(done)}
            yield from _items(questionnaire, section, turn, given, one, before, today)
            done.append(one)
        if isinstance(answers.get(section.code), list) and answers[section.code]:
            clean[section.code] = done


def _items(
    questionnaire: QuestionnaireDefinition,
    section: Section,
    turn: int | None,
    given: Mapping[str, Any],
    clean: Answers,
    before: Answers,
    today: dt.date,
) -> Iterator[_Met]:
    for item in section.items:
        shown = _met(item.show_when, before, today, turn=turn)
        yield _Met(section, turn, item, shown)
        if not shown:
            continue
        if item.kind == "calculate":
            value: Value | None = _calculated(questionnaire, item, before, today, turn)
        else:
            value = _kept(questionnaire, item, given.get(item.code), before, today)
        if value is not None:
            clean[item.code] = value
            before[item.code] = value


def turns(
    section: Section, answers: Mapping[str, Any], clean: Mapping[str, Any], today: dt.date
) -> int:
    """How many turns of a repeat are asked: what its count says, else those begun, at least one."""
    if section.repeat_count:
        try:
            wanted = expressions.evaluate(f"number({section.repeat_count})", clean, today=today)
        except BadExpression:
            wanted = 1.0
        count = int(wanted) if isinstance(wanted, float) and 0 <= wanted < 1e6 else 0  # noqa: PLR2004
        return min(count, section.repeat_most)
    begun = answers.get(section.code)
    return max(1, min(len(begun) if isinstance(begun, list) else 0, section.repeat_most))


def _turn(answers: Mapping[str, Any], section: Section, turn: int) -> Mapping[str, Any]:
    begun = answers.get(section.code)
    one = begun[turn] if isinstance(begun, list) and turn < len(begun) else None
    return one if isinstance(one, Mapping) else {}


def _met(
    condition: str,
    answers: Mapping[str, Any],
    today: dt.date,
    *,
    own: object = None,
    columns: Mapping[str, str] | None = None,
    turn: int | None = None,
) -> bool:
    """Whether a condition holds; one that cannot be read hides and refuses nothing."""
    if not condition:
        return True
    try:
        return expressions.holds(
            condition, answers, own=own, today=today, columns=columns, turn=turn
        )
    except BadExpression:
        return True


def _calculated(
    questionnaire: QuestionnaireDefinition,
    item: Item,
    before: Mapping[str, Any],
    today: dt.date,
    turn: int | None,
) -> Value | None:
    labels = labels_of(questionnaire, "") if "choice-name" in item.calculation else {}
    try:
        value = expressions.evaluate(
            item.calculation, before, today=today, choices=labels, turn=turn
        )
    except BadExpression:
        return None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value == int(value) and abs(value) < EXACT else value
    text = string(value)
    return clean_text(text) or None


# Values


def _marks(item: Item) -> frozenset[str]:
    """Which of "I don't know" and "I don't want to say" an item offers."""
    return frozenset(
        mark
        for mark, offered in ((DONT_KNOW, item.dont_know), (PREFER_NOT, item.prefer_not))
        if offered
    )


def _kept(
    questionnaire: QuestionnaireDefinition,
    item: Item,
    value: object,
    answers: Mapping[str, Any],
    today: dt.date,
) -> Value | None:
    """A value as it may be kept for an item, or None if it is no answer to it."""
    if value is None or item.kind in SILENT:
        return None
    if isinstance(value, str) and value in _marks(item):
        return value
    if value in (DONT_KNOW, PREFER_NOT):
        return None
    if item.kind in CHOSEN or item.kind == "many":
        return _chosen(item, value, options(questionnaire, item, answers, today))
    if item.kind == "number":
        return _amount(value, whole=item.whole)
    if not isinstance(value, str):
        return None
    if item.kind == "date":
        return value if _day([value]) == value else None
    return clean_text(value)[:LONGEST_TEXT].rstrip() or None


def _chosen(item: Item, value: object, offered: Sequence[Choice]) -> Value | None:
    if isinstance(value, list) != (item.kind == "many"):
        return None
    given = value if isinstance(value, list) else [value]
    texts = {one for one in given if isinstance(one, str)}
    chosen = [one.code for one in offered if one.code in texts]
    return (chosen or None) if item.kind == "many" else next(iter(chosen), None)


def _amount(value: object, *, whole: bool) -> Value | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not abs(value) < EXACT or (whole and value != int(value)):
        return None
    return int(value) if whole else value


def _read(
    item: Item,
    given: list[str],
    questionnaire: QuestionnaireDefinition,
    answers: Mapping[str, Any],
    today: dt.date,
) -> tuple[Value | None, str]:
    """What was posted as a value of the item's kind, or what is wrong with it."""
    if item.kind == "number":
        return _number(given[0], whole=item.whole) if len(given) == 1 else (None, NOT_A_NUMBER)
    if item.kind == "date":
        day = _day(given)
        return (day, "") if day else (None, NOT_A_DATE)
    if item.kind == "text":
        text = "\n".join(given)
        return (None, TOO_LONG) if len(text) > LONGEST_TEXT else (text, "")
    offered = [one.code for one in options(questionnaire, item, answers, today)]
    if not set(given) <= set(offered):
        return None, NOT_OFFERED
    if item.kind == "many":
        return [code for code in offered if code in given], ""
    return (given[0], "") if len(set(given)) == 1 else (None, NOT_OFFERED)


_WRITTEN_NUMBER: Final = re.compile(r"-?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(\.\d{1,10})?", re.ASCII)
_UNWANTED: Final = frozenset({"Cc", "Cs", "Cn"})
_OVERRIDES: Final = frozenset("\u202d\u202e")


def clean_text(text: str) -> str:
    """Without control characters, halves of characters and overrides of direction; trimmed."""
    if text.isascii() and text.isprintable():
        return text.strip()
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign
        for sign in plain
        if sign in "\n\t"
        or (unicodedata.category(sign) not in _UNWANTED and sign not in _OVERRIDES)
    ).strip()


def _digits(text: str) -> str:
    """The text with the digits of any script as 0 to 9, and a true minus as a hyphen."""
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else "-" if sign == "−" else sign
        for sign in text
    )


def _number(text: str, *, whole: bool) -> tuple[Value | None, str]:
    plain = _digits(text).replace(" ", "").replace("\u00a0", "")
    match = _WRITTEN_NUMBER.fullmatch(plain)
    if match is None:
        return None, NOT_A_NUMBER
    bare = plain.replace(",", "")
    if match[1] is None:
        return int(bare), ""
    value = float(bare)
    if whole:
        return (int(value), "") if value == int(value) else (None, NOT_WHOLE)
    return value, ""


_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}


def _day(given: Sequence[str]) -> str:
    """A day as ISO text, from one text or from day, month and year; empty if it is none."""
    texts = [_digits(one) for one in given]
    if len(texts) == 1:
        iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", texts[0], re.ASCII)
        parts = [iso[3], iso[2], iso[1]] if iso else re.split(r"[\s/.-]+", texts[0])
    else:
        parts = texts
    if len(parts) != 3:  # noqa: PLR2004
        return ""
    day, month, year = parts
    number = str(_MONTHS.get(month[:3].lower(), "")) if month.isalpha() else month
    if not all(re.fullmatch(r"\d{1,4}", part, re.ASCII) for part in (day, number, year)):
        return ""
    try:
        found = dt.date(int(year), int(number), int(day))
    except ValueError:
        return ""
    return found.isoformat() if 1900 <= found.year <= 2100 else ""  # noqa: PLR2004
