"""A shown table as a page, a chart and a file have it. Everything here takes `Shown`."""

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.design.charts import Chart, Point, bars
from sightline.design.spreadsheets import Cell, Sheet
from sightline.releases.definitions import ProfileDefinition, profiles
from sightline.releases.queries import Group
from sightline.stats.disclosure import Shown, ShownCell

_LONGEST_NAME = 31


def period(shown: Shown) -> str:
    """The days a table covers, in words."""
    people = shown.population
    first, last = (f"{day.day} {day:%B %Y}" for day in (people.first, people.last))
    return first if first == last else f"{first} to {last}"


def subtitle(shown: Shown) -> str:
    """Who was counted, where and when."""
    return f"{shown.counted[:1].upper()}{shown.counted[1:]}, {period(shown)}"


def chart(shown: Shown, *, notes: bool = True) -> Chart | None:
    """Bars of the counts; None where every row is hidden, which is said in a sentence instead.

    Without `notes` where the table stands beside it and has them.
    """
    if shown.is_empty:
        return None
    return bars(
        headline=shown.title,
        subtitle=subtitle(shown),
        points=[_point(shown, place) for place in range(len(shown.rows))],
        measure="People",
        row_name=shown.by,
        notes=shown.notes if notes else (),
    )


def _point(shown: Shown, place: int) -> Point:
    row = shown.rows[place]
    base = row.of.value if row.of is not None and row.count.value is not None else None
    return Point(row.label, row.count.drawn, base=base)


def header(shown: Shown) -> tuple[str, ...]:
    """The headings of its table."""
    return (shown.by, "People", *(["Out of"] if shown.measure else []), "Per cent")


def sheet(shown: Shown) -> Sheet:
    """The table as a sheet of a workbook."""
    lines = (*shown.rows, shown.total)
    return Sheet(
        name=shown.code[:_LONGEST_NAME],
        title=f"{shown.title}. {subtitle(shown)}",
        header=header(shown),
        rows=tuple((line.label, *(_in_file(cell) for cell in _cells(line))) for line in lines),
        notes=tuple([shown.withheld] if shown.withheld else []) + shown.notes,
    )


def _cells(line: object) -> list[ShownCell]:
    found = [getattr(line, name) for name in ("count", "of", "per_cent")]
    return [cell for cell in found if cell is not None]


def _in_file(cell: ShownCell) -> Cell:
    return cell.text if cell.value is None else cell.value


def csv_rows(shown: Shown) -> tuple[tuple[Cell, ...], ...]:
    """The table with the key under it, for a file that has no other sheet."""
    table = sheet(shown).rows
    width = len(header(shown))
    key = [(f"{symbol} means {words}", *[""] * (width - 1)) for symbol, words in shown.key]
    return (*table, *[tuple(cell or "[z]" for cell in row) for row in key])


def protected(one: Group) -> str:
    """How the tables of a row of the ledger were protected, in words; "" where nothing was said."""
    said = [one.finding] if one.finding else []
    if one.hidden:
        counts = f"{one.primary:,} for themselves, {one.secondary:,} to protect others"
        counts += f", {one.linked:,} of them because of earlier releases" if one.linked else ""
        said.append(f"{one.hidden:,} counts hidden: {counts}." if one.lines > 1 else f"{counts}.")
    elif one.lines > 1:
        said.append("No count is hidden.")
    if one.lines > 1 and one.withheld:
        said.append(f"Something is withheld whole in {one.withheld:,} of them.")
    return " ".join(said)


@dataclass(frozen=True)
class Tab:
    """A profile, as a link on a set's page."""

    code: str
    title: str
    current: bool
    state: str


def tabs(
    given: Sequence[ProfileDefinition], current: str, signed: frozenset[str]
) -> tuple[Tab, ...]:
    """The profiles of a set and whether each has been reviewed."""
    return tuple(
        Tab(item.code, item.title, item.code == current, _state(item, signed)) for item in given
    )


def _state(item: ProfileDefinition, signed: frozenset[str]) -> str:
    if not item.review:
        return "needs no review"
    return "reviewed" if item.code in signed else "waits for review"


@dataclass(frozen=True)
class Drawn:
    """One table of a set on its page."""

    shown: Shown
    chart: Chart | None
    subtitle: str
    hidden: str


def drawn(tables: Sequence[Shown]) -> tuple[Drawn, ...]:
    """The tables, each with its chart and how many of its counts are hidden."""
    return tuple(
        Drawn(table, chart(table, notes=False), subtitle(table), _hidden(table)) for table in tables
    )


def _hidden(table: Shown) -> str:
    if not table.hides:
        return ""
    counts = [cell for row in table.rows for cell in (row.count, row.of) if cell is not None]
    if not table.hidden_n:
        return "No count is hidden."
    return f"Hidden: {table.hidden_n} of {len(counts)} counts."


@dataclass(frozen=True)
class Rules:
    """A profile's rules in words, for the page of thresholds."""

    title: str
    who: str
    hidden: str
    review: str


def profiles_in_words() -> tuple[Rules, ...]:
    """Each profile, the fullest figures first."""
    return tuple(Rules(p.title, p.who, _rule(p), _review(p)) for p in profiles())


def _rule(item: ProfileDefinition) -> str:
    if not item.hides:
        flagged = f"; under {item.threshold} is marked as small" if item.threshold else ""
        return f"Nothing{flagged}"
    said = f"Counts under {item.threshold}"
    if item.narrow_threshold != item.threshold:
        said += f", under {item.narrow_threshold} where sensitive or below council"
    if item.rounding > 1:
        said += f"; the rest is rounded to {item.rounding}"
    return said


def _review(item: ProfileDefinition) -> str:
    return "By a second person" if item.review else "None; every opening is recorded"
