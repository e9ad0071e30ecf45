"""Addresses of rounds: the areas, the list of one, preparing a round, opening, locking."""

from django.urls import path

from sightline.record_reading import hub_views, rounds_views, views

_AREA = "p/<slug:area>/records/"
_ROUND = f"{_AREA}<slug:slug>/"
urlpatterns = [
    path("records/", views.areas, name="areas"),
    path(_AREA, views.rounds, name="list"),
    path(f"{_AREA}new/", rounds_views.new, name="new"),
    path(_ROUND, hub_views.round_page, name="round"),
    path(f"{_ROUND}set-up/", rounds_views.set_up, name="set-up"),
    path(f"{_ROUND}support/", rounds_views.support, name="support"),
    path(f"{_ROUND}destruction/", rounds_views.destruction, name="destruction"),
    path(f"{_ROUND}template/", rounds_views.template, name="template"),
    path(f"{_ROUND}open/", rounds_views.opening, name="open"),
    path(f"{_ROUND}lock/", rounds_views.lock, name="lock"),
    path(f"{_ROUND}reopen/", rounds_views.reopen, name="reopen"),
    path(f"{_ROUND}share/", rounds_views.share, name="share"),
    path(f"{_ROUND}destroy/", rounds_views.destroy, name="destroy"),
]
