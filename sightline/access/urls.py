"""Addresses of access: signing in, people, the audit trail."""

from django.urls import include, path, re_path

from sightline.access import audit_views, sign_in, views

# allauth looks its addresses up by these names.
accounts = [
    path("login/", sign_in.login, name="account_login"),
    path("logout/", sign_in.logout, name="account_logout"),
    path("inactive/", sign_in.inactive, name="account_inactive"),
    path("signup/", views.invited_only, name="account_signup"),
    path("password/change/", sign_in.change_password, name="account_change_password"),
    path("password/reset/", sign_in.forgotten, name="account_reset_password"),
    path("password/reset/done/", sign_in.forgotten_sent, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        sign_in.new_password,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        sign_in.new_password_set,
        name="account_reset_password_from_key_done",
    ),
]
admin = [
    path("people/", views.people, name="people"),
    path("people/add/", views.add_person, name="add-person"),
    path("people/<int:person_id>/", views.person, name="person"),
    path("people/<int:person_id>/grant/", views.grant, name="grant"),
    path("people/<int:person_id>/deactivate/", views.deactivate, name="deactivate"),
    path("assignments/<int:assignment_id>/end/", views.end_assignment, name="end-assignment"),
    path("audit/", audit_views.who_did_what, name="audit"),
    path("audit/download/", audit_views.download, name="audit-download"),
]
urlpatterns = [
    path("accounts/", include(accounts)),
    path("admin/", include((admin, "access"))),
]
