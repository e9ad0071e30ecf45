"""Pages, answers and what is kept of them, over questionnaires and rubbish at random."""

import datetime as dt
import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.surveys import flow
from sightline.surveys.definitions import DONT_KNOW, PREFER_NOT, QuestionnaireDefinition
from sightline.surveys.questionnaires import faults, parse
from tests.surveys.made_up import ANSWERS, POSTED, questionnaires

TODAY = dt.date(2026, 11, 21)


def made(*sections: dict[str, Any], **more: Any) -> QuestionnaireDefinition:
    """A questionnaire of these sections, with lists of colours and of towns by country."""
    for section in sections:
        section.setdefault("title", {"en": "Part"})
        for item in section["items"]:
            item.setdefault("text", {"en": "What?"} if item["kind"] != "calculate" else {})
    data = {
        "code": "made", "version": 1, "title": "Made", "audience": "staff",
        "introduction": {"en": "Hello."}, "sections": sections,
        "choices": {
            "colours": [{"code": one, "label": {"en": one.title()}} for one in ("red", "blue")],
            "towns": [
                {"code": "oban", "label": {"en": "Oban"}, "filters": {"in": "scotland"}},
                {"code": "york", "label": {"en": "York"}, "filters": {"in": "england"}},
                {"code": "newport", "label": {"en": "Newport"}, "filters": {"in": "scotland"}},
                {"code": "newport", "label": {"en": "Newport"}, "filters": {"in": "england"}},
            ],
        },
    } | more  # fmt: skip
    found = parse(data, "made@1")
    assert not faults(found)
    return found


def item(code: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, **more}


def codes(page: flow.Page) -> list[str]:
    return [one.code for one in page.items]


# Properties


@settings(max_examples=30, deadline=None)
@given(questionnaires(), ANSWERS)
def test_tidy_twice_is_tidy_once_and_can_be_kept(
    questionnaire: QuestionnaireDefinition, answers: dict[str, Any]
) -> None:
    once = flow.tidy(questionnaire, answers, TODAY)
    assert flow.tidy(questionnaire, once, TODAY) == once
    assert json.loads(json.dumps(once, allow_nan=False)) == once


@settings(max_examples=30, deadline=None)
@given(questionnaires(), ANSWERS)
def test_an_answer_to_what_was_not_asked_never_survives(
    questionnaire: QuestionnaireDefinition, answers: dict[str, Any]
) -> None:
    kept = flow.tidy(questionnaire, answers, TODAY)
    asked = set(flow.asked(questionnaire, kept, TODAY))
    worked_out = {one.code for one in questionnaire.items() if one.kind == "calculate"}
    repeats = {one.code: one for one in questionnaire.sections if one.repeat}
    for code, value in kept.items():
        if code in repeats:
            assert len(value) <= repeats[code].repeat_most
            inside = {one.code for one in repeats[code].items}
            assert {name for turn in value for name in turn} <= inside & (asked | worked_out)
        else:
            assert code in asked | worked_out


@settings(max_examples=30, deadline=None)
@given(questionnaires(), ANSWERS, st.booleans())
def test_pages_hold_what_is_asked_and_nothing_else(
    questionnaire: QuestionnaireDefinition, answers: dict[str, Any], one_a_page: bool
) -> None:
    kept = flow.tidy(questionnaire, answers, TODAY)
    pages = flow.pages(questionnaire, kept, one_a_page=one_a_page, today=TODAY)
    shown = [one.code for page in pages for one in page.items if one.kind != "note"]
    assert tuple(dict.fromkeys(shown)) == flow.asked(questionnaire, kept, TODAY)
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert all(page.of == len(pages) and page.items for page in pages)
    assert all(one.kind != "calculate" for page in pages for one in page.items)
    for page in pages:
        questions = [one.code for one in page.items if one.kind != "note"]
        assert len(questions) <= (1 if one_a_page else flow.MOST_ON_A_PAGE)
        assert (page.turn is not None) == bool(page.section.repeat)


@settings(max_examples=30, deadline=None)
@given(questionnaires(), ANSWERS, st.data())
def test_a_page_does_not_change_by_being_answered(
    questionnaire: QuestionnaireDefinition, answers: dict[str, Any], data: st.DataObject
) -> None:
    """Without JavaScript nothing can appear on a page, so nothing on it decides about it."""
    kept = flow.tidy(questionnaire, answers, TODAY)
    before = flow.pages(questionnaire, kept, one_a_page=False, today=TODAY)
    page = data.draw(st.sampled_from(before)) if before else None
    if page is None:
        return
    known = dict(flow.within(kept, page.section, page.turn))
    changed = dict(kept)
    turns = (
        [dict(one) for one in changed.get(page.section.code, [])] if page.turn is not None else []
    )
    for one in page.items:
        value, _ = flow.accept(one, data.draw(POSTED), questionnaire, known, TODAY)
        at = changed
        if page.turn is not None:
            turns += [{} for _ in range(page.turn + 1 - len(turns))]
            changed[page.section.code] = turns
            at = turns[page.turn]
        at.pop(one.code, None)
        if value is not None:
            at[one.code] = value
    after = flow.pages(questionnaire, changed, one_a_page=False, today=TODAY)
    assert after[page.number - 1].items == page.items


@settings(max_examples=30, deadline=None)
@given(questionnaires(), ANSWERS, POSTED)
def test_what_is_accepted_is_kept_and_nothing_posted_raises(
    questionnaire: QuestionnaireDefinition, answers: dict[str, Any], posted: list[str]
) -> None:
    for one in questionnaire.items():
        value, wrong = flow.accept(one, posted, questionnaire, answers, TODAY)
        assert (value is None) or not wrong
        json.dumps(value, allow_nan=False)
    kept = flow.tidy(questionnaire, answers, TODAY)
    for page in flow.pages(questionnaire, kept, one_a_page=True, today=TODAY):
        known = flow.within(kept, page.section, page.turn)
        (one,) = page.items
        value, _ = flow.accept(one, posted, questionnaire, known, TODAY)
        if value is not None and page.turn is None:
            again = flow.tidy(questionnaire, {**kept, one.code: value}, TODAY)
            assert again[one.code] == value


@settings(max_examples=30, deadline=None)
@given(questionnaires(), st.dictionaries(st.text(max_size=5), st.recursive(
    st.none() | st.floats() | st.text(max_size=4) | st.integers(), lambda one: st.lists(one,
    max_size=3)
    | st.dictionaries(st.text(max_size=3), one, max_size=3), max_leaves=6)))  # fmt: skip
def test_rubbish_leaves_nothing(
    questionnaire: QuestionnaireDefinition, rubbish: dict[str, Any]
) -> None:
    plain = flow.tidy(questionnaire, {}, TODAY)
    assert flow.tidy(questionnaire, rubbish, TODAY) == plain


# Pages


def test_adults_get_a_section_a_page_of_five_questions() -> None:
    one = made({"code": "a", "items": [item(f"q{n}") for n in range(6)] + [item("n", "note")]})
    pages = flow.pages(one, {}, one_a_page=False, today=TODAY)
    assert [codes(page) for page in pages] == [["q0", "q1", "q2", "q3", "q4"], ["q5", "n"]]


def test_a_question_that_depends_on_one_of_the_page_has_the_next_page() -> None:
    one = made(
        {
            "code": "a",
            "items": [
                item("colour", "one", choices="colours"),
                item("more", "text"),
                item("why", show_when="${colour} = 'red'"),
                item("sum", "calculate", calculation="string-length(${why})"),
                item("long", show_when="${sum} > 3"),
                item("shown", "note", text={"en": "You said ${long}."}),
            ],
        }
    )
    answers = {"colour": "red", "why": "because", "more": "x", "long": "y"}
    pages = flow.pages(one, answers, one_a_page=False, today=TODAY)
    assert [codes(p) for p in pages] == [["colour", "more"], ["why"], ["long"], ["shown"]]
    assert flow.tidy(one, answers, TODAY) == answers | {"sum": 7}
    assert flow.tidy(one, answers | {"colour": "blue"}, TODAY) == {
        "colour": "blue", "more": "x", "sum": 0,
    }  # fmt: skip


def test_a_whole_section_can_be_left_out_and_filters_narrow_what_is_offered() -> None:
    one = made(
        {"code": "a", "items": [item("country", "text")]},
        {
            "code": "b",
            "show_when": "${country} != ''",
            "items": [item("town", "many", choices="towns", choice_filter="in = ${country}")],
        },
    )
    assert flow.asked(one, {}, TODAY) == ("country",)
    town = one.item("town")
    here = {"country": "scotland"}
    assert [c.code for c in flow.options(one, town, here, TODAY)] == ["oban", "newport"]
    assert flow.tidy(one, here | {"town": ["york", "oban"]}, TODAY) == here | {"town": ["oban"]}
    assert flow.accept(town, ["york"], one, here, TODAY) == (None, flow.NOT_OFFERED)
    assert flow.accept(town, ["newport", "oban"], one, here, TODAY) == (["oban", "newport"], "")


def test_repeats_have_turns() -> None:
    one = made(
        {"code": "head", "items": [item("how-many", "number", whole=True)]},
        {
            "code": "kids", "repeat": "child", "repeat_most": 3,
            "items": [
                item("name"),
                item("place", "calculate", calculation="position(..)"),
                item("first", show_when="${place} = 1 and count(${kids}) = 0"),
            ],
        },
        {"code": "end", "items": [item("all", "calculate", calculation="join('+', ${name})")]},
    )  # fmt: skip
    pages = flow.pages(one, {}, one_a_page=True, today=TODAY)
    assert [(codes(p), p.turn) for p in pages][1:] == [(["name"], 0), (["first"], 0)]
    answers = {"kids": [{"name": "Bo", "first": "x"}, {"name": "Cy", "first": "x"}, "?", {}, {}]}
    assert flow.tidy(one, answers, TODAY) == {
        "kids": [
            {"name": "Bo", "place": 1, "first": "x"},
            {"name": "Cy", "place": 2},
            {"place": 3},
        ],
        "all": "Bo+Cy",
    }
    assert flow.within({"name": "z", **answers}, one.sections[1], 1)["name"] == "Cy"
    assert flow.within(answers, one.sections[1], 9)["kids"]
    assert flow.within(answers, one.sections[0], None) is answers


@pytest.mark.parametrize(
    ("count", "answers", "wanted"),
    [("${n}", {"n": 2}, 2), ("${n}", {"n": 99}, 4), ("${n}", {}, 0), ("${n}", {"n": -1}, 0),
     ("2 + 1", {}, 3), ("1 div 0", {}, 0), ("pulldata(1)", {}, 1)],
)  # fmt: skip
def test_a_count_says_how_many_turns(count: str, answers: dict[str, Any], wanted: int) -> None:
    one = made(
        {"code": "a", "items": [item("n", "number")]},
        {"code": "r", "repeat": "thing", "repeat_most": 4, "items": [item("t")]},
    )
    section = one.sections[1].model_copy(update={"repeat_count": count})
    assert flow.turns(section, {}, answers, TODAY) == wanted


def test_what_cannot_be_read_hides_nothing() -> None:
    """A draft with a broken expression can still be tried; it cannot be released."""
    one = made({"code": "a", "items": [item("q"), item("w", "calculate", calculation="1")]})
    broken = one.item("q").model_copy(update={"show_when": "((", "constraint": "))"})
    worked = one.item("w").model_copy(update={"calculation": "(("})
    section = one.sections[0].model_copy(update={"items": (broken, worked)})
    copy = one.model_copy(update={"sections": (section,)})
    assert flow.tidy(copy, {"q": "x"}, TODAY) == {"q": "x"}
    assert flow.accept(broken, ["x"], copy, {}, TODAY) == ("x", "")
    assert flow.pages(copy, {}, one_a_page=False, today=TODAY)[0].items == (broken,)


# Answers


@pytest.mark.parametrize(
    ("kind", "posted", "wanted"),
    [
        ("text", [" a\r\nb\x00\u202e "], ("a\nb", "")), ("text", ["  "], (None, "")),
        ("text", [], (None, "")),
        ("text", ["x" * 20_001], (None, flow.TOO_LONG)), ("text", ["\ud800"], (None, "")),
        ("text", [DONT_KNOW], (DONT_KNOW, "")), ("text", ["a", DONT_KNOW], ("a", "")),
        ("number", ["12"], (12, "")), ("number", ["1,234.5"], (1234.5, "")),
        ("number", ["٣"], (3, "")),
        ("number", ["−4"], (-4, "")), ("number", ["1,23"], (None, flow.NOT_A_NUMBER)),
        ("number", ["1e5"], (None, flow.NOT_A_NUMBER)),
        ("number", ["1", "2"], (None, flow.NOT_A_NUMBER)),
        ("number", ["9" * 400], (None, flow.NOT_A_NUMBER)),
        ("number", ["nan"], (None, flow.NOT_A_NUMBER)),
        ("date", ["2026-03-04"], ("2026-03-04", "")),
        ("date", ["4", "3", "2026"], ("2026-03-04", "")),
        ("date", ["4/3/2026"], ("2026-03-04", "")), ("date", ["4 March 2026"], ("2026-03-04", "")),
        ("date", ["4 mars 2026"], ("2026-03-04", "")),
        ("date", ["٤", "٣", "٢٠٢٦"], ("2026-03-04", "")),
        ("date", ["31", "2", "2026"], (None, flow.NOT_A_DATE)),
        ("date", ["4", "", "2026"], (None, flow.NOT_A_DATE)),
        ("date", ["4", "3", "26"], (None, flow.NOT_A_DATE)),
        ("date", ["x"], (None, flow.NOT_A_DATE)),
        ("date", ["4 xyz 2026"], (None, flow.NOT_A_DATE)), ("date", ["", "", ""], (None, "")),
        ("date", [PREFER_NOT], (PREFER_NOT, "")),
        ("one", ["red"], ("red", "")), ("one", ["red", "red"], ("red", "")),
        ("one", ["red", "blue"], (None, flow.NOT_OFFERED)),
        ("one", ["green"], (None, flow.NOT_OFFERED)),
        ("one", [PREFER_NOT], (PREFER_NOT, "")), ("one", [DONT_KNOW, "red"], ("red", "")),
        ("many", ["blue", "red"], (["red", "blue"], "")),
        ("many", ["blue", "x"], (None, flow.NOT_OFFERED)),
        ("note", ["x"], (None, "")),
    ],
)  # fmt: skip
def test_what_is_accepted(kind: str, posted: list[str], wanted: tuple[Any, str]) -> None:
    marks = kind != "note"
    choices = "colours" if kind in {"one", "many"} else ""
    one = made(
        {
            "code": "a",
            "items": [
                item("q", kind, choices=choices, dont_know=marks, prefer_not=marks),
                item("other"),
            ],
        }
    )
    assert flow.accept(one.item("q"), posted, one, {}, TODAY) == wanted


def test_marks_that_are_not_offered_are_no_answers() -> None:
    one = made({"code": "a", "items": [item("q", "one", choices="colours"), item("t")]})
    for code in ("q", "t"):
        assert flow.accept(one.item(code), [DONT_KNOW], one, {}, TODAY)[0] is None
        assert flow.tidy(one, {code: DONT_KNOW}, TODAY) == {}


def test_whole_numbers_constraints_and_answers_that_are_needed() -> None:
    one = made(
        {
            "code": "a",
            "items": [
                item("age", "number", whole=True, constraint=". >= 18", required=True),
                item("year", "number", constraint=". > ${age}"),
            ],
        }
    )
    age, year = one.item("age"), one.item("year")
    assert flow.accept(age, ["18.0"], one, {}, TODAY) == (18, "")
    assert flow.accept(age, ["18.5"], one, {}, TODAY) == (None, flow.NOT_WHOLE)
    assert flow.accept(age, ["17"], one, {}, TODAY) == (None, flow.CONSTRAINT)
    assert flow.accept(age, [], one, {}, TODAY) == (None, flow.REQUIRED)
    assert flow.accept(year, ["19"], one, {"age": 18}, TODAY) == (19, "")
    assert flow.accept(year, ["19"], one, {"age": 20}, TODAY) == (None, flow.CONSTRAINT)
    assert flow.tidy(one, {"age": 18.0, "year": math.inf}, TODAY) == {"age": 18}
    assert flow.tidy(one, {"age": True, "year": 10**400}, TODAY) == {}
    assert flow.tidy(one, {"age": 18.5, "year": "3"}, TODAY) == {}


def test_values_of_another_kind_are_left_out() -> None:
    one = made(
        {
            "code": "a",
            "items": [
                item("c", "one", choices="colours"), item("m", "many", choices="colours"),
                item("d", "date"), item("t"),
            ],
        }
    )  # fmt: skip
    wrong = {"c": ["red"], "m": "red", "d": "4 March 2026", "t": 4}
    assert flow.tidy(one, wrong, TODAY) == {}
    right = {"c": "red", "m": ["blue", "blue"], "d": "2026-03-04", "t": "a" * 20_001}
    assert flow.tidy(one, right, TODAY) == right | {"m": ["blue"], "t": "a" * 20_000}


def test_texts_for_people_are_filled_in() -> None:
    one = made(
        {
            "code": "a",
            "items": [item("c", "one", choices="colours", dont_know=True), item("m", "many",
            choices="colours")],
        }
    )  # fmt: skip
    answers = {"c": "red", "m": ["red", "blue"], "n": 4}
    assert flow.filled("${c}, ${m}, ${ n }, ${x}", one, answers, "en") == "Red, Red, Blue, 4, "
    assert flow.filled("${c}", one, {"c": DONT_KNOW}, "en") == ""
    assert flow.filled("${k}", one, {"k": [{"a": 1}]}, "en") == ""
    assert flow.piped("${a} and ${ b }") == ("a", "b")


def test_calculations_may_name_choices_and_come_to_nothing() -> None:
    one = made(
        {
            "code": "a",
            "items": [
                item("c", "one", choices="colours"),
                item("said", "calculate", calculation="jr:choice-name(${c}, '${c}')"),
                item("none", "calculate", calculation="0 div 0"),
                item("yes", "calculate", calculation="${c} = 'red'"),
                item("part", "calculate", calculation="1 div 4"),
            ],
        }
    )
    assert flow.tidy(one, {"c": "red", "none": 4}, TODAY) == {
        "c": "red", "said": "Red", "yes": "true", "part": 0.25,
    }  # fmt: skip
