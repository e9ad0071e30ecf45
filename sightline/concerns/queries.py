"""Reads of concerns: which ones somebody has a part in, and who must act on one.

Nothing here looks at words; they are unsealed only where a page shows them.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from sightline.access.models import Assignment, AuditEvent, User
from sightline.access.permissions import NATIONAL, Permission, Scope, holds_anywhere, scopes_held
from sightline.access.queries import people_holding
from sightline.access.roles import roles
from sightline.concerns.models import Concern, Deed, Letter, State, Step

ACTS = (Permission.CONCERN_DECIDE, Permission.CONCERN_RECEIVE, Permission.CONCERN_OVERSEE)
STANDS_IN = Permission.INSPECTION_CREATE
"""What whoever stands in for a lead must hold over the inspection: lead and depute lead do."""
LEADS_TURN = (State.DECIDING, State.CONCLUDED, State.KEPT)
RECEIVERS_TURN = (State.PASSED, State.ACKNOWLEDGED, State.ACTING)


def _reach(person: User, permission: Permission, kind: str, field: str) -> Q | None:
    """Concerns of the scopes in which a person holds a permission; None where they hold it not."""
    held = scopes_held(person, permission)
    if NATIONAL in held:
        return Q(pk__isnull=False)  # an empty Q would vanish when another is put beside it
    keys = [scope.key for scope in held if scope.kind == kind]
    return Q(**{f"{field}__in": keys}) if keys else None


def _as_lead(person: User) -> Q:
    decides = _reach(person, Permission.CONCERN_DECIDE, "inspection", "inspection")
    stands_in = _reach(person, STANDS_IN, "inspection", "inspection")
    if stands_in is not None:
        stands_in &= Q(stand_in=person)
    return _any(decides, stands_in) & ~Q(inspection="") & Q(past_lead=False)


def _as_receiver(person: User) -> Q | None:
    reach = _reach(person, Permission.CONCERN_RECEIVE, "partnership", "partnership")
    return None if reach is None else reach & Q(passed_on=True, past_local_lead=False)


def _as_manager(person: User) -> Q | None:
    return _reach(person, Permission.CONCERN_OVERSEE, "inspection", "inspection")


def _any(*parts: Q | None) -> Q:
    found = Q(pk__in=[])
    for part in parts:
        if part is not None:
            found |= part
    return found


def acts_on_concerns(person: User) -> bool:
    """Whether this person holds, anywhere, a role that acts on concerns. Asks no further query."""
    return any(holds_anywhere(person, permission) for permission in ACTS)


def in_hand_of(person: User) -> QuerySet[Concern]:
    """Concerns this person may open in a role (not those they only raised), most pressing first."""
    found = Concern.objects.filter(
        _any(_as_lead(person), _as_receiver(person), _as_manager(person))
    )
    return found.order_by(F("due").asc(nulls_last=True), "-raised_at", "pk")


def raised_by(person: User) -> QuerySet[Concern]:
    """Concerns this person raised, the newest first."""
    return Concern.objects.filter(raised_by=person).order_by("-raised_at", "pk")


def waiting_for(person: User) -> QuerySet[Concern]:
    """Open concerns whose next step is this person's, most pressing first.

    A service manager's: those that go round the local lead, those nobody else could take, those to
    be closed, and every one whose time has run out. A raiser's: those with a question.
    """
    receiver, manager = _as_receiver(person), _as_manager(person)
    theirs = _as_lead(person) & Q(state__in=LEADS_TURN)
    if receiver is not None:
        theirs |= receiver & Q(state__in=RECEIVERS_TURN)
    if manager is not None:
        theirs |= manager & (
            Q(state__in=RECEIVERS_TURN, past_local_lead=True)
            | Q(escalated=True)
            | Q(state__in=[State.CONCLUDED, State.KEPT])
            | Q(due__lte=timezone.now())
        )
    theirs |= Q(raised_by=person, question_waits=True)
    return Concern.objects.filter(theirs).exclude(state=State.CLOSED).order_by("due", "pk")


@dataclass(frozen=True)
class Waiting:
    """How many concerns wait for somebody, and for how many of them the time has run out."""

    count: int
    overdue: int


def waiting(person: User) -> Waiting:
    """What the header says to those who act on concerns; one query."""
    dues = list(waiting_for(person).values_list("due", flat=True))
    now = timezone.now()
    return Waiting(len(dues), sum(due <= now for due in dues if due is not None))


def steps(concern: Concern) -> list[Step]:
    """What was done with a concern, oldest first, with who did it."""
    return list(concern.steps.select_related("taken_by").order_by("turn"))


def _last(concern: Concern, deed: Deed) -> Step | None:
    found = concern.steps.filter(deed=deed).select_related("taken_by").order_by("-turn")
    return found.first()


def last_kept_by(concern: Concern) -> int | None:
    """The key of who decided last not to pass it on, or None."""
    found = _last(concern, Deed.KEPT)
    return found.taken_by_id if found else None


def last_asker(concern: Concern) -> list[User]:
    """Who asked the raiser last; empty when nobody did."""
    found = _last(concern, Deed.ASKED)
    return [found.taken_by] if found else []


def letters(concern: Concern) -> list[Letter]:
    """The letters about a concern, oldest first, with whom they are for."""
    return list(concern.letters.select_related("person").order_by("written", "pk"))


def turn_of(concern: Concern) -> int:
    """How many steps were taken by now, whatever this object was read with."""
    return int(Concern.objects.values_list("turn", flat=True).get(pk=concern.pk))


def target(concern: Concern) -> str:
    """How the audit trail names a concern."""
    return f"concern:{concern.label}"


@dataclass(frozen=True)
class Opening:
    """How often somebody opened a concern, first and last."""

    who: str
    first: dt.datetime
    last: dt.datetime
    times: int


def openings(concern: Concern) -> tuple[Opening, ...]:
    """Who opened a concern, by when they first did."""
    read = AuditEvent.objects.filter(target=target(concern), verb="concern.read").order_by("pk")
    by_actor: dict[str, list[dt.datetime]] = {}
    for actor, at in read.values_list("actor", "at"):
        by_actor.setdefault(actor, []).append(at)
    keys = [int(name.partition(":")[2]) for name in by_actor if name.startswith("person:")]
    names = {f"person:{p.pk}": p.name for p in User.objects.filter(pk__in=keys)}
    return tuple(
        Opening(names.get(actor, actor), times[0], times[-1], len(times))
        for actor, times in by_actor.items()
    )


# Who must act.


def _nearest(permission: Permission, scope: Scope) -> list[User]:
    """Who holds a permission over this very scope; only without anybody, whoever holds it wider."""
    codes = [item.code for item in roles() if permission in item.permissions]
    here = Assignment.objects.live_on(timezone.localdate()).filter(
        scope_kind=scope.kind, scope_key=scope.key, role__in=codes
    )
    everybody = people_holding(permission, scope)
    return list(everybody.filter(pk__in=here.values("person"))) or list(everybody)


def leads(concern: Concern) -> list[User]:
    """Who decides about a concern: the stand-in, or the lead of its inspection."""
    if not concern.inspection or concern.past_lead:
        return []
    inspection = Scope("inspection", concern.inspection)
    if concern.stand_in_id is not None:
        standing_in = people_holding(STANDS_IN, inspection).filter(pk=concern.stand_in_id)
        if found := list(standing_in):
            return found
    return _nearest(Permission.CONCERN_DECIDE, inspection)


def local_leads(concern: Concern) -> list[User]:
    """Who receives a concern in the partnership; nobody when it is to go round them."""
    if concern.past_local_lead:
        return []
    return _nearest(Permission.CONCERN_RECEIVE, Scope("partnership", concern.partnership))


def managers(concern: Concern) -> list[User]:
    """The service manager of the inspection, or of all of Scotland."""
    if concern.inspection:
        return _nearest(Permission.CONCERN_OVERSEE, Scope("inspection", concern.inspection))
    return list(people_holding(Permission.CONCERN_OVERSEE, NATIONAL))


def administrators() -> list[User]:
    """Who can give somebody a role; they learn that it is needed, never what a concern says."""
    return list(people_holding(Permission.PEOPLE_MANAGE, NATIONAL))


def eligible_stand_ins(concern: Concern) -> QuerySet[User]:
    """Who may decide while the lead is away: people of the inspection's team who see all of it."""
    team = people_holding(STANDS_IN, Scope("inspection", concern.inspection))
    return team if concern.stand_in_id is None else team.exclude(pk=concern.stand_in_id)
