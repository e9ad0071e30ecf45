"""Shape of what is typed about an area's data."""

from collections.abc import Mapping
from typing import Any

from django import forms

from sightline.children.definitions import CODED, DatasetDefinition, code_list
from sightline.children.maps import LEFT_OUT, Unmatched
from sightline.children.models import ColumnMap
from sightline.design.forms import DateField, FilterForm, SightlineForm

NOT_YET = "?"
"""What is chosen where somebody does not say."""


class DaysForm(SightlineForm):
    """The days a file answers for."""

    first = DateField(label="First day", help_text="What happened on it is in the file")
    last = DateField(label="Last day", help_text="What happened on it is in the file")


class ReasonForm(SightlineForm):
    """Why."""

    reason = forms.CharField(label="Why", max_length=600, widget=forms.Textarea(attrs={"rows": 3}))


class EraseForm(SightlineForm):
    """Whose rows, and why."""

    keeps_typed = ""
    child = forms.CharField(
        label="Reference of the child",
        help_text="The council’s own number, as the extracts have it",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(label="Why", max_length=600, widget=forms.Textarea(attrs={"rows": 3}))


class NothingForm(SightlineForm):
    """A button alone."""


class AgainForm(SightlineForm):
    """Whether a build is made although nothing has changed."""

    again = forms.BooleanField(
        label="Make one even if no file has changed since the last",
        help_text="Rules and time limits look at the day on which a build is made",
        required=False,
    )


class FaultsFilter(FilterForm):
    """Which faults."""

    dataset = forms.ChoiceField(label="Dataset", required=False)
    rule = forms.ChoiceField(label="Rule", required=False)

    def __init__(
        self, *args: Any, datasets: list[tuple[str, str]], rules: list[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("dataset", [("", "Every dataset"), *datasets]),
            ("rule", [("", "Every rule"), *((rule, rule) for rule in rules)]),
        ):
            self.fields[name].choices = choices  # type: ignore[attr-defined]


class MapForm(SightlineForm):
    """For each heading and text that stood for nothing, what it stands for."""

    def __init__(
        self,
        *args: Any,
        dataset: DatasetDefinition,
        unmatched: Unmatched,
        held: ColumnMap | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.unmatched = unmatched
        said: Mapping[str, str] = held.headings if held is not None else {}
        spelt: Mapping[str, Mapping[str, str]] = held.codes if held is not None else {}
        columns = [(column.name, column.title) for column in dataset.columns]
        for at, heading in enumerate(unmatched.headings):
            self.fields[f"heading-{at}"] = forms.ChoiceField(
                label=f"Your column “{heading}”",
                choices=[
                    (NOT_YET, "Not decided yet"), (LEFT_OUT, "Leave it out"), *columns,
                ],
                initial=said.get(heading, NOT_YET),
                required=False,
            )  # fmt: skip
        for name, texts in unmatched.codes.items():
            column = dataset.column(name)
            if column.kind not in CODED:
                continue
            codes = [(entry.code, entry.label) for entry in code_list(column.codes).codes]
            for at, text in enumerate(texts):
                self.fields[f"code-{name}-{at}"] = forms.ChoiceField(
                    label=f"Your “{text}” in “{column.title}”",
                    choices=[(NOT_YET, "Not decided yet"), *codes],
                    initial=spelt.get(name, {}).get(text, NOT_YET),
                    required=False,
                )

    def _said(self, name: str) -> str:
        """What was chosen; a field that was not sent was not decided."""
        return str(self.cleaned_data[name]) if name in self.data else NOT_YET

    def headings(self) -> Mapping[str, str]:
        """By heading, the name of our column, or nothing to leave it out."""
        said = {
            heading: self._said(f"heading-{at}")
            for at, heading in enumerate(self.unmatched.headings)
        }
        return {heading: name for heading, name in said.items() if name != NOT_YET}

    def codes(self) -> Mapping[str, Mapping[str, str]]:
        """By column, what stands in its cells and the code it is."""
        found: dict[str, dict[str, str]] = {}
        for name, texts in self.unmatched.codes.items():
            for at, text in enumerate(texts):
                code = self._said(f"code-{name}-{at}")
                if code != NOT_YET:
                    found.setdefault(name, {})[text] = code
        return found


class WaiverForm(SightlineForm):
    """A rule that need not hold, why, and until when."""

    rule = forms.CharField(label="Rule", help_text="Its code, such as V-020", max_length=40)
    dataset = forms.ChoiceField(label="Dataset")
    keys = forms.CharField(
        label="Which rows",
        help_text="Their key values, a row on each line, divided by semicolons. "
        "Left empty, every row of the dataset.",
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    reason = forms.CharField(label="Why", max_length=600, widget=forms.Textarea(attrs={"rows": 3}))
    valid_from = DateField(label="From")
    valid_until = DateField(label="Until")

    def __init__(self, *args: Any, datasets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dataset"].choices = datasets  # type: ignore[attr-defined]

    def clean_keys(self) -> list[list[str]]:
        """A list of key values for each line."""
        lines = str(self.cleaned_data["keys"]).splitlines()
        return [[part.strip() for part in line.split(";")] for line in lines if line.strip()]
