"""Saving a text in versions, settling clashes, and keeping what was typed and not sent."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.kernel.errors import BadInput, NotAllowed
from sightline.saving import queries
from sightline.saving.durable import durably
from sightline.saving.models import SavedText, Typed, Version
from sightline.saving.permissions import get_place_to_write

LONGEST_TEXT: Final = 200_000
SITTING: Final = dt.timedelta(minutes=30)
"""Saves of one writer with no longer gap than this make one line in the audit trail."""

KEPT_FOR: Final = dt.timedelta(days=14)
"""How long what was typed and not sent is kept."""


@dataclass(frozen=True)
class Saved:
    """The text is stored and in use."""

    version: int
    at: dt.datetime


@dataclass(frozen=True)
class Clash:
    """Somebody else's text came first. Both are stored; theirs is in use, `mine` stands beside."""

    theirs: Version
    mine: Version


def save_text(*, actor: Actor, place: str, text: str, based_on: int, token: UUID) -> Saved | Clash:
    """Store a text as a further version of its place; when this returns it is on the disk.

    A version that somebody stored since `based_on` is never overwritten: a text that differs from
    it is kept beside, as a clash. A text equal to the one in use is not stored a second time.

    Args:
        actor: who wrote it.
        place: `kind:key/field`.
        text: the whole text.
        based_on: the number of the version the writer saw, 0 where there was none.
        token: chosen by the sender for this text; sent again, it stores nothing and is answered
            the same.

    Raises:
        NotFound, NotPermitted: as the door of the place.
        BadInput: longer than 200,000 characters, based on a version that is not there, or a token
            that was used for another text.
    """
    get_place_to_write(actor, place)
    return _store(actor, place, text, based_on, token, Version.Kind.SAVED, beside=None)


def settle_clash(
    *, actor: Actor, place: str, mine: int, theirs: int, text: str, token: UUID
) -> Saved | Clash:
    """Make one text of two: `text` is one of them or both joined, and its version names both.

    Where a third has been saved since, it is not overwritten either: this is a clash again.

    Raises:
        NotFound, NotPermitted: as the door; and there is no such clash.
        NotAllowed: it was settled already.
        BadInput: as `save_text`.
    """
    get_place_to_write(actor, place)
    clash = queries.version_of(place, mine)
    if clash.kind != Version.Kind.CLASH:
        raise BadInput(f"Version {mine} does not stand beside another; there is nothing to settle.")
    settled = queries.settled_by(clash)
    if settled is not None and settled.token != token:
        raise NotAllowed(f"This was settled already, as version {settled.number}.")
    return _store(actor, place, text, theirs, token, Version.Kind.SETTLED, beside=mine)


def restore_version(*, actor: Actor, place: str, number: int, based_on: int, token: UUID) -> Saved:
    """Put an earlier version back, as a further version; nothing in between is lost.

    Raises:
        NotFound, NotPermitted: as the door; and there is no such version.
        NotAllowed: somebody has saved since the list of versions was opened.
    """
    get_place_to_write(actor, place)
    words = queries.version_of(place, number).words
    done = _store(actor, place, words, based_on, token, Version.Kind.RESTORED, beside=number)
    if isinstance(done, Clash):
        raise NotAllowed("This text has changed since you opened its versions. Look at them again.")
    return done


def _store(
    actor: Actor,
    place: str,
    text: str,
    based_on: int,
    token: UUID,
    kind: Version.Kind,
    beside: int | None,
) -> Saved | Clash:
    text = text.replace("\r\n", "\n")
    if len(text) > LONGEST_TEXT:
        raise BadInput(
            f"This text has {len(text):,} characters, and {LONGEST_TEXT:,} can be kept. "
            "Nothing was changed. Divide it."
        )
    with durably():
        row, _ = SavedText.objects.select_for_update().get_or_create(place=place)
        before = Version.objects.filter(token=token).select_related("text").first()
        if before is not None:
            return _same_again(before, row, actor, text)
        if not 0 <= based_on <= row.stored:
            raise BadInput(f"There is no version {based_on} of this text. Load its page again.")
        current = row.versions.filter(number=row.latest).first()
        theirs = current if current is not None and current.number != based_on else None
        if theirs is not None and kind == Version.Kind.SAVED and theirs.words == text:
            theirs = None  # two people wrote the same, so nobody is overwritten
        if theirs is not None and kind == Version.Kind.RESTORED:
            return Clash(theirs=theirs, mine=theirs)
        made = Version(
            text=row,
            kind=kind if theirs is None else Version.Kind.CLASH,
            words=text,
            based_on=based_on,
            beside=beside if theirs is None else None,
            token=token,
        )
        _add(actor, row, made)
    if theirs is not None:
        return Clash(theirs=theirs, mine=made)
    return Saved(made.number, made.stored_at)


def _same_again(before: Version, row: SavedText, actor: Actor, text: str) -> Saved | Clash:
    """The answer that was given before, or would have been had it arrived."""
    same = (row.pk, actor.audit_name, text) == (before.text_id, before.stored_by, before.words)
    if not same:
        raise BadInput("This token was used for another text. Load the page again.")
    if before.kind != Version.Kind.CLASH:
        return Saved(before.number, before.stored_at)
    settled = queries.settled_by(before)
    if settled is not None:
        return Saved(settled.number, settled.stored_at)
    return Clash(theirs=row.versions.get(number=row.latest), mine=before)


def _add(actor: Actor, row: SavedText, made: Version) -> None:
    """Number and store a version, put it in use unless it stands beside, and note the deed."""
    now = timezone.now()
    by = actor.audit_name
    goes_on = row.versions.filter(stored_by=by, stored_at__gte=now - SITTING).exists()
    row.stored += 1
    made.number, made.stored_at, made.stored_by = row.stored, now, by
    made.save(force_insert=True)
    if made.kind != Version.Kind.CLASH:
        row.latest = made.number
    row.save(update_fields=["stored", "latest"])
    if made.kind == Version.Kind.SAVED and goes_on:
        return
    thing, _, field = row.place.partition("/")
    audit.record(actor, f"text.{made.kind}", thing, after={"what": field, "version": made.number})


Typing: TypeAlias = Mapping[str, Sequence[str]]
"""What stands in the fields of a form, by their name in the page."""

CONCERNS: Final = "concerns"
"""The purpose of the keys that matters of concern are sealed with."""


@dataclass(frozen=True)
class Sheet:
    """Which form of which page somebody has open; `sitting` is this opening of it."""

    page: str
    form: str
    purpose: str
    sitting: str


def keep_typed(*, actor: User, sheet: Sheet, typed: Typing) -> None:
    """Keep what `actor` sent in a form that could not be carried out, in place of what was kept."""
    with durably():
        row, _ = _typed_row(actor, sheet)
        _keep(row, sheet, typed)


def keep_typing(*, actor: User, sheet: Sheet, typed: Typing) -> bool:
    """Keep what `actor` is typing in a form and has not sent, in place of what was kept before.

    Returns:
        Whether it was kept: not when this opening of the form has been sent or thrown away, so that
        a save that arrives late does not bring back what is done with.
    """
    with durably():
        row, is_new = _typed_row(actor, sheet)
        ended = row.words is None and row.concern_words is None and not is_new
        if ended and row.sitting == sheet.sitting:
            return False
        _keep(row, sheet, typed)
    return True


def end_typed(*, actor: User, sheet: Sheet) -> None:
    """Forget what `actor` typed in a form: it was sent, or thrown away."""
    with transaction.atomic():
        row, _ = _typed_row(actor, sheet)
        row.words = row.concern_words = None
        row.sitting, row.kept_at = sheet.sitting, timezone.now()
        row.save()


def _typed_row(actor: User, sheet: Sheet) -> tuple[Typed, bool]:
    """The row of this form, locked, and whether it is new."""
    return Typed.objects.select_for_update().get_or_create(
        kept_by=actor,
        page=sheet.page,
        form=sheet.form,
        defaults={"sitting": sheet.sitting, "kept_at": timezone.now()},
    )


def _keep(row: Typed, sheet: Sheet, typed: Typing) -> None:
    values = {name: list(items) for name, items in typed.items()}
    is_concern = sheet.purpose == CONCERNS
    row.words = None if is_concern else values
    row.concern_words = values if is_concern else None
    row.sitting, row.kept_at = sheet.sitting, timezone.now()
    row.save()


def forget_old_typed(*, actor: Actor) -> int:
    """Remove what nobody came back for within 14 days; the number of forms it was."""
    old = Typed.objects.filter(kept_at__lt=timezone.now() - KEPT_FOR)
    count, _ = old.delete()
    if count:
        audit.record(actor, "typed.forgotten", "saving:typed", after={"forms": count})
    return count
