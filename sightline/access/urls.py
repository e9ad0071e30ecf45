"""Addresses of access: signing in, people, the audit trail."""

from django.urls import include, path, re_path

from sightline.access import (
    audit_views,
    factor_views,
    joining_views,
    moving_views,
    review_views,
    sign_in,
    views,
)

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
    path("join/", joining_views.join, name="account_join"),
    path("join/password/", joining_views.join_with_password, name="account_join_password"),
    path("join/link/<str:token>/", joining_views.link, name="account_join_link"),
    path("second-factor/", sign_in.second_factor, name="mfa_authenticate"),
    path("passkey/", sign_in.passkey_sign_in, name="mfa_login_webauthn"),
    path("again/", sign_in.again, name="account_reauthenticate"),
    path("again/code/", sign_in.code_again, name="mfa_reauthenticate"),
    path("again/passkey/", sign_in.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("factors/", factor_views.index, name="mfa_index"),
    path("factors/sign-out/", factor_views.sign_out_elsewhere, name="sign_out_everywhere"),
    path("factors/app/add/", factor_views.add_app, name="mfa_activate_totp"),
    path("factors/app/remove/", factor_views.remove_app, name="mfa_deactivate_totp"),
    path("factors/passkeys/add/", factor_views.add_passkey, name="mfa_add_webauthn"),
    path("factors/passkeys/<int:pk>/", factor_views.rename_passkey, name="mfa_edit_webauthn"),
    path(
        "factors/passkeys/<int:pk>/remove/",
        factor_views.remove_passkey,
        name="mfa_remove_webauthn",
    ),
    path("factors/codes/", factor_views.codes, name="mfa_view_recovery_codes"),
    path("factors/codes/make/", factor_views.make_codes, name="mfa_generate_recovery_codes"),
    path(
        "factors/codes/download/", factor_views.download_codes, name="mfa_download_recovery_codes"
    ),
]
admin = [
    path("people/", views.people, name="people"),
    path("people/add/", views.add_person, name="add-person"),
    path("people/<int:person_id>/", views.person, name="person"),
    path("people/<int:person_id>/grant/", views.grant, name="grant"),
    path("people/<int:person_id>/deactivate/", views.deactivate, name="deactivate"),
    path("people/<int:person_id>/invite/", moving_views.invite, name="invite"),
    path("people/<int:person_id>/withdraw/", moving_views.withdraw, name="withdraw"),
    path("people/<int:person_id>/sign-out/", moving_views.sign_out, name="sign-out"),
    path("people/<int:person_id>/readmit/", moving_views.readmit, name="readmit"),
    path("people/<int:person_id>/again/", moving_views.set_up_again, name="set-up-again"),
    path("people/<int:person_id>/move/", moving_views.move, name="move"),
    path("people/<int:person_id>/leave/", moving_views.leave, name="leave"),
    path("assignments/<int:assignment_id>/extend/", moving_views.extend, name="extend"),
    path("access/", review_views.access_review, name="access-review"),
    path("access/reviews/", review_views.reviews, name="reviews"),
    path("access/reviews/<int:review_id>/", review_views.review, name="review"),
    path("access/reviews/<int:review_id>/download/", review_views.download, name="review-download"),
    path("assignments/<int:assignment_id>/end/", views.end_assignment, name="end-assignment"),
    path("audit/", audit_views.who_did_what, name="audit"),
    path("audit/download/", audit_views.download, name="audit-download"),
]
urlpatterns = [
    path("accounts/", include(accounts)),
    path("admin/", include((admin, "access"))),
]
