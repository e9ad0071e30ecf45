"""Addresses of a round's sample: plan, draw, printed record, withdrawals."""

from django.urls import path

from sightline.record_reading import sampling_views as views

_SAMPLE = "p/<slug:area>/records/<slug:slug>/sample/"
_DRAWN = f"{_SAMPLE}<int:draw>/"
urlpatterns = [
    path(_SAMPLE, views.sample, name="sample"),
    path(f"{_SAMPLE}draw/", views.plan, name="sample-draw"),
    path(f"{_SAMPLE}list/", views.to_bring, name="sample-list"),
    path(f"{_SAMPLE}list.csv", views.to_bring_csv, name="sample-list-csv"),
    path(f"{_SAMPLE}withdraw/<int:record>/", views.withdraw, name="sample-withdraw"),
    path(f"{_SAMPLE}bring-back/<int:record>/", views.bring_back, name="sample-bring-back"),
    path(f"{_DRAWN}record/", views.record, name="sample-record"),
    path(f"{_DRAWN}record.pdf", views.record_pdf, name="sample-record-pdf"),
    path(f"{_DRAWN}again/", views.again, name="sample-again"),
]
