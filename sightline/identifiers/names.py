"""Names nobody told us of: a title, a word such as "called", a first name in use, a relative.

A word is taken for a name by what it is and by what stands around it. Names that are also words,
months or places need more than a capital. What is missed, and why, is in docs/methods/M-04.
"""

from collections.abc import Callable, Iterator

from sightline.identifiers.gazetteer import phrases, signs, words
from sightline.identifiers.kinds import Certainty, Finding, Kind
from sightline.identifiers.reading import MONTHS, TOKEN, Here, Word

TITLES, LOWER_TITLES, KIN_TITLES = signs("titles"), signs("lower-titles"), signs("kin-titles")
KIN, ROLES, THINGS, FROM_PLACE = signs("kin"), signs("roles"), signs("things"), signs("from-place")
DEEDS, SPEECH, BY, CARES = signs("deeds"), signs("speech"), signs("by"), signs("cares")
ORGANISATION, FAMILY, FAMILY_ALONE = signs("organisation"), signs("family"), signs("family-alone")
FIRST_NAMES, COMMON = words("first-names"), words("not-names")
MEETING, SPOKEN_TO, LABELS = signs("meeting"), signs("spoken-to"), signs("labels")
LAND = signs("land")
SAYS_NAME = (
    ("known", "as"), ("goes", "by"), ("name", "is"), ("name", "was"), ("names", "are"),
)  # fmt: skip
SEVERAL = {"are", "both", "have", "live", "told", "were"}
SHORT_LOWER, MOST_PARTS, NEAR_THING = 4, 4, 6

Found = tuple[int, Certainty, str]  # words in the name, how sure, by what rule


def find_likely_names(text: str) -> Iterator[Finding]:
    """Names in a folded text that nobody told us of."""
    if not _worth_reading(text):
        return
    here = Here(text)
    while here.at < len(here.words):
        word = here.word
        worth_it = word.capital or word.first or word.low in LOWER_TITLES
        found = _name_here(here) if worth_it else None
        if found is None:
            here.at += 1
            continue
        many, certainty, why = found
        last = here.words[here.at + many - 1]
        yield Finding(Kind.NAME, word.start, last.end, certainty, why)
        here.at += many


def _worth_reading(text: str) -> bool:
    """Whether any word could begin a name; most texts have none, and this is quick to see."""
    for token in TOKEN.findall(text):
        low = token.lower()
        if token[0].isupper():
            if low not in COMMON or low in FIRST_NAMES:
                return True
        elif low in FIRST_NAMES or low in LOWER_TITLES or "-" in low or "'" in low:
            return True
    return False


def _name_here(here: Here) -> Found | None:
    word, after = here.word, here.ahead(1)
    if after is not None and f"{word.low} {after.low}" in phrases():
        return None
    if _titled(here) or _kin_titled(here):
        return 1 + _length(here, 1), Certainty.CERTAIN, "a title before it"
    if len(word.raw) == 1:
        if _initial(here):
            return 1 + _length(here, 1), Certainty.LIKELY, "an initial and a surname"
        return None
    why = _why_capital(here) if word.capital else _why_small(here)
    return (_length(here), Certainty.LIKELY, why) if why else None


def _titled(here: Here) -> bool:
    """`Mrs Oyelaran`, `Dr. H. Voss`, `mr brown`."""
    word, after = here.word, here.ahead(1)
    if word.low not in TITLES or after is None or here.gap() not in {" ", ". ", "."}:
        return False
    if word.possessive:
        return False
    then = here.ahead(2)
    if after.possessive and then is not None and then.capital and then.low in ORGANISATION:
        return False  # Dr Gray's Hospital
    if not after.capital:
        known = after.first or after.surname
        return word.low in LOWER_TITLES and known and not after.common
    if not word.capital and word.low not in LOWER_TITLES:
        return False
    if len(after.raw) == 1:
        following = here.ahead(2)
        return following is not None and following.nameable
    return not after.common or (after.surname and word.low in LOWER_TITLES)


def _kin_titled(here: Here) -> bool:
    """`Uncle Declan`, `Sister Niamh`."""
    word, after = here.word, here.beside()
    if word.low not in KIN_TITLES or not word.capital or word.possessive:
        return False
    return after is not None and after.nameable and after.first


def _initial(here: Here) -> bool:
    """`S. Drysdale`, `S Drysdale`; not `Child A Brown` and not `A Campbell`."""
    word, after, before = here.word, here.ahead(1), here.before
    if not word.capital or word.possessive or after is None or not after.nameable:
        return False
    if here.gap() in {". ", "."}:
        return not here.titled and (after.surname or not (after.place or after.shouted))
    lettered = before is not None and before.low in {"child", "group", "person"}
    return here.gap() == " " and after.plain_surname and word.raw not in "AI" and not lettered


def _why_capital(here: Here) -> str | None:
    """By what rule a word with a capital is a name, if by any."""
    word, before = here.word, here.before
    if before is not None and before.low in {"st", "saint"}:
        return None
    if _names_a_thing(here) or (word.common and not (word.first and _person(here))):
        return None
    if word.first:
        return "a first name" if _first_name(here) else None
    return next((why for why, rule in UNLISTED if rule(here)), None)


def _names_a_thing(here: Here) -> bool:
    """Whether the word is of the name of a street, a school, an award."""
    before, beside = here.before, here.beside()
    if before is not None and before.capital and before.low in LAND and here.gap(-1) == " ":
        return True
    if here.word.low in LAND and beside is not None and beside.capital:
        return True
    for step in (0, 1):
        word, after = here.ahead(step), here.beside(step)
        if word is None or word.possessive or after is None or not after.capital:
            return False
        if after.low in ORGANISATION:
            return True
    return False


def _first_name(here: Here) -> bool:
    """A first name in use; one that is also a word or a place, only where a person is meant."""
    word, after = here.word, here.beside()
    if not (word.ordinary or word.place) or _person(here):
        return True
    if word.opens or word.place or word.low in MONTHS or here.titled or word.shouted:
        return False
    return after is None or not after.capital or after.surname or after.first


def _person(here: Here) -> bool:
    """Whether the words around speak of a person."""
    after = here.beside()
    if after is not None and after.nameable and here.aged_after(1):
        return True
    return here.aged or any(rule(here) for rule in (_relative, _called, _person_after, _met))


def _person_after(here: Here) -> bool:
    word, after = here.word, here.beside()
    if after is None:
        return False
    if word.possessive and after.low in CARES:
        return True
    if after.capital and after.surname and not after.common:
        return after.plain_surname or not (here.titled or word.place)
    before = here.before
    placed = word.place and before is not None and before.low in FROM_PLACE
    return after.low == "who" or (after.low in DEEDS and not placed)


def _met(here: Here) -> bool:
    """`We asked Hope`, `by Will`; not `by May`."""
    word, before = here.word, here.before
    if before is None or word.opens or word.low in MONTHS:
        return False
    return before.low in MEETING or (before.low in BY and not word.place)


def _relative(here: Here) -> bool:
    """`her son Iain`, `mum (Agnieszka)`, `social worker, Dana`; not headings in capitals."""
    before = here.before
    if before is None or before.possessive or here.titled:
        return False
    gap = here.gap(-1)
    if before.low in KIN:
        return not before.capital or before.opens or gap != " "
    if before.low in ROLES and before.opens and gap == " ":
        after = here.beside()  # `Pupil Tamika disclosed`; not `Teacher Training`
        return after is not None and after.low in DEEDS
    return before.low in ROLES and not before.capital and gap in {" ", ", ", " ("}


def _called(here: Here) -> bool:
    """`called Isla`, `her name is Isla`, `I am Isla`; not a group called so."""
    before = here.before
    if before is None or here.gap(-1) not in {" ", ": "} or THINGS & set(here.said(NEAR_THING)):
        return False
    if before.low in {"called", "named"} or tuple(here.said(2)) in SAYS_NAME:
        return True
    self_named = before.low == "im" or (before.low == "name" and before.possessive)
    return here.word.first and (self_named or here.said(2) == ["i", "am"])


def _labelled(here: Here) -> bool:
    """`Name: Ingrid Halcro`, `Child - Lexi-Mae Toner`: two words with capitals after a label."""
    word, after, before = here.word, here.beside(), here.before
    if before is None or before.low not in LABELS or here.gap(-1) not in {": ", " - ", ":"}:
        return False
    if word.common or after is None or not after.capital or after.common or after.shouted:
        return False
    return (word.unknown or word.first) and (after.unknown or after.surname)


def _unknown_beside(here: Here) -> bool:
    """`Niamh & Conall`: an unknown word joined to a first name that can be nothing else."""
    word, gap = here.word, here.gap(-1)
    joined = gap in {" & ", "/"}
    at = -1
    if not joined and here.ahead(-1) is not None and here.said(1) == ["and"]:
        joined, at = here.gap(-1) == here.gap(-2) == " ", -2
    other = here.ahead(at)
    if not joined or other is None or here.titled or not word.unknown:
        return False
    after = here.beside()
    if not (other.first and other.capital) or other.ordinary or other.place:
        return False
    if other.surname:
        return after is not None and after.low in SEVERAL
    return after is None or not after.capital


def _unlisted(rule: Callable[[Here], bool]) -> Callable[[Here], bool]:
    """The rule, for words that are no place and not shouted."""
    return lambda here: not (here.word.place or here.word.shouted) and rule(here)


def _unknown_aged(here: Here) -> bool:
    return here.aged and not here.word.ordinary and not here.titled


def _unknown_cared_for(here: Here) -> bool:
    """`Bronte's mum`."""
    word, after = here.word, here.beside()
    return word.possessive and word.unknown and after is not None and after.low in CARES


def _unknown_speaks(here: Here) -> bool:
    """`Ghazala told us`."""
    word, after = here.word, here.beside()
    return not here.titled and word.unknown and after is not None and after.low in SPEECH


def _unknown_family(here: Here) -> bool:
    """`the Broadfoot family`."""
    after, before = here.beside(), here.before
    if after is None or before is None or not here.word.unknown:
        return False
    return before.low == "the" and after.low in FAMILY_ALONE


def _unknown_spoken_to(here: Here) -> bool:
    """`the worker told Ottoline about it`."""
    word, after, before = here.word, here.ahead(1), here.before
    if before is None or here.titled or not word.unknown or (after is not None and after.capital):
        return False
    return before.low in SPOKEN_TO and here.gap(-1) == " "


def _surname_first(here: Here) -> bool:
    """`Campbell, Rory`."""
    following = here.ahead(1)
    if following is None or here.gap() != ", " or not here.word.surname or here.word.ordinary:
        return False
    return following.capital and following.first and not (following.place or following.ordinary)


def _surname_of_people(here: Here) -> bool:
    """`Campbell siblings`, `wee Campbell`."""
    word, after, before = here.word, here.beside(), here.before
    if not word.surname or word.ordinary:
        return False
    if after is not None and (after.low in FAMILY or (word.possessive and after.low in CARES)):
        return True
    return before is not None and before.low in {"young", "wee", "little"} and not word.opens


def _before_surname(here: Here) -> bool:
    """An unknown first name before a surname in use: `Torquhil Campbell`."""
    word, after = here.word, here.beside()
    if after is None or word.possessive or word.ordinary or not after.capital or after.shouted:
        return False
    return after.plain_surname


def _two_unknown(here: Here) -> bool:
    """Two words with capitals where a person stands: `by Jorja Bhogal`, `Jorja Bhogal said`,
    `Jorja Bhogal, aged 15`."""
    word, after, before, then = here.word, here.beside(), here.before, here.beside(1)
    if here.titled or after is None or word.possessive or not after.capital or after.shouted:
        return False
    if not (word.unknown and after.unknown) or after.low in ORGANISATION:
        return False
    by = before is not None and before.low in {"by", "with"}
    return by or here.aged_after(1) or (then is not None and then.low in DEEDS)


UNLISTED: tuple[tuple[str, Callable[[Here], bool]], ...] = tuple(
    (why, _unlisted(rule))
    for why, rule in (
        ("a relative or a role before it", _relative),
        ("words that say it is a name", _called),
        ("a label before it", _labelled),
        ("a first name joined to it", _unknown_beside),
        ("an age after it", _unknown_aged),
        ("a relative after it", _unknown_cared_for),
        ("what a person does after it", _unknown_speaks),
        ("a family after it", _unknown_family),
        ("words that are said to a person before it", _unknown_spoken_to),
        ("a surname and a first name", _surname_first),
        ("a surname and a family", _surname_of_people),
        ("a surname in use after it", _before_surname),
        ("two words with capitals, where a person stands", _two_unknown),
    )
)


def _why_small(here: Here) -> str | None:
    """A first name in small letters: by itself if it is no word, else where words say so."""
    word, before = here.word, here.ahead(-1)
    if not word.first or word.common:
        return None
    if not (word.ordinary or word.place) and len(word.low) >= SHORT_LOWER:
        return "a first name in small letters"
    if before is None or here.gap(-1) != " ":
        return None
    kin = before.low in KIN and not before.possessive
    return "a first name, and words that say so" if kin or _called(here) else None


def _length(here: Here, start: int = 0) -> int:
    """How many words the name has that begins so many steps on."""
    opening = here.ahead(start)
    many = 1
    while opening is not None and many < MOST_PARTS:
        last, following = here.ahead(start + many - 1), here.ahead(start + many)
        if last is None or following is None or last.possessive:
            break
        gap = here.gap(start + many - 1)
        turned = gap == ", " and many == 1 and opening.surname and following.first
        if turned and following.capital and not following.ordinary:
            many += 1
            continue
        if not _goes_on(opening, last, gap, following):
            break
        many += 1
    return many


def _goes_on(opening: Word, last: Word, gap: str, following: Word) -> bool:
    if gap not in {" ", "-"} and not (gap == ". " and len(last.raw) == 1):
        return False
    if following.common or following.low in ORGANISATION:
        return False
    if not opening.capital:
        return following.surname and not following.ordinary
    return following.capital or (following.plain_surname and following.first)
