"""Addresses of reading records."""

from django.urls import URLPattern, URLResolver, path

from sightline.record_reading import paper_views, sections_views
from sightline.record_reading import reading_views as views

_READING = "p/<slug:area>/records/<slug:slug>/readings/<int:number>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("reading/", views.my_reading, name="my-reading"),
    path(_READING, views.reading, name="reading"),
    path(f"{_READING}check/", views.check, name="reading-check"),
    path(f"{_READING}break/", views.pause, name="reading-break"),
    path(f"{_READING}<int:part>/reopen/", views.reopen_as_lead, name="reading-reopen-as-lead"),
    path(f"{_READING}reopen/", views.reopen, name="reading-reopen"),
    path(f"{_READING}on-paper/", views.on_paper, name="reading-on-paper"),
    path(f"{_READING}print/", paper_views.own_form, name="reading-print"),
    path(f"{_READING}<slug:section>/", sections_views.section, name="reading-section"),
    path(f"{_READING}<slug:section>/two/", sections_views.two, name="reading-two"),
]
