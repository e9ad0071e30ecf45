"""Results as pages, charts and files show them. Pure functions over what is shown."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from sightline.design.charts import Chart, Comparator, Point, bars, dots
from sightline.kernel.measures import State
from sightline.stats.disclosure import Shown, ShownSeries
from sightline.stats.intervals import difference
from sightline.stats.quantity import Terms
from sightline.surveys.definitions import Item, said
from sightline.surveys.results import Share, also, measured, sentence, shares
from sightline.surveys.results_queries import Results, counted_items

_FEW = 2


@dataclass(frozen=True)
class Question:
    """One question on a page of results.

    Attributes:
        shares: everybody's answers; empty where too few answered.
        measures: the named measures of everybody.
        said: the first measure, or the commonest answer, as a sentence.
        word: which other terms of quantity it could have within its interval.
        by: what it can be split by: code and title of each grouping.
    """

    code: str
    text: str
    base: int | None
    base_words: str
    shares: tuple[Share, ...]
    measures: tuple[Share, ...]
    said: str
    word: str
    chart: Chart | None
    by: tuple[tuple[str, str], ...]
    hidden: bool
    links: tuple[str, ...] = ()
    groups: tuple["Group", ...] = ()


@dataclass(frozen=True)
class Group:
    """A question's measure by one grouping."""

    title: str
    measure: str
    shares: tuple[Share, ...]
    chart: Chart | None
    hidden: bool
    notes: tuple[str, ...] = ()


def question(found: Results, item: Item, terms: Terms) -> Question:
    """One question as its page and the list of all show it."""
    language = found.asked.languages[0]
    text = said(item.text, language)
    series = found.everybody(item)
    titles = {one.code: said(one.text, language) for one in found.asked.items()}
    by = dict.fromkeys(grouping for _, grouping in found.splits(item))
    ways = tuple((code, titles.get(code, code.capitalize())) for code in by)
    if series is None:
        return Question(
            item.code, text, None, "", (), (), f"Too few {found.who} answered this to show it.",
            "", None, ways, hidden=False, links=item.links,
        )  # fmt: skip
    here = shares(series.shown)
    named = tuple(measured(item, name, series.shown) for name in item.measures)
    first = _first(here, named)
    base = here[0].base if here else None
    did = f"said “{first.label}”" if first else ""
    return Question(
        code=item.code, text=text, base=base, shares=here, measures=named,
        base_words=series.shown.base_words.removeprefix("of "),
        said=sentence(first, found.who, did, terms) if first else "",
        word=also(first, terms) if first else "", chart=_bars(text, series.shown, found),
        by=ways, hidden=bool(series.hidden_n), links=item.links,
    )  # fmt: skip


def _first(here: Sequence[Share], named: Sequence[Share]) -> Share | None:
    """What is said first: the first measure that is known, else the commonest answer."""
    known = [one for one in named if one.n is not None]
    if known:
        return known[0]
    answers = [one for one in here if one.n is not None]
    return max(answers, key=lambda one: one.n or 0) if answers else (here[0] if here else None)


def _point(one: Share) -> Point:
    value = one.per_cent if one.n is not None and one.per_cent is not None else State.SUPPRESSED
    return Point(one.label, value, count=one.n, base=one.base if one.n is not None else None)


def _bars(text: str, shown: Shown, found: Results) -> Chart | None:
    here = shares(shown)
    if not any(one.n is not None for one in here):
        return None
    base = here[0].base
    return bars(
        headline=text, subtitle=f"Per cent of {base:,} {found.who} who answered" if base else text,
        points=[_point(one) for one in here], measure=text, unit="%", row_name="Answer",
        source=found.survey.title,
    )  # fmt: skip


def groups(found: Results, item: Item) -> Iterator[Group]:
    """A question by every grouping and measure that was opened."""
    language = found.asked.languages[0]
    titles = {one.code: said(one.text, language) for one in found.asked.items()}
    for name, grouping in found.splits(item):
        series = found.by(item, name, grouping)
        if series is not None:
            yield _group(found, item, name, titles.get(grouping, grouping.capitalize()), series)


def _group(found: Results, item: Item, name: str, title: str, series: ShownSeries) -> Group:
    here = shares(series.shown)
    label = name.replace("-", " ")
    everybody = found.everybody(item)
    whole = measured(item, name, everybody.shown) if everybody and name in item.measures else None
    comparator = None
    if whole is not None and whole.per_cent is not None:
        comparator = Comparator(f"All {found.who}", whole.per_cent)
    drawn = None
    if sum(one.n is not None for one in here) >= _FEW:
        drawn = dots(
            headline=f"{said(item.text, found.asked.languages[0])} ({label})",
            subtitle=f"Per cent of {found.who} who answered, by group",
            points=[_point(one) for one in here], measure=label, unit="%", row_name=title,
            comparator=comparator, source=found.survey.title,
        )  # fmt: skip
    return Group(title, label, here, drawn, bool(series.hidden_n), series.shown.notes)


@dataclass(frozen=True)
class HeatCell:
    """A cell of the heat table: the share, and how far it lies from everybody's, in five steps."""

    share: Share | None
    step: str
    words: str


@dataclass(frozen=True)
class HeatRow:
    """A question of the heat table, everybody first."""

    code: str
    text: str
    measure: str
    everybody: Share
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True)
class Heat:
    """Measures by group: a row a question, a column a group."""

    title: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[HeatRow, ...] = field(default=())


_STEPS = ((-15, "much-lower", "much lower"), (-5, "lower", "lower"), (5, "same", "about the same"),
          (15, "higher", "higher"))  # fmt: skip


def _heat_cell(one: Share | None, whole: Share) -> HeatCell:
    if one is None:
        return HeatCell(None, "none", "counted with others")
    if one.per_cent is None or whole.per_cent is None:
        return HeatCell(one, "none", "too few to show")
    apart = one.per_cent - whole.per_cent
    for most, step, words in _STEPS:
        if apart <= most:
            return HeatCell(one, step, words)
    return HeatCell(one, "much-higher", "much higher")


def heat(found: Results, grouping: str, title: str) -> Heat:
    """The first measure of each question by one grouping; groups as the questionnaire has them."""
    language = found.asked.languages[0]
    rows: list[tuple[Item, str, Share, dict[str, Share]]] = []
    columns: dict[str, str] = {}
    for item in counted_items(found.asked):
        name = next((n for n, by in found.splits(item) if by == grouping), None)
        series = found.by(item, name, grouping) if name else None
        everybody = found.everybody(item)
        if name is None or series is None or everybody is None or name not in item.measures:
            continue
        by_code = {one.code: one for one in shares(series.shown)}
        columns |= {one.code: one.label for one in by_code.values() if one.code != _TOGETHER}
        rows.append((item, name, measured(item, name, everybody.shown), by_code))
    return Heat(title, tuple(columns.items()), tuple(
        HeatRow(
            item.code, said(item.text, language), name.replace("-", " "), whole,
            tuple(_heat_cell(by_code.get(code), whole) for code in columns),
        )
        for item, name, whole, by_code in rows
    ))  # fmt: skip


_TOGETHER = "together"


def is_by(grouping: str) -> Callable[[str], bool]:
    """What a heat table needs: everybody's series, and those by this grouping."""
    return lambda code: code.endswith(f"@{grouping}") or "@" not in code


def is_of(item: Item, number: int) -> Callable[[str], bool]:
    """What a question's page needs: its own series, of everybody and by group."""
    return lambda code: code.partition(":")[0] in {item.code, f"q{number}"}


@dataclass(frozen=True)
class Round:
    """The same question in another round or area, and how far it lies from this one.

    `apart` is in percentage points with its 95 per cent interval, or says why it is not given.
    """

    title: str
    address: str
    share: Share
    apart: str
    sure: bool


def rounds(here: Share, others: Sequence[tuple[str, str, Share]]) -> list[Round]:
    """Other rounds beside this one: title, address and share of each."""
    return [Round(title, where, one, *_apart(here, one)) for title, where, one in others]


def _apart(here: Share, one: Share) -> tuple[str, bool]:
    if here.n is None or one.n is None or not here.base or not one.base:
        return "not given: too few to show", False
    found = difference((here.n, here.base), (one.n, one.base))
    points = [round(100 * end) for end in (found.estimate, found.low, found.high)]
    sure = found.low > 0 or found.high < 0
    words = "higher here" if points[0] > 0 else "lower here" if points[0] < 0 else "the same here"
    size = "" if not points[0] else f"{abs(points[0])} points "
    return f"{size}{words} (from {points[1]} to {points[2]})", sure
