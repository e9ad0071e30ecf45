"""Writing questions: codes stay, wordings grow, nobody overwrites anybody, locks hold."""

import copy
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.access.actors import acting_as
from sightline.access.models import AuditEvent
from sightline.kernel.errors import BadInput, Faults, NotAllowed, NotFound, NotPermitted
from sightline.partnerships import exercises
from sightline.surveys import drafting, promise, questionnaires, routing
from sightline.surveys.models import Questionnaire, SafetyReader, Survey
from sightline.surveys.routing import Condition, Routing
from sightline.surveys.services import building, questioning
from sightline.surveys.services.building import Start
from tests.factories.access import UserFactory, assign
from tests.factories.surveys import (
    ClosedSurveyFactory,
    OpenSurveyFactory,
    QuestionnaireFactory,
    SafetyReaderFactory,
    SurveyFactory,
    own_questions,
)

AREA = "fife"


@pytest.fixture
def runner(db):
    person = assign(UserFactory(), "partnership-co-ordinator", "partnership", AREA)
    with acting_as(person):
        yield person


@pytest.fixture
def survey(runner):
    """A draft with questions of the area's own."""
    row = QuestionnaireFactory(area=AREA, content=own_questions(languages=["en"]))
    return SurveyFactory(area=AREA, questionnaire=row.key)


def content_of(survey):
    survey.refresh_from_db()
    return drafting.plain(questionnaires.questionnaire(survey.questionnaire))


# Codes, wordings, answers.


@given(st.lists(st.text(max_size=30), max_size=12))
def test_codes_are_never_given_twice_and_are_codes(words):
    taken = []
    for one in words:
        taken.append(drafting.code_from(one, taken))
    assert len(set(taken)) == len(taken)
    for code in taken:
        assert code[0].isalpha()
        assert code.replace("-", "").isalnum()
        assert code.isascii()


def copied_children():
    base = questionnaires.questionnaire("children@1")
    return base, drafting.copied(base, key="children@1", code="children", version=1)


def test_a_copy_compares_with_what_it_copies():
    base, content = copied_children()
    assert content["comparable"] == ["children@1"]
    assert drafting.numbered(content, base) == content | {
        "sections": drafting.numbered(content, base)["sections"]
    }
    wordings = {item["wording"] for part in drafting.numbered(content, base)["sections"]
                for item in part["items"]}  # fmt: skip
    assert wordings == {1}


@pytest.mark.parametrize(
    ("change", "reworded"),
    [
        (lambda c, i: i.update(text={"en": "Other words?"}), {"listens"}),
        (lambda c, i: i.update(hint={"en": "A hint"}), {"listens"}),
        (lambda c, i: i.update(show_when="${age} = '8-11'"), {"listens"}),
        (lambda c, i: i.update(kind="one"), {"listens"}),
        (lambda c, i: i.update(sensitive=True, links=[], measures={}), set()),
        (lambda c, i: i["text"].update(gd="Ann an Gàidhlig"), set()),
        (
            lambda c, i: c["choices"]["yes-no"][0].update(label={"en": "Aye"}),
            {"know-why", "trusted-adult"},
        ),
        (lambda c, i: c["sections"][1].update(notice={"en": "Soft"}), set()),
    ],
)  # fmt: skip
def test_a_wording_grows_when_what_people_meet_changes(change, reworded):
    base, content = copied_children()
    change(content, drafting.item_of(content, "listens"))
    made = drafting.numbered(content, base)
    grown = {i["code"] for part in made["sections"] for i in part["items"] if i["wording"] > 1}
    assert reworded <= grown
    if not reworded:
        assert grown == set()
    assert drafting.numbered(made, base) == made, "working it out again changes nothing"


def test_a_word_put_back_has_its_number_again():
    base, content = copied_children()
    item = drafting.item_of(content, "listens")
    words = dict(item["text"])
    item["text"] = {"en": "Other"}
    content = drafting.numbered(content, base)
    assert drafting.item_of(content, "listens")["wording"] == 2
    drafting.item_of(content, "listens")["text"] = words
    assert drafting.item_of(drafting.numbered(content, base), "listens")["wording"] == 1


@given(
    st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1),
    st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1),
    st.booleans(),
)
def test_answers_keep_their_codes_wherever_they_move(before, after, values):
    first = drafting.choices_from(before, [], "en", values=values)
    second = drafting.choices_from(after, first, "en", values=values)
    codes = {one["label"]["en"]: one["code"] for one in first}
    assert [one["label"]["en"] for one in second] == after
    assert len({one["code"] for one in second}) == len(second)
    for one in second:
        if one["label"]["en"] in codes:
            assert one["code"] == codes[one["label"]["en"]]
    if values:
        assert {one["value"] for one in second} == set(range(1, len(after) + 1))


def test_an_answer_put_right_keeps_its_code_and_its_place_upwards():
    first = [
        {"code": "never", "label": {"en": "Nevr"}, "value": 1},
        {"code": "all", "label": {"en": "All"}, "value": 2},
    ]
    second = drafting.choices_from(["Never", "All"], first, "en", values=True)
    assert [(one["code"], one["value"]) for one in second] == [("never", 1), ("all", 2)]
    third = drafting.choices_from(["Never", "Some", "All"], second, "en", values=True)
    assert [one["value"] for one in third] == [1, 2, 3]
    with pytest.raises(BadInput, match="at most 60"):
        drafting.choices_from([str(n) for n in range(61)], [], "en", values=False)


# Moving.


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=12))
def test_moving_loses_no_question_and_empties_no_section(moves):
    _, content = copied_children()
    codes = sorted(i["code"] for part in content["sections"] for i in part["items"])
    for number, up in moves:
        code = codes[number % len(codes)]
        try:
            content = drafting.moving_item(content, code, up=up)
        except BadInput:
            continue
        assert sorted(i["code"] for p in content["sections"] for i in p["items"]) == codes
        assert all(part["items"] for part in content["sections"])


def test_up_and_down_are_each_others_opposite():
    _, content = copied_children()
    assert (
        drafting.moving_item(drafting.moving_item(content, "cares", up=False), "cares", up=True)
        == content
    )
    assert drafting.moving_item(content, "age", up=True) == content
    over = drafting.moving_item(content, "know-why", up=True)
    assert over["sections"][0]["items"][-1]["code"] == "know-why"


def test_no_change_touches_what_it_was_given():
    content = own_questions()
    before = copy.deepcopy(content)
    drafting.adding_item(content, "work", {"code": "x", "kind": "text", "text": {"en": "?"}})
    drafting.copying_item(content, "why")
    drafting.moving_item(content, "why", up=True)
    drafting.without_item(content, "supported")
    drafting.with_section(content, "work", {"title": {"en": "T"}})
    drafting.adding_section(content, "T", {"code": "x"})
    drafting.moving_section(content, "work", up=True)
    drafting.translated(content, "gd", {"introduction": "Halò"})
    drafting.without_language(content, "gd")
    drafting.with_choices(content, "yes-no", [])
    assert content == before


def test_the_last_of_anything_stays():
    content = own_questions()
    with pytest.raises(BadInput, match="at least one section"):
        drafting.without_section(content, "work")
    content = drafting.without_item(content, "supported")
    assert content["choices"] == {}, "answers that nothing uses go"
    with pytest.raises(BadInput, match="at least one question"):
        drafting.without_item(content, "why")
    content, code = drafting.adding_section(content, "Your work!", {"code": "x"})
    assert code == "your-work"
    with pytest.raises(BadInput, match="at least one question"):
        drafting.moving_item(content, "x", up=True)
    assert [s["code"] for s in drafting.moving_section(content, code, up=True)["sections"]] == [
        "your-work", "work",
    ]  # fmt: skip
    assert drafting.without_item(content, "x") == drafting.without_section(content, code)
    for missing in (drafting.section_of, drafting.item_of):
        with pytest.raises(NotFound):
            missing(content, "no-such")
    with pytest.raises(BadInput, match="main language stays"):
        drafting.without_language(content, "en")
    with pytest.raises(BadInput, match="main language is changed"):
        drafting.translated(content, "en", {})
    many = {"code": "x", "kind": "text", "text": {"en": "?"}}
    full = {"sections": [{"code": "s", "items": [many] * drafting.MOST_ITEMS}]}
    with pytest.raises(BadInput, match="at most 200"):
        drafting.adding_item(full, "s", many)


# Routing in plain terms.


names = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True)
conditions = st.builds(Condition, names, names, st.booleans(), st.booleans())


@given(st.lists(conditions, max_size=2), st.sampled_from(["and", "or"]))
def test_what_is_chosen_in_plain_terms_is_read_back(found, joined):
    routed = Routing(tuple(found), joined if len(found) > 1 else "and")
    assert routing.read(routed.written()) == routed


@pytest.mark.parametrize(
    "text",
    ["${a} > 3", "${a} = 'x' and ${b} = 'y' and ${c} = 'z'", "count-selected(${a}) = 2", "true()",
     "${a} = 'x' and ${b} = 'y' or ${c} = 'z'", "not(selected(${a}, 'x')", "${a} = 'x\" "],
)  # fmt: skip
def test_other_expressions_stay_expressions(text):
    assert routing.read(text) is None


def test_routing_is_said_in_the_words_of_the_questions():
    questionnaire = questionnaires.questionnaire("children@1")
    earlier = tuple(routing.earlier(questionnaire, "home"))
    assert [one.item.code for one in earlier] == ["age"]
    both = Routing((Condition("age", "8-11"), Condition("gone", "x", False, True)), "or")
    assert routing.in_words(both, earlier) == (
        "“How old are you?” is “8 to 11” or “gone” does not include “x”"
    )
    lone = Routing((Condition("age", "8-11", False), Condition("age", "12-15", many=True)))
    assert "is not “8 to 11” and “How old are you?” includes" in routing.in_words(lone, earlier)


# Beginning.


def test_a_survey_begins_with_what_is_shipped(runner):
    survey = building.start_survey(
        actor=runner, area=AREA, title="  Our   staff  ", start=Start(key="staff@1")
    )
    assert (survey.title, survey.questionnaire, survey.audience) == (
        "Our staff",
        "staff@1",
        "staff",
    )
    assert survey.slug == f"our-staff-{dt.date.today().year}"
    again = building.start_survey(
        actor=runner, area=AREA, title="Our staff", start=Start(key="staff@1")
    )
    assert again.slug == f"{survey.slug}-2"
    assert again.link != survey.link
    assert not Questionnaire.objects.exists()
    event = AuditEvent.objects.get(verb="survey.started", target=building.target(survey))
    assert event.actor == runner.audit_name


def test_a_copy_is_the_next_version_of_its_code(runner):
    for version in (1, 2):
        survey = building.start_survey(
            actor=runner, area=AREA, title="S", start=Start(key="staff@1", own=True)
        )
        assert survey.questionnaire == f"fife/staff@{version}"
    row = Questionnaire.objects.get(version=2)
    assert (row.based_on, row.content["locked"]) == ("staff@1", False)


def test_own_released_questions_are_run_again_and_others_are_not(runner):
    mine = QuestionnaireFactory(
        area=AREA, code="mine", content=own_questions("mine"), state="released",
        released_at=dt.datetime.now(dt.UTC), released_by="x",
    )  # fmt: skip
    found = building.start_survey(actor=runner, area=AREA, title="S", start=Start(key=mine.key))
    assert found.questionnaire == "fife/mine@1"
    draft = QuestionnaireFactory(area=AREA, code="draft")
    theirs = QuestionnaireFactory(
        area="angus", code="theirs", content=own_questions("theirs"), state="released",
        released_at=dt.datetime.now(dt.UTC), released_by="x",
    )  # fmt: skip
    for key in (draft.key, theirs.key, "fife/none@1", "none@1", "fife/none@x"):
        with pytest.raises(NotFound):
            building.start_survey(actor=runner, area=AREA, title="S", start=Start(key=key))


@pytest.mark.parametrize(
    ("title", "start", "says"),
    [
        (" ", Start(key="staff@1"), "Enter what"),
        ("Anonymous!", Start(key="staff@1"), "Only the privacy promise"),
        ("S", Start(audience="martians"), "who the survey is for"),
    ],
)
def test_what_cannot_begin_says_why(runner, title, start, says):
    with pytest.raises(BadInput, match=says):
        building.start_survey(actor=runner, area=AREA, title=title, start=start)
    assert not Survey.objects.exists()


def test_a_survey_for_an_inspection_is_begun_by_who_runs_it(runner, monkeypatch):
    monkeypatch.setattr(exercises, "_sources", [lambda: {"fife-2026": AREA, "angus-1": "angus"}])
    lead = assign(UserFactory(), "inspection-lead", "inspection", "fife-2026")
    start = Start(key="staff@1")
    with pytest.raises(NotPermitted, match="your inspection alone"):
        building.start_survey(actor=lead, area=AREA, title="S", start=start)
    made = building.start_survey(
        actor=lead, area=AREA, title="S", start=start, inspection="fife-2026"
    )
    assert made.inspection == "fife-2026"
    for inspection in ("angus-1", "fife-2026"):
        with pytest.raises(NotFound):
            building.start_survey(
                actor=runner, area=AREA, title="S", start=start, inspection=inspection
            )


# Questions.


def test_a_question_is_changed_added_copied_moved_and_deleted(runner, survey):
    item = drafting.item_of(content_of(survey), "supported")
    questioning.change_question(
        actor=runner, survey=survey, code="supported",
        item=item | {"text": {"en": "Do you feel supported?"}},
        answers=[{"code": "yes", "label": {"en": "Aye"}}, {"code": "no", "label": {"en": "No"}}],
    )  # fmt: skip
    content = content_of(survey)
    assert drafting.item_of(content, "supported")["text"]["en"] == "Do you feel supported?"
    assert content["choices"]["yes-no"][0]["label"]["en"] == "Aye"
    code = questioning.add_question(
        actor=runner, survey=survey, section="work",
        item={"kind": "many", "text": {"en": "What helps you most here?"}},
        answers=[{"code": "tea", "label": {"en": "Tea"}}],
    )  # fmt: skip
    assert code == "what-helps-you-most"
    assert content_of(survey)["choices"][code][0]["code"] == "tea"
    twin = questioning.copy_question(actor=runner, survey=survey, code=code)
    assert twin == f"{code}-2"
    questioning.change_question(
        actor=runner, survey=survey, code=twin, alone=True,
        item=drafting.item_of(content_of(survey), twin),
        answers=[{"code": "cake", "label": {"en": "Cake"}}],
    )  # fmt: skip
    content = content_of(survey)
    assert content["choices"][code][0]["code"] == "tea"
    assert content["choices"][twin][0]["code"] == "cake"
    questioning.move_question(actor=runner, survey=survey, code=twin, up=True)
    assert content_of(survey)["sections"][0]["items"][2]["code"] == twin
    questioning.delete_question(actor=runner, survey=survey, code=twin)
    assert twin not in content_of(survey)["choices"]
    with pytest.raises(BadInput, match="already"):
        questioning.add_question(
            actor=runner, survey=survey, section="work",
            item={"code": "why", "kind": "text", "text": {"en": "Why?"}},
        )  # fmt: skip
    verbs = AuditEvent.objects.filter(verb="questionnaire.changed")
    assert verbs.count() == 6


def test_sections_are_added_changed_moved_and_deleted(runner, survey):
    code = questioning.add_section(actor=runner, survey=survey, title="Your team")
    found = drafting.section_of(content_of(survey), code)
    was = questioning.section_fingerprint(found)
    questioning.change_section(
        actor=runner, survey=survey, code=code, fields={"title": {"en": "The team"}}, was=was
    )
    with pytest.raises(NotAllowed, match="Somebody else changed"):
        questioning.change_section(
            actor=runner, survey=survey, code=code, fields={"title": {"en": "T"}}, was=was
        )
    questioning.move_section(actor=runner, survey=survey, code=code, up=True)
    assert [part["title"]["en"] for part in content_of(survey)["sections"]] == [
        "The team", "Your work",
    ]  # fmt: skip
    questioning.delete_section(actor=runner, survey=survey, code=code)
    assert len(content_of(survey)["sections"]) == 1
    questioning.change_introduction(
        actor=runner, survey=survey, title="T", introduction="Hello.", minutes=4
    )
    content = content_of(survey)
    assert (content["title"], content["introduction"]["en"], content["minutes"]) == (
        "T", "Hello.", 4,
    )  # fmt: skip


def test_nobody_overwrites_what_somebody_else_wrote_meanwhile(runner, survey):
    content = content_of(survey)
    was = drafting.question_fingerprint(content, "why")
    item = drafting.item_of(content, "why")
    change = {"actor": runner, "survey": survey, "code": "why", "was": was}
    questioning.change_question(**change, item=item | {"text": {"en": "One?"}})
    with pytest.raises(NotAllowed, match="Somebody else changed"):
        questioning.change_question(**change, item=item | {"text": {"en": "Two?"}})
    assert drafting.item_of(content_of(survey), "why")["text"]["en"] == "One?"


def test_what_is_no_question_is_refused_and_nothing_is_kept(runner, survey):
    before = content_of(survey)
    item = drafting.item_of(before, "why")
    with pytest.raises(Faults):
        questioning.change_question(
            actor=runner, survey=survey, code="why", item=item | {"kind": "riddle"}
        )
    with pytest.raises(BadInput, match="Only the privacy promise"):
        questioning.change_question(
            actor=runner, survey=survey, code="why", item=item | {"text": {"en": "Anonymous?"}}
        )
    assert content_of(survey) == before


def test_a_claim_that_came_with_a_form_keeps_nobody_from_mending_another_text(runner):
    row = QuestionnaireFactory(area=AREA, content=own_questions(title="An anonymous form"))
    survey = SurveyFactory(area=AREA, questionnaire=row.key)
    questioning.delete_question(actor=runner, survey=survey, code="why")
    assert promise.claims_of([("", content_of(survey)["title"])])


def test_a_framework_copy_is_translated_and_not_reworded(runner):
    survey = SurveyFactory(area=AREA, questionnaire="children@1", audience="child")
    with pytest.raises(NotAllowed, match="framework copy"):
        questioning.delete_question(actor=runner, survey=survey, code="age")
    questioning.translate(
        actor=runner, survey=survey, language="gd", texts={"item:age:text": "Dè an aois a tha thu?"}
    )
    survey.refresh_from_db()
    assert survey.questionnaire == "fife/children@1"
    content = content_of(survey)
    assert content["locked"]
    assert drafting.item_of(content, "age")["text"]["gd"] == "Dè an aois a tha thu?"
    assert drafting.item_of(content, "age").get("wording", 1) == 1
    with pytest.raises(NotAllowed, match="framework copy"):
        questioning.delete_question(actor=runner, survey=survey, code="age")
    building.own_copy(actor=runner, survey=survey)
    questioning.delete_question(actor=runner, survey=survey, code="age")
    assert Questionnaire.objects.count() == 1


def test_languages_are_taken_out_with_their_texts(runner, survey):
    questioning.translate(
        actor=runner, survey=survey, language="gd",
        texts={"introduction": "Halò", "item:why:text": " ", "no-such:key": "x"},
    )  # fmt: skip
    survey.refresh_from_db()
    survey.languages, survey.done = ["en", "gd"], ["language:gd"]
    survey.save()
    with pytest.raises(BadInput, match="Only the privacy promise"):
        questioning.translate(
            actor=runner, survey=survey, language="gd", texts={"introduction": "gun ainm"}
        )
    questioning.remove_language(actor=runner, survey=survey, language="gd")
    survey.refresh_from_db()
    assert (survey.languages, survey.done) == (["en"], [])
    assert content_of(survey)["introduction"] == {"en": "We want to know how your work goes."}


def test_a_question_that_no_longer_groups_is_no_grouping(runner, survey):
    item = drafting.item_of(content_of(survey), "supported")
    change = {"actor": runner, "survey": survey, "code": "supported"}
    questioning.change_question(**change, item=item | {"groups": True})
    Survey.objects.filter(pk=survey.pk).update(groupings=["supported"])
    questioning.change_question(**change, item=item)
    survey.refresh_from_db()
    assert survey.groupings == []


# Settings and readers.


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"opens_on": dt.date(2030, 2, 2), "closes_on": dt.date(2030, 2, 1)}, "first day or later"),
        ({"closes_on": dt.date(2099, 8, 1)}, "deleted after the last day"),
        ({"closes_on": None}, "keeps its last day"),
    ],
)
def test_days_in_the_wrong_order_are_refused(runner, values, says):
    survey = OpenSurveyFactory(area=AREA, opens_on=None)
    with pytest.raises(BadInput, match=says):
        building.set_up(actor=runner, survey=survey, task="access", values=values)


def test_a_claim_in_a_local_text_is_refused(runner, survey):
    for name, text in (("local_help", ["An anonymous line"]), ("handout_note", "anonymous")):
        with pytest.raises(BadInput, match="Only the privacy promise"):
            building.set_up(actor=runner, survey=survey, task="help", values={name: text})


def test_there_is_nothing_else_to_confirm(runner, survey):
    with pytest.raises(BadInput, match="nothing of that name"):
        building.confirm(actor=runner, survey=survey, what="language:gd")
    building.confirm(actor=runner, survey=survey, what="language:en")


def test_a_reader_is_trained_holds_the_role_here_and_is_named_once(runner, survey):
    person = UserFactory(name="R. Reader")
    name = {"actor": runner, "survey": survey, "person": person}
    today = dt.date.today()
    with pytest.raises(NotAllowed, match="role of safety reader"):
        building.name_reader(**name, trained_on=today)
    assign(person, "safety-reader", "partnership", AREA)
    name["person"] = type(person).objects.get(pk=person.pk)
    with pytest.raises(BadInput, match="today or earlier"):
        building.name_reader(**name, trained_on=today + dt.timedelta(days=1))
    made = building.name_reader(**name, trained_on=today)
    with pytest.raises(NotAllowed, match="named already"):
        building.name_reader(**name, trained_on=today)
    building.end_reader(actor=runner, survey=survey, reader=made)
    with pytest.raises(NotFound):
        building.end_reader(actor=runner, survey=survey, reader=made)
    assert SafetyReader.objects.get().ended_by == runner.audit_name


def test_somebody_reads_for_as_long_as_words_are_there(runner):
    survey = OpenSurveyFactory(area=AREA)
    reader = SafetyReaderFactory(survey=survey)
    with pytest.raises(NotAllowed, match="Name another"):
        building.end_reader(actor=runner, survey=survey, reader=reader)
    SafetyReaderFactory(survey=survey)
    building.end_reader(actor=runner, survey=survey, reader=reader)
    over = ClosedSurveyFactory(
        area=AREA, state="destroyed", destroyed_at=dt.datetime.now(dt.UTC), destroyed_by="x"
    )
    with pytest.raises(NotAllowed, match="have been deleted"):
        building.name_reader(
            actor=runner, survey=over, person=UserFactory(), trained_on=dt.date.today()
        )
