"""Shape of what is typed about a partnership."""

from typing import Any

from django import forms

from sightline.design.forms import DateField, SightlineForm
from sightline.kernel.errors import BadInput
from sightline.kernel.periods import ImpreciseDate
from sightline.partnerships.models import Holiday


class LocalityForm(SightlineForm):
    """A locality."""

    name = forms.CharField(label="Name of the locality", max_length=200)


class GroupForm(SightlineForm):
    """A strategic group."""

    name = forms.CharField(label="Name of the group", max_length=200)
    purpose = forms.CharField(label="What it is for", required=False, max_length=300)


class PlanForm(SightlineForm):
    """A plan."""

    name = forms.CharField(label="Name of the plan", max_length=200)
    years = forms.CharField(
        label="Years it covers", help_text="For example 2026/2029", max_length=21
    )

    def clean_years(self) -> str:
        """An imprecise date."""
        years = str(self.cleaned_data["years"])
        try:
            ImpreciseDate(years)
        except BadInput as fault:
            raise forms.ValidationError(str(fault)) from None
        return years


class PostForm(SightlineForm):
    """A post, by designation."""

    designation = forms.CharField(
        label="Designation", help_text="The post, never a person’s name", max_length=200
    )
    agency = forms.ChoiceField(
        label="Agency", error_messages={"required": "Select the agency the post belongs to"}
    )
    duty = forms.CharField(label="Duty in the partnership", required=False, max_length=300)

    def __init__(self, *args: Any, agencies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["agency"]
        choices.choices = [("", "Choose an agency"), *agencies]  # type: ignore[attr-defined]


class HolidayForm(SightlineForm):
    """A holiday, both days included."""

    name = forms.CharField(label="Name of the holiday", max_length=200)
    kind = forms.ChoiceField(
        label="Kind of holiday",
        choices=Holiday.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select whether it is a public or a school holiday"},
    )
    first = DateField(label="First day")
    last = DateField(label="Last day", help_text="The same as the first for one day")

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", "Last day must be the first day or later")
        return data


FORMS: dict[str, type[SightlineForm]] = {
    "localities": LocalityForm,
    "groups": GroupForm,
    "plans": PlanForm,
    "posts": PostForm,
    "holidays": HolidayForm,
}
