"""Addresses of the surveys of an area, for those who are signed in."""

from django.urls import include, path

from sightline.surveys import (
    building_views,
    hub_views,
    language_views,
    paper_views,
    preview_views,
    question_views,
    running_views,
    views,
)

app_name = "surveys"
_AREA = "p/<slug:area>/surveys/"
_SURVEY = f"{_AREA}<slug:slug>/"
_BUILD = f"{_SURVEY}build/"
_QUESTION = f"{_BUILD}questions/<str:code>/"
_SECTION = f"{_BUILD}sections/<str:section>/"
_LANGUAGE = f"{_BUILD}languages/<slug:language>/"
urlpatterns = [
    path("surveys/", views.areas, name="areas"),
    path(_AREA, views.surveys, name="list"),
    path(f"{_AREA}new/", building_views.new, name="new"),
    path(_SURVEY, hub_views.survey, name="survey"),
    path(f"{_SURVEY}pause/", running_views.pause, name="pause"),
    path(f"{_SURVEY}what-changed/", running_views.tell, name="tell"),
    path(f"{_SURVEY}extend/", running_views.extend, name="extend"),
    path(f"{_SURVEY}close/", running_views.close, name="close"),
    path(f"{_SURVEY}paper/", paper_views.paper, name="paper"),
    path(f"{_SURVEY}paper/print/", paper_views.paper_print, name="paper-print"),
    path(f"{_SURVEY}paper/type/", paper_views.paper_type, name="paper-type"),
    path(_BUILD, building_views.build, name="build"),
    path(f"{_BUILD}start/", building_views.start, name="build-start"),
    path(f"{_BUILD}access/", building_views.access, name="build-access"),
    path(f"{_BUILD}help/", building_views.helping, name="build-help"),
    path(f"{_BUILD}privacy/", building_views.privacy, name="build-privacy"),
    path(f"{_BUILD}results/", building_views.results, name="build-results"),
    path(f"{_BUILD}readers/", building_views.readers, name="build-readers"),
    path(f"{_BUILD}readers/<int:number>/end/", building_views.end_reader, name="end-reader"),
    path(f"{_BUILD}open/", running_views.opening, name="build-open"),
    path(f"{_BUILD}try/", preview_views.preview, name="preview"),
    path(f"{_BUILD}try/<path:rest>", preview_views.preview, name="preview-page"),
    path(f"{_BUILD}questions/", question_views.questions, name="build-questions"),
    path(f"{_BUILD}introduction/", question_views.introduction, name="build-introduction"),
    path(_QUESTION, question_views.question, name="build-question"),
    path(f"{_QUESTION}delete/", question_views.delete_question, name="delete-question"),
    path(f"{_QUESTION}<slug:deed>/", question_views.question_deed, name="question-deed"),
    path(_SECTION, question_views.section, name="build-section"),
    path(f"{_SECTION}new/", question_views.new_question, name="new-question"),
    path(f"{_SECTION}delete/", question_views.delete_section, name="delete-section"),
    path(f"{_SECTION}<slug:deed>/", question_views.section_deed, name="section-deed"),
    path(f"{_BUILD}languages/", language_views.languages, name="build-languages"),
    path(f"{_BUILD}xlsform.xlsx", language_views.form_elsewhere, name="xlsform"),
    path(_LANGUAGE, language_views.language, name="build-language"),
    path(f"{_LANGUAGE}texts.xlsx", language_views.workbook, name="language-workbook"),
    path(f"{_LANGUAGE}confirm/", language_views.confirm, name="confirm-language"),
    path(f"{_LANGUAGE}remove/", language_views.remove, name="remove-language"),
    path("", include("sightline.surveys.reading_urls")),
    path("", include("sightline.surveys.results_urls")),
    path("", include("sightline.surveys.inviting_urls")),
]
