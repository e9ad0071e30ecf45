"""Shape of the filter of what ran."""

from typing import Any

from django import forms

from sightline.design.forms import FilterForm
from sightline.jobs.models import Job
from sightline.jobs.presenters import codes


class JobsFilter(FilterForm):
    """State and job."""

    state = forms.ChoiceField(required=False, choices=[("", "Any"), *Job.State.choices])
    code = forms.ChoiceField(label="Job", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [("", "Any"), *codes()]  # type: ignore[attr-defined]
