"""Finding in a text, and taking out what was found."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from sightline.identifiers.contacts import (
    find_addresses,
    find_emails,
    find_phones,
    find_postcodes,
)
from sightline.identifiers.dates import BIRTH_WORDS, find_dates_of_birth
from sightline.identifiers.gazetteer import fold
from sightline.identifiers.held import find_held_names
from sightline.identifiers.kinds import NOBODY, Finding, Kind, Known
from sightline.identifiers.names import find_likely_names
from sightline.identifiers.numbers import NAMED_BY, find_held_numbers, find_numbers

DIGIT, WORD = re.compile(r"\d"), re.compile(r"[a-z]+")
FEWEST_DIGITS = 6  # of a number somebody can be known by
# Of findings that overlap, the kind that is read first here stays: an address may hold a surname,
# and a surname no address.
ORDER = (
    Kind.EMAIL, Kind.CHI, Kind.NATIONAL_INSURANCE, Kind.PUPIL, Kind.LICENCE, Kind.CANDIDATE,
    Kind.PASSPORT, Kind.PHONE, Kind.NHS, Kind.DATE_OF_BIRTH, Kind.NUMBER, Kind.ADDRESS,
    Kind.POSTCODE, Kind.NAME,
)  # fmt: skip


def find(text: str, *, known: Known = NOBODY, today: dt.date | None = None) -> tuple[Finding, ...]:
    """Everything in a text that could tell who somebody is, in order, none overlapping.

    Args:
        text: as it was written; positions are those of this text.
        known: what the record holds, found in every spelling.
        today: the day to read years of two digits by; the day it is, unless given.
    """
    folded = fold(text)
    found = list(_everything(folded.text, known, today or dt.date.today()))
    return tuple(
        replace(finding, start=folded.place(finding.start), end=folded.place(finding.end - 1) + 1)
        for finding in settled(found)
    )


def _everything(text: str, known: Known, today: dt.date) -> Iterator[Finding]:
    names: list[Finding] = []
    said = frozenset(WORD.findall(text.lower()))
    if said:
        names += find_likely_names(text)
        if known.names:
            names += find_held_names(text, tuple(known.names))
        yield from names
        yield from find_emails(text)
        yield from find_addresses(text, said)
    digits = len(DIGIT.findall(text))
    if digits:
        held = tuple(known.dates_of_birth)
        if held or names or not said.isdisjoint(BIRTH_WORDS):
            yield from find_dates_of_birth(text, held, names, today=today)
        yield from find_held_numbers(text, tuple(known.numbers))
        yield from find_postcodes(text)
    if digits >= FEWEST_DIGITS or not said.isdisjoint(NAMED_BY):
        yield from find_numbers(text, said)
        yield from find_phones(text)


def settled(found: Iterable[Finding]) -> list[Finding]:
    """Of findings that overlap, the one to keep; names that overlap are joined."""
    kept: list[Finding] = []
    order = {kind: at for at, kind in enumerate(ORDER)}
    best_first = sorted(
        found, key=lambda f: (order[f.kind], -f.certainty, f.start - f.end, f.start)
    )
    for finding in best_first:
        over = [one for one in kept if finding.start < one.end and one.start < finding.end]
        if not over:
            kept.append(finding)
        elif finding.kind is Kind.NAME and all(one.kind is Kind.NAME for one in over):
            kept = [one for one in kept if one not in over]
            start = min(finding.start, *(one.start for one in over))
            end = max(finding.end, *(one.end for one in over))
            kept.append(replace(over[0], start=start, end=end))
    return sorted(kept, key=lambda finding: finding.start)


def redact(text: str, findings: Iterable[Finding]) -> str:
    """The text with each finding replaced by what was removed: `[name removed]`."""
    parts, at = [], 0
    for finding in sorted(findings, key=lambda found: found.start):
        parts += [text[at : finding.start], f"[{finding.kind.noun} removed]"]
        at = finding.end
    return "".join([*parts, text[at:]])
