"""Every write of this context."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.permissions import Permission
from sightline.framework import policies, queries
from sightline.framework.definitions import TitleStatus
from sightline.framework.models import CorrectedTitle
from sightline.framework.permissions import get_indicator_for
from sightline.kernel.errors import NotAllowed


@transaction.atomic
def correct_title(
    *,
    actor: Actor,
    framework: str,
    indicator: str,
    title: str,
    status: TitleStatus,
    source: str,
    reason: str,
    shown: int,
) -> queries.ShownTitle:
    """Lay a corrected title over an edition; earlier ones are kept.

    Args:
        actor: who corrects it.
        framework: key or address of the edition.
        indicator: code of the indicator.
        title: the official wording.
        status: how sure it is.
        source: where it was seen, in words.
        reason: why it is corrected.
        shown: number of the newest correction the actor was shown, 0 for none.

    Raises:
        NotFound, NotPermitted: as `get_indicator_for`.
        BadInput: a part is missing.
        NotAllowed: nothing would change, or the title changed since it was shown.
    """
    edition, found = get_indicator_for(actor, framework, indicator, Permission.TITLE_CORRECT)
    title, source, reason = (" ".join(text.split()) for text in (title, source, reason))
    before = queries.title_of(edition.key, found.code)
    history = queries.history_of(edition.key, found.code)
    policies.check_is_as_shown(history[0] if history else None, number=shown)
    policies.check_can_correct(before, title=title, status=status, source=source, reason=reason)
    row = CorrectedTitle(
        framework=edition.key,
        indicator=found.code,
        number=shown + 1,
        title=title,
        status=status,
        source=source,
        reason=reason,
        corrected_at=timezone.now(),
        corrected_by=actor.audit_name,
    )
    _lay_over(row)
    audit.record(
        actor,
        "title.corrected",
        f"indicator:{edition.key}/{found.code}",
        reason=reason,
        before={"title": before.title, "status": before.status.value},
        after={"title": title, "status": status.value},
    )
    return queries.title_of(edition.key, found.code)


def _lay_over(row: CorrectedTitle) -> None:
    """Keep the correction, unless somebody took its number between our reading and writing."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise NotAllowed(policies.CHANGED) from None
