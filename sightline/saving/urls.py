"""Addresses of saved texts, of what was typed and not sent, and of the session."""

from django.urls import path

from sightline.saving import views

app_name = "saving"
PLACE = "saving/<slug:kind>:<slug:key>/<slug:field>"
urlpatterns = [
    path("saving/typed/", views.typed, name="typed"),
    path("saving/session/", views.session, name="session"),
    path(f"{PLACE}/", views.save, name="save"),
    path(f"{PLACE}/versions/", views.versions, name="versions"),
    path(f"{PLACE}/versions/<int:number>/", views.version, name="version"),
    path(f"{PLACE}/versions/<int:number>/restore/", views.restore, name="restore"),
    path(f"{PLACE}/clash/<int:number>/", views.clash, name="clash"),
]
