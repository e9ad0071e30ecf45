"""Objects the gallery shows. Ferries and harbours: nothing here is about anybody."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from sightline.design.charts import examples as chart_examples
from sightline.design.documents import example as document_example
from sightline.design.documents import to_html
from sightline.design.forms import DateField, FilterForm, PutBack, SightlineForm
from sightline.design.frame import Crumb
from sightline.kernel.errors import Fault

LONG = (
    "A harbour with a very long name, written out in full because names are never shortened here, "
    "whatever it does to the column beside it"
)
UNBROKEN = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 2
BOATS = [("island", "Island ferry"), ("river", "River ferry"), ("night", "Night boat")]


class Sailing(NamedTuple):
    """One row of an example table."""

    harbour: str
    sailings: str
    late: str


class Figure(NamedTuple):
    """A cell of a protected table, as pages read it."""

    text: str
    small: bool = False


@dataclass(frozen=True)
class Line:
    """A row of a protected table, as pages read it."""

    label: str
    count: Figure
    of: Figure | None
    per_cent: Figure


class Counts(NamedTuple):
    """What `<c-shown-table>` reads of a `Shown`, which only `stats.disclosure` can make."""

    title: str
    rows: tuple[Line, ...]
    total: Line
    key: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    by: str = "Harbour"
    measure: str = ""
    withheld: str = ""
    at_least: int | None = None
    base_words: str = ""


class Stage(NamedTuple):
    """One step of an example timeline."""

    when: str
    what: str
    note: str = ""
    state: str = ""


class SailingForm(SightlineForm):
    """Every kind of field, each with a hint."""

    name = forms.CharField(label="Name of the boat", max_length=40, help_text="As painted on it.")
    notes = forms.CharField(
        label="What passengers should know",
        required=False,
        max_length=200,
        widget=forms.Textarea({"rows": 4}),
    )
    kind = forms.ChoiceField(label="Kind of boat", choices=BOATS, widget=forms.RadioSelect)
    days = forms.MultipleChoiceField(
        label="Days it sails",
        choices=[("mon", "Monday"), ("wed", "Wednesday"), ("sat", "Saturday, in summer only")],
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick all that apply.",
    )
    harbour = forms.ChoiceField(
        label="Home harbour", choices=[("", "Choose a harbour"), ("a", "North pier"), ("b", LONG)]
    )
    passengers = forms.IntegerField(label="Most passengers", min_value=1, max_value=900)
    first = DateField(
        label="First sailing", help_text="For example, 27 3 2026.", earliest=dt.date(2018, 8, 1)
    )
    timetable = forms.FileField(label="Timetable", required=False, help_text="PDF, up to 5 MB.")
    ready = forms.BooleanField(label="It has been inspected")


class SailingFilters(FilterForm):
    """What a list of sailings can be narrowed by."""

    kind = forms.ChoiceField(label="Kind", choices=[("", "All kinds"), *BOATS], required=False)
    since = forms.CharField(label="Since", required=False)


def moving(request: HttpRequest) -> dict[str, Any]:
    """Trails and side navigation, short and long."""
    here = request.path
    return {
        "trail": [Crumb("North pier", here), Crumb("Ferries", here)],
        "long_trail": [Crumb(LONG, here), Crumb(LONG, here), Crumb(UNBROKEN, here)],
        "sections": [("Overview", here), ("Timetable", here + "#two"), (LONG, here + "#three")],
        "here": here,
    }


def pages(request: HttpRequest) -> dict[str, Any]:
    """One page of few, of many, and of a list that fits."""
    many = Paginator(range(1, 421), 20)
    return {
        "middle": many.get_page(request.GET.get("page", "11")),
        "first": many.get_page(1),
        "only": Paginator(range(3), 20).get_page(1),
        "none": Paginator([], 20).get_page(1),
    }


def tables(request: HttpRequest) -> dict[str, Any]:
    """Rows as they usually are, and as long as they get."""
    return {
        "sailings": [
            Sailing("North pier", "1,062", "82%"),
            Sailing("Long quay", "27 of 38", "71%"),
            Sailing("Old harbour", "0", "[x]"),
        ],
        "long_sailings": [Sailing(LONG, "1,062", "82%"), Sailing(UNBROKEN, "[c]", "[c]")],
        "months": [f"{month:%B} 2026" for month in _months()],
        "key": [("[c]", "too few to show"), ("[x]", "not available"), ("[z]", "does not apply")],
    }


def counts(request: HttpRequest) -> dict[str, Any]:
    """Protected tables: some hidden, of a base, all withheld."""
    hidden, key = Figure("[c]"), (("[c]", "too few to show"),)
    all_of_them = Line("All", Figure("1,062"), None, Figure("100"))
    boats = Counts(
        title="Boats by harbour",
        rows=(
            Line("North pier", Figure("1,041"), None, Figure("98")),
            Line(LONG, hidden, None, hidden),
            Line("Long quay", hidden, None, hidden),
        ),
        total=all_of_them,
        key=key,
        notes=("A hidden number is not a zero.",),
    )
    late = Counts(
        title="Boats that were late, by harbour",
        rows=(Line("North pier", Figure("4", small=True), Figure("27"), Figure("15")),),
        total=Line("All", Figure("4", small=True), Figure("27"), Figure("15")),
        measure="late",
    )
    few = Counts(
        title="Boats lost, by harbour",
        rows=(Line("North pier", hidden, None, hidden), Line("Long quay", hidden, None, hidden)),
        total=Line("All", hidden, None, hidden),
        key=key,
        withheld="Nothing of this table can be shown: there are too few.",
        at_least=95,
        base_words="of boats came home",
    )
    return {"tables": [boats, late, few]}


def _months() -> list[dt.date]:
    return [dt.date(2026, month, 1) for month in range(1, 13)]


def lists(request: HttpRequest) -> dict[str, Any]:
    """Facts and a timeline."""
    return {
        "long": LONG,
        "unbroken": UNBROKEN,
        "stages": [
            Stage("4 March 2026", "Timetable agreed", state="done"),
            Stage("1 April to 9 May 2026", "Boats inspected", "Two of three so far.", "now"),
            Stage("June 2026 (indicative)", "First sailing", LONG),
        ],
    }


def buttons(request: HttpRequest) -> dict[str, Any]:
    """Files to take away."""
    here = request.path
    return {
        "files": [
            ("Sailings by month", here, "CSV, 2 KB", ""),
            ("Sailings by month, with notes", here, "Excel, 14 KB", "With a cover and notes"),
            (LONG, here, "PDF, 310 KB", ""),
        ]
    }


def empty_form(request: HttpRequest) -> dict[str, Any]:
    """Before anything is typed."""
    return {"form": SailingForm()}


def filled_form(request: HttpRequest) -> dict[str, Any]:
    """With what was given before, one value longer than its box."""
    given = {
        "name": LONG[:40],
        "notes": LONG,
        "kind": "river",
        "days": ["mon", "sat"],
        "harbour": "b",
        "passengers": 120,
        "first": dt.date(2026, 3, 27),
        "ready": True,
    }
    return {"form": SailingForm(initial=given)}


class LogForm(SightlineForm):
    """A long text, of which something was typed before."""

    typed_before = PutBack(MultiValueDict({"text": [LONG]}), "4:02pm", "#main")

    text = forms.CharField(
        label="Log of the boat", required=False, widget=forms.Textarea({"rows": 6})
    )


class Box(NamedTuple):
    """A box in which a text is saved as it is typed."""

    form: SightlineForm
    save_url: str = "#main"
    versions_url: str = "#main"
    status: str = "Saved at 4:02pm by A. Skipper."
    clash_url: str = "#main"
    clash_words: str = "B. Mate changed this 2 minutes ago."


def saving(request: HttpRequest) -> dict[str, Any]:
    """A text that somebody else has changed meanwhile, with words put back."""
    return {"box": Box(LogForm())}


def faulty_form(request: HttpRequest) -> dict[str, Any]:
    """Sent with everything wrong: what was typed is still there."""
    sent = {
        "name": UNBROKEN,
        "notes": LONG * 3,
        "kind": "balloon",
        "harbour": "",
        "passengers": "a few",
        "first_day": "31",
        "first_month": "2",
        "first_year": "2026",
    }
    return {"form": SailingForm(sent)}


def filters(request: HttpRequest) -> dict[str, Any]:
    """Filters as they are opened and as they are used."""
    return {"filters": SailingFilters(request.GET or None), "clear": request.path}


def refusals(request: HttpRequest) -> dict[str, Any]:
    """What refusal pages are given."""
    return {
        "faults": [
            Fault("sailings[2].passengers", "-4 is below zero.", "Give a count of 0 or more."),
            Fault("line 14", UNBROKEN, "Shorten it."),
            Fault("harbour", "“Nowhere” is not a harbour we know.", ""),
        ],
        "home": reverse("design:gallery"),
    }


def charts(request: HttpRequest) -> dict[str, Any]:
    """One chart of each kind."""
    return {"charts": chart_examples()}


def document(request: HttpRequest) -> dict[str, Any]:
    """A document with one of every block."""
    shown = document_example()
    return {"titled": shown, "document": to_html(shown)}
