"""The gallery: every component in every state, on pages that are tests of themselves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sightline.design.frame import Crumb
from sightline.design.gallery import EXHIBITS, exhibit


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """What there is to look at."""
    return render(request, "design/gallery/index.html", {"exhibits": EXHIBITS})


@require_safe
def component(request: HttpRequest, code: str) -> HttpResponse:
    """One component in all its states."""
    shown = exhibit(code)
    context = {
        "exhibit": shown,
        "others": [(one.title, _address(one.code)) for one in EXHIBITS],
        "crumbs": [Crumb("Gallery", reverse("design:gallery"))],
    }
    return render(request, shown.template, context | shown.context(request))


def _address(code: str) -> str:
    return reverse("design:component", kwargs={"code": code})
