"""Tables that several views are made from, worked out once for a run and kept in the engine.

An expression that twenty views hold inside themselves is built, compiled and worked out twenty
times. A function of the tables that is declared `@shared` is worked out the first time it is asked
for while the tables are `Shared`; of any other tables it gives its expression, as ever.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps

import ibis.expr.types as ir

from sightline.warehouse.engines import Engine

Make = Callable[[Mapping[str, ir.Table]], ir.Table]


class Shared(Mapping[str, ir.Table]):
    """The tables of a build, with what was made from them and kept."""

    def __init__(self, tables: Mapping[str, ir.Table], engine: Engine) -> None:
        self._tables = tables
        self._engine = engine
        self._kept: dict[str, ir.Table] = {}

    def __getitem__(self, name: str) -> ir.Table:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def once(self, name: str, make: Make) -> ir.Table:
        """The table of a name, made and kept the first time.

        Spark keeps none: it works out what is kept only when asked, and plans expressions whole.
        """
        if self._engine.name != "duckdb":
            return make(self)
        if name not in self._kept:
            self._kept[name] = self._engine.keep(make(self), f"shared_{name}")
        return self._kept[name]


def shared(make: Make) -> Make:
    """Declare a function of the tables as one whose table is kept, where tables keep any."""
    name = f"{make.__module__.rpartition('.')[2]}_{make.__name__}"

    @wraps(make)
    def made(tables: Mapping[str, ir.Table]) -> ir.Table:
        return tables.once(name, make) if isinstance(tables, Shared) else make(tables)

    return made
