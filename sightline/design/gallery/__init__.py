"""What the gallery shows. A component that is not here is not tested, so it does not exist.

To add one: a template under `templates/design/gallery/`, an `Exhibit` in the list below, and, where
it needs objects, a function in `examples` that makes them. Nothing shown is about anybody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from sightline.design.gallery import examples
from sightline.kernel.errors import NotFound


def _nothing(request: HttpRequest) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Exhibit:
    """One page of the gallery. `says` is one sentence on when the component is used."""

    code: str
    title: str
    says: str
    context: Callable[[HttpRequest], dict[str, Any]] = _nothing

    @property
    def template(self) -> str:
        """The template that shows it."""
        return f"design/gallery/{self.code}.html"


EXHIBITS = (
    Exhibit("text", "Text and headings", "Everything people read."),
    Exhibit("moving", "Moving about", "Breadcrumbs and side navigation.", examples.moving),
    Exhibit("pages", "Pages of a long list", "A list too long for one page.", examples.pages),
    Exhibit("tables", "Tables", "Figures and lists with columns.", examples.tables),
    Exhibit("counts", "Tables of counts", "Figures that were protected.", examples.counts),
    Exhibit("lists", "Facts and steps", "Facts in pairs, things to do, dates.", examples.lists),
    Exhibit("boxes", "Words in boxes", "Words that should be seen first, or can wait."),
    Exhibit("marks", "Tags, scale and progress", "A state in a word, a step of six, how far."),
    Exhibit("buttons", "Buttons and downloads", "Doing it; taking it away.", examples.buttons),
    Exhibit("form", "A form", "Asking people for something.", examples.empty_form),
    Exhibit("form-filled", "A form, filled in", "What was given before.", examples.filled_form),
    Exhibit("form-errors", "A form with errors", "What to mend, and where.", examples.faulty_form),
    Exhibit("saving", "Saved text", "Saved as it is typed.", examples.saving),
    Exhibit("filters", "Filters", "Narrowing what a page shows.", examples.filters),
    Exhibit("refusals", "Refusals", "Pages that say no, and what then.", examples.refusals),
    Exhibit("charts", "Charts", "A picture with its sentence and its table.", examples.charts),
    Exhibit("document", "A document", "A report as a page.", examples.document),
)


def exhibit(code: str) -> Exhibit:
    """The exhibit with this code.

    Raises:
        NotFound: there is none.
    """
    for one in EXHIBITS:
        if one.code == code:
            return one
    raise NotFound("The gallery has no such page.")
