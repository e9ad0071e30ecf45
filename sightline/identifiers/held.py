"""Names the record holds, found however they are written."""

import re
from collections.abc import Iterator
from functools import lru_cache

from sightline.identifiers.gazetteer import fold, short_forms, signs, words
from sightline.identifiers.kinds import Certainty, Finding, Kind

PARTICLES = signs("particles")
_TITLE = r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\.?[ ]"
BEFORE = re.compile(rf"(?:{_TITLE})?(?:\b[A-Z]\.?[ ]?){{1,2}}$|{_TITLE}$")
BETWEEN = re.compile(r"[ ,.'-]{0,2}(?:[A-Z]\.?[ ])?")
SHORT = 2
STARTS = (("mac", "m(?:a?c|')"), ("mc", "m(?:a?c|')"), ("nic", "nic"), ("o'", "o'?"))
# Capitals of the work that are nobody's initials.
ABBREVIATIONS = signs("abbreviations")


@lru_cache(maxsize=64)
def patterns(names: tuple[str, ...]) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """What finds parts of these names in any case, and what finds those that need a capital."""
    anyhow: set[str] = set()
    capital: set[str] = set()
    careful = words("ordinary") | words("not-names")
    for name in names:
        parts = _parts(name)
        for at, part in enumerate(parts):
            forms = {part}
            if at < len(parts) - 1 or len(parts) == 1:
                forms |= short_forms().get(part.replace("'", ""), frozenset())
            for form in forms:
                target = capital if form in careful or len(form) <= SHORT else anyhow
                target.add(_spellings(form))
        capital |= set(_initials(parts))
    return _joined(anyhow, re.IGNORECASE), _joined(capital, re.NOFLAG)


def _parts(name: str) -> list[str]:
    """The parts of a name in small letters; `Mac Askill` is one part, and so is `O'Dowd`."""
    whole = re.sub(r"\b(ma?c|nic)['\s]\s*(?=[a-z])", r"\1", fold(name).text.lower())
    parts = re.findall(r"[a-z]+(?:'[a-z]+)*", whole)
    return [part for part in parts if part not in PARTICLES and len(part) > 1]


def _spellings(part: str) -> str:
    """A pattern for one part: with `Mac`, `Mc` or `M'`, apart or together."""
    for start, ways in STARTS:
        if part.startswith(start) and len(part) > len(start) + SHORT:
            return f"{ways}[ -]?{re.escape(part[len(start) :])}"
    return part.replace("'", "'?")


def _initials(parts: list[str]) -> Iterator[str]:
    letters = [part[0].upper() for part in parts]
    if len(letters) >= SHORT:
        yield r"\.[ ]?".join(letters) + r"\.?"
        for run in {"".join(letters), letters[0] + letters[-1]}:
            if run.lower() not in ABBREVIATIONS:
                yield run


def _joined(spellings: set[str], flag: re.RegexFlag) -> re.Pattern[str] | None:
    if not spellings:
        return None
    longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    if flag == re.NOFLAG:
        longest_first = [_capital(spelling) for spelling in longest_first]
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})s?(?!\w)", flag)


def _capital(spelling: str) -> str:
    """The pattern with a capital first, or in capitals throughout."""
    if not spelling[0].islower():
        return spelling
    plain = spelling[0].upper() + spelling[1:]
    return f"{plain}|{spelling.upper()}" if spelling.isalpha() else f"(?i:{spelling})"


def find_held_names(text: str, names: tuple[str, ...]) -> Iterator[Finding]:
    """Names of the record in a folded text, neighbouring parts together."""
    spans = sorted(
        match.span()
        for pattern in patterns(names)
        if pattern is not None
        for match in pattern.finditer(text)
    )
    at = 0
    while at < len(spans):
        start, end = spans[at]
        at += 1
        while at < len(spans) and BETWEEN.fullmatch(text, min(end, spans[at][0]), spans[at][0]):
            end = max(end, spans[at][1])
            at += 1
        before = BEFORE.search(text, max(0, start - 12), start)
        start = before.start() if before else start
        yield Finding(Kind.NAME, start, end, Certainty.CERTAIN, "held on the record")
