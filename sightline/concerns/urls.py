"""Addresses of concerns. None holds a word of one: a random key at most."""

from django.urls import path

from sightline.concerns import views

app_name = "concerns"
urlpatterns = [
    path("concerns/", views.concerns, name="concerns"),
    path("concerns/raise/", views.raise_concern, name="raise"),
    path("concerns/<uuid:key>/", views.concern, name="concern"),
    path("concerns/<uuid:key>/sent/", views.sent, name="sent"),
    path("concerns/<uuid:key>/<slug:deed>/", views.step, name="step"),
]
