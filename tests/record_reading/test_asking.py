"""What is asked, what counts as answered: properties over random answers, good and bad."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.kernel.errors import NotFound
from sightline.record_reading import asking
from sightline.record_reading.definitions import NEEDS_WHY, Item, TemplateDefinition

EVERY = asking.all_templates()
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just("yes"), st.just(""),
    st.lists(st.one_of(st.just("health"), st.text(max_size=3), st.integers()), max_size=3),
    st.dictionaries(st.sampled_from(["health", "police", "nobody"]), st.text(max_size=3)),
)  # fmt: skip
QUICK = settings(max_examples=15, deadline=None)


def facts_of(template: TemplateDefinition) -> st.SearchStrategy[dict[str, Any]]:
    """What a return says: any stratum of a template, and one that it has not."""
    codes = [one.code for one in template.strata] + ["elsewhere"]
    return st.sampled_from(codes).map(lambda code: {"stratum": code})


def value_of(
    template: TemplateDefinition, item: Item, facts: Mapping[str, Any]
) -> st.SearchStrategy[Any]:
    """A whole answer to an item."""
    codes = [one.code for one in asking.options(item)]
    if item.kind == "text":
        return st.just("Words.")
    if item.kind == "many":
        return st.lists(st.sampled_from(codes), min_size=1, unique=True)
    if item.kind == "by-agency":
        agencies = asking.agencies_of(template, item, facts)
        return st.fixed_dictionaries({one: st.sampled_from(codes) for one in agencies})
    return st.sampled_from(codes)


@st.composite
def complete(draw, template: TemplateDefinition) -> tuple[dict[str, Any], dict[str, Any]]:
    """Facts, and an answer to all that is asked, with a reason where one is needed."""
    facts = draw(facts_of(template))
    values: dict[str, Any] = {}
    for item in template.items():
        if is_asked(template, item.code, facts, values):
            values[item.code] = draw(value_of(template, item, facts))
    whys = {
        item.code: "Because."
        for item in template.items()
        if item.is_quality and values.get(item.code) in NEEDS_WHY
    }
    return facts, {"values": values, "whys": whys, "flags": {}}


@st.composite
def anything(draw, template: TemplateDefinition) -> tuple[dict[str, Any], dict[str, Any]]:
    """Facts and answers as they may arrive: right, wrong, and of what is not asked."""
    facts = draw(facts_of(template))
    values: dict[str, Any] = {}
    whys: dict[str, Any] = {}
    for item in template.items():
        values[item.code] = draw(st.one_of(value_of(template, item, facts), JUNK))
        whys[item.code] = draw(st.sampled_from(["", "  ", "Why.\r\n", "a\x00b", None]))
    values["no-such-item"] = "yes"
    whys["no-such-item"] = "Why."
    flags = draw(
        st.dictionaries(
            st.sampled_from(["strengths", "good-practice", "else"]),
            st.sampled_from(["", " x ", "y", 3]),
        )
    )
    return facts, {"values": values, "whys": whys, "flags": flags}


def is_asked(
    template: TemplateDefinition, code: str, facts: Mapping[str, Any], values: Mapping[str, Any]
) -> bool:
    """The rule in the plainest way: looked up from the item backwards."""
    item = template.item(code)
    if item.strata and facts["stratum"] not in item.strata:
        return False
    if item.only_if is None:
        return True
    return is_asked(template, item.only_if.item, facts, values) and (
        values.get(item.only_if.item) in item.only_if.answers
    )


@pytest.mark.parametrize("template", EVERY, ids=lambda one: one.key)
@QUICK
@given(data=st.data())
def test_nothing_is_asked_whose_condition_fails_and_all_else_is(template, data) -> None:
    """`asked` is the plain rule, in the order of the form."""
    facts, answers = data.draw(complete(template))
    found = asking.asked(template, facts, answers["values"])
    assert list(found) == [
        item.code
        for item in template.items()
        if is_asked(template, item.code, facts, answers["values"])
    ]


@pytest.mark.parametrize("template", EVERY, ids=lambda one: one.key)
@QUICK
@given(data=st.data())
def test_how_good_something_is_is_never_asked_where_it_is_not_there(template, data) -> None:
    """A quality item follows its presence item, whatever else was answered."""
    facts, answers = data.draw(anything(template))
    tidied = asking.tidy(template, facts, answers)["values"]
    for item in template.items():
        if item.is_quality and item.code in tidied:
            assert item.only_if is not None
            assert tidied[item.only_if.item] == "yes"


@pytest.mark.parametrize("template", EVERY, ids=lambda one: one.key)
@QUICK
@given(data=st.data())
def test_tidying_keeps_what_is_asked_and_whole_and_again_changes_nothing(template, data) -> None:
    """What it keeps is asked and known; a second time is the same; answers given are untouched."""
    facts, answers = data.draw(anything(template))
    before = repr(answers)
    tidied = asking.tidy(template, facts, answers)
    assert repr(answers) == before
    assert asking.tidy(template, facts, tidied) == tidied
    assert set(tidied["values"]) <= set(asking.asked(template, facts, tidied["values"]))
    assert set(tidied["whys"]) <= set(tidied["values"])
    assert set(tidied["flags"]) <= set(asking.FLAGS)
    for text in [*tidied["whys"].values(), *tidied["flags"].values()]:
        assert text == asking.clean(text) != ""
    for code, agency, given_code in asking.flat(template, tidied):
        item = template.item(code)
        assert given_code in {one.code for one in asking.options(item)}
        assert not agency or agency in asking.agencies_of(template, item, facts)


@pytest.mark.parametrize("template", EVERY, ids=lambda one: one.key)
@QUICK
@given(data=st.data())
def test_a_complete_answer_has_no_gaps_and_is_tidy(template, data) -> None:
    """Whoever answers all that is asked can hand in, and nothing of it is dropped."""
    facts, answers = data.draw(complete(template))
    assert asking.gaps(template, facts, answers) == ()
    tidied = asking.tidy(template, facts, answers)
    assert tidied["whys"] == answers["whys"]
    assert set(tidied["values"]) == set(answers["values"])
    for code, value in answers["values"].items():
        many = isinstance(value, list)
        assert (
            (set(tidied["values"][code]) == set(value))
            if many
            else (tidied["values"][code] == value)
        )


@pytest.mark.parametrize("template", EVERY, ids=lambda one: one.key)
@QUICK
@given(data=st.data())
def test_one_answer_or_reason_left_out_is_the_one_gap(template, data) -> None:
    """Taking out an answer that nothing hangs on leaves just that gap; words are never one."""
    facts, answers = data.draw(complete(template))
    hung_on = {item.only_if.item for item in template.items() if item.only_if}
    taken = data.draw(st.sampled_from([c for c in answers["values"] if c not in hung_on]))
    was_why = taken in answers["whys"] and data.draw(st.booleans())
    if was_why:
        del answers["whys"][taken]
    elif isinstance(answers["values"][taken], dict):
        answers["values"][taken].popitem()
    else:
        del answers["values"][taken]
    found = asking.gaps(template, facts, answers)
    if template.item(taken).kind == "text":
        assert found == ()
    else:
        assert [gap.item for gap in found] == [taken]
        assert found[0].what.startswith("Say why it is" if was_why else "Choose an answer")


@pytest.mark.parametrize("template", EVERY, ids=lambda one: one.key)
@QUICK
@given(data=st.data())
def test_flat_gives_each_counted_answer_once(template, data) -> None:
    """One line for each item with one answer and each agency, and none for words and many."""
    _, answers = data.draw(complete(template))
    values = answers["values"]
    wanted = [
        line
        for item in template.items()
        if item.code in values
        for line in (
            [(item.code, "", values[item.code])]
            if item.kind == "one"
            else [(item.code, agency, code) for agency, code in values[item.code].items()]
            if item.kind == "by-agency"
            else []
        )
    ]
    assert list(asking.flat(template, answers)) == wanted


@pytest.mark.parametrize("template", EVERY, ids=lambda one: one.key)
@QUICK
@given(data=st.data())
def test_what_a_form_sends_of_a_whole_answer_is_accepted_as_it_was(template, data) -> None:
    """`accept` gives back the value that the form was filled in with."""
    facts, answers = data.draw(complete(template))
    for code, value in answers["values"].items():
        item = template.item(code)
        agencies = asking.agencies_of(template, item, facts)
        posted = [value] if isinstance(value, str) else value
        found, wrong = asking.accept(item, posted, agencies=agencies)
        assert wrong == ""
        assert found == asking.tidy(template, facts, answers)["values"][code]


def test_sections_hold_what_is_asked_of_them_and_no_more() -> None:
    """The sections of a form come together to what is asked; one there is not is a `KeyError`."""
    template = asking.template("care-and-protection@1")
    facts, values = {"stratum": "aftercare"}, {"plan-present": "yes"}
    joined = [
        item.code
        for section in template.sections
        for item in asking.section_items(template, section.code, facts, values)
    ]
    assert tuple(joined) == asking.asked(template, facts, values)
    assert "plan-quality" in joined
    assert "leaver-support" in joined
    assert "permanence-progress" not in joined
    with pytest.raises(KeyError):
        asking.section_items(template, "no-such", facts, values)


def test_what_hangs_on_what_is_dropped_is_dropped_with_it() -> None:
    """A chain: no meeting in the period, so no meeting, so nothing said about it."""
    template = asking.template("risk-of-harm@1")
    facts = {"stratum": "register"}
    answers = {
        "values": {
            "concern-in-period": "no", "meeting-held": "yes", "meeting-quality": "1",
            "meeting-attendance": {"police": "yes"}, "plan-present": "yes",
        },
        "whys": {"meeting-quality": "Nobody came.", "plan-present": "It is there."},
    }  # fmt: skip
    tidied = asking.tidy(template, facts, answers)
    assert tidied["values"] == {"concern-in-period": "no", "plan-present": "yes"}
    assert tidied["whys"] == {"plan-present": "It is there."}


def made_up(**changed: Any) -> TemplateDefinition:
    """A template with items that hang on one of many answers, and on one agency's."""
    items = [
        {"code": "seen", "kind": "many", "list": "agencies", "text": "Seen?", "short": "Seen"},
        {"code": "came", "kind": "by-agency", "list": "yes-no", "text": "Came?", "short": "Came"},
        {"code": "why-police", "kind": "text", "text": "What did they say?", "short": "Police",
         "only_if": {"item": "seen", "answers": ["police"]}, "base": "records of the police"},
        {"code": "any-came", "list": "yes-no", "text": "And?", "short": "And",
         "only_if": {"item": "came", "answers": ["yes"]}, "base": "records where any came"},
    ]  # fmt: skip
    return TemplateDefinition.model_validate(
        {
            "code": "made-up", "version": 1, "title": "Made up", "content_note": "None.",
            "source": "Nobody.", "populations": [{"code": "all", "label": "All", "about": "All."}],
            "strata": [
                {"code": "two", "label": "Two", "population": "all",
                 "agencies": ["police", "health"]},
                {"code": "none", "label": "None", "population": "all"},
            ],
            "sections": [{"code": "only", "letter": "A", "title": "Only", "items": items}],
        }
        | changed
    )  # fmt: skip


def test_an_item_may_hang_on_one_of_many_and_on_any_agency() -> None:
    """One of the answers named is enough, whatever kind of item it is of."""
    template, facts = made_up(), {"stratum": "two"}
    values = {"seen": ["health", "police"], "came": {"police": "no", "health": "yes"}}
    assert asking.asked(template, facts, values) == ("seen", "came", "why-police", "any-came")
    values = {"seen": ["health"], "came": {"police": "no"}}
    assert asking.asked(template, facts, values) == ("seen", "came")


def test_by_agency_goes_by_the_stratum_and_is_not_asked_where_none_is_read() -> None:
    """Its own agencies first, else those of the stratum; all of them where that is unknown."""
    template = made_up()
    came = template.item("came")
    assert asking.agencies_of(template, came, {"stratum": "two"}) == ("police", "health")
    assert asking.agencies_of(template, came, {}) == ("police", "health")
    assert asking.agencies_of(template, template.item("seen"), {"stratum": "two"}) == ()
    assert asking.asked(template, {"stratum": "none"}, {}) == ("seen",)
    gaps = asking.gaps(
        template, {"stratum": "two"}, {"values": {"seen": ["police"], "came": {"police": "no"}}}
    )
    assert gaps == (asking.Gap("came", "Choose an answer for: Health."),)


def test_agencies_of_its_own_come_before_those_of_the_stratum() -> None:
    """Who came to a meeting is asked of whoever could have, whosoever's record is read."""
    care = asking.template("care-and-protection@1")
    item = care.item("review-partners")
    assert asking.agencies_of(care, item, {"stratum": "foster"}) == item.agencies
    assert len(item.agencies) > 1


@pytest.mark.parametrize(
    ("item", "posted", "wrong"),
    [
        ("seen", ["nobody"], "Choose one of the answers shown."),
        ("any-came", ["yes", "no"], "Choose one answer only."),
        ("any-came", ["perhaps"], "Choose one of the answers shown."),
        ("any-came", {"police": "yes"}, "This is not asked of each agency."),
        ("came", ["yes"], "Answer for each agency by itself."),
        ("came", {"reporter": "yes"}, "One of these agencies is not asked about here."),
        ("came", {"police": "maybe"}, "Choose one of the answers shown for each agency."),
        ("why-police", ["x" * 10_001], "Keep to 10,000 characters; there are 10,001."),
    ],
)
def test_what_cannot_be_an_answer_is_said_in_words(item: str, posted: Any, wrong: str) -> None:
    """Nothing is accepted then."""
    template = made_up()
    found = asking.accept(template.item(item), posted, agencies=("police", "health"))
    assert found == (None, wrong)


@pytest.mark.parametrize("item", ["seen", "came", "any-came", "why-police"])
@pytest.mark.parametrize("posted", [[], [""], [" \r\n "]])
def test_a_skipped_question_has_no_answer_and_nothing_wrong(item: str, posted: Any) -> None:
    """Blank is skipped."""
    assert asking.accept(made_up().item(item), posted, agencies=("police",)) == (None, "")


def test_agencies_left_blank_are_left_out() -> None:
    """Half an answer is kept as half; none at all is none."""
    came = made_up().item("came")
    two = ("police", "health")
    sent = {"health": "yes", "police": " "}
    assert asking.accept(came, sent, agencies=two) == ({"health": "yes"}, "")
    assert asking.accept(came, {"health": ""}, agencies=two) == (None, "")


def test_texts_lose_control_characters_and_keep_their_lines() -> None:
    """Line ends are one kind; blanks around are gone."""
    text = "  one\r\ntwo\rthree\x00\x1b \n"
    assert asking.clean(text) == "one\ntwo\nthree"
    assert asking.accept(made_up().item("why-police"), [text]) == ("one\ntwo\nthree", "")


def test_labels_fall_back_to_codes() -> None:
    """What a list has no longer is shown by its code."""
    item = asking.template("local-audit@1").item("plan-quality")
    assert asking.option_label(item, "4") == "Good"
    assert asking.option_label(item, "9") == "9"
    assert asking.agency_label("police") == "Police"
    assert asking.agency_label("fire") == "fire"
    assert asking.bands(item)["good-or-better"] == ("4", "5", "6")
    assert asking.band_label("good-or-better") == "good or better"
    words = made_up().item("why-police")
    assert asking.options(words) == ()
    assert asking.bands(words) == {}


def test_answers_that_are_no_answers_at_all_are_none() -> None:
    """A form without values, whys or flags, or with odd ones, is empty."""
    template, facts = made_up(), {"stratum": "two"}
    nothing = {"values": {}, "whys": {}, "flags": {}}
    assert asking.tidy(template, facts, {}) == nothing
    assert asking.tidy(template, facts, {"values": [], "whys": None, "flags": 3}) == nothing
    assert list(asking.flat(template, {"values": {"any-came": 3, "came": "yes"}})) == []


def test_comparing_goes_by_what_either_template_says() -> None:
    """Same, reworded, not, and absent; a template with itself is the same."""
    compare = asking.comparable
    care, harm, audit = "care-and-protection@1", "risk-of-harm@1", "local-audit@1"
    assert compare(care, "plan-quality", harm) == "same"
    assert compare(harm, "chronology-quality", care) == "reworded"
    assert compare(audit, "meeting-quality", harm) == "not"
    assert compare(care, "plan-quality", audit) == "same"
    assert compare(care, "ird-held", harm) == "absent"
    assert compare(harm, "ird-held", harm) == "same"
    with pytest.raises(NotFound):
        compare(care, "plan-quality", "nothing@1")


def test_one_side_is_enough_and_silence_is_not_comparable(monkeypatch) -> None:
    """A later version says how it stands to an earlier one, which can no longer change."""
    said = {"template": "made-up@1", "how": "reworded", "why": "Other words."}
    question = {"code": "q", "list": "yes-no", "text": "Q?", "short": "Q"}
    plain = {"code": "r", "list": "yes-no", "text": "R?", "short": "R"}

    def section(*items: dict[str, Any]) -> list[dict[str, Any]]:
        return [{"code": "s", "letter": "A", "title": "S", "items": list(items)}]

    first = made_up(sections=section(question, plain))
    second = made_up(version=2, sections=section(question | {"comparable": [said]}, plain))
    by_key = {"made-up@1": first, "made-up@2": second}
    monkeypatch.setattr(asking, "template", by_key.__getitem__)
    assert asking.comparable("made-up@2", "q", "made-up@1") == "reworded"
    assert asking.comparable("made-up@1", "q", "made-up@2") == "reworded"
    assert asking.comparable("made-up@1", "r", "made-up@2") == "not"


def test_a_stratum_that_the_template_has_no_longer_is_none() -> None:
    """As after the template of a round was changed."""
    template = made_up()
    found = asking.stratum(template, {"stratum": "two"})
    assert found is not None
    assert found.label == "Two"
    assert asking.stratum(template, {"stratum": "gone"}) is None


def test_only_two_ends_of_the_scale_need_a_reason() -> None:
    """1, 2 and 6 of the six-point scale, and nothing else."""
    template = asking.template("local-audit@1")
    quality, present = template.item("plan-quality"), template.item("plan-present")
    assert [code for code in "123456" if asking.needs_why(quality, code)] == ["1", "2", "6"]
    assert not asking.needs_why(present, "yes")
    assert not asking.needs_why(quality, None)
