"""What an overview holds: plain frozen objects, with no rule and no database behind them.

`overview.build_overview` makes them; pages, spreadsheets, documents and the command only show them.
In JSON (`sightline overview --format json`) each object has its fields under these names.
"""

from dataclasses import dataclass

from sightline.kernel.measures import Measure


@dataclass(frozen=True)
class Named:
    """One inspection as a reader knows it. `label` tells it from the others that are shown."""

    reference: str
    label: str
    partnership: str
    name: str


@dataclass(frozen=True)
class Saying:
    """What one or more sources say a value is.

    `words` is how it reads ("Good", "over 350", "89%"); `value` is the number behind it, or None
    for a date. `sources` are titles, or the key of a source whose title is not known here.
    """

    words: str
    value: int | None
    sources: tuple[str, ...]
    confidence: str
    place: str = ""
    note: str = ""


@dataclass(frozen=True)
class Cell:
    """The evaluation of one judgement in one inspection. `saying` is None when it is not known."""

    judgement: str
    saying: Saying | None
    also: tuple[Saying, ...] = ()
    note: str = ""
    scope: str = ""

    @property
    def value(self) -> int | None:
        """The point on the scale, or None when it is not known."""
        return None if self.saying is None else self.saying.value

    @property
    def word(self) -> str:
        """The word of the scale, or "not known"."""
        return "not known" if self.saying is None else self.saying.words

    @property
    def disputed(self) -> bool:
        """True when another source gives another evaluation."""
        return any(other.value != self.value for other in self.also)


@dataclass(frozen=True)
class Row:
    """One inspection and its evaluations, one cell per judgement shown, in their order.

    A cell is None where the report was not expected to give that evaluation (a progress review).
    """

    named: Named
    kind: str
    published: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class WordCount:
    """How many inspections were evaluated with one word of the scale."""

    value: int
    word: str
    count: int
    inspections: tuple[Named, ...]


@dataclass(frozen=True)
class JudgementView:
    """One judgement across the inspections shown.

    `expected` is how many inspections should have an evaluation, `known` for how many it is known;
    `unknown` names the rest. `good_or_better` is out of `known`. `quantity` says it in the standard
    terms, as "1 of 2" where the base is too small for one, empty when nothing is known.
    """

    code: str
    title: str
    indicators: tuple[str, ...]
    counts: tuple[WordCount, ...]
    expected: int
    known: int
    unknown: tuple[Named, ...]
    good_or_better: Measure
    quantity: str
    highest: WordCount | None
    lowest: WordCount | None


@dataclass(frozen=True)
class Together:
    """ "n of N good or better" over several judgements at once."""

    judgements: tuple[str, ...]
    good_or_better: Measure
    expected: int
    reason: str


@dataclass(frozen=True)
class Group:
    """The inspections of one programme. Programmes are not added up: each judges other children.

    `rows` have evaluations, known or not; `without` are reports that give none (progress reviews).
    """

    programme: str
    short: str
    title: str
    population: str
    framework: str
    judgements: tuple[JudgementView, ...]
    together: Together | None
    rows: tuple[Row, ...]
    without: tuple[Row, ...]


@dataclass(frozen=True)
class Contribution:
    """What one inspection adds to a pooled count."""

    named: Named
    saying: Saying
    disputed: bool
    partial: str = ""


@dataclass(frozen=True)
class Stated:
    """A number an overview report states for a whole programme; never added to one counted here.

    `pooled` is the evidence count it stands beside, or empty; `known_here` says in words what is
    counted here of the same thing, where that can be said.
    """

    overview: str
    overview_title: str
    pooled: str
    label: str
    saying: Saying
    also: tuple[Saying, ...] = ()
    known_here: str = ""


@dataclass(frozen=True)
class Pooled:
    """One kind of evidence across inspections.

    `total` is the sum over the inspections whose count is known (None for a per cent, which is not
    added up); `total_words` carries its qualifier ("at least 350"). `expected` is how many of the
    inspections belong to a programme that counts this; `missing` names those whose count is not
    known. `doubtful` are the counts of low confidence that are in the total, `stated` what overview
    reports of the same programmes state, beside it.
    """

    channel: str
    label: str
    unit: str
    per_cent: bool
    total: Measure
    total_words: str
    expected: int
    known: tuple[Contribution, ...]
    missing: tuple[Named, ...]
    doubtful: tuple[Contribution, ...]
    stated: tuple[Stated, ...]


@dataclass(frozen=True)
class Conflict:
    """Sources that differ about one value. The one in use is only in use; nothing is resolved.

    `named` is the inspection; or the overview report that states it, of no partnership.
    """

    named: Named
    what: str
    in_use: Saying
    others: tuple[Saying, ...]


@dataclass(frozen=True)
class Change:
    """One judgement of one partnership, in two inspections that can be compared."""

    partnership: str
    name: str
    judgement: str
    title: str
    earlier: Named
    earlier_published: str
    earlier_value: int
    earlier_word: str
    later: Named
    later_published: str
    later_value: int
    later_word: str
    note: str

    @property
    def difference(self) -> int:
        """Points of the scale, later less earlier."""
        return self.later_value - self.earlier_value

    @property
    def fell(self) -> int:
        """How many points it fell; 0 or less when it did not."""
        return self.earlier_value - self.later_value


@dataclass(frozen=True)
class NotCompared:
    """A partnership inspected more than once for which nothing can be compared, and why."""

    partnership: str
    name: str
    inspections: tuple[Named, ...]
    why: str


@dataclass(frozen=True)
class Unknown:
    """A value that is not known, the inspections it is not known for, and of how many.

    `judgement` is its code when the value is an evaluation, otherwise empty.
    """

    what: str
    judgement: str
    inspections: tuple[Named, ...]
    expected: int


@dataclass(frozen=True)
class StatedShare:
    """How many of how many evaluations an overview report puts between two points of the scale.

    `known_here` says the same of the inspections shown, where it can be said: how many of how many
    known evaluations. It stands beside and is never mixed in.
    """

    text: str
    words: str
    judgements: tuple[str, ...]
    known_here: str
    sources: tuple[str, ...]
    confidence: str
    place: str
    note: str


@dataclass(frozen=True)
class StatedMessage:
    """A message of an overview report, in our words."""

    text: str
    sources: tuple[str, ...]
    confidence: str
    note: str


@dataclass(frozen=True)
class StatedSpread:
    """How many indicators of one area were evaluated with each word, where only that is known."""

    partnership: str
    name: str
    published: str
    indicators: int
    counts: tuple[tuple[str, int], ...]
    address: str
    confidence: str
    note: str


@dataclass(frozen=True)
class OverviewReport:
    """A published overview report and everything it states that is held here.

    `inspections` are those of its set that are held here, whether shown or not.
    """

    code: str
    title: str
    programme: str
    period: str
    inspections: tuple[str, ...]
    stated: tuple[Stated, ...]
    shares: tuple[StatedShare, ...]
    messages: tuple[StatedMessage, ...]
    spreads: tuple[StatedSpread, ...]

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"report-{self.code.replace('@', '-')}"


@dataclass(frozen=True)
class Overview:
    """Everything the overview shows, in the order it is shown. `summary` is full sentences."""

    summary: tuple[str, ...]
    inspections: tuple[Named, ...]
    groups: tuple[Group, ...]
    evidence: tuple[Pooled, ...]
    conflicts: tuple[Conflict, ...]
    changes: tuple[Change, ...]
    not_compared: tuple[NotCompared, ...]
    unknown: tuple[Unknown, ...]
    reports: tuple[OverviewReport, ...]
