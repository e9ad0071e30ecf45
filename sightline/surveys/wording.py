"""Advice on how questions are worded, and how hard they are to read. It stops nobody.

A machine finds patterns, not meanings: each piece of advice says what it saw, so that a person can
see at once whether it matters. Only English is looked at, since the lists of words are English.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sightline.stats.reading_level import reading_level
from sightline.surveys.definitions import (
    CHOSEN,
    Audience,
    Item,
    QuestionnaireDefinition,
    Section,
    Texts,
    said,
)

YEARS: Final[dict[Audience, int]] = {
    "child": 3, "young-person": 5, "parent-carer": 5, "anyone": 5, "staff": 6,
}  # fmt: skip
"""School years that a text for an audience may ask for."""

CHILD_SENTENCE: Final = 22
CHILD_WORDS: Final = 12
CHILD_ANSWERS: Final = 4

# Words joined so often that they are one thing.
_ONE_THING: Final = re.compile(
    r"children and (?:young people|families)"
    r"|(?:parents?|mums?|mothers?) (?:and|or) (?:carers?|dads?|fathers?)"
    r"|famil(?:y|ies) and (?:friends?|carers?)|brothers? (?:and|or) sisters?"
    r"|health and (?:social care|wellbeing)|social work and social care"
    r"|help and support|care and support|safe and well|up and down|now and then|more or less"
    r"|child or young person|one or more|and so on|skills and knowledge|terms and conditions",
    re.IGNORECASE,
)
_JOINED: Final = re.compile(r"\b(?:and|or)\b|\band/or\b|(?<=\w)/(?=\w)", re.IGNORECASE)
_NEGATIVE: Final = re.compile(
    r"\b(?:not|never|no|nobody|nothing|none|nor|neither|without|cannot|unless)\b|n['’]t\b",
    re.IGNORECASE,
)
_MIDDLE: Final = re.compile(
    r"\bneither\b|\bneutral\b|in the middle|\bundecided\b|no opinion|so-so", re.IGNORECASE
)
_IDENTITY: Final = re.compile(
    r"\b(?:your|full|first|last|sur|fore|family|middle) ?names?\b|\bname and\b|e-?mail"
    r"|\bpost ?codes?\b|\b(?:phone|telephone|mobile)\b|\baddress\b|date of birth|\bborn\b"
    r"|\bbirthday\b|\bCHI\b|national insurance|\bparticipant (?:id|number)\b"
    r"|\bnachname\b|\bvorname\b|\bname\?|\bheißen sie\b|\bgeboren\b|telefonnummer|teilnehmer-id",
    re.IGNORECASE,
)
JARGON: Final[dict[str, str]] = {
    "placement": "where I live", "respite": "short break", "contact": "family time",
    "absconded": "missing", "LAC": "looked after", "CPP": "partnership", "service users": "people",
    "service user": "person", "perpetrator": "person who harms", "victim": "person at risk of harm",
    "professionals": "staff", "case files": "records", "kids": "children", "minors": "children",
    "hard to reach": "needs more support", "disclosed": "told us", "GIRFEC": "Getting it right",
    "SHANARRI": "wellbeing", "IRD": "a talk between agencies", "CPR": "the register",
    "multi-agency": "working together", "interagency": "working together",
    "stakeholders": "people", "intervention": "help", "interventions": "help",
    "outcomes": "what gets better", "safeguarding": "keeping safe", "kinship": "family",
    "attachment": "ties", "trauma-informed": "kind to people who were hurt",
    "corporate parent": "the council and others", "looked after": "", "advocacy": "",
    "chronology": "list of what happened", "triangulation": "", "crosswalk": "", "frame item": "",
    "quality indicator": "", "moderation": "", "suppression": "",
}  # fmt: skip
"""Words of the work, and what may be said instead; empty where it depends."""
_FOR_STAFF: Final = frozenset(
    {"looked after", "outcomes", "safeguarding", "kinship", "advocacy", "attachment",
     "chronology", "corporate parent", "intervention", "interventions", "professionals",
     "trauma-informed", "multi-agency", "moderation"}
)  # fmt: skip
_JARGON: Final = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, JARGON), key=len, reverse=True)) + r")\b",
    re.IGNORECASE,
)
_CAPITALS: Final = frozenset({"LAC", "CPP", "IRD", "CPR", "GIRFEC", "SHANARRI"})


@dataclass(frozen=True)
class Advice:
    """One thing that could be better: the code of a question or section, and what, in words."""

    item: str
    what: str


@dataclass(frozen=True)
class Reading:
    """How hard one text is to read.

    Attributes:
        item: code of the question or section; empty for the introduction.
        words: how many.
        longest_sentence: words in its longest sentence.
        school_years: Flesch-Kincaid level.
        age: about the age at which it reads easily.
        limit: the most school years that its audience should need.
    """

    item: str
    words: int
    longest_sentence: int
    school_years: float
    age: int
    limit: int

    @property
    def easy(self) -> bool:
        """Whether it is within the limit."""
        return self.school_years <= self.limit


def asks_identity(text: str) -> bool:
    """Whether a question seems to ask for what names a person."""
    return bool(_IDENTITY.search(text))


def lint(definition: QuestionnaireDefinition) -> Iterator[Advice]:
    """Advice on every question, in the order of the form."""
    for section in definition.sections:
        for item in section.items:
            if item.kind == "calculate":
                continue
            text = english(item.text)
            advice = [*_words(definition, item, text), *_answers(definition, item)]
            advice += _care(definition, section, item, text)
            yield from (Advice(item.code, what) for what in advice)
    yield from _hard(definition)


def english(texts: Texts) -> str:
    """The English of a text; empty where there is none."""
    return next((text for code, text in texts.items() if code.split("-")[0] == "en"), "")


def _words(definition: QuestionnaireDefinition, item: Item, text: str) -> Iterator[str]:
    bare = re.sub(r"\([^)]*\)", "", _ONE_THING.sub("…", text))
    joined = _JOINED.search(bare)
    if joined and item.kind in CHOSEN and "," not in bare[: joined.start()][-40:]:
        before, after = bare[: joined.start()].split()[-3:], bare[joined.end() :].split()[:3]
        around = " ".join([*before, joined[0], *after])
        yield f"This may ask two things: “{around}”. Split it, or keep one."
    negative = _NEGATIVE.search(text)
    if negative and item.kind != "note":
        yield f"It is worded negatively (“{negative[0]}”). Ask what is there, not what is missing."
    count = len(text.split())
    if definition.audience == "child" and count > CHILD_WORDS and item.kind != "note":
        yield f"It has {count} words. For children, keep to {CHILD_WORDS}."
    for word in dict.fromkeys(match[0] for match in _JARGON.finditer(text)):
        found = _jargon(word)
        if found is None or (definition.audience == "staff" and found in _FOR_STAFF):
            continue
        instead = JARGON[found]
        mend = f"Say “{instead}”, or explain it." if instead else "Explain it."
        yield f"“{word}” is a word of the work. {mend}"


def _jargon(word: str) -> str | None:
    known = next((one for one in JARGON if one.lower() == word.lower()), None)
    return None if known in _CAPITALS and word != known else known


def _answers(definition: QuestionnaireDefinition, item: Item) -> Iterator[str]:
    if definition.audience != "child":
        return
    labels = [said(one.label, "en") for one in definition.options(item)]
    if item.kind in CHOSEN | {"many"}:
        if len(labels) > CHILD_ANSWERS:
            yield f"It has {len(labels)} answers. For children, keep to {CHILD_ANSWERS}."
        if not (item.dont_know and item.prefer_not):
            yield "Offer children both “I don't know” and “I don't want to say”."
    middle = any(_MIDDLE.search(label) for label in labels)
    if item.kind == "scale" and (middle or len(labels) % 2):
        yield "Its scale has a middle, which children under 12 choose to be done. Take it out."


def _care(
    definition: QuestionnaireDefinition, section: Section, item: Item, text: str
) -> Iterator[str]:
    asks = item.kind in {"text", "number", "date"} and asks_identity(text)
    if item.identifies:
        yield "It asks who somebody is, so nothing sent with it can be called anonymous."
    elif asks:
        yield "It seems to ask who somebody is. Take it out, or mark it as asking for identity."
    if item.kind == "text" and not (section.notice or item.hint):
        yield "People write freely here. Say before it where to get support, or what not to write."
    if item.sensitive and not section.notice:
        yield "It is sensitive. Give its section a gentle notice."


def readings(definition: QuestionnaireDefinition) -> tuple[Reading, ...]:
    """How hard the introduction, each notice and each question with its hint are to read.

    English only; a question of under three words is left out, as a formula says nothing of it.
    """
    found = [_reading(definition, "", english(definition.introduction))]
    for section in definition.sections:
        found.append(_reading(definition, section.code, english(section.notice)))
        for item in section.items:
            if item.kind != "calculate":
                text = _sentences(english(item.text), english(item.hint))
                found.append(_reading(definition, item.code, text))
    return tuple(one for one in found if one)


def whole(definition: QuestionnaireDefinition) -> Reading | None:
    """How hard all its texts are to read together; the measure that a questionnaire is held to."""
    texts = [english(definition.introduction)]
    for section in definition.sections:
        texts.append(english(section.notice))
        for item in section.items:
            if item.kind != "calculate":
                texts += [english(item.text), english(item.hint)]
    return _reading(definition, "", _sentences(*texts))


def _sentences(*texts: str) -> str:
    return " ".join(text if text[-1] in ".!?…:" else f"{text}." for text in texts if text)


def _reading(definition: QuestionnaireDefinition, code: str, text: str) -> Reading | None:
    if len(text.split()) < 3:  # noqa: PLR2004
        return None
    try:
        level = reading_level(text)
    except ValueError:
        return None
    return Reading(
        code, level.words, level.longest_sentence, round(level.school_years, 1), level.age,
        YEARS[definition.audience],
    )  # fmt: skip


def _hard(definition: QuestionnaireDefinition) -> Iterator[Advice]:
    for one in readings(definition):
        if not one.easy:
            yield Advice(
                one.item or "introduction",
                f"It reads at about age {one.age}; these people are asked at age {one.limit + 5} "
                "or younger. Use shorter words and sentences.",
            )
        if definition.audience == "child" and one.longest_sentence > CHILD_SENTENCE:
            yield Advice(
                one.item or "introduction",
                f"A sentence has {one.longest_sentence} words. Keep to {CHILD_SENTENCE}.",
            )
