"""Counting answers: what is chosen, which bands, and which groups are put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.surveys.counting import (
    NOT_SAID,
    TOGETHER,
    Grouping,
    Person,
    band_label,
    band_of,
    chosen,
    counted,
    folded,
    groupings,
    measures_of,
    split,
)
from sightline.surveys.definitions import DONT_KNOW, PREFER_NOT, QuestionnaireDefinition

ASKED = QuestionnaireDefinition.model_validate(
    {
        "code": "made", "version": 1, "title": "Made", "audience": "anyone",
        "introduction": {"en": "Questions."},
        "choices": {
            "yes-no": [
                {"code": "yes", "label": {"en": "Yes"}}, {"code": "no", "label": {"en": "No"}},
            ],
            "teams": [{"code": c, "label": {"en": c.upper()}} for c in "abc"],
        },
        "sections": [
            {
                "code": "all", "title": {"en": "All"},
                "items": [
                    {
                        "code": "team", "kind": "one", "text": {"en": "Team"}, "choices": "teams",
                        "groups": True,
                    },
                    {
                        "code": "sure", "kind": "one", "text": {"en": "Sure"}, "choices": "yes-no",
                        "dont_know": True, "measures": {"yes": ["yes"], "again": ["yes", "no"]},
                    },
                    {
                        "code": "many", "kind": "many", "text": {"en": "Which"},
                        "choices": "yes-no",
                    },
                    {"code": "years", "kind": "number", "text": {"en": "Years"}},
                    {"code": "since", "kind": "date", "text": {"en": "Since"}},
                ],
            }
        ],
    }
)  # fmt: skip
EVERY = frozenset(item.code for item in ASKED.items())
ITEM = {item.code: item for item in ASKED.items()}


def person(**answers: object) -> Person:
    """Somebody who was asked everything."""
    return Person(answers, EVERY)


@pytest.mark.parametrize(
    ("code", "said", "options"),
    [
        ("sure", "yes", ("yes",)),
        ("sure", DONT_KNOW, ("dont-know",)),
        ("sure", PREFER_NOT, ()),
        ("sure", None, ()),
        ("many", ["yes", "no", "yes"], ("yes", "no")),
        ("many", [], ()),
        ("years", 4, ("3-5",)),
        ("since", "2024-05-01", ("2024",)),
    ],
)
def test_what_somebody_chose(code, said, options):
    """ "I don't know" is an answer; "I don't want to say", nothing and an empty list are none."""
    answers = {} if said is None else {code: said}
    assert chosen(ITEM[code], person(**answers)) == options


def test_what_was_not_asked_is_no_answer():
    """An answer left from before the routing changed is not counted."""
    assert chosen(ITEM["sure"], Person({"sure": "yes"}, frozenset())) == ()


@pytest.mark.parametrize(
    ("value", "code", "label"),
    [
        (0, "0-0", "0"), (0.5, "0-0", "0"), (1, "1-1", "1"), (5, "3-5", "3 to 5"),
        (5.9, "3-5", "3 to 5"), (6, "6-10", "6 to 10"), (100, "51-100", "51 to 100"),
        (101, "above-100", "Above 100"), (-1, "below-0", "Below 0"),
    ],
)  # fmt: skip
def test_numbers_are_counted_in_bands(value, code, label):
    """Both ends of a band belong to it; parts of a whole belong to the whole below."""
    assert band_of(value) == code
    assert band_label(code) == label


def test_numbers_and_dates_are_counted_by_what_was_given():
    """A band below nought is there only where somebody gave one; years are those that came."""
    people = [person(years=4, since="2023-02-01"), person(years=-2, since="2024-01-01")]
    for code, options in {
        "years": {"below-0": 1, "3-5": 1}, "since": {"2023": 1, "2024": 1},
    }.items():  # fmt: skip
        given_here = [chosen(ITEM[code], one) for one in people]
        found = counted(ASKED, ITEM[code], given_here).options
        assert {option: n for option, n in found.items() if n} == options
    plain = counted(ASKED, ITEM["years"], [("3-5",)]).options
    assert "below-0" not in plain


def test_measures_that_share_a_choice_are_counted_once():
    """The first keeps it; "don't know" is one where it is offered."""
    assert measures_of(ITEM["sure"]) == {"yes": ("yes",), "dont-know": ("dont-know",)}
    assert measures_of(ITEM["many"]) == {}


def test_groupings_are_questions_with_one_choice_and_how_people_got_in():
    """What cannot split anybody is left out."""
    people = [Person({}, EVERY, {"agency": "Health"}), Person({}, EVERY, {"agency": ""})]
    found = groupings(ASKED, ["team", "agency", "many", "nothing"], people)
    assert [one.code for one in found] == ["team", "agency"]
    assert [found[1].of(one) for one in people] == ["Health", NOT_SAID]
    assert found[0].of(person(team="b")) == "b"
    assert found[0].of(person(team=PREFER_NOT)) == NOT_SAID


sizes = st.dictionaries(st.sampled_from([*"abcdefgh", NOT_SAID]), st.integers(0, 40))


@given(sizes=sizes, base=st.integers(5, 15))
def test_no_category_is_smaller_than_the_base(sizes, base):
    """Nor are the named groups of those together, so that not-said takes nothing away from them."""
    grouping = Grouping("g", "Group", {code: code.upper() for code in "abcdefgh"})
    found = folded(sizes, grouping, base)
    people: dict[str, int] = {}
    for code, n in sizes.items():
        if n and code in found.of:
            people[found.of[code]] = people.get(found.of[code], 0) + n
    assert set(people) <= set(found.labels)
    assert all(n >= base for n in people.values())
    small = [c for c, to in found.of.items() if to == TOGETHER and c != NOT_SAID]
    if small:
        named = sum(sizes.get(code, 0) for code in small)
        alone = [code for code in small if sizes.get(code, 0) >= base]
        assert named >= base or not [code for code in small if code not in alone]
    if found.labels:
        assert sum(people.values()) == sum(sizes.values())


def test_a_question_that_only_one_group_answered_is_not_split():
    """There is nothing to compare."""
    people = [person(team="a", sure="yes")] * 20
    given_here = [chosen(ITEM["sure"], one) for one in people]
    counts = counted(ASKED, ITEM["sure"], given_here)
    way = groupings(ASKED, ["team"], people)[0]
    assert split(counts, way, ["a"] * 20, given_here, 10) is None
    assert split(counts, Grouping("sure", "Sure", {}), ["a"] * 20, given_here, 10) is None
