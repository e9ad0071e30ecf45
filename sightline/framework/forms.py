"""Shape of what is typed about a title."""

from django import forms

from sightline.framework.models import CorrectedTitle


class TitleForm(forms.Form):
    """A corrected title. `shown` carries back which correction the person was looking at."""

    title = forms.CharField(
        label="Official title",
        max_length=300,
        error_messages={
            "required": "Enter the official title",
            "max_length": "The title must be 300 characters or fewer",
        },
    )
    status = forms.ChoiceField(
        label="How sure is this title?",
        choices=CorrectedTitle.Status.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how sure the title is"},
    )
    source = forms.CharField(
        label="Where the title was seen (optional)",
        help_text="Publication and place, such as page or section. Leave empty if not confirmed.",
        max_length=300,
        required=False,
        error_messages={"max_length": "The source must be 300 characters or fewer"},
    )
    reason = forms.CharField(
        label="Why it is corrected",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": "Enter why the title is corrected",
            "max_length": "The reason must be 500 characters or fewer",
        },
    )
    shown = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
