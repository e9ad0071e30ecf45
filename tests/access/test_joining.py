"""Joining by invitation, and setting up again after something is lost."""

import datetime as dt
import json
import re
from pathlib import Path
from smtplib import SMTPException
from typing import Any

import pytest
import time_machine
from django.core import mail, signing
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sightline.access import queries, services
from sightline.access.actors import CommandLine
from sightline.access.invitations import invitation_of
from sightline.access.models import AuditEvent, Invitation, IsDeed, User
from sightline.kernel.errors import BadInput, NotAllowed, NotAvailable, NotFound, NotPermitted
from tests.access.passkeys import SoftPasskey
from tests.factories.access import (
    PASSWORD,
    InvitationFactory,
    UserFactory,
    assign,
    authenticator,
)

pytestmark = pytest.mark.django_db
EARLY = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _no_attempts_so_far() -> None:
    cache.clear()


def administrator() -> User:
    return assign(UserFactory(name="A. Administrator"), "system-administrator")


def newcomer() -> User:
    return UserFactory(password="!", name="N. Newcomer", email="n.newcomer@example.org")


def deeds() -> list[tuple[str, str, str]]:
    found = AuditEvent.objects.filter(IsDeed("verb")).order_by("pk")
    return [(event.actor, event.verb, event.target) for event in found]


def not_for_them() -> list[tuple[User, type[Exception]]]:
    return [
        (UserFactory(), NotFound),
        (assign(UserFactory(), "inspection-lead"), NotFound),
        (assign(UserFactory(), "information-governance-officer"), NotPermitted),
    ]


def link_in(letter: int = -1) -> str:
    (path,) = re.findall(r"http://\S+?(/accounts/join/link/\S+/)", mail.outbox[letter].body)
    return path


def opened(path: str) -> Client:
    client = Client()
    assert client.get(path).url == reverse("account_join")
    return client


def said_of(path: str) -> str:
    return opened(path).get(reverse("account_join")).content.decode()


def test_invite_is_for_those_who_manage_people() -> None:
    person = newcomer()
    for outsider, refusal in not_for_them():
        with pytest.raises(refusal):
            services.invite(actor=outsider, person=person)
        with pytest.raises(refusal):
            services.withdraw_invitation(actor=outsider, person=person)
        with pytest.raises(refusal):
            services.set_up_again(actor=outsider, person=person, reason="Lost")
    assert mail.outbox == []
    admin = administrator()

    sent = services.invite(actor=admin, person=person, site="https://sightline.example/")

    assert deeds() == [(admin.audit_name, "person.invited", person.audit_name)]
    (letter,) = mail.outbox
    assert letter.to == ["n.newcomer@example.org"]
    assert "A. Administrator has added you" in letter.body
    assert "https://sightline.example/accounts/join/link/" in letter.body
    assert (sent.purpose, sent.expires - sent.sent_at) == ("join", dt.timedelta(days=7))
    assert sent.secret_hash not in letter.body


def test_from_the_command_line_the_letter_names_nobody_and_uses_the_setting() -> None:
    services.invite(actor=CommandLine("root"), person=newcomer())
    assert "You have been added to Sightline" in mail.outbox[0].body
    assert "http://127.0.0.1/accounts/join/link/" in mail.outbox[0].body


def test_invite_is_refused_for_who_has_joined_or_has_no_access() -> None:
    admin = administrator()
    with pytest.raises(NotAllowed, match="has set up how they sign in already"):
        services.invite(actor=admin, person=UserFactory())
    with pytest.raises(NotAllowed, match="no longer has access"):
        services.invite(actor=admin, person=UserFactory(password="!", is_active=False))


def test_sending_again_makes_the_first_link_useless_and_withdrawing_the_second() -> None:
    admin, person = administrator(), newcomer()
    services.invite(actor=admin, person=person)
    services.invite(actor=admin, person=person)
    assert "This link no longer works" in said_of(link_in(0))
    assert "Welcome to Sightline, N. Newcomer" in said_of(link_in(1))
    services.withdraw_invitation(actor=admin, person=person)
    assert "This link no longer works" in said_of(link_in(1))
    with pytest.raises(NotAllowed, match="no invitation that could be withdrawn"):
        services.withdraw_invitation(actor=admin, person=person)


@pytest.mark.parametrize("fault", [SMTPException("no"), ConnectionRefusedError()])
def test_a_letter_that_cannot_be_sent_leaves_all_as_it_was(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    admin, person = administrator(), UserFactory()
    authenticator(person)

    def fails(*args: object) -> None:
        raise fault

    monkeypatch.setattr("sightline.access.services.joining.send_mail", fails)
    with pytest.raises(NotAvailable, match="could not be sent"):
        services.set_up_again(actor=admin, person=person, reason="Lost telephone")
    assert queries.factors_of(person)
    assert User.objects.get(pk=person.pk).check_password(PASSWORD)
    assert not Invitation.objects.exists()


def test_a_newcomer_joins_with_a_passkey_and_signs_in_with_it(
    django_capture_on_commit_callbacks,
) -> None:  # type: ignore[no-untyped-def]
    person = newcomer()
    services.invite(actor=administrator(), person=person)
    client, passkey = opened(link_in()), SoftPasskey()
    page = client.get(reverse("account_join"))
    given = {"name": "", "credential": passkey.create(json.loads(page.context["options"]))}
    done = client.post(reverse("account_join"), given)

    assert done.url == reverse("mfa_view_recovery_codes")
    assert len(client.get(done.url).context["codes"]) == 10
    assert client.get(reverse("home")).status_code == 200
    own = person.audit_name
    assert [line for line in deeds() if line[0] == own] == [
        (own, "person.joined", own),
        (own, "person.factor-added", own),
        (own, "person.signed-in", own),
    ]
    assert "This link has been used" in said_of(link_in())
    with pytest.raises(NotAllowed, match="already"):
        services.invite(actor=administrator(), person=person)

    client.post(reverse("account_logout"))
    options = client.get(reverse("mfa_login_webauthn"), HTTP_X_REQUESTED_WITH="XMLHttpRequest")
    shown = passkey.get(options.json()["request_options"])
    asked = {"credential": shown, "next": reverse("glossary")}
    entered = client.post(reverse("mfa_login_webauthn"), asked)
    assert entered.url == reverse("glossary")
    assert client.get(reverse("home")).status_code == 200

    name = queries.factors_of(person)[0].wrap().name
    assert name == "Passkey 1"
    with django_capture_on_commit_callbacks(execute=True):
        second = SoftPasskey()
        options = json.loads(client.get(reverse("mfa_add_webauthn")).context["options"])
        answer = client.post(
            reverse("mfa_add_webauthn"), {"name": "Tablet", "credential": second.create(options)}
        )
    assert answer.url == reverse("mfa_index")
    assert [item.wrap().name for item in queries.factors_of(person)] == ["Passkey 1", "Tablet"]
    assert "a passkey was added" in mail.outbox[-1].body


def test_a_passkey_answers_the_second_question_and_asks_once_more() -> None:
    person, passkey = newcomer(), SoftPasskey()
    services.invite(actor=administrator(), person=person)
    client = opened(link_in())
    options = json.loads(client.get(reverse("account_join")).context["options"])
    client.post(reverse("account_join"), {"credential": passkey.create(options)})
    person.refresh_from_db()
    person.set_password(PASSWORD)
    person.save()
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    page = client.get(reverse("mfa_authenticate"))
    assert "Use my passkey" in page.content.decode()
    shown = passkey.get(json.loads(page.context["options"]))
    assert client.post(reverse("mfa_authenticate"), {"credential": shown}).url == reverse("home")

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=6)):
        asked = reverse("mfa_reauthenticate_webauthn") + "?next=" + reverse("mfa_add_webauthn")
        wrong = client.post(asked, {"credential": "{}"})
        assert "There is a problem" in wrong.content.decode()
        page = client.get(asked)
        shown = passkey.get(json.loads(page.context["options"]))
        assert client.post(asked, {"credential": shown}).url == reverse("mfa_add_webauthn")
        assert client.get(reverse("mfa_add_webauthn")).status_code == 200


def test_a_passkey_that_asks_for_no_pin_is_refused() -> None:
    person = newcomer()
    services.invite(actor=administrator(), person=person)
    client = opened(link_in())
    options = json.loads(client.get(reverse("account_join")).context["options"])
    weak = SoftPasskey(verifies=False).create(options)
    said = client.post(reverse("account_join"), {"credential": weak}).content.decode()
    assert "does not ask who is using it" in said
    assert not queries.has_joined(person)
    assert Invitation.objects.get().used_at is None


def test_a_newcomer_joins_with_a_password_and_goes_on_to_the_app() -> None:
    person = newcomer()
    services.invite(actor=administrator(), person=person)
    client = opened(link_in())
    page = reverse("account_join_password")
    assert "Choose a password" in client.get(page).content.decode()
    for first, second, said in (
        ("short", "short", "at least 12 characters"),
        ("three-random-words-12", "another-three-words", "are not the same"),
        ("", "", "Enter password"),
    ):
        answer = client.post(page, {"password1": first, "password2": second})
        assert said in answer.content.decode()
    assert Invitation.objects.get().used_at is None

    new = "three-random-words-12"
    done = client.post(page, {"password1": new, "password2": new})

    assert done.url == reverse("mfa_activate_totp")
    assert client.get(done.url).status_code == 200
    assert User.objects.get(pk=person.pk).check_password(new)
    assert (person.audit_name, "person.joined", person.audit_name) in deeds()


def test_links_that_are_of_no_use_say_what_to_do() -> None:
    person = newcomer()
    services.invite(actor=administrator(), person=person)
    good = link_in()
    assert "This link does not work" in said_of("/accounts/join/link/nonsense/")
    assert "This link does not work" in Client().get(reverse("account_join")).content.decode()
    for named in (Invitation.objects.get().pk, 999_999):
        forged = signing.dumps([named, "guess"], salt="sightline.access.invitation")
        assert invitation_of(forged) is None
    password = opened(good)
    with time_machine.travel(timezone.now() + dt.timedelta(days=7, minutes=1)):
        assert "This link is too old" in said_of(good)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert "This link no longer works" in said_of(good)
    said = password.get(reverse("account_join_password")).content.decode()
    assert "This link no longer works" in said


def test_somebody_signed_in_is_asked_to_sign_out_first() -> None:
    services.invite(actor=administrator(), person=newcomer())
    client = Client()
    client.force_login(UserFactory(name="O. Other"))
    client.get(link_in())
    for name in ("account_join", "account_join_password"):
        said = client.get(reverse(name)).content.decode()
        assert "You are signed in as O. Other" in said


def test_an_invitation_is_used_by_its_person_and_once() -> None:
    person = newcomer()
    invitation = services.invite(actor=administrator(), person=person)
    with pytest.raises(NotAllowed, match="for somebody else"):
        services.use_invitation(actor=UserFactory(), invitation=invitation)
    services.use_invitation(actor=person, invitation=invitation, password="three-random-words")
    with pytest.raises(NotAllowed, match="just been used"):
        services.use_invitation(actor=person, invitation=invitation)


def test_two_at_once_with_one_link_do_not_both_join(monkeypatch: pytest.MonkeyPatch) -> None:
    person = newcomer()
    services.invite(actor=administrator(), person=person)
    client, passkey = opened(link_in()), SoftPasskey()
    page = client.get(reverse("account_join"))
    made = passkey.create(json.loads(page.context["options"]))

    def taken(**asked: object) -> None:
        raise NotAllowed("This link has just been used.")

    monkeypatch.setattr(services, "use_invitation", taken)
    said = client.post(reverse("account_join"), {"credential": made}).content.decode()
    assert "has just been used" in said
    new = "three-random-words-12"
    both = {"password1": new, "password2": new}
    said = client.post(reverse("account_join_password"), both).content.decode()
    assert "has just been used" in said
    assert not queries.has_joined(User.objects.get(pk=person.pk))


def test_set_up_again_takes_everything_and_sends_a_letter() -> None:
    admin, person = administrator(), UserFactory(email="lost@example.org")
    authenticator(person)
    authenticator(person, "recovery_codes")
    client = Client()
    client.force_login(person)
    person.refresh_from_db()
    with pytest.raises(NotAllowed, match="cannot do this for yourself"):
        services.set_up_again(actor=admin, person=admin, reason="Lost")
    with pytest.raises(BadInput, match="Say why"):
        services.set_up_again(actor=admin, person=person, reason="  ")
    with pytest.raises(NotAllowed, match="no longer has access"):
        services.set_up_again(actor=admin, person=UserFactory(is_active=False), reason="Lost")

    services.set_up_again(actor=admin, person=person, reason="Telephone stolen")

    assert client.get(reverse("home")).status_code == 302
    assert not queries.authenticators(person).exists()
    assert not User.objects.get(pk=person.pk).has_usable_password()
    assert "What you signed in with before no longer works" in mail.outbox[0].body
    assert "Set up again" in said_of(link_in())
    line = AuditEvent.objects.get(verb="person.factors-reset")
    assert (line.actor, line.reason) == (admin.audit_name, "Telephone stolen")
    services.invite(actor=admin, person=User.objects.get(pk=person.pk))
    assert Invitation.objects.order_by("pk").last().purpose == "again"


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"purpose": "party"}, "invitation_purpose_is_known"),
        ({"sent_by": ""}, "invitation_is_sent_by_somebody"),
        (
            {"expires": EARLY},
            "invitation_expires_after_it_is_sent",
        ),
        ({"used_by": "x"}, "invitation_used_at_and_by_together"),
        ({"withdrawn_by": "x"}, "invitation_withdrawn_at_and_by_together"),
        (
            {
                "used_by": "x",
                "used_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
                "withdrawn_by": "x",
                "withdrawn_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
            },
            "invitation_is_not_both_used_and_withdrawn",
        ),
    ],
)
def test_the_database_refuses_what_cannot_be(changes: dict[str, object], constraint: str) -> None:
    item = InvitationFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Invitation.objects.filter(pk=item.pk).update(**changes)


def test_the_database_refuses_two_open_invitations_of_one_person() -> None:
    item = InvitationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        InvitationFactory(person=item.person)
    assert "Invitation of" in str(item)


def test_the_persons_page_says_what_became_of_the_letter() -> None:
    admin, person = administrator(), newcomer()
    client = Client()
    client.force_login(admin)
    page = reverse("access:person", args=[person.pk])

    def said() -> str:
        return client.get(page).content.decode()

    assert "None sent" in said()
    sent = client.post(reverse("access:invite", args=[person.pk]), follow=True).content.decode()
    assert "Invitation sent to n.newcomer@example.org" in sent
    assert "Withdraw the invitation" in sent
    assert "http://testserver" in mail.outbox[0].body
    client.post(reverse("access:withdraw", args=[person.pk]))
    assert "Withdrawn" in said()
    refused = client.post(reverse("access:withdraw", args=[person.pk]), follow=True)
    assert "no invitation that could be withdrawn" in refused.content.decode()
    client.post(reverse("access:invite", args=[person.pk]))
    with time_machine.travel(timezone.now() + dt.timedelta(days=8)):
        client.force_login(admin)
        assert "so it no longer works" in said()


def test_without_a_mail_server_the_letter_is_to_be_passed_on_by_hand(
    settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    client = Client()
    client.force_login(administrator())
    adding = {"name": "N. One", "email": "one@example.org"}
    added = client.post(reverse("access:add-person"), adding, follow=True).content.decode()
    assert "This copy has no mail server" in added
    person = User.objects.get(email="one@example.org")
    again = client.post(reverse("access:invite", args=[person.pk]), follow=True).content.decode()
    assert "This copy has no mail server" in again


def test_adding_a_person_sends_the_letter_and_says_so_when_it_cannot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = Client()
    client.force_login(administrator())
    adding = {"name": "N. One", "email": "one@example.org"}
    added = client.post(reverse("access:add-person"), adding, follow=True).content.decode()
    assert "a letter sent to one@example.org" in added
    assert "no mail server" not in added
    assert len(mail.outbox) == 1

    def fails(*args: object) -> None:
        raise OSError

    monkeypatch.setattr("sightline.access.services.joining.send_mail", fails)
    adding = {"name": "N. Two", "email": "two@example.org"}
    added = client.post(reverse("access:add-person"), adding, follow=True).content.decode()
    assert "added, but not invited yet" in added
    two = User.objects.get(email="two@example.org")
    refused = client.post(reverse("access:invite", args=[two.pk]), follow=True).content.decode()
    assert "could not be sent" in refused
    again = reverse("access:set-up-again", args=[two.pk])
    assert "could not be sent" in client.post(again, {"reason": "Lost"}).content.decode()


def test_set_up_again_by_the_page() -> None:
    person = UserFactory()
    client = Client()
    client.force_login(administrator())
    page = reverse("access:set-up-again", args=[person.pk])
    assert "ring them on a number you know" in client.get(page).content.decode()
    assert "Enter why" in client.post(page, {"reason": ""}).content.decode()
    done = client.post(page, {"reason": "Lost telephone"}, follow=True).content.decode()
    assert f"A letter is on its way to {person.email}" in done
