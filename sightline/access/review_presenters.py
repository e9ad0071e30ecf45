"""What the pages of access reviews show, and the spreadsheet of one."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from sightline.access import review_queries
from sightline.access import roles as definitions
from sightline.access.models import AccessReview, ReviewLine
from sightline.access.scopes import Wording
from sightline.design.spreadsheets import Cell, to_csv

HEADER = (
    "Person", "Email address", "Employer", "Role", "Where", "Held since", "Last signed in",
    "Second factor", "Decision", "Next review", "Reason",
)  # fmt: skip


@dataclass(frozen=True)
class ReviewRow:
    """One assignment to review, with what there is to notice about it."""

    pk: int
    person_id: int
    name: str
    employer: str
    role: str
    where: str
    starts: dt.date
    ends: dt.date | None
    last_signed_in: dt.datetime | None
    reviewed_on: dt.datetime | None
    reviewed_by: str
    review_due: dt.date | None
    notices: tuple[str, ...]

    @property
    def of(self) -> str:
        """Whose and which, for a label."""
        return f"{self.name}, {self.role}, {self.where}"


@dataclass(frozen=True)
class DecidedRow:
    """One line of a review that is done."""

    name: str
    email: str
    employer: str
    role: str
    where: str
    starts: dt.date
    last_signed_in: dt.datetime | None
    had_factor: bool
    kept: bool
    next_review: dt.date | None
    reason: str


def actor(name: str, people: Mapping[str, str]) -> str:
    """Who an audit name is, in words."""
    if name.startswith("command:"):
        return f"The command line, as {name.removeprefix('command:')}"
    return people.get(name, name)


def rows(found: Iterable[Any]) -> tuple[ReviewRow, ...]:
    """What `review_queries.to_review` gave, as the page shows it. One question for the names."""
    found = list(found)
    people = review_queries.names_of({item.reviewed_by for item in found if item.reviewed_by})
    titles = {item.code: item for item in definitions.roles()}
    where, now = Wording(), timezone.now()
    return tuple(
        ReviewRow(
            pk=item.pk,
            person_id=item.person_id,
            name=item.person.name,
            employer=_employer(item.person),
            role=titles[item.role].title if item.role in titles else item.role,
            where=where.of(item.scope_kind, item.scope_key),
            starts=item.starts,
            ends=item.ends,
            last_signed_in=item.person.last_login,
            reviewed_on=item.reviewed_on,
            reviewed_by=actor(item.reviewed_by, people) if item.reviewed_by else "",
            review_due=item.review_due,
            notices=_notices(item, now),
        )
        for item in found
    )


def _employer(person: Any) -> str:
    return person.organisation.name if person.organisation else ""


def _notices(item: Any, now: dt.datetime) -> tuple[str, ...]:
    last, today = item.person.last_login, timezone.localdate(now)
    asks = item.role in definitions.asking_for_a_second_factor()
    said = (
        ("Never signed in", last is None),
        ("Not signed in for 60 days", last is not None and last < now - review_queries.AWAY),
        ("Ends soon", item.ends is not None and item.ends <= today + review_queries.SOON),
        ("No second factor", asks and not item.has_factor),
        ("Never reviewed", item.reviewed_on is None),
        ("Review due", item.review_due is not None and item.review_due <= today),
    )
    return tuple(words for words, holds in said if holds)


def decided(lines: Iterable[ReviewLine]) -> tuple[DecidedRow, ...]:
    """The lines of a review, with assignment and person fetched."""
    titles = {item.code: item.title for item in definitions.roles()}
    where = Wording()
    return tuple(
        DecidedRow(
            name=line.assignment.person.name,
            email=line.assignment.person.email,
            employer=_employer(line.assignment.person),
            role=titles.get(line.assignment.role, line.assignment.role),
            where=where.of(line.assignment.scope_kind, line.assignment.scope_key),
            starts=line.assignment.starts,
            last_signed_in=line.last_signed_in,
            had_factor=line.had_factor,
            kept=line.decision == ReviewLine.Decision.KEEP,
            next_review=line.next_review,
            reason=line.reason,
        )
        for line in lines
    )


def spreadsheet(found: Sequence[DecidedRow]) -> bytes:
    """The lines of a review as CSV."""
    return to_csv(HEADER, [_cells(row) for row in found])


def _cells(row: DecidedRow) -> tuple[Cell, ...]:
    last = timezone.localdate(row.last_signed_in) if row.last_signed_in else "Never"
    return (
        row.name, row.email, row.employer, row.role, row.where, row.starts, last,
        "yes" if row.had_factor else "no", "Keep" if row.kept else "End",
        row.next_review, row.reason,
    )  # fmt: skip


def in_list(found: Iterable[AccessReview]) -> list[tuple[AccessReview, str]]:
    """Reviews with who reviewed, in words."""
    found = list(found)
    people = review_queries.names_of({item.reviewed_by for item in found})
    return [(item, actor(item.reviewed_by, people)) for item in found]
