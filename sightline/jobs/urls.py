"""Addresses of jobs."""

from django.urls import include, path

from sightline.jobs import views

pages = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<uuid:key>/", views.job, name="job"),
    path("jobs/<uuid:key>/watch/", views.watch, name="watch"),
    path("jobs/<uuid:key>/cancel/", views.cancel, name="cancel"),
    path("jobs/<uuid:key>/retry/", views.retry, name="retry"),
    path("admin/jobs/", views.what_ran, name="all"),
    path("admin/jobs/check-sealed/", views.check_sealed, name="check-sealed"),
]
urlpatterns = [path("", include((pages, "jobs")))]
