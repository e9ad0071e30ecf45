"""Addresses of the survey site. None names a topic, and after the first page none holds a code."""

from django.urls import path, register_converter

from sightline.surveys.respondent import answer_views as answers
from sightline.surveys.respondent import entry_views as entry
from sightline.surveys.respondent import failing
from sightline.surveys.respondent import leaving_views as leaving


class Code:
    """A link or a code, as an address may hold it."""

    regex = "[A-Za-z0-9_-]{1,60}"

    def to_python(self, value: str) -> str:
        """As it stands."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value


class Number:
    """The number of a page."""

    regex = "[0-9]{1,4}"

    def to_python(self, value: str) -> int:
        """As a number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """In digits."""
        return str(value)


register_converter(Code, "survey_code")
register_converter(Number, "survey_page")

handler400 = failing.bad
handler404 = failing.missing
handler403 = failing.bad
handler500 = failing.wrong

_AT = "s/<survey_code:code>/"
urlpatterns = [
    path("s/", entry.home),
    path("s/leave/", entry.leave),
    path(_AT, entry.start),
    path(f"{_AT}who/", entry.step, {"name": "who"}),
    path(f"{_AT}hiding/", entry.step, {"name": "hiding"}),
    path(f"{_AT}no/", entry.declined),
    path(f"{_AT}<survey_page:number>/", answers.question),
    path(f"{_AT}<survey_page:number>/notice/", answers.notice),
    path(f"{_AT}<survey_page:number>/again/", answers.again),
    path(f"{_AT}helped/", answers.helped),
    path(f"{_AT}check/", answers.check),
    path(f"{_AT}language/", answers.language),
    path(f"{_AT}next/", answers.handed_on),
    path(f"{_AT}stop/", leaving.stop),
    path(f"{_AT}left/", leaving.left),
    path(f"{_AT}sent/", leaving.sent),
    path(f"{_AT}help/", leaving.helping),
    path(f"{_AT}rights/", leaving.rights),
    path(f"{_AT}contact/", leaving.contact),
    path(f"{_AT}what-changed/", leaving.what_changed),
]
