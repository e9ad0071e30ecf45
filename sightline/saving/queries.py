"""Reading saved texts and their versions. Who may is asked at the doors, not here."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sightline.access.models import User
from sightline.kernel.errors import NotFound
from sightline.saving.models import SavedText, Typed, Version

PERSON = "person:"


@dataclass(frozen=True)
class Text:
    """A text as it stands, with the number of its version (0: nothing yet), when and whose."""

    words: str
    version: int
    stored_at: dt.datetime | None = None
    stored_by: str = ""


def text_of(place: str) -> Text:
    """The text in use at a place; an empty one where nothing has been saved."""
    row = version_in_use(place)
    if row is None:
        return Text("", 0)
    return Text(row.words, row.number, row.stored_at, row.stored_by)


def version_in_use(place: str) -> Version | None:
    """The version in use at a place, or None where nothing has been saved."""
    found = SavedText.objects.filter(place=place).first()
    if found is None or not found.latest:
        return None
    return Version.objects.get(text=found, number=found.latest)


def versions_of(place: str) -> list[Version]:
    """Every version of a place, the newest first; their words are unsealed only when read."""
    return list(
        Version.objects.filter(text__place=place).select_related("text").order_by("-number")
    )


def version_of(place: str, number: int) -> Version:
    """One version.

    Raises:
        NotFound: there is none of this number.
    """
    found = Version.objects.filter(text__place=place, number=number).select_related("text").first()
    if found is None:
        raise NotFound("There is no such version of this text.")
    return found


def settled_by(clash: Version) -> Version | None:
    """The version in which this clash, or a later one of the same writer's, was settled."""
    return (
        Version.objects.filter(
            text_id=clash.text_id,
            kind=Version.Kind.SETTLED,
            beside__gte=clash.number,
            beside__in=Version.objects.filter(
                text_id=clash.text_id, stored_by=clash.stored_by, kind=Version.Kind.CLASH
            ).values("number"),
        )
        .order_by("number")
        .first()
    )


def open_clash_of(place: str, writer: str) -> Version | None:
    """The latest text of this writer that was kept beside another and is not settled yet."""
    last = (
        Version.objects.filter(text__place=place, kind=Version.Kind.CLASH, stored_by=writer)
        .order_by("-number")
        .first()
    )
    return None if last is None or settled_by(last) else last


def typed(person: User, page: str, form: str) -> Typed | None:
    """What a person typed in a form of a page and did not send, or None."""
    return Typed.objects.filter(kept_by=person, page=page, form=form).first()


def names_of_writers(writers: Iterable[str]) -> dict[str, str]:
    """The name of each writer, by audit name; a command keeps the name it has there."""
    wanted = set(writers)
    keys = [name.removeprefix(PERSON) for name in wanted if name.startswith(PERSON)]
    people = User.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    return {name: name for name in wanted} | {one.audit_name: one.name for one in people}


def has_typed(person_id: int) -> bool:
    """Whether something this person typed and did not send is kept."""
    kept = Typed.objects.filter(kept_by_id=person_id)
    return kept.exclude(words__isnull=True, concern_words__isnull=True).exists()
