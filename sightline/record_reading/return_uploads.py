"""The return as a kind of file: sent to a round, whose template says what its columns may hold."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from django.urls import reverse
from django.utils import timezone

from sightline.access.actors import Actor
from sightline.access.enums import Permission
from sightline.access.scopes import Scope
from sightline.kernel.errors import NotFound
from sightline.partnerships.queries import details, partnership
from sightline.record_reading import returning
from sightline.record_reading.models import Round, Snapshot
from sightline.record_reading.permissions import NO_SUCH, Deed, require_round
from sightline.record_reading.return_checks import DIFFERS, TOTALS, ReturnCheck, tells
from sightline.record_reading.return_policies import check_can_change
from sightline.record_reading.services import returning as services
from sightline.uploads.kinds import Column, Destination, Kind, Outcome, Row
from sightline.uploads.models import State, Upload

CODE: Final = "children-in-scope"
SENT_TO: Final = "record-reading"
"""The kind of scope of a return; its key is the round's."""


def scope_of(round: Round) -> Scope:
    """Where the return of a round is sent."""
    return Scope(SENT_TO, str(round.pk))


def round_at(key: str) -> Round:
    """The round of a scope's key.

    Raises:
        NotFound: there is none.
    """
    try:
        return Round.objects.get(pk=uuid.UUID(key))
    except (ValueError, Round.DoesNotExist):
        raise NotFound(NO_SUCH) from None


def _door(actor: Actor, key: str) -> None:
    require_round(actor, round_at(key), Deed.RETURN)


def _name(key: str) -> str:
    round = round_at(key)
    return f"{round.title}, {partnership(round.area).name}"


def _crumbs(key: str) -> Sequence[tuple[str, str]]:
    round = round_at(key)
    args = [round.area, round.slug]
    return (
        (round.title, reverse("record_reading:round", args=args)),
        ("Pre-inspection return" if round.inspection else "Return", hub(round)),
    )


def hub(round: Round) -> str:
    """The page that a return is sent from."""
    return reverse("record_reading:return", args=[round.area, round.slug])


def localities(round: Round) -> list[str]:
    """The localities held of the round's area, by name."""
    return sorted(one.name for one in details(partnership(round.area)).localities)


def columns(round: Round) -> tuple[Column, ...]:
    """The columns of the return of a round."""
    return returning.columns(round, localities=localities(round), today=timezone.localdate())


def adapt(kind: Kind, scope: Scope) -> Kind:
    """The kind as a round takes it. What is counted of one file is kept with this copy."""
    round = round_at(scope.key)
    check = ReturnCheck(round)
    return replace(
        kind, columns=columns(round), check=check.rows, look=check.whole,
        what=f"{KIND.what} This return is of “{round.title}”.",
    )  # fmt: skip


def commit(*, actor: Actor, scope: Scope, rows: Iterable[Row], upload: str) -> Outcome:
    """Keep the children of a file as the version that is used."""
    round = round_at(scope.key)
    check_can_change(round)
    facts = [returning.facts_of(round, row) for row in rows]
    return services.accept_return(actor=actor, round=round, rows=facts, upload=uuid.UUID(upload))


def undo(*, actor: Actor, scope: Scope, upload: str) -> Outcome:
    """Take the version of an upload out of use; the one before is used again."""
    round = round_at(scope.key)
    made = Snapshot.objects.filter(round=round, upload_id=uuid.UUID(upload))
    removed = services.take_back_return(actor=actor, round=round, snapshots=list(made))
    return Outcome(removed=removed)


def leads_to(key: str, upload: Upload) -> tuple[str, str]:
    """From an upload on: back to the return, or to its totals where they do not add up."""
    round = round_at(key)
    said = [str(group["what"]) for group in upload.result.get("groups", ())]
    if upload.state == State.REFUSED and any(TOTALS in one or DIFFERS in one for one in said):
        totals = reverse("record_reading:return-totals", args=[round.area, round.slug])
        return "See the totals that were given, or say why they differ", totals
    return "Go on to the return", hub(round)


KIND: Final = Kind(
    code=CODE,
    title="Children in scope",
    what="One row for each child in scope on the agreed date, under a label of your own.",
    columns=(
        Column("reference", "Reference", kind="reference", required=True),
        Column("family", "Sibling group", kind="reference"),
    ),
    needs=Permission.RECORDS_RETURN,
    scope_kind=SENT_TO,
    commit=commit,
    undo=undo,
    adapt=adapt,
    is_listed=False,
    leads_to=leads_to,
    sent_to=Destination(door=_door, name=_name, crumbs=_crumbs),
    all_or_none=True,
    tells=tells,
    quotes=False,
)
"""Its columns stand for those of a round, which `adapt` puts in."""
