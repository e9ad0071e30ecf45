"""What is typed about a concern. The browser's spelling help stays off: some send words away."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import uuid4

from django import forms
from django.db.models import QuerySet

from sightline.access.models import User
from sightline.concerns.models import PURPOSE, Danger, Deed
from sightline.concerns.places import Place
from sightline.concerns.services.turns import WRITTEN
from sightline.design.forms import SightlineForm

QUIET: Final = {"spellcheck": "false"}


def _words(rows: int, **more: str) -> forms.Textarea:
    return forms.Textarea({"rows": str(rows), **QUIET, **more})


class RaiseForm(SightlineForm):
    """Five questions, and where it belongs."""

    keeps_typed: ClassVar[str] = PURPOSE

    token = forms.UUIDField(required=False, initial=uuid4, widget=forms.HiddenInput)
    worry = forms.CharField(
        label="What are you worried about?",
        max_length=WRITTEN,
        widget=_words(6),
        error_messages={"required": "Enter what you are worried about"},
    )
    where_seen = forms.CharField(
        label="Where did you see or hear it?",
        max_length=WRITTEN,
        required=False,
        widget=_words(2),
        help_text="The page you came from is filled in. Change it if it was somewhere else.",
    )
    danger = forms.ChoiceField(
        label="Is a child or adult in immediate danger?",
        choices=Danger.choices,
        widget=forms.RadioSelect,
        help_text="If you are not sure, say so: it is then treated as urgent.",
        error_messages={"required": "Select whether a child or adult is in immediate danger"},
    )
    told = forms.CharField(
        label="Have you told anyone?",
        max_length=WRITTEN,
        required=False,
        widget=_words(2),
        help_text="Whom, and when. Say too if you have called 999.",
    )
    about_whom = forms.CharField(
        label="Who is it about, and how can they be found?",
        max_length=WRITTEN,
        required=False,
        widget=_words(3),
        help_text="Here, and nowhere else in this service, you may write names, dates of birth, "
        "numbers and addresses.",
    )
    partnership = forms.ChoiceField(
        label="Which partnership is responsible?",
        error_messages={"required": "Select which partnership is responsible"},
    )
    inspection = forms.ChoiceField(
        label="Which inspection did you see it in?",
        required=False,
        help_text="Leave empty if it was none of these. It then goes straight to the local lead.",
    )
    past_local_lead = forms.BooleanField(
        label="Do not send it to the local lead for concerns: it may be about them",
        required=False,
        help_text="It goes to the service manager instead.",
    )
    past_lead = forms.BooleanField(
        label="Do not send it to the inspection lead: it may be about them", required=False
    )

    def __init__(
        self,
        *args: Any,
        partnerships: Mapping[str, str],
        inspections: Mapping[str, Place],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.inspections = inspections
        areas = sorted(partnerships.items(), key=lambda item: item[1])
        self.fields["partnership"].choices = [("", "Choose"), *areas]  # type: ignore[attr-defined]
        named = sorted((place.name, key) for key, place in inspections.items())
        choices = [("", "None of these"), *((key, name) for name, key in named)]
        self.fields["inspection"].choices = choices  # type: ignore[attr-defined]
        if not inspections:
            del self.fields["inspection"], self.fields["past_lead"]

    def clean(self) -> Any:
        """An inspection is of one partnership."""
        chosen = self.inspections.get(self.cleaned_data.get("inspection", ""))
        if chosen and self.cleaned_data.get("partnership") not in {None, chosen.partnership}:
            self.add_error("inspection", "Select an inspection of that partnership, or none")
        return self.cleaned_data


class StepForm(SightlineForm):
    """A note with one step, and the turn the person saw."""

    keeps_typed: ClassVar[str] = PURPOSE

    turn = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(max_length=WRITTEN, widget=_words(5))
    label: ClassVar[str] = "Why?"
    hint: ClassVar[str] = ""

    missing: ClassVar[str] = "Enter why"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note = self.fields["note"]
        note.label, note.help_text = self.label, self.hint
        note.error_messages["required"] = self.missing


class PassOnForm(StepForm):
    """Why it is passed on."""

    label = "Why do you pass it on?"
    missing = "Enter why you pass it on"


class KeepForm(StepForm):
    """Why it is not."""

    label = "Why do you not pass it on?"
    missing = "Enter why you do not pass it on"
    hint = "A second person reads this, and must agree before the concern is closed."


class AcknowledgeForm(StepForm):
    """That it has been received."""

    label = "Anything to say with it?"
    hint = "You may leave this empty. To acknowledge means: I have it, and I act on it."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = False


class ActionForm(StepForm):
    """What was done."""

    label = "What was done?"
    missing = "Enter what was done"
    hint = "By whom, and when. You can record more than one action."
    local_reference = forms.CharField(
        label="Reference on the local case management system",
        required=False,
        max_length=200,
        widget=_words(1),
        help_text="So that both records can be found.",
    )


class OutcomeForm(StepForm):
    """What came of it."""

    label = "What came of it?"
    missing = "Enter what came of it"


class ReturnForm(StepForm):
    """What is missing."""

    label = "What is still to be done?"
    missing = "Enter what is still to be done"


class CloseForm(StepForm):
    """Why nothing is left to do."""

    label = "Why can it be closed?"
    missing = "Enter why it can be closed"


class AskForm(StepForm):
    """A question to the raiser."""

    label = "What do you want to know?"
    missing = "Enter what you want to know"
    hint = "Whoever raised it is told by e-mail that there is a question, and reads it here."


class AnswerForm(StepForm):
    """The raiser's answer."""

    label = "Your answer"
    missing = "Enter your answer"


class HandOverForm(StepForm):
    """Who decides instead."""

    label = "Why does somebody else decide?"
    missing = "Enter why somebody else decides"
    person = forms.ModelChoiceField(
        label="Who decides instead?", queryset=User.objects.none(), empty_label="Choose"
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]


FORMS: Final[dict[Deed, type[StepForm]]] = {
    Deed.PASSED_ON: PassOnForm,
    Deed.KEPT: KeepForm,
    Deed.ACKNOWLEDGED: AcknowledgeForm,
    Deed.ACTED: ActionForm,
    Deed.CONCLUDED: OutcomeForm,
    Deed.RETURNED: ReturnForm,
    Deed.CLOSED: CloseForm,
    Deed.ASKED: AskForm,
    Deed.ANSWERED: AnswerForm,
    Deed.HANDED_OVER: HandOverForm,
}
