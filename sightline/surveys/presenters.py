"""Surveys as pages show them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import NoReverseMatch, reverse

from sightline.surveys.models import Survey

AUDIENCES: Final = {
    "child": "Children 8 to 15",
    "young-person": "Young people 16 and over",
    "parent-carer": "Parents and carers",
    "staff": "Staff",
    "anyone": "Anyone",
}
"""Who a survey is for, in words."""

STATE_TAGS: Final = {
    "draft": "neutral",
    "open": "good",
    "paused": "attention",
    "closed": "neutral",
    "destroyed": "neutral",
}


@dataclass(frozen=True)
class Row:
    """One survey of a list. `when` says its days in words."""

    survey: Survey
    audience: str
    state: str
    tag: str
    when: str


def day(date: dt.date | None) -> str:
    """A day as it is written; empty for none."""
    return f"{date.day} {date:%B %Y}" if date else ""


def rows(surveys: Iterable[Survey]) -> tuple[Row, ...]:
    """The rows of a list."""
    return tuple(map(row, surveys))


def row(survey: Survey) -> Row:
    """One survey as a list shows it."""
    return Row(
        survey,
        audience=AUDIENCES.get(survey.audience, survey.audience),
        state=Survey.State(survey.state).label,
        tag=STATE_TAGS[survey.state],
        when=_when(survey),
    )


def _when(survey: Survey) -> str:
    last = day(survey.closes_on)
    match survey.state:
        case "draft":
            return f"Planned to close on {last}" if last else "No dates yet"
        case "open":
            return f"Closes on {last}"
        case "paused":
            return f"Paused; was to close on {last}"
        case "closed":
            return f"Closed; answers are deleted on {day(survey.destroy_on)}"
        case _:
            return f"Answers were deleted on {day(survey.destroy_on)}"


_PAGES: Final = (
    ("monitor", "How it is going", frozenset({"open", "paused", "closed", "destroyed"}), "see"),
    ("invitations", "Invitations and reminders", frozenset({"open", "paused"}), "run"),
    ("paper", "Paper copies, and answers on paper", frozenset({"open", "paused"}), "run"),
    ("comments", "What people wrote, to read first",
     frozenset({"open", "paused", "closed"}), "read"),
    ("results", "Results", frozenset({"closed", "destroyed"}), "see"),
    ("own-words", "In their own words", frozenset({"closed"}), "see"),
    ("tell", "Tell people what was said and what changed",
     frozenset({"closed", "destroyed"}), "run"),
    ("contacts", "People who asked to be spoken to",
     frozenset({"open", "paused", "closed"}), "run"),
)  # fmt: skip


def links(survey: Survey, *, may_run: bool, reads: bool) -> list[tuple[str, str]]:
    """The pages of a survey that somebody may open now, with their words."""
    may = {"see": True, "run": may_run, "read": reads}
    found = []
    for name, words, states, needs in _PAGES:
        if survey.state in states and may[needs]:
            try:
                url = reverse(f"surveys:{name}", args=[survey.area, survey.slug])
            except NoReverseMatch:
                continue
            found.append((url, words))
    return found
