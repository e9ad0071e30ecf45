"""Shape of the filter of what ran."""

from typing import Any

from django import forms

from sightline.design.forms import FilterForm
from sightline.jobs.models import Job
from sightline.jobs.registry import all_registered


class JobsFilter(FilterForm):
    """State and job."""

    state = forms.ChoiceField(required=False, choices=[("", "Any"), *Job.State.choices])
    code = forms.ChoiceField(label="Job", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(item.code, f"{item.title} ({item.code})") for item in all_registered()]
        self.fields["code"].choices = [("", "Any"), *known]  # type: ignore[attr-defined]
