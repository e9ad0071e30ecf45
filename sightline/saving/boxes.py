"""A box on a page in which a saved text is written: what `<c-saved-text>` draws."""

from dataclasses import dataclass

from django.urls import reverse

from sightline.access.models import User
from sightline.saving import queries
from sightline.saving.forms import SavedTextForm
from sightline.saving.moments import clash_words, clock
from sightline.saving.permissions import get_place_to_write


@dataclass(frozen=True)
class Box:
    """The form, where it is sent, and what stands below it."""

    form: SavedTextForm
    save_url: str
    versions_url: str
    status: str
    clash_url: str = ""
    clash_words: str = ""


def box_for(actor: User, place: str, *, label: str, hint: str = "") -> Box:
    """The box for the text of a place, with its version, for somebody who may write there.

    Raises:
        NotFound, NotPermitted: as the door of the place.
    """
    found = get_place_to_write(actor, place)
    now = queries.text_of(place)
    form = SavedTextForm(
        initial={"text": now.words, "based_on": now.version}, place=place, label=label, hint=hint
    )
    clash = queries.open_clash_of(place, actor.audit_name)
    wanted = {now.stored_by} if now.stored_by else set()
    names = queries.names_of_writers(wanted)
    status = (
        f"Saved at {clock(now.stored_at)} by {names[now.stored_by]}."
        if now.stored_at
        else "Nothing is saved here yet."
    )
    return Box(
        form=form,
        save_url=reverse("saving:save", kwargs=found.kwargs),
        versions_url=reverse("saving:versions", kwargs=found.kwargs),
        status=status,
        clash_url=(
            reverse("saving:clash", kwargs={**found.kwargs, "number": clash.number})
            if clash
            else ""
        ),
        clash_words=(
            clash_words(names[now.stored_by], now.stored_at) if clash and now.stored_at else ""
        ),
    )
