"""The safety queue: who reads, what is decided, what is kept of it, and what nobody can tell."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from sightline.access.actors import acting_as, command_line
from sightline.access.models import AuditEvent
from sightline.jobs.models import Job
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from sightline.partnerships.localities import calendar_of
from sightline.surveys import comments, redacting, urgent
from sightline.surveys.models import Answer, Comment, CommentReading, ContactRequest, Survey
from sightline.surveys.redacting import REMOVED, taken_out
from sightline.surveys.services import closing, reading
from sightline.surveys.services.reading import Decided
from tests.factories.access import UserFactory, assign
from tests.factories.partnerships import HolidayFactory
from tests.factories.surveys import (
    ClosedSurveyFactory,
    CommentFactory,
    CommentReadingFactory,
    ContactRequestFactory,
    OpenSurveyFactory,
    SafetyReaderFactory,
    ThemeFactory,
)
from tests.surveys import rounds

HERE, ELSEWHERE = "fife", "angus"
WORDS = "My name is Anna Campbell and Mr Grant hits me."
FRIDAY = dt.date(2026, 3, 6)

database = pytest.mark.django_db


def reader_of(survey, **over):
    """Somebody with the role who is named for a survey."""
    person = assign(UserFactory(**over), "safety-reader", "partnership", survey.area)
    SafetyReaderFactory(survey=survey, reader=person)
    return person


def decide(survey, actor, comment, decision, **over):
    follows = comments.last_number(comment)
    given = Decided(**({"comment": comment.pk, "follows": follows, "decision": decision} | over))
    reading.decide(actor=actor, survey=survey, decided=given)
    comment.refresh_from_db()
    return comment


@pytest.fixture
def survey():
    return OpenSurveyFactory(area=HERE)


@pytest.fixture
def reader(survey):
    return reader_of(survey)


@pytest.fixture
def comment(survey):
    return CommentFactory(survey=survey, words=WORDS, about={"item": "said", "group": "Police"})


# Words taken out: pure.


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (["Anna Campbell"], f"My name is {REMOVED} and Mr Grant hits me."),
        (["anna  campbell", "Grant"], f"My name is {REMOVED} and Mr {REMOVED} hits me."),
        (["Mr Grant", "Grant"], f"My name is Anna Campbell and {REMOVED} hits me."),
        (["me."], f"My name is Anna Campbell and Mr Grant hits {REMOVED}"),
    ],
)
def test_words_are_taken_out_wherever_they_stand_whole(words, left):
    assert taken_out(WORDS, words) == left


def test_a_word_within_another_stays():
    assert taken_out("Ann and Annette, ann", ["Ann"]) == f"{REMOVED} and Annette, {REMOVED}"


@pytest.mark.parametrize("words", [[], ["", "  "]])
def test_something_must_be_taken_out(words):
    with pytest.raises(BadInput, match="Say which words"):
        taken_out(WORDS, words)


def test_words_that_are_not_there_are_said():
    with pytest.raises(BadInput, match="“Annie” is not in the text"):
        taken_out(WORDS, ["Anna", "Annie"])


@given(st.text("ab c\n.é", max_size=40), st.lists(st.text("ab c", min_size=1), max_size=3))
def test_nothing_is_put_in_and_nothing_else_is_lost(text, words):
    try:
        left = taken_out(text, words)
    except BadInput:
        return
    rest = iter(text)
    assert all(letter in rest for letter in left.replace(REMOVED, ""))
    for word in words:
        found = " ".join(word.split())
        assert not found or found not in " ".join(left.replace(REMOVED, "\0").split()).split("\0")


def test_pieces_are_the_text_cut_where_something_looks_like_somebody():
    cut = redacting.pieces(WORDS)
    assert "".join(piece.text for piece in cut) == WORDS
    assert "a name" in {piece.kind for piece in cut}
    assert redacting.pieces("") == ()


# Which are read first.


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (WORDS, urgent.FIRST),
        ("I don’t feel safe", urgent.FIRST),
        ("I DON'T FEEL SÀFE", urgent.FIRST),
        ("Self-harm", urgent.FIRST),
        ("They were bullied", urgent.SOON),
        ("More time to listen", urgent.NOT_FLAGGED),
        ("A white house", urgent.NOT_FLAGGED),
        ("", urgent.NOT_FLAGGED),
        ("مرحبا", urgent.NOT_FLAGGED),
    ],
)
def test_words_only_say_what_is_read_first(text, level):
    assert urgent.urgency(text) == level


# The queue.


@database
def test_the_queue_is_urgent_first_then_oldest(survey):
    old = CommentFactory(survey=survey, received_on=FRIDAY)
    new = CommentFactory(survey=survey, received_on=FRIDAY + dt.timedelta(days=1))
    flagged = CommentFactory(survey=survey, received_on=FRIDAY + dt.timedelta(days=2), urgency=2)
    CommentFactory(survey=survey, state="cleared")
    CommentFactory()
    assert list(comments.waiting(survey)) == [flagged, old, new]
    assert comments.waiting_count(survey) == 3


@database
@pytest.mark.parametrize(
    ("today", "late"),
    [
        (FRIDAY, FRIDAY - dt.timedelta(days=2)),
        (FRIDAY + dt.timedelta(days=1), FRIDAY - dt.timedelta(days=1)),
        (FRIDAY + dt.timedelta(days=3), FRIDAY - dt.timedelta(days=1)),
        (FRIDAY + dt.timedelta(days=4), FRIDAY + dt.timedelta(days=2)),
    ],
)
def test_what_is_late_is_more_than_one_working_day_old(survey, today, late):
    with pytest.raises(BadInput):
        calendar_of(HERE)  # no holidays are held, so weekdays alone count
    assert comments.late_since(survey, today) == late


@database
@pytest.mark.parametrize(
    ("today", "late"),
    [
        (dt.date(2026, 4, 7), dt.date(2026, 4, 1)),  # Tuesday after Good Friday and Easter Monday
        (dt.date(2026, 4, 8), dt.date(2026, 4, 6)),
        (dt.date(2031, 3, 10), dt.date(2031, 3, 6)),  # beyond the holidays that are held
    ],
)
def test_public_holidays_are_no_working_days(survey, today, late):
    for day in (dt.date(2026, 4, 3), dt.date(2026, 4, 6)):
        HolidayFactory(partnership=HERE, first=day, last=day)
    assert comments.late_since(survey, today) == late


@database
def test_while_on_site_what_came_before_today_is_late(survey, settings):
    settings.SIGHTLINE_ON_SITE = frozenset({HERE})
    assert comments.late_since(survey, FRIDAY) == FRIDAY - dt.timedelta(days=1)


# Who reads.


@database
def test_those_alone_decide_who_are_named_and_still_may(survey, reader, comment):
    same_role = assign(UserFactory(), "safety-reader", "partnership", HERE)
    runs = assign(UserFactory(), "partnership-co-ordinator", "partnership", HERE)
    stranger = assign(UserFactory(), "safety-reader", "partnership", ELSEWHERE)
    for person in (same_role, runs, command_line()):
        with pytest.raises(NotPermitted):
            decide(survey, person, comment, "cleared")
        with pytest.raises(NotPermitted):
            reading.note_concern(actor=person, survey=survey, comment=comment.pk, follows=0)
    with pytest.raises(NotPermitted, match=reader.name):
        decide(survey, same_role, comment, "cleared")
    with pytest.raises(NotFound):
        decide(survey, stranger, comment, "cleared")
    assert decide(survey, reader, comment, "cleared").state == "cleared"


@database
def test_where_nobody_is_named_that_is_said(survey, comment):
    person = assign(UserFactory(), "safety-reader", "partnership", HERE)
    with pytest.raises(NotPermitted, match="nobody yet"):
        decide(survey, person, comment, "cleared")


# What is decided.


@database
def test_a_comment_is_cleared_redacted_and_withheld_and_every_decision_stays(
    survey, reader, comment
):
    decide(survey, reader, comment, "cleared")
    assert comment.cleared == WORDS
    decide(survey, reader, comment, "redacted", taken=["Anna Campbell"], reason="A  name")
    assert comment.state == "redacted"
    assert comment.cleared == f"My name is {REMOVED} and Mr Grant hits me."
    theme = ThemeFactory(survey=survey)
    theme.comments.add(comment)
    decide(survey, reader, comment, "withheld", reason="About another child")
    assert (comment.state, comment.cleared, comment.words) == ("withheld", "", WORDS)
    assert not theme.comments.exists()
    rows = comments.readings_of(comment)
    assert [(row.number, row.decision, row.reason) for row in rows] == [
        (1, "cleared", ""), (2, "redacted", "A name"), (3, "withheld", "About another child"),
    ]  # fmt: skip
    assert {row.reader for row in rows} == {reader.audit_name}
    assert [row.cleared for row in rows] == [
        WORDS,
        f"My name is {REMOVED} and Mr Grant hits me.",
        "",
    ]


@database
@pytest.mark.parametrize(
    ("decision", "over", "said"),
    [
        ("quote", {}, "Choose what is done"),
        ("redacted", {}, "Say which words"),
        ("redacted", {"taken": ["Nobody"]}, "not in the text"),
        ("cleared", {"taken": ["Anna"]}, "named words to take out"),
        ("withheld", {"reason": " "}, "Say why"),
    ],
)
def test_what_cannot_be_decided_is_said_and_changes_nothing(
    survey, reader, comment, decision, over, said
):
    with pytest.raises(BadInput, match=said):
        decide(survey, reader, comment, decision, **over)
    comment.refresh_from_db()
    assert comment.state == "waiting"
    assert not comments.readings_of(comment)


@database
def test_of_two_who_decide_the_second_is_told(survey, reader, comment):
    other = reader_of(survey)
    decide(survey, reader, comment, "cleared")
    with pytest.raises(NotAllowed, match="Somebody else has decided"):
        decide(survey, other, comment, "withheld", reason="r", follows=0)
    with pytest.raises(NotAllowed, match="Somebody else"):
        reading.note_concern(actor=other, survey=survey, comment=comment.pk, follows=0)


@database
def test_no_comment_of_another_survey_is_decided(survey, reader):
    with pytest.raises(NotFound):
        decide(survey, reader, CommentFactory(), "cleared")


@database
def test_a_concern_is_marked_without_a_key_to_it(survey, reader, comment):
    reading.note_concern(actor=reader, survey=survey, comment=comment.pk, follows=0)
    (row,) = comments.readings_of(comment)
    assert (row.decision, row.reason, row.cleared) == ("raised", "", "")
    comment.refresh_from_db()
    assert comment.state == "waiting"


@database
def test_nothing_is_decided_once_the_answers_are_deleted(survey, reader, comment):
    Survey.objects.filter(pk=survey.pk).update(
        state="destroyed", closed_at="2026-03-01T00:00Z", closed_by="test"
    )
    survey.refresh_from_db()
    with pytest.raises(NotAllowed, match="deleted"):
        decide(survey, reader, comment, "cleared")


@database
def test_a_reading_keeps_its_number(comment):
    CommentReadingFactory(comment=comment)
    with pytest.raises(IntegrityError), transaction.atomic():
        CommentReadingFactory(comment=comment)


# What the trail says.


@database
def test_the_trail_says_once_a_day_that_somebody_read_and_never_which(survey, reader, comment):
    second = CommentFactory(survey=survey)
    before = set(AuditEvent.objects.values_list("pk", flat=True))
    with acting_as(reader):
        for one in (comment, second):
            reading.note_opened(actor=reader, survey=survey)
            decide(survey, reader, one, "cleared")
        reading.note_concern(actor=reader, survey=survey, comment=second.pk, follows=1)
    lines = AuditEvent.objects.exclude(pk__in=before)
    assert sorted(lines.values_list("verb", flat=True)) == [
        "survey.comments-decided", "survey.read",
    ]  # fmt: skip
    for line in lines:
        text = f"{line.target} {line.reason} {line.before} {line.after}"
        assert str(comment.pk) not in text
        assert str(second.pk) not in text
        assert "Anna" not in text


@database
def test_no_row_of_a_reading_has_a_time(comment):
    times = [
        field.name
        for model in (Comment, CommentReading)
        for field in model._meta.get_fields()
        if field.get_internal_type() in {"DateTimeField", "TimeField", "BigAutoField", "AutoField"}
    ]
    assert times == []


# A second person.


@pytest.fixture
def closed():
    return ClosedSurveyFactory(area=HERE, results={"counted": True, "shown": True})


@pytest.fixture
def runner():
    return assign(UserFactory(), "partnership-co-ordinator", "partnership", HERE)


def quotes(survey):
    return [one.quoted for one in comments.said(survey)]


def confirm(survey, actor, comment, follows=None):
    number = comments.last_number(comment) if follows is None else follows
    reading.confirm_quote(actor=actor, survey=survey, comment=comment.pk, follows=number)


@database
def test_a_second_person_confirms_a_quote_until_it_is_decided_again(closed, runner):
    reader = reader_of(closed)
    comment = decide(closed, reader, CommentFactory(survey=closed), "cleared")
    assert quotes(closed) == [False]
    confirm(closed, runner, comment)
    assert quotes(closed) == [True]
    reading.note_concern(actor=reader, survey=closed, comment=comment.pk, follows=2)
    assert quotes(closed) == [True]
    decide(closed, reader, comment, "redacted", taken=["time"])
    assert quotes(closed) == [False]
    assert AuditEvent.objects.filter(verb="survey.quote-confirmed").count() == 1


@database
def test_nobody_confirms_what_they_cleared_themselves(closed):
    both = assign(UserFactory(), "participation-lead", "inspection", "fife-2026")
    Survey.objects.filter(pk=closed.pk).update(inspection="fife-2026")
    closed.refresh_from_db()
    SafetyReaderFactory(survey=closed, reader=both)
    comment = decide(closed, both, CommentFactory(survey=closed), "cleared")
    with pytest.raises(NotAllowed, match="second person"):
        confirm(closed, both, comment)


@database
def test_what_is_not_cleared_or_not_shown_is_not_quoted(closed, survey, runner):
    withheld = CommentFactory(survey=closed, state="withheld")
    with pytest.raises(NotFound):
        confirm(closed, runner, withheld)
    nobody = CommentFactory(survey=closed, state="cleared")
    with pytest.raises(NotAllowed):
        confirm(closed, runner, nobody)
    with pytest.raises(NotAllowed, match="closed"):
        confirm(survey, runner, CommentFactory(survey=survey, state="cleared"))
    with pytest.raises(NotPermitted):
        confirm(closed, reader_of(closed), withheld)
    with pytest.raises(NotAllowed, match="Somebody else"):
        confirm(closed, runner, nobody, follows=4)


# What is shown once it has closed.


@database
def test_only_cleared_words_of_a_closed_survey_are_shown(closed):
    CommentFactory(survey=closed, state="cleared", cleared="b", words="b")
    CommentFactory(survey=closed, state="redacted", cleared="A [removed]", words="A name")
    CommentFactory(survey=closed, state="waiting", words="waits")
    CommentFactory(survey=closed, state="withheld", words="withheld")
    other = CommentFactory(survey=closed, state="cleared", cleared="c", item="else")
    assert [one.words for one in comments.said(closed)] == ["c", "A [removed]", "b"]
    assert [one.changed for one in comments.said(closed, item="said")] == [True, False]
    assert comments.items_said(closed) == {"said": 2, "else": 1}
    assert other.about not in [vars(one) for one in comments.said(closed)]


@database
@pytest.mark.parametrize(
    "over", [{"results": {}}, {"results": {"shown": False}}, {"state": "open"}, {"state": "paused"}]
)
def test_nothing_is_shown_before_or_of_too_few(closed, over):
    CommentFactory(survey=closed, state="cleared", cleared="b")
    Survey.objects.filter(pk=closed.pk).update(**over)
    closed.refresh_from_db()
    assert comments.said(closed) == ()
    assert not comments.items_said(closed)


@database
def test_what_was_decided_is_there_after_closing(django_capture_on_commit_callbacks):
    made = rounds.survey()
    for number in range(3):
        rounds.sent(made, {"said": f"Comment {number}"})
    reader = reader_of(made)
    first, second, third = Comment.objects.filter(survey=made)
    decide(made, reader, first, "cleared")
    decide(made, reader, second, "redacted", taken=["Comment"], reason="r")
    reading.note_concern(actor=reader, survey=made, comment=second.pk, follows=1)
    Comment.objects.filter(pk=third.pk).update(urgency=2, alerted=True)
    before = {one.words: one for one in Comment.objects.filter(survey=made)}
    with django_capture_on_commit_callbacks(execute=True):
        closing.close(actor=command_line(), survey=made)
    assert Job.objects.get(code="surveys.close").state == "succeeded" or Answer.objects.exists()
    after = {one.words: one for one in Comment.objects.filter(survey=made)}
    assert after.keys() == before.keys()
    for words, old in before.items():
        new = after[words]
        assert new.pk != old.pk
        assert [
            getattr(new, name) for name in ("state", "cleared", "urgency", "alerted", "item")
        ] == [getattr(old, name) for name in ("state", "cleared", "urgency", "alerted", "item")]
    decisions = [row.decision for row in comments.readings_of(after[second.words])]
    assert decisions == ["redacted", "raised"]


# Those who asked to be spoken to.


@database
def test_a_request_is_handled_once_by_whoever_runs_the_survey(survey, runner):
    request = ContactRequestFactory(survey=survey)
    old = ContactRequestFactory(survey=survey, asked_on=FRIDAY - dt.timedelta(days=90))
    assert list(comments.contacts(survey)) == [old, request]
    with pytest.raises(NotPermitted):
        reading.handle_contact(actor=reader_of(survey), survey=survey, request=request.pk)
    with pytest.raises(NotFound):
        reading.handle_contact(actor=runner, survey=survey, request=ContactRequestFactory().pk)
    done = reading.handle_contact(actor=runner, survey=survey, request=old.pk)
    assert done.handled_by == runner.audit_name
    assert list(comments.contacts(survey)) == [request, old]
    with pytest.raises(NotAllowed, match="already"):
        reading.handle_contact(actor=runner, survey=survey, request=old.pk)
    line = AuditEvent.objects.get(verb="survey.contact-handled")
    assert line.target == f"survey:{HERE}/{survey.slug}"
    reading.note_contacts_opened(actor=runner, survey=survey)
    reading.note_contacts_opened(actor=runner, survey=survey)
    assert AuditEvent.objects.filter(verb="survey.contacts-opened").count() == 1


@database
def test_a_request_has_no_key_to_an_answer():
    names = {field.name for field in ContactRequest._meta.get_fields()}
    assert names == {"id", "survey", "how", "asked_on", "handled_at", "handled_by"}
