"""Reviewing what was declared, withdrawing it, and making thresholds stricter."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import Permission, Scope, require
from sightline.kernel.errors import BadInput, NotAllowed
from sightline.releases import policies, queries
from sightline.releases.definitions import profile
from sightline.releases.models import LedgerEntry, StricterThreshold, TableSet
from sightline.releases.permissions import get_set_for, require_declaring
from sightline.releases.services.ledger import entry_of, lock


@transaction.atomic
def review(*, actor: Actor, key: str | UUID, code: str, reason: str = "") -> TableSet:
    """Sign that the tables of a set may be shown to the readers of a profile.

    Raises:
        NotFound, NotPermitted: as `get_set_for`; or there is no such profile here.
        NotAllowed: no review is needed, it has been made, or they declared the tables themselves.
    """
    found = get_set_for(actor, key, Permission.RELEASE_REVIEW)
    named = profile(code)
    lock()
    policies.check_can_review(found, named, by=actor.audit_name, signed=queries.reviewed(found))
    entry_of(
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
    entry_of(actor, found, LedgerEntry.Kind.WITHDRAWN, reason=reason.strip()).save(
        force_insert=True
    )
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
    lock()
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
