"""Addresses of a round's results: all items, one item, and files."""

from django.urls import path

from sightline.record_reading import results_views as views

_RESULTS = "p/<slug:area>/records/<slug:slug>/results/"
urlpatterns = [
    path(_RESULTS, views.all_results, name="results"),
    path(f"{_RESULTS}file.<slug:kind>", views.download, name="results-file"),
    path(f"{_RESULTS}<slug:item>/", views.item, name="results-item"),
]
