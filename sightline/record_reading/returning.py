"""The return: what is sent of each child in scope, and what its columns may hold.

Populations and strata are those of the round's template, localities those held of the area, so the
columns are made for a round. A row is kept as the `facts` of a child, under the names of the
columns: codes, never words; nothing is None but `concern_on`.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db.models import QuerySet

from sightline.record_reading.definitions import (
    TemplateDefinition,
    answer_lists,
    registry,
)
from sightline.record_reading.models import Round, Snapshot
from sightline.uploads.kinds import Column, Row

AGE_BANDS: Final[Mapping[str, str]] = {
    "under-1": "Under 1",
    "1-4": "1 to 4",
    "5-10": "5 to 10",
    "11-15": "11 to 15",
    "16-17": "16 to 17",
    "18-or-over": "18 or over",
}
CARE_TYPES: Final[Mapping[str, str]] = {
    "at-home": "Looked after at home",
    "kinship": "Kinship care",
    "foster": "Foster care",
    "residential": "Residential care",
    "secure": "Secure care",
    "other": "Looked after elsewhere",
    "not-looked-after": "Not looked after",
    "aftercare": "Aftercare or continuing care",
}
REGISTER: Final[Mapping[str, str]] = {
    "yes": "On the register now",
    "recent": "On it within two years",
    "no": "Not on it",
}
DISABILITY: Final[Mapping[str, str]] = {"yes": "Yes", "no": "No", "not-known": "Not known"}
LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "age_band": AGE_BANDS,
    "care_type": CARE_TYPES,
    "register": REGISTER,
    "disability": DISABILITY,
}
"""By column, the words of its codes; those of the others come from the template and its lists."""

AGENCIES: Final = "agencies"
"""The list of answers that agencies are named by."""
NO_FAMILY: Final = frozenset({"", "none", "no", "n/a", "na", "n", "-", "nil", "0"})
"""What stands under “Sibling group” where there is none."""
YEARS_OF_CONCERNS: Final = 6
LONGEST_PLACE: Final = 60
_AGES: Final = {
    "under 1 year": "under-1", "<1": "under-1", "0": "under-1",
    "18+": "18-or-over", "18 and over": "18-or-over", "over 18": "18-or-over",
}  # fmt: skip
_CARE: Final = {
    "home": "at-home", "at home": "at-home", "kinship": "kinship", "foster": "foster",
    "fostered": "foster", "residential": "residential", "secure": "secure", "other": "other",
    "none": "not-looked-after", "no": "not-looked-after", "aftercare": "aftercare",
    "continuing care": "aftercare", "care leaver": "aftercare",
}  # fmt: skip
_REGISTER: Final = {
    "y": "yes", "n": "no", "true": "yes", "false": "no", "recently": "recent",
    "within two years": "recent",
}  # fmt: skip
_DISABILITY: Final = {
    "y": "yes", "n": "no", "true": "yes", "false": "no", "unknown": "not-known",
    "not recorded": "not-known", "n/k": "not-known",
}  # fmt: skip


def template_of(round: Round) -> TemplateDefinition:
    """The template of a round."""
    return registry().get(round.template)


def agencies() -> Mapping[str, str]:
    """Agencies that may hold records, by code."""
    return {one.code: one.label for one in answer_lists().lists[AGENCIES].options}


def populations(round: Round) -> Mapping[str, str]:
    """The parts of the return that have a total of their own, by code."""
    return {one.code: one.label for one in template_of(round).populations}


def strata(round: Round) -> Mapping[str, str]:
    """What the sample is drawn by, by code, in the template's order."""
    return {one.code: one.label for one in template_of(round).strata}


def population_of(round: Round) -> Mapping[str, str]:
    """By stratum, the population it lies in."""
    return {one.code: one.population for one in template_of(round).strata}


def label(round: Round, column: str, code: str) -> str:
    """A code of a column in words; what is no code is its own word."""
    if column == "population":
        return populations(round).get(code, code)
    if column == "stratum":
        return strata(round).get(code, code)
    if column in {"agencies", "lead_agency"}:
        return agencies().get(code, code)
    return LABELS.get(column, {}).get(code, code)


def latest(round: Round) -> Snapshot | None:
    """The children in scope as they were sent last; None where nothing was, or all was undone."""
    return snapshots(round).filter(withdrawn_at__isnull=True).first()


def snapshots(round: Round) -> QuerySet[Snapshot]:
    """Every version of the return, the newest first."""
    return Snapshot.objects.filter(round=round).order_by("-number")


def columns(round: Round, *, localities: Sequence[str] = (), today: dt.date) -> tuple[Column, ...]:
    """The columns of the return of a round, in the order of its template.

    Args:
        round: whose.
        localities: names of the area's localities; with none, a locality is any short text.
        today: the latest day of a concern.
    """
    return (
        Column(
            "reference", "Reference", kind="reference", required=True, longest=60,
            synonyms=("Label", "Child reference", "Pseudonym", "ID"),
            hint="The label you gave this child for the inspection: letters and digits that mean "
            "nothing outside your own system. Never a name, CHI number or case number",
        ),
        *_placing(round),
        _code(
            "age_band", "Age band", AGE_BANDS, _AGES, ("Age", "Age group"),
            "The age on the agreed date, as a band; never a date of birth",
        ),
        _code(
            "care_type", "Care type", CARE_TYPES, _CARE, ("Placement", "Where the child lives"),
            "Where the child lives on the agreed date",
        ),
        _code(
            "register", "Child protection register", REGISTER, _REGISTER,
            ("On the register", "CPR", "On the child protection register"),
            "Whether the child's name is on it",
        ),
        _code(
            "disability", "Disability recorded", DISABILITY, _DISABILITY, ("Disability",),
            "Whether a disability is recorded",
        ),
        _locality(localities),
        _code(
            "lead_agency", "Lead agency", agencies(), {}, ("Lead professional's agency",),
            "The agency of the lead professional",
        ),
        _code(
            "agencies", "Agencies that hold records", agencies(), {},
            ("Agencies", "Agencies holding records", "Records held by"),
            "Every agency that holds a record, divided by semicolons", kind="set",
        ),
        *_more(localities, today),
    )  # fmt: skip


def _more(localities: Sequence[str], today: dt.date) -> tuple[Column, ...]:
    """What need not be given of a child."""
    return (
        Column(
            "concern_on", "Date of the concern", kind="date", most=today,
            least=dt.date(today.year - 30, 1, 1),
            synonyms=("Concern date", "Date of IRD", "IRD date"),
            hint="The day the concern was raised or discussed, such as 2026-03-31. Nothing where "
            "there was none. Never a date of birth",
        ),
        Column(
            "family", "Sibling group", kind="reference", synonyms=("Siblings", "Family group"),
            hint="The same label for brothers and sisters, such as F12. Nothing where there are "
            "none. Never a surname",
        ),
        Column(
            "teams", "Teams that worked with the child", longest=200,
            synonyms=("Teams", "Team"), names_teams=True, own_places=tuple(localities),
            hint="Names of teams, divided by semicolons, so that no reader is given a child of "
            "their own team. Never names of people",
        ),
    )  # fmt: skip


def _placing(round: Round) -> tuple[Column, Column]:
    """Where a child is counted; where a template has one choice alone, it need not be written."""
    parts, layers = populations(round), strata(round)
    return (
        _code(
            "population", "Population", parts, {}, ("Part of the return",),
            "The part of the return this child belongs to", required=len(parts) > 1,
        ),
        _code(
            "stratum", "Stratum", layers, {}, ("Group", "Category", "Care category"),
            "The group the sample is drawn by; it must lie in the population",
            required=len(layers) > 1,
        ),
    )  # fmt: skip


def _code(
    name: str,
    title: str,
    options: Mapping[str, str],
    spellings: Mapping[str, str],
    synonyms: tuple[str, ...],
    hint: str,
    *,
    required: bool = True,
    kind: Any = "code",
) -> Column:
    # The codes and their words are spellings too: a known one is then no name, however it reads.
    known = {**{words: code for code, words in options.items()}, **spellings}
    if kind == "code":
        hint = f"{hint}. One of: {', '.join(options.values())}"
    return Column(
        name, title, kind=kind, required=required, options=dict(options), spellings=known,
        synonyms=synonyms, hint=hint,
    )  # fmt: skip


def _locality(names: Sequence[str]) -> Column:
    hint = "The locality the child lives in, by the name the partnership uses. Never an address"
    if not names:
        return Column("locality", "Locality", longest=LONGEST_PLACE, synonyms=("Area",), hint=hint)
    known = {name: name for name in names}
    return Column(
        "locality", "Locality", kind="code", options=known, spellings=known, synonyms=("Area",),
        own_places=tuple(names), hint=hint,
    )  # fmt: skip


def facts_of(round: Round, row: Row) -> dict[str, Any]:
    """One row of a file as the facts of a child."""
    values: Any = row.values
    on: dt.date | None = values["concern_on"]
    stratum, population = _placed(round, values)
    return {
        "reference": tidied(values["reference"]),
        "population": population,
        "stratum": stratum,
        **{name: values[name] for name in (*LABELS, "lead_agency")},
        "locality": tidied(values["locality"]),
        "agencies": list(values["agencies"]),
        "concern_on": on.isoformat() if on else None,
        "family": family_of(values["family"]),
        "teams": _listed(values["teams"]),
    }


def _placed(round: Round, values: Mapping[str, Any]) -> tuple[str, str]:
    """The stratum and the population, filled in where the template has one alone."""
    stratum = values["stratum"] or next(iter(strata(round)))
    return stratum, values["population"] or population_of(round)[stratum]


def tidied(text: str | None) -> str:
    """A text without spaces that nobody sees; the same however often a cell was retyped."""
    return " ".join((text or "").split())


def family_of(text: str | None) -> str:
    """The label of a sibling group; empty where a word says that there is none."""
    said = tidied(text)
    return "" if said.casefold() in NO_FAMILY else said


def _listed(text: str | None) -> list[str]:
    parts = (tidied(part) for part in (text or "").replace("\n", ";").split(";"))
    return list(dict.fromkeys(part for part in parts if part))


def counted(rows: Iterable[Mapping[str, Any]], column: str) -> dict[str, int]:
    """How many children by what stands in a column; one with several is counted under each."""
    found: dict[str, int] = {}
    for row in rows:
        said = row.get(column) or ""
        for one in said if isinstance(said, list) else [said]:
            found[one] = found.get(one, 0) + 1
    return found
