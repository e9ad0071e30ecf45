"""The doors to record reading.

A round of an inspection is open to those who hold a permission over that inspection; the area it is
about holds nothing over it but its own return. A round that a partnership reads for itself has
permissions of its own, so that nobody outside the partnership opens it by reaching all of Scotland.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from django.db.models import F, Q, QuerySet

from sightline.access import audit
from sightline.access.actors import Actor, CommandLine
from sightline.access.addresses import Reach, address
from sightline.access.models import ROWS, AuditEvent, User
from sightline.access.permissions import (
    NATIONAL,
    Permission,
    Scope,
    holds,
    holds_anywhere,
    refusal,
    scopes_held,
)
from sightline.kernel.errors import NotFound
from sightline.kernel.measures import Measure
from sightline.partnerships import exercises
from sightline.partnerships.queries import Partnership, all_partnerships, partnership
from sightline.record_reading.models import (
    Conflict,
    Reader,
    Reading,
    RollingAudit,
    Round,
    SampledRecord,
    SectionEntry,
)
from sightline.record_reading.queries import OVER, locked_rounds, measure
from sightline.record_reading.results_names import PROTECTED, profile_of

THIRD: Final = 3
NO_SUCH: Final = "There is no such record reading, or it is not yours to see."


class Deed(StrEnum):
    """What somebody may do in a round."""

    RETURN = "return"  # send the return and see what was sent
    RUN = "run"  # set it up, draw the sample, name readers, allot records
    READ = "read"  # be named as a reader, and read what is allotted
    MODERATE = "moderate"  # see both readings of a record, decide, check, lock and reopen
    RESULTS = "results"  # results by group


OF_INSPECTIONS: Final[Mapping[Deed, Permission]] = {
    Deed.RETURN: Permission.RECORDS_RETURN,
    Deed.RUN: Permission.RECORDS_RUN,
    Deed.READ: Permission.RECORDS_READ,
    Deed.MODERATE: Permission.RECORDS_MODERATE,
    Deed.RESULTS: Permission.RECORDS_RESULTS,
}
OF_AREAS: Final[Mapping[Deed, Permission]] = {
    Deed.RETURN: Permission.OWN_RECORDS_RUN,
    Deed.RUN: Permission.OWN_RECORDS_RUN,
    Deed.READ: Permission.OWN_RECORDS_READ,
    Deed.MODERATE: Permission.OWN_RECORDS_RUN,
    Deed.RESULTS: Permission.OWN_RECORDS_RESULTS,
}
SEEN_WITH: Final = frozenset(
    of[deed] for of in (OF_INSPECTIONS, OF_AREAS) for deed in Deed if deed is not Deed.READ
)
"""With one of these over a round somebody knows of it; a reader does once they are named."""


def address_for(*deeds: Deed, scope: Reach = "partnership") -> Callable[..., Callable[..., Any]]:
    """Declare that an address is for whoever may do one of these deeds in the round it names.

    In place of `@address`, because rounds of inspections and of partnerships have permissions of
    their own; the door (`get_round_for`) tells them apart.
    """
    needs, *others = [of[deed] for deed in deeds for of in (OF_INSPECTIONS, OF_AREAS)]
    seen_by = SEEN_WITH if scope != "signed-in" else None
    return address(needs=needs, or_needs=frozenset(others), scope=scope, seen_by=seen_by)


def may_be_named(person: Actor, round: Round) -> bool:
    """Whether somebody may be named as a reader: their role lets them read records here."""
    return _holds(person, round, Deed.READ)


def is_named(person: Actor, round: Round) -> bool:
    """Whether somebody is named as a reader of a round now."""
    return (
        isinstance(person, User)
        and round.readers.filter(person=person, ended_at__isnull=True).exists()
    )


def may(actor: Actor, round: Round, deed: Deed) -> bool:
    """Whether somebody may do this in a round. Reading is for those who are named, and still may.

    Whoever could be named and is not learns nothing of the round by that.
    """
    if not _holds(actor, round, deed):
        return False
    return deed is not Deed.READ or isinstance(actor, CommandLine) or is_named(actor, round)


def _holds(actor: Actor, round: Round, deed: Deed) -> bool:
    area = Scope("partnership", round.area)
    if not round.inspection:
        return _holds_there(actor, OF_AREAS[deed], area)
    inspection = Scope("inspection", round.inspection)
    # The partnership answers for its return, and its readers are named by it.
    also = (area,) if deed in {Deed.RETURN, Deed.READ} else ()
    return holds(actor, OF_INSPECTIONS[deed], scope=inspection, also=also)


def _holds_there(actor: Actor, permission: Permission, scope: Scope) -> bool:
    """A permission held over this very scope: all of Scotland does not count."""
    return isinstance(actor, CommandLine) or scope in scopes_held(actor, permission)


def deeds_of(actor: Actor, round: Round) -> frozenset[Deed]:
    """Everything somebody may do in a round."""
    return frozenset(deed for deed in Deed if may(actor, round, deed))


def get_round_for(actor: Actor, area: str, slug: str, deed: Deed) -> Round:
    """One round, if `actor` may do this in it.

    Raises:
        NotFound: there is none, or nothing in it is theirs (one answer for both).
        NotPermitted: they may do something else in it.
    """
    found = partnership(area)
    round = Round.objects.filter(area=found.code, slug=slug).select_related("audit").first()
    if round is None:
        raise NotFound(NO_SUCH)
    require_round(actor, round, deed)
    return round


def get_round_seen(actor: Actor, area: str, slug: str) -> Round:
    """One round in which `actor` may do something, whatever it is.

    Raises:
        NotFound: there is none, or nothing in it is theirs.
    """
    found = partnership(area)
    round = Round.objects.filter(area=found.code, slug=slug).select_related("audit").first()
    if round is None or not deeds_of(actor, round):
        raise NotFound(NO_SUCH)
    return round


def require_round(actor: Actor, round: Round, deed: Deed) -> None:
    """Pass whoever may do this in a round.

    Raises:
        NotFound, NotPermitted: as `get_round_for`.
    """
    held = deeds_of(actor, round)
    if not held:
        raise NotFound(NO_SUCH)
    if deed not in held:
        of = OF_INSPECTIONS if round.inspection else OF_AREAS
        raise refusal(
            of[deed],
            _scope(round),
            f"the record reading {round.title}",
            here_only=not round.inspection,
        )


def get_reading_for(
    actor: Actor, area: str, slug: str, number: int, *, opening: bool = True
) -> Reading:
    """The reading of a record that is `actor`'s own to write, by its reading number.

    Opening it is recorded; what a page sends that was opened before is no `opening`. Whoever runs
    the round opens it only to type in a
    printed form, by `get_reading_to_type`.

    Raises:
        NotFound: there is none, it is somebody else's, or the record is closed to them.
    """
    round = get_round_for(actor, area, slug, Deed.READ)
    found = (
        Reading.objects.filter(
            round=round,
            record__number=number,
            record__sample__set_aside_at__isnull=True,
            reader__person=actor if isinstance(actor, User) else None,
            reader__ended_at__isnull=True,
        )
        .exclude(state__in=[Reading.State.REASSIGNED, Reading.State.WITHDRAWN])
        .select_related("round", "record", "reader")
        .first()
    )
    if found is None or is_closed_to(found.reader, found.record):
        raise NotFound("There is no such reading, or it is not yours.")
    if opening:
        audit.record_read(actor, f"reading:{found.pk}")
    return found


def get_reading_to_type(
    actor: Actor, area: str, slug: str, number: int, part: int, *, opening: bool = True
) -> Reading:
    """A reading made on paper, for whoever runs the round to type in. Opening it is recorded.

    Raises:
        NotFound: there is none, the record is closed to them, or its reader has begun it on the
            screen. NotFound, NotPermitted: as `get_round_for`.
    """
    round = get_round_for(actor, area, slug, Deed.RUN)
    found = (
        Reading.objects.filter(
            round=round,
            record__number=number,
            part=part,
            record__sample__set_aside_at__isnull=True,
            on_paper=True,
        )
        .exclude(state__in=[Reading.State.REASSIGNED, Reading.State.WITHDRAWN])
        .select_related("round", "record", "reader__person")
        .first()
    )
    if found is None or not may_type(actor, found):
        raise NotFound("There is no such reading on paper.")
    if opening:
        audit.record_read(actor, f"reading:{found.pk}")
    return found


def may_type(actor: Actor, reading: Reading) -> bool:
    """Whether a reading on paper is open to whoever runs its round, to be typed in.

    Not where the record is closed to them, nor what its reader began to write on the screen.
    """
    reader = reading.reader.person
    if isinstance(actor, User) and actor.pk == reader.pk:
        return not is_closed_to(reading.reader, reading.record)
    return not (
        begun_on_screen(reading) or is_closed_to_person(actor, reading.round, reading.record)
    )


def begun_on_screen(reading: Reading) -> bool:
    """Whether its own reader began to write it, so that nobody else types it in."""
    return bool(reading.started_by) and reading.started_by == reading.reader.person.audit_name


def get_measure_for(actor: Actor, reference: str, profile: str = "") -> Measure:
    """What may leave the team of one figure of a locked round.

    Args:
        actor: who asks.
        reference: `area/round/item:band`, `…/item=answer` for one answer, and with
            `?way=group` of one group (`?care_type=foster`, `?agency=police`). With a template in
            the place of area and round (`risk-of-harm@1/…`) the latest round read by it that
            `actor` may see the results of answers.
        profile: there is one, under which everybody sees the same.

    Raises:
        NotFound: the reference names nothing, or nothing of it is theirs to see.
        NotPermitted: they may do something else in the round.
    """
    first, _, rest = reference.partition("/")
    if "@" in first:
        seen = (one for one in locked_rounds(first) if may(actor, one, Deed.RESULTS))
        round = next(seen, None)
        if round is None:
            raise NotFound(f"There is no locked round of {first} that is yours to see.")
    else:
        slug, _, rest = rest.partition("/")
        round = get_round_for(actor, first, slug, Deed.RESULTS)
    if profile not in {"", profile_of(round, PROTECTED)}:
        raise NotFound("Results leave a round under one profile, the same to everybody.")
    return measure(actor, round, rest)


def is_closed_to(reader: Reader, record: SampledRecord) -> bool:
    """Whether a reader may not open a record: declared, or their own team worked with the child."""
    return bool(_closed(reader.round_id, [reader.person_id], [record])[record.pk])


def is_closed_to_person(actor: Actor, round: Round, record: SampledRecord) -> bool:
    """Whether somebody may not open a record, whatever they do in the round."""
    return record.pk in closed_to_person(actor, round, [record])


def closed_to_person(
    actor: Actor, round: Round, records: Iterable[SampledRecord]
) -> frozenset[Any]:
    """The keys of those records that somebody may not open, whatever they do in the round.

    Whoever leads or runs it is bound as readers are, by what they declared as one.
    """
    if not isinstance(actor, User):
        return frozenset()
    found = _closed(round.pk, [actor.pk], records)
    return frozenset(record for record, people in found.items() if people)


def closed_records(
    readers: Iterable[Reader], records: Iterable[SampledRecord]
) -> dict[Any, frozenset[str]]:
    """For each record (by key) the readers of a round (keys as texts) it is closed to."""
    named = list(readers)
    round = named[0].round_id if named else None
    found = _closed(round, {one.person_id for one in named}, records)
    return {
        record: frozenset(str(one.pk) for one in named if one.person_id in people)
        for record, people in found.items()
    }


def _closed(
    round: Any, people: Collection[Any], records: Iterable[SampledRecord]
) -> dict[Any, set[Any]]:
    """For each record (by key) the people (of these, by key) it is closed to in a round.

    A conflict is between a person and a child: it holds when they were ended and are named anew,
    and when another sample draws the same child.
    """
    there = list(records)
    found: dict[Any, set[Any]] = {record.pk: set() for record in there}
    if not people:
        return found
    declared = declared_in(round).filter(reader__person__in=people)
    for conflict in declared.select_related("record", "reader").defer("record__facts", "note"):
        for record in there:
            if is_same_child(conflict.record, record):
                found[record.pk].add(conflict.reader.person_id)
    for reader in Reader.objects.filter(round=round, person__in=people).exclude(teams=[]):
        for record in there:
            if own_team(reader, record):
                found[record.pk].add(reader.person_id)
    return found


def declared_in(round: Any) -> QuerySet[Conflict]:
    """Every conflict of interest in a round (or its key) that was not lifted, of any sample."""
    return Conflict.objects.filter(reader__round=round, lifted_at__isnull=True)


def is_same_child(one: SampledRecord, other: SampledRecord) -> bool:
    """Whether two records of a round are of one child: the same, or of two draws with one label."""
    if one.pk == other.pk or one.sample_id == other.sample_id:
        return one.pk == other.pk
    label = _plain(one.reference)
    return bool(label) and label == _plain(other.reference)


def possible_readers(readers: Iterable[Reader], record: SampledRecord, part: int) -> list[Reader]:
    """Those of a round's readers who may open a record and would read this part of it unseen.

    A third reading is for nobody who could see the first two.
    """
    named = list(readers)
    closed = closed_records(named, [record])[record.pk]
    seen = have_seen([record], part)[record.pk]
    return [
        one
        for one in named
        if str(one.pk) not in closed
        and one.person.audit_name not in seen
        and not (part == THIRD and may(one.person, one.round, Deed.MODERATE))
    ]


def have_seen(records: Iterable[SampledRecord], part: int | None = None) -> dict[Any, set[str]]:
    """For each record (by key) who knows answers of a reading of it, as the audit trail names them.

    Whoever has or had begun one; whoever typed in, opened or looked again at one of somebody
    else's. What somebody began of this very `part`, and which was given to another, is not
    counted: it may go back to them.
    """
    found: dict[Any, set[str]] = {record.pk: set() for record in records}
    blank = Q(state__in=OVER, started_at__isnull=True)
    readings = (
        Reading.objects.filter(record__in=list(found))
        .exclude(blank)
        .select_related("record", "reader__person", "round")
        .defer("answers", "record__facts", "record__reference", "record__reason")
    )
    seen: dict[str, list[Reading]] = {}
    for reading in readings:
        if reading.part != part or reading.state not in OVER:
            found[reading.record_id].add(reading.reader.person.audit_name)
        where = f"{reading.round.area}/{reading.round.slug}/{reading.record.label}"
        targets = (f"reading:{reading.pk}", f"record-dip:{where}", f"record-difference:{where}")
        for target in targets:
            seen.setdefault(target, []).append(reading)
    if not seen:
        return found
    typed = SectionEntry.objects.filter(reading__record__in=list(found))
    for key, name in typed.values_list("reading", "entered_by").distinct():
        seen.setdefault(f"reading:{key}", [])
        for reading in seen[f"reading:{key}"]:
            _add_other(found, reading, name)
    opened = AuditEvent.objects.filter(target__in=list(seen)).exclude(verb__in=ROWS)
    for target, name, at in opened.values_list("target", "actor", "at"):
        for reading in seen[target]:
            if at >= reading.assigned_at:  # before that there was nothing in it
                _add_other(found, reading, name)
    return found


def _add_other(found: dict[Any, set[str]], reading: Reading, name: str) -> None:
    if name != reading.reader.person.audit_name:
        found[reading.record_id].add(name)


def own_team(reader: Reader, record: SampledRecord) -> bool:
    """Whether a team of the reader's worked with the child, by the names of the return."""
    return bool(_teams(reader.teams) & _teams(record.facts.get("teams") or ()))


def _plain(reference: str) -> str:
    return " ".join(reference.casefold().split())


def _teams(names: object) -> set[str]:
    listed = names if isinstance(names, list | tuple) else ()
    return {" ".join(str(name).casefold().split()) for name in listed} - {""}


def rounds_for(actor: Actor, area: str) -> QuerySet[Round]:
    """The rounds of an area in which somebody may do something, the newest first."""
    rounds = Round.objects.filter(area=area).order_by("-made_at")
    if isinstance(actor, CommandLine):
        return rounds
    seen = [round.pk for round in rounds if deeds_of(actor, round)]
    return rounds.filter(pk__in=seen)


def readings_of(person: User) -> QuerySet[Reading]:
    """Everything that is allotted to somebody, in every round that is not over."""
    return (
        Reading.objects.filter(
            reader__person=person,
            reader__ended_at__isnull=True,
            record__sample__set_aside_at__isnull=True,
            round__state__in=[Round.State.READING, Round.State.LOCKED],
        )
        .exclude(state__in=[Reading.State.REASSIGNED, Reading.State.WITHDRAWN])
        .select_related("round", "record", "reader")
        .order_by("round__reads_from", "round_id", "record__number")
    )


def rounds_going_on(person: User) -> list[Round]:
    """Rounds that are prepared or read and that somebody runs, leads or sends a return to."""
    deeds = (Deed.RETURN, Deed.RUN, Deed.MODERATE)
    wanted = [of[deed] for of in (OF_INSPECTIONS, OF_AREAS) for deed in deeds]
    if not any(holds_anywhere(person, one) for one in wanted):
        return []
    going_on = Round.objects.filter(state__in=[Round.State.PREPARING, Round.State.READING])
    return [
        round
        for round in going_on.order_by("reads_from", "made_at")
        if any(_holds(person, round, deed) for deed in deeds)
    ]


def get_area_for(actor: Actor, area: str) -> Partnership:
    """The area, if there is record reading in it that somebody may do something in or begin.

    Raises:
        NotFound: there is none, or nothing there is theirs.
    """
    found = partnership(area)
    if not _has_to_do_with(actor, found.code):
        raise NotFound(NO_SUCH)
    return found


def _has_to_do_with(actor: Actor, area: str) -> bool:
    return (
        may_begin(actor, area)
        or rounds_for(actor, area).exists()
        or audits_for(actor, area).exists()
    )


def audits_for(actor: Actor, area: str) -> QuerySet[RollingAudit]:
    """The rolling audits of a partnership that somebody may see, those that go on first."""
    found = RollingAudit.objects.filter(area=area).order_by(F("ended_at").desc(nulls_first=True))
    return found if _may_audit(actor, area, Deed.RESULTS) else found.none()


def get_audit_for(actor: Actor, area: str, slug: str, deed: Deed) -> RollingAudit:
    """One rolling audit, if `actor` may do this in it.

    Raises:
        NotFound: there is none, or nothing in it is theirs. NotPermitted: something else is.
    """
    found = partnership(area)
    held = [one for one in (Deed.RUN, Deed.RESULTS) if _may_audit(actor, found.code, one)]
    audit_found = RollingAudit.objects.filter(area=found.code, slug=slug).first()
    if audit_found is None or not held:
        raise NotFound("There is no such rolling audit, or it is not yours to see.")
    if deed not in held:
        raise refusal(OF_AREAS[deed], Scope("partnership", found.code), audit_found.title)
    return audit_found


def _may_audit(actor: Actor, area: str, deed: Deed) -> bool:
    return _holds_there(actor, OF_AREAS[deed], Scope("partnership", area))


def may_begin(actor: Actor, area: str) -> bool:
    """Whether somebody may begin a round in an area, for itself or for one of its inspections."""
    return may_begin_own(actor, area) or bool(inspections_to_read_for(actor, area))


def may_begin_own(actor: Actor, area: str) -> bool:
    """Whether somebody may begin an audit of a partnership's own."""
    return _holds_there(actor, Permission.OWN_RECORDS_RUN, Scope("partnership", area))


def inspections_to_read_for(actor: Actor, area: str) -> tuple[str, ...]:
    """The inspections of an area somebody may begin a round for, by reference, in order."""
    held = scopes_held(actor, Permission.RECORDS_RUN)
    there = exercises.inspections_of(area)
    if NATIONAL in held:
        return tuple(sorted(there))
    return tuple(sorted(there & {scope.key for scope in held if scope.kind == "inspection"}))


def areas_for(actor: Actor) -> list[Partnership]:
    """The areas in which somebody has something to do with record reading."""
    busy = set(Round.objects.values_list("area", flat=True))
    busy |= set(RollingAudit.objects.values_list("area", flat=True))
    return [
        found
        for found in all_partnerships()
        if may_begin(actor, found.code)
        or (found.code in busy and _has_to_do_with(actor, found.code))
    ]


def _scope(round: Round) -> Scope:
    if round.inspection:
        return Scope("inspection", round.inspection)
    return Scope("partnership", round.area)
