"""Inspections for tests: the published ones from their files, and made-up ones from a seed."""

import random
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from sightline.framework.definitions import Library, Programme, library
from sightline.inspections.definitions import InspectionDocument, Source
from sightline.kernel import plain_yaml
from sightline.kernel.definitions import read_definition

FIXTURES = Path(__file__).parents[1] / "definitions" / "fixtures"
AREAS = ("fife", "moray", "angus", "falkirk", "stirling", "highland")
NAMES = {area: area.title() for area in AREAS}
QUALIFIERS = ("exactly", "about", "almost", "over", "at least")


@cache
def published(programme: str = "") -> tuple[InspectionDocument, ...]:
    """The published inspections, of a programme's code or all, straight from their files."""
    folder = settings.SIGHTLINE_DEFINITIONS / "inspections"
    found = (plain_yaml.read(path) for path in sorted(folder.glob("*.yaml")))
    return tuple(
        InspectionDocument.model_validate(data)
        for data in found
        if data["programme"].startswith(programme)
    )


def one(reference: str) -> InspectionDocument:
    """One published inspection."""
    return next(d for d in published() if d.reference == reference)


@cache
def sources() -> dict[str, Source]:
    """The publications behind them, by key."""
    path = settings.SIGHTLINE_DEFINITIONS / "sources" / "published@1.yaml"
    rows = plain_yaml.read(path)["sources"]
    return {row["key"]: Source.model_validate(row) for row in rows}


def names() -> dict[str, str]:
    """A name for every partnership of the published inspections, and of the made-up ones."""
    every = {d.partnership: d.partnership.replace("-", " ").title() for d in published()}
    return {**every, **NAMES}


@cache
def fourth_library() -> Library:
    """The library with a programme that no code knows of."""
    path = FIXTURES / "programmes" / "fourth-programme@1.yaml"
    return library().with_programmes([read_definition(Programme, path)])


def document(reference: str = "fife-2019", **changes: Any) -> InspectionDocument:
    """A full inspection of Fife by P1 with nothing known, but for `changes`."""
    data = {
        "schema": "sightline-inspection",
        "schema_version": 1,
        "reference": reference,
        "programme": "care-and-protection@1",
        "partnership": "fife",
        "kind": "full",
        "status": "published",
        **changes,
    }
    return InspectionDocument.model_validate(data)


def published_on(date: str) -> dict[str, Any]:
    """Dates with only a day of publication."""
    return {"published": {"value": date, "sources": ["a"], "confidence": "high"}}


def evaluated(**values: int | None) -> list[dict[str, Any]]:
    """Evaluations by judgement (`i2_1=4` is 2.1 Good); None lists it as not known."""
    return [
        {"judgement": name[1:].replace("_", ".")}
        | ({"stated": stated(value)} if value is not None else {})
        for name, value in values.items()
    ]


def stated(value: int, source: str = "a", confidence: str = "high") -> dict[str, Any]:
    """An evaluation as a source gives it."""
    return {"value": value, "sources": [source], "confidence": confidence}


def counted(channel: str, count: int, **more: Any) -> dict[str, Any]:
    """A count of evidence."""
    return {"channel": channel, "count": count, "sources": ["a"], "confidence": "high", **more}


def at_random(seed: int) -> list[dict[str, Any]]:
    """Up to nine inspections as plain data, edges among them: unknown, zero, one area twice."""
    draw = random.Random(seed)  # noqa: S311 - made-up data, not a secret
    made = []
    for at in range(draw.randint(0, 9)):
        programme = draw.choice(list(library().programmes))
        area = draw.choice(AREAS)
        made.append(
            {
                "schema": "sightline-inspection",
                "schema_version": 1,
                "reference": f"{area}-{2000 + at}",
                "programme": programme.key,
                "partnership": area,
                "kind": draw.choice(["full", "full", "full", "interim", "progress-review"]),
                "status": "published",
                "dates": published_on(f"{2000 + at}-03-04") if draw.random() < 0.9 else {},
                "evaluations": [
                    _evaluation(draw, judgement.code)
                    for judgement in programme.graded
                    if draw.random() < 0.7
                ],
                "evidence": [
                    _count(draw, channel.code)
                    for channel in programme.channels
                    if draw.random() < 0.4
                ],
            }
        )
    return made


def _evaluation(draw: random.Random, code: str) -> dict[str, Any]:
    if draw.random() < 0.25:
        return {"judgement": code}
    found: dict[str, Any] = {"judgement": code, "stated": stated(draw.randint(1, 6))}
    if draw.random() < 0.3:
        found["also"] = [stated(draw.randint(1, 6), source="b", confidence="low")]
    return found


def _count(draw: random.Random, channel: str) -> dict[str, Any]:
    found = counted(channel, draw.choice([0, 1, 60, 109, 350]))
    found["qualifier"] = draw.choice(QUALIFIERS)
    found["confidence"] = draw.choice(["high", "medium", "low"])
    if draw.random() < 0.3:
        also = {"count": draw.choice([0, 60, 91]), "sources": ["b"], "confidence": "medium"}
        found["also"] = [also]
    return found
