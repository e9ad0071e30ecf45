"""Pages where two readings of a record are set beside each other, once both are handed in."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_safe

from sightline.access.http import SignedInRequest
from sightline.record_reading import moderation_presenters as presenters
from sightline.record_reading import moderation_queries as queries
from sightline.record_reading.asking import options, template
from sightline.record_reading.differences import Difference, ReadTwice, read_twice
from sightline.record_reading.models import Round, Settlement
from sightline.record_reading.moderation_forms import DifferencesForm, SettleForm, ThirdForm
from sightline.record_reading.moderation_permissions import (
    get_difference_for,
    is_one_of_the_two,
    seen_by,
)
from sightline.record_reading.permissions import Deed, address_for, get_round_for, may
from sightline.record_reading.services import moderating
from sightline.record_reading.views import METHODS, Crumbs, kept, posted, round_crumbs

A_PAGE: Final = 50
Way = Settlement.Way


@address_for(Deed.MODERATE)
@never_cache
@require_safe
def moderation(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Every difference of a round: the furthest apart first, by question, pair or record."""
    round = get_round_for(request.user, area, slug, Deed.MODERATE)
    pairs = seen_by(request.user, round, read_twice(round), leads=True)
    found = presenters.rows(round, pairs)
    form = DifferencesForm(
        request.GET, items=presenters.items_in(found, pairs), pairs=presenters.pairs_in(found)
    )
    given = form.cleaned_data if form.is_valid() else {}
    rows = presenters.chosen(found, **given)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "round": round,
        "form": form,
        "page": page,
        "rows": page.object_list,
        "narrowed": any(given.get(name) for name in ("show", "item", "pair")),
        "counts": queries.counts(round, len(pairs)),
        "all": len(found),
        "open": sum(row.kind != "good" for row in found),
        "crumbs": round_crumbs(round),
    }
    return render(request, "record_reading/moderation.html", context)


@address_for(Deed.READ)
@never_cache
@require_safe
def to_discuss(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """What a reader has to talk through with whoever read the same records."""
    round = get_round_for(request.user, area, slug, Deed.READ)
    found = queries.to_discuss(request.user, round)
    rows = presenters.rows(round, found.pairs)
    context = {
        "round": round,
        "open": presenters.chosen(rows, by="record"),
        "settled": presenters.chosen(rows, show="settled", by="record"),
        "dips": found.dips,
        "crumbs": round_crumbs(round),
    }
    return render(request, "record_reading/to_discuss.html", context)


@address_for(Deed.MODERATE, Deed.READ)
@sensitive_post_parameters()
@never_cache
@METHODS
def difference(
    request: SignedInRequest, area: str, slug: str, record: int, item: str, agency: str = ""
) -> HttpResponse:
    """One difference: both answers with their reasons; on POST, how it is settled."""
    opening = request.method != "POST"
    pair, found = get_difference_for(
        request.user, area, slug, record, item, agency, opening=opening
    )
    round, person = pair.first.round, request.user
    leads = may(person, round, Deed.MODERATE)
    asks = request.POST.get("deed") == "third"
    form = _settle_form(request, pair, found, leads=leads, bound=not asks)
    third = _third_form(request, pair, found, bound=asks) if leads else None
    if kept(form, lambda: _settle(request, found, form)):
        messages.success(request, f"{found.record.label} is settled. Both answers are kept.")
        return redirect(_back(round, leads=leads))
    if third is not None and kept(third, lambda: _ask(request, found, third)):
        messages.success(request, f"{found.record.label} has a third reader now.")
        return redirect(_back(round, leads=leads))
    context = _of_difference(pair, found) | {
        "round": round,
        "leads": leads,
        "form": form,
        "third": third,
        "can_settle": round.state == Round.State.READING,
        "back": _back(round, leads=leads),
        "crumbs": _crumbs(round, leads=leads),
    }
    return render(request, "record_reading/difference.html", context)


def _back(round: Round, *, leads: bool) -> str:
    page = "moderation" if leads else "to-discuss"
    return reverse(f"record_reading:{page}", args=[round.area, round.slug])


def _crumbs(round: Round, *, leads: bool) -> Crumbs:
    words = "Moderation" if leads else "To talk through"
    return round_crumbs(round, (words, _back(round, leads=leads)))


@sensitive_variables()
def _of_difference(pair: ReadTwice, found: Difference) -> dict[str, Any]:
    item = template(pair.first.template).item(found.item)
    return {
        "record": found.record,
        "item": item,
        "question": presenters.question(item, found.agency),
        "views": presenters.views(pair, found, item),
        "apart": presenters.apart(item, found),
        "now": presenters.now(found.settlement, item, pair),
        "history": presenters.history(queries.history(pair, found), item, pair),
        "others": [
            row
            for row in presenters.rows(pair.first.round, [pair])
            if row.href != presenters.url(pair.first.round, found)
        ],
    }


def _settle_form(
    request: SignedInRequest, pair: ReadTwice, found: Difference, *, leads: bool, bound: bool
) -> SettleForm:
    item = template(pair.first.template).item(found.item)
    there = pair.settlements.get(found.key)
    ways = [Way.AGREED]
    if leads:
        party = is_one_of_the_two(request.user, pair)
        ways += [Way.TWO_VIEWS] if party else [Way.ADJUDICATED, Way.TWO_VIEWS]
    return SettleForm(
        posted(request) if bound else None,
        ways=ways,
        options=[(one.code, presenters.words_of_code(item, one.code)) for one in options(item)],
        initial={"follows": there.pk if there else None},
    )


@sensitive_variables()
def _settle(request: SignedInRequest, found: Difference, form: SettleForm) -> None:
    given = form.cleaned_data
    moderating.settle(
        actor=request.user, record=found.record, item=found.item, agency=found.agency,
        way=form.settled_by, value=given["value"] or None, why=given["why"],
        follows=given["follows"],
    )  # fmt: skip


def _third_form(
    request: SignedInRequest, pair: ReadTwice, found: Difference, *, bound: bool
) -> ThirdForm | None:
    if found.settlement or pair.asked or pair.third:
        return None
    readers = queries.could_read_unseen(pair)
    listed = [(one.pk, one.person.name) for one in readers]
    return ThirdForm(posted(request) if bound else None, readers=listed) if listed else None


def _ask(request: SignedInRequest, found: Difference, form: ThirdForm) -> None:
    given = form.cleaned_data
    reader = found.record.sample.round.readers.get(pk=given["reader"])
    moderating.ask_third_reader(
        actor=request.user, record=found.record, reader=reader, reason=given["reason"]
    )
