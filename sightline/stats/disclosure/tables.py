"""A table of counts of people by several breakdowns, as it was counted. It cannot be shown."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import Any, NoReturn

from sightline.stats.disclosure.exact import ExactRefused, Population

Key = tuple[str, ...]
"""A cell: a category of each dimension in order; "" is all of a dimension."""

_MULTI_WAY = 3
MOST_CELLS = 200_000


@dataclass(frozen=True)
class Category:
    """One category of a dimension.

    Attributes:
        code, label: the category.
        inside: code of the category it is a part of, such as the council of a locality; or "".
        below_council: the stricter threshold applies to every count of it.
    """

    code: str
    label: str = ""
    inside: str = ""
    below_council: bool = False


@dataclass(frozen=True)
class Dimension:
    """A breakdown. Categories that others are inside of are sums of those; the rest add up to all.

    Attributes:
        code: names it inside the table.
        title: in words; breakdowns of one title and the same finest categories are the same one.
        categories: in order.
    """

    code: str
    title: str
    categories: tuple[Category, ...]

    def __post_init__(self) -> None:
        if not self.code.strip() or not self.title.strip():
            raise ValueError("A dimension needs a code and a title.")
        codes = [category.code for category in self.categories]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if not codes or "" in codes or twice:
            said = (
                f"{twice[0]} stands twice" if twice else "a category has no code, or there is none"
            )
            raise ValueError(f"{self.title}: {said}; give each category a code of its own.")
        for category in self.categories:
            path = [category.code]
            while path[-1]:
                above = self._above.get(path[-1])
                if above is None:
                    raise ValueError(
                        f"{self.title}: {path[-2]} is inside {path[-1]}, which is no category."
                    )
                if above in path:
                    raise ValueError(f"{self.title}: {above} is inside itself.")
                path.append(above)

    @cached_property
    def _above(self) -> dict[str, str]:
        return {category.code: category.inside for category in self.categories}

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """The categories each is the sum of; "" is all; the finest have none."""
        found: dict[str, list[str]] = {code: [] for code in ("", *self._above)}
        for category in self.categories:
            found[category.inside].append(category.code)
        return {code: tuple(parts) for code, parts in found.items()}

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The finest categories."""
        return tuple(code for code, parts in self.children.items() if not parts)

    @cached_property
    def within(self) -> dict[str, tuple[str, ...]]:
        """The finest categories that each is made of."""
        found: dict[str, tuple[str, ...]] = {}

        def finest(code: str) -> tuple[str, ...]:
            parts = self.children[code]
            found[code] = tuple(x for p in parts for x in finest(p)) if parts else (code,)
            return found[code]

        finest("")
        return found

    @cached_property
    def narrow(self) -> frozenset[str]:
        """Categories smaller than a council."""
        return frozenset(c.code for c in self.categories if c.below_council)

    @property
    def identity(self) -> tuple[str, tuple[str, ...]]:
        """The same for every table that breaks down alike, whatever sums it adds."""
        return self.title, tuple(sorted(self.leaves))


class TableFault(ValueError):
    """A cell of a table that cannot be: missing, no count, or not the sum of its parts."""

    def __init__(self, key: Key, message: str) -> None:
        super().__init__(message)
        self.key = key


def spelled_key(key: Key) -> str:
    """A cell in words: `north, kin`, `north, all`."""
    return ", ".join(code or "all" for code in key)


def all_margins(dimensions: Sequence[Dimension]) -> frozenset[frozenset[str]]:
    """Every set of dimensions, none and all included."""
    codes = [dimension.code for dimension in dimensions]
    return frozenset(
        frozenset(chosen) for n in range(len(codes) + 1) for chosen in combinations(codes, n)
    )


@dataclass(frozen=True, repr=False)
class Numbers:
    """What a table holds. For `stats.disclosure` alone."""

    cells: Mapping[Key, int]
    families: Mapping[Key, int]


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise ExactRefused(
        "This is a table of exact counts; it is neither shown nor stored. Protect it, and show "
        "what comes out."
    )


class Table:
    """A table of counts of people by one or more dimensions; the many-way kind of `Exact`.

    Its numbers are for `stats.disclosure` alone. A "k of n" is a dimension of two categories,
    those counted and those not: then n is its total, and both are protected.

    Args:
        code, title, counted: what names it, heads it, and was counted.
        dimensions: the breakdowns, with hierarchies.
        cells: people by cell. Every cell of finest categories, and any sums, which must agree.
        population: who, where and when.
        margins: the sets of dimension codes that are published; all by default. The empty set is
            the grand total; all the dimensions together are the inner cells.
        families: by cell, how many families the people belong to, where that is known.
        sensitive: the stricter threshold applies, as it does from three dimensions on.
        vintage: which issue of the figures this is.

    Raises:
        ValueError: a cell is missing, unknown or no count, or a total is not the sum of its parts.
    """

    __slots__ = (
        "_Table__numbers", "code", "counted", "dimensions", "margins", "population", "sensitive",
        "title", "vintage",
    )  # fmt: skip
    do_not_call_in_templates = True
    code: str
    title: str
    counted: str
    dimensions: tuple[Dimension, ...]
    margins: frozenset[frozenset[str]]
    population: Population
    sensitive: bool
    vintage: str

    def __init__(
        self,
        *,
        code: str,
        title: str,
        counted: str,
        dimensions: Sequence[Dimension],
        cells: Mapping[Key, int],
        population: Population,
        margins: Collection[Collection[str]] | None = None,
        families: Mapping[Key, int] | None = None,
        sensitive: bool = False,
        vintage: str = "",
    ) -> None:
        given = tuple(dimensions)
        _check_dimensions(title, counted, given)
        published = _margins(title, given, margins)
        counts = _counted(title, given, cells)
        homes = _families(title, counts, families or {})
        numbers = Numbers(counts, homes)
        for name, value in {
            "code": code, "title": title, "counted": counted, "dimensions": given,
            "margins": published, "population": population, "vintage": vintage,
            "sensitive": sensitive,
        }.items():  # fmt: skip
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_Table__numbers", lambda: numbers)

    @property
    def narrow(self) -> bool:
        """Whether the stricter threshold applies to all of it."""
        many = len(self.dimensions) >= _MULTI_WAY
        return self.sensitive or self.population.below_council or many

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise ExactRefused(f"An exact table is not changed; count again ({name}).")

    def __repr__(self) -> str:
        return f"<Table {self.code}: not for showing>"

    __str__ = __format__ = __html__ = _refuse
    __iter__ = __len__ = __getitem__ = __contains__ = __bool__ = _refuse
    __int__ = __float__ = __index__ = __bytes__ = _refuse
    __reduce__ = __reduce_ex__ = __getstate__ = __copy__ = __deepcopy__ = _refuse


def numbers_of(table: Table) -> Numbers:
    """The numbers, with every sum. For `stats.disclosure` alone."""
    numbers: Numbers = object.__getattribute__(table, "_Table__numbers")()
    return numbers


def _check_dimensions(title: str, counted: str, dimensions: tuple[Dimension, ...]) -> None:
    if not title.strip() or not counted.strip():
        raise ValueError("A table needs its title, and what was counted, in words.")
    codes = [dimension.code for dimension in dimensions]
    if not codes or len(set(codes)) < len(codes):
        raise ValueError(f"{title}: give one dimension or more, each with a code of its own.")
    size = 1
    for dimension in dimensions:
        size *= len(dimension.children)
    if size > MOST_CELLS:
        raise ValueError(
            f"{title}: {size:,} cells with their totals are more than {MOST_CELLS:,}; leave out a "
            "dimension or put categories together."
        )


def _margins(
    title: str, dimensions: tuple[Dimension, ...], margins: Collection[Collection[str]] | None
) -> frozenset[frozenset[str]]:
    if margins is None:
        return all_margins(dimensions)
    found = frozenset(frozenset(margin) for margin in margins)
    unknown = sorted({code for margin in found for code in margin} - {d.code for d in dimensions})
    if unknown or not found:
        said = f"{unknown[0]} is no dimension" if unknown else "no margin is published"
        raise ValueError(f"{title}: {said}; a margin is a set of codes of dimensions.")
    return found


def _check_count(title: str, key: Key, number: object, what: str = "count") -> int:
    if isinstance(number, bool) or not isinstance(number, int):
        raise TableFault(key, f"{title}: the {what} of {spelled_key(key)} is not a whole number.")
    if number < 0:
        raise TableFault(key, f"{title}: the {what} of {spelled_key(key)} is below zero.")
    return number


def _counted(
    title: str, dimensions: tuple[Dimension, ...], cells: Mapping[Key, int]
) -> dict[Key, int]:
    """Every cell and sum; refuses what is missing, unknown, or does not add up."""
    nodes = [dimension.children for dimension in dimensions]
    for key, number in cells.items():
        known = len(key) == len(nodes) and all(c in n for c, n in zip(key, nodes, strict=True))
        if not known:
            raise TableFault(key, f"{title}: {spelled_key(key)} is no cell of this table.")
        _check_count(title, key, number)
    counts: dict[Key, int] = {}
    for key in product(*(dimension.leaves for dimension in dimensions)):
        if key not in cells:
            raise TableFault(
                key, f"{title}: the count of {spelled_key(key)} is missing; 0 is a count."
            )
        counts[key] = int(cells[key])
    for place, dimension in enumerate(dimensions):
        inner = [code for code, parts in dimension.children.items() if parts]
        lines = {(key[:place], key[place + 1 :]) for key in counts}
        found = dict(counts)
        for before, after in lines:
            for code in inner:
                parts = dimension.within[code]
                found[(*before, code, *after)] = sum(counts[(*before, p, *after)] for p in parts)
        counts = found
    for key, number in cells.items():
        if counts[key] != number:
            gap = number - counts[key]
            raise TableFault(
                key,
                f"{title}: the total of {spelled_key(key)} is given as {number:,} but its parts "
                f"add up to {counts[key]:,}, {abs(gap):,} {'less' if gap > 0 else 'more'}. Put the "
                "total or its parts right.",
            )
    return counts


def _families(title: str, counts: Mapping[Key, int], families: Mapping[Key, int]) -> dict[Key, int]:
    for key, number in families.items():
        if key not in counts:
            raise TableFault(key, f"{title}: {spelled_key(key)} is no cell of this table.")
        _check_count(title, key, number, "number of families")
        if number > counts[key] or (number == 0 and counts[key]):
            raise TableFault(
                key,
                f"{title}: {spelled_key(key)} has {counts[key]} people and {number} families; each "
                "family has one of them at least.",
            )
    return dict(families)


def spelled_table(table: Table) -> str:
    """Everything of a table in one spelling, to tell whether two are the same."""
    numbers = numbers_of(table)
    margins = sorted(sorted(margin) for margin in table.margins)
    about = (table.code, table.title, table.counted, table.vintage, table.sensitive)
    return repr((
        about, table.population, table.dimensions, margins,
        sorted(numbers.cells.items()), sorted(numbers.families.items()),
    ))  # fmt: skip
