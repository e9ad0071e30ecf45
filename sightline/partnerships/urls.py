"""Addresses of partnership pages."""

from django.urls import path

from sightline.partnerships import views

app_name = "partnerships"
urlpatterns = [
    path("partnerships/", views.partnerships, name="partnerships"),
    path("places/", views.reference_data, name="places"),
    path("partnerships/<slug:partnership>/", views.details, name="details"),
    path("partnerships/<slug:partnership>/<slug:kind>/add/", views.add_detail, name="add-detail"),
    path(
        "partnerships/<slug:partnership>/<slug:kind>/<int:key>/remove/",
        views.remove_detail,
        name="remove-detail",
    ),
]
