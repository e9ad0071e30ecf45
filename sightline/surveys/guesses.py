"""How many wrong codes and words were tried in the last minute: of everybody, by no address.

An address would say who answers. So there is one limit for all, far above what people mistype and
far below what guessing needs.
"""

import time
from typing import Final

from django.core.cache import cache

CODES: Final = "codes"
WORDS: Final = "words"
MOST: Final = {CODES: 600, WORDS: 60}
"""Wrong ones a minute. Words are fewer than codes: 2,048³ against 31¹⁰."""

MINUTE: Final = 60


def _key(kind: str) -> str:
    return f"surveys-missed-{kind}-{int(time.time()) // MINUTE}"


def too_many(kind: str) -> bool:
    """Whether so many were wrong in this minute that nobody may try for the rest of it."""
    return int(cache.get(_key(kind), 0)) >= MOST[kind]


def missed(kind: str) -> None:
    """One was wrong."""
    key = _key(kind)
    if not cache.add(key, 1, 2 * MINUTE):
        cache.incr(key)
