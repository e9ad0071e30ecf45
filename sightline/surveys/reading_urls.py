"""Addresses of what people wrote, inside those of surveys.

While people answer, no address names a comment: a log of addresses with times would date it. A
comment that waits is known by its place in the queue. After closing all identities are new.
"""

from django.urls import path

from sightline.surveys import contact_views, reading_views, themes_views

_SURVEY = "p/<slug:area>/surveys/<slug:slug>/"
_COMMENTS = f"{_SURVEY}comments/"
_WORDS = f"{_SURVEY}own-words/"
_THEMES = f"{_WORDS}<slug:question>/themes/"
urlpatterns = [
    path(_COMMENTS, reading_views.queue, name="comments"),
    path(f"{_COMMENTS}<int:number>/", reading_views.waiting, name="comment"),
    path(f"{_COMMENTS}read/", reading_views.done, name="comments-read"),
    path(f"{_COMMENTS}read/<int:number>/", reading_views.again, name="comment-again"),
    path(f"{_SURVEY}contacts/", contact_views.contacts, name="contacts"),
    path(_WORDS, themes_views.own_words, name="own-words"),
    path(f"{_WORDS}quote/<uuid:comment>/", themes_views.quote, name="quote"),
    path(f"{_WORDS}<slug:question>/", themes_views.question_words, name="own-words-question"),
    path(_THEMES, themes_views.themes, name="themes"),
    path(f"{_THEMES}<uuid:theme>/", themes_views.theme, name="theme"),
    path(f"{_WORDS}<slug:question>/move/<uuid:comment>/", themes_views.move, name="theme-move"),
]
