"""Addresses of record reading; each part of it has a file of its own."""

from django.urls import include, path

app_name = "record_reading"
_PARTS = (
    # `rounds` last: `p/<area>/records/<slug>/` would take what has no round in front.
    "reading", "audits", "return", "sampling", "readers", "paper", "moderation", "results",
    "feedback", "rounds",
)  # fmt: skip
urlpatterns = [path("", include(f"sightline.record_reading.{part}_urls")) for part in _PARTS]
