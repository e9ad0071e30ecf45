"""How far an assignment reaches, and what that is called.

A scope is a kind and a key. Contexts above tell this one the names: `config` registers a source per
kind when the contexts are put together, and a kind without one shows its keys.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sightline.access.models import Assignment


@dataclass(frozen=True, order=True)
class Scope:
    """How far something reaches: `national`, `partnership` or `inspection`, and which one."""

    kind: str
    key: str


NATIONAL: Final = Scope(Assignment.ScopeKind.NATIONAL.value, "scotland")

Names = Callable[[], Mapping[str, str]]

_sources: dict[str, Names] = {}


def register(kind: str, names: Names) -> None:
    """Say where the names of the scopes of a kind come from: a mapping of key to name."""
    _sources[kind] = names


def names_of(kind: str) -> Mapping[str, str] | None:
    """Key and name of every scope of a kind, or None when nobody has said where they come from."""
    if kind == NATIONAL.kind:
        return {NATIONAL.key: "All of Scotland"}
    source = _sources.get(kind)
    return None if source is None else source()


class Wording:
    """Scopes as a person reads them. Made once for a page, it asks for the names of a kind once."""

    def __init__(self) -> None:
        self._names: dict[str, Mapping[str, str]] = {}

    def of(self, kind: str, key: str) -> str:
        """The name of a scope, or its key where nobody has given a name."""
        if kind not in self._names:
            self._names[kind] = names_of(kind) or {}
        return self._names[kind].get(key, key)
