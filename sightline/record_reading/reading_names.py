"""Words that may name somebody, in what a reader typed. It is said gently and never in the way."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sightline.identifiers import Kind, find
from sightline.record_reading.definitions import TemplateDefinition
from sightline.record_reading.reading_answers import texts

MOST = 5


class Named(NamedTuple):
    """What was seen under one question: the words as they were typed, and what they look like."""

    where: str
    words: tuple[str, ...]
    kind: str

    @property
    def sentence(self) -> str:
        """As the page says it."""
        quoted = " and ".join(f"“{word}”" for word in self.words[:MOST])
        more = f" and {len(self.words) - MOST} more" if len(self.words) > MOST else ""
        look = "looks" if len(self.words) == 1 else "look"
        instead = " Write “the child”, or say what part they have." if self.kind == "a name" else ""
        return f"{self.where}: {quoted}{more} {look} like {self.kind}.{instead}"


def named(template: TemplateDefinition, answers: Mapping[str, Any]) -> tuple[Named, ...]:
    """Where something was written that may tell who somebody is, in the order of the form."""
    found: list[Named] = []
    for where, text in texts(template, answers):
        by_kind: dict[Kind, dict[str, None]] = {}
        for finding in find(text):
            by_kind.setdefault(finding.kind, {})[text[finding.start : finding.end]] = None
        found += [Named(where, tuple(words), kind.words) for kind, words in by_kind.items()]
    return tuple(found)
