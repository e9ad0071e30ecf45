"""Which inspections an overview shows: read from an address or a command, and said in words.

The same choice written the same way gives the same address, so that any view can be shared.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from sightline.framework.definitions import Library, Programme
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.overview_parts import KIND_WORDS, series
from sightline.kernel.errors import Fault, Faults, NotFound
from sightline.kernel.periods import ImpreciseDate

EARLIEST, LATEST = 1990, 2199
KINDS = {code: words.lower() + "s" for code, words in KIND_WORDS.items()}


class Query(Protocol):
    """What is asked, as a `QueryDict` or anything that answers alike."""

    def getlist(self, key: str) -> list[str]:
        """Every value given for a key."""
        ...


@dataclass(frozen=True)
class Selection:
    """What was chosen. An empty tuple means all, and None means no limit.

    `programmes` are keys; years are years of publication, both ends included.
    """

    programmes: tuple[str, ...] = ()
    partnerships: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    judgements: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None

    @property
    def is_everything(self) -> bool:
        """True when nothing was chosen, so that all is shown."""
        return self == Selection()

    def address(self) -> str:
        """The choice as a query string, without its question mark."""
        pairs = [("programme", code) for code in self.programmes]
        pairs += [("partnership", code) for code in self.partnerships]
        pairs += [("kind", code) for code in self.kinds]
        pairs += [("judgement", code) for code in self.judgements]
        pairs += [("from", str(self.first_year))] if self.first_year else []
        pairs += [("to", str(self.last_year))] if self.last_year else []
        return urlencode(pairs)


@dataclass(frozen=True)
class Chosen:
    """The inspections that match, those with no date to tell by, and those kept apart."""

    documents: tuple[InspectionDocument, ...]
    undated: tuple[InspectionDocument, ...]
    apart: tuple[InspectionDocument, ...] = ()


def read_selection(query: Query, library: Library, names: Mapping[str, str]) -> Selection:
    """What an address asks for.

    Raises:
        Faults: every part that names something there is not, each with what there is.
    """
    faults: list[Fault] = []
    programmes = _programmes(_given(query, "programme"), library, faults)
    shown = programmes or tuple(library.programmes)
    years = {name: _year(query, name, faults) for name in ("from", "to")}
    selection = Selection(
        programmes=tuple(programme.key for programme in programmes),
        partnerships=_known(_given(query, "partnership"), names, "partnership", faults),
        kinds=_known(_given(query, "kind"), KINDS, "kind", faults),
        judgements=_known(_given(query, "judgement"), codes_of(shown), "judgement", faults),
        first_year=years["from"],
        last_year=years["to"],
    )
    if (selection.first_year or EARLIEST) > (selection.last_year or LATEST):
        faults.append(
            Fault("from", "the first year is after the last.", "Put the earlier year first.")
        )
    if faults:
        raise Faults("This choice of inspections", faults)
    return selection


def codes_of(programmes: Iterable[Programme]) -> dict[str, str]:
    """Every judgement these programmes evaluate, with the title the latest gives it."""
    return {j.code: j.title for programme in programmes for j in programme.graded}


def _given(query: Query, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in query.getlist(name) if value.strip()))


def _programmes(
    given: Sequence[str], library: Library, faults: list[Fault]
) -> tuple[Programme, ...]:
    found = {}
    for name in given:
        try:
            programme = library.programme(name)
        except NotFound as error:
            faults.append(Fault("programme", str(error)))
        else:
            found[programme.key] = programme
    return tuple(found[key] for key in sorted(found))


def _known(
    given: Sequence[str], known: Collection[str], name: str, faults: list[Fault]
) -> tuple[str, ...]:
    for value in given:
        if value not in known:
            there = ", ".join(sorted(known)) or "none"
            faults.append(Fault(name, f"there is no {name} {value!r}.", f"There are: {there}."))
    return tuple(sorted(value for value in given if value in known))


def _year(query: Query, name: str, faults: list[Fault]) -> int | None:
    given = _given(query, name)
    if not given:
        return None
    text = given[-1]
    if not (text.isascii() and text.isdecimal() and EARLIEST <= int(text[:5]) <= LATEST):
        faults.append(Fault(name, f"{text!r} is not a year.", "Write it with four digits: 2019."))
        return None
    return int(text)


def choose(
    documents: Iterable[InspectionDocument], selection: Selection, *, apart: Collection[str] = ()
) -> Chosen:
    """The inspections that match. One published "2019 or 2020" matches both years.

    Those of the partnerships in `apart` are not counted with the others, and are given back.
    """
    found, undated, kept_apart = [], [], []
    for document in documents:
        if not (
            _in(document.programme, selection.programmes)
            and _in(document.partnership, selection.partnerships)
            and _in(document.kind, selection.kinds)
        ):
            continue
        if document.partnership in apart:
            kept_apart.append(document)
        elif selection.first_year is None and selection.last_year is None:
            found.append(document)
        elif document.dates.published is None:
            undated.append(document)
        elif _published_within(ImpreciseDate(document.dates.published.value), selection):
            found.append(document)
    return Chosen(tuple(found), tuple(undated), tuple(kept_apart))


def _in(value: str, wanted: Collection[str]) -> bool:
    return not wanted or value in wanted


def _published_within(date: ImpreciseDate, selection: Selection) -> bool:
    first, last = selection.first_year or EARLIEST, selection.last_year or LATEST
    return date.earliest.year <= last and date.latest.year >= first


def in_words(selection: Selection, library: Library, names: Mapping[str, str]) -> str:
    """The choice as one sentence, printed on everything that is downloaded."""
    if selection.is_everything:
        return "All published inspections held here."
    programmes = [library.programmes.get(key) for key in selection.programmes]
    said = [
        series(KINDS[kind] for kind in selection.kinds).capitalize()
        if selection.kinds
        else "All published reports",
        f"of {series(f'{p.title} ({p.short})' for p in programmes)}" if programmes else "",
        f"in {series(names.get(code, code) for code in selection.partnerships)}"
        if selection.partnerships
        else "",
        _years(selection),
        f"judgements {series(selection.judgements)} only" if selection.judgements else "",
    ]
    return ", ".join(part for part in said if part).replace(", of ", " of ", 1) + "."


def _years(selection: Selection) -> str:
    first, last = selection.first_year, selection.last_year
    if first and last:
        return f"published in {first}" if first == last else f"published from {first} to {last}"
    if first:
        return f"published in {first} or later"
    return f"published in {last} or earlier" if last else ""
