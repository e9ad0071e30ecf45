"""Addresses of inspections, of the findings across them, and of their reports."""

from django.urls import path

from sightline.inspections import (
    correct_views,
    import_views,
    notes_views,
    overview_views,
    partnership_views,
    records_views,
    report_views,
    views,
)

app_name = "inspections"
ONE = "p/<slug:partnership>/exercises/<slug:reference>"
urlpatterns = [
    path("national/exercises/", views.inspections, name="inspections"),
    path("national/exercises/import/", import_views.import_page, name="import"),
    path("national/findings/", overview_views.findings, name="findings"),
    path(
        "national/findings/download/<slug:kind>/",
        overview_views.findings_download,
        name="findings-download",
    ),
    path("p/<slug:partnership>/", partnership_views.partnership, name="partnership"),
    path(f"{ONE}/", views.inspection, name="inspection"),
    path(f"{ONE}/notes/", notes_views.notes, name="notes"),
    path(f"{ONE}/records-read/", records_views.records, name="records"),
    path(f"{ONE}/export/", views.export, name="export"),
    path(f"{ONE}/report/", report_views.report, name="report"),
    path(
        f"{ONE}/report/download/<slug:kind>/",
        report_views.report_download,
        name="report-download",
    ),
    path(f"{ONE}/evaluations/<slug:judgement>/", views.evaluation, name="evaluation"),
    path(
        f"{ONE}/evaluations/<slug:judgement>/correct/",
        correct_views.correct_evaluation,
        name="correct-evaluation",
    ),
    path(
        f"{ONE}/evidence/<slug:channel>/correct/",
        correct_views.correct_count,
        name="correct-count",
    ),
    path(f"{ONE}/dates/<slug:what>/correct/", correct_views.correct_date, name="correct-date"),
    path("schemas/inspection.json", views.schema, name="schema"),
]
