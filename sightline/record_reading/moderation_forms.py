"""Shape of what is typed in moderation."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms

from sightline.design.forms import FilterForm, SightlineForm
from sightline.record_reading.forms import box, choose
from sightline.record_reading.models import DipCheck, Settlement
from sightline.record_reading.unnamed import UnnamedForm

Way: Final = Settlement.Way
WHY_LONGEST: Final = 2_000
WAYS: Final = {
    Way.AGREED: "Both readers agree on the answer below",
    Way.ADJUDICATED: "They do not agree, and I decide",
    Way.TWO_VIEWS: "Leave it as two views: it is in no count, and the spread is reported",
}


class SettleForm(UnnamedForm):
    """Which answer counts, and why."""

    free = ("why",)
    marks_optional: ClassVar[bool] = False

    follows = forms.UUIDField(required=False, widget=forms.HiddenInput)
    way = forms.ChoiceField(
        label="How it was settled",
        widget=forms.RadioSelect,
        error_messages={"required": "Select how it was settled"},
    )
    value = forms.ChoiceField(
        label="The answer that counts", widget=forms.RadioSelect, required=False
    )
    why = forms.CharField(
        label="Why",
        help_text="So that somebody who was not there can follow it. No names.",
        max_length=WHY_LONGEST,
        widget=box(4),
        error_messages={"required": "Enter why"},
    )

    def __init__(
        self,
        *args: Any,
        ways: Sequence[Settlement.Way],
        options: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ways = ways
        choose(self, "value", options)
        choose(self, "way", ((way.value, WAYS[way]) for way in ways))
        if len(ways) == 1:
            del self.fields["way"]
            self.fields["value"].label = "The answer you both agree on"
        else:
            self.fields["value"].help_text = "Not needed where both views stand."

    @property
    def settled_by(self) -> Settlement.Way:
        """How it is settled; where there is one way, it."""
        return Way(self.cleaned_data.get("way") or self.ways[0])

    def clean(self) -> dict[str, Any]:
        """An answer, unless both views stand."""
        given = super().clean() or {}
        if "way" in self.errors:
            return given
        if (given.get("way") or self.ways[0]) == Way.TWO_VIEWS:
            given["value"] = None
        elif not given.get("value") and "value" not in self.errors:
            self.add_error("value", "Select the answer that counts")
        return given


class ThirdForm(UnnamedForm):
    """Who reads a record once more."""

    free = ("reason",)

    reader = forms.ChoiceField(
        label="Who reads it",
        help_text="They are not told what the two said. Readers to whom the record is closed are "
        "not in the list.",
        error_messages={"required": "Select who reads it"},
    )
    reason = forms.CharField(
        label="Why a third reader is asked",
        max_length=WHY_LONGEST,
        widget=box(2),
        error_messages={"required": "Say why a third reader is asked"},
    )

    def __init__(self, *args: Any, readers: Iterable[tuple[UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "reader", [("", "Select somebody"), *((str(k), w) for k, w in readers)])


class DifferencesForm(FilterForm):
    """Which differences, and in which order."""

    show = forms.ChoiceField(
        label="Show",
        required=False,
        choices=(("", "To settle"), ("settled", "Settled"), ("all", "All")),
    )
    by = forms.ChoiceField(
        label="Order",
        required=False,
        choices=(
            ("", "Furthest apart first"), ("item", "By question"), ("pair", "By pair of readers"),
            ("record", "By record"),
        ),
    )  # fmt: skip
    item = forms.ChoiceField(label="Question", required=False)
    pair = forms.ChoiceField(label="Pair of readers", required=False)

    def __init__(
        self,
        *args: Any,
        items: Iterable[tuple[str, str]],
        pairs: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "item", [("", "Every question"), *items])
        choose(self, "pair", [("", "Every pair"), *pairs])


class DrawDipForm(SightlineForm):
    """How many readings are looked at again."""

    marks_optional: ClassVar[bool] = False

    size = forms.IntegerField(label="How many readings", min_value=1, required=False)
    per_cent = forms.IntegerField(
        label="Or what share of them, in per cent", min_value=1, max_value=100, required=False
    )
    seed = forms.CharField(
        label="A few words for the draw",
        help_text="Any words. The same readings and the same words give the same draw.",
        max_length=120,
        error_messages={"required": "Enter a few words for the draw"},
    )

    def clean(self) -> dict[str, Any]:
        """A number or a share."""
        given = super().clean() or {}
        if self.errors:
            return given
        if (given["size"] is None) == (given["per_cent"] is None):
            self.add_error("size", "Enter how many readings, or what share of them; one of the two")
        return given


class CheckDipForm(UnnamedForm):
    """What the lead thought of a reading."""

    free = ("note",)

    marks_optional: ClassVar[bool] = False

    outcome = forms.ChoiceField(
        label="What you think of it",
        widget=forms.RadioSelect,
        choices=(
            (DipCheck.Outcome.SOUND, "Sound: I would have answered much the same"),
            (DipCheck.Outcome.DISCUSS, "I would like to talk it through with its reader"),
        ),
        error_messages={"required": "Select what you think of it"},
    )
    note = forms.CharField(
        label="What to talk through",
        help_text="Needed if you would like to talk. The reader sees this. No names.",
        max_length=WHY_LONGEST,
        widget=box(4),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """What is to be talked through is said."""
        given = super().clean() or {}
        if given.get("outcome") == DipCheck.Outcome.DISCUSS and not given.get("note"):
            self.add_error("note", "Enter what to talk through")
        return given
