"""Signing in and out, and passwords."""

import re

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from sightline.access.models import AuditEvent, IsDeed, User
from tests.factories.access import PASSWORD, AssignmentFactory, UserFactory, assign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_attempts_so_far() -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str = PASSWORD):  # type: ignore[no-untyped-def]
    return client.post(reverse("account_login"), {"login": email, "password": password})


def deeds() -> list[tuple[str, str]]:
    found = AuditEvent.objects.filter(IsDeed("verb")).order_by("pk")
    return [(event.actor, event.verb) for event in found]


def test_a_person_signs_in_and_out_and_both_are_on_record(client: Client) -> None:
    person = UserFactory(email="a.person@example.org")
    answer = sign_in(client, "A.Person@example.org")
    assert (answer.status_code, answer.url) == (302, reverse("home"))
    assert client.get(reverse("home")).status_code == 200
    assert deeds() == [(person.audit_name, "person.signed-in")]
    person.refresh_from_db()
    assert person.last_login is not None

    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(reverse("home")).status_code == 200  # only a POST signs out
    assert client.post(reverse("account_logout")).status_code == 302
    assert client.get(reverse("home")).status_code == 302


def test_signing_in_leads_on_to_the_page_that_was_asked_for(client: Client) -> None:
    person = assign(UserFactory(), "system-administrator")
    asked = reverse("access:people") + "?words=x"
    to_sign_in = client.get(asked)
    assert to_sign_in.status_code == 302
    answer = client.post(to_sign_in.url, {"login": person.email, "password": PASSWORD})
    assert answer.url == asked


def test_it_never_leads_to_another_site(client: Client) -> None:
    person = UserFactory()
    answer = client.post(
        reverse("account_login") + "?next=https://elsewhere.example/",
        {"login": person.email, "password": PASSWORD},
    )
    assert answer.url == reverse("home")


def test_the_page_says_what_is_wrong_and_keeps_the_address(client: Client) -> None:
    person = UserFactory()
    wrong = sign_in(client, person.email, "not the password")
    text = wrong.content.decode()
    assert wrong.status_code == 200
    assert "There is a problem" in text
    assert "<title>Error: Sign in" in text
    assert person.email in text
    assert "not the password" not in text
    assert deeds() == [("visitor", "person.sign-in-failed")]

    empty = client.post(reverse("account_login"), {}).content.decode()
    assert "Enter your email address" in empty
    assert "Enter your password" in empty


def test_an_unknown_address_is_answered_as_a_wrong_password_and_kept_nowhere(
    client: Client,
) -> None:
    person = UserFactory()
    known = sign_in(client, person.email, "wrong").content.decode()
    unknown = sign_in(client, "nobody@example.org", "wrong").content.decode()
    alike = [
        re.sub(r'value="[^"]*"', "", text.replace(name, "x"))
        for text, name in ((known, person.email), (unknown, "nobody@example.org"))
    ]
    assert alike[0] == alike[1]
    assert len(deeds()) == 1
    assert "nobody" not in str(list(AuditEvent.objects.values_list("target", "after")))


def test_a_fifth_wrong_password_closes_the_account_for_a_while(client: Client) -> None:
    person = UserFactory()
    for _ in range(5):
        assert "not correct" in sign_in(client, person.email, "wrong").content.decode()
    refused = sign_in(client, person.email).content.decode()
    assert "Too many failed login attempts" in refused
    assert client.get(reverse("home")).status_code == 302


def test_one_address_cannot_try_many_accounts(client: Client) -> None:
    for number in range(10):
        sign_in(client, f"guess{number}@example.org", "wrong")
    person = UserFactory()
    assert sign_in(client, person.email).status_code != 302


def test_somebody_without_access_cannot_sign_in_and_is_told_so(client: Client) -> None:
    person = UserFactory(is_active=False)
    answer = client.post(
        reverse("account_login"), {"login": person.email, "password": PASSWORD}, follow=True
    )
    assert answer.redirect_chain[-1][0] == reverse("account_inactive")
    assert "Your access has ended" in answer.content.decode()
    assert client.get(reverse("home")).status_code == 302


def test_taking_access_away_signs_out_where_one_is(client: Client) -> None:
    person = UserFactory()
    sign_in(client, person.email)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(reverse("home")).status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_themselves_up(client: Client, method: str) -> None:
    details = {"email": "new@example.org", "password1": PASSWORD}
    answer = getattr(client, method)(reverse("account_signup"), details)
    assert answer.status_code == (200 if method == "get" else 405)
    if method == "get":
        assert "People are added by an administrator" in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "path", ["email/", "confirm-email/", "password/set/", "social/", "3rdparty/"]
)
def test_other_pages_of_the_sign_in_package_are_not_here(client: Client, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404
    client.force_login(UserFactory())
    assert client.get(f"/accounts/{path}").status_code == 404


def test_passwords_are_kept_with_argon2() -> None:
    person = User.objects.create_user("a@example.org", "A.", password=PASSWORD)
    assert identify_hasher(person.password).algorithm == "argon2"


def test_a_forgotten_password_is_set_by_the_link_that_is_sent(client: Client) -> None:
    person = User.objects.create_user("a@example.org", "A. Person")  # added, never had one
    sent = client.post(reverse("account_reset_password"), {"email": "A@example.org"}, follow=True)
    assert "Check your email" in sent.content.decode()
    (letter,) = mail.outbox
    assert letter.to == ["a@example.org"]
    (link,) = re.findall(r"http://testserver(/accounts/password/reset/key/\S+)", letter.body)

    page = client.get(link, follow=True)
    assert "Set a new password" in page.content.decode()
    action = page.redirect_chain[-1][0]
    short = client.post(action, {"password1": "short", "password2": "short"})
    assert "at least 12 characters" in short.content.decode()
    new = "three-random-words-12"
    done = client.post(action, {"password1": new, "password2": new}, follow=True)
    assert "Password set" in done.content.decode()

    assert sign_in(client, person.email, new).status_code == 302
    assert ("person.password-set" in [verb for _, verb in deeds()]) is True
    assert "This link no longer works" in Client().get(link).content.decode()


def test_a_forgotten_password_of_nobody_is_answered_alike(client: Client) -> None:
    sent = client.post(reverse("account_reset_password"), {"email": "no@example.org"}, follow=True)
    assert "Check your email" in sent.content.decode()


def test_changing_a_password_asks_for_the_old_one(client: Client) -> None:
    person = UserFactory()
    client.force_login(person)
    page = reverse("account_change_password")
    new = "three-random-words-12"
    wrong = client.post(page, {"oldpassword": "wrong", "password1": new, "password2": new})
    assert wrong.status_code == 200
    done = client.post(page, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert done.status_code == 302
    assert User.objects.get(pk=person.pk).check_password(new)
    assert deeds() == [(person.audit_name, "person.password-set")]


def test_the_sign_in_page_lists_people_in_the_demonstration_and_only_there(
    client: Client, settings
) -> None:  # type: ignore[no-untyped-def]
    person = UserFactory(email="chief-officer@sightline.example")
    AssignmentFactory(person=person, scope_key="fife")
    UserFactory(email="real@example.org")
    page = reverse("account_login")
    assert "sightline.example" not in client.get(page).content.decode()

    settings.SIGHTLINE_DEMONSTRATION = True
    text = client.get(page).content.decode()

    assert "chief-officer@sightline.example" in text
    assert "Chief officer" in text
    assert "garry-water-and-heather" in text
    assert "real@example.org" not in text
