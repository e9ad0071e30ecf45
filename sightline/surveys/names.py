"""How the tables of a survey are called in the ledger and in references."""

from typing import Final

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
