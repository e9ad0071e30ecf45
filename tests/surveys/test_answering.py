"""Answering: in with a code, page by page, sent once, and never twice whatever happens."""

import datetime as dt
import threading
from collections import Counter

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from sightline.access.actors import acting_as
from sightline.access.models import AuditEvent
from sightline.jobs.models import Job
from sightline.secrets import Tampered
from sightline.surveys import entering, flow, guesses, stores
from sightline.surveys.models import Comment, Part, SentAnswer, Spent, Survey
from sightline.surveys.services import answering
from sightline.surveys.services.answering import Refused
from tests.factories.access import UserFactory
from tests.factories.surveys import (
    NOW,
    GroupFactory,
    InvitationFactory,
    OpenSurveyFactory,
    SurveyFactory,
    WaveFactory,
)
from tests.surveys import rounds
from tests.surveys.real_databases import Connect, empty_database, real_database  # noqa: F401

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2001, 1, 1)
FAR_OFF = dt.date(2090, 1, 1)


@pytest.fixture(autouse=True)
def _no_guesses_yet():
    cache.clear()


@pytest.fixture
def invitation():
    """Somebody of Health with a code of their own."""
    asked = rounds.survey(mode="single-use")
    group = GroupFactory(survey=asked, label="Health")
    return InvitationFactory(survey=asked, group=group)


def why(do, *given, **named):
    with pytest.raises(Refused) as refused:
        do(*given, **named)
    assert str(refused.value) == answering.Refused(refused.value.why).args[0]
    return refused.value.why


def content():
    """What was sent, without its filling."""
    return [stores.unfilled(row.content) for row in SentAnswer.objects.all()]


class TestEntering:
    """A code opens a survey, or says why not."""

    @pytest.mark.parametrize(
        ("mode", "kind"),
        [("open-link", "open"), ("group-code", "group"), ("single-use", "single"),
         ("named", "named")],
    )  # fmt: skip
    def test_each_kind_of_code_opens_its_survey_however_it_is_typed(self, mode, kind):
        survey = OpenSurveyFactory(mode=mode)
        code = {
            "open-link": lambda: survey.link,
            "group-code": lambda: GroupFactory(survey=survey).code,
        }.get(mode, lambda: InvitationFactory(survey=survey).code)()
        for typed in (
            code,
            code.lower(),
            f" {code[:5]} - {code[5:].lower()}",
            stores.shown_code(code),
        ):
            assert answering.enter(typed, language="en") == (survey, kind)

    def test_a_link_opens_nothing_where_people_have_codes(self):
        survey = OpenSurveyFactory(mode="single-use")
        group = GroupFactory(survey=survey)
        assert why(answering.enter, survey.link) == "unknown-code"
        assert why(answering.enter, group.code) == "unknown-code"

    @pytest.mark.parametrize("typed", ["", " ", "-", "nothing", "x" * 5_000, "\x00", "' OR 1=1 --"])
    def test_forged_codes_open_nothing(self, typed):
        OpenSurveyFactory()
        assert why(answering.enter, typed) == "unknown-code"

    def test_a_withdrawn_invitation_opens_nothing(self, invitation):
        invitation.state = "withdrawn"
        invitation.save()
        assert why(answering.enter, invitation.code) == "unknown-code"

    @pytest.mark.parametrize(
        ("fields", "said"),
        [
            ({"opens_on": FAR_OFF}, "not-open"),
            ({"closes_on": dt.date(2021, 1, 1)}, "closed"),
            ({"state": "paused"}, "paused"),
            ({"state": "closed", "closed_at": NOW, "closed_by": "test"}, "closed"),
        ],
    )  # fmt: skip
    def test_a_survey_that_takes_no_answers_says_why(self, fields, said):
        survey = OpenSurveyFactory(**fields)
        assert why(answering.enter, survey.link) == said
        assert why(answering.begin, survey, "", language="en") == said
        assert Part.objects.count() == 0

    def test_a_draft_is_not_open(self):
        assert why(answering.enter, SurveyFactory().link) == "not-open"

    def test_a_wave_has_days_of_its_own(self, invitation):
        survey = invitation.survey
        invitation.wave = WaveFactory(survey=survey, opens_on=FAR_OFF)
        invitation.save()
        assert why(answering.enter, invitation.code) == "not-open"
        invitation.wave.opens_on = LONG_AGO
        invitation.wave.closes_on = LONG_AGO
        invitation.wave.save()
        assert why(answering.enter, invitation.code) == "closed"
        assert why(answering.begin, survey, invitation.code, language="en") == "closed"

    def test_how_much_is_looked_up_does_not_depend_on_the_code(self, invitation):
        asked = rounds.survey()
        cache.add("warm", 1)
        counts = set()
        for code in (asked.link, invitation.code):
            with CaptureQueriesContext(connection) as queries:
                answering.enter(code)
            counts.add(len(queries))
        with CaptureQueriesContext(connection) as queries:
            entering.find("nothing")
        assert counts == {5}
        assert len(queries) == 4

    def test_many_wrong_codes_stop_everybody_for_a_minute(self, monkeypatch):
        monkeypatch.setitem(guesses.MOST, guesses.CODES, 3)
        survey = OpenSurveyFactory()
        for _ in range(3):
            assert why(answering.enter, "wrong") == "unknown-code"
        assert why(answering.enter, survey.link) == "wait"
        monkeypatch.setattr(guesses.time, "time", lambda: 4_000_000_000.0)
        assert answering.enter(survey.link)[0] == survey

    def test_a_code_of_another_survey_begins_nothing(self, invitation):
        other = rounds.survey(mode="single-use")
        assert why(answering.begin, other, invitation.code, language="en") == "unknown-code"
        assert why(answering.begin, other, "", language="en") == "unknown-code"


class TestPageByPage:
    """What a session holds is kept, and nobody but its token opens it."""

    def test_what_was_saved_is_held(self, invitation):
        token = answering.begin(invitation.survey, invitation.code.lower(), language="gd")
        held = answering.held(token)
        assert (held.language, held.code, held.channel) == ("gd", invitation.code, "web")
        assert (held.wave, held.helped, held.page, held.answers) == (None, "", 0, {})
        assert held.survey == invitation.survey
        held.answers["service"] = "health"
        held.page, held.extra["hidden"], held.helped = 4, True, "a-friend"
        answering.save(token, held)
        again = answering.held(token)
        assert (again.page, again.answers) == (4, {"service": "health"})
        assert (again.extra, again.helped) == ({"hidden": True}, "a-friend")

    def test_saving_is_one_statement_and_reading_another(self):
        token = answering.begin(rounds.survey(), "", language="en")
        with CaptureQueriesContext(connection) as queries:
            answering.save(token, answering.held(token))
        assert [one["sql"].split()[0] for one in queries] == ["SELECT", "UPDATE"]

    def test_nothing_of_it_can_be_read_in_the_row(self, invitation):
        secret = "Heather told me at the canteen"
        token = rounds.begun(invitation.survey, {"said": secret}, code=invitation.code)
        row = Part.objects.get()
        raw = b"|".join(
            value if isinstance(value, bytes) else str(value).encode()
            for value in map(lambda v: bytes(v) if isinstance(v, memoryview) else v,
                             Part.objects.values_list().get())
        )  # fmt: skip
        for hidden in (secret, token, invitation.code, invitation.code_index):
            assert hidden.encode() not in raw
        assert repr(answering.held(token)).count("key=") == 0
        with pytest.raises(Tampered):
            answering._open(row, stores.new_token())

    def test_a_token_that_was_never_given_holds_nothing(self):
        assert answering.held("") is None
        assert answering.held(stores.new_token()) is None

    def test_what_is_two_weeks_old_is_no_longer_held(self, monkeypatch):
        token = rounds.begun(rounds.survey(), {})
        words = answering.finish_later(token)
        last = Part.objects.get().expires_on
        monkeypatch.setattr(answering.timezone, "localdate", lambda: last)
        assert answering.held(token) is not None
        monkeypatch.setattr(answering.timezone, "localdate", lambda: last + dt.timedelta(days=1))
        assert answering.held(token) is None
        assert why(answering.resume, words) == "expired"
        assert why(answering.finish_later, token) == "expired"

    def test_saving_after_closing_says_so_and_keeps_what_was_saved(self):
        survey = rounds.survey()
        token = rounds.begun(survey, {"service": "health"})
        Survey.objects.update(closes_on=dt.date(2021, 1, 1))
        held = answering.held(token)
        held.answers["service"] = "police"
        assert why(answering.save, token, held) == "closed"
        assert answering.held(token).answers == {"service": "health"}

    def test_saving_what_is_gone_says_whether_it_was_sent(self):
        survey = rounds.survey()
        token = rounds.begun(survey, {})
        held = answering.held(token)
        answering.send(token)
        assert why(answering.save, token, held) == "sent"
        other = rounds.begun(survey, {})
        held = answering.held(other)
        answering.discard(other)
        assert why(answering.save, other, held) == "expired"
        assert answering.held(other) is None
        assert Part.objects.count() == 0

    def test_a_part_of_another_cannot_be_saved_over(self):
        survey = rounds.survey()
        mine, theirs = rounds.begun(survey, {"years": 1}), rounds.begun(survey, {"years": 2})
        assert why(answering.save, mine, answering.held(theirs)) == "expired"
        assert answering.held(theirs).answers == {"years": 2}


class TestFinishLater:
    """Three words bring somebody back, on another device."""

    def test_three_words_however_typed_give_a_new_token_and_end_the_old(self):
        token = rounds.begun(rounds.survey(), {"service": "health"}, page=3)
        words = answering.finish_later(token)
        assert len(words.split()) == 3
        assert answering.held(token).page == 3
        new = answering.resume("  " + words.upper().replace(" ", ", "))
        assert answering.held(new).answers == {"service": "health"}
        assert answering.held(token) is None
        assert answering.held(answering.resume(words)).page == 3

    def test_other_words_take_the_place_of_the_first(self):
        token = rounds.begun(rounds.survey(), {})
        first, second = answering.finish_later(token), answering.finish_later(token)
        assert why(answering.resume, first) == "expired"
        assert answering.resume(second)

    def test_words_somebody_has_are_not_given_twice(self, monkeypatch):
        survey = rounds.survey()
        offered = iter(["maple river seven", "maple river seven", "maple river eight"])
        monkeypatch.setattr(answering, "new_words", lambda: next(offered))
        assert answering.finish_later(rounds.begun(survey, {})) == "maple river seven"
        assert answering.finish_later(rounds.begun(survey, {})) == "maple river eight"

    def test_guessing_ends_after_a_few(self, monkeypatch):
        monkeypatch.setitem(guesses.MOST, guesses.WORDS, 2)
        words = answering.finish_later(rounds.begun(rounds.survey(), {}))
        for guess in ("one two three", ""):
            assert why(answering.resume, guess) == "expired"
        assert why(answering.resume, words) == "wait"

    def test_after_sending_neither_words_nor_token_lead_anywhere(self):
        token = rounds.begun(rounds.survey(), {})
        words = answering.finish_later(token)
        answering.send(token)
        assert why(answering.resume, words) == "expired"
        assert why(answering.finish_later, token) == "sent"


class TestSending:
    """All of it at once, and once."""

    def test_answers_are_tidied_and_free_texts_set_apart(self, invitation):
        given = {
            "service": "health", "confident": "disagree", "why": "No time.",
            "helped-by": ["police"], "years": 4, "since": "2020-01-31", "said": "Thank\x07 you.",
            "never-asked": "x",
            "training": [{"course": "Joint training", "useful": "agree"}, {"useful": "nonsense"}],
        }  # fmt: skip
        rounds.sent(invitation.survey, given, code=invitation.code)
        (kept,) = content()
        assert kept["answers"] == {
            "service": "health", "confident": "disagree", "helped-by": ["police"], "years": 4,
            "since": "2020-01-31", "twice": 8, "training": kept["answers"]["training"],
        }  # fmt: skip
        assert kept["answers"]["training"][0] == {"useful": "agree"}
        assert kept["group"] == "Health"
        assert kept["promise"] == 1
        assert {"why", "said", "course"} <= set(kept["asked"])
        comments = {(row.item, row.words): row for row in Comment.objects.all()}
        assert set(comments) == {
            ("why", "No time."), ("said", "Thank you."), ("course", "Joint training")
        }  # fmt: skip
        for row in comments.values():
            assert row.about == {
                "item": row.item,
                "group": "Health",
                "wave": None,
                "language": "en",
            }
            assert (row.state, row.alerted) == ("waiting", False)
        assert Part.objects.count() == 0

    def test_not_wanting_to_say_is_an_answer_and_no_comment(self):
        rounds.sent(rounds.survey(), {"said": "!prefer-not", "service": "!prefer-not"})
        assert content()[0]["answers"] == {"said": "!prefer-not", "service": "!prefer-not"}
        assert not Comment.objects.exists()

    def test_all_answers_of_a_round_are_equally_long(self):
        survey = rounds.survey()
        rounds.sent(survey, {})
        full = {
            "helped-by": list(rounds.SERVICES), "years": 10**15, "confident": "strongly-disagree",
            "training": [{"course": "x" * 20_000, "useful": "strongly-disagree"}] * 3,
        }  # fmt: skip
        rounds.sent(survey, full)
        with connection.cursor() as cursor:
            cursor.execute("SELECT LENGTH(content) FROM surveys_sentanswer")
            assert len(set(cursor.fetchall())) == 1

    def test_a_session_is_sent_once(self):
        token = rounds.sent(rounds.survey(), {"service": "health"})
        assert why(answering.send, token) == "sent"
        assert SentAnswer.objects.count() == 1

    def test_a_code_is_used_once_and_the_second_part_is_kept(self, invitation):
        survey, code = invitation.survey, invitation.code
        late = rounds.begun(survey, {"service": "police"}, code=code)
        rounds.sent(survey, {"service": "health"}, code=code)
        assert why(answering.enter, code) == "used"
        assert why(answering.begin, survey, code, language="en") == "used"
        assert why(answering.send, late) == "used"
        assert answering.held(late).answers == {"service": "police"}
        assert [one["answers"]["service"] for one in content()] == ["health"]

    def test_the_code_of_a_group_is_used_by_many(self):
        survey = rounds.survey(mode="group-code")
        code = GroupFactory(survey=survey, label="Police").code
        for _ in range(3):
            rounds.sent(survey, {}, code=code)
        assert [one["group"] for one in content()] == ["Police"] * 3

    def test_the_wave_of_an_invitation_is_kept(self, invitation):
        invitation.wave = WaveFactory(survey=invitation.survey, number=2)
        invitation.save()
        rounds.sent(invitation.survey, {}, code=invitation.code)
        assert content()[0]["wave"] == 2

    @pytest.mark.parametrize(("state", "said"), [("paused", "paused"), ("draft", "not-open")])
    def test_a_survey_that_is_not_open_keeps_the_part(self, state, said):
        token = rounds.begun(rounds.survey(), {"years": 3})
        Survey.objects.update(state=state)
        assert why(answering.send, token) == said
        assert answering.held(token).answers == {"years": 3}
        assert not Spent.objects.exists()

    def test_an_invitation_withdrawn_meanwhile_sends_nothing(self, invitation):
        token = rounds.begun(invitation.survey, {}, code=invitation.code)
        invitation.state = "withdrawn"
        invitation.save()
        assert why(answering.send, token) == "unknown-code"
        assert Part.objects.count() == 1

    def test_a_megabyte_of_text_is_cut_and_nothing_is_lost(self):
        rounds.sent(rounds.survey(), {"said": "é" * 1_000_000, "years": 7})
        assert len(Comment.objects.get().words) == flow.LONGEST_TEXT
        assert content()[0]["answers"]["years"] == 7

    def test_nothing_says_when_or_that_somebody_answered(self, invitation):
        before = AuditEvent.objects.count(), Job.objects.count()
        token = rounds.begun(invitation.survey, {"said": "x"}, code=invitation.code)
        words = answering.finish_later(token)
        answering.send(answering.resume(words))
        assert (AuditEvent.objects.count(), Job.objects.count()) == before
        invitation.refresh_from_db()
        assert invitation.state == "new"

    def test_whatever_fails_in_between_nothing_is_sent(self, invitation, monkeypatch):
        token = rounds.begun(invitation.survey, {"said": "x"}, code=invitation.code)

        def dies(*_given):
            raise OSError("the power went")

        with monkeypatch.context() as patched:
            patched.setattr(answering.Comment.objects, "bulk_create", dies)
            with pytest.raises(OSError, match="power"):
                answering.send(token)
        assert not Spent.objects.exists()
        assert not SentAnswer.objects.exists()
        answering.send(token)
        assert SentAnswer.objects.count() == Comment.objects.count() == 1

    def test_a_code_used_under_an_older_key_stays_used(self, invitation, settings):
        late = rounds.begun(invitation.survey, {}, code=invitation.code)
        rounds.sent(invitation.survey, {}, code=invitation.code)
        keys = settings.SIGHTLINE_KEYS
        settings.SIGHTLINE_KEYS = {**keys, "data": (("newer", b"n" * 32), *keys["data"])}
        assert why(answering.enter, invitation.code) == "used"
        assert why(answering.send, late) == "used"


class TestPaper:
    """Answers on paper are typed in by somebody, whom the trail names once a day."""

    def test_paper_is_stored_as_paper_and_once(self, invitation):
        person = UserFactory()
        given = {"service": "health", "said": "On paper."}
        paper = {"actor": person, "survey": invitation.survey, "answers": given, "language": "en"}
        answering.send_paper(**paper, code=invitation.code, once="first", helped="a-friend")
        assert why(answering.send_paper, **paper, code=invitation.code, once="first") == "sent"
        assert why(answering.send_paper, **paper, code=invitation.code) == "used"
        assert why(answering.send_paper, **paper, code="wrong") == "unknown-code"
        (kept,) = content()
        assert (kept["channel"], kept["helped"], kept["group"]) == ("paper", "a-friend", "Health")
        assert Comment.objects.get().words == "On paper."

    def test_the_trail_names_who_typed_once_a_day(self):
        survey, person = rounds.survey(), UserFactory()
        for _ in range(3):
            answering.send_paper(actor=person, survey=survey, code="", answers={}, language="en")
        said = AuditEvent.objects.filter(verb="survey.paper-typed")
        assert [line.actor for line in said] == [person.audit_name]
        assert SentAnswer.objects.count() == 3

    def test_paper_after_closing_is_refused(self):
        survey = rounds.survey(closes_on=dt.date(2021, 1, 1))
        paper = {"actor": UserFactory(), "survey": survey, "code": "", "answers": {}}
        assert why(answering.send_paper, **paper, language="en") == "closed"


class TestAtOnce:
    """Two at the same moment, with real commits, on either database."""

    def _race(self, connect, *deeds):
        told: list[str] = []
        ready = threading.Barrier(len(deeds))

        def run(deed):
            connect()
            with acting_as("test"):
                ready.wait()
                try:
                    deed()
                    told.append("done")
                except Refused as refused:
                    told.append(refused.why)
                finally:
                    connection.close()

        threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return Counter(told)

    def test_a_code_used_by_several_at_once_counts_once(self, real_database: Connect):  # noqa: F811
        survey = rounds.survey(mode="single-use")
        for _ in range(5):
            code = InvitationFactory(survey=survey).code
            tokens = [rounds.begun(survey, {"said": "x"}, code=code) for _ in range(4)]
            deeds = [lambda token=token: answering.send(token) for token in tokens]
            assert self._race(real_database, *deeds) == {"done": 1, "used": 3}
        assert SentAnswer.objects.count() == Comment.objects.count() == 5
        assert Part.objects.count() == 15

    def test_a_session_sent_several_times_at_once_counts_once(self, real_database: Connect):  # noqa: F811
        survey = rounds.survey()
        for number in range(1, 6):
            token = rounds.begun(survey, {"said": "x"})
            deeds = [lambda token=token: answering.send(token)] * 4
            assert self._race(real_database, *deeds) == {"done": 1, "sent": 3}
            assert SentAnswer.objects.count() == Comment.objects.count() == number

    def test_what_is_told_is_committed(self, real_database: Connect):  # noqa: F811
        token = rounds.begun(rounds.survey(), {})
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
            answering.send(token)
        answering.send(token)
        connection.close()
        assert SentAnswer.objects.count() == 1
