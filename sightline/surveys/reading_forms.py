"""Shape of what a safety reader, and whoever names themes, types. Nothing typed here is kept."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms

from sightline.design.forms import SightlineForm
from sightline.surveys.forms import area_box
from sightline.surveys.models import CommentReading, Theme
from sightline.surveys.redacting import Piece

Decision: Final = CommentReading.Decision
OTHER: Final = "other"


class QuietForm(SightlineForm):
    """A form of which nothing is kept while it is typed: it would keep a time beside the words."""

    keeps_typed: ClassVar[str] = ""


class FollowsForm(QuietForm):
    """One comment, and the last reading of it that the person saw."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    follows = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class DecideForm(FollowsForm):
    """What is done with one comment."""

    decision = forms.ChoiceField(
        label="What may others see?",
        widget=forms.RadioSelect,
        choices=(
            (Decision.CLEARED, "Clear it as it stands"),
            (Decision.REDACTED, "Clear it without the words named below"),
            (Decision.WITHHELD, "Show it to nobody"),
        ),
        error_messages={"required": "Select what others may see"},
    )
    taken = forms.MultipleChoiceField(
        label="Take out what looks as if it could tell who somebody is",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    more = forms.CharField(
        label="Take out other words",
        help_text="A line each, as they stand in the text. In their place people read [removed].",
        widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
        required=False,
    )
    reason = forms.CharField(
        label="Why",
        help_text="Needed where nobody is to see it. Do not repeat what was written.",
        max_length=400,
        widget=area_box(2),
        required=False,
    )

    def __init__(self, *args: Any, pieces: Iterable[Piece], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = {piece.text: piece.kind for piece in pieces if piece.kind}
        choices = [(text, f"“{text}”, which looks like {kind}") for text, kind in found.items()]
        self.fields["taken"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["taken"]

    def words(self) -> list[str]:
        """Everything that is taken out."""
        lines = self.cleaned_data["more"].splitlines()
        return [*self.cleaned_data.get("taken", []), *(line for line in lines if line.strip())]


class QuoteForm(QuietForm):
    """That nobody can be recognised."""

    follows = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    sure = forms.BooleanField(
        label="I have read it, and nobody who reads it could tell who wrote it or whom it is about",
        error_messages={"required": "Confirm that nobody can be recognised, or leave it unquoted"},
    )


class HandledForm(QuietForm):
    """Which request was handled."""

    key = forms.UUIDField(widget=forms.HiddenInput)


class NameThemeForm(SightlineForm):
    """What a theme is called."""

    name = forms.CharField(
        label="What the theme is called",
        help_text="A few words that fit every comment in it. Everybody who sees the survey reads "
        "them.",
        max_length=120,
        error_messages={"required": "Enter what the theme is called"},
    )


class ThemeChoiceForm(SightlineForm):
    """Another theme of the same question."""

    into = forms.ChoiceField(label="Theme", error_messages={"required": "Select a theme"})

    def __init__(
        self, *args: Any, themes: Sequence[Theme], other: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(theme.pk), theme_label(theme)) for theme in themes]
        if other:
            choices.append((OTHER, "None of these"))
        self.fields["into"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]

    def theme(self) -> UUID:
        """The key of the theme that was chosen."""
        return UUID(self.cleaned_data["into"])

    def theme_or_none(self) -> UUID | None:
        """The same, or None for none of them."""
        return None if self.cleaned_data["into"] == OTHER else self.theme()


def theme_label(theme: Theme) -> str:
    """Its name, or the words that proposed it."""
    return theme.name or f"Not named yet: {', '.join(theme.words)}"
