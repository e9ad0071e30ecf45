"""When a round is locked its readings are counted once, protected as one set and declared.

The machine counts. What may leave the team that read is protected under the round's profile; those
who hold the readings may open the same counts with nothing hidden, and every opening is recorded.
A round that was opened again and locked again makes the next release, cut up as the first was.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils import timezone

from sightline.access.actors import CommandLine
from sightline.access.permissions import Scope
from sightline.record_reading import asking, differences, returning
from sightline.record_reading.counting import (
    BANDS,
    EACH,
    FIRST,
    NOT_SAID,
    Case,
    Unit,
    Way,
    cases,
    categories,
    units,
    ways,
)
from sightline.record_reading.cutting import Cut, Cuts, UnitCut, protected
from sightline.record_reading.folding import TOGETHER, Folded
from sightline.record_reading.measures import About, exact
from sightline.record_reading.models import Reading, Round, SampledRecord
from sightline.record_reading.results_names import (
    EXACT,
    PROTECTED,
    profile_of,
    series_code,
    source_of,
    vintage_of,
)
from sightline.releases import queries as ledger
from sightline.releases import services as releases
from sightline.releases.definitions import profile
from sightline.stats.disclosure import Link, Profile

COUNTING: Final = CommandLine("record-counting")
"""Who the trail names: the locking itself is the deed of a person, the counting of the machine."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Held:
    """A round's records as they are counted, and the ways they can be split."""

    cases: Sequence[Case]
    ways: Sequence[Way]


def held(round: Round) -> Held:
    """The records of a round that count, each with the day it was read."""
    records = differences.counted(round)
    template = asking.template(round.template)
    read = _days(round)
    found = cases(template, records, [read.get(one.record.pk, "") for one in records])
    return Held(found, ways(template, found, _labels()))


def _labels() -> dict[str, Mapping[str, str]]:
    return {**returning.LABELS, "lead_agency": returning.agencies()}


def _days(round: Round) -> dict[Any, str]:
    """By record, the day its first reading was handed in."""
    handed_in = Reading.objects.filter(round=round, state=Reading.State.COMPLETE, part=1)
    return {
        record: timezone.localdate(at).isoformat()
        for record, at in handed_in.values_list("record_id", "submitted_at")
        if at is not None
    }


def scope_of(round: Round) -> Scope:
    """What the figures belong to: the inspection, of which the area sees nothing by itself."""
    if round.inspection:
        return Scope("inspection", round.inspection)
    return Scope("partnership", round.area)


def rules_of(round: Round) -> Profile:
    """The rules by which the figures of a round are protected, with its own base."""
    found = profile(profile_of(round, PROTECTED)).profile()
    return replace(found, minimum_base=max(found.minimum_base, round.base))


@dataclass(frozen=True)
class Prepared:
    """What is about to be declared of a round. It holds exact figures and is kept nowhere."""

    kind: str
    series: Sequence[releases.DeclaredSeries] = field(repr=False)
    links: Sequence[Link] = field(repr=False)
    ahead: releases.Ahead = field(repr=False)


def prepared(round: Round, found: Held, tell: Tell = lambda done, of: None) -> tuple[Prepared, ...]:
    """Count and protect; writes nothing, so that nobody who writes has to wait.

    The exact figures, and those that may leave the team where enough records were read.
    """
    if not found.cases:
        return ()
    template, about = asking.template(round.template), _about(round)
    sets = []
    if len(found.cases) >= round.base:
        before = cut_before(round, found.ways)
        made = protected(template, found.cases, found.ways, about, before, tell)
        sets.append(_ahead(round, PROTECTED, made.series, made.links))
    # Last: a declaration in between has the next protected anew, which takes no time here.
    sets.append(_ahead(round, EXACT, exact(template, found.cases, found.ways, about), ()))
    return tuple(sets)


def _ahead(
    round: Round, kind: str, series: Sequence[releases.DeclaredSeries], links: Sequence[Link]
) -> Prepared:
    ahead = releases.protect_ahead(
        actor=COUNTING, source=source_of(round, kind), vintage=vintage_of(round), series=series,
        links=links, scope=scope_of(round), use=[profile_of(round, kind)],
    )  # fmt: skip
    return Prepared(kind, series, links, ahead)


def declare_results(round: Round, found: Held, sets: Sequence[Prepared]) -> dict[str, Any]:
    """Declare what was prepared; the same again changes nothing.

    Returns:
        What the round keeps of it: when it was counted, how many records, whether anything may
        leave the team, and by stratum how many children there are and how many were read.
    """
    for one in sets:
        releases.declare(
            actor=COUNTING, source=source_of(round, one.kind), vintage=vintage_of(round),
            title=f"Record reading: {round.title}"[:200], series=one.series, links=one.links,
            scope=scope_of(round), use=[profile_of(round, one.kind)], ahead=one.ahead,
        )  # fmt: skip
    return {
        "counted": vintage_of(round),
        "read": len(found.cases),
        "shown": any(one.kind == PROTECTED for one in sets),
        "strata": strata(round, found.cases),
    }


def _about(round: Round) -> About:
    last = timezone.localdate(round.locked_at)
    return About(
        key=source_of(round, PROTECTED), area=round.area, vintage=vintage_of(round),
        first=min(round.reads_from or last, last), last=max(round.reads_until or last, last),
        base=round.base, rules=rules_of(round),
    )  # fmt: skip


def strata(round: Round, found: Sequence[Case]) -> dict[str, dict[str, int]]:
    """By stratum, the children in scope and the records that were read of them."""
    record = (
        SampledRecord.objects.filter(sample__round=round, sample__set_aside_at__isnull=True)
        .select_related("sample__snapshot")
        .first()
    )
    in_scope: Mapping[str, int] = record.sample.snapshot.strata if record else {}
    counted: dict[str, int] = {}
    for case in found:
        stratum = str(case.facts.get("stratum") or "")
        counted[stratum] = counted.get(stratum, 0) + 1
    found_in: dict[str, dict[str, int]] = {}
    for code in dict.fromkeys((*in_scope, *counted)):
        read = counted.get(code, 0)
        found_in[code] = {"held": max(in_scope.get(code, 0), read), "read": read}
    return found_in


def cut_before(round: Round, split_by: Sequence[Way]) -> Cuts:
    """How the round was cut up in what was released of it before; nothing where nothing was.

    What was seen counts as known, withdrawn or not, so it is read back from the releases.
    """
    code = profile_of(round, PROTECTED)
    rows = ledger.last_series(source_of(round, PROTECTED), [code])
    titles = {name: ledger.unpacked_series(row)[0].categories for (name, _), row in rows.items()}
    found: dict[str, UnitCut] = {}
    for number, unit in enumerate(units(asking.template(round.template)), start=1):
        shown = titles.get(series_code(unit, number=number))
        if shown is None:
            continue
        by = {}
        for way in split_by:
            codes = {name: series_code(unit, name, way.code, number=number) for name in unit.bands}
            names = [name for name, code in codes.items() if code in titles]
            if names:
                labels = dict(titles[codes[names[0]]])
                by[way.code] = Cut(_fold_of(way, labels), tuple(names))
        found[unit.code] = UnitCut(_detail_of(unit, [code for code, _ in shown]), by)
    return found


def _detail_of(unit: Unit, shown: Sequence[str]) -> int:
    """How finely a unit was shown, from the categories that were."""
    return next(d for d in (EACH, BANDS, FIRST) if list(categories(unit, d)) == list(shown))


def _fold_of(way: Way, labels: Mapping[str, str]) -> Folded:
    """How categories were put together, from those that were shown."""
    of = {code: code for code in labels if code != TOGETHER}
    if TOGETHER in labels:
        of |= {code: TOGETHER for code in (*way.labels, NOT_SAID) if code not in of}
    return Folded(labels, of)
