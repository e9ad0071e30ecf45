"""Addresses of the gallery. `config` wraps each view with who may open it: `design` cannot know."""

from collections.abc import Callable
from typing import Any, TypeAlias

from django.http import HttpResponse
from django.urls import URLPattern, path

from sightline.design import views

View: TypeAlias = Callable[..., HttpResponse]


def patterns(declared: Callable[[View], Callable[..., Any]]) -> list[URLPattern]:
    """The gallery's addresses, for the namespace `design`.

    Args:
        declared: wraps a view with who may open its address.
    """
    return [
        path("", declared(views.gallery), name="gallery"),
        path("<slug:code>/", declared(views.component), name="component"),
    ]
