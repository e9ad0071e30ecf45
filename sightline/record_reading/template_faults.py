"""Everything that keeps templates and their lists of answers from being used. Pure.

Each fault says where it is (file and field), what is wrong, and what puts it right. What an item
hangs on must come before it: a form is read in order, and nobody is led back.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from sightline.kernel.errors import Fault
from sightline.record_reading.definitions import (
    NEEDS_WHY,
    SIX_POINT,
    AnswerList,
    AnswerLists,
    Comparable,
    Item,
    TemplateDefinition,
)

AGENCIES: Final = "agencies"
"""The list that codes of agencies come from."""

_PRESENT: Final = ("-present", "-held")
_QUALITY: Final = "-quality"
_POINTS: Final = ("1", "2", "3", "4", "5", "6")


def faults_of_lists(lists: AnswerLists) -> Iterator[Fault]:
    """What is wrong with the lists of answers, in their order."""
    where = f"lists/{lists.key}.yaml"
    for needed in (AGENCIES, SIX_POINT):
        if needed not in lists.lists:
            yield Fault(f"{where} lists", f"there is no list {needed}.", "Add it.")
    for code, one in lists.lists.items():
        yield from _list(f"{where} {code}", one)
    scale = lists.lists.get(SIX_POINT)
    if scale and {option.code: option.value for option in scale.options} != {
        point: int(point) for point in _POINTS
    }:
        yield Fault(
            f"{where} {SIX_POINT}.options",
            "the answers are not 1 to 6, each of its own value.",
            f"{', '.join(sorted(NEEDS_WHY))} need a reason, so the codes must be those.",
        )


def _list(where: str, one: AnswerList) -> Iterator[Fault]:
    codes = [option.code for option in one.options]
    for code in _twice(codes):
        yield Fault(f"{where}.options", f"{code} is there twice.", "Keep one.")
    for value in _twice([str(o.value) for o in one.options if o.value is not None]):
        yield Fault(
            f"{where}.options", f"two answers have the value {value}.", "Give each its own."
        )
    for band, members in one.bands.items():
        if not members:
            yield Fault(f"{where}.bands.{band}", "it holds no answer.", "Add some, or drop it.")
        for code in sorted(set(members) - set(codes)):
            yield Fault(
                f"{where}.bands.{band}", f"{code} is no answer of the list.", _there_are(codes)
            )


def faults_of(
    template: TemplateDefinition, lists: AnswerLists, *, indicators: Collection[str]
) -> Iterator[Fault]:
    """What is wrong with one template, in the order of its fields.

    Args:
        template: looked at.
        lists: the lists its items are answered from.
        indicators: codes of the quality framework that items may speak to.
    """
    where = f"{template.key}.yaml"
    yield from _codes(where, template)
    yield from _strata(where, template, lists)
    known: dict[str, Item] = {}
    every = {item.code: item for item in template.items()}
    for item in template.items():
        place = f"{where} {item.code}"
        yield from _answers(place, item, lists)
        yield from _condition(place, item, known, every, lists)
        yield from _presence(place, item, every)
        yield from _reach(place, item, template, lists)
        for code in sorted(set(item.links) - set(indicators)):
            yield Fault(
                f"{place}.links", f"there is no indicator {code}.", "See: sightline framework list."
            )
        known[item.code] = item


def _codes(where: str, template: TemplateDefinition) -> Iterator[Fault]:
    named: Mapping[str, Sequence[str]] = {
        "populations": [one.code for one in template.populations],
        "strata": [one.code for one in template.strata],
        "sections": [one.code for one in template.sections],
        "items": [one.code for one in template.items()],
    }
    for field, codes in named.items():
        for code in _twice(codes):
            yield Fault(f"{where} {field}", f"{code} is there twice.", "Give each its own code.")
    letters = [one.letter for one in template.sections]
    for letter in _twice(letters):
        yield Fault(f"{where} sections", f"two have the letter {letter}.", "Join them.")
    if letters != sorted(letters):
        yield Fault(f"{where} sections", "their letters are not in order.", "Put them in order.")


def _strata(where: str, template: TemplateDefinition, lists: AnswerLists) -> Iterator[Fault]:
    populations = [one.code for one in template.populations]
    agencies = _known_codes(lists, AGENCIES)
    for stratum in template.strata:
        place = f"{where} strata.{stratum.code}"
        if stratum.population not in populations:
            yield Fault(
                f"{place}.population",
                f"there is no population {stratum.population}.",
                _there_are(populations),
            )
        for code in sorted(set(stratum.agencies) - set(agencies)):
            yield Fault(f"{place}.agencies", f"there is no agency {code}.", _there_are(agencies))
        if not stratum.agencies:
            yield Fault(f"{place}.agencies", "no agency's records are read.", "Name at least one.")
    used = {stratum.population for stratum in template.strata}
    for code in (one for one in populations if one not in used):
        yield Fault(f"{where} populations.{code}", "no stratum lies in it.", "Add one, or drop it.")


def _answers(place: str, item: Item, lists: AnswerLists) -> Iterator[Fault]:
    if item.kind == "text":
        if item.list:
            yield Fault(f"{place}.list", "words have no list of answers.", "Take the list out.")
    elif not item.list:
        yield Fault(f"{place}.list", "it has no answers to choose from.", "Name a list.")
    elif item.list not in lists.lists:
        yield Fault(f"{place}.list", f"there is no list {item.list}.", _there_are(lists.lists))
    if item.is_quality and item.kind != "one":
        yield Fault(f"{place}.kind", "the six-point scale has one answer.", "Make it “one”.")


def _condition(
    place: str,
    item: Item,
    known: Mapping[str, Item],
    every: Mapping[str, Item],
    lists: AnswerLists,
) -> Iterator[Fault]:
    on = item.only_if
    if on is None:
        if item.base:
            yield Fault(f"{place}.base", "it hangs on nothing.", "Add only_if, or drop the base.")
        return
    if on.item == item.code:
        yield Fault(f"{place}.only_if", "it hangs on itself.", "Name another item.")
    elif on.item not in every:
        yield Fault(f"{place}.only_if", f"there is no item {on.item}.", "Name one above it.")
    elif on.item not in known:
        circle = _circle(item, every)
        what = f"it goes round in a circle: {circle}." if circle else f"{on.item} comes after it."
        yield Fault(f"{place}.only_if", what, "An item may hang only on one above it.")
    else:
        yield from _offered(place, item, every[on.item], lists)
    if not item.base:
        yield Fault(f"{place}.base", "it has none.", "Say what it is counted of: records with …")


def _offered(place: str, item: Item, other: Item, lists: AnswerLists) -> Iterator[Fault]:
    """Answers waited for that the other item has not, and strata that it is not asked of."""
    offered = _known_codes(lists, other.list)
    if other.kind == "text":
        yield Fault(f"{place}.only_if", f"{other.code} is words.", "Name an item with answers.")
    elif item.only_if and offered:
        for code in (one for one in item.only_if.answers if one not in offered):
            yield Fault(
                f"{place}.only_if.answers",
                f"{code} is no answer to {other.code}.",
                _there_are(offered),
            )
    if other.strata and not set(item.strata or ("*",)) <= set(other.strata):
        yield Fault(
            f"{place}.strata",
            f"{other.code}, which it hangs on, is not asked of all of them.",
            f"Keep to: {', '.join(other.strata)}.",
        )


def _circle(item: Item, every: Mapping[str, Item]) -> str:
    """The way from an item back to itself, as `a, b, a`; empty where there is none."""
    way = [item.code]
    at: Item | None = item
    while at is not None and at.only_if is not None:
        way.append(at.only_if.item)
        if at.only_if.item == item.code:
            return ", ".join(way)
        if len(way) > len(set(way)):
            return ""
        at = every.get(at.only_if.item)
    return ""


def _presence(place: str, item: Item, every: Mapping[str, Item]) -> Iterator[Fault]:
    """How good something is is asked only of what is there."""
    if not item.is_quality:
        return
    if not item.code.endswith(_QUALITY):
        yield Fault(f"{place}.code", "it is on the six-point scale.", f"Let it end in {_QUALITY}.")
        return
    stem = item.code.removesuffix(_QUALITY)
    present = next((stem + end for end in _PRESENT if stem + end in every), "")
    if item.only_if is None:
        wanted = present or "an item that says whether it is there"
        yield Fault(
            f"{place}.only_if", "it would be asked of every record.", f"Hang it on {wanted}."
        )
    elif present and item.only_if.item != present:
        yield Fault(f"{place}.only_if", f"it does not hang on {present}.", f"Name {present}.")


def _reach(
    place: str, item: Item, template: TemplateDefinition, lists: AnswerLists
) -> Iterator[Fault]:
    strata = [one.code for one in template.strata]
    for code in sorted(set(item.strata) - set(strata)):
        yield Fault(f"{place}.strata", f"there is no stratum {code}.", _there_are(strata))
    agencies = _known_codes(lists, AGENCIES)
    for code in sorted(set(item.agencies) - set(agencies)):
        yield Fault(f"{place}.agencies", f"there is no agency {code}.", _there_are(agencies))
    if item.agencies and item.kind != "by-agency":
        yield Fault(f"{place}.agencies", "it is not asked by agency.", "Make it so, or drop them.")


def faults_between(templates: Collection[TemplateDefinition]) -> Iterator[Fault]:
    """What templates say of each other that is not so, and what they leave unsaid."""
    by_key = {one.key: one for one in templates}
    for template in templates:
        for item in template.items():
            place = f"{template.key}.yaml {item.code}.comparable"
            named = [said.template for said in item.comparable]
            for key in _twice(named):
                yield Fault(place, f"{key} is named twice.", "Keep one.")
            for said in item.comparable:
                yield from _declared(place, template, item, said, by_key)
            for other in templates:
                yield from _undeclared(place, template, item, other)


def _declared(
    place: str,
    template: TemplateDefinition,
    item: Item,
    said: Comparable,
    by_key: Mapping[str, TemplateDefinition],
) -> Iterator[Fault]:
    other = by_key.get(said.template)
    if said.template == template.key:
        yield Fault(place, "it compares with itself.", "Name another template.")
        return
    if other is None:
        yield Fault(place, f"there is no template {said.template}.", _there_are(by_key))
        return
    match = find(other, item.code)
    if match is None:
        yield Fault(place, f"{said.template} does not ask it.", "Take the line out.")
        return
    if said.how != "same" and not said.why:
        yield Fault(place, f"{said.template}: it does not say why.", "Add `why`.")
    if said.how == "same" and not is_same(item, match):
        yield Fault(
            place,
            f"{said.template} asks it otherwise: words, answers or wording number differ.",
            "Say reworded, or not.",
        )
    back = next((one.how for one in match.comparable if one.template == template.key), said.how)
    if back != said.how:
        yield Fault(
            place, f"{said.template} says “{back}”, this one “{said.how}”.", "Agree on one."
        )


def _undeclared(
    place: str, template: TemplateDefinition, item: Item, other: TemplateDefinition
) -> Iterator[Fault]:
    """A code that two templates share, and neither says how the two compare. Said once."""
    if other.key <= template.key:
        return
    match = find(other, item.code)
    if match is None:
        return
    told = {said.template for said in item.comparable} | {s.template for s in match.comparable}
    if not told & {template.key, other.key}:
        yield Fault(place, f"{other.key} asks it too.", "Say how the two compare.")


def find(template: TemplateDefinition, code: str) -> Item | None:
    """The item of a code, or None."""
    return next((item for item in template.items() if item.code == code), None)


def is_same(item: Item, other: Item) -> bool:
    """Whether two items ask the same: words, kind, answers and wording number."""
    return (item.text, item.kind, item.list, item.wording) == (
        other.text, other.kind, other.list, other.wording,
    )  # fmt: skip


def _known_codes(lists: AnswerLists, code: str) -> list[str]:
    found = lists.lists.get(code)
    return [option.code for option in found.options] if found else []


def _twice(codes: Sequence[str]) -> list[str]:
    return [code for code, times in Counter(codes).items() if times > 1]


def _there_are(codes: Collection[str]) -> str:
    return f"There are: {', '.join(codes) or 'none'}."
