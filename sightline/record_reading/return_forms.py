"""Shape of what is typed about a return."""

from typing import Any

from django import forms

from sightline.design.forms import SightlineForm
from sightline.record_reading import returning
from sightline.record_reading.models import Round
from sightline.record_reading.services.returning import LONGEST_WHY, MOST


class TotalsForm(SightlineForm):
    """How many children there are: by population, then by its strata."""

    why = forms.CharField(
        label="Why the file differs from these totals",
        help_text="Only if it does, and is right all the same. What you write is kept with the "
        "return; name nobody in it.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_WHY,
        required=False,
    )

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        given = round.totals
        kwargs.setdefault("initial", {"why": given.get("why", "")})
        super().__init__(*args, **kwargs)
        self.parts = returning.populations(round)
        self.lies_in = returning.population_of(round)
        self.layers = returning.strata(round)
        why = self.fields.pop("why")
        for part, words in self.parts.items():
            inside = [layer for layer, there in self.lies_in.items() if there == part]
            self._add(f"population-{part}", f"{words}: children in all", given, "populations", part)
            if len(inside) > 1:
                for layer in inside:
                    self._add(f"stratum-{layer}", self.layers[layer], given, "strata", layer)
        self.fields["why"] = why

    def _add(self, name: str, label: str, given: Any, kind: str, code: str) -> None:
        self.fields[name] = forms.IntegerField(
            label=label,
            min_value=0,
            max_value=MOST,
            initial=given.get(kind, {}).get(code),
            error_messages={"required": f"Enter a number for “{label}”; 0 if there are none"},
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )

    @property
    def given(self) -> dict[str, Any]:
        """What was typed, as the service takes it. A stratum alone in its part is that part."""
        held = self.cleaned_data
        populations = {part: held[f"population-{part}"] for part in self.parts}
        strata = {
            layer: held.get(f"stratum-{layer}", populations[part])
            for layer, part in self.lies_in.items()
        }
        return {"populations": populations, "strata": strata, "why": held["why"]}
