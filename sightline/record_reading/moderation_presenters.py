"""Differences as pages show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils import timezone

from sightline.jobs.queries import names_of
from sightline.record_reading.asking import agency_label, options, template
from sightline.record_reading.definitions import Item
from sightline.record_reading.differences import (
    Difference,
    ReadTwice,
    Settled,
    differences_of,
    is_on_scale,
)
from sightline.record_reading.models import Reading, Round, Settlement
from sightline.record_reading.presenters import counted

SETTLED: Final[Mapping[str, str]] = {
    Settlement.Way.AGREED: "Agreed",
    Settlement.Way.ADJUDICATED: "Decided",
    Settlement.Way.THIRD: "Third reader",
    Settlement.Way.TWO_VIEWS: "Two views",
}


@dataclass(frozen=True)
class Row:
    """One difference of a list.

    Attributes:
        href: its page.
        label, question: the reading number; what was asked, with the agency.
        first, second: both answers in words.
        apart: how far, in words.
        pair, names: the keys of both readers, and their names.
        state, kind: how it was settled, as a tag.
        order: what it is ordered by.
    """

    href: str
    label: str
    question: str
    first: str
    second: str
    apart: str
    pair: str
    names: str
    item: str
    state: str
    kind: str
    size: int
    number: int
    place: int


def rows(round: Round, pairs: Iterable[ReadTwice]) -> list[Row]:
    """Every difference of these records, as they come."""
    found = []
    for pair in pairs:
        made_with = template(pair.first.template)
        places = {item.code: place for place, item in enumerate(made_with.items())}
        for one in differences_of(pair):
            found.append(_row(round, pair, one, made_with.item(one.item), places[one.item]))
    return found


def _row(round: Round, pair: ReadTwice, one: Difference, item: Item, place: int) -> Row:
    settled = one.settlement
    asked = pair.asked is not None
    state = SETTLED[settled.way] if settled else "With a third reader" if asked else "To settle"
    return Row(
        href=url(round, one),
        label=pair.record.label,
        question=question(item, one.agency),
        first=words_of_code(item, one.first),
        second=words_of_code(item, one.second),
        apart=apart(item, one),
        pair=pair_key(pair),
        names=names(pair),
        item=one.item,
        state=state,
        kind="good" if settled else "neutral" if asked else "attention",
        size=one.size,
        number=pair.record.number,
        place=place,
    )


def url(round: Round, one: Difference) -> str:
    """The page of a difference."""
    kept = {"area": round.area, "slug": round.slug, "record": one.record.number, "item": one.item}
    if one.agency:
        return reverse("record_reading:difference-of-agency", kwargs=kept | {"agency": one.agency})
    return reverse("record_reading:difference", kwargs=kept)


def question(item: Item, agency: str) -> str:
    """What was asked, in short, and of which agency."""
    return f"{item.short}: {agency_label(agency)}" if agency else item.short


def words_of_code(item: Item, code: str) -> str:
    """An answer in words; of the six-point scale with its number."""
    label = next((one.label for one in options(item) if one.code == code), code)
    return f"{code} {label}" if item.is_quality else label


def apart(item: Item, one: Difference) -> str:
    """How far two answers are apart, in words."""
    if not is_on_scale(item, one.first, one.second):
        return "Different answers"
    return f"{counted(one.size, 'step')} apart"


def pair_key(pair: ReadTwice) -> str:
    """The two readers of a record, whoever read first."""
    return "_".join(sorted(str(one.reader_id) for one in (pair.first, pair.second)))


def names(pair: ReadTwice) -> str:
    """Both readers by name, in order of name."""
    return " and ".join(sorted(one.reader.person.name for one in (pair.first, pair.second)))


_ORDERS: Final = {
    "": lambda row: (-row.size, row.place, row.number),
    "item": lambda row: (row.place, -row.size, row.number),
    "pair": lambda row: (row.names, -row.size, row.place, row.number),
    "record": lambda row: (row.number, row.place),
}


def chosen(
    found: Iterable[Row], *, show: str = "", by: str = "", item: str = "", pair: str = ""
) -> list[Row]:
    """Those that a filter lets through, in its order."""
    kept = [
        row
        for row in found
        if (show == "all" or (row.kind == "good") == (show == "settled"))
        and item in ("", row.item)
        and pair in ("", row.pair)
    ]
    return sorted(kept, key=_ORDERS[by])


def items_in(found: Iterable[Row], pairs: Sequence[ReadTwice]) -> list[tuple[str, str]]:
    """The items with a difference, in the order of the form, for a filter."""
    there = {row.item: row.place for row in found}
    known = {
        item.code: item.short
        for key in dict.fromkeys(pair.first.template for pair in pairs)
        for item in template(key).items()
    }
    return [(code, known[code]) for code in sorted(there, key=lambda code: there[code])]


def pairs_in(found: Iterable[Row]) -> list[tuple[str, str]]:
    """The pairs with a difference, by name, for a filter."""
    return sorted({row.pair: row.names for row in found}.items(), key=lambda one: one[1])


@dataclass(frozen=True)
class View:
    """What one reader said: who, which answer, and why; and where a lead opens it again."""

    who: str
    words: str
    why: str
    reopen: str


def views(pair: ReadTwice, one: Difference, item: Item) -> list[View]:
    """What both said, and a third reader."""
    found = [
        _view(pair.first, item, one.first),
        _view(pair.second, item, one.second),
    ]
    if pair.third is not None:
        code = _code(pair.third, one)
        if code:
            found.append(_view(pair.third, item, code, " (third reader)"))
    return found


def _view(reading: Reading, item: Item, code: str, more: str = "") -> View:
    why = str(reading.answers.get("whys", {}).get(item.code, ""))
    return View(
        reading.reader.person.name + more, words_of_code(item, code), why, reopen_url(reading)
    )


def reopen_url(reading: Reading) -> str:
    """Where whoever leads the round opens a reading again for its reader."""
    round = reading.round
    where = [round.area, round.slug, reading.record.number, reading.part]
    return reverse("record_reading:reading-reopen-as-lead", args=where)


def _code(reading: Reading, one: Difference) -> str:
    value = reading.answers["values"].get(one.item)
    if isinstance(value, dict):
        value = value.get(one.agency)
    return value if isinstance(value, str) else ""


@dataclass(frozen=True)
class Step:
    """One settlement, as a timeline has it."""

    when: str
    what: str
    note: str
    state: str = "done"


def now(settled: Settled | None, item: Item, pair: ReadTwice) -> str:
    """What counts at present, in a sentence."""
    if settled is None:
        if pair.asked is not None:
            return (
                f"{pair.asked.reader.person.name} is reading the record as a third reader. What "
                "they answer decides. Until then the first reader’s answer counts."
            )
        return "Nobody has settled it. Until somebody does, the first reader’s answer counts."
    if settled.value is None:
        return "It stands as two views: it is in no count, and the spread is reported."
    return f"{words_of_code(item, settled.value)} counts."


def history(found: Sequence[Settlement], item: Item, pair: ReadTwice) -> list[Step]:
    """Everything that was settled about a difference, the last first."""
    people = names_of([one.settled_by for one in found])
    both = names(pair)
    return [
        Step(
            when=_when(one),
            what=_what(one, item, both, people.get(one.settled_by, "Somebody")),
            note=one.why,
        )
        for one in found
    ]


def _what(one: Settlement, item: Item, both: str, who: str) -> str:
    said = words_of_code(item, one.value) if one.value else ""
    words = {
        Settlement.Way.AGREED: f"{both} agreed on {said}, as {who} recorded",
        Settlement.Way.ADJUDICATED: f"{who} decided on {said}",
        Settlement.Way.TWO_VIEWS: f"{who} left it as two views",
        Settlement.Way.THIRD: f"A third reader decided on {said}",
    }[Settlement.Way(one.way)]
    return words if one.superseded_at is None else f"{words} (no longer counts)"


def _when(one: Settlement) -> str:
    at = timezone.localtime(one.settled_at)
    return f"{at.day} {at:%B %Y}, {at:%H:%M}"
