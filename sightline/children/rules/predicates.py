"""What a rule may ask of one row: the parts of `where`, `when` and `that` in a rule."""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator

from sightline.kernel.definitions import Closed

ColumnName = Annotated[str, Field(pattern=r"^((child|death):)?[a-z][a-z0-9_]*$")]
"""A column of the dataset; `child:…` is one of the child, `death:…` of the death."""

Bound = float | dt.date
_TESTS = (
    "is_", "not_", "known", "true", "at_least", "at_most", "over", "under", "has", "has_any",
    "has_none", "before", "after", "on_or_before", "on_or_after", "least", "most",
)  # fmt: skip


class Predicate(Closed):
    """One condition; what is not known fulfils none but `known: no`.

    Attributes:
        column: what is looked at.
        is_: one of these codes. `not_`: known, and none of these.
        known: whether there is a value. `true`: what a yes-or-no says.
        at_least, at_most, over, under: a number or a day.
        has, has_any, has_none: of a set of codes.
        before, after, on_or_before, on_or_after: another date column, `days` days later.
        age: the date column at which the child's age in whole years is `least` to `most`.
        unborn: the date column at which the child was not born yet.
        any_: one of several predicates holds.
    """

    column: ColumnName | None = None
    is_: tuple[str, ...] = Field(default=(), alias="is")
    not_: tuple[str, ...] = Field(default=(), alias="not")
    known: bool | None = None
    true: bool | None = None
    at_least: Bound | None = None
    at_most: Bound | None = None
    over: Bound | None = None
    under: Bound | None = None
    has: tuple[str, ...] = ()
    has_any: tuple[str, ...] = ()
    has_none: tuple[str, ...] = ()
    before: ColumnName | None = None
    after: ColumnName | None = None
    on_or_before: ColumnName | None = None
    on_or_after: ColumnName | None = None
    days: int = 0
    age: ColumnName | None = None
    least: int | None = None
    most: int | None = None
    unborn: ColumnName | None = None
    any_: tuple["Predicate", ...] = Field(default=(), alias="any")

    @model_validator(mode="after")
    def it_asks_one_thing(self) -> "Predicate":
        """It looks at a column, an age, at being unborn, or at several predicates."""
        ways = [self.column, self.age, self.unborn, self.any_ or None]
        if sum(way is not None for way in ways) != 1:
            raise ValueError("a predicate has one of column, age, unborn and any.")
        asked = {name for name in _TESTS if getattr(self, name) not in (None, ())}
        fits = asked <= {"least", "most"} if self.age else not asked & {"least", "most"}
        wanted = self.column is not None or self.age is not None
        if bool(asked) != wanted or not fits:
            raise ValueError("a predicate asks something of its column or age, and nothing else.")
        return self

    def columns(self) -> Iterator[str]:
        """Every column it needs, those of the child with their prefix."""
        for name in (
            self.column, self.before, self.after, self.on_or_before, self.on_or_after, self.age,
            self.unborn,
        ):  # fmt: skip
            if name is not None:
                yield name
        if self.age or self.unborn:
            yield "child:date_of_birth"
        for one in self.any_:
            yield from one.columns()

    def codes(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Columns with the codes that are looked for in them."""
        for found in (self.is_, self.not_, self.has, self.has_any, self.has_none):
            if found and self.column is not None:
                yield self.column, found
        for one in self.any_:
            yield from one.codes()
