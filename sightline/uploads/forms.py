"""Shape of what is sent."""

from typing import Any

from django import forms
from django.conf import settings

from sightline.design.forms import SightlineForm
from sightline.uploads.receiving import FIELD, MEGABYTE, too_large


class SendForm(SightlineForm):
    """A file, and of a workbook the sheet."""

    file = forms.FileField(
        label="Your file",
        help_text="A CSV file, an Excel workbook (.xlsx) or Parquet.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.parquet,.txt,.tsv"}),
        error_messages={"required": "Choose a file", "missing": "Choose a file"},
    )
    sheet = forms.CharField(
        label="Sheet",
        help_text="Of a workbook with several. Left empty, the first that holds anything is read.",
        max_length=31,
        required=False,
    )
    field_order = (FIELD, "sheet")

    def __init__(self, *args: Any, was_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.was_too_large = was_too_large
        attributes = self.fields[FIELD].widget.attrs
        attributes["data-most"] = str(settings.SIGHTLINE_UPLOAD_MB * MEGABYTE)
        attributes["data-too-large"] = too_large()
        if was_too_large:
            self.fields[FIELD].error_messages.update(required=too_large(), missing=too_large())


class GoodForm(SightlineForm):
    """How many rows somebody was shown would be imported."""

    good = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class NothingForm(SightlineForm):
    """A button alone."""
