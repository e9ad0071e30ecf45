"""Shape of what is typed about inspections."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from sightline.design.forms import FilterForm, SightlineForm
from sightline.framework.definitions import Library, Scale
from sightline.inspections.definitions import Source
from sightline.inspections.overview_parts import KIND_WORDS
from sightline.kernel.errors import BadInput
from sightline.kernel.periods import ImpreciseDate
from sightline.partnerships.queries import Partnership

LONGEST_TEXT = 2_000


class ListFilter(FilterForm):
    """Which inspections the list shows."""

    programme = forms.ChoiceField(label="Programme", required=False)
    partnership = forms.ChoiceField(label="Partnership", required=False)
    kind = forms.ChoiceField(
        label="Kind", required=False, choices=[("", "Every kind"), *KIND_WORDS.items()]
    )

    def __init__(self, data: Any, *, library: Library, partnerships: Iterable[Partnership]) -> None:
        super().__init__(data)
        self.fields["programme"].choices = [  # type: ignore[attr-defined]
            ("", "Every programme"),
            *((p.short, f"{p.short}: {p.title}") for p in library.programmes),
        ]
        self.fields["partnership"].choices = [  # type: ignore[attr-defined]
            ("", "Every partnership"),
            *((p.code, p.name) for p in partnerships),
        ]


class ImportForm(SightlineForm):
    """A file that holds one inspection."""

    document = forms.FileField(
        label="File",
        help_text="One inspection as JSON, saved as UTF-8, at most 5 MB.",
        error_messages={"required": "Choose the file that holds the inspection"},
    )


class ConfirmForm(SightlineForm):
    """What was checked, signed so that it is what is imported."""

    checked = forms.CharField(widget=forms.HiddenInput)


class CorrectionForm(SightlineForm):
    """What every correction asks beside the value itself: whence, and why."""

    source = forms.ChoiceField(
        label="Source that gives the right value",
        help_text="What other sources say still stands beside it. Choose the same one as now if "
        "its value was typed wrongly here. A source that is missing here comes in with an import "
        "that describes it.",
    )
    place = forms.CharField(
        label="Place in the source", required=False, max_length=300,
        help_text="For example: Paragraph 3.11",
    )  # fmt: skip
    confidence = forms.ChoiceField(
        label="How sure is it?",
        widget=forms.RadioSelect,
        choices=[
            ("high", "Stated by a regulator, a council or a published report"),
            ("medium", "Stated by the press, or inferred"),
            ("low", "Approximate or doubtful"),
        ],
        error_messages={"required": "Select how sure it is"},
    )
    note = forms.CharField(
        label="Note", required=False, max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    reason = forms.CharField(
        label="Why is the value corrected?",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 3}),
        help_text="Shown with the old value, which is kept.",
        error_messages={"required": "Enter why the value is corrected"},
    )
    shown = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, sources: Mapping[str, Source], **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            ("", "Select a source"),
            *((key, source.title) for key, source in sources.items()),
        ]


class EvaluationForm(CorrectionForm):
    """A corrected evaluation: the words of the scale, the highest first, none chosen for you."""

    field_order = ("value",)
    value = forms.TypedChoiceField(
        label="Evaluation",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Select the evaluation the source gives"},
    )

    def __init__(self, data: Any, *, scale: Scale, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["value"].choices = [  # type: ignore[attr-defined]
            (point.value, f"{point.value} {point.word}: {point.descriptor}")
            for point in scale.points
        ]


class CountForm(CorrectionForm):
    """A corrected count, or whole per cent."""

    field_order = ("count", "qualifier", "printed")
    count = forms.IntegerField(label="Count", min_value=0, max_value=1_000_000_000)
    qualifier = forms.ChoiceField(
        label="How exact is it?",
        choices=[
            ("exactly", "Exactly this"),
            ("about", "About this"),
            ("almost", "Almost this"),
            ("over", "Over this"),
            ("at least", "At least this"),
        ],
    )
    printed = forms.CharField(
        label="As the source prints it", required=False, max_length=100,
        help_text="Only when that is not just the digits, for example: over 350",
    )  # fmt: skip

    def __init__(self, data: Any, *, most: int | None, **more: Any) -> None:
        super().__init__(data, **more)
        self.most = most

    def clean_count(self) -> int:
        """A per cent is at most 100."""
        count = int(self.cleaned_data["count"])
        if self.most is not None and count > self.most:
            raise forms.ValidationError(f"Count must be {self.most} or less: it is a per cent")
        return count


class DateForm(CorrectionForm):
    """A corrected date, as exactly as its source gives it."""

    field_order = ("value",)
    value = forms.CharField(
        label="Date", max_length=21,
        help_text="As exactly as the source gives it: 2020-06-16, 2020-06 or 2020; "
        "from one to another as 2019-08/2019-12.",
        error_messages={"required": "Enter the date the source gives"},
    )  # fmt: skip

    def clean_value(self) -> str:
        """An imprecise date."""
        value = str(self.cleaned_data["value"])
        try:
            ImpreciseDate(value)
        except BadInput as fault:
            raise forms.ValidationError(str(fault)) from None
        return value
