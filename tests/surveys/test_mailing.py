"""Letters against a real mail server: nobody gets one twice, and nothing shows who has answered."""

import email
import logging
import socket
from dataclasses import dataclass, field
from email.policy import default
from smtplib import (
    SMTPDataError,
    SMTPNotSupportedError,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

import pytest
from aiosmtpd.controller import Controller
from django.core.mail import EmailMessage
from django.db import connection

from sightline.access.actors import command_line
from sightline.access.models import AuditEvent
from sightline.jobs.models import Job
from sightline.jobs.progress import Cancelled, Progress
from sightline.kernel.errors import NotAllowed, NotAvailable
from sightline.surveys import inviting_queries as queries
from sightline.surveys import mailing, mailing_jobs, stores
from sightline.surveys.mailing import Outcome, Post, outcome_of, words_of
from sightline.surveys.models import Invitation
from sightline.surveys.services import inviting
from tests.factories.surveys import GroupFactory, InvitationFactory, WaveFactory
from tests.surveys import rounds

US = command_line()
pytestmark = pytest.mark.django_db


@dataclass
class Server:
    """What a mail server takes and refuses, by the part of an address before the @."""

    got: list[tuple[str, str, str]] = field(default_factory=list)
    soon: dict[str, int] = field(default_factory=dict)
    drop: set[str] = field(default_factory=set)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        name = address.partition("@")[0]
        if name.startswith("gone"):
            return f"550 5.1.1 <{address}>: no such mailbox"
        if self.soon.get(name):
            self.soon[name] -= 1
            return "451 4.7.1 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        (to,) = envelope.rcpt_tos
        if to.partition("@")[0] in self.drop:
            self.drop.clear()
            server.transport.abort()
            return "250 OK"
        found = email.message_from_bytes(envelope.content, policy=default)
        self.got.append((to, found["Subject"], found.get_content()))
        return "250 OK"

    @property
    def to(self):
        return sorted(to.partition("@")[0] for to, _, _ in self.got)


@pytest.fixture(scope="module")
def running_server():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Server(), hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def server(running_server, settings, monkeypatch):
    handler = running_server.handler
    handler.got, handler.soon, handler.drop = [], {}, set()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = running_server.server.sockets[0].getsockname()[1]
    settings.SIGHTLINE_RESPONDENT_HOST = "survey.example"
    settings.SIGHTLINE_HTTPS = True
    monkeypatch.setattr(mailing_jobs, "PAUSES_SECONDS", (0.0, 0.0, 0.0))
    return handler


def asked(survey, *names, **more):
    made = []
    for name in names:
        address = f"{name}@example.org"
        more_of = {"address": address, "address_index": stores.address_index(address)}
        made.append(InvitationFactory(survey=survey, **more_of, **more))
    return made


@pytest.fixture
def survey():
    return rounds.survey(mode="single-use", base=5, area="fife")


def progress(told=None):
    return Progress("test", US, told=told)


def send(survey, told=None):
    return mailing_jobs.letters(progress(told), survey=str(survey.pk))


def remind(survey, number=1, told=None):
    mailing_jobs.reminders(progress(told), survey=str(survey.pk), round=number)


class TestLetters:
    """The first letter to each."""

    def test_what_a_letter_says(self, server, survey):
        (one,) = asked(survey, "a")
        survey.promise = {
            "version": 1, "anonymous": False, "reasons": [],
            "said": {"staff": {"en": ["This survey is confidential."]}},
        }  # fmt: skip
        survey.save()
        assert send(survey)["sent"] == 1
        ((to, subject, text),) = server.got
        assert (to, subject) == ("a@example.org", "Survey")
        assert f"https://survey.example/s/{stores.shown_code(one.code)}/" in text
        assert "The partnership of services in Fife asks" in text
        assert "until the end of 1 January 2099" in text
        assert "This survey is confidential." in text
        assert "You do not have to answer" in text
        assert "child" not in text

    def test_each_mode_has_its_own_way_in(self, server):
        survey = rounds.survey(mode="open-link", area="fife")
        asked(survey, "a")
        send(survey)
        assert f"/s/{survey.link}/" in server.got[-1][2]
        survey = rounds.survey(mode="group-code", area="fife", inspection="fife-2031")
        group = GroupFactory(survey=survey)
        asked(survey, "b", group=group)
        send(survey)
        assert f"/s/{group.code}/" in server.got[-1][2]
        assert "The team that inspects services in Fife" in server.got[-1][2]
        survey = rounds.survey(mode="named", area="fife")
        asked(survey, "c", name="Ann O'Hara")
        send(survey)
        assert "Hello Ann O'Hara," in server.got[-1][2]

    def test_what_comes_back_is_kept_in_the_servers_words_without_the_address(self, server, survey):
        asked(survey, "a", "gone-b")
        result = send(survey)
        assert result == {"sent": 1, "came back": 1, "to be tried later": 0, "not known": 0}
        (bounced,) = queries.bounced(survey)
        assert bounced.bounce == "550 5.1.1 (address): no such mailbox"
        assert queries.letters(survey) == queries.Letters(0, 1, 1, 0, 0)

    def test_what_the_server_takes_later_is_tried_again(self, server, survey):
        asked(survey, "a", "slow", "slower")
        server.soon = {"slow": 1, "slower": 4}
        assert send(survey)["to be tried later"] == 1
        assert server.to == ["a", "slow"]
        waits = Invitation.objects.get(state="new")
        assert waits.bounce.startswith("451")
        assert waits.sent_on is not None
        assert mailing_jobs.letters_later(progress()) == {"sent": 1}
        assert server.to == ["a", "slow", "slower"]
        assert mailing_jobs.letters_later(progress()) == {"sent": 0}

    def test_what_was_never_begun_is_not_sent_by_the_clock(self, server, survey):
        asked(survey, "a")
        assert mailing_jobs.letters_later(progress()) == {"sent": 0}

    def test_the_clock_waits_while_somebody_has_letters_sent(self, server, survey):
        asked(survey, "a")
        Invitation.objects.update(sent_on="2026-03-01")
        inviting.send_letters(actor=US, survey=survey)
        assert mailing_jobs.letters_later(progress()) == {"sent": 0}

    def test_a_stop_in_the_middle_sends_nobody_two(self, server, survey):
        asked(survey, *(f"p{n}" for n in range(9)))

        def stop(at):
            if at.done == 4:
                raise Cancelled

        with pytest.raises(Cancelled):
            send(survey, stop)
        assert len(server.got) == 4
        assert send(survey)["sent"] == 5
        assert server.to == sorted(f"p{n}" for n in range(9))
        assert send(survey)["sent"] == 0

    def test_a_stop_while_one_is_handed_over_leaves_it_to_a_person(
        self, server, survey, monkeypatch
    ):
        asked(survey, "a", "b")

        def die(post, message):
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(Post, "hand_over", die)
            with pytest.raises(KeyboardInterrupt):
                send(survey)
        assert queries.letters(survey).unsure == 1
        send(survey)
        assert len(server.got) == 1
        assert inviting.send_again(actor=US, survey=survey) == 1
        send(survey)
        assert server.to == ["a", "b"]

    def test_a_connection_lost_while_one_is_handed_over_is_not_known(self, server, survey):
        asked(survey, "a", "b")
        server.drop = {"b"}
        assert send(survey)["not known"] == 1
        assert queries.letters(survey).unsure == 1
        assert server.to == ["a"]

    def test_no_server(self, server, survey, settings):
        settings.EMAIL_PORT = 1
        asked(survey, "a")
        assert send(survey)["to be tried later"] == 1
        Invitation.objects.update(state="sent", bounce="")
        with pytest.raises(NotAvailable):
            remind(survey)

    def test_of_those_whose_wave_has_begun(self, server, survey):
        asked(survey, "now", wave=WaveFactory(survey=survey))
        asked(survey, "later", wave=WaveFactory(survey=survey, opens_on="2098-01-01"))
        send(survey)
        assert server.to == ["now"]

    def test_somebody_else_has_it_in_hand(self, server, survey):
        (one,) = asked(survey, "a")
        Invitation.objects.update(state="withdrawn")
        with Post() as post:
            text = mailing.text_of(survey)
            assert mailing_jobs._send_one(survey, text, one.pk, post) is None

    def test_only_while_it_is_open(self, server):
        survey = rounds.survey(mode="single-use", state="paused")
        with pytest.raises(NotAllowed):
            send(survey)


@pytest.fixture
def half(server, survey):
    """Six were written to; the first three have answered."""
    made = asked(survey, "a", "b", "c", "x", "y", "z")
    send(survey)
    for one in made[:3]:
        rounds.sent(survey, {}, code=one.code)
    server.got.clear()
    return made


def everything():
    """What every table but the store of used codes holds of invitations, jobs and the trail."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, sent_on, reminded, bounce, count(*) FROM surveys_invitation "
            "GROUP BY 1, 2, 3, 4"
        )
        return cursor.fetchall()


class TestReminders:
    """To those who have not answered, and nobody learns who they are."""

    def test_only_those_who_have_not_answered(self, server, survey, half):
        remind(survey)
        assert server.to == ["x", "y", "z"]
        assert all("We wrote to you before." in text for _, _, text in server.got)
        assert {subject for _, subject, _ in server.got} == {"Survey"}

    def test_nothing_that_is_kept_tells_them_apart(self, server, survey, half, caplog):
        caplog.set_level(logging.DEBUG)
        remind(survey)
        (alike,) = everything()
        assert alike[-1] == 6
        ours = [one.getMessage() for one in caplog.records if one.name != "mail.log"]
        assert not any("example.org" in line for line in ours)

    def test_a_reminder_that_comes_back_changes_nothing(self, server, survey, half):
        for number, one in enumerate(half):
            one.refresh_from_db()
            one.address = f"gone{number}@example.org"
            one.save()
        remind(survey)
        assert server.got == []
        assert len(everything()) == 1

    def test_how_far_it_is_grows_for_everybody(self, server, survey, half):
        seen = []
        remind(survey, told=lambda at: seen.append((at.done, at.total)))
        assert seen == [(0, 6), (6, 6)]

    def test_the_job_says_nothing(self, server, survey, half, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            inviting.remind(actor=US, survey=survey)
        job = Job.objects.get(code=inviting.REMINDERS)
        assert job.state == "done"
        assert job.result in ({}, None)
        line = AuditEvent.objects.get(verb="survey.reminded")
        assert (line.before, line.after, line.reason) == (None, None, "")
        assert server.to == ["x", "y", "z"]

    def test_a_round_begun_again_writes_to_nobody_twice(self, server, survey, half, monkeypatch):
        monkeypatch.setattr(mailing_jobs, "AT_A_TIME", 2)

        def stop(at):
            if at.done == 4:
                raise Cancelled

        with pytest.raises(Cancelled):
            remind(survey, told=stop)
        remind(survey)
        assert server.to == ["x", "y", "z"]
        remind(survey, number=2)
        assert server.to == ["x", "x", "y", "y", "z", "z"]

    def test_later_and_then_no_more(self, server, survey, half):
        server.soon = {"x": 1, "y": 5}
        remind(survey)
        assert server.to == ["x", "z"]

    def test_everybody_where_nobody_can_tell(self, server):
        survey = rounds.survey(mode="open-link", area="fife")
        asked(survey, "a", "b")
        send(survey)
        rounds.sent(survey, {})
        server.got.clear()
        remind(survey)
        assert server.to == ["a", "b"]
        assert "If you have answered already, thank you" in server.got[0][2]


class TestOutcomes:
    """What a fault means for a letter."""

    def test_faults(self):
        cases = [
            (SMTPDataError(552, b"too large"), Outcome.BOUNCED),
            (SMTPDataError(421, b"closing"), Outcome.LATER),
            (SMTPSenderRefused(550, b"who are you", "us@example.org"), Outcome.LATER),
            (SMTPServerDisconnected("gone"), Outcome.UNSURE),
            (TimeoutError(), Outcome.UNSURE),
            (SMTPNotSupportedError("SMTPUTF8"), Outcome.BOUNCED),
            (ValueError("header"), Outcome.BOUNCED),
        ]
        for fault, outcome in cases:
            assert outcome_of(fault).outcome is outcome, fault

    def test_words_are_one_line_without_addresses_and_not_long(self):
        found = words_of(550, "no\r\n <a.b+c@x.example>\x00 here, or d@e.example: " + "x" * 300)
        assert found.startswith("550 no (address) here, or (address): x")
        assert len(found) == 200

    def test_a_server_that_goes_while_closing_is_no_fault(self, server):
        post = Post()
        assert post.why_not() == ""
        post._connection.connection.sock.close()
        post.__exit__()
        assert post.hand_over(EmailMessage("Survey", "", None, ["a@example.org"])).outcome in {
            Outcome.SENT
        }
