"""Addresses of the feedback sheet of a round."""

from django.urls import path

from sightline.record_reading import feedback_views

_SHEET = "p/<slug:area>/records/<slug:slug>/feedback/"
urlpatterns = [
    path(_SHEET, feedback_views.feedback, name="feedback"),
    path(f"{_SHEET}print/", feedback_views.printed, name="feedback-print"),
    path(f"{_SHEET}sheet.pdf", feedback_views.pdf, name="feedback-pdf"),
    path(f"{_SHEET}write/<slug:field>/", feedback_views.write, name="feedback-write"),
]
