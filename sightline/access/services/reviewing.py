"""Access reviews: each assignment kept until a day, or ended with a reason."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from sightline.access import audit, policies, queries
from sightline.access.actors import Actor
from sightline.access.doors import require_people
from sightline.access.models import AccessReview, Assignment, ReviewLine
from sightline.access.permissions import Permission
from sightline.access.services.shared import end_now, id_of, reason_of
from sightline.kernel.errors import BadInput, NotFound


@dataclass(frozen=True)
class Decision:
    """What the reviewer says of one assignment: keep it until the next review, or end it, and why.

    `next_review` is None for one that ends.
    """

    assignment_id: int
    next_review: dt.date | None
    reason: str = ""


@transaction.atomic
def review_access(*, actor: Actor, decisions: Sequence[Decision], note: str = "") -> AccessReview:
    """Record a review, and end what it found wrong; all of it or, with any fault, nothing.

    Raises:
        NotFound, NotPermitted: as `require_people`; or an assignment that is not there.
        BadInput: nothing is decided, or one ends without a reason.
        NotAllowed: one's own assignment, one that is over, a next review not in the coming year,
            or nobody else could give roles.
    """
    require_people(actor, Permission.ACCESS_REVIEW)
    if not decisions:
        raise BadInput("Nothing is decided yet. Choose Keep or End for at least one role.")
    found = _assignments(decisions)
    with_factor = queries.with_factor({item.person_id for item in found.values()})
    review = AccessReview.objects.create(
        reviewed_at=timezone.now(), reviewed_by=actor.audit_name, note=note.strip()
    )
    for decision in decisions:
        assignment = found[decision.assignment_id]
        line = _line(actor, decision, assignment)
        line.review, line.had_factor = review, assignment.person_id in with_factor
        line.save()
        if line.decision == ReviewLine.Decision.END:
            _end(actor, assignment, line.reason)
    ended = sum(decision.next_review is None for decision in decisions)
    after = {"kept": str(len(decisions) - ended), "ended": str(ended)}
    audit.record(actor, "access.reviewed", f"access-review:{review.pk}", after=after)
    return review


def _assignments(decisions: Sequence[Decision]) -> dict[int, Assignment]:
    wanted = {decision.assignment_id for decision in decisions}
    found = Assignment.objects.select_related("person").in_bulk(wanted)
    if len(found) < len(wanted):
        raise NotFound("One of these assignments is not there. Open the list again.")
    return found


def _line(actor: Actor, decision: Decision, assignment: Assignment) -> ReviewLine:
    today = timezone.localdate()
    policies.check_can_review(assignment, by_id=id_of(actor), today=today)
    if decision.next_review is not None:
        policies.check_next_review(decision.next_review, today=today)
    ends = decision.next_review is None
    return ReviewLine(
        assignment=assignment,
        decision=ReviewLine.Decision.END if ends else ReviewLine.Decision.KEEP,
        next_review=decision.next_review,
        reason=reason_of(decision.reason) if ends else decision.reason.strip(),
        last_signed_in=assignment.person.last_login,
    )


def _end(actor: Actor, assignment: Assignment, reason: str) -> None:
    end_now(actor, assignment)
    scope = f"{assignment.scope_kind}:{assignment.scope_key}"
    audit.record(
        actor,
        "role.ended",
        f"person:{assignment.person_id}",
        reason=reason,
        before={"role": assignment.role, "scope": scope},
    )
