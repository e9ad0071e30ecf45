"""Second factors: setting up, being asked, losing one, and who must have one."""

import datetime as dt
import json
import re
from collections.abc import Callable

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from sightline.access import queries
from sightline.access.adapters import SealedFactors
from sightline.access.models import AuditEvent, IsDeed, User
from sightline.access.roles import roles
from tests.factories.access import PASSWORD, TOTP_SECRET, UserFactory, assign, authenticator

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _no_attempts_so_far() -> None:
    cache.clear()


def code_at(at: dt.datetime, secret: str = TOTP_SECRET) -> str:
    """The six figures that an app shows."""
    return format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30))


def deeds(verb: str = "") -> list[tuple[str, str, str]]:
    found = AuditEvent.objects.filter(IsDeed("verb")).order_by("pk")
    lines = [(event.actor, event.verb, event.target) for event in found]
    return [line for line in lines if not verb or line[1] == verb]


def signed_in(person: User) -> Client:
    """By the pages, so that the session knows when."""
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def answer_code(client: Client, code: str):  # type: ignore[no-untyped-def]
    return client.post(reverse("mfa_authenticate"), {"code": code})


@pytest.mark.parametrize("setting", ["required", "optional"])
def test_who_has_a_factor_is_always_asked_for_it(client: Client, settings, setting: str) -> None:  # type: ignore[no-untyped-def]
    settings.SIGHTLINE_SECOND_FACTOR = setting
    person = UserFactory()
    authenticator(person)
    with time_machine.travel(NOW, tick=False):
        first = client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
        assert first.url == reverse("mfa_authenticate")
        assert client.get(reverse("home")).status_code == 302
        page = client.get(first.url).content.decode()
        assert "One more question" in page
        assert "Use my passkey" not in page
        wrong = answer_code(client, "000000").content.decode()
        assert "That did not work" in wrong
        assert "<title>Error: " in wrong
        assert client.get(reverse("home")).status_code == 302
        assert answer_code(client, code_at(NOW)).url == reverse("home")
        assert client.get(reverse("home")).status_code == 200
    assert deeds() == [
        ("visitor", "person.second-factor-failed", person.audit_name),
        (person.audit_name, "person.signed-in", person.audit_name),
    ]


def test_a_code_is_used_once_whichever_server_process_is_asked() -> None:
    person = UserFactory()
    authenticator(person)
    with time_machine.travel(NOW, tick=False):
        assert answer_code(signed_in(person), code_at(NOW)).status_code == 302
        cache.clear()  # another process remembers nothing
        again = answer_code(signed_in(person), code_at(NOW))
        assert "That did not work" in again.content.decode()
    with time_machine.travel(NOW + dt.timedelta(seconds=60), tick=False):
        late = answer_code(signed_in(person), code_at(NOW + dt.timedelta(seconds=30)))
        assert late.status_code == 302  # half a minute late is allowed
    assert len(deeds("person.second-factor-failed")) == 1


def test_a_fifth_wrong_code_closes_the_account_for_a_while() -> None:
    person = UserFactory()
    authenticator(person)
    client = signed_in(person)
    for _ in range(5):
        answer_code(client, "000000")
    with time_machine.travel(NOW, tick=False):
        refused = answer_code(client, code_at(NOW)).content.decode()
    assert "Too many failed login attempts" in refused


def test_a_recovery_code_lets_in_once_and_is_counted() -> None:
    person = UserFactory()
    authenticator(person)
    codes = authenticator(person, "recovery_codes").wrap().get_unused_codes()
    assert len(codes) == queries.RECOVERY_CODES
    client = signed_in(person)
    assert answer_code(client, codes[3]).status_code == 302
    assert queries.recovery_codes_left(person) == 9
    assert "That did not work" in answer_code(signed_in(person), codes[3]).content.decode()
    (line,) = AuditEvent.objects.filter(verb="person.recovery-code-used")
    assert line.after == {"left": "9"}
    page = client.get(reverse("mfa_index")).content.decode()
    assert "9 of 10 left" in page


def test_a_reset_password_does_not_skip_the_second_factor(client: Client) -> None:
    person = UserFactory()
    authenticator(person)
    client.post(reverse("account_reset_password"), {"email": person.email})
    (link,) = re.findall(r"http://testserver(/accounts/\S+)", mail.outbox[0].body)
    action = client.get(link, follow=True).redirect_chain[-1][0]
    new = "three-random-words-12"
    client.post(action, {"password1": new, "password2": new})
    assert "a new password was set" in mail.outbox[1].body
    entering = client.post(reverse("account_login"), {"login": person.email, "password": new})
    assert entering.url == reverse("mfa_authenticate")
    assert client.get(reverse("home")).status_code == 302


def test_an_authenticator_app_is_set_up_with_codes_shown_once(
    django_capture_on_commit_callbacks,
) -> None:  # type: ignore[no-untyped-def]
    person = UserFactory()
    with time_machine.travel(NOW, tick=False):
        client = signed_in(person)
        page = client.get(reverse("mfa_activate_totp"))
        secret = page.context["form"].secret
        kept = Session.objects.get(pk=client.session.session_key).get_decoded()
        assert secret not in json.dumps(kept)
        wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
        assert wrong.context["form"].secret == secret
        with django_capture_on_commit_callbacks(execute=True):
            done = client.post(reverse("mfa_activate_totp"), {"code": code_at(NOW, secret)})
    assert done.url == reverse("mfa_view_recovery_codes")
    stored = Authenticator.objects.get(user=person, type="totp")
    assert secret not in json.dumps(stored.data)
    assert SealedFactors().decrypt(stored.data["secret"]) == secret
    assert (person.audit_name, "person.factor-added", person.audit_name) in deeds()
    assert "an authenticator app was added" in mail.outbox[-1].body

    with time_machine.travel(NOW, tick=False):
        shown = client.get(done.url)
        assert len(shown.context["codes"]) == 10
        file = client.get(reverse("mfa_download_recovery_codes"))
        assert file["Content-Disposition"].startswith("attachment")
        assert shown.context["codes"][0] in file.content.decode()
        assert client.get(done.url).context["codes"] == []
    with time_machine.travel(NOW + dt.timedelta(minutes=11), tick=False):
        late = client.get(reverse("mfa_download_recovery_codes"))
        assert late.status_code == 302  # asked once more who they are


def test_codes_are_not_downloaded_where_they_were_not_shown() -> None:
    person = UserFactory()
    authenticator(person)
    authenticator(person, "recovery_codes", viewed_at=1)
    with time_machine.travel(NOW, tick=False):
        client = signed_in(person)
        answer_code(client, code_at(NOW))
        assert client.get(reverse("mfa_download_recovery_codes")).status_code == 404
        assert client.get(reverse("mfa_activate_totp")).url == reverse("mfa_deactivate_totp")
        page = client.get(reverse("mfa_generate_recovery_codes")).content.decode()
        assert "The 10 codes you have left stop working" in page
        made = client.post(reverse("mfa_generate_recovery_codes"))
        assert len(client.get(made.url).context["codes"]) == 10
    assert deeds("person.recovery-codes-made")


def test_who_has_no_codes_is_led_back(client_for: ClientFor) -> None:
    client = client_for(UserFactory(password="!"))
    assert client.get(reverse("mfa_view_recovery_codes")).url == reverse("mfa_index")
    assert "None" in client.get(reverse("mfa_index")).content.decode()


def test_changing_factors_asks_once_more_some_time_after_signing_in() -> None:
    person = UserFactory()
    with time_machine.travel(NOW, tick=False):
        client = signed_in(person)
        assert client.get(reverse("mfa_activate_totp")).status_code == 200
    with time_machine.travel(NOW + dt.timedelta(minutes=6), tick=False):
        asked = client.get(reverse("mfa_activate_totp"))
        assert asked.url.startswith(reverse("account_reauthenticate"))
        wrong = client.post(asked.url, {"password": "wrong"})
        assert wrong.status_code == 200
        right = client.post(asked.url, {"password": PASSWORD})
        assert right.url == reverse("mfa_activate_totp")
        assert client.get(right.url).status_code == 200


def test_a_code_says_once_more_who_one_is() -> None:
    person = UserFactory()
    authenticator(person)
    with time_machine.travel(NOW, tick=False):
        client = signed_in(person)
        answer_code(client, code_at(NOW))
    later = NOW + dt.timedelta(minutes=6)
    with time_machine.travel(later, tick=False):
        asked = client.get(reverse("mfa_deactivate_totp"))
        by_code = reverse("mfa_reauthenticate") + "?next=" + reverse("mfa_deactivate_totp")
        assert "Use a code" in client.get(asked.url).content.decode()
        assert client.post(by_code, {"code": "000000"}).status_code == 200
        assert client.post(by_code, {"code": code_at(later)}).status_code == 302
        assert client.get(reverse("mfa_deactivate_totp")).status_code == 200


def test_the_app_is_removed_unless_it_must_stay(settings) -> None:  # type: ignore[no-untyped-def]
    person = assign(UserFactory(), "system-administrator")
    app = authenticator(person)
    with time_machine.travel(NOW, tick=False):
        client = signed_in(person)
        answer_code(client, code_at(NOW))
        settings.SIGHTLINE_SECOND_FACTOR = "required"
        assert "This one stays" in client.get(reverse("mfa_deactivate_totp")).content.decode()
        client.post(reverse("mfa_deactivate_totp"))
        assert Authenticator.objects.filter(pk=app.pk).exists()
        settings.SIGHTLINE_SECOND_FACTOR = "optional"
        client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(pk=app.pk).exists()
    assert deeds("person.factor-removed")


def test_passkeys_are_renamed_and_removed_each_only_by_its_owner(settings) -> None:  # type: ignore[no-untyped-def]
    settings.SIGHTLINE_SECOND_FACTOR = "required"
    person = assign(UserFactory(), "system-administrator")
    authenticator(person)
    mine = authenticator(person, "webauthn")
    other = authenticator(UserFactory(), "webauthn")
    with time_machine.travel(NOW, tick=False):
        client = signed_in(person)
        answer_code(client, code_at(NOW))
        for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
            assert client.get(reverse(name, args=[other.pk])).status_code == 404
        rename = reverse("mfa_edit_webauthn", args=[mine.pk])
        assert "Enter a name" in client.post(rename, {"name": ""}).content.decode()
        assert client.post(rename, {"name": "Tablet"}).url == reverse("mfa_index")
        assert "Tablet" in client.get(reverse("mfa_index")).content.decode()
        page = client.get(reverse("mfa_remove_webauthn", args=[mine.pk])).content.decode()
        assert "Remove the passkey “Tablet”" in page
        client.post(reverse("mfa_remove_webauthn", args=[mine.pk]))
    assert not Authenticator.objects.filter(pk=mine.pk).exists()
    verbs = [verb for _, verb, _ in deeds()]
    assert "person.passkey-renamed" in verbs
    assert "person.factor-removed" in verbs


def test_the_only_way_in_is_not_removed(client_for: ClientFor) -> None:
    person = UserFactory(password="!")
    only = authenticator(person, "webauthn")
    client = client_for(person)
    client.session.save()
    with time_machine.travel(NOW, tick=False):
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": NOW.timestamp()}]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
        remove = reverse("mfa_remove_webauthn", args=[only.pk])
        assert "This one stays" in client.get(remove).content.decode()
        said = client.post(remove, follow=True).content.decode()
    assert "This is the last thing" in said
    assert Authenticator.objects.filter(pk=only.pk).exists()


@pytest.mark.parametrize("nonsense", ["", "{}", "[]", '{"response": {}}', "null", "x"])
def test_what_is_no_passkey_is_refused_in_words(client: Client, nonsense: str) -> None:
    person = UserFactory()
    fresh = signed_in(person)
    page = fresh.post(reverse("mfa_add_webauthn"), {"credential": nonsense, "name": "x"})
    assert "There is a problem" in page.content.decode()
    assert not queries.factors_of(person)
    options = client.get(reverse("mfa_login_webauthn"), HTTP_X_REQUESTED_WITH="XMLHttpRequest")
    assert "challenge" in options.json()["request_options"]["publicKey"]
    entered = client.post(reverse("mfa_login_webauthn"), {"credential": nonsense}, follow=True)
    assert "That passkey is not one of ours" in entered.content.decode()
    assert client.get(reverse("home")).status_code == 302


def test_a_passkey_that_does_not_fit_is_recorded() -> None:
    person = UserFactory()
    authenticator(person)
    client = signed_in(person)
    client.post(reverse("mfa_authenticate"), {"credential": "{}"})
    assert deeds("person.second-factor-failed")


def open_pages(client: Client) -> dict[str, int]:
    names = (
        "home", "account_logout", "account_change_password", "mfa_index", "mfa_activate_totp",
        "mfa_add_webauthn", "accessibility", "access:people",
    )  # fmt: skip
    return {name: client.get(reverse(name)).status_code for name in names}


@pytest.mark.parametrize("setting", ["required", "optional"])
@pytest.mark.parametrize("kind", ["", "totp", "webauthn", "recovery_codes"])
def test_who_needs_a_factor_and_has_none_opens_only_what_sets_one_up(
    settings, client_for: ClientFor, setting: str, kind: str
) -> None:  # type: ignore[no-untyped-def]
    settings.SIGHTLINE_SECOND_FACTOR = setting
    held_back = setting == "required" and kind in {"", "recovery_codes"}
    for role in roles():
        person = UserFactory()
        if kind:
            authenticator(person, kind)
        scope = role.scopes[0]
        assign(person, role.code, scope, {"inspection": "fife-2023"}.get(scope, "fife"))
        answer = client_for(person).get(reverse("home"))
        led = answer.status_code == 302 and answer.url == reverse("mfa_index")
        assert led == (held_back and role.second_factor), role.code


def test_meanwhile_their_own_account_and_public_pages_stay_open(settings) -> None:  # type: ignore[no-untyped-def]
    settings.SIGHTLINE_SECOND_FACTOR = "required"
    person = assign(UserFactory(), "system-administrator")
    client = signed_in(person)
    found = open_pages(client)
    assert {name for name, status in found.items() if status == 302} == {"home", "access:people"}
    assert set(found.values()) == {200, 302}
    assert "nothing else opens" in client.get(reverse("mfa_index")).content.decode()
    assert client.post(reverse("account_logout")).status_code == 302


def test_a_role_of_yesterday_or_tomorrow_asks_nobody(settings) -> None:  # type: ignore[no-untyped-def]
    settings.SIGHTLINE_SECOND_FACTOR = "required"
    person = assign(UserFactory(), "system-administrator")
    assert queries.must_set_up(person)
    assert queries.needs_factor(person)
    person.assignments.update(ends=dt.date(2021, 1, 1))
    assert not queries.must_set_up(person)
    assert not queries.needs_factor(person)


def test_being_held_back_costs_one_question(
    settings, client_for: ClientFor, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    settings.SIGHTLINE_SECOND_FACTOR = "required"
    person = assign(UserFactory(), "system-administrator")
    with django_assert_num_queries(1):
        assert queries.must_set_up(person)


def test_signing_out_everywhere_ends_every_session(client_for: ClientFor) -> None:
    person = UserFactory()
    here, there = client_for(person), client_for(person)
    assert here.get(reverse("sign_out_everywhere")).status_code == 405
    assert here.post(reverse("sign_out_everywhere")).url == reverse("account_login")
    assert there.get(reverse("home")).status_code == 302
    assert here.get(reverse("home")).status_code == 302
    assert deeds() == [(person.audit_name, "person.signed-out", person.audit_name)]
    assert signed_in(person).get(reverse("home")).status_code == 200
