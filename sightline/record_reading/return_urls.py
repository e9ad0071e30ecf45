"""Addresses of a round's return: children in scope, totals and versions."""

from django.urls import path

from sightline.record_reading import return_views as views

_RETURN = "p/<slug:area>/records/<slug:slug>/return/"
urlpatterns = [
    path(_RETURN, views.hub, name="return"),
    path(f"{_RETURN}totals/", views.totals, name="return-totals"),
    path(f"{_RETURN}columns/", views.columns, name="return-columns"),
    path(f"{_RETURN}template.xlsx", views.template, name="return-template"),
    path(f"{_RETURN}<int:version>/", views.version, name="return-version"),
]
