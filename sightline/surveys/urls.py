"""Addresses of the surveys of an area, for those who are signed in."""

from django.urls import include, path

from sightline.surveys import views

app_name = "surveys"
_AREA = "p/<slug:area>/surveys/"
_SURVEY = f"{_AREA}<slug:slug>/"
urlpatterns = [
    path("surveys/", views.areas, name="areas"),
    path(_AREA, views.surveys, name="list"),
    path(_SURVEY, views.survey, name="survey"),
    path("", include("sightline.surveys.results_urls")),
]
