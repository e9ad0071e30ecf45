"""Addresses of framework pages."""

from django.urls import path

from sightline.framework import views

app_name = "framework"
urlpatterns = [
    path("frameworks/", views.frameworks, name="frameworks"),
    path("frameworks/compare/", views.compare, name="compare"),
    path("frameworks/programmes/<slug:code>/", views.programme, name="programme"),
    path("frameworks/<slug:edition>/", views.edition, name="edition"),
    path("frameworks/<slug:edition>/<slug:indicator>/", views.indicator, name="indicator"),
    path("frameworks/<slug:edition>/<slug:indicator>/title/", views.correct_title, name="title"),
]
