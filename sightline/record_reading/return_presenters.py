"""The return as its pages show it. Counts are exact: they are given back to who sent them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse

from sightline.partnerships.queries import Partnership, details
from sightline.record_reading import returning
from sightline.record_reading.models import Round, Sample, Snapshot
from sightline.record_reading.return_checks import Line, has_totals, reconciled
from sightline.uploads.kinds import Column
from sightline.uploads.models import State, Upload

COUNTED: Final[Mapping[str, str]] = {
    "population": "Population", "stratum": "Stratum", "agencies": "Agency that holds records",
    "lead_agency": "Lead agency", "age_band": "Age band", "care_type": "Care type",
    "register": "Child protection register", "disability": "Disability recorded",
    "locality": "Locality",
}  # fmt: skip
"""What a version is counted by, in the order of its page."""
NOT_GIVEN: Final = "Not given"


@dataclass(frozen=True)
class Task:
    """One task of a return. `href` empty: it cannot be begun yet."""

    title: str
    href: str
    status: str
    kind: str
    done: bool
    hint: str


@dataclass(frozen=True)
class CountedBy:
    """Children of a version by one column; one with several agencies is in several rows."""

    title: str
    rows: tuple[tuple[str, int], ...]


def about_the_partnership(area: Partnership) -> list[Task]:
    """What an inspection's return tells of the partnership, on the partnership's own page."""
    held, href = details(area), reverse("partnerships:details", args=[area.code])
    every = (
        ("Partnership structure", held.groups, "Key strategic groups"),
        ("Key people", held.posts, "Posts, by designation"),
        ("Strategic plans", held.plans, "Plans and their years"),
    )
    return [
        Task(title, href, "" if rows else "Not started", "neutral", bool(rows),
             f"{what}: {len(rows)} on the page of the partnership")
        for title, rows, what in every
    ]  # fmt: skip


def tasks(round: Round, snapshot: Snapshot | None, upload: Upload | None, send: str) -> list[Task]:
    """Totals, children in scope, check and send: how far each is."""
    args = [round.area, round.slug]
    given = has_totals(round.totals)
    totals = Task(
        "Totals", reverse("record_reading:return-totals", args=args),
        "" if given else "Not started", "neutral", given,
        "How many children there are in each population and stratum",
    )  # fmt: skip
    waits = bool(round.inspection) and not given
    sent = snapshot is not None
    children = Task(
        "Children in scope", "" if waits else send,
        "" if sent else "Cannot start yet" if waits else "Not started",
        "quiet" if waits else "neutral", sent,
        "The totals come first" if waits else
        "A spreadsheet with a label for each child, and nothing that tells who they are",
    )  # fmt: skip
    return [totals, children, _check(snapshot, upload)]


_UNDER_WAY: Final = {
    State.RECEIVED: ("Being checked", "neutral"),
    State.CHECKING: ("Being checked", "neutral"),
    State.CHECKED: ("Checked, not sent", "attention"),
    State.REFUSED: ("Could not be used", "attention"),
    State.QUARANTINED: ("Held identifiers, destroyed", "alarm"),
}


def _check(snapshot: Snapshot | None, upload: Upload | None) -> Task:
    title, hint = "Check and send", "What the check found; nothing is sent before you have seen it"
    if upload is not None and upload.state in _UNDER_WAY:
        words, kind = _UNDER_WAY[State(upload.state)]
        href = reverse("uploads:upload", args=[upload.pk])
        return Task(title, href, words, kind, done=False, hint=hint)
    if snapshot is not None:
        return Task(title, "", "", "neutral", done=True, hint=f"Version {snapshot.number} was sent")
    return Task(title, "", "Cannot start yet", "quiet", done=False, hint=hint)


def lines(round: Round, snapshot: Snapshot | None) -> tuple[Line, ...]:
    """Totals beside what the version in use has; none before totals were given."""
    if snapshot is None or not has_totals(round.totals):
        return ()
    lies_in = returning.population_of(round)
    parts: dict[str, int] = {}
    for layer, number in snapshot.strata.items():
        part = lies_in.get(layer, "")
        parts[part] = parts.get(part, 0) + number
    return reconciled(round, parts, snapshot.strata)


@dataclass(frozen=True)
class Version:
    """A version of the return in a list."""

    number: int
    held: int
    at: Any
    who: str
    state: str
    kind: str
    upload: Any
    samples: tuple[int, ...]


def versions(
    snapshots: Sequence[Snapshot], samples: Sequence[Sample], names: Mapping[str, str]
) -> list[Version]:
    """Every version, the newest first; the newest that was not withdrawn is in use."""
    in_use = next((one.number for one in snapshots if one.withdrawn_at is None), None)
    drawn: dict[Any, list[int]] = {}
    for sample in samples:
        drawn.setdefault(sample.snapshot_id, []).append(sample.number)
    found = []
    for one in snapshots:
        state, kind = ("In use", "good") if one.number == in_use else ("Replaced", "quiet")
        if one.withdrawn_at is not None:
            state, kind = "Withdrawn", "quiet"
        found.append(
            Version(one.number, one.held, one.sent_at, names.get(one.sent_by, one.sent_by), state,
                    kind, one.upload_id, tuple(sorted(drawn.get(one.pk, ()))))
        )  # fmt: skip
    return found


def counts(round: Round, snapshot: Snapshot) -> list[CountedBy]:
    """The children of a version by each column that has groups; the codes in their own order."""
    found = []
    for column, title in COUNTED.items():
        by = returning.counted(snapshot.rows, column)
        order = _order(round, column)
        codes = sorted(by, key=lambda code: (order.get(code, len(order)), code))
        rows = tuple(
            (returning.label(round, column, code) or NOT_GIVEN, by[code]) for code in codes
        )
        found.append(CountedBy(title, rows))
    families = returning.counted(snapshot.rows, "family")
    families.pop("", None)
    several = [number for number in families.values() if number > 1]
    found.append(
        CountedBy("Sibling groups", (("Groups", len(several)), ("Children in them", sum(several))))
    )
    return found


def _order(round: Round, column: str) -> dict[str, int]:
    if column == "population":
        known = returning.populations(round)
    elif column == "stratum":
        known = returning.strata(round)
    elif column in {"agencies", "lead_agency"}:
        known = returning.agencies()
    else:
        known = returning.LABELS.get(column, {})
    return {code: place for place, code in enumerate(known)}


@dataclass(frozen=True)
class ColumnExplained:
    """A column of the return as its page explains it, with its codes in words."""

    title: str
    takes: str
    required: bool
    codes: tuple[tuple[str, str], ...]


def explained(columns: Sequence[Column]) -> list[ColumnExplained]:
    """Every column, what it takes and what its codes mean."""
    return [ColumnExplained(one.title, one.hint, one.required, _codes(one)) for one in columns]


def _codes(column: Column) -> tuple[tuple[str, str], ...]:
    return tuple(column.options.items()) if isinstance(column.options, Mapping) else ()
