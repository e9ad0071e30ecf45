"""Shape of what is typed about a sample."""

import hashlib
import json
from typing import Any

from django import forms

from sightline.design.forms import SightlineForm
from sightline.record_reading.services.sampling import LONGEST_REASON, LONGEST_SEED
from sightline.stats.sampling import Plan

MOST_DRAWN = 5_000
MOST_RESERVES = 100
_NUMBER = {"inputmode": "numeric"}


def _number(label: str, help_text: str, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, widget=forms.TextInput(attrs=dict(_NUMBER)), **more
    )


class PlanForm(SightlineForm):
    """How many are to be drawn, and how."""

    size = _number(
        "How many records in all", "What the readers can read in the days there are",
        min_value=1, max_value=MOST_DRAWN,
    )  # fmt: skip
    minimum = _number(
        "At least so many from each stratum", "0 for shares in proportion alone",
        min_value=0, max_value=MOST_DRAWN, initial=0,
    )  # fmt: skip
    reserves = _number(
        "Reserves in each stratum",
        "Named in order. The first steps in when a record of its stratum is withdrawn",
        min_value=0, max_value=MOST_RESERVES, initial=3,
    )  # fmt: skip
    one_of_a_family = forms.BooleanField(
        label="Draw no more than one child of a sibling group", required=False, initial=True
    )
    short = forms.BooleanField(
        label="Take all of a stratum that holds fewer than its minimum", required=False,
        help_text="Otherwise such a plan is refused",
    )  # fmt: skip
    seed = forms.CharField(
        label="Seed",
        help_text="Any words. The same words, plan and return give the same sample, so that "
        "anybody can check the draw.",
        max_length=LONGEST_SEED,
    )
    reason = forms.CharField(
        label="Why the sample is drawn again", widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_REASON,
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, strata: dict[str, tuple[str, int]], again: bool, **kwargs: Any
    ) -> None:
        """`strata` has by code the words, and how many children are held."""
        super().__init__(*args, **kwargs)
        self.strata = list(strata)
        for code, (words, held) in strata.items():
            self.fields[f"least-{code}"] = _number(
                f"At least, from “{words}”", f"{held:,} in scope. Left empty, as for each stratum",
                min_value=0, max_value=MOST_DRAWN, required=False,
            )  # fmt: skip
        if not again:
            del self.fields["reason"]
        self.order_fields(["size", "minimum", "reserves", "one_of_a_family", "short", "seed",
                           "reason"])  # fmt: skip

    @property
    def plan(self) -> Plan:
        """What was typed, as a plan."""
        held = self.cleaned_data
        least = {code: held[f"least-{code}"] for code in self.strata}
        return Plan(
            size=held["size"],
            minimum=held["minimum"],
            minimums={code: number for code, number in least.items() if number is not None} or None,
            reserves=held["reserves"],
            one_of_a_family=held["one_of_a_family"],
            short=held["short"],
        )

    def confirming(self) -> "PlanForm":
        """The same as it was typed, in hidden fields, with the sign that it was looked at."""
        data = {name: self.data[name] for name in self.data}
        data["seen"] = self.digest
        strata = {code: ("", 0) for code in self.strata}
        found = PlanForm(data, strata=strata, again="reason" in self.fields, auto_id="confirm_%s")
        for field in found.fields.values():
            field.widget = field.hidden_widget()
        return found

    @property
    def digest(self) -> str:
        """What was typed, so that what is drawn is what was looked at."""
        held = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return hashlib.sha256(json.dumps(held, sort_keys=True).encode()).hexdigest()


class ReasonForm(SightlineForm):
    """Why a record is withdrawn."""

    reason = forms.CharField(
        label="Why this record cannot be read",
        help_text="For example, that it cannot be found, or that the child is no longer in scope. "
        "Name nobody.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_REASON,
    )


class NothingForm(SightlineForm):
    """A button alone."""
