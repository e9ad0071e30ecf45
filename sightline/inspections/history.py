"""Reads about the record itself: who wrote it last, and the values that others have replaced."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sightline.access.models import User
from sightline.inspections import models


@dataclass(frozen=True)
class LastChange:
    """When a record was last written, and by whom, as a person reads it."""

    at: dt.datetime
    by: str


def last_change(reference: str) -> LastChange:
    """Who last wrote this inspection's record, and when: two queries."""
    row = models.Inspection.objects.values("changed_at", "changed_by").get(reference=reference)
    by = row["changed_by"]
    return LastChange(at=row["changed_at"], by=names_of_actors([by])[by])


def names_of_actors(audit_names: Iterable[str]) -> dict[str, str]:
    """Who each audit name is, as a person reads it; one query, however many."""
    wanted = set(audit_names)
    keys = {name.partition(":")[2] for name in wanted if name.startswith("person:")}
    people = dict(User.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}
    found = {name: name for name in wanted}
    found |= {f"person:{key}": name for key, name in people.items()}
    for name in wanted:
        kind, _, account = name.partition(":")
        if kind == "command":
            found[name] = f"the command line (account {account})"
    return found


@dataclass(frozen=True)
class Replaced:
    """A value that was in use, or stood beside the one in use, until another took its place.

    `about` is `date`, `count` or `evaluation`, and `subject` which one (`published`, `staff-met`,
    `2.1`). `value` is a written date or a number; `qualifier` goes with a count.
    `sources` are titles.
    """

    about: str
    subject: str
    value: str
    qualifier: str
    printed: str
    sources: tuple[str, ...]
    place: str
    corrected: bool
    at: dt.datetime
    by: str
    reason: str


_ABOUT: tuple[tuple[str, type[models.Statement], str, str, str], ...] = (
    ("date", models.StatedDate, "inspection", "what", "value"),
    ("count", models.StatedCount, "inspection", "channel", "count"),
    (
        "evaluation",
        models.StatedEvaluation,
        "evaluation__inspection",
        "evaluation__judgement",
        "value",
    ),
)


def replaced(reference: str) -> tuple[Replaced, ...]:
    """Every value of an inspection that was replaced, the latest first: at most five queries."""
    rows: list[tuple[str, str, str, Mapping[str, Any]]] = []
    for about, kind, inspection, subject, value in _ABOUT:
        found = kind._default_manager.filter(
            **{f"{inspection}__reference": reference}, superseded_at__isnull=False
        )
        extra = ("qualifier", "printed") if about == "count" else ()
        read = found.values(
            subject, value, *extra, "id", "sources", "place", "superseded_at",
            "superseded_by", "superseded_reason", "corrected_by",
        )  # fmt: skip
        # One each: a corrected statement joins to the new one and to what still stands beside it.
        rows += [(about, subject, value, row) for row in {row["id"]: row for row in read}.values()]
    names = names_of_actors(row["superseded_by"] for _, _, _, row in rows)
    cited = {key for _, _, _, row in rows for key in row["sources"]}
    found_titles = models.Source.objects.filter(key__in=cited).values_list("key", "title")
    titles = dict(found_titles) if cited else {}
    entries = [
        Replaced(
            about=about,
            subject=row[subject],
            value=str(row[value]),
            qualifier=row.get("qualifier", "exactly"),
            printed=row.get("printed", ""),
            sources=tuple(titles.get(key, key) for key in row["sources"]),
            place=row["place"],
            corrected=row["corrected_by"] is not None,
            at=row["superseded_at"],
            by=names[row["superseded_by"]],
            reason=row["superseded_reason"],
        )
        for about, subject, value, row in rows
    ]
    return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True))


def key_in_use(reference: str, about: str, subject: str) -> int | None:
    """Key of the statement in use about one thing, which a correction must name, or None."""
    _, kind, inspection, path, _ = next(item for item in _ABOUT if item[0] == about)
    found = kind._default_manager.filter(
        **{f"{inspection}__reference": reference, path: subject}, in_use=True
    )
    return found.values_list("pk", flat=True).first()


def unresolved(*, programmes: Mapping[str, Any], partnerships: Iterable[str]) -> tuple[str, ...]:
    """Codes the database holds that no longer name anything, each with where it stands.

    Args:
        programmes: the programmes of this installation, by key.
        partnerships: codes of the areas there are.
    """
    known_sources = set(models.Source.objects.values_list("key", flat=True))
    areas = set(partnerships)
    faults = []
    for row in models.Inspection.objects.values("reference", "programme", "partnership"):
        if row["programme"] not in programmes:
            faults.append(f"{row['reference']}: programme {row['programme']}")
        if row["partnership"] not in areas:
            faults.append(f"{row['reference']}: partnership {row['partnership']}")
    for kind in _CITED:
        name = kind._meta.verbose_name
        for key, sources in kind._default_manager.values_list("pk", "sources"):
            faults += [f"{name} {key}: source {s}" for s in sources if s not in known_sources]
    return tuple(faults)


_CITED: tuple[type[Any], ...] = (
    models.StatedDate,
    models.StatedCount,
    models.StatedEvaluation,
    models.Pause,
    models.Point,
    models.KeyMessage,
    models.GoodPractice,
    models.Conclusion,
)
