"""Pages of rolling audits: begin one, its turns and trend, what is to be done about it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sightline.access.addresses import address
from sightline.access.enums import Permission
from sightline.access.http import SignedInRequest
from sightline.design.forms import SightlineForm
from sightline.kernel.errors import NotAllowed, NotFound, NotPermitted
from sightline.partnerships.queries import partnership
from sightline.record_reading import asking, audits, presenters
from sightline.record_reading.forms import ActionForm, AuditForm, DoneForm, NothingForm
from sightline.record_reading.models import AuditAction, RollingAudit, Round
from sightline.record_reading.permissions import (
    SEEN_WITH,
    Deed,
    address_for,
    get_area_for,
    get_audit_for,
    get_round_for,
    may_begin_own,
)
from sightline.record_reading.rounds_views import template_choices
from sightline.record_reading.services import auditing
from sightline.record_reading.services.auditing import Rolling, ToDo
from sightline.record_reading.views import METHODS, Crumbs, crumbs, kept, posted, round_crumbs


def audit_crumbs(audit: RollingAudit) -> Crumbs:
    """The way to a page about one rolling audit."""
    here = reverse("record_reading:audit", args=[audit.area, audit.slug])
    return crumbs(partnership(audit.area), (audit.title, here))


@address(needs=Permission.OWN_RECORDS_RUN, scope="partnership", seen_by=SEEN_WITH)
@METHODS
def new_audit(request: SignedInRequest, area: str) -> HttpResponse:
    """Begin a rolling audit: what is looked at, how often, how many records."""
    found = get_area_for(request.user, area)
    if not may_begin_own(request.user, found.code):
        raise NotPermitted("Rolling audits are begun by whoever leads quality in the partnership.")
    form = AuditForm(posted(request), templates=template_choices())
    made: list[RollingAudit] = []

    def act() -> None:
        rolling = Rolling(**form.cleaned_data)
        made.append(auditing.begin_audit(actor=request.user, area=found.code, rolling=rolling))

    if kept(form, act):
        messages.success(request, "The audit is begun, with its first turn to be prepared.")
        return redirect("record_reading:audit", area=found.code, audit=made[0].slug)
    context = {"area": found, "form": form, "crumbs": crumbs(found)}
    return render(request, "record_reading/audit_new.html", context)


@address(needs=Permission.OWN_RECORDS_RESULTS, scope="partnership", seen_by=SEEN_WITH)
@require_safe
def audit_page(request: SignedInRequest, area: str, audit: str) -> HttpResponse:
    """One rolling audit: its turns, how agreement and quality went, what is to be done."""
    found = get_audit_for(request.user, area, audit, Deed.RESULTS)
    turns = list(found.rounds.order_by("turn"))
    trend = audits.trend(request.user, turns)
    context = {
        "audit": found,
        "turns": presenters.rows(reversed(turns)),
        "trend": trend,
        "charts": audits.charts(found, trend),
        "actions": AuditAction.objects.filter(round__audit=found)
        .select_related("round")
        .order_by("done_at", "due_on", "round__turn", "number"),
        "next": None if found.ended_at else _next(found),
        "template": asking.template(found.template),
        "may_run": may_begin_own(request.user, found.area),
        "crumbs": crumbs(partnership(found.area)),
        "changed": presenters.last_change(auditing.audit_target(found), found.template),
        "today": timezone.localdate(),
    }
    return render(request, "record_reading/audit.html", context)


def _next(audit: RollingAudit) -> str:
    """When the clock begins the next turn."""
    turn = max(auditing.next_turn(audit), auditing.turn_of(audit, timezone.localdate()))
    return presenters.day(auditing.first_day(audit, turn))


@address(needs=Permission.OWN_RECORDS_RUN, scope="partnership", seen_by=SEEN_WITH)
@METHODS
def end_audit(request: SignedInRequest, area: str, audit: str) -> HttpResponse:
    """Ask whether no more turns are to begin; on POST, end the audit."""
    found = get_audit_for(request.user, area, audit, Deed.RUN)
    form = NothingForm(posted(request))
    if kept(form, lambda: auditing.end_audit(actor=request.user, audit=found)):
        messages.success(request, "The audit has ended. Turns that were begun go on.")
        return redirect("record_reading:audit", area=found.area, audit=found.slug)
    context = {"audit": found, "form": form, "crumbs": audit_crumbs(found)}
    return render(request, "record_reading/audit_end.html", context)


def _action_page(
    request: SignedInRequest, round: Round, page: str, form: SightlineForm, **more: Any
) -> HttpResponse:
    context = {"round": round, "form": form, "crumbs": round_crumbs(round), **more}
    return render(request, f"record_reading/{page}.html", context)


@address_for(Deed.RUN)
@METHODS
def new_action(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Note what is to be done about what a turn found."""
    round = _turn(request, area, slug)
    template = asking.template(round.template)
    items = [(item.code, str(item.short)) for item in template.items() if item.kind != "text"]
    form = ActionForm(posted(request), items=items)

    def act() -> None:
        to_do = ToDo(**form.cleaned_data)
        auditing.note_action(actor=request.user, round=round, to_do=to_do)

    if kept(form, act):
        messages.success(request, "The action is noted.")
        return _to_audit(round)
    return _action_page(request, round, "action_new", form)


@address_for(Deed.RUN)
@METHODS
def action_done(request: SignedInRequest, area: str, slug: str, number: int) -> HttpResponse:
    """Ask what came of an action; on POST, mark it as done."""
    round = _turn(request, area, slug)
    action = round.actions.filter(number=number).first()
    if action is None:
        raise NotFound("There is no such action of this turn.")
    form = DoneForm(posted(request))

    def act() -> None:
        auditing.finish_action(actor=request.user, action=action, **form.cleaned_data)

    if kept(form, act):
        messages.success(request, "The action is done.")
        return _to_audit(round)
    return _action_page(request, round, "action_done", form, action=action)


def _turn(request: SignedInRequest, area: str, slug: str) -> Round:
    round = get_round_for(request.user, area, slug, Deed.RUN)
    if round.audit is None:
        raise NotAllowed("Actions are noted of the turns of a rolling audit, and this is none.")
    return round


def _to_audit(round: Round) -> HttpResponse:
    slug = round.audit.slug if round.audit else ""
    return redirect("record_reading:audit", area=round.area, audit=slug)
