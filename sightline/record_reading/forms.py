"""Shape of what is typed about rounds, readers and rolling audits."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms

from sightline.access.models import User
from sightline.design.forms import DateField, SightlineForm
from sightline.record_reading.models import Conflict, Reader
from sightline.record_reading.unnamed import UnnamedForm

TEXT_LONGEST: Final = 4_000
AGENCIES: Final = (
    ("", "Not said"),
    ("social-work", "Social work"),
    ("health", "Health"),
    ("police", "Police"),
    ("education", "Education"),
    ("scra", "Children’s Reporter"),
    ("third-sector", "Third sector"),
    ("scrutiny", "A scrutiny body"),
)


def box(rows: int) -> forms.Textarea:
    """A box of some lines."""
    return forms.Textarea(attrs={"rows": rows})


def choose(form: forms.Form, name: str, choices: Iterable[tuple[Any, str]]) -> None:
    """Say what a list offers, once that is known."""
    field: Any = form.fields[name]
    field.choices = list(choices)


class NothingForm(SightlineForm):
    """A button alone."""


class ReasonForm(UnnamedForm):
    """Why."""

    free = ("reason",)

    reason = forms.CharField(label="Why", max_length=400, widget=box(3))


class SetUpForm(SightlineForm):
    """What a round is called, when records are read, and how results are shown."""

    title = forms.CharField(
        label="What the round is called",
        max_length=120,
        error_messages={"required": "Enter what the round is called"},
    )
    reads_from = DateField(label="First day of reading", required=False)
    reads_until = DateField(label="Last day of reading", required=False)
    look_back = forms.IntegerField(
        label="How many years readers look back", min_value=1, max_value=18, initial=2
    )
    base = forms.IntegerField(
        label="The smallest number of records whose results leave the team",
        help_text="Usually 5. Of fewer, others could work out which child it was.",
        min_value=3,
        max_value=50,
        initial=5,
    )
    double_share = forms.IntegerField(
        label="Per cent of records that two readers read, unseen by each other",
        help_text="Of each stratum, one record at least. 0 for none. Shows how far readers agree.",
        min_value=0,
        max_value=100,
        initial=10,
    )
    threshold = forms.DecimalField(
        label="Agreement below which an item is to be talked through",
        help_text="Between 0 and 1. Usually 0.60.",
        min_value=Decimal(0),
        max_value=Decimal(1),
        decimal_places=2,
        initial=Decimal("0.60"),
    )

    def clean(self) -> dict[str, Any]:
        """Days in their order."""
        given = super().clean() or {}
        first, last = given.get("reads_from"), given.get("reads_until")
        if first and last and first > last:
            self.add_error("reads_until", "Last day of reading must be the first day or later")
        return given


class NewRoundForm(SetUpForm):
    """What is read for, by which template; and the rest of setting up."""

    inspection = forms.ChoiceField(label="What records are read for", required=False)
    template = forms.ChoiceField(
        label="What is asked of every record",
        widget=forms.RadioSelect,
        error_messages={"required": "Select what is asked of every record"},
    )
    field_order = ("title", "inspection", "template")

    def __init__(
        self,
        *args: Any,
        inspections: Sequence[str],
        for_itself: bool,
        templates: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        own = [("", "The partnership itself")] if for_itself else []
        choose(self, "inspection", [*own, *((one, f"The inspection {one}") for one in inspections)])
        if not inspections:
            del self.fields["inspection"]
        choose(self, "template", templates)


class SupportForm(SightlineForm):
    """What readers are told, and whom they can turn to."""

    content_note = forms.CharField(
        label="What readers are told about what they will read",
        help_text="Shown before the first record, and whenever they want it.",
        max_length=TEXT_LONGEST,
        widget=box(6),
    )
    supervisor = forms.CharField(
        label="Whom a reader can turn to, and how",
        help_text="Somebody who is there on the days of reading: name or role, and number.",
        max_length=TEXT_LONGEST,
        widget=box(3),
    )


class DestructionForm(SightlineForm):
    """When what was read is deleted."""

    destroy_on = DateField(
        label="Day on which what was read is deleted",
        help_text="The return, the sample, every answer and note. Results that were counted stay.",
    )


class TemplateForm(SightlineForm):
    """Another template."""

    template = forms.ChoiceField(label="What is asked of every record", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Why",
        help_text="Needed once records are read",
        required=False,
        max_length=400,
        widget=box(3),
    )

    def __init__(self, *args: Any, templates: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "template", templates)


class LockForm(SightlineForm):
    """What is said about what is not finished, and what becomes of differences."""

    reason = forms.CharField(
        label="Why it is locked without the records that are not finished",
        max_length=400,
        widget=box(3),
    )
    leave_two_views = forms.BooleanField(
        label="Leave differences that are not settled as two views", required=False
    )

    def __init__(self, *args: Any, unfinished: int, unsettled: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not unfinished:
            del self.fields["reason"]
        if not unsettled:
            del self.fields["leave_two_views"]


class DestroyForm(SightlineForm):
    """Said twice, because nothing brings it back."""

    sure = forms.BooleanField(
        label="I know that nobody can bring it back",
        error_messages={"required": "Select that you know nobody can bring it back"},
    )


# Readers.


class ReaderForm(SightlineForm):
    """As whom somebody reads."""

    kind = forms.ChoiceField(label="They read as", choices=(("", "Choose"), *Reader.Kind.choices))
    agency = forms.ChoiceField(label="Their agency", choices=AGENCIES, required=False)
    pair = forms.IntegerField(
        label="Pair",
        help_text="Two readers with the same number read beside each other throughout, such as a "
        "local reader and an inspector. Leave empty for none.",
        min_value=1,
        max_value=99,
        required=False,
    )
    teams = forms.CharField(
        label="Teams they work in",
        help_text="A line for each, by the names that the return uses. Records of these teams stay "
        "closed to them.",
        required=False,
        max_length=1_000,
        widget=box(3),
    )
    trained_on = DateField(label="Day of their training", required=False, not_in_future=True)

    def clean_teams(self) -> list[str]:
        """A line each."""
        return [line.strip() for line in self.cleaned_data["teams"].splitlines() if line.strip()]


class NameReaderForm(ReaderForm):
    """Somebody who reads, and as whom."""

    person = forms.ModelChoiceField(label="Who", queryset=User.objects.none(), empty_label="Choose")
    field_order = ("person",)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: Any = self.fields["person"]
        person.queryset = people
        person.label_from_instance = lambda one: one.name


class ConflictForm(SightlineForm):
    """A record that somebody may not open."""

    number = forms.IntegerField(
        label="Reading number", help_text="14 for R-014", min_value=1, max_value=99_999
    )
    kind = forms.ChoiceField(
        label="Why it is closed", widget=forms.RadioSelect, choices=Conflict.Kind.choices
    )
    note = forms.CharField(
        label="Note", help_text="No names of children", required=False, max_length=400,
        widget=box(2),
    )  # fmt: skip
    sure = forms.BooleanField(
        label="I have begun this record and give it up: what I wrote is kept, and another reader "
        "begins anew",
        error_messages={
            "required": "You have begun this record. Look at its number again, or select that you "
            "give it up"
        },
    )

    def __init__(self, *args: Any, begun: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not begun:
            del self.fields["sure"]


class AwayForm(ReasonForm):
    """Why somebody's records go to others, and whether they come back."""

    ends = forms.BooleanField(label="They read no more in this round", required=False)


class AssignForm(SightlineForm):
    """Who reads a record instead, or beside."""

    part = forms.ChoiceField(label="Which reading")
    reader = forms.ChoiceField(label="Who reads it")

    def __init__(
        self,
        *args: Any,
        parts: Iterable[tuple[str, str]],
        readers: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "part", parts)
        choose(self, "reader", [("", "Choose"), *readers])


# Rolling audits.


class AuditForm(SightlineForm):
    """A small sample, read again and again."""

    title = forms.CharField(label="What the audit is called", max_length=120)
    topic = forms.CharField(
        label="What is looked at",
        help_text="Such as one kind of meeting: child’s planning meetings",
        max_length=200,
    )
    template = forms.ChoiceField(label="What is asked of every record", widget=forms.RadioSelect)
    every_weeks = forms.IntegerField(
        label="Weeks from one turn to the next", min_value=1, max_value=104, initial=10
    )
    size = forms.IntegerField(
        label="Records read each time", min_value=1, max_value=500, initial=20
    )
    starts_on = DateField(label="First day of the first turn")

    def __init__(self, *args: Any, templates: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "template", templates)


class ActionForm(SightlineForm):
    """What is to be done, by whom and until when."""

    words = forms.CharField(label="What is to be done", max_length=1_000, widget=box(3))
    owner = forms.CharField(label="Who sees to it", help_text="A role, not a name", max_length=120)
    due_on = DateField(label="By when", required=False)
    item = forms.ChoiceField(label="What it is about", required=False)

    def __init__(self, *args: Any, items: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "item", [("", "The audit as a whole"), *items])


class DoneForm(SightlineForm):
    """What came of an action."""

    came_of_it = forms.CharField(label="What came of it", max_length=1_000, widget=box(3))
