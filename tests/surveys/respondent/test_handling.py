"""The chain: which requests it takes, what every answer carries, what no log holds."""

import logging

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from sightline.surveys.respondent import assets
from sightline.surveys.respondent.handling import RespondentMiddleware
from tests.surveys.respondent.made import Person, survey_of

pytestmark = pytest.mark.django_db
HOST = "survey.example:8000"


def said(response):
    return response.content.decode()


@pytest.fixture
def chain(settings):
    """A middleware of a copy with a host of its own for the survey pages."""
    settings.SIGHTLINE_RESPONDENT_HOST = HOST
    settings.ALLOWED_HOSTS = ["testserver", "survey.example"]

    def make():
        return RespondentMiddleware(lambda request: HttpResponse("the service"))

    return make


def ask(chain, path, host="testserver", **more):
    return chain()(RequestFactory().get(path, headers={"host": host}, **more))


def test_it_stands_before_everything_else():
    assert settings.MIDDLEWARE[0] == "sightline.surveys.respondent.handling.RespondentMiddleware"


def test_what_is_not_under_its_path_goes_on_to_the_service(chain):
    for path in ("/", "/home/", "/s", "/surveys/"):
        assert said(ask(chain, path)) == "the service"


def test_its_host_has_these_pages_and_no_others(chain):
    assert "Type your code" in said(ask(chain, "/s/", HOST))
    assert ask(chain, "/", HOST)["Location"] == "/s/"
    assert ask(chain, "/s", HOST)["Location"] == "/s/"
    for path in ("/home/", "/accounts/login/", "/static/design/sightline.css"):
        assert ask(chain, path, HOST).status_code == 404


def test_a_link_with_the_other_host_leads_to_its_own(chain, settings):
    response = ask(chain, "/s/ABCDE/")
    assert response["Location"] == "http://survey.example:8000/s/ABCDE/"
    settings.SIGHTLINE_HTTPS = True
    assert ask(chain, "/s/ABCDE/")["Location"] == "https://survey.example:8000/s/ABCDE/"
    monkeyed = ask(chain, "/s/\\evil/")["Location"]
    assert monkeyed.startswith("https://survey.example:8000/s/")


def test_a_process_of_its_own_serves_nothing_else(chain, settings):
    settings.SIGHTLINE_SITE = "respondent"
    assert "Type your code" in said(ask(chain, "/s/"))
    assert ask(chain, "/home/").status_code == 404
    assert ask(chain, "/")["Location"] == "/s/"


def test_every_answer_is_kept_nowhere_and_tells_nobody(client, settings):
    settings.SECURE_HSTS_SECONDS = 60
    survey = survey_of()
    for path in ("/s/", f"/s/{survey.link}/", "/s/nobody/", "/s/x/y/z/", "/s/leave/"):
        response = client.get(path)
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Strict-Transport-Security"] == "max-age=60"
        assert "'unsafe" not in response["Content-Security-Policy"]
        assert "Vary" not in response
        assert set(response.cookies) <= {"survey"}


def test_nothing_but_one_cookie_without_a_session(client, settings, django_assert_num_queries):
    settings.SIGHTLINE_HTTPS = True
    person = Person(survey_of())
    person.begin()
    cookie = person.client.cookies["survey"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/s/", True, "Lax")
    assert cookie["secure"] is True
    assert not cookie["max-age"]
    assert not cookie["expires"]
    assert set(person.client.cookies) == {"survey"}


def test_a_page_of_questions_is_two_statements_and_drawing_it_is_one(django_assert_num_queries):
    person = Person(survey_of())
    person.begin()
    person.get("1/")
    post = {"go": "next", "of": "listens", "q-listens": "all"}
    with django_assert_num_queries(2):
        person.client.post(f"{person.at}1/", post)
    with django_assert_num_queries(1):
        person.get("2/")


def test_a_fault_shows_nothing_and_its_line_in_the_log_holds_no_code(client, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr("sightline.surveys.services.answering.enter", broken)
    client.raise_request_exception = False
    with caplog.at_level(logging.DEBUG):
        response = client.get("/s/SECRETCODE/")
    assert response.status_code == 500
    assert "Something went wrong" in said(response)
    assert "broken" not in said(response)
    assert "SECRETCODE" not in caplog.text
    assert "RuntimeError" in caplog.text, "whoever runs the copy is told"


def test_a_page_that_is_not_there_leaves_no_line_with_its_address(client, caplog):
    with caplog.at_level(logging.DEBUG):
        assert client.get("/s/SECRETCODE/nowhere/").status_code == 404
        assert client.get("/s/SECRETCODE/").status_code == 409
    assert "SECRETCODE" not in caplog.text


def test_far_too_much_is_refused_and_a_megabyte_is_not_lost(settings):
    person = Person(survey_of())
    person.begin()
    person.answer(1, listens="never")
    response = person.answer(2, why="a word " * 150_000)
    page = said(response)
    assert response.status_code == 200
    assert "Write 20,000 letters or fewer. You have 1,0" in page
    assert page.count("a word ") >= 150_000 - 1
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    response = person.answer(2, why="x" * 2_000)
    assert response.status_code == 413
    assert "Go back, and make it shorter" in said(response)


def test_control_characters_do_not_come_through():
    person = Person(survey_of())
    person.begin()
    person.answer(1, listens="never")
    person.answer(2, why="one\x00\x08two\u202e three")
    assert ">\nonetwo three</textarea>" in said(person.get("2/"))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ],
)
def test_a_form_that_another_site_sends_does_nothing(headers):
    person = Person(survey_of())
    person.begin()
    post = {"go": "next", "of": "listens", "q-listens": "all"}
    response = person.client.post(f"{person.at}1/", post, headers=headers)
    assert response.status_code == 403
    ours = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
    assert person.client.post(f"{person.at}1/", post, headers=ours).status_code == 303
    nothing = {"Origin": "null"}
    assert person.client.post(f"{person.at}1/", post, headers=nothing).status_code == 303


def test_a_name_that_the_copy_does_not_answer_to_is_refused(client):
    response = client.get("/s/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "Something went wrong" in said(response)


def test_the_script_is_told_where_to_go():
    person = Person(survey_of())
    person.begin()
    post = {"go": "next", "of": "listens", "q-listens": "all"}
    response = person.client.post(f"{person.at}1/", post, headers={"X-Doing": "1"})
    assert response.json() == {"to": f"{person.at}2/"}


def test_styles_and_script_are_small_packed_and_kept_for_good(client):
    for name in ("look.css", "doing.js"):
        found = assets.asset(name)
        assert len(found.plain) < 15_000
        response = client.get(found.address, headers={"Accept-Encoding": "gzip"})
        assert response["Content-Encoding"] == "gzip"
        assert response["Cache-Control"].startswith("public")
        assert len(response.content) < 5_000
        assert client.get(found.address).content == found.plain
    assert client.get("/s/look/000000000000/doing.css").status_code == 404


def test_a_recording_is_played_whole_or_in_parts(client, settings, tmp_path):
    settings.SIGHTLINE_STATE = tmp_path
    (tmp_path / "recordings").mkdir()
    (tmp_path / "recordings/listens-en.mp3").write_bytes(b"0123456789")
    assert assets.sound("listens-en.mp3") == "/s/media/listens-en.mp3"
    assert assets.sound("nothing.mp3") == assets.sound("../listens-en.mp3") == ""
    whole = client.get("/s/media/listens-en.mp3")
    assert b"".join(whole.streaming_content) == b"0123456789"
    part = client.get("/s/media/listens-en.mp3", headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.content) == (206, b"234")
    assert part["Content-Range"] == "bytes 2-4/10"
    rest = client.get("/s/media/listens-en.mp3", headers={"Range": "bytes=8-"})
    assert rest.content == b"89"
    beyond = client.get("/s/media/listens-en.mp3", headers={"Range": "bytes=50-"})
    assert beyond.status_code == 416
    assert client.get("/s/media/nothing.mp3").status_code == 404


def test_a_question_with_a_recording_can_be_heard_and_seen(settings, tmp_path):
    settings.SIGHTLINE_STATE = tmp_path
    (tmp_path / "recordings").mkdir()
    for name in ("a.mp3", "b.mp4"):
        (tmp_path / "recordings" / name).write_bytes(b"x")
    media = {"hear:en": "a.mp3", "hear:ar": "not-there.mp3", "bsl": "b.mp4"}
    item = {"code": "t", "kind": "text", "text": {"en": "T?"}, "media": media}
    sections = [{"code": "s", "title": {"en": "S"}, "items": [item]}]
    person = Person(survey_of(content={"sections": sections}))
    person.begin()
    page = said(person.get("1/"))
    assert 'src="/s/media/a.mp3"' in page
    assert 'src="/s/media/b.mp4"' in page
    person.post("language/?page=1", l="ar")
    assert "<audio" not in said(person.get("1/"))
