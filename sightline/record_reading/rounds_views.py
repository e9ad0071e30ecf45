"""Pages of preparing a round, opening, locking, sharing and deleting it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from sightline.access.http import SignedInRequest
from sightline.design.forms import SightlineForm
from sightline.kernel.errors import NotPermitted
from sightline.record_reading import asking, policies, presenters
from sightline.record_reading.forms import (
    DestroyForm,
    DestructionForm,
    LockForm,
    NewRoundForm,
    NothingForm,
    ReasonForm,
    SetUpForm,
    SupportForm,
    TemplateForm,
)
from sightline.record_reading.models import Round
from sightline.record_reading.permissions import (
    Deed,
    address_for,
    get_area_for,
    get_round_for,
    inspections_to_read_for,
    may_begin,
    may_begin_own,
)
from sightline.record_reading.services import destroying, rounds
from sightline.record_reading.services.rounds import Start
from sightline.record_reading.views import METHODS, crumbs, kept, posted, round_crumbs


def template_choices(*, programme: bool | None = None) -> list[tuple[str, str]]:
    """Every template with what it is: its title, how many questions, how long a record takes."""
    return [
        (
            one.key,
            f"{one.title}, version {one.version}: {sum(1 for _ in one.items())} questions, about "
            f"{one.minutes} minutes a record",
        )
        for one in asking.all_templates()
        if programme is None or bool(one.programme) == programme
    ]


@address_for(Deed.RUN)
@METHODS
def new(request: SignedInRequest, area: str) -> HttpResponse:
    """Begin a round: for what, by which template, when."""
    found = get_area_for(request.user, area)
    if not may_begin(request.user, found.code):
        raise NotPermitted("You cannot begin a round of record reading here.")
    form = NewRoundForm(
        posted(request),
        inspections=inspections_to_read_for(request.user, found.code),
        for_itself=may_begin_own(request.user, found.code),
        templates=template_choices(),
    )
    made: list[Round] = []

    def begin() -> None:
        given = dict(form.cleaned_data)
        start = Start(
            title=given.pop("title"),
            template=given.pop("template"),
            inspection=given.pop("inspection", ""),
            settings=given,
        )
        made.append(rounds.begin_round(actor=request.user, area=found.code, start=start))

    if kept(form, begin):
        messages.success(request, "The round is begun. Nothing is read until you open it.")
        return redirect("record_reading:round", area=found.code, slug=made[0].slug)
    context = {
        "area": found, "form": form, "templates": asking.all_templates(),
        "crumbs": crumbs(found),
    }  # fmt: skip
    return render(request, "record_reading/new.html", context)


def _task(
    request: SignedInRequest, round: Round, task: str, form: SightlineForm, **more: Any
) -> HttpResponse:
    """A task that is one form: kept, and back to the round."""

    def act() -> None:
        rounds.set_up(actor=request.user, round=round, task=task, values=form.cleaned_data)

    if kept(form, act):
        messages.success(request, "Saved.")
        return redirect("record_reading:round", area=round.area, slug=round.slug)
    return _page(request, round, "task", form, heading=policies.TASKS[task], **more)


def _page(
    request: SignedInRequest, round: Round, page: str, form: SightlineForm, **more: Any
) -> HttpResponse:
    context = {"round": round, "form": form, "crumbs": round_crumbs(round), **more}
    return render(request, f"record_reading/{page}.html", context)


def _initial(round: Round, task: str) -> dict[str, Any]:
    return {name: getattr(round, name) for name in rounds.SETTINGS[task]}


@address_for(Deed.RUN)
@METHODS
def set_up(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """What the round is called, when records are read, how results are shown."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    form = SetUpForm(posted(request), initial=_initial(round, "set-up"))
    template = asking.template(round.template)
    return _task(request, round, "set-up", form, template=template)


@address_for(Deed.RUN)
@METHODS
def support(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """What readers are told, and whom they can turn to."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    form = SupportForm(posted(request), initial=_initial(round, "support"))
    return _task(request, round, "support", form)


@address_for(Deed.RUN)
@METHODS
def destruction(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """When what was read is deleted."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    form = DestructionForm(posted(request), initial=_initial(round, "destruction"))
    return _task(request, round, "destruction", form)


@address_for(Deed.RUN)
@METHODS
def template(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Read by another template from now on."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    form = TemplateForm(
        posted(request), initial={"template": round.template}, templates=template_choices()
    )

    def act() -> None:
        changed = rounds.change_template(actor=request.user, round=round, **form.cleaned_data)
        said = presenters.counted(changed, "reading")
        messages.success(request, f"Changed, for {said} that nobody has begun.")

    if kept(form, act):
        return redirect("record_reading:round", area=round.area, slug=round.slug)
    return _page(request, round, "template", form, begun=round.state == Round.State.READING)


@address_for(Deed.RUN)
@METHODS
def opening(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """See what is missing, and what opening does; on POST, open the round."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    form = NothingForm(posted(request))
    if kept(form, lambda: rounds.open_round(actor=request.user, round=round)):
        messages.success(request, "The round is open. Readers can begin.")
        return redirect("record_reading:round", area=round.area, slug=round.slug)
    ready = policies.ready(round)
    found = policies.missing(ready, timezone.localdate())
    return _page(
        request, round, "open", form,
        ready=ready, template=asking.template(round.template),
        missing=[(presenters.url(round, one.task), one.what) for one in found],
        warnings=policies.warnings(ready),
        days=presenters.days(round.reads_from, round.reads_until),
        can_open=not found and round.state == Round.State.PREPARING,
    )  # fmt: skip


@address_for(Deed.MODERATE)
@METHODS
def lock(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """See what is left; on POST, let no answer change any more."""
    round = get_round_for(request.user, area, slug, Deed.MODERATE)
    policies.check_is_reading(round)
    left, differences = rounds.unfinished(round), len(rounds.unsettled(round))
    form = LockForm(posted(request), unfinished=len(left), unsettled=differences)

    def act() -> None:
        rounds.lock_round(actor=request.user, round=round, **form.cleaned_data)

    if kept(form, act):
        messages.success(request, "The round is locked. What it found is counted now.")
        return redirect("record_reading:round", area=round.area, slug=round.slug)
    return _page(
        request, round, "lock", form,
        left=left, differences=differences, moderation=presenters.url(round, "moderation"),
    )  # fmt: skip


@address_for(Deed.MODERATE)
@METHODS
def reopen(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Ask why answers are to change again; on POST, open the round again."""
    round = get_round_for(request.user, area, slug, Deed.MODERATE)
    policies.check_is_locked(round)
    form = ReasonForm(posted(request))

    def act() -> None:
        rounds.reopen_round(actor=request.user, round=round, reason=form.cleaned_data["reason"])

    if kept(form, act):
        messages.success(request, "The round is open again.")
        return redirect("record_reading:round", area=round.area, slug=round.slug)
    return _page(request, round, "reopen", form)


@address_for(Deed.MODERATE)
@METHODS
def share(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Ask whether the partnership is to see the feedback sheet; on POST, share it."""
    round = get_round_for(request.user, area, slug, Deed.MODERATE)
    policies.check_is_locked(round)
    form = NothingForm(posted(request))
    if kept(form, lambda: rounds.share_feedback(actor=request.user, round=round)):
        messages.success(request, "The partnership can see the feedback sheet now.")
        return redirect("record_reading:round", area=round.area, slug=round.slug)
    return _page(request, round, "share", form, sheet=presenters.url(round, "feedback"))


@address_for(Deed.MODERATE)
@METHODS
def destroy(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Ask twice whether what was read is to be deleted now; on POST, delete it."""
    round = get_round_for(request.user, area, slug, Deed.MODERATE)
    policies.check_can_destroy(round, timezone.localdate())
    form = DestroyForm(posted(request))
    if kept(form, lambda: destroying.destroy(actor=request.user, round=round)):
        messages.success(request, "What was read has been deleted.")
        return redirect("record_reading:round", area=round.area, slug=round.slug)
    return _page(request, round, "destroy", form, due=presenters.day(round.destroy_on))
