"""When a question is shown, in plain terms: to and from the expressions that forms are made of.

People choose up to two answers to earlier questions, and whether any or all of them must be given.
What was written as an expression and is not of this shape stays an expression.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sightline.surveys.definitions import CHOSEN, Item, QuestionnaireDefinition, said

MOST: Final = 2
Joined = Literal["and", "or"]
_REFERENCE: Final = r"\$\{(?P<item>[A-Za-z][A-Za-z0-9_-]*)\}"
_QUOTED: Final = r"(?P<quote>['\"])(?P<choice>[A-Za-z0-9_.-]+)(?P=quote)"
_IS: Final = re.compile(rf"^{_REFERENCE}\s*(?P<how>!?=)\s*{_QUOTED}$")
_INCLUDES: Final = re.compile(
    rf"^(?P<not>not\s*\(\s*)?selected\s*\(\s*{_REFERENCE}\s*,\s*{_QUOTED}\s*\)(?(not)\s*\))$"
)
_JOINTS: Final = {joint: re.compile(rf"\s+{joint}\s+") for joint in ("and", "or")}


@dataclass(frozen=True)
class Condition:
    """That a question was, or was not, answered with a choice; `many`: that it is among them."""

    item: str
    choice: str
    holds: bool = True
    many: bool = False

    def written(self) -> str:
        """As an expression."""
        if self.many:
            found = f"selected(${{{self.item}}}, '{self.choice}')"
            return found if self.holds else f"not({found})"
        return f"${{{self.item}}} {'=' if self.holds else '!='} '{self.choice}'"


@dataclass(frozen=True)
class Routing:
    """Up to two conditions, all of which (`and`) or any of which (`or`) must hold."""

    conditions: tuple[Condition, ...] = ()
    joined: Joined = "and"

    def written(self) -> str:
        """As an expression; empty where the question is always shown."""
        return f" {self.joined} ".join(one.written() for one in self.conditions)


def read(expression: str) -> Routing | None:
    """An expression in plain terms; None where it cannot be said so."""
    text = expression.strip()
    if not text:
        return Routing()
    for joint, between in _JOINTS.items():
        parts = between.split(text)
        found = [_condition(part) for part in parts]
        conditions = tuple(one for one in found if one is not None)
        if len(conditions) == len(parts) <= MOST:
            return Routing(conditions, "or" if joint == "or" and len(parts) > 1 else "and")
    return None


def _condition(text: str) -> Condition | None:
    if found := _IS.match(text.strip()):
        return Condition(found["item"], found["choice"], found["how"] == "=")
    if found := _INCLUDES.match(text.strip()):
        return Condition(found["item"], found["choice"], not found["not"], many=True)
    return None


@dataclass(frozen=True)
class Earlier:
    """A question that comes before another, and what may be chosen in it."""

    item: Item
    words: str
    options: tuple[tuple[str, str], ...]


def earlier(questionnaire: QuestionnaireDefinition, code: str) -> Iterator[Earlier]:
    """The questions with answers to choose from before the one with this code; all for no code."""
    main = questionnaire.languages[0]
    for item in questionnaire.items():
        if item.code == code:
            return
        if item.kind in CHOSEN or item.kind == "many":
            options = questionnaire.options(item)
            yield Earlier(
                item,
                said(item.text, main),
                tuple((choice.code, said(choice.label, main)) for choice in options),
            )


def in_words(routing: Routing, questions: Sequence[Earlier]) -> str:
    """“only if …”, with the words of the questions; codes where there are none."""
    by_code = {one.item.code: one for one in questions}
    parts = []
    for condition in routing.conditions:
        asked = by_code.get(condition.item)
        question = asked.words if asked else condition.item
        options = dict(asked.options) if asked else {}
        answer = options.get(condition.choice, condition.choice)
        how = ("includes" if condition.holds else "does not include") if condition.many else (
            "is" if condition.holds else "is not"
        )  # fmt: skip
        parts.append(f"“{question}” {how} “{answer}”")
    return f" {routing.joined} ".join(parts)
