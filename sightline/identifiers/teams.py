"""What reads like a name and is a team or a place, in a column that says it holds such names.

`Garry East team` is called after a river; `Kayleigh Munro team` after somebody. A whole name, a
title, a possessive (`Kayleigh's team`) or an initial is a person's wherever it stands, and so is a
name with anything but words that describe a team between it and the word for the team.
"""

import re
from collections.abc import Collection

from sightline.identifiers.gazetteer import fold, signs
from sightline.identifiers.kinds import Finding
from sightline.identifiers.reading import Word, read

TEAMS, DESCRIBES = signs("teams"), signs("team-describes")
BETWEEN = re.compile(r"[A-Za-z &'-]*")
COMPASS = frozenset({"central", "east", "lower", "mid", "north", "south", "upper", "west"})


def words_of(places: Collection[str]) -> frozenset[str]:
    """The words of names of places as `is_of_places` compares them."""
    return frozenset(word.low for place in places for word in read(fold(place).text))


def is_of_places(text: str, finding: Finding, places: frozenset[str]) -> bool:
    """Whether a name found is made of words of these places, and of parts of the compass.

    Args:
        text: folded.
        finding: a name in it.
        places: as `words_of` gives them.
    """
    named = _named(read(text), finding)
    known = all(word.low in places or word.low in COMPASS for word in named)
    return bool(named) and known and not named[-1].possessive


def is_of_team(text: str, finding: Finding) -> bool:
    """Whether a name found stands before the word for a team, and is no person's whole name.

    Args:
        text: folded.
        finding: a name in it.
    """
    found = read(text)
    named = _named(found, finding)
    if not named or named[-1].possessive or _is_person(named):
        return False
    end = finding.end
    for word in (word for word in found if word.start >= finding.end):
        if not BETWEEN.fullmatch(text[end : word.start]) or " - " in text[end : word.start]:
            return False
        if word.low in TEAMS:
            return True
        if not (word.low in DESCRIBES or word.place):
            return False
        end = word.stop
    return False


def _named(found: list[Word], finding: Finding) -> list[Word]:
    return [word for word in found if finding.start <= word.start < finding.end]


def _is_person(named: list[Word]) -> bool:
    """Whether it reads as a first name and a surname, or an initial and a surname."""
    first, *rest = named
    if len(first.raw) == 1 or any(word.plain_surname for word in rest):
        return True
    return not first.place and any(
        word.low not in COMPASS and (word.surname or word.unknown) for word in rest
    )
