"""The audit trail: what services and doors write in it themselves.

Row by row, database triggers write it (`access.triggers`), so nothing is missed; a service adds one
line that says what the person did, and a door of something sensitive one line that it was opened.
How a verb reads on the page is in `definitions/access/sentences/`.
"""

from typing import Any

from django.utils import timezone

from sightline.access.actors import Actor
from sightline.access.models import AuditEvent


def record(
    actor: Actor | str,
    verb: str,
    target: str,
    *,
    reason: str = "",
    before: Any = None,
    after: Any = None,
) -> None:
    """Write one line: `actor` did `verb` to `target`.

    Args:
        actor: who did it; a text is an audit name, such as "visitor".
        verb: `kind.deed`, for example `evaluation.corrected`.
        target: `kind:key` of the thing, for example `evaluation:12`.
        reason: why, in the person's words.
        before: what mattered of it before; anything JSON can hold.
        after: what mattered of it after.
    """
    name = actor if isinstance(actor, str) else actor.audit_name
    AuditEvent.objects.create(
        at=timezone.now(),
        actor=name,
        verb=verb,
        target=target,
        reason=reason,
        before=before,
        after=after,
    )


def record_read(actor: Actor, target: str, *, reason: str = "") -> None:
    """Write that `actor` opened `target` (`kind:key`), at the door that let them in."""
    kind = target.partition(":")[0]
    record(actor, f"{kind}.read", target, reason=reason)
