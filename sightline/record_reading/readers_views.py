"""Pages of who reads: readers, pairs, conflicts of interest."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from sightline.access.http import SignedInRequest
from sightline.access.models import User
from sightline.access.permissions import Scope
from sightline.access.queries import people_holding
from sightline.design.forms import SightlineForm
from sightline.kernel.errors import NotFound
from sightline.record_reading import policies, presenters, queries
from sightline.record_reading.forms import (
    AGENCIES,
    AwayForm,
    ConflictForm,
    NameReaderForm,
    NothingForm,
    ReaderForm,
    ReasonForm,
)
from sightline.record_reading.models import Conflict, Reader, Round, SampledRecord
from sightline.record_reading.permissions import (
    OF_AREAS,
    OF_INSPECTIONS,
    Deed,
    address_for,
    declared_in,
    get_round_for,
    is_same_child,
    may_be_named,
    own_team,
)
from sightline.record_reading.services import allocating
from sightline.record_reading.services import readers as services
from sightline.record_reading.services.readers import As
from sightline.record_reading.views import METHODS, kept, posted, round_crumbs


def _page(
    request: SignedInRequest, round: Round, page: str, form: SightlineForm, **more: Any
) -> HttpResponse:
    way = [] if page == "readers" else [("Readers", presenters.url(round, "readers"))]
    context = {"round": round, "form": form, "crumbs": round_crumbs(round, *way), **more}
    return render(request, f"record_reading/{page}.html", context)


def _as(given: dict[str, Any]) -> As:
    return As(**{name: given[name] for name in ("kind", "agency", "teams", "pair", "trained_on")})


def who_may_read(round: Round) -> QuerySet[User]:
    """People who could be named: their role lets them read records here, and nobody named them."""
    area = Scope("partnership", round.area)
    if round.inspection:
        reads = OF_INSPECTIONS[Deed.READ]
        found = people_holding(reads, Scope("inspection", round.inspection))
        found |= people_holding(reads, area)
    else:
        found = people_holding(OF_AREAS[Deed.READ], area)
        # Whoever holds it for all of Scotland holds nothing over a partnership's own audits.
        found = found.filter(pk__in=[one.pk for one in found if may_be_named(one, round)])
    return found.exclude(pk__in=queries.readers_of(round).values("person")).distinct()


@address_for(Deed.RUN)
@METHODS
def readers(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Who reads, in which pairs, and what is closed to whom: name somebody."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    people = who_may_read(round)
    form = NameReaderForm(posted(request), people=people)

    def act() -> None:
        services.name_reader(
            actor=request.user, round=round, person=form.cleaned_data["person"],
            reads_as=_as(form.cleaned_data),
        )  # fmt: skip

    if kept(form, act):
        messages.success(request, f"{form.cleaned_data['person'].name} is named.")
        return redirect("record_reading:readers", area=round.area, slug=round.slug)
    return _page(
        request, round, "readers", form,
        readers=[(one, dict(AGENCIES).get(one.agency, one.agency) if one.agency else "")
                 for one in queries.readers_of(round)],
        conflicts=_conflicts(round),
        anybody=people.exists(), own_teams=_own_teams(round),
        warnings=policies.warnings(policies.ready(round)),
        may_change=round.state in {Round.State.PREPARING, Round.State.READING},
    )  # fmt: skip


def _conflicts(round: Round) -> list[Conflict]:
    """Every conflict that stands; of an earlier draw under the number its child has now."""
    found = list(queries.conflicts_in(round))
    earlier = declared_in(round).filter(record__sample__set_aside_at__isnull=False)
    for one in earlier.select_related("record", "reader__person"):
        for record in queries.to_read(round):
            if is_same_child(one.record, record):
                one.record = record
                found.append(one)
                break
    return sorted(found, key=lambda one: (one.record.number, one.reader.person.name))


def _own_teams(round: Round) -> list[tuple[str, list[str]]]:
    """For each reader, the records that are closed to them because of their teams."""
    records = list(queries.to_read(round))
    found = []
    for reader in queries.readers_of(round):
        shut = [one.label for one in records if own_team(reader, one)]
        if shut:
            found.append((reader.person.name, shut))
    return found


def _reader(round: Round, key: UUID) -> Reader:
    found = queries.readers_of(round).filter(pk=key).first()
    if found is None:
        raise NotFound("There is no such reader in this round.")
    return found


@address_for(Deed.RUN)
@METHODS
def reader(request: SignedInRequest, area: str, slug: str, reader: UUID) -> HttpResponse:
    """As whom somebody reads, and in which pair."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    found = _reader(round, reader)
    form = ReaderForm(
        posted(request),
        initial={
            "kind": found.kind, "agency": found.agency, "pair": found.pair,
            "teams": "\n".join(found.teams), "trained_on": found.trained_on,
        },
    )  # fmt: skip

    def act() -> None:
        services.change_reader(
            actor=request.user, round=round, reader=found, reads_as=_as(form.cleaned_data)
        )

    if kept(form, act):
        messages.success(request, "Saved.")
        return redirect("record_reading:readers", area=round.area, slug=round.slug)
    return _page(request, round, "reader", form, reader=found)


@address_for(Deed.RUN)
@METHODS
def end_reader(request: SignedInRequest, area: str, slug: str, reader: UUID) -> HttpResponse:
    """Ask why somebody reads no more; on POST, end it."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    found = _reader(round, reader)
    form = ReasonForm(posted(request))

    def act() -> None:
        reason = form.cleaned_data["reason"]
        services.end_reader(actor=request.user, round=round, reader=found, reason=reason)

    if kept(form, act):
        messages.success(request, f"{found.person.name} reads no more.")
        return redirect("record_reading:readers", area=round.area, slug=round.slug)
    return _page(request, round, "reader_end", form, reader=found)


@address_for(Deed.RUN)
@METHODS
def away(request: SignedInRequest, area: str, slug: str, reader: UUID) -> HttpResponse:
    """Ask why somebody's records go to others; on POST, give them on."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    found = _reader(round, reader)
    form = AwayForm(posted(request))

    def act() -> None:
        reason = form.cleaned_data["reason"]
        done = allocating.reassign(actor=request.user, reader=found, reason=reason)
        messages.success(
            request, f"{presenters.counted(done.readings, 'reading')} given to others."
        )
        if done.kept:
            messages.warning(
                request,
                f"Nobody else may open {policies.some(done.kept)}, so they stay where they are. "
                "Name another reader, or replace the records in the sample.",
            )
        elif form.cleaned_data["ends"]:
            services.end_reader(actor=request.user, round=round, reader=found, reason=reason)

    if kept(form, act):
        return redirect("record_reading:allocation", area=round.area, slug=round.slug)
    mine = queries.readings_in(round).filter(reader=found).exclude(state="complete")
    return _page(request, round, "reader_away", form, reader=found, mine=mine)


# Conflicts of interest.


def _record(round: Round, number: int) -> SampledRecord:
    found = queries.to_read(round).filter(number=number).first()
    if found is None:
        raise NotFound(f"No record of this round has the number R-{number:03d}.")
    return found


def _declare(request: SignedInRequest, form: ConflictForm, reader: Reader) -> None:
    given = form.cleaned_data
    done = services.declare_conflict(
        actor=request.user, reader=reader, record=_record(reader.round, given["number"]),
        kind=given["kind"], note=given["note"],
    )  # fmt: skip
    label, name = done.conflict.record.label, reader.person.name
    messages.success(request, f"{label} is closed to {name}.")
    if done.moved:
        messages.success(request, f"{label} is given to another reader.")
    if done.unread:
        messages.warning(
            request, f"Nobody else may open {label}. Whoever runs the round has to replace it."
        )
    if done.handed_in:
        messages.warning(
            request, f"{label} was handed in before. Whoever runs the round decides about that."
        )


@address_for(Deed.RUN)
@METHODS
def conflict(request: SignedInRequest, area: str, slug: str, reader: UUID) -> HttpResponse:
    """A record that somebody may not open; on POST, declare it."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    found = _reader(round, reader)
    form = ConflictForm(posted(request))
    if kept(form, lambda: _declare(request, form, found)):
        return redirect("record_reading:readers", area=round.area, slug=round.slug)
    return _page(request, round, "conflict", form, reader=found)


def _has_begun(reader: Reader, number: str) -> bool:
    """Whether the record with this reading number is theirs and begun, so that they are asked."""
    mine = queries.readings_in(reader.round).filter(reader=reader, state="in-progress")
    return any(str(one.record.number) == number.strip() for one in mine.defer("answers"))


@address_for(Deed.READ)
@METHODS
def own_conflict(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """A record that one may not open oneself; on POST, declare it."""
    round = get_round_for(request.user, area, slug, Deed.READ)
    found = queries.readers_of(round).filter(person=request.user).first()
    if found is None:
        raise NotFound("There is no such page, or you do not read in this round.")
    form = ConflictForm(posted(request), begun=_has_begun(found, request.POST.get("number", "")))
    if kept(form, lambda: _declare(request, form, found)):
        return redirect("record_reading:round", area=round.area, slug=round.slug)
    context = {"round": round, "form": form, "crumbs": round_crumbs(round)}
    return render(request, "record_reading/own_conflict.html", context)


@address_for(Deed.RUN)
@METHODS
def lift(request: SignedInRequest, area: str, slug: str, conflict: UUID) -> HttpResponse:
    """Ask whether a record is open to a reader after all; on POST, lift the conflict."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    found = next((one for one in _conflicts(round) if one.pk == conflict), None)
    if found is None:
        raise NotFound("There is no such conflict of interest in this round.")
    form = NothingForm(posted(request))
    if kept(form, lambda: services.lift_conflict(actor=request.user, conflict=found)):
        messages.success(request, f"{found.record.label} is open to {found.reader.person.name}.")
        return redirect("record_reading:readers", area=round.area, slug=round.slug)
    return _page(request, round, "conflict_lift", form, conflict=found)
