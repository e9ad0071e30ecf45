"""Counting what is sealed under which key, and opening all of it to know that it can be."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.db.models import BinaryField, ExpressionWrapper, F, Func, Value
from django.views.decorators.debug import sensitive_variables

from sightline.kernel.errors import NotAvailable
from sightline.secrets import registry
from sightline.secrets.fields import SealedText
from sightline.secrets.keys import Tampered, held
from sightline.secrets.sealing import key_id_of, unseal
from sightline.secrets.streams import key_id_of_file, open_sealed

LONGEST_HEADER: Final = 2 + 255
AT_A_TIME: Final = 2_000
NOT_SEALED: Final = ""
"""In place of a key's id: what cannot be read as sealed at all."""


@dataclass(frozen=True)
class Place:
    """How many sealed things a field, folder or store holds, by the id of their key."""

    name: str
    purpose: str
    by_key: dict[str, int]

    def under(self, key_ids: set[str]) -> int:
        """How many are under one of these keys."""
        return sum(count for key, count in self.by_key.items() if key in key_ids)

    @property
    def lost(self) -> int:
        """How many are under a key that this copy does not hold."""
        ours = {key.id for key in held(self.purpose)}
        return sum(self.by_key.values()) - self.under(ours)


@dataclass(frozen=True)
class Opened:
    """Whether one sealed thing opens; `why` not, without a word of what is in it."""

    where: str
    why: str = ""


def name_of(field: SealedText) -> str:
    """What a sealed field is called."""
    return f"{field.model._meta.label}.{field.name}"


def rows(field: SealedText) -> Any:
    """Rows with the sealed bytes as bytes, which, unlike the field, may be compared."""
    as_bytes = ExpressionWrapper(F(field.name), output_field=BinaryField())
    there = field.model._base_manager.filter(**{f"{field.name}__isnull": False})
    return there.annotate(sealed_bytes=as_bytes)


def id_in(sealed: bytes) -> str:
    """The id of the key, or `NOT_SEALED`."""
    try:
        return key_id_of(sealed)
    except ValueError:
        return NOT_SEALED


def id_in_file(path: Path) -> str:
    """The id of the key of a file, or `NOT_SEALED`."""
    try:
        return key_id_of_file(path)
    except (Tampered, OSError):
        return NOT_SEALED


def status() -> tuple[Place, ...]:
    """Every place with sealed things, and how many are under which key."""
    return tuple(Place(name, purpose, dict(Counter(ids))) for name, purpose, ids in _places())


def _places() -> Iterator[tuple[str, str, Iterator[str]]]:
    for field in registry.fields():
        yield name_of(field), field.purpose, _ids_in_field(field)
    for values in registry.values():
        yield values.name, values.purpose, (id_in(found.sealed) for found in values.listed())
    for files in registry.files():
        yield files.name, files.purpose, (id_in_file(found.path) for found in files.listed())


def _ids_in_field(field: SealedText) -> Iterator[str]:
    beginning = Func(
        F(field.name),
        Value(1),
        Value(LONGEST_HEADER),
        function="substr",
        output_field=BinaryField(),
    )
    found = rows(field).values_list(beginning, flat=True)
    for raw in found.iterator(chunk_size=AT_A_TIME):
        yield id_in(bytes(raw))


def opened() -> Iterator[Opened]:
    """Open everything that is sealed, one after the other."""
    for where, opening in _openings():
        try:
            opening()
        except (NotAvailable, OSError) as fault:
            yield Opened(where, str(fault))
        else:
            yield Opened(where)


@sensitive_variables()
def _openings() -> Iterator[tuple[str, Callable[[], object]]]:
    for field in registry.fields():
        name = name_of(field)
        found = rows(field).values_list("pk", "sealed_bytes")
        for key, raw in found.iterator(chunk_size=AT_A_TIME):
            about = f"{name}:{key}"
            yield name, partial(unseal, bytes(raw), purpose=field.purpose, about=about)
    for values in registry.values():
        for value in values.listed():
            about = value.about
            yield values.name, partial(unseal, value.sealed, purpose=values.purpose, about=about)
    for files in registry.files():
        for file in files.listed():
            yield files.name, partial(_read_through, file, files.purpose)


def _read_through(file: registry.SealedFile, purpose: str) -> None:
    with open_sealed(file.path, purpose=purpose, about=file.about) as content:
        while content.read(AT_A_TIME * 32):
            pass
