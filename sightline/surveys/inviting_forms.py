"""Shape of what is typed in asking people: waves, groups, codes, lists."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from sightline.design.forms import DateField, SightlineForm
from sightline.surveys.invitations import AT_ONCE, LARGEST_MB
from sightline.surveys.models import Survey, Wave

MOST_INVITED: Final = 1_000_000


class WaveForm(SightlineForm):
    """A part of the round that is asked at its own time."""

    title = forms.CharField(
        label="What the wave is called",
        help_text="For example, the schools that begin",
        max_length=120,
    )
    opens_on = DateField(label="First day of the wave")
    closes_on = DateField(label="Last day of the wave", help_text="People can answer until its end")


class GroupForm(SightlineForm):
    """Who is asked together."""

    agency = forms.CharField(label="Agency", max_length=60, required=False)
    locality = forms.CharField(label="Locality", max_length=80, required=False)
    invited = forms.IntegerField(
        label="How many are invited",
        help_text="Left empty, it is not known. Nothing is divided by a number nobody has said.",
        min_value=0,
        max_value=MOST_INVITED,
        required=False,
    )

    def __init__(self, *args: Any, counts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not counts:
            del self.fields["invited"]


class CountForm(SightlineForm):
    """How many of a group were invited."""

    invited = forms.IntegerField(
        label="How many are invited",
        help_text="Leave it empty where nobody knows",
        min_value=0,
        max_value=MOST_INVITED,
        required=False,
    )


class _WaveChoice(SightlineForm):
    wave = forms.ChoiceField(label="Wave", required=False)

    def __init__(self, *args: Any, waves: Sequence[Wave], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wave: Any = self.fields["wave"]
        wave.choices = [("", "None"), *((str(one.number), one.title) for one in waves)]
        if not waves:
            del self.fields["wave"]


class CodesForm(_WaveChoice):
    """How many codes to make."""

    count = forms.IntegerField(
        label="How many codes", help_text="One for each person", min_value=1, max_value=AT_ONCE
    )


class ListForm(_WaveChoice):
    """A list of those who are asked."""

    file = forms.FileField(
        label="The list",
        help_text=f"A CSV file or an Excel workbook of {LARGEST_MB} MB at most",
        error_messages={"required": "Choose the file with the list"},
    )

    def clean_file(self) -> Any:
        """Not too large to be read at once."""
        sent = self.cleaned_data["file"]
        if sent.size > LARGEST_MB * 1_000_000:
            raise forms.ValidationError(f"The selected file must be smaller than {LARGEST_MB}MB")
        return sent


COLUMNS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    Survey.Mode.OPEN_LINK: (
        ("Agency", "Optional"), ("Locality", "Optional"),
        ("E-mail", "Optional. Everybody gets the same link"),
        ("How many invited", "Optional: of the whole group"),
    ),
    Survey.Mode.GROUP_CODE: (
        ("Agency", "Or a locality"), ("Locality", "Or an agency"),
        ("E-mail", "Optional. Everybody in a group gets the same code"),
        ("How many invited", "Optional: of the whole group"),
    ),
    Survey.Mode.SINGLE_USE: (
        ("Agency", "Optional"), ("Locality", "Optional"), ("E-mail", "In every row"),
    ),
    Survey.Mode.NAMED: (
        ("Agency", "Optional"), ("Locality", "Optional"), ("E-mail", "Or a name"),
        ("Name", "Kept sealed, for letters alone"),
    ),
}  # fmt: skip
"""What a list holds in a survey of each mode, for its page."""
