"""What keeps a template from being used: each fault names file, field and mend."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from sightline.framework.definitions import library
from sightline.kernel import plain_yaml
from sightline.kernel.errors import Faults
from sightline.record_reading import checks, template_faults
from sightline.record_reading.definitions import (
    AnswerLists,
    TemplateDefinition,
    answer_lists,
    load_lists,
)

PRESENT: dict[str, Any] = {
    "code": "plan-present", "list": "yes-no", "text": "Is there a plan?", "short": "Plan",
}  # fmt: skip
QUALITY: dict[str, Any] = {
    "code": "plan-quality", "list": "six-point", "text": "How good is it?", "short": "Quality",
    "only_if": {"item": "plan-present", "answers": ["yes"]}, "base": "records with a plan",
}  # fmt: skip
WORDS: dict[str, Any] = {"code": "words", "kind": "text", "text": "Say.", "short": "Words"}
CAME: dict[str, Any] = {
    "code": "came", "kind": "by-agency", "list": "yes-no", "text": "Came?", "short": "Came",
}  # fmt: skip


def made(*items: Mapping[str, Any], **changed: Any) -> TemplateDefinition:
    """A template of one section with these items; without any, two that are right."""
    section = {"code": "only", "letter": "A", "title": "Only",
               "items": list(items or (PRESENT, QUALITY))}  # fmt: skip
    return TemplateDefinition.model_validate(
        {
            "code": "made-up", "version": 1, "title": "Made up", "content_note": "None.",
            "source": "Nobody.",
            "populations": [{"code": "all", "label": "All", "about": "All."}],
            "strata": [{"code": "one", "label": "One", "population": "all",
                        "agencies": ["health"]}],
            "sections": [section],
        }
        | changed
    )  # fmt: skip


def said(template: TemplateDefinition) -> list[str]:
    """The faults of a template, each as it is shown."""
    found = template_faults.faults_of(template, answer_lists(), indicators={"5.2"})
    return [str(fault) for fault in found]


def between(*templates: TemplateDefinition) -> list[str]:
    """The faults between templates."""
    return [str(fault) for fault in template_faults.faults_between(templates)]


def test_what_is_right_has_no_faults() -> None:
    """The two items that the others are changed from."""
    assert said(made()) == []
    assert said(made(PRESENT, QUALITY, WORDS, CAME)) == []


STRATUM = {"code": "two", "label": "Two", "population": "all", "agencies": ["health"]}
SECTION = {"code": "only", "letter": "A", "title": "Only", "items": [PRESENT]}
OTHER = {"code": "other", "letter": "B", "title": "Other", "items": [WORDS]}
ALL = {"code": "all", "label": "All", "about": "All."}
AT = "made-up@1.yaml"


@pytest.mark.parametrize(
    ("items", "fault"),
    [
        (
            [PRESENT, QUALITY, PRESENT],
            f"{AT} items: plan-present is there twice. Give each its own code.",
        ),
        (
            [PRESENT | {"list": "maybe"}],
            f"{AT} plan-present.list: there is no list maybe. There are: agencies, yes-no, "
            "yes-or-no, fully, effective, improvement, six-point.",
        ),
        (
            [PRESENT | {"list": ""}],
            f"{AT} plan-present.list: it has no answers to choose from. Name a list.",
        ),
        (
            [WORDS | {"list": "yes-no"}],
            f"{AT} words.list: words have no list of answers. Take the list out.",
        ),
        (
            [PRESENT, QUALITY | {"kind": "many"}],
            f"{AT} plan-quality.kind: the six-point scale has one answer. Make it “one”.",
        ),
        (
            [QUALITY, PRESENT],
            f"{AT} plan-quality.only_if: plan-present comes after it. "
            "An item may hang only on one above it.",
        ),
        (
            [QUALITY],
            f"{AT} plan-quality.only_if: there is no item plan-present. Name one above it.",
        ),
        (
            [PRESENT | {"only_if": {"item": "plan-present", "answers": ["yes"]}, "base": "it"}],
            f"{AT} plan-present.only_if: it hangs on itself. Name another item.",
        ),
        (
            [
                PRESENT
                | {"only_if": {"item": "plan-quality", "answers": ["4"]}, "base": "records"},
                QUALITY,
            ],
            f"{AT} plan-present.only_if: it goes round in a circle: plan-present, plan-quality, "
            "plan-present. An item may hang only on one above it.",
        ),
        (
            [PRESENT, QUALITY | {"only_if": {"item": "plan-present", "answers": ["fully"]}}],
            f"{AT} plan-quality.only_if.answers: fully is no answer to plan-present. "
            "There are: yes, no, not-expected.",
        ),
        (
            [WORDS, PRESENT | {"only_if": {"item": "words", "answers": ["x"]}, "base": "records"}],
            f"{AT} plan-present.only_if: words is words. Name an item with answers.",
        ),
        (
            [PRESENT, QUALITY | {"base": None}],
            f"{AT} plan-quality.base: it has none. Say what it is counted of: records with …",
        ),
        (
            [PRESENT | {"base": "records"}],
            f"{AT} plan-present.base: it hangs on nothing. Add only_if, or drop the base.",
        ),
        (
            [PRESENT, QUALITY | {"only_if": None, "base": None}],
            f"{AT} plan-quality.only_if: it would be asked of every record. "
            "Hang it on plan-present.",
        ),
        (
            [QUALITY | {"only_if": None, "base": None}],
            f"{AT} plan-quality.only_if: it would be asked of every record. "
            "Hang it on an item that says whether it is there.",
        ),
        (
            [PRESENT, PRESENT | {"code": "else"},
             QUALITY | {"only_if": {"item": "else", "answers": ["yes"]}}],
            f"{AT} plan-quality.only_if: it does not hang on plan-present. Name plan-present.",
        ),
        (
            [PRESENT, QUALITY | {"code": "plan"}],
            f"{AT} plan.code: it is on the six-point scale. Let it end in -quality.",
        ),
        (
            [PRESENT | {"links": ["9.9"]}],
            f"{AT} plan-present.links: there is no indicator 9.9. "
            "See: sightline framework list.",
        ),
        (
            [PRESENT | {"strata": ["three"]}],
            f"{AT} plan-present.strata: there is no stratum three. There are: one.",
        ),
        (
            [CAME | {"agencies": ["fire"]}],
            f"{AT} came.agencies: there is no agency fire. There are: social-work, health, "
            "police, education, reporter, other.",
        ),
        (
            [PRESENT | {"agencies": ["health"]}],
            f"{AT} plan-present.agencies: it is not asked by agency. Make it so, or drop them.",
        ),
        (
            [PRESENT | {"strata": ["one"]}, QUALITY],
            f"{AT} plan-quality.strata: plan-present, which it hangs on, is not asked of all of "
            "them. Keep to: one.",
        ),
    ],
)  # fmt: skip
def test_each_fault_of_an_item_is_named(items: list[Any], fault: str) -> None:
    """Where, what and how to mend."""
    assert fault in said(made(*items))


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (
            {"strata": [STRATUM, STRATUM]},
            f"{AT} strata: two is there twice. Give each its own code.",
        ),
        (
            {"populations": [ALL, ALL]},
            f"{AT} populations: all is there twice. Give each its own code.",
        ),
        (
            {"populations": [ALL, ALL | {"code": "else"}]},
            f"{AT} populations.else: no stratum lies in it. Add one, or drop it.",
        ),
        (
            {"strata": [STRATUM | {"population": "none"}]},
            f"{AT} strata.two.population: there is no population none. There are: all.",
        ),
        (
            {"strata": [STRATUM | {"agencies": ["fire"]}]},
            f"{AT} strata.two.agencies: there is no agency fire. There are: social-work, health, "
            "police, education, reporter, other.",
        ),
        (
            {"strata": [STRATUM | {"agencies": []}]},
            f"{AT} strata.two.agencies: no agency's records are read. Name at least one.",
        ),
        (
            {"sections": [SECTION, OTHER | {"code": "only"}]},
            f"{AT} sections: only is there twice. Give each its own code.",
        ),
        (
            {"sections": [SECTION, OTHER | {"letter": "A"}]},
            f"{AT} sections: two have the letter A. Join them.",
        ),
        (
            {"sections": [OTHER, SECTION]},
            f"{AT} sections: their letters are not in order. Put them in order.",
        ),
    ],
)
def test_each_fault_of_a_template_is_named(changed: dict[str, Any], fault: str) -> None:
    """Where, what and how to mend."""
    assert fault in said(made(**changed))


def test_where_answers_are_of_no_list_only_the_list_is_faulted() -> None:
    """What hangs on such an item is not faulted for answers that nobody can look up."""
    (found,) = said(made(PRESENT | {"list": "maybe"}, QUALITY))
    assert "there is no list maybe" in found


def test_a_way_that_only_leads_into_a_circle_is_no_circle_itself() -> None:
    """An item above two that hang on each other is faulted for coming first, and no more."""
    first = PRESENT | {
        "code": "first", "only_if": {"item": "a", "answers": ["yes"]}, "base": "records",
    }  # fmt: skip
    one = first | {"code": "a", "only_if": {"item": "b", "answers": ["yes"]}}
    two = first | {"code": "b", "only_if": {"item": "a", "answers": ["yes"]}}
    found = said(made(first, one, two))
    assert f"{AT} first.only_if: a comes after it. An item may hang only on one above it." in found
    assert any("it goes round in a circle: a, b, a." in fault for fault in found)


def lists(**changed: Any) -> list[str]:
    """The faults of the shipped lists, with some changed; None takes a list out."""
    plain = answer_lists().model_dump()
    given = {code: one for code, one in (plain["lists"] | changed).items() if one is not None}
    found = AnswerLists.model_validate(plain | {"lists": given})
    return [str(fault) for fault in template_faults.faults_of_lists(found)]


PLAIN = {"title": "Plain", "options": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}]}


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (
            {"plain": PLAIN | {"bands": {"high": ["a", "c"]}}},
            "lists/answers@1.yaml plain.bands.high: c is no answer of the list. There are: a, b.",
        ),
        (
            {"plain": PLAIN | {"bands": {"high": []}}},
            "lists/answers@1.yaml plain.bands.high: it holds no answer. Add some, or drop it.",
        ),
        (
            {"plain": PLAIN | {"options": [{"code": "a", "label": "A"}] * 2}},
            "lists/answers@1.yaml plain.options: a is there twice. Keep one.",
        ),
        (
            {"plain": PLAIN | {"options": [{"code": "a", "label": "A", "value": 1},
                                           {"code": "b", "label": "B", "value": 1}]}},
            "lists/answers@1.yaml plain.options: two answers have the value 1. Give each its own.",
        ),
        (
            {"agencies": None},
            "lists/answers@1.yaml lists: there is no list agencies. Add it.",
        ),
        (
            {"six-point": None},
            "lists/answers@1.yaml lists: there is no list six-point. Add it.",
        ),
        (
            {"six-point": PLAIN},
            "lists/answers@1.yaml six-point.options: the answers are not 1 to 6, each of its own "
            "value. 1, 2, 6 need a reason, so the codes must be those.",
        ),
    ],
)  # fmt: skip
def test_each_fault_of_a_list_is_named(changed: dict[str, Any], fault: str) -> None:
    """Where, what and how to mend."""
    assert lists(**changed) == [fault]


SAME = {"template": "made-up@2", "how": "same"}
HERE = f"{AT} plan-present.comparable"


@pytest.mark.parametrize(
    ("first", "second", "fault"),
    [
        ([SAME | {"template": "made-up@1"}], [], f"{HERE}: it compares with itself. "
         "Name another template."),
        ([SAME, SAME], [], f"{HERE}: made-up@2 is named twice. Keep one."),
        ([SAME | {"template": "gone@1"}], [], f"{HERE}: there is no template gone@1. "
         "There are: made-up@1, made-up@2."),
        ([SAME | {"how": "not"}], [], f"{HERE}: made-up@2: it does not say why. Add `why`."),
        ([SAME], [{"template": "made-up@1", "how": "not", "why": "No."}],
         f"{HERE}: made-up@2 says “not”, this one “same”. Agree on one."),
        ([], [], f"{HERE}: made-up@2 asks it too. Say how the two compare."),
    ],
)  # fmt: skip
def test_what_templates_say_of_each_other_has_to_be_so(
    first: list[Any], second: list[Any], fault: str
) -> None:
    """Missing, itself, twice, without a reason, at odds, and unsaid."""
    one = made(PRESENT | {"comparable": first})
    two = made(PRESENT | {"comparable": second}, version=2)
    assert fault in between(one, two)


def test_a_template_that_does_not_ask_it_cannot_be_compared_with() -> None:
    """Nor can one that words it otherwise be the same."""
    one = made(PRESENT | {"comparable": [SAME]})
    assert between(one, made(WORDS, version=2)) == [
        f"{HERE}: made-up@2 does not ask it. Take the line out."
    ]
    two = made(PRESENT | {"text": "Where is the plan?"}, version=2)
    assert between(one, two) == [
        f"{HERE}: made-up@2 asks it otherwise: words, answers or wording number differ. "
        "Say reworded, or not."
    ]


def test_one_side_is_enough() -> None:
    """What was released before cannot be changed to name what came after."""
    one = made(PRESENT)
    two = made(PRESENT | {"comparable": [{"template": "made-up@1", "how": "same"}]}, version=2)
    assert between(one, two) == []
    assert between(two, one) == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped templates, to be spoilt."""
    shipped = Path(settings.SIGHTLINE_DEFINITIONS) / "record-reading"
    shutil.copytree(shipped, tmp_path / "record-reading")
    return tmp_path


def spoil(folder: Path, name: str, old: str, new: str) -> None:
    """Change one text of a file."""
    path = folder / "record-reading" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_everything_wrong_in_all_files_is_said_at_once(folder: Path) -> None:
    """A programme and a band there are not, and an indicator of another framework."""
    spoil(folder, "risk-of-harm@1.yaml", "programme: risk-of-harm@1", "programme: gone@1")
    spoil(folder, "local-audit@1.yaml", 'links: ["6.1"]', 'links: ["99.1"]')
    spoil(folder, "lists/answers@1.yaml", "fully: [fully]", "fully: [whole]")
    with pytest.raises(Faults) as caught:
        checks.check(folder, library())
    text = str(caught.value)
    assert "risk-of-harm@1.yaml programme: there is no programme gone@1." in text
    assert "local-audit@1.yaml records-seen.links: there is no indicator 99.1." in text
    assert "answers@1.yaml fully.bands.fully: whole is no answer of the list." in text
    assert len(caught.value.faults) == 3


def test_the_shipped_ones_pass_and_their_lists_are_one_file(folder: Path) -> None:
    """The copy is as good as what is shipped; the lists are read from where they lie."""
    checks.check(folder, library())
    assert load_lists(folder) == answer_lists()
    assert plain_yaml.read(folder / "record-reading" / "lists" / "answers@1.yaml")


def test_the_system_check_says_what_is_wrong(folder: Path, settings) -> None:
    """As one error of `manage.py check`; nothing where all is well."""
    assert checks.templates_can_be_used(None) == []
    spoil(folder, "local-audit@1.yaml", "list: six-point", "list: seven-point")
    settings.SIGHTLINE_DEFINITIONS = folder
    (error,) = checks.templates_can_be_used(None)
    assert error.id == "record_reading.E001"
    assert "there is no list seven-point" in error.msg
