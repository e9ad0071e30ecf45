"""Reads of declared tables and of the ledger. Looking is not releasing: the ledger stays as it is.

`shown` is a door as well as a read, so it puts the opening of exact figures in the audit trail.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.access.permissions import NATIONAL, Permission, Scope, holds, require
from sightline.kernel.errors import NotFound, SightlineError
from sightline.releases.definitions import ProfileDefinition, known, profile, profiles
from sightline.releases.models import LedgerEntry, ProtectedTable, StricterThreshold, TableSet
from sightline.stats.disclosure import (
    Shown,
    ShownSeries,
    as_data,
    from_data,
    series_as_data,
    series_from_data,
)


def scope_of(found: TableSet) -> Scope:
    """What a set belongs to."""
    return Scope(found.scope_kind, found.scope_key)


def reaches_of(found: TableSet) -> frozenset[Scope]:
    """Wider scopes that count as well."""
    return frozenset(Scope(*text.split(":", 1)) for text in found.reaches.split())


def latest(source: str, vintage: str = "") -> TableSet | None:
    """The set of a source: of a vintage, or the one declared last; withdrawn ones do not count."""
    sets = TableSet.objects.filter(source=source, withdrawn_at=None)
    if vintage:
        sets = sets.filter(vintage=vintage)
    return sets.order_by("-declared_at").first()


def checksum(data: Any) -> str:
    """The SHA-256 of a table's data, in one spelling."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def packed(shown: Shown) -> dict[str, Any]:
    """A shown table and its checksum, as a row keeps them."""
    data = as_data(shown)
    return {"shown": data, "sha256": checksum(data)}


def unpacked(row: ProtectedTable) -> Shown:
    """The table that a row keeps.

    Raises:
        SightlineError: the row is not what was kept.
    """
    return from_data(_content(row))


def _content(row: ProtectedTable) -> dict[str, Any]:
    content = row.content
    if checksum(content["shown"]) != content["sha256"]:
        raise SightlineError(f"The table {row.code} is not as it was kept; restore it from backup.")
    data: dict[str, Any] = content["shown"]
    return data


def tables_of(found: TableSet, code: str) -> tuple[Shown, ...]:
    """The tables of a set as the readers of a profile see them, in order."""
    rows = found.tables.filter(profile=code, kind=ProtectedTable.Kind.TABLE)
    return tuple(unpacked(row) for row in rows)


History = Mapping[str, tuple[Shown, ...]]


def packed_series(series: ShownSeries, history: History) -> dict[str, Any]:
    """A series, what was shown of it before, and its checksum, as a row keeps them."""
    data = series_as_data(series, history)
    return {"shown": data, "sha256": checksum(data)}


def unpacked_series(row: ProtectedTable) -> tuple[ShownSeries, dict[str, tuple[Shown, ...]]]:
    """The series that a row keeps, and by period what was shown of it before.

    Raises:
        SightlineError: the row is not what was kept.
    """
    return series_from_data(_content(row))


def series_of(
    found: TableSet, code: str, only: Collection[str] | None = None
) -> Iterator[ShownSeries]:
    """The series of a set as the readers of a profile see them, in order."""
    rows = found.tables.filter(profile=code, kind=ProtectedTable.Kind.SERIES)
    if only is not None:
        rows = rows.filter(code__in=only)
    return (unpacked_series(row)[0] for row in rows)


def series_listed(found: TableSet, code: str) -> list[tuple[str, str]]:
    """Code and title of each series of a set, without opening any."""
    rows = found.tables.filter(profile=code, kind=ProtectedTable.Kind.SERIES)
    return list(rows.values_list("code", "title"))


def last_series(source: str, profiles: Collection[str]) -> dict[tuple[str, str], ProtectedTable]:
    """By code and profile, the row that keeps each series of a source as it was shown last.

    Withdrawn sets count: what has been seen is known. Each row knows those before it.
    """
    rows = ProtectedTable.objects.filter(
        kind=ProtectedTable.Kind.SERIES, table_set__source=source, profile__in=profiles
    ).order_by("table_set__declared_at")
    newest = {(code, name): key for code, name, key in rows.values_list("code", "profile", "pk")}
    kept = ProtectedTable.objects.filter(pk__in=set(newest.values()))
    return {(row.code, row.profile): row for row in kept.iterator(chunk_size=200)}


def declared_profiles(found: TableSet) -> tuple[ProfileDefinition, ...]:
    """The profiles a set was protected for, the fullest figures first."""
    codes = set(found.tables.values_list("profile", flat=True))
    return tuple(item for item in profiles() if item.code in codes)


def reviewed(found: TableSet) -> frozenset[str]:
    """The profiles of a set that somebody has reviewed."""
    entries = found.entries.filter(kind=LedgerEntry.Kind.REVIEWED)
    return frozenset(entries.values_list("sdc_profile", flat=True))


def earlier(who: Iterable[str]) -> dict[tuple[str, str], list[Shown]]:
    """What has been released of these people, oldest first, by (who, profile).

    Withdrawn sets count: what has been seen is known.
    """
    rows = ProtectedTable.objects.filter(
        who__in=set(who), kind=ProtectedTable.Kind.TABLE
    ).select_related("table_set")
    found: dict[tuple[str, str], list[Shown]] = {}
    for row in rows.order_by("table_set__declared_at", "position"):
        found.setdefault((row.who, row.profile), []).append(unpacked(row))
    return found


def thresholds() -> QuerySet[StricterThreshold]:
    """Every threshold set by hand, newest first."""
    return StricterThreshold.objects.order_by("-set_at", "-pk")


def stricter(partnerships: Sequence[str]) -> dict[str, int]:
    """The strictest threshold that these partnerships have set, by profile."""
    found: dict[str, int] = {}
    for row in StricterThreshold.objects.filter(partnership__in=partnerships):
        found[row.profile] = max(found.get(row.profile, 0), row.threshold)
    return found


def entries(
    scopes: Iterable[Scope],
    *,
    source: str = "",
    code: str = "",
    kind: str = "",
    key: UUID | None = None,
) -> QuerySet[LedgerEntry]:
    """Lines of the ledger in these scopes, newest first; `key`: those of one set alone."""
    found = LedgerEntry.objects.select_related("table_set").order_by("-written_at", "-pk")
    asked = set(scopes)
    if NATIONAL not in asked:
        reach = Q(pk__in=[])
        for scope in asked:
            reach |= Q(table_set__scope_kind=scope.kind, table_set__scope_key=scope.key)
            reach |= Q(table_set__reaches__contains=f" {scope.kind}:{scope.key} ")
        found = found.filter(reach)
    if source:
        found = found.filter(
            Q(table_set__source__icontains=source) | Q(table_set__title__icontains=source)
        )
    given = {"sdc_profile": code, "kind": kind, "table_set": key}
    return found.filter(**{name: value for name, value in given.items() if value})


def grouped(found: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry, Any]:
    """Lines of the ledger with those that were written as one laid together, newest first.

    A build declares hundreds of series at once, each with a line for every kind of reader. One
    row is what happened to a set, for one kind of reader; what its lines say is added up.
    """
    return (
        found.order_by()
        .values("table_set", "kind", "sdc_profile", "written_by")
        .annotate(
            title=F("table_set__title"), source=F("table_set__source"),
            vintage=F("table_set__vintage"),
            lines_n=Count("pk"), table_code=Max("table"), at=Max("written_at"),
            primary=Sum("primary_n"), secondary=Sum("secondary_n"), linked=Sum("linked_n"),
            withheld_n=Count("pk", filter=~Q(withheld="")), superseding=Count("supersedes"),
            why=Max("reason"), found=Max("finding"),
        )
        .order_by("-at", "table_set", "sdc_profile")
    )  # fmt: skip


@dataclass(frozen=True)
class Group:
    """What happened to a set of tables, for one kind of reader, over all its lines.

    Attributes:
        key: the set's.
        table: the table's code, where there is one line alone.
        lines: how many lines the ledger has of it.
        hidden: counts hidden in all: `primary` for themselves, `secondary` to protect others,
            `linked` of them because of earlier releases.
        withheld: tables of which something is withheld whole.
        again: they follow earlier ones of the same source.
        finding: what was found, where there is one line alone.
    """

    key: UUID
    title: str
    source: str
    vintage: str
    table: str
    kind: str
    happened: str
    code: str
    profile: str
    at: datetime
    by: str
    lines: int
    primary: int
    secondary: int
    linked: int
    withheld: int
    again: bool
    reason: str
    finding: str

    @property
    def hidden(self) -> int:
        """Counts hidden in all."""
        return self.primary + self.secondary


def groups(rows: Iterable[Mapping[str, Any]]) -> Iterator[Group]:
    """Rows of `grouped` as plain data, one query for the names of all who wrote them."""
    listed = list(rows)
    names = names_of({row["written_by"] for row in listed})
    for row in listed:
        named, alone = known(row["sdc_profile"]), row["lines_n"] == 1
        yield Group(
            key=row["table_set"], title=row["title"], source=row["source"],
            vintage=row["vintage"], table=row["table_code"] if alone else "",
            kind=row["kind"], happened=LedgerEntry.Kind(row["kind"]).label,
            code=row["sdc_profile"], profile=named.title if named else row["sdc_profile"],
            at=row["at"], by=names[row["written_by"]], lines=row["lines_n"],
            primary=row["primary"], secondary=row["secondary"], linked=row["linked"],
            withheld=row["withheld_n"], again=bool(row["superseding"]), reason=row["why"],
            finding=row["found"] if alone else "",
        )  # fmt: skip


def entries_of(source: str, vintage: str) -> QuerySet[LedgerEntry]:
    """Lines of the ledger about one set, in the order they were written."""
    found = LedgerEntry.objects.filter(table_set__source=source, table_set__vintage=vintage)
    return found.select_related("table_set").order_by("written_at", "pk")


def names_of(written: Collection[str]) -> dict[str, str]:
    """The audit names of those who acted, each as people read it."""
    named = {name.removeprefix("person:") for name in written if name.startswith("person:")}
    keys = {key for key in named if key.isdecimal()}
    people = {f"person:{u.pk}": u.name for u in User.objects.filter(pk__in=keys)} if keys else {}
    return {name: people.get(name) or _by_command(name) for name in written}


def _by_command(name: str) -> str:
    return f"by command ({name.removeprefix('command:')})" if name.startswith("command:") else name


@dataclass(frozen=True)
class Line:
    """One line of the ledger, for lists and commands."""

    at: str
    kind: str
    source: str
    vintage: str
    table: str
    profile: str
    threshold: int
    hidden: int
    withheld: bool
    by: str
    finding: str


def lines(found: Iterable[LedgerEntry]) -> Iterator[Line]:
    """Entries as plain data, one query for the names of all who wrote them."""
    listed = list(found)
    names = names_of({entry.written_by for entry in listed})
    for entry in listed:
        named = known(entry.sdc_profile)
        yield Line(
            at=f"{entry.written_at:%Y-%m-%d %H:%M}",
            kind=entry.get_kind_display(),
            source=entry.table_set.source,
            vintage=entry.table_set.vintage,
            table=entry.table,
            profile=named.title if named else entry.sdc_profile,
            threshold=entry.threshold,
            hidden=entry.primary_n + entry.secondary_n,
            withheld=bool(entry.withheld),
            by=names[entry.written_by],
            finding=entry.finding,
        )


def holds_over(actor: Actor, permission: Permission, found: TableSet) -> bool:
    """Whether `actor` holds a permission over what a set belongs to."""
    return holds(actor, permission, scope=scope_of(found), also=reaches_of(found))


def may_be_given(actor: Actor, found: TableSet) -> tuple[ProfileDefinition, ...]:
    """The profiles of a set under which `actor` may be shown its tables, fullest figures first.

    What has to be reviewed first is given to nobody before; those who keep the ledger see it on
    the set's own page.
    """
    signed = reviewed(found)
    return tuple(
        item
        for item in declared_profiles(found)
        if holds_over(actor, item.needs, found) and (not item.review or item.code in signed)
    )


def shown(actor: Actor, source: str, table: str, *, vintage: str = "", wanted: str = "") -> Shown:
    """A table as `actor` may see it: under the fullest profile that is theirs, or the one wanted.

    Opening exact figures is put in the trail. Nothing else is written, whoever looks.

    Raises:
        NotFound: nothing was declared, or none of it is theirs to see.
        NotPermitted: the wanted profile is not theirs, though another is.
    """
    found, chosen = _opened(actor, source, vintage, wanted)
    row = found.tables.filter(code=table, profile=chosen.code, kind="table").first()
    if row is None:
        raise NotFound(f"There is no table {table!r} among these figures.")
    record_opening(actor, found, chosen)
    return unpacked(row)


def _opened(
    actor: Actor, source: str, vintage: str, wanted: str
) -> tuple[TableSet, ProfileDefinition]:
    """The set of a source, and the profile under which `actor` sees it; raises as `shown`."""
    found = latest(source, vintage)
    given = may_be_given(actor, found) if found is not None else ()
    if found is None or not given:
        raise NotFound("There are no such figures, or they are not yours to see.")
    chosen = given[0]
    if wanted:
        chosen = profile(wanted)
        if chosen not in given:
            require(
                actor, chosen.needs, scope=scope_of(found),
                also=reaches_of(found), seen_by=given[0].needs, thing="these figures",
            )  # fmt: skip
            raise NotFound("These figures have not been released so.")
    return found, chosen


@dataclass(frozen=True)
class Opened:
    """Series of a source, opened by somebody under a profile."""

    table_set: TableSet
    profile: ProfileDefinition
    series: Mapping[str, ShownSeries]


def shown_series(
    actor: Actor, source: str, code: str, *, vintage: str = "", wanted: str = ""
) -> ShownSeries:
    """A series as `actor` may see it, the periods in order; otherwise as `shown`.

    Raises:
        NotFound: nothing was declared, none of it is theirs to see, or there is no such series.
        NotPermitted: the wanted profile is not theirs, though another is.
    """
    found = open_series(actor, source, [code], vintage=vintage, wanted=wanted)
    if code not in found.series:
        raise NotFound(f"There is no series {code!r} among these figures.")
    return found.series[code]


def open_series(
    actor: Actor, source: str, codes: Collection[str], *, vintage: str = "", wanted: str = ""
) -> Opened:
    """Several series of a source at once; those that were not declared are left out.

    Raises:
        As `shown_series`.
    """
    found, chosen = _opened(actor, source, vintage, wanted)
    record_opening(actor, found, chosen)
    held = {one.code: one for one in series_of(found, chosen.code, codes)}
    return Opened(found, chosen, held)


def record_opening(actor: Actor, found: TableSet, given: ProfileDefinition) -> None:
    """Put in the trail that somebody opened figures in which nothing is hidden."""
    if given.recorded:
        audit.record_read(actor, f"figures:{found.source}", reason=given.title)
