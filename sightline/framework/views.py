"""Pages about frameworks, their indicators, and the programmes that use them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.permissions import EVERYONE, Permission, holds
from sightline.framework import presenters, queries, services
from sightline.framework.definitions import Framework, TitleStatus
from sightline.framework.forms import TitleForm
from sightline.framework.permissions import (
    get_framework_for,
    get_indicator_for,
    get_programme_for,
)
from sightline.kernel.errors import BadInput, NotAllowed

Crumbs = list[tuple[str, str]]


def _crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("Frameworks", reverse("framework:frameworks")), *more]


def _edition_crumb(framework: Framework) -> tuple[str, str]:
    label = framework.edition[:1].upper() + framework.edition[1:]
    return label, reverse("framework:edition", args=[framework.address])


def _indicator_address(edition: str, code: str) -> str:
    return reverse("framework:indicator", args=[edition, code.replace(".", "-")])


@address(needs=Permission.FRAMEWORK_VIEW, scope="national", seen_by=EVERYONE)
@require_safe
def frameworks(request: SignedInRequest) -> HttpResponse:
    """Editions of the framework, and the programmes that use them."""
    library = queries.corrected_library()
    context = {
        "editions": presenters.edition_rows(library),
        "programmes": [
            (programme, presenters.years_words(programme))
            for programme in presenters.programmes_in_order(library)
        ],
    }
    return render(request, "framework/frameworks.html", context)


@address(needs=Permission.FRAMEWORK_VIEW, scope="national", seen_by=EVERYONE)
@require_safe
def compare(request: SignedInRequest) -> HttpResponse:
    """Programmes side by side."""
    library = queries.corrected_library()
    programmes = presenters.programmes_in_order(library)
    context = {
        "crumbs": _crumbs(),
        "programmes": programmes,
        "lines": presenters.comparison(library, programmes),
        "channels": presenters.channel_lines(programmes),
    }
    return render(request, "framework/compare.html", context)


@address(needs=Permission.FRAMEWORK_VIEW, scope="national", seen_by=EVERYONE)
@require_safe
def edition(request: SignedInRequest, edition: str) -> HttpResponse:
    """One edition: domains, areas, indicators."""
    framework = get_framework_for(request.user, edition, Permission.FRAMEWORK_VIEW)
    titles = queries.titles_of(framework.key)
    context = {
        "crumbs": _crumbs(),
        "framework": framework,
        "source": queries.source_words(framework.source),
        "domains": presenters.domain_rows(framework, titles),
        "unconfirmed": sum(not title.confirmed for title in titles.values()),
    }
    return render(request, "framework/edition.html", context)


@address(needs=Permission.FRAMEWORK_VIEW, scope="national", seen_by=EVERYONE)
@require_safe
def indicator(request: SignedInRequest, edition: str, indicator: str) -> HttpResponse:
    """One indicator: in every edition, in every programme, and what has been corrected."""
    framework, found = get_indicator_for(
        request.user, edition, indicator, Permission.FRAMEWORK_VIEW
    )
    library = queries.corrected_library()
    places = presenters.across(library, framework.key, found.code)
    context = {
        "crumbs": _crumbs(_edition_crumb(framework)),
        "framework": framework,
        "indicator": found,
        "area": framework.area_of(found.code),
        "title": queries.shown_in(library, framework.key, found.code),
        "editions": [
            (library.frameworks.get(key), queries.shown_in(library, key, code))
            for key, code in places
        ],
        "steps": presenters.steps_of(library, places),
        "uses": presenters.uses_of(library, places),
        "history": queries.history_of(framework.key, found.code),
        "released_words": queries.STATUS_WORDS[found.title_status],
        "released_source": queries.source_words(found.source),
        "may_correct": holds(request.user, Permission.TITLE_CORRECT),
    }
    return render(request, "framework/indicator.html", context)


@address(needs=Permission.FRAMEWORK_VIEW, scope="national", seen_by=EVERYONE)
@require_safe
def programme(request: SignedInRequest, code: str) -> HttpResponse:
    """One programme in full."""
    found = get_programme_for(request.user, code, Permission.FRAMEWORK_VIEW)
    library = queries.corrected_library()
    found = library.programmes.get(found.key)
    context = {
        "crumbs": _crumbs(),
        "programme": found,
        "years": presenters.years_words(found),
        "framework": library.frameworks.get(found.framework),
        "scale": library.scales.get(found.scale),
        "terms": library.terms.get(found.terms),
        "judgements": presenters.judgement_rows(library, found),
        "items": presenters.item_rows(library, found),
        "frame_source": presenters.frame_source(found),
    }
    return render(request, "framework/programme.html", context)


@address(needs=Permission.TITLE_CORRECT, scope="national", seen_by=Permission.FRAMEWORK_VIEW)
@require_http_methods(["GET", "POST"])
def correct_title(request: SignedInRequest, edition: str, indicator: str) -> HttpResponse:
    """Show the title with its status and source; on POST, lay a corrected one over it."""
    framework, found = get_indicator_for(request.user, edition, indicator, Permission.TITLE_CORRECT)
    title = queries.title_of(framework.key, found.code)
    history = queries.history_of(framework.key, found.code)
    initial = {
        "title": title.title,
        "status": title.status.value,
        "source": title.source,
        "shown": history[0].number if history else 0,
    }
    form = TitleForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        answer = _correct(request, framework, found.code, form)
        if answer is not None:
            return answer
    here = (f"{found.code} {title.title}", _indicator_address(framework.address, found.code))
    context = {
        "crumbs": _crumbs(_edition_crumb(framework), here),
        "framework": framework,
        "title": title,
        "form": form,
    }
    return render(request, "framework/correct_title.html", context)


def _correct(
    request: SignedInRequest, framework: Framework, code: str, form: TitleForm
) -> HttpResponse | None:
    """Correct the title and go on, or leave what is wrong in the form."""
    fields: dict[str, Any] = form.cleaned_data
    try:
        services.correct_title(
            actor=request.user,
            framework=framework.key,
            indicator=code,
            title=fields["title"],
            status=TitleStatus(fields["status"]),
            source=fields["source"],
            reason=fields["reason"],
            shown=fields["shown"],
        )
    except BadInput as fault:
        form.add_error("source", str(fault))
        return None
    except NotAllowed as refusal:
        # Shown afresh, because what the person was looking at may be out of date.
        messages.error(request, str(refusal))
        return redirect(request.path)
    messages.success(request, f"Title of {code} corrected.")
    return redirect(_indicator_address(framework.address, code))
