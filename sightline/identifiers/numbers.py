"""Numbers that belong to one person: CHI, NHS, National Insurance, candidate, pupil and others.

Source: the check digits of CHI and NHS numbers are weighted 10 to 2 and complete a multiple of 11;
the check letter of a unique pupil number is the weighted sum modulo 23.
"""

import datetime as dt
import re
from collections.abc import Iterator, Set

from sightline.identifiers.gazetteer import signs
from sightline.identifiers.kinds import Certainty, Finding, Kind

TEN = re.compile(
    r"(?:(?<![\w.+-])|(?<=[A-Za-z][-_]))(?:\d{10}|\d{6}[ -]\d{4}|\d{2}[ -]\d{2}[ -]\d{2}[ -]\d{4}"
    r"|\d{3}[ -]\d{3}[ -]\d{4}|\d{2}/\d{2}/\d{2}[ -]\d{4})(?![A-Za-z0-9-]|[.,/]\d|_\d)"
)
CHI_BEFORE = re.compile(
    r"\b(?:chi|community health index|health number)\b\W*(?:\w+\W+){0,4}$", re.I
)
NHS_BEFORE = re.compile(
    r"\b(?:nhs|health(?: service)?)(?: (?:number|no))?\b\W*(?:\w+\W+){0,3}$", re.I
)
INSURANCE = re.compile(
    r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ)"
    r"(?:[ -]?\d{2}){3}[ -]?[A-D](?!\w)",
    re.I,
)
PUPIL = re.compile(r"(?<!\w)([A-HJ-NP-RT-Z])(\d{11})([\dA-HJ-NP-RT-Z])(?!\w)")
PUPIL_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
LICENCE = re.compile(
    r"(?<!\w)[A-Z]{1,5}9{0,4}[ -]?\d(?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12]\d|3[01])\d"
    r"[ -]?[A-Z9]{2}[A-Z0-9][ -]?[A-Z]{2}(?!\w)"
)
LICENCE_LENGTH = 16
# Numbers without a shape of their own: only where the words before say what they are.
NAMED: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.CANDIDATE,
        re.compile(
            r"\b(?:scn|scottish candidate n(?:umber|o\.?)|candidate n(?:umber|o\.?))"
            r"\W{0,3}(?:(?:is|was|of|given as|recorded as)\W{1,2})?(\d(?:[ -]?\d){8})(?!\w)",
            re.I,
        ),
    ),
    (
        Kind.PUPIL,
        re.compile(
            r"\b(?:upn|unique pupil n(?:umber|o\.?))\W{0,3}(?:(?:is|was)\W{1,2})?"
            r"([A-Z]\d{11}[\dA-Z])(?!\w)",
            re.I,
        ),
    ),
    (
        Kind.PASSPORT,
        re.compile(
            r"\bpassport(?: n(?:umber|o\.?))?\W{0,3}(?:(?:is|was)\W{1,2})?"
            r"((?:[A-Z]{1,2}\d{6,8}|\d{9}))(?!\w)",
            re.I,
        ),
    ),
    (
        Kind.NUMBER,
        re.compile(
            r"\b(?:hospital|patient|prison(?:er)?|swis|carefirst|mosaic|liquidlogic|seemis|emis"
            r"|social work|unit)\s+(?:number|no\.?|id)\W{0,3}(?:(?:is|was)\W{1,2})?"
            r"([A-Z]{0,3}[-/]?\d{4,10}[A-Z]?)(?!\w)",
            re.I,
        ),
    ),
)
NAMED_BY = signs("number-words")


def eleven(digits: str) -> bool:
    """Whether the tenth digit checks the nine before it, by modulus 11."""
    total = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    return (11 - total % 11) % 11 == int(digits[9])


def is_chi(digits: str) -> bool:
    """Whether ten digits are a CHI number: a real day, month and year, and the check digit."""
    return _is_day(digits) and eleven(digits)


def _is_day(digits: str) -> bool:
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    try:
        dt.date(2000 + year, month, day)
    except ValueError:
        # 29 February 1900 did not happen, and 2000 had one: the later century is the wider.
        return False
    return True


def is_nhs(digits: str) -> bool:
    """Whether ten digits are an NHS number of England and Wales: its ranges and check digit."""
    return digits[0] in "4679" and eleven(digits)


def is_pupil(letter: str, digits: str) -> bool:
    """Whether the letter checks the digits of a unique pupil number."""
    values = [int(d) if d.isdigit() else PUPIL_LETTERS.find(d) for d in digits]
    total = sum(value * weight for value, weight in zip(values, range(2, 14), strict=True))
    return PUPIL_LETTERS[total % 23] == letter


def find_numbers(text: str, said: Set[str]) -> Iterator[Finding]:
    """Numbers of a person in a folded text; `said` is the words in it."""
    yield from _of_ten(text)
    for match in INSURANCE.finditer(text):
        yield _found(
            Kind.NATIONAL_INSURANCE, match.span(), Certainty.CERTAIN, "has the shape of one"
        )
    for match in PUPIL.finditer(text):
        if is_pupil(match[1], match[2] + match[3]):
            yield _found(
                Kind.PUPIL, match.span(), Certainty.CERTAIN, "its letter checks its digits"
            )
    for match in LICENCE.finditer(text):
        if len(re.sub(r"[ -]", "", match[0])) == LICENCE_LENGTH:
            yield _found(Kind.LICENCE, match.span(), Certainty.CERTAIN, "has the shape of one")
    if not said.isdisjoint(NAMED_BY):
        for kind, pattern in NAMED:
            for match in pattern.finditer(text):
                yield _found(kind, match.span(1), Certainty.CERTAIN, "the words before it say so")


def _of_ten(text: str) -> Iterator[Finding]:
    for match in TEN.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        before = text[max(0, match.start() - 40) : match.start()]
        if CHI_BEFORE.search(before):
            if is_chi(digits):
                yield _found(Kind.CHI, match.span(), Certainty.CERTAIN, "a date and a check digit")
            else:
                why = "the words before it say so, though its check digit is wrong"
                yield _found(Kind.CHI, match.span(), Certainty.LIKELY, why)
        elif is_chi(digits):
            yield _found(Kind.CHI, match.span(), Certainty.LIKELY, "a date and a check digit")
        elif NHS_BEFORE.search(before):
            yield _found(Kind.NHS, match.span(), Certainty.CERTAIN, "the words before it say so")
        elif is_nhs(digits):
            sure = Certainty.POSSIBLE if match[0].isdigit() else Certainty.LIKELY
            yield _found(Kind.NHS, match.span(), sure, "ten digits with the right check digit")


def find_held_numbers(text: str, numbers: tuple[str, ...]) -> Iterator[Finding]:
    """Numbers the record holds, with or without blanks and hyphens."""
    for number in numbers:
        letters = re.sub(r"[\W_]", "", number)
        if len(letters) > 2:  # noqa: PLR2004 (one or two characters are everywhere)
            pattern = r"(?<!\w)" + r"[ /-]?".join(map(re.escape, letters)) + r"(?!\w)"
            for match in re.finditer(pattern, text, re.I):
                yield _found(Kind.NUMBER, match.span(), Certainty.CERTAIN, "held on the record")


def _found(kind: Kind, span: tuple[int, int], certainty: Certainty, why: str) -> Finding:
    return Finding(kind, span[0], span[1], certainty, why)
