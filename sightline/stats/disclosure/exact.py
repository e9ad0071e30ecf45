"""A table of counts of people as it was counted. It cannot be printed, kept or drawn."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, NoReturn

from sightline.kernel.measures import State


class ExactRefused(TypeError):
    """Somebody tried to show or keep an exact table; protect it and use what comes out."""


@dataclass(frozen=True)
class Area:
    """Where the people are: a path of places, widest first ("fife/levenmouth").

    Attributes:
        path: the place.
        without: places inside it that are left out ("council less one locality").
        made_of: the places inside it, where they leave nothing over.
    """

    path: str
    without: tuple[str, ...] = ()
    made_of: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for inner in (*self.without, *self.made_of):
            if not inner.startswith(f"{self.path}/"):
                raise ValueError(f"{inner} does not lie inside {self.path}; write it as a path.")


@dataclass(frozen=True)
class Population:
    """Who was counted. Tables of one `who` are checked against each other.

    Attributes:
        who: a name for the people, the same in every table that counts them.
        area: where.
        first, last: the days the table covers, both included; one day for a count as at that day.
        below_council: the area is smaller than a council's.
    """

    who: str
    area: Area
    first: dt.date
    last: dt.date
    below_council: bool = False

    def __post_init__(self) -> None:
        if not self.who.strip():
            raise ValueError("Say who was counted; tables of the same people share that name.")
        if self.last < self.first:
            raise ValueError(f"{self.who}: the period ends on {self.last}, before it starts.")


@dataclass(frozen=True, repr=False)
class Count:
    """One category as it was counted, on its way into an `Exact`.

    Attributes:
        code, label: the category.
        people: how many people, never records; None where `state` says why there is none.
        of: out of how many, for a table of "k of n".
        families: how many families the people belong to, where that is known.
        behind: how many people there are, where what is counted is not people but, say, their
            meetings.
        state: observed, unless there is no number.
    """

    code: str
    label: str
    people: int | None
    of: int | None = None
    families: int | None = None
    behind: int | None = None
    state: State = State.OBSERVED

    def __repr__(self) -> str:
        return f"<Count {self.code}>"

    def __post_init__(self) -> None:
        for name in ("people", "of", "families", "behind"):
            number = getattr(self, name)
            if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
                raise ValueError(f"{self.label}: {name} is not a whole number.")
            if number is not None and number < 0:
                raise ValueError(f"{self.label}: {name} is below zero; counts are 0 or more.")
        counted = self.state in {State.OBSERVED, State.TRUE_ZERO}
        if counted != (self.people is not None) or self.state is State.SUPPRESSED:
            raise ValueError(
                f"{self.label}: give the number of people, or the state that says why there is "
                "none. What is hidden is decided here and never handed in."
            )
        if not counted and any(n is not None for n in (self.of, self.families, self.behind)):
            raise ValueError(f"{self.label}: there is no number, so it is not out of anything.")
        if self.people is not None:
            if self.of is not None and self.people > self.of:
                raise ValueError(f"{self.label}: more people are counted than there are.")
            if self.families is not None and self.families > self.people:
                raise ValueError(f"{self.label}: there are more families than people.")
            if self.families == 0 and self.people:
                raise ValueError(f"{self.label}: there are people and no family; leave it out.")


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise ExactRefused(
        "This is a table of exact counts; it is neither shown nor stored. Give it to "
        "`releases.services.declare` and show what `releases.queries.shown` hands out."
    )


class Exact:
    """A one-way table of counts of people. Its numbers are for `stats.disclosure` alone.

    Everything about the table but its numbers may be read: `code`, `title`, `counted`,
    `base_words`, `by`, `population`, `measure`, `sensitive`, `vintage`, `categories`.

    Args:
        code: names the table inside its set.
        title: what it shows, as a heading.
        counted: what was counted, in words ("children whose record was read").
        base_words: who the base is, in words ("of all children in the sample").
        by: the breakdown, in words ("Age"); it heads the first column.
        population: who, where and when.
        counts: one for each category, in order. With `of`, the table is of "k of n".
        measure: for "k of n", what k is, named the same in every table that counts it.
        sensitive: the stricter threshold applies.
        vintage: which issue of the figures this is.

    Raises:
        ValueError: nothing to count, two categories of one code, or `of` for some only.
    """

    __slots__ = (
        "_Exact__counts", "base_words", "by", "code", "counted", "measure", "population",
        "sensitive", "title", "vintage",
    )  # fmt: skip
    do_not_call_in_templates = True
    base_words: str
    by: str
    code: str
    counted: str
    measure: str
    population: Population
    sensitive: bool
    title: str
    vintage: str

    def __init__(
        self,
        *,
        code: str,
        title: str,
        counted: str,
        base_words: str,
        by: str,
        population: Population,
        counts: Sequence[Count],
        measure: str = "",
        sensitive: bool = False,
        vintage: str = "",
    ) -> None:
        given = tuple(counts)
        _check(title, counted, base_words, by, given, measure)
        for name, value in {
            "code": code, "title": title, "counted": counted, "base_words": base_words, "by": by,
            "population": population, "measure": measure, "sensitive": sensitive,
            "vintage": vintage,
        }.items():  # fmt: skip
            object.__setattr__(self, name, value)
        object.__setattr__(self, "_Exact__counts", lambda: given)

    @property
    def categories(self) -> tuple[tuple[str, str], ...]:
        """Code and label of each category."""
        return tuple((count.code, count.label) for count in counts_of(self))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise ExactRefused(f"An exact table is not changed; count again ({name}).")

    def __repr__(self) -> str:
        return f"<Exact {self.code}: not for showing>"

    __str__ = __format__ = __html__ = _refuse
    __iter__ = __len__ = __getitem__ = __contains__ = __bool__ = _refuse
    __int__ = __float__ = __index__ = __bytes__ = _refuse
    __reduce__ = __reduce_ex__ = __getstate__ = __copy__ = __deepcopy__ = _refuse


def counts_of(exact: Exact) -> tuple[Count, ...]:
    """The numbers. Imported by `stats.disclosure` alone; a test of the architecture sees to it."""
    counts: tuple[Count, ...] = object.__getattribute__(exact, "_Exact__counts")()
    return counts


_COUNTED = tuple(one.name for one in fields(Count))


def spelled(exact: Exact) -> str:
    """Everything of a table in one spelling, to tell whether two are the same.

    For `releases.services` alone, which keeps a keyed digest of it and nothing else.
    """
    about = [getattr(exact, name) for name in Exact.__slots__ if not name.startswith("_Exact")]
    counts = [tuple(getattr(count, name) for name in _COUNTED) for count in counts_of(exact)]
    return repr((about, counts))


def _check(
    title: str, counted: str, base_words: str, by: str, counts: tuple[Count, ...], measure: str
) -> None:
    for name, words in (
        ("title", title), ("counted", counted), ("base_words", base_words), ("by", by),
    ):  # fmt: skip
        if not words.strip():
            raise ValueError(f"A table needs its {name} in words.")
    if not counts:
        raise ValueError(f"{title}: there is no category, so there is nothing to count.")
    codes = [count.code for count in counts]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise ValueError(f"{title}: the category {twice[0]} stands twice; add its counts up first.")
    counted_rows = [count for count in counts if count.people is not None]
    out_of = [count for count in counted_rows if count.of is not None]
    if out_of and len(out_of) < len(counted_rows):
        raise ValueError(f"{title}: some categories say out of how many and some do not.")
    if bool(out_of) != bool(measure) and counted_rows:
        raise ValueError(f"{title}: a table of k of n names its measure, and only such a table.")
