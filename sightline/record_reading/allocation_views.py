"""Pages of who reads which record: the deal, and single changes."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from sightline.access.http import SignedInRequest
from sightline.kernel.errors import NotFound
from sightline.record_reading import asking, policies, presenters, queries
from sightline.record_reading.differences import THIRD
from sightline.record_reading.forms import AssignForm, NothingForm
from sightline.record_reading.models import Reader, Reading, Round, SampledRecord
from sightline.record_reading.permissions import (
    Deed,
    address_for,
    closed_records,
    get_round_for,
    possible_readers,
)
from sightline.record_reading.services import allocating
from sightline.record_reading.services.allocating import Allotted
from sightline.record_reading.views import METHODS, kept, posted, round_crumbs

PARTS = ("First", "Second", "Third")


@dataclass(frozen=True)
class Row:
    """One record and who reads it; a reading is its reader's name and how far it is."""

    record: SampledRecord
    stratum: str
    readings: tuple[tuple[str, str], ...]


@address_for(Deed.RUN)
@METHODS
def allocation(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Who reads which record; on POST, deal what is to be dealt."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    form = NothingForm(posted(request))
    done: list[Allotted] = []
    if kept(form, lambda: done.append(allocating.allocate(actor=request.user, round=round))):
        _say(request, done[0])
        return redirect("record_reading:allocation", area=round.area, slug=round.slug)
    rows = _rows(round)
    context = {
        "round": round,
        "form": form,
        "rows": rows,
        "readers": _loads(round),
        "left": sum(not row.readings for row in rows),
        "any": any(row.readings for row in rows),
        "preparing": round.state == Round.State.PREPARING,
        "may_change": round.state in {Round.State.PREPARING, Round.State.READING},
        "crumbs": round_crumbs(round),
    }
    return render(request, "record_reading/allocation.html", context)


def _say(request: SignedInRequest, done: Allotted) -> None:
    messages.success(request, f"{presenters.counted(done.readings, 'reading')} allotted.")
    if done.closed:
        messages.warning(
            request,
            f"No reader may open {policies.some(done.closed)}: every one has a conflict of "
            "interest. Name another reader, or replace the record in the sample.",
        )
    if done.once:
        messages.warning(
            request,
            f"{policies.some(done.once)} was to be read by two, and one reader alone may open it.",
        )


def _rows(round: Round) -> list[Row]:
    labels = {one.code: str(one.label) for one in asking.template(round.template).strata}
    by_record: dict[Any, list[tuple[str, str]]] = defaultdict(list)
    for one in queries.readings_in(round).defer("answers"):
        how_far = Reading.State(one.state).label
        by_record[one.record_id].append((one.reader.person.name, how_far))
    return [
        Row(record, labels.get(record.stratum, record.stratum), tuple(by_record[record.pk]))
        for record in queries.to_read(round).defer("facts", "reference", "reason")
    ]


def _loads(round: Round) -> list[tuple[Reader, int]]:
    seats = allocating.seats_of(round, queries.readers_of(round))
    held = {seat.reader: seat.held for seat in seats}
    return [(reader, held[str(reader.pk)]) for reader in queries.readers_of(round)]


@address_for(Deed.RUN)
@METHODS
def assign(request: SignedInRequest, area: str, slug: str, number: int) -> HttpResponse:
    """Who reads one record; on POST, give a reading of it to somebody."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    record = queries.to_read(round).filter(number=number).first()
    if record is None:
        raise NotFound("There is no such record in this round.")
    there = list(queries.readings_in(round).filter(record=record))
    readers = list(queries.readers_of(round))
    closed = closed_records(readers, [record])[record.pk]
    takers = {part: possible_readers(readers, record, int(part)) for part, _ in _parts(there)}
    free = [one for one in readers if any(one in able for able in takers.values())]
    form = AssignForm(
        posted(request), parts=[one for one in _parts(there) if takers[one[0]]],
        readers=[(str(one.pk), one.person.name) for one in free],
    )  # fmt: skip

    def act() -> None:
        chosen = next(one for one in free if str(one.pk) == form.cleaned_data["reader"])
        allocating.assign(
            actor=request.user, record=record, reader=chosen, part=int(form.cleaned_data["part"])
        )

    if kept(form, act):
        messages.success(request, f"{record.label} is given on.")
        return redirect("record_reading:allocation", area=round.area, slug=round.slug)
    context = {
        "round": round, "record": record, "form": form, "readings": there, "free": free,
        "closed": [one.person.name for one in readers if str(one.pk) in closed],
        "crumbs": round_crumbs(
            round, ("Who reads which record", presenters.url(round, "allocation"))
        ),
    }  # fmt: skip
    return render(request, "record_reading/assign.html", context)


def _parts(there: list[Reading]) -> list[tuple[str, str]]:
    """The readings that can be given: those that are there and not handed in, and the next.

    A third once the first and the second are in.
    """
    found = {one.part: one for one in there}
    both_in = {1, 2} <= {one.part for one in there if one.state == Reading.State.COMPLETE}
    offered = [
        (str(part), f"{PARTS[part - 1]} reading, in place of {one.reader.person.name}")
        for part, one in sorted(found.items())
        if one.state != Reading.State.COMPLETE and (both_in or part < THIRD)
    ]
    following = max(found, default=0) + 1
    if following < THIRD or (following == THIRD and both_in):
        offered.append((str(following), f"{PARTS[following - 1]} reading"))
    return offered
