"""Every write of releases: declaring tables, reviewing and withdrawing them, thresholds."""

import zlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import NATIONAL, Permission, Scope, require
from sightline.kernel.errors import BadInput, NotAllowed
from sightline.releases import policies, queries
from sightline.releases.definitions import ProfileDefinition, profile, profiles
from sightline.releases.measures import TablesFile, exact_tables, scope_from
from sightline.releases.models import LedgerEntry, ProtectedTable, StricterThreshold, TableSet
from sightline.releases.permissions import get_set_for, require_declaring
from sightline.secrets import blind_index, blind_indexes
from sightline.stats.disclosure import (
    STANDS,
    Exact,
    Link,
    Member,
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
_LOCK = zlib.crc32(b"sightline.releases")


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
        use: codes of the profiles; all of them by default.

    Raises:
        NotFound, NotPermitted: as `require_declaring`, or no such profile; BadInput: no tables, two
            of one code, no kind and key; NotAllowed: others were declared for this vintage.
    """
    reach = frozenset(also)
    require_declaring(actor, scope, reach)
    exacts = [table.exact for table in tables]
    _check(source, vintage, [*((e.code, e) for e in exacts), *_named(series)])
    _lock()
    chosen = [profile(code) for code in use] or list(profiles())
    chosen.sort(key=lambda item: item.order)
    text = "\n".join([*_spelled(tables, series, links), *(item.key for item in chosen)])
    held = TableSet.objects.filter(source=source, vintage=vintage).first()
    if held is not None:
        return _unchanged(held, blind_indexes(text, about=_ABOUT))
    partnerships = [s.key for s in (scope, *reach) if s.kind == "partnership"]
    results = _protected(tables, chosen, partnerships)
    for item in chosen:
        results += _protected_series(source, vintage, series, links, item, partnerships)
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


def _lock() -> None:
    """One declaration at a time: each must see what the one before released."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    # SQLite transactions are immediate here: the first of two holds the only write lock.


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
        _entry(
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


def _entry(actor: Actor, of: TableSet, kind: LedgerEntry.Kind, **more: object) -> LedgerEntry:
    return LedgerEntry(
        kind=kind,
        table_set=of,
        written_at=timezone.now(),
        written_by=actor.audit_name,
        **more,
    )


@transaction.atomic
def review(*, actor: Actor, key: str | UUID, code: str, reason: str = "") -> TableSet:
    """Sign that the tables of a set may be shown to the readers of a profile.

    Raises:
        NotFound, NotPermitted: as `get_set_for`; or there is no such profile here.
        NotAllowed: no review is needed, it has been made, or they declared the tables themselves.
    """
    found = get_set_for(actor, key, Permission.RELEASE_REVIEW)
    named = profile(code)
    _lock()
    policies.check_can_review(found, named, by=actor.audit_name, signed=queries.reviewed(found))
    _entry(
        actor, found, LedgerEntry.Kind.REVIEWED,
        sdc_profile=named.code, sdc_version=named.version,
        reviewer=actor.audit_name, reason=reason,
    ).save(force_insert=True)  # fmt: skip
    audit.record(actor, "tables.reviewed", f"tables:{found.source}", reason=reason or named.title)
    return found


@transaction.atomic
def withdraw(*, actor: Actor, key: str | UUID, reason: str) -> TableSet:
    """Take a set back: nobody is shown it any more. What was seen still counts as known.

    Raises:
        NotFound, NotPermitted: as `get_set_for`.
        BadInput: no reason.
        NotAllowed: it was withdrawn before.
    """
    return _withdrawn(actor, get_set_for(actor, key, Permission.RELEASE_REVIEW), reason)


def _withdrawn(actor: Actor, found: TableSet, reason: str) -> TableSet:
    if not reason.strip():
        raise BadInput("Say why the tables are withdrawn; the ledger keeps the reason.")
    policies.check_not_withdrawn(found)
    changes = {
        "withdrawn_at": timezone.now(),
        "withdrawn_by": actor.audit_name,
        "withdrawn_reason": reason.strip(),
    }
    if not TableSet.objects.filter(pk=found.pk, withdrawn_at=None).update(**changes):
        raise NotAllowed("Somebody withdrew these tables a moment ago.")
    _entry(actor, found, LedgerEntry.Kind.WITHDRAWN, reason=reason.strip()).save(force_insert=True)
    audit.record(actor, "tables.withdrawn", f"tables:{found.source}", reason=reason.strip())
    found.refresh_from_db()
    return found


@transaction.atomic
def take_back(*, actor: Actor, source: str, vintage: str, reason: str) -> TableSet | None:
    """Withdraw the set of a source that is itself undone, as those who declared it may.

    Nothing happens where nothing was declared, or it was withdrawn before.

    Raises:
        NotFound, NotPermitted: as `require_declaring`.
        BadInput: no reason.
    """
    found = queries.latest(source, vintage)
    if found is None:
        return None
    require_declaring(actor, queries.scope_of(found), queries.reaches_of(found))
    return _withdrawn(actor, found, reason)


@transaction.atomic
def set_threshold(
    *, actor: Actor, partnership: str, code: str, threshold: int, reason: str
) -> StricterThreshold:
    """Make a profile stricter for one partnership, from the next declaration on.

    Raises:
        NotFound, NotPermitted: as `require`; or there is no such profile.
        BadInput: no reason.
        NotAllowed: it would not be stricter.
    """
    require(
        actor,
        Permission.DISCLOSURE_SET,
        scope=Scope("partnership", partnership),
        seen_by=Permission.RELEASE_VIEW,
        thing="the thresholds of this partnership",
    )
    if not reason.strip():
        raise BadInput("Say why the threshold is made stricter; it is shown beside it.")
    _lock()
    held = queries.stricter([partnership]).get(code, 0)
    policies.check_is_stricter(threshold, profile(code), held)
    row = StricterThreshold.objects.create(
        partnership=partnership,
        profile=code,
        threshold=threshold,
        reason=reason.strip(),
        set_at=timezone.now(),
        set_by=actor.audit_name,
    )
    audit.record(
        actor,
        "threshold.set",
        f"threshold:{partnership}",
        reason=reason.strip(),
        after={"profile": code, "threshold": threshold},
    )
    return row


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
