"""Addresses of moderation: differences, agreement, the quality lead's checks."""

from django.urls import path

from sightline.record_reading import agreement_views, moderation_views

_ROUND = "p/<slug:area>/records/<slug:slug>/"
_ONE = f"{_ROUND}moderation/<int:record>/<slug:item>/"
urlpatterns = [
    path(f"{_ROUND}moderation/", moderation_views.moderation, name="moderation"),
    path(_ONE, moderation_views.difference, name="difference"),
    path(f"{_ONE}<slug:agency>/", moderation_views.difference, name="difference-of-agency"),
    path(f"{_ROUND}to-discuss/", moderation_views.to_discuss, name="to-discuss"),
    path(f"{_ROUND}agreement/", agreement_views.agreement, name="agreement"),
    path(f"{_ROUND}dip/", agreement_views.dip, name="dip"),
    path(f"{_ROUND}dip/<int:checked>/", agreement_views.dip_check, name="dip-check"),
]
