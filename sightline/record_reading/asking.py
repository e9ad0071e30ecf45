"""What is asked of a child's record, what counts as answered, and how templates compare.

Pure: a template, what the return says of the child (`facts`), and answers go in. Answers have one
shape everywhere: `{"values": {item: value}, "whys": {item: text}, "flags": {flag: text}}`. A value
is a code of the item's list; `{agency: code}` of an item asked by agency; a list of codes where
many may be chosen; a text. What was skipped or is not asked is not there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, TypedDict

from sightline.record_reading.definitions import (
    NEEDS_WHY,
    Item,
    Option,
    Stratum,
    TemplateDefinition,
    answer_lists,
    registry,
)

Value = str | list[str] | dict[str, str]
"""A code or a text; codes in the order of their list; a code for each agency."""

FLAGS: Final = ("strengths", "concerns", "good-practice")
"""What a reader can mark in any section, in the order it is read."""

LONGEST: Final = 10_000
"""Characters of a text, a why or a flag; what is longer is refused, never cut."""

Compared = Literal["same", "reworded", "not", "absent"]
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Answers(TypedDict, total=False):
    """What a reading, or one section of it, answers."""

    values: dict[str, Value]
    whys: dict[str, str]
    flags: dict[str, str]


class Gap(NamedTuple):
    """What stops a reading from being handed in: the code of the item, and what is missing."""

    item: str
    what: str


def template(key: str) -> TemplateDefinition:
    """The template of a key such as `local-audit@1`.

    Raises:
        NotFound: there is none; those there are are named.
    """
    return registry().get(key)


def all_templates() -> tuple[TemplateDefinition, ...]:
    """Every template, in the order of their keys."""
    return tuple(registry())


def options(item: Item) -> tuple[Option, ...]:
    """What an item can be answered with, in the order it is offered; none for words."""
    return answer_lists().lists[item.list].options if item.list else ()


def option_label(item: Item, code: str) -> str:
    """An answer in words; the code itself where the list has it no longer."""
    return next((one.label for one in options(item) if one.code == code), code)


def bands(item: Item) -> Mapping[str, tuple[str, ...]]:
    """The sets of answers that results of an item are read by, by code; none for words."""
    return answer_lists().lists[item.list].bands if item.list else {}


def band_label(code: str) -> str:
    """A band in words: `good-or-better` is “good or better”."""
    return code.replace("-", " ")


def stratum(template: TemplateDefinition, facts: Mapping[str, Any]) -> Stratum | None:
    """The stratum of a child; None where the template has it no longer."""
    code = facts.get("stratum")
    return next((one for one in template.strata if one.code == code), None)


def asked(
    template: TemplateDefinition, facts: Mapping[str, Any], values: Mapping[str, Any]
) -> tuple[str, ...]:
    """The codes of the items asked of this child, given the answers so far, in order.

    An item that hangs on another is asked only where that one is asked itself and has one of the
    answers named. An item by agency is not asked where no agency's record is read.
    """
    return tuple(item.code for item in _asked(template, facts, values))


def _asked(
    template: TemplateDefinition, facts: Mapping[str, Any], values: Mapping[str, Any]
) -> Iterator[Item]:
    before: set[str] = set()
    for item in template.items():
        if item.strata and facts.get("stratum") not in item.strata:
            continue
        if item.kind == "by-agency" and not agencies_of(template, item, facts):
            continue
        on = item.only_if
        if on and (on.item not in before or not _codes(values.get(on.item)) & set(on.answers)):
            continue
        before.add(item.code)
        yield item


def _codes(value: object) -> set[str]:
    """The codes in an answer, whatever its kind; nothing of what is no answer."""
    if isinstance(value, Mapping):
        value = list(value.values())
    listed = value if isinstance(value, list | tuple) else [value]
    return {one for one in listed if isinstance(one, str)}


def section_items(
    template: TemplateDefinition,
    section_code: str,
    facts: Mapping[str, Any],
    values: Mapping[str, Any],
) -> tuple[Item, ...]:
    """The items of one section that are asked; `KeyError` where there is no such section."""
    wanted = set(asked(template, facts, values))
    return tuple(item for item in template.section(section_code).items if item.code in wanted)


def agencies_of(
    template: TemplateDefinition, item: Item, facts: Mapping[str, Any]
) -> tuple[str, ...]:
    """Of which agencies an item is asked: its own, else those whose records are read.

    Empty for an item that is not asked by agency. Of a child whose stratum the template has no
    longer, every agency any stratum reads.
    """
    if item.kind != "by-agency":
        return ()
    if item.agencies:
        return item.agencies
    found = stratum(template, facts)
    if found is not None:
        return found.agencies
    return tuple(dict.fromkeys(code for one in template.strata for code in one.agencies))


def accept(
    item: Item, posted: Sequence[str] | Mapping[str, str], *, agencies: Sequence[str] = ()
) -> tuple[Value | None, str]:
    """An answer out of what a form sent, and what is wrong with it, in words.

    Args:
        item: what was asked.
        posted: the values of the field; by agency for an item asked of each.
        agencies: of which agencies it is asked (`agencies_of`).

    Returns:
        The value and "", None and "" where nothing was answered, or None and what is wrong.
    """
    if isinstance(posted, Mapping):
        return _accept_by_agency(item, posted, agencies)
    given = [one for one in (str(raw).strip() for raw in posted) if one]
    if item.kind == "by-agency":
        return (None, "Answer for each agency by itself.") if given else (None, "")
    if item.kind == "text":
        return _accept_text(given)
    known = [one.code for one in options(item)]
    if not set(given) <= set(known):
        return None, "Choose one of the answers shown."
    if item.kind == "many":
        return [code for code in known if code in given] or None, ""
    if len(set(given)) > 1:
        return None, "Choose one answer only."
    return (given[0] if given else None), ""


def _accept_text(given: Sequence[str]) -> tuple[Value | None, str]:
    text = clean("\n".join(given))
    if len(text) > LONGEST:
        return None, f"Keep to {LONGEST:,} characters; there are {len(text):,}."
    return text or None, ""


def _accept_by_agency(
    item: Item, posted: Mapping[str, str], agencies: Sequence[str]
) -> tuple[Value | None, str]:
    if item.kind != "by-agency":
        return None, "This is not asked of each agency."
    given = {agency: str(code).strip() for agency, code in posted.items()}
    given = {agency: code for agency, code in given.items() if code}
    if not set(given) <= set(agencies):
        return None, "One of these agencies is not asked about here."
    if not set(given.values()) <= {one.code for one in options(item)}:
        return None, "Choose one of the answers shown for each agency."
    return {agency: given[agency] for agency in agencies if agency in given} or None, ""


def clean(text: str) -> str:
    """A text as it is kept: line ends are `\\n`, no control characters, no blanks around it."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def tidy(
    template: TemplateDefinition, facts: Mapping[str, Any], answers: Mapping[str, Any]
) -> Answers:
    """The answers without what is not asked of this child, unknown codes, and whys of nothing.

    Tidying again changes nothing. What a dropped answer led to is dropped with it.
    """
    raw = _mapping(answers.get("values"))
    known: dict[str, Value] = {}
    for item in template.items():
        value = _known(template, item, facts, raw.get(item.code))
        if value is not None:
            known[item.code] = value
    wanted = asked(template, facts, known)
    values = {code: known[code] for code in wanted if code in known}
    whys = _texts(_mapping(answers.get("whys")), values)
    flags = _texts(_mapping(answers.get("flags")), FLAGS)
    return {"values": values, "whys": whys, "flags": flags}


def _known(
    template: TemplateDefinition, item: Item, facts: Mapping[str, Any], value: object
) -> Value | None:
    """As much of a value as the item can be answered with; None for nothing."""
    if item.kind == "text":
        return (clean(value) or None) if isinstance(value, str) else None
    codes = [one.code for one in options(item)]
    if item.kind == "by-agency":
        given = _mapping(value)
        agencies = agencies_of(template, item, facts)
        return {one: given[one] for one in agencies if given.get(one) in codes} or None
    if item.kind == "many":
        return [code for code in codes if isinstance(value, list) and code in value] or None
    return value if isinstance(value, str) and value in codes else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _texts(given: Mapping[str, Any], of: Sequence[str] | Mapping[str, Any]) -> dict[str, str]:
    kept = {one: clean(given[one]) for one in of if isinstance(given.get(one), str)}
    return {one: text for one, text in kept.items() if text}


def gaps(
    template: TemplateDefinition, facts: Mapping[str, Any], answers: Mapping[str, Any]
) -> tuple[Gap, ...]:
    """What stops handing in, in the order of the form: no answer, an agency left out, no reason.

    Words (items of the kind text) may always be left empty.
    """
    tidied = tidy(template, facts, answers)
    found: list[Gap] = []
    for item in _asked(template, facts, tidied["values"]):
        what = _gap(template, item, facts, tidied)
        if what:
            found.append(Gap(item.code, what))
    return tuple(found)


def _gap(
    template: TemplateDefinition, item: Item, facts: Mapping[str, Any], answers: Answers
) -> str:
    if item.kind == "text":
        return ""
    value = answers["values"].get(item.code)
    if value is None:
        return "Choose an answer."
    if isinstance(value, dict):
        missing = [one for one in agencies_of(template, item, facts) if one not in value]
        named = ", ".join(agency_label(one) for one in missing)
        return f"Choose an answer for: {named}." if missing else ""
    if needs_why(item, value) and item.code not in answers["whys"]:
        return f"Say why it is {option_label(item, str(value)).lower()}."
    return ""


def needs_why(item: Item, value: object) -> bool:
    """Whether an answer needs a reason: the two lowest and the highest of the six-point scale."""
    return item.is_quality and isinstance(value, str) and value in NEEDS_WHY


def agency_label(code: str) -> str:
    """An agency in words; the code itself where there is none of it."""
    known = answer_lists().lists["agencies"].options
    return next((one.label for one in known if one.code == code), code)


def flat(
    template: TemplateDefinition, answers: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """Each answer as it is counted: item, agency or "", code, in the order of the form.

    Of items with one answer and items by agency only. `NOT_EXPECTED` is among them: whoever counts
    leaves it out of the base, whoever compares two readings does not.
    """
    values = _mapping(answers.get("values"))
    for item in template.items():
        value = values.get(item.code)
        if item.kind == "one" and isinstance(value, str):
            yield item.code, "", value
        elif item.kind == "by-agency":
            for agency, code in _mapping(value).items():
                yield item.code, agency, code


def comparable(template_key: str, item: str, other_key: str) -> Compared:
    """How an item (its code) of one template stands to the same code in another.

    Whichever of the two says so counts; what neither says is not comparable. `absent` where one of
    them does not ask it.

    Raises:
        NotFound: there is no such template.
    """
    one, other = template(template_key), template(other_key)
    try:
        first, second = one.item(item), other.item(item)
    except KeyError:
        return "absent"
    if template_key == other_key:
        return "same"
    for declared, key in ((first, other_key), (second, template_key)):
        for said in declared.comparable:
            if said.template == key:
                return said.how
    return "not"
