"""Forms whose free texts name nobody: what looks like a name has to be mended, or looked at."""

from typing import Any, ClassVar

from django import forms

from sightline.design.forms import SightlineForm
from sightline.identifiers import find

LOOKED: str = "names_looked_at"


class UnnamedForm(SightlineForm):
    """A form that stops once where a text may tell who somebody is.

    `free` are the fields that are looked at. Whoever has looked and says that nobody is named goes
    on: what looks like a name may be a street or a team.
    """

    free: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[LOOKED] = forms.BooleanField(
            label="I have looked at these words: they name nobody",
            required=False,
            widget=forms.HiddenInput(self._attrs),
        )

    @property
    def _attrs(self) -> dict[str, str]:
        """Its own name on the page, where two such forms may stand."""
        return {"id": f"id_{'_'.join(self.free)}_{LOOKED}"}

    def clean(self) -> dict[str, Any]:
        """Nobody is named, or somebody has looked."""
        given = super().clean() or {}
        found = [(name, seen) for name in self.free if (seen := _seen(given.get(name) or ""))]
        if found:
            self.fields[LOOKED].widget = forms.CheckboxInput(self._attrs)
            if not given.get(LOOKED):
                for name, seen in found:
                    self.add_error(
                        name,
                        f"{seen} may tell who somebody is. Write “the child”, or say what part "
                        "they have. If it names nobody, say so below",
                    )
        return given


def _seen(text: str) -> str:
    words = dict.fromkeys(text[one.start : one.end] for one in find(text))
    return " and ".join(f"“{word}”" for word in words)
