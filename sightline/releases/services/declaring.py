"""Declaring tables: protected once, against all that was released before, and put in the ledger."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import NATIONAL, Scope
from sightline.kernel.errors import BadInput, NotAllowed
from sightline.releases import policies, queries
from sightline.releases.definitions import ProfileDefinition, profile, profiles
from sightline.releases.measures import TablesFile, exact_tables, scope_from
from sightline.releases.models import LedgerEntry, ProtectedTable, StricterThreshold, TableSet
from sightline.releases.permissions import require_declaring
from sightline.releases.services.ledger import entry_of, lock
from sightline.secrets import blind_index, blind_indexes
from sightline.stats.disclosure import (
    STANDS,
    Exact,
    Link,
    Member,
    Profile,
    ReleaseRecord,
    Shown,
    ShownPeriod,
    ShownSeries,
    Together,
    period_of,
    protect,
    protect_together,
    series_shown,
    spelled,
    stands_as,
)

_LONGEST = {"code": 60, "title": 200, "who": 200}
_ABOUT = "releases.TableSet.content_index"


@dataclass(frozen=True)
class DeclaredTable:
    """A table on its way in. Its code is the exact table's own."""

    exact: Exact


@dataclass(frozen=True)
class Beside:
    """What stands beside the table of one period, by category ("": all of it).

    Attributes:
        values: a figure that is no count or share, such as a median.
        populations: how many people live there, for a rate.
        unknown: how many could be neither counted nor left out.
        published: the values were published by others, or are of no people.
    """

    values: Mapping[str, float] = field(default_factory=dict, repr=False)
    populations: Mapping[str, int] = field(default_factory=dict)
    unknown: int = field(default=0, repr=False)
    published: bool = False


@dataclass(frozen=True)
class DeclaredSeries:
    """One table over several periods on its way in, kept as one row for each profile.

    Attributes:
        code: names the series inside its set, and each of its tables.
        title: what it shows, as a heading.
        periods: the key of each period ("2023-24"), oldest first.
        tables: the table of each.
        line: a name for the people it counts, the same in every series that counts the same; its
            own code where it is alone.
        base: the same for n, in a series of "k of n".
        whole: its categories leave nobody out and count nobody twice.
        beside: what stands beside each table.
    """

    code: str
    title: str
    periods: Sequence[str]
    tables: Sequence[Exact]
    line: str = ""
    base: str = ""
    whole: bool = True
    beside: Sequence[Beside] = ()

    def member(self, place: int) -> Member:
        """The table of a period, and what its numbers are."""
        exact = self.tables[place]
        base = self.base or f"{self.code}, of"
        return Member(exact, self.line or self.code, base if exact.measure else "", self.whole)


@dataclass(frozen=True)
class _Result:
    position: int
    profile: ProfileDefinition
    shown: Shown | ShownSeries
    record: ReleaseRecord
    history: queries.History = field(default_factory=dict)


@dataclass(frozen=True)
class Ahead:
    """A set that was protected before it is declared: which one, and what had been released then.

    It holds exact figures; it is handed to `declare` and kept nowhere.
    """

    text: str
    released: tuple[int, int]
    results: tuple[_Result, ...] = field(repr=False)


def protect_ahead(
    *,
    actor: Actor,
    source: str,
    vintage: str,
    tables: Sequence[DeclaredTable] = (),
    series: Sequence[DeclaredSeries] = (),
    links: Sequence[Link] = (),
    scope: Scope = NATIONAL,
    also: Collection[Scope] = (),
    use: Sequence[str] = (),
) -> Ahead:
    """Protect a set that is about to be declared, so that declaring it keeps nobody waiting.

    Writes nothing. Arguments and errors as of `declare`, which works it out anew where something
    was released in between.
    """
    reach = frozenset(also)
    require_declaring(actor, scope, reach)
    exacts = [table.exact for table in tables]
    _check(source, vintage, [*((e.code, e) for e in exacts), *_named(series)])
    chosen = _chosen(use)
    released = _released()
    results = _worked_out(source, vintage, tables, series, links, chosen, scope, reach)
    return Ahead(_text(tables, series, links, chosen), released, tuple(results))


def as_protected(
    series: Sequence[DeclaredSeries], links: Sequence[Link], rules: Profile
) -> list[Shown]:
    """What the first period of some series would show if they were all there is.

    For whoever chooses how much detail to declare; nothing is declared, and it is shown to nobody.
    """
    members = [one.member(0) for one in series]
    return [one.shown for one in protect_together(members, links, rules)]


@transaction.atomic
def declare(
    *,
    actor: Actor,
    source: str,
    vintage: str,
    title: str,
    tables: Sequence[DeclaredTable] = (),
    series: Sequence[DeclaredSeries] = (),
    links: Sequence[Link] = (),
    scope: Scope = NATIONAL,
    also: Collection[Scope] = (),
    use: Sequence[str] = (),
    ahead: Ahead | None = None,
) -> TableSet:
    """Protect every table of a set, once, against all released before; the same again: no change.

    Args:
        actor: who declares; they may see exact figures.
        source: kind and key of where they come from, such as "round:staff-2026".
        vintage: which issue of the source.
        title: what the set is, as a heading.
        tables: the tables, in the order they are protected and shown.
        series: tables over periods; those of one period are protected as one.
        links: which lines of series lie inside others, or are parts of them.
        scope: what the set belongs to.
        also: wider scopes that count too, such as the inspection's partnership.
        use: codes of the profiles; by default all but those that are used by name.
        ahead: the same set, protected a moment ago by `protect_ahead`.

    Raises:
        NotFound, NotPermitted: as `require_declaring`, or no such profile; BadInput: no tables, two
            of one code, no kind and key; NotAllowed: others were declared for this vintage.
    """
    reach = frozenset(also)
    require_declaring(actor, scope, reach)
    exacts = [table.exact for table in tables]
    _check(source, vintage, [*((e.code, e) for e in exacts), *_named(series)])
    lock()
    chosen = _chosen(use)
    text = _text(tables, series, links, chosen)
    held = TableSet.objects.filter(source=source, vintage=vintage).first()
    if held is not None:
        return _unchanged(held, blind_indexes(text, about=_ABOUT))
    results = _still(ahead, text) or _worked_out(
        source, vintage, tables, series, links, chosen, scope, reach
    )
    made = TableSet.objects.create(
        source=source,
        vintage=vintage,
        title=title,
        scope_kind=scope.kind,
        scope_key=scope.key,
        reaches="".join(f" {s.kind}:{s.key} " for s in sorted(reach)),
        content_index=blind_index(text, about=_ABOUT),
        declared_at=timezone.now(),
        declared_by=actor.audit_name,
    )
    _keep(actor, made, results)
    audit.record(actor, "tables.declared", f"tables:{source}", reason=f"{title}, {vintage}")
    return made


def _chosen(use: Sequence[str]) -> list[ProfileDefinition]:
    chosen = [profile(code) for code in use] or [p for p in profiles() if not p.by_name]
    return sorted(chosen, key=lambda item: item.order)


def _text(
    tables: Sequence[DeclaredTable],
    series: Sequence[DeclaredSeries],
    links: Sequence[Link],
    chosen: Sequence[ProfileDefinition],
) -> str:
    return "\n".join([*_spelled(tables, series, links), *(item.key for item in chosen)])


def _released() -> tuple[int, int]:
    """Changes whenever something is released, withdrawn, or a threshold is set: all only grow."""
    return LedgerEntry.objects.count(), StricterThreshold.objects.count()


def _still(ahead: Ahead | None, text: str) -> list[_Result]:
    """What was worked out ahead, if it is of this set and nothing was released since."""
    stands = ahead is not None and (ahead.text, ahead.released) == (text, _released())
    return list(ahead.results) if ahead is not None and stands else []


def _worked_out(
    source: str,
    vintage: str,
    tables: Sequence[DeclaredTable],
    series: Sequence[DeclaredSeries],
    links: Sequence[Link],
    chosen: Sequence[ProfileDefinition],
    scope: Scope,
    reach: Collection[Scope],
) -> list[_Result]:
    """Every table and series of a set under every profile."""
    partnerships = [s.key for s in (scope, *reach) if s.kind == "partnership"]
    results = _protected(tables, chosen, partnerships)
    for item in chosen:
        results += _protected_series(source, vintage, series, links, item, partnerships)
    return results


def _named(series: Sequence[DeclaredSeries]) -> Iterator[tuple[str, Exact]]:
    """Each series by its code, with each of its tables."""
    for one in series:
        if (
            not one.tables
            or len(one.periods) != len(one.tables)
            or len(one.code) > _LONGEST["code"]
        ):
            raise BadInput(f"{one.code[:60]}: give a short code, and one table for each period.")
        if one.beside and len(one.beside) != len(one.tables):
            raise BadInput(f"{one.code}: what stands beside is given for some periods only.")
        yield one.code, one.tables[0]
        if any(table.code != one.code or table.by != one.tables[0].by for table in one.tables):
            raise BadInput(f"{one.code}: its tables are not all of that code and breakdown.")


def _spelled(
    tables: Sequence[DeclaredTable],
    series: Sequence[DeclaredSeries],
    links: Sequence[Link],
) -> Iterator[str]:
    """Everything that is declared, in one spelling."""
    yield from (spelled(table.exact) for table in tables)
    for one in series:
        about = (one.code, one.title, tuple(one.periods), one.line, one.base, one.whole)
        beside = [(sorted(b.values.items()), sorted(b.populations.items()), b.unknown)
                  for b in one.beside]  # fmt: skip
        yield repr((about, beside))
        yield from (spelled(table) for table in one.tables)
    if links:
        yield repr(links)


def _check(source: str, vintage: str, tables: Sequence[tuple[str, Exact]]) -> None:
    kind, _, key = source.partition(":")
    if not kind or not key:
        raise BadInput(f"{source!r} is no kind and key, such as round:staff-2026.")
    if not vintage:
        raise BadInput(f"Say which vintage of {source} this is, such as a date or a number.")
    codes = Counter(code for code, _ in tables)
    twice = sorted(code for code, times in codes.items() if times > 1)
    if twice or not codes:
        said = f"two tables have the code {twice[0]}" if twice else "there is no table to declare"
        raise BadInput(f"{source}: {said}.")
    for _, exact in tables:
        long = [n for n, most in _LONGEST.items() if len(_words(exact, n)) > most]
        if long:
            raise BadInput(f"{exact.code[:60]}: the {long[0]} is too long; shorten it.")
        if exact.vintage != vintage:
            raise BadInput(
                f"{source}: the table {exact.code} is of vintage "
                f"{exact.vintage or 'none'}, the set of {vintage}."
            )


def _words(exact: Exact, name: str) -> str:
    return exact.population.who if name == "who" else str(getattr(exact, name))


def _protected(
    tables: Sequence[DeclaredTable],
    chosen: Sequence[ProfileDefinition],
    partnerships: Sequence[str],
) -> list[_Result]:
    """Each table under each profile; readers of a later profile may know the one before."""
    known = queries.earlier(table.exact.population.who for table in tables)
    own = queries.stricter(partnerships)
    results: list[_Result] = []
    for position, table in enumerate(tables):
        wider: list[Shown] = []
        for item in chosen:
            who = table.exact.population.who
            seen = known.setdefault((who, item.code), [])
            rules = item.profile()
            if item.hides:
                rules = rules.stricter(own.get(item.code, 0))
            shown, record = protect(table.exact, rules, [*seen, *wider])
            results.append(_Result(position, item, shown, record))
            seen.append(shown)
            wider += [shown] if item.hides else []
    return results


def _protected_series(
    source: str,
    vintage: str,
    series: Sequence[DeclaredSeries],
    links: Sequence[Link],
    item: ProfileDefinition,
    partnerships: Sequence[str],
) -> list[_Result]:
    """Each series under a profile: period by period, all that share people together."""
    if not series:
        return []
    rules = item.profile()
    known: dict[str, tuple[ShownSeries, dict[str, tuple[Shown, ...]]]] = {}
    if item.hides:
        rules = rules.stricter(queries.stricter(partnerships).get(item.code, 0))
        rows = queries.last_series(source, [item.code])
        known = {code: queries.unpacked_series(row) for (code, _), row in rows.items()}
    done: dict[str, dict[str, Together]] = {one.code: {} for one in series}
    for key in dict.fromkeys(key for one in series for key in one.periods):
        now = [(one, one.periods.index(key)) for one in series if key in one.periods]
        before = {code: _seen(held, key) for code, held in known.items()}
        members = [one.member(place) for one, place in now]
        for (one, _), found in zip(
            now, protect_together(members, links, rules, before), strict=True
        ):
            done[one.code][key] = found
    return [
        _series_result(place, one, item, done[one.code], known.get(one.code), vintage)
        for place, one in enumerate(series)
    ]


def _seen(held: tuple[ShownSeries, dict[str, tuple[Shown, ...]]], key: str) -> tuple[Shown, ...]:
    """Every table that was shown of a period, the latest last."""
    last = held[0].at(key)
    return (*held[1].get(key, ()), *([last.shown] if last else []))


def _series_result(
    place: int,
    one: DeclaredSeries,
    item: ProfileDefinition,
    done: Mapping[str, Together],
    known: tuple[ShownSeries, dict[str, tuple[Shown, ...]]] | None,
    vintage: str,
) -> _Result:
    periods: list[ShownPeriod] = []
    history = dict(known[1]) if known else {}
    for number, key in enumerate(one.periods):
        found, last = done[key], known[0].at(key) if known else None
        if found.stands and last is not None:
            periods.append(stands_as(key, last, vintage, STANDS))
            continue
        if last is not None and [r.count for r in last.shown.rows] != [
            r.count for r in found.shown.rows
        ]:
            history[key] = (*history.get(key, ()), last.shown)
        beside = one.beside[number] if one.beside else Beside()
        periods.append(
            period_of(
                key, found.shown, values=beside.values, populations=beside.populations,
                unknown=beside.unknown,
                smallest=None if beside.published else max(item.minimum_base, item.threshold),
            )
        )  # fmt: skip
    record = _added([done[key].record for key in one.periods])
    series = series_shown(one.code, one.title, periods)
    return _Result(place, item, series, record, history)


def _added(records: Sequence[ReleaseRecord]) -> ReleaseRecord:
    """One line of the ledger for a series: what happened over its periods."""
    withheld = sum(bool(record.withheld) for record in records)
    stand = sum(record.withheld == STANDS for record in records)
    hidden = sum(record.primary_n + record.secondary_n for record in records)
    said = [f"{len(records)} periods, {hidden} hidden"] if hidden else ["Nothing is hidden"]
    said += [f"{stand} stand as released before"] if stand else []
    return replace(
        records[-1],
        primary_n=sum(record.primary_n for record in records),
        secondary_n=sum(record.secondary_n for record in records),
        linked_n=sum(record.linked_n for record in records),
        compared_n=sum(record.compared_n for record in records),
        withheld=f"In {withheld} of {len(records)} periods." if withheld else "",
        finding="; ".join(said) + ".",
    )


def _unchanged(held: TableSet, indexes: tuple[str, ...]) -> TableSet:
    policies.check_not_withdrawn(held)
    if held.content_index not in indexes:
        raise NotAllowed(
            f"Other tables were declared for {held.source}, {held.vintage}. Declare these as "
            "another vintage; what has been shown stays as it was."
        )
    return held


def _keep(actor: Actor, made: TableSet, results: Sequence[_Result]) -> None:
    ProtectedTable.objects.bulk_create(
        ProtectedTable(
            table_set=made,
            kind="series" if isinstance(result.shown, ShownSeries) else "table",
            code=result.shown.code,
            position=result.position,
            title=result.shown.title,
            profile=result.profile.code,
            who=_who(result.shown),
            content=_content(result),
        )
        for result in results
    )
    before = {
        (entry.table, entry.sdc_profile): entry
        for entry in LedgerEntry.objects.filter(
            table_set__source=made.source, kind=LedgerEntry.Kind.RELEASED
        ).order_by("written_at", "pk")
    }
    LedgerEntry.objects.bulk_create(
        entry_of(
            actor, made, LedgerEntry.Kind.RELEASED,
            table=result.shown.code,
            sdc_profile=result.profile.code,
            sdc_version=result.profile.version,
            threshold=result.record.threshold,
            primary_n=result.record.primary_n,
            secondary_n=result.record.secondary_n,
            linked_n=result.record.linked_n,
            compared_n=result.record.compared_n,
            withheld=result.record.withheld,
            finding=result.record.finding,
            supersedes=before.get((result.shown.code, result.profile.code)),
        )
        for result in results
    )  # fmt: skip


def _who(shown: Shown | ShownSeries) -> str:
    table = shown.shown if isinstance(shown, ShownSeries) else shown
    return table.population.who


def _content(result: _Result) -> dict[str, Any]:
    if isinstance(result.shown, ShownSeries):
        return queries.packed_series(result.shown, result.history)
    return queries.packed(result.shown)


def declare_file(*, actor: Actor, file: TablesFile) -> TableSet:
    """Declare the tables of a file.

    Raises:
        Faults: a table that contradicts itself.
        As `declare`.
    """
    return declare(
        actor=actor,
        source=file.source,
        vintage=file.vintage,
        title=file.title,
        tables=[DeclaredTable(exact) for exact in exact_tables(file)],
        scope=scope_from(file.scope),
        also=[scope_from(text) for text in file.also],
    )
