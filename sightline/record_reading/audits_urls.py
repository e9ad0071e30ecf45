"""Addresses of rolling audits, and of what is to be done about what they find."""

from django.urls import path

from sightline.record_reading import audits_views

_AREA = "p/<slug:area>/records/"
_AUDIT = f"{_AREA}audits/<slug:audit>/"
_ACTIONS = f"{_AREA}<slug:slug>/actions/"
urlpatterns = [
    path(f"{_AREA}audits/new/", audits_views.new_audit, name="new-audit"),
    path(_AUDIT, audits_views.audit_page, name="audit"),
    path(f"{_AUDIT}end/", audits_views.end_audit, name="end-audit"),
    path(f"{_ACTIONS}new/", audits_views.new_action, name="new-action"),
    path(f"{_ACTIONS}<int:number>/done/", audits_views.action_done, name="action-done"),
]
