"""The doors: to a kind of file in a scope, and to one upload.

Who may send a kind may see what colleagues sent of it in the same scope, and do the same to it. To
anybody else it is not there.
"""

from uuid import UUID

from sightline.access import scopes
from sightline.access.actors import Actor
from sightline.access.permissions import NATIONAL, Scope, require, scopes_held
from sightline.kernel.errors import NotFound
from sightline.uploads.kinds import Kind, kind_named, kinds
from sightline.uploads.models import Upload


def get_kind_for(actor: Actor, code: str, scope_kind: str, scope_key: str) -> tuple[Kind, Scope]:
    """The kind and the scope, if `actor` may send it there.

    Raises:
        NotFound: there is no such kind or scope, or it is not theirs.
        NotPermitted: the scope is theirs to see and not to send to.
    """
    kind = kind_named(code)
    scope = Scope(scope_kind, scope_key)
    if kind.sent_to is not None and scope_kind == kind.scope_kind:
        kind.sent_to.door(actor, scope_key)
        return kind, scope
    names = scopes.names_of(scope_kind)
    if scope_kind != kind.scope_kind or (names is not None and scope_key not in names):
        raise NotFound(f"{kind.title} are not sent to {scope_kind} {scope_key}.")
    require(actor, kind.needs, scope=scope, thing=kind.title)
    return kind, scope


def get_upload_for(actor: Actor, key: UUID) -> Upload:
    """The upload, if `actor` may send its kind to its scope.

    Raises:
        NotFound: there is no such upload, or it is not theirs.
    """
    upload = Upload.objects.filter(pk=key).first()
    if upload is None:
        raise NotFound("There is no such page, or this upload is not yours to see.")
    get_kind_for(actor, upload.kind, upload.scope_kind, upload.scope_key)
    return upload


def may_send(actor: Actor) -> list[tuple[Kind, Scope]]:
    """Every kind that `actor` may send, and where; of those that this page lists."""
    found = []
    for kind in kinds():
        if not kind.is_listed:
            continue
        held = scopes_held(actor, kind.needs)
        if NATIONAL in held:
            names = scopes.names_of(kind.scope_kind) or {}
            found += [(kind, Scope(kind.scope_kind, key)) for key in names]
        else:
            found += [(kind, scope) for scope in sorted(held) if scope.kind == kind.scope_kind]
    return found
