"""Shape of what is typed about a partnership."""

from typing import Any

from django import forms

from sightline.kernel.errors import BadInput
from sightline.kernel.periods import ImpreciseDate
from sightline.partnerships.models import Holiday

_NEEDED = "Enter {}"


def _text(label: str, what: str, *, hint: str = "", length: int = 200) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=length,
        error_messages={"required": _NEEDED.format(what)},
    )


class LocalityForm(forms.Form):
    """A locality."""

    name = _text("Name of the locality", "the name of the locality")


class GroupForm(forms.Form):
    """A strategic group."""

    name = _text("Name of the group", "the name of the group")
    purpose = forms.CharField(label="What it is for (optional)", required=False, max_length=300)


class PlanForm(forms.Form):
    """A plan."""

    name = _text("Name of the plan", "the name of the plan")
    years = _text("Years it covers", "the years it covers", hint="For example 2026/2029", length=21)

    def clean_years(self) -> str:
        """An imprecise date."""
        years = str(self.cleaned_data["years"])
        try:
            ImpreciseDate(years)
        except BadInput as fault:
            raise forms.ValidationError(str(fault)) from None
        return years


class PostForm(forms.Form):
    """A post, by designation."""

    designation = _text(
        "Designation", "the designation of the post", hint="The post, never a person’s name"
    )
    agency = forms.ChoiceField(
        label="Agency", error_messages={"required": "Select the agency the post belongs to"}
    )
    duty = forms.CharField(
        label="Duty in the partnership (optional)", required=False, max_length=300
    )

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["agency"]
        choices.choices = [("", "Choose an agency"), *agencies]  # type: ignore[attr-defined]


class HolidayForm(forms.Form):
    """A holiday, both days included."""

    name = _text("Name of the holiday", "the name of the holiday")
    kind = forms.ChoiceField(
        label="Kind of holiday",
        choices=Holiday.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether it is a public or a school holiday"},
    )
    first = forms.DateField(
        label="First day",
        help_text="Written 2026-12-21",
        error_messages={
            "required": "Enter the first day of the holiday",
            "invalid": "First day must be a real date, written 2026-12-21",
        },
    )
    last = forms.DateField(
        label="Last day",
        help_text="Written 2027-01-05; the same as the first for one day",
        error_messages={
            "required": "Enter the last day of the holiday",
            "invalid": "Last day must be a real date, written 2027-01-05",
        },
    )

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", "Last day must be the first day or later")
        return data


FORMS: dict[str, type[forms.Form]] = {
    "localities": LocalityForm,
    "groups": GroupForm,
    "plans": PlanForm,
    "posts": PostForm,
    "holidays": HolidayForm,
}
