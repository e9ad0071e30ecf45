"""Every write of releases: declaring tables, reviewing and withdrawing them, thresholds."""

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
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
from sightline.stats.disclosure import Exact, ReleaseRecord, Shown, protect, spelled

_LONGEST = {"code": 60, "title": 200, "who": 200}
_ABOUT = "releases.TableSet.content_index"
_LOCK = zlib.crc32(b"sightline.releases")


@dataclass(frozen=True)
class DeclaredTable:
    """A table on its way in. Its code is the exact table's own."""

    exact: Exact


@dataclass(frozen=True)
class _Result:
    position: int
    profile: ProfileDefinition
    shown: Shown
    record: ReleaseRecord


@transaction.atomic
def declare(
    *,
    actor: Actor,
    source: str,
    vintage: str,
    title: str,
    tables: Sequence[DeclaredTable],
    scope: Scope = NATIONAL,
    also: Collection[Scope] = (),
    use: Sequence[str] = (),
) -> TableSet:
    """Protect every table of a set, once, against everything released before.

    All of them or none. The same tables declared again change nothing.

    Args:
        actor: who declares; they may see the exact figures.
        source: kind and key of where they come from, such as "round:staff-2026".
        vintage: which issue of the source.
        title: what the set is, as a heading.
        tables: the tables, in the order they are protected and shown.
        scope: what the set belongs to.
        also: wider scopes that count too, such as the inspection's partnership.
        use: codes of the profiles; all of them by default.

    Raises:
        NotFound, NotPermitted: as `require_declaring`; or there is no such profile.
        BadInput: no tables, two of one code, or a source that is no kind and key.
        NotAllowed: other tables were declared for this vintage.
    """
    reach = frozenset(also)
    require_declaring(actor, scope, reach)
    _check(source, vintage, tables)
    _lock()
    chosen = [profile(code) for code in use] or list(profiles())
    chosen.sort(key=lambda item: item.order)
    text = "\n".join([*(spelled(t.exact) for t in tables), *(item.key for item in chosen)])
    held = TableSet.objects.filter(source=source, vintage=vintage).first()
    if held is not None:
        return _unchanged(held, blind_indexes(text, about=_ABOUT))
    partnerships = [s.key for s in (scope, *reach) if s.kind == "partnership"]
    results = _protected(tables, chosen, partnerships)
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


def _check(source: str, vintage: str, tables: Sequence[DeclaredTable]) -> None:
    kind, _, key = source.partition(":")
    if not kind or not key:
        raise BadInput(f"{source!r} is no kind and key, such as round:staff-2026.")
    if not vintage:
        raise BadInput(f"Say which vintage of {source} this is, such as a date or a number.")
    codes = [table.exact.code for table in tables]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice or not codes:
        said = f"two tables have the code {twice[0]}" if twice else "there is no table to declare"
        raise BadInput(f"{source}: {said}.")
    for table in tables:
        long = [n for n, most in _LONGEST.items() if len(_words(table.exact, n)) > most]
        if long:
            raise BadInput(f"{table.exact.code[:60]}: the {long[0]} is too long; shorten it.")
        if table.exact.vintage != vintage:
            raise BadInput(
                f"{source}: the table {table.exact.code} is of vintage "
                f"{table.exact.vintage or 'none'}, the set of {vintage}."
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
            code=result.shown.code,
            position=result.position,
            title=result.shown.title,
            profile=result.profile.code,
            who=result.shown.population.who,
            content=queries.packed(result.shown),
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
    found = get_set_for(actor, key, Permission.RELEASE_REVIEW)
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
