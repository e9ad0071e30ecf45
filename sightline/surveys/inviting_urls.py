"""Addresses of who is asked and of how it goes, inside those of surveys."""

from django.urls import path

from sightline.surveys import inviting_views as views
from sightline.surveys import monitor_views

_SURVEY = "p/<slug:area>/surveys/<slug:slug>/"
_ASK = f"{_SURVEY}invitations/"
_GROUP = f"{_ASK}groups/<int:number>/"
urlpatterns = [
    path(f"{_SURVEY}monitor/", monitor_views.monitor, name="monitor"),
    path(f"{_SURVEY}poster/", views.poster, name="poster"),
    path(_ASK, views.invitations, name="invitations"),
    path(f"{_ASK}waves/new/", views.new_wave, name="new-wave"),
    path(f"{_ASK}groups/new/", views.new_group, name="new-group"),
    path(_GROUP, views.group, name="invited-group"),
    path(f"{_GROUP}codes/", views.codes, name="codes"),
    path(f"{_GROUP}slips/", views.slips, name="slips"),
    path(f"{_ASK}list/", views.listed, name="invite-list"),
    path(f"{_ASK}letters/", views.letters, name="letters"),
    path(f"{_ASK}remind/", views.remind, name="remind"),
    path(f"{_ASK}came-back/", views.came_back, name="came-back"),
]
