"""The shapes a rule may have. Each is a class with typed parameters; `asking` turns it into tables.

Three families: of a row (with its child, and with the other rows of its group), of a row and the
rows of another dataset that share a key, and of a whole dataset.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sightline.children.rules.predicates import ColumnName, Predicate
from sightline.kernel.definitions import Closed, Code

Own = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Predicates = Annotated[tuple[Predicate, ...], Field(min_length=1)]


class Shape(Closed):
    """What every shape tells: the columns it needs, and which column a fault points to."""

    def columns(self) -> Iterator[str]:
        """Columns of the rule's own dataset, and of its child with the prefix `child:`."""
        yield from ()

    def others(self) -> Iterator[str]:
        """Further datasets it needs."""
        yield from ()


# --- of a row ---


class Never(Shape):
    """A row for which all of `when` hold is at fault: a combination that cannot be."""

    kind: Literal["never"]
    when: Predicates

    def columns(self) -> Iterator[str]:
        for one in self.when:
            yield from one.columns()


class Order(Shape):
    """`then` is not before `first`, or not more than `slack_days` before; `later`: after it."""

    kind: Literal["order"]
    first: ColumnName
    then: ColumnName
    slack_days: int = 0
    later: bool = False

    def columns(self) -> Iterator[str]:
        yield from (self.first, self.then)


class Ends(Closed):
    """The first and last day of what a dataset's row tells of."""

    dataset: Code
    first: Own
    last: Own


class AtMost(Shape):
    """`column` is not more than `other`; both are numbers."""

    kind: Literal["at-most"]
    column: Own
    other: Own

    def columns(self) -> Iterator[str]:
        yield from (self.column, self.other)


class Dates(Shape):
    """In every dataset: no date in the future but those named, and no end before its start."""

    kind: Literal["dates"]
    may_be_ahead: tuple[str, ...] = ()
    ends: tuple[Ends, ...]


class Age(Shape):
    """The child's age in whole years at `at` is `least` to `most`; the unborn pass."""

    kind: Literal["age"]
    at: Own
    least: int | None = None
    most: int | None = None

    @model_validator(mode="after")
    def it_has_a_limit(self) -> "Age":
        """One of the limits is given."""
        if self.least is None and self.most is None:
            raise ValueError("an age has `least`, `most`, or both.")
        return self

    def columns(self) -> Iterator[str]:
        yield from (self.at, "child:date_of_birth")


class Present(Shape):
    """`column` has a value when all of `when` hold; with `only`, at no other time."""

    kind: Literal["present"]
    column: Own
    when: Predicates
    only: bool = False

    def columns(self) -> Iterator[str]:
        yield self.column
        for one in self.when:
            yield from one.columns()


class Length(Shape):
    """From `first` to `last` it is `least` to `most` days; `open`: until today while not ended."""

    kind: Literal["length"]
    first: ColumnName
    last: ColumnName
    least: int | None = None
    most: int | None = None
    open: bool = False

    def columns(self) -> Iterator[str]:
        yield from (self.first, self.last)


class Hours(Shape):
    """From `first` to `last` it is at most `most` hours; `open`: until today while not ended."""

    kind: Literal["hours"]
    first: Own
    last: Own
    most: int
    open: bool = False

    def columns(self) -> Iterator[str]:
        yield from (self.first, self.last)


# --- of a row among those of its group ---


class Overlap(Shape):
    """Spells of one group follow one another; at fault is one that starts before another ended.

    Attributes:
        group: columns whose rows belong together.
        slack_days: so many days of overlap pass.
    """

    kind: Literal["overlap"]
    group: tuple[Own, ...]
    first: Own
    last: Own
    slack_days: int = 0

    def columns(self) -> Iterator[str]:
        yield from (*self.group, self.first, self.last)


class Gap(Shape):
    """In a group a spell starts at most `most` days after the latest end before it."""

    kind: Literal["gap"]
    group: tuple[Own, ...]
    first: Own
    last: Own
    most: int

    def columns(self) -> Iterator[str]:
        yield from (*self.group, self.first, self.last)


class Ascending(Shape):
    """In a group, by `date`, each `column` is above the one before; `alike`: or the same."""

    kind: Literal["ascending"]
    group: tuple[Own, ...]
    date: Own
    column: Own
    alike: bool = False

    def columns(self) -> Iterator[str]:
        yield from (*self.group, self.date, self.column)


class Crowded(Shape):
    """No more than `most` rows of a group within `days` days; at fault is the one too many."""

    kind: Literal["crowded"]
    group: tuple[Own, ...]
    date: Own
    most: int = Field(ge=1)
    days: int

    def columns(self) -> Iterator[str]:
        yield from (*self.group, self.date)


class Shared(Closed):
    """Rows with the same `by` have the same `column`; without a `column` there is one such row.

    Rows that lack one of `by` are not looked at, unless `empty_alike` says that what is empty is
    one value too.
    """

    by: tuple[Own, ...]
    column: Own | None = None
    within_extract: bool = False
    empty_alike: bool = False


class OneValue(Shape):
    """Rows that share something agree on something else, or there is but one of them."""

    kind: Literal["one-value"]
    each: tuple[Shared, ...] = Field(min_length=1)

    def columns(self) -> Iterator[str]:
        for one in self.each:
            yield from one.by
            if one.column:
                yield one.column


# --- of a row and the rows of another dataset ---


class Near(Closed):
    """The other's day is at most `before` days before and `after` days after ours; empty: any."""

    own: ColumnName
    other: Own
    before: int | None = None
    after: int | None = None


class Spells(Closed):
    """Our spell and the other's. Without `own_last`, ours is a day; an empty end is open."""

    own_first: Own
    own_last: Own | None = None
    other_first: Own
    other_last: Own | None = None
    slack_days: int = 0


class Paired(Shape):
    """What the shapes of two datasets share.

    Attributes:
        other: the other dataset.
        on: our column to theirs; the pair must agree on each.
        that: what their row must fulfil.
        near: how far their day may be from ours.
        within: our spell lies in theirs.
        meets: the two spells have a day in common beyond `slack_days`.
        another: where the other dataset is our own, their row is another `row`, or of another
            `extract`.
    """

    other: Code
    on: tuple[tuple[Own, Own], ...] = Field(min_length=1)
    that: tuple[Predicate, ...] = ()
    near: Near | None = None
    within: Spells | None = None
    meets: Spells | None = None
    another: Literal["", "row", "extract"] = ""

    def columns(self) -> Iterator[str]:
        yield from (own for own, _ in self.on)
        if self.near:
            yield self.near.own
        for spells in (self.within, self.meets):
            if spells:
                yield spells.own_first
                if spells.own_last:
                    yield spells.own_last

    def other_columns(self) -> Iterator[str]:
        """Columns of the other dataset."""
        yield from (other for _, other in self.on)
        if self.near:
            yield self.near.other
        for spells in (self.within, self.meets):
            if spells:
                yield spells.other_first
                if spells.other_last:
                    yield spells.other_last
        for one in self.that:
            yield from one.columns()

    def others(self) -> Iterator[str]:
        yield self.other

    def limits(self) -> tuple[int | None, int | None]:
        """The least and most matching rows that are right."""
        raise NotImplementedError


class Match(Paired):
    """The other dataset has a row that goes with it."""

    kind: Literal["match"]

    def limits(self) -> tuple[int | None, int | None]:
        return (1, None)


class NoMatch(Paired):
    """The other dataset has no row that goes with it."""

    kind: Literal["no-match"]

    def limits(self) -> tuple[int | None, int | None]:
        return (None, 0)


class Inside(Paired):
    """It lies inside a spell of the other dataset."""

    kind: Literal["inside"]

    @model_validator(mode="after")
    def it_has_spells(self) -> "Inside":
        """`within` says which."""
        if self.within is None:
            raise ValueError("inside says `within` which spell.")
        return self

    def limits(self) -> tuple[int | None, int | None]:
        return (1, None)


class Tally(Paired):
    """The other dataset has `least` to `most` rows that go with it."""

    kind: Literal["tally"]
    least: int | None = None
    most: int | None = None

    def limits(self) -> tuple[int | None, int | None]:
        return (self.least, self.most)


# --- of a whole dataset ---


class Share(Shape):
    """Of the rows looked at, those for which `counts` holds are `least` to `most` per cent."""

    kind: Literal["share"]
    counts: Predicates
    least: float | None = None
    most: float | None = None
    words: str

    def columns(self) -> Iterator[str]:
        for one in self.counts:
            yield from one.columns()


class Mean(Shape):
    """Rows to each distinct `per` are `least` to `most` on average."""

    kind: Literal["mean"]
    per: tuple[Own, ...]
    least: float
    most: float
    words: str

    def columns(self) -> Iterator[str]:
        yield from self.per


# --- of published figures ---


class Total(Shape):
    """Categories sum to their total, but for `hidden` at most each for those not shown."""

    kind: Literal["total"]
    hidden: int
    slack: float = 0


class RateOf(Closed):
    """A measure that is another's count to every `per` of its base."""

    rate: Code
    count: Code
    per: int


class Rates(Shape):
    """A rate times its base gives the count, but for rounding to `decimals` places."""

    kind: Literal["rates"]
    each: tuple[RateOf, ...] = Field(min_length=1)
    decimals: int


class Flow(Closed):
    """A number on a day, and what came and went in the year up to it."""

    stock: Code
    starts: Code
    ends: Code


class Balance(Shape):
    """Last year's number and what came, less what went, is this year's within `per_cent`."""

    kind: Literal["balance"]
    each: tuple[Flow, ...] = Field(min_length=1)
    per_cent: float


class Change(Shape):
    """From one year to the next it does not change by over `per_cent` and over `least`."""

    kind: Literal["change"]
    per_cent: float
    least: float


class ZeroAfter(Shape):
    """No nought where each of the `years` figures before it was over `over`."""

    kind: Literal["zero-after"]
    years: int = Field(ge=1)
    over: float


PAIRED = (Match, NoMatch, Inside, Tally)
WHOLE = (Share, Mean)
AnyShape = Annotated[
    Never | Order | AtMost | Dates | Age | Present | Length | Hours | Overlap | Gap | Ascending
    | Crowded | OneValue | Match | NoMatch | Inside | Tally | Share | Mean | Total | Rates | Balance
    | Change | ZeroAfter,
    Field(discriminator="kind"),
]  # fmt: skip
