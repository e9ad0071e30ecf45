"""Shape of a text that is saved in versions, and of a clash that is settled."""

from typing import Any, ClassVar
from uuid import uuid4

from django import forms

from sightline.design.forms import SightlineForm


class SavedTextForm(SightlineForm):
    """A text with the version it is based on and the token of this sending."""

    keeps_hidden: ClassVar[frozenset[str]] = frozenset({"based_on"})

    text = forms.CharField(required=False, strip=False, widget=forms.Textarea({"rows": 14}))
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, place: str, label: str = "Text", hint: str = "", **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.place = place
        self.fields["text"].label = label
        self.fields["text"].help_text = hint
        if not self.is_bound:
            self.initial.setdefault("token", uuid4())

    marks_optional: ClassVar[bool] = False

    @property
    def kept_name(self) -> str:
        """The place, so that two texts of a page are kept apart."""
        return f"text {self.place}"[:120]


class SettleForm(SightlineForm):
    """What becomes of two texts: one of them, or both joined."""

    CHOICES = (("theirs", "theirs"), ("mine", "mine"), ("joined", "joined"))

    text = forms.CharField(
        label="One text made of both",
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 14}),
        help_text="Both texts are below each other. Keep what is right of each.",
    )
    choice = forms.ChoiceField(choices=CHOICES, widget=forms.HiddenInput)
    theirs = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)

    marks_optional: ClassVar[bool] = False


class RestoreForm(SightlineForm):
    """An earlier version to put back, over the version that was in use when it was shown."""

    keeps_typed: ClassVar[str] = ""

    based_on = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)
