"""One section of a reading as a form, and the small forms around it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Final
from uuid import uuid4

from django import forms
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict

from sightline.design.forms import SightlineForm
from sightline.record_reading.asking import (
    LONGEST,
    Answers,
    Gap,
    agencies_of,
    agency_label,
    options,
)
from sightline.record_reading.definitions import Item, TemplateDefinition
from sightline.record_reading.reading_answers import FLAG_LABELS, kept_text, normal

TOO_LONG: Final = f"Keep to {LONGEST:,} characters. You have %(show_value)s"
WHY: Final = "What decided it?"
WHY_HINT: Final = "No names and no dates of birth. Needed for Excellent, Weak and Unsatisfactory."


def answer_name(item: Item, agency: str = "") -> str:
    """The field of an answer: `q-plan-present`, of one agency `q-attended--police`."""
    return f"q-{item.code}--{agency}" if agency else f"q-{item.code}"


def why_name(item: Item) -> str:
    """The field of the reason for an answer."""
    return f"why-{item.code}"


def flag_name(flag: str) -> str:
    """The field of what is flagged."""
    return f"flag-{flag}"


@dataclass(frozen=True)
class Row:
    """One agency of a question that is asked of each: what it is called, and its field."""

    label: str
    field: BoundField


@dataclass(frozen=True)
class Question:
    """One question as a page draws it: its number, its field or rows, its reason, its guidance."""

    item: Item
    number: str
    field: BoundField | None
    rows: tuple[Row, ...]
    why: BoundField | None

    @property
    def label(self) -> str:
        """Number and words."""
        return f"{self.number} {self.item.text}"

    @property
    def answers(self) -> list[str]:
        """What an agency can be answered with, as the heads of a table."""
        return [option.label for option in options(self.item)]


def _text(label: str, rows: int, hint: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=False,
        strip=False,
        max_length=LONGEST,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"max_length": TOO_LONG},
    )


class SectionForm(SightlineForm):
    """The questions of a section that are asked, each with its reason, and what may be flagged.

    Nothing has to be answered: what is missing is said before the reading is handed in. `of` names
    the questions that the page showed, so that one that was emptied is told from one that was not
    there.
    """

    keeps_hidden: ClassVar[frozenset[str]] = frozenset({"based_on"})
    marks_optional: ClassVar[bool] = False

    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)
    of = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        template: TemplateDefinition,
        section: str,
        items: Sequence[Item],
        facts: Mapping[str, Any],
        **more: Any,
    ) -> None:
        self.template, self.section, self.facts = template, template.section(section), facts
        self.items = tuple(items)
        super().__init__(*args, **more)
        for number, item in enumerate(self.items, 1):
            self._add(f"{self.section.letter}{number}", item)
        for flag, label in FLAG_LABELS.items():
            self.fields[flag_name(flag)] = _text(label, 3)
        self.initial.setdefault("of", " ".join(item.code for item in self.items))
        self.initial.setdefault("token", uuid4())

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """As of any form; but what was typed before and is saved by now goes on from there.

        The answer to a save may be lost together with the session: then what was typed is kept
        beside what it became.
        """
        if field_name == "based_on" and self._typed_is_saved:
            return self.initial.get("based_on")
        return super().get_initial_for_field(field, field_name)

    @cached_property
    def _typed_is_saved(self) -> bool:
        """Whether what is put back is just what is in use."""
        put_back = self.typed_before
        if put_back is None:
            return False
        given: dict[str, Any] = {
            "template": self.template,
            "section": self.section.code,
            "facts": self.facts,
        }
        saved, typed = (
            SectionForm(data, items=self.items, **given)
            for data in (data_of(self.initial), put_back.values)
        )
        for form in (saved, typed):
            form.is_valid()
        return saved.answers() == typed.answers()

    def _add(self, number: str, item: Item) -> None:
        label = f"{number} {item.text}"
        choices = [
            (option.code, _shown(item, option.code, option.label)) for option in options(item)
        ]
        if item.kind == "text":
            self.fields[answer_name(item)] = _text(label, 5)
        elif item.kind == "many":
            self.fields[answer_name(item)] = forms.MultipleChoiceField(
                label=label, required=False, choices=choices, widget=forms.CheckboxSelectMultiple
            )
        elif item.kind == "by-agency":
            for agency in agencies_of(self.template, item, self.facts):
                self.fields[answer_name(item, agency)] = forms.ChoiceField(
                    label=f"{label} {agency_label(agency)}",
                    required=False,
                    choices=choices,
                    widget=forms.RadioSelect,
                )
        else:
            self.fields[answer_name(item)] = forms.ChoiceField(
                label=label, required=False, choices=choices, widget=forms.RadioSelect
            )
        if item.is_quality:
            self.fields[why_name(item)] = _text(f"{number} {WHY}", 2, WHY_HINT)

    def questions(self) -> Iterator[Question]:
        """Each question with what is drawn of it."""
        for number, item in enumerate(self.items, 1):
            rows = tuple(
                Row(agency_label(agency), self[answer_name(item, agency)])
                for agency in agencies_of(self.template, item, self.facts)
            )
            yield Question(
                item=item,
                number=f"{self.section.letter}{number}",
                field=None if rows else self[answer_name(item)],
                rows=rows,
                why=self[why_name(item)] if item.is_quality else None,
            )

    def flags(self) -> list[BoundField]:
        """The boxes of what may be flagged."""
        return [self[flag_name(flag)] for flag in FLAG_LABELS]

    def has_flags(self) -> bool:
        """Whether something is flagged already, so that the boxes are open."""
        return any(box.value() for box in self.flags())

    @property
    def shown(self) -> tuple[str, ...]:
        """The codes of the questions that the page showed when it was sent."""
        return tuple(str(self.cleaned_data.get("of", "")).split())

    def answers(self) -> Answers:
        """What was sent, in the shape that readings keep."""
        given = self.cleaned_data
        values: dict[str, Any] = {}
        whys: dict[str, str] = {}
        for item in self.items:
            agencies = agencies_of(self.template, item, self.facts)
            if agencies:
                values[item.code] = {
                    agency: code
                    for agency in agencies
                    if (code := given.get(answer_name(item, agency)))
                }
            elif item.kind == "text":
                values[item.code] = kept_text(given.get(answer_name(item)) or "")
            else:
                values[item.code] = given.get(answer_name(item))
            if item.is_quality:
                whys[item.code] = kept_text(given.get(why_name(item)) or "")
        flags = {flag: kept_text(given.get(flag_name(flag)) or "") for flag in FLAG_LABELS}
        return normal({"values": values, "whys": whys, "flags": flags})

    def show_gaps(self, gaps: Sequence[Gap]) -> None:
        """Say at its box what is missing of each question of this page."""
        items = {item.code: item for item in self.items}
        for gap in gaps:
            item = items.get(gap.item)
            if item is None:
                continue
            name = answer_name(item)
            if name in self.fields and item.is_quality and self.cleaned_data.get(name):
                name = why_name(item)
            if name in self.fields:
                self.add_error(name, gap.what)
            else:
                self._show_gaps_by_agency(item)

    def _show_gaps_by_agency(self, item: Item) -> None:
        for agency in agencies_of(self.template, item, self.facts):
            name = answer_name(item, agency)
            if not self.cleaned_data.get(name):
                self.add_error(name, f"Choose an answer for {agency_label(agency)}.")


def _shown(item: Item, code: str, label: str) -> str:
    """An answer as it is offered; of the six-point scale with its number."""
    return f"{code} {label}" if item.is_quality else label


def initial_of(template: TemplateDefinition, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What a form begins with, by field, out of answers."""
    own = normal(answers)
    found: dict[str, Any] = {}
    for item in template.items():
        value = own["values"].get(item.code)
        if isinstance(value, dict):
            found |= {answer_name(item, agency): code for agency, code in value.items()}
        elif value is not None:
            found[answer_name(item)] = value
        if item.code in own["whys"]:
            found[why_name(item)] = own["whys"][item.code]
    return found | {flag_name(flag): text for flag, text in own["flags"].items()}


def data_of(initial: Mapping[str, Any]) -> MultiValueDict[str, str]:
    """What was saved, as though it had been sent: so that a form can say what is missing of it."""
    data: MultiValueDict[str, str] = MultiValueDict()
    for name, value in initial.items():
        data.setlist(name, [str(one) for one in value] if isinstance(value, list) else [str(value)])
    return data


class SettleForm(SightlineForm):
    """Which of two versions of a section stands, or both joined."""

    keeps_typed: ClassVar[str] = ""

    keep = forms.ChoiceField(
        choices=[("in-use", "in-use"), ("beside", "beside"), ("joined", "joined")],
        widget=forms.HiddenInput,
    )
    in_use = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    beside = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)


class HandInForm(SightlineForm):
    """Handing in; where words may name somebody, that they were looked at."""

    keeps_typed: ClassVar[str] = ""

    names_looked_at = forms.BooleanField(
        label="I looked at these words, and they name nobody the record is about",
        error_messages={
            "required": "Look at the words above: mend them, or say that they may stay"
        },
    )

    def __init__(self, *args: Any, names: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not names:
            del self.fields["names_looked_at"]


class ReopenForm(SightlineForm):
    """Why a reading is opened again."""

    reason = forms.CharField(
        label="Why is it opened again?", max_length=1000, widget=forms.Textarea({"rows": 3})
    )
