"""Made-up children of a return, and what made-up readers answer about their records. Pure.

Nothing here is about anybody. Everything comes from the chance that is handed in, so that the same
seed gives the same round. Records differ in how good they are as a whole, items in how hard they
are, and a second reader sees the same record with errors of their own.
"""

import datetime as dt
import math
import random
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sightline.record_reading import asking
from sightline.record_reading.asking import Answers
from sightline.record_reading.definitions import (
    NEEDS_WHY,
    NOT_EXPECTED,
    Item,
    Option,
    Stratum,
    TemplateDefinition,
)

Chance = random.Random  # noqa: S311 - made up

_AGES: Final = (
    ("under-1", 5), ("1-4", 18), ("5-10", 32), ("11-15", 28), ("16-17", 12), ("18-or-over", 5),
)  # fmt: skip
_CARE: Final = (
    ("at-home", 30), ("kinship", 26), ("foster", 22), ("residential", 8), ("secure", 1),
    ("other", 2), ("not-looked-after", 8), ("aftercare", 3),
)  # fmt: skip
_REGISTER: Final = (("yes", 25), ("recent", 15), ("no", 60))
_CARE_OF: Final[Mapping[str, str]] = {
    "at-home": "at-home", "kinship": "kinship", "foster": "foster", "residential": "residential",
    "continuing-care": "aftercare", "aftercare": "aftercare", "voluntary": "not-looked-after",
}  # fmt: skip
"""By stratum, where its children live; those of other strata live anywhere."""
_GROWN: Final = frozenset({"continuing-care", "aftercare", "vulnerable", "care-and-risk"})
_ON_THE_REGISTER: Final = frozenset({"protection", "register"})
_DISABILITY: Final = (("yes", 14), ("no", 78), ("not-known", 8))
_LOCALITIES: Final = ("North", "South", "East", "Glen and coast")
_TEAMS: Final = ("Children and families", "Fostering and kinship", "Throughcare", "Early years")
_IN_A_FAMILY: Final = 0.3
_WITH_A_CONCERN: Final = 0.7
_YEARS_BACK: Final = 2
_SPREAD_OF_RECORDS, _SPREAD_OF_ITEMS, _SPREAD_OF_CHANCE = 0.8, 0.6, 0.7
_NOT_EXPECTED: Final = 0.06
_PRESENT: Final = (0.7, 0.99)
_RARE: Final[Mapping[str, float]] = {"concern-raised": 0.03}
"""Items that are seldom answered with the first of their list."""
_SHARES: Final[Mapping[int, Sequence[float]]] = {
    3: (0.12, 0.36, 0.52),
    4: (0.07, 0.2, 0.4, 0.33),
    6: (0.02, 0.09, 0.24, 0.36, 0.23, 0.06),
}
"""How often each point of a scale is chosen, the lowest first: its ends are rarer."""
_SEEN: Final = 0.85
_OF_MANY: Final = 0.5
_WRITTEN: Final = 0.35
_FLAGGED: Final[Mapping[str, float]] = {"strengths": 0.4, "concerns": 0.25, "good-practice": 0.08}
_WORDS: Final[Mapping[str, Sequence[str]]] = {
    "why": (
        "Actions had no dates and nobody was named to carry them out.",
        "Risks and needs are weighed together and the reasons can be followed.",
        "The record shows what changed for the child and who saw it.",
        "Partners' information was on file and not used.",
    ),
    "strengths": (
        "Steady contact with one worker over two years.",
        "Views of the child were sought before each meeting.",
        "School and health were at every review.",
    ),
    "concerns": (
        "Long gaps between visits, and no reason recorded.",
        "Plan not changed after circumstances did.",
        "Chronology stops a year ago.",
    ),
    "good-practice": (
        "Letter to the child explains decisions in plain words.",
        "Brothers and sisters have a plan of their own for seeing each other.",
    ),
    "text": ("Seen together with the local reader.", "Part of the file was on paper."),
}


@dataclass(frozen=True)
class Errors:
    """How often a second reader answers otherwise, and how often an answer is left out.

    Attributes:
        of_scales: of answers on a scale, by a step.
        of_others: of answers that are on none.
        missing: of either reader, left out.
    """

    of_scales: float = 0.3
    of_others: float = 0.07
    missing: float = 0.01


def children(
    template: TemplateDefinition,
    held: Mapping[str, int],
    *,
    prefix: str,
    today: dt.date,
    chance: Chance,
) -> list[dict[str, Any]]:
    """The rows of a return: so many children in each stratum of a template, in its order.

    Args:
        template: has the strata.
        held: children by code of stratum.
        prefix: what references begin with.
        today: concerns lie within the two years before it.
        chance: decides.
    """
    rows: list[dict[str, Any]] = []
    for stratum in template.strata:
        for _ in range(held.get(stratum.code, 0)):
            child = _child(len(rows) + 1, prefix, today, chance)
            rows.append(child | _of_stratum(stratum, chance))
    return rows


def _child(number: int, prefix: str, today: dt.date, chance: Chance) -> dict[str, Any]:
    days = chance.randrange(_YEARS_BACK * 365)
    concern = (today - dt.timedelta(days=days)).isoformat()
    family = f"F-{chance.randrange(1, number + 2):04d}" if chance.random() < _IN_A_FAMILY else ""
    return {
        "reference": f"{prefix}-{number:04d}",
        "population": "",
        "stratum": "",
        "age_band": _one_of(_AGES, chance),
        "care_type": _one_of(_CARE, chance),
        "register": _one_of(_REGISTER, chance),
        "disability": _one_of(_DISABILITY, chance),
        "locality": chance.choice(_LOCALITIES),
        "lead_agency": "social-work",
        "agencies": [],
        "concern_on": concern if chance.random() < _WITH_A_CONCERN else None,
        "family": family,
        "teams": [chance.choice(_TEAMS)],
    }


def _of_stratum(stratum: Stratum, chance: Chance) -> dict[str, Any]:
    """What a child is because of the stratum it lies in."""
    held = [code for code in stratum.agencies if chance.random() < _SEEN]
    told: dict[str, Any] = {
        "population": stratum.population,
        "stratum": stratum.code,
        "agencies": held or list(stratum.agencies[:1]),
    }
    if stratum.code in _CARE_OF:
        told["care_type"] = _CARE_OF[stratum.code]
    if stratum.code in _GROWN:
        told["age_band"] = chance.choice(("16-17", "18-or-over"))
    if stratum.code in _ON_THE_REGISTER:
        told["register"] = chance.choice(("yes", "yes", "recent"))
    return told


def _one_of(weighted: Sequence[tuple[str, int]], chance: Chance) -> str:
    return chance.choices([c for c, _ in weighted], [w for _, w in weighted])[0]


def answers(
    template: TemplateDefinition,
    facts: Mapping[str, Any],
    chance: Chance,
    *,
    errors: Errors = Errors(),
) -> Answers:
    """What a reader answers about a record. Only what is asked is answered."""
    good = chance.gauss(0, _SPREAD_OF_RECORDS)
    return _written(
        template, facts, chance, lambda item, agency: _first(item, agency, good, chance), errors
    )


def again(
    template: TemplateDefinition,
    facts: Mapping[str, Any],
    first: Answers,
    chance: Chance,
    *,
    errors: Errors = Errors(),
) -> Answers:
    """What a second reader answers about the same record, who errs beside the first."""
    good = chance.gauss(0, _SPREAD_OF_RECORDS)

    def said(item: Item, agency: str) -> str:
        before = first["values"].get(item.code)
        code = before.get(agency) if isinstance(before, Mapping) else before
        if not isinstance(code, str):
            return _first(item, agency, good, chance)
        return _beside(item, code, chance, errors)

    return _written(template, facts, chance, said, errors)


def _written(
    template: TemplateDefinition,
    facts: Mapping[str, Any],
    chance: Chance,
    say: Callable[[Item, str], str],
    errors: Errors,
) -> Answers:
    """Answer what is asked until nothing more is: an answer may bring further items."""
    made: dict[str, Any] = {"values": {}, "whys": {}, "flags": {}}
    seen: set[str] = set()
    while True:
        new = [item for item in _asked(template, facts, made["values"]) if item.code not in seen]
        if not new:
            break
        for item in new:
            seen.add(item.code)
            if chance.random() >= errors.missing:
                _answer(template, item, facts, made, say, chance)
    for flag, often in _FLAGGED.items():
        if chance.random() < often:
            made["flags"][flag] = chance.choice(_WORDS[flag])
    return asking.tidy(template, facts, made)


def _asked(
    template: TemplateDefinition, facts: Mapping[str, Any], values: Mapping[str, Any]
) -> list[Item]:
    codes = frozenset(asking.asked(template, facts, values))
    return [item for item in template.items() if item.code in codes]


def _answer(
    template: TemplateDefinition,
    item: Item,
    facts: Mapping[str, Any],
    made: dict[str, Any],
    say: Callable[[Item, str], str],
    chance: Chance,
) -> None:
    """One item answered, with its reason where it needs one."""
    if item.kind == "text":
        if chance.random() < _WRITTEN:
            made["values"][item.code] = chance.choice(_WORDS["text"])
    elif item.kind == "many":
        codes = [option.code for option in asking.options(item)]
        held = facts.get("agencies") or ()
        # Whose records were seen is whose records there are; anything else is chance.
        chosen = [code for code in codes if code in held] or [
            code for code in codes if chance.random() < _OF_MANY
        ]
        made["values"][item.code] = chosen or codes[:1]
    elif item.kind == "by-agency":
        about = asking.agencies_of(template, item, facts)
        made["values"][item.code] = {agency: say(item, agency) for agency in about}
    else:
        code = say(item, "")
        made["values"][item.code] = code
        if item.is_quality and code in NEEDS_WHY:
            made["whys"][item.code] = chance.choice(_WORDS["why"])


def _first(item: Item, agency: str, good: float, chance: Chance) -> str:
    """An answer: the better the record and the easier the item, the higher on its scale."""
    options = asking.options(item)
    if any(o.code == NOT_EXPECTED for o in options) and chance.random() < _NOT_EXPECTED:
        return NOT_EXPECTED
    scale = _scale(options)
    easy = _ease(item.code + agency)
    if not scale:
        low, high = _PRESENT
        expected = [o.code for o in options if o.code != NOT_EXPECTED]
        likely = _RARE.get(item.code, low + (high - low) * _normal(easy / _SPREAD_OF_ITEMS))
        return expected[0] if chance.random() < likely else chance.choice(expected[1:])
    place = good + easy + chance.gauss(0, _SPREAD_OF_CHANCE)
    share = _normal(place / math.sqrt(_SPREAD_OF_RECORDS**2 + _SPREAD_OF_CHANCE**2))
    for code, within in zip(scale, _SHARES.get(len(scale), ()), strict=False):
        share -= within
        if share < 0:
            return code
    return scale[-1]


def _beside(item: Item, code: str, chance: Chance, errors: Errors) -> str:
    """The answer of somebody who saw the same record."""
    options = asking.options(item)
    scale = _scale(options)
    if code in scale:
        if chance.random() >= errors.of_scales:
            return code
        at = scale.index(code) + chance.choice((-1, 1))
        return scale[min(len(scale) - 1, max(0, at))]
    if chance.random() >= errors.of_others:
        return code
    return chance.choice([o.code for o in options if o.code != code])


def _scale(options: Sequence[Option]) -> list[str]:
    """Codes on the scale, the lowest first; empty where the list has no order."""
    placed = [(o.value, o.code) for o in options if o.value is not None]
    return [code for _, code in sorted(placed)]


def _ease(text: str) -> float:
    """How easy an item is, from its code alone: the same in every round."""
    return _SPREAD_OF_ITEMS * (2 * (zlib.crc32(text.encode()) % 1000) / 999 - 1)


def _normal(z: float) -> float:
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))
