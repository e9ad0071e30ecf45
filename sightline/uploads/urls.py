"""Addresses of uploads."""

from django.urls import path

from sightline.uploads import views

app_name = "uploads"
_SEND = "uploads/<slug:kind>/<slug:scope_kind>/<slug:scope_key>/"
urlpatterns = [
    path("uploads/", views.uploads, name="uploads"),
    path("uploads/<uuid:key>/", views.upload, name="upload"),
    path("uploads/<uuid:key>/faults/", views.faults, name="faults"),
    path("uploads/<uuid:key>/faults.csv", views.faults_as_csv, name="faults-csv"),
    path("uploads/<uuid:key>/copy/", views.copy, name="copy"),
    path("uploads/<uuid:key>/import/", views.commit, name="import"),
    path("uploads/<uuid:key>/check-again/", views.check_again, name="check-again"),
    path("uploads/<uuid:key>/throw-away/", views.throw_away, name="throw-away"),
    path("uploads/<uuid:key>/undo/", views.undo, name="undo"),
    path(_SEND, views.send, name="send"),
    path(f"{_SEND}template/", views.template, name="template"),
]
