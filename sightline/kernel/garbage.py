"""Work that makes very many objects that stay, told to Python's garbage collector."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SELDOM: Final = 500_000
"""Objects made before the collector looks again; by itself it looks every 700."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """While open the garbage collector looks for cycles seldom.

    Building expressions and protecting figures make millions of objects that are held to the end;
    looking through them again and again finds nothing and takes a third of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(_SELDOM, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
