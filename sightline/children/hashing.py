"""Numbers agencies share, kept only as keyed hashes (docs/methods/M-15 says who holds the key).

The hash of a number is the same in every file sent while one key is the current one, so that rows
of two agencies can be joined, and nobody can work the number back without the key. The key's id
stands in front: two hashes under different keys are never taken for one another.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Final

from sightline.secrets import blind_index, blind_indexes

ABOUT: Final = "children.{}"
REFERENCE: Final = "erased"
"""What a reference is hashed about where it is kept to know an erased child again."""
_MOST_KNOWN: Final = 200_000


def hasher(kind: str) -> Callable[[str], str]:
    """What hashes the numbers of one kind (`chi` or `scn`) under the current key."""
    known: dict[str, str] = {}

    def hashed(number: str) -> str:
        found = known.get(number)
        if found is None:
            found = blind_index(number, about=ABOUT.format(kind))
            if len(known) < _MOST_KNOWN:
                known[number] = found
        return found

    return hashed


def hashes(kind: str, number: str) -> tuple[str, ...]:
    """The hash of a number under each key held, the current one first: to look for it in rows."""
    return blind_indexes(number, about=ABOUT.format(kind))


def key_of(hashed: str) -> str:
    """The id of the key that a hash was made with."""
    return hashed.partition(":")[0]


def keys_of(found: Iterable[str]) -> str:
    """The ids of the keys of several hashes, in order, divided by commas."""
    return ",".join(sorted({key_of(one) for one in found}))


def current_key() -> str:
    """The id of the key that new hashes are made with."""
    return key_of(blind_index("", about=ABOUT.format("key")))


def reference_hashes(area: str, reference: str) -> tuple[str, ...]:
    """The hash of a child's reference in an area under each key held."""
    return blind_indexes(f"{area}:{reference}", about=ABOUT.format(REFERENCE))


def is_among(erased: Collection[str], area: str, child: object) -> bool:
    """Whether a reference is that of a child who was erased from an area."""
    return isinstance(child, str) and not set(erased).isdisjoint(reference_hashes(area, child))
