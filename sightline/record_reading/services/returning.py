"""The return of a round: totals given, and each version of the children in scope."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.kernel.errors import BadInput, Fault, Faults, NotAllowed
from sightline.record_reading import returning
from sightline.record_reading.models import Round, Sample, Snapshot
from sightline.record_reading.permissions import Deed
from sightline.record_reading.return_policies import check_can_change
from sightline.record_reading.services.shared import held, target
from sightline.uploads.kinds import Outcome

MOST = 1_000_000
LONGEST_WHY = 2_000


@transaction.atomic
def give_totals(
    *,
    actor: Actor,
    round: Round,
    populations: Mapping[str, int],
    strata: Mapping[str, int],
    why: str = "",
) -> Round:
    """Say how many children there are in each population and stratum, before the file is sent.

    Args:
        actor: who gives them.
        round: whose return.
        populations: by code, every one of the template.
        strata: the same; they add up to their populations.
        why: why the file differs from them; empty where it does not. With it, a file that does not
            add up is taken.

    Raises:
        NotFound, NotPermitted: the return is not theirs to send.
        NotAllowed: the round is locked or over.
        Faults: one is missing or below 0, or the strata of a population do not add up to it.
    """
    round = held(actor, round, Deed.RETURN)
    check_can_change(round)
    _check_totals(round, populations, strata, why)
    before = round.totals
    round.totals = {
        "populations": dict(populations), "strata": dict(strata), "why": why.strip(),
    }  # fmt: skip
    if round.totals != before:
        round.save(update_fields=["totals"])
        audit.record(
            actor, "record-round.totals-given", target(round), reason=why.strip(), before=before,
            after={"children": sum(populations.values()), **round.totals},
        )  # fmt: skip
    return round


def _check_totals(
    round: Round, populations: Mapping[str, int], strata: Mapping[str, int], why: str
) -> None:
    parts, layers = returning.populations(round), returning.strata(round)
    faults = []
    for known, given in ((parts, populations), (layers, strata)):
        faults += [
            Fault(words, "has no total.", "Enter 0 if there are none.")
            for code, words in known.items()
            if code not in given
        ]
        faults += [
            Fault(known.get(code, code), "is not a number of children.", f"0 to {MOST:,}.")
            for code, number in given.items()
            if code not in known or not 0 <= number <= MOST
        ]
    lies_in = returning.population_of(round)
    for code, words in parts.items() if not faults else ():
        total = sum(number for layer, number in strata.items() if lies_in[layer] == code)
        if total != populations[code]:
            faults.append(
                Fault(
                    words,
                    f"its strata add up to {total:,}, and {populations[code]:,} were given.",
                    "Each child is in one stratum, so both are the same number.",
                )
            )
    if len(why) > LONGEST_WHY:
        faults.append(Fault("Why they differ", f"must be {LONGEST_WHY:,} characters or fewer."))
    if faults:
        raise Faults("The totals", faults)


@transaction.atomic
def accept_return(
    *, actor: Actor, round: Round, rows: Sequence[Mapping[str, Any]], upload: Any = None
) -> Outcome:
    """Keep a version of the children in scope, as facts. The same children again make none.

    Raises:
        NotFound, NotPermitted: the return is not theirs to send.
        NotAllowed: the round is locked or over.
        BadInput: there are no rows, or one reference is there twice.
    """
    round = held(actor, round, Deed.RETURN)
    check_can_change(round)
    new = {row["reference"]: row for row in rows}
    if not rows or len(new) != len(rows):
        raise BadInput("A return has a row for each child in scope, each with its own reference.")
    last = returning.latest(round)
    old = {row["reference"]: row for row in last.rows} if last is not None else {}
    outcome = _beside(old, new)
    if last is not None and outcome.unchanged == len(old) == len(new):
        return outcome
    newest = returning.snapshots(round).first()
    made = Snapshot.objects.create(
        round=round, number=newest.number + 1 if newest else 1, upload_id=upload, rows=list(rows),
        held=len(rows), strata=returning.counted(rows, "stratum"), sent_at=timezone.now(),
        sent_by=actor.audit_name,
    )  # fmt: skip
    audit.record(
        actor, "record-round.return-sent", target(round),
        reason=str(round.totals.get("why", "")),
        after={"version": made.number, "children": made.held},
    )  # fmt: skip
    return outcome


def _beside(old: Mapping[str, Any], new: Mapping[str, Any]) -> Outcome:
    unchanged = sum(old.get(reference) == row for reference, row in new.items())
    both = len(old.keys() & new.keys())
    return Outcome(
        added=len(new) - both, replaced=both - unchanged, removed=len(old) - both,
        unchanged=unchanged,
    )  # fmt: skip


@transaction.atomic
def take_back_return(*, actor: Actor, round: Round, snapshots: Iterable[Snapshot]) -> int:
    """Take versions of the return out of use; the one before is used again. How many children.

    Raises:
        NotFound, NotPermitted: the return is not theirs to send.
        NotAllowed: the round is locked or over, or the sample in use was drawn from one.
    """
    round = held(actor, round, Deed.RETURN)
    check_can_change(round)
    there = [one for one in snapshots if one.round_id == round.pk and one.withdrawn_at is None]
    if Sample.objects.filter(snapshot__in=there, set_aside_at__isnull=True).exists():
        raise NotAllowed(
            "The sample in use was drawn from this return, so it stays. Send a corrected return, "
            "and have the sample drawn again from it."
        )
    now = timezone.now()
    for one in there:
        one.withdrawn_at, one.withdrawn_by = now, actor.audit_name
        one.save(update_fields=["withdrawn_at", "withdrawn_by"])
        audit.record(
            actor, "record-round.return-withdrawn", target(round),
            after={"version": one.number, "children": one.held},
        )  # fmt: skip
    return sum(one.held for one in there)
