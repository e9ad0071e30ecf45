"""Finding questionnaires, everything that can be wrong with one, and advice on wording."""

from typing import Any

import pytest
from hypothesis import given, settings

from sightline.kernel.errors import Faults, NotFound
from sightline.surveys import checks, wording
from sightline.surveys.definitions import QuestionnaireDefinition
from sightline.surveys.questionnaires import (
    faults,
    lint,
    parse,
    questionnaire,
    reading,
    readings,
    shipped,
)
from tests.factories.surveys import QuestionnaireFactory
from tests.surveys.made_up import questionnaires
from tests.surveys.test_flow import item, made

COLOURS = [{"code": one, "label": {"en": one.title()}} for one in ("red", "blue")]


def raw(items: list[dict[str, Any]], **more: Any) -> QuestionnaireDefinition:
    """A questionnaire of one section, faults and all."""
    for one in items:
        one.setdefault("text", {"en": "What?"} if one["kind"] != "calculate" else {})
    section = {"code": "part", "title": {"en": "Part"}, "items": items} | more.pop("section", {})
    data = {
        "code": "raw", "version": 1, "title": "Raw", "audience": "staff",
        "introduction": {"en": "Hello."}, "sections": [section], "choices": {"colours": COLOURS},
    } | more  # fmt: skip
    return parse(data, "raw@1")


def wrong(items: list[dict[str, Any]], **more: Any) -> str:
    return "\n".join(map(str, faults(raw(items, **more))))


# Finding


def test_shipped_ones_have_no_faults_and_read_easily() -> None:
    found = shipped()
    assert {"staff@1", "children@1"} <= {one.key for one in found}
    for one in found:
        assert faults(one) == ()
        level = reading(one)
        assert level is not None
        assert level.easy
        assert questionnaire(one.key) is one


@pytest.mark.django_db
def test_those_of_an_area_are_found_by_key() -> None:
    content = made({"code": "a", "items": [item("q")]}).model_dump(mode="json")
    draft = QuestionnaireFactory.create(area="strathgarry", code="made", version=1, content=content)
    assert questionnaire("strathgarry/made@1").title == "Made"
    draft.content = {**content, "title": "Anew"}
    draft.save()
    assert questionnaire("strathgarry/made@1").title == "Anew"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "key",
    ["nothing@1", "strathgarry/nothing@1", "strathgarry/made@0", "strathgarry/made", "a/b/c@1",
     "strathgarry/made@99999999999", "strathgarry/made@²", "/@", "staff@1/"],
)  # fmt: skip
def test_a_key_of_nothing_is_not_found(key: str) -> None:
    with pytest.raises(NotFound):
        questionnaire(key)


# Faults


@settings(max_examples=30, deadline=None)
@given(questionnaires())
def test_random_ones_have_no_faults_and_can_be_looked_at(one: QuestionnaireDefinition) -> None:
    assert faults(one) == ()
    lint(one)
    readings(one)


@pytest.mark.parametrize(
    ("items", "more", "said"),
    [
        ([item("q")], {"languages": []}, "languages: there is none"),
        ([item("q")], {"languages": ["en", "en"]}, "en is named twice"),
        ([item("q")], {"languages": ["en", "Gaelic!"]}, "is no code of a language"),
        ([item("q")], {"languages": ["en", "gd"]}, "part: it has no text in gd"),
        ([item("q", text={"en": "a", "pl": "b"})], {}, "q: it has a text in pl"),
        ([item("q", text={"en": "x" * 4_001})], {}, "q: its text has 4,001 characters"),
        ([item("q", text={"en": "a\x00b"})], {}, "q: its text in en holds control characters"),
        ([item("q"), item("Q")], {}, "Q: a question or section has this code already"),
        ([item("part")], {}, "part: a question or section has this code already"),
        ([item("meta")], {}, "meta: forms keep this code"),
        ([item("n", "note")], {}, "sections: nothing in it is asked"),
        ([item(f"q{n}") for n in range(501)], {}, "there are 501 questions"),
        ([item("q")], {"choices": {"l": [{"code": f"c{n}",
        "label": {"en": "x"}} for n in range(5_001)]}},
         "there are 5,001 answers"),
        ([item("q")], {"choices": {"a list": COLOURS}}, "list a list: the name of a list"),
        ([item("q")], {"choices": {"l": []}}, "list l: it has no answers"),
        ([item("q", "one", choices="l")], {"choices": {"l": [*COLOURS, COLOURS[0]]}},
        "red is there twice"),
        ([item("q")], {"choices": {"l": [{**COLOURS[0], "filters": {"label": "x"}}]}},
        "cannot be a column"),
        ([item("q", "one")], {}, "q: it has no answers to choose from"),
        ([item("q", "one", choices="l")], {}, "q: there is no list l"),
        ([item("q", "text", choices="colours")], {}, "of the kind text has no list"),
        ([item("q", choice_filter="1")], {}, "no answers for its filter"),
        ([item("q", "scale", choices="colours")], {}, "not every answer has its place"),
        ([item("q", "one", choices="colours", measures={"a": ["green"]})], {}, "“a” counts green"),
        ([item("q", "many", choices="colours", groups=True)], {}, "results are split by"),
        ([item("q", "one", choices="colours", groups=True)], {"section": {"repeat": "child"}},
        "split by"),
        ([item("q"), item("n", "note", dont_know=True)], {}, "n: nobody answers a note"),
        ([item("q"), item("c", "calculate")], {}, "c: a calculation is of the kind"),
        ([item("q", calculation="1")], {}, "q: a calculation is of the kind"),
        ([item("q", required=True)], {"audience": "child"}, "q: these people may skip"),
        ([item("q", show_when="${w} = 1"), item("w")], {},
        "q: show_when: there is no question ${w}"),
        ([item("q", show_when="${q} = 1")], {}, "show_when: there is no question ${q}"),
        ([item("q", show_when=". = 1")], {}, "there is no answer yet that “.”"),
        ([item("q", show_when="document('x')")], {}, "the function document()"),
        ([item("q", show_when="of = 1")], {}, "“of” is not a question"),
        ([item("q", text={"en": "${w}?"}), item("w")], {}, "q: its text shows ${w}"),
        ([item("q")], {"section": {"repeat_count": "2"}}, "it counts turns and is asked once"),
        ([item("q")], {"section": {"repeat": "x", "repeat_count": "${q}"}},
        "repeat_count: there is no"),
        ([item("q")], {"section": {"show_when": "${q} = 1"}}, "part: show_when"),
        ([item("q")], {"section": {"notice": {"gd": "x"}}}, "part: it has no text in en"),
    ],
)  # fmt: skip
def test_every_fault_says_where_and_what(
    items: list[dict[str, Any]], more: dict[str, Any], said: str
) -> None:
    assert said in wrong([dict(one) for one in items], **more)


def test_what_is_right_is_no_fault() -> None:
    towns = [
        {"code": "n", "label": {"en": "N"}, "filters": {"in": "a"}},
        {"code": "n", "label": {"en": "N"}, "filters": {"in": "b"}},
    ]
    items = [
        item("a", constraint="${a} != . or . > 1", constraint_message={"en": "Mind ${a}."}),
        item("b", "one", choices="towns", choice_filter="in = ${a} and name != label"),
        item("c", "calculate", calculation="once(today())"),
    ]
    assert wrong(items, choices={"towns": towns}) == ""
    assert "is there twice" in wrong(
        [*items, item("d", "one", choices="towns")], choices={"towns": towns}
    )
    assert checks.COLUMNS


def test_faults_of_shape_list_every_field() -> None:
    with pytest.raises(Faults) as caught:
        parse({"code": "A", "version": 0}, "my file")
    assert {"code", "version", "title"} <= {one.where for one in caught.value.faults}


# Advice


def advice(kind: str = "scale", audience: str = "staff", **more: Any) -> str:
    answers = more.pop("answers", ["Yes", "A bit", "Rarely", "No"])
    scale = [{"code": f"c{n}", "label": {"en": one}, "value": n} for n, one in enumerate(answers)]
    choices = "scale" if kind in {"scale", "one", "many"} else ""
    section = more.pop("section", {})
    one = raw(
        [item("q", kind, choices=choices, **more)], audience=audience, choices={"scale": scale},
        section=section,
    )  # fmt: skip
    return "\n".join(found.what for found in lint(one) if found.item in {"q", "part"})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": {"en": "Does your worker listen and act?"}},
        "two things: “your worker listen and act?”"),
        ({"text": {"en": "Staff do not listen to me"}}, "worded negatively (“not”)"),
        ({"text": {"en": "I don’t feel safe"}}, "worded negatively"),
        ({"text": {"en": "Do you feel safe in your placement?"}}, "Say “where I live”"),
        ({"text": {"en": "Is the CPP good?"}}, "“CPP” is a word of the work"),
        ({"text": {"en": "Was it triangulation?"}}, "Explain it."),
        ({"audience": "child",
        "text": {"en": "one two three four five six seven eight nine ten eleven twelve go"}},
         "It has 13 words. For children, keep to 12"),
        ({"audience": "child", "answers": ["a", "b", "c", "d", "e"]}, "It has 5 answers"),
        ({"audience": "child"}, "Offer children both"),
        ({"audience": "child", "answers": ["Good", "Neither", "Bad", "Awful"]}, "has a middle"),
        ({"audience": "child", "answers": ["Good", "So so", "Bad"]}, "has a middle"),
        ({"kind": "text", "text": {"en": "What is your name?"}}, "seems to ask who somebody is"),
        ({"kind": "text", "identifies": True}, "It asks who somebody is"),
        ({"kind": "text"}, "People write freely here"),
        ({"sensitive": True}, "Give its section a gentle notice"),
        ({"audience": "child",
        "text": {"en": "Institutional responsibilities predominantly necessitate consideration"}},
         "It reads at about age"),
        ({"audience": "child", "section": {"notice": {"en": "go " * 23 + "on."}}},
        "A sentence has 24 words"),
    ],
)  # fmt: skip
def test_advice(given: dict[str, Any], said: str) -> None:
    assert said in advice(**given)


@pytest.mark.parametrize(
    "given",
    [
        {"text": {"en": "Children and young people are listened to"}},
        {"text": {"en": "Parents or carers feel safe"}},
        {"text": {"en": "Schools, health staff and police help (or try to)"}},
        {"text": {"en": "Outcomes get better here"}},
        {"text": {"en": "I cpp the lac"}},
        {"text": {"gd": "Not and never in another language"}},
        {"kind": "text", "hint": {"en": "Do not name a child."}},
        {"audience": "child", "dont_know": True, "prefer_not": True,
        "text": {"en": "Are you safe?"}},
        {"sensitive": True, "section": {"notice": {"en": "You can skip these."}}},
    ],
)  # fmt: skip
def test_no_advice_where_there_is_nothing_to_say(given: dict[str, Any]) -> None:
    assert advice(**given) == ""


def test_reading_levels_hold_the_limits_of_each_audience() -> None:
    assert wording.YEARS == {
        "child": 3, "young-person": 5, "parent-carer": 5, "anyone": 5, "staff": 6,
    }  # fmt: skip
    one = raw(
        [
            item("q", text={"en": "Do you feel safe at home"}),
            item("w", "calculate", calculation="1"),
        ]
    )
    found = readings(one)
    assert [level.item for level in found] == ["q"]
    assert found[0].words == 6
    assert found[0].easy
    assert reading(raw([item("q", text={"gd": "a"})], introduction={"gd": "b"})) is None
    assert readings(raw([item("q", text={"en": "? ? ?"})])) == ()
    assert wording.asks_identity("What is your full name?")
    assert not wording.asks_identity("Do staff know the names of the streets?")
