"""One paper as it is typed in: a field for each box that was printed."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms

from sightline.design.forms import SightlineForm
from sightline.surveys import flow
from sightline.surveys.definitions import (
    CHOSEN,
    DONT_KNOW,
    PREFER_NOT,
    Item,
    QuestionnaireDefinition,
    Section,
    said,
)
from sightline.surveys.flow import Answers

TURNS: Final = 3
"""How many times a repeat is printed at most."""

MESSAGES: Final[Mapping[str, str]] = {
    flow.NOT_A_NUMBER: "Enter a number",
    flow.NOT_WHOLE: "Enter a whole number",
    flow.NOT_A_DATE: "Enter a real date, such as 27 3 2025, or leave it empty",
    flow.TOO_LONG: "Enter 20,000 letters or fewer",
    flow.CONSTRAINT: "Look at the paper again: this answer does not fit the question",
}
HELPED: Final = (
    ("", "Nothing is ticked"),
    ("no", "No, by myself"),
    ("read", "Someone read it"),
    ("wrote", "Someone wrote"),
    ("talked", "Someone talked about what to say"),
    ("language", "Someone put it into a language or into signs"),
)


@dataclass(frozen=True)
class Place:
    """Where a field's answer belongs: its item and, in a repeat, its turn from 0."""

    section: Section
    item: Item
    turn: int | None

    @property
    def name(self) -> str:
        """Of the field."""
        return self.item.code if self.turn is None else f"{self.item.code}--{self.turn}"


def places(questionnaire: QuestionnaireDefinition) -> Iterator[Place]:
    """Every question that a paper holds, in order."""
    for section in questionnaire.sections:
        turns: Sequence[int | None] = (None,)
        if section.repeat:
            turns = range(min(section.repeat_most, TURNS))
        for turn in turns:
            for item in section.items:
                if item.kind not in flow.SILENT:
                    yield Place(section, item, turn)


class PaperForm(SightlineForm):
    """What stands on one paper. Nothing of it is kept beside whoever types it.

    `answers` is filled by `is_valid`; `asked_for` names the codes that were typed.
    """

    keeps_typed = ""
    marks_optional = False

    once = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self,
        *args: Any,
        questionnaire: QuestionnaireDefinition,
        groups: Sequence[tuple[str, str]] | None,
        codes: bool,
        languages: Sequence[tuple[str, str]],
        today: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questionnaire, self.today = questionnaire, today
        self.answers: Answers = {}
        if groups is not None:
            self.fields["group"] = forms.ChoiceField(
                label="Group of this paper",
                choices=[("", "Choose a group"), *groups],
                error_messages={"required": "Select the group of this paper"},
            )
        if codes:
            self.fields["code"] = forms.CharField(
                label="Code on this paper",
                max_length=80,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
                error_messages={"required": "Enter the code on this paper"},
            )
        if len(languages) > 1:
            self.fields["language"] = forms.ChoiceField(label="Language", choices=languages)
        for number, place in enumerate(places(questionnaire), 1):
            self.fields[place.name] = _field(number, place, questionnaire)
        self.fields["helped"] = forms.ChoiceField(
            label="Did anyone help?", choices=HELPED, required=False
        )

    def clean(self) -> dict[str, Any]:
        """Each answer as the question takes it."""
        held: dict[str, Any] = super().clean() or {}
        for place in places(self.questionnaire):
            given = held.get(place.name) or []
            posted = list(given) if isinstance(given, list) else [given]
            known = flow.within(self.answers, place.section, place.turn)
            value, wrong = flow.accept(place.item, posted, self.questionnaire, known, self.today)
            if wrong in MESSAGES:
                self.add_error(place.name, MESSAGES[wrong])
            elif value is not None:
                self._put(place, value)
        return held

    def _put(self, place: Place, value: flow.Value) -> None:
        if place.turn is None:
            self.answers[place.item.code] = value
            return
        turns = self.answers.setdefault(place.section.code, [])
        while len(turns) <= place.turn:
            turns.append({})
        turns[place.turn][place.item.code] = value

    def left_out(self) -> int:
        """How many answers the paper held to questions that its other answers do not lead to."""
        tidy = flow.tidy(self.questionnaire, self.answers, self.today)
        return _count(self.answers) - _count(
            {code: value for code, value in tidy.items() if code in self.answers}
        )


def _count(answers: Mapping[str, Any]) -> int:
    return sum(
        sum(map(len, value))
        if isinstance(value, list) and value and isinstance(value[0], dict)
        else 1
        for value in answers.values()
    )


def _field(number: int, place: Place, questionnaire: QuestionnaireDefinition) -> forms.Field:
    item = place.item
    main = questionnaire.languages[0]
    turn = "" if place.turn is None else f" ({place.section.repeat} {place.turn + 1})"
    about: dict[str, Any] = {
        "label": f"{number}. {said(item.text, main, main)}{turn}", "required": False,
    }  # fmt: skip
    marks = [
        (mark, words)
        for mark, words, there in (
            (DONT_KNOW, "I don’t know", item.dont_know),
            (PREFER_NOT, "I don’t want to say", item.prefer_not),
        )
        if there
    ]
    options = [
        (choice.code, f"{place_in} {said(choice.label, main, main)}")
        for place_in, choice in enumerate(questionnaire.options(item), 1)
    ]
    if item.kind in CHOSEN:
        return forms.ChoiceField(choices=[("", "Nothing is ticked"), *options, *marks], **about)
    if item.kind == "many":
        return forms.MultipleChoiceField(
            choices=[*options, *marks], widget=forms.CheckboxSelectMultiple, **about
        )
    if item.kind == "text":
        return forms.CharField(
            widget=forms.Textarea(attrs={"rows": min(item.lines, 6), "spellcheck": "false"}),
            **about,
        )
    help_text = "Day, month and year, such as 27 3 2025" if item.kind == "date" else ""
    return forms.CharField(help_text=help_text, max_length=40, **about)
