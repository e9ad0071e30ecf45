"""A questionnaire as a form opens elsewhere, and comes back as it was."""

import io
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from sightline.kernel.errors import Faults
from sightline.surveys.definitions import QuestionnaireDefinition
from sightline.surveys.questionnaires import shipped
from sightline.surveys.xlsform.exporting import export_form
from sightline.surveys.xlsform.importing import import_form
from tests.surveys.made_up import questionnaires
from tests.surveys.test_flow import item, made


def there_and_back(one: QuestionnaireDefinition) -> QuestionnaireDefinition:
    form = import_form(export_form(one), "form.xlsx", audience="anyone")
    assert form.answerable
    return form.definition


@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to make it smaller takes minutes
    suppress_health_check=[HealthCheck.too_slow],
)
@given(questionnaires())
def test_exported_and_imported_again_it_is_the_same(one: QuestionnaireDefinition) -> None:
    assert there_and_back(one) == one


@pytest.mark.parametrize("one", shipped(), ids=lambda one: one.key)
def test_shipped_ones_come_back(one: QuestionnaireDefinition) -> None:
    assert there_and_back(one) == one


def test_pyxform_makes_a_form_of_it() -> None:
    """What Kobo and ODK do with it: two more answers, routing, one group for each section."""
    from pyxform.xls2xform import convert  # type: ignore[import-untyped]

    one = made(
        {
            "code": "a", "notice": {"en": "This may be hard."}, "show_when": "",
            "items": [
                item("c", "one", choices="colours", dont_know=True, prefer_not=True, required=True),
                item("t", "one", choices="towns", choice_filter="in = ${c}", dont_know=True),
                item("why", lines=4, show_when="${c} = 'red'", hint={"en": "=1+1"}),
                item("n", "number", whole=True, constraint=". < 9",
                constraint_message={"en": "Fewer."}),
            ],
        },
        {"code": "kids", "repeat": "child", "repeat_count": "${n}", "items": [item("name")]},
    )  # fmt: skip
    warnings: list[str] = []
    xform = convert(io.BytesIO(export_form(one)), warnings=warnings, file_type=".xlsx").xform
    for part in ("dont-know", "prefer-not", "This may be hard.", "/data/a/why", 'jr:count=', "=1+1",
                 "constraint="):  # fmt: skip
        assert part in xform
    assert not warnings
    assert there_and_back(one) == one


def test_texts_are_never_formulas() -> None:
    one = made({"code": "a", "items": [item("q", text={"en": "=cmd|' /C calc'!A0"})]}, title="+1")
    book = openpyxl.load_workbook(io.BytesIO(export_form(one)))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert there_and_back(one) == one


def test_codes_that_are_taken_are_gone_round() -> None:
    choices = {
        "l": [{"code": "dont-know", "label": {"en": "I do not"}}, {"code": "b",
        "label": {"en": "B"}}],
        "l_dk": [{"code": "x", "label": {"en": "X"}}],
    }  # fmt: skip
    one = made(
        {
            "code": "introduction", "notice": {"en": "Mind."},
            "items": [item("introduction_notice", "one", choices="l", dont_know=True), item("o",
            "one", choices="l_dk")],
        },
        choices=choices,
    )  # fmt: skip
    assert there_and_back(one) == one


def test_one_with_faults_is_not_exported() -> None:
    one = made({"code": "a", "items": [item("q")]})
    broken: dict[str, Any] = {"languages": ("en", "gd")}
    with pytest.raises(Faults, match="no text in gd"):
        export_form(one.model_copy(update=broken))


def test_what_is_ours_is_not_believed_from_elsewhere() -> None:
    """The column of our own forms says only what it may, and rubbish in it is passed over."""
    from tests.surveys.forms import workbook

    head = ["type", "name", "label", "sightline"]
    rows = [
        [
            "text",
            "a",
            "A?",
            '{"identifies": true, "code": "b", "show_when": "1 = 2", "kind": "text"}',
        ],
        ["text", "c", "C?", "{rubbish"],
        ["text", "d", "D?", "[1]"],
        ["text", "e", "E?", "{" * 5000],
    ]
    form = import_form(workbook([head, *rows]), "f.xlsx")
    first = form.definition.item("a")
    assert (first.identifies, first.show_when) == (True, "")
    assert [one.code for one in form.definition.items()] == ["a", "c", "d", "e"]
    with pytest.raises(Faults, match="wording"):
        import_form(workbook([head, ["text", "a", "A?", '{"wording": "x"}']]), "f.xlsx")
