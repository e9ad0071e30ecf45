"""Shape of what is typed about releases."""

from collections.abc import Sequence
from typing import Any

from django import forms

from sightline.design.forms import DateField, FilterForm, SightlineForm
from sightline.releases.definitions import profiles
from sightline.releases.models import LedgerEntry

ANY = [("", "Any")]


class LedgerFilter(FilterForm):
    """Which lines of the ledger to show."""

    source = forms.CharField(label="Title or source", required=False, max_length=100)
    code = forms.ChoiceField(label="Readers", required=False)
    kind = forms.ChoiceField(label="What happened", required=False)
    key = forms.UUIDField(
        label="Set",
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid": "There are no such tables"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [*ANY, *((p.code, p.title) for p in profiles())]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [*ANY, *LedgerEntry.Kind.choices]  # type: ignore[attr-defined]


class ReviewForm(SightlineForm):
    """A signature, and what the reviewer looked at."""

    reason = forms.CharField(
        label="What did you look at?",
        help_text="For example: every table against the guidance, and last year’s release",
        max_length=600,
        widget=forms.Textarea,
        error_messages={"required": "Say what you looked at; the ledger keeps it"},
    )


class WithdrawForm(SightlineForm):
    """Why tables are taken back."""

    reason = forms.CharField(
        label="Why are the tables withdrawn?",
        max_length=600,
        widget=forms.Textarea,
        error_messages={"required": "Say why the tables are withdrawn"},
    )


class ThresholdForm(SightlineForm):
    """A stricter threshold for one partnership."""

    partnership = forms.ChoiceField(
        label="Partnership", error_messages={"required": "Select the partnership"}
    )
    code = forms.ChoiceField(label="Readers", error_messages={"required": "Select the readers"})
    threshold = forms.IntegerField(
        label="Smallest number shown",
        help_text="Counts of people below this are hidden",
        min_value=2,
        max_value=100,
    )
    reason = forms.CharField(
        label="Why is it made stricter?", max_length=600, widget=forms.Textarea
    )

    def __init__(self, *args: Any, partnerships: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hiding = [(p.code, p.title) for p in profiles() if p.hides]
        self.fields["partnership"].choices = [("", "Choose a partnership"), *partnerships]  # type: ignore[attr-defined]
        self.fields["code"].choices = [("", "Choose the readers"), *hiding]  # type: ignore[attr-defined]


class ProtectForm(SightlineForm):
    """A table to protect. Nothing of it is kept before it is protected, typed text included."""

    keeps_typed = ""

    partnership = forms.ChoiceField(
        label="Partnership", error_messages={"required": "Select the partnership"}
    )
    title = forms.CharField(label="Title of the table", max_length=160)
    counted = forms.CharField(
        label="Who was counted?", help_text="For example: children on the register", max_length=120
    )
    by = forms.CharField(
        label="What is it broken down by?", help_text="For example: Age", max_length=60
    )
    first = DateField(label="First day it covers")
    last = DateField(label="Last day it covers", help_text="The same for a count at one day")
    table = forms.CharField(
        label="The table",
        help_text=(
            "Paste it as CSV. The first line names the columns: Category, People, and, where it "
            "has them, Out of and Families. Count people, never records."
        ),
        widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off"}),
        max_length=20_000,
    )
    sensitive = forms.BooleanField(
        label="The subject is sensitive, so the stricter threshold applies", required=False
    )
    below_council = forms.BooleanField(
        label="It is of an area smaller than the partnership", required=False
    )

    def __init__(self, *args: Any, partnerships: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partnership"].choices = [("", "Choose a partnership"), *partnerships]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", "Last day must be the first day or later")
        return data
