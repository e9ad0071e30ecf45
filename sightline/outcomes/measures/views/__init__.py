"""Views: enriched tables that indicators read, each declared with `@view`.

A view is one table expression over the tables of a build. What one row of it is stands in its
docstring. A column `by_x` is a breakdown `x`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

import ibis.expr.types as ir

from sightline.kernel.errors import NotFound
from sightline.outcomes.measures.places import Tables

Build = Callable[[Tables], ir.Table]


@dataclass(frozen=True)
class View:
    """A view: its name, the datasets it needs, and how it is built.

    Attributes:
        name: as definitions write it.
        needs: codes of the datasets without which it says nothing.
        title: what its rows are, in a word or two.
        start, end: the columns of a row's first and last day, where it has them.
        build: makes the table of the tables of a build.
        streamed: its rows are so many that they are not kept for the sake of one query.
    """

    name: str
    needs: tuple[str, ...]
    title: str
    start: str | None
    end: str | None
    build: Build
    streamed: bool = False


_VIEWS: dict[str, View] = {}


def view(
    name: str,
    *,
    needs: Iterable[str],
    title: str,
    start: str | None = None,
    end: str | None = None,
    streamed: bool = False,
) -> Callable[[Build], Build]:
    """Declare a function as the view of a name.

    Raises:
        ValueError: the name is taken by another function.
    """

    def declare(build: Build) -> Build:
        there = _VIEWS.get(name)
        if there is not None and there.build.__qualname__ != build.__qualname__:
            raise ValueError(f"There are two views {name}.")
        _VIEWS[name] = View(name, tuple(needs), title, start, end, build, streamed)
        return build

    return declare


@lru_cache(maxsize=1)
def _import_all() -> None:
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")


def views() -> Mapping[str, View]:
    """Every view there is, by name."""
    _import_all()
    return MappingProxyType(_VIEWS)


def named(name: str) -> View:
    """The view of a name.

    Raises:
        NotFound: there is none.
    """
    found = views().get(name)
    if found is None:
        known = ", ".join(sorted(views()))
        raise NotFound(f"There is no view {name}. There are: {known}.")
    return found
