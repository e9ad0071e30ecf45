"""Reading the audit trail: which lines, and each as a sentence."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from sightline.access.models import ROWS, Assignment, AuditEvent, IsDeed, User
from sightline.access.roles import roles
from sightline.access.sentences import ROW_WORDS, deeds, filled, names_of_things

MOST_LINES: Final = 10_000
"""Lines of one search; to see others, narrow it."""


_OTHERS: Final = {
    "The clock": "schedule:", "The command line": "command:", "A visitor": "visitor",
}  # fmt: skip
"""Who acts besides people: as a line names them, and as the trail does."""


@dataclass(frozen=True)
class Search:
    """What to look for. Empty means any; both days are included."""

    thing: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    who: str = ""
    what: str = ""
    rows: bool = False

    def as_recorded(self) -> dict[str, Any]:
        """What was asked, for the line that says somebody searched."""
        asked = dataclasses.asdict(self)
        return {name: v if v is True else str(v) for name, v in asked.items() if v}


@dataclass(frozen=True)
class Line:
    """One line of the trail, in words."""

    at: dt.datetime
    who: str
    post: str  # roles at that time, and employer; empty for a command or a visitor
    did: str
    target: str
    reason: str
    changes: tuple[tuple[str, str, str], ...]  # column, before, after: rows only


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def events(search: Search) -> QuerySet[AuditEvent]:
    """The newest lines that match, at most `MOST_LINES`."""
    found = AuditEvent.objects.all()
    if search.thing:
        found = found.filter(target=search.thing)
    if search.start:
        found = found.filter(at__gte=_midnight(search.start))
    if search.end:
        found = found.filter(at__lt=_midnight(search.end + dt.timedelta(days=1)))
    if search.who:
        people = User.objects.filter(name__icontains=search.who).values_list("pk", flat=True)
        names = [f"person:{pk}" for pk in people[:500]]
        others = Q(actor__icontains=search.who)
        for said, start in _OTHERS.items():
            if search.who.casefold() in said.casefold():
                others |= Q(actor__startswith=start)
        found = found.filter(Q(actor__in=names) | others)
    if search.what:
        found = found.filter(verb=search.what)
    if not search.rows:
        found = found.filter(IsDeed(F("verb")))
    return found.order_by("-pk")[:MOST_LINES]


def in_words(found: Iterable[AuditEvent]) -> tuple[Line, ...]:
    """Lines as sentences. The number of queries does not depend on the number of lines."""
    page = list(found)
    who = _people(page)
    named = names_of_things({event.target for event in page if event.verb not in ROWS})
    named |= {f"person:{pk}": person.name for pk, person in who.items()}
    return tuple(_line(event, who, named) for event in page)


def _people(page: Sequence[AuditEvent]) -> dict[int, User]:
    """Everybody who acts in these lines, or to whom something was done, with their roles."""
    names = {event.actor for event in page} | {event.target for event in page}
    keys = {name.removeprefix("person:") for name in names if name.startswith("person:")}
    people = User.objects.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    found = people.select_related("organisation").prefetch_related("assignments")
    return {person.pk: person for person in found}


def _line(event: AuditEvent, who: Mapping[int, User], named: Mapping[str, str]) -> Line:
    kind, _, key = event.actor.partition(":")
    person = who.get(int(key)) if kind == "person" and key.isdecimal() else None
    return Line(
        at=event.at,
        who=_actor(event.actor, person),
        post=_post(person, event.at) if person else "",
        did=_did(event, named),
        target=event.target,
        reason=event.reason,
        changes=_changes(event) if event.verb in ROWS else (),
    )


def _actor(actor: str, person: User | None) -> str:
    if person is not None:
        return person.name
    kind, _, key = actor.partition(":")
    if kind == "command":
        return f"The command line, as {key}"
    if kind == "schedule":
        return "The clock"
    return "A visitor" if actor == "visitor" else actor


def _post(person: User, at: dt.datetime) -> str:
    """The roles the person held at that time, then who employs them."""
    titles = {item.code: item.title for item in roles()}
    held = {
        titles.get(item.role, item.role) for item in person.assignments.all() if _held_at(item, at)
    }
    words = sorted(title[:1].lower() + title[1:] for title in held)
    if person.organisation:
        words.append(person.organisation.name)
    return ", ".join(words)


def _held_at(item: Assignment, at: dt.datetime) -> bool:
    day = timezone.localdate(at)
    return (
        item.starts <= day
        and (item.ends is None or item.ends >= day)
        and (item.ended_at is None or item.ended_at > at)
    )


def _did(event: AuditEvent, named: Mapping[str, str]) -> str:
    if event.verb in ROWS:
        table, _, key = event.target.rpartition(":")
        return f"{ROW_WORDS[event.verb]} {_row_name(table)} {key}"
    details = {**_as_dict(event.before), **_as_dict(event.after)}
    words = deeds().get(event.verb, event.verb.replace(".", " ") + ": {thing}")
    return filled(words, {**details, "thing": named[event.target]})


def _as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _row_name(table: str) -> str:
    """What a row of a table is called; the table itself when it is no longer known."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table:
            return str(model._meta.verbose_name)
    return table


def _changes(event: AuditEvent) -> tuple[tuple[str, str, str], ...]:
    before, after = _as_dict(event.before), _as_dict(event.after)
    columns = list(dict.fromkeys([*before, *after]))
    return tuple(
        (column.replace("_", " "), _shown(before, column), _shown(after, column))
        for column in columns
    )


def _shown(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return "" if value is None else str(value)
