"""The end of a session nobody uses: when, for whom, and what does not put it off."""

import time
from typing import Any

import pytest
from django.conf import settings as current
from django.contrib.sessions.models import Session
from django.test import Client

from sightline.access.models import User
from sightline.saving import idle
from tests.factories.access import UserFactory, assign

pytestmark = pytest.mark.django_db
LIMIT = 30 * 60
SESSION = "/saving/session/"
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def person() -> User:
    return assign(UserFactory(), "elected-member", "partnership", "fife")


@pytest.fixture
def client(person: User, client_for: Any) -> Client:
    return client_for(person)


def seen_ago(client: Client, seconds: int, key: str = "sightline_seen") -> None:
    session = client.session
    session[key] = int(time.time()) - seconds
    session.save()


def seen(client: Client) -> int:
    return int(time.time()) - client.session["sightline_seen"]


def is_in(client: Client) -> bool:
    """Whether somebody is signed in, asked without being activity."""
    return client.get(SESSION, headers={idle.BACKGROUND: "yes"}).status_code == 200


def test_a_session_is_stamped_wherever_it_begins(client: Client) -> None:
    assert {"sightline_seen", "sightline_since"} <= set(client.session.keys())
    assert seen(client) < 5


def test_it_lasts_thirty_minutes_and_not_much_longer(client: Client) -> None:
    seen_ago(client, LIMIT)
    assert is_in(client)
    seen_ago(client, LIMIT + idle.RESOLUTION + 1)
    assert not is_in(client)


def test_once_over_it_stays_over_and_nothing_of_it_remains(person: User, client: Client) -> None:
    key = client.session.session_key
    seen_ago(client, LIMIT + 60)
    answer = client.get("/home/")
    assert answer.headers["Location"] == "/accounts/login/?next=/home/"
    assert client.session["sightline_locked"] == {"person": person.pk, "whole": False}
    assert "_auth_user_id" not in client.session
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/home/").status_code == 302
    page = client.get("/accounts/login/").content.decode()
    assert "You were signed out after 30 minutes to protect the records." in page
    assert "What you saved is safe." in page


def test_a_public_page_is_a_public_page_all_the_same(client: Client) -> None:
    seen_ago(client, LIMIT + 60)
    page = client.get("/privacy/")
    assert page.status_code == 200
    assert "Sign out" not in page.content.decode()


def test_signing_in_again_is_signing_in_altogether(person: User, client: Client) -> None:
    from tests.factories.access import PASSWORD

    seen_ago(client, LIMIT + 60)
    client.get("/home/")
    sent = {"login": person.email, "password": PASSWORD}
    answer = client.post("/accounts/login/?next=/partnerships/", sent)
    assert answer.headers["Location"] == "/partnerships/"
    assert client.get("/partnerships/").status_code == 200
    assert "sightline_locked" not in client.session
    assert seen(client) < 5


def test_twelve_hours_are_enough_however_busy(client: Client) -> None:
    seen_ago(client, current.SESSION_COOKIE_AGE + 1, "sightline_since")
    assert client.get("/home/").status_code == 302
    page = client.get("/accounts/login/").content.decode()
    assert "You were signed out after 12 hours to protect the records." in page


@pytest.mark.parametrize(
    ("method", "headers", "counts"),
    [
        ("get", {}, True),
        ("get", {"Sec-Fetch-Mode": "navigate"}, True),
        ("get", {"Sec-Fetch-Mode": "cors"}, False),
        ("get", {"Sec-Fetch-Mode": "same-origin"}, False),
        ("get", {"HX-Request": "true"}, False),
        ("get", {"HX-Request": "true", idle.ACTIVITY: "yes"}, True),
        ("get", {idle.BACKGROUND: "yes"}, False),
        ("get", {idle.BACKGROUND: "yes", idle.ACTIVITY: "yes"}, False),
        ("post", {"Sec-Fetch-Mode": "cors", idle.BACKGROUND: "yes"}, False),
        ("post", {"HX-Request": "true"}, True),
    ],
)
def test_only_what_a_person_does_puts_it_off(
    client: Client, method: str, headers: dict[str, str], counts: bool
) -> None:
    seen_ago(client, 600)
    getattr(client, method)("/home/", headers=headers)
    assert (seen(client) < 5) is counts


def test_it_is_noted_now_and_then_and_not_for_each_page(
    client: Client, django_assert_num_queries: Any
) -> None:
    seen_ago(client, idle.RESOLUTION - 5)
    client.get("/home/")
    assert seen(client) >= idle.RESOLUTION - 6
    seen_ago(client, idle.RESOLUTION + 1)
    client.get("/home/")
    assert seen(client) < 5


def test_the_script_asks_how_long_and_says_that_somebody_stays(client: Client) -> None:
    seen_ago(client, LIMIT - 60)
    left = client.get(SESSION, headers={**SCRIPT, idle.BACKGROUND: "yes"}).json()["seconds"]
    assert 60 <= left <= 60 + idle.RESOLUTION
    stays = client.post(SESSION, headers={**SCRIPT, idle.ACTIVITY: "yes"}).json()["seconds"]
    assert stays >= LIMIT


def test_a_page_tells_its_script_and_stays_in_no_cache(client: Client) -> None:
    page = client.get("/home/")
    assert 'name="sightline-saving" content="18' in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store, private"
    open_to_all = Client().get("/privacy/")
    assert "sightline-saving" not in open_to_all.content.decode()
    assert "Cache-Control" not in open_to_all.headers


def test_words_for_other_lengths(settings: Any) -> None:
    settings.SIGHTLINE_IDLE_MINUTES = 1
    assert idle.words(whole=False, kept=True).startswith("You were signed out after 1 minute to")


def test_a_session_of_before_there_were_stamps_begins_now(client: Client) -> None:
    session = client.session
    del session["sightline_seen"], session["sightline_since"]
    Session.objects.filter(pk=session.session_key).update(
        session_data=session.encode(dict(session))
    )
    assert client.get("/home/").status_code == 200
    assert seen(client) < 5
    assert "sightline_since" in client.session
