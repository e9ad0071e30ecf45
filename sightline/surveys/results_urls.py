"""Addresses of results, inside those of surveys."""

from django.urls import path

from sightline.surveys import results_views

_RESULTS = "p/<slug:area>/surveys/<slug:slug>/results/"
urlpatterns = [
    path(_RESULTS, results_views.all_results, name="results"),
    path(f"{_RESULTS}by/<slug:grouping>/", results_views.by_group, name="results-group"),
    path(f"{_RESULTS}file.<slug:kind>", results_views.download, name="results-file"),
    path(f"{_RESULTS}<slug:item>/", results_views.question, name="results-question"),
]
