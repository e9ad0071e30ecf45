"""What framework pages show: rows and cells, made from definitions and shown titles. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sightline.framework.definitions import (
    Area,
    Crosswalk,
    CrosswalkRow,
    Domain,
    FrameItem,
    Framework,
    Indicator,
    Judgement,
    Library,
    Programme,
    TitleStatus,
)
from sightline.framework.queries import ShownTitle, source_words
from sightline.kernel.periods import ImpreciseDate

EVIDENCE_ONLY = "Evidence only"


@dataclass(frozen=True)
class AreaRows:
    """One area and its indicators, as the browse page shows them."""

    area: Area
    confirmed: bool
    titles: tuple[ShownTitle, ...]


@dataclass(frozen=True)
class DomainRows:
    """One domain with its areas."""

    domain: Domain
    question_confirmed: bool
    areas: tuple[AreaRows, ...]


def domain_rows(framework: Framework, titles: Mapping[str, ShownTitle]) -> tuple[DomainRows, ...]:
    """The edition as domains, areas and titles."""
    return tuple(
        DomainRows(
            domain,
            domain.question_status is not TitleStatus.UNVERIFIED,
            tuple(
                AreaRows(
                    area,
                    area.title_status is not TitleStatus.UNVERIFIED,
                    tuple(titles[indicator.code] for indicator in area.indicators),
                )
                for area in domain.areas
            ),
        )
        for domain in framework.domains
    )


@dataclass(frozen=True)
class EditionRow:
    """One edition in a list. `confirmed` of `indicators` titles are confirmed."""

    framework: Framework
    published: str
    domains: int
    areas: int
    indicators: int
    confirmed: int
    used_by: tuple[str, ...]


def edition_rows(library: Library) -> tuple[EditionRow, ...]:
    """Every edition, newest first, with the short names of the programmes that use it."""
    ordered = sorted(library.frameworks, key=lambda f: (f.code, -f.version))
    return tuple(
        EditionRow(
            framework,
            str(ImpreciseDate(framework.published)),
            len(framework.domains),
            len(framework.areas),
            len(framework.indicators),
            sum(i.title_status is not TitleStatus.UNVERIFIED for i in framework.indicators),
            tuple(p.short for p in programmes_in_order(library) if p.framework == framework.key),
        )
        for framework in ordered
    )


def programmes_in_order(library: Library) -> tuple[Programme, ...]:
    """The latest version of every programme, by short name."""
    latest = {library.programmes.latest(programme.code) for programme in library.programmes}
    return tuple(sorted(latest, key=lambda programme: programme.short))


@dataclass(frozen=True)
class Step:
    """One line of a crosswalk that touches an indicator."""

    old: Framework
    old_code: str
    new: Framework
    new_codes: tuple[str, ...]
    comparable: bool
    confirmed: bool
    note: str


def _steps(library: Library, framework: str, code: str) -> Iterator[Step]:
    for crosswalk in library.crosswalks:
        for row in crosswalk.rows:
            if (crosswalk.old, row.old) == (framework, code) or (
                crosswalk.new == framework and code in row.new
            ):
                yield _step(library, crosswalk, row)


def _step(library: Library, crosswalk: Crosswalk, row: CrosswalkRow) -> Step:
    return Step(
        library.frameworks.get(crosswalk.old),
        row.old,
        library.frameworks.get(crosswalk.new),
        row.new,
        row.comparable,
        crosswalk.status is not TitleStatus.UNVERIFIED,
        row.note or crosswalk.note,
    )


def across(library: Library, framework: str, code: str) -> tuple[tuple[str, str], ...]:
    """The indicator in every edition that crosswalks reach: (edition key, code), newest first."""
    found = {(framework, code)}
    waiting = [(framework, code)]
    while waiting:
        for step in _steps(library, *waiting.pop()):
            ends = {(step.old.key, step.old_code)} | {(step.new.key, c) for c in step.new_codes}
            waiting += sorted(ends - found)
            found |= ends
    order = {key: f.version for key, f in library.frameworks.items.items()}
    return tuple(sorted(found, key=lambda pair: (-order[pair[0]], pair)))


def steps_of(library: Library, places: Iterable[tuple[str, str]]) -> tuple[Step, ...]:
    """Every crosswalk line between the given places, oldest first."""
    steps = {step for place in places for step in _steps(library, *place)}
    return tuple(sorted(steps, key=lambda step: (step.old.version, step.old_code)))


@dataclass(frozen=True)
class Use:
    """What one programme does with an indicator."""

    programme: Programme
    framework: Framework
    code: str
    evaluated: str
    items: tuple[FrameItem, ...]


def _evaluated(programme: Programme, code: str) -> str:
    for judgement in programme.graded:
        if code in judgement.indicators:
            return suite_words(judgement) if judgement.is_suite else "Evaluated"
    return EVIDENCE_ONLY


def suite_words(judgement: Judgement) -> str:
    """What a suite holds, in words."""
    first, last = judgement.indicators[0], judgement.indicators[-1]
    return f"Evaluated as one with others: {judgement.title}, {first} to {last}"


def uses_of(library: Library, places: Iterable[tuple[str, str]]) -> tuple[Use, ...]:
    """What each programme does with the indicator, in the edition that programme uses."""
    by_framework: dict[str, list[str]] = {}
    for framework, code in places:
        by_framework.setdefault(framework, []).append(code)
    return tuple(
        Use(
            programme,
            library.frameworks.get(programme.framework),
            code,
            _evaluated(programme, code),
            tuple(item for item in programme.frame.items if code in item.indicators),
        )
        for programme in programmes_in_order(library)
        for code in by_framework.get(programme.framework, [])
    )


@dataclass(frozen=True)
class JudgementRow:
    """Something a programme evaluates, with its indicators."""

    judgement: Judgement
    indicators: tuple[Indicator, ...]

    @property
    def confirmed(self) -> bool:
        """Whether the title of every indicator in it is confirmed."""
        return all(i.title_status is not TitleStatus.UNVERIFIED for i in self.indicators)


def judgement_rows(library: Library, programme: Programme) -> tuple[JudgementRow, ...]:
    """What a programme evaluates, in printed order."""
    framework = library.frameworks.get(programme.framework)
    return tuple(
        JudgementRow(judgement, tuple(framework.indicator(code) for code in judgement.indicators))
        for judgement in programme.graded
    )


@dataclass(frozen=True)
class ItemRow:
    """One frame item with the indicators that mainly bear on it."""

    item: FrameItem
    indicators: tuple[Indicator, ...]


def item_rows(library: Library, programme: Programme) -> tuple[ItemRow, ...]:
    """The frame of a programme, in order."""
    framework = library.frameworks.get(programme.framework)
    return tuple(
        ItemRow(item, tuple(framework.indicator(code) for code in item.indicators))
        for item in programme.frame.items
    )


@dataclass(frozen=True)
class Comparison:
    """One line of the comparison of programmes: a cell of lines for each."""

    label: str
    cells: tuple[tuple[str, ...], ...]


def comparison(library: Library, programmes: tuple[Programme, ...]) -> tuple[Comparison, ...]:
    """Programmes side by side, one line per question a reader asks of them."""
    return tuple(
        Comparison(label, tuple(tuple(cell(library, programme)) for programme in programmes))
        for label, cell in _LINES
    )


def _frame(_: Library, programme: Programme) -> Iterator[str]:
    yield programme.frame.heading
    for item in programme.frame.items:
        yield f"{item.number}. {item.short}"


def _alone(_: Library, programme: Programme) -> Iterator[str]:
    found = [j for j in programme.graded if not j.is_suite]
    yield from (f"{j.code} {j.title}" for j in found)
    if not found:
        yield "None"


def _suites(_: Library, programme: Programme) -> Iterator[str]:
    found = [j for j in programme.graded if j.is_suite]
    yield from (f"{j.title}, {j.indicators[0]} to {j.indicators[-1]}" for j in found)
    if not found:
        yield "None"


def _edition(library: Library, programme: Programme) -> Iterator[str]:
    yield library.frameworks.get(programme.framework).edition


def _weeks(_: Library, programme: Programme) -> Iterator[str]:
    if not programme.phases:
        yield "No timetable held"
        return
    yield f"{programme.weeks} counted weeks"
    yield from (f"{p.name}: weeks {p.first_week} to {p.last_week}" for p in programme.phases)


_LINES = (
    ("Years", lambda _, p: [years_words(p)]),
    ("Children and young people it is about", lambda _, p: [p.population]),
    ("Findings are organised by", _frame),
    ("Indicators evaluated one by one", _alone),
    ("Indicators evaluated together, as one", _suites),
    ("Indicators its reports say there are", lambda _, p: [str(p.indicators_printed)]),
    ("Edition of the framework", _edition),
    ("Evaluation scale", lambda library, p: [library.scales.get(p.scale).title]),
    ("Weeks", _weeks),
    ("Good practice is called", lambda _, p: [p.practice_word]),
)


def years_words(programme: Programme) -> str:
    """The years a programme ran, in words."""
    return str(ImpreciseDate(programme.years))


@dataclass(frozen=True)
class ChannelLine:
    """One channel of evidence and how each programme words it; empty where it has none."""

    label: str
    cells: tuple[str, ...]


def channel_lines(programmes: tuple[Programme, ...]) -> tuple[ChannelLine, ...]:
    """Channels of evidence side by side, joined by what the overview pools."""
    pooled = {
        channel.pooled: channel.label for programme in programmes for channel in programme.channels
    }
    return tuple(
        ChannelLine(
            label,
            tuple(
                "; ".join(c.sentence for c in p.channels if c.pooled == code).replace(
                    "{count}", "(number)"
                )
                for p in programmes
            ),
        )
        for code, label in pooled.items()
    )


def frame_source(programme: Programme) -> str:
    """Where the wording of the frame was read."""
    return source_words(programme.frame.source)
