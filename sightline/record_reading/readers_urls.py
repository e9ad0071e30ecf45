"""Addresses of readers, pairs, conflicts of interest, and who reads which record."""

from django.urls import path

from sightline.record_reading import allocation_views, readers_views

_ROUND = "p/<slug:area>/records/<slug:slug>/"
_READER = f"{_ROUND}readers/<uuid:reader>/"
urlpatterns = [
    path(f"{_ROUND}readers/", readers_views.readers, name="readers"),
    path(_READER, readers_views.reader, name="reader"),
    path(f"{_READER}end/", readers_views.end_reader, name="end-reader"),
    path(f"{_READER}away/", readers_views.away, name="away"),
    path(f"{_READER}conflict/", readers_views.conflict, name="conflict"),
    path(f"{_ROUND}conflicts/mine/", readers_views.own_conflict, name="own-conflict"),
    path(f"{_ROUND}conflicts/<uuid:conflict>/lift/", readers_views.lift, name="lift-conflict"),
    path(f"{_ROUND}allocation/", allocation_views.allocation, name="allocation"),
    path(f"{_ROUND}allocation/<int:number>/", allocation_views.assign, name="assign"),
]
