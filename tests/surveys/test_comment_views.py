"""Pages of what people wrote: who may open them, what they show, and what no address says."""

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from sightline.access.models import AuditEvent
from sightline.surveys import comments
from sightline.surveys import reading_presenters as presenters
from sightline.surveys.models import Comment, Survey, Theme
from tests.factories.access import UserFactory, assign
from tests.factories.surveys import (
    ClosedSurveyFactory,
    CommentFactory,
    CommentReadingFactory,
    ContactRequestFactory,
    OpenSurveyFactory,
    QuestionnaireFactory,
    SafetyReaderFactory,
    SurveyFactory,
    ThemeFactory,
    own_questions,
)

pytestmark = pytest.mark.django_db
HERE = "fife"
WORDS = "My name is Anna Campbell.\nMr Grant hits me."
READ = ("comments", "comments-read")


def at(survey, name, *more):
    return reverse(f"surveys:{name}", args=[survey.area, survey.slug, *more])


def somebody(client, role, area=HERE):
    person = assign(UserFactory(), role, "partnership", area)
    client.force_login(person)
    return person


def text_of(client, url, **data):
    page = client.post(url, data, follow=True) if data else client.get(url, follow=True)
    assert page.status_code == 200, page.content.decode()
    return page.content.decode()


@pytest.fixture
def survey():
    row = QuestionnaireFactory(area=HERE, content=own_questions())
    return OpenSurveyFactory(area=HERE, questionnaire=row.key)


@pytest.fixture
def closed():
    row = QuestionnaireFactory(area=HERE, content=own_questions())
    return ClosedSurveyFactory(
        area=HERE, questionnaire=row.key, results={"counted": True, "shown": True}
    )


def named(client, survey):
    person = somebody(client, "safety-reader")
    SafetyReaderFactory(survey=survey, reader=person)
    return person


def waits(survey, **over):
    given = {"survey": survey, "item": "why", "words": WORDS, "received_on": timezone.localdate()}
    return CommentFactory(**(given | over))


def shown(survey, words, **over):
    given = {"survey": survey, "item": "why", "state": "cleared", "cleared": words}
    return CommentFactory(**(given | over))


def sent(comment, **over):
    return {"key": comment.pk, "follows": 0, "decision": "cleared"} | over


# The queue.


@pytest.mark.parametrize("name", [*READ, "comment", "comment-again"])
def test_named_readers_alone_open_the_queue(client, survey, name):
    more = [1] if name.startswith("comment-") or name == "comment" else []
    SafetyReaderFactory(survey=survey, reader=UserFactory(name="R. Reader"))
    url = at(survey, name, *more)
    somebody(client, "safety-reader")
    for role in ("safety-reader", "partnership-co-ordinator", "chief-officer"):
        somebody(client, role)
        page = client.get(url)
        assert page.status_code == 403
        assert client.post(url, {"key": uuid4()}).status_code in {403, 405}
    somebody(client, "safety-reader")
    assert "R. Reader" in client.get(url).content.decode()
    somebody(client, "safety-reader", "angus")
    assert client.get(url).status_code == 404
    named(client, survey)
    assert client.get(url, follow=True).status_code == 200


def test_the_queue_says_how_old_what_is_late_and_what_is_first_but_no_word(client, survey):
    named(client, survey)
    today = timezone.localdate()
    assert "Nothing waits to be read." in text_of(client, at(survey, "comments"))
    waits(survey)
    waits(survey, received_on=today - dt.timedelta(days=9))
    waits(survey, received_on=today - dt.timedelta(days=1), urgency=2)
    text = text_of(client, at(survey, "comments"))
    assert "3 comments wait for a safety check" in text
    assert "Why is that?" in text
    for said in ("Today", "<td>1 day", "9 days", "Late", "Read first", "within one working day"):
        assert said in text
    for word in ("Anna", "Grant", str(Comment.objects.first().pk)):
        assert word not in text
    assert "no-store" in client.get(at(survey, "comments"))["Cache-Control"]
    text = text_of(client, at(survey, "comments-read"))
    assert "Nothing has been decided yet." in text


def test_while_on_site_it_is_two_hours(client, survey, settings):
    settings.SIGHTLINE_ON_SITE = frozenset({HERE})
    named(client, survey)
    assert "within two hours" in text_of(client, at(survey, "comments"))


def test_the_queue_takes_as_many_queries_whatever_waits(
    client, survey, django_assert_max_num_queries
):
    named(client, survey)
    waits(survey)
    client.get(at(survey, "comments"))
    with django_assert_max_num_queries(15) as one:
        client.get(at(survey, "comments"))
    CommentFactory.create_batch(40, survey=survey, item="why")
    with django_assert_max_num_queries(len(one)):
        client.get(at(survey, "comments"))


# One text.


def test_a_text_is_read_and_cleared_and_the_next_follows(client, survey):
    named(client, survey)
    first, second = waits(survey, urgency=2), waits(survey, words="More time.")
    url = at(survey, "comment", 1)
    assert str(first.pk) not in url
    text = text_of(client, url)
    assert "<mark>Anna Campbell" in text
    assert "“Anna Campbell”, which looks like a name" in text
    assert "Why is that?" in text
    assert "How old: Today" in text
    text = text_of(
        client, url, **sent(first, decision="redacted", taken=["Anna Campbell"], more="Grant\n\n")
    )
    assert "Kept." in text
    assert "More time." in text
    first.refresh_from_db()
    assert first.cleared == "My name is [removed].\nMr [removed] hits me."
    text = text_of(client, url, **sent(second))
    assert "Nothing waits to be read." in text
    text = text_of(client, at(survey, "comments-read"))
    assert "Cleared with words taken out" in text
    decided = list(comments.decided(survey))
    text = text_of(client, at(survey, "comment-again", decided.index(first) + 1))
    assert "What others may see" in text
    assert "You." in text


def test_a_form_is_about_its_text_although_places_move(client, survey):
    named(client, survey)
    old = waits(survey)
    waits(survey, urgency=2)
    text_of(client, at(survey, "comment", 1), **sent(old))
    old.refresh_from_db()
    assert old.state == "cleared"


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"decision": ""}, "Select what others may see"),
        ({"decision": "redacted"}, "Say which words are taken out."),
        ({"decision": "redacted", "more": "Zara"}, "“Zara” is not in the text."),
        ({"decision": "withheld"}, "Say why nobody is to see it."),
        ({"follows": 3}, "Somebody else has decided about this comment"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_text(client, survey, over, said):
    named(client, survey)
    comment = waits(survey)
    text = text_of(client, at(survey, "comment", 1), **sent(comment, **over))
    assert said in text
    assert "Anna Campbell" in text
    comment.refresh_from_db()
    assert comment.state == "waiting"


@pytest.mark.parametrize("key", ["", "nonsense", "73848246-3a34-4480-99ec-ea88774f9476"])
def test_no_other_text_is_decided(client, survey, key):
    named(client, survey)
    waits(survey)
    assert client.post(at(survey, "comment", 1), {"key": key}).status_code == 404
    theirs = CommentFactory()
    assert client.post(at(survey, "comment", 1), {"key": theirs.pk}).status_code == 404


@pytest.mark.parametrize("number", [0, 2, 10**9, 10**30])
def test_a_place_that_nothing_has_leads_to_the_queue(client, survey, number):
    named(client, survey)
    waits(survey)
    page = client.get(at(survey, "comment", number))
    assert page.status_code == 302
    assert page["Location"] == at(survey, "comments")


def test_a_concern_is_offered_without_a_word_in_the_address(client, survey):
    named(client, survey)
    comment = waits(survey)
    text = text_of(client, at(survey, "comment", 1))
    assert f'href="/concerns/raise/?from={at(survey, "comments")}"' in text
    text = text_of(client, at(survey, "comment", 1), key=comment.pk, follows=0, deed="concern")
    assert "A concern was raised" in text
    assert "Decided before" in text
    again = {"key": comment.pk, "follows": 0, "deed": "concern"}
    assert "Somebody else has decided" in text_of(client, at(survey, "comment", 1), **again)
    assert comments.last_number(comment) == 1


def test_opening_texts_leaves_one_line_a_day(client, survey):
    reader = named(client, survey)
    for _ in range(3):
        waits(survey)
    for number in (1, 2, 3):
        text_of(client, at(survey, "comment", number))
    lines = AuditEvent.objects.filter(actor=reader.audit_name, verb="survey.read")
    assert [line.target for line in lines] == [f"survey:{HERE}/{survey.slug}"]


def test_the_history_says_by_whose_part_and_never_by_name(client, closed):
    named(client, closed)
    comment = shown(closed, "Time.")
    other = UserFactory(name="Somebody Else")
    CommentReadingFactory(comment=comment, reader=other.audit_name, reason="Fine")
    CommentReadingFactory(comment=comment, number=2, decision="quote", reader=other.audit_name)
    text = text_of(client, at(closed, "comment-again", 1))
    assert "Another safety reader. Fine" in text
    assert "A second person." in text
    assert "Somebody Else" not in text


def test_nothing_typed_about_a_text_is_kept_before_it_is_sent(client, survey):
    named(client, survey)
    waits(survey)
    text = text_of(client, at(survey, "comment", 1))
    assert "sightline_typed" not in text


def test_once_the_answers_are_deleted_there_is_nothing_to_read(client, survey):
    named(client, survey)
    Survey.objects.filter(pk=survey.pk).update(
        state="destroyed", closed_at=timezone.now(), closed_by="test"
    )
    assert client.get(at(survey, "comment", 1)).status_code == 409


def test_a_text_in_another_language_is_marked_as_such(client, survey):
    named(client, survey)
    waits(survey, words="Ùine.", about={"item": "why", "language": "gd"})
    text = text_of(client, at(survey, "comment", 1))
    assert 'lang="gd"' in text
    assert "(gd)" in text


def test_where_the_questions_cannot_be_read_a_question_has_its_code(client, survey):
    named(client, survey)
    Survey.objects.filter(pk=survey.pk).update(questionnaire="gone@1")
    waits(survey)
    assert "<td>why</td>" in text_of(client, at(survey, "comments"))


# What is shown.


def test_before_closing_the_page_says_when(client, survey):
    somebody(client, "chief-officer")
    shown(survey, "Time.")
    text = text_of(client, at(survey, "own-words"))
    assert "once the survey has closed" in text
    assert "Time." not in text
    assert client.get(at(survey, "own-words-question", "why")).status_code == 404


@pytest.mark.parametrize(
    ("results", "said"),
    [({}, "are being counted"), ({"counted": True, "shown": False}, "Too few people answered")],
)
def test_of_too_few_nothing_is_shown(client, closed, results, said):
    Survey.objects.filter(pk=closed.pk).update(results=results)
    shown(closed, "Time.")
    somebody(client, "chief-officer")
    text = text_of(client, at(closed, "own-words"))
    assert said in text
    assert "Time." not in text


def test_whoever_sees_the_survey_reads_what_was_cleared_by_theme(client, closed):
    somebody(client, "chief-officer")
    many = [shown(closed, f"Worker {letter}") for letter in "abcde"]
    few = shown(closed, "Meeting a", about={"item": "why", "group": "Police Scotland"})
    waits(closed)
    theme = ThemeFactory(survey=closed, item="why", name="Worker change", **NAMED)
    theme.comments.set(many)
    small = ThemeFactory(survey=closed, item="why", name="Meetings", **NAMED)
    small.comments.set([few])
    hidden = ThemeFactory(survey=closed, item="why", words=["secretword"])
    hidden.comments.set([few])
    text = text_of(client, at(closed, "own-words"))
    assert "6 comments." in text
    assert "1 comment waits for a safety check and is not shown yet" in text
    assert "Worker change</a>: 5 comments" in text
    assert "Meetings</a>: a few comments" in text
    url = at(closed, "own-words-question", "why")
    text = text_of(client, url)
    assert text.count("Worker ") > 5
    assert "Not to be quoted yet" in text
    for word in ("Police", "secretword", "Anna", "Use as quote"):
        assert word not in text
    text = text_of(client, f"{url}?theme={small.pk}")
    assert "Meeting a" in text
    assert "Worker a" not in text
    assert "No comment has this theme." in text_of(client, f"{url}?theme=none")
    for other in (hidden.pk, uuid4(), "nonsense"):
        assert client.get(f"{url}?theme={other}").status_code == 404
    assert client.get(at(closed, "own-words-question", "nothing")).status_code == 404
    for name in ("themes", "theme", "theme-move"):
        more = {"theme": [theme.pk], "theme-move": [few.pk]}.get(name, [])
        assert client.get(at(closed, name, "why", *more)).status_code == 403
    assert client.get(at(closed, "quote", few.pk)).status_code == 403


NAMED = {"named_at": dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC), "named_by": "test"}


def test_what_people_wrote_takes_as_many_queries_whatever_they_wrote(
    client, closed, django_assert_max_num_queries
):
    somebody(client, "chief-officer")
    for name, more in (("own-words", []), ("own-words-question", ["why"])):
        shown(closed, "Time.")
        client.get(at(closed, name, *more))
        with django_assert_max_num_queries(16) as one:
            client.get(at(closed, name, *more))
        for _ in range(30):
            shown(closed, "More time.")
        with django_assert_max_num_queries(len(one)):
            client.get(at(closed, name, *more))


# Themes.


def test_themes_are_named_merged_moved_and_dropped_by_hand(client, closed):
    somebody(client, "partnership-co-ordinator")
    comment = shown(closed, "Worker a")
    one = ThemeFactory(survey=closed, item="why", words=["worker", "stay"])
    other = ThemeFactory(survey=closed, item="why", words=["meeting"])
    one.comments.add(comment)
    board = at(closed, "themes", "why")
    text = text_of(client, board)
    assert "Not named yet: worker, stay" in text
    assert "Without a theme: no comments." in text
    page = at(closed, "theme", "why", one.pk)
    assert "Worker a" in text_of(client, page)
    assert "Enter what the theme is called" in text_of(client, page, deed="name", name="")
    assert "Worker change" in text_of(client, page, deed="name", name="Worker change")
    assert "Select a theme" in text_of(client, page, deed="merge", into="")
    text = text_of(client, at(closed, "theme-move", "why", comment.pk), into=str(other.pk))
    assert "The comment is moved." in text
    text_of(client, at(closed, "theme-move", "why", comment.pk), into="other")
    assert not comment.themes.exists()
    assert "Select a theme" in text_of(client, at(closed, "theme-move", "why", comment.pk), into="")
    text = text_of(client, page, deed="merge", into=str(other.pk))
    assert "The themes are one." in text
    text = text_of(client, at(closed, "theme", "why", other.pk), deed="drop")
    assert "The theme is dropped." in text
    assert not Theme.objects.exists()
    assert client.get(page).status_code == 404
    assert client.get(at(closed, "theme-move", "why", uuid4())).status_code == 404
    assert "Propose themes" in text_of(client, board)


def test_a_theme_alone_is_merged_with_none(client, closed):
    somebody(client, "partnership-co-ordinator")
    shown(closed, "Worker a")
    theme = ThemeFactory(survey=closed, item="why")
    text = text_of(client, at(closed, "theme", "why", theme.pk))
    assert "Merge it into another" not in text
    assert "It has no comments." in text


def test_themes_are_proposed_again_by_hand(client, closed, django_capture_on_commit_callbacks):
    somebody(client, "partnership-co-ordinator")
    shown(closed, "Worker a")
    old = ThemeFactory(survey=closed, item="why")
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(at(closed, "themes", "why"))
    assert page.status_code == 302
    assert not Theme.objects.filter(pk=old.pk).exists()


# Quotes.


def test_a_second_person_confirms_a_quote(client, closed):
    somebody(client, "partnership-co-ordinator")
    comment = shown(closed, "Worker a")
    url = at(closed, "quote", comment.pk)
    CommentReadingFactory(comment=comment, reader="person:0")
    question = at(closed, "own-words-question", "why")
    assert f'href="{url}"' in text_of(client, question)
    assert "Confirm that nobody can be recognised" in text_of(client, url, follows=1)
    assert "It may be quoted." in text_of(client, url, follows=1, sure="on")
    text = text_of(client, question)
    assert "May be quoted" in text
    assert "Use as quote" not in text
    assert "A second person has confirmed it." in text_of(client, url)
    assert client.get(at(closed, "quote", uuid4())).status_code == 404


def test_whoever_cleared_it_is_told_to_ask_somebody_else(client, closed):
    person = somebody(client, "partnership-co-ordinator")
    comment = shown(closed, "Worker a")
    CommentReadingFactory(comment=comment, reader=person.audit_name)
    text = text_of(client, at(closed, "quote", comment.pk), follows=1, sure="on")
    assert "Ask a second person" in text


# Those who asked to be spoken to.


def test_requests_are_listed_and_marked(client, survey):
    person = somebody(client, "partnership-co-ordinator")
    url = at(survey, "contacts")
    assert "Nobody waits to be spoken to." in text_of(client, url)
    assert not AuditEvent.objects.filter(verb="survey.contacts-opened").exists()
    request = ContactRequestFactory(survey=survey)
    text = text_of(client, url)
    assert "07700 900123" in text
    assert "1 March 2026" in text
    text = text_of(client, url, key=request.pk)
    assert "Marked as done." in text
    assert "07700" not in text
    assert "Done: 1." in text
    assert client.post(url, {"key": "nonsense"}).status_code == 404
    assert client.post(url, {"key": request.pk}).status_code == 409
    lines = AuditEvent.objects.filter(verb="survey.contacts-opened", actor=person.audit_name)
    assert lines.count() == 1
    for role, area, status in (("safety-reader", HERE, 403), ("safety-reader", "angus", 404)):
        somebody(client, role, area)
        assert client.get(url).status_code == status


# Drawn.


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "no comments"), (1, "a few comments"), (4, "a few comments"), (5, "5 comments")],
)
def test_a_few_are_not_counted(number, said):
    assert presenters.counted(number) == said


def test_themes_of_a_few_stand_by_name_so_that_their_place_says_nothing(closed):
    found = []
    for name, number in (("B", 4), ("A", 1), ("C", 6)):
        theme = ThemeFactory(survey=closed, item="why", name=name, **NAMED)
        theme.comments.set([shown(closed, f"{name}{n}") for n in range(number)])
        found.append(theme)
    rows = presenters.theme_rows(found, comments.theme_sizes(closed))
    assert [row.label for row in rows] == ["C", "A", "B"]


def test_questions_stand_as_they_were_asked_and_unknown_ones_last(closed):
    numbers = {"zz": 9, "why": 1, "aa": 9}
    assert [one.code for one in presenters.questions(closed, numbers)] == ["why", "aa", "zz"]


def test_a_draft_has_a_queue_with_nothing_in_it(client):
    survey = SurveyFactory(area=HERE)
    named(client, survey)
    assert "Nothing waits to be read." in text_of(client, at(survey, "comments"))
