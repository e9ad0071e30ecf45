"""How the audit trail reads: a sentence for each verb, a name for each kind of thing.

The files are `definitions/access/sentences/<context>@1.yaml`. A context whose things are known by a
database key also registers a source of names here, since this context cannot look them up.
"""

import re
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import Annotated, Any, Final

from django.conf import settings
from pydantic import Field, model_validator

from sightline.access.models import ROWS
from sightline.kernel.definitions import Code, Definition, Registry, Words

ROW_WORDS: Final = dict(zip(ROWS, ("added", "changed", "removed"), strict=True))
"""How the verbs that triggers write read."""

PLACE: Final = re.compile(r"\{([a-z_]+)\}")
Verb = Annotated[str, Field(pattern=r"^[a-z][a-z-]*\.[a-z][a-z-]*$")]


class Sentences(Definition):
    """How one context's verbs and things read."""

    deeds: dict[Verb, Words] = {}
    things: dict[Code, Words] = {}

    @model_validator(mode="after")
    def braces_are_understood(self) -> "Sentences":
        """A stray brace would be printed as it stands."""
        for key, words in {**self.deeds, **self.things}.items():
            if set("{}") & set(PLACE.sub("", words)):
                raise ValueError(f"{key}: {words!r} has a brace without its pair; mend it")
        return self


@lru_cache(maxsize=1)
def _files() -> Registry[Sentences]:
    return Registry.load(Sentences, settings.SIGHTLINE_DEFINITIONS / "access" / "sentences")


@lru_cache(maxsize=1)
def deeds() -> dict[str, str]:
    """Every verb a service or door writes, with its sentence."""
    return {verb: words for file in _files() for verb, words in file.deeds.items()}


@lru_cache(maxsize=1)
def things() -> dict[str, str]:
    """Every kind of thing, with what it is called."""
    return {kind: words for file in _files() for kind, words in file.things.items()}


Namer = Callable[[Collection[str]], Mapping[str, str]]
_namers: dict[str, Namer] = {}


def name_things(kind: str, namer: Namer) -> None:
    """Say what things of a kind are called: `namer` takes keys, and names those it knows."""
    _namers[kind] = namer


def names_of_things(targets: Collection[str]) -> dict[str, str]:
    """What each target (`kind:key`) is called; one question per kind, however many targets."""
    keys: dict[str, set[str]] = {}
    for target in targets:
        kind, _, key = target.partition(":")
        keys.setdefault(kind, set()).add(key)
    names = {}
    for kind, wanted in keys.items():
        known = _namers[kind](wanted) if kind in _namers else {}
        words = things().get(kind, f"{kind.replace('_', ' ')} {{key}}")
        for key in wanted:
            names[f"{kind}:{key}"] = known.get(key) or filled(words, {"key": key})
    return names


def filled(words: str, values: Mapping[str, Any]) -> str:
    """A sentence with its places filled; what is not known is shown as three dots."""
    return PLACE.sub(lambda place: str(values.get(place[1]) or "…"), words)


def label(verb: str) -> str:
    """A verb as a choice in a list: its sentence with every place left open."""
    if verb in ROWS:
        return f"{ROW_WORDS[verb].capitalize()} a row"
    words = PLACE.sub("…", deeds().get(verb, verb.replace(".", " ")))
    return words[:1].upper() + words[1:]
