"""Where somebody can be reached: e-mail, phone, postcode, address."""

import re
from collections.abc import Iterator, Set

from sightline.identifiers.gazetteer import signs
from sightline.identifiers.kinds import Certainty, Finding, Kind

EMAIL = re.compile(r"(?<![\w.])[\w.+'-]*\w@\w[\w-]*(?:\.[\w-]+)+")
SPOKEN_EMAIL = re.compile(
    r"\b[\w.-]+ (?:\(at\)|\[at\]|at) [\w-]+ (?:\(dot\)|\[dot\]|dot) \w+", re.I
)
_START = r"(?<![\w./£$€-])(?:(?:\+|00)44[ .-]?(?:\(0\)[ .-]?)?|\(?0)"
PHONE = re.compile(_START + r"([127](?:\)?[ .-]?\(?\d){9})(?!\w)")
SHORTER_PHONE = re.compile(_START + r"(1\d{2,4}\)?[ -]\d(?: ?\d){3,5})(?![\w-]| \d)")
SHORTER_DIGITS = 9
LEAST_FIRST_GROUP = 2  # after the 0: 020, 0141, 07700; dates begin with one digit
# Every postcode area, so that codes of other kinds are not taken for postcodes.
AREAS = signs("areas")
POSTCODE = re.compile(
    rf"(?<![\w-])(?:{'|'.join(sorted(AREAS, key=lambda area: (-len(area), area)))})"
    r"(?:\d[A-HJKMNPR-Y]|\d{1,2}) {0,2}(\d[ABD-HJLNP-UW-Z]{2})(?![\w-])",
    re.I,
)
NOT_INWARD = {"1st", "2nd", "3rd", *(f"{n}th" for n in range(4, 10))} | {
    f"{n}{unit}" for n in range(10) for unit in ("yr", "hr", "ft", "lb", "gb", "tb")
}
STREET = (
    "Street|St|Road|Rd|Avenue|Ave|Av|Crescent|Cres|Terrace|Terr|Ter|Drive|Dr|Lane|Ln|Gardens|Gdns"
    "|Court|Ct|Place|Pl|Square|Sq|Wynd|Brae|Loan|Way|Close|Row|Quadrant|Path|Grove|View|Park|Gate"
    "|Vennel|Circle|Walk|Rise|Bank|Mews|Parade|Green|Hill|Oval|Circus|Pend|Croft|Neuk|Gait|Entry"
)
_NUMBER = r"\d{1,4}[A-Za-z]?(?:[ ]?[-/][ ]?\d{1,3}[A-Za-z]?)?"
_FLAT = r"(?:[Ff]lat|FLAT|[Aa]pt\.?|[Aa]partment|[Uu]nit)[ ]\w{1,3}(?:[/-]\w{1,3})?"
_NAMES = r"(?:[A-Z][\w'-]*[ ]){1,4}"
NUMBERED = re.compile(
    rf"(?<![\w/.£-])(?:{_FLAT},?[ ]|\d{{1,2}}/\d{{1,2}},?[ ])?{_NUMBER},?[ ]"
    rf"({_NAMES})(?:{STREET})\b\.?"
)
SHOUTED = re.compile(
    r"(?<![\w/.£-])(?:FLAT [\w/]+,? )?\d{1,4}[A-Z]?,? ((?:[A-Z'-]+ ){1,3})"
    rf"(?:{STREET.upper()})\b"
)
FLAT_ALONE = re.compile(r"\b[Ff]lat \d{1,2}/\d{1,2}\b")
HOUSE = re.compile(
    rf"\b{_NAMES}(?:of[ ]{_NAMES})?"
    r"(?:Cottages?|Farm|Farmhouse|Croft|Steading|Lodge|Villa|House|Bungalow|Manse|Mill|Schoolhouse"
    rf"|Mains|Bothy),[ ]{_NAMES}(?:{STREET})\b"
)
UNNUMBERED = re.compile(
    r"\b(?:liv(?:e|es|ed|ing)|stay(?:s|ed|ing)?|resid(?:e|es|ed|ing)|mov(?:e|es|ed|ing)|address"
    rf"|home)(?: (?:at|on|in|to|is|was|near|of))*:? ({_NAMES}(?:{STREET}))\b"
)
SMALL = re.compile(
    r"\b(?:live|lives|lived|living|stay|stays|stayed|staying|address is|moved to|home is|round at) "
    r"(?:at |in |on )?(\d{1,3}[a-z]? (?:[a-z'-]+ ){1,3}"
    r"(?:street|st|road|rd|avenue|ave|crescent|terrace|drive|lane|gardens|court|place|way|close))\b",
    re.I,
)
NOT_A_STREET = re.compile(
    r"(?:January|February|March|April|June|July|August|September|October|November|December"
    r"|Sheriff|High Court|Family|Community|Children|Young|Foster|Supreme|Justice|Domestic|Drug)\b"
)
STREET_WORDS = frozenset(STREET.lower().split("|"))


def find_emails(text: str) -> Iterator[Finding]:
    """E-mail addresses, written with the sign or in words."""
    if "@" in text:
        for match in EMAIL.finditer(text):
            yield Finding(Kind.EMAIL, *match.span(), Certainty.CERTAIN, "has the shape of one")
    if "dot" in text.lower():
        for match in SPOKEN_EMAIL.finditer(text):
            yield Finding(Kind.EMAIL, *match.span(), Certainty.LIKELY, "spelt out in words")


def find_phones(text: str) -> Iterator[Finding]:
    """Phone numbers of people: mobile and landline, not helplines (03, 08) and not dates."""
    for match in PHONE.finditer(text):
        if _first_group(match[1]) >= LEAST_FIRST_GROUP:
            yield Finding(Kind.PHONE, *match.span(), Certainty.CERTAIN, "has the digits of one")
    for match in SHORTER_PHONE.finditer(text):
        if len(re.sub(r"\D", "", match[1])) == SHORTER_DIGITS:
            yield Finding(Kind.PHONE, *match.span(), Certainty.LIKELY, "has the digits of one")


def _first_group(rest: str) -> int:
    return len(re.split(r"\D", rest.lstrip("("), maxsplit=1)[0])


def find_postcodes(text: str) -> Iterator[Finding]:
    """Whole postcodes; a district alone is not one."""
    for match in POSTCODE.finditer(text):
        if match[1] not in NOT_INWARD:
            yield Finding(Kind.POSTCODE, *match.span(), Certainty.CERTAIN, "has the shape of one")


def find_addresses(text: str, said: Set[str]) -> Iterator[Finding]:
    """House and street; flats; houses with a name and a street; streets somebody lives in.

    `said` is the words in the text.
    """
    if "flat" not in said and said.isdisjoint(STREET_WORDS):
        return
    for match in FLAT_ALONE.finditer(text):
        yield Finding(Kind.ADDRESS, *match.span(), Certainty.LIKELY, "a flat and its number")
    for pattern in (NUMBERED, SHOUTED):
        for match in pattern.finditer(text):
            if not NOT_A_STREET.match(match[1].title() if pattern is SHOUTED else match[1]):
                yield Finding(
                    Kind.ADDRESS, *match.span(), Certainty.LIKELY, "a number and a street"
                )
    for match in HOUSE.finditer(text):
        yield Finding(Kind.ADDRESS, *match.span(), Certainty.LIKELY, "a house name and a street")
    for pattern in (UNNUMBERED, SMALL):
        for match in pattern.finditer(text):
            why = "a street, and words that say somebody lives there"
            yield Finding(Kind.ADDRESS, *match.span(1), Certainty.LIKELY, why)
