"""How the tables of a survey are called in the ledger and in references."""

from typing import Final

from sightline.surveys.models import Survey

PROFILE: Final = "survey"
"""The disclosure profile under which everybody sees the results of a survey."""

VINTAGE: Final = "closing"
PEOPLE: Final = {
    "child": "children",
    "young-person": "young people",
    "parent-carer": "parents and carers",
    "staff": "staff",
    "anyone": "people",
}
"""Who was asked, in words, by the audience of the questionnaire."""

SPLIT: Final = "@"
MEASURE: Final = ":"
ROUND: Final = "round"
"""The one period of a series of a survey."""

RESPONDENTS: Final = "respondents"
_LONGEST: Final = 60


def series_code(item: str, measure: str = "", grouping: str = "", *, number: int = 0) -> str:
    """The code of a table: `confident:agree@agency`, by number where that is too long."""
    code = item + (f"{MEASURE}{measure}{SPLIT}{grouping}" if measure else "")
    if len(code) <= _LONGEST:
        return code
    short = f"q{number}"
    return f"{short}{MEASURE}{measure[:20]}{SPLIT}{grouping[:24]}" if measure else short


def source_of(survey: Survey) -> str:
    """Where the figures of a survey come from, as the ledger names it."""
    return f"survey:{survey.pk}"
