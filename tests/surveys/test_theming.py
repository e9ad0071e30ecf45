"""Themes: proposed by words, the same each time, and made by people from then on."""

import random
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.access.actors import command_line
from sightline.access.models import AuditEvent
from sightline.jobs.actors import Clock
from sightline.jobs.progress import Progress
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from sightline.surveys import comments, theming, theming_jobs
from sightline.surveys.models import Survey, Theme
from sightline.surveys.services import theming as services
from sightline.surveys.theming import how_many, propose
from tests.factories.access import UserFactory, assign
from tests.factories.surveys import ClosedSurveyFactory, CommentFactory, ThemeFactory

HERE = "fife"
PAGE = Path(__file__).parents[2] / "docs/methods/M-23-themes.md"
WORKER = [
    "I want the same worker every week",
    "My worker changed three times",
    "Please keep one worker",
    "The worker changed again and nobody said",
    "A worker who stays",
    "Same worker for longer",
]
TOLD = [
    "Tell me what is happening",
    "Nobody explains the meetings",
    "I was not told about the meetings",
    "Explain what happens in meetings",
    "Meetings are long and nobody explains",
    "Someone should explain what happens",
]
database = pytest.mark.django_db


@pytest.fixture
def survey():
    return ClosedSurveyFactory(
        area=HERE, base=10, results={"counted": True, "shown": True}, slug="themes"
    )


@pytest.fixture
def runner():
    return assign(UserFactory(), "partnership-co-ordinator", "partnership", HERE)


def written(survey, texts, **over):
    return [
        CommentFactory(**{"survey": survey, "state": "cleared", "cleared": text} | over)
        for text in texts
    ]


# Proposing: pure.


def test_comments_that_share_words_are_a_theme():
    found = propose(WORKER + TOLD, smallest=10)
    assert len(found) == 2
    by_word = {word: theme for theme in found for word in theme.words}
    assert set(by_word["worker"].members) <= set(range(6))
    assert set(by_word["meetings"].members) <= set(range(6, 12))
    assert len(by_word["worker"].members) >= 5
    assert len(by_word["meetings"].members) >= 4


def test_the_worked_example_of_the_method_page_is_what_comes_out():
    rows = [line.strip("| ").split(" | ") for line in PAGE.read_text().splitlines() if "|" in line]
    said = [(text, theme) for text, theme in rows if text in WORKER + TOLD]
    texts = [text for text, _ in said]
    assert sorted(texts) == sorted(WORKER + TOLD)
    found = {place: theme.words for theme in propose(texts, smallest=10) for place in theme.members}
    assert [theme for _, theme in said] == [
        ", ".join(found[place]) if place in found else "none" for place in range(len(said))
    ]


@given(st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None)
def test_whichever_order_they_come_in_the_themes_are_the_same(chance):
    texts = WORKER + TOLD
    mixed = list(range(len(texts)))
    chance.shuffle(mixed)
    once = propose(texts, smallest=10)
    again = propose([texts[place] for place in mixed], smallest=10)
    assert [theme.words for theme in again] == [theme.words for theme in once]
    assert [sorted(mixed[at] for at in theme.members) for theme in again] == [
        list(theme.members) for theme in once
    ]


WORD = st.sampled_from(["worker", "meeting", "school", "night", "the", "listen", "x", "[removed]"])
TEXT = st.lists(WORD, max_size=6).map(" ".join)


@given(st.lists(TEXT, max_size=30), st.integers(0, 12))
@settings(max_examples=25, deadline=None)
def test_whatever_is_written_each_comment_is_of_one_theme_at_most(texts, smallest):
    found = propose(texts, smallest=smallest)
    members = [place for theme in found for place in theme.members]
    assert len(members) == len(set(members))
    assert set(members) <= set(range(len(texts)))
    assert all(len(theme.members) >= 2 for theme in found)
    assert all(1 <= len(theme.words) <= theming.WORDS for theme in found)
    assert not {"the", "removed"} & {word for theme in found for word in theme.words}
    if len(texts) < smallest:
        assert found == ()


def test_a_word_of_one_comment_alone_stands_for_no_theme():
    found = propose([*WORKER, *TOLD, "Anna Campbell was a good worker"], smallest=10)
    assert found
    assert not {"anna", "campbell"} & {word for theme in found for word in theme.words}


@pytest.mark.parametrize(
    "texts",
    [
        [],
        WORKER,  # fewer than the base
        ["the and of"] * 12,  # stop words alone
        [f"w{chr(97 + n)}{chr(98 + n)}{chr(99 + n)}" for n in range(12)],  # nothing shared
        ["same words"] * 12,  # nothing tells them apart
    ],
)
def test_where_there_are_none_none_are_made_up(texts):
    assert propose(texts, smallest=10) == ()


@pytest.mark.parametrize(
    ("texts", "themes"), [(2, 2), (12, 2), (30, 2), (31, 3), (60, 5), (96, 8), (5_000, 8)]
)
def test_how_many_grows_with_how_much_was_written(texts, themes):
    assert how_many(texts) == themes


def test_a_plain_factorisation_leans_the_same_way():
    """Multiplicative updates (Lee and Seung 2001) from the same beginning, written out."""
    weights, _ = theming._weighed(sorted(WORKER + TOLD))
    from sklearn.decomposition._nmf import _initialize_nmf

    left, right = _initialize_nmf(weights, 2, init="nndsvda", random_state=0)
    dense = weights.toarray()
    for _ in range(3_000):
        right *= (left.T @ dense) / (left.T @ left @ right + 1e-12)
        left *= (dense @ right.T) / (left @ right @ right.T + 1e-12)
    order = sorted(range(12), key=lambda place: (WORKER + TOLD)[place])
    ours = {
        frozenset(
            place
            for row, place in zip(left, order, strict=True)
            if row.argmax() == theme and row[theme] >= theming.CLEAR * row.sum() > 0
        )
        for theme in range(2)
    }
    assert ours == {frozenset(theme.members) for theme in propose(WORKER + TOLD, smallest=10)}
    assert np.isfinite(left).all()


def test_no_web_process_needs_scikit_learn():
    code = (
        "import sys, sightline.surveys.theming as t; t.how_many(3); "
        "sys.exit('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Proposing: kept.


@database
def test_themes_of_cleared_comments_are_proposed(survey):
    written(survey, WORKER + TOLD)
    written(survey, WORKER, state="waiting")
    written(survey, ["Is e an aon neach-obrach a tha mi ag iarraidh"], about={"language": "gd"})
    written(survey, WORKER, item="few")
    made = services.propose(actor=command_line(), survey=survey)
    assert made == 2
    assert {theme.item for theme in Theme.objects.all()} == {"said"}
    for theme in Theme.objects.all():
        assert theme.name == ""
        assert theme.comments.filter(state="cleared").count() == theme.comments.count() >= 4
    survey.refresh_from_db()
    assert survey.results["themes"]
    assert AuditEvent.objects.get(verb="survey.themes-proposed").after == {"themes": 2}


@database
def test_proposed_again_named_themes_stay_with_their_comments(survey, runner):
    written(survey, WORKER + TOLD)
    services.propose(actor=runner, survey=survey)
    kept = Theme.objects.first()
    services.name_theme(actor=runner, survey=survey, theme=kept.pk, name="  Worker   change ")
    members = set(kept.comments.values_list("pk", flat=True))
    services.propose(actor=runner, survey=survey)
    (left,) = Theme.objects.exclude(name="")
    assert (left.pk, left.name) == (kept.pk, "Worker change")
    assert set(left.comments.values_list("pk", flat=True)) == members
    assert list(comments.themes_of(survey, named=True)) == [kept]
    assert not Theme.objects.filter(name="").exists()  # too few are left


@database
@pytest.mark.parametrize("over", [{"state": "open"}, {"results": {"shown": False}}])
def test_nothing_is_proposed_before_it_may_be_shown(survey, runner, over):
    Survey.objects.filter(pk=survey.pk).update(**over)
    survey.refresh_from_db()
    with pytest.raises(NotAllowed, match="Themes are made"):
        services.propose(actor=runner, survey=survey)
    with pytest.raises(NotAllowed):
        services.start_proposing(actor=runner, survey=survey)


@database
def test_the_clock_proposes_once_everything_has_been_read(survey):
    clock = Progress("key", Clock("surveys.themes"))
    late = CommentFactory(survey=survey)
    written(survey, WORKER + TOLD)
    ClosedSurveyFactory(results={"counted": True, "shown": False})
    ClosedSurveyFactory(results={"counted": True, "shown": True})
    assert theming_jobs.propose_where_read(clock) == {"surveys": 0}
    late.state = "withheld"
    late.save()
    assert theming_jobs.propose_where_read(clock) == {"surveys": 1}
    assert Theme.objects.filter(proposed_by="schedule:surveys.themes").count() == 2
    assert theming_jobs.propose_where_read(clock) == {"surveys": 0}


@database
def test_somebody_has_them_proposed_outside_the_request(
    survey, runner, django_capture_on_commit_callbacks
):
    written(survey, WORKER + TOLD)
    with django_capture_on_commit_callbacks(execute=True):
        services.start_proposing(actor=runner, survey=survey)
    assert Theme.objects.count() == 2
    found = theming_jobs.propose(Progress("key", runner), str(survey.pk))
    assert found == {"themes": 2}


# People make them.


@pytest.fixture
def two(survey):
    """Two themes of one question, with a comment each."""
    made = [ThemeFactory(survey=survey, words=[word, "both"]) for word in ("one", "two")]
    for theme, comment in zip(made, written(survey, ["a", "b"]), strict=True):
        theme.comments.add(comment)
    return made


@database
def test_only_whoever_runs_the_survey_changes_themes(survey, two):
    one, other = two
    sees = assign(UserFactory(), "partnership-analyst", "partnership", HERE)
    stranger = assign(UserFactory(), "partnership-co-ordinator", "partnership", "angus")
    for person, refusal in ((sees, NotPermitted), (stranger, NotFound)):
        given = {"actor": person, "survey": survey}
        for act in (
            lambda g=given: services.name_theme(**g, theme=one.pk, name="n"),
            lambda g=given: services.merge_themes(**g, theme=one.pk, into=other.pk),
            lambda g=given: services.drop_theme(**g, theme=one.pk),
            lambda g=given: services.move_comment(**g, comment=one.pk, into=None),
            lambda g=given: services.propose(**g),
            lambda g=given: services.start_proposing(**g),
        ):
            with pytest.raises(refusal):
                act()


@database
def test_two_themes_are_merged(survey, runner, two):
    one, other = two
    services.merge_themes(actor=runner, survey=survey, theme=one.pk, into=other.pk)
    (left,) = Theme.objects.all()
    assert left.pk == other.pk
    assert left.comments.count() == 2
    assert left.words == ["two", "both", "one"]
    assert AuditEvent.objects.filter(verb="survey.themes-merged").count() == 1


@database
def test_a_theme_is_dropped_and_its_comments_stay(survey, runner, two):
    services.drop_theme(actor=runner, survey=survey, theme=two[0].pk)
    assert [one.themes for one in comments.said(survey)] == [(), (two[1].pk,)]


@database
def test_a_comment_is_moved_to_one_theme_or_none(survey, runner, two):
    comment = two[0].comments.get()
    given = {"actor": runner, "survey": survey, "comment": comment.pk}
    services.move_comment(**given, into=two[1].pk)
    assert list(comment.themes.all()) == [two[1]]
    services.move_comment(**given, into=None)
    assert not comment.themes.exists()


@database
def test_what_cannot_be_done_with_a_theme_is_said(survey, runner, two):
    one, other = two
    given = {"actor": runner, "survey": survey}
    elsewhere = ThemeFactory(survey=survey, item="else")
    foreign = ThemeFactory()
    with pytest.raises(BadInput, match="Enter"):
        services.name_theme(**given, theme=one.pk, name=" ")
    services.name_theme(**given, theme=one.pk, name="Time")
    services.name_theme(**given, theme=one.pk, name="Time")
    with pytest.raises(BadInput, match="Another theme"):
        services.name_theme(**given, theme=other.pk, name="TIME")
    for into in (one, elsewhere):
        with pytest.raises(BadInput, match="another theme of the same question"):
            services.merge_themes(**given, theme=one.pk, into=into.pk)
    for key in (foreign.pk, uuid4()):
        with pytest.raises(NotFound):
            services.drop_theme(**given, theme=key)
    comment = one.comments.get()
    with pytest.raises(BadInput, match="same question"):
        services.move_comment(**given, comment=comment.pk, into=elsewhere.pk)
    (waiting,) = written(survey, ["w"], state="waiting")
    for key in (waiting.pk, uuid4()):
        with pytest.raises(NotFound):
            services.move_comment(**given, comment=key, into=None)


def test_chance_is_not_used():
    random.seed(1)
    once = propose(WORKER + TOLD, smallest=10)
    random.seed(2)
    np.random.seed(2)
    assert propose(WORKER + TOLD, smallest=10) == once
