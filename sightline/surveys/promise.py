"""The privacy promise: made of a survey's settings, in five audience versions and its languages.

Nobody writes it. What nothing kept can lead back to is said to be anonymous; anything else is said
to be confidential, with every reason why it is not more. A text of an area that makes a claim of
its own about that is refused (`check_claims`). The promise that people are given is kept with the
survey, under a number that each answer carries; what a changed setting makes of it is the next.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from django.conf import settings
from pydantic import Field, model_validator

from sightline.kernel.definitions import Closed, Definition, Words, read_definition
from sightline.kernel.errors import Fault
from sightline.surveys.definitions import AUDIENCES, Audience, QuestionnaireDefinition, Texts
from sightline.surveys.models import Survey

Sentence = Literal[
    "anonymous", "confidential", "because_identifiers", "because_single_use", "because_named",
    "because_logs", "also", "who_inspection", "who_partnership", "not_who", "read_first",
    "free_text", "base", "retention",
]  # fmt: skip
SENTENCES: Final[tuple[str, ...]] = get_args(Sentence)
MAIN: Final = "en"
_FILLED: Final = {
    "confidential": "{reason}",
    "also": "{reason}",
    "base": "{base}",
    "retention": "{date}",
}
_IN_BRACES: Final = re.compile(r"\{[^{}]*\}|[{}]")
_ANSWERS_LINKED: Final = {Survey.Mode.SINGLE_USE: "single_use", Survey.Mode.NAMED: "named"}


class Language(Closed):
    """The sentences of one language, by audience. All of them, or the language is not there.

    `checked` False: a draft, which a survey says only where its builder confirms it.
    """

    checked: bool
    months: tuple[Words, ...] = Field(min_length=12, max_length=12)
    audiences: Mapping[Audience, Mapping[Sentence, Words]]

    @model_validator(mode="after")
    def _complete(self) -> "Language":
        for audience in AUDIENCES:
            said = self.audiences.get(audience, {})  # type: ignore[call-overload]
            if gaps := [name for name in SENTENCES if name not in said]:
                raise ValueError(f"{audience} lacks {', '.join(gaps)}")
            for name in SENTENCES:
                mark = _FILLED.get(name)
                if set(_IN_BRACES.findall(said[name])) != ({mark} if mark else set()):
                    only = mark or "nothing in braces"
                    raise ValueError(f"{audience} must say {only} in {name}")
        return self


class PromiseDefinition(Definition):
    """Every sentence of the promise, and the beginnings of words that only it may use."""

    owner: Words
    claims: tuple[Words, ...] = Field(min_length=1)
    languages: Mapping[str, Language]


@lru_cache(maxsize=1)
def wording() -> PromiseDefinition:
    """The shipped sentences, read once."""
    return load(Path(settings.SIGHTLINE_DEFINITIONS))


def unconfirmed(language: str) -> bool:
    """Whether no fluent reader has confirmed the sentences of a language, or there are none."""
    found = wording().languages.get(language)
    return found is None or not found.checked


def load(folder: Path) -> PromiseDefinition:
    """The sentences of a folder of definitions; `Faults` names what is wrong in them."""
    return read_definition(PromiseDefinition, folder / "respondent" / "promise@1.yaml")


@dataclass(frozen=True)
class Kept:
    """What of a survey's settings the promise depends on, and nothing else.

    `identifies`: a question asks for what could name a person. `destroy_on` None: not said yet.
    """

    mode: str
    logs_drop_addresses: bool
    identifies: bool
    free_text: bool
    base: int
    destroy_on: dt.date | None
    for_inspection: bool

    def reasons(self) -> tuple[str, ...]:
        """Why nobody may say that the survey is anonymous, as codes; none where they may."""
        found = ["identifiers"] if self.identifies else []
        if self.mode in _ANSWERS_LINKED:
            found.append(_ANSWERS_LINKED[Survey.Mode(self.mode)])
        if not self.logs_drop_addresses:
            found.append("logs")
        return tuple(found)


@dataclass(frozen=True)
class Promise:
    """What people are told. `version` 0: a draft's, which nobody has been told yet.

    `said` holds the sentences in their order, by audience and by language.
    """

    version: int
    anonymous: bool
    reasons: tuple[str, ...]
    said: Mapping[str, Mapping[str, tuple[str, ...]]]

    def sentences(self, audience: str, language: str) -> tuple[str, ...]:
        """What an audience is told, in the main language where there are no words in this one."""
        by_language = self.said.get(audience, {})
        return by_language.get(language) or by_language.get(MAIN, ())

    def spoken(self, audience: str, language: str) -> str:
        """The language in which `sentences` answers."""
        return language if self.said.get(audience, {}).get(language) else MAIN

    def says_the_same(self, other: "Promise") -> bool:
        """Whether nobody who was told the one would be told anything else by the other."""
        shared = {lang for lang in _languages(self) & _languages(other)}
        return all(
            self.sentences(audience, lang) == other.sentences(audience, lang)
            for audience in AUDIENCES
            for lang in shared | {MAIN}
        )

    def speaks(self, languages: Iterable[str]) -> bool:
        """Whether it was given in all of these languages that there are sentences in."""
        return set(languages) & set(wording().languages) <= _languages(self)

    def to_data(self) -> dict[str, Any]:
        """As a survey keeps it."""
        return {
            "version": self.version,
            "anonymous": self.anonymous,
            "reasons": list(self.reasons),
            "said": {
                audience: {lang: list(lines) for lang, lines in by_language.items()}
                for audience, by_language in self.said.items()
            },
        }


def _languages(promise: Promise) -> set[str]:
    return {lang for by_language in promise.said.values() for lang in by_language}


def settings_of(survey: Survey, questionnaire: QuestionnaireDefinition) -> Kept:
    """What of a survey and its questions the promise depends on."""
    items = list(questionnaire.items())
    return Kept(
        mode=survey.mode,
        logs_drop_addresses=survey.logs_drop_addresses,
        identifies=any(item.identifies for item in items),
        free_text=any(item.kind == "text" for item in items),
        base=survey.base,
        destroy_on=survey.destroy_on,
        for_inspection=bool(survey.inspection),
    )


def promise_of(survey: Survey, questionnaire: QuestionnaireDefinition) -> Promise:
    """The promise as the settings make it now, whatever people have been told before."""
    return make(settings_of(survey, questionnaire), survey.languages or [MAIN])


def make(held: Kept, languages: Iterable[str], *, version: int = 0) -> Promise:
    """The promise that these settings make; a language without sentences is left out."""
    known = wording().languages
    spoken = [lang for lang in dict.fromkeys((MAIN, *languages)) if lang in known]
    reasons = held.reasons()
    return Promise(
        version=version,
        anonymous=not reasons,
        reasons=reasons,
        said={
            audience: {lang: tuple(_sentences(held, known[lang], audience)) for lang in spoken}
            for audience in AUDIENCES
        },
    )


def _sentences(held: Kept, language: Language, audience: str) -> Iterator[str]:
    said: Mapping[Any, str] = language.audiences[audience]  # type: ignore[index]
    reasons = [said[f"because_{reason}"] for reason in held.reasons()]
    for number, reason in enumerate(reasons):
        yield said["also" if number else "confidential"].format(reason=reason)
    if not reasons:
        yield said["anonymous"]
    yield said["who_inspection" if held.for_inspection else "who_partnership"]
    yield said["not_who"]
    if held.free_text:
        yield said["read_first"]
        yield said["free_text"]
    yield said["base"].format(base=held.base)
    if held.destroy_on is not None:
        yield said["retention"].format(date=_written(held.destroy_on, language))


def _written(date: dt.date, language: Language) -> str:
    return f"{date.day} {language.months[date.month - 1]} {date.year}"


def kept(survey: Survey) -> Promise | None:
    """The promise that people are given now; None before the survey has been opened."""
    return _read(survey.promise) if survey.promise.get("said") else None


def given(survey: Survey, version: int) -> Promise | None:
    """The promise of an earlier version, as an answer names it; None where there is none."""
    every = [survey.promise, *survey.promise.get("earlier", ())]
    return next((_read(one) for one in every if one.get("version") == version), None)


def _read(data: Mapping[str, Any]) -> Promise:
    return Promise(
        version=data["version"],
        anonymous=data["anonymous"],
        reasons=tuple(data["reasons"]),
        said={
            audience: {lang: tuple(lines) for lang, lines in by_language.items()}
            for audience, by_language in data["said"].items()
        },
    )


def next_of(survey: Survey, made: Promise) -> dict[str, Any]:
    """What a survey keeps once `made` is given under its next number: all before it stay."""
    before = {name: value for name, value in survey.promise.items() if name != "earlier"}
    earlier = [*survey.promise.get("earlier", ()), *([before] if before.get("said") else [])]
    return {**made.to_data(), "version": survey.promise_version + 1, "earlier": earlier}


# What no text of an area may claim.

# Cyrillic letters that look like ours.
_LOOKS_LIKE: Final = str.maketrans(
    "\u0430\u043e\u0435\u0456\u0443\u0441\u0440\u0455",
    "aoeiycps",  # Cyrillic letters that look like ours
)
_JOINTS: Final = re.compile(r"(?<=\w)[\-\u2010-\u2015._·'’*](?=\w)")


def _plain(text: str) -> str:
    spelt = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in spelt if unicodedata.category(letter) != "Cf")


def claimed(text: str) -> str:
    """The word in a text that claims what only the promise may say; empty where there is none.

    Letters of other scripts that look like ours, hyphens in a word and marks without width do not
    hide it.
    """
    plain = _plain(text)
    for reading in (plain, _JOINTS.sub("", plain), plain.translate(_LOOKS_LIKE)):
        for stem in wording().claims:
            at = reading.find(stem.casefold())
            if at >= 0:
                end = re.search(r"[^\w\-]|$", reading[at + len(stem) :])
                return reading[at : at + len(stem) + (end.start() if end else 0)]
    return ""


def claims_of(texts: Iterable[tuple[str, str]]) -> tuple[Fault, ...]:
    """Every text that makes such a claim, from pairs of where it stands and what it says."""
    return tuple(
        Fault(
            where,
            f"says “{word}”. Only the privacy promise may say that, because it is worked out from "
            "what this survey really keeps.",
            "Take the word out. People are told on the first page.",
        )
        for where, text in texts
        if (word := claimed(text))
    )


def texts_of(questionnaire: QuestionnaireDefinition) -> Iterator[tuple[str, str]]:
    """Every text of a questionnaire with where it stands, in every language."""
    yield "The title", questionnaire.title
    yield from _each("The introduction", questionnaire.introduction)
    for section in questionnaire.sections:
        yield from _each(f"Section {section.code}, its title", section.title)
        yield from _each(f"Section {section.code}, its notice", section.notice)
        for item in section.items:
            yield from _each(f"Question {item.code}", item.text)
            yield from _each(f"Question {item.code}, its hint", item.hint)
            yield from _each(f"Question {item.code}, its message", item.constraint_message)
    for name, options in questionnaire.choices.items():
        for choice in options:
            yield from _each(f"Answers {name}, {choice.code}", choice.label)


def _each(where: str, texts: Texts) -> Iterator[tuple[str, str]]:
    return ((f"{where} ({language})", text) for language, text in texts.items())
