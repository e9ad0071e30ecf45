"""Addresses of outcomes."""

from django.urls import path

from sightline.outcomes import explorer_views, views

app_name = "outcomes"
urlpatterns = [
    path("outcomes/", views.areas, name="areas"),
    path("p/<slug:area>/outcomes/", views.home, name="home"),
    path("p/<slug:area>/outcomes/journeys/", explorer_views.journeys, name="journeys"),
    path(
        "p/<slug:area>/outcomes/notes/<uuid:key>/remove/",
        views.remove_annotation,
        name="remove-note",
    ),
    path("p/<slug:area>/outcomes/<slug:code>/", explorer_views.explore, name="indicator"),
    path(
        "p/<slug:area>/outcomes/<slug:code>/figures.csv",
        explorer_views.figures_file,
        name="figures",
    ),
    path("p/<slug:area>/outcomes/<slug:code>/behind/", views.behind, name="behind"),
    path("p/<slug:area>/outcomes/<slug:code>/note/", views.annotate, name="annotate"),
]
