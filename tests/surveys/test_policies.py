"""What is missing before a survey opens, and what the state allows."""

import datetime as dt

import pytest

from sightline.kernel.errors import NotAllowed
from sightline.surveys import policies, presenters, presenters_tasks, promise
from sightline.surveys.models import Survey
from tests.factories.surveys import QuestionnaireFactory, SurveyFactory, own_questions

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 21)


def ready(readers=1, content=None, **over):
    over.setdefault("area", "fife")
    if content is not None:
        over["questionnaire"] = QuestionnaireFactory(area="fife", content=content).key
    return policies.ready(SurveyFactory(**over), readers)


def tasks(held):
    return {one.code: one for one in presenters_tasks.tasks(held, TODAY)}


def test_the_tasks_are_eight_and_begin_somewhere():
    found = tasks(ready())
    assert list(found) == list(policies.TASKS)
    assert found["start"].done
    assert found["questions"].done
    assert found["access"].status == found["results"].status == "Not started"
    assert found["privacy"].status == "Review"
    assert found["open"].status == "Cannot start yet"
    assert found["open"].title == "Try it as a member of staff, then open"


def test_a_task_that_was_begun_is_in_progress():
    assert tasks(ready(done=["access"]))["access"].status == "In progress"
    assert tasks(ready(done=["results"], readers=0))["results"].status == "In progress"


def test_questions_with_faults_are_things_to_fix():
    content = own_questions(languages=["en"])
    content["sections"][0]["items"][1]["show_when"] = "${nobody} ="
    broken = len(policies.things_to_fix(ready(content=content)))
    said = tasks(ready(content=content))["questions"].status
    assert said == ("1 thing to fix" if broken == 1 else f"{broken} things to fix")
    content["sections"][0]["items"][0]["text"] = {"en": "This is anonymous?"}
    held = ready(content=content)
    assert tasks(held)["questions"].status == f"{broken + 1} things to fix"
    lines = {line.code: line for part in presenters_tasks.parts(held) for line in part.lines}
    assert lines["why"].faults
    assert "anonymous" in lines["supported"].faults[0]
    whole = [fault.where for fault in presenters_tasks.of_the_whole(held)]
    assert "why" not in whole
    assert "Question supported (en)" not in whole


def test_only_notes_are_no_questions():
    content = own_questions(languages=["en"], choices={})
    content["sections"][0]["items"] = [{"code": "n", "kind": "note", "text": {"en": "Hello."}}]
    held = ready(content=content, readers=0)
    assert str(presenters_tasks.of_the_whole(held)[0]) == "There is no question yet. Add one."
    assert not held.free_text
    assert presenters_tasks.parts(held)[0].lines[0].number is None


def test_what_cannot_be_read_is_said_once():
    held = ready(content={"code": "x"})
    assert held.questionnaire is None
    assert not held.free_text
    assert tasks(held)["questions"].status.endswith("to fix")
    assert presenters_tasks.parts(held) == ()
    assert presenters_tasks.of_the_whole(held) == held.unreadable
    gone = ready(questionnaire="no-such@9")
    assert [one.task for one in policies.missing(gone, TODAY)].count("questions") == 1


def test_gaps_of_other_languages_are_a_task_of_their_own():
    held = ready(content=own_questions(), languages=["en", "gd"])
    assert policies.things_to_fix(held) == ()
    found = [one.what for one in policies.missing(held, TODAY) if one.task == "languages"]
    assert "5 texts are not in Gaelic yet." in found
    assert any("Nobody has confirmed" in one for one in found)
    done = ready(
        content=own_questions(), languages=["en", "gd"], done=[policies.confirmed_language("gd")]
    )
    found = [one.what for one in policies.missing(done, TODAY) if one.task == "languages"]
    assert not any("Nobody has confirmed" in one for one in found)
    spoken = {one.code: one for one in presenters_tasks.spoken(held.survey, held.questionnaire)}
    assert (spoken["gd"].there, spoken["gd"].of, spoken["gd"].offered) == (1, 6, True)
    assert spoken["gd"].status == "1 of 6 texts"
    assert spoken["en"].status == "Every text is there"
    assert policies.in_finished_languages(held.questionnaire).languages == ("en",)


def test_a_language_without_a_promise_is_missing():
    content = own_questions(languages=["en", "zz"])
    found = policies.missing(ready(content=content, languages=["en", "zz"]), TODAY)
    assert any("no words in zz" in one.what for one in found)


def test_answers_are_not_deleted_before_the_survey_closes():
    survey = SurveyFactory.build(closes_on=TODAY, destroy_on=TODAY, area="fife")
    found = policies.missing(policies.ready(survey, 1), TODAY)
    assert any("deleted after the survey has closed" in one.what for one in found)


def test_the_mark_of_having_read_goes_with_the_words():
    held = ready()
    before = policies.privacy_mark(held.survey, held.questionnaire)
    held.survey.base = 11
    assert policies.privacy_mark(held.survey, held.questionnaire) != before
    held.survey.base = 10
    assert policies.privacy_mark(held.survey, held.questionnaire) == before
    assert promise.promise_of(held.survey, held.questionnaire).version == 0


@pytest.mark.parametrize(
    ("state", "may"),
    [
        ("draft", {"build", "set"}),
        ("open", {"set", "open", "run"}),
        ("paused", {"set", "run"}),
        ("closed", set()),
        ("destroyed", set()),
    ],
)
def test_what_each_state_allows(state, may):
    checks = {
        "build": policies.check_can_build, "set": policies.check_can_set,
        "open": policies.check_is_open, "run": policies.check_is_running,
    }  # fmt: skip
    survey = Survey(state=state)
    for name, check in checks.items():
        if name in may:
            check(survey)
        else:
            with pytest.raises(NotAllowed):
                check(survey)


def test_a_questionnaire_is_edited_while_it_is_a_draft_of_ones_own():
    row = QuestionnaireFactory.build(content=own_questions())
    assert policies.check_can_edit(row) is row
    row.state = "released"
    with pytest.raises(NotAllowed, match="have been asked"):
        policies.check_can_edit(row)
    for locked in (None, QuestionnaireFactory.build(content=own_questions(locked=True))):
        with pytest.raises(NotAllowed, match="framework copy"):
            policies.check_can_edit(locked)


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("draft", "No dates yet"),
        ("open", "Closes on 21 November 2026"),
        ("paused", "Paused; was to close on 21 November 2026"),
        ("closed", "Closed; answers are deleted on"),
        ("destroyed", "Answers were deleted on"),
    ],
)
def test_a_row_says_when(state, says):
    dates = {} if state == "draft" else {"closes_on": TODAY, "destroy_on": TODAY}
    row = presenters.row(SurveyFactory.build(state=state, **dates))
    assert row.when.startswith(says)
    planned = presenters.row(SurveyFactory.build(closes_on=TODAY))
    assert planned.when == "Planned to close on 21 November 2026"
