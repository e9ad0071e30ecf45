"""Closing: everything written anew once, and destroyed when its time is over."""

import datetime as dt

import pytest
from django.db import connection

from sightline.access.actors import command_line
from sightline.access.models import AuditEvent
from sightline.jobs import services as job_services
from sightline.jobs.actors import Clock
from sightline.jobs.models import Job
from sightline.jobs.progress import Progress
from sightline.kernel.errors import NotAllowed, NotFound, NotPermitted
from sightline.surveys import jobs, rewriting, tallies
from sightline.surveys.models import (
    Answer,
    Comment,
    CommentReading,
    ContactRequest,
    Invitation,
    Part,
    SentAnswer,
    Spent,
    Survey,
    Theme,
)
from sightline.surveys.services import answering, closing
from sightline.surveys.services.answering import Refused
from tests.factories.access import UserFactory, assign
from tests.factories.surveys import (
    CommentFactory,
    CommentReadingFactory,
    ContactRequestFactory,
    InvitationFactory,
    ThemeFactory,
)
from tests.surveys import rounds
from tests.surveys.real_databases import Connect, empty_database, real_database  # noqa: F401

pytestmark = pytest.mark.django_db
US = command_line()


@pytest.fixture
def survey():
    """Three have sent, one has begun; by codes of one person each."""
    made = rounds.survey(mode="single-use")
    for years in range(3):
        code = InvitationFactory(survey=made).code
        rounds.sent(made, {"years": years, "said": f"Comment {years}"}, code=code)
    rounds.begun(made, {"years": 9}, code=InvitationFactory(survey=made).code, page=2)
    return made


@pytest.fixture
def closed(survey, django_capture_on_commit_callbacks):
    """The same, closed and written anew."""
    with django_capture_on_commit_callbacks(execute=True):
        closing.close(actor=US, survey=survey)
    return survey


def progress():
    return Progress("test", US)


class TestClosing:
    """No more answers, and those there are in no order."""

    def test_answers_are_written_anew_and_the_rest_is_gone(self, survey, closed):
        assert closed.state == "closed"
        assert Job.objects.get().state == "done"
        assert sorted(one["answers"]["years"] for one in closing.contents(closed)) == [0, 1, 2]
        for model in (SentAnswer, Spent, Part):
            assert not model._default_manager.exists()
        assert Comment.objects.count() == 3
        deeds = AuditEvent.objects.filter(verb="survey.closed")
        assert [line.target for line in deeds] == [f"survey:{survey.area}/{survey.slug}"]

    def test_identities_are_new(self, survey, django_capture_on_commit_callbacks):
        before = set(SentAnswer.objects.values_list("pk", flat=True))
        comments = set(Comment.objects.values_list("pk", flat=True))
        with django_capture_on_commit_callbacks(execute=True):
            closing.close(actor=US, survey=survey)
        assert not before & set(Answer.objects.values_list("pk", flat=True))
        assert not comments & set(Comment.objects.values_list("pk", flat=True))

    def test_comments_keep_what_was_decided_and_forget_the_day(
        self, survey, django_capture_on_commit_callbacks
    ):
        read = CommentFactory(survey=survey, state="redacted", cleared="More […].", urgency=2)
        CommentReadingFactory(comment=read, decision="withheld", cleared="")
        CommentReadingFactory(comment=read, number=2, decision="redacted", cleared="More […].")
        waiting = Comment.objects.get(pk=CommentFactory(survey=survey, alerted=True).pk)
        theme = ThemeFactory(survey=survey)
        theme.comments.add(read)
        with django_capture_on_commit_callbacks(execute=True):
            closing.close(actor=US, survey=survey)
        anew = Comment.objects.get(state="redacted")
        assert (anew.words, anew.cleared, anew.urgency) == (read.words, "More […].", 2)
        assert anew.about == read.about
        assert anew.received_on != read.received_on
        decided = CommentReading.objects.order_by("number").values_list("decision", "comment")
        assert list(decided) == [("withheld", anew.pk), ("redacted", anew.pk)]
        assert Comment.objects.get(alerted=True).received_on == waiting.received_on
        assert list(Theme.objects.get().comments.all()) == [anew]

    def test_a_closed_survey_takes_nothing(self, survey):
        token = rounds.begun(survey, {}, code=InvitationFactory(survey=survey).code)
        closing.close(actor=US, survey=survey)
        with pytest.raises(Refused, match="closed"):
            answering.send(token)
        with pytest.raises(NotAllowed, match="closed already"):
            closing.close(actor=US, survey=survey)

    def test_a_draft_is_not_closed(self):
        draft = rounds.survey(state="draft")
        with pytest.raises(NotAllowed, match="not been opened"):
            closing.close(actor=US, survey=draft)

    def test_only_who_runs_it_closes_and_destroys(self, survey):
        stranger, viewer = UserFactory(), UserFactory()
        assign(viewer, "elected-member", "partnership", survey.area)
        with pytest.raises((NotFound, NotPermitted)):
            closing.close(actor=stranger, survey=survey)
        with pytest.raises((NotFound, NotPermitted)):
            closing.destroy(actor=viewer, survey=survey)
        lead = assign(UserFactory(), "partnership-co-ordinator", "partnership", survey.area)
        closing.close(actor=lead, survey=survey)
        assert Survey.objects.get().closed_by == lead.audit_name

    def test_twice_is_the_same_as_once(self, closed):
        before = set(Answer.objects.values_list("pk", flat=True))
        again = closing.finish_closing(actor=US, key=closed.pk, progress=progress())
        assert again == {"answers": 3}
        assert set(Answer.objects.values_list("pk", flat=True)) == before

    def test_an_open_survey_is_not_written_anew(self, survey):
        with pytest.raises(NotAllowed, match="not closed"):
            closing.finish_closing(actor=US, key=survey.pk, progress=progress())
        assert not rewriting.rewrite(survey.pk, progress())
        assert SentAnswer.objects.count() == 3

    def test_a_job_that_dies_in_between_leaves_all_as_it_was(self, survey, monkeypatch):
        closing.close(actor=US, survey=survey)

        def dies(*_given):
            raise OSError("the power went")

        with monkeypatch.context() as patched:
            patched.setattr(rewriting, "_write_comments", dies)
            with pytest.raises(OSError, match="power"):
                rewriting.rewrite(survey.pk, progress())
        assert (SentAnswer.objects.count(), Answer.objects.count()) == (3, 0)
        assert rewriting.rewrite(survey.pk, progress())
        assert (SentAnswer.objects.count(), Answer.objects.count()) == (0, 3)

    def test_every_step_is_given_every_answer(self, survey, monkeypatch):
        monkeypatch.setattr(closing, "_closers", {})
        given = []

        @closing.register_closer
        def step(asked, contents, told):
            given.append((asked.pk, sorted(one["answers"]["years"] for one in contents), told))

        closing.close(actor=US, survey=survey)
        told = progress()
        closing.finish_closing(actor=US, key=survey.pk, progress=told)
        assert given == [(survey.pk, [0, 1, 2], told)]

    def test_an_empty_survey_closes(self, django_capture_on_commit_callbacks):
        empty = rounds.survey()
        with django_capture_on_commit_callbacks(execute=True):
            closing.close(actor=US, survey=empty)
        assert closing.contents(empty) == []
        assert Job.objects.get().state == "done"

    def test_whoever_sends_while_it_closes_is_counted_or_refused(self, real_database: Connect):  # noqa: F811
        """Closing waits for whoever is sending; nobody is told "sent" and left out."""
        import threading

        from sightline.access.actors import acting_as

        survey = rounds.survey()
        tokens = [rounds.begun(survey, {"years": n}) for n in range(12)]
        told, refusals = [], set()

        def send(some):
            real_database()
            with acting_as("test"):
                for token in some:
                    try:
                        answering.send(token)
                        told.append(token)
                    except Refused as refused:
                        refusals.add(refused.why)
                connection.close()

        threads = [threading.Thread(target=send, args=(tokens[n::3],)) for n in range(3)]
        for thread in threads:
            thread.start()
        closing.close(actor=US, survey=survey)
        for thread in threads:
            thread.join()
        assert refusals <= {"closed", "expired"}
        assert Answer.objects.count() == len(told)
        assert not SentAnswer.objects.exists()


class TestDestroying:
    """When their time is over, answers are deleted, and it is said so."""

    def test_everything_that_was_said_is_deleted_and_the_trail_says_so(self, closed):
        ContactRequestFactory(survey=closed)
        theme = ThemeFactory(survey=closed)
        theme.comments.add(Comment.objects.first())
        CommentReadingFactory(comment=Comment.objects.first())
        deleted = closing.destroy(actor=US, survey=closed)
        assert deleted == {
            "answers": 3, "not written anew": 0, "parts": 0, "used codes": 0, "themes": 1,
            "comments": 3, "requests": 1, "invitations": 4,
        }  # fmt: skip
        for model in (Answer, Comment, CommentReading, ContactRequest, Theme, Invitation):
            assert not model._default_manager.exists()
        line = AuditEvent.objects.get(verb="survey.destroyed")
        assert line.after == deleted
        assert Survey.objects.get().destroyed_by == US.audit_name
        assert tallies.counts(closed).complete == 3

    def test_only_once_and_only_when_closed(self, survey, closed):
        closing.destroy(actor=US, survey=closed)
        with pytest.raises(NotAllowed, match="deleted already"):
            closing.destroy(actor=US, survey=closed)
        with pytest.raises(NotAllowed, match="once it is closed"):
            closing.destroy(actor=US, survey=rounds.survey())

    def test_whatever_else_is_kept_of_them_goes_too(self, closed, monkeypatch):
        monkeypatch.setattr(closing, "_destroyers", {})
        given = []

        @closing.register_destroyer
        def step(asked):
            given.append(asked.pk)

        closing.destroy(actor=US, survey=closed)
        assert given == [closed.pk]

    def test_the_job_of_closing_after_that_says_so(self, closed):
        closing.destroy(actor=US, survey=closed)
        with pytest.raises(NotAllowed):
            closing.finish_closing(actor=US, key=closed.pk, progress=progress())


class TestTheClock:
    """What nobody has to think of."""

    def due(self):
        return jobs.due(Progress("test", Clock("surveys.due")))

    def test_surveys_are_closed_a_week_after_their_last_day(self, survey):
        today = dt.date.today()
        Survey.objects.update(closes_on=today - dt.timedelta(days=jobs.GRACE_DAYS))
        assert self.due() == {"closed": 0, "destroyed": 0}
        Survey.objects.update(closes_on=today - dt.timedelta(days=jobs.GRACE_DAYS + 1))
        assert self.due() == {"closed": 1, "destroyed": 0}
        assert Survey.objects.get().closed_by == "schedule:surveys.due"

    def test_answers_are_deleted_on_the_day_people_were_told(self, closed):
        today = dt.date.today()
        before = today - dt.timedelta(days=2)
        Survey.objects.update(closes_on=before, destroy_on=today + dt.timedelta(days=1))
        assert self.due() == {"closed": 0, "destroyed": 0}
        Survey.objects.update(destroy_on=today)
        assert self.due() == {"closed": 0, "destroyed": 1}
        assert not Answer.objects.exists()
        assert self.due() == {"closed": 0, "destroyed": 0}

    def test_an_open_survey_whose_day_has_come_is_closed_first(self, survey):
        today = dt.date.today()
        Survey.objects.update(closes_on=today - dt.timedelta(days=1), destroy_on=today)
        assert self.due() == {"closed": 1, "destroyed": 0}
        assert self.due() == {"closed": 0, "destroyed": 1}
        assert tallies.counts(Survey.objects.get()).complete == 3

    def test_old_parts_are_swept_and_used_codes_mixed(self, survey):
        told = Progress("test", Clock("surveys.sweep"))
        digests = set(Spent.objects.values_list("digest", flat=True))
        assert jobs.sweep(told) == {"parts": 0}
        Part.objects.update(expires_on=dt.date.today() - dt.timedelta(days=1))
        assert jobs.sweep(told) == {"parts": 1}
        assert not Part.objects.exists()
        assert set(Spent.objects.values_list("digest", flat=True)) == digests

    @pytest.mark.engine("sqlite")
    def test_used_codes_then_lie_in_the_order_of_their_digests(self, survey):
        rewriting.reorder_spent(survey.pk)
        with connection.cursor() as cursor:
            cursor.execute("SELECT digest FROM surveys_spent ORDER BY rowid")
            found = [row[0] for row in cursor.fetchall()]
        assert found == sorted(found)

    def test_all_are_registered(self):
        assert job_services.registered("surveys.close").title == "Close a survey"
        codes = {"surveys.sweep": 24, "surveys.due": 1}
        for code, hours in codes.items():
            assert job_services.registered(code).period == dt.timedelta(hours=hours)
        jobs.registered()


class TestTraces:
    """What can be made to forget, forgets."""

    @pytest.mark.engine("sqlite")
    def test_the_log_of_sqlite_is_emptied(self, real_database: Connect):  # noqa: F811
        from pathlib import Path

        rounds.sent(rounds.survey(), {"said": "x"})
        log = Path(str(connection.settings_dict["NAME"]) + "-wal")
        assert log.stat().st_size > 0
        rewriting.clear_traces()
        assert log.stat().st_size == 0

    @pytest.mark.engine("postgresql")
    def test_a_table_in_use_keeps_its_rows_and_an_empty_one_its_file_no_longer(
        self,
        real_database: Connect,  # noqa: F811
    ):
        rounds.sent(rounds.survey(), {"said": "x"})
        rewriting.clear_traces()
        assert SentAnswer.objects.count() == 1
        SentAnswer.objects.all().delete()
        rewriting.clear_traces()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_relation_size('surveys_sentanswer')")
            assert cursor.fetchone() == (0,)

    @pytest.mark.engine("sqlite")
    def test_what_is_deleted_is_overwritten(self, real_database: Connect):  # noqa: F811
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete")
            assert cursor.fetchone() == (1,)
