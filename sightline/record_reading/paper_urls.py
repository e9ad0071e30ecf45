"""Addresses of printed forms, and of typing in what was written on them."""

from django.urls import URLPattern, URLResolver, path

from sightline.record_reading import paper_views, reading_views, sections_views

_PAPER = "p/<slug:area>/records/<slug:slug>/paper/"
_READING = f"{_PAPER}<int:number>/<int:part>/"
_TYPED = f"{_READING}type/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_PAPER, paper_views.paper, name="paper"),
    path(_READING, paper_views.form, name="paper-form"),
    path(f"{_READING}mark/", paper_views.mark, name="paper-mark"),
    path(_TYPED, reading_views.reading_from_paper, name="paper-reading"),
    path(f"{_TYPED}check/", reading_views.check_from_paper, name="paper-reading-check"),
    path(f"{_TYPED}break/", reading_views.pause_from_paper, name="paper-reading-break"),
    path(
        f"{_TYPED}<slug:section>/", sections_views.section_from_paper, name="paper-reading-section"
    ),
    path(f"{_TYPED}<slug:section>/two/", sections_views.two_from_paper, name="paper-reading-two"),
]
