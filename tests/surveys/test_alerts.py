"""Letters to safety readers: within a minute, without a word, leaving no time behind."""

import smtplib

import pytest

from sightline.access.models import AuditEvent
from sightline.jobs import registry
from sightline.jobs.actors import Clock
from sightline.jobs.progress import Progress
from sightline.surveys import alerts, comments
from sightline.surveys.models import Comment
from tests.factories.access import UserFactory, assign
from tests.factories.surveys import CommentFactory, OpenSurveyFactory, SafetyReaderFactory
from tests.surveys import rounds

pytestmark = pytest.mark.django_db
HERE = "fife"
WORDS = "My name is Anna and Mr Grant hits me."


def run():
    return alerts.alert(Progress("key", Clock("surveys.alerts")))


def reader_of(survey, **over):
    person = assign(UserFactory(**over), "safety-reader", "partnership", survey.area)
    return SafetyReaderFactory(survey=survey, reader=person)


@pytest.fixture
def survey():
    made = OpenSurveyFactory(area=HERE, slug="children", title="Secondary 2 of Kelty")
    reader_of(made, email="reader@example.org")
    return made


def test_it_runs_every_minute():
    (found,) = [one for one in registry.of_the_clock() if one.code == "surveys.alerts"]
    assert found.period.total_seconds() == 60


def test_every_reader_is_told_once_and_of_nothing_but_how_many(survey, mailoutbox, settings):
    settings.SIGHTLINE_ADDRESS = "https://sightline.example/"
    reader_of(survey, email="second@example.org")
    CommentFactory(survey=survey, words=WORDS, about={"item": "said", "group": "Kelty High"})
    assert run() is None
    told = sorted(letter.to[0] for letter in mailoutbox)
    assert told == ["reader@example.org", "second@example.org"]
    for letter in mailoutbox:
        assert letter.subject == "Survey: 1 comment waits for a safety check"
        assert "https://sightline.example/p/fife/surveys/children/comments/\n" in letter.body
        for word in ("Anna", "Grant", "hits", "Kelty", "said"):
            assert word not in letter.subject + letter.body.replace("This letter says", "")
    assert Comment.objects.get().alerted
    run()
    assert len(mailoutbox) == 2


def test_what_somebody_sends_is_told_in_the_next_minute(mailoutbox):
    made = rounds.survey()
    reader_of(made)
    rounds.sent(made, {"said": WORDS, "years": 3})
    run()
    (letter,) = mailoutbox
    assert letter.subject == "Survey: 1 comment waits for a safety check"
    (comment,) = comments.waiting(made)
    assert (comment.words, comment.urgency, comment.alerted) == (WORDS, 2, True)


def test_a_letter_says_how_many_wait_in_all(survey, mailoutbox):
    CommentFactory(survey=survey, alerted=True)
    CommentFactory(survey=survey)
    CommentFactory(survey=survey, state="cleared")
    run()
    assert [letter.subject for letter in mailoutbox] == [
        "Survey: 2 comments wait for a safety check"
    ]


def test_all_of_a_minute_are_marked_in_one_statement(
    survey, mailoutbox, django_assert_max_num_queries, django_capture_on_commit_callbacks
):
    other = OpenSurveyFactory(area=HERE)
    reader_of(other)
    CommentFactory.create_batch(12, survey=survey)
    CommentFactory.create_batch(12, survey=other, words=WORDS)
    with django_assert_max_num_queries(14):
        run()
    assert not Comment.objects.filter(alerted=False).exists()


def test_words_only_change_the_order(survey):
    urgent = CommentFactory(survey=survey, words=WORDS)
    soon = CommentFactory(survey=survey, words="I was scared")
    plain = CommentFactory(survey=survey)
    run()
    levels = dict(Comment.objects.values_list("pk", "urgency"))
    assert levels == {urgent.pk: 2, soon.pk: 1, plain.pk: 0}


def test_nothing_of_a_letter_is_kept(survey):
    CommentFactory(survey=survey)
    before = AuditEvent.objects.count()
    run()
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("why", ["nobody", "ended", "inactive", "no role"])
def test_what_nobody_could_be_told_stays_new(mailoutbox, why):
    survey = OpenSurveyFactory(area=HERE)
    if why != "nobody":
        row = reader_of(survey, email="r@example.org")
        person = row.reader
        if why == "ended":
            row.ended_at, row.ended_by = row.named_at, "test"
            row.save()
        elif why == "inactive":
            person.is_active = False
            person.save()
        elif why == "no role":
            person.assignments.all().delete()
    CommentFactory(survey=survey, words=WORDS)
    run()
    assert not mailoutbox
    assert (Comment.objects.get().alerted, Comment.objects.get().urgency) == (False, 2)


@pytest.mark.parametrize("fault", [OSError, smtplib.SMTPServerDisconnected])
def test_where_the_mail_server_is_away_it_is_tried_again(survey, mailoutbox, monkeypatch, fault):
    def away(self, fail_silently=False):
        raise fault

    CommentFactory(survey=survey)
    with monkeypatch.context() as patched:
        patched.setattr(alerts.EmailMessage, "send", away)
        run()
    assert not Comment.objects.get().alerted
    run()
    assert len(mailoutbox) == 1
