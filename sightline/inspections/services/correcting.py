"""Correction of single published values, each keeping the one it replaces."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import Permission
from sightline.framework.definitions import library
from sightline.inspections import models, policies, queries
from sightline.inspections.checking import DATE_WORDS
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.permissions import get_inspection_for
from sightline.inspections.services.shared import bump, check_again, write_or_refuse
from sightline.inspections.writing import date_columns
from sightline.kernel.errors import BadInput, NotAllowed


@dataclass(frozen=True)
class Basis:
    """What a correction rests on."""

    sources: tuple[str, ...]
    confidence: str
    place: str = ""
    note: str = ""


@dataclass(frozen=True)
class _Correction:
    """One value to put in the place of another."""

    what: str  # in words
    kind: type[models.Statement]
    about: Mapping[str, Any]  # which statements: owner and subject
    columns: Mapping[str, Any]


def _check_basis(basis: Basis, reason: str) -> None:
    """A correction names sources that are known here, and says why."""
    if not reason.strip():
        raise BadInput("Say why the value is corrected. The reason is shown in its history.")
    if not basis.sources:
        raise BadInput("Name the source that gives the right value.")
    missing = sorted(set(basis.sources) - queries.sources().keys())
    if missing:
        raise BadInput(
            f"There is no source {', '.join(missing)}. Choose one that is known here, or import a "
            "document that describes it under `sources`."
        )


def _put_in_place(
    *,
    actor: Actor,
    document: InspectionDocument,
    correction: _Correction,
    basis: Basis,
    reason: str,
    as_shown: int | None,
) -> None:
    """Supersede the statement that was shown, and put the corrected one in use.

    What sources other than the correcting ones say stands beside it.
    """
    now, by = timezone.now(), actor.audit_name
    rows = correction.kind._default_manager.filter(**correction.about, in_use=True)
    old = rows.first()
    if (old.pk if old else None) != as_shown:
        raise policies.changed_since_shown(correction.what)
    if old is not None:
        if all(getattr(old, name) == value for name, value in correction.columns.items()):
            raise NotAllowed(f"{correction.what} is {old} already. Nothing was changed.")
        _supersede(rows, old, correction, by=by, at=now, reason=reason)
    statements: Any = correction.kind._default_manager
    _let_others_stand(correction, old, basis, by=by, at=now, reason=reason)
    statements.create(
        **correction.about,
        **correction.columns,
        sources=list(basis.sources),
        confidence=basis.confidence,
        place=basis.place,
        note=basis.note,
        position=old.position if old else _next_position(correction),
        in_use=True,
        origin=models.Statement.CORRECTION,
        corrects=old,
        stated_at=now,
        stated_by=by,
    )
    _touch(document.reference, at=now, by=by)
    bump()


def _let_others_stand(
    correction: _Correction,
    old: models.Statement | None,
    basis: Basis,
    *,
    by: str,
    at: dt.datetime,
    reason: str,
) -> None:
    """What the sources of the correction said before is history; what others say still stands.

    Whoever reads the record must still see that another source gives another value.
    """
    statements: Any = correction.kind._default_manager
    beside = list(
        statements.filter(**correction.about, in_use=False, superseded_at=None).order_by(
            "position", "pk"
        )
    )
    position = max((row.position for row in beside), default=-1)
    for row in beside:
        if set(row.sources) & set(basis.sources):
            _supersede(statements, row, correction, by=by, at=at, reason=reason)
            _stand(row, basis, position=row.position, by=by, at=at)
    if old is not None:
        _stand(old, basis, position=position + 1, by=by, at=at)


def _stand(row: models.Statement, basis: Basis, *, position: int, by: str, at: dt.datetime) -> None:
    """A superseded statement again, beside the one in use, by the sources not corrected."""
    sources = [source for source in row.sources if source not in basis.sources]
    if not sources:
        return
    columns = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and not field.name.startswith("superseded_")
    }
    columns |= {
        "sources": sources,
        "position": position,
        "in_use": False,
        "origin": models.Statement.CORRECTION,
        "corrects_id": row.pk,
        "stated_at": at,
        "stated_by": by,
    }
    type(row)._default_manager.create(**columns)


def _supersede(
    rows: Any,
    old: models.Statement,
    correction: _Correction,
    *,
    by: str,
    at: dt.datetime,
    reason: str,
) -> None:
    """Over what the person saw: another in between and nothing is updated."""
    done = rows.filter(pk=old.pk).update(
        in_use=False, superseded_at=at, superseded_by=by, superseded_reason=reason.strip()
    )
    if not done:
        raise policies.changed_since_shown(correction.what)


def _next_position(correction: _Correction) -> int:
    owner = {name: value for name, value in correction.about.items() if name == "inspection"}
    last = correction.kind._default_manager.filter(**owner, in_use=True).order_by("-position")
    row = last.first() if owner else None
    return row.position + 1 if row else 0


def _touch(reference: str, *, at: dt.datetime, by: str) -> None:
    """Note the change, and repeat the published date in use on the inspection itself."""
    published = models.StatedDate.objects.filter(
        inspection__reference=reference, what="published", in_use=True
    ).first()
    models.Inspection.objects.filter(reference=reference).update(
        changed_at=at,
        changed_by=by,
        published_earliest=published.earliest if published else None,
        published_latest=published.latest if published else None,
    )


def _correct(
    *,
    actor: Actor,
    document: InspectionDocument,
    correction: _Correction,
    basis: Basis,
    reason: str,
    as_shown: int | None,
) -> None:
    """The one way every correction goes, once its value is known to be of the right kind."""
    policies.check_can_correct(document)
    _check_basis(basis, reason)

    def write() -> None:
        _put_in_place(
            actor=actor,
            document=document,
            correction=correction,
            basis=basis,
            reason=reason,
            as_shown=as_shown,
        )

    write_or_refuse(write, document.reference)
    check_again(document.reference, None, "The inspection with this correction")
    audit.record(
        actor,
        f"{correction.what.split()[0]}.corrected",
        f"inspection:{document.reference}",
        reason=reason,
        after={"what": correction.what, **_plain(correction.columns)},
    )


def _plain(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(v) if isinstance(v, dt.date) else v for name, v in columns.items()}


@transaction.atomic
def correct_evaluation(
    *,
    actor: Actor,
    reference: str,
    judgement: str,
    value: int,
    basis: Basis,
    reason: str,
    as_shown: int | None,
) -> None:
    """Correct the evaluation of one judgement; the old value stays in its history.

    What other sources than those of the correction say still stands beside the new value.

    Args:
        actor: who corrects.
        reference: the inspection.
        judgement: code of a judgement its programme grades.
        value: whole point of the scale, 1 to 6.
        basis: the source of the right value.
        reason: why it is corrected; shown in the history.
        as_shown: key of the statement that was in use when the person looked, None when none was.

    Raises:
        NotFound, NotPermitted: as the door.
        BadInput: a value off the scale, no reason, no known source, a judgement not graded.
        NotAllowed: a draft, no change, or changed since it was shown.
    """
    document = get_inspection_for(actor, reference, Permission.INSPECTION_CORRECT)
    if not 1 <= value <= 6:  # noqa: PLR2004 - the scale
        raise BadInput(f"{value} is not on the scale. Give a whole point from 1 to 6.")
    library().programmes.get(document.programme).judgement(judgement)
    row, _ = models.Evaluation.objects.get_or_create(
        inspection=models.Inspection.objects.get(reference=reference),
        judgement=judgement,
        defaults={"position": len(document.evaluations)},
    )
    _correct(
        actor=actor,
        document=document,
        correction=_Correction(
            what=f"evaluation {judgement}",
            kind=models.StatedEvaluation,
            about={"evaluation": row},
            columns={"value": value},
        ),
        basis=basis,
        reason=reason,
        as_shown=as_shown,
    )


@transaction.atomic
def correct_count(
    *,
    actor: Actor,
    reference: str,
    channel: str,
    count: int,
    qualifier: str = "exactly",
    printed: str = "",
    basis: Basis,
    reason: str,
    as_shown: int | None,
) -> None:
    """Correct the count of one channel of evidence; see `correct_evaluation`."""
    document = get_inspection_for(actor, reference, Permission.INSPECTION_CORRECT)
    library().programmes.get(document.programme).channel(channel)
    if count < 0:
        raise BadInput(f"{count} is below zero. A count is 0 or more.")
    _correct(
        actor=actor,
        document=document,
        correction=_Correction(
            what=f"count {channel}",
            kind=models.StatedCount,
            about={
                "inspection": models.Inspection.objects.get(reference=reference),
                "channel": channel,
            },
            columns={"count": count, "qualifier": qualifier, "printed": printed},
        ),
        basis=basis,
        reason=reason,
        as_shown=as_shown,
    )


@transaction.atomic
def correct_date(
    *,
    actor: Actor,
    reference: str,
    what: str,
    value: str,
    basis: Basis,
    reason: str,
    as_shown: int | None,
) -> None:
    """Correct a planned or actual date (`what` as in `Dates`); see `correct_evaluation`."""
    document = get_inspection_for(actor, reference, Permission.INSPECTION_CORRECT)
    if what not in DATE_WORDS:
        raise BadInput(f"There is no date {what!r}. There are: {', '.join(DATE_WORDS)}.")
    _correct(
        actor=actor,
        document=document,
        correction=_Correction(
            what=f"date {what}",
            kind=models.StatedDate,
            about={
                "inspection": models.Inspection.objects.get(reference=reference),
                "what": what,
            },
            columns=date_columns(value),
        ),
        basis=basis,
        reason=reason,
        as_shown=as_shown,
    )
