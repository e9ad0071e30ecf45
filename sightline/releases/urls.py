"""Addresses of releases."""

from django.urls import path

from sightline.releases import views

app_name = "releases"
urlpatterns = [
    path("admin/releases/", views.ledger, name="ledger"),
    path("admin/releases/thresholds/", views.thresholds, name="thresholds"),
    path("admin/releases/<uuid:key>/", views.table_set, name="set"),
    path("admin/releases/<uuid:key>/review/<slug:code>/", views.review, name="review"),
    path("admin/releases/<uuid:key>/withdraw/", views.withdraw, name="withdraw"),
    path(
        "admin/releases/<uuid:key>/download/<slug:code>/<slug:kind>/",
        views.download,
        name="download",
    ),
    path("releases/protect/", views.protect_table, name="protect"),
]
