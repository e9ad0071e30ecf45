"""Addresses of an area's data."""

from django.urls import path

from sightline.children import build_views, views, waiver_views

app_name = "children"
_AREA = "p/<slug:area>/data/"
_SET = f"{_AREA}datasets/<slug:dataset>/"
_BUILD = f"{_AREA}builds/<int:number>/"
urlpatterns = [
    path("data/", views.areas, name="areas"),
    path(_AREA, views.data, name="data"),
    path(f"{_AREA}datasets/", views.datasets, name="datasets"),
    path(_SET, views.dataset, name="dataset"),
    path(f"{_SET}template.xlsx", views.template, name="template"),
    path(f"{_SET}schema.json", views.schema, name="schema"),
    path(f"{_SET}columns/", views.columns, name="columns"),
    path(f"{_SET}versions/<int:vintage>/days/", views.days, name="days"),
    path(f"{_AREA}erase/", views.erase, name="erase"),
    path(f"{_AREA}builds/", build_views.builds, name="builds"),
    path(f"{_AREA}builds/new/", build_views.new, name="new-build"),
    path(_BUILD, build_views.build, name="build"),
    path(f"{_BUILD}publish/", build_views.publish, name="publish"),
    path(f"{_BUILD}undo/", build_views.undo, name="undo"),
    path(f"{_BUILD}faults/", build_views.faults, name="faults"),
    path(f"{_BUILD}faults.csv", build_views.faults_as_csv, name="faults-csv"),
    path(f"{_AREA}waivers/", waiver_views.waivers, name="waivers"),
    path(f"{_AREA}waivers/<uuid:key>/", waiver_views.waiver, name="waiver"),
]
