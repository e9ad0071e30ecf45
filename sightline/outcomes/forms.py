"""Shape of what is typed about outcomes."""

from django import forms

from sightline.design.forms import DateField, SightlineForm


class AnnotationForm(SightlineForm):
    """Something that happened."""

    words = forms.CharField(
        label="What happened?",
        help_text="For example: A team for families after registration began. Name no person.",
        max_length=300,
        error_messages={"required": "Say what happened"},
    )
    on = DateField(label="When?")
    everywhere = forms.BooleanField(label="Show it on every indicator", required=False)
    breaks = forms.BooleanField(
        label="Figures before and after it cannot be compared",
        help_text="The chart is then judged only from there on",
        required=False,
    )


class RemoveForm(SightlineForm):
    """Confirmation that a note is taken off."""
